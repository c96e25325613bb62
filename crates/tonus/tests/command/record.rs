//! `tonus record`: one item's signals to files that other programs open, read back here by Tonus itself.

use std::path::Path;

use serde_json::Value;
use tonus_signal::Recording;
use tonus_signal::format::read;

use crate::contract::{list, number, text};
use crate::run::Desk;

const LINE: &str = "record lab.motor_conduction.ulnar als --at 18mo --seed 3";

/// Files of a run in one format, with their paths.
fn files(desk: &Desk, format: &str) -> Vec<Value> {
    let said = desk.json(&format!("{LINE} --format {format} --out {format} --json"));
    assert_eq!((text(&said, "item"), text(&said, "side")), ("lab.motor_conduction.ulnar", "right"));
    assert!(!list(&said, "measures").is_empty());
    let files = list(&said, "files").to_vec();
    assert!(!files.is_empty());
    files
}

fn recording(desk: &Desk, file: &Value) -> Recording {
    read(&desk.path(text(file, "path"))).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn every_format_is_written_and_those_that_are_read_hold_the_same_signals() {
    let desk = Desk::new();
    let exact: Vec<Recording> = files(&desk, "csv").iter().map(|file| recording(&desk, file)).collect();
    for (format, steps) in [("edf", 65_535.0), ("bdf", 16_777_215.0), ("wfdb", 65_535.0)] {
        let files = files(&desk, format);
        assert_eq!(files.len(), exact.len(), "{format}");
        for (file, exact) in files.iter().zip(&exact) {
            let there = recording(&desk, file);
            assert_eq!(there.channels.len(), exact.channels.len());
            for ((channel, exact), said) in there.channels.iter().zip(&exact.channels).zip(list(file, "channels")) {
                assert_eq!(channel.label, exact.label, "{format}");
                assert_eq!(channel.unit, exact.unit, "{format}");
                assert_eq!(channel.label, text(said, "label"));
                assert!((channel.rate_hz - number(said, "rate_hz")).abs() < 1e-6 * exact.rate_hz);
                let low = exact.samples.iter().copied().fold(f64::INFINITY, f64::min);
                let high = exact.samples.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                assert!(high > low, "{format}: a flat line shows nothing");
                // A format may pad its last data record; what was recorded stands before it, to two steps of its scale.
                assert!(channel.samples.len() >= exact.samples.len(), "{format}");
                let widest = high.max(0.0) - low.min(0.0);
                for (a, b) in channel.samples.iter().zip(&exact.samples) {
                    assert!((a - b).abs() <= 2.0 * widest / steps, "{format}: {a} for {b}");
                }
            }
        }
    }
    let numpy = files(&desk, "npy");
    for file in &numpy {
        let bytes = std::fs::read(desk.path(text(file, "path"))).expect("the file");
        assert!(bytes.starts_with(b"\x93NUMPY"));
    }
    assert!(desk.names().iter().all(|name| !name.contains(".part")), "{:?}", desk.names());
}

#[test]
fn without_flags_an_edf_appears_here_and_its_path_is_said() {
    let desk = Desk::new();
    let said = desk.text_of("record lab.sensory_conduction.ulnar healthy --quiet");
    let names = desk.names();
    assert_eq!(names.len(), 1);
    assert!(names[0].ends_with(".edf"), "{names:?}");
    assert_eq!(Path::new(said.trim()).file_name().and_then(|n| n.to_str()), Some(names[0].as_str()));
}

#[test]
fn the_measures_are_those_of_the_examination() {
    let desk = Desk::new();
    let recorded = desk.json("record lab.sensory_conduction.sural als --record-side left --json");
    let examined = desk.json("examine als --item lab.sensory_conduction.sural --json");
    let left = list(&examined, "items").iter().find(|i| i["side"] == "left").expect("the left side");
    for (a, b) in list(&recorded, "measures").iter().zip(list(left, "measures")) {
        assert_eq!(text(a, "name"), text(b, "name"));
        assert!((number(a, "value") - number(b, "value")).abs() < 1e-5, "{a} {b}");
    }
}

#[test]
fn parameters_of_the_item_may_be_set() {
    let desk = Desk::new();
    let latency = |set: &str| {
        let said = desk.json(&format!("record lab.sensory_conduction.ulnar healthy --json {set}"));
        number(list(&said, "measures").iter().find(|m| m["name"] == "onset_latency").expect("a latency"), "value")
    };
    assert!(latency("--set distance_m=0.2") > 1.2 * latency("--set distance_m=0.14"), "a longer way takes longer");
}

#[test]
fn all_recordings_are_written_or_none() {
    let desk = Desk::new();
    // A hundred sweeps, end to end in one channel.
    let many = desk.json("record lab.motor_conduction.ulnar healthy --set f_stimuli=100 --out many --json");
    assert_eq!(
        list(&many, "files").len(),
        desk.names().len() - 1,
        "each file that is named is there: {:?}",
        desk.names()
    );
    // A file in the way of the second recording.
    let second = text(&list(&many, "files")[1], "path").to_owned();
    std::fs::remove_dir_all(desk.path("many")).expect("a folder");
    std::fs::create_dir_all(desk.path(&second).join("in_the_way")).expect("a folder");
    let ran = desk.tonus("record lab.motor_conduction.ulnar healthy --set f_stimuli=100 --out many");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains(&second), "{}", ran.stderr);
    let way = format!("{second}/");
    assert_eq!(desk.names(), ["many/", way.as_str(), &format!("{way}in_the_way/")], "nothing else was placed");
}

#[test]
fn two_commands_share_a_file_only_if_they_record_the_same() {
    let desk = Desk::new();
    let line = "record lab.sensory_conduction.ulnar als --quiet";
    let ways =
        ["", "--at 3mo", "--at 18mo", "--seed 2", "--set distance_m=0.1", "--record-side left", "--severity 0.9"];
    let paths: Vec<String> = ways.iter().map(|way| desk.text_of(&format!("{line} {way}")).trim().to_owned()).collect();
    assert_eq!(desk.names().len(), ways.len(), "{paths:?}");
    desk.text_of(&format!("{line} --at 3mo"));
    assert_eq!(desk.names().len(), ways.len(), "the same command again replaces its own file");
    assert!(paths[1].contains("at-3mo") && paths[3].contains("seed-2"), "{paths:?}");
}

#[test]
fn a_long_name_is_cut_to_what_file_systems_take() {
    let long = "n".repeat(300);
    let lesion = "[[lesion]]\nsite = \"anterior_horn\"\nmechanism = \"neuron_loss\"\nseverity = 0.5\n";
    let desk = Desk::with(&[("long.toml", &format!("name = \"{long}\"\n{lesion}"))]);
    let path = desk.text_of("record lab.sensory_conduction.ulnar long.toml --quiet");
    assert!(path.trim().len() < 255, "{path}");
}

#[test]
fn a_data_set_grows_by_participants_and_keeps_those_that_are_there() {
    let desk = Desk::new();
    for line in ["als --at 18mo", "healthy", "healthy --seed 2", "healthy"] {
        let said = desk.json(&format!("record lab.sensory_conduction.ulnar {line} --format bids --out set --json"));
        for file in list(&said, "files") {
            assert!(desk.path(text(file, "path")).is_file());
        }
    }
    let rows = std::fs::read_to_string(desk.path("set/participants.tsv")).expect("the participants");
    let names: Vec<&str> = rows.lines().skip(1).filter_map(|row| row.split('\t').next()).collect();
    assert_eq!(names, ["sub-alsat18moseed1", "sub-healthyseed1", "sub-healthyseed2"]);
    for name in &names {
        let stem = format!("set/{name}/emg/{name}");
        let task = "task-labsensoryconductionulnar_acq-right_run-1";
        for file in [
            format!("{stem}_{task}_emg.edf"),
            format!("{stem}_{task}_emg.json"),
            format!("{stem}_{task}_channels.tsv"),
            format!("{stem}_{task}_events.tsv"),
            format!("{stem}_electrodes.tsv"),
            format!("{stem}_space-muscle_coordsystem.json"),
        ] {
            assert!(desk.path(&file).is_file(), "{file}");
        }
    }
    assert!(desk.names().iter().all(|name| !name.contains(".part")), "{:?}", desk.names());
}

#[test]
fn a_data_set_of_others_is_left_alone() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("theirs")).expect("a folder");
    std::fs::write(desk.path("theirs/participants.tsv"), "participant_id\thandedness\nsub-1\tleft\n").expect("a file");
    let before = desk.names();
    let ran = desk.tonus("record lab.sensory_conduction.ulnar healthy --format bids --out theirs");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("--out theirs"), "{}", ran.stderr);
    assert_eq!(desk.names(), before);
    let here = desk.tonus("record lab.sensory_conduction.ulnar healthy --format bids");
    assert_eq!(here.code, 2, "{}", here.stderr);
    assert!(here.stderr.contains("--out FOLDER"), "{}", here.stderr);
}
