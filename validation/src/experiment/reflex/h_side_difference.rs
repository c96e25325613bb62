//! Side-to-side difference of the soleus H latency in healthy people.

use std::collections::BTreeMap;

use tonus_body::{Anatomy, Body, Person, Sex};
use tonus_exam::{Item, Subject};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.h_side_difference";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Soleus H latency on both sides of healthy people",
    source: "Braddom & Johnson 1974 Arch Phys Med Rehabil 55:161 (limit)",
    measures: &[
        MeasureInfo { name: "largest_difference", unit: "ms", what: "largest side-to-side difference of the people" },
        MeasureInfo { name: "latency", unit: "ms", what: "mean of both sides" },
    ],
    run,
};

const PEOPLE: usize = 8;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment: ID, problem };
    let anatomy = Anatomy::builtin().map_err(|e| problem(e.to_string()))?;
    let item = Item::find("lab.h_reflex.soleus").map_err(|e| problem(e.to_string()))?;
    // Coarser steps: only the latency of the largest H is wanted.
    let parameters = BTreeMap::from([("step".to_owned(), 0.1)]);
    let mut pairs = Vec::with_capacity(PEOPLE);
    for k in 0..PEOPLE {
        let sex = if k % 2 == 0 { Sex::Female } else { Sex::Male };
        let person = Person::new(25.0 + 4.0 * k as f64, sex, None, None).map_err(|e| problem(e.to_string()))?;
        let body = Body::healthy(&person, &anatomy);
        let subject = Subject::new(&body, seed.index(k).stream("person").bits());
        let latency = |side| {
            let study = item.run(&subject, side, &parameters).map_err(|e| problem(e.to_string()))?;
            Ok(study.number("h_latency"))
        };
        if let (Some(right), Some(left)) = (latency(Side::Right)?, latency(Side::Left)?) {
            pairs.push((right, left));
        }
    }
    let differences: Vec<f64> = pairs.iter().map(|p| (p.0 - p.1).abs()).collect();
    let both: Vec<f64> = pairs.iter().map(|p| 0.5 * (p.0 + p.1)).collect();
    let panel = Panel::new("Both sides", "right (ms)", "left (ms)")
        .published((26.0, 35.0), (26.0, 35.0))
        .with("people", Mark::Dots, pairs)
        .with("equal", Mark::Dashed, vec![(25.0, 25.0), (35.0, 35.0)]);
    Ok(Observation {
        values: vec![
            Value::single("largest_difference", differences.iter().copied().fold(f64::NAN, f64::max)),
            Value::mean_of("latency", &both),
        ],
        figure: Figure { panels: vec![panel] },
    })
}
