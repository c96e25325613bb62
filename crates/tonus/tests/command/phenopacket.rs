//! `tonus examine FILE.json`: a GA4GH Phenopacket, version 2. The people here are invented for these tests.

use serde_json::{Value, json};

use crate::contract::{check_examination, list, number, text};
use crate::run::Desk;

fn feature(hpo: &str, label: &str, excluded: bool) -> Value {
    json!({"type": {"id": hpo, "label": label}, "excluded": excluded})
}

/// An invented woman of 34 years.
fn packet(disease: (&str, &str), features: &[Value]) -> String {
    json!({
        "id": "invented-for-the-test",
        "subject": {"id": "nobody", "timeAtLastEncounter": {"age": {"iso8601duration": "P34Y6M"}}, "sex": "FEMALE"},
        "phenotypicFeatures": features,
        "diseases": [{"term": {"id": disease.0, "label": disease.1}, "onset": {"age": {"iso8601duration": "P33Y"}}}],
        "metaData": {"created": "2026-01-01T00:00:00Z", "createdBy": "test", "phenopacketSchemaVersion": "2.0"},
    })
    .to_string()
}

#[test]
fn recorded_findings_stand_beside_the_models() {
    let features = [
        feature(
            "HP:0003403",
            "EMG: decremental response of compound muscle action potential to repetitive nerve stimulation",
            false,
        ),
        feature("HP:0007078", "Decreased amplitude of sensory action potentials", true),
        feature("HP:0000508", "Ptosis", false),
    ];
    let desk = Desk::with(&[("woman.json", &packet(("OMIM:254200", "Myasthenia gravis"), &features))]);
    let line = "examine woman.json --item lab.repetitive --item lab.sensory";
    let e = desk.json(&format!("{line} --json"));
    check_examination(&e);
    let patient = &e["patient"];
    assert_eq!((number(patient, "age_years"), text(patient, "sex")), (34.5, "female"));
    assert!(text(patient, "chosen_by").contains("OMIM:254200"), "the report says how it chose: {patient}");
    let recorded: Vec<[&str; 3]> =
        list(&e, "recorded").iter().map(|r| [text(r, "hpo"), text(r, "state"), text(r, "model")]).collect();
    assert_eq!(
        recorded,
        [
            ["HP:0003403", "present", "present"],
            ["HP:0007078", "absent", "absent"],
            ["HP:0000508", "present", "not examined"]
        ]
    );
    let said = desk.text_of(&format!("{line} --out woman.html"));
    assert!(said.contains("Recorded findings: 3"), "{said}");
    assert!(desk.text("woman.html").contains("Ptosis"));
}

#[test]
fn without_a_disease_it_knows_the_findings_choose_and_the_report_says_so() {
    let features = [
        feature("HP:0002380", "Fasciculations", false),
        feature("HP:0001324", "Muscle weakness", false),
        feature("HP:0003202", "Skeletal muscle atrophy", false),
    ];
    let desk = Desk::with(&[("man.json", &packet(("OMIM:999999", "A disease nobody has"), &features))]);
    let e = desk.json("examine man.json --item lab.sensory --json");
    check_examination(&e);
    let chosen_by = text(&e["patient"], "chosen_by");
    assert!(chosen_by.contains("findings fit this one best"), "{chosen_by}");
    assert!(!list(&e["patient"], "lesions").is_empty());
}

#[test]
fn nothing_to_go_by_is_health() {
    let desk = Desk::with(&[("none.json", r#"{"id": "invented", "subject": {"id": "x"}, "phenotypicFeatures": []}"#)]);
    let e = desk.json("examine none.json --item lab.sensory --json");
    check_examination(&e);
    assert!(list(&e["patient"], "lesions").is_empty());
    assert!(text(&e["patient"], "chosen_by").contains("healthy"), "{}", e["patient"]);
}
