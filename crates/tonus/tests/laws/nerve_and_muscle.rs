//! Anterior horn, nerve, junction, muscle.

use tonus_pathology::{Mechanism, Pattern, Site};
use tonus_signal::measures::evoked::{EvokedCriteria, evoked_response};

use crate::adult::*;

/// The sensory studies are the healthy ones to the bit.
fn sensory_unchanged(patient: &Adult, well: &Adult) {
    for protocol in [SENSORY_ULNAR, SENSORY_SURAL] {
        assert!(same_bits(&patient.study(protocol), &well.study(protocol)), "{}", protocol.0);
    }
}

/// Fall of the area of the negative phase from stimulation at the wrist to above the elbow, %.
fn area_drop(person: &Adult) -> f64 {
    let study = person.study(MOTOR);
    let area = |channel: usize| {
        let channel = &study.recordings[0].channels[channel];
        let criteria = EvokedCriteria { stimulus_ms: 2.0, search_ms: (1.0, 38.0), ..EvokedCriteria::cmap_mv() };
        evoked_response(&channel.samples, channel.rate_hz, &criteria).map_or(0.0, |r| r.area)
    };
    let drop = 100.0 * (1.0 - area(2) / area(0));
    println!("area drop {drop:.1} %");
    drop
}

#[test]
fn anterior_horn_loss_is_motor_alone_and_denervates() {
    let (mut fibrillating, mut gaps) = (0.0, 0.0);
    for well in adults() {
        let loss = |severity| lesion(Site::AnteriorHorn, Mechanism::NeuronLoss, severity);
        // Sprouting units hold up to five times their fibres: an old loss of four fifths of them may keep the CMAP, a
        // fresh one or a larger one does not.
        for (lesion, most) in [(aged(loss(0.8), 14.0), 0.5), (loss(0.9), 0.7)] {
            let patient = well.with([lesion]);
            sensory_unchanged(&patient, &well);
            let cmap = patient.number(MOTOR, "cmap_amplitude") / well.number(MOTOR, "cmap_amplitude");
            assert!(cmap < most, "CMAP {cmap} of health");
            let velocity = patient.number(MOTOR, "velocity_forearm") / well.number(MOTOR, "velocity_forearm");
            assert!((0.85..=1.05).contains(&velocity), "velocity {velocity} of health");
        }
        let patient = well.with([loss(0.9)]);
        fibrillating += patient.number(NEEDLE_HAND, "fibrillation_sites") / 3.0;
        assert_eq!(well.number(NEEDLE_HAND, "fibrillation_sites"), 0.0);
        let full = |person: &Adult| person.number(NEEDLE_HAND, "interference_fullness");
        assert!(full(&well) > 98.0, "many units leave none: {}", full(&well));
        gaps += (100.0 - full(&patient)) / 3.0;
    }
    // How many of the few are near the needle is a matter of who they are: mean of three.
    assert!(gaps > 15.0, "few units leave gaps in the pattern: {gaps} % of the time");
    // Four sites each: one positive site in one adult is 8 %.
    assert!(fibrillating > 15.0, "fibrillation at {fibrillating} % of sites");
}

#[test]
fn anterior_horn_loss_takes_the_tendon_reflex() {
    let mut established = Vec::new();
    for well in adults() {
        let healthy = well.number(KNEE_JERK, "amplitude");
        let left = |severity, days| {
            let loss = aged(lesion(Site::AnteriorHorn, Mechanism::NeuronLoss, severity), days);
            well.with([loss]).measure(KNEE_JERK, "amplitude").unwrap_or(0.0) / healthy
        };
        // Before sprouts (14 d: a seventh of their way) and with them: units are then up to five times as large, and so
        // are their potentials in the reflex.
        assert!(left(0.9, 14.0) < 0.5, "fresh 0.9");
        assert!(left(0.95, 3650.0) < 0.5, "established 0.95");
        established.push(left(0.9, 3650.0));
    }
    // Which few neurons are left makes one person's reflex of another's: mean of three.
    let mean = established.iter().sum::<f64>() / established.len() as f64;
    assert!(mean < 0.5, "established 0.9: {established:.2?} of health");
}

#[test]
fn uniform_demyelination_slows_in_proportion_and_blocks_nothing() {
    for well in adults() {
        let slow = |severity| {
            let place = pattern(Pattern::Uniform);
            well.with([lesion(Site::PeripheralNerve, Mechanism::Demyelination, severity).at(place)])
        };
        for severity in [0.3, 0.6] {
            let patient = slow(severity);
            for name in ["velocity_forearm", "velocity_elbow"] {
                let left = patient.number(MOTOR, name) / well.number(MOTOR, name);
                assert!((left / (1.0 - severity) - 1.0).abs() < 0.08, "{name} {left} of health at {severity}");
            }
        }
        let patient = slow(0.6);
        let over = |protocol, name| patient.number(protocol, name) / well.number(protocol, name);
        assert!(over(MOTOR, "distal_latency") > 1.5);
        assert!(over(MOTOR, "f_latency") > 2.0);
        assert!(over(SENSORY_ULNAR, "velocity") < 0.5);
        assert!(over(MOTOR, "cmap_amplitude") > 0.85);
        // Fibres of unlike speed part over a slow path and cancel each other, but none is lost on it: far from the half of
        // the area that is called block.
        let drop = area_drop(&patient);
        assert!(drop < 25.0, "{drop} % of the area lost on the way");
        assert!(over(MOTOR, "f_persistence") > 0.7);
    }
}

#[test]
fn patchy_demyelination_disperses_and_block_drops() {
    let patchy = || lesion(Site::PeripheralNerve, Mechanism::Demyelination, 0.6).at(pattern(Pattern::Patchy));
    let block = || lesion(Site::PeripheralNerve, Mechanism::ConductionBlock, 0.5);
    let well = adults();
    let dispersed = well.clone().map(|w| w.with([patchy()]));
    let blocked = well.clone().map(|w| w.with([patchy(), block()]));
    for ill in [&dispersed, &blocked] {
        for (patient, well) in ill.iter().zip(&well) {
            let more = |name| patient.number(MOTOR, name) - well.number(MOTOR, name);
            assert!(more("cmap_duration") > 1.0);
            assert!(more("amplitude_drop") > 10.0);
            assert!(more("distal_latency") > 0.5);
        }
        // The shortest of 32 is that of whichever fibre the patches spared most: in some people hardly late.
        let late = mean(ill, MOTOR, "f_latency") - mean(&well, MOTOR, "f_latency");
        assert!(late > 5.0, "shortest F wave {late} ms late, mean of three");
        // The middle of the nerve has half the lesion: how far its fibres part there is a matter of which they are.
        let more = mean(ill, MOTOR, "duration_increase") - mean(&well, MOTOR, "duration_increase");
        assert!(more > 5.0, "duration grows {more} % more than in health, mean of three");
    }
    for (blocked, dispersed) in blocked.iter().zip(&dispersed) {
        assert!(blocked.number(MOTOR, "amplitude_drop") > dispersed.number(MOTOR, "amplitude_drop") + 5.0);
        assert!(area_drop(blocked) > area_drop(dispersed) + 10.0);
    }
}

#[test]
fn axon_loss_lowers_amplitudes_and_keeps_velocity() {
    for well in adults() {
        // Two weeks: a seventh of the way of sprouting, so that the loss shows in full.
        let patient = well.with([aged(lesion(Site::PeripheralNerve, Mechanism::AxonLoss, 0.6), 14.0)]);
        let over = |protocol, name| patient.number(protocol, name) / well.number(protocol, name);
        assert!((0.25..0.65).contains(&over(MOTOR, "cmap_amplitude")));
        assert!((0.25..0.60).contains(&over(SENSORY_ULNAR, "amplitude")));
        assert!((0.25..0.60).contains(&over(SENSORY_SURAL, "amplitude")));
        for (protocol, name) in [
            (MOTOR, "velocity_forearm"),
            (MOTOR, "velocity_elbow"),
            (SENSORY_ULNAR, "velocity"),
            (SENSORY_SURAL, "velocity"),
        ] {
            let kept = over(protocol, name);
            assert!((kept - 1.0).abs() < 0.15, "{} {name} {kept} of health", protocol.0);
        }
        let old = well.with([lesion(Site::PeripheralNerve, Mechanism::AxonLoss, 0.6)]);
        let fresh_cmap = patient.number(MOTOR, "cmap_amplitude");
        assert!(old.number(MOTOR, "cmap_amplitude") > 1.3 * fresh_cmap, "sprouts make up for lost axons");
        assert!(old.number(MOTOR, "cmap_amplitude") < 1.05 * well.number(MOTOR, "cmap_amplitude"));
        assert_eq!(old.measure(SENSORY_SURAL, "amplitude"), patient.measure(SENSORY_SURAL, "amplitude"));
    }
}

#[test]
fn junction_loses_receptors_and_tires() {
    let well = adults();
    let ill = well.clone().map(|w| w.with([lesion(Site::Junction, Mechanism::ReceptorLoss, 0.7)]));
    // Blocked fibres come and go, and with them which units can be followed and how hard a try shows two; a try twice as hard, the next
    // that is made, fires them a quarter faster. Mean of three.
    let rate = mean(&ill, NEEDLE_HAND, "firing_rate") / mean(&well, NEEDLE_HAND, "firing_rate");
    assert!(
        (rate - 1.0).abs() < 0.3,
        "firing rate {rate} of health, mean of three: no faster than the next effort makes it"
    );
    for (patient, well) in ill.iter().zip(&well) {
        sensory_unchanged(patient, well);
        for protocol in [REPETITIVE_ULNAR, REPETITIVE_ACCESSORY] {
            assert!(patient.number(protocol, "decrement") > 10.0);
            assert!(well.number(protocol, "decrement") < 4.0);
        }
        // Onset moves by the endplates' slower rise to threshold, not by the nerve: 3 %.
        for name in ["velocity_forearm", "velocity_elbow"] {
            let kept = patient.number(MOTOR, name) / well.number(MOTOR, name);
            assert!((kept - 1.0).abs() < 0.03, "{name} {kept} of health");
        }
        assert!(
            patient.measure(KNEE_JERK, "amplitude").is_some() && patient.measure(BICEPS_JERK, "amplitude").is_some()
        );
        let full = |who: &Adult| who.number(NEEDLE_HAND, "interference_fullness");
        assert!((full(patient) / full(well) - 1.0).abs() < 0.05, "no unit is lost");
        assert_eq!(patient.measure(NEEDLE_HAND, "fibrillation_sites"), Some(0.0));
    }
}

#[test]
fn junction_loses_release_and_starts_low() {
    for well in adults() {
        let patient = well.with([lesion(Site::Junction, Mechanism::QuantalReleaseLoss, 0.85)]);
        sensory_unchanged(&patient, &well);
        for protocol in [REPETITIVE_ULNAR, REPETITIVE_ACCESSORY] {
            let first = patient.number(protocol, "cmap_amplitude") / well.number(protocol, "cmap_amplitude");
            assert!(first < 0.6, "{} first response {first} of health", protocol.0);
        }
    }
}

#[test]
fn few_calcium_channels_start_low_and_effort_multiplies() {
    for well in adults() {
        let patient = well.with([lesion(Site::Junction, Mechanism::CalciumChannelLoss, 0.85)]);
        sensory_unchanged(&patient, &well);
        let first =
            patient.number(REPETITIVE_ULNAR, "cmap_amplitude") / well.number(REPETITIVE_ULNAR, "cmap_amplitude");
        assert!(first < 0.6, "first response {first} of health");
        assert!(patient.number(REPETITIVE_ULNAR, "increment") > 60.0);
        assert!(patient.number(REPETITIVE_ULNAR, "decrement") > 10.0);
        assert!(patient.number(REPETITIVE_ULNAR, "repaired_decrement") < 10.0);
        assert!(well.number(REPETITIVE_ULNAR, "increment").abs() < 5.0);
    }
}

#[test]
fn receptors_lost_make_jitter_before_they_make_a_decrement() {
    for well in adults() {
        let patient = well.with([lesion(Site::Junction, Mechanism::ReceptorLoss, 0.45)]);
        let mcd = patient.number(JITTER, "mcd") / well.number(JITTER, "mcd");
        assert!(mcd > 1.4, "jitter {mcd} of health");
        assert!(patient.number(REPETITIVE_ULNAR, "decrement") < 10.0);
    }
}

/// Half the fibres lost, the rest uneven.
fn dystrophic(well: &Adult) -> Adult {
    well.with([
        lesion(Site::Muscle, Mechanism::FibreLoss, 0.5),
        lesion(Site::Muscle, Mechanism::FibreSizeVariability, 0.2),
    ])
}

#[test]
fn muscle_disease_makes_weak_small_units_of_normal_number_and_rate() {
    for well in adults() {
        let patient = dystrophic(&well);
        sensory_unchanged(&patient, &well);
        let over = |protocol, name| patient.number(protocol, name) / well.number(protocol, name);
        assert!((over(MOTOR, "velocity_forearm") - 1.0).abs() < 0.02);
        for protocol in [FINGER, ELBOW, KNEE] {
            let torque = over(protocol, "torque");
            assert!((0.35..0.7).contains(&torque), "{} {torque} of health", protocol.0);
            let rate = over(protocol, "firing_rate");
            assert!((rate - 1.0).abs() < 0.1, "{} fires at {rate} of health", protocol.0);
        }
        assert!(over(NEEDLE_MANY, "mup_amplitude") < 0.92);
        // No unit is silent and none fires faster: the pattern is full and single units fire as in health.
        for (name, most) in [("interference_fullness", 0.05), ("firing_rate", 0.15)] {
            assert!((over(NEEDLE_MANY, name) - 1.0).abs() < most, "{name} {} of health", over(NEEDLE_MANY, name));
        }
    }
}

#[test]
fn muscle_disease_makes_short_units() {
    let well = adults();
    let ill = well.clone().map(|w| dystrophic(&w));
    let over = mean(&ill, NEEDLE_MANY, "mup_duration") / mean(&well, NEEDLE_MANY, "mup_duration");
    assert!(over < 0.92, "{over} of health, mean of three");
}

#[test]
fn the_cloud_of_turns_lies_high_without_neurons_and_low_without_fibres() {
    for well in adults() {
        let chronic = aged(lesion(Site::AnteriorHorn, Mechanism::NeuronLoss, 0.7), 700.0);
        let over = |patient: &Adult| patient.number(CLOUD, "cloud_amplitude") / well.number(CLOUD, "cloud_amplitude");
        let (neurogenic, myopathic) = (over(&well.with([chronic])), over(&dystrophic(&well)));
        assert!(neurogenic > 1.1 && myopathic < 0.95, "{neurogenic} and {myopathic} of health");
    }
}
