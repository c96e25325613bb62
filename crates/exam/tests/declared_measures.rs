//! Every item gives what it declares: its measures, in order, each in its unit. Programs rely on `tonus items`.

use std::collections::BTreeMap;

use tonus_body::{Anatomy, Body, Person, Sex};
use tonus_exam::{Subject, items};
use tonus_signal::Side;

#[test]
fn a_study_gives_the_measures_of_its_declaration_in_their_units() {
    let anatomy = Anatomy::builtin().expect("the anatomy tables are right");
    let person = Person::new(40.0, Sex::Female, Some(1.65), Some(62.0)).expect("a person");
    let body = Body::healthy(&person, &anatomy);
    let subject = Subject::new(&body, 1);
    for item in items() {
        // One needle position and a short contraction give every measure.
        let short = item.parameters.iter().filter(|p| ["sites", "longest_s"].contains(&p.name));
        let short: BTreeMap<String, f64> = short.map(|p| (p.name.to_owned(), p.low)).collect();
        let study = item.run(&subject, Side::Right, &short).expect(item.id);
        let declared: Vec<(&str, &str)> = item.measures.iter().map(|m| (m.name, m.unit)).collect();
        let given: Vec<(&str, &str)> = study.measures.iter().map(|m| (m.name.as_str(), m.unit.as_str())).collect();
        assert_eq!(given, declared, "{}", item.id);
        assert_eq!((study.item.as_str(), study.side), (item.id, Side::Right));
        assert!(!study.recordings.is_empty(), "{} has no signal behind its measures", item.id);
    }
}
