//! Experiments on resting tone.

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[];
