//! The corticospinal tract to one muscle: what reaches it, how fast.
//!
//! Voluntary drive reaches a muscle by two ways: the corticospinal tract, and the reticulospinal tract with the
//! share r of that muscle (small in the hand, large in the trunk). After a loss L of the corticospinal tract the
//! reticulospinal part grows by up to 60 % (Zaaimi, Edgley, Soteropoulos & Baker 2012, monkey):
//!
//! D = (1 - L)(1 - r) + r (1 + 0.6 p)
//!
//! with p, 0..1, how far that plasticity has gone. The pyramidal pattern of weakness follows from r alone.

use serde::{Deserialize, Serialize};

/// Descending command of one muscle on one side; healthy by [`Default`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorticospinalParameters {
    /// Fraction of the maximal voluntary drive that reaches the pool.
    pub drive: f64,
    /// Velocity of the fastest fibres, m/s.
    pub velocity_m_s: f64,
}

impl Default for CorticospinalParameters {
    fn default() -> Self {
        Self { drive: 1.0, velocity_m_s: 65.0 }
    }
}

/// Growth of the reticulospinal part when plasticity is complete (Zaaimi et al. 2012; size fitted).
const RETICULOSPINAL_GROWTH: f64 = 0.6;
/// Time constant of that growth, days; fitted to recovery over months (Zaaimi et al. 2012).
const PLASTICITY_DAYS: f64 = 60.0;
/// From stimulus at the cortex to the first volley in the tract, ms; assumed: middle of 1.0-1.5 for the I1 wave.
const CORTICAL_DELAY_MS: f64 = 1.25;
/// From arrival of the volley to discharge of the motor neurons, ms; assumed: middle of 0.5-1.
const MOTOR_NEURON_RISE_MS: f64 = 0.75;

/// Fraction of maximal voluntary drive that reaches a muscle, 0..1.
///
/// `corticospinal_loss` 0..1, `reticulospinal_share` of the muscle 0..1, `plasticity` 0 at once .. 1 complete.
/// Growth makes up for the loss, and for no more than it: an intact tract gives exactly 1 at any plasticity.
///
/// ```
/// use tonus_physiology::brain::corticospinal::pyramidal_drive;
/// let hand = pyramidal_drive(0.8, 0.05, 0.0);
/// let hip = pyramidal_drive(0.8, 0.5, 0.0);
/// assert!(hand < 0.3 && hip > 0.55);
/// ```
pub fn pyramidal_drive(corticospinal_loss: f64, reticulospinal_share: f64, plasticity: f64) -> f64 {
    // Written as a loss, so that no loss is exactly 1.
    let lost = corticospinal_loss * (1.0 - reticulospinal_share);
    let regained = (RETICULOSPINAL_GROWTH * plasticity * reticulospinal_share).min(lost);
    1.0 - lost + regained
}

/// How far reticulospinal plasticity has gone `days` after the loss, 0..1.
pub fn plasticity(days: f64) -> f64 {
    1.0 - crate::math::exp(-days.max(0.0) / PLASTICITY_DAYS)
}

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
    fn no_loss_is_exactly_full_drive() {
        for share in [0.0, 0.05, 0.31, 0.8, 1.0] {
            for p in [0.0, 0.37, 1.0] {
                assert_eq!(pyramidal_drive(0.0, share, p).to_bits(), 1.0_f64.to_bits());
            }
        }
    }

    #[test]
    fn weakness_is_monotone_and_pyramidal() {
        // Shares of reach: hand, forearm extensor, elbow extensor, elbow flexor, shoulder, trunk.
        let shares = [0.05, 0.08, 0.25, 0.35, 0.5, 0.8];
        for loss in [0.2, 0.6, 1.0] {
            let drives: Vec<f64> = shares.iter().map(|&r| pyramidal_drive(loss, r, 0.0)).collect();
            assert!(drives.windows(2).all(|w| w[1] > w[0]), "{drives:?}");
        }
        for r in shares {
            for p in [0.0, 0.5, 1.0] {
                let drives: Vec<f64> = (0..=10).map(|i| pyramidal_drive(0.1 * f64::from(i), r, p)).collect();
                assert!(drives.windows(2).all(|w| w[1] <= w[0]) && drives.iter().all(|d| (0.0..=1.0).contains(d)));
                // The published sum, where it does not exceed full drive.
                let sum = r * (1.0 + 0.6 * p);
                assert!((drives[10] - sum.min(1.0)).abs() < 1e-12, "{r} {p}");
            }
        }
        assert!(pyramidal_drive(0.9, 0.35, plasticity(180.0)) > pyramidal_drive(0.9, 0.35, plasticity(1.0)));
    }

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
