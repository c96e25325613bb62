//! An intrafusal muscle fibre: a sensory spring in series with a polar region that yields to tension as a power of velocity, the 0.3th
//! as published (Mileusnic, Brown, Lan & Loeb 2006 J Neurophysiol 96:1772), the 0.5th in man ([`VelocityLaw`]).
//!
//! T = C beta sgn(w) |w|^a (L - L0sr - T/Ksr - R) + Kpr (L - L0sr - T/Ksr - L0pr) + Gamma,   T' = Ksr (L' - w)
//!
//! w is the velocity of the polar region; C = 1 while it lengthens, 0.42 while it shortens. The intrafusal mass (M = 0.0002
//! FU/(L0/s2)) is dropped: its period is about 1 ms, and outside the first 2 ms of a step nothing is seen of it.
//!
//! **Step.** T(w) has infinite slope at w = 0, but with |w| = z^m and |w|^a = z^n, n/m = a (3 and 10; 1 and 2) both sides are
//! polynomials: with p the distance of T from the tension at which the polar region stands still, implicit Euler asks for the root of
//!
//! p(z) + h Ksr z^m = D,   p(z) = c r z^n / (s + c z^n/Ksr),   s = 1 + Kpr/Ksr
//!
//! (D: that distance at the step's start, with the stretch of the step; c = C beta; r: reach of the polar region beyond R). Both terms
//! rise with z, so the root is one, and Newton from the root without the second term needs two or three iterations and no
//! exponential. Any step is stable; its error is of first order in h (tests: against a step 200 times finer).
//!
//! Lengths in fibre optimal lengths L0, velocity L0/s, tension in force units FU.

use serde::{Deserialize, Serialize};

/// Constants of one intrafusal fibre (Mileusnic et al. 2006, values as in public ports of the paper).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Intrafusal {
    /// Passive polar damping, FU/(L0/s).
    pub(super) beta0: f64,
    /// Change of damping with fusimotor activation, FU/(L0/s).
    pub(super) beta_active: f64,
    /// Fusimotor force, FU.
    pub(super) force: f64,
    /// Fusimotor rate of half activation, impulses/s.
    pub(super) half_rate_hz: f64,
    /// Activation time constant, s; 0 = at once.
    pub(super) activation_s: f64,
}

/// Bag1: dynamic fusimotor drive, slow.
pub(super) const BAG1: Intrafusal =
    Intrafusal { beta0: 0.0605, beta_active: 0.2592, force: 0.0289, half_rate_hz: 60.0, activation_s: 0.149 };
/// Bag2: static fusimotor drive, slow.
pub(super) const BAG2: Intrafusal =
    Intrafusal { beta0: 0.0822, beta_active: -0.046, force: 0.0636, half_rate_hz: 60.0, activation_s: 0.205 };
/// Chain: static fusimotor drive, at once.
pub(super) const CHAIN: Intrafusal =
    Intrafusal { beta0: 0.0822, beta_active: -0.069, force: 0.0954, half_rate_hz: 90.0, activation_s: 0.0 };

/// Sensory spring, FU/L0 (Mileusnic 2006).
pub(super) const SENSORY_STIFFNESS: f64 = 10.4649;
/// Polar spring, FU/L0 (Mileusnic 2006).
pub(super) const POLAR_STIFFNESS: f64 = 0.15;
/// Rest length of the sensory region, L0 (Mileusnic 2006).
pub(super) const SENSORY_REST: f64 = 0.04;
/// Rest length of the polar region, L0 (Mileusnic 2006).
pub(super) const POLAR_REST: f64 = 0.76;
/// Polar length without force-velocity effect, L0 (Mileusnic 2006).
const ZERO_EFFECT_LENGTH: f64 = 0.46;
/// Shortest reach of the polar region, L0; assumed: below it (a muscle under half its optimal length) the published factor would
/// vanish and change sign.
const SHORTEST_REACH: f64 = 0.02;
/// Damping while the polar region shortens, relative to lengthening (Mileusnic 2006).
const SHORTENING: f64 = 0.42;
/// Both springs in series with each other.
const SERIES: f64 = 1.0 + POLAR_STIFFNESS / SENSORY_STIFFNESS;
/// Residual at which Newton has converged, FU: 1e-10 FU are 2e-7 impulses/s of a cat's bag1.
const CONVERGED_FU: f64 = 1e-10;
/// Iterations at most; the fastest stretches need about ten.
const ITERATIONS: usize = 60;

/// Damping by the human law over the published one, (L0/s)^-0.2: the two are equal at 0.15 L0/s (a slow passive movement: some 25
/// degrees/s at the elbow), 0.15^(0.3 - 0.5). That velocity is fitted to: the slowest stretch of the relaxed healthy elbow that evokes a
/// reflex, about 200 degrees/s (Thilmann, Fellows & Garms 1991).
const HUMAN_DAMPING: f64 = 1.4614425516219254;

/// How the tension of the polar region grows with its velocity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum VelocityLaw {
    /// Power 0.3: passive ramps in the anaesthetised cat (Mileusnic 2006).
    Published,
    /// Power 0.5, for man. Discharge in natural movement goes with the power 0.5 or 0.6 of velocity (Prochazka & Gorassini 1998 J
    /// Physiol 507:277, in walking cats); that human endings do as those is assumed: no exponent of theirs is published.
    Human,
}

impl Intrafusal {
    /// Activation by a steady fusimotor rate: Hill, exponent 2.
    pub(super) fn steady_activation(&self, rate_hz: f64) -> f64 {
        let r = rate_hz.max(0.0);
        r * r / (r * r + self.half_rate_hz * self.half_rate_hz)
    }

    /// Tension of the fibre long held at a length, FU.
    pub(super) fn static_tension(&self, activation: f64, length_l0: f64) -> f64 {
        (POLAR_STIFFNESS * (length_l0 - SENSORY_REST - POLAR_REST) + self.force * activation) / SERIES
    }

    /// Activation after a step of `step_s` under a fusimotor rate.
    pub(super) fn activation_after(&self, before: f64, rate_hz: f64, step_s: f64) -> f64 {
        let drive = self.steady_activation(rate_hz);
        if self.activation_s > 0.0 {
            before + (drive - before) * (step_s / (self.activation_s + step_s))
        } else {
            drive
        }
    }

    /// Tension after a step of `step_s` that ends at `length` and was stretched at `velocity` meanwhile, FU.
    pub(super) fn tension_after(
        &self,
        law: VelocityLaw,
        activation: f64,
        before: f64,
        length: f64,
        velocity: f64,
        step_s: f64,
    ) -> f64 {
        let beta = self.beta0 + self.beta_active * activation;
        let still = self.static_tension(activation, length);
        match law {
            VelocityLaw::Published => Self::solve::<3, 10>(beta, still, before, length, velocity, step_s),
            VelocityLaw::Human => Self::solve::<1, 2>(HUMAN_DAMPING * beta, still, before, length, velocity, step_s),
        }
    }

    /// The same with damping `beta`, tension `still` while the polar region stands still, and |w| = z^M, |w|^a = z^N.
    #[inline]
    fn solve<const N: i32, const M: i32>(
        beta: f64,
        still: f64,
        before: f64,
        length: f64,
        velocity: f64,
        step_s: f64,
    ) -> f64 {
        let target = before + step_s * SENSORY_STIFFNESS * velocity;
        let distance = (target - still).abs();
        if distance == 0.0 {
            return still;
        }
        let (sign, damping) = if target > still { (1.0, beta) } else { (-1.0, SHORTENING * beta) };
        let reach = length - SENSORY_REST - ZERO_EFFECT_LENGTH - still / SENSORY_STIFFNESS;
        let flow = step_s * SENSORY_STIFFNESS;
        // p(z) and its slope; where the polar region is too short, the reach is held.
        let viscous = |z: f64| {
            let per_z = damping * power::<N>(z);
            let (force, slope) = (per_z * z, f64::from(N) * per_z);
            let series = SERIES + sign * force / SENSORY_STIFFNESS;
            let p = force * reach / series;
            if series > 0.0 && reach - sign * p / SENSORY_STIFFNESS >= SHORTEST_REACH {
                (p, slope * reach * SERIES / (series * series))
            } else {
                (force * SHORTEST_REACH / SERIES, slope * SHORTEST_REACH / SERIES)
            }
        };
        // Either term alone gives a z above the root.
        let stiffest = damping * reach.max(SHORTEST_REACH);
        let alone = distance * SERIES / stiffest;
        let mut high = if N == 1 { alone } else { libm::cbrt(alone) };
        let mut low = 0.0;
        let mut z = high;
        let mut p = 0.0;
        for _ in 0..ITERATIONS {
            let (viscous_p, viscous_slope) = viscous(z);
            p = viscous_p;
            let flow_per_z = flow * power::<M>(z);
            let residual = p + flow_per_z * z - distance;
            if residual.abs() < CONVERGED_FU {
                break;
            }
            if residual > 0.0 {
                high = high.min(z);
            } else {
                low = z;
                // The root without flow may lie a little low where the reach shrinks with tension.
                high = high.max(2.0 * z);
            }
            let next = z - residual / (viscous_slope + f64::from(M) * flow_per_z);
            z = if next > low && next < high { next } else { 0.5 * (low + high) };
        }
        still + sign * p.min(distance)
    }
}

/// z to the power of one less than K.
#[inline]
fn power<const K: i32>(z: f64) -> f64 {
    (1..K).fold(1.0, |product, _| product * z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;

    /// T - T0 - h Ksr (L' - w(T)) as the paper has it, with w from the power 1/0.3, or in man 1/0.5.
    fn residual(
        law: VelocityLaw,
        fibre: &Intrafusal,
        activation: f64,
        before: f64,
        (length, velocity): (f64, f64),
        h: f64,
        t: f64,
    ) -> f64 {
        let polar = length - SENSORY_REST - t / SENSORY_STIFFNESS;
        let g = t - POLAR_STIFFNESS * (polar - POLAR_REST) - fibre.force * activation;
        let reach = (polar - ZERO_EFFECT_LENGTH).max(SHORTEST_REACH);
        let c = if g >= 0.0 { 1.0 } else { SHORTENING };
        let (relative, exponent) = match law {
            VelocityLaw::Published => (1.0, 0.3),
            VelocityLaw::Human => (math::exp(-0.2 * math::ln(0.15)), 0.5),
        };
        let x = g.abs() / (c * relative * (fibre.beta0 + fibre.beta_active * activation) * reach);
        let w = if x > 0.0 { math::exp(math::ln(x) / exponent).copysign(g) } else { 0.0 };
        t - before - h * SENSORY_STIFFNESS * (velocity - w)
    }

    fn laws_and_fibres() -> impl Iterator<Item = (VelocityLaw, Intrafusal)> {
        [VelocityLaw::Published, VelocityLaw::Human].into_iter().flat_map(|law| [BAG1, BAG2, CHAIN].map(|f| (law, f)))
    }

    #[test]
    fn the_step_solves_the_published_equation() {
        for (law, fibre) in laws_and_fibres() {
            for length in [0.3, 0.45, 0.52, 0.8, 1.0, 1.3, 2.0] {
                for velocity in [-80.0, -3.0, -0.1, -1e-4, 0.0, 1e-6, 0.02, 0.11, 1.0, 10.0, 80.0] {
                    for activation in [0.0, 0.3, 0.9] {
                        for before in [-0.1, 0.0, 0.03, 0.4] {
                            let t = fibre.tension_after(law, activation, before, length, velocity, 1e-3);
                            // The residual is monotone in t: it changes sign within the tolerance.
                            let at = |t: f64| residual(law, &fibre, activation, before, (length, velocity), 1e-3, t);
                            assert!(
                                at(t - 1e-8) < 0.0 && at(t + 1e-8) > 0.0,
                                "{law:?}, length {length}, velocity {velocity}, activation {activation}, from {before}: {t}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_held_fibre_keeps_its_static_tension_to_the_bit() {
        for (law, fibre) in laws_and_fibres() {
            let t = fibre.static_tension(0.2, 1.03);
            assert_eq!(fibre.tension_after(law, 0.2, t, 1.03, 0.0, 1e-3), t);
        }
    }
}
