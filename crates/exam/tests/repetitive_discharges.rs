//! Fibres and axons that fire by themselves are told apart on the needle's signal alone.

use std::collections::BTreeMap;

use tonus_body::{Anatomy, Body, Muscle, Person, Sex};
use tonus_exam::{Item, Subject};
use tonus_signal::{Side, Study};

/// Three needle positions in the first dorsal interosseous of a woman in whom `change` was made.
fn needled(change: impl Fn(&mut Muscle)) -> Study {
    let anatomy = Anatomy::builtin().expect("the anatomy tables are right");
    let person = Person::new(40.0, Sex::Female, Some(1.65), Some(62.0)).expect("a person");
    let mut body = Body::healthy(&person, &anatomy);
    body.right.muscles.iter_mut().for_each(change);
    let item = Item::find("lab.needle_emg.first_dorsal_interosseous").expect("it exists");
    let few = BTreeMap::from([("sites".to_owned(), 3.0)]);
    item.run(&Subject::new(&body, 1), Side::Right, &few).expect("it runs")
}

/// Positions with myotonic, complex repetitive and neuromyotonic discharges at rest, with any discharge and with a cramp after effort, %.
fn found(study: &Study) -> [f64; 5] {
    ["myotonic_sites", "complex_repetitive_sites", "neuromyotonic_sites", "after_discharge_sites", "cramp_sites"]
        .map(|name| study.number(name).expect(name))
}

#[test]
fn a_healthy_muscle_has_none() {
    assert_eq!(found(&needled(|_| ())), [0.0; 5]);
}

#[test]
fn fibres_without_chloride_conductance_are_myotonic() {
    let study = needled(|muscle| muscle.fibres.chloride_conductance = 0.3);
    let [myotonic, complex, neuromyotonic, ..] = found(&study);
    assert!(myotonic > 60.0 && complex == 0.0 && neuromyotonic == 0.0, "{:?}", found(&study));
    assert!(study.number("myotonic_rate").is_some_and(|hz| (20.0..150.0).contains(&hz)));
}

#[test]
fn axons_without_kv1_are_neuromyotonic() {
    let study = needled(|muscle| {
        muscle.axons.kv1 = 0.2;
        muscle.axons.ectopic_rate_hz = 0.02;
    });
    let [myotonic, complex, neuromyotonic, ..] = found(&study);
    assert!(neuromyotonic > 60.0 && myotonic == 0.0 && complex == 0.0, "{:?}", found(&study));
}

#[test]
fn neurons_that_keep_firing_cramp_after_effort_and_not_at_rest() {
    let study = needled(|muscle| muscle.axons.persistent_current = 0.7);
    let [myotonic, complex, neuromyotonic, after, cramp] = found(&study);
    assert!(cramp > 60.0 && after >= cramp, "{:?}", found(&study));
    assert_eq!((myotonic, complex, neuromyotonic), (0.0, 0.0, 0.0));
}
