//! Experiments on muscle spindles: cat endings as published, human endings in the muscles of a person.

mod afferent_velocity;
mod position;
mod ramp;
mod stretch;
mod unloading;
mod velocity;
mod vibration;

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[
    ramp::EXPERIMENT,
    velocity::EXPERIMENT,
    position::EXPERIMENT,
    vibration::EXPERIMENT,
    unloading::EXPERIMENT,
    afferent_velocity::EXPERIMENT,
];
