//! Experiments on pools of motor units.

mod emg_force;
mod fuglevand_1993;
mod potvin_fuglevand_2017;
mod regression;
mod scan_reproducibility;
mod single_unit;
mod surface;
mod sustained_effort;
mod unit_number;

use super::Experiment;

pub(super) const EXPERIMENTS: &[Experiment] = &[
    fuglevand_1993::EXPERIMENT,
    potvin_fuglevand_2017::EXPERIMENT,
    single_unit::EXPERIMENT,
    unit_number::EXPERIMENT,
    emg_force::EXPERIMENT,
    scan_reproducibility::EXPERIMENT,
];
