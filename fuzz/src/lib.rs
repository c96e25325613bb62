//! What every reader must hold to, whatever bytes it is given: an error, or recordings of finite numbers with rates above nought and
//! times in their order; in bounded time and memory; never a panic.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tonus_signal::format::{ReadOptions, read_all};

/// Separates the files of one input where a reader opens several.
const BETWEEN: u8 = 0;

/// A folder of this process.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let path = std::env::temp_dir().join(format!("tonus-fuzz-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder for the files");
        path
    })
}

/// Reads the bytes as a file of that name.
pub fn file(name: &str, bytes: &[u8]) {
    let path = folder().join(name);
    fs::write(&path, bytes).expect("written");
    reads(&path);
}

/// Reads the first of several files: the input is parted at its first zero bytes, the last part has the rest.
pub fn files(names: &[&str], bytes: &[u8]) {
    write(names, bytes);
    reads(&folder().join(names[0]));
}

/// Reads the folder of several files, parted like those of [`files`].
pub fn data_set(names: &[&str], bytes: &[u8]) {
    write(names, bytes);
    reads(folder());
}

fn write(names: &[&str], bytes: &[u8]) {
    let parts = bytes.splitn(names.len(), |b| *b == BETWEEN);
    for (name, part) in names.iter().zip(parts.chain(std::iter::repeat(&[][..]))) {
        fs::write(folder().join(name), part).expect("written");
    }
}

fn reads(path: &Path) {
    let options = ReadOptions { rate_hz: Some(1_000.0), unit: None };
    let Ok(found) = read_all(path, &options) else { return };
    for one in found {
        for channel in &one.recording.channels {
            assert!(channel.rate_hz.is_finite() && channel.rate_hz > 0.0);
            assert!(channel.samples.iter().all(|x| x.is_finite()));
        }
        for series in &one.recording.series {
            assert_eq!(series.times_s.len(), series.values.len());
            assert!(series.times_s.windows(2).all(|w| w[0] <= w[1]) && series.values.iter().all(|x| x.is_finite()));
        }
    }
}
