//! What the needle hears of healthy adults, measured blind on the signal, beside the published norms.

use std::collections::BTreeMap;

use tonus::body::{Anatomy, Body, Person, Sex};
use tonus::exam::{Item, Subject};
use tonus::signal::Side;

/// Mean of a measure over three healthy adults.
fn mean(item: &str, measure: &str) -> f64 {
    let anatomy = Anatomy::builtin().expect("the anatomy tables are right");
    let person = Person::new(40.0, Sex::Male, Some(1.75), Some(75.0)).expect("a person");
    let body = Body::healthy(&person, &anatomy);
    let item = Item::find(item).expect("an item");
    let values: Vec<f64> = (1..=3)
        .filter_map(|seed| {
            let study = item.run(&Subject::new(&body, seed), Side::Right, &BTreeMap::new()).expect("it runs");
            study.number(measure)
        })
        .collect();
    assert_eq!(values.len(), 3, "{measure} is missing in health");
    values.iter().sum::<f64>() / 3.0
}

#[test]
fn units_of_tibialis_anterior_have_their_published_size() {
    // de Carvalho & Swash 2013: 9.35 (0.93) ms, 661 (92) uV; two SD.
    let item = "lab.needle.tibialis_anterior";
    let (duration, amplitude) = (mean(item, "mup_duration"), mean(item, "mup_amplitude"));
    assert!((7.5..11.2).contains(&duration), "{duration} ms");
    assert!((477.0..846.0).contains(&amplitude), "{amplitude} uV");
}

#[test]
fn units_of_the_first_dorsal_interosseous_have_their_published_amplitude() {
    // Bischoff 1994: 752 (247) uV; two SD. Their duration is a target of `tonus validate` (mup_duration_fdi).
    let amplitude = mean("lab.needle.first_dorsal_interosseous", "mup_amplitude");
    assert!((258.0..1246.0).contains(&amplitude), "{amplitude} uV");
}
