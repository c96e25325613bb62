//! `tonus examine FILE.toml`: a person, a condition with overrides, lesions of one's own.

use crate::contract::{check_examination, list, measure, number, text, without_time};
use crate::run::Desk;

/// The lesion as the documentation shows it.
const ANNA: &str = r#"
name = "Anna"

[person]
age = "60y"
sex = "female"
height = "1.65m"

[[lesion]]
site = "anterior_horn"
where = { segments = "C5..T1", side = "both" }
mechanism = "neuron_loss"
severity = 0.6
onset = "0d"
course = { kind = "exponential", halving = "9mo" }
source = "assumed: an example for this test"
"#;

#[test]
fn lesions_of_ones_own_act_on_the_person_described() {
    let desk = Desk::with(&[("anna.toml", ANNA)]);
    let line = "--item lab.motor --item lab.sensory --json";
    let anna = desk.json(&format!("examine anna.toml {line}"));
    check_examination(&anna);
    let patient = &anna["patient"];
    assert_eq!(text(patient, "name"), "Anna");
    assert_eq!((number(patient, "age_years"), number(patient, "height_m")), (60.0, 1.65));
    let [lesion] = list(patient, "lesions") else { panic!("one lesion in {patient}") };
    assert_eq!((text(lesion, "site"), text(lesion, "mechanism")), ("anterior_horn", "neuron_loss"));
    assert_eq!(number(lesion, "severity"), 0.6);
    assert!(text(lesion, "where").contains("C5..T1"));

    let healthy = desk.json(&format!("examine healthy --age 60y --sex female --height 1.65m {line}"));
    let of = |e: &serde_json::Value, item: &str, name: &str| number(measure(e, item, name), "value");
    let cmap = ("lab.motor_conduction.ulnar", "cmap_amplitude");
    assert!(of(&anna, cmap.0, cmap.1) < of(&healthy, cmap.0, cmap.1), "neurons of C8 and T1 are lost");
    let snap = ("lab.sensory_conduction.ulnar", "amplitude");
    assert_eq!(of(&anna, snap.0, snap.1), of(&healthy, snap.0, snap.1), "sensory axons are untouched");
}

#[test]
fn time_moves_a_lesion_along_its_course() {
    let desk = Desk::with(&[("anna.toml", ANNA)]);
    let severity = |at: &str| {
        let e = desk.json(&format!("examine anna.toml --at {at} --item lab.sensory --json"));
        list(&e["patient"], "lesions").first().map_or(0.0, |l| number(l, "severity"))
    };
    assert_eq!(severity("0d"), 0.0);
    assert!((severity("9mo") - 0.5).abs() < 1e-9, "half lost after one halving");
    assert!((severity("18mo") - 0.75).abs() < 1e-9, "three quarters after two");
}

#[test]
fn a_condition_may_be_overridden_and_added_to() {
    let text = r#"
condition = "als"
severity = 0.5

[[override]]
mechanism = "motor_axon_hyperexcitability"
severity = 0

[[lesion]]
site = "junction"
mechanism = "receptor_loss"
severity = 0.9
source = "assumed: an example for this test"
"#;
    let desk = Desk::with(&[("mixed.toml", text)]);
    let mixed = desk.json("examine mixed.toml --item lab.repetitive --json");
    check_examination(&mixed);
    let mechanisms: Vec<&str> =
        list(&mixed["patient"], "lesions").iter().map(|l| l["mechanism"].as_str().expect("a text")).collect();
    assert!(mechanisms.contains(&"neuron_loss") && mechanisms.contains(&"receptor_loss"), "{mechanisms:?}");
    assert!(!mechanisms.contains(&"motor_axon_hyperexcitability"), "{mechanisms:?}");
    assert!(number(measure(&mixed, "lab.repetitive_stimulation.ulnar", "decrement"), "value") > 0.0);
}

#[test]
fn a_file_that_names_health_is_health() {
    let desk = Desk::with(&[("well.toml", "condition = \"healthy\"\n[person]\nage = \"35y\"\nsex = \"male\"\n")]);
    let from_file = desk.json("examine well.toml --item lab.sensory --json");
    let by_name = desk.json("examine healthy --age 35y --sex male --item lab.sensory --json");
    assert_eq!(without_time(from_file)["items"], without_time(by_name)["items"]);
}
