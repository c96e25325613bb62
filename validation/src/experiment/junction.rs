//! Experiments on the neuromuscular junction of a muscle by itself.

mod blocking_onset;
mod intracellular;

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[intracellular::EXPERIMENT, blocking_onset::EXPERIMENT];
