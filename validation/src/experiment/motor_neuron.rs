//! Experiments on single motor neurons.

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[];
