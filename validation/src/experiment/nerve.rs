//! Experiments on a nerve's axons.

mod cooling;
mod double_cable;
mod strength_duration;
mod transection;

use tonus_body::{Anatomy, Body, Person, Sex};

use super::{Experiment, ExperimentError};

pub(super) const EXPERIMENTS: &[Experiment] =
    &[double_cable::EXPERIMENT, cooling::EXPERIMENT, strength_duration::EXPERIMENT, transection::EXPERIMENT];

/// A healthy man of 30.
fn man(experiment: &'static str) -> Result<Body, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment, problem };
    let anatomy = Anatomy::builtin().map_err(|e| problem(e.to_string()))?;
    let person = Person::new(30.0, Sex::Male, None, None).map_err(|e| problem(e.to_string()))?;
    Ok(Body::healthy(&person, &anatomy))
}
