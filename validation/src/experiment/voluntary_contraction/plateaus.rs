//! Steadiness of force and regularity of discharge on plateaus.

use tonus_physiology::random::Seed;

use super::isometric::Isometric;
use super::train::{mean_and_cv, regularity};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "voluntary.plateaus";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Index abduction held at 2 to 98 % of the maximum with the force in sight: steadiness and discharge",
    source: "Taylor, Christou & Enoka 2003 J Neurophysiol 90:1350",
    measures: &[
        MeasureInfo {
            name: "force_cv_minimum",
            unit: "%",
            what: "least coefficient of variation of force over the levels",
        },
        MeasureInfo {
            name: "force_cv_plateau",
            unit: "%",
            what: "mean coefficient of variation of force at 30 % of the maximum and above",
        },
        MeasureInfo {
            name: "interval_cv",
            unit: "%",
            what: "coefficient of variation of interspike intervals, mean over units and levels of 10 to 50 %",
        },
    ],
    run,
};

/// Levels, share of the maximum.
const LEVELS: [f64; 9] = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 0.98];
/// Time held, ms.
const HOLD_MS: usize = 10_000;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let man = Isometric::new(ID, "index", ("first_dorsal_interosseous", "palmar_interosseous"), true, seed)?;
    let mut steadiness = Vec::new();
    let (mut intervals, mut of_units, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    let mut traces = Panel::new("Force on the plateau", "time (s)", "force (% of maximum)");
    for (trial, level) in LEVELS.into_iter().enumerate() {
        let held = man.hold(trial, level, HOLD_MS);
        let (mean, cv) = mean_and_cv(&held.force);
        steadiness.push((100.0 * mean, 100.0 * cv));
        for train in &held.trains {
            let Some((rate, cv)) = regularity(train) else { continue };
            rates.push((100.0 * level, rate));
            of_units.push((100.0 * level, 100.0 * cv));
            if (0.1..=0.5).contains(&level) {
                intervals.push(100.0 * cv);
            }
        }
        if [0.1, 0.3, 0.7].contains(&level) {
            let points = held.force.iter().enumerate().step_by(20).map(|(ms, f)| (1e-3 * ms as f64, 100.0 * f));
            traces = traces.with(format!("{:.0} %", 100.0 * level), Mark::Line, points.collect());
        }
    }
    let least = steadiness.iter().map(|s| s.1).fold(f64::INFINITY, f64::min);
    let plateau: Vec<f64> = steadiness.iter().filter(|s| s.0 > 28.0).map(|s| s.1).collect();
    let values = vec![
        Value::single("force_cv_minimum", least),
        Value::mean_of("force_cv_plateau", &plateau),
        Value::mean_of("interval_cv", &intervals),
    ];
    let panels = vec![
        Panel::new("Steadiness", "force (% of maximum)", "force CV (%)")
            .with("model", Mark::Line, steadiness.clone())
            .with("", Mark::Dots, steadiness)
            .published((25.0, 100.0), (1.0, 2.6)),
        Panel::new("Regularity of each unit", "force (% of maximum)", "interspike-interval CV (%)")
            .with("units", Mark::Dots, of_units)
            .published((10.0, 50.0), (10.0, 25.0)),
        Panel::new("Rate of each unit", "force (% of maximum)", "rate (1/s)").with("units", Mark::Dots, rates),
        traces,
    ];
    Ok(Observation { values, figure: Figure { panels } })
}
