//! `tonus record`: one item's raw signals to files, all of them or none.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tonus_body::{Anatomy, Sex};
use tonus_exam::{Item, Subject};
use tonus_pathology::Patient;
use tonus_signal::format::bids::{Participant, Task, label, write_bids};
use tonus_signal::format::{Format, FormatError, write};
use tonus_signal::{Recording, Side};

use super::{may_note, read_patients};
use crate::cli::{Common, Record, RecordFormat};
use crate::error::Error;
use crate::output::{file_name_part, print_json, print_note, print_text};

/// Longest part of a patient's name in a file name, characters.
const LONGEST_NAME: usize = 60;
/// Longest name of a file without its number and ending, bytes: file systems take 255.
const LONGEST_STEM: usize = 200;

pub(super) fn run(common: &Common, arguments: &Record) -> Result<(), Error> {
    let item = Item::find(&arguments.item)?;
    let parameters = parameters(&arguments.set)?;
    item.check(&parameters)?;
    let side = match arguments.record_side.as_str() {
        "left" => Side::Left,
        "right" => Side::Right,
        other => return Err(Error::Usage(format!("--record-side {other}: write left or right"))),
    };
    let patients = read_patients(std::slice::from_ref(&arguments.patient), &arguments.who)?;
    let Some(patient) = patients.first() else { return Ok(()) };
    let (body, not_examined) = patient.body(&Anatomy::builtin()?)?;
    if arguments.format == RecordFormat::Bids {
        check_data_set(arguments.out.as_deref())?;
    }
    let output = Output::begin(arguments.out.as_deref().unwrap_or(Path::new(".")))?;
    let study = item.run(&Subject::new(&body, common.seed), side, &parameters)?;
    let paths = match format_of(arguments.format) {
        Some(format) => {
            let stem = stem(patient, arguments, &item, side, &parameters, common.seed);
            output.write(&study.recordings, &stem, format)?
        }
        None => {
            let participant = participant(patient, arguments, common.seed)?;
            output.write_bids(&participant, &item, side, &parameters, &study.recordings)?
        }
    };
    if common.json {
        let files: Vec<Value> = paths.iter().zip(&study.recordings).map(|(path, r)| file_json(path, r)).collect();
        let measures: Vec<Value> =
            study.measures.iter().map(|m| json!({"name": m.name, "value": m.value.number(), "unit": m.unit})).collect();
        return print_json(
            &json!({"item": item.id, "side": side.name(), "seed": common.seed, "files": files, "measures": measures}),
        );
    }
    if may_note(common) {
        not_examined.iter().for_each(|n| print_note(&format!("not shown: {n}")));
    }
    paths.iter().try_for_each(|path| print_text(&path.display().to_string()))
}

fn file_json(path: &Path, recording: &Recording) -> Value {
    let channel = |c: &tonus_signal::Channel| json!({"label": c.label, "unit": c.unit, "rate_hz": c.rate_hz, "samples": c.samples.len()});
    json!({
        "path": path.display().to_string(),
        "title": recording.title,
        "duration_s": recording.duration_s(),
        "channels": recording.channels.iter().map(channel).collect::<Vec<Value>>(),
        "annotations": recording.annotations.len(),
    })
}

/// A data set goes into a folder of its own: one that is not there, that is empty, or that holds a data set of Tonus.
fn check_data_set(folder: Option<&Path>) -> Result<(), Error> {
    let Some(folder) = folder else {
        return Err(Error::Usage("--format bids: needs --out FOLDER, a folder of its own".to_owned()));
    };
    let entries = || fs::read_dir(folder).map(|mut entries| entries.next().is_some());
    let ours = fs::read_to_string(folder.join("dataset_description.json"))
        .ok()
        .and_then(|text| serde_json::from_str::<Value>(&text).ok())
        .is_some_and(|set| set["GeneratedBy"][0]["Name"] == "Tonus");
    if folder.is_dir() && !ours && entries().unwrap_or(true) {
        return Err(Error::Usage(format!(
            "--out {}: holds something else than a data set of Tonus; give a new folder or an empty one",
            folder.display()
        )));
    }
    Ok(())
}

/// Endings of files that recordings are written to.
const FILE_ENDINGS: [&str; 6] = ["edf", "bdf", "hea", "dat", "csv", "npy"];

/// A folder that files are written to one by one and then placed together; what was not placed is removed.
struct Output {
    folder: PathBuf,
    /// Whether it was made for them.
    made: bool,
    aside: PathBuf,
}

impl Output {
    /// Finds out before the work whether files can be written there after it.
    fn begin(folder: &Path) -> Result<Self, Error> {
        let said = folder.display();
        let made = !folder.exists();
        if made {
            let ending = folder.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
            if FILE_ENDINGS.contains(&ending.as_str()) {
                return Err(Error::Usage(format!(
                    "--out {said}: is to be a folder, and the files in it get their names from what is recorded; \
                     give a folder's name, and the format as --format"
                )));
            }
            let parent = folder.parent().filter(|p| !p.as_os_str().is_empty());
            if let Some(parent) = parent.filter(|p| !p.is_dir()) {
                return Err(Error::Usage(format!(
                    "--out {said}: there is no folder {}; make it first",
                    parent.display()
                )));
            }
        }
        let refused = |source| Error::Write { path: folder.to_owned(), source };
        if made {
            fs::create_dir(folder).map_err(refused)?;
        }
        let output =
            Self { folder: folder.to_owned(), made, aside: folder.join(format!(".tonus-{}.part", std::process::id())) };
        fs::create_dir(&output.aside).map_err(refused)?;
        Ok(output)
    }

    /// Writes every recording, then gives all of them their names.
    fn write(self, recordings: &[Recording], stem: &str, format: Format) -> Result<Vec<PathBuf>, Error> {
        let name = |index: usize| format!("{stem}_{}.{}", index + 1, format.extension());
        for (index, recording) in recordings.iter().enumerate() {
            write(recording, &self.aside.join(name(index)), format)
                .map_err(|e| at(e, &self.folder.join(name(index))))?;
        }
        // WFDB makes two files of one recording: whatever lies there is placed.
        let unread = |source| Error::Write { path: self.aside.clone(), source };
        let written = fs::read_dir(&self.aside).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(unread)?;
        let places: Vec<(PathBuf, PathBuf)> =
            written.iter().map(|entry| (entry.path(), self.folder.join(entry.file_name()))).collect();
        if let Some((_, path)) = places.iter().find(|(_, path)| path.is_dir()) {
            return Err(Error::Write { path: path.clone(), source: std::io::ErrorKind::IsADirectory.into() });
        }
        for (from, path) in places {
            fs::rename(from, &path).map_err(|source| Error::Write { path, source })?;
        }
        Ok((0..recordings.len()).map(|index| self.folder.join(name(index))).collect())
    }

    /// Writes a data set aside, then moves its files in; those of other participants stay.
    fn write_bids(
        self,
        participant: &Participant,
        item: &Item,
        side: Side,
        parameters: &BTreeMap<String, f64>,
        recordings: &[Recording],
    ) -> Result<Vec<PathBuf>, Error> {
        let refused = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::Write { path, source }
        };
        // Rows of those who are there already.
        let rows = self.folder.join("participants.tsv");
        if rows.exists() {
            fs::copy(&rows, self.aside.join("participants.tsv")).map_err(refused(&rows))?;
        }
        // And the electrodes of this participant's other tasks.
        let label = label(&participant.name);
        let inner = Path::new(&format!("sub-{label}")).join("emg").join(format!("sub-{label}_electrodes.tsv"));
        let electrodes = self.folder.join(&inner);
        if electrodes.exists() {
            let aside = self.aside.join(&inner);
            if let Some(folder) = aside.parent() {
                fs::create_dir_all(folder).map_err(refused(folder))?;
            }
            fs::copy(&electrodes, aside).map_err(refused(&electrodes))?;
        }
        let mut acquisition = side.name().to_owned();
        acquisition.extend(parameters.iter().map(|(name, value)| format!(" {name} {value}")));
        let task = Task {
            name: item.id,
            title: item.title,
            protocol: item.protocol,
            acquisition: &acquisition,
            software: env!("CARGO_PKG_VERSION"),
        };
        let written = write_bids(&self.aside, participant, &task, recordings).map_err(|e| {
            match at_place(&e, &self.aside, &self.folder) {
                Some(path) => at(e, &path),
                None => e,
            }
        })?;
        let mut folders = vec![self.aside.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).map_err(refused(&folder))? {
                let from = entry.map_err(refused(&folder))?.path();
                let place = self.folder.join(from.strip_prefix(&self.aside).unwrap_or(&from));
                if from.is_dir() {
                    fs::create_dir_all(&place).map_err(refused(&place))?;
                    folders.push(from);
                } else {
                    fs::rename(&from, &place).map_err(refused(&place))?;
                }
            }
        }
        Ok(written.iter().map(|path| self.folder.join(path.strip_prefix(&self.aside).unwrap_or(path))).collect())
    }
}

/// Where the file that an error is about was to be.
fn at_place(error: &FormatError, aside: &Path, folder: &Path) -> Option<PathBuf> {
    let (FormatError::Unwritable { path, .. } | FormatError::Io { path, .. } | FormatError::Malformed { path, .. }) =
        error
    else {
        return None;
    };
    path.strip_prefix(aside).ok().map(|inner| folder.join(inner))
}

/// The error, about the file that was to be rather than the one that was written aside.
fn at(mut error: FormatError, wanted: &Path) -> FormatError {
    if let FormatError::Unwritable { path, .. } | FormatError::Io { path, .. } | FormatError::Malformed { path, .. } =
        &mut error
    {
        wanted.clone_into(path);
    }
    error
}

impl Drop for Output {
    fn drop(&mut self) {
        // Empty after `write`; a leftover that cannot be removed adds nothing to the error that left it.
        let _ = fs::remove_dir_all(&self.aside);
        if self.made {
            // Takes away an empty folder only.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// The patient's name and the flags that made them what they are.
fn who(patient: &Patient, arguments: &Record) -> Vec<String> {
    let who = &arguments.who;
    let severity = who.severity.map(|s| s.to_string());
    let flags = [
        ("at", &who.at),
        ("severity", &severity),
        ("side", &who.side),
        ("age", &who.stature.age),
        ("sex", &who.stature.sex),
        ("height", &who.stature.height),
    ];
    let mut parts = vec![patient.name.chars().take(LONGEST_NAME).collect::<String>()];
    parts.extend(flags.iter().filter_map(|(name, value)| value.as_ref().map(|v| format!("{name}-{v}"))));
    parts
}

/// The patient as a data set has them: a seed is another person.
fn participant(patient: &Patient, arguments: &Record, seed: u64) -> Result<Participant, Error> {
    let person = patient.person()?;
    let mut parts = who(patient, arguments);
    parts.push(format!("seed{seed}"));
    Ok(Participant {
        name: parts.join(" "),
        age_years: person.age_years,
        sex: match person.sex {
            Sex::Female => "female",
            Sex::Male => "male",
        }
        .to_owned(),
        group: patient.condition.map_or_else(|| patient.name.clone(), |c| c.name.clone()),
        seed,
    })
}

/// A file's name without its number: who, when, what and how, so that two commands share one only if they record the same.
fn stem(
    patient: &Patient,
    arguments: &Record,
    item: &Item,
    side: Side,
    parameters: &BTreeMap<String, f64>,
    seed: u64,
) -> String {
    let mut parts = who(patient, arguments);
    parts.extend([item.id.to_owned(), side.name().to_owned()]);
    parts.extend(parameters.iter().map(|(name, value)| format!("{name}-{value}")));
    parts.push(format!("seed-{seed}"));
    // Dots end a name for some programs (and are no part of a WFDB record's).
    let whole = file_name_part(&parts.join("_"), usize::MAX).replace('.', "-");
    if whole.len() <= LONGEST_STEM {
        return whole;
    }
    // What is cut off still tells two names apart.
    let digest = whole.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    format!("{}-{digest:016x}", &whole[..LONGEST_STEM - 17])
}

fn parameters(texts: &[String]) -> Result<BTreeMap<String, f64>, Error> {
    let mut parameters = BTreeMap::new();
    for text in texts {
        let wrong = || Error::Usage(format!("--set {text}: write NAME=VALUE with a number, as in rate_hz=5"));
        let (name, value) = text.split_once('=').ok_or_else(wrong)?;
        let value: f64 = value.trim().parse().map_err(|_| wrong())?;
        if parameters.insert(name.trim().to_owned(), value).is_some() {
            return Err(Error::Usage(format!("--set {text}: `{}` is set twice; keep one", name.trim())));
        }
    }
    Ok(parameters)
}

/// The format of each file; `None` for a data set.
fn format_of(format: RecordFormat) -> Option<Format> {
    match format {
        RecordFormat::Edf => Some(Format::EdfPlus),
        RecordFormat::Bdf => Some(Format::BdfPlus),
        RecordFormat::Wfdb => Some(Format::Wfdb),
        RecordFormat::Csv => Some(Format::Csv),
        RecordFormat::Npy => Some(Format::Npy),
        RecordFormat::Openhdemg => Some(Format::OpenHdEmg),
        RecordFormat::Bids => None,
    }
}
