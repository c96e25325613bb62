//! Corticospinal tract, cerebellum, basal ganglia.

use tonus_pathology::{Lesion, Mechanism, ReleasedBy, Site};

use crate::adult::*;

/// Elbow stretch at a velocity and at twice that.
const DOUBLED: Protocol = ("bedside.tone.elbow_stretch", &[("slow_deg_s", 60.0), ("fast_deg_s", 120.0)]);

/// The nerve's motor responses are the healthy ones to the bit; F waves, which ask the motor neurons, may differ.
fn nerve_unchanged(patient: &Adult, well: &Adult) {
    let (a, b) = (patient.study(MOTOR), well.study(MOTOR));
    assert_eq!(a.recordings[0], b.recordings[0], "motor responses");
    for protocol in [SENSORY_ULNAR, SENSORY_SURAL] {
        assert!(same_bits(&patient.study(protocol), &well.study(protocol)), "{}", protocol.0);
    }
}

fn drive_loss(severity: f64, days: f64) -> Lesion {
    aged(lesion(Site::CorticospinalTract, Mechanism::DescendingDriveLoss, severity), days)
}

fn rest_tremor(severity: f64) -> Lesion {
    let mut oscillation = lesion(Site::TremorOscillator, Mechanism::CentralOscillation, severity);
    oscillation.released_by = Some(ReleasedBy::Rest);
    oscillation
}

#[test]
fn chronic_corticospinal_loss_is_spastic() {
    for well in adults() {
        let patient = well.with([drive_loss(0.8, 182.0)]);
        nerve_unchanged(&patient, &well);
        let over = |protocol, name| patient.number(protocol, name) / well.number(protocol, name);
        assert!(over(BICEPS_JERK, "amplitude") > 1.3);
        assert!(over(KNEE_JERK, "amplitude") > 1.3);
        for name in ["catch_slow", "catch_fast", "reflex_emg_fast", "resistance_slow", "resistance_fast"] {
            assert!(over(STRETCH, name) > 1.1, "{name}");
        }
        let grows = |slow, fast| patient.number(STRETCH, fast) > 1.1 * patient.number(STRETCH, slow);
        assert!(grows("reflex_emg_slow", "reflex_emg_fast"), "the stretch reflex grows with velocity");
        assert!(grows("catch_slow", "catch_fast"), "the catch grows with velocity");
        assert!(over(PENDULUM, "oscillations") < 0.9);
        assert!(over(PENDULUM, "first_swing") < 0.98);
        // At 0.8 the hand, which has little else than the corticospinal tract, no longer moves; at half of it, its units fire slowly.
        assert!(over(FINGER, "torque") < 0.1);
        let paretic = well.with([drive_loss(0.5, 182.0)]);
        assert!(paretic.number(FINGER, "firing_rate") < 0.8 * well.number(FINGER, "firing_rate"));
        assert!(paretic.number(FINGER, "torque") < 0.6 * well.number(FINGER, "torque"));
    }
}

#[test]
fn corticospinal_loss_leaves_the_motor_units_alone() {
    let well = adults();
    let ill = well.clone().map(|w| w.with([drive_loss(0.5, 182.0)]));
    for patient in &ill {
        assert_eq!(patient.number(NEEDLE_MANY, "fibrillation_sites"), 0.0);
    }
    for name in ["mup_duration", "mup_amplitude"] {
        let over = mean(&ill, NEEDLE_MANY, name) / mean(&well, NEEDLE_MANY, name);
        assert!((over - 1.0).abs() < 0.2, "{name} {over} of health, mean of three");
    }
}

#[test]
fn acute_loss_is_flaccid() {
    for well in adults() {
        let shock = aged(lesion(Site::CorticospinalTract, Mechanism::DescendingDriveAcuteLoss, 1.0), 1.0);
        let patient = well.with([drive_loss(0.8, 1.0), shock]);
        nerve_unchanged(&patient, &well);
        for protocol in [KNEE_JERK, BICEPS_JERK] {
            assert_eq!(patient.measure(protocol, "amplitude"), None, "{}", protocol.0);
        }
        let over = |protocol, name| patient.number(protocol, name) / well.number(protocol, name);
        assert!(over(STRETCH, "resistance_slow") < 0.9);
        assert!(over(STRETCH, "resistance_fast") < 0.97);
        assert!(over(PENDULUM, "oscillations") > 1.1);
        assert!(over(FINGER, "torque") < 0.6);
    }
}

#[test]
fn cerebellar_loss_swings_overshoots_and_trembles_without_weakness() {
    for well in adults() {
        let patient = well.with([lesion(Site::CerebellarHemisphere, Mechanism::PurkinjeLoss, 0.7)]);
        nerve_unchanged(&patient, &well);
        let over = |protocol, name| patient.number(protocol, name) / well.number(protocol, name);
        assert!(over(PENDULUM, "oscillations") > 1.0);
        assert!(over(REACH, "overshoot") > 2.0);
        assert!(over(REACH, "movement_time") > 1.2);
        assert!(patient.number(REACH, "terminal_tremor") > well.number(REACH, "terminal_tremor") + 3.0);
        let frequency = patient.number(REACH, "terminal_frequency");
        assert!((2.0..=5.0).contains(&frequency), "{frequency} Hz");
        for protocol in [FINGER, ELBOW, KNEE] {
            let torque = over(protocol, "torque");
            assert!((torque - 1.0).abs() < 0.3, "{} {torque} of health", protocol.0);
        }
    }
}

#[test]
fn dopamine_loss_is_rigid_slow_and_trembles_at_rest() {
    for well in adults() {
        let patient = well.with([lesion(Site::Striatum, Mechanism::DopamineLoss, 0.75), rest_tremor(0.5)]);
        nerve_unchanged(&patient, &well);
        assert!(same_bits(&patient.study(MOTOR), &well.study(MOTOR)), "F waves too");
        let over = |protocol, name| patient.number(protocol, name) / well.number(protocol, name);
        assert!(over(STRETCH, "resistance_slow") > 1.5);
        assert!(over(DOUBLED, "resistance_slow") > 1.5);
        let ratio = patient.number(DOUBLED, "fast_slow_ratio");
        assert!(ratio < 1.7, "resistance grows {ratio} times as the velocity doubles");
        let frequency = patient.number(REST_TREMOR, "frequency");
        assert!((4.0..=6.0).contains(&frequency), "{frequency} Hz");
        assert_eq!(well.measure(REST_TREMOR, "frequency"), None);
        assert!(over(REACH, "movement_time") > 1.2);
        assert!(over(REACH, "peak_velocity") < 0.85);
        assert!((over(ELBOW, "torque") - 1.0).abs() < 0.1, "slow, not weak");
    }
}
