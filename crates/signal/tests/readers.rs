//! What others write is read: files with gaps, arrays of NumPy and MATLAB, data sets, tables of telephones; told by content, refused with a place.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tonus_signal::format::bids::{Participant, Task, write_bids};
use tonus_signal::format::{ReadOptions, read_all};
use tonus_signal::recording::Electrode;
use tonus_signal::{Format, Recording, Series, read, write};

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tonus-readers-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn with(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).expect("a file for the test");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn said(path: &Path) -> String {
    read(path).expect_err("it is wrong").to_string()
}

#[test]
fn a_discontinuous_file_gives_its_stretches() {
    let folder = Folder::new("gaps");
    let path = folder.0.join("a.edf");
    let whole = Recording::titled("night")
        .with_channel("EMG", "uV", 100.0, (0..400).map(f64::from).collect())
        .with_mark(0.25, "first")
        .with_mark(3.5, "last");
    write(&whole, &path, Format::EdfPlus).expect("a file");
    let mut bytes = fs::read(&path).expect("just written");
    // Records of the file, and the times they carry: the second half is moved ten seconds on.
    let records: usize = String::from_utf8_lossy(&bytes[236..244]).trim().parse().expect("a number");
    let seconds: f64 = String::from_utf8_lossy(&bytes[244..252]).trim().parse().expect("a number");
    let start = 256 * 3;
    let size = (bytes.len() - start) / records;
    let half = (2.0 / seconds) as usize;
    for r in half..records {
        let part = &mut bytes[start + r * size..start + (r + 1) * size];
        let from = format!("+{}\u{14}\u{14}", r as f64 * seconds).into_bytes();
        let to = format!("+{}\u{14}\u{14}", r as f64 * seconds + 10.0).into_bytes();
        let at = part.windows(from.len()).position(|w| w == from).expect("its time");
        // A list is padded with zeros: what is longer takes them.
        let list: Vec<u8> = part[at + from.len()..].to_vec();
        part[at..at + to.len()].copy_from_slice(&to);
        let room = list.len() - (to.len() - from.len());
        part[at + to.len()..].copy_from_slice(&list[..room]);
    }
    bytes[192..197].copy_from_slice(b"EDF+D");
    let path = folder.with("gaps.edf", &bytes);
    let found = read_all(&path, &ReadOptions::default()).expect("both stretches");
    assert_eq!(found.len(), 2);
    let samples = |k: usize| found[k].recording.channels[0].samples.len();
    assert_eq!((samples(0), samples(1)), (200, 200));
    assert!((found[1].recording.channels[0].samples[0] - 200.0).abs() < 0.1);
    assert!(found[1].recording.title.contains("part 2 of 2, from 12 s"), "{}", found[1].recording.title);
    assert!(said(&path).contains("holds 2 recordings"));
}

#[test]
fn content_counts_more_than_the_name() {
    let folder = Folder::new("content");
    let recording = Recording::titled("t").with_channel("a", "mV", 100.0, (0..50).map(f64::from).collect());
    for (format, wrong) in
        [(Format::EdfPlus, "a.csv"), (Format::BdfPlus, "a.edf"), (Format::Npy, "a.mat"), (Format::Csv, "a.hea")]
    {
        let path = folder.0.join(wrong);
        write(&recording, &folder.0.join("b"), format).expect("a file");
        fs::rename(folder.0.join("b"), &path).expect("renamed");
        assert_eq!(read(&path).expect("told by its content").channels[0].samples.len(), 50, "{wrong}");
    }
}

#[test]
fn values_at_times_of_their_own_come_back_from_csv_and_from_nothing_else() {
    let folder = Folder::new("series");
    let mut recording = Recording::titled("walk").with_channel("EMG", "mV", 10.0, vec![1.0, 2.0]);
    let of = |label: &str, times_s: Vec<f64>| Series {
        label: label.into(),
        unit: "s".into(),
        values: times_s.iter().map(|t| t * t).collect(),
        times_s,
    };
    recording.series =
        vec![of("left", vec![0.1, 0.2, 0.7]), of("right", vec![0.1, 0.2, 0.7]), of("both", vec![1.0, 2.0, 3.0])];
    let path = folder.0.join("a.csv");
    write(&recording, &path, Format::Csv).expect("a table");
    assert_eq!(read(&path).expect("the same"), recording);
    let error = write(&recording, &folder.0.join("a.edf"), Format::EdfPlus).expect_err("even samples only").to_string();
    assert!(error.contains("series"), "{error}");
    recording.series[0].times_s[2] = 0.0;
    assert!(write(&recording, &path, Format::Csv).expect_err("times fall").to_string().contains("series[0].values[2]"));

    let uneven = folder.with("b.tsv", "time_ms\tx [m/s2]\n1000\t1\n1010\t2\n1035\t4\n");
    let found = read(&uneven).expect("uneven times");
    assert_eq!((found.channels.len(), found.series[0].unit.as_str()), (0, "m/s2"));
    assert!((found.series[0].times_s[2] - 0.035).abs() < 1e-12, "{:?}", found.series[0].times_s);
}

#[test]
fn decimal_commas_are_read_between_semicolons() {
    let folder = Folder::new("decimal-commas");
    let path = folder.with("a.csv", "time_ms;EMG [mV]\n0,0;1,25\n0,5;-3\n1,0;2e-1\n");
    let found = read(&path).expect("read");
    assert_eq!((found.channels[0].rate_hz, &found.channels[0].samples[..]), (2_000.0, &[1.25, -3.0, 0.2][..]));
    let named = read(&folder.with("d.csv", "time_ms;EMG, left, raw [mV]\n0,0;1,25\n0,5;-3\n")).expect("read");
    assert_eq!((named.channels[0].label.as_str(), named.channels[0].samples[0]), ("EMG, left, raw", 1.25));
    let mixed = said(&folder.with("b.csv", "time_ms;EMG [mV]\n0.0;1,25\n0.5;-3\n"));
    assert!(mixed.contains("line 2") && mixed.contains("\"1,25\""), "{mixed}");
    let grouped = said(&folder.with("c.csv", "time_ms;EMG [mV]\n0,0;1,250,3\n0,5;-3\n"));
    assert!(grouped.contains("line 2") && grouped.contains("1,250,3"), "{grouped}");
}

#[test]
fn tables_without_a_header_are_told_by_their_columns() {
    let folder = Folder::new("headerless");
    let phone = folder.with(
        "p.csv",
        "1254165405654372,-0.4,1.4,-9.6,3\n1254165415657653,-0.5,1.5,-9.7,3\n1254165425657236,-0.4,1.4,-9.6,3\n",
    );
    let found = read(&phone).expect("a telephone's accelerometer");
    assert_eq!((found.title.as_str(), found.series.len(), found.series[2].values[1]), ("phone acceleration", 3, -9.7));
    assert!((found.series[0].times_s[2] - 0.020_002_864).abs() < 1e-9);
    let taps = folder.with(
        "t.csv",
        "159300977, 0, 0, 348.0, 619.0, 1.0, 0.6,360, 584\n159301105, 128, 1, 350.8, 619.0, 1.0, 0.3,360, 584\n",
    );
    let found = read(&taps).expect("taps");
    assert_eq!((found.series[0].values.as_slice(), found.series[0].times_s[1]), ([1.0, 0.0].as_slice(), 0.128));
    let strides =
        folder.with("s.ts", "21.77\t1.13\t1.09\t0.37\t0.33\t32.65\t30.18\t0.76\t0.76\t67.35\t69.82\t0.43\t38.24\n");
    assert_eq!(read(&strides).expect("strides").series[1].values, [1.09]);
    let falls = folder.with(
        "f.csv",
        "1254165415657653,0,0,9,3\n1254165425657653,0,0,9,3\n1254165435657653,0,0,9,3\n1254165405657653,0,0,9,3\n",
    );
    assert!(said(&falls).contains("line 4"), "{}", said(&falls));
}

/// An NPY file of 64-bit numbers.
fn npy(shape: &str, fortran: bool, x: &[f64]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let mut header = format!("{{'descr': '<f8', 'fortran_order': {order}, 'shape': {shape}, }}");
    header.push_str(&" ".repeat((10 + header.len() + 1).next_multiple_of(64) - (10 + header.len() + 1)));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(x.iter().flat_map(|x| x.to_le_bytes()));
    bytes
}

#[test]
fn arrays_of_numpy_are_read_and_their_lies_refused() {
    let folder = Folder::new("numpy");
    let rows = [1.0, 10.0, 2.0, 20.0, 3.0, 30.0];
    let told = ReadOptions { rate_hz: Some(2_048.0), unit: Some("uV".into()) };
    for (name, bytes) in
        [("c.npy", npy("(3, 2)", false, &rows)), ("f.npy", npy("(3, 2)", true, &[1.0, 2.0, 3.0, 10.0, 20.0, 30.0]))]
    {
        let path = folder.with(name, bytes);
        let found = read_all(&path, &told).expect("an array").remove(0).recording;
        assert_eq!(found.channels[1].samples, [10.0, 20.0, 30.0], "{name}");
        assert!(said(&path).contains("no sampling rate"), "{}", said(&path));
    }
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in
        [("emg.npy", npy("(2, 3)", false, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])), ("fs.npy", npy("()", false, &[500.0]))]
    {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        archive.write_all(&bytes).expect("an entry");
    }
    let path = folder.with("a.npz", archive.finish().expect("an archive").into_inner());
    let found = read(&path).expect("two arrays");
    assert_eq!((found.channels[0].rate_hz, found.channels[1].samples.as_slice()), (500.0, [4.0, 5.0, 6.0].as_slice()));

    let deep =
        format!("{{'descr': {}'<f8'{}, 'fortran_order': False, 'shape': ()}}\n", "[".repeat(5_000), "]".repeat(5_000));
    let mut nested = b"\x93NUMPY\x01\x00".to_vec();
    nested.extend((deep.len() as u16).to_le_bytes());
    nested.extend(deep.as_bytes());
    for (bytes, expected) in [
        (npy("(99999999999, 9999999)", false, &rows), "bytes there"),
        (npy("(3, 3)", false, &rows), "bytes there"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec(), "longer than any"),
        (nested, "deep"),
        (b"\x93NUMPY".to_vec(), "first bytes"),
        (b"PK\x03\x04nothing".to_vec(), "damaged"),
    ] {
        let path = folder.with("wrong.npy", bytes);
        assert!(said(&path).contains(expected), "{}", said(&path));
    }
}

/// A matrix element of a MAT file: flags, dimensions, name, then the payload's own element.
fn matrix(class: u8, rows: i32, columns: i32, name: &str, payload: &[u8]) -> Vec<u8> {
    let element = |kind: u32, data: &[u8]| {
        let mut bytes = [kind.to_le_bytes(), (data.len() as u32).to_le_bytes()].concat();
        bytes.extend(data);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    };
    let dimensions = [rows.to_le_bytes(), columns.to_le_bytes()].concat();
    let inside = [
        element(6, &[class, 0, 0, 0, 0, 0, 0, 0]),
        element(5, &dimensions),
        element(1, name.as_bytes()),
        payload.to_vec(),
    ]
    .concat();
    element(14, &inside)
}

fn doubles(x: &[f64]) -> Vec<u8> {
    let mut bytes = [9_u32.to_le_bytes(), (8 * x.len() as u32).to_le_bytes()].concat();
    bytes.extend(x.iter().flat_map(|x| x.to_le_bytes()));
    bytes
}

fn text(t: &str) -> Vec<u8> {
    let codes: Vec<u8> = t.bytes().flat_map(|b| [b, 0]).collect();
    let mut bytes = [4_u32.to_le_bytes(), (codes.len() as u32).to_le_bytes()].concat();
    bytes.extend(codes);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    matrix(4, 1, t.len() as i32, "", &bytes)
}

fn mat(elements: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"MATLAB 5.0 MAT-file, made for a test".to_vec();
    bytes.resize(124, b' ');
    bytes.extend([0, 1, b'I', b'M']);
    bytes.extend(elements.concat());
    bytes
}

#[test]
fn files_of_matlab_are_read_as_otb_exports_them() {
    let folder = Folder::new("matlab");
    let data = matrix(6, 3, 2, "Data", &doubles(&[1.0, 2.0, 3.0, 0.0, 1.0, 0.0]));
    let mut compressed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    compressed.write_all(&matrix(1, 1, 1, "Data", &data)).expect("compressed");
    let compressed = compressed.finish().expect("compressed");
    let mut packed = [15_u32.to_le_bytes(), (compressed.len() as u32).to_le_bytes()].concat();
    packed.extend(&compressed);
    let labels = matrix(1, 2, 1, "Description", &[text("VL (1)[uV]"), text("Decomposition of VL (1)[a.u]")].concat());
    let rate = matrix(6, 1, 1, "SamplingFrequency", &doubles(&[4.0]));
    let good = mat(&[packed, labels, rate]);
    let found = read(&folder.with("a.mat", &good)).expect("an export");
    assert_eq!(
        (found.channels.len(), found.channels[0].label.as_str(), found.channels[0].unit.as_str()),
        (1, "VL (1)", "uV")
    );
    assert_eq!(
        (found.channels[0].samples.as_slice(), found.annotations[0].onset_s),
        ([1.0, 2.0, 3.0].as_slice(), 0.25)
    );

    for cut in [100, 130, 150, good.len() - 5] {
        let error = read(&folder.with("cut.mat", &good[..cut])).expect_err("cut short").to_string();
        assert!(error.contains("byte") || error.contains("no array"), "{cut}: {error}");
    }
    let liar = mat(&[matrix(6, 2_000_000_000, 2_000_000_000, "Data", &doubles(&[1.0]))]);
    assert!(said(&folder.with("liar.mat", liar)).contains("more than it holds"));
    // Texts of two thousand million rows and no columns, and dimensions that are no whole numbers.
    let huge = mat(&[matrix(4, i32::MAX, 0, "note", &doubles(&[])), matrix(1, 0, 0, "none", &[])]);
    assert!(said(&folder.with("huge.mat", huge)).contains("no array"));
    let mut float = matrix(6, 1, 1, "Data", &doubles(&[1.0]));
    float[24] = 9;
    assert!(said(&folder.with("float.mat", mat(&[float]))).contains("no whole numbers"));
    // What is left out beside the signals: an empty cell's element, a string object.
    let opaque = [14_u32.to_le_bytes(), 16_u32.to_le_bytes(), 6_u32.to_le_bytes(), 8_u32.to_le_bytes()].concat();
    let opaque = [opaque, vec![17, 0, 0, 0, 0, 0, 0, 0]].concat();
    let beside = mat(&[opaque, [14_u32.to_le_bytes(), 0_u32.to_le_bytes()].concat(), good[128..].to_vec()]);
    assert_eq!(read(&folder.with("beside.mat", beside)).expect("the signals").channels.len(), 1);
    assert!(said(&folder.with("new.mat", b"MATLAB 7.3 MAT-file")).contains("-v7"));
}

#[test]
fn a_data_set_comes_back_whole() {
    let folder = Folder::new("bids");
    let mut grid = Recording::titled("effort 0.2")
        .with_channel("r1 c1", "mV", 2_048.0, (0..2_048).map(|i| libm::sin(0.1 * f64::from(i))).collect())
        .with_mark(0.5, "unit 3");
    grid.electrodes = vec![Electrode { name: "r1 c1".into(), x_mm: 1.0, y_mm: -2.0, z_mm: 0.0, kind: "disc".into() }];
    let participant =
        Participant { name: "healthy".into(), age_years: 40.0, sex: "female".into(), group: "healthy".into(), seed: 1 };
    let task = Task { name: "lab.surface", title: "Surface", protocol: "held", acquisition: "right", software: "0" };
    let other = Recording::titled("effort 0.4").with_channel("EMG", "uV", 1_000.0, vec![0.5; 1_000]);
    write_bids(&folder.0, &participant, &task, &[grid.clone(), other]).expect("a data set");
    let found = read_all(&folder.0, &ReadOptions::default()).expect("both runs");
    assert_eq!(found.len(), 2);
    let first = &found[0].recording;
    assert_eq!((&first.electrodes, &first.annotations), (&grid.electrodes, &grid.annotations));
    assert_eq!((first.channels[0].unit.as_str(), first.channels[0].rate_hz), ("mV", 2_048.0));
    assert_eq!(found[1].recording.channels[0].unit, "uV");

    let table = found[0].path.to_string_lossy().replace("_emg.edf", "_channels.tsv");
    fs::write(&table, "name\ttype\tunits\na\tEMG\tmV\nb\tEMG\tmV\n").expect("another table");
    let error = read_all(&folder.0, &ReadOptions::default()).expect_err("two rows for one signal").to_string();
    assert!(error.contains("2 channels"), "{error}");
    assert!(said(&std::env::temp_dir().join("no such folder")).contains("no such folder"));
}
