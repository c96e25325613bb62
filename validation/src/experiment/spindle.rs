//! Experiments on muscle spindles.

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[];
