//! Experiments on a nerve's axons.

mod double_cable;

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[double_cable::EXPERIMENT];
