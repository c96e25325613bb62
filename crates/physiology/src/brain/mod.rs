//! The brain's part in movement.

pub mod basal_ganglia;
pub mod blink;
pub mod cerebellum;
pub mod corticospinal;
pub mod oscillator;
pub mod reach;
#[cfg(test)]
mod reach_measures;
mod reach_parameters;
mod reach_plan;
pub mod single_joint;
pub mod stn_gpe;
