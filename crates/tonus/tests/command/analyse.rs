//! `tonus analyse`: what was recorded here is measured again as the examination measured it; real recordings are read as what they are; what is wrong is said.

use std::path::PathBuf;

use serde_json::Value;

use crate::contract::{list, number, text};
use crate::run::Desk;

/// The value of a measure of a recording or a run.
fn measure(of: &Value, name: &str) -> f64 {
    let found = list(of, "measures").iter().find(|m| text(m, "name") == name);
    number(found.unwrap_or_else(|| panic!("no measure {name} in {of}")), "value")
}

/// The folder of real recordings, if there is one.
fn recordings() -> Option<PathBuf> {
    let folder = std::env::var_os("TONUS_DATA").map(|folder| PathBuf::from(folder).join("recordings"));
    if folder.is_none() {
        println!("skipped: TONUS_DATA is not set, so no real recording was analysed");
    }
    folder
}

/// What the command finds in one real recording.
fn real(desk: &Desk, path: &str, flags: &[&str]) -> Option<Value> {
    let path = recordings()?.join(path).display().to_string();
    let ran = desk.run(&[&["analyse", &path, "--json"], flags].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{path}");
    let said: Value = serde_json::from_str(&ran.stdout).expect("one JSON value");
    Some(list(&said, "recordings")[0].clone())
}

#[test]
fn what_was_recorded_is_measured_again() {
    let desk = Desk::new();
    for (item, patient, kind, same) in [
        (
            "lab.motor_conduction.ulnar",
            "healthy",
            "evoked",
            &[("distal_latency", "latency.1"), ("cmap_amplitude", "amplitude.1"), ("cmap_area", "area.1")][..],
        ),
        ("lab.sensory_conduction.sural", "healthy", "evoked", &[][..]),
        ("lab.repetitive_stimulation.ulnar", "myasthenia", "evoked", &[("decrement", "decrement")][..]),
        ("lab.cmap_scan.ulnar", "als", "cmap_scan", &[("d50", "d50"), ("units", "units"), ("s50", "s50")][..]),
        (
            "lab.h_reflex.soleus",
            "healthy",
            "evoked",
            &[("h_latency", "h_latency"), ("h_m_ratio", "h_m_ratio"), ("h_threshold", "h_threshold")][..],
        ),
        ("bedside.tone.knee_pendulum", "healthy", "pendulum", &[][..]),
    ] {
        let run = desk.json(&format!("record {item} {patient} --format csv --out {item} --json"));
        let file = text(&list(&run, "files")[0], "path").to_owned();
        let said = desk.json(&format!("analyse {file} --json"));
        let found = &list(&said, "recordings")[0];
        assert_eq!(text(found, "kind"), kind, "{item}");
        for (theirs, ours) in same {
            let (a, b) = (measure(&run, theirs), measure(found, ours));
            assert!((a / b - 1.0).abs() < 0.01, "{item}: {theirs} {a}, from the file {b}");
        }
    }
}

#[test]
fn a_report_is_drawn_and_a_data_set_read_as_a_whole() {
    let desk = Desk::new();
    desk.json("record lab.repetitive_stimulation.ulnar healthy --format bids --out set --json");
    let said = desk.text_of("analyse set --out set.html");
    assert!(said.contains("read as evoked") && said.contains("decrement"), "{said}");
    let page = desk.text("set.html");
    assert!(page.contains("<svg") && !page.contains("NaN"));
    let said = desk.json("analyse set --json --out set.json");
    assert!(list(&said, "recordings").len() > 1);
    let written: Value = serde_json::from_str(&desk.text("set.json")).expect("JSON");
    assert_eq!(written, said);
}

#[test]
fn wrong_input_is_refused_with_its_mend() {
    let desk = Desk::with(&[
        ("furlongs.csv", "time_s,way [furlong]\n0,1\n1,2\n2,4\n"),
        ("torn.csv", "time_s,EMG [mV]\n0,1\n0.1,\n"),
        ("x.txt", "nothing"),
        ("emg.csv", "time_s,EMG [mV]\n0,1\n0.001,2\n0.002,1\n"),
    ]);
    for (line, said) in [
        ("analyse", "RECORDINGS"),
        ("analyse absent.edf", "absent.edf"),
        ("analyse furlongs.csv", "way [furlong]"),
        ("analyse torn.csv", "line 3"),
        ("analyse x.txt", "can't tell the format"),
        ("analyse emg.csv --as eeg", "--as eeg"),
        ("analyse emg.csv --as gait", "left foot"),
        ("analyse emg.csv --rate -1", "--rate"),
        ("analyse emg.csv --item lab.nothing", "lab.nothing"),
        ("analyse emg.csv --out report.pdf", ".html or .json"),
        ("analyse emg.csv --out no/such/report.html", "make it first"),
        ("analyse emg.csv --age 900y", "age"),
    ] {
        let before = desk.files();
        let ran = desk.tonus(line);
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{line}: {}", ran.stderr);
        assert!(ran.stdout.is_empty() && !ran.stderr.contains("panicked"), "{line}");
        assert_eq!(desk.files(), before, "{line} left a file");
    }
}

// The rule's limit of turns over amplitude was put between the first two of these: for them the test shows that the rule is applied, not that it holds
// elsewhere.
#[test]
fn three_needle_records_are_told_apart_with_reasons() {
    let desk = Desk::new();
    for (name, class) in [("healthy", "normal"), ("myopathy", "myopathic"), ("neuropathy", "neurogenic")] {
        let Some(found) = real(&desk, &format!("emgdb/emg_{name}.hea"), &[]) else { return };
        assert_eq!((text(&found, "kind"), text(&found["reading"], "class")), ("needle", class));
        assert!(!list(&found["reading"], "because").is_empty());
    }
}

#[test]
fn taps_tremor_walks_and_scans_are_read_as_what_they_are() {
    let desk = Desk::new();
    let folder = "tremor-tapping/2458";
    let names: Vec<String> = match recordings() {
        None => return,
        Some(root) => std::fs::read_dir(root.join(folder))
            .expect("the folder of the telephone's files")
            .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect(),
    };
    let named = |part: &str| {
        let name = names.iter().find(|n| n.contains(part)).unwrap_or_else(|| panic!("no file {part}"));
        real(&desk, &format!("{folder}/{name}"), &[]).expect("the folder is there")
    };
    let taps = named("FT_-_TWO_TARGET_-_RIGHT");
    // 120 touches in 61 s; this person is off medication (bradykinesia 3 of 4).
    assert_eq!(text(&taps, "kind"), "tapping");
    assert!((measure(&taps, "rate") - 1.95).abs() < 0.1 && measure(&taps, "taps") == 120.0);
    let rest = named("REST_TREMOR_AMPLITUDE_-_RIGHT_HAND");
    assert_eq!(text(&rest, "kind"), "tremor");
    // Little rest tremor: below 0.05 m/s2.
    assert!(measure(&rest, "rms") < 0.05 && (3.0..6.5).contains(&measure(&rest, "frequency")));
    let strides = real(&desk, "gaitndd/park1.ts", &[]).expect("the folder is there");
    let insole = real(&desk, "gaitndd/park1.hea", &[]).expect("the folder is there");
    assert_eq!((text(&strides, "kind"), text(&insole, "kind")), ("gait", "gait"));
    // The strides that PhysioNet worked out, and those of the switches themselves.
    assert!((measure(&strides, "stride_time") / measure(&insole, "stride_time") - 1.0).abs() < 0.01);
    assert!((measure(&strides, "stride_variation") - measure(&insole, "stride_variation")).abs() < 0.5);
    let scan =
        real(&desk, "cmap-scan/MSCC00128A_OM2.MEM", &["--item", "lab.cmap_scan.median"]).expect("the folder is there");
    assert_eq!(text(&scan, "kind"), "cmap_scan");
    assert!((measure(&scan, "units") / 117.0 - 1.0).abs() < 0.3);
}

#[test]
fn a_simulated_grid_is_decomposed_and_scored_against_its_truth() {
    let desk = Desk::new();
    desk.json(
        "record lab.surface_emg.biceps_brachii healthy --set effort=0.03 --set seconds=20 --format bids --out set --json",
    );
    let said = desk.json("analyse set --json");
    let found = &list(&said, "recordings")[0];
    assert_eq!(text(found, "kind"), "grid");
    // Of some hundred units that are active, those near the skin are found; what is found is true.
    assert!(measure(found, "units") >= 8.0 && measure(found, "reference_units_found") >= 3.0, "{found}");
    assert!(measure(found, "precision_of_found") > 0.75 && measure(found, "sensitivity_of_found") > 0.75, "{found}");
    let velocity_m_s = measure(found, "conduction_velocity");
    assert!((3.0..5.0).contains(&velocity_m_s), "{velocity_m_s}");
}

#[test]
fn motor_evoked_potentials_are_measured_at_rest() {
    let mut rows = String::from("# title: \"MEP of FDI\"\n");
    for k in 0..4 {
        rows += &format!("# annotation: {},0,\"stimulus\"\n", 0.2 + 0.3 * f64::from(k));
    }
    rows += "time_s,FDI [mV]\n";
    for i in 0..6_000 {
        let t = f64::from(i) / 5_000.0;
        // 22 ms after each stimulus but the last, 3 mV over two phases of 7 ms.
        let since_ms = 1e3 * (t - 0.2).rem_euclid(0.3) - 22.0;
        let there = (0.2..1.1).contains(&t) && (0.0..14.0).contains(&since_ms);
        let mv = if there { 1.5 * (std::f64::consts::PI * since_ms / 7.0).sin() } else { 0.0 };
        rows += &format!("{t},{}\n", mv + 0.002 * (1.3 * f64::from(i)).sin());
    }
    let desk = Desk::with(&[("mep.csv", &rows)]);
    let said = desk.json("analyse mep.csv --json");
    let found = &list(&said, "recordings")[0];
    assert_eq!(text(found, "kind"), "mep");
    assert!((measure(found, "latency") - 22.2).abs() < 0.3, "{found}");
    assert!((measure(found, "amplitude") - 3.0).abs() < 0.02, "{found}");
    assert_eq!((measure(found, "responses"), measure(found, "stimuli")), (3.0, 4.0));
}
