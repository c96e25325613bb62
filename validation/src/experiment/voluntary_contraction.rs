//! Experiments on steady and rising voluntary contractions: what the motor neurons of a whole closed loop do while a healthy man
//! holds or raises a force against a fixed resistance, the force on a screen before him.

mod common_drive;
mod isometric;
mod maximum;
mod onion_skin;
mod plateaus;
mod ramp;
mod synaptic_noise;
mod train;

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[
    maximum::EXPERIMENT,
    ramp::EXPERIMENT,
    plateaus::EXPERIMENT,
    onion_skin::EXPERIMENT,
    common_drive::EXPERIMENT,
    synaptic_noise::EXPERIMENT,
];
