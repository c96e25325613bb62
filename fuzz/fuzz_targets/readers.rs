//! Every reader against any bytes: an error or a recording of finite numbers, in bounded time and memory, never a panic.
//!
//! The first byte chooses the format by its ending; the rest is the file (for WFDB header and signals, parted at the first NUL).
//! `cargo +nightly fuzz run readers fuzz/corpus/readers -- -max_total_time=300`

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tonus_signal::format::{ReadOptions, read_all};

const ENDINGS: [&str; 8] = ["edf", "bdf", "hea", "csv", "npy", "npz", "mat", "mem"];

fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let path = std::env::temp_dir().join(format!("tonus-fuzz-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder for the files");
        path
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let ending = ENDINGS[usize::from(*first) % ENDINGS.len()];
    let path = folder().join(format!("a.{ending}"));
    let mut file = rest;
    if ending == "hea" {
        let parted = rest.iter().position(|b| *b == 0).unwrap_or(rest.len());
        file = &rest[..parted];
        fs::write(folder().join("a.dat"), rest.get(parted + 1..).unwrap_or_default()).expect("written");
    }
    fs::write(&path, file).expect("written");
    let options = ReadOptions { rate_hz: Some(1_000.0), unit: None };
    if let Ok(found) = read_all(&path, &options) {
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
});
