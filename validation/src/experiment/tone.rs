//! Experiments on tone: what resists a relaxed limb that is moved, swung or stretched.

mod clonus;
mod elbow_damper;
mod patient;
mod pendulum;
mod resistance;
mod stretch;
mod velocity_threshold;

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[
    pendulum::EXPERIMENT,
    resistance::EXPERIMENT,
    velocity_threshold::EXPERIMENT,
    elbow_damper::EXPERIMENT,
    clonus::EXPERIMENT,
];
