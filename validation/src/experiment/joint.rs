//! Experiments on relaxed joints, and on the movement of one.

mod passive_stiffness;
mod pendulum_damping;
mod point_to_point;
mod thixotropy;

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] =
    &[pendulum_damping::EXPERIMENT, passive_stiffness::EXPERIMENT, point_to_point::EXPERIMENT, thixotropy::EXPERIMENT];
