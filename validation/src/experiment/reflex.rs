//! Experiments on the segmental reflexes.

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[];
