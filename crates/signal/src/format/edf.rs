//! EDF+ and BDF+ (Kemp & Olivan 2003; BioSemi's 24-bit form): written continuous, with annotations.
//!
//! Each channel's physical range is that of its data, so that the integers are used up. Where channels
//! don't end with the last record they are padded with their last sample, and an annotation
//! `padding of channel N` marks from where; reading takes the padding off again. A title that the header's
//! field cannot hold is kept as an annotation `title: ...` at 0 s. Both marks are honoured only in files that Tonus wrote, and no
//! recording with an annotation that reads like one is written.

use std::path::Path;

use super::{
    FormatError, Place,
    calibration::Calibration,
    edf_annotation, edf_header,
    edf_header::{Header, Variant, Written},
    record_plan::{RecordPlan, rate_hz},
    whole_file::{self, WholeFile},
};
use crate::{Annotation, Channel, Recording};

const PADDING: &str = "padding of channel ";
const TITLE: &str = "title: ";

/// Writes a recording; see the module.
pub(super) fn write(recording: &Recording, path: &Path, variant: Variant) -> Result<(), FormatError> {
    let name = variant.name();
    let unwritable = |field: String, problem: String, mend: &str| FormatError::unwritable(path, field, problem, mend);
    let plan = match recording.channels.is_empty() {
        true => RecordPlan { duration_s: 0.0, duration_text: "0".into(), records: 1, per_record: Vec::new() },
        false => RecordPlan::of(recording).ok_or_else(|| {
            let rates: Vec<String> = recording.channels.iter().map(|c| format!("{} Hz", c.rate_hz)).collect();
            unwritable(
                "channels".into(),
                format!(
                    "have no record duration of eight characters that gives whole samples at {} (or have no samples)",
                    rates.join(", ")
                ),
                "write CSV instead",
            )
        })?,
    };
    if plan.records > 99_999_999 {
        return Err(unwritable(
            "channels".into(),
            format!("need {} records, {name} counts to 99999999", plan.records),
            "write parts",
        ));
    }

    if let Some(k) = recording.annotations.iter().position(|a| [PADDING, TITLE].iter().any(|m| a.text.starts_with(m))) {
        return Err(unwritable(
            format!("annotations[{k}].text"),
            format!("{:?} reads like Tonus's own mark", recording.annotations[k].text),
            "word it otherwise",
        ));
    }
    let (digital_low, digital_high) = variant.digital();
    let mut signals = Vec::new();
    for (k, channel) in recording.channels.iter().enumerate() {
        let unit = channel.unit.replace(['µ', 'μ'], "u"); // EDF's own spelling
        for (field, text, width) in [("label", &channel.label, 16), ("unit", &unit, 8)] {
            if text.len() > width || !text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
                return Err(unwritable(
                    format!("channels[{k}].{field}"),
                    format!("{text:?} is more than {width} ASCII characters"),
                    "shorten it, or write CSV",
                ));
            }
        }
        if channel.label == variant.annotations() {
            return Err(unwritable(
                format!("channels[{k}].label"),
                format!("{:?} is {name}'s own name", channel.label),
                "rename the channel",
            ));
        }
        let calibration = Calibration::of(&channel.samples, digital_low, digital_high).ok_or_else(|| {
            unwritable(
                format!("channels[{k}].samples"),
                format!("have a range that eight characters can't hold (in {:?})", channel.unit),
                "change the unit (uV for V, say)",
            )
        })?;
        signals.push((channel.label.clone(), unit, calibration, plan.per_record[k]));
    }
    let (title, annotations) = with_marks(recording, &plan);
    let lists = edf_annotation::lists(&annotations, plan.records, plan.duration_s, variant.width());
    let own = Calibration::of(&[-1.0, 1.0], digital_low, digital_high)
        .ok_or_else(|| unwritable("annotations".into(), "have no range".into(), "report this as a fault of Tonus"))?;
    let list_samples = lists.first().map_or(0, Vec::len) / variant.width();
    signals.push((variant.annotations().to_owned(), String::new(), own, list_samples));

    if let Some(k) = signals.iter().position(|s| s.3 > 99_999_999) {
        return Err(unwritable(
            format!("channels[{k}]"),
            "has too many samples per record".into(),
            "write CSV instead",
        ));
    }
    if signals.len() > 9_999 {
        return Err(unwritable(
            "channels".into(),
            format!("are {}, {name} counts to 9999", signals.len()),
            "write parts, or CSV",
        ));
    }

    let mut file = WholeFile::create(path)?;
    file.write(&edf_header::bytes(&Written {
        variant,
        title: &title,
        records: plan.records,
        duration_text: &plan.duration_text,
        signals: signals.clone(),
    }))?;
    let mut buffer = Vec::new();
    for (r, list) in lists.iter().enumerate() {
        buffer.clear();
        for (channel, (_, _, calibration, per_record)) in recording.channels.iter().zip(&signals) {
            let last = channel.samples.last().copied().unwrap_or(0.0);
            for i in r * per_record..(r + 1) * per_record {
                let digital = calibration.digital(channel.samples.get(i).copied().unwrap_or(last));
                buffer.extend_from_slice(&digital.to_le_bytes()[..variant.width()]);
            }
        }
        buffer.extend_from_slice(list);
        file.write(&buffer)?;
    }
    file.place()
}

/// The title for the header, and the annotations with those that keep a long title and the padding.
fn with_marks(recording: &Recording, plan: &RecordPlan) -> (String, Vec<Annotation>) {
    let (title, whole) = edf_header::title_field(&recording.title);
    let mut annotations = Vec::new();
    if !whole {
        annotations.push(Annotation { onset_s: 0.0, duration_s: 0.0, text: format!("{TITLE}{}", recording.title) });
    }
    annotations.extend(recording.annotations.iter().cloned());
    for (k, (channel, per_record)) in recording.channels.iter().zip(&plan.per_record).enumerate() {
        let missing = plan.records * per_record - channel.samples.len();
        if missing > 0 {
            annotations.push(Annotation {
                onset_s: channel.samples.len() as f64 / channel.rate_hz,
                duration_s: missing as f64 / channel.rate_hz,
                text: format!("{PADDING}{}", k + 1),
            });
        }
    }
    (title, annotations)
}

/// Records that follow each other without a gap.
struct Stretch {
    /// Start, s from that of the file.
    start_s: f64,
    records: std::ops::Range<usize>,
}

/// Most gaps of a file that is still read.
const MOST_GAPS: usize = 10_000;
/// Share of a record by which a time stamp may miss the end of the record before without being a gap; where the file says that it has none, clocks may
/// drift by more.
const NO_GAP: f64 = 2e-3;
const NO_GAP_CONTINUOUS: f64 = 0.5;

/// Reads EDF, EDF+, BDF or BDF+: one recording, or one of each stretch between the gaps of a discontinuous file, with its start, s.
pub(super) fn read(path: &Path, variant: Variant) -> Result<Vec<(f64, Recording)>, FormatError> {
    let bytes = whole_file::read(path)?;
    let header = edf_header::parse(&bytes, variant, path)?;
    let (stretches, mut annotations) = records(&bytes, &header, variant, path)?;
    // In the file's order, unless they are to be dealt out.
    if stretches.len() > 1 {
        annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    }
    let mut annotations = annotations.into_iter().peekable();
    let mut recordings = Vec::with_capacity(stretches.len());
    for (k, stretch) in stretches.iter().enumerate() {
        let until = stretches.get(k + 1).map_or(f64::INFINITY, |next| next.start_s);
        let mut mine: Vec<Annotation> = std::iter::from_fn(|| annotations.next_if(|a| a.onset_s < until)).collect();
        if stretch.start_s != 0.0 {
            mine.iter_mut().for_each(|a| a.onset_s -= stretch.start_s);
        }
        let mut recording = of_stretch(&bytes, &header, variant, stretch.records.clone(), mine);
        let start_s = stretch.start_s - stretches[0].start_s;
        if stretches.len() > 1 {
            let from = format!("part {} of {}, from {start_s} s", k + 1, stretches.len());
            recording.title = if recording.title.is_empty() { from } else { format!("{}, {from}", recording.title) };
        }
        recordings.push((start_s, recording));
    }
    Ok(recordings)
}

/// When the records were taken, and all annotations.
fn records(
    bytes: &[u8],
    header: &Header,
    variant: Variant,
    path: &Path,
) -> Result<(Vec<Stretch>, Vec<Annotation>), FormatError> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut annotations = Vec::new();
    let mut expected: Option<f64> = None;
    let mut at = edf_header::FIXED * (header.signals.len() + 1);
    for r in 0..header.records {
        let mut time_s = None;
        let mut first_list = true;
        for signal in &header.signals {
            let part = &bytes[at..at + signal.per_record * variant.width()];
            if header.is_list(signal, variant) {
                let (stamp, mut found) = edf_annotation::parse(part, at as u64, path)?;
                annotations.append(&mut found);
                if std::mem::take(&mut first_list) {
                    time_s = stamp;
                }
            }
            at += part.len();
        }
        let allowed = if header.continuous { NO_GAP_CONTINUOUS } else { NO_GAP };
        let gap = time_s.zip(expected).is_some_and(|(t, e)| (t - e).abs() > allowed * header.duration_s.max(1e-3));
        if gap && time_s < expected {
            let problem = format!("record {} starts at {} s, before the last has ended", r + 1, time_s.unwrap_or(0.0));
            let mend = "the file is damaged here: write it again with the program it comes from";
            return Err(FormatError::malformed(path, Place::Byte(at as u64), problem, mend));
        }
        if stretches.len() > MOST_GAPS {
            let problem = format!("more than {MOST_GAPS} gaps");
            return Err(FormatError::malformed(path, Place::Byte(at as u64), problem, "cut it into continuous files"));
        }
        // From the stamp where there is one: a slow clock is no gap however long the file.
        expected = time_s.or(expected).map(|t| t + header.duration_s);
        match stretches.last_mut().filter(|_| !gap) {
            Some(stretch) => stretch.records.end = r + 1,
            // Onsets count from the start of the file; the first record may start a fraction of a second later.
            None => stretches.push(Stretch { start_s: time_s.unwrap_or(0.0), records: r..r + 1 }),
        }
    }
    if stretches.is_empty() {
        stretches.push(Stretch { start_s: 0.0, records: 0..0 });
    }
    Ok((stretches, annotations))
}

/// The recording of a stretch of records.
fn of_stretch(
    bytes: &[u8],
    header: &Header,
    variant: Variant,
    records: std::ops::Range<usize>,
    mut annotations: Vec<Annotation>,
) -> Recording {
    let width = variant.width();
    let signals: Vec<_> = header.signals.iter().filter(|s| !header.is_list(s, variant)).collect();
    let mut samples: Vec<Vec<f64>> = signals.iter().map(|s| Vec::with_capacity(s.per_record * records.len())).collect();
    let record: usize = header.signals.iter().map(|s| s.per_record * width).sum();
    let mut at = edf_header::FIXED * (header.signals.len() + 1) + records.start * record;
    for _ in records {
        let mut out = samples.iter_mut();
        for signal in &header.signals {
            let part = &bytes[at..at + signal.per_record * width];
            if !header.is_list(signal, variant)
                && let Some(out) = out.next()
            {
                out.extend(part.chunks_exact(width).map(|b| signal.calibration.physical(integer(b))));
            }
            at += part.len();
        }
    }
    let mut recording = Recording::titled(header.title.clone());
    for (k, (signal, samples)) in signals.into_iter().zip(samples).enumerate() {
        let mut channel = Channel {
            label: signal.label.clone(),
            unit: signal.unit.clone(),
            rate_hz: rate_hz(signal.per_record, header.duration_s),
            samples,
        };
        if header.own {
            take_off_padding(&mut channel, &mut annotations, k + 1);
        }
        recording.channels.push(channel);
    }
    if header.own
        && let Some(k) = annotations.iter().position(|a| a.text.starts_with(TITLE))
    {
        recording.title = annotations.remove(k).text.split_off(TITLE.len());
    }
    recording.annotations = annotations;
    recording
}

fn take_off_padding(channel: &mut Channel, annotations: &mut Vec<Annotation>, number: usize) {
    let text = format!("{PADDING}{number}");
    if let Some(k) = annotations.iter().position(|a| a.text == text) {
        let length = (annotations.remove(k).onset_s * channel.rate_hz).round().max(0.0);
        channel.samples.truncate(length as usize);
    }
}

fn integer(bytes: &[u8]) -> i32 {
    match *bytes {
        [a, b] => i32::from(i16::from_le_bytes([a, b])),
        [a, b, c] => i32::from_le_bytes([0, a, b, c]) >> 8,
        _ => 0,
    }
}
