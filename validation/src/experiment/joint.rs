//! Experiments on relaxed joints.

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[];
