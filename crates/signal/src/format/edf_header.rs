//! Headers of EDF, EDF+, BDF and BDF+: fixed-width ASCII fields.

use std::path::Path;

use super::{FormatError, Place, calibration::Calibration};

/// Sample width and what goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    /// 16 bit.
    Edf,
    /// 24 bit.
    Bdf,
}

impl Variant {
    /// Bytes of a sample.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Edf => 2,
            Self::Bdf => 3,
        }
    }

    /// Smallest and largest integer.
    pub(super) fn digital(self) -> (i32, i32) {
        match self {
            Self::Edf => (-32_768, 32_767),
            Self::Bdf => (-8_388_608, 8_388_607),
        }
    }

    fn version(self) -> &'static [u8; 8] {
        match self {
            Self::Edf => b"0       ",
            Self::Bdf => b"\xffBIOSEMI",
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Edf => "EDF",
            Self::Bdf => "BDF",
        }
    }

    /// Label of the annotation channel.
    pub(super) fn annotations(self) -> &'static str {
        match self {
            Self::Edf => "EDF Annotations",
            Self::Bdf => "BDF Annotations",
        }
    }
}

/// One signal's header.
pub(super) struct SignalHeader {
    pub label: String,
    pub unit: String,
    pub calibration: Calibration,
    pub per_record: usize,
}

/// The file's header.
pub(super) struct Header {
    pub title: String,
    /// Whether annotations are in channels of their own (EDF+, BDF+).
    pub plus: bool,
    /// Says that its records follow each other without a gap (plain EDF, EDF+C).
    pub continuous: bool,
    /// Written by Tonus, whose marks of padding and long titles it holds.
    pub own: bool,
    pub records: usize,
    pub duration_s: f64,
    pub signals: Vec<SignalHeader>,
}

impl Header {
    /// Whether a signal holds annotations.
    pub(super) fn is_list(&self, signal: &SignalHeader, variant: Variant) -> bool {
        self.plus && signal.label == variant.annotations()
    }
}

/// The recording software in the recording's identification.
const SOFTWARE: &str = "Tonus";

/// Bytes of the fixed part, and of each signal's.
pub(super) const FIXED: usize = 256;

/// Widths of a signal's fields, in order: label, transducer, unit, physical low and high, digital low
/// and high, filter, samples per record, reserved.
const SIGNAL_FIELDS: [usize; 10] = [16, 80, 8, 8, 8, 8, 8, 80, 8, 32];

/// What the fields of a written header say.
pub(super) struct Written<'a> {
    pub variant: Variant,
    pub title: &'a str,
    pub records: usize,
    pub duration_text: &'a str,
    /// Label, unit, range, samples per record; the last one is the annotation channel.
    pub signals: Vec<(String, String, Calibration, usize)>,
}

/// The bytes of a header. The person, the date and the equipment are given as unknown (`X`; EDF+'s date for
/// that is 01.01.85), the software as Tonus.
pub(super) fn bytes(w: &Written<'_>) -> Vec<u8> {
    let (low, high) = w.variant.digital();
    let mut out = w.variant.version().to_vec();
    let mut put = |text: &str, width: usize| out.extend(text.bytes().chain(std::iter::repeat(b' ')).take(width));
    put("X X X X", 80);
    put(&format!("Startdate X X X {SOFTWARE} {}", w.title.replace(' ', "_")), 80);
    put("01.01.85", 8);
    put("00.00.00", 8);
    put(&(FIXED * (w.signals.len() + 1)).to_string(), 8);
    put(&format!("{}+C", w.variant.name()), 44);
    put(&w.records.to_string(), 8);
    put(w.duration_text, 8);
    put(&w.signals.len().to_string(), 4);
    for (field, width) in SIGNAL_FIELDS.into_iter().enumerate() {
        for (label, unit, calibration, per_record) in &w.signals {
            let text = match field {
                0 => label.clone(),
                2 => unit.clone(),
                3 => calibration.low_text.clone(),
                4 => calibration.high_text.clone(),
                5 => low.to_string(),
                6 => high.to_string(),
                8 => per_record.to_string(),
                _ => String::new(),
            };
            put(&text, width);
        }
    }
    out
}

/// The part of a title that the header holds: printable ASCII, cut to what the field has left. Only a title
/// without underscores that fits comes back whole.
pub(super) fn title_field(title: &str) -> (String, bool) {
    let room = 80 - "Startdate X X X  ".len() - SOFTWARE.len();
    let ascii: String = title.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).take(room).collect();
    let whole = ascii == title && !title.contains('_');
    (ascii, whole)
}

/// Reads fixed-width fields and says where they are when they are wrong.
struct Fields<'a> {
    bytes: &'a [u8],
    path: &'a Path,
}

impl Fields<'_> {
    fn text(&self, at: usize, width: usize) -> String {
        let end = (at + width).min(self.bytes.len());
        // Old files hold Latin-1 (a micro sign, names); each byte is that character.
        self.bytes[at.min(end)..end]
            .iter()
            .map(|&b| char::from(b))
            .collect::<String>()
            .trim_matches([' ', '\0'])
            .to_owned()
    }

    fn number<T: std::str::FromStr>(&self, at: usize, width: usize, what: &str) -> Result<T, FormatError> {
        let text = self.text(at, width);
        text.parse().map_err(|_| {
            let mend = format!("correct bytes {at} to {}", at + width - 1);
            FormatError::malformed(self.path, Place::Byte(at as u64), format!("{what} is {text:?}, not a number"), mend)
        })
    }
}

/// Parses the header of a file of `length` bytes, of which `bytes` are the first ones at least.
pub(super) fn parse(bytes: &[u8], variant: Variant, path: &Path) -> Result<Header, FormatError> {
    let bad = |at: usize, problem: String, mend: &str| {
        Err(FormatError::malformed(path, Place::Byte(at as u64), problem, mend))
    };
    if bytes.len() < FIXED {
        return bad(
            bytes.len(),
            format!("the file ends within the header of {FIXED} bytes"),
            "it is cut short: copy it again",
        );
    }
    if &bytes[..8] != variant.version() {
        return bad(
            0,
            format!("not {}: the first eight bytes are {:?}", variant.name(), String::from_utf8_lossy(&bytes[..8])),
            "check the file's ending",
        );
    }
    let fields = Fields { bytes, path };
    let signals: usize = fields.number(252, 4, "number of signals")?;
    let declared: usize = fields.number(184, 8, "header size")?;
    let header = FIXED * (signals + 1);
    if declared != header {
        return bad(
            184,
            format!("the header says it has {declared} bytes, but {signals} signals need {header}"),
            "correct bytes 184 to 191 or 252 to 255",
        );
    }
    if bytes.len() < header {
        return bad(
            bytes.len(),
            format!("the file ends within the header of {header} bytes"),
            "it is cut short: copy it again",
        );
    }
    let reserved = fields.text(192, 44);
    let plus = reserved.starts_with("EDF+") || reserved.starts_with("BDF+");
    let continuous = !plus || !reserved[4..].starts_with('D');
    let duration_s: f64 = fields.number(244, 8, "record duration")?;
    if !(duration_s.is_finite() && duration_s >= 0.0) {
        return bad(244, format!("record duration is {duration_s} s"), "correct bytes 244 to 251");
    }

    let start_of = |field: usize, signal: usize| {
        let before: usize = SIGNAL_FIELDS[..field].iter().sum();
        FIXED + before * signals + SIGNAL_FIELDS[field] * signal
    };
    let mut list = Vec::with_capacity(signals);
    for s in 0..signals {
        let number = |field: usize, what: &str| {
            fields.number::<f64>(start_of(field, s), SIGNAL_FIELDS[field], &format!("{what} of signal {}", s + 1))
        };
        let (low, high) = (number(3, "physical minimum")?, number(4, "physical maximum")?);
        let (digital_low, digital_high): (i32, i32) = (
            fields.number(start_of(5, s), 8, &format!("digital minimum of signal {}", s + 1))?,
            fields.number(start_of(6, s), 8, &format!("digital maximum of signal {}", s + 1))?,
        );
        let per_record: usize = fields.number(start_of(8, s), 8, &format!("samples per record of signal {}", s + 1))?;
        let label = fields.text(start_of(0, s), 16);
        let Some(calibration) = Calibration::read(low, high, digital_low, digital_high) else {
            return bad(
                start_of(3, s),
                format!(
                    "signal {} ({label}) has the range {low} to {high} for the integers {digital_low} to {digital_high}",
                    s + 1
                ),
                "both ranges must be wider than nothing",
            );
        };
        let annotation = plus && label == variant.annotations();
        if !annotation && per_record == 0 {
            let problem = format!("signal {} ({label}) has no samples in a record", s + 1);
            return bad(start_of(8, s), problem, "leave the signal out, or correct its samples per record");
        }
        if !annotation && duration_s == 0.0 {
            return bad(
                244,
                format!("record duration is 0 s, but signal {} ({label}) has samples", s + 1),
                "correct bytes 244 to 251",
            );
        }
        list.push(SignalHeader { label, unit: fields.text(start_of(2, s), 8), calibration, per_record });
    }

    let records: i64 = fields.number(236, 8, "number of records")?;
    let record: usize =
        list.iter().map(|s| s.per_record.saturating_mul(variant.width())).fold(0, usize::saturating_add);
    let held = (bytes.len() - header).checked_div(record).unwrap_or(0);
    let rest = bytes.len() - header - held * record;
    let records = match records {
        -1 => held, // "not yet known": a recording that was not closed
        n if usize::try_from(n) == Ok(held) && rest == 0 => held,
        n => {
            let problem =
                format!("the header says {n} records of {record} bytes, the file holds {held} and {rest} bytes more");
            return bad(
                236,
                problem,
                "the file is cut short or has a tail: copy it again, or correct bytes 236 to 243",
            );
        }
    };
    let identification = fields.text(88, 80);
    let own = plus && identification.split(' ').nth(4) == Some(SOFTWARE);
    let title = match identification.strip_prefix("Startdate ") {
        Some(rest) if plus => rest.splitn(5, ' ').nth(4).unwrap_or_default().replace('_', " "),
        _ => identification,
    };
    Ok(Header { title, plus, continuous, own, records, duration_s, signals: list })
}
