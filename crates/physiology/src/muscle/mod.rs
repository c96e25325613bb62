//! Muscle: motor units, fibres, contraction.

pub mod contraction;
pub mod fibre;
pub mod innervation;
pub mod layout;
pub mod unit;
