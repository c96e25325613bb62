//! Latency and velocity of the ulnar nerve in a cooled arm.

use std::collections::BTreeMap;

use tonus_exam::{Item, Subject};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::man;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};
use crate::statistic::line;

const ID: &str = "nerve.cooling";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Ulnar motor conduction with the skin at 34, 30 and 26 C: slope of distal latency and forearm velocity",
    source: "Kim 2006 Ann Clin Neurophysiol 8:125 (latency); Wu et al. 1993 Am J Phys Med Rehabil 72:369 (velocity)",
    measures: &[
        MeasureInfo { name: "latency_slope", unit: "ms/C", what: "rise of the distal latency per degree of cooling" },
        MeasureInfo {
            name: "velocity_slope",
            unit: "m/s/C",
            what: "rise of the forearm velocity per degree of warming",
        },
    ],
    run,
};

const PEOPLE: usize = 5;
/// Temperatures of the skin, C.
const SKIN_C: [f64; 3] = [34.0, 30.0, 26.0];

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment: ID, problem };
    let body = man(ID)?;
    let item = Item::find("lab.motor_conduction.ulnar").map_err(|e| problem(e.to_string()))?;
    let (mut latency_slopes, mut velocity_slopes) = (vec![], vec![]);
    let (mut latencies, mut velocities) = (vec![], vec![]);
    for k in 0..PEOPLE {
        let subject = Subject::new(&body, seed.index(k).stream("person").bits());
        let (mut latency, mut velocity) = (vec![], vec![]);
        for skin_c in SKIN_C {
            let parameters = BTreeMap::from([("temperature_c".to_owned(), skin_c), ("f_stimuli".to_owned(), 1.0)]);
            let study = item.run(&subject, Side::Right, &parameters).map_err(|e| problem(e.to_string()))?;
            latency.extend(study.number("distal_latency").map(|ms| (skin_c, ms)));
            velocity.extend(study.number("velocity_forearm").map(|v| (skin_c, v)));
        }
        let slope = |points: &[(f64, f64)]| (points.len() == SKIN_C.len()).then(|| line(points).0);
        latency_slopes.push(slope(&latency).map(|s| -s));
        velocity_slopes.push(slope(&velocity));
        latencies.extend(latency);
        velocities.extend(velocity);
    }
    let figure = Figure {
        panels: vec![
            Panel::new("Distal latency", "skin (C)", "latency (ms)").with("people", Mark::Dots, latencies),
            Panel::new("Forearm velocity", "skin (C)", "velocity (m/s)").with("people", Mark::Dots, velocities),
        ],
    };
    Ok(Observation {
        values: vec![Value::of("latency_slope", &latency_slopes), Value::of("velocity_slope", &velocity_slopes)],
        figure,
    })
}
