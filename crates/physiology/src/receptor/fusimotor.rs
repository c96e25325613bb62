//! Fusimotor drive: what gamma motor neurons tell the spindles of a muscle.
//!
//! Static and dynamic rates have a resting part that a person can set apart from the contraction (independent gamma) and a part
//! that rises with it (alpha-gamma coactivation):
//!
//! gamma(e) = rest + rise (1 + k) e / (e + k)   of the axons that are left
//!
//! with e the effort that reaches the pool, 0..1. k is the effort of half rise, on a scale of 1: infinite k is a straight line.
//! In man fusimotor drive comes with skeletomotor drive and most of it early in a contraction (Vallbo 1974 Acta Physiol Scand
//! 90:319; Burke, Hagbarth & Skuse 1978 J Physiol 276:159, cited from memory).

use serde::{Deserialize, Serialize};

/// Rates of the static and dynamic gamma axons of a muscle, impulses/s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fusimotor {
    /// Static: bag2 and chain.
    pub static_hz: f64,
    /// Dynamic: bag1.
    pub dynamic_hz: f64,
}

impl Fusimotor {
    /// None at all: a de-efferented spindle.
    pub const NONE: Self = Self { static_hz: 0.0, dynamic_hz: 0.0 };

    /// These rates, impulses/s.
    pub const fn new(static_hz: f64, dynamic_hz: f64) -> Self {
        Self { static_hz, dynamic_hz }
    }
}

/// How the fusimotor drive of a muscle follows its contraction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FusimotorModel {
    /// Drive without contraction.
    pub rest: Fusimotor,
    /// Rise at full effort.
    pub rise: Fusimotor,
    /// Effort of half rise were the scale endless; `f64::INFINITY`: in proportion to effort.
    pub half_effort: f64,
    /// Gamma axons left, 0..1.
    pub axons_left: f64,
}

impl FusimotorModel {
    /// Rise of static drive at full effort, impulses/s; assumed: coactivation 1:0.5 to 1:1 with discharge of 30-40/s.
    pub const RISE_STATIC_HZ: f64 = 30.0;
    /// Rise of dynamic drive at full effort, impulses/s; assumed small: static drive dominates in voluntary contraction.
    pub const RISE_DYNAMIC_HZ: f64 = 10.0;
    /// Effort of half rise of a drive that comes early in a contraction; assumed: two thirds of the rise by a third of full effort.
    /// It halves what is left of the position response of finger extensors in active holding, which Hulliger, Nordh & Vallbo
    /// 1982 (J Physiol 322:167) found absent (`spindle.position` in validation).
    pub const EARLY_HALF_EFFORT: f64 = 0.15;

    /// Drive `rest` that rises in proportion to effort.
    pub fn coactivated(rest: Fusimotor) -> Self {
        Self {
            rest,
            rise: Fusimotor::new(Self::RISE_STATIC_HZ, Self::RISE_DYNAMIC_HZ),
            half_effort: f64::INFINITY,
            axons_left: 1.0,
        }
    }

    /// Drive `rest` that rises early in the contraction: most of it below a third of full effort.
    pub fn early(rest: Fusimotor) -> Self {
        Self { half_effort: Self::EARLY_HALF_EFFORT, ..Self::coactivated(rest) }
    }

    /// The same with a share `left` of the gamma axons.
    #[must_use]
    pub fn with_axons_left(mut self, left: f64) -> Self {
        self.axons_left = left;
        self
    }

    /// Drive at an effort 0..1.
    pub fn drive(&self, effort: f64) -> Fusimotor {
        let share = if self.half_effort.is_finite() && effort > 0.0 {
            effort * (1.0 + self.half_effort) / (effort + self.half_effort)
        } else {
            effort
        };
        Fusimotor {
            static_hz: (self.rest.static_hz + self.rise.static_hz * share) * self.axons_left,
            dynamic_hz: (self.rest.dynamic_hz + self.rise.dynamic_hz * share) * self.axons_left,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coactivation_rises_with_effort_from_rest_and_dies_with_the_axons() {
        let straight = FusimotorModel::coactivated(Fusimotor::new(30.0, 20.0));
        let early = FusimotorModel::early(Fusimotor::new(30.0, 20.0));
        for model in [straight, early] {
            assert_eq!(model.drive(0.0), Fusimotor::new(30.0, 20.0));
            let full = model.drive(1.0);
            assert!((full.static_hz - 60.0).abs() < 1e-12 && (full.dynamic_hz - 30.0).abs() < 1e-12);
            let rates: Vec<f64> = (0..=20).map(|i| model.drive(f64::from(i) * 0.05).static_hz).collect();
            assert!(rates.windows(2).all(|w| w[1] > w[0]));
        }
        assert!(early.drive(0.1).static_hz > straight.drive(0.1).static_hz + 8.0);
        let half = straight.with_axons_left(0.5);
        assert_eq!(half.drive(0.4).static_hz, 0.5 * straight.drive(0.4).static_hz);
        assert_eq!(straight.with_axons_left(0.0).drive(1.0), Fusimotor::NONE);
    }
}
