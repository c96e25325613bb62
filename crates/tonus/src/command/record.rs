//! `tonus record`: one item's raw signals to files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tonus_body::Anatomy;
use tonus_exam::{Item, Subject};
use tonus_pathology::Patient;
use tonus_signal::Side;
use tonus_signal::format::{Format, write};

use super::{may_note, patient_options};
use crate::cli::{Common, Record, RecordFormat};
use crate::error::Error;
use crate::output::{print_json, print_text};

pub(super) fn run(common: &Common, arguments: &Record) -> Result<(), Error> {
    let item = Item::find(&arguments.item)?;
    let parameters = parameters(&arguments.set)?;
    item.check(&parameters)?;
    let side = match arguments.record_side.as_str() {
        "left" => Side::Left,
        "right" => Side::Right,
        other => return Err(Error::Usage(format!("--record-side {other}: write left or right"))),
    };
    let patient = Patient::read(&arguments.patient, &patient_options(&arguments.who)?)?;
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from("."));
    let (body, not_examined) = patient.body(&Anatomy::builtin()?)?;
    std::fs::create_dir_all(&folder).map_err(|source| Error::Write { path: folder.clone(), source })?;
    let subject = Subject::new(&body, common.seed);
    let study = item.run(&subject, side, &parameters)?;
    let format = format_of(arguments.format);
    let mut files = Vec::new();
    for (index, recording) in study.recordings.iter().enumerate() {
        let stem = format!("{}_{}_{}_{}", safe(&patient.name), item.id.replace('.', "-"), side.name(), index + 1);
        let path = folder.join(format!("{stem}.{}", format.extension()));
        write(recording, &path, format)?;
        files.push(json!({
            "path": path.display().to_string(),
            "title": recording.title,
            "duration_s": recording.duration_s(),
            "channels": recording.channels.iter().map(|c| json!({"label": c.label, "unit": c.unit, "rate_hz": c.rate_hz, "samples": c.samples.len()})).collect::<Vec<Value>>(),
            "annotations": recording.annotations.len(),
        }));
    }
    if common.json {
        let measures: Vec<Value> =
            study.measures.iter().map(|m| json!({"name": m.name, "value": m.value.number(), "unit": m.unit})).collect();
        return print_json(
            &json!({"item": item.id, "side": side.name(), "seed": common.seed, "files": files, "measures": measures}),
        );
    }
    if may_note(common) {
        not_examined.iter().for_each(|n| eprintln!("not shown: {n}"));
    }
    for file in &files {
        if let Some(path) = file["path"].as_str() {
            print_text(path)?;
        }
    }
    Ok(())
}

fn parameters(texts: &[String]) -> Result<BTreeMap<String, f64>, Error> {
    texts
        .iter()
        .map(|text| {
            let wrong = || Error::Usage(format!("--set {text}: write NAME=VALUE with a number, as in rate_hz=5"));
            let (name, value) = text.split_once('=').ok_or_else(wrong)?;
            let value: f64 = value.trim().parse().map_err(|_| wrong())?;
            Ok((name.trim().to_owned(), value))
        })
        .collect()
}

fn format_of(format: RecordFormat) -> Format {
    match format {
        RecordFormat::Edf => Format::EdfPlus,
        RecordFormat::Bdf => Format::BdfPlus,
        RecordFormat::Wfdb => Format::Wfdb,
        RecordFormat::Csv => Format::Csv,
        RecordFormat::Npy => Format::Npy,
    }
}

/// A name that every file system takes.
fn safe(name: &str) -> String {
    let base = Path::new(name).file_stem().and_then(|s| s.to_str()).unwrap_or(name);
    base.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect()
}
