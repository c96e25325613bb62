//! Thixotropy of a relaxed joint: rest stiffens it, movement loosens it (Lakie, Walsh & Wright 1984 J Physiol 353:265).
//!
//! dS/dt = (1 - S)/tau - |q'| S/phi,    dry friction and viscosity times 1 + gain S
//!
//! | symbol | meaning | unit | default |
//! |---|---|---|---|
//! | S | bonds formed at rest, 0 to 1 | - | 1 after a long rest |
//! | gain | added resistance of the rested joint | - | 0.6 |
//! | tau | time in which rest forms them | s | 1.5 |
//! | phi | movement that breaks them | rad | 0.15 |
//!
//! tau: the "memory time" of the relaxed wrist, 1-2 s (Lakie, Walsh & Wright 1984, abstract read). gain: the first movement after
//! rest resists 1.3 to 2 times as much as the later ones (from memory), the middle of that. phi: assumed, the amplitude of
//! 0.1-0.2 rad beyond which the relaxed joint is loose. Every joint has them: postural thixotropy is described of finger, wrist
//! and hip. With a gain of 0 the joint is as without, to the bit.
//!
//! Where it fails: bonds in muscle and in the joint itself are one, and add to friction and viscosity, not to stiffness; that small
//! oscillations of a relaxed joint are quicker is left to the cross-bridges of its muscles ([`crate::muscle::short_range`]), which
//! keep a memory of rest at the ankle alone. The fingers go on stiffening for half an hour (Lakie & Robson 1988 Q J Exp Physiol 73:487,
//! abstract read), here only for seconds.

use serde::{Deserialize, Serialize};

use crate::math;

/// How rest stiffens a joint.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThixotropyParameters {
    /// Added resistance of the rested joint, share of friction and viscosity; 0: none.
    pub gain: f64,
    /// Time in which rest forms the bonds, s.
    pub forming_s: f64,
    /// Movement that breaks them, rad.
    pub breaking_rad: f64,
}

impl Default for ThixotropyParameters {
    /// A healthy joint.
    fn default() -> Self {
        Self { gain: 0.6, forming_s: 1.5, breaking_rad: 0.15 }
    }
}

/// Bonds of one joint, now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thixotropy {
    formed: f64,
}

impl Default for Thixotropy {
    /// After a long rest.
    fn default() -> Self {
        Self { formed: 1.0 }
    }
}

impl Thixotropy {
    /// Factor on friction and viscosity.
    pub fn factor(&self, p: &ThixotropyParameters) -> f64 {
        1.0 + p.gain.max(0.0) * self.formed
    }

    /// The joint has moved at `velocity_rad_s` for `step_s`. A joint without thixotropy keeps no record.
    pub fn step(&mut self, p: &ThixotropyParameters, velocity_rad_s: f64, step_s: f64) {
        if p.gain <= 0.0 {
            return;
        }
        let forming = 1.0 / p.forming_s.max(1e-3);
        let rate = forming + velocity_rad_s.abs() / p.breaking_rad.max(1e-6);
        let balance = forming / rate;
        self.formed = balance + (self.formed - balance) * math::exp(-rate * step_s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rest_forms_and_movement_breaks_bonds_whatever_the_step() {
        let p = ThixotropyParameters { gain: 0.6, forming_s: 5.0, breaking_rad: 0.15 };
        let mut rested = Thixotropy::default();
        assert!((rested.factor(&p) - 1.6).abs() < 1e-12);
        (0..2000).for_each(|_| rested.step(&p, 0.0, 1e-3));
        assert!((rested.factor(&p) - 1.6).abs() < 1e-12);
        let (mut fine, mut coarse) = (rested, rested);
        (0..300).for_each(|_| fine.step(&p, 3.0, 1e-3));
        coarse.step(&p, 3.0, 0.3);
        assert!(fine.factor(&p) < 1.02 && (fine.factor(&p) - coarse.factor(&p)).abs() < 1e-12);
        (0..5000).for_each(|_| fine.step(&p, 0.0, 1e-3));
        assert!((fine.formed - (1.0 - f64::exp(-1.0))).abs() < 0.02, "{fine:?}");
    }

    #[test]
    fn without_gain_nothing_is_added() {
        let p = ThixotropyParameters { gain: 0.0, ..ThixotropyParameters::default() };
        let mut bonds = Thixotropy::default();
        for v in [0.0, 1.0, 1e9] {
            bonds.step(&p, v, 1e-3);
            assert_eq!(bonds.factor(&p), 1.0);
            assert!((0.0..=1.0).contains(&bonds.formed));
        }
    }
}
