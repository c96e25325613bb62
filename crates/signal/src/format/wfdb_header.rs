//! WFDB's text header (`.hea`): a record line, a line a signal, comments.

use std::path::Path;

use super::{FormatError, Place};

/// A signal line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signal {
    pub file: String,
    /// Storage format: 16 or 212.
    pub format: u32,
    /// Samples in a frame.
    pub per_frame: usize,
    /// Bytes before the first sample.
    pub offset: u64,
    /// Integers per unit.
    pub gain: f64,
    /// The integer that means 0; 32 bits, as in WFDB.
    pub baseline: i32,
    pub unit: String,
    pub checksum: Option<i16>,
    pub label: String,
    /// Line in the header.
    pub line: u64,
}

/// A header.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    pub name: String,
    pub frame_hz: f64,
    /// Frames, if the header says.
    pub frames: Option<usize>,
    pub signals: Vec<Signal>,
    /// Comment lines without their `#`.
    pub comments: Vec<(u64, String)>,
}

/// Parses a header; `path` is for the messages.
pub(super) fn parse(text: &str, path: &Path) -> Result<Header, FormatError> {
    let bad = |line: u64, problem: String, mend: &str| FormatError::malformed(path, Place::Line(line), problem, mend);
    let mut comments = Vec::new();
    let mut lines = Vec::new();
    for (k, line) in text.lines().enumerate() {
        match line.strip_prefix('#') {
            Some(comment) => comments.push((k as u64 + 1, comment.to_owned())),
            None if line.trim().is_empty() => {}
            None => lines.push((k as u64 + 1, line)),
        }
    }
    let mut lines = lines.into_iter();
    let Some((at, record)) = lines.next() else {
        return Err(bad(1, "no record line".into(), "start with: name signals rate samples"));
    };
    let mut words = record.split_whitespace();
    let name = words.next().unwrap_or_default().to_owned();
    if name.contains('/') {
        return Err(bad(at, format!("{name} is a record of several segments"), "read its segments one by one"));
    }
    let number = |word: Option<&str>, what: &str| match word {
        None => Ok(None),
        Some(w) => w
            .parse::<f64>()
            .ok()
            .filter(|x| x.is_finite() && *x >= 0.0)
            .map(Some)
            .ok_or_else(|| bad(at, format!("{what} is {w:?}"), "give a number")),
    };
    let count = words.next();
    let signals = number(count, "the number of signals")?
        .ok_or_else(|| bad(at, "no number of signals".into(), "write: name signals rate samples"))?
        as usize;
    let rate = words.next().map(|w| w.split(['/', '(']).next().unwrap_or(w));
    let frame_hz = number(rate, "the rate")?.unwrap_or(250.0); // WFDB's default
    if frame_hz <= 0.0 {
        return Err(bad(at, "the rate is 0".into(), "give a positive one"));
    }
    let frames = number(words.next(), "the number of samples")?.filter(|&n| n > 0.0).map(|n| n as usize);

    let mut list = Vec::new();
    for (line, text) in lines.by_ref().take(signals) {
        list.push(signal(text, line).map_err(|(problem, mend)| bad(line, problem, mend))?);
    }
    if list.len() < signals {
        return Err(bad(at, format!("{signals} signals announced, {} described", list.len()), "add the missing lines"));
    }
    if let Some((line, text)) = lines.next() {
        return Err(bad(
            line,
            format!("{text:?} after the last of {signals} signals"),
            "make it a comment with #, or correct the number of signals",
        ));
    }
    Ok(Header { name, frame_hz, frames, signals: list, comments })
}

fn signal(text: &str, line: u64) -> Result<Signal, (String, &'static str)> {
    let mut rest = text.trim();
    let mut word = || {
        let (first, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        rest = after.trim_start();
        first
    };
    let file = word().to_owned();
    let storage = word();
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let split = digits(storage);
    let format = storage[..split].parse().ok().filter(|f| [16, 212].contains(f)).ok_or_else(|| {
        (
            format!("storage format {storage:?} isn't read"),
            "convert it to format 16 (xform of the WFDB tools), or to CSV",
        )
    })?;
    let (mut per_frame, mut offset) = (1, 0);
    let mut modifiers = &storage[split..];
    while let Some(kind) = modifiers.chars().next() {
        let n = modifiers.get(1..).map_or(0, digits);
        let value = modifiers.get(1..1 + n).and_then(|v| v.parse::<u64>().ok());
        match (kind, value) {
            ('x', Some(v)) if (1..=1_000_000).contains(&v) => per_frame = v as usize,
            ('+', Some(v)) => offset = v,
            (':', Some(0)) => {}
            _ => {
                return Err((
                    format!("storage {storage:?} isn't understood (a skew, perhaps)"),
                    "remove the skew with xform of the WFDB tools",
                ));
            }
        }
        modifiers = &modifiers[1 + n..];
    }

    let scale = word();
    let (scale, unit) = scale.split_once('/').unwrap_or((scale, "mV"));
    let (gain, base) = match scale.split_once('(') {
        Some((gain, base)) => (gain, Some(base.trim_end_matches(')'))),
        None => (scale, None),
    };
    let not = |what: &str, value: &str| (format!("{what} is {value:?}"), "give a number of at most 32 bits");
    let gain = match gain {
        "" => 0.0,
        g => g.parse::<f64>().ok().filter(|x| x.is_finite() && *x >= 0.0).ok_or_else(|| not("the gain", g))?,
    };
    let gain = if gain == 0.0 { 200.0 } else { gain }; // WFDB's default for "not calibrated"
    let _resolution = word();
    let zero = match word() {
        "" => 0,
        z => z.parse::<i32>().map_err(|_| not("the converter's zero", z))?,
    };
    let baseline = match base {
        Some(b) => b.parse::<i32>().map_err(|_| not("the baseline", b))?,
        None => zero,
    };
    let _initial = word();
    let checksum = match word() {
        "" => None,
        c => Some(c.parse::<i64>().map_err(|_| not("the checksum", c))? as i16),
    };
    let _block = word();
    Ok(Signal {
        file,
        format,
        per_frame,
        offset,
        gain,
        baseline,
        unit: unit_name(unit),
        checksum,
        label: rest.trim_end().to_owned(),
        line,
    })
}

/// A unit as Tonus spells it: an underscore is a space, and millivolts and microvolts are known in any case.
fn unit_name(unit: &str) -> String {
    match unit.to_ascii_lowercase().as_str() {
        "mv" => "mV".to_owned(),
        "uv" => "uV".to_owned(),
        _ => unit.replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_any_case_and_no_last_newline() {
        let header =
            parse("emg 1 4000 110337\nemg.dat 16 10000/mv 16 0 -50 -6380 0 EMG\n# <age>: 57", Path::new("emg.hea"))
                .unwrap();
        assert_eq!((header.frame_hz, header.frames), (4_000.0, Some(110_337)));
        let s = &header.signals[0];
        assert_eq!(
            (s.unit.as_str(), s.gain, s.baseline, s.checksum, s.label.as_str()),
            ("mV", 10_000.0, 0, Some(-6_380), "EMG")
        );
        assert_eq!(header.comments[0].1, " <age>: 57");
    }

    #[test]
    fn modifiers_and_defaults() {
        let header = parse("r 1\nr.dat 212x5+12 100(-7)/deg", Path::new("r.hea")).unwrap();
        assert_eq!((header.frame_hz, header.frames), (250.0, None));
        let s = &header.signals[0];
        assert_eq!(
            (s.format, s.per_frame, s.offset, s.baseline, s.unit.as_str(), s.checksum),
            (212, 5, 12, -7, "deg", None)
        );
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, line) in [
            ("r 2 100\nr.dat 16\n", 1),
            ("r 1 100\nr.dat 80\n", 2),
            ("r 1 100\nr.dat 16 x/mV\n", 2),
            ("r 0 100\nwhat\n", 2),
            ("", 1),
        ] {
            let error = parse(text, Path::new("r.hea")).unwrap_err().to_string();
            assert!(error.contains(&format!("r.hea, line {line}:")), "{error}");
        }
    }
}
