//! Conduction of muscle fibres in a sustained contraction: potassium and acid outside them slow it.
//!
//! ```text
//! each impulse: E <- E + (1 - E)/(r tau_f);   between: dE/dt = -blood E/tau_r
//! v = v0 (1 - a E)
//! ```
//!
//! E: 0 rested, 1 exhausted; `blood`: share of the flow that the contraction lets through. The potential keeps its length along the fibre, so its
//! spectrum moves with v. Fails where the potential also broadens while v hardly falls (half of the subjects of Naeije & Zorn).

use crate::math;

/// Fall of velocity at exhaustion, share (biceps at 50 % of maximum to exhaustion: -33 % in four subjects, -3 % in four; Naeije & Zorn 1982).
const FALL: f64 = 0.33;
/// Time constant of the rise at the reference rate, s, and that rate, Hz (fit target of the time constant: exhaustion after a minute at 50-60 % of
/// maximum; rate of a unit at that effort: assumed).
const RISE_S: f64 = 40.0;
const REFERENCE_HZ: f64 = 20.0;
/// Time constant of recovery with free flow, s (60-120: from memory).
const RECOVERY_S: f64 = 90.0;
/// Effort from which the muscle's own pressure stops its blood, fraction of maximal (50-60 %: from memory).
const OCCLUSION: f64 = 0.55;

/// How far the fibres of one unit are exhausted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ConductionFatigue {
    exhaustion: f64,
    time_s: f64,
}

impl ConductionFatigue {
    /// An impulse at `time_s`, while the muscle makes an effort (fraction of maximal).
    pub fn impulse(&mut self, time_s: f64, effort: f64) {
        self.rest_until(time_s, effort);
        self.exhaustion += (1.0 - self.exhaustion) / (REFERENCE_HZ * RISE_S);
    }

    /// Time that passes without one.
    pub fn rest_until(&mut self, time_s: f64, effort: f64) {
        let blood = (1.0 - effort / OCCLUSION).clamp(0.0, 1.0);
        self.exhaustion *= math::exp(-blood * (time_s - self.time_s).max(0.0) / RECOVERY_S);
        self.time_s = self.time_s.max(time_s);
    }

    /// Velocity over that of the rested fibre.
    pub fn velocity(&self) -> f64 {
        1.0 - FALL * self.exhaustion
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(rate_hz: f64, seconds: f64, effort: f64) -> ConductionFatigue {
        let mut fibres = ConductionFatigue::default();
        (0..(rate_hz * seconds) as usize).for_each(|k| fibres.impulse(k as f64 / rate_hz, effort));
        fibres
    }

    #[test]
    fn a_minute_at_the_reference_rate_takes_a_quarter() {
        let v = after(20.0, 60.0, 0.6).velocity();
        assert!((v - (1.0 - 0.33 * (1.0 - math::exp(-1.5)))).abs() < 1e-3, "{v}");
        assert!(after(40.0, 60.0, 0.6).velocity() < v && ConductionFatigue::default().velocity() == 1.0);
    }

    #[test]
    fn blood_brings_it_back_unless_the_muscle_shuts_it_out() {
        let mut fibres = after(20.0, 60.0, 0.6);
        let tired = fibres.velocity();
        fibres.rest_until(120.0, 0.8);
        assert_eq!(fibres.velocity(), tired);
        fibres.rest_until(420.0, 0.0);
        assert!(fibres.velocity() > 0.98);
    }
}
