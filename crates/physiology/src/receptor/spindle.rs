//! The muscle spindle (Mileusnic, Brown, Lan & Loeb 2006 J Neurophysiol 96:1772).
//!
//! Three intrafusal fibres (bag1, bag2, chain), each a sensory spring in series with a polar region of
//! stiffness, velocity-dependent force |w|^0.3 and fusimotor force:
//!
//! T = C beta sgn(w) |w|^a (L - L0sr - T/Ksr - R) + Kpr (L - L0sr - T/Ksr - L0pr) + Gamma,   T' = Ksr (L' - w)
//!
//! The intrafusal mass (M = 0.0002 FU/(L0/s2)) is dropped: its period is about 1 ms. T is stepped by implicit
//! Euler at 1 ms; w(T) is smooth (power 1/0.3), so Newton from the last T converges in a few iterations, whereas
//! T(w) has infinite slope at w = 0. Agrees with the full model outside the first 2 ms of a step.
//!
//! The published constants are fitted to the cat. [`SpindleModel::human`] multiplies the gains by 0.1 (about the
//! cat/human ratio of relaxed primaries, Prochazka & Gorassini 1998) and adds the initial burst, absent from the
//! published equations, as rectified yank above a threshold (form after Blum et al. 2017).
//!
//! Lengths in fibre optimal lengths L0, velocity L0/s, tension in force units FU, fusimotor and afferent rates in impulses/s.
//! Where it fails: no thixotropy (history beyond the initial burst), no vibration-specific transduction.

use serde::{Deserialize, Serialize};

use crate::math;

/// Constants of one intrafusal fibre (Mileusnic et al. 2006, values as in public ports of the paper).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Intrafusal {
    /// Passive polar damping, FU/(L0/s).
    beta0: f64,
    /// Change of damping with fusimotor activation, FU/(L0/s).
    beta_active: f64,
    /// Fusimotor force, FU.
    force: f64,
    /// Fusimotor rate of half activation, impulses/s.
    half_rate_hz: f64,
    /// Activation time constant, s; 0 = at once.
    activation_s: f64,
}

const BAG1: Intrafusal =
    Intrafusal { beta0: 0.0605, beta_active: 0.2592, force: 0.0289, half_rate_hz: 60.0, activation_s: 0.149 };
const BAG2: Intrafusal =
    Intrafusal { beta0: 0.0822, beta_active: -0.046, force: 0.0636, half_rate_hz: 60.0, activation_s: 0.205 };
const CHAIN: Intrafusal =
    Intrafusal { beta0: 0.0822, beta_active: -0.069, force: 0.0954, half_rate_hz: 90.0, activation_s: 0.0 };
const FIBRES: [Intrafusal; 3] = [BAG1, BAG2, CHAIN];

/// Sensory spring, FU/L0 (Mileusnic 2006).
const SENSORY_STIFFNESS: f64 = 10.4649;
/// Polar spring, FU/L0 (Mileusnic 2006).
const POLAR_STIFFNESS: f64 = 0.15;
/// Rest length of the sensory region, L0 (Mileusnic 2006).
const SENSORY_REST: f64 = 0.04;
/// Rest length of the polar region, L0 (Mileusnic 2006).
const POLAR_REST: f64 = 0.76;
/// Sensory length at which the ending starts to fire, L0 (Mileusnic 2006).
const SENSORY_THRESHOLD: f64 = 0.0423;
/// Polar length at which the secondary ending starts to fire, L0 (Mileusnic 2006).
const POLAR_THRESHOLD: f64 = 0.89;
/// Polar length without force-velocity effect, L0 (Mileusnic 2006).
const ZERO_EFFECT_LENGTH: f64 = 0.46;
/// Exponent of velocity, 1 (Mileusnic 2006).
const VELOCITY_EXPONENT: f64 = 0.3;
/// Damping while the polar region shortens, relative to lengthening (Mileusnic 2006).
const SHORTENING: f64 = 0.42;
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
/// Step, s.
const STEP_S: f64 = 1e-3;

/// Human over cat sensitivity of relaxed endings, 1 (ratio about a tenth: Prochazka & Gorassini 1998 set against the human
/// 0.2-0.4 impulses/s/deg of Hulliger, Nordh & Vallbo 1982).
pub const HUMAN_SCALE: f64 = 0.1;
/// Spikes of a primary ending per FU of bag1 tension gained above the yank threshold; fitted to: a tap of 3 mm in 10 ms on a
/// muscle of 9 cm fibres fires nearly every primary once within 2 ms and most of them again some 6 ms later.
const YANK_SPIKES_PER_FU: f64 = 40.0;
/// Yank below which there is no burst, FU/s; fitted to: no burst in a pendular swing (below 50 L0/s2), a full one in a tap.
const YANK_THRESHOLD_FU_S: f64 = 3.0;

/// What the spindles of one muscle are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpindleModel {
    scale: f64,
    yank_spikes_per_fu: f64,
}

/// What the endings of an average spindle discharge, impulses/s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpindleRates {
    /// Primary ending (Ia).
    pub ia_hz: f64,
    /// Secondary ending (II).
    pub ii_hz: f64,
}

impl SpindleModel {
    /// As published: cat gains, no initial burst.
    pub fn published() -> Self {
        Self { scale: 1.0, yank_spikes_per_fu: 0.0 }
    }

    /// Human sensitivity, with initial burst.
    pub fn human() -> Self {
        Self { scale: HUMAN_SCALE, yank_spikes_per_fu: YANK_SPIKES_PER_FU }
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
    /// Initial burst now, impulses/s.
    burst_hz: f64,
}

/// Hill activation of an intrafusal fibre by its fusimotor rate, exponent 2.
fn fusimotor(fibre: &Intrafusal, rate_hz: f64) -> f64 {
    let r = rate_hz.max(0.0);
    r * r / (r * r + fibre.half_rate_hz * fibre.half_rate_hz)
}

impl Spindle {
    /// A spindle that has long been held at `length_l0` with steady fusimotor drive.
    pub fn new(length_l0: f64, gamma_static_hz: f64, gamma_dynamic_hz: f64) -> Self {
        let mut spindle = Self { activation: [0.0; 3], tension: [0.0; 3], burst_hz: 0.0 };
        for (i, fibre) in FIBRES.iter().enumerate() {
            spindle.activation[i] = fusimotor(fibre, if i == 0 { gamma_dynamic_hz } else { gamma_static_hz });
            spindle.tension[i] = (POLAR_STIFFNESS * (length_l0 - SENSORY_REST - POLAR_REST)
                + fibre.force * spindle.activation[i])
                / (1.0 + POLAR_STIFFNESS / SENSORY_STIFFNESS);
        }
        spindle
    }

    /// One millisecond, ending at `length_l0`, stretched at `velocity_l0_s` meanwhile.
    pub fn step_ms(
        &mut self,
        model: &SpindleModel,
        length_l0: f64,
        velocity_l0_s: f64,
        gamma_static_hz: f64,
        gamma_dynamic_hz: f64,
    ) -> SpindleRates {
        let bag1_before = self.tension[0];
        for (i, fibre) in FIBRES.iter().enumerate() {
            let drive = fusimotor(fibre, if i == 0 { gamma_dynamic_hz } else { gamma_static_hz });
            if fibre.activation_s > 0.0 {
                self.activation[i] += (drive - self.activation[i]) * (STEP_S / (fibre.activation_s + STEP_S));
            } else {
                self.activation[i] = drive;
            }
            self.tension[i] = tension_after(fibre, self.activation[i], self.tension[i], length_l0, velocity_l0_s);
        }
        let yank = (self.tension[0] - bag1_before) / STEP_S;
        let burst = model.yank_spikes_per_fu * (yank - YANK_THRESHOLD_FU_S).max(0.0);
        self.burst_hz = burst.max(self.burst_hz * (1.0 - 1.0 / BURST_MS));
        self.rates(model, length_l0)
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

/// Tension of one fibre after a step: the root T of `T - T0 - h Ksr (L' - w(T)) = 0`, monotone in T.
fn tension_after(fibre: &Intrafusal, activation: f64, before: f64, length: f64, velocity: f64) -> f64 {
    let beta = fibre.beta0 + fibre.beta_active * activation;
    let force = fibre.force * activation;
    let target = before + STEP_S * SENSORY_STIFFNESS * velocity;
    let slope_g = 1.0 + POLAR_STIFFNESS / SENSORY_STIFFNESS;
    // Residual and its derivative at tension t.
    let residual = |t: f64| {
        let polar = length - SENSORY_REST - t / SENSORY_STIFFNESS;
        let g = t - POLAR_STIFFNESS * (polar - POLAR_REST) - force;
        let reach = (polar - ZERO_EFFECT_LENGTH).max(0.02);
        let factor = if g >= 0.0 { beta * reach } else { SHORTENING * beta * reach };
        let x = (g / factor).abs();
        let w = if x > 0.0 { math::exp(math::ln(x) / VELOCITY_EXPONENT) } else { 0.0 };
        let dw = if x > 0.0 { w / (VELOCITY_EXPONENT * x) * (slope_g / factor) } else { 0.0 };
        let signed = if g >= 0.0 { w } else { -w };
        (t - target + STEP_S * SENSORY_STIFFNESS * signed, 1.0 + STEP_S * SENSORY_STIFFNESS * dw)
    };
    // The root lies between the tension without flow and the static root; Newton with that bracket.
    let still = (POLAR_STIFFNESS * (length - SENSORY_REST - POLAR_REST) + force) / slope_g;
    let (mut low, mut high) = if target < still { (target, still) } else { (still, target) };
    let mut t = before.clamp(low, high);
    for _ in 0..30 {
        let (value, slope) = residual(t);
        if value > 0.0 {
            high = t
        } else {
            low = t
        }
        let next = t - value / slope;
        let next = if next > low && next < high { next } else { 0.5 * (low + high) };
        let moved = (next - t).abs();
        t = next;
        if moved < 1e-9 {
            break;
        }
    }
    t
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
            length += velocity * STEP_S;
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
            length -= 2.0 * STEP_S;
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
            spikes += spindle.step_ms(&model, length, 3.3, 30.0, 30.0).ia_hz * STEP_S;
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
}
