//! Primary endings of a relaxed human muscle during vibration of its tendon.

use tonus_physiology::math;
use tonus_physiology::random::Seed;
use tonus_physiology::receptor::afferent::Encoder;
use tonus_physiology::receptor::spindle::{Spindle, SpindleModel};

use super::super::muscle::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "spindle.vibration";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Human primary endings during vibration of the tendon of relaxed tibialis anterior",
    source: "Roll, Vedel & Ribot 1989 Exp Brain Res 76:213; Burke, Hagbarth, Lofstedt & Wallin 1976 J Physiol 261:673",
    measures: &[
        MeasureInfo {
            name: "followed",
            unit: "Hz",
            what: "highest frequency at which an ending fires once in nine of ten cycles, median of 60 endings, 0.5 mm",
        },
        MeasureInfo { name: "followed_small", unit: "Hz", what: "the same, 0.2 mm" },
        MeasureInfo { name: "fastest", unit: "Hz", what: "the same of the ending that follows highest, 0.5 mm" },
    ],
    run,
};

/// Peak to peak, mm (0.2-0.5: Roll, Vedel & Ribot 1989). All of it is taken to reach the fibres.
const AMPLITUDES_MM: [f64; 2] = [0.5, 0.2];
/// Frequencies, Hz.
const FREQUENCIES_HZ: [f64; 12] = [20.0, 40.0, 60.0, 70.0, 80.0, 90.0, 100.0, 120.0, 140.0, 160.0, 180.0, 220.0];
/// Endings.
const ENDINGS: usize = 60;
/// Before counting, and counted, ms.
const SETTLE_MS: usize = 500;
const COUNTED_MS: usize = 1500;
/// Share of the cycles with one impulse that counts as following.
const FOLLOWED: f64 = 0.9;
/// Frequency of the raster, Hz.
const RASTER_HZ: f64 = 80.0;

struct Driven {
    /// Share of cycles with exactly one impulse, each ending.
    single: Vec<f64>,
    /// Impulses per cycle, mean of the endings.
    per_cycle: f64,
    /// Impulses: phase within the cycle and ending.
    phases: Vec<(f64, f64)>,
}

fn drive(fibre_mm: f64, gamma_hz: (f64, f64), amplitude_mm: f64, frequency_hz: f64, seed: Seed) -> Driven {
    let model = SpindleModel::human();
    let mut spindle = Spindle::new(1.0, gamma_hz.0, gamma_hz.1);
    let mut encoder = Encoder::new(ENDINGS, 1.0, model.scale(), seed.child("ia"));
    let omega = 2e-3 * std::f64::consts::PI * frequency_hz;
    // Each cycle starts at the shortest length.
    let stretch = |ms: f64| 0.5 * amplitude_mm / fibre_mm * (1.0 - math::cos(omega * ms));
    let cycle_of = |ms: f64| (1e-3 * frequency_hz * ms).floor();
    let cycles = (1e-3 * frequency_hz * COUNTED_MS as f64) as usize;
    let first = cycle_of(SETTLE_MS as f64) as usize + 1;
    let mut counts = vec![vec![0_u32; cycles]; ENDINGS];
    let (mut spikes, mut phases) = (Vec::new(), Vec::new());
    for ms in 0..SETTLE_MS + COUNTED_MS + 100 {
        let (before, after) = (stretch(ms as f64), stretch((ms + 1) as f64));
        let rates = spindle.step_ms(&model, 1.0 + after, 1e3 * (after - before), gamma_hz.0, gamma_hz.1);
        encoder.step_ms(rates.ia_hz, &mut spikes);
        for spike in &spikes {
            let at_ms = ms as f64 + f64::from(spike.offset_ms);
            let ending = spike.axon as usize;
            let Some(cycle) = (cycle_of(at_ms) as usize).checked_sub(first) else { continue };
            if let Some(count) = counts[ending].get_mut(cycle) {
                *count += 1;
                phases.push((1e-3 * frequency_hz * at_ms - cycle_of(at_ms), ending as f64));
            }
        }
    }
    let share = |c: &Vec<u32>| c.iter().filter(|n| **n == 1).count() as f64 / cycles as f64;
    let total: u32 = counts.iter().flatten().sum();
    Driven {
        single: counts.iter().map(share).collect(),
        per_cycle: f64::from(total) / (cycles * ENDINGS) as f64,
        phases,
    }
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let muscle = muscle(ID, &body, "tibialis_anterior")?;
    let fibre_mm = 1e3 * muscle.contraction.optimal_length_m;
    let gamma_hz = (muscle.gains.gamma_static_hz, muscle.gains.gamma_dynamic_hz);
    let mut per_cycle = Panel::new("impulses per cycle, mean of 60 endings", "vibration (Hz)", "impulses per cycle");
    let mut following = Panel::new("endings that follow one to one", "vibration (Hz)", "share of endings")
        .published((60.0, 120.0), (0.45, 0.55));
    let mut highest = Vec::new();
    for amplitude_mm in AMPLITUDES_MM {
        let (mut counts, mut shares) = (Vec::new(), Vec::new());
        let mut followed = vec![0.0_f64; ENDINGS];
        for frequency in FREQUENCIES_HZ {
            let driven = drive(fibre_mm, gamma_hz, amplitude_mm, frequency, seed);
            counts.push((frequency, driven.per_cycle));
            for (best, single) in followed.iter_mut().zip(&driven.single) {
                *best = if *single >= FOLLOWED { frequency } else { *best };
            }
            let n = driven.single.iter().filter(|s| **s >= FOLLOWED).count();
            shares.push((frequency, n as f64 / ENDINGS as f64));
        }
        followed.sort_by(f64::total_cmp);
        highest.push(followed);
        let name = format!("{amplitude_mm} mm");
        per_cycle = per_cycle.with(&name, Mark::Line, counts);
        following = following.with(&name, Mark::Line, shares);
    }
    let phases = drive(fibre_mm, gamma_hz, AMPLITUDES_MM[0], RASTER_HZ, seed).phases;
    let raster = Panel::new("phase of impulses, 80 Hz, 0.5 mm", "phase from the shortest length (cycles)", "ending")
        .with("", Mark::Dots, phases.into_iter().step_by(7).collect());
    let median = |of: &[f64]| 0.5 * (of[(ENDINGS - 1) / 2] + of[ENDINGS / 2]);
    Ok(Observation {
        values: vec![
            Value::single("followed", median(&highest[0])),
            Value::single("followed_small", median(&highest[1])),
            Value::single("fastest", highest[0][ENDINGS - 1]),
        ],
        figure: Figure { panels: vec![per_cycle, following, raster] },
    })
}
