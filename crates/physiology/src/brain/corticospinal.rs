//! The corticospinal tract to one muscle: what reaches it, how fast.
//!
//! Voluntary drive reaches a muscle by two ways, the corticospinal and the reticulospinal tract, in a share of its own; what a
//! lesion leaves of both together is [`CorticospinalParameters::drive`].

use serde::{Deserialize, Serialize};

/// Descending command of one muscle on one side; healthy by [`Default`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorticospinalParameters {
    /// Fraction of the maximal voluntary drive that reaches the pool.
    pub drive: f64,
    /// Velocity of the fastest fibres, m/s.
    pub velocity_m_s: f64,
    /// Length from the cortex to the muscle's segment, m ([`tract_length_m`]).
    pub tract_length_m: f64,
}

impl Default for CorticospinalParameters {
    fn default() -> Self {
        Self { drive: 1.0, velocity_m_s: 65.0, tract_length_m: tract_length_m(1.70, 0.0) }
    }
}

/// From stimulus at the cortex to the first volley in the tract, ms; assumed: middle of 1.0-1.5 for the I1 wave.
const CORTICAL_DELAY_MS: f64 = 1.25;
/// From arrival of the volley to discharge of the motor neurons, ms; assumed: middle of 0.5-1.
const MOTOR_NEURON_RISE_MS: f64 = 0.75;

/// Length of the tract from the cortex to a spinal segment, m, in a person of this height.
///
/// `below_c8` is how far the segment lies below C8 as a fraction of the way to L4 (negative above).
/// 0.12 m + 0.075 of height to C8 (0.25 m at 1.70 m), and 0.42 m more to L4 at that height, scaled by height
/// (assumed: cord lengths of an adult, linear in height).
pub fn tract_length_m(height_m: f64, below_c8: f64) -> f64 {
    0.12 + 0.075 * height_m + 0.42 * below_c8 * height_m / 1.70
}

impl CorticospinalParameters {
    /// Central motor conduction time to a segment at this tract length, ms: I1 volley, conduction, rise of the motor neuron.
    pub fn central_conduction_ms(&self, tract_length_m: f64) -> f64 {
        CORTICAL_DELAY_MS + tract_length_m / self.velocity_m_s * 1e3 + MOTOR_NEURON_RISE_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn central_conduction_is_that_of_young_adults() {
        let healthy = CorticospinalParameters::default();
        let hand = healthy.central_conduction_ms(tract_length_m(1.75, 0.0));
        let foot = healthy.central_conduction_ms(tract_length_m(1.75, 1.1));
        // Active muscle: 2 ms shorter than the resting 7.8 (1.3) and 14.3 (2.5) ms (BMC Neurol 2022 22:2977).
        assert!((hand - 5.8).abs() < 1.3, "{hand}");
        assert!((foot - 12.3).abs() < 2.5, "{foot}");
        let slow = CorticospinalParameters { velocity_m_s: 30.0, ..healthy };
        assert!(slow.central_conduction_ms(0.25) > hand + 3.0);
    }
}
