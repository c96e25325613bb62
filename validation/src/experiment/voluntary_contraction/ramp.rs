//! Recruitment in a slow rise to the maximum.

use tonus_physiology::random::Seed;

use super::isometric::Isometric;
use super::train::{GRID_MS, recruited_ms, smoothed_rate};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "voluntary.ramp";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Force rising slowly to the maximum, isometric: at which force each unit is recruited, and how rates rise",
    source: "Kukulka & Clamann 1981 Brain Res; De Luca, LeFever, McCue & Xenakis 1982 J Physiol",
    measures: &[
        MeasureInfo {
            name: "recruitment_limit_fdi",
            unit: "%",
            what: "98th centile of recruitment thresholds, first dorsal interosseous, share of maximal force",
        },
        MeasureInfo { name: "recruitment_limit_biceps", unit: "%", what: "the same, elbow flexors" },
    ],
    run,
};

/// Rise from nothing to the maximum, and time it is then held, ms.
const RISE_MS: usize = 12_000;
const TOP_MS: usize = 1500;
/// Centile of the thresholds.
const CENTILE: f64 = 0.98;
/// Units whose rates are drawn.
const DRAWN: usize = 8;
/// Smoothing of drawn rates and of force, ms.
const SMOOTHING_MS: f64 = 800.0;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let fdi = Isometric::new(ID, "index", ("first_dorsal_interosseous", "palmar_interosseous"), true, seed)?;
    let biceps = Isometric::new(ID, "elbow", ("elbow_flexors", "elbow_extensors"), true, seed)?;
    let (mut values, mut panels) = (Vec::new(), Vec::new());
    for (man, name, measure, published) in [
        (fdi, "First dorsal interosseous", "recruitment_limit_fdi", (40.0, 65.0)),
        (biceps, "Elbow flexors", "recruitment_limit_biceps", (75.0, 95.0)),
    ] {
        let total_ms = RISE_MS + TOP_MS;
        let seen = man.follow(0, total_ms, |ms| (ms as f64 / RISE_MS as f64).min(1.0));
        let force = smooth(&seen.force);
        let thresholds: Vec<(f64, f64)> = seen
            .trains
            .iter()
            .enumerate()
            .filter_map(|(unit, train)| {
                let at = recruited_ms(train)?;
                Some((unit as f64 + 1.0, 100.0 * force[(at as usize / GRID_MS).min(force.len() - 1)]))
            })
            .collect();
        let mut sorted: Vec<f64> = thresholds.iter().map(|t| t.1).collect();
        sorted.sort_by(f64::total_cmp);
        let at = (CENTILE * sorted.len() as f64) as usize;
        let limit = sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN);
        values.push(Value::single(measure, limit));
        let last = man.units as f64;
        panels.push(
            Panel::new(
                format!("{name}: recruitment"),
                "motor unit, smallest first",
                "force at recruitment (% of maximum)",
            )
            .with("units", Mark::Dots, thresholds)
            .with("98th centile", Mark::Dashed, vec![(1.0, limit), (last, limit)])
            .published((0.9 * last, last), published),
        );
        let mut rates = Panel::new(format!("{name}: rates"), "force (% of maximum)", "rate (1/s)");
        for k in 0..DRAWN {
            let unit = k * (man.units - 1) / (DRAWN - 1);
            let rate = smoothed_rate(&seen.trains[unit], total_ms, SMOOTHING_MS);
            let points = force.iter().zip(rate).filter(|(_, r)| *r > 0.5).map(|(f, r)| (100.0 * f, r)).collect();
            rates = rates.with(if k == 0 { "every seventh of the pool" } else { "" }, Mark::Line, points);
        }
        panels.push(rates);
    }
    Ok(Observation { values, figure: Figure { panels } })
}

/// Force smoothed over as long as the rates, every [`GRID_MS`].
fn smooth(force: &[f64]) -> Vec<f64> {
    let half = SMOOTHING_MS as usize / 4;
    (0..force.len())
        .step_by(GRID_MS)
        .map(|i| {
            let around = &force[i.saturating_sub(half)..(i + half).min(force.len())];
            around.iter().sum::<f64>() / around.len() as f64
        })
        .collect()
}
