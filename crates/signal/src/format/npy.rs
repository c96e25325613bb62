//! NPY, NumPy's array file (version 1.0 or 3.0): one structured scalar that holds the whole recording.
//!
//! ```python
//! r = numpy.load("ulnar.npy")          # no pickle, so no trust needed
//! r.dtype.names                        # ('title', 'ADM', 'ADM.unit', 'ADM.rate_hz', 'annotations')
//! r["ADM"], float(r["ADM.rate_hz"])    # samples (float64) and rate
//! r["annotations"]["onset_s"]
//! ```
//! A plain table would lose labels, units, rates and annotations, and cannot hold channels of
//! different length. Labels that repeat get `.2`, `.3` ... added, and the label itself is then in a field `NAME.label`. The header is one line of Python literals, so it is
//! written here without a library.

use std::path::Path;

use super::{FormatError, whole_file::WholeFile};
use crate::Recording;

/// Longest header that `numpy.load` opens without being told to trust the file, less the padding to a multiple of 64.
const LONGEST_HEADER: usize = 9_900;

/// Writes a recording; see the module.
pub(super) fn write(recording: &Recording, path: &Path) -> Result<(), FormatError> {
    let names = names(recording);
    let title = Text::of(&recording.title);
    let mut fields = vec![format!("('title', '<U{}')", title.width)];
    let mut bytes = title.padded(title.width);
    for (channel, name) in recording.channels.iter().zip(&names) {
        let unit = Text::of(&channel.unit);
        fields.push(format!("({}, '<f8', ({},))", python(name), channel.samples.len()));
        fields.push(format!("({}, '<U{}')", python(&format!("{name}.unit")), unit.width));
        fields.push(format!("({}, '<f8')", python(&format!("{name}.rate_hz"))));
        bytes.extend(channel.samples.iter().flat_map(|x| x.to_le_bytes()));
        bytes.extend(unit.padded(unit.width));
        bytes.extend(channel.rate_hz.to_le_bytes());
        if *name != channel.label {
            let label = Text::of(&channel.label);
            fields.push(format!("({}, '<U{}')", python(&format!("{name}.label")), label.width));
            bytes.extend(label.padded(label.width));
        }
    }
    let texts: Vec<Text> = recording.annotations.iter().map(|a| Text::of(&a.text)).collect();
    let width = texts.iter().map(|t| t.width).max().unwrap_or(1);
    fields.push(format!(
        "('annotations', [('onset_s', '<f8'), ('duration_s', '<f8'), ('text', '<U{width}')], ({},))",
        texts.len()
    ));
    for (annotation, text) in recording.annotations.iter().zip(&texts) {
        bytes.extend(annotation.onset_s.to_le_bytes());
        bytes.extend(annotation.duration_s.to_le_bytes());
        bytes.extend(text.padded(width));
    }
    if bytes.len() > i32::MAX as usize {
        return Err(FormatError::unwritable(
            path,
            "channels",
            format!("take {} bytes, NumPy's structures end at 2147483647", bytes.len()),
            "write parts, or another format",
        ));
    }

    let mut header = format!("{{'descr': [{}], 'fortran_order': False, 'shape': ()}}", fields.join(", "));
    if header.chars().count() > LONGEST_HEADER {
        return Err(FormatError::unwritable(
            path,
            "channels",
            format!("take {} characters of header, NumPy opens up to {LONGEST_HEADER}", header.chars().count()),
            "write fewer channels or shorter labels, or another format",
        ));
    }
    // Version 3.0 has a 4-byte length and is UTF-8; 1.0 has 2 bytes and is ASCII. The data start at a multiple of 64.
    let old = header.is_ascii();
    let before = if old { 10 } else { 12 };
    let spaces = (before + header.len() + 1).next_multiple_of(64) - (before + header.len() + 1);
    header.extend(std::iter::repeat_n(' ', spaces));
    header.push('\n');
    let mut head = b"\x93NUMPY".to_vec();
    if old {
        head.extend([1, 0]);
        head.extend((header.len() as u16).to_le_bytes());
    } else {
        head.extend([3, 0]);
        head.extend((header.len() as u32).to_le_bytes());
    }
    let mut file = WholeFile::create(path)?;
    file.write(&head)?;
    file.write(header.as_bytes())?;
    file.write(&bytes)?;
    file.place()
}

/// A text as UTF-32 with its width in characters (at least one).
struct Text {
    code_points: Vec<u32>,
    width: usize,
}

impl Text {
    fn of(text: &str) -> Self {
        let code_points: Vec<u32> = text.chars().map(u32::from).collect();
        let width = code_points.len().max(1);
        Self { code_points, width }
    }

    fn padded(&self, width: usize) -> Vec<u8> {
        self.code_points.iter().copied().chain(std::iter::repeat(0)).take(width).flat_map(u32::to_le_bytes).collect()
    }
}

/// Unique, non-empty field names for the channels.
fn names(recording: &Recording) -> Vec<String> {
    let mut taken = vec!["title".to_owned(), "annotations".to_owned()];
    recording
        .channels
        .iter()
        .map(|channel| {
            let base = if channel.label.is_empty() { "channel" } else { &channel.label };
            let mut name = base.to_owned();
            let mut count = 2;
            let fields = |name: &str| ["", ".unit", ".rate_hz", ".label"].map(|field| format!("{name}{field}"));
            while fields(&name).iter().any(|n| taken.contains(n)) {
                name = format!("{base}.{count}");
                count += 1;
            }
            taken.extend(fields(&name));
            name
        })
        .collect()
}

/// A Python string literal; control characters were refused before.
fn python(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let r = Recording::titled("")
            .with_channel("a", "1", 1.0, vec![])
            .with_channel("a", "1", 1.0, vec![])
            .with_channel("", "1", 1.0, vec![])
            .with_channel("a.2", "1", 1.0, vec![]);
        assert_eq!(names(&r), ["a", "a.2", "channel", "a.2.2"]);
    }

    #[test]
    fn what_numpy_would_not_open_is_refused() {
        let path = std::env::temp_dir().join(format!("tonus-npy-header-{}.npy", std::process::id()));
        let of = |channels: usize| {
            (0..channels)
                .fold(Recording::titled("many"), |r, k| r.with_channel(&format!("ADM, stim {k}"), "mV", 1.0, vec![0.0]))
        };
        let error = write(&of(200), &path).expect_err("a header of 20 000 characters");
        assert!(error.to_string().contains("NumPy opens up to"), "{error}");
        assert!(!path.exists());
        write(&of(60), &path).expect("a short one");
        std::fs::remove_file(&path).expect("it was written");
    }

    #[test]
    fn brackets_and_quotes_in_labels_are_no_structure() {
        let path = std::env::temp_dir().join(format!("tonus-npy-brackets-{}.npy", std::process::id()));
        let labels = ["((((((((((((((", "it's [[[[[[[[[[[[[", "back\\slash \"{{{{{{{{{{{{{{"];
        let recording = labels.iter().fold(Recording::titled("t"), |r, l| r.with_channel(l, "mV", 1.0, vec![1.0]));
        write(&recording, &path).expect("a file");
        let found = super::super::npy_read::read(&path, &crate::format::ReadOptions::default());
        std::fs::remove_file(&path).expect("it was written");
        assert_eq!(found.expect("the same"), recording);
    }

    #[test]
    fn literals_are_escaped() {
        assert_eq!(python("5' \\"), "'5\\' \\\\'");
    }
}
