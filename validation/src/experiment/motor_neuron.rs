//! Experiments on motor neurons: current into the soma, the persistent inward current, units of a contracting muscle, and how well
//! the cord's step integrates them.

mod current_step;
mod minimum_rate;
mod oracle;
mod paired_units;
mod persistent_current;
mod step_error;
mod voluntary;

use tonus_body::{Anatomy, Body, Muscle, Person, Sex};

use super::{Experiment, ExperimentError};

pub(super) const EXPERIMENTS: &[Experiment] = &[
    current_step::EXPERIMENT,
    persistent_current::EXPERIMENT,
    paired_units::SOLEUS,
    paired_units::TIBIALIS_ANTERIOR,
    minimum_rate::EXPERIMENT,
    step_error::EXPERIMENT,
];

/// A muscle of a healthy man of 30; the first of `ids` that the body has.
fn muscle(experiment: &'static str, ids: &[&str]) -> Result<Muscle, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment, problem };
    let anatomy = Anatomy::builtin().map_err(|e| problem(e.to_string()))?;
    let person = Person::new(30.0, Sex::Male, None, None).map_err(|e| problem(e.to_string()))?;
    let body = Body::healthy(&person, &anatomy);
    ids.iter()
        .find_map(|id| body.right.muscle(id))
        .cloned()
        .ok_or_else(|| problem(format!("no muscle `{}` in the body", ids.join("` or `"))))
}

/// Mean of what is finite.
fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (n, sum) = values.into_iter().filter(|v| v.is_finite()).fold((0.0, 0.0), |(n, sum), v| (n + 1.0, sum + v));
    sum / n
}
