//! Receptors of muscle and tendon, and the afferents that carry what they sense.

pub mod afferent;
pub mod conduction;
pub mod spindle;
pub mod tendon_organ;
