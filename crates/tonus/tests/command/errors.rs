//! Wrong input: exit code 2, exactly one error on standard error that names the place and the mend, nothing on standard output, no file.

use crate::run::Desk;
use crate::validate::TARGETS;

const LESION: &str = "name = \"x\"\n\n[[lesion]]\nsite = \"anterior_horn\"\nmechanism = \"neuron_loss\"\nseverity = 0.5\nsource = \"assumed\"\n";

/// A folder with one right and many wrong files.
fn desk() -> Desk {
    let target = |from: &str, to: &str| {
        assert!(TARGETS.contains(from), "{from}");
        TARGETS.replacen(from, to, 1)
    };
    let desk = Desk::with(&[
        ("right.toml", LESION),
        ("site.toml", &LESION.replace("anterior_horn", "anterior_hron")),
        ("mechanism.toml", &LESION.replace("neuron_loss", "neuron_los")),
        ("severity.toml", &LESION.replace("0.5", "1.5")),
        ("text.toml", &LESION.replace("0.5", "\"half\"")),
        ("field.toml", &LESION.replace("severity", "severty")),
        ("broken.toml", "name = \"x\"\n[[lesion]\nsite = 3\n"),
        ("empty.toml", ""),
        ("broken.json", "{\n  \"id\": \"x\",\n  \"subject\": {\n"),
        ("list.json", "[1, 2]"),
        ("packet.json", r#"{"id": "x", "subject": {"id": "y", "sex": "SOMETIMES"}}"#),
        ("negated.json", r#"{"id": "x", "phenotypicFeatures": [{"type": {"id": "HP:0001251"}, "negated": true}]}"#),
        (
            "old.json",
            r#"{"id": "x", "subject": {"id": "y", "timeAtLastEncounter": {"age": {"iso8601duration": "P120Y"}}}}"#,
        ),
        ("well.toml", "condition = \"healthy\"\nat = \"5y\"\n"),
        ("baseline.toml", "sural_velocity = \"perhaps\"\n"),
        ("feature.json", r#"{"id": "x", "phenotypicFeatures": [{"type": {"label": "Ataxia"}}]}"#),
        ("notes.txt", "nothing"),
        ("targets_broken.toml", "[[target]\n"),
        ("targets_field.toml", &target("area = \"nerve\"", "aria = \"nerve\"")),
        ("targets_kind.toml", &target("\"range\"", "\"about\"")),
        ("targets_item.toml", &target("lab.sensory_conduction.sural", "lab.sensory_conduction.surl")),
        ("targets_measure.toml", &target("\"velocity\"", "\"speed\"")),
        ("targets_condition.toml", &target("{ condition = \"healthy\"", "{ condition = \"helthy\"")),
        ("targets_side.toml", &target("condition = \"healthy\", n", "condition = \"healthy\", side = \"up\", n")),
        ("targets_nan.toml", &target("low = 20.0", "low = nan")),
        ("targets_unit.toml", &target("unit = \"m/s\"", "unit = \"ms\"")),
        ("targets_none.toml", "target = []\n"),
        ("targets_empty.toml", ""),
        ("targets_limit.toml", &target("low = 300000000.0", "low = 300000000.0\nhigh = 400000000.0")),
        (
            "targets_experiment.toml",
            &target(
                "measurement = { patients = { condition = \"healthy\", n = 1 }, item = \"lab.sensory_conduction.sural\", measure = \"velocity\" }",
                "experiment = { id = \"nosuch\", measure = \"velocity\" }",
            ),
        ),
        ("targets_twice.toml", &target("sural_velocity_of_light", "sural_velocity")),
    ]);
    std::fs::create_dir(desk.path("folder")).expect("a folder");
    desk
}

/// The run is refused as it should be, and the error has all of `parts`.
fn refused(desk: &Desk, line: &str, parts: &[&str]) {
    let before = desk.files();
    let ran = desk.tonus(line);
    let said = format!("tonus {line}\nsaid: {}", ran.stderr);
    assert_eq!(ran.code, 2, "{said}");
    assert_eq!(ran.stdout, "", "{said}");
    let errors = ran.stderr.lines().filter(|l| l.starts_with("tonus: ") || l.starts_with("error: ")).count();
    assert_eq!(errors, 1, "exactly one error: {said}");
    assert!(ran.stderr.starts_with("tonus: "), "{said}");
    assert!(!ran.stderr.contains("panicked"), "{said}");
    for part in parts {
        assert!(ran.stderr.contains(part), "`{part}` is not in it: {said}");
    }
    assert_eq!(desk.files(), before, "{said}");
}

/// Each line is refused, in text and with `--json`.
fn all_refused(lines: &[(&str, &[&str])]) {
    let desk = desk();
    for (line, parts) in lines {
        refused(&desk, line, parts);
        refused(&desk, &format!("{line} --json"), parts);
    }
}

#[test]
fn names_that_do_not_exist() {
    all_refused(&[
        ("examine alz", &["`alz`", "did you mean `als`", "conditions: healthy"]),
        ("examine myastenia", &["`myastenia`", "did you mean `myasthenia`"]),
        ("examine als qqqqqqqqqq", &["`qqqqqqqqqq`", "conditions: healthy"]),
        ("examine als --item lab.sensry", &["--item lab.sensry", "items: bedside.tone"]),
        ("examine als --item lab.sensory_conduction.ulnr", &["did you mean `lab.sensory_conduction.ulnar`"]),
        ("items lab.sensory_conduction.ulnr", &["did you mean `lab.sensory_conduction.ulnar`", "`tonus items`"]),
        ("items nothing", &["`nothing`", "`tonus items`"]),
        ("conditions alz", &["`alz`", "did you mean `als`"]),
        ("record lab.sensory_conduction.ulnr als", &["did you mean `lab.sensory_conduction.ulnar`"]),
        ("record lab.sensory_conduction.ulnar alz", &["did you mean `als`"]),
        ("bench frobnicate", &["bench frobnicate", "pool_120_two_compartment"]),
        ("validate --only nosuchtarget", &["--only nosuchtarget", "no target"]),
    ]);
}

#[test]
fn files_that_are_not_there_or_not_what_they_should_be() {
    all_refused(&[
        ("examine nobody.toml", &["nobody.toml", "cannot be read", "check the path"]),
        ("examine nobody.json", &["nobody.json", "cannot be read", "check the path"]),
        ("examine folder.json/", &["folder.json"]),
        ("examine notes.txt", &["notes.txt", ".toml", ".json"]),
        ("examine broken.json", &["broken.json line 4", "not JSON", "mend"]),
        ("examine list.json", &["list.json $", "an object"]),
        ("examine packet.json", &["packet.json $.subject.sex", "`SOMETIMES`", "allowed: FEMALE"]),
        ("examine negated.json", &["negated.json $.phenotypicFeatures[0].negated", "version 1", "convert"]),
        ("examine old.json", &["old.json $.subject.timeAtLastEncounter", "`P120Y`", "0 to 110 years"]),
        ("examine feature.json", &["feature.json $.phenotypicFeatures[0].type", "`id` is missing", "HP:0001252"]),
        ("examine broken.toml", &["broken.toml line 2", "mend the TOML"]),
        ("examine empty.toml", &["empty.toml", "neither a condition nor a lesion", "[[lesion]]"]),
        (
            "examine site.toml",
            &["site.toml line 4", "lesion[0].site", "`anterior_hron`", "did you mean `anterior_horn`"],
        ),
        ("examine mechanism.toml", &["mechanism.toml line 5", "lesion[0].mechanism", "did you mean `neuron_loss`"]),
        ("examine severity.toml", &["severity.toml line 6", "lesion[0].severity", "1.5", "0 to 1"]),
        ("examine text.toml", &["text.toml line 6", "lesion[0].severity", "a number 0 to 1"]),
        ("examine field.toml", &["field.toml line 6", "lesion[0].severty", "did you mean `severity`"]),
        ("examine als site.toml", &["site.toml line 4"]),
    ]);
}

#[test]
fn values_without_or_with_a_wrong_unit() {
    all_refused(&[
        ("examine als --at 18", &["--at", "`18`", "18mo"]),
        ("examine als --at 18months_or_so", &["--at", "18mo"]),
        ("examine als --at -3mo", &["--at", "before the onset"]),
        ("examine als --height 165", &["--height", "`165`", "1.65m"]),
        ("examine als --height 5ft", &["--height", "`5ft`", "1.65m"]),
        ("examine als --height 9m", &["--height", "out of range"]),
        ("examine als --age old", &["--age", "`old`", "18mo"]),
        ("examine als --age 60", &["--age", "`60`", "18mo"]),
        ("examine als --age 200y", &["--age", "out of range"]),
        ("examine als --sex other", &["--sex", "`other`", "female or male"]),
        ("examine als --side up", &["--side", "`up`", "left, right or both"]),
        ("examine als --severity 2", &["--severity", "2", "0 to 1"]),
        ("examine als --severity -1", &["--severity", "-1", "0 to 1"]),
        ("examine als --severity much", &["--severity", "much"]),
        ("examine als --severity nan", &["--severity", "0 to 1"]),
        ("examine healthy --at 5y", &["--at", "no effect", "healthy has no lesions"]),
        ("examine healthy --severity 0.5", &["--severity", "no effect"]),
        ("examine well.toml --side left", &["--side", "no effect"]),
        ("record lab.sensory_conduction.ulnar healthy --at 5y", &["--at", "no effect"]),
        ("examine healthy --age 1y --height 1.8m", &["height_m = 1.8 m", "at 1 years"]),
        ("examine healthy --age 40y --height 0.5m", &["height_m = 0.5 m", "at 40 years"]),
        ("examine right.toml --at soon", &["--at", "`soon`"]),
        ("examine als --seed -1", &["--seed", "-1"]),
        ("examine als --jobs 0", &["--jobs", "0"]),
        ("record lab.sensory_conduction.ulnar als --set distance_m", &["--set distance_m", "NAME=VALUE"]),
        ("record lab.sensory_conduction.ulnar als --set distance_m=far", &["--set distance_m=far", "NAME=VALUE"]),
        ("record lab.sensory_conduction.ulnar als --set distance_m=7", &["distance_m", "7 m", "0.05..0.3"]),
        ("record lab.sensory_conduction.ulnar als --set distance=7", &["`distance`", "distance_m"]),
        ("record lab.motor_conduction.ulnar als --set f_stimuli=2.5", &["`f_stimuli` = 2.5", "whole number"]),
        ("record lab.h_reflex.soleus als --set interval_s=0.3", &["`interval_s` = 0.3 s", "0.4..30 s"]),
        (
            "record lab.sensory_conduction.ulnar als --set distance_m=0.1 --set distance_m=0.2",
            &["--set distance_m=0.2", "twice"],
        ),
        ("record lab.sensory_conduction.ulnar als --record-side both", &["--record-side both", "left or right"]),
        ("record lab.sensory_conduction.ulnar als --format wav", &["--format", "wav", "edf"]),
    ]);
}

#[test]
fn places_that_cannot_be_written_are_found_before_the_work() {
    all_refused(&[
        ("examine als --item lab.sensory --out report", &["--out report", ".html or .json"]),
        ("examine als --item lab.sensory --out report.pdf", &["--out report.pdf", ".html or .json"]),
        (
            "examine als --item lab.sensory --out nowhere/report.html",
            &["nowhere/report.html", "no folder nowhere", "make it"],
        ),
        ("examine als --item lab.sensory --out notes.txt/report.html", &["notes.txt/report.html", "no folder"]),
        ("examine als healthy --item lab.sensory --out both.html", &["--out both.html", "existing folder"]),
        ("record lab.sensory_conduction.ulnar als --out notes.txt", &["notes.txt", "cannot be written"]),
        ("record lab.sensory_conduction.ulnar als --out a.edf", &["--out a.edf", "a folder", "--format"]),
        ("record lab.sensory_conduction.ulnar als --out no/such", &["--out no/such", "no folder no", "make it first"]),
    ]);
    // Where even a superuser may not write.
    if cfg!(target_os = "linux") {
        let desk = desk();
        refused(
            &desk,
            "examine als --item lab.sensory --out /proc/report.html",
            &["/proc/report.html", "cannot be written", "folder"],
        );
        refused(
            &desk,
            "examine als healthy --item lab.sensory --out /proc",
            &["/proc/tonus-als.html", "cannot be written"],
        );
        refused(
            &desk,
            "record lab.sensory_conduction.ulnar als --out /proc/tonus",
            &["/proc/tonus", "cannot be written"],
        );
        // A folder that is there, but takes no files: found before the simulation of a minute's effort.
        refused(
            &desk,
            "record bedside.strength.knee_extension als --set hold_s=60 --out /proc",
            &["/proc", "cannot be written"],
        );
        refused(&desk, "validate --only sural --figures /proc", &["/proc/figure.svg", "cannot be written"]);
    }
}

/// Nobody can read the line, but the exit code still says whose mistake it was.
#[test]
#[cfg(target_os = "linux")]
fn a_full_standard_error_is_no_crash() {
    for (line, code) in [("conditions alz", 2), ("examine als --item lab.sensory_conduction.ulnar --out als.html", 0)] {
        let desk = Desk::new();
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let status = std::process::Command::new(env!("CARGO_BIN_EXE_tonus"))
            .args(line.split(' '))
            .current_dir(desk.path("."))
            .stdout(std::process::Stdio::null())
            .stderr(full)
            .status()
            .expect("the command starts");
        assert_eq!(status.code(), Some(code), "{line}");
    }
}

#[test]
fn flags_and_commands_that_do_not_exist() {
    all_refused(&[
        ("examine als --colour", &["--colour"]),
        ("examine", &["PATIENT"]),
        ("frobnicate", &["frobnicate"]),
        ("examin als", &["examin", "examine"]),
        ("record lab.sensory_conduction.ulnar", &["PATIENT"]),
    ]);
}

#[test]
fn files_of_targets_that_are_wrong() {
    all_refused(&[
        ("validate --targets nowhere.toml", &["nowhere.toml", "give a readable TOML file"]),
        ("validate --targets folder", &["folder", "give a readable TOML file"]),
        ("validate --targets right.toml", &["right.toml", "line 3", "`lesion`", "expected `target`"]),
        ("validate --targets targets_broken.toml", &["targets_broken.toml", "line 1"]),
        ("validate --targets targets_field.toml", &["targets_field.toml", "line 4", "`aria`", "`area`"]),
        ("validate --targets targets_kind.toml", &["targets_kind.toml", "line 8", "`about`", "`range`"]),
        ("validate --targets targets_item.toml", &["`sural_velocity`", "did you mean `lab.sensory_conduction.sural`"]),
        ("validate --targets targets_measure.toml", &["`sural_velocity`", "`speed`", "velocity"]),
        ("validate --targets targets_condition.toml", &["`sural_velocity`", "`helthy`", "did you mean `healthy`"]),
        ("validate --targets targets_twice.toml", &["`sural_velocity`", "twice"]),
        ("validate --targets targets_side.toml", &["targets_side.toml", "`sural_velocity`", "patients.side", "`up`"]),
        ("validate --targets targets_nan.toml", &["`sural_velocity`", "`low` is not a finite number"]),
        ("validate --targets targets_unit.toml", &["`sural_velocity`", "`ms`", "`velocity` is in `m/s`"]),
        ("validate --targets targets_none.toml", &["targets_none.toml", "no target"]),
        ("validate --targets targets_empty.toml", &["targets_empty.toml", "no target", "[[target]]"]),
        ("validate --targets targets_limit.toml", &["`sural_velocity_of_light`", "`lower_limit` takes no `high`"]),
        ("validate --targets targets_experiment.toml", &["`sural_velocity`", "experiment `nosuch` does not exist"]),
        ("validate --baseline nowhere.toml --only sural", &["--baseline nowhere.toml", "id = \"pass\""]),
        ("validate --baseline baseline.toml --only sural", &["--baseline baseline.toml", "`perhaps`"]),
    ]);
}
