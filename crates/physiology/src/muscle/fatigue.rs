//! Fatigue of a motor unit: loss of force with use, slowing, recovery (Potvin & Fuglevand 2017).
//!
//! ```text
//! dC/dt = -k_i Pr              while the unit discharges, C >= 0
//! dC/dt = (1 - C)/tau_r        while it is silent
//! T     = T0 [1 + s (1 - C)]   contraction time
//! k_i   = k_f min(1, T_f/T_n) FAT^(-(n - i)/(n - 1))   unit i of n, smallest first; T_n the pool's shortest
//! ```
//!
//! C: capacity, force left over force rested; Pr: force over that of full tetanus at the same capacity.
//!
//! | symbol | meaning | unit | value | from |
//! |---|---|---|---|---|
//! | k_f | loss of the fastest unit in full tetanus | 1/s | 0.0225 | authors' code, read (`FatFac`) |
//! | FAT | range of k over the pool | fold | 180 | authors' code, read (`fat`) |
//! | T_f | shortest contraction time of their pool | ms | 30 | authors' code, read |
//! | s | slowing | - | 0.379 | authors' code, read (after Shields 1997) |
//! | tau_r | recovery | s | 90 | assumed within 60-120 s (memory); their code has none |
//!
//! min(1, T_f/T_n) is ours (assumed: turnover goes with speed): 1 in the paper's pool; the units of a slow muscle (soleus) tire half as
//! fast as those of a hand. Fails for hours of low effort, central fatigue and occlusion: blood flow is not in it.

use serde::{Deserialize, Serialize};

use crate::math;

/// How motor units tire and recover.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FatigueParameters {
    /// Force lost per second of full tetanus by the fastest units, fraction of their rested force.
    pub fastest_loss_per_s: f64,
    /// Loss of the fastest over that of the slowest unit of the published pool.
    pub range: f64,
    /// Contraction time of the published pool's fastest unit, ms.
    pub fastest_contraction_time_ms: f64,
    /// Lengthening of the contraction time when no force is left, fraction.
    pub slowing: f64,
    /// Time constant of recovery in silence, s; `None`: no recovery, as published.
    pub recovery_s: Option<f64>,
}

impl FatigueParameters {
    /// As published: no recovery.
    pub fn potvin_fuglevand_2017() -> Self {
        Self {
            fastest_loss_per_s: 0.0225,
            range: 180.0,
            fastest_contraction_time_ms: 30.0,
            slowing: 0.379,
            recovery_s: None,
        }
    }

    /// Force lost per second of full tetanus by each unit of a pool with these rested contraction times (smallest unit first),
    /// fraction of its rested force.
    pub fn losses_per_s(&self, contraction_time_ms: &[f64]) -> Vec<f64> {
        let shortest = contraction_time_ms.iter().copied().fold(f64::INFINITY, f64::min);
        let fastest = self.fastest_loss_per_s.max(0.0) * (self.fastest_contraction_time_ms / shortest).min(1.0);
        let (last, range) = (contraction_time_ms.len().saturating_sub(1), math::ln(self.range.max(1.0)));
        (0..=last)
            .take(contraction_time_ms.len())
            .map(|i| fastest * math::exp(-range * (last - i) as f64 / last.max(1) as f64))
            .collect()
    }

    /// Lengthening of the contraction time at a capacity; exactly 1 when rested.
    pub fn lengthening(&self, capacity: f64) -> f64 {
        1.0 + self.slowing * (1.0 - capacity)
    }

    /// Capacity after `silent_s` of silence; exactly the same if nothing was lost.
    pub fn recovered(&self, capacity: f64, silent_s: f64) -> f64 {
        match self.recovery_s {
            Some(tau_s) if silent_s > 0.0 && capacity < 1.0 => {
                1.0 - (1.0 - capacity) * math::exp(-silent_s / tau_s.max(1e-3))
            }
            _ => capacity,
        }
    }
}

impl Default for FatigueParameters {
    fn default() -> Self {
        Self { recovery_s: Some(90.0), ..Self::potvin_fuglevand_2017() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_those_of_the_published_ranks() {
        let p = FatigueParameters::potvin_fuglevand_2017();
        let times = |shortest: f64| -> Vec<f64> {
            (0..120).map(|i| 3.0 * shortest * f64::powf(3.0, -f64::from(i) / 119.0)).collect()
        };
        let losses = p.losses_per_s(&times(30.0));
        for (i, loss) in losses.iter().enumerate() {
            let published = f64::exp(i as f64 / 119.0 * f64::ln(180.0)) * 0.0225 / 180.0;
            assert!((loss / published - 1.0).abs() < 1e-9, "{i}");
        }
        assert_eq!(p.losses_per_s(&times(15.0)), losses, "no faster than published");
        let slow = p.losses_per_s(&times(60.0));
        assert!(slow.iter().zip(&losses).all(|(s, f)| (s / f - 0.5).abs() < 1e-9));
        assert_eq!((p.losses_per_s(&[]), p.losses_per_s(&[30.0])), (vec![], vec![0.0225]));
    }

    #[test]
    fn what_is_rested_stays_so_and_half_is_back_after_a_minute() {
        let p = FatigueParameters::default();
        assert_eq!((p.recovered(1.0, 1e9), p.lengthening(1.0)), (1.0, 1.0));
        assert_eq!(FatigueParameters::potvin_fuglevand_2017().recovered(0.2, 1e9), 0.2);
        let half_s = 90.0 * f64::ln(2.0);
        assert!((p.recovered(0.2, half_s) - 0.6).abs() < 1e-12);
        assert!((p.lengthening(0.0) - 1.379).abs() < 1e-12);
    }
}
