//! Muscle: motor units, fibres, contraction, tendon.

pub mod conduction_fatigue;
pub mod contraction;
pub mod fatigue;
pub mod fibre;
pub mod innervation;
pub mod layout;
pub mod myotonia;
pub mod potentiation;
pub mod rate_coded_pool;
pub mod short_range;
pub mod tendon;
pub mod unit;
