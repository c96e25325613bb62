//! Discharge rates in brief maximal efforts.

use tonus_physiology::random::Seed;

use super::isometric::Isometric;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "voluntary.maximum";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Brief maximal efforts, isometric: discharge rate of every motor unit",
    source: "Bellemare, Woods, Johansson & Bigland-Ritchie 1983 J Neurophysiol 50:1380",
    measures: &[
        MeasureInfo { name: "soleus_rate", unit: "Hz", what: "mean rate of the units of soleus" },
        MeasureInfo { name: "biceps_rate", unit: "Hz", what: "mean rate of the units of the elbow flexors" },
        MeasureInfo { name: "tibialis_rate", unit: "Hz", what: "mean rate of the units of tibialis anterior" },
    ],
    run,
};

/// Joint, agonist and antagonist, whether it flexes, name, measure, published range (impulses/s).
type Row = (&'static str, (&'static str, &'static str), bool, &'static str, &'static str, (f64, f64));

const MUSCLES: [Row; 3] = [
    ("ankle", ("soleus", "tibialis_anterior"), false, "Soleus", "soleus_rate", (7.8, 13.6)),
    ("elbow", ("elbow_flexors", "elbow_extensors"), true, "Elbow flexors", "biceps_rate", (21.0, 41.2)),
    ("ankle", ("tibialis_anterior", "plantarflexors"), true, "Tibialis anterior", "tibialis_rate", (25.0, 45.0)),
];

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let (mut values, mut panels) = (Vec::new(), Vec::new());
    for (joint, muscles, flexes, name, measure, published) in MUSCLES {
        let man = Isometric::new(ID, joint, muscles, flexes, seed.child(name))?;
        let seconds = man.maximum.seconds();
        let of_unit = man.maximum.trains.iter().enumerate();
        let rates: Vec<(f64, f64)> =
            of_unit.filter(|(_, t)| t.len() >= 2).map(|(u, t)| (u as f64 + 1.0, t.len() as f64 / seconds)).collect();
        let alone: Vec<f64> = rates.iter().map(|r| r.1).collect();
        values.push(Value::mean_of(measure, &alone));
        panels.push(
            Panel::new(name, "motor unit, smallest first", "rate (1/s)")
                .with("units", Mark::Dots, rates)
                .published((1.0, man.units as f64), published),
        );
    }
    Ok(Observation { values, figure: Figure { panels } })
}
