//! More severity is never a better score.

use tonus_pathology::{Lesion, Mechanism, Pattern, ReleasedBy, Site};

use crate::adult::*;

const SEVERITIES: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
/// By how much of the healthy value a measure may recover on a step, where its noise enters.
const NOISE: f64 = 0.02;

/// Which way is worse.
#[derive(Clone, Copy)]
enum Worse {
    /// Lower; a missing response is 0.
    Lower,
    /// Higher; a missing response ends the ladder.
    Higher,
}
use Worse::{Higher, Lower};

/// The measure over the ladder of severities in two adults: never better than it was by more than `tolerance` (in the
/// measure's unit or, if `relative`, of the healthy value), and at its worst clearly worse than in health.
fn ladder(of: impl Fn(f64) -> Lesion, protocol: Protocol, name: &str, worse: Worse, tolerance: Tolerance) {
    for well in [healthy(1), healthy(2)] {
        let mut values: Vec<f64> = Vec::new();
        for severity in SEVERITIES {
            match (well.with([of(severity)]).measure(protocol, name), worse) {
                (Some(value), _) => values.push(value),
                (None, Lower) => values.push(0.0),
                (None, Higher) => break,
            }
        }
        let allowed = match tolerance {
            Tolerance::OfHealth(share) => share * values[0].abs(),
            Tolerance::Absolute(value) => value,
        };
        let score = |value: f64| if matches!(worse, Lower) { -value } else { value };
        let mut worst = score(values[0]);
        for value in &values {
            assert!(score(*value) >= worst - allowed, "{} {name} {values:.3?}: tolerance {allowed:.3}", protocol.0);
            worst = worst.max(score(*value));
        }
        let moved = worst - score(values[0]);
        assert!(values.len() >= 4 && moved > 5.0 * allowed, "{} {name} hardly moves: {values:.3?}", protocol.0);
    }
}

#[derive(Clone, Copy)]
enum Tolerance {
    OfHealth(f64),
    Absolute(f64),
}
use Tolerance::{Absolute, OfHealth};

/// Sprouts have not begun a week after a loss: no unit makes up for another.
fn week_old(site: Site, mechanism: Mechanism) -> impl Fn(f64) -> Lesion {
    move |severity| aged(lesion(site, mechanism, severity), 7.0)
}

fn established(site: Site, mechanism: Mechanism) -> impl Fn(f64) -> Lesion {
    move |severity| lesion(site, mechanism, severity)
}

fn half_year_old(site: Site, mechanism: Mechanism) -> impl Fn(f64) -> Lesion {
    move |severity| aged(lesion(site, mechanism, severity), 182.0)
}

#[test]
fn of_the_anterior_horn() {
    let fresh = week_old(Site::AnteriorHorn, Mechanism::NeuronLoss);
    ladder(&fresh, MOTOR, "cmap_amplitude", Lower, OfHealth(NOISE));
    ladder(&fresh, FINGER, "torque", Lower, OfHealth(NOISE));
    ladder(&fresh, ELBOW, "torque", Lower, OfHealth(NOISE));
    ladder(&fresh, KNEE_JERK, "amplitude", Lower, OfHealth(NOISE));
    // With sprouts, which units are left decides how much of the muscle follows them: 5 % of health.
    let old = established(Site::AnteriorHorn, Mechanism::NeuronLoss);
    ladder(&old, MOTOR, "cmap_amplitude", Lower, OfHealth(0.05));
    ladder(&old, FINGER, "torque", Lower, OfHealth(0.05));
}

#[test]
fn of_axon_loss() {
    let fresh = week_old(Site::PeripheralNerve, Mechanism::AxonLoss);
    ladder(&fresh, MOTOR, "cmap_amplitude", Lower, OfHealth(NOISE));
    ladder(&fresh, SENSORY_ULNAR, "amplitude", Lower, OfHealth(NOISE));
    ladder(&fresh, SENSORY_SURAL, "amplitude", Lower, OfHealth(NOISE));
    ladder(&fresh, FINGER, "torque", Lower, OfHealth(NOISE));
    ladder(&fresh, KNEE_JERK, "amplitude", Lower, OfHealth(NOISE));
}

#[test]
fn of_demyelination_and_block() {
    let slow =
        |severity| lesion(Site::PeripheralNerve, Mechanism::Demyelination, severity).at(pattern(Pattern::Uniform));
    ladder(slow, MOTOR, "velocity_forearm", Lower, OfHealth(NOISE));
    ladder(slow, MOTOR, "distal_latency", Higher, OfHealth(NOISE));
    ladder(slow, MOTOR, "f_latency", Higher, OfHealth(NOISE));
    ladder(slow, SENSORY_ULNAR, "velocity", Lower, OfHealth(NOISE));
    ladder(slow, SENSORY_ULNAR, "amplitude", Lower, OfHealth(NOISE));
    let patchy =
        |severity| lesion(Site::PeripheralNerve, Mechanism::Demyelination, severity).at(pattern(Pattern::Patchy));
    ladder(patchy, MOTOR, "cmap_amplitude", Lower, OfHealth(NOISE));
    ladder(patchy, MOTOR, "proximal_amplitude", Lower, OfHealth(NOISE));
    let block = established(Site::PeripheralNerve, Mechanism::ConductionBlock);
    ladder(&block, MOTOR, "proximal_amplitude", Lower, OfHealth(NOISE));
    ladder(&block, MOTOR, "cmap_amplitude", Lower, OfHealth(NOISE));
}

#[test]
fn of_the_junction() {
    let receptors = established(Site::Junction, Mechanism::ReceptorLoss);
    // Until the response is gone; a decrement is known to 2 %.
    ladder(&receptors, REPETITIVE_ULNAR, "decrement", Higher, Absolute(2.0));
    ladder(&receptors, REPETITIVE_ACCESSORY, "decrement", Higher, Absolute(2.0));
    ladder(&receptors, REPETITIVE_ULNAR, "cmap_amplitude", Lower, OfHealth(NOISE));
    ladder(&receptors, FINGER, "torque", Lower, OfHealth(NOISE));
    let release = established(Site::Junction, Mechanism::QuantalReleaseLoss);
    ladder(&release, REPETITIVE_ULNAR, "cmap_amplitude", Lower, OfHealth(NOISE));
    ladder(&release, FINGER, "torque", Lower, OfHealth(NOISE));
}

#[test]
fn of_muscle() {
    let loss = established(Site::Muscle, Mechanism::FibreLoss);
    ladder(&loss, MOTOR, "cmap_amplitude", Lower, OfHealth(NOISE));
    ladder(&loss, FINGER, "torque", Lower, OfHealth(NOISE));
    ladder(&loss, ELBOW, "torque", Lower, OfHealth(NOISE));
}

#[test]
fn of_the_corticospinal_tract_on_strength_and_tone() {
    let chronic = half_year_old(Site::CorticospinalTract, Mechanism::DescendingDriveLoss);
    ladder(&chronic, FINGER, "torque", Lower, OfHealth(NOISE));
    ladder(&chronic, FINGER, "firing_rate", Lower, OfHealth(NOISE));
    ladder(&chronic, STRETCH, "resistance_slow", Higher, OfHealth(NOISE));
    ladder(&chronic, PENDULUM, "first_swing", Lower, OfHealth(NOISE));
}

#[test]
fn of_the_corticospinal_tract_on_reflexes() {
    let chronic = half_year_old(Site::CorticospinalTract, Mechanism::DescendingDriveLoss);
    ladder(&chronic, BICEPS_JERK, "amplitude", Higher, OfHealth(NOISE));
    ladder(&chronic, KNEE_JERK, "amplitude", Higher, OfHealth(NOISE));
    let shock = week_old(Site::CorticospinalTract, Mechanism::DescendingDriveAcuteLoss);
    ladder(&shock, BICEPS_JERK, "amplitude", Lower, OfHealth(NOISE));
    ladder(&shock, KNEE_JERK, "amplitude", Lower, OfHealth(NOISE));
}

#[test]
fn of_the_cerebellum() {
    let loss = established(Site::CerebellarHemisphere, Mechanism::PurkinjeLoss);
    ladder(&loss, REACH, "overshoot", Higher, OfHealth(NOISE));
    // The time an ataxic hand keeps moving runs into the end of the recording.
    ladder(&loss, REACH, "movement_time", Higher, OfHealth(NOISE));
    // Below 1 mm is the reach's own noise.
    ladder(&loss, REACH, "terminal_tremor", Higher, Absolute(1.0));
}

#[test]
fn of_the_basal_ganglia() {
    let dopamine = established(Site::Striatum, Mechanism::DopamineLoss);
    ladder(&dopamine, REACH, "movement_time", Higher, OfHealth(NOISE));
    ladder(&dopamine, REACH, "peak_velocity", Lower, OfHealth(NOISE));
    ladder(&dopamine, STRETCH, "resistance_slow", Higher, OfHealth(NOISE));
    let oscillation = |severity| {
        let mut released = lesion(Site::TremorOscillator, Mechanism::CentralOscillation, severity);
        released.released_by = Some(ReleasedBy::Rest);
        released
    };
    ladder(oscillation, REST_TREMOR, "amplitude", Higher, OfHealth(NOISE));
}
