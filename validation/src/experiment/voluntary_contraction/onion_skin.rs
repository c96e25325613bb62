//! Rate against recruitment threshold at half the maximum.

use tonus_physiology::random::Seed;

use super::isometric::Isometric;
use super::train::{recruited_ms, regularity};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};
use crate::statistic::line;

const ID: &str = "voluntary.onion_skin";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Dorsiflexion raised to half the maximum and held: discharge rate against the force at recruitment",
    source: "De Luca & Hostage 2010 J Neurophysiol",
    measures: &[
        MeasureInfo {
            name: "first_minus_last",
            unit: "Hz",
            what: "rate of the earliest less that of the latest recruited unit, by the regression of rate on threshold",
        },
        MeasureInfo { name: "slope", unit: "Hz/%", what: "slope of that regression, per percent of maximal force" },
    ],
    run,
};

/// Level held, share of the maximum.
const LEVEL: f64 = 0.5;
/// Rise to it (a tenth of the maximum a second), time to settle and time counted, ms.
const RISE_MS: usize = 5000;
const SETTLE_MS: usize = 2000;
const HOLD_MS: usize = 10_000;
/// Window over which force at recruitment is taken, ms each way.
const AROUND_MS: usize = 100;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let man = Isometric::new(ID, "ankle", ("tibialis_anterior", "plantarflexors"), true, seed)?;
    let seen = man.follow(0, RISE_MS + SETTLE_MS + HOLD_MS, |ms| LEVEL * (ms as f64 / RISE_MS as f64).min(1.0));
    let held = seen.since(RISE_MS + SETTLE_MS);
    let points: Vec<(f64, f64)> = seen
        .trains
        .iter()
        .zip(&held.trains)
        .filter_map(|(whole, late)| {
            let at = recruited_ms(whole)? as usize;
            let around = &seen.force[at.saturating_sub(AROUND_MS)..(at + AROUND_MS).min(seen.force.len())];
            let threshold = 100.0 * around.iter().sum::<f64>() / around.len() as f64;
            Some((threshold, regularity(late)?.0))
        })
        .collect();
    let (slope, at_zero) = line(&points);
    let low = points.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|p| p.0).fold(f64::NEG_INFINITY, f64::max);
    let values = vec![Value::single("first_minus_last", slope * (low - high)), Value::single("slope", slope)];
    let of = |x: f64| (x, at_zero + slope * x);
    let panels = vec![
        Panel::new("Tibialis anterior at half the maximum", "force at recruitment (% of maximum)", "rate (1/s)")
            .with("units", Mark::Dots, points)
            .with("regression", Mark::Dashed, vec![of(low), of(high)]),
        Panel::new("Force", "time (s)", "force (% of maximum)").with(
            "",
            Mark::Line,
            seen.force.iter().enumerate().step_by(20).map(|(ms, f)| (1e-3 * ms as f64, 100.0 * f)).collect(),
        ),
    ];
    Ok(Observation { values, figure: Figure { panels } })
}
