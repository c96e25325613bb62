//! Fibres and axons that fire by themselves are told apart on the needle's signal alone.

use std::collections::BTreeMap;

use tonus_body::{Anatomy, Body, Muscle, Person, Sex};
use tonus_exam::{Item, Subject};
use tonus_signal::{Side, Study};

/// Three needle positions in the first dorsal interosseous of a woman in whom `change` was made.
fn needled(change: impl Fn(&mut Muscle)) -> Study {
    needled_at(1, 3.0, change)
}

/// As many needle positions in the woman that the seed makes.
fn needled_at(seed: u64, sites: f64, change: impl Fn(&mut Muscle)) -> Study {
    let anatomy = Anatomy::builtin().expect("the anatomy tables are right");
    let person = Person::new(40.0, Sex::Female, Some(1.65), Some(62.0)).expect("a person");
    let mut body = Body::healthy(&person, &anatomy);
    body.right.muscles.iter_mut().for_each(change);
    let item = Item::find("lab.needle_emg.first_dorsal_interosseous").expect("it exists");
    let few = BTreeMap::from([("sites".to_owned(), sites)]);
    item.run(&Subject::new(&body, seed), Side::Right, &few).expect("it runs")
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
fn fibres_and_axons_are_told_apart_in_three_women() {
    // Chloride conductance, Kv1, ectopic rate: as in recessive myotonia congenita and in acquired neuromyotonia.
    let of = |seed: u64, chloride: f64, kv1: f64, ectopic_rate_hz: f64| {
        let study = needled_at(seed, 10.0, |muscle| {
            muscle.fibres.chloride_conductance = chloride;
            muscle.axons.kv1 = kv1;
            muscle.axons.ectopic_rate_hz = ectopic_rate_hz;
        });
        let [myotonic, _, neuromyotonic, ..] = found(&study);
        (myotonic, neuromyotonic, study.number("fasciculation_rate").expect("a rate"))
    };
    // One site of ten and two fasciculations a minute are normal (norms.toml).
    for seed in 1..=3 {
        assert_eq!(of(seed, 1.0, 1.0, 0.0), (0.0, 0.0, 0.0), "healthy {seed}");
        let fibres = of(seed, 0.2, 1.0, 0.0);
        assert!(fibres.0 > 30.0 && fibres.1 <= 10.0 && fibres.2 <= 2.0, "fibres {seed}: {fibres:?}");
        let axons = of(seed, 1.0, 0.2, 0.008);
        assert!(axons.0 == 0.0 && axons.1 > 30.0 && axons.2 > 2.0, "axons {seed}: {axons:?}");
    }
}

#[test]
fn neurons_that_keep_firing_cramp_after_effort_and_not_at_rest() {
    let study = needled(|muscle| muscle.axons.persistent_current = 0.7);
    let [myotonic, complex, neuromyotonic, after, cramp] = found(&study);
    assert!(cramp > 60.0 && after >= cramp, "{:?}", found(&study));
    assert_eq!((myotonic, complex, neuromyotonic), (0.0, 0.0, 0.0));
}
