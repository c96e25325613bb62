//! File formats of recordings: EDF+, BDF+, WFDB, CSV, NPY (write only), and Qtrac's MEM (read only).
//!
//! | format | samples | annotations | rates |
//! |---|---|---|---|
//! | EDF+ | 16 bit over each channel's own range | yes | any that make whole samples per record |
//! | BDF+ | 24 bit, the same way | yes | the same |
//! | WFDB | 16 bit (format 16); reads 16 and 212 | as comments in the header | the same |
//! | CSV | exact | yes | any |
//! | NPY | exact | yes | any; not read |
//! | BIDS-EMG | a data set of EDF+ files ([`bids`]) | yes | as EDF+; not read |
//! | openhdemg | exact, electrical channels | discharges of units | one; not read |
//! | MEM | as printed | no | one sample a stimulus; not written |
//!
//! A file appears whole or not at all: it is written beside its place under a temporary name and then
//! renamed. Nothing is resampled, cut or repaired: what a format cannot hold is an error that says
//! what to do instead. Sizes that a file declares are checked against its length before memory is taken.

pub mod bids;
mod calibration;
mod csv;
mod edf;
mod edf_annotation;
mod edf_header;
mod error;
mod npy;
mod openhdemg;
mod qtrac;
mod record_plan;
mod wfdb;
mod wfdb_header;
mod whole_file;

use std::path::Path;

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
            "csv" => Some(Self::Csv),
            "npy" => Some(Self::Npy),
            "openhdemg" => Some(Self::OpenHdEmg),
            "mem" => Some(Self::Qtrac),
            _ => None,
        }
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
    match format {
        Format::EdfPlus => edf::write(recording, path, edf_header::Variant::Edf),
        Format::BdfPlus => edf::write(recording, path, edf_header::Variant::Bdf),
        Format::Wfdb => wfdb::write(recording, path),
        Format::Csv => csv::write(recording, path),
        Format::Npy => npy::write(recording, path),
        Format::OpenHdEmg => openhdemg::write(recording, path),
        Format::Qtrac => Err(FormatError::unwritable(
            path,
            "format",
            "MEM is Qtrac's own and only read",
            "write EDF+, BDF+, WFDB, CSV or NPY",
        )),
    }
}

/// Reads a recording; the path's ending says the format.
///
/// # Errors
/// [`FormatError::UnknownFormat`], [`FormatError::Io`], or [`FormatError::Malformed`] with the place and
/// the mend.
pub fn read(path: &Path) -> Result<Recording, FormatError> {
    let recording = match Format::from_path(path) {
        Some(Format::EdfPlus) => edf::read(path, edf_header::Variant::Edf),
        Some(Format::BdfPlus) => edf::read(path, edf_header::Variant::Bdf),
        Some(Format::Wfdb) => wfdb::read(path),
        Some(Format::Csv) => csv::read(path),
        Some(Format::Qtrac) => qtrac::read(path),
        Some(Format::Npy | Format::OpenHdEmg) | None => Err(FormatError::UnknownFormat { path: path.to_owned() }),
    }?;
    match not_finite(&recording) {
        None => Ok(recording),
        Some((field, problem)) => Err(FormatError::malformed(
            path,
            Place::Whole,
            format!("{field} {problem}"),
            "its calibration, rate or time stamps are beyond what numbers can hold: mend the header",
        )),
    }
}

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
    for (k, channel) in recording.channels.iter().enumerate() {
        let field = |name: &str| format!("channels[{k}].{name}");
        for (name, text) in [("label", &channel.label), ("unit", &channel.unit)] {
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
