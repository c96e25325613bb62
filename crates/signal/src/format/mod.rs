//! File formats of recordings: EDF+, BDF+, WFDB, CSV, NPY and BIDS-EMG, read and written; NPZ, MATLAB's MAT and Qtrac's MEM, read only.
//!
//! | format | samples | annotations | rates |
//! |---|---|---|---|
//! | EDF+ | 16 bit over each channel's own range | yes | any that make whole samples per record |
//! | BDF+ | 24 bit, the same way | yes | the same |
//! | WFDB | 16 bit (format 16); reads 16 and 212 | as comments in the header | the same |
//! | CSV (TSV) | exact | yes | any, and values at times of their own |
//! | NPY | exact | yes | any; reads plain arrays too |
//! | NPZ | reads named arrays | no | one |
//! | MAT | reads level 5, as OTBiolab+ exports it | its decomposed trains | one |
//! | BIDS-EMG | a data set of EDF+ or BDF+ files ([`bids`]) | yes | as EDF+ |
//! | openhdemg | exact, electrical channels | discharges of units | one; not read |
//! | MEM | as printed | no | one sample a stimulus; not written |
//!
//! What a file is, its first bytes say where they can; its ending only where they can't.
//!
//! A file appears whole or not at all: it is written beside its place under a temporary name and then
//! renamed. Nothing is resampled, cut or repaired: what a format cannot hold is an error that says
//! what to do instead. Sizes that a file declares are checked against its length before memory is taken.

mod arrays;
pub mod bids;
mod bids_read;
mod calibration;
mod csv;
mod edf;
mod edf_annotation;
mod edf_header;
mod error;
mod headerless;
mod mat;
mod npy;
mod npy_read;
mod openhdemg;
mod qtrac;
mod record_plan;
mod wfdb;
mod wfdb_header;
mod whole_file;

use std::path::{Path, PathBuf};

pub use error::{FormatError, Place};

use crate::Recording;

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// European Data Format plus, `.edf`: 16 bit, continuous, with annotations.
    EdfPlus,
    /// BioSemi's 24-bit form of it, `.bdf`, with annotations.
    BdfPlus,
    /// PhysioNet's WFDB: a text header `.hea` and a signal file `.dat` (format 16).
    Wfdb,
    /// Text, `.csv`: one time column and the channels in columns.
    Csv,
    /// NumPy's array file, `.npy`.
    Npy,
    /// NumPy's archive of arrays, `.npz`; read only.
    Npz,
    /// MATLAB's file of level 5, `.mat`; read only.
    Mat,
    /// The table of openhdemg's `emg_from_customcsv`: signals and discharges; write only.
    OpenHdEmg,
    /// Qtrac's text of a CMAP scan, `.mem`; read only.
    Qtrac,
}

impl Format {
    /// The formats that hold any recording.
    pub const ALL: [Self; 5] = [Self::EdfPlus, Self::BdfPlus, Self::Wfdb, Self::Csv, Self::Npy];

    /// Name and file ending: `edf`, `bdf`, `hea`, `csv`, `npy`, `openhdemg.csv`, `mem`.
    pub fn extension(self) -> &'static str {
        match self {
            Self::EdfPlus => "edf",
            Self::BdfPlus => "bdf",
            Self::Wfdb => "hea",
            Self::Csv => "csv",
            Self::Npy => "npy",
            Self::Npz => "npz",
            Self::Mat => "mat",
            Self::OpenHdEmg => "openhdemg.csv",
            Self::Qtrac => "mem",
        }
    }

    /// The format of a name: its extension, or `edf+`, `bdf+`, `wfdb`, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "edf" | "edf+" => Some(Self::EdfPlus),
            "bdf" | "bdf+" => Some(Self::BdfPlus),
            "hea" | "wfdb" => Some(Self::Wfdb),
            "csv" | "tsv" | "ts" => Some(Self::Csv),
            "npy" => Some(Self::Npy),
            "npz" => Some(Self::Npz),
            "mat" => Some(Self::Mat),
            "openhdemg" => Some(Self::OpenHdEmg),
            "mem" => Some(Self::Qtrac),
            _ => None,
        }
    }

    /// The format that the first bytes of a file say, where they do.
    fn of_content(start: &[u8]) -> Option<Self> {
        let starts: [(&[u8], Self); 7] = [
            (b"\xffBIOSEMI", Self::BdfPlus),
            (b"0       ", Self::EdfPlus),
            (npy_read::MAGIC, Self::Npy),
            (npy_read::ZIP_MAGIC, Self::Npz),
            (mat::MAGIC, Self::Mat),
            (b"MATLAB 7.3", Self::Mat),
            (csv::FIRST_LINE.as_bytes(), Self::Csv),
        ];
        let said = starts.iter().find(|(bytes, _)| start.starts_with(bytes)).map(|(_, format)| *format);
        let scan = || start.windows(8).any(|w| w == b"Protocol").then_some(Self::Qtrac);
        said.or_else(|| scan().filter(|_| start.windows(5).any(|w| w == b"MSCAN")))
    }

    /// The format that a path's ending means (`.dat` too is WFDB, by its header).
    pub fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        if extension.eq_ignore_ascii_case("dat") { Some(Self::Wfdb) } else { Self::from_name(extension) }
    }
}

/// Writes a recording. An existing file is replaced once the new one is complete.
///
/// # Errors
/// [`FormatError::Unwritable`] if the format cannot hold the recording, [`FormatError::Io`] if the disk fails.
pub fn write(recording: &Recording, path: &Path, format: Format) -> Result<(), FormatError> {
    check(recording, path)?;
    if !recording.series.is_empty() && format != Format::Csv {
        let problem = "hold values at times of their own, which only CSV keeps".to_owned();
        return Err(FormatError::unwritable(path, "series", problem, "write CSV, or resample them to a rate"));
    }
    match format {
        Format::EdfPlus => edf::write(recording, path, edf_header::Variant::Edf),
        Format::BdfPlus => edf::write(recording, path, edf_header::Variant::Bdf),
        Format::Wfdb => wfdb::write(recording, path),
        Format::Csv => csv::write(recording, path),
        Format::Npy => npy::write(recording, path),
        Format::OpenHdEmg => openhdemg::write(recording, path),
        Format::Qtrac | Format::Mat | Format::Npz => Err(FormatError::unwritable(
            path,
            "format",
            format!("{} is only read", format.extension().to_uppercase()),
            "write EDF+, BDF+, WFDB, CSV or NPY",
        )),
    }
}

/// What a file may leave unsaid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadOptions {
    /// Sampling rate of plain arrays (NPY, NPZ, MAT), Hz.
    pub rate_hz: Option<f64>,
    /// Unit of channels that come without one there.
    pub unit: Option<String>,
}

/// A recording of a file or a data set, and where it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The file.
    pub path: PathBuf,
    /// Where it begins, s from the start of the file: above nought for what follows a gap.
    pub start_s: f64,
    /// What it holds.
    pub recording: Recording,
}

/// Reads the one recording of a file.
///
/// # Errors
/// As [`read_all`]; and if there are several.
pub fn read(path: &Path) -> Result<Recording, FormatError> {
    let mut found = read_all(path, &ReadOptions::default())?;
    match (found.pop(), found.len()) {
        (Some(one), 0) => Ok(one.recording),
        (_, others) => Err(FormatError::malformed(
            path,
            Place::Whole,
            format!("holds {} recordings where one is wanted", others + 1),
            "read all of them, or cut it into files",
        )),
    }
}

/// Reads every recording of a file, or of a BIDS-EMG data set's folder: one of most files, and one of each stretch of an EDF+ file with gaps.
///
/// # Errors
/// [`FormatError::UnknownFormat`], [`FormatError::Io`], or [`FormatError::Malformed`] with the place and
/// the mend.
pub fn read_all(path: &Path, options: &ReadOptions) -> Result<Vec<Found>, FormatError> {
    if path.is_dir() {
        return bids_read::read(path, options);
    }
    let start = whole_file::first_bytes(path, CONTENT_BYTES)?;
    let whole = |recording: Recording| vec![(0.0, recording)];
    let mut recordings = match Format::of_content(&start).or_else(|| Format::from_path(path)) {
        Some(Format::EdfPlus) => edf::read(path, edf_header::Variant::Edf)?,
        Some(Format::BdfPlus) => edf::read(path, edf_header::Variant::Bdf)?,
        Some(Format::Wfdb) => whole(wfdb::read(path)?),
        Some(Format::Csv) => whole(csv::read(path)?),
        Some(Format::Qtrac) => whole(qtrac::read(path)?),
        Some(Format::Npy) => whole(npy_read::read(path, options)?),
        Some(Format::Npz) => whole(npy_read::read_npz(path, options)?),
        Some(Format::Mat) => whole(mat::read(path, options)?),
        Some(Format::OpenHdEmg) | None => return Err(FormatError::UnknownFormat { path: path.to_owned() }),
    };
    // Not every writer keeps the order of time.
    for (_, recording) in &mut recordings {
        recording.annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    }
    if let Some((field, problem)) = recordings.iter().find_map(|(_, recording)| not_finite(recording)) {
        return Err(FormatError::malformed(
            path,
            Place::Whole,
            format!("{field} {problem}"),
            "its calibration, rate or time stamps are beyond what numbers can hold: mend the header",
        ));
    }
    if let Some(unit) = &options.unit {
        let channels = recordings.iter_mut().flat_map(|(_, r)| &mut r.channels);
        channels.filter(|c| ["", "1"].contains(&c.unit.as_str())).for_each(|c| c.unit.clone_from(unit));
    }
    let found = |(start_s, recording)| Found { path: path.to_owned(), start_s, recording };
    Ok(recordings.into_iter().map(found).collect())
}

/// How far into a file its format is looked for, bytes: a MEM file names its protocol in its first lines.
const CONTENT_BYTES: usize = 4_096;

/// The first number of a recording that is none, or a rate that is not positive: its field and what it is.
fn not_finite(recording: &Recording) -> Option<(String, String)> {
    for (k, channel) in recording.channels.iter().enumerate() {
        if !(channel.rate_hz.is_finite() && channel.rate_hz > 0.0) {
            return Some((format!("channels[{k}].rate_hz"), format!("is {}", channel.rate_hz)));
        }
        if let Some(i) = channel.samples.iter().position(|x| !x.is_finite()) {
            return Some((format!("channels[{k}].samples[{i}]"), format!("is {}", channel.samples[i])));
        }
    }
    for (k, series) in recording.series.iter().enumerate() {
        let longer = series.times_s.len().max(series.values.len());
        let wrong = |i: usize| {
            let (time, value) = (series.times_s.get(i).copied(), series.values.get(i).copied());
            !time
                .zip(value)
                .is_some_and(|(t, x)| t.is_finite() && x.is_finite() && (i == 0 || t >= series.times_s[i - 1]))
        };
        if let Some(i) = (0..longer).find(|&i| wrong(i)) {
            let of = |x: Option<&f64>| x.map_or("missing".to_owned(), f64::to_string);
            let problem = format!("is {} at {} s", of(series.values.get(i)), of(series.times_s.get(i)));
            return Some((format!("series[{k}].values[{i}]"), problem));
        }
    }
    let wrong = |a: &crate::Annotation| !a.onset_s.is_finite() || !a.duration_s.is_finite() || a.duration_s < 0.0;
    let k = recording.annotations.iter().position(wrong)?;
    let a = &recording.annotations[k];
    Some((format!("annotations[{k}]"), format!("has onset {} s and duration {} s", a.onset_s, a.duration_s)))
}

/// What no format takes: non-finite numbers, rates that are not positive, control characters in texts.
fn check(recording: &Recording, path: &Path) -> Result<(), FormatError> {
    let no = |field: String, problem: String, mend: &str| Err(FormatError::unwritable(path, field, problem, mend));
    let plain = |text: &str| !text.chars().any(char::is_control);
    if !plain(&recording.title) {
        return no("title".into(), format!("{:?} holds a control character", recording.title), "remove it");
    }
    if let Some((field, problem)) = not_finite(recording) {
        return no(field, problem, "give finite numbers, positive rates, durations from 0: cut or interpolate gaps");
    }
    let channels = recording.channels.iter().enumerate().map(|(k, c)| (format!("channels[{k}]"), &c.label, &c.unit));
    let series = recording.series.iter().enumerate().map(|(k, s)| (format!("series[{k}]"), &s.label, &s.unit));
    for (place, label, unit) in channels.chain(series) {
        let field = |name: &str| format!("{place}.{name}");
        for (name, text) in [("label", label), ("unit", unit)] {
            if !plain(text) || text.trim() != text {
                return no(field(name), format!("{text:?} holds a control character or outer spaces"), "remove them");
            }
        }
    }
    for (k, a) in recording.annotations.iter().enumerate() {
        if !plain(&a.text) || a.text.trim() != a.text || a.text.is_empty() {
            return no(
                format!("annotations[{k}].text"),
                format!("{:?} is empty, or holds a control character or outer spaces", a.text),
                "give it a plain text",
            );
        }
    }
    Ok(())
}
