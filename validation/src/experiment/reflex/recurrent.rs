//! Recurrent inhibition of a tonically discharging pool after an antidromic volley.

use tonus_physiology::limb::stimulated::{Shock, Stimulated};
use tonus_physiology::nerve::mixed_nerve::Pulse;
use tonus_physiology::random::Seed;

use super::soleus::{Preparation, SOLEUS, TIBIALIS};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.recurrent_inhibition";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Recurrent inhibition: tonically firing soleus units after an antidromic volley in the others, Ia input cut",
    source: "Pierrot-Deseilligny & Bussel 1975 Brain Res 88:105; Windhorst 1996 Prog Neurobiol 49:517",
    measures: &[
        MeasureInfo { name: "onset", unit: "ms", what: "arrival of the volley at the cord to the fall of discharge" },
        MeasureInfo { name: "duration", unit: "ms", what: "time for which discharge is below half way to its least" },
        MeasureInfo { name: "least", unit: "%", what: "least discharge, of that before the volley" },
        MeasureInfo { name: "least_without", unit: "%", what: "the same with Renshaw inhibition taken away" },
    ],
    run,
};

/// Share of maximal effort that keeps units firing.
const EFFORT: f64 = 0.1;
const VOLLEYS: usize = 160;
/// Time between volleys, and of it before the volley, ms.
const CYCLE_MS: usize = 187;
const BEFORE_MS: f64 = 60.0;
/// Current that excites about half the motor axons, pulse of motor studies, ms.
const PULSE: Pulse = Pulse { current: 1.8, duration_ms: 0.2 };
/// Bin of the histogram, ms.
const BIN_MS: f64 = 2.0;
/// Bins averaged.
const SMOOTH: usize = 4;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let mut preparation = Preparation::new(ID)?;
    preparation.groups[SOLEUS].group.gains.ia = 0.0;
    // The antagonist has no part in it.
    preparation.groups[TIBIALIS].group.pool.units = 0;
    let healthy = histogram(&preparation, seed);
    preparation.groups[SOLEUS].group.gains.renshaw = 0.0;
    let without = histogram(&preparation, seed);
    let seen = Trough::of(&healthy);
    let panel =
        Panel::new("Discharge of units the volley did not enter", "after the volley's arrival (ms)", "% of before")
            .published((2.0, 42.0), (0.0, 100.0))
            .with("healthy", Mark::Line, healthy)
            .with("Renshaw inhibition 0", Mark::Dashed, without.clone());
    Ok(Observation {
        values: vec![
            Value::of("onset", &[seen.as_ref().map(|t| t.onset_ms)]),
            Value::of("duration", &[seen.as_ref().map(|t| t.end_ms - t.onset_ms)]),
            Value::of("least", &[seen.as_ref().map(|t| t.least)]),
            Value::single("least_without", after(&without).map(|p| p.1).fold(f64::INFINITY, f64::min)),
        ],
        figure: Figure { panels: vec![panel] },
    })
}

/// Discharge of the units that keep firing and that the volley does not enter, % of that before it, by time from its arrival.
fn histogram(preparation: &Preparation, seed: Seed) -> Vec<(f64, f64)> {
    let model = preparation.model(seed);
    let shocks: Vec<Shock> =
        (0..VOLLEYS).map(|k| Shock { group: SOLEUS, at_ms: (k * CYCLE_MS) as f64 + BEFORE_MS, pulse: PULSE }).collect();
    let mut state = Stimulated::new(&model, seed);
    let mut command = [0.0; 2];
    command[SOLEUS] = EFFORT;
    let sweep = state.sweep(&model, &shocks, command, 500, VOLLEYS * CYCLE_MS);
    let entered: std::collections::BTreeSet<usize> = sweep.arrivals[SOLEUS]
        .iter()
        .filter(|a| a.origin == tonus_physiology::limb::stimulated::Origin::Direct)
        .map(|a| a.unit)
        .collect();
    let site = preparation.groups[SOLEUS].site;
    let up: Vec<f64> =
        entered.iter().filter_map(|&u| model.axons(SOLEUS).delay_ms(u, 0, site.saturating_sub(1))).collect();
    let arrival_ms = BEFORE_MS + up.iter().copied().fold(f64::INFINITY, f64::min);
    let mut bins = vec![0.0; (CYCLE_MS as f64 / BIN_MS) as usize];
    for (_, at) in sweep.discharges[SOLEUS].iter().filter(|d| !entered.contains(&d.0)) {
        let bin = (at % CYCLE_MS as f64 / BIN_MS) as usize;
        bins[bin.min(CYCLE_MS / BIN_MS as usize - 1)] += 1.0;
    }
    let before = (BEFORE_MS / BIN_MS) as usize;
    let mean = bins[5..before].iter().sum::<f64>() / (before - 5) as f64;
    (0..bins.len())
        .map(|i| {
            let near = &bins[i.saturating_sub(SMOOTH / 2)..(i + SMOOTH / 2 + 1).min(bins.len())];
            let level = near.iter().sum::<f64>() / near.len() as f64;
            ((i as f64 + 0.5) * BIN_MS - arrival_ms, 100.0 * level / mean)
        })
        .collect()
}

/// The part of the histogram after the volley.
fn after(histogram: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> + '_ {
    histogram.iter().copied().filter(|p| (0.0..100.0).contains(&p.0))
}

/// A fall of discharge.
struct Trough {
    onset_ms: f64,
    end_ms: f64,
    least: f64,
}

impl Trough {
    fn of(histogram: &[(f64, f64)]) -> Option<Self> {
        let points: Vec<(f64, f64)> = after(histogram).collect();
        let lowest = (0..points.len()).min_by(|&a, &b| points[a].1.total_cmp(&points[b].1))?;
        let least = points[lowest].1;
        let half = 0.5 * (100.0 + least);
        let first = points[..lowest].iter().rposition(|p| p.1 > half).map_or(0, |i| i + 1);
        let last = lowest + points[lowest..].iter().position(|p| p.1 > half)?;
        (least < 90.0).then(|| Self { onset_ms: points[first].0, end_ms: points[last].0, least })
    }
}
