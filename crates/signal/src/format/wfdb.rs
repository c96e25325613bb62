//! WFDB (PhysioNet): `.hea` header and one `.dat` of 16-bit integers (format 16).
//!
//! Channels of different rate share frames. Annotations and the title are comments of the header
//! (`#annotation onset_s duration_s text`, `#title text`): WFDB's own annotation files round times to a
//! sample and hold no durations. The signal file is put in place first and the header last, so a record is
//! there once its header is. Reading takes formats 16 and 212.

use std::{collections::HashMap, path::Path};

use super::{
    FormatError, Place,
    record_plan::{RecordPlan, rate_hz},
    wfdb_header::{self, Signal},
    whole_file::{self, WholeFile},
};
use crate::{Annotation, Channel, Recording};

/// WFDB's mark of "no sample" in format 16; used to pad the last frame.
const NO_SAMPLE: i16 = i16::MIN;

/// Gain and baseline of a channel.
struct Scale {
    gain: f64,
    baseline: i64,
}

impl Scale {
    fn of(samples: &[f64]) -> Option<Self> {
        let lowest = samples.iter().copied().reduce(f64::min).unwrap_or(0.0);
        let highest = samples.iter().copied().reduce(f64::max).unwrap_or(0.0);
        if lowest == highest {
            let gain = if lowest == 0.0 { 1.0 } else { 1.0 / lowest.abs() };
            return gain.is_normal().then_some(Self { gain, baseline: 0 });
        }
        // One integer is kept at either end for the rounding of the baseline; -32768 is "no sample".
        let gain = 65_532.0 / (highest - lowest);
        let baseline = (-32_766.0 - lowest * gain).round();
        (gain.is_normal() && baseline.abs() < 2e9).then_some(Self { gain, baseline: baseline as i64 })
    }

    fn digital(&self, x: f64) -> i16 {
        (x * self.gain + self.baseline as f64).round().clamp(-32_767.0, 32_767.0) as i16
    }
}

/// Writes `name.hea` and `name.dat` for a path `name.hea` (or `name.dat`).
pub(super) fn write(recording: &Recording, path: &Path) -> Result<(), FormatError> {
    let unwritable = |field: String, problem: String, mend: &str| FormatError::unwritable(path, field, problem, mend);
    let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        return Err(unwritable(
            "file name".into(),
            format!("{name:?} isn't a WFDB record name"),
            "use letters, digits, _ and - only",
        ));
    }
    let plan = plan(recording).ok_or_else(|| {
        unwritable(
            "channels".into(),
            "share no frame of whole samples (or have no samples)".into(),
            "write CSV instead",
        )
    })?;
    let mut scales = Vec::new();
    for (k, c) in recording.channels.iter().enumerate() {
        if c.unit.is_empty() || c.unit.contains('_') || c.unit.starts_with('/') {
            return Err(unwritable(
                format!("channels[{k}].unit"),
                format!("{:?} can't be kept (WFDB takes no unit for mV, and _ for a space)", c.unit),
                "name the unit, 1 for none",
            ));
        }
        scales.push(Scale::of(&c.samples).ok_or_else(|| {
            unwritable(
                format!("channels[{k}].samples"),
                "vary too little beside their offset, or are too large or small".into(),
                "take off the offset, or change the unit",
            )
        })?);
    }

    let header_path = path.with_extension("hea");
    let data_path = path.with_extension("dat");
    let mut data = WholeFile::create(&data_path)?;
    let mut sums = vec![0_i64; scales.len()];
    let mut first = vec![0_i16; scales.len()];
    let mut buffer = Vec::new();
    for frame in 0..plan.records {
        buffer.clear();
        for (k, (channel, &n)) in recording.channels.iter().zip(&plan.per_record).enumerate() {
            for i in frame * n..(frame + 1) * n {
                let value = channel.samples.get(i).map_or(NO_SAMPLE, |&x| scales[k].digital(x));
                if i == 0 {
                    first[k] = value;
                }
                sums[k] += i64::from(value);
                buffer.extend_from_slice(&value.to_le_bytes());
            }
        }
        data.write(&buffer)?;
    }

    let frame_hz = plan.frame_hz(recording);
    let mut text = format!("{name} {} {frame_hz} {}\n", recording.channels.len(), plan.records);
    for (k, channel) in recording.channels.iter().enumerate() {
        let frame = if plan.per_record[k] == 1 { String::new() } else { format!("x{}", plan.per_record[k]) };
        let Scale { gain, baseline } = scales[k];
        let unit = channel.unit.replace(' ', "_");
        let checksum = sums[k] as i16;
        text += &format!(
            "{name}.dat 16{frame} {gain}({baseline})/{unit} 16 0 {} {checksum} 0 {}\n",
            first[k], channel.label
        );
    }
    text += &format!("#title {}\n", recording.title);
    for a in &recording.annotations {
        text += &format!("#annotation {} {} {}\n", a.onset_s, a.duration_s, a.text);
    }
    let mut header = WholeFile::create(&header_path)?;
    header.write(text.as_bytes())?;
    data.place()?;
    header.place()
}

/// Frames: one sample a frame if all channels have one rate and length, else EDF's records.
fn plan(recording: &Recording) -> Option<RecordPlan> {
    let Some(first) = recording.channels.first() else {
        return Some(RecordPlan { duration_s: 1.0, duration_text: "1".into(), records: 0, per_record: Vec::new() });
    };
    let alike = |c: &Channel| c.rate_hz == first.rate_hz && c.samples.len() == first.samples.len();
    if recording.channels.iter().all(alike) {
        return (!first.samples.is_empty()).then(|| RecordPlan {
            duration_s: 1.0 / first.rate_hz,
            duration_text: String::new(),
            records: first.samples.len(),
            per_record: vec![1; recording.channels.len()],
        });
    }
    RecordPlan::of(recording)
}

impl RecordPlan {
    fn frame_hz(&self, recording: &Recording) -> f64 {
        match (recording.channels.first(), self.per_record.first()) {
            (Some(c), Some(1)) => c.rate_hz,
            _ => rate_hz(1, self.duration_s),
        }
    }
}

/// Reads the record of a header (or of the `.dat` beside it).
pub(super) fn read(path: &Path) -> Result<Recording, FormatError> {
    let path = path.with_extension("hea");
    let path = path.as_path();
    let header = wfdb_header::parse(&whole_file::read_text(path)?, path)?;
    let mut recording = Recording::titled(header.name.clone());
    for (line, comment) in &header.comments {
        if let Some(title) = comment.strip_prefix("title ") {
            recording.title = title.to_owned();
        } else if comment == "title" {
            recording.title.clear();
        } else if let Some(rest) = comment.strip_prefix("annotation ") {
            recording.annotations.push(annotation(rest, *line, path)?);
        }
    }

    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    let mut places = HashMap::new();
    for (k, signal) in header.signals.iter().enumerate() {
        let group = *places.entry(signal.file.clone()).or_insert_with(|| {
            groups.push((signal.file.clone(), Vec::new()));
            groups.len() - 1
        });
        groups[group].1.push(k);
    }
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); header.signals.len()];
    for (file, members) in &groups {
        let signals: Vec<&Signal> = members.iter().map(|&k| &header.signals[k]).collect();
        let samples = group(path, file, &signals, header.frames)?;
        for (k, column) in members.iter().zip(samples) {
            columns[*k] = column;
        }
    }
    for (signal, samples) in header.signals.iter().zip(columns) {
        let rate = signal.per_frame as f64 * header.frame_hz;
        let tidy = rate.round();
        let rate_hz = if (tidy / rate - 1.0).abs() < 1e-12 { tidy } else { rate };
        recording.channels.push(Channel { label: signal.label.clone(), unit: signal.unit.clone(), rate_hz, samples });
    }
    Ok(recording)
}

fn annotation(text: &str, line: u64, path: &Path) -> Result<Annotation, FormatError> {
    let mut parts = text.splitn(3, ' ');
    let mut finite = || parts.next().and_then(|p| p.parse::<f64>().ok()).filter(|x| x.is_finite());
    match (finite(), finite(), parts.next()) {
        (Some(onset_s), Some(duration_s), Some(text)) => Ok(Annotation { onset_s, duration_s, text: text.to_owned() }),
        _ => Err(FormatError::malformed(
            path,
            Place::Line(line),
            format!("annotation {text:?} isn't: onset duration text"),
            "write e.g. #annotation 0.005 0 stimulus",
        )),
    }
}

/// The signals of one signal file.
fn group(header: &Path, file: &str, signals: &[&Signal], frames: Option<usize>) -> Result<Vec<Vec<f64>>, FormatError> {
    let first = signals[0];
    let bad = |signal: &Signal, problem: String, mend: &str| {
        FormatError::malformed(header, Place::Line(signal.line), problem, mend)
    };
    if Path::new(file).components().count() != 1 || Path::new(file).file_name().is_none() {
        return Err(bad(first, format!("the signal file {file:?} isn't a plain name"), "put it beside the header"));
    }
    let path = header.with_file_name(file);
    let bytes = whole_file::read(&path)?;
    if let Some(other) = signals.iter().find(|s| s.format != first.format || s.offset != first.offset) {
        return Err(bad(other, format!("another format or offset than the other signals of {file}"), "give them one"));
    }
    let per_frame: usize = signals.iter().map(|s| s.per_frame).sum();
    let offset = usize::try_from(first.offset).ok().filter(|&o| o <= bytes.len()).ok_or_else(|| {
        bad(first, format!("offset {} is beyond the {} bytes of {file}", first.offset, bytes.len()), "correct it")
    })?;
    let data = &bytes[offset..];
    let held = match first.format {
        16 => data.len() / 2,
        _ => data.len() / 3 * 2 + usize::from(data.len() % 3 == 2),
    };
    let frames = match frames {
        None => held / per_frame,
        Some(n)
            if n.checked_mul(per_frame)
                .is_some_and(|samples| samples <= held && held - samples <= usize::from(first.format == 212)) =>
        {
            n
        }
        Some(n) => {
            let problem = format!("the header says {n} frames of {per_frame} samples, {file} holds {held} samples");
            return Err(FormatError::malformed(
                header,
                Place::Line(1),
                problem,
                "the signal file is cut short or isn't this record's: copy it again",
            ));
        }
    };
    let integer = |index: usize| if first.format == 16 { sample_16(data, index) } else { sample_212(data, index) };
    let none = if first.format == 16 { NO_SAMPLE } else { -2048 };

    let mut columns: Vec<Vec<i16>> = signals.iter().map(|s| Vec::with_capacity(frames * s.per_frame)).collect();
    let mut index = 0;
    for _ in 0..frames {
        for (signal, column) in signals.iter().zip(&mut columns) {
            for _ in 0..signal.per_frame {
                column.push(integer(index));
                index += 1;
            }
        }
    }
    signals
        .iter()
        .zip(columns)
        .map(|(signal, mut column)| {
            let sum = column.iter().fold(0_i16, |sum, &x| sum.wrapping_add(x));
            if signal.checksum.is_some_and(|c| c != sum) {
                return Err(bad(
                    signal,
                    format!("checksum {} but the samples of {file} sum to {sum}", signal.checksum.unwrap_or(0)),
                    "the signal file is damaged or isn't this record's: copy it again",
                ));
            }
            // What a recorder without a sample fills in: at the end it is padding, within it is a gap.
            let length = column.iter().rposition(|&x| x != none).map_or(0, |i| i + 1);
            column.truncate(length);
            if let Some(i) = column.iter().position(|&x| x == none) {
                return Err(bad(
                    signal,
                    format!("sample {i} is marked missing"),
                    "cut the record at its gaps, or interpolate them",
                ));
            }
            Ok(column.into_iter().map(|x| (f64::from(x) - f64::from(signal.baseline)) / signal.gain).collect())
        })
        .collect()
}

fn sample_16(data: &[u8], index: usize) -> i16 {
    i16::from_le_bytes([data[2 * index], data[2 * index + 1]])
}

/// Two 12-bit samples in three bytes: low byte, both high nibbles, low byte.
fn sample_212(data: &[u8], index: usize) -> i16 {
    let at = index / 2 * 3;
    let twelve = if index.is_multiple_of(2) {
        u16::from(data[at]) | u16::from(data[at + 1] & 0x0f) << 8
    } else {
        u16::from(data[at + 2]) | u16::from(data[at + 1] & 0xf0) << 4
    };
    (twelve << 4) as i16 >> 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_bit_pairs() {
        // 1 and -1; 2047 and -2047
        let data = [0x01, 0xf0, 0xff, 0xff, 0x87, 0x01];
        assert_eq!([0, 1, 2, 3].map(|i| sample_212(&data, i)), [1, -1, 2047, -2047]);
    }

    #[test]
    fn scales_hold_their_data() {
        for data in [vec![-1.0, 3.0], vec![1e-9, 5e-9], vec![1000.0, 1000.5], vec![0.0, 0.0], vec![-7.25, -7.25]] {
            let s = Scale::of(&data).unwrap();
            for &x in &data {
                let back = (i64::from(s.digital(x)) - s.baseline) as f64 / s.gain;
                assert!(
                    (back - x).abs() <= 0.51 / s.gain * f64::from(u8::from(data[0] != data[1])) + 1e-12 * x.abs(),
                    "{data:?} {back}"
                );
            }
        }
        assert!(Scale::of(&[1e9, 1e9 + 1e-3]).is_none());
    }
}
