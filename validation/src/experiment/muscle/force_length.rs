//! Active force at fixed lengths.

use tonus_physiology::math;
use tonus_physiology::random::Seed;

use super::preparation::{fibre_force_n, muscle, reference, tetanus};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "muscle.force_length";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Force-length: isometric tetani at fixed fibre lengths, soleus",
    source: "Gordon, Huxley & Julian 1966 J Physiol 184:170; curve of Brown, Cheng & Loeb 1999 beside it",
    measures: &[
        MeasureInfo { name: "force_at_0_75", unit: "fraction of F0", what: "active force at 0.75 optimal lengths" },
        MeasureInfo { name: "force_at_0_50", unit: "fraction of F0", what: "active force at 0.5 optimal lengths" },
        MeasureInfo { name: "force_at_1_50", unit: "fraction of F0", what: "active force at 1.5 optimal lengths" },
        MeasureInfo { name: "optimum", unit: "l0", what: "length of the largest force" },
    ],
    run,
};

/// Brown & Loeb's curve of slow muscle, as the target's note gives it.
fn brown(l: f64) -> f64 {
    math::exp(-math::pow(((math::pow(l, 2.3) - 1.0) / 1.12).abs(), 1.62))
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let soleus = muscle(ID, &body, "soleus")?;
    let activation = tetanus(soleus, seed);
    let force = |l: f64| fibre_force_n(soleus, activation, l, 0.0);
    let lengths: Vec<f64> = (30..=200).map(|i| 0.01 * f64::from(i)).collect();
    let (optimum, best) =
        lengths.iter().map(|l| (*l, force(*l))).fold((0.0, 0.0), |m, x| if x.1 > m.1 { x } else { m });
    let curve: Vec<(f64, f64)> = lengths.iter().map(|l| (*l, force(*l) / best)).collect();
    let half: Vec<(f64, f64)> = lengths.iter().map(|l| (*l, 0.5 * force(*l) / best)).collect();
    let panel = Panel::new("Isometric tetanus: all units, half, and Brown & Loeb", "fibre length (l0)", "force (F0)")
        .with("", Mark::Line, curve)
        .with("", Mark::Line, half)
        .with("", Mark::Dashed, (55..=160).map(|i| (0.01 * f64::from(i), brown(0.01 * f64::from(i)))).collect())
        .published((0.73, 0.77), (0.70, 0.86));
    let values = vec![
        Value::single("force_at_0_75", force(0.75) / best),
        Value::single("force_at_0_50", force(0.50) / best),
        Value::single("force_at_1_50", force(1.50) / best),
        Value::single("optimum", optimum),
    ];
    Ok(Observation { values, figure: Figure { panels: vec![panel] } })
}
