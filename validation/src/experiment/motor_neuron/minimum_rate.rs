//! The lowest rate at which units fire steadily in a held contraction just above their threshold.

use tonus_physiology::random::Seed;

use super::super::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use super::muscle;
use super::voluntary::contract;
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "neuron.minimum_rate";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Steady contraction just above the threshold of a unit",
    source: "Monster & Chan 1977 J Neurophysiol 40:1432; Fuglevand, Winter & Patla 1993 J Neurophysiol 70:2470",
    measures: &[
        MeasureInfo {
            name: "minimum_rate",
            unit: "pulses/s",
            what: "lowest mean rate of 10 s at any force at which a unit fires without pause, mean of the units",
        },
        MeasureInfo { name: "interval_cv", unit: "ratio", what: "coefficient of variation of their intervals" },
    ],
    run,
};

/// Forces held, fraction of maximal.
const HELD: [f64; 10] = [0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2];
/// Longest interval of a unit kept firing with the help of its sound, s: at more than this a listener takes it to have stopped.
const LONGEST_S: f64 = 0.4;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let muscle = muscle(ID, &["first_dorsal_interosseous"])?;
    // Lowest steady rate of each unit and its intervals' variation, and whether it paused or was silent at a lower force.
    let mut lowest: Vec<Option<(f64, f64)>> = vec![None; muscle.pool.units];
    let mut idle = vec![false; muscle.pool.units];
    let mut all = vec![];
    for (i, force) in HELD.into_iter().enumerate() {
        let times = contract(&muscle, seed.index(i), 12.0, |_| force);
        let steady: Vec<Option<(f64, f64)>> = times.iter().map(|t| steadily(t)).collect();
        for (unit, now) in steady.iter().enumerate() {
            match now {
                Some(now) if idle[unit] && lowest[unit].is_none_or(|before| now.0 < before.0) => {
                    lowest[unit] = Some(*now)
                }
                Some(_) => {}
                None => idle[unit] = true,
            }
        }
        all.push((force, steady));
    }
    let (rates, variations): (Vec<f64>, Vec<f64>) = lowest.into_iter().flatten().unzip();
    let mut panel = Panel::new("Every unit that fires steadily", "unit, in order of recruitment", "rate (pulses/s)");
    for (force, steady) in all.into_iter().step_by(3) {
        let points = steady.iter().enumerate().filter_map(|(i, s)| Some((i as f64 + 1.0, (*s)?.0))).collect();
        panel = panel.with(format!("{:.0} % of maximal force", 100.0 * force), Mark::Dots, points);
    }
    Ok(Observation {
        values: vec![Value::mean_of("minimum_rate", &rates), Value::mean_of("interval_cv", &variations)],
        figure: Figure { panels: vec![panel.published((1.0, muscle.pool.units as f64), (5.0, 9.0))] },
    })
}

/// Rate and coefficient of variation of the intervals of the last 10 s, of a unit that never paused in them.
fn steadily(times: &[f64]) -> Option<(f64, f64)> {
    let late: Vec<f64> = times.iter().copied().filter(|&t| t >= 2.0).collect();
    let intervals: Vec<f64> = late.windows(2).map(|w| w[1] - w[0]).collect();
    let covered = late.first()? - 2.0 < LONGEST_S && 12.0 - late.last()? < LONGEST_S;
    if !covered || intervals.iter().any(|&i| i > LONGEST_S) {
        return None;
    }
    let mean = super::mean(intervals.iter().copied());
    let spread = crate::statistic::spread(&intervals)?;
    Some((1.0 / mean, spread / mean))
}
