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
//! A block after a line `# series` holds values at times of their own ([`Series`]), and its time column counts.
//!
//! Files from elsewhere, with commas, tabs or semicolons, need a first column of times named `time`, `t`, or with a unit (`time_s`,
//! `t_ms`, `time [us]`), and numbers in all others; between tabs or semicolons numbers may have decimal commas (all of them or none).
//! Even times give channels, uneven ones series that begin at nought. A table without
//! a header is read if its layout is known ([`super::headerless`]).

use std::path::Path;

use super::{
    FormatError, Place, headerless,
    whole_file::{self, WholeFile},
};
use crate::{Annotation, Channel, Recording, Series};

pub(super) const FIRST_LINE: &str = "# tonus recording 1";
/// Before a block of values at times of their own.
const SERIES_LINE: &str = "# series";

/// Writes a recording; see the module.
pub(super) fn write(recording: &Recording, path: &Path) -> Result<(), FormatError> {
    let units =
        recording.channels.iter().map(|c| &c.unit).enumerate().map(|(k, unit)| (format!("channels[{k}]"), unit));
    let series = recording.series.iter().map(|s| &s.unit).enumerate().map(|(k, unit)| (format!("series[{k}]"), unit));
    if let Some((place, unit)) = units.chain(series).find(|(_, unit)| unit.contains(" [")) {
        let problem = format!("{unit:?} holds \" [\"");
        return Err(FormatError::unwritable(path, format!("{place}.unit"), problem, "write the unit without brackets"));
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
    for (k, block) in recording.series.chunk_by(|a, b| a.times_s == b.times_s).enumerate() {
        let mut rows = csv::WriterBuilder::new().from_writer(Vec::new());
        let names = block.iter().map(|s| format!("{} [{}]", s.label, s.unit));
        let failed = |e: csv::Error| FormatError::io(path, "write it")(std::io::Error::other(e));
        rows.write_record(std::iter::once("time_s".to_owned()).chain(names)).map_err(failed)?;
        for (i, time_s) in block[0].times_s.iter().enumerate() {
            let values = block.iter().map(|s| number(s.values[i]));
            rows.write_record(std::iter::once(number(*time_s)).chain(values)).map_err(failed)?;
        }
        let rows =
            rows.into_inner().map_err(|e| FormatError::io(path, "write it")(std::io::Error::other(e.to_string())))?;
        let gap = if k == 0 && recording.channels.is_empty() { "" } else { "\n" };
        file.write(format!("{gap}{SERIES_LINE}\n").as_bytes())?;
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
    let mut sampling = Sampling::FromTimes;
    let mut block = String::new();
    let mut block_line = 1;
    for (k, line) in text.lines().enumerate() {
        let at = k as u64 + 1;
        let ends_block = line.trim().is_empty() || line.starts_with('#');
        if ends_block && !block.is_empty() {
            read_block(&block, block_line, std::mem::take(&mut sampling), path, &mut recording)?;
            block.clear();
        }
        if let Some(comment) = line.strip_prefix('#') {
            match comment.trim().split_once(':') {
                _ if line.trim_end() == SERIES_LINE => sampling = Sampling::Series,
                Some(("rate_hz", value)) => sampling = Sampling::Hz(positive(value.trim(), at, path)?),
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
        read_block(&block, block_line, sampling, path, &mut recording)?;
    }
    if recording.channels.is_empty() && recording.series.is_empty() && !text.starts_with(FIRST_LINE) {
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

/// What a block's rows are: said before it, or to be found in its times.
#[derive(Clone, Copy, Default)]
enum Sampling {
    #[default]
    FromTimes,
    Hz(f64),
    Series,
}

/// The separator of a table: a tab or semicolon that every line has as many of, else the comma, tab or semicolon that the first has most of.
fn separator(block: &str) -> u8 {
    let count = |line: &str, b: u8| line.bytes().filter(|x| *x == b).count();
    let first = block.lines().next().unwrap_or_default();
    let regular = |b: &u8| count(first, *b) > 0 && block.lines().all(|line| count(line, *b) == count(first, *b));
    // The last of equals is taken: commas where there is none of any.
    let most = || [b';', b'\t', b','].into_iter().max_by_key(|b| count(first, *b));
    [b'\t', b';'].into_iter().find(|b| regular(b)).or_else(most).unwrap_or(b',')
}

/// What parts a number's whole from its fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decimal {
    Point,
    Comma,
}

impl Decimal {
    /// A comma where the columns are not parted by commas and no row of numbers has a point.
    fn of(block: &str, separator: u8) -> Self {
        let numbers = |line: &&str| line.bytes().all(|b| !b.is_ascii_alphabetic() || matches!(b, b'e' | b'E'));
        let rows: String = block.lines().filter(numbers).collect();
        if separator != b',' && rows.contains(',') && !rows.contains('.') { Self::Comma } else { Self::Point }
    }

    /// The number of a cell.
    fn number(self, cell: &str) -> Option<f64> {
        match self {
            Self::Point => cell.parse().ok(),
            // A second comma, or a point, leaves what is no number.
            Self::Comma if cell.contains('.') => None,
            Self::Comma => cell.replacen(',', ".", 1).parse().ok(),
        }
    }
}

fn read_block(
    block: &str,
    first_line: u64,
    sampling: Sampling,
    path: &Path,
    recording: &mut Recording,
) -> Result<(), FormatError> {
    let separator = separator(block);
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).trim(csv::Trim::All).delimiter(separator);
    let decimal = Decimal::of(block, separator);
    let bad = |line: u64, problem: String, mend: &str| FormatError::malformed(path, Place::Line(line), problem, mend);
    let mut rows = reader.from_reader(block.as_bytes());
    let mut names: Option<Vec<String>> = None;
    let mut numbers: Vec<(u64, Vec<f64>)> = Vec::new();
    for (k, row) in rows.records().enumerate() {
        let line = first_line + k as u64;
        let row = row.map_err(|e| bad(line, e.to_string(), "check the quotes"))?;
        if k == 0 && row.iter().any(|cell| decimal.number(cell).is_none()) {
            names = Some(row.iter().map(str::to_owned).collect());
            continue;
        }
        if let Some(names) = names.as_ref().filter(|names| names.len() != row.len()) {
            let problem = format!("{} columns, the header has {}", row.len(), names.len());
            return Err(bad(line, problem, "give every row the header's columns"));
        }
        let cells = row.iter().enumerate().map(|(c, cell)| {
            decimal.number(cell).filter(|x| x.is_finite()).ok_or_else(|| {
                bad(line, format!("column {} is {cell:?}, not a finite number", c + 1), "cut or interpolate the gap")
            })
        });
        numbers.push((line, cells.collect::<Result<_, _>>()?));
    }
    let Some(names) = names else {
        return match headerless::recording(&numbers, path)? {
            Some(found) if recording.channels.is_empty() && recording.series.is_empty() => {
                *recording = found;
                Ok(())
            }
            _ => Err(bad(
                first_line,
                "numbers without a header, in no layout that is known".into(),
                "give a header: time_s (or time_ms, time_us, time_ns) first, then `label [unit]` of each column",
            )),
        };
    };
    let first = names.first().map(String::as_str).unwrap_or_default();
    let second = time_unit(first).ok_or_else(|| {
        bad(
            first_line,
            format!("the first column is {first:?}, not a time"),
            "name it time_s (or time_ms, time_us) and give the time of each row",
        )
    })?;
    let column = |c: usize| numbers.iter().map(|(_, row)| row[c]).collect::<Vec<f64>>();
    let times = column(0);
    let rate_hz = match sampling {
        Sampling::Hz(rate) => Some(rate),
        Sampling::Series => None,
        Sampling::FromTimes => even_rate(&times, second, first_line, path)?,
    };
    let start = if matches!(sampling, Sampling::Series) { 0.0 } else { times.first().copied().unwrap_or(0.0) };
    for (c, name) in names.iter().enumerate().skip(1) {
        let (label, unit) = label_and_unit(name);
        let (label, unit) = (label.to_owned(), unit.to_owned());
        match rate_hz {
            Some(rate_hz) => recording.channels.push(Channel { label, unit, rate_hz, samples: column(c) }),
            None => {
                let times_s = times.iter().map(|t| (t - start) / second).collect();
                recording.series.push(Series { label, unit, times_s, values: column(c) });
            }
        }
    }
    Ok(())
}

/// Units of time in a second, from the name of the first column.
fn time_unit(name: &str) -> Option<f64> {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != 'µ').filter(|w| !w.is_empty()).collect();
    match words[..] {
        ["time" | "t" | "timestamp" | "onset" | "seconds" | "sec" | "s"] | ["time" | "t", "s" | "sec" | "seconds"] => {
            Some(1.0)
        }
        ["time" | "t", "ms"] => Some(1e3),
        ["time" | "t", "us" | "µs"] => Some(1e6),
        ["time" | "t", "ns"] => Some(1e9),
        _ => None,
    }
}

/// Label and unit of a column `label [unit]` or `label (unit)`; no unit is `1`.
fn label_and_unit(name: &str) -> (&str, &str) {
    let split =
        [(" [", ']'), (" (", ')')].into_iter().find_map(|(open, close)| name.strip_suffix(close)?.rsplit_once(open));
    // A label may be empty: "[mV]" after trimming.
    let bare = || name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).map(|unit| ("", unit));
    split.or_else(bare).unwrap_or((name, "1"))
}

/// The rate of evenly spaced times, Hz; `None` if they are not even.
fn even_rate(times: &[f64], second: f64, first_line: u64, path: &Path) -> Result<Option<f64>, FormatError> {
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
    if let Some(i) = (1..n).find(|&i| times[i] < times[i - 1]) {
        let problem = format!("the time {} comes after {}", times[i], times[i - 1]);
        return bad(first_line + 1 + i as u64, problem, "sort the rows by time");
    }
    let step = (times[n - 1] - times[0]) / (n - 1) as f64;
    if !(step > 0.0 && step.is_finite()) {
        return bad(first_line + 1, "the times don't increase".into(), "give each row its time");
    }
    // Printed times are rounded, so a fifth of a step is let pass.
    if (0..n).any(|i| (times[i] - times[0] - i as f64 * step).abs() > 0.2 * step) {
        return Ok(None);
    }
    let rate = second / step;
    let tidy = (rate * 1e3).round() / 1e3;
    Ok(Some(if (tidy / rate - 1.0).abs() < 1e-6 { tidy } else { rate }))
}
