//! Maximal handgrip.

use tonus_physiology::random::Seed;

use super::preparation::man;
use super::torque::voluntary_torque;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "muscle.grip";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Maximal handgrip of men",
    source: "best of 3 on a handgrip dynamometer; Sipos et al. 2025 Neurol Int 17:118",
    measures: &[MeasureInfo { name: "grip", unit: "kgf", what: "largest force on the handle, mean of five men" }],
    run,
};

/// Handle from the knuckles in a man of 1.75 m, m; assumed: a handle of 5 cm is held by the middle of the fingers, a proximal phalanx
/// (40-45 mm) from the knuckle.
const HANDLE_M: f64 = 0.045;
/// Flexion of the knuckles round the handle, rad; assumed: about 50 degrees.
const GRIP_RAD: f64 = 0.87;
/// N in a kilogram-force.
const KGF_N: f64 = 9.806_65;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let men = [(22.0, 1.83, 80.0), (28.0, 1.70, 68.0), (35.0, 1.75, 75.0), (48.0, 1.78, 88.0), (62.0, 1.72, 78.0)];
    let mut points = Vec::new();
    for (i, (age, height_m, mass_kg)) in men.into_iter().enumerate() {
        let body = man(ID, age, height_m, mass_kg)?;
        let mut best = 0.0_f64;
        for attempt in 0..3 {
            let seed = seed.index(3 * i + attempt);
            best = best.max(voluntary_torque(ID, &body, "fingers", 0, GRIP_RAD, seed)?);
        }
        points.push((age, best / (HANDLE_M * height_m / 1.75) / KGF_N));
    }
    let grips: Vec<f64> = points.iter().map(|p| p.1).collect();
    let panel = Panel::new("Handgrip of five men, best of 3", "age (years)", "force (kgf)")
        .with("", Mark::Dots, points)
        .published((20.0, 64.0), (30.0, 60.0));
    Ok(Observation { values: vec![Value::mean_of("grip", &grips)], figure: Figure { panels: vec![panel] } })
}
