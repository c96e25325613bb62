//! Receptors of muscle and tendon, and the afferents that carry what they sense.
//!
//! | | |
//! |---|---|
//! | [`spindle`] | primary and secondary endings: length, velocity, history |
//! | `intrafusal` | the fibres they sit on, and how they are stepped |
//! | `thixotropy` | cross-bridges of those fibres that form at rest |
//! | [`fusimotor`] | gamma drive: independent, and coactivated with the muscle |
//! | [`tendon_organ`] | active force |
//! | [`afferent`] | a receptor's rate as impulses in a population of axons |
//! | [`conduction`] | their way to the cord |

pub mod afferent;
pub mod conduction;
pub mod fusimotor;
mod intrafusal;
pub mod spindle;
pub mod tendon_organ;
mod thixotropy;
