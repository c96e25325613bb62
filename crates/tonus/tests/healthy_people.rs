//! Healthy people of every age have no finding, and no finding of anyone rests on what is normal.

use tonus::body::Sex;
use tonus::diagnosis::FindingState;
use tonus::exam::{Item, items};
use tonus::examine::{Tables, examine_items};
use tonus::pathology::{Patient, PatientOptions};
use tonus::report::Examination;

/// Items of a few hundredths of a second each: nerve and junction.
fn quick() -> Vec<Item> {
    let wanted = ["lab.sensory_conduction", "lab.motor_conduction", "lab.repetitive_stimulation"];
    items().into_iter().filter(|item| wanted.iter().any(|w| item.id.starts_with(w))).collect()
}

fn examined(condition: &str, age_years: f64, sex: Sex) -> Examination {
    let options = PatientOptions { age_years: Some(age_years), sex: Some(sex), ..PatientOptions::default() };
    let patient = Patient::of_condition(condition, &options).expect("a patient");
    let tables = Tables::builtin().expect("the tables");
    examine_items(&tables, &patient, quick(), 1, &()).expect("an examination")
}

/// Every reason of a finding that is present is an abnormal measure: `item.measure, side = value unit (norm)`.
fn reasons_are_abnormal(e: &Examination) {
    for finding in e.findings.iter().filter(|f| f.state == FindingState::Present) {
        for reason in &finding.because {
            let (measure, _) = reason.split_once(" = ").expect("a reason with a value");
            let (name, side) = measure.rsplit_once(", ").expect("a reason with a side");
            let judged = e.judged.iter().find_map(|s| {
                let measure = name.strip_prefix(s.item.as_str())?.strip_prefix('.')?;
                (s.side.name() == side).then(|| s.measure(measure)).flatten()
            });
            let judged = judged.unwrap_or_else(|| panic!("{reason}"));
            assert!(judged.is_abnormal(), "{}: {reason}", finding.label);
        }
    }
}

#[test]
fn healthy_people_of_every_age_have_no_finding() {
    let mut found = Vec::new();
    for age_years in [0.0, 0.5, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 80.0] {
        for sex in [Sex::Female, Sex::Male] {
            let e = examined("healthy", age_years, sex);
            assert!(!e.findings.is_empty(), "the rules were asked");
            for finding in e.findings.iter().filter(|f| f.state == FindingState::Present) {
                found.push(format!("{age_years} y {sex:?}: {}, because {:?}", finding.label, finding.because));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn findings_rest_on_what_is_abnormal() {
    for (condition, age_years) in [("cmt1a", 3.0), ("cmt1a", 35.0), ("gbs-aidp", 40.0), ("myasthenia", 30.0)] {
        let e = examined(condition, age_years, Sex::Female);
        let present = e.findings.iter().filter(|f| f.state == FindingState::Present);
        assert!(present.count() > 0, "{condition} at {age_years} y");
        reasons_are_abnormal(&e);
    }
}

#[test]
fn slow_nerves_are_demyelinated_in_a_child_and_in_an_adult() {
    for age_years in [3.0, 35.0] {
        let e = examined("cmt1a", age_years, Sex::Male);
        let finding = e.findings.iter().find(|f| f.hpo == "HP:0007108").expect("the rule was asked");
        assert_eq!(finding.state, FindingState::Present, "{age_years} y");
    }
}
