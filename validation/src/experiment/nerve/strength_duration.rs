//! Strength-duration time constant of motor axons by two pulse widths, as threshold tracking takes it.

use tonus_physiology::nerve::mixed_nerve::{MixedNerve, Pulse};
use tonus_physiology::nerve::motor_axon::MotorAxons;
use tonus_physiology::random::Seed;

use super::man;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "nerve.strength_duration";
const MUSCLE: &str = "abductor_pollicis_brevis";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Median motor axons: current for 40 % of them at 0.2 and 1.0 ms, strength-duration time constant by Weiss's law",
    source: "Kiernan, Burke, Andersen & Bostock 2000 Muscle Nerve (protocol)",
    measures: &[
        MeasureInfo { name: "time_constant", unit: "ms", what: "minus the intercept of threshold charge on duration" },
        MeasureInfo { name: "ratio", unit: "1", what: "current for 40 % at 0.2 ms over that at 1 ms" },
    ],
    run,
};

/// Pulse durations, ms.
const DURATIONS_MS: [f64; 2] = [0.2, 1.0];
/// Share of the axons that the tracked response has.
const TARGET: f64 = 0.4;
const PEOPLE: usize = 10;

/// Current, in thresholds of the median axon at 1 ms, at which a pulse of `duration_ms` excites 40 % of the axons.
fn threshold(nerve: &MixedNerve, units: usize, duration_ms: f64) -> f64 {
    let (mut low, mut high) = (0.0, 20.0);
    for _ in 0..40 {
        let current = 0.5 * (low + high);
        let excited = (0..units).filter(|&u| nerve.excites_motor(u, Pulse { current, duration_ms })).count();
        if (excited as f64) < TARGET * units as f64 { low = current } else { high = current }
    }
    0.5 * (low + high)
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = man(ID)?;
    let problem = || ExperimentError { experiment: ID, problem: format!("the body lacks {MUSCLE}") };
    let muscle = body.right.muscle(MUSCLE).ok_or_else(problem)?;
    let (mut constants, mut ratios, mut curve) = (vec![], vec![], vec![]);
    for k in 0..PEOPLE {
        let axons = MotorAxons::new(&muscle.axons, muscle.pool.units, seed.index(k));
        let nerve = MixedNerve::new(&axons, muscle.ia_afferents, seed.index(k));
        let [short, long] = DURATIONS_MS.map(|ms| threshold(&nerve, muscle.pool.units, ms));
        let rheobase = (long * DURATIONS_MS[1] - short * DURATIONS_MS[0]) / (DURATIONS_MS[1] - DURATIONS_MS[0]);
        constants.push(DURATIONS_MS[0] * (short / rheobase - 1.0));
        ratios.push(short / long);
        if k == 0 {
            curve =
                [0.1, 0.2, 0.3, 0.5, 0.7, 1.0].map(|ms| (ms, ms * threshold(&nerve, muscle.pool.units, ms))).to_vec();
        }
    }
    let panel = Panel::new("Threshold charge", "pulse duration (ms)", "charge for 40 % (thresholds at 1 ms x ms)")
        .with("one person", Mark::Line, curve.clone())
        .with("durations", Mark::Dots, curve);
    Ok(Observation {
        values: vec![Value::mean_of("time_constant", &constants), Value::mean_of("ratio", &ratios)],
        figure: Figure { panels: vec![panel] },
    })
}
