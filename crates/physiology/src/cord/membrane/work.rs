//! What a set of cells has done, counted: cost that shows without a clock.

use serde::{Deserialize, Serialize};

/// Counts since rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Membrane steps of neurons.
    pub neuron_steps: u64,
    /// Steps of the gates of neurons near a spike.
    pub gate_steps: u64,
    /// Exponentials taken: of the persistent current, and of gates at a spike.
    pub exponentials: u64,
    /// Spikes.
    pub spikes: u64,
    /// Additions to a synaptic conductance; a row of a projection counts as its cells, padded to eights.
    pub conductance_jumps: u64,
}
