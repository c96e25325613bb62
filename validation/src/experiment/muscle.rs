//! Experiments on isolated muscle and on whole muscle groups.

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[];
