//! Reading NPY and NPZ: what [`super::npy`] wrote, and plain arrays of numbers ([`super::arrays`]).

use std::io::{Cursor, Read};
use std::path::Path;

use npyz::{DType, Endianness, NpyHeader, Order, TypeChar, TypeStr};

use super::arrays::{self, Array, Cells};
use super::{FormatError, Place, ReadOptions, whole_file};
use crate::{Annotation, Channel, Recording};

/// First bytes of an NPY file, and of the zip file that an NPZ is.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";
pub(super) const ZIP_MAGIC: &[u8] = b"PK\x03\x04";

/// Longest header that is read: NumPy's own limit is 10 000 characters.
const LONGEST_HEADER: usize = 1 << 16;
/// Deepest nesting of brackets in it: a structure of arrays of structures has six.
const DEEPEST: usize = 12;
/// Most bytes that the arrays of an NPZ may unfold to (ten minutes of 64 channels at 2 kHz are 0.6 GB), and most numbers of one.
const LARGEST: u64 = 1 << 30;
const MOST_VALUES: usize = 1 << 28;

/// Reads an NPY file.
pub(super) fn read(path: &Path, options: &ReadOptions) -> Result<Recording, FormatError> {
    let bytes = whole_file::read(path)?;
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    match array_or_recording(&bytes, &name, path)? {
        Read1::Recording(recording) => Ok(recording),
        Read1::Array(array) => arrays::recording(&[array], &name, options, path),
        Read1::Other(what) => Err(FormatError::malformed(
            path,
            Place::Byte(0),
            format!("items of type {what}"),
            "save the signals as a plain array of numbers",
        )),
    }
}

/// Reads an NPZ file: its arrays as one recording.
pub(super) fn read_npz(path: &Path, options: &ReadOptions) -> Result<Recording, FormatError> {
    let bytes = whole_file::read(path)?;
    let bad = |problem: String| {
        FormatError::malformed(path, Place::Whole, problem, "the file is damaged or no NPZ: save it again")
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).map_err(|e| bad(e.to_string()))?;
    let (mut found, mut left) = (Vec::new(), LARGEST);
    for k in 0..archive.len() {
        let entry = archive.by_index(k).map_err(|e| bad(e.to_string()))?;
        let name = entry.name().map_err(|e| bad(e.to_string()))?.trim_end_matches(".npy").to_owned();
        let mut unfolded = Vec::new();
        entry.take(left.saturating_add(1)).read_to_end(&mut unfolded).map_err(|e| bad(format!("{name}: {e}")))?;
        left = left.checked_sub(unfolded.len() as u64).ok_or_else(|| {
            let problem = format!("its arrays unfold to more than {LARGEST} bytes");
            FormatError::malformed(path, Place::Whole, problem, "save a shorter stretch")
        })?;
        match array_or_recording(&unfolded, &name, path)? {
            Read1::Recording(recording) => return Ok(recording),
            Read1::Array(array) => found.push(array),
            // Objects, dates and the like lie beside signals in many archives.
            Read1::Other(_) => {}
        }
    }
    let title = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    arrays::recording(&found, &title, options, path)
}

enum Read1 {
    Recording(Recording),
    Array(Array),
    /// Neither numbers nor texts.
    Other(String),
}

fn array_or_recording(bytes: &[u8], name: &str, path: &Path) -> Result<Read1, FormatError> {
    let bad = |at: usize, problem: String, mend: &str| {
        FormatError::malformed(path, Place::Byte(at as u64), problem, mend.to_owned())
    };
    let again = "the file is damaged or no NPY: save it again";
    let (header, data) = header_of(bytes).map_err(|problem| bad(0, problem, again))?;
    let dtype = header.dtype();
    let Some(item) = width(&dtype) else { return Ok(Read1::Other(dtype.descr())) };
    let shape = header.shape().to_vec();
    let count = shape.iter().try_fold(1_u64, |n, s| n.checked_mul(*s)).and_then(|n| usize::try_from(n).ok());
    let count = count.filter(|n| *n <= MOST_VALUES && n.checked_mul(item) == Some(data.len())).ok_or_else(|| {
        let start = bytes.len() - data.len();
        bad(start, format!("{name}: {shape:?} items of {item} bytes declared, {} bytes there", data.len()), again)
    })?;
    match &dtype {
        DType::Record(fields) if shape.is_empty() && fields.iter().any(|f| f.name == "annotations") => {
            own(fields, data).map(Read1::Recording).ok_or_else(|| {
                bad(0, format!("{name}: a structure, but none that Tonus writes"), "save the signals as a plain array")
            })
        }
        DType::Plain(of) => {
            let Some(cells) = cells(of, data, count) else { return Ok(Read1::Other(of.to_string())) };
            let (rows, columns) = match shape.as_slice() {
                [] => (1, 1),
                [rows, rest @ ..] => (*rows as usize, rest.iter().product::<u64>() as usize),
            };
            let cells = match cells {
                Cells::Numbers(x) if header.order() == Order::C => {
                    Cells::Numbers((0..count).map(|k| x[k % rows * columns + k / rows]).collect())
                }
                other => other,
            };
            Ok(Read1::Array(Array { name: name.to_owned(), rows, columns, cells }))
        }
        other => Ok(Read1::Other(other.descr())),
    }
}

/// The header, checked before it is parsed, and the data behind it.
fn header_of(bytes: &[u8]) -> Result<(NpyHeader, &[u8]), String> {
    let version = bytes.get(6).copied().filter(|_| bytes.starts_with(MAGIC)).ok_or("it has not NPY's first bytes")?;
    let cut = || "it ends within its header".to_owned();
    let (before, length) = match version {
        1 => (10, bytes.get(8..10).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])))),
        _ => (12, bytes.get(8..12).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)),
    };
    let length = length.ok_or_else(cut)?;
    if length > LONGEST_HEADER {
        return Err(format!("its header of {length} bytes is longer than any that is read ({LONGEST_HEADER})"));
    }
    let text = bytes.get(before..before + length).ok_or_else(cut)?;
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    for b in text {
        // Brackets in the names of fields are none.
        if let Some(end) = quote {
            match b {
                _ if std::mem::take(&mut escaped) => {}
                b'\\' => escaped = true,
                b if *b == end => quote = None,
                _ => {}
            }
            continue;
        }
        match b {
            b'\'' | b'"' => quote = Some(*b),
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(format!("brackets nest more than {DEEPEST} deep in its header"));
        }
    }
    let header = NpyHeader::from_reader(bytes).map_err(|e| e.to_string())?;
    Ok((header, &bytes[before + length..]))
}

/// Bytes of an item.
fn width(dtype: &DType) -> Option<usize> {
    match dtype {
        DType::Plain(of) => of.num_bytes(),
        DType::Array(n, of) => width(of)?.checked_mul(usize::try_from(*n).ok()?),
        DType::Record(fields) => {
            fields.iter().try_fold(0_usize, |sum, f| width(&f.dtype).and_then(|w| sum.checked_add(w)))
        }
    }
}

/// `count` plain items.
fn cells(of: &TypeStr, data: &[u8], count: usize) -> Option<Cells> {
    let size = of.num_bytes()?;
    let big = of.endianness() == Endianness::Big;
    // Items without a width could be any number in no bytes.
    if size == 0 || size.checked_mul(count) != Some(data.len()) {
        return None;
    }
    let words = data.chunks_exact(size);
    macro_rules! as_f64 {
        ($t:ty) => {
            words
                .map(|b| {
                    let mut raw = [0_u8; size_of::<$t>()];
                    raw.copy_from_slice(b);
                    (if big { <$t>::from_be_bytes(raw) } else { <$t>::from_le_bytes(raw) }) as f64
                })
                .collect()
        };
    }
    Some(Cells::Numbers(match (of.type_char(), size) {
        (TypeChar::Float, 8) => as_f64!(f64),
        (TypeChar::Float, 4) => as_f64!(f32),
        (TypeChar::Int, 1) => as_f64!(i8),
        (TypeChar::Int, 2) => as_f64!(i16),
        (TypeChar::Int, 4) => as_f64!(i32),
        (TypeChar::Int, 8) => as_f64!(i64),
        (TypeChar::Uint | TypeChar::Bool, 1) => as_f64!(u8),
        (TypeChar::Uint, 2) => as_f64!(u16),
        (TypeChar::Uint, 4) => as_f64!(u32),
        (TypeChar::Uint, 8) => as_f64!(u64),
        (TypeChar::UnicodeStr, _) => return Some(Cells::Texts(words.map(|b| text(b, big)).collect())),
        _ => return None,
    }))
}

fn text(utf32: &[u8], big: bool) -> String {
    let code = |b: &[u8]| {
        let raw = [b[0], b[1], b[2], b[3]];
        if big { u32::from_be_bytes(raw) } else { u32::from_le_bytes(raw) }
    };
    let codes = utf32.chunks_exact(4).map(code).map(|c| char::from_u32(c).unwrap_or('\u{fffd}'));
    codes.collect::<String>().trim_end_matches('\0').to_owned()
}

/// Fields of a structure, taken one after another.
struct Taker<'a> {
    data: &'a [u8],
}

impl Taker<'_> {
    fn cells(&mut self, dtype: &DType) -> Option<Cells> {
        let (of, count) = match dtype {
            DType::Plain(of) => (of, 1),
            DType::Array(n, inner) => match inner.as_ref() {
                DType::Plain(of) => (of, usize::try_from(*n).ok()?),
                _ => return None,
            },
            DType::Record(_) => return None,
        };
        let (mine, rest) = self.data.split_at_checked(width(dtype)?)?;
        self.data = rest;
        cells(of, mine, count)
    }

    fn numbers(&mut self, dtype: &DType) -> Option<Vec<f64>> {
        match self.cells(dtype)? {
            Cells::Numbers(x) => Some(x),
            Cells::Texts(_) => None,
        }
    }

    fn text(&mut self, dtype: &DType) -> Option<String> {
        match self.cells(dtype)? {
            Cells::Texts(t) => t.into_iter().next(),
            Cells::Numbers(_) => None,
        }
    }
}

/// The recording that [`super::npy`] wrote.
fn own(fields: &[npyz::Field], data: &[u8]) -> Option<Recording> {
    let mut taker = Taker { data };
    let (title, rest) = fields.split_first().filter(|(f, _)| f.name == "title")?;
    let mut recording = Recording::titled(taker.text(&title.dtype)?);
    let (annotations, channels) = rest.split_last().filter(|(f, _)| f.name == "annotations")?;
    let mut channels = channels.iter().peekable();
    while let Some(signal) = channels.next() {
        let samples = taker.numbers(&signal.dtype)?;
        let unit = taker.text(&channels.next()?.dtype)?;
        let rate_hz = *taker.numbers(&channels.next()?.dtype)?.first()?;
        let label = match channels.next_if(|f| f.name == format!("{}.label", signal.name)) {
            Some(label) => taker.text(&label.dtype)?,
            None => signal.name.clone(),
        };
        recording.channels.push(Channel { label, unit, rate_hz, samples });
    }
    let (count, row) = match &annotations.dtype {
        DType::Array(n, row) => (usize::try_from(*n).ok()?, row.as_ref()),
        _ => return None,
    };
    let DType::Record(row) = row else { return None };
    let [onset, duration, text] = row.as_slice() else { return None };
    for _ in 0..count {
        recording.annotations.push(Annotation {
            onset_s: *taker.numbers(&onset.dtype)?.first()?,
            duration_s: *taker.numbers(&duration.dtype)?.first()?,
            text: taker.text(&text.dtype)?,
        });
    }
    Some(recording)
}
