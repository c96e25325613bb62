//! Maximal force over cross-section.

use tonus_body::Muscle;
use tonus_physiology::random::Seed;

use super::preparation::{fibre_force_n, muscle, reference, tetanus};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "muscle.specific_tension";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Specific tension: isometric maximum over the cross-section of the fibres",
    source: "31.4 N/cm2 in models after Brown & Loeb; single muscles of the body, whose force and fibres are both known",
    measures: &[
        MeasureInfo {
            name: "specific_tension",
            unit: "N/cm2",
            what: "tetanic force at optimal length over fibre cross-section, mean of the muscles",
        },
        MeasureInfo { name: "largest", unit: "N/cm2", what: "that of the muscle in which it is largest" },
    ],
    run,
};

/// Muscles with an entry of their own; groups have the fibre numbers of one head and the force of all.
const SINGLE: [&str; 9] = [
    "first_dorsal_interosseous",
    "abductor_digiti_minimi",
    "abductor_pollicis_brevis",
    "flexor_carpi_radialis",
    "biceps_brachii",
    "vastus_lateralis",
    "gastrocnemius_medialis",
    "soleus",
    "diaphragm",
];

/// Cross-section of all fibres, cm2.
fn section_cm2(m: &Muscle) -> f64 {
    let radius_cm = 0.5e-4 * m.fibres.diameter_um;
    m.pool.units as f64 * m.fibres.per_unit * std::f64::consts::PI * radius_cm * radius_cm
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let mut points = Vec::new();
    for id in SINGLE {
        let m = muscle(ID, &body, id)?;
        let force = fibre_force_n(m, tetanus(m, seed), 1.0, 0.0);
        points.push((section_cm2(m), force));
    }
    let tensions: Vec<f64> = points.iter().map(|(area, force)| force / area).collect();
    let largest = tensions.iter().copied().fold(0.0, f64::max);
    let line = |tension: f64| vec![(0.0, 0.0), (52.0, 52.0 * tension)];
    let panel = Panel::new("Nine muscles", "cross-section (cm2)", "tetanic force (N)")
        .with("muscles", Mark::Dots, points.clone())
        .with("22 N/cm2", Mark::Dashed, line(22.0))
        .with("35 N/cm2", Mark::Dashed, line(35.0));
    let per = Panel::new("Specific tension", "muscle, in the order of its size", "specific tension (N/cm2)")
        .with("", Mark::Dots, in_order(&points))
        .published((1.0, SINGLE.len() as f64), (22.0, 35.0));
    let values = vec![Value::mean_of("specific_tension", &tensions), Value::single("largest", largest)];
    Ok(Observation { values, figure: Figure { panels: vec![panel, per] } })
}

fn in_order(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    sorted.iter().enumerate().map(|(i, (area, force))| (i as f64 + 1.0, force / area)).collect()
}
