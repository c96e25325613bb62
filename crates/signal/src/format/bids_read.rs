//! Reading a BIDS-EMG data set: each `_emg.edf` or `_emg.bdf` of a folder, with what stands beside it.
//!
//! `_channels.tsv` gives the units (in the order of the signals; a file whose rows are not those signals is an error), `_events.tsv` the events
//! where the signal file holds no annotations itself, `_electrodes.tsv` the places of electrodes, if `_coordsystem.json` says that they are in mm.

use std::fs;
use std::path::{Path, PathBuf};

use super::{FormatError, Found, Place, ReadOptions, read_all, whole_file};
use crate::Annotation;
use crate::recording::Electrode;

/// Deepest folder of a data set that holds signals: `derivatives/x/sub-01/ses-1/emg`.
const DEEPEST: usize = 6;

/// Reads every recording of a data set, in the order of their names.
pub(super) fn read(folder: &Path, options: &ReadOptions) -> Result<Vec<Found>, FormatError> {
    let mut files = Vec::new();
    signals(folder, DEEPEST, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(FormatError::malformed(
            folder,
            Place::Whole,
            "a folder without a file *_emg.edf or *_emg.bdf",
            "give a BIDS-EMG data set, or one of the files in it",
        ));
    }
    let mut found = Vec::new();
    for file in files {
        let mut here = read_all(&file, options)?;
        for one in &mut here {
            beside(&file, one)?;
        }
        found.append(&mut here);
    }
    Ok(found)
}

fn signals(folder: &Path, depth: usize, into: &mut Vec<PathBuf>) -> Result<(), FormatError> {
    for entry in fs::read_dir(folder).map_err(FormatError::io(folder, "read it"))? {
        let path = entry.map_err(FormatError::io(folder, "read it"))?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        if path.is_dir() {
            if depth > 0 && !name.starts_with('.') {
                signals(&path, depth - 1, into)?;
            }
        } else if name.ends_with("_emg.edf") || name.ends_with("_emg.bdf") {
            into.push(path);
        }
    }
    Ok(())
}

/// Adds to a recording what the tables beside it say.
fn beside(signal: &Path, found: &mut Found) -> Result<(), FormatError> {
    let name = signal.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = &name[..name.len() - "_emg.edf".len()];
    let recording = &mut found.recording;

    if let Some(table) = Table::read(&signal.with_file_name(format!("{stem}_channels.tsv")))? {
        let rows = table.rows().count();
        if rows != recording.channels.len() {
            let problem = format!("{rows} channels, {name} has {}", recording.channels.len());
            return Err(table.bad(1, problem, "give each signal of the file one row, in their order"));
        }
        for ((_, row), channel) in table.rows().zip(&mut recording.channels) {
            row.cell("name").clone_into(&mut channel.label);
            let unit = row.cell("units");
            if !unit.is_empty() && unit != "n/a" {
                // BIDS writes microvolts with either micro sign; here as everywhere in Tonus.
                channel.unit = unit.replace(['\u{b5}', '\u{3bc}'], "u").replace("N.m", "N m");
            }
        }
    }
    if recording.annotations.is_empty()
        && let Some(table) = Table::read(&signal.with_file_name(format!("{stem}_events.tsv")))?
    {
        for (line, row) in table.rows() {
            let number = |column: &str| match row.cell(column) {
                "n/a" | "" if column == "duration" => Ok(0.0),
                text => text
                    .parse::<f64>()
                    .ok()
                    .filter(|x| x.is_finite())
                    .ok_or_else(|| table.bad(line, format!("{column} is {text:?}, not a number"), "give seconds")),
            };
            let text = ["trial_type", "value"].iter().map(|c| row.cell(c)).find(|t| !t.is_empty() && *t != "n/a");
            let (onset_s, duration_s) = (number("onset")? - found.start_s, number("duration")?);
            if duration_s < 0.0 {
                return Err(table.bad(line, format!("duration is {duration_s} s"), "give a duration from 0"));
            }
            // Of a file with gaps, each stretch has the events within it.
            if (0.0..=recording.duration_s()).contains(&onset_s) {
                let text = text.unwrap_or("event").to_owned();
                recording.annotations.push(Annotation { onset_s, duration_s, text });
            }
        }
        recording.annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    }
    let subject = stem.split('_').next().unwrap_or(stem);
    let own = signal.with_file_name(format!("{stem}_electrodes.tsv"));
    let shared = signal.with_file_name(format!("{subject}_electrodes.tsv"));
    let places = Table::read(if own.exists() { &own } else { &shared })?;
    if let Some(table) = places.filter(|_| in_millimetres(signal, subject)) {
        for (_, row) in table.rows() {
            let place: Vec<f64> = ["x", "y", "z"].iter().filter_map(|c| row.cell(c).parse().ok()).collect();
            let name = row.cell("name");
            if let ([x_mm, y_mm, z_mm], true) =
                (place[..].to_vec().as_slice(), recording.channels.iter().any(|c| c.label == name))
            {
                let kind = row.cell("type").to_owned();
                recording.electrodes.push(Electrode {
                    name: name.to_owned(),
                    x_mm: *x_mm,
                    y_mm: *y_mm,
                    z_mm: *z_mm,
                    kind,
                });
            }
        }
    }
    Ok(())
}

/// Whether the places of a participant's electrodes are given in mm.
fn in_millimetres(signal: &Path, subject: &str) -> bool {
    let Some(entries) = signal.parent().and_then(|folder| fs::read_dir(folder).ok()) else { return false };
    let systems = entries.flatten().map(|e| e.path()).filter(|path| {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(subject) && name.ends_with("_coordsystem.json")
    });
    let millimetres = |path: PathBuf| {
        let system: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
        Some(system["EMGCoordinateUnits"] == "mm")
    };
    systems.filter_map(millimetres).any(|mm| mm)
}

/// A table of a data set: tabs, a header, `n/a` for what there is not.
struct Table {
    path: PathBuf,
    text: String,
}

/// A row by the names of its columns.
struct Row<'a> {
    header: &'a str,
    line: &'a str,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> &str {
        let place = self.header.split('\t').position(|name| name.trim() == column);
        place.and_then(|k| self.line.split('\t').nth(k)).map(str::trim).unwrap_or_default()
    }
}

impl Table {
    /// The table, if it is there.
    fn read(path: &Path) -> Result<Option<Self>, FormatError> {
        if !path.exists() {
            return Ok(None);
        }
        Ok(Some(Self { path: path.to_owned(), text: whole_file::read_text(path)? }))
    }

    /// Rows with their line in the file.
    fn rows(&self) -> impl Iterator<Item = (u64, Row<'_>)> {
        let header = self.text.lines().next().unwrap_or_default().trim_start_matches('\u{feff}');
        let lines = self.text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty());
        lines.map(move |(k, line)| (k as u64 + 1, Row { header, line }))
    }

    fn bad(&self, line: u64, problem: String, mend: &str) -> FormatError {
        FormatError::malformed(&self.path, Place::Line(line), problem, mend)
    }
}
