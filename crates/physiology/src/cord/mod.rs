//! The spinal cord: motor neuron pools and the circuits around them.
//!
//! | file | what is in it |
//! |---|---|
//! | [`neuron`] | what a motor neuron is, graded S to FF |
//! | [`membrane`] | the cells in motion: membranes and spikes |
//! | `gates` | the pulse-based gates of a spike |
//! | [`pool`] | a motor neuron pool |
//! | [`interneuron`] | Renshaw, Ia, Ib and group II interneurons |
//! | [`synapse`] | transmitter kinetics, projections, Ia terminals |
//! | [`drive`] | the shared descending axons |
//! | [`circuit`] | two antagonist pools and everything between them |
//! | [`gains`] | what descending tracts set |

pub mod circuit;
pub mod drive;
pub mod gains;
mod gates;
pub mod interneuron;
pub mod membrane;
pub mod neuron;
pub mod pool;
pub mod synapse;
