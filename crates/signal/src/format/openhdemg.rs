//! The table that openhdemg's `emg_from_customcsv` reads as it is: raw signals and the times of discharge of every unit.
//!
//! ```csv
//! RAW_SIGNAL (1),RAW_SIGNAL (2),MUPULSES (1),ACCURACY (1)
//! 0.0012,-0.003,17,1
//! 0.0011,-0.002,311,
//! ```
//! Signals are the electrical channels, in the order and unit of the recording; discharges are the annotations `unit N`, in samples; the
//! accuracy is 1, since they are the truth and not a decomposition. openhdemg takes 2048 Hz and 8 mm between electrodes unless it is told
//! others.

use std::collections::BTreeMap;
use std::path::Path;

use super::FormatError;
use super::whole_file::WholeFile;
use crate::{Channel, Recording};

/// Writes a recording; see the module.
pub(super) fn write(recording: &Recording, path: &Path) -> Result<(), FormatError> {
    let electrical = |c: &&Channel| matches!(c.unit.as_str(), "V" | "mV" | "uV" | "µV");
    let channels: Vec<&Channel> = recording.channels.iter().filter(electrical).collect();
    let no = |problem: &str, mend: &str| Err(FormatError::unwritable(path, "channels", problem, mend));
    let Some(first) = channels.first() else {
        return no("hold no electrical signal", "record an item of electromyography");
    };
    if channels.iter().any(|c| c.rate_hz != first.rate_hz || c.samples.len() != first.samples.len()) {
        return no("differ in rate or length", "write EDF+, which holds several rates");
    }
    let mut units: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for a in &recording.annotations {
        if let Some(unit) = a.text.strip_prefix("unit ").and_then(|n| n.parse().ok()) {
            let sample = (a.onset_s * first.rate_hz).round();
            if (0.0..first.samples.len() as f64).contains(&sample) {
                units.entry(unit).or_default().push(sample as usize);
            }
        }
    }
    if units.is_empty() {
        return no(
            "come without a discharge of a unit",
            "record an item whose annotations name units, as lab.surface_emg does",
        );
    }
    let mut table = csv::WriterBuilder::new().from_writer(Vec::new());
    let failed = |e: csv::Error| FormatError::io(path, "write it")(std::io::Error::other(e));
    let numbered = |name: &str, count: usize| (1..=count).map(|k| format!("{name} ({k})")).collect::<Vec<_>>();
    let header = [("RAW_SIGNAL", channels.len()), ("MUPULSES", units.len()), ("ACCURACY", units.len())];
    table.write_record(header.iter().flat_map(|(name, count)| numbered(name, *count))).map_err(failed)?;
    for i in 0..first.samples.len() {
        let signals = channels.iter().map(|c| c.samples[i].to_string());
        let pulses = units.values().map(|times| times.get(i).map(usize::to_string).unwrap_or_default());
        let accuracy = units.values().map(|_| if i == 0 { "1".to_owned() } else { String::new() });
        table.write_record(signals.chain(pulses).chain(accuracy)).map_err(failed)?;
    }
    let bytes =
        table.into_inner().map_err(|e| FormatError::io(path, "write it")(std::io::Error::other(e.to_string())))?;
    let mut file = WholeFile::create(path)?;
    file.write(&bytes)?;
    file.place()
}
