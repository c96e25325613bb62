//! One contract for every format: what is written reads back, to the format's resolution; damaged files are
//! refused with a message, never a panic.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use proptest::prelude::*;
use tonus_signal::{Annotation, Channel, Format, FormatError, Recording, read, write};

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!(
            "tonus-signal-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        ));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, format: Format) -> PathBuf {
        self.0.join(format!("recording.{}", format.extension()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const READABLE: [Format; 5] = [Format::EdfPlus, Format::BdfPlus, Format::Wfdb, Format::Csv, Format::Npy];

/// Largest error of a sample, as a share of the channel's range. EDF's printed range is up to four times as wide.
fn resolution(format: Format) -> f64 {
    match format {
        Format::EdfPlus => 0.51 * 4.0 / 65_535.0,
        Format::BdfPlus => 0.51 * 4.0 / 16_777_215.0,
        Format::Wfdb => 0.51 / 65_532.0,
        _ => 0.0,
    }
}

fn same(format: Format, written: &Recording, found: &Recording) {
    assert_eq!(found.title, written.title, "{format:?}");
    // Read in order of time, whatever the order they were written in.
    let mut annotations = written.annotations.clone();
    annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    assert_eq!(found.annotations, annotations, "{format:?}");
    assert_eq!(found.channels.len(), written.channels.len(), "{format:?}");
    for (a, b) in written.channels.iter().zip(&found.channels) {
        assert_eq!((&a.label, &a.unit, a.samples.len()), (&b.label, &b.unit, b.samples.len()), "{format:?}");
        assert!((a.rate_hz / b.rate_hz - 1.0).abs() < 1e-12, "{format:?} {} {}", a.rate_hz, b.rate_hz);
        let high = a.samples.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let low = a.samples.iter().copied().fold(f64::INFINITY, f64::min);
        let scale = if high > low { high - low } else { high.abs().max(1.0) };
        for (x, y) in a.samples.iter().zip(&b.samples) {
            assert!((x - y).abs() <= resolution(format) * scale, "{format:?} {x} {y}");
        }
    }
}

fn example() -> Recording {
    let wave = |n: usize, size: f64| (0..n).map(|i| size * libm::sin(0.01 * i as f64) + 0.3).collect::<Vec<_>>();
    Recording::titled("ulnar motor, wrist (right)")
        .with_channel("ADM", "mV", 50_000.0, wave(100_000, 8.0))
        .with_channel("force [N]", "N m", 1_000.0, wave(2_000, 0.02))
        .with_channel("flat", "deg", 1_000.0, vec![2.5; 2_000])
        .with_mark(0.005, "stimulus")
        .with_mark(1.005, "stimulus, über")
}

#[test]
fn every_format_gives_the_example_back() {
    let folder = Folder::new();
    for format in READABLE {
        write(&example(), &folder.file(format), format).unwrap();
        same(format, &example(), &read(&folder.file(format)).unwrap());
    }
    let names: Vec<_> =
        fs::read_dir(&folder.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|n| !n.starts_with('.')), "left behind: {names:?}");
}

#[test]
fn writing_twice_gives_the_same_bytes() {
    let folder = Folder::new();
    for format in Format::ALL {
        let path = folder.file(format);
        write(&example(), &path, format).unwrap();
        let first = fs::read(&path).unwrap();
        write(&example(), &path, format).unwrap();
        assert_eq!(first, fs::read(&path).unwrap(), "{format:?}");
    }
}

#[test]
fn odd_lengths_titles_and_durations_survive() {
    let folder = Folder::new();
    let mut recording = Recording::titled("a_title with_underscores, Ärger and more than fifty-nine characters in it")
        .with_channel("a", "uV", 25_000.0, vec![1.0, -2.0, 3.0])
        .with_channel("b", "uV", 100.0, (0..37).map(f64::from).collect());
    recording.annotations.push(Annotation { onset_s: -0.25, duration_s: 0.1 + 0.2, text: "before the start".into() });
    for format in READABLE {
        write(&recording, &folder.file(format), format).unwrap();
        same(format, &recording, &read(&folder.file(format)).unwrap());
    }
}

#[test]
fn what_no_format_takes_is_named() {
    let folder = Folder::new();
    let nan = Recording::titled("t").with_channel("a", "mV", 1_000.0, vec![0.0, f64::NAN]);
    let rate = Recording::titled("t").with_channel("a", "mV", 0.0, vec![0.0]);
    for format in Format::ALL {
        let path = folder.file(format);
        let message = write(&nan, &path, format).unwrap_err().to_string();
        assert!(message.contains("channels[0].samples[1] is NaN"), "{message}");
        assert!(write(&rate, &path, format).unwrap_err().to_string().contains("channels[0].rate_hz is 0"));
        assert!(!path.exists());
    }
}

#[test]
fn what_edf_cannot_hold_is_named_and_nothing_is_left() {
    let folder = Folder::new();
    let path = folder.file(Format::EdfPlus);
    let message = |r: &Recording| write(r, &path, Format::EdfPlus).unwrap_err().to_string();
    let one = |label: &str, unit: &str, x: Vec<f64>| Recording::titled("t").with_channel(label, unit, 1_000.0, x);
    assert!(message(&one("a label beyond sixteen", "mV", vec![0.0])).contains("16 ASCII"));
    assert!(message(&one("a", "V", vec![1e-9, 4e-9])).contains("change the unit"));
    assert!(message(&one("a", "mV", vec![])).contains("no samples"));
    assert!(message(&one("EDF Annotations", "mV", vec![0.0])).contains("rename"));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
}

#[test]
fn a_file_is_replaced_only_when_complete() {
    let folder = Folder::new();
    let path = folder.file(Format::EdfPlus);
    write(&example(), &path, Format::EdfPlus).unwrap();
    let before = fs::read(&path).unwrap();
    let bad = Recording::titled("t").with_channel("a", "V", 1_000.0, vec![1e-9, 4e-9]);
    assert!(write(&bad, &path, Format::EdfPlus).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
    let missing = folder.0.join("no such folder/x.edf");
    assert!(matches!(write(&example(), &missing, Format::EdfPlus), Err(FormatError::Io { .. })));
}

#[test]
fn declared_sizes_are_checked_before_memory_is_taken() {
    let folder = Folder::new();
    let path = folder.file(Format::EdfPlus);
    write(&example(), &path, Format::EdfPlus).unwrap();
    let good = fs::read(&path).unwrap();

    fs::write(&path, &good[..good.len() - 1]).unwrap();
    let message = read(&path).unwrap_err().to_string();
    assert!(message.contains("byte 236") && message.contains("cut short"), "{message}");

    let mut huge = good.clone();
    huge[236..244].copy_from_slice(b"99999999");
    fs::write(&path, &huge).unwrap();
    assert!(read(&path).unwrap_err().to_string().contains("99999999 records"));

    let mut word = good.clone();
    word[244..252].copy_from_slice(b"a second");
    fs::write(&path, &word).unwrap();
    assert!(read(&path).unwrap_err().to_string().contains("byte 244: record duration is \"a second\""));

    let wfdb = folder.file(Format::Wfdb);
    fs::write(&wfdb, "recording 1 1000 999999999999\nrecording.dat 16 100 16 0 0 0 0 a\n").unwrap();
    fs::write(folder.0.join("recording.dat"), [0; 8]).unwrap();
    assert!(read(&wfdb).unwrap_err().to_string().contains("holds 4 samples"));
}

#[test]
fn a_table_from_elsewhere_is_read() {
    let folder = Folder::new();
    let path = folder.file(Format::Csv);
    fs::write(&path, "t_ms,EMG (uV),angle\r\n0,1,10\r\n0.5,2,20\r\n1.0,3,30\r\n").unwrap();
    let found = read(&path).unwrap();
    assert_eq!(
        found.channels[0],
        Channel { label: "EMG".into(), unit: "uV".into(), rate_hz: 2_000.0, samples: vec![1.0, 2.0, 3.0] }
    );
    assert_eq!((found.channels[1].label.as_str(), found.channels[1].unit.as_str()), ("angle", "1"));

    for (text, expected) in [
        ("EMG,x\n1,2\n", "line 1: the first column is \"EMG\""),
        ("time_s,x\n0,1\n1,2,3\n", "line 3: 3 columns"),
        ("time_s,x\n0,1\n1,\n", "line 3: column 2 is \"\""),
        ("time_s,x\n0,1\n1,2\n0.5,3\n", "line 4: the time 0.5 comes after 1"),
        ("0,1\n1,2\n", "without a header"),
        ("time_s,x\n0,1\n", "line 1: 1 rows"),
        ("", "no table"),
    ] {
        fs::write(&path, text).unwrap();
        let message = read(&path).unwrap_err().to_string();
        assert!(message.contains(expected), "{text:?}: {message}");
    }
}

#[test]
fn unknown_endings_say_what_is_read() {
    let folder = Folder::new();
    let path = folder.0.join("x.txt");
    fs::write(&path, "what is this").unwrap();
    assert!(read(&path).unwrap_err().to_string().contains(".edf, .bdf, .hea"));
    assert!(matches!(read(Path::new("no such file.edf")), Err(FormatError::Io { .. })));
}

fn label() -> impl Strategy<Value = String> {
    "[A-Za-z0-9.()/-]{1,8}( [A-Za-z0-9]{1,5})?"
}

fn channel() -> impl Strategy<Value = Channel> {
    let rate = prop::sample::select(vec![50_000.0, 25_000.0, 4_000.0, 2_048.0, 1_000.0, 300.0, 100.0]);
    let sample = prop_oneof![(-1_000.0..1_000.0), (-1.0..1.0), Just(0.0)];
    (
        label(),
        prop::sample::select(vec!["mV", "uV", "deg", "N m", "m/s2", "1"]),
        rate,
        prop::collection::vec(sample, 1..300),
    )
        .prop_map(|(label, unit, rate_hz, samples)| Channel { label, unit: unit.into(), rate_hz, samples })
}

fn recording() -> impl Strategy<Value = Recording> {
    let annotation = ((-1.0..10.0), prop_oneof![Just(0.0), (0.0..2.0)], "[a-zäß]{1,20}( [a-z0-9,\"#]{1,9})?")
        .prop_map(|(onset_s, duration_s, text)| Annotation { onset_s, duration_s, text });
    ("([A-Za-zµ_]{1,9} ?){0,12}", prop::collection::vec(channel(), 1..4), prop::collection::vec(annotation, 0..12))
        .prop_map(|(title, channels, annotations)| Recording {
            title: title.trim().into(),
            channels,
            annotations,
            ..Recording::default()
        })
}

/// Numbers that a header may hold and a reader must survive.
fn extreme() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "0",
        "-0",
        "-1",
        "1",
        "2",
        "1e308",
        "-1e308",
        "1e-320",
        "5e-324",
        "NaN",
        "inf",
        "-inf",
        "99999999",
        "-9999999",
        "2147483647",
        "-2147483648",
        "9223372036854775807",
        "-9223372036854775808",
        "1e400",
        "",
        "x",
    ])
}

fn refused_or_finite(path: &Path) {
    if let Ok(found) = read(path) {
        assert!(found.channels.iter().all(|c| c.rate_hz.is_finite() && c.rate_hz > 0.0), "{}", path.display());
        assert!(found.channels.iter().all(|c| c.samples.iter().all(|x| x.is_finite())), "{}", path.display());
    }
}

#[test]
fn marks_of_tonus_in_files_of_others_are_annotations() {
    let folder = Folder::new();
    let path = folder.file(Format::EdfPlus);
    let own = Recording::titled("t").with_channel("a", "mV", 100.0, vec![0.0; 150]).with_channel(
        "b",
        "mV",
        10.0,
        vec![1.0; 10],
    );
    write(&own, &path, Format::EdfPlus).unwrap();
    let ours = read(&path).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(5).position(|w| w == b"Tonus").unwrap();
    bytes[at..at + 5].copy_from_slice(b"Other");
    fs::write(&path, &bytes).unwrap();
    let theirs = read(&path).unwrap();
    assert!(ours.annotations.is_empty() && !theirs.annotations.is_empty());
    assert!(theirs.channels.iter().zip(&ours.channels).any(|(t, o)| t.samples.len() > o.samples.len()));
    let mark = own.with_mark(0.0, "title: another");
    assert!(write(&mark, &path, Format::EdfPlus).unwrap_err().to_string().contains("annotations[0].text"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Every numeric field of a valid EDF header in turn, and of a valid WFDB header and CSV table.
    #[test]
    fn headers_of_extreme_numbers_never_panic(
        field in 0_usize..9, number in extreme(), other in extreme(), line in 0_usize..4,
    ) {
        let folder = Folder::new();
        let recording = Recording::titled("t").with_channel("a", "mV", 100.0, vec![0.0, 1.0, -1.0, 0.5]);
        for format in [Format::EdfPlus, Format::BdfPlus] {
            let path = folder.file(format);
            write(&recording, &path, format).unwrap();
            let mut bytes = fs::read(&path).unwrap();
            // Fixed part: bytes of header, records, duration, signals; of two signals: ranges, samples in a record.
            let (at, width) = [
                (184, 8), (236, 8), (244, 8), (252, 4), (464, 8), (480, 8), (496, 8), (512, 8), (688, 8),
            ][field];
            bytes[at..at + width].fill(b' ');
            let text = &number.as_bytes()[..number.len().min(width)];
            bytes[at..at + text.len()].copy_from_slice(text);
            fs::write(&path, &bytes).unwrap();
            refused_or_finite(&path);
        }
        let wfdb = folder.file(Format::Wfdb);
        fs::write(folder.0.join("recording.dat"), [0, 1, 2, 3, 255, 127, 0, 128]).unwrap();
        let header = match line {
            0 => format!("recording 1 {number} 4\nrecording.dat 16 100({other})/mV 16 0 0 0 0 a\n"),
            1 => format!("recording 1 100 {number}\nrecording.dat 16 {other} 16 0 0 0 0 a\n"),
            2 => format!("recording {number} 100 4\nrecording.dat 16x{other} 100 16 0 0 0 0 a\n"),
            _ => format!("recording 1 100 4\nrecording.dat 212+{number} {other}/mV 16 {other} 0 {number} 0 a\n"),
        };
        fs::write(&wfdb, header).unwrap();
        refused_or_finite(&wfdb);
        let csv = folder.file(Format::Csv);
        fs::write(&csv, format!("time_s,x\n0,1\n{number},{other}\n{other},2\n")).unwrap();
        refused_or_finite(&csv);
        fs::write(&csv, format!("t_ms,x\n0,1\n{number},{other}\n")).unwrap();
        refused_or_finite(&csv);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn round_trip(recording in recording()) {
        let folder = Folder::new();
        for format in READABLE {
            let path = folder.file(format);
            match write(&recording, &path, format) {
                Ok(()) => same(format, &recording, &read(&path).unwrap()),
                // A random range can be wider than what eight characters resolve, or share no record.
                Err(FormatError::Unwritable { .. }) => prop_assert!(!matches!(format, Format::Csv | Format::Npy)),
                Err(e) => prop_assert!(false, "{e}"),
            }
        }
    }

    #[test]
    fn damaged_files_never_panic(recording in recording(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let folder = Folder::new();
        for format in READABLE {
            let path = folder.file(format);
            if write(&recording, &path, format).is_err() {
                continue;
            }
            let good = fs::read(&path).unwrap();
            let mut damaged = good.clone();
            let place = at.index(damaged.len());
            damaged[place] = byte;
            fs::write(&path, &damaged).unwrap();
            let _ = read(&path);
            fs::write(&path, &good[..cut.index(good.len())]).unwrap();
            let _ = read(&path);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), text in "[0-9a-z #/.,+()x:\"\n-]{0,200}") {
        let folder = Folder::new();
        for format in READABLE {
            let path = folder.file(format);
            fs::write(&path, &bytes).unwrap();
            let _ = read(&path);
            fs::write(&path, &text).unwrap();
            let _ = read(&path);
        }
    }
}

#[test]
fn a_scan_of_qtrac_is_read_and_a_damaged_one_named() {
    let folder = Folder::new();
    let path = folder.0.join("scan.MEM");
    let points: String = (1..=60).map(|k| format!("MS.{k}\t{}\t{}\r\n", 20.0 - 0.1 * f64::from(k), 0.05)).collect();
    // A byte of Latin-1 that is not UTF-8, as in files from the wild.
    let whole =
        [b"Operator:\t S\xf8ren\r\nS/R sites:\tAPB\r\n".as_slice(), points.as_bytes(), b"MScDuration(min) = 0.5\r\n"]
            .concat();
    fs::write(&path, &whole).unwrap();
    let recording = read(&path).unwrap();
    assert_eq!(recording.title, "CMAP scan, APB");
    assert_eq!((recording.channels[0].unit.as_str(), recording.channels[1].samples.len()), ("mA", 60));
    assert!((recording.channels[0].rate_hz - 2.0).abs() < 1e-12);
    for (damage, said) in [
        ("MS.1\t20\n", "line 1"),
        ("MS.1\t20\t8\nMS.3\t19\t8\n", "line 2"),
        ("MS.1\t20\teight\n", "no number of mV"),
        ("Protocol: TRONDNF\n", "MSCAN"),
        ("", "MSCAN"),
    ] {
        fs::write(&path, damage).unwrap();
        let message = read(&path).unwrap_err().to_string();
        assert!(message.contains(said), "{message}");
    }
    let written = write(&recording, &path, Format::Qtrac).unwrap_err().to_string();
    assert!(written.contains("only read"), "{written}");
}

#[test]
fn openhdemg_gets_signals_and_discharges_and_nothing_else_is_written() {
    let folder = Folder::new();
    let path = folder.file(Format::OpenHdEmg);
    let recording = Recording::titled("effort")
        .with_channel("r1 c1", "uV", 2048.0, vec![0.5, -1.0, 2.0, 0.0])
        .with_channel("r1 c2", "uV", 2048.0, vec![1.0; 4])
        .with_mark(0.0, "unit 7 lies 3 mm across")
        .with_mark(1.0 / 2048.0, "unit 7")
        .with_mark(2.0 / 2048.0, "unit 12")
        .with_mark(3.0 / 2048.0, "unit 7")
        .with_mark(9.0, "unit 7");
    write(&recording, &path, Format::OpenHdEmg).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(
        rows,
        [
            "RAW_SIGNAL (1),RAW_SIGNAL (2),MUPULSES (1),MUPULSES (2),ACCURACY (1),ACCURACY (2)",
            "0.5,1,1,2,1,1",
            "-1,1,3,,,",
            "2,1,,,,",
            "0,1,,,,",
        ]
    );
    for wrong in [
        Recording::titled("no unit").with_channel("a", "uV", 2048.0, vec![0.0]),
        Recording::titled("no signal").with_channel("angle", "deg", 2048.0, vec![0.0]).with_mark(0.0, "unit 1"),
        example().with_channel("other rate", "mV", 10.0, vec![0.0]),
    ] {
        assert!(matches!(write(&wrong, &path, Format::OpenHdEmg), Err(FormatError::Unwritable { .. })));
    }
}
