//! Potentiation of a motor unit: the twitch that grows with use (staircase) and stays larger for minutes (post-tetanic).
//!
//! ```text
//! M <- 1 - (1 - M)(1 - k)   at each impulse;   dM/dt = -M/tau between impulses
//! twitch gain = 1 + A(T) M (1 - Pr)^2
//! A(T) runs with the logarithm of contraction time from A_slow at T_s (and slower) to A_fast at T_f (and faster)
//! ```
//!
//! Pr is the force of the present rate over full tetanus: a fused tetanus gains nothing, so maximal force is as without potentiation.
//!
//! | symbol | meaning | unit | value | from |
//! |---|---|---|---|---|
//! | A_slow, A_fast | gain of a fully potentiated twitch | - | 0.05, 0.7 | memory: slow units 1.0-1.1, fast 1.4-2 times after 10 s MVC |
//! | T_s, T_f | contraction time of slow and fast units | ms | 90, 30 | Fuglevand 1993, read |
//! | k | share of what is missing, per impulse | - | 0.009 | fitted to: 9/10 potentiated after 10 s at 25/s |
//! | tau | decay | s | 240 | memory: 3-5 min |
//!
//! The square is assumed: potentiation fades well before fusion. Fails for the dependence on length and temperature, and for the
//! depression that hides it after long contractions except through [`super::fatigue`].

use serde::{Deserialize, Serialize};

use crate::math;

/// How motor units potentiate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PotentiationParameters {
    /// Extra gain of the fully potentiated twitch of slow units.
    pub slow_gain: f64,
    /// Extra gain of the fully potentiated twitch of fast units.
    pub fast_gain: f64,
    /// Contraction time from which units count as slow, ms.
    pub slow_contraction_time_ms: f64,
    /// Contraction time to which units count as fast, ms.
    pub fast_contraction_time_ms: f64,
    /// Share of the missing potentiation that an impulse brings.
    pub per_impulse: f64,
    /// Time constant of decay, s.
    pub decay_s: f64,
}

impl Default for PotentiationParameters {
    fn default() -> Self {
        Self {
            slow_gain: 0.05,
            fast_gain: 0.7,
            slow_contraction_time_ms: 90.0,
            fast_contraction_time_ms: 30.0,
            per_impulse: 0.009,
            decay_s: 240.0,
        }
    }
}

impl PotentiationParameters {
    /// Extra gain of a fully potentiated twitch of a unit of this contraction time.
    pub fn most(&self, contraction_time_ms: f64) -> f64 {
        let (slow, fast) = (self.slow_contraction_time_ms, self.fast_contraction_time_ms);
        let range = math::ln(slow / fast);
        let speed = if range > 0.0 { (math::ln(slow / contraction_time_ms) / range).clamp(0.0, 1.0) } else { 0.5 };
        (self.slow_gain + speed * (self.fast_gain - self.slow_gain)).max(0.0)
    }

    /// Potentiation left after `interval_s` without an impulse.
    pub fn decayed(&self, potentiation: f64, interval_s: f64) -> f64 {
        if potentiation > 0.0 { potentiation * math::exp(-interval_s.max(0.0) / self.decay_s.max(1e-3)) } else { 0.0 }
    }

    /// Potentiation after an impulse.
    pub fn raised(&self, potentiation: f64) -> f64 {
        1.0 - (1.0 - potentiation) * (1.0 - self.per_impulse.clamp(0.0, 1.0))
    }
}

/// Twitch gain of a unit that can gain `most`, at a potentiation and a relative force of its present rate.
pub fn gain(most: f64, potentiation: f64, relative_force: f64) -> f64 {
    let unfused = 1.0 - relative_force;
    1.0 + most * potentiation * unfused * unfused
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_units_gain_most_and_a_rested_one_nothing() {
        let p = PotentiationParameters::default();
        assert_eq!((p.most(150.0), p.most(20.0)), (0.05, 0.7));
        assert!(p.most(60.0) < p.most(40.0));
        assert_eq!((gain(0.7, 0.0, 0.0), gain(0.7, 1.0, 1.0), p.decayed(0.0, 10.0)), (1.0, 1.0, 0.0));
    }

    #[test]
    fn ten_seconds_of_maximal_rates_leave_minutes_of_potentiation() {
        let p = PotentiationParameters::default();
        let after = (0..250).fold(0.0, |m, _| p.raised(p.decayed(m, 0.04)));
        let minutes = |t: f64| gain(0.7, p.decayed(after, 60.0 * t), 0.0);
        assert!((1.4..2.0).contains(&minutes(0.0)), "{}", minutes(0.0));
        assert!((1.2..1.5).contains(&minutes(3.0)), "{}", minutes(3.0));
        assert!(minutes(20.0) < 1.02);
    }
}
