//! Zero severity is health, and the number of threads is nobody's business: both to the bit.

use tonus_exam::{Item, Plan, Subject, examine};
use tonus_pathology::{Mechanism, Site};

use crate::adult::*;

/// One tap, for speed.
const ONE_TAP: Protocol = ("bedside.reflex.biceps", &[("taps", 1.0), ("interval_s", 0.5)]);
const FEW_F_WAVES: Protocol = ("lab.motor_conduction.ulnar", &[("f_stimuli", 5.0)]);

/// A structure of the body at which a mechanism acts.
fn site_of(mechanism: Mechanism) -> Site {
    let acts_at = mechanism.info().acts_at;
    let preferred = [Site::NerveMotor, Site::CorticospinalTract, Site::CerebellarHemisphere];
    let mut sites = preferred.iter().chain(Site::ALL).copied();
    sites.find(|site| acts_at.contains(&site.localiser()) && site.missing().is_none()).expect("a site of the body")
}

#[test]
fn zero_severity_is_health() {
    let well = healthy(1);
    for &mechanism in Mechanism::ALL.iter().filter(|m| m.info().examined) {
        let patient = well.with([lesion(site_of(mechanism), mechanism, 0.0)]);
        for protocol in [FEW_F_WAVES, SENSORY_ULNAR, REPETITIVE_ULNAR, ONE_TAP] {
            let same = same_bits(&patient.study(protocol), &well.study(protocol));
            assert!(same, "{} 0 moves {}", mechanism.name(), protocol.0);
        }
    }
}

#[test]
fn a_lesion_does_show_in_these_bits() {
    let well = healthy(1);
    let patient = well.with([lesion(Site::NerveMotor, Mechanism::AxonLoss, 0.05)]);
    for protocol in [FEW_F_WAVES, ONE_TAP] {
        assert!(!same_bits(&patient.study(protocol), &well.study(protocol)), "{}", protocol.0);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let ids = [MOTOR, SENSORY_ULNAR, REPETITIVE_ULNAR, BICEPS_JERK, FINGER, REACH].map(|(id, _)| id);
    let body = healthy(2)
        .with([
            lesion(Site::AnteriorHorn, Mechanism::NeuronLoss, 0.3),
            lesion(Site::Junction, Mechanism::ReceptorLoss, 0.5),
            lesion(Site::CerebellarHemisphere, Mechanism::PurkinjeLoss, 0.3),
        ])
        .body();
    let run = |threads: usize| {
        let plan = Plan::of(ids.map(|id| Item::find(id).expect(id)));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| examine(&Subject::new(&body, 2), &plan, &())).expect("an examination")
    };
    let (one, four) = (run(1), run(4));
    assert_eq!((one.len(), four.len()), (2 * ids.len(), 2 * ids.len()));
    for (a, b) in one.iter().zip(&four) {
        assert!(same_bits(a, b), "{} {:?}", a.item, a.side);
    }
}
