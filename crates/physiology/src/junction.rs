//! The neuromuscular junction: quanta, a releasable store, facilitation and a threshold.
//!
//! Per impulse, `dt` after the last one:
//!
//! ```text
//! N <- N0 - (N0 - N) exp(-k dt),  k = (1 + k_M Mh^2)/tau_0,  Mh = M exp(-dt/2 tau_M)      refill of the store
//! F, A, M, X decay exponentially (0.1 s, 8 s, 3 s, minutes)                                residual calcium
//! p  = min(0.9, p0 (1+F)(1+A)(1 - x_max X));   m ~ Binomial(N, p);   N <- N - m
//! EPP = m q/(1 + f m q/E)                                                                  Martin 1955
//! fires if EPP > theta, at d_syn + t_p x + s z/sqrt(m),  x e^(1-x) = theta/EPP                           alpha-shaped rise
//! ```
//!
//! Release is driven by calcium: an impulse releases in proportion to the channels that let calcium in, and what is left of earlier
//! impulses' calcium (F, A) adds its share of the same. Channels lie in active zones, so a loss of channels takes zones (N0) and
//! channels of the zones that are left (p0) alike; the share of a full entry that remains from one impulse to the next is as in health.
//! Few channels so mean few quanta, an EPP mostly below threshold, and repair by the residual calcium of effort or of a fast train.
//!
//! Structure after Elmqvist & Quastel 1965 (a store that empties and is mobilised), Magleby & Zengel (facilitation,
//! augmentation), Martin 1955 (summation of quanta), and the safety factor as EPP over threshold. Decrement, increment,
//! jitter and blocking are what this does; none of them is a parameter. Sizes that no human experiment gives were fitted to
//! the healthy course at 3 Hz, to healthy jitter and to the increment after effort in presynaptic disease; each says so.

mod effort;
mod model;
mod quantal_content;
mod rise_time;
mod transmission;

use serde::{Deserialize, Serialize};

pub use model::{EndplatePotential, Junction, JunctionModel};

/// What the junctions of one muscle are, relative to health (all 1 by [`Default`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JunctionParameters {
    /// Quantal amplitude (postsynaptic receptor), multiplier.
    pub quantal_amplitude: f64,
    /// Releasable store N0 and release probability p0, multiplier on each.
    pub release: f64,
    /// Calcium channels of the nerve terminal, multiplier.
    pub calcium_channels: f64,
    /// Depolarisation needed to fire the fibre, multiplier.
    pub threshold: f64,
    /// SD of the natural logarithm of the quantal-amplitude multiplier between junctions, as a share of its loss.
    pub scatter: f64,
}

impl Default for JunctionParameters {
    fn default() -> Self {
        Self { quantal_amplitude: 1.0, release: 1.0, calcium_channels: 1.0, threshold: 1.0, scatter: 0.4 }
    }
}

#[cfg(test)]
mod tests;
