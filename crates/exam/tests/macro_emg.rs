//! The macro potential counts the fibres of a unit: it grows where sprouts have taken over those of lost units, and not where fibres are lost.

use std::collections::BTreeMap;

use tonus_body::{Anatomy, Body, Muscle, Person, Sex};
use tonus_exam::{Item, Subject};
use tonus_signal::{Side, Study};

/// Tibialis anterior of a woman whose muscles have been changed.
fn recorded(change: impl Fn(&mut Muscle)) -> Study {
    let anatomy = Anatomy::builtin().expect("the anatomy tables are right");
    let person = Person::new(40.0, Sex::Female, Some(1.65), Some(62.0)).expect("a person");
    let mut body = Body::healthy(&person, &anatomy);
    body.right.muscles.iter_mut().for_each(change);
    let item = Item::find("lab.macro_emg.tibialis_anterior").expect("it exists");
    item.run(&Subject::new(&body, 1), Side::Right, &BTreeMap::new()).expect("it runs")
}

#[test]
fn sprouting_makes_macro_potentials_large_and_loss_of_fibres_does_not() {
    let healthy = recorded(|_| {});
    let sprouted = recorded(|muscle| {
        muscle.pool.survival = 0.3;
        muscle.fibres.reinnervation = 1.0;
    });
    let thinned = recorded(|muscle| muscle.fibres.survival = 0.5);
    let of = |study: &Study, name: &str| study.number(name).expect(name);
    let sizes = [&healthy, &sprouted, &thinned].map(|study| of(study, "macro_amplitude"));
    assert!(sizes[1] > 1.5 * sizes[0] && sizes[2] < sizes[0], "healthy, sprouted, thinned: {sizes:?} uV");
    let densities = [&healthy, &sprouted].map(|study| of(study, "fibre_density"));
    assert!(densities[1] > 1.2 * densities[0], "{densities:?}");
    assert_eq!(of(&healthy, "units"), 20.0);
}
