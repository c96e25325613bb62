//! Peripheral nerve: motor and sensory axon populations along a path of segments.

pub mod after_discharge;
pub mod backfire;
pub mod cooling;
pub mod double_cable;
pub mod fibre_wave;
pub mod mixed_nerve;
pub mod motor_axon;
pub mod path;
pub mod segment;
pub mod sensory_axon;
pub mod velocity;
