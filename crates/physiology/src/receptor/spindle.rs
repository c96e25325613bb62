//! The muscle spindle (Mileusnic, Brown, Lan & Loeb 2006 J Neurophysiol 96:1772).
//!
//! Three intrafusal fibres (bag1, bag2, chain), each a sensory spring in series with a polar region of stiffness, velocity-dependent
//! force |w|^a and fusimotor force (`intrafusal`, stepped by implicit Euler). The endings fire with what stretches them:
//!
//! primary of a fibre      Gp [T/Ksr - (LNsr - L0sr)]
//! Ia                      the larger of bag1 and bag2 + chain, and 0.156 of the smaller (partial occlusion)
//! II of a fibre           Gs [X Lsec/L0sr (T/Ksr - LNsr + L0sr) + (1 - X) Lsec/L0pr (L - T/Ksr - L0sr - LNpr)], bag2 and chain added
//!
//! The published constants are fitted to the cat, a = 0.3. [`SpindleModel::human`] multiplies the gains by 0.13, has a = 0.5 (assumed, as in walking cats: Prochazka &
//! Gorassini 1998; the published rate is met at 0.15 L0/s, slower stretches answer less and faster ones more) and adds the initial burst,
//! absent from the published equations: rectified yank above a threshold (form after Blum et al. 2017), half of which needs cross-bridges that are
//! attached (`thixotropy`), so that the first stretch after a rest has it whole and the next of a series have less.
//!
//! Lengths in fibre optimal lengths L0, velocity L0/s, tension in force units FU, fusimotor and afferent rates in impulses/s.
//!
//! **Step.** 1 ms ([`Spindle::step_ms`]), or any ([`Spindle::step`], which divides what is longer). On natural stretches (up to
//! 2 L0/s) a step of 1 ms is within 3 % of the peak rate of one 100 times finer at every moment (test).
//! Where it fails: the intrafusal mass is dropped (first 2 ms of a step of velocity); static after-effects of a contraction are absent.

use serde::{Deserialize, Serialize};

use super::fusimotor::Fusimotor;
use super::intrafusal::{BAG1, BAG2, CHAIN, Intrafusal, POLAR_REST, SENSORY_REST, SENSORY_STIFFNESS, VelocityLaw};
use super::thixotropy::Bridges;

const FIBRES: [Intrafusal; 3] = [BAG1, BAG2, CHAIN];

/// Sensory length at which the ending starts to fire, L0 (Mileusnic 2006).
const SENSORY_THRESHOLD: f64 = 0.0423;
/// Polar length at which the secondary ending starts to fire, L0 (Mileusnic 2006).
const POLAR_THRESHOLD: f64 = 0.89;
/// Primary gain of bag1, and of bag2 and chain, impulses/s/L0 (Mileusnic 2006, cat).
const PRIMARY_GAIN: [f64; 3] = [20_000.0, 10_000.0, 10_000.0];
/// Secondary gain, impulses/s/L0 (Mileusnic 2006, cat).
const SECONDARY_GAIN: f64 = 7_250.0;
/// Share of the secondary ending on the sensory region (Mileusnic 2006).
const SECONDARY_ON_SENSORY: f64 = 0.7;
/// Rest length of the secondary ending, L0 (Mileusnic 2006).
const SECONDARY_LENGTH: f64 = 0.04;
/// Partial occlusion: share of the weaker of bag1 and bag2+chain that is added (Mileusnic 2006).
const OCCLUSION: f64 = 0.156;
/// Decay of the burst, ms; fitted to the same (a tap's primaries fire once or twice).
const BURST_MS: f64 = 4.0;
/// Most that a burst can be, impulses/s; assumed: ten times that of a tap, so that no movement, however impossible, outlasts it.
const HIGHEST_BURST_HZ: f64 = 10_000.0;
/// Longest inner step, ms.
const INNER_MS: f64 = 1.0;
/// Longest step, ms; assumed: beyond it the caller has lost the movement.
const LONGEST_MS: f64 = 1000.0;

/// Human over cat sensitivity of relaxed endings, 1. About a tenth: Prochazka & Gorassini 1998 set against the human 0.2-0.4 impulses/s/deg
/// of Hulliger, Nordh & Vallbo 1982, which 0.1 falls short of; the 0.13 fitted to: damping of the spastic elbow that rises with its grade.
pub const HUMAN_SCALE: f64 = 0.13;
/// Spikes of a primary ending per FU of bag1 tension gained above the yank threshold; fitted to: a tap of 3 mm in 10 ms on a
/// muscle of 9 cm fibres fires nearly every primary once within 2 ms and most of them again some 6 ms later, and the ankle jerk as large
/// as published.
const YANK_SPIKES_PER_FU: f64 = 30.0;
/// Yank below which there is no burst, FU/s; fitted to: no burst in a pendular swing (below 50 L0/s2), a full one in a tap.
const YANK_THRESHOLD_FU_S: f64 = 3.0;

/// What the spindles of one muscle are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpindleModel {
    scale: f64,
    yank_spikes_per_fu: f64,
    velocity_law: VelocityLaw,
}

/// What the endings of an average spindle discharge, impulses/s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpindleRates {
    /// Primary ending (Ia).
    pub ia_hz: f64,
    /// Secondary ending (II).
    pub ii_hz: f64,
}

/// A movement of the fibres over one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Length at its end, L0.
    pub length_l0: f64,
    /// Velocity during it, L0/s.
    pub velocity_l0_s: f64,
}

/// Why a spindle cannot be stepped.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum StepError {
    /// A length, velocity or rate is not a number, or infinite.
    #[error("{what} of a spindle is {value}; give a finite number")]
    NotFinite {
        /// Which.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// The step is not positive or too long.
    #[error("a spindle's step of {step_ms} ms must lie above 0 and be at most {LONGEST_MS} ms; divide the movement")]
    Step {
        /// The step asked for, ms.
        step_ms: f64,
    },
}

impl SpindleModel {
    /// As published: cat gains, no initial burst.
    pub fn published() -> Self {
        Self { scale: 1.0, yank_spikes_per_fu: 0.0, velocity_law: VelocityLaw::Published }
    }

    /// Human sensitivity to length and velocity, with initial burst.
    pub fn human() -> Self {
        Self { scale: HUMAN_SCALE, yank_spikes_per_fu: YANK_SPIKES_PER_FU, velocity_law: VelocityLaw::Human }
    }

    /// Sensitivity relative to the published (cat) gains.
    pub fn scale(&self) -> f64 {
        self.scale
    }
}

/// Where a spindle is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spindle {
    activation: [f64; 3],
    tension: [f64; 3],
    bridges: Bridges,
    /// Initial burst now, impulses/s.
    burst_hz: f64,
    /// Tension of bag1 when its yank was last taken, FU, and the time since, ms.
    yank_from: (f64, f64),
}

impl Spindle {
    /// A spindle that has long been held at `length_l0` with steady fusimotor drive.
    pub fn new(length_l0: f64, gamma_static_hz: f64, gamma_dynamic_hz: f64) -> Self {
        let activation: [f64; 3] = std::array::from_fn(|i| {
            FIBRES[i].steady_activation(if i == 0 { gamma_dynamic_hz } else { gamma_static_hz })
        });
        let tension: [f64; 3] = std::array::from_fn(|i| FIBRES[i].static_tension(activation[i], length_l0));
        Self { activation, tension, bridges: Bridges::rested(), burst_hz: 0.0, yank_from: (tension[0], 0.0) }
    }

    /// One millisecond, ending at `length_l0`, stretched at `velocity_l0_s` meanwhile; all finite.
    pub fn step_ms(
        &mut self,
        model: &SpindleModel,
        length_l0: f64,
        velocity_l0_s: f64,
        gamma_static_hz: f64,
        gamma_dynamic_hz: f64,
    ) -> SpindleRates {
        let gamma = Fusimotor { static_hz: gamma_static_hz, dynamic_hz: gamma_dynamic_hz };
        self.advance(model, &Stretch { length_l0, velocity_l0_s }, gamma, 1.0);
        self.rates(model, length_l0)
    }

    /// A step of any length in time up to a second: what is longer than a millisecond is divided, the movement being even.
    ///
    /// # Errors
    /// If something is not finite, or the step not in 0..1000 ms; the spindle is left as it was.
    ///
    /// ```
    /// use tonus_physiology::receptor::{fusimotor::Fusimotor, spindle::{Spindle, SpindleModel, Stretch}};
    /// let model = SpindleModel::published();
    /// let mut spindle = Spindle::new(0.95, 0.0, 70.0);
    /// let stretch = Stretch { length_l0: 0.961, velocity_l0_s: 0.11 };
    /// let rates = spindle.step(&model, &stretch, Fusimotor::new(0.0, 70.0), 100.0)?;
    /// assert!(rates.ia_hz > 50.0);
    /// assert!(spindle.step(&model, &stretch, Fusimotor::NONE, -1.0).is_err());
    /// # Ok::<(), tonus_physiology::receptor::spindle::StepError>(())
    /// ```
    pub fn step(
        &mut self,
        model: &SpindleModel,
        stretch: &Stretch,
        gamma: Fusimotor,
        step_ms: f64,
    ) -> Result<SpindleRates, StepError> {
        let given = [
            ("length", stretch.length_l0),
            ("velocity", stretch.velocity_l0_s),
            ("static fusimotor rate", gamma.static_hz),
            ("dynamic fusimotor rate", gamma.dynamic_hz),
        ];
        if let Some((what, value)) = given.into_iter().find(|(_, value)| !value.is_finite()) {
            return Err(StepError::NotFinite { what, value });
        }
        if !(step_ms > 0.0 && step_ms <= LONGEST_MS) {
            return Err(StepError::Step { step_ms });
        }
        let parts = (step_ms / INNER_MS).ceil();
        let part_ms = step_ms / parts;
        for part in 1..=parts as usize {
            let left_s = 1e-3 * part_ms * (parts - part as f64);
            let length_l0 = stretch.length_l0 - stretch.velocity_l0_s * left_s;
            self.advance(model, &Stretch { length_l0, ..*stretch }, gamma, part_ms);
        }
        Ok(self.rates(model, stretch.length_l0))
    }

    /// A step of at most a millisecond.
    #[inline]
    fn advance(&mut self, model: &SpindleModel, stretch: &Stretch, gamma: Fusimotor, step_ms: f64) {
        let step_s = 1e-3 * step_ms;
        for (i, fibre) in FIBRES.iter().enumerate() {
            let rate_hz = if i == 0 { gamma.dynamic_hz } else { gamma.static_hz };
            self.activation[i] = fibre.activation_after(self.activation[i], rate_hz, step_s);
            self.tension[i] = fibre.tension_after(
                model.velocity_law,
                self.activation[i],
                self.tension[i],
                stretch.length_l0,
                stretch.velocity_l0_s,
                step_s,
            );
        }
        if model.yank_spikes_per_fu > 0.0 {
            self.burst(model, stretch.velocity_l0_s, step_ms);
        }
    }

    /// The initial burst: yank over the last millisecond, as far as bridges were attached.
    fn burst(&mut self, model: &SpindleModel, velocity_l0_s: f64, step_ms: f64) {
        self.burst_hz *= 1.0 - step_ms / BURST_MS;
        self.yank_from.1 += step_ms;
        if self.yank_from.1 >= 1.0 - 1e-9 {
            let yank = (self.tension[0] - self.yank_from.0) / (1e-3 * self.yank_from.1);
            self.yank_from = (self.tension[0], 0.0);
            let burst = model.yank_spikes_per_fu * (yank - YANK_THRESHOLD_FU_S).max(0.0) * self.bridges.burst();
            self.burst_hz = self.burst_hz.max(burst.min(HIGHEST_BURST_HZ));
        }
        self.bridges.step(velocity_l0_s, 1e-3 * step_ms);
    }

    /// Afferent rates at the present tensions.
    fn rates(&self, model: &SpindleModel, length_l0: f64) -> SpindleRates {
        let stretch = |i: usize| self.tension[i] / SENSORY_STIFFNESS - (SENSORY_THRESHOLD - SENSORY_REST);
        let primary = |i: usize| (PRIMARY_GAIN[i] * stretch(i)).max(0.0);
        let secondary = |i: usize| {
            let polar = length_l0 - self.tension[i] / SENSORY_STIFFNESS - SENSORY_REST - POLAR_THRESHOLD;
            let on_sensory = SECONDARY_ON_SENSORY * SECONDARY_LENGTH / SENSORY_REST * stretch(i);
            let on_polar = (1.0 - SECONDARY_ON_SENSORY) * SECONDARY_LENGTH / POLAR_REST * polar;
            (SECONDARY_GAIN * (on_sensory + on_polar)).max(0.0)
        };
        let dynamic = primary(0);
        let fixed = primary(1) + primary(2);
        let ia = dynamic.max(fixed) + OCCLUSION * dynamic.min(fixed);
        SpindleRates { ia_hz: model.scale * ia + self.burst_hz, ii_hz: model.scale * (secondary(1) + secondary(2)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ramp {
        ia_before: f64,
        ia_peak: f64,
        ia_static: f64,
        ii_before: f64,
        ii_peak: f64,
        ii_static: f64,
    }

    /// Ramp and hold from 0.95 to 1.08 L0, read 0.5 s after its end.
    fn ramp(model: &SpindleModel, velocity: f64, gamma_static: f64, gamma_dynamic: f64) -> Ramp {
        let mut spindle = Spindle::new(0.95, gamma_static, gamma_dynamic);
        let mut out =
            Ramp { ia_before: 0.0, ia_peak: 0.0, ia_static: 0.0, ii_before: 0.0, ii_peak: 0.0, ii_static: 0.0 };
        for _ in 0..2000 {
            let r = spindle.step_ms(model, 0.95, 0.0, gamma_static, gamma_dynamic);
            (out.ia_before, out.ii_before) = (r.ia_hz, r.ii_hz);
        }
        let mut length = 0.95;
        while length < 1.08 {
            length += velocity * 1e-3;
            let r = spindle.step_ms(model, length, velocity, gamma_static, gamma_dynamic);
            out.ia_peak = out.ia_peak.max(r.ia_hz);
            out.ii_peak = out.ii_peak.max(r.ii_hz);
        }
        for _ in 0..500 {
            let r = spindle.step_ms(model, length, 0.0, gamma_static, gamma_dynamic);
            (out.ia_static, out.ii_static) = (r.ia_hz, r.ii_hz);
        }
        out
    }

    #[test]
    fn published_ramp_without_fusimotor_drive() {
        let r = ramp(&SpindleModel::published(), 0.11, 0.0, 0.0);
        assert!(r.ia_before < 1.0, "{}", r.ia_before);
        assert!((r.ia_peak - 89.0).abs() < 3.0, "{}", r.ia_peak);
        assert!((r.ia_static - 47.0).abs() < 3.0, "{}", r.ia_static);
        assert!((r.ii_before - 4.0).abs() < 2.0, "{}", r.ii_before);
        assert!((r.ii_peak - 73.0).abs() < 3.0, "{}", r.ii_peak);
        assert!((r.ii_static - 54.0).abs() < 3.0, "{}", r.ii_static);
    }

    #[test]
    fn dynamic_fusimotor_drive_doubles_the_dynamic_index() {
        let model = SpindleModel::published();
        let (off, on, fixed) =
            (ramp(&model, 0.11, 0.0, 0.0), ramp(&model, 0.11, 0.0, 70.0), ramp(&model, 0.11, 70.0, 0.0));
        assert!((on.ia_peak - 192.0).abs() < 5.0, "{}", on.ia_peak);
        assert!((on.ia_static - 101.0).abs() < 5.0, "{}", on.ia_static);
        let index = |r: &Ramp| r.ia_peak - r.ia_static;
        let ratio = index(&on) / index(&off);
        assert!((1.7..2.6).contains(&ratio), "{ratio}");
        assert!(index(&fixed) < index(&off), "static drive lowers the dynamic index");
        assert!(fixed.ia_before > off.ia_before && fixed.ii_before > off.ii_before);
    }

    #[test]
    fn faster_ramps_fire_more() {
        let model = SpindleModel::human();
        let mut last = 0.0;
        for velocity in [0.05, 0.11, 0.3, 0.7, 1.5] {
            let peak = ramp(&model, velocity, 30.0, 30.0).ia_peak;
            assert!(peak > last, "{velocity}: {peak} after {last}");
            last = peak;
        }
    }

    #[test]
    fn unloading_silences_the_primary_without_fusimotor_drive() {
        let model = SpindleModel::human();
        let mut spindle = Spindle::new(1.1, 0.0, 0.0);
        let mut length = 1.1;
        let mut last = 1.0;
        for _ in 0..30 {
            length -= 2.0 * 1e-3;
            last = spindle.step_ms(&model, length, -2.0, 0.0, 0.0).ia_hz;
        }
        assert_eq!(last, 0.0);
    }

    #[test]
    fn a_tap_fires_a_primary_once_or_twice() {
        let model = SpindleModel::human();
        let mut spindle = Spindle::new(1.0, 30.0, 30.0);
        let mut spikes = 0.0;
        for ms in 0..10 {
            let length = 1.0 + 0.033 * f64::from(ms + 1) / 10.0;
            spikes += spindle.step_ms(&model, length, 3.3, 30.0, 30.0).ia_hz * 1e-3;
        }
        assert!((1.5..5.0).contains(&spikes), "{spikes}");
    }

    #[test]
    fn never_leaves_the_finite_numbers() {
        let model = SpindleModel::human();
        let mut spindle = Spindle::new(1.0, 30.0, 30.0);
        for i in 0..4000_i32 {
            let velocity = if i % 7 < 4 { 30.0 } else { -35.0 };
            let length = if i % 500 < 250 { 0.3 } else { 1.8 };
            let r = spindle.step_ms(&model, length, velocity, f64::from(i % 90), f64::from(i % 60));
            assert!(r.ia_hz.is_finite() && r.ii_hz.is_finite() && r.ia_hz >= 0.0 && r.ii_hz >= 0.0);
        }
    }

    /// Rates of a stretch stepped at `step_ms`, one value every 5 ms.
    fn stepped(model: &SpindleModel, step_ms: f64, velocity: f64) -> Vec<SpindleRates> {
        // Hold, stretch by 0.1 L0, hold, release.
        let (start, ramp_ms) = (100.0, (100.0 / velocity / 5.0).round() * 5.0);
        let length = |t: f64| {
            let up = ((t - start) / ramp_ms).clamp(0.0, 1.0);
            let down = ((t - start - ramp_ms - 200.0) / ramp_ms).clamp(0.0, 1.0);
            0.98 + 0.1 * (up - down)
        };
        let mut spindle = Spindle::new(0.98, 20.0, 40.0);
        let (mut t, mut out) = (0.0, Vec::new());
        while t < 2.0 * ramp_ms + 500.0 - 1e-6 {
            let (before, after) = (length(t), length(t + step_ms));
            let stretch = Stretch { length_l0: after, velocity_l0_s: (after - before) / (1e-3 * step_ms) };
            let rates = spindle.step(model, &stretch, Fusimotor::new(20.0, 40.0), step_ms).unwrap();
            t += step_ms;
            if ((t / 5.0).round() * 5.0 - t).abs() < 1e-6 {
                out.push(rates);
            }
        }
        out
    }

    #[test]
    fn steps_of_one_and_five_milliseconds_follow_a_fine_one() {
        for velocity in [0.05, 0.2, 1.0, 2.0] {
            let model = SpindleModel::published();
            let oracle = stepped(&model, 0.01, velocity);
            let peak = oracle.iter().map(|r| r.ia_hz).fold(0.0, f64::max);
            for step_ms in [1.0, 5.0] {
                let coarse = stepped(&model, step_ms, velocity);
                assert_eq!(coarse.len(), oracle.len());
                let error =
                    coarse.iter().zip(&oracle).map(|(a, b)| (a.ia_hz - b.ia_hz).abs()).fold(0.0, f64::max) / peak;
                assert!(error < 0.03, "{velocity} L0/s in steps of {step_ms} ms: {error}");
            }
            // A step divided is the same as its parts, burst included.
            let human = SpindleModel::human();
            for (a, b) in stepped(&human, 1.0, velocity).iter().zip(stepped(&human, 5.0, velocity)) {
                assert!((a.ia_hz - b.ia_hz).abs() < 1e-6 && (a.ii_hz - b.ii_hz).abs() < 1e-6, "{velocity}");
            }
        }
    }

    #[test]
    fn what_cannot_be_stepped_is_named_and_changes_nothing() {
        let model = SpindleModel::human();
        let mut spindle = Spindle::new(1.0, 30.0, 30.0);
        let before = spindle.clone();
        let gamma = Fusimotor::new(30.0, 30.0);
        let still = Stretch { length_l0: 1.0, velocity_l0_s: 0.0 };
        let lost = Stretch { length_l0: f64::NAN, velocity_l0_s: 0.0 };
        let error = spindle.step(&model, &lost, gamma, 1.0).unwrap_err().to_string();
        assert!(error.contains("length"), "{error}");
        for step_ms in [0.0, -1.0, f64::NAN, 1e4] {
            assert!(spindle.step(&model, &still, gamma, step_ms).unwrap_err().to_string().contains("ms"));
        }
        assert_eq!(spindle, before);
    }

    #[test]
    fn a_spindle_restored_in_mid_ramp_goes_on_to_the_same_bits() {
        let model = SpindleModel::human();
        let mut spindle = Spindle::new(0.95, 25.0, 35.0);
        let run = |spindle: &mut Spindle, from: i32, to: i32| -> Vec<SpindleRates> {
            (from..to).map(|i| spindle.step_ms(&model, 0.95 + 4e-4 * f64::from(i), 0.4, 25.0, 35.0)).collect()
        };
        run(&mut spindle, 0, 117);
        let saved = serde_json::to_string(&spindle).unwrap();
        let mut restored: Spindle = serde_json::from_str(&saved).unwrap();
        assert_eq!(run(&mut spindle, 117, 300), run(&mut restored, 117, 300));
    }

    /// Impulses of the burst at the onset of an abrupt stretch, beyond the published equations.
    fn burst(model: &SpindleModel, spindle: &mut Spindle, from: f64, velocity: f64) -> f64 {
        let plain = SpindleModel { yank_spikes_per_fu: 0.0, ..model.clone() };
        let mut silent = spindle.clone();
        let mut impulses = 0.0;
        for ms in 1..=40 {
            let length = from + velocity * 1e-3 * f64::from(ms);
            impulses += 1e-3 * spindle.step_ms(model, length, velocity, 30.0, 30.0).ia_hz;
            silent.burst_hz = 0.0;
            impulses -= 1e-3 * silent.step_ms(&plain, length, velocity, 30.0, 30.0).ia_hz;
        }
        impulses
    }

    #[test]
    fn the_first_stretch_of_a_series_starts_with_the_largest_burst() {
        let model = SpindleModel::human();
        let mut spindle = Spindle::new(1.0, 30.0, 30.0);
        let hold = |spindle: &mut Spindle, ms: i32| {
            (0..ms).for_each(|_| {
                spindle.step_ms(&model, 1.0, 0.0, 30.0, 30.0);
            });
        };
        let back = |spindle: &mut Spindle| {
            (1..=80).for_each(|ms| {
                spindle.step_ms(&model, 1.04 - 5e-4 * f64::from(ms), -0.5, 30.0, 30.0);
            });
        };
        let first = burst(&model, &mut spindle, 1.0, 1.0);
        back(&mut spindle);
        let second = burst(&model, &mut spindle, 1.0, 1.0);
        back(&mut spindle);
        hold(&mut spindle, 1500);
        let rested = burst(&model, &mut spindle, 1.0, 1.0);
        assert!(first > 0.5, "{first}");
        assert!(second < 0.8 * first, "{second} after {first}");
        assert!(rested > 0.9 * first, "{rested} after {first}");
    }

    #[test]
    fn no_stretch_or_length_leaves_the_finite_numbers() {
        for model in [SpindleModel::published(), SpindleModel::human()] {
            let mut spindle = Spindle::new(1.0, 30.0, 30.0);
            for length in [0.3, 0.5, 0.52, 0.8, 1.0, 1.5, 2.0] {
                for velocity in [0.0, 1e-300, 1e-9, 0.1, 10.0, 1e3, 1e9, 1e300] {
                    for velocity in [velocity, -velocity] {
                        for gamma in [0.0, 70.0, 1e6] {
                            let r = spindle.step_ms(&model, length, velocity, gamma, gamma);
                            assert!(r.ia_hz >= 0.0 && r.ia_hz.is_finite(), "{length} L0, {velocity} L0/s: {r:?}");
                            assert!(r.ii_hz >= 0.0 && r.ii_hz.is_finite());
                        }
                    }
                }
            }
            // Nor does it stay lost: half a second of rest brings it back.
            for _ in 0..2000 {
                spindle.step_ms(&model, 1.0, 0.0, 30.0, 30.0);
            }
            let r = spindle.step_ms(&model, 1.0, 0.0, 30.0, 30.0);
            assert!(r.ia_hz < 100.0, "{r:?}");
        }
    }
}
