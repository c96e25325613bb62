//! Named arrays, as NumPy's and MATLAB's files hold them, turned into a recording.
//!
//! The signals are the array named `data`, `emg`, `signal` or `signals` (in any case), or else the largest one of numbers; the longer of its two
//! dimensions is time. Its rate comes from an array of one number named `rate_hz`, `fs`, `fsamp`, `sfreq`, `sampling_rate`, `sample_rate` or
//! `SamplingFrequency`, from a vector `time` or `t` (s) of as many values as there are samples, or from the reader's own word. Texts, as many as
//! there are channels, name them as `label [unit]`.
//!
//! OTBiolab+ keeps what it decomposed among the channels: one that is `Decomposition of` a muscle holds a 1 at each discharge of a unit, and
//! becomes annotations `unit 1`, `unit 2` ... in the order of the channels.

use std::path::Path;

use super::{FormatError, Place, ReadOptions};
use crate::{Annotation, Channel, Recording};

/// What an array holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cells {
    /// Numbers, column by column (the first index runs fastest).
    Numbers(Vec<f64>),
    /// Texts.
    Texts(Vec<String>),
}

/// One named array.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Array {
    pub name: String,
    /// Rows and columns; more dimensions are counted as columns.
    pub rows: usize,
    pub columns: usize,
    pub cells: Cells,
}

impl Array {
    fn numbers(&self) -> Option<&[f64]> {
        match &self.cells {
            Cells::Numbers(x) => Some(x),
            Cells::Texts(_) => None,
        }
    }

    fn is_named(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

const SIGNALS: [&str; 4] = ["data", "emg", "signal", "signals"];
const RATES: [&str; 7] = ["rate_hz", "fs", "fsamp", "sfreq", "sampling_rate", "sample_rate", "SamplingFrequency"];
const TIMES: [&str; 2] = ["time", "t"];
/// In the label of a channel that OTBiolab+ made of a unit's discharges.
const TRAIN: &str = "Decomposition of ";

/// The recording that the arrays of a file are.
pub(super) fn recording(
    arrays: &[Array],
    title: &str,
    options: &ReadOptions,
    path: &Path,
) -> Result<Recording, FormatError> {
    let bad = |problem: String, mend: &str| FormatError::malformed(path, Place::Whole, problem, mend);
    let tables = || arrays.iter().filter(|a| a.numbers().is_some_and(|x| x.len() > 1));
    let signals = tables()
        .find(|a| a.is_named(&SIGNALS))
        .or_else(|| tables().filter(|a| !a.is_named(&TIMES)).max_by_key(|a| a.rows * a.columns))
        .ok_or_else(|| {
            bad("no array of numbers in it".into(), "give the signals as an array of samples by channels")
        })?;
    let numbers = signals.numbers().unwrap_or_default();
    let in_columns = signals.rows >= signals.columns;
    let (samples, count) = if in_columns { (signals.rows, signals.columns) } else { (signals.columns, signals.rows) };

    let stated = arrays.iter().filter(|a| a.is_named(&RATES)).find_map(|a| match a.numbers() {
        Some([rate]) => Some(*rate),
        _ => None,
    });
    let times = arrays
        .iter()
        .filter(|a| a.is_named(&TIMES))
        .find_map(|a| a.numbers().filter(|t| t.len() == samples && samples > 1))
        .map(|t| (t.len() - 1) as f64 / (t[t.len() - 1] - t[0]));
    let rate_hz = options.rate_hz.or(stated).or(times).ok_or_else(|| {
        bad(
            format!("array {:?} of {samples} samples has no sampling rate", signals.name),
            "say it (--rate HZ), or save it beside the signals as an array `rate_hz`",
        )
    })?;
    if !(rate_hz.is_finite() && rate_hz > 0.0) {
        return Err(bad(format!("the sampling rate is {rate_hz} Hz"), "say it (--rate HZ)"));
    }
    let labels = arrays.iter().find_map(|a| match &a.cells {
        Cells::Texts(texts) if texts.len() == count && count > 1 => Some(texts.as_slice()),
        _ => None,
    });

    let mut recording = Recording::titled(title);
    let mut trains = 0;
    for c in 0..count {
        let column: Vec<f64> = if in_columns {
            numbers[c * samples..(c + 1) * samples].to_vec()
        } else {
            (0..samples).map(|i| numbers[i * count + c]).collect()
        };
        let text = labels.and_then(|l| l.get(c)).map(|t| t.trim());
        if text.is_some_and(|t| t.contains(TRAIN) && !t.contains("Source for ") && !t.contains("source for ")) {
            trains += 1;
            let discharges = column.iter().enumerate().filter(|(_, x)| **x > 0.5);
            recording.annotations.extend(discharges.map(|(i, _)| Annotation {
                onset_s: i as f64 / rate_hz,
                duration_s: 0.0,
                text: format!("unit {trains}"),
            }));
            continue;
        }
        let named = text.map(|t| match t.strip_suffix(']').and_then(|t| t.rsplit_once('[')) {
            Some((label, unit)) => (label.trim().to_owned(), unit.trim().to_owned()),
            None => (t.to_owned(), String::new()),
        });
        let (label, unit) = named.unwrap_or_else(|| {
            let label = if count == 1 { signals.name.clone() } else { format!("{} {}", signals.name, c + 1) };
            (label.trim().to_owned(), String::new())
        });
        let unit = if unit.is_empty() { options.unit.clone().unwrap_or_else(|| "1".to_owned()) } else { unit };
        recording.channels.push(Channel { label, unit, rate_hz, samples: column });
    }
    recording.annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    Ok(recording)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(name: &str, rows: usize, columns: usize, x: Vec<f64>) -> Array {
        Array { name: name.into(), rows, columns, cells: Cells::Numbers(x) }
    }

    #[test]
    fn time_is_the_longer_dimension_and_the_rate_is_found() {
        let wide = array("EMG", 2, 4, vec![1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0]);
        let rate = array("fs", 1, 1, vec![100.0]);
        let of = |arrays: &[Array], options: &ReadOptions| recording(arrays, "t", options, Path::new("a.npz"));
        let read = of(&[rate, wide.clone()], &ReadOptions::default()).expect("a rate is there");
        assert_eq!(read.channels[1].samples, [10.0, 20.0, 30.0, 40.0]);
        assert_eq!((read.channels[0].rate_hz, read.channels[0].label.as_str()), (100.0, "EMG 1"));
        let time = array("time", 4, 1, vec![5.0, 5.5, 6.0, 6.5]);
        assert_eq!(of(&[time, wide.clone()], &ReadOptions::default()).expect("times").channels[0].rate_hz, 2.0);
        let error = of(std::slice::from_ref(&wide), &ReadOptions::default()).expect_err("no rate").to_string();
        assert!(error.contains("--rate"), "{error}");
        let told = ReadOptions { rate_hz: Some(8.0), unit: Some("uV".into()) };
        let read = of(&[wide], &told).expect("told");
        assert_eq!((read.channels[0].rate_hz, read.channels[0].unit.as_str()), (8.0, "uV"));
    }

    #[test]
    fn trains_among_the_channels_become_annotations() {
        let data = array("Data", 4, 2, vec![1.0, 2.0, 3.0, 4.0, 0.0, 1.0, 0.0, 1.0]);
        let labels = Array {
            name: "Description".into(),
            rows: 2,
            columns: 1,
            cells: Cells::Texts(vec!["VL (1)[uV]".into(), "1 - Decomposition of VL (1)[a.u]".into()]),
        };
        let fs = array("SamplingFrequency", 1, 1, vec![2.0]);
        let read = recording(&[data, labels, fs], "t", &ReadOptions::default(), Path::new("a.mat")).expect("whole");
        assert_eq!((read.channels.len(), read.channels[0].unit.as_str()), (1, "uV"));
        let marks: Vec<(f64, &str)> = read.annotations.iter().map(|a| (a.onset_s, a.text.as_str())).collect();
        assert_eq!(marks, [(0.5, "unit 1"), (1.5, "unit 1")]);
    }
}
