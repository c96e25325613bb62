//! `tonus analyse`: what is in a recording, measured, set beside norms and drawn.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tonus_analysis::{Analysis, Kind, Plot, Request, analyse};
use tonus_body::Person;
use tonus_diagnosis::finding::significant;
use tonus_diagnosis::{Judge, Judged, JudgedStudy, Norms, Verdict};
use tonus_exam::Item;
use tonus_pathology::{parse_age_years, parse_height_m, parse_sex};
use tonus_report::recorded::{Plotted, Recorded, facts, page};
use tonus_signal::format::{Found, ReadOptions, read_all};
use tonus_signal::{Side, Study};

use super::may_note;
use super::table::{right, with_header};
use crate::cli::{Analyse, Common};
use crate::error::Error;
use crate::output::{Bar, check_writable, file_name_part, print_json, print_note, print_text, write_whole};

/// Age, sex and height that norms are read for where nothing is said.
const DEFAULT_AGE_YEARS: f64 = 40.0;
/// Longest part of a recording's name in a report's, characters.
const LONGEST_STEM: usize = 60;

/// A recording, what was found in it, and its verdicts.
struct Read {
    found: Found,
    analysis: Analysis,
    judged: JudgedStudy,
}

pub(super) fn run(common: &Common, arguments: &Analyse) -> Result<(), Error> {
    let request = request(arguments)?;
    let person = person(arguments)?;
    if let Some(id) = &arguments.item {
        Item::find(id)?;
    }
    let out = output(arguments, common.json)?;
    out.iter().try_for_each(|path| check_writable(path))?;
    let options = ReadOptions { rate_hz: arguments.rate, unit: arguments.unit.clone() };
    let mut recordings = Vec::new();
    for path in &arguments.recordings {
        recordings.append(&mut read_all(path, &options)?);
    }
    let norms = Norms::builtin()?;
    let bar = Bar::new(recordings.len(), "analyse", common.quiet);
    let mut read = Vec::new();
    for found in recordings {
        bar.step(&found.recording.title);
        let analysis =
            analyse(&found.recording, &request).map_err(|e| Error::Usage(format!("{}: {e}", found.path.display())))?;
        let study = Study {
            item: item(arguments, analysis.kind, &found),
            side: Side::Right,
            measures: analysis.measures.clone(),
            recordings: Vec::new(),
            wall_ms: 0.0,
        };
        let mut judged = Judge::new(&norms, &person, &[]).study(&study);
        // Only a response that was looked for can be absent; what else has no value could not be measured.
        let sought = matches!(analysis.kind, Kind::Evoked | Kind::Mep);
        let unmeasured = judged.measures.iter_mut().filter(|m| !sought && m.measure.value.number().is_none());
        unmeasured.for_each(|m| m.verdict = None);
        // Norms that lean on the healthy model of the same person are none for someone of whom there is a recording only.
        judged.measures.iter_mut().filter(|m| m.verdict.is_none()).for_each(|m| m.has_norm = false);
        read.push(Read { found, analysis, judged });
    }
    bar.finish();
    if let Some(path) = &out {
        let text = match path.extension().and_then(|e| e.to_str()) {
            Some("json") => format!("{:#}\n", to_json(&read)),
            _ => page(env!("CARGO_PKG_VERSION"), &read.iter().map(recorded).collect::<Vec<_>>())?,
        };
        write_whole(path, text.as_bytes())?;
    }
    if common.json {
        return print_json(&to_json(&read));
    }
    read.iter().try_for_each(|r| print_text(&for_people(r)))?;
    if let (Some(path), true) = (out, may_note(common)) {
        print_note(&format!("report: {}", path.display()));
    }
    Ok(())
}

fn request(arguments: &Analyse) -> Result<Request, Error> {
    let kind = arguments.kind.as_deref().map(|name| {
        let names = Kind::ALL.map(Kind::name).join(", ");
        Kind::from_name(name).ok_or_else(|| Error::Usage(format!("--as {name}: is none of {names}")))
    });
    for (flag, value) in [("--rate", arguments.rate), ("--spacing", arguments.spacing)] {
        if value.is_some_and(|x| !(x.is_finite() && x > 0.0)) {
            return Err(Error::Usage(format!("{flag}: give a number above 0")));
        }
    }
    Ok(Request { kind: kind.transpose()?, spacing_mm: arguments.spacing })
}

/// Who was recorded, as far as it is said.
fn person(arguments: &Analyse) -> Result<Person, Error> {
    let age = arguments.stature.age.as_deref().map(parse_age_years).transpose()?.unwrap_or(DEFAULT_AGE_YEARS);
    let sex = arguments.stature.sex.as_deref().map(parse_sex).transpose()?.unwrap_or(tonus_body::Sex::Female);
    let height = arguments.stature.height.as_deref().map(parse_height_m).transpose()?;
    Person::new(age, sex, height, None).map_err(|e| Error::Usage(format!("--age, --height: {e}")))
}

/// The item whose norms are meant. Tremor of a hand that is held out has norms of its own, if the name says that it was.
fn item(arguments: &Analyse, kind: Kind, found: &Found) -> String {
    let file = found.path.file_name().unwrap_or_default().to_string_lossy();
    let name = format!("{} {file}", found.recording.title).to_lowercase();
    let held_out = ["postur", "outstretched", "held out"].iter().any(|word| name.contains(word));
    match (&arguments.item, kind) {
        (Some(id), _) => id.clone(),
        (None, Kind::Pendulum) => "bedside.tone.knee_pendulum".to_owned(),
        (None, Kind::Tremor) if held_out && name.contains("hand") => "recording.tremor.posture".to_owned(),
        (None, kind) => format!("recording.{}", kind.name()),
    }
}

/// Where the report goes.
fn output(arguments: &Analyse, json: bool) -> Result<Option<PathBuf>, Error> {
    match &arguments.out {
        None if json => Ok(None),
        None => {
            let stem = arguments.recordings.first().and_then(|p| p.file_stem()).unwrap_or_default().to_string_lossy();
            Ok(Some(PathBuf::from(format!("tonus-{}.html", file_name_part(&stem, LONGEST_STEM)))))
        }
        Some(path) => {
            let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            if !["html", "htm", "json"].contains(&ending) {
                return Err(Error::Usage(format!("--out {}: end the name in .html or .json", path.display())));
            }
            let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
            if !folder.is_dir() {
                let (said, folder) = (path.display(), folder.display());
                return Err(Error::Usage(format!("--out {said}: there is no folder {folder}; make it first")));
            }
            Ok(Some(path.clone()))
        }
    }
}

fn recorded(r: &Read) -> Recorded {
    let axis =
        |(quantity, unit): (&str, &str)| if unit == "1" { quantity.to_owned() } else { format!("{quantity}, {unit}") };
    let plotted = |p: &Plot| Plotted {
        title: p.title.to_owned(),
        axes: (axis(p.along), axis(p.upward)),
        points: p.points.clone(),
        joined: p.joined,
    };
    Recorded {
        path: r.found.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        kind: r.analysis.kind.name().to_owned(),
        recording: r.found.recording.clone(),
        judged: r.judged.clone(),
        events: r.analysis.events.clone(),
        reading: r.analysis.reading.as_ref().map(|reading| (reading.class.to_owned(), reading.because.clone())),
        plots: r.analysis.plots.iter().map(plotted).collect(),
        notes: r.analysis.notes.clone(),
    }
}

fn to_json(read: &[Read]) -> Value {
    let recordings: Vec<Value> = read.iter().map(one_json).collect();
    json!({"tonus": env!("CARGO_PKG_VERSION"), "recordings": recordings})
}

fn one_json(r: &Read) -> Value {
    let channel = |c: &tonus_signal::Channel| json!({"label": c.label, "unit": c.unit, "rate_hz": c.rate_hz, "samples": c.samples.len()});
    let series = |s: &tonus_signal::Series| json!({"label": s.label, "unit": s.unit, "values": s.values.len()});
    let plot = |p: &Plot| {
        json!({
            "title": p.title,
            "along": {"quantity": p.along.0, "unit": p.along.1},
            "upward": {"quantity": p.upward.0, "unit": p.upward.1},
            "points": p.points,
        })
    };
    let recording = &r.found.recording;
    json!({
        "path": r.found.path.display().to_string(),
        "title": recording.title,
        "kind": r.analysis.kind.name(),
        "duration_s": recording.duration_s(),
        "channels": recording.channels.iter().map(channel).collect::<Vec<_>>(),
        "series": recording.series.iter().map(series).collect::<Vec<_>>(),
        "annotations": recording.annotations.len(),
        "measures": r.judged.measures.iter().map(measure).collect::<Vec<_>>(),
        "reading": r.analysis.reading.as_ref().map(|reading| json!({"class": reading.class, "because": reading.because})),
        "events": r.analysis.events,
        "plots": r.analysis.plots.iter().map(plot).collect::<Vec<_>>(),
        "notes": r.analysis.notes,
    })
}

/// A measure as the examination gives it; without a norm it has no verdict.
fn measure(judged: &Judged) -> Value {
    let mut value = tonus_report::json::measure(judged);
    if judged.verdict.is_none() {
        value["verdict"] = Value::Null;
    }
    value
}

/// The recording as a table to read.
fn for_people(r: &Read) -> String {
    let recording = &r.found.recording;
    let mut text = format!(
        "{}: {}\nread as {}: {}\n",
        r.found.path.display(),
        recording.title,
        r.analysis.kind.name(),
        facts(recording)
    );
    if let Some(reading) = &r.analysis.reading {
        text.push_str(&format!("speaks for: {}\n", reading.class));
        reading.because.iter().for_each(|b| text.push_str(&format!("  because {b}\n")));
    }
    let mut table = with_header(&["measure", "value", "unit", "norm", "verdict"]);
    for judged in &r.judged.measures {
        let limits = (judged.low.map(significant), judged.high.map(significant));
        let norm = match limits {
            (None, None) => String::new(),
            (low, high) => format!("{}..{}", low.unwrap_or_default(), high.unwrap_or_default()),
        };
        table.add_row([
            judged.measure.name.as_str().into(),
            right(judged.measure.value.number().map_or_else(|| "-".to_owned(), significant)),
            judged.measure.unit.as_str().into(),
            right(norm),
            judged.verdict.map_or("", Verdict::name).into(),
        ]);
    }
    text.push_str(&format!("{table}\n"));
    r.analysis.notes.iter().for_each(|n| text.push_str(&format!("note: {n}\n")));
    text
}
