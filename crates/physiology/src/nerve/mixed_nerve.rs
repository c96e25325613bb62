//! Electrical excitation of a mixed nerve: the Ia afferents and the motor axons of one muscle under one cathode.
//!
//! An axon fires when the current passes its threshold,
//!
//! ```text
//! I(axon, t) = rheobase (1 + tau / t) exp(spread z)          (Weiss 1901)
//! ```
//! `t` the pulse's duration, `tau` the strength-duration time constant, `z` the axon's own place and size. Intensities are in
//! units of the median motor axon's threshold at a pulse of 1 ms. Ia afferents have the longer time constant and the
//! lower rheobase, so that a long weak pulse finds them first: the H reflex before the M wave (Panizza, Nilsson & Hallett 1989).
//! Holds for one pulse on a rested nerve; a demyelinated axon's threshold is taken as unchanged.

use crate::math;
use crate::random::Seed;

use super::motor_axon::MotorAxons;

/// Strength-duration time constant of motor axons, ms (0.42, SD 0.09: median nerve at the wrist of 148 Canadian and 87 Japanese adults, computed
/// from the public recordings of K. E. Jones' laboratory).
const MOTOR_TAU_MS: f64 = 0.42;
/// The same of Ia afferents, ms (0.4-0.5: Veale, Mark & Rees 1973, memory; large cutaneous afferents 0.5-0.7, memory). Fitted with
/// [`IA_RHEOBASE`], at the upper end of what is cited, since the motor axons' own is longer than was once measured.
const IA_TAU_MS: f64 = 0.70;
/// Rheobase of the median Ia afferent over that of the median motor axon. Fitted to: threshold of the H reflex just below that
/// of the M wave at 1 ms, the largest H with an M of less than a quarter of its maximum, Ia effects from 0.6 times motor threshold.
const IA_RHEOBASE: f64 = 0.407;
/// SD of ln threshold between Ia afferents (assumed as between motor axons: place in the nerve rules).
const IA_LOG_SD: f64 = 0.19;
/// Pulse for which intensities are stated, ms.
const REFERENCE_PULSE_MS: f64 = 1.0;

/// The thresholds of one muscle's axons under one cathode.
#[derive(Clone, Debug, PartialEq)]
pub struct MixedNerve {
    motor: Vec<f64>,
    ia: Vec<f64>,
}

impl MixedNerve {
    /// The motor axons `axons` and `ia` Ia afferents under the same cathode; `seed` is the muscle's.
    pub fn new(axons: &MotorAxons, ia: usize, seed: Seed) -> Self {
        let seed = seed.child("Ia threshold");
        Self {
            motor: (0..axons.units()).map(|unit| axons.threshold(unit)).collect(),
            ia: (0..ia).map(|axon| math::exp(IA_LOG_SD * seed.index(axon).stream("threshold").normal())).collect(),
        }
    }

    /// Whether a pulse excites the motor axon of `unit`.
    pub fn excites_motor(&self, unit: usize, pulse: Pulse) -> bool {
        self.motor.get(unit).is_some_and(|threshold| pulse.current > threshold * pulse.per_rheobase(MOTOR_TAU_MS))
    }

    /// Whether a pulse excites an Ia afferent.
    pub fn excites_ia(&self, axon: usize, pulse: Pulse) -> bool {
        let weak = IA_RHEOBASE * pulse.per_rheobase(IA_TAU_MS);
        self.ia.get(axon).is_some_and(|threshold| pulse.current > threshold * weak)
    }

    /// Weakest motor axon's threshold at this duration: the motor threshold as the twitch or the first unit shows it.
    pub fn motor_threshold(&self, duration_ms: f64) -> f64 {
        let lowest = self.motor.iter().copied().fold(f64::INFINITY, f64::min);
        lowest * Pulse { current: 0.0, duration_ms }.per_rheobase(MOTOR_TAU_MS)
    }
}

/// A rectangular stimulus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulse {
    /// Current, in thresholds of the median motor axon at 1 ms.
    pub current: f64,
    /// Duration, ms.
    pub duration_ms: f64,
}

impl Pulse {
    /// The pulse that is `times` the threshold of the median motor axon at this duration.
    pub fn of_motor(times: f64, duration_ms: f64) -> Self {
        let unit = Self { current: 1.0, duration_ms };
        Self { current: times * unit.per_rheobase(MOTOR_TAU_MS), duration_ms }
    }

    /// Threshold at this duration of an axon whose rheobase is that of the median motor axon.
    fn per_rheobase(self, tau_ms: f64) -> f64 {
        let reference = 1.0 + MOTOR_TAU_MS / REFERENCE_PULSE_MS;
        (1.0 + tau_ms / self.duration_ms.max(0.01)) / reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nerve::motor_axon::MotorAxonParameters;
    use crate::nerve::segment::{FibreSpectrum, NerveSegment};

    fn nerve() -> MixedNerve {
        let parameters = MotorAxonParameters {
            spectrum: FibreSpectrum::motor_leg(),
            segments: vec![NerveSegment::healthy("root", 0.5, 36.0), NerveSegment::healthy("calf", 0.3, 34.0)],
            terminal_length_m: 0.03,
            threshold_log_sd: 0.19,
            survival: 1.0,
            ectopic_rate_hz: 0.0,
            kv1: 1.0,
            persistent_current: 0.0,
        };
        MixedNerve::new(&MotorAxons::new(&parameters, 900, Seed::new(1)), 400, Seed::new(1))
    }

    fn shares(nerve: &MixedNerve, pulse: Pulse) -> (f64, f64) {
        let ia = (0..400).filter(|&a| nerve.excites_ia(a, pulse)).count() as f64 / 400.0;
        (ia, (0..900).filter(|&u| nerve.excites_motor(u, pulse)).count() as f64 / 900.0)
    }

    #[test]
    fn a_long_pulse_finds_the_afferents_first_and_a_short_one_hardly_does() {
        let nerve = nerve();
        let at = |current: f64, duration_ms: f64| shares(&nerve, Pulse { current, duration_ms });
        // A pulse of either duration at which 5 % of motor axons fire.
        let five_percent = |duration_ms: f64| {
            (1..4000).map(|i| f64::from(i) * 2e-3).find(|&c| at(c, duration_ms).1 >= 0.05).unwrap_or(f64::NAN)
        };
        let (long, short) = (at(five_percent(1.0), 1.0).0, at(five_percent(0.1), 0.1).0);
        assert!(long > 0.85, "{long}");
        assert!(short < long - 0.1, "{short} {long}");
    }

    #[test]
    fn excitation_is_nested_and_complete_at_last() {
        let nerve = nerve();
        let mut before = (0.0, 0.0);
        for i in 0..40 {
            let now = shares(&nerve, Pulse { current: 0.06 * f64::from(i), duration_ms: 1.0 });
            assert!(now.0 >= before.0 && now.1 >= before.1);
            before = now;
        }
        assert_eq!(before, (1.0, 1.0));
        assert_eq!(shares(&nerve, Pulse { current: 0.0, duration_ms: 1.0 }), (0.0, 0.0));
        let threshold = nerve.motor_threshold(1.0);
        assert_eq!(shares(&nerve, Pulse { current: threshold * 0.999, duration_ms: 1.0 }).1, 0.0);
    }
}
