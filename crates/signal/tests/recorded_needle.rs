//! Needle measures on recorded muscle: PhysioNet EMGDB (Goldberger et al. 2000), tibialis anterior of a healthy
//! person, one with polymyositis and one with an L5 radiculopathy, moderate effort, 4 kHz.
//!
//! Looks for `recordings/emgdb/` in the folder that `TONUS_DATA` names; without it, says so and passes.

use std::path::PathBuf;

use tonus_signal::{
    measures::{
        median,
        spike::SpikeCriteria,
        turns::{TURN_UV, turns_by_epoch},
        unit_train::unit_trains,
    },
    read,
};

struct Needle {
    uv: Vec<f64>,
    rate_hz: f64,
    /// Medians over epochs of 0.5 s.
    turns_per_s: f64,
    amplitude_uv: f64,
    peak_ratio: f64,
}

fn needle(name: &str) -> Option<Needle> {
    let Some(folder) = std::env::var_os("TONUS_DATA") else {
        println!("skipped: TONUS_DATA is not set, so recordings/emgdb/emg_{name} was not measured");
        return None;
    };
    let recording = read(&PathBuf::from(folder).join(format!("recordings/emgdb/emg_{name}.hea"))).unwrap();
    let channel = &recording.channels[0];
    assert_eq!((channel.unit.as_str(), channel.rate_hz), ("mV", 4_000.0));
    let uv: Vec<f64> = channel.samples.iter().map(|x| 1e3 * x).collect();
    let epochs = turns_by_epoch(&uv, channel.rate_hz, TURN_UV, 0.5);
    let over = |f: fn(&tonus_signal::measures::turns::TurnsAmplitude) -> f64| {
        median(&epochs.iter().map(f).collect::<Vec<_>>()).unwrap()
    };
    let found = Needle {
        rate_hz: channel.rate_hz,
        turns_per_s: over(|e| e.turns_per_s),
        amplitude_uv: over(|e| e.amplitude_uv),
        peak_ratio: epochs.iter().filter_map(|e| e.ratio()).fold(0.0, f64::max),
        uv,
    };
    println!(
        "{name}: {} turns/s, {:.0} uV, peak ratio {:.2} /(s uV)",
        found.turns_per_s, found.amplitude_uv, found.peak_ratio
    );
    Some(found)
}

#[test]
fn turns_and_amplitude_part_health_myopathy_and_neuropathy() {
    let (Some(healthy), Some(myopathy), Some(neuropathy)) =
        (needle("healthy"), needle("myopathy"), needle("neuropathy"))
    else {
        return;
    };
    assert!(myopathy.turns_per_s > 2.0 * healthy.turns_per_s && myopathy.amplitude_uv < 1.3 * healthy.amplitude_uv);
    assert!(neuropathy.amplitude_uv > 3.0 * healthy.amplitude_uv && neuropathy.turns_per_s < 1.5 * healthy.turns_per_s);
    assert!(myopathy.peak_ratio > 2.0 * healthy.peak_ratio && neuropathy.peak_ratio < 0.7 * healthy.peak_ratio);
}

#[test]
fn the_neuropathy_has_a_large_long_polyphasic_unit() {
    let Some(n) = needle("neuropathy") else { return };
    let units = unit_trains(&n.uv, n.rate_hz, &SpikeCriteria::motor_units_uv());
    let largest = units[0].potential.unwrap();
    println!("largest unit: {largest:?}, {:.1} Hz", units[0].rate_hz);
    // Healthy tibialis anterior: 661 (92) uV, 9.35 (0.93) ms (de Carvalho & Swash 2013).
    assert!(largest.amplitude_uv > 2_000.0 && largest.duration_ms > 11.2 && largest.polyphasic());
}
