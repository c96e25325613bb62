//! Experiments on isolated muscle and on whole muscle groups.

mod fibre_velocity;
mod force_length;
mod force_velocity;
mod grip;
pub(super) mod preparation;
mod specific_tension;
mod torque;
mod twitch;

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[
    force_length::EXPERIMENT,
    force_velocity::EXPERIMENT,
    specific_tension::EXPERIMENT,
    twitch::EXPERIMENT,
    torque::EXPERIMENT,
    grip::EXPERIMENT,
    fibre_velocity::EXPERIMENT,
];
