use super::*;
use crate::{Mechanism, Site};

fn error_of<T>(result: Result<T, PathologyError>) -> String {
    result.err().map(|e| e.to_string()).unwrap_or_default()
}

fn options() -> PatientOptions {
    PatientOptions::default()
}

#[test]
fn the_representative_patient() -> Result<(), PathologyError> {
    let patient = Patient::of_condition("duchenne", &options())?;
    assert_eq!(patient.sex, Sex::Male);
    assert!((patient.age_years - 9.4).abs() < 0.01);
    let adult = Patient::of_condition("als", &PatientOptions { at: Some(TimeSpan::from_years(2.0)), ..options() })?;
    assert!((adult.age_years - 65.0).abs() < 0.01);
    let child = Patient::of_condition("cmt1a", &PatientOptions { age_years: Some(8.0), ..options() })?;
    assert_eq!(child.usual_at, Some(TimeSpan::from_years(8.0)));
    Ok(())
}

#[test]
fn side_severity_and_time_reach_the_lesions() -> Result<(), PathologyError> {
    let of = |name: &str, options: PatientOptions| Patient::of_condition(name, &options).map(|p| p.lesions_now());
    assert!(of("als", PatientOptions { severity: Some(0.0), ..options() })?.is_empty());
    let severe = of("als", PatientOptions { severity: Some(1.0), ..options() })?;
    assert!(severe.iter().any(|l| l.mechanism == Mechanism::NeuronLoss && (l.severity - 0.95).abs() < 1e-9));
    let left = of("stroke-mca", PatientOptions { side: Some(AffectedSide::Left), ..options() })?;
    assert!(left.iter().all(|l| l.place.side == crate::BodySide::Left));
    assert!(left.iter().any(|l| l.since == Some(TimeSpan::from_months(6.0))));
    let shock = |at| {
        of("stroke-mca", PatientOptions { at: Some(TimeSpan::from_days(at)), ..options() }).map(|lesions| {
            lesions.iter().find(|l| l.mechanism == Mechanism::DescendingDriveAcuteLoss).map_or(0.0, |l| l.severity)
        })
    };
    assert_eq!(shock(0.0)?, 1.0);
    assert!(shock(10.0)? < 0.26 && shock(180.0)? < 1e-9);
    Ok(())
}

#[test]
fn options_out_of_range_are_named() {
    let of = |options: PatientOptions| error_of(Patient::of_condition("als", &options));
    assert!(
        of(PatientOptions { severity: Some(1.5), ..options() })
            .contains("--severity: 1.5 is out of range; give 0 to 1")
    );
    assert!(of(PatientOptions { severity: Some(f64::NAN), ..options() }).contains("--severity"));
    assert!(of(PatientOptions { age_years: Some(-1.0), ..options() }).contains("--age"));
    let too_long = PatientOptions { at: Some(TimeSpan::from_years(20.0)), age_years: Some(10.0), ..options() };
    assert!(of(too_long).contains("more than the age"));
    assert!(of(PatientOptions { at: Some(TimeSpan::from_days(-1.0)), ..options() }).contains("before the onset"));
    assert!(error_of(Patient::of_condition("parkinsons", &options())).contains("did you mean `parkinson`?"));
    assert_eq!(parse_height_m("165cm"), Ok(1.65));
    assert_eq!(parse_height_m("1.65m"), Ok(1.65));
    assert!(parse_height_m("165").is_err() && parse_height_m("165m").is_err());
    assert!(error_of(parse_age_years("sixty")).contains("not an age"));
    assert!(parse_sex("woman").is_err() && parse_affected_side("port").is_err());
}

/// The lesion of the interface, as it stands there.
const FILE: &str = r#"
name = "Anna"
[person]
age = "60y"
sex = "female"
height = "1.65m"

[[lesion]]
site = "anterior_horn"            # structure
where = { segments = "C5..T1", side = "both" }
mechanism = "neuron_loss"         # what changes
severity = 0.6                    # fraction, meaning stated per mechanism
onset = "0d"                      # with `course`, how severity moves with time
course = { kind = "exponential", halving = "9mo" }
source = "de Carvalho 2005 ..."
"#;

#[test]
fn a_patient_file_with_its_own_lesion() -> Result<(), PathologyError> {
    let patient = Patient::of_file("anna.toml", FILE, &options())?;
    assert_eq!(
        (patient.name.as_str(), patient.age_years, patient.sex, patient.height_m),
        ("Anna", 60.0, Sex::Female, Some(1.65))
    );
    assert_eq!(patient.selection, Selection::OwnLesions);
    let lesions = patient.lesions_now();
    assert_eq!(lesions.len(), 1);
    assert!(lesions.iter().all(|l| l.site == Site::AnteriorHorn && l.severity == 0.6));
    assert_eq!(lesions.first().map(|l| l.place.to_string()).as_deref(), Some("both sides; C5..T1"));
    let later =
        Patient::of_file("anna.toml", FILE, &PatientOptions { at: Some(TimeSpan::from_months(18.0)), ..options() })?;
    assert!(later.lesions_now().iter().all(|l| (l.severity - 0.75).abs() < 1e-9));
    Ok(())
}

#[test]
fn a_condition_with_overrides_and_more() -> Result<(), PathologyError> {
    let text = r#"
condition = "als"
side = "left"
severity = 0.5
[[override]]
mechanism = "descending_drive_loss"
severity = 0.8
[[override]]
mechanism = "motor_axon_hyperexcitability"
severity = 0
[[lesion]]
site = "cerebellum"
mechanism = "purkinje_loss"
severity = 0.3
where = { hemisphere = "left" }
[[lesion]]
site = "basal_ganglia"
mechanism = "dopamine_loss"
severity = 0.3
where = { hemisphere = "left" }
"#;
    let patient = Patient::of_file("x.toml", text, &options())?;
    assert_eq!(patient.name, "x");
    let lesions = patient.lesions_now();
    let severity = |m| lesions.iter().find(|l| l.mechanism == m).map(|l| l.severity);
    assert_eq!(severity(Mechanism::DescendingDriveLoss), Some(0.8));
    assert_eq!(severity(Mechanism::MotorAxonHyperexcitability), None);
    let side = |m| lesions.iter().find(|l| l.mechanism == m).map(|l| l.place.side);
    assert_eq!(side(Mechanism::PurkinjeLoss), Some(crate::BodySide::Left), "cerebellum serves its own side");
    assert_eq!(side(Mechanism::DopamineLoss), Some(crate::BodySide::Right), "striatum serves the other side");
    Ok(())
}

#[test]
fn mistakes_in_a_patient_file() {
    let of = |text: &str| error_of(Patient::of_file("p.toml", text, &options()));
    for (text, wanted) in [
        ("condition = \"alss\"", "p.toml line 1, condition: no condition of that name; did you mean `als`?"),
        ("conditon = \"als\"", "did you mean `condition`?"),
        ("condition = \"als\"\nat = \"18\"", "p.toml line 2, at: `18` is not a span of time"),
        ("condition = \"als\"\n[person]\nage = 60", "p.toml line 3, person.age: integer found; give a text in quotes"),
        ("condition = \"als\"\n[person]\nage = \"1y\"\nheight=\"3m\"", "person.height"),
        ("condition = \"als\"\nat = \"9y\"\n[person]\nage = \"1y\"", "p.toml line 2, at: 9y since onset"),
        ("name = \"nobody\"", "neither a condition nor a lesion"),
        (
            "condition = \"als\"\n[[override]]\nmechanism = \"receptor_loss\"\nseverity = 1",
            "the condition has no such lesion; its lesions: neuron_loss",
        ),
        ("condition = \"als\"\nlesion = 3", "p.toml line 2, lesion"),
        ("condition = [", "p.toml line 1"),
        ("", "neither a condition nor a lesion"),
    ] {
        let error = of(text);
        assert!(error.contains(wanted) && !error.contains('\n'), "{text}: {error}");
    }
    assert!(error_of(Patient::read("/nonexistent/p.toml", &options())).contains("cannot be read"));
}

/// Written for this test; no real person.
const PACKET: &str = r#"{"id": "made-up-1",
 "subject": {"id": "1", "sex": "MALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P63Y6M"}}},
 "phenotypicFeatures": [
   {"type": {"id": "HP:0002380", "label": "Fasciculations"}, "onset": {"age": {"iso8601duration": "P61Y"}}},
   {"type": {"id": "HP:0002936", "label": "Distal sensory impairment"}, "excluded": true}],
 "diseases": [{"term": {"id": "OMIM:105400", "label": "Amyotrophic lateral sclerosis 1"},
   "onset": {"age": {"iso8601duration": "P61Y6M"}}}]}"#;

#[test]
fn a_phenopacket_by_disease_stand_in_and_findings() -> Result<(), PathologyError> {
    let of = |text: &str| Patient::of_phenopacket("p.json", text, &options());
    let patient = of(PACKET)?;
    assert_eq!(patient.condition.map(|c| c.name.as_str()), Some("als"));
    assert_eq!((patient.sex, patient.age_years), (Sex::Male, 63.5));
    assert!(matches!(&patient.selection, Selection::Disease { id, .. } if id == "OMIM:105400"));
    assert!(patient.usual_at.is_some_and(|t| (t.years() - 2.0).abs() < 0.01));
    assert_eq!(patient.recorded.iter().filter(|f| f.excluded).count(), 1);
    let stand_in = of(&PACKET.replace("OMIM:105400", "OMIM:612577"))?;
    assert!(matches!(stand_in.selection, Selection::StandIn { .. }));
    let found = of(&PACKET.replace("OMIM:105400", "OMIM:999999"))?;
    assert_eq!(found.condition.map(|c| c.name.as_str()), Some("als"));
    assert!(found.selection.to_string().contains("Fasciculations"), "{}", found.selection);
    let nothing = of(r#"{"id": "x", "subject": {"sex": "UNKNOWN_SEX"}, "phenotypicFeatures": []}"#)?;
    assert_eq!((nothing.selection, nothing.lesions.len()), (Selection::Nothing, 0));
    Ok(())
}

#[test]
fn mistakes_in_a_phenopacket() {
    for (text, wanted) in [
        (PACKET.replace("\"MALE\"", "\"MAN\""), "p.json $.subject.sex: no sex `MAN`; allowed: FEMALE, MALE"),
        (
            PACKET.replace("P63Y6M", "63 years"),
            "p.json $.subject.timeAtLastEncounter.age.iso8601duration: `63 years` is not an age",
        ),
        (
            PACKET.replace("\"excluded\": true", "\"excluded\": 1"),
            "$.phenotypicFeatures[1].excluded: a number found; give true or false",
        ),
        (
            PACKET.replace("{\"id\": \"HP:0002380\", \"label\": \"Fasciculations\"}", "{}"),
            "$.phenotypicFeatures[0].type: `id` is missing",
        ),
        (
            PACKET.replace("HP:0002380", "fasciculations"),
            "$.phenotypicFeatures[0].type.id: `fasciculations` is not an id",
        ),
        (PACKET.replace("\"diseases\": [", "\"diseases\": [3, "), "$.diseases[0]: a number found; give an object"),
        (
            PACKET.replace("P63Y6M", "P120Y"),
            "p.json $.subject.timeAtLastEncounter.age.iso8601duration: `P120Y` is out of range; give an age of 0 to 110 years",
        ),
        ("{\"members\": []}".to_owned(), "a cohort"),
        ("{}".to_owned(), "neither `subject` nor `phenotypicFeatures`"),
        ("[1]".to_owned(), "$: a list found; give an object"),
        ("{\"id\": ".to_owned(), "p.json line 1 column 7: not JSON"),
    ] {
        let error = error_of(Patient::of_phenopacket("p.json", &text, &options()));
        assert!(error.contains(wanted) && !error.contains('\n'), "{error}\nwanted {wanted}");
    }
}

/// Read as version 2, what was `negated` would be present.
#[test]
fn a_phenopacket_of_version_one_is_refused_with_its_place() {
    let stated = |version: &str| {
        PACKET.replacen(
            "{\"id\"",
            &format!("{{\"metaData\": {{\"phenopacketSchemaVersion\": \"{version}\"}}, \"id\""),
            1,
        )
    };
    for (text, wanted) in [
        (stated("1.0.0-RC3"), "p.json $.metaData.phenopacketSchemaVersion: a Phenopacket of schema version 1.0.0-RC3"),
        (PACKET.replace("\"excluded\": true", "\"negated\": true"), "$.phenotypicFeatures[1].negated: `negated`"),
        (PACKET.replace("timeAtLastEncounter", "ageAtCollection"), "$.subject.ageAtCollection: `ageAtCollection`"),
        (
            PACKET.replace(
                "\"onset\": {\"age\": {\"iso8601duration\": \"P61Y6M\"}}",
                "\"ageOfOnset\": {\"age\": \"P61Y\"}",
            ),
            "$.diseases[0].ageOfOnset",
        ),
    ] {
        assert_ne!(text, PACKET);
        let error = error_of(Patient::of_phenopacket("p.json", &text, &options()));
        assert!(error.contains(wanted) && error.contains("version 2"), "{error}\nwanted {wanted}");
    }
    for version in ["2.0", "2.0.2"] {
        assert!(Patient::of_phenopacket("p.json", &stated(version), &options()).is_ok(), "{version}");
    }
}

#[test]
fn names_do_not_steer_the_terminal() -> Result<(), PathologyError> {
    let file = FILE.replace("\"Anna\"", "\"An\\u001b[31mna\\u0007\"");
    assert_eq!(Patient::of_file("anna.toml", &file, &options())?.name, "An[31mna");
    let packet = PACKET.replace("made-up-1", "made\\u001b-up").replace("Fasciculations", "Fasc\\u0007");
    let patient = Patient::of_phenopacket("p.json", &packet, &options())?;
    assert_eq!((patient.name.as_str(), patient.recorded.first().map(|f| f.label.as_str())), ("made-up", Some("Fasc")));
    let error = error_of(Patient::of_phenopacket("p.json", &PACKET.replace("MALE", "\\u001bMALE!"), &options()));
    assert!(error.contains("no sex `MALE!`") && !error.contains('\u{1b}'), "{error}");
    Ok(())
}

#[test]
fn damaged_files_give_an_error_on_one_line_or_a_patient() {
    let condition = include_str!("../../../../data/conditions/gbs-aidp.toml");
    let check = |result: Result<(), PathologyError>| assert!(!error_of(result).contains('\n'));
    for text in [FILE, PACKET, condition] {
        let cuts: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        let step = 1 + cuts.len() / 400;
        for (n, &cut) in cuts.iter().step_by(step).enumerate() {
            let (before, after) = text.split_at(cut);
            let odd = ["", "\"", "-9", "\u{e9}", "{", "1e400", "nan"][n % 7];
            let rest: String = after.chars().skip(1).collect();
            for damaged in [before.to_owned(), format!("{before}{odd}{rest}")] {
                check(Patient::of_file("p.toml", &damaged, &options()).map(|p| drop(p.lesions_now())));
                check(Patient::of_phenopacket("p.json", &damaged, &options()).map(|p| drop(p.lesions_now())));
                check(Condition::read("c.toml", &damaged).map(drop));
            }
        }
    }
}
