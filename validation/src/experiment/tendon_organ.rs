//! Experiments on Golgi tendon organs.

mod finger_movement;
mod static_rate;

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[static_rate::EXPERIMENT, finger_movement::EXPERIMENT];
