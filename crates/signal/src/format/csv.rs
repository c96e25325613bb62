//! CSV: exact, readable by anything.
//!
//! ```csv
//! # tonus recording 1
//! # title: "ulnar motor, wrist"
//! # annotation: 0.005,0,"stimulus"
//! # rate_hz: 50000
//! time_s,ADM [mV]
//! 0,0.0123
//! 0.00002,0.0119
//! ```
//! Neighbouring channels of one rate and length share a block: a `rate_hz` line, a header of labels with units in
//! brackets, and rows. A further block follows an empty line. Times are printed for the reader's eye; the rate
//! line is what counts. Numbers are the shortest text that reads back as the same bits. Texts of
//! comments are JSON strings. With one block, any CSV reader that skips `#` lines reads the file.
//!
//! Files from elsewhere need a first column of times named `time`, `t`, or with a unit (`time_s`, `t_ms`, `time [us]`),
//! evenly spaced, and numbers in all others.

use std::path::Path;

use super::{
    FormatError, Place,
    whole_file::{self, WholeFile},
};
use crate::{Annotation, Channel, Recording};

const FIRST_LINE: &str = "# tonus recording 1";

/// Writes a recording; see the module.
pub(super) fn write(recording: &Recording, path: &Path) -> Result<(), FormatError> {
    for (k, channel) in recording.channels.iter().enumerate() {
        if channel.unit.contains(" [") {
            return Err(FormatError::unwritable(
                path,
                format!("channels[{k}].unit"),
                format!("{:?} holds \" [\"", channel.unit),
                "write the unit without brackets",
            ));
        }
    }
    let mut file = WholeFile::create(path)?;
    let mut head = format!("{FIRST_LINE}\n# title: {}\n", json(&recording.title));
    for a in &recording.annotations {
        head += &format!("# annotation: {},{},{}\n", number(a.onset_s), number(a.duration_s), json(&a.text));
    }
    file.write(head.as_bytes())?;
    for (k, block) in
        recording.channels.chunk_by(|a, b| a.rate_hz == b.rate_hz && a.samples.len() == b.samples.len()).enumerate()
    {
        let rate_hz = block[0].rate_hz;
        let mut rows = csv::WriterBuilder::new().from_writer(Vec::new());
        let names = block.iter().map(|c| format!("{} [{}]", c.label, c.unit));
        let failed = |e: csv::Error| FormatError::io(path, "write it")(std::io::Error::other(e));
        rows.write_record(std::iter::once("time_s".to_owned()).chain(names)).map_err(failed)?;
        for i in 0..block[0].samples.len() {
            let values = block.iter().map(|c| number(c.samples[i]));
            rows.write_record(std::iter::once(number(i as f64 / rate_hz)).chain(values)).map_err(failed)?;
        }
        let rows =
            rows.into_inner().map_err(|e| FormatError::io(path, "write it")(std::io::Error::other(e.to_string())))?;
        let gap = if k == 0 { "" } else { "\n" };
        file.write(format!("{gap}# rate_hz: {}\n", number(rate_hz)).as_bytes())?;
        file.write(&rows)?;
    }
    file.place()
}

/// The shortest text that reads back as the same number.
fn number(x: f64) -> String {
    if x == 0.0 || (1e-5..1e16).contains(&x.abs()) { x.to_string() } else { format!("{x:e}") }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Reads what [`write`] wrote, and plain tables of even times.
pub(super) fn read(path: &Path) -> Result<Recording, FormatError> {
    let text = whole_file::read_text(path)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut recording = Recording::default();
    let mut rate_hz = None;
    let mut block = String::new();
    let mut block_line = 1;
    for (k, line) in text.lines().enumerate() {
        let at = k as u64 + 1;
        let ends_block = line.trim().is_empty() || line.starts_with('#');
        if ends_block && !block.is_empty() {
            read_block(&block, block_line, rate_hz.take(), path, &mut recording)?;
            block.clear();
        }
        if let Some(comment) = line.strip_prefix('#') {
            match comment.trim().split_once(':') {
                Some(("rate_hz", value)) => rate_hz = Some(positive(value.trim(), at, path)?),
                Some(("title", value)) if is_json(value) => recording.title = text_of(value, at, path)?,
                Some(("annotation", value)) => recording.annotations.push(annotation(value, at, path)?),
                _ => {}
            }
        } else if !ends_block {
            if block.is_empty() {
                block_line = at;
            }
            block.push_str(line);
            block.push('\n');
        }
    }
    if !block.is_empty() {
        read_block(&block, block_line, rate_hz, path, &mut recording)?;
    }
    if recording.channels.is_empty() && !text.starts_with(FIRST_LINE) {
        return Err(FormatError::malformed(
            path,
            Place::Whole,
            "no table in it",
            "give a header line with a time column first, then rows of numbers",
        ));
    }
    Ok(recording)
}

fn is_json(value: &str) -> bool {
    value.trim().starts_with('"')
}

fn text_of(value: &str, line: u64, path: &Path) -> Result<String, FormatError> {
    serde_json::from_str(value.trim()).map_err(|_| {
        FormatError::malformed(
            path,
            Place::Line(line),
            format!("{:?} is no text in double quotes", value.trim()),
            "put it in double quotes",
        )
    })
}

fn positive(value: &str, line: u64, path: &Path) -> Result<f64, FormatError> {
    match value.parse() {
        Ok(x) if x > 0.0 && f64::is_finite(x) => Ok(x),
        _ => Err(FormatError::malformed(
            path,
            Place::Line(line),
            format!("rate_hz is {value:?}"),
            "give a positive number",
        )),
    }
}

fn annotation(value: &str, line: u64, path: &Path) -> Result<Annotation, FormatError> {
    let bad = || {
        FormatError::malformed(
            path,
            Place::Line(line),
            format!("annotation {:?} isn't onset,duration,\"text\"", value.trim()),
            "write e.g. # annotation: 0.005,0,\"stimulus\"",
        )
    };
    let mut parts = value.trim().splitn(3, ',');
    let mut finite = || parts.next().and_then(|p| p.trim().parse::<f64>().ok()).filter(|x| x.is_finite());
    let (onset_s, duration_s) = (finite().ok_or_else(bad)?, finite().ok_or_else(bad)?);
    let text = text_of(parts.next().ok_or_else(bad)?, line, path)?;
    Ok(Annotation { onset_s, duration_s, text })
}

fn read_block(
    block: &str,
    first_line: u64,
    rate_hz: Option<f64>,
    path: &Path,
    recording: &mut Recording,
) -> Result<(), FormatError> {
    let mut rows =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(block.as_bytes());
    let mut columns: Vec<Channel> = Vec::new();
    let mut times = Vec::new();
    let mut second = 1.0; // time units in a second
    for (k, row) in rows.records().enumerate() {
        let line = first_line + k as u64;
        let bad = |problem: String, mend: &str| FormatError::malformed(path, Place::Line(line), problem, mend);
        let row = row.map_err(|e| bad(e.to_string(), "check the quotes"))?;
        if k == 0 {
            let name = row.get(0).unwrap_or_default();
            second = time_unit(name).ok_or_else(|| {
                bad(
                    format!("the first column is {name:?}, not a time"),
                    "name it time_s (or time_ms, time_us) and give the time of each row",
                )
            })?;
            columns = row.iter().skip(1).map(channel_of).collect();
            continue;
        }
        if row.len() != columns.len() + 1 {
            return Err(bad(
                format!("{} columns, the header has {}", row.len(), columns.len() + 1),
                "give every row the header's columns",
            ));
        }
        for (c, cell) in row.iter().enumerate() {
            let value = cell.parse::<f64>().ok().filter(|x| x.is_finite()).ok_or_else(|| {
                bad(format!("column {} is {cell:?}, not a finite number", c + 1), "cut or interpolate the gap")
            })?;
            match c {
                0 => times.push(value),
                _ => columns[c - 1].samples.push(value),
            }
        }
    }
    let rate_hz = match rate_hz {
        Some(rate) => rate,
        None => even_rate(&times, second, first_line, path)?,
    };
    columns.iter_mut().for_each(|c| c.rate_hz = rate_hz);
    recording.channels.append(&mut columns);
    Ok(())
}

/// Units of time in a second, from the name of the first column.
fn time_unit(name: &str) -> Option<f64> {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != 'µ').filter(|w| !w.is_empty()).collect();
    match words[..] {
        ["time" | "t" | "timestamp" | "seconds" | "sec" | "s"] | ["time" | "t", "s" | "sec" | "seconds"] => Some(1.0),
        ["time" | "t", "ms"] => Some(1e3),
        ["time" | "t", "us" | "µs"] => Some(1e6),
        ["time" | "t", "ns"] => Some(1e9),
        _ => None,
    }
}

/// Label and unit of a column `label [unit]` or `label (unit)`; no unit is `1`.
fn channel_of(name: &str) -> Channel {
    let split =
        [(" [", ']'), (" (", ')')].into_iter().find_map(|(open, close)| name.strip_suffix(close)?.rsplit_once(open));
    // A label may be empty: "[mV]" after trimming.
    let bare = || name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).map(|unit| ("", unit));
    let (label, unit) = split.or_else(bare).unwrap_or((name, "1"));
    Channel { label: label.to_owned(), unit: unit.to_owned(), rate_hz: 0.0, samples: Vec::new() }
}

fn even_rate(times: &[f64], second: f64, first_line: u64, path: &Path) -> Result<f64, FormatError> {
    let n = times.len();
    let bad =
        |line: u64, problem: String, mend: &str| Err(FormatError::malformed(path, Place::Line(line), problem, mend));
    if n < 2 {
        return bad(
            first_line,
            format!("{n} rows give no sampling rate"),
            "give at least two, or a line `# rate_hz: 1000` before the header",
        );
    }
    let step = (times[n - 1] - times[0]) / (n - 1) as f64;
    if !(step > 0.0 && step.is_finite()) {
        return bad(first_line + 1, "the times don't increase".into(), "sort the rows by time");
    }
    // Printed times are rounded, so a fifth of a step is let pass.
    if let Some(i) = (0..n).find(|&i| (times[i] - times[0] - i as f64 * step).abs() > 0.2 * step) {
        return bad(
            first_line + 1 + i as u64,
            format!("the time {} isn't where even steps of {step} put it", times[i]),
            "resample to an even rate before reading",
        );
    }
    let rate = second / step;
    let tidy = (rate * 1e3).round() / 1e3;
    Ok(if (tidy / rate - 1.0).abs() < 1e-6 { tidy } else { rate })
}
