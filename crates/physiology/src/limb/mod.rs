//! A joint with its flexors and extensors and their cord: the closed loop.
//!
//! ```text
//! command -> descending drive -> circuit of the two pools -> motor axons -> junctions -> motor units -> contraction
//!                 ^                  ^                                                                    |
//!                 |                  +---- afferent axons <- encoders <- spindles, tendon organs <- hinge <+
//!                 +---- long-latency loop <------------------------------'
//! ```
//! Stepped at 1 ms; inside it the cord takes steps of 0.05 ms and the joint of 0.5 ms. Every loop has its own delay, so the
//! order within a millisecond does not matter. Index 0 is the flexor, 1 the extensor everywhere.
//!
//! | file | what is in it |
//! |---|---|
//! | [`parameters`] | what a limb is |
//! | [`command`] | what reaches the pools from above: voluntary and involuntary |
//! | [`effort`] | from the force wanted to the pool's command |
//! | [`long_latency`] | the transcortical stretch response |
//! | [`efferent`] | impulses on their way to the endplates |
//! | [`group`] | one muscle group: units, contraction, receptors |
//! | [`closed_loop`] | the limb, stepped |
//! | [`stimulated`] | the limb held still, its nerves stimulated |

pub mod closed_loop;
pub mod command;
pub mod efferent;
pub mod effort;
pub mod group;
pub mod long_latency;
pub mod parameters;
pub mod stimulated;

pub use closed_loop::{Imposed, Limb, LimbInput, LimbModel, LimbOutput};
pub use parameters::{LimbGroup, LimbParameters};

#[cfg(test)]
mod behaviour;
