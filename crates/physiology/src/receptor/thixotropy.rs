//! Thixotropy of the intrafusal fibres: cross-bridges that form at rest, carry small movements whole to the sensory region, and are
//! broken by larger ones.
//!
//! A stretch within the short range strains the bridges; beyond it they slip. What slips breaks them, and at rest they form again:
//!
//! attached' = (1 - attached)/tau - attached |slip|/d,   strain' = v - slip - strain/tau,   |strain| <= short range
//!
//! What was attached when a stretch began decides its burst; half of the burst depends on it. So the first stretch after a rest
//! starts with a whole burst, the next ones of a series with less (Nichols & Cope 2004; Haftel et al. 2004, cited from memory; bursts
//! and yank: Blum, Lamotte D'Incamps, Zytnicki & Ting 2017 PLoS Comput Biol 13:e1005767), and a vibration too small to make the
//! bridges slip meets them in every cycle, for as long as it lasts.

use serde::{Deserialize, Serialize};

/// Stretch that attached bridges take before they slip, L0 (that of the muscle around them: De Groote, Blum, Horslen & Ting 2018).
const SHORT_RANGE_L0: f64 = 0.0057;
/// Slip that breaks all but 1/e of the bridges, L0; assumed: about two short ranges.
const SLIP_L0: f64 = 0.012;
/// Time in which they form again, s; assumed: taps a second apart, and ramps 4 s apart (Cordo et al. 2002 J Neurophysiol 87:1186),
/// all start with a burst.
const REFORMATION_S: f64 = 0.25;
/// Share of a burst that needs attached bridges; assumed: the rest is the sudden tension that every abrupt stretch brings.
const NEEDED: f64 = 0.5;
/// Lengthening slower than this is no new stretch, L0/s; assumed: a drift, in which bridges form as fast as they break.
const STILL_L0_S: f64 = 0.05;

/// Cross-bridges of the intrafusal fibres of a muscle.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Bridges {
    /// Share attached, 0..1.
    attached: f64,
    /// Their strain, L0.
    strain_l0: f64,
    /// Share attached when the present stretch began.
    at_onset: f64,
}

impl Bridges {
    /// Of a muscle long at rest: all attached.
    pub(super) fn rested() -> Self {
        Self { attached: 1.0, strain_l0: 0.0, at_onset: 1.0 }
    }

    /// Share of its whole burst that the present stretch has, 0..1.
    pub(super) fn burst(&self) -> f64 {
        1.0 - NEEDED * (1.0 - self.at_onset)
    }

    /// A step of `step_s` at a velocity, L0/s.
    pub(super) fn step(&mut self, velocity_l0_s: f64, step_s: f64) {
        if velocity_l0_s < STILL_L0_S {
            self.at_onset = self.attached;
        }
        let renewed = step_s / (REFORMATION_S + step_s);
        let strained = self.strain_l0 * (1.0 - renewed) + velocity_l0_s * step_s;
        self.strain_l0 = strained.clamp(-SHORT_RANGE_L0, SHORT_RANGE_L0);
        let slip = (strained - self.strain_l0).abs();
        self.attached = self.attached / (1.0 + slip / SLIP_L0) + (1.0 - self.attached) * renewed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(bridges: &mut Bridges, velocity: f64, ms: usize) {
        (0..ms).for_each(|_| bridges.step(velocity, 1e-3));
    }

    #[test]
    fn movement_breaks_rest_mends_and_stillness_changes_no_bit() {
        let mut b = Bridges::rested();
        run(&mut b, 0.0, 1000);
        assert_eq!(b, Bridges::rested());
        run(&mut b, 0.4, 500);
        let moved = b.attached;
        assert!((0.0..0.25).contains(&moved), "{moved}");
        run(&mut b, 0.0, 250);
        assert!((b.attached - (1.0 - (1.0 - moved) / std::f64::consts::E)).abs() < 0.02, "{}", b.attached);
        run(&mut b, 0.0, 1500);
        assert!(b.attached > 0.99);
    }

    #[test]
    fn a_small_vibration_keeps_them_and_a_large_one_does_not() {
        let vibrated = |amplitude_l0: f64| {
            let mut b = Bridges::rested();
            let omega = 2.0 * std::f64::consts::PI * 80.0;
            for ms in 0..2000 {
                b.step(amplitude_l0 * omega * (omega * f64::from(ms) * 1e-3).cos(), 1e-3);
            }
            b.attached
        };
        assert!(vibrated(0.004) > 0.9, "{}", vibrated(0.004));
        assert!(vibrated(0.03) < 0.1);
    }

    #[test]
    fn the_share_stays_a_share() {
        let mut b = Bridges::rested();
        for i in 0..2000_i32 {
            b.step(f64::from(i % 7 - 3) * 1e3, 1e-3);
            assert!((0.0..=1.0).contains(&b.attached) && (0.0..=1.0).contains(&b.burst()));
        }
    }
}
