//! Experiments on pools of motor units.

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[];
