//! Zero severity is health, and the number of threads is nobody's business: both to the bit.

use serde_json::Value;
use tonus_body::Body;
use tonus_exam::{Item, Plan, Subject, examine};
use tonus_pathology::{Mechanism, Site, apply};

use crate::adult::*;

/// One tap, for speed.
const ONE_TAP: Protocol = ("bedside.reflex.biceps", &[("taps", 1.0), ("interval_s", 0.5)]);
const FEW_F_WAVES: Protocol = ("lab.motor_conduction.ulnar", &[("f_stimuli", 5.0)]);

/// Structures of the body at which a mechanism acts.
fn sites_of(mechanism: Mechanism) -> Vec<Site> {
    let acts_at = mechanism.info().acts_at;
    let sites = Site::ALL.iter().copied();
    sites.filter(|site| acts_at.contains(&site.localiser()) && site.missing().is_none()).collect()
}

#[test]
fn zero_severity_is_health() {
    let well = healthy(1).body();
    for &mechanism in Mechanism::ALL.iter().filter(|m| m.info().examined) {
        for site in sites_of(mechanism) {
            let patient = healthy(1).with([lesion(site, mechanism, 0.0)]).body();
            assert!(patient == well, "{} 0 at {} moves the body", mechanism.name(), site.name());
        }
    }
}

/// Clocks, which say how long ago fibres were lost and not how many: they act on the lost ones alone.
const CLOCKS: [&str; 3] = [".reinnervation", ".fibrillation", ".ephaptic"];

/// Every number of a body, in order, under its place in it.
fn numbers(body: &Body) -> Vec<(String, f64)> {
    fn below(value: &Value, place: &str, out: &mut Vec<(String, f64)>) {
        match value {
            Value::Number(number) => out.extend(number.as_f64().map(|x| (place.to_owned(), x))),
            Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| below(v, &format!("{place}[{i}]"), out)),
            Value::Object(fields) => fields.iter().for_each(|(name, v)| below(v, &format!("{place}.{name}"), out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    below(&serde_json::to_value(body).expect("a body is plain data"), "body", &mut out);
    out
}

/// No mechanism jumps as it begins: a billionth of it moves nothing by more than a millionth (of it, or of its unit if it is 0 in health).
#[test]
fn a_trace_of_a_lesion_is_a_trace_of_a_change() {
    let well = numbers(&healthy(1).body());
    assert!(well.len() > 1000, "{} numbers in a body", well.len());
    let mut jumps = Vec::new();
    for &mechanism in Mechanism::ALL.iter().filter(|m| m.info().examined) {
        let mut shown = 0;
        for site in sites_of(mechanism) {
            let mut patient = healthy(1).body();
            // Some sites of a mechanism have nothing in the body that it could move.
            if !apply(&[lesion(site, mechanism, 1e-9)], &mut patient).is_empty() {
                continue;
            }
            shown += 1;
            let patient = numbers(&patient);
            let what = format!("{} at {}", mechanism.name(), site.name());
            let same_places = patient.iter().map(|(place, _)| place).eq(well.iter().map(|(place, _)| place));
            assert!(same_places, "{what} changes the shape of the body");
            let moved = patient
                .iter()
                .zip(&well)
                .filter(|((place, _), _)| !CLOCKS.iter().any(|clock| place.ends_with(clock)))
                .filter(|((_, a), (_, b))| (a - b).abs() > 1e-6 * if *b == 0.0 { 1.0 } else { b.abs() });
            jumps.extend(moved.map(|((place, a), (_, b))| format!("{what}: {place} from {b} to {a}")).take(2));
        }
        assert!(shown > 0, "{} is shown nowhere", mechanism.name());
    }
    assert!(jumps.is_empty(), "{}", jumps.join("\n"));
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
