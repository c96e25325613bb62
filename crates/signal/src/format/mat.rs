//! MATLAB's MAT file, level 5, read only: numbers, texts and cells of them, compressed or not. What OTBiolab+ exports.
//!
//! Written from the format's public description (MathWorks, "MAT-File Format"). Structures, objects, sparse arrays and the imaginary part of
//! complex ones are left out; level 7.3 is HDF5 and refused.

use std::io::Read;
use std::path::Path;

use super::arrays::{self, Array, Cells};
use super::{FormatError, Place, ReadOptions, whole_file};
use crate::Recording;

/// First bytes of a MAT file of level 5.
pub(super) const MAGIC: &[u8] = b"MATLAB 5.0 MAT-file";

const HEADER: usize = 128;
/// Cells within cells; OTBiolab+ has one.
const DEEPEST: usize = 4;
/// Most bytes that the compressed variables of a file may unfold to: ten minutes of 64 channels at 2 kHz in 64-bit numbers are 0.6 GB.
const LARGEST: u64 = 1 << 30;
/// Most numbers or characters of a variable: each becomes eight bytes.
const MOST_VALUES: usize = 1 << 28;

const MI_INT32: u32 = 5;
const MI_MATRIX: u32 = 14;
const MI_COMPRESSED: u32 = 15;
const CLASS_CELL: u8 = 1;
const CLASS_CHAR: u8 = 4;

/// One data element: type, payload, and where it begins.
struct Element<'a> {
    kind: u32,
    data: &'a [u8],
}

/// Elements of a stretch of bytes, one after another.
struct Elements<'a> {
    bytes: &'a [u8],
    at: usize,
    big_endian: bool,
    /// Whether each is padded to a multiple of eight bytes (within arrays).
    padded: bool,
}

impl<'a> Elements<'a> {
    fn word(&self, at: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.get(at..at + 4)?.try_into().ok()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// The next element; an error says at which byte of the stretch it breaks off.
    fn next(&mut self) -> Option<Result<Element<'a>, usize>> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let start = self.at;
        let found = self.word(start).and_then(|first| {
            if first >> 16 != 0 {
                // Small element: size and type in one word, up to four bytes of data in the next.
                let size = (first >> 16) as usize;
                self.at = start + 8;
                return Some(Element {
                    kind: first & 0xffff,
                    data: self.bytes.get(start + 4..start + 4 + size.min(5))?,
                })
                .filter(|_| size <= 4);
            }
            let size = self.word(start + 4)? as usize;
            let end = start.checked_add(8)?.checked_add(size)?;
            let data = self.bytes.get(start + 8..end)?;
            self.at = if self.padded { end.next_multiple_of(8) } else { end };
            Some(Element { kind: first, data })
        });
        Some(found.ok_or(start))
    }
}

/// Reads the file; see the module.
pub(super) fn read(path: &Path, options: &ReadOptions) -> Result<Recording, FormatError> {
    let bytes = whole_file::read(path)?;
    let bad = |at: usize, problem: &str, mend: &str| {
        FormatError::malformed(path, Place::Byte(at as u64), problem.to_owned(), mend.to_owned())
    };
    if !bytes.starts_with(MAGIC) || bytes.len() < HEADER {
        let hdf = bytes.starts_with(b"MATLAB 7.3");
        let problem = if hdf { "a MAT file of level 7.3 (HDF5)" } else { "no MAT file of level 5" };
        return Err(bad(0, problem, "save it in MATLAB with -v7 or -v6"));
    }
    let big_endian = match &bytes[126..128] {
        b"IM" => false,
        b"MI" => true,
        _ => return Err(bad(126, "neither IM nor MI says the order of bytes", "export it again")),
    };
    let mut left = LARGEST;
    let mut found = Vec::new();
    let mut elements = Elements { bytes: &bytes[HEADER..], at: 0, big_endian, padded: false };
    while let Some(element) = elements.next() {
        let cut = "the file is cut short or damaged: export it again";
        let at = HEADER + elements.at;
        let element = element.map_err(|at| bad(HEADER + at, "an element reaches beyond the end", cut))?;
        let mut unfolded = Vec::new();
        let matrix = match element.kind {
            MI_COMPRESSED => {
                let mut reader = flate2::read::ZlibDecoder::new(element.data).take(left.saturating_add(1));
                reader.read_to_end(&mut unfolded).map_err(|e| bad(at, &format!("a compressed variable: {e}"), cut))?;
                left = left.checked_sub(unfolded.len() as u64).ok_or_else(|| {
                    bad(at, &format!("variables unfold to more than {LARGEST} bytes"), "export a shorter stretch")
                })?;
                let mut inner = Elements { bytes: &unfolded, at: 0, big_endian, padded: false };
                match inner.next() {
                    Some(Ok(Element { kind: MI_MATRIX, data })) => data,
                    Some(Ok(_)) | None => continue,
                    Some(Err(_)) => return Err(bad(at, "a compressed variable breaks off", cut)),
                }
            }
            MI_MATRIX => element.data,
            _ => continue,
        };
        let array = matrix_of(matrix, big_endian, DEEPEST)
            .map_err(|problem| bad(at, &problem, "the file is damaged, or written by something else than MATLAB"))?;
        found.extend(array);
    }
    let title = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    arrays::recording(&found, &title, options, path)
}

/// The array of a matrix element; `None` if it is of a class that is left out.
fn matrix_of(bytes: &[u8], big_endian: bool, depth: usize) -> Result<Option<Array>, String> {
    // An empty cell is stored as an element without anything in it.
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut elements = Elements { bytes, at: 0, big_endian, padded: true };
    let mut next = |what: &str| match elements.next() {
        Some(Ok(element)) => Ok(element),
        _ => Err(format!("a variable without {what}")),
    };
    let flags = next("flags")?;
    let flags = flags.data.get(..4).and_then(|b| b.try_into().ok()).ok_or("a variable without flags")?;
    let class = if big_endian { u32::from_be_bytes(flags) } else { u32::from_le_bytes(flags) } as u8;
    // What is left out has parts of its own, which begin otherwise.
    if !matches!(class, CLASS_CELL | CLASS_CHAR | 6..=15) {
        return Ok(None);
    }
    let dimensions = next("dimensions")?;
    let name: String = next("a name")?.data.iter().map(|b| char::from(*b)).collect();
    let sizes: Option<Vec<usize>> = (dimensions.kind == MI_INT32)
        .then(|| numbers(&dimensions, big_endian))
        .transpose()?
        .and_then(|x| x.into_iter().map(|x| (x >= 0.0).then_some(x as usize)).collect());
    let sizes = sizes.ok_or_else(|| format!("variable {name:?} with dimensions that are no whole numbers"))?;
    let [rows, rest @ ..] = sizes.as_slice() else { return Err(format!("variable {name:?} without dimensions")) };
    let too_large = || format!("variable {name:?} has dimensions {sizes:?}, more than it holds or than is read");
    let columns = rest.iter().try_fold(1_usize, |n, s| n.checked_mul(*s)).ok_or_else(too_large)?;
    let count = rows.checked_mul(columns).filter(|n| *n <= MOST_VALUES).ok_or_else(too_large)?;
    if count == 0 {
        return Ok(None);
    }
    let array = |cells| Array { name: name.clone(), rows: *rows, columns, cells };
    match class {
        CLASS_CHAR => {
            let data = next("its characters")?;
            let codes = numbers(&data, big_endian)?;
            if codes.len() != count {
                return Err(too_large());
            }
            let text = |r: usize| -> String {
                let codes = (0..columns).map(|c| codes[c * rows + r] as u32);
                codes.map(|code| char::from_u32(code).unwrap_or('\u{fffd}')).collect()
            };
            Ok(Some(array(Cells::Texts((0..*rows).map(text).collect()))))
        }
        CLASS_CELL if depth > 0 => {
            let mut texts = Vec::new();
            let mut inner = None;
            while let Some(element) = elements.next() {
                let element = element.map_err(|_| format!("cell of {name:?} that breaks off"))?;
                match matrix_of(element.data, big_endian, depth - 1)? {
                    Some(Array { cells: Cells::Texts(t), .. }) => texts.push(t.join(" ")),
                    Some(numbers) if count == 1 => inner = Some(Array { name: name.clone(), ..numbers }),
                    _ => {}
                }
            }
            Ok(match inner {
                Some(numbers) => Some(numbers),
                None if texts.len() == count => Some(array(Cells::Texts(texts))),
                None => None,
            })
        }
        6..=15 => {
            let data = next("its numbers")?;
            let x = numbers(&data, big_endian)?;
            if x.len() != count {
                return Err(too_large());
            }
            Ok(Some(array(Cells::Numbers(x))))
        }
        _ => Ok(None),
    }
}

/// The numbers of an element, whatever they are stored as.
fn numbers(element: &Element<'_>, big_endian: bool) -> Result<Vec<f64>, String> {
    if element.data.len() > 8 * MOST_VALUES {
        return Err(format!("a variable of {} bytes, more than is read", element.data.len()));
    }
    macro_rules! as_f64 {
        ($t:ty) => {
            element
                .data
                .chunks_exact(size_of::<$t>())
                .map(|b| {
                    let mut raw = [0_u8; size_of::<$t>()];
                    raw.copy_from_slice(b);
                    (if big_endian { <$t>::from_be_bytes(raw) } else { <$t>::from_le_bytes(raw) }) as f64
                })
                .collect()
        };
    }
    Ok(match element.kind {
        1 => as_f64!(i8),
        2 | 16 => as_f64!(u8),
        3 => as_f64!(i16),
        4 | 17 => as_f64!(u16),
        5 => as_f64!(i32),
        6 => as_f64!(u32),
        7 => as_f64!(f32),
        9 => as_f64!(f64),
        12 => as_f64!(i64),
        13 => as_f64!(u64),
        kind => return Err(format!("numbers of type {kind}, which is none of MATLAB's")),
    })
}
