//! A hinge joint: inertia, gravity, passive elasticity and viscosity.
//!
//! I q'' = tau_muscle - m g d sin(q - q_hang) - k (q - q_rest) - b q' - friction sgn(q') + tau_limits(q) + tau_ext
//!
//! The limits are exponentials that only act near the ends of range (form and steepness of Anderson & Pandy 1999 for the
//! knee: 11.3 1/rad into flexion, 33.9 1/rad into extension), continued as straight lines beyond 0.2 rad so that they stay finite.
//! Stepped at 0.5 ms semi-implicitly: damping and the slope of the limits enter at the end of the step, dry friction as a bound on
//! the velocity it can stop, so that none of them can give energy to the limb.

use serde::{Deserialize, Serialize};

use super::thixotropy::{Thixotropy, ThixotropyParameters};
use crate::math;

/// What a hinge joint with its distal segment is. Angle positive in flexion, rad.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HingeParameters {
    /// Moment of inertia of the moving segment about the joint, kg m2.
    pub inertia_kg_m2: f64,
    /// Gravity torque at horizontal segment, N m.
    pub gravity_n_m: f64,
    /// Joint angle at which the segment hangs vertically, rad.
    pub hanging_angle_rad: f64,
    /// Linear passive stiffness, N m/rad.
    pub stiffness_n_m_rad: f64,
    /// Angle of zero passive elastic torque, rad.
    pub rest_angle_rad: f64,
    /// Viscous damping, N m s/rad.
    pub damping_n_m_s_rad: f64,
    /// Dry (history-dependent) friction, N m.
    pub friction_n_m: f64,
    /// Range of motion: extension limit, rad.
    pub min_angle_rad: f64,
    /// Range of motion: flexion limit, rad.
    pub max_angle_rad: f64,
    /// How rest stiffens it.
    #[serde(default)]
    pub thixotropy: ThixotropyParameters,
}

/// Step of the joint, s.
pub const STEP_S: f64 = 5e-4;
/// Steepness of the flexion limit, 1/rad (Anderson & Pandy 1999, knee).
const FLEXION_STEEPNESS: f64 = 11.33;
/// Steepness of the extension limit, 1/rad (Anderson & Pandy 1999, knee).
const EXTENSION_STEEPNESS: f64 = 33.94;
/// Torque of the flexion limit at the end of range per unit of inertia, 1/s2 (Anderson & Pandy 1999: 11.03 N m over 0.40 kg m2).
const FLEXION_TORQUE_PER_INERTIA: f64 = 27.6;
/// The same at the extension limit (6.09 N m over 0.40 kg m2).
const EXTENSION_TORQUE_PER_INERTIA: f64 = 15.2;
/// Added limit torque per unit of passive stiffness, rad; assumed: light segments on stiff joints (fingers) have firm ends too.
const LIMIT_STIFFNESS_RAD: f64 = 0.5;
/// Angle beyond the end of range where the exponential goes on as a line, rad.
const LINEAR_BEYOND_RAD: f64 = 0.2;
/// Speed below which dry friction in an imposed movement is taken in proportion, rad/s; assumed small against any examination.
const STICK_RAD_S: f64 = 0.02;

/// Elastic torque and its slope.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Elastic {
    /// Torque, flexion positive, N m.
    pub torque_n_m: f64,
    /// -d(torque)/d(angle) of the limits, N m/rad.
    pub slope_n_m_rad: f64,
}

/// exp(k x) with a linear continuation beyond [`LINEAR_BEYOND_RAD`], and its slope.
fn limit(steepness: f64, beyond_rad: f64) -> (f64, f64) {
    let x = beyond_rad.min(LINEAR_BEYOND_RAD);
    let value = math::exp(steepness * x);
    let slope = steepness * value;
    (value + slope * (beyond_rad - x), slope)
}

impl HingeParameters {
    /// Gravity torque at an angle, N m.
    pub fn gravity_torque_n_m(&self, angle_rad: f64) -> f64 {
        -self.gravity_n_m * math::sin(angle_rad - self.hanging_angle_rad)
    }

    /// Elastic torque of the joint: linear stiffness and limits.
    pub fn elastic(&self, angle_rad: f64) -> Elastic {
        let common = LIMIT_STIFFNESS_RAD * self.stiffness_n_m_rad;
        let flexion = FLEXION_TORQUE_PER_INERTIA * self.inertia_kg_m2 + common;
        let extension = EXTENSION_TORQUE_PER_INERTIA * self.inertia_kg_m2 + common;
        let (f, df) = limit(FLEXION_STEEPNESS, angle_rad - self.max_angle_rad);
        let (e, de) = limit(EXTENSION_STEEPNESS, self.min_angle_rad - angle_rad);
        Elastic {
            torque_n_m: -self.stiffness_n_m_rad * (angle_rad - self.rest_angle_rad) - flexion * f + extension * e,
            slope_n_m_rad: flexion * df + extension * de,
        }
    }

    /// Passive torque of an imposed movement: elastic, viscous and dry, N m (without gravity and inertia), of a joint that
    /// movement has loosened ([`super::thixotropy`]).
    pub fn imposed_torque_n_m(&self, angle_rad: f64, velocity_rad_s: f64) -> f64 {
        self.resistance_n_m(angle_rad, velocity_rad_s, 1.0)
    }

    fn resistance_n_m(&self, angle_rad: f64, velocity_rad_s: f64, bonds: f64) -> f64 {
        let dry = self.friction_n_m * bonds * (velocity_rad_s / STICK_RAD_S).clamp(-1.0, 1.0);
        self.elastic(angle_rad).torque_n_m - self.damping_n_m_s_rad * bonds * velocity_rad_s - dry
    }
}

/// Where a joint is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hinge {
    /// Angle, rad.
    pub angle_rad: f64,
    /// Velocity, rad/s.
    pub velocity_rad_s: f64,
    /// Bonds that rest has formed.
    #[serde(default)]
    pub bonds: Thixotropy,
}

impl Hinge {
    /// At rest at an angle, and long so.
    pub fn new(angle_rad: f64) -> Self {
        Self { angle_rad, velocity_rad_s: 0.0, bonds: Thixotropy::default() }
    }

    /// Moved by force to an angle at a velocity in a step of [`STEP_S`]. Returns the passive torque (elastic, viscous, dry), N m.
    pub fn impose(&mut self, p: &HingeParameters, angle_rad: f64, velocity_rad_s: f64) -> f64 {
        let torque = p.resistance_n_m(angle_rad, velocity_rad_s, self.bonds.factor(&p.thixotropy));
        self.bonds.step(&p.thixotropy, velocity_rad_s, STEP_S);
        (self.angle_rad, self.velocity_rad_s) = (angle_rad, velocity_rad_s);
        torque
    }

    /// One step of [`STEP_S`] under `torque_n_m` (muscles at the present velocity, and external) whose velocity slope is
    /// `damping_n_m_s_rad`. Returns the mean passive torque of the step (elastic, viscous, dry), N m.
    pub fn step(&mut self, p: &HingeParameters, torque_n_m: f64, damping_n_m_s_rad: f64) -> f64 {
        let elastic = p.elastic(self.angle_rad);
        let driving = torque_n_m + elastic.torque_n_m + p.gravity_torque_n_m(self.angle_rad);
        let inertia = p.inertia_kg_m2.max(1e-7);
        let bonds = self.bonds.factor(&p.thixotropy);
        let (viscosity, friction) = (p.damping_n_m_s_rad * bonds, p.friction_n_m * bonds);
        let implicit = STEP_S * (viscosity + STEP_S * elastic.slope_n_m_rad) / inertia;
        let muscle = STEP_S * damping_n_m_s_rad / inertia;
        let before = self.velocity_rad_s;
        let free = (before * (1.0 + muscle) + STEP_S * driving / inertia) / (1.0 + implicit + muscle);
        let stop = STEP_S * friction / inertia / (1.0 + implicit + muscle);
        let velocity = if free.abs() <= stop { 0.0 } else { free - stop * free.signum() };
        let dry = (velocity - free) * inertia * (1.0 + implicit + muscle) / STEP_S;
        self.velocity_rad_s = velocity;
        self.angle_rad += STEP_S * velocity;
        self.bonds.step(&p.thixotropy, velocity, STEP_S);
        elastic.torque_n_m - viscosity * velocity + dry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knee() -> HingeParameters {
        HingeParameters {
            inertia_kg_m2: 0.40,
            gravity_n_m: 11.0,
            hanging_angle_rad: std::f64::consts::FRAC_PI_2,
            stiffness_n_m_rad: 0.0,
            rest_angle_rad: 1.4,
            damping_n_m_s_rad: 0.15,
            friction_n_m: 0.0,
            min_angle_rad: -0.13,
            max_angle_rad: 2.4,
            thixotropy: ThixotropyParameters { gain: 0.0, ..ThixotropyParameters::default() },
        }
    }

    fn energy(p: &HingeParameters, h: &Hinge) -> f64 {
        // Linear spring, gravity and kinetic; the limits by quadrature.
        let spring = 0.5 * p.stiffness_n_m_rad * (h.angle_rad - p.rest_angle_rad).powi(2);
        let n = 2000;
        let step = (h.angle_rad - p.hanging_angle_rad) / f64::from(n);
        let limits: f64 = (0..n)
            .map(|i| {
                let q = p.hanging_angle_rad + step * (f64::from(i) + 0.5);
                -(p.elastic(q).torque_n_m + p.stiffness_n_m_rad * (q - p.rest_angle_rad)) * step
            })
            .sum();
        0.5 * p.inertia_kg_m2 * h.velocity_rad_s * h.velocity_rad_s + spring + limits
            - p.gravity_n_m * (h.angle_rad - p.hanging_angle_rad).cos()
    }

    #[test]
    fn pendulum_with_constant_damping_swings_as_published_equations_do() {
        // First peak, its time and the peak velocity for b = 0.15 and 0.5, computed from the same equations elsewhere.
        for (b, peak_deg, time_s, speed_deg_s) in [(0.15, 145.0, 0.54, 400.0), (0.5, 139.0, 0.61, 351.0)] {
            let p = HingeParameters { damping_n_m_s_rad: b, ..knee() };
            let mut h = Hinge::new(0.0);
            let (mut top, mut at, mut speed) = (0.0, 0, 0.0_f64);
            for i in 0..2000 {
                h.step(&p, 0.0, 0.0);
                speed = speed.max(h.velocity_rad_s);
                if h.angle_rad > top {
                    (top, at) = (h.angle_rad, i);
                }
            }
            assert!((top.to_degrees() - peak_deg).abs() < 1.5, "{}", top.to_degrees());
            assert!((f64::from(at) * STEP_S - time_s).abs() < 0.02, "{at}");
            assert!((speed.to_degrees() - speed_deg_s).abs() < 8.0, "{}", speed.to_degrees());
        }
    }

    #[test]
    fn a_passive_joint_never_gains_energy() {
        for friction in [0.0, 0.3] {
            for stiffness in [0.0, 2.0] {
                let p = HingeParameters {
                    damping_n_m_s_rad: 0.05,
                    friction_n_m: friction,
                    stiffness_n_m_rad: stiffness,
                    ..knee()
                };
                let mut h = Hinge::new(-0.1);
                let start = energy(&p, &h);
                let mut last = start;
                for i in 0..20_000 {
                    h.step(&p, 0.0, 0.0);
                    if i % 50 == 0 {
                        let now = energy(&p, &h);
                        // Semi-implicit steps let the energy ripple within a cycle by step times frequency.
                        assert!(now <= last + 2e-3 * start.abs().max(11.0), "{now} after {last}");
                        last = last.min(now);
                    }
                }
                assert!(energy(&p, &h) < start - 1.0);
            }
        }
    }

    #[test]
    fn dry_friction_holds_a_limb_off_its_rest() {
        let p = HingeParameters { friction_n_m: 0.3, ..knee() };
        let held = std::f64::consts::FRAC_PI_2 + 0.3 / 11.0 * 0.9;
        let mut h = Hinge::new(held);
        for _ in 0..2000 {
            h.step(&p, 0.0, 0.0);
        }
        assert_eq!(h.velocity_rad_s, 0.0);
        // Before the first step nothing has moved it: the limits' tail torque is far smaller than the friction.
        assert!((h.angle_rad - held).abs() < 1e-9);
    }

    #[test]
    fn stays_finite_when_thrown_at_its_limits() {
        let finger = HingeParameters {
            inertia_kg_m2: 8e-5,
            gravity_n_m: 0.02,
            stiffness_n_m_rad: 0.3,
            damping_n_m_s_rad: 0.006,
            ..knee()
        };
        for p in [knee(), finger] {
            for torque in [-300.0, 300.0] {
                let mut h = Hinge::new(1.0);
                for i in 0..4000 {
                    h.step(&p, if i % 800 < 400 { torque } else { -torque }, 0.0);
                    assert!(h.angle_rad.is_finite() && h.velocity_rad_s.is_finite());
                }
            }
        }
    }

    #[test]
    fn a_rested_joint_resists_more_than_one_just_moved() {
        let thixotropy = ThixotropyParameters { gain: 0.6, ..ThixotropyParameters::default() };
        let p = HingeParameters { friction_n_m: 0.2, thixotropy, ..knee() };
        // Swings of 0.3 rad at 1 Hz: torque of the first quarter against that of a later one.
        let mut h = Hinge::new(1.2);
        let mut resistance = Vec::new();
        for i in 0..8000 {
            let t = f64::from(i) * STEP_S * std::f64::consts::TAU;
            let (angle, velocity) = (1.2 + 0.3 * t.sin(), 0.3 * std::f64::consts::TAU * t.cos());
            resistance.push(p.elastic(angle).torque_n_m - h.impose(&p, angle, velocity));
        }
        let ratio = resistance[10] / resistance[6010];
        assert!((1.3..2.0).contains(&ratio), "{ratio}");
        // Neutral without gain, to the bit.
        let plain = HingeParameters { friction_n_m: 0.2, ..knee() };
        let mut neutral = Hinge::new(1.2);
        let torque = neutral.impose(&plain, 1.25, 0.7);
        assert_eq!(torque.to_bits(), plain.imposed_torque_n_m(1.25, 0.7).to_bits());
    }

    #[test]
    fn resting_torque_of_an_imposed_movement_opposes_it() {
        let p = HingeParameters { friction_n_m: 0.2, ..knee() };
        let still = p.imposed_torque_n_m(1.2, 0.0);
        assert!(p.imposed_torque_n_m(1.2, 1.0) < still && p.imposed_torque_n_m(1.2, -1.0) > still);
    }
}
