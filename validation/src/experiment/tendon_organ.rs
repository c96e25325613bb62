//! Experiments on Golgi tendon organs.

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[];
