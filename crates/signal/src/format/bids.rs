//! A BIDS-EMG data set (Brain Imaging Data Structure 1.11, electromyography), write only.
//!
//! ```text
//! ROOT/dataset_description.json, README.md, participants.tsv, participants.json
//! ROOT/sub-ID/emg/sub-ID_electrodes.tsv, sub-ID_space-NAME_coordsystem.json
//! ROOT/sub-ID/emg/sub-ID_task-TASK_acq-NAME_run-1_emg.edf, _emg.json, _channels.tsv, _events.tsv, _events.json
//! ```
//! Signals are EDF+. A participant is added to a data set that is there; one of the same name is replaced.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::whole_file::WholeFile;
use super::{Format, FormatError, Place, write};
use crate::recording::Electrode;
use crate::{Channel, Recording};

/// Version of the standard that is written.
const VERSION: &str = "1.11.0";

/// Who was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Participant {
    /// Name; letters and digits of it make the label.
    pub name: String,
    /// Age, years.
    pub age_years: f64,
    /// `male` or `female`.
    pub sex: String,
    /// What they have, in a word (`als`), or `healthy`.
    pub group: String,
    /// Seed of the simulation.
    pub seed: u64,
}

/// What was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Task<'a> {
    /// Id; letters and digits of it make the label.
    pub name: &'a str,
    /// One line.
    pub title: &'a str,
    /// What was done.
    pub protocol: &'a str,
    /// What tells this run of the item from others: the side of the body, parameters; letters and digits of it make the label.
    pub acquisition: &'a str,
    /// Version of the program that made it.
    pub software: &'a str,
}

/// Writes the recordings of one participant's task into the data set at `root`, and gives the paths of the signals.
///
/// Files of the participant and task are replaced; `participants.tsv` keeps the others' rows.
///
/// # Errors
/// [`FormatError`], with the file, if a recording cannot be held by EDF+, the disk fails, or what lies at `root` is another data set.
pub fn write_bids(
    root: &Path,
    participant: &Participant,
    task: &Task<'_>,
    recordings: &[Recording],
) -> Result<Vec<PathBuf>, FormatError> {
    let label = label(&participant.name);
    let participants = participants(&root.join("participants.tsv"), &label, participant)?;
    let folder = root.join(format!("sub-{label}")).join("emg");
    fs::create_dir_all(&folder).map_err(FormatError::io(&folder, "make the folder"))?;
    let mut signals = Vec::with_capacity(recordings.len());
    for (k, recording) in recordings.iter().enumerate() {
        let stem =
            format!("sub-{label}_task-{}_acq-{}_run-{}", self::label(task.name), self::label(task.acquisition), k + 1);
        let file = |suffix: &str| folder.join(format!("{stem}_{suffix}"));
        let signal = file("emg.edf");
        write(recording, &signal, Format::EdfPlus)?;
        whole(&file("emg.json"), &text(&sidecar(recording, task)))?;
        whole(&file("channels.tsv"), &channels(recording))?;
        whole(&file("events.tsv"), &events(recording))?;
        whole(&file("events.json"), &text(&events_description()))?;
        signals.push(signal);
    }
    let file = format!("sub-{label}_electrodes.tsv");
    let there = root.join(format!("sub-{label}")).join("emg").join(&file);
    let before = if there.exists() { super::whole_file::read_text(&there)? } else { String::new() };
    whole(&folder.join(&file), &electrodes(&before, recordings))?;
    whole(&folder.join(format!("sub-{label}_space-{SPACE}_coordsystem.json")), &text(&coordinate_system()))?;
    whole(&root.join("participants.tsv"), &participants)?;
    whole(&root.join("participants.json"), &text(&participants_description()))?;
    whole(&root.join("README.md"), README)?;
    whole(&root.join("dataset_description.json"), &text(&description(task.software)))?;
    Ok(signals)
}

const README: &str = "# Simulated electromyography\n\nMade by Tonus, an executable human motor system: no person was recorded. Each \
participant is a simulated body with the lesions of a condition (column `group` of participants.tsv), each task an examination item; \
annotations and `_events.tsv` hold stimuli and, where the item knows them, the true discharges.\n";

/// Columns of participants.tsv.
const PARTICIPANT_COLUMNS: &str = "participant_id\tage\tsex\tgroup\tseed";

fn participants(path: &Path, label: &str, participant: &Participant) -> Result<String, FormatError> {
    let mut rows: Vec<String> = Vec::new();
    if path.exists() {
        let there = super::whole_file::read_text(path)?;
        let mut lines = there.lines();
        if lines.next() != Some(PARTICIPANT_COLUMNS) {
            return Err(FormatError::malformed(
                path,
                Place::Line(1),
                "not the columns that Tonus writes",
                "give the folder of a data set of Tonus, or a new one",
            ));
        }
        let own = format!("sub-{label}\t");
        rows.extend(lines.filter(|line| !line.is_empty() && !line.starts_with(&own)).map(str::to_owned));
    }
    let Participant { age_years, sex, group, seed, .. } = participant;
    rows.push(format!("sub-{label}\t{age_years:.1}\t{}\t{}\t{seed}", cell(sex), cell(group)));
    rows.sort();
    Ok(format!("{PARTICIPANT_COLUMNS}\n{}\n", rows.join("\n")))
}

fn participants_description() -> Value {
    json!({
        "age": {"Description": "age of the simulated person", "Units": "year"},
        "sex": {"Description": "sex of the simulated person", "Levels": {"female": "female", "male": "male"}},
        "group": {"Description": "condition whose lesions the simulated person has"},
        "seed": {"Description": "seed of the simulation: the same seed gives the same bits"},
    })
}

fn description(software: &str) -> Value {
    json!({
        "Name": "Simulated electromyography",
        "BIDSVersion": VERSION,
        "DatasetType": "raw",
        "Authors": ["Tonus (simulation)"],
        "GeneratedBy": [{"Name": "Tonus", "Version": software}],
    })
}

fn sidecar(recording: &Recording, task: &Task<'_>) -> Value {
    let rate_hz = recording.channels.iter().map(|c| c.rate_hz).fold(0.0, f64::max);
    let monopolar = !recording.electrodes.is_empty();
    json!({
        "TaskName": task.name,
        "TaskDescription": task.title,
        "Instructions": task.protocol,
        "Manufacturer": "Tonus",
        "ManufacturersModelName": "simulation",
        "SoftwareVersions": task.software,
        "EMGPlacementScheme": if monopolar { "Measured" } else { "Other" },
        "EMGPlacementSchemeDescription": "as the task's instructions say",
        "EMGReference": if monopolar { "remote" } else { "Bipolar" },
        "SamplingFrequency": rate_hz,
        "PowerLineFrequency": "n/a",
        "RecordingType": "continuous",
        "RecordingDuration": recording.duration_s(),
        "SoftwareFilters": "n/a",
        "HardwareFilters": "n/a",
        "EMGChannelCount": recording.channels.iter().filter(|c| kind(c) == "EMG").count(),
    })
}

fn channels(recording: &Recording) -> String {
    let mut out = String::from(
        "name\ttype\tunits\tdescription\tsampling_frequency\tsignal_electrode\treference\tplacement_scheme\n",
    );
    let monopolar = !recording.electrodes.is_empty();
    for channel in &recording.channels {
        let emg = kind(channel) == "EMG";
        out += &format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            cell(&channel.label),
            kind(channel),
            unit(&channel.unit),
            cell(&recording.title),
            channel.rate_hz,
            if emg { cell(&channel.label) } else { "n/a".to_owned() },
            match (emg, monopolar) {
                (true, true) => "remote",
                (true, false) => "bipolar",
                (false, _) => "n/a",
            },
            match (emg, monopolar) {
                (true, true) => "measured",
                (true, false) => "other",
                (false, _) => "n/a",
            },
        );
    }
    out
}

/// Type of a channel by its unit.
fn kind(channel: &Channel) -> &'static str {
    match channel.unit.as_str() {
        "V" | "mV" | "uV" | "µV" => "EMG",
        "deg" | "rad" => "JNTANG",
        "m/s2" => "ACCEL",
        "m" | "mm" => "POS",
        _ => "MISC",
    }
}

/// The unit as the standard writes it.
fn unit(unit: &str) -> String {
    match unit {
        "" | "1" => "n/a".to_owned(),
        "m/s2" => "m/s^2".to_owned(),
        "N m" => "Nm".to_owned(),
        other => cell(other),
    }
}

fn events(recording: &Recording) -> String {
    let mut out = String::from("onset\tduration\ttrial_type\n");
    let mut annotations: Vec<_> = recording.annotations.iter().collect();
    annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    for a in annotations {
        out += &format!("{}\t{}\t{}\n", a.onset_s, a.duration_s, cell(&a.text));
    }
    out
}

fn events_description() -> Value {
    json!({"trial_type": {"Description": "what happened: a stimulus, a discharge of a motor unit (the truth of the simulation), a mark"}})
}

/// Name of the coordinate system.
const SPACE: &str = "muscle";

/// Every electrode once, of the tasks before and of these recordings; those without a place have none stated.
fn electrodes(before: &str, recordings: &[Recording]) -> String {
    let mut out = String::from("name\tx\ty\tz\tcoordinate_system\ttype\n");
    let mut seen: Vec<&str> = Vec::new();
    for row in before.lines().skip(1) {
        seen.push(row.split('\t').next().unwrap_or_default());
        out += row;
        out.push('\n');
    }
    for recording in recordings {
        for Electrode { name, x_mm, y_mm, z_mm, kind } in &recording.electrodes {
            if !seen.contains(&name.as_str()) {
                seen.push(name);
                out += &format!("{}\t{x_mm}\t{y_mm}\t{z_mm}\t{SPACE}\t{}\n", cell(name), cell(kind));
            }
        }
        for channel in recording.channels.iter().filter(|c| kind(c) == "EMG") {
            if recording.electrodes.is_empty() && !seen.contains(&channel.label.as_str()) {
                seen.push(&channel.label);
                out += &format!("{}\tn/a\tn/a\tn/a\t{SPACE}\tn/a\n", cell(&channel.label));
            }
        }
    }
    out
}

fn coordinate_system() -> Value {
    json!({
        "EMGCoordinateSystem": "Other",
        "EMGCoordinateUnits": "mm",
        "EMGCoordinateSystemDescription": "origin on the skin over the middle of the innervation zone; x along the fibres towards the distal tendon, \
            y across them, z out of the skin; n/a for pairs and needles placed as the task's instructions say",
    })
}

/// Letters and digits of a name, decimal points as `p`; a label must not be empty.
pub fn label(name: &str) -> String {
    let digit = |i: usize| name.as_bytes().get(i).is_some_and(u8::is_ascii_digit);
    let kept: String = name
        .char_indices()
        .filter_map(|(i, c)| match c {
            // A decimal point tells 1.25 from 12.5.
            '.' if i > 0 && digit(i - 1) && digit(i + 1) => Some('p'),
            _ => c.is_ascii_alphanumeric().then_some(c),
        })
        .collect();
    if kept.is_empty() { "x".to_owned() } else { kept }
}

/// Text of a table's cell: no tab or line end, not empty.
fn cell(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if plain.trim().is_empty() { "n/a".to_owned() } else { plain }
}

fn text(value: &Value) -> String {
    let object: Map<String, Value> = value.as_object().cloned().unwrap_or_default();
    format!("{:#}\n", Value::Object(object))
}

fn whole(path: &Path, text: &str) -> Result<(), FormatError> {
    let mut file = WholeFile::create(path)?;
    file.write(text.as_bytes())?;
    file.place()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_letters_and_digits_and_tell_numbers_apart() {
        assert_eq!(label("lab.motor_conduction.ulnar"), "labmotorconductionulnar");
        assert_eq!(label("right effort 0.25"), "righteffort0p25");
        assert_ne!(label("1.25"), label("12.5"));
        assert_eq!((label("ü .").as_str(), label("").as_str()), ("x", "x"));
    }
}
