//! Post-activation depression of the H reflex.

use tonus_physiology::limb::stimulated::Stimulated;
use tonus_physiology::random::Seed;

use super::soleus::{Preparation, RESTED_MS, TIBIALIS};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.post_activation_depression";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Post-activation depression: soleus H in trains of ten at several intervals, relaxed",
    source: "Crone & Nielsen 1989 Exp Brain Res 78:28; Hultborn et al. 1996 Exp Brain Res 108:450 (volume from memory)",
    measures: &[
        MeasureInfo { name: "at_1_hz", unit: "1", what: "mean H of stimuli 2 to 10 at 1/s over that at 0.1/s" },
        MeasureInfo { name: "at_0_2_hz", unit: "1", what: "the same at one stimulus in 5 s" },
        MeasureInfo { name: "recovery", unit: "s", what: "shortest interval tried with at least 90 % of the rested H" },
        MeasureInfo { name: "test", unit: "% of Mmax", what: "H at 0.1/s, as share of the muscle's fibres" },
    ],
    run,
};

const INTERVALS_S: [f64; 9] = [0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0];
const STIMULI: usize = 10;
/// Test reflex, share of the largest M.
const TEST: f64 = 0.2;
/// What a sweep takes of the interval, ms.
const SWEEP_MS: usize = 130;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let mut preparation = Preparation::new(ID)?;
    // The antagonist's motor neurons have no part in it.
    preparation.groups[TIBIALIS].group.pool.units = 0;
    let model = preparation.model(seed);
    let (current, _) = preparation.current_of(&model, seed, TEST).ok_or_else(|| ExperimentError {
        experiment: ID,
        problem: "no current gives an H of a fifth of the largest M".to_owned(),
    })?;
    let trains: Vec<Vec<f64>> = INTERVALS_S
        .iter()
        .map(|interval_s| {
            let mut state = Stimulated::new(&model, seed);
            state.rest_ms(&model, RESTED_MS);
            (0..STIMULI)
                .map(|_| {
                    let h = preparation.h(&model, &mut state, current, None);
                    state.rest_ms(&model, ((1e3 * interval_s) as usize).saturating_sub(SWEEP_MS));
                    h
                })
                .collect()
        })
        .collect();
    let steady: Vec<f64> = trains.iter().map(|t| t[1..].iter().sum::<f64>() / (STIMULI - 1) as f64).collect();
    let rested = steady[INTERVALS_S.iter().position(|i| *i == 10.0).unwrap_or(0)];
    let at = |interval: f64| INTERVALS_S.iter().zip(&steady).find(|(i, _)| **i == interval).map(|(_, s)| s / rested);
    let recovery = INTERVALS_S.iter().zip(&steady).find(|(_, s)| **s >= 0.9 * rested).map(|(i, _)| *i);
    let course = Panel::new("Steady H by interval", "interval (s)", "H / H at 10 s")
        .published((0.9, 1.1), (0.3, 0.7))
        .published((8.0, 10.0), (0.9, 1.05))
        .with("stimuli 2-10", Mark::Dots, INTERVALS_S.iter().zip(&steady).map(|(i, s)| (*i, s / rested)).collect())
        .log_x();
    let mut train = Panel::new("Trains", "stimulus", "H / first");
    for interval in [0.3, 1.0, 3.0, 10.0] {
        if let Some((_, t)) = INTERVALS_S.iter().zip(&trains).find(|(i, _)| **i == interval) {
            let points = t.iter().enumerate().map(|(k, h)| ((k + 1) as f64, h / t[0])).collect();
            train = train.with(format!("{interval} s"), Mark::Line, points);
        }
    }
    Ok(Observation {
        values: vec![
            Value::of("at_1_hz", &[at(1.0)]),
            Value::of("at_0_2_hz", &[at(5.0)]),
            Value::of("recovery", &[recovery]),
            Value::single("test", 100.0 * rested),
        ],
        figure: Figure { panels: vec![course, train] },
    })
}
