//! Experiments with a needle in a muscle of the reference man to whom one thing was done.

mod cramp;
mod denervation;

use std::collections::BTreeMap;

use tonus_exam::{Item, Subject};
use tonus_pathology::{Lesion, apply};
use tonus_physiology::random::Seed;
use tonus_signal::{Side, Study};

use super::muscle::preparation::reference;
use super::{Experiment, ExperimentError};

pub(super) const EXPERIMENTS: &[Experiment] = &[denervation::EXPERIMENT, cramp::EXPERIMENT];

/// Men of the same body whose units and fibres lie elsewhere.
const PEOPLE: usize = 4;

/// What the needle finds in a muscle of each of a few men with a lesion.
fn needled(experiment: &'static str, item: &str, lesion: &Lesion, seed: Seed) -> Result<Vec<Study>, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment, problem };
    let mut body = reference(experiment)?;
    if let Some(not_shown) = apply(std::slice::from_ref(lesion), &mut body).first() {
        return Err(problem(not_shown.to_string()));
    }
    let item = Item::find(item).map_err(|e| problem(e.to_string()))?;
    (0..PEOPLE)
        .map(|k| {
            let subject = Subject::new(&body, seed.index(k).stream("person").bits());
            item.run(&subject, Side::Right, &BTreeMap::new()).map_err(|e| problem(e.to_string()))
        })
        .collect()
}
