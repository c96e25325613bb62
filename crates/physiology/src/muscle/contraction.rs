//! Hill-type contraction of a muscle group acting on a joint (curves of De Groote et al. 2016).
//!
//! F = F0 [a fL(l) fV(v) + s] cos(alpha),  l in optimal fibre lengths, v in 10 optimal lengths/s, constant fibre-sheet width.
//! The tendon is rigid: a relaxed or moderately active muscle on a tendon about as long as its fibres; [`super::tendon`] has the
//! elastic one, on which the calf of a limb pulls. `a` is the force of the motor units as a fraction of maximum (their twitches are the
//! activation dynamics).
//!
//! **Short-range stiffness** s: the cross-bridges attached in a relaxed muscle (share `a0`, the base tone) are stretched as
//! a spring of `k a0 fL` per optimal length up to 0.0057 optimal lengths, then yield ([`super::short_range`]): a friction that
//! holds a resting limb and takes energy from each swing.
//!
//! Passive elasticity: [`passive_curve`] is given for completeness; [`ContractionModel`] leaves it out, because the passive
//! stiffness of a joint is measured with its muscles in place and belongs to the hinge.

use serde::{Deserialize, Serialize};

use super::short_range::ShortRangeParameters;
use crate::math;

/// What a muscle group is mechanically.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContractionParameters {
    /// Maximal isometric force at optimal length, N.
    pub max_force_n: f64,
    /// Optimal fibre length, m.
    pub optimal_length_m: f64,
    /// Moment arm about the joint, m (positive number; the group's direction gives the sign).
    pub moment_arm_m: f64,
    /// Pennation at optimal length, rad.
    pub pennation_rad: f64,
    /// Joint angle at which the fibres are at optimal length, rad.
    pub optimal_angle_rad: f64,
    /// Attached cross-bridges of the relaxed muscle (base tone a0), fraction of maximum.
    pub base_tone: f64,
    /// Length of the unloaded tendon, optimal fibre lengths; 0: rigid. Only [`super::tendon`] stretches it.
    #[serde(default)]
    pub tendon_slack_l0: f64,
    /// How attached cross-bridges resist stretch.
    #[serde(default)]
    pub short_range: ShortRangeParameters,
}

/// Which way a muscle group turns its joint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Towards larger angles.
    Flexion,
    /// Towards smaller angles.
    Extension,
}

impl Direction {
    /// Sign of the torque, +1 or -1.
    pub fn sign(self) -> f64 {
        match self {
            Self::Flexion => 1.0,
            Self::Extension => -1.0,
        }
    }
}

/// Rows (b1, b2, b3, b4) of the active force-length curve (De Groote et al. 2016, corrected values of the authors).
const FORCE_LENGTH: [[f64; 4]; 3] = [
    [0.815_067_113_424_354_2, 1.055_033_428_970_575, 0.162_384_573_599_574, 0.063_303_448_465_465],
    [0.433_004_984_392_647, 0.716_775_413_397_760, -0.029_947_116_970_696, 0.200_356_847_296_188],
    [0.1, 1.0, 0.353_553_390_593_274, 0.0],
];
/// Coefficients d1..d4 of the force-velocity curve (De Groote et al. 2016, corrected values of the authors).
const FORCE_VELOCITY: [f64; 4] = [-0.321_134_612_798_980_8, -8.149, -0.374, 0.882_532_773_324_991_2];
/// Exponent of the passive curve (De Groote et al. 2016).
const PASSIVE_EXPONENT: f64 = 4.0;
/// Passive strain at maximal force (De Groote et al. 2016).
const PASSIVE_STRAIN: f64 = 0.6;
/// Maximal shortening velocity, optimal lengths/s (De Groote et al. 2016).
pub const MAX_VELOCITY_L0_S: f64 = 10.0;
/// Eccentric plateau, fraction of isometric force; assumed: human eccentric torque levels off at 1.3-1.5.
pub const ECCENTRIC_LIMIT: f64 = 1.45;
/// Fibre lengths within which the curves are used.
const LENGTH_RANGE: (f64, f64) = (0.3, 2.5);

/// Active force-length curve fL(l).
pub fn force_length_curve(l: f64) -> f64 {
    FORCE_LENGTH
        .iter()
        .map(|[b1, b2, b3, b4]| {
            let width = b3 + b4 * l;
            let x = (l - b2) / width;
            b1 * math::exp(-0.5 * x * x)
        })
        .sum()
}

/// Force-velocity curve fV(v), v in maximal velocities, lengthening positive; 1 at rest.
pub fn force_velocity_curve(v: f64) -> f64 {
    let [d1, d2, d3, d4] = FORCE_VELOCITY;
    let x = d2 * v + d3;
    d1 * math::ln(x + math::sqrt(x * x + 1.0)) + d4
}

/// Slope dfV/dv.
pub fn force_velocity_slope(v: f64) -> f64 {
    let [d1, d2, d3, _] = FORCE_VELOCITY;
    let x = d2 * v + d3;
    d1 * d2 / math::sqrt(x * x + 1.0)
}

/// Passive force-length curve fP(l).
pub fn passive_curve(l: f64) -> f64 {
    let at = |x: f64| math::exp(PASSIVE_EXPONENT * (x - 1.0) / PASSIVE_STRAIN);
    (at(l) - at(0.2)) / (math::exp(PASSIVE_EXPONENT) - at(0.2))
}

/// Fibre length and its lever on the joint at one angle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fibre {
    /// Length, optimal lengths.
    pub length_l0: f64,
    /// Velocity, optimal lengths/s, lengthening positive.
    pub velocity_l0_s: f64,
    /// Cosine of the pennation angle.
    pub cos_pennation: f64,
}

/// A muscle group across a hinge, with a rigid tendon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContractionModel {
    parameters: ContractionParameters,
    direction: Direction,
    width_l0: f64,
    along_l0: f64,
}

/// Torque about the joint and how it falls with joint velocity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MuscleTorque {
    /// Signed torque, flexion positive, N m.
    pub torque_n_m: f64,
    /// -d(torque)/d(velocity), N m s/rad, never negative: lets the joint step implicitly.
    pub damping_n_m_s_rad: f64,
    /// Active force along the tendon, N (what a tendon organ feels).
    pub active_force_n: f64,
}

impl ContractionModel {
    /// The group of these parameters, acting in `direction`.
    pub fn new(parameters: &ContractionParameters, direction: Direction) -> Self {
        let alpha = parameters.pennation_rad;
        Self { parameters: parameters.clone(), direction, width_l0: math::sin(alpha), along_l0: math::cos(alpha) }
    }

    /// The parameters it was built from.
    pub fn parameters(&self) -> &ContractionParameters {
        &self.parameters
    }

    /// Fibre at a joint angle and velocity.
    pub fn fibre(&self, angle_rad: f64, velocity_rad_s: f64) -> Fibre {
        let p = &self.parameters;
        let per_rad = -self.direction.sign() * p.moment_arm_m / p.optimal_length_m;
        let along = (self.along_l0 + per_rad * (angle_rad - p.optimal_angle_rad)).max(0.05);
        let length = math::sqrt(along * along + self.width_l0 * self.width_l0);
        let cos_pennation = along / length;
        Fibre { length_l0: length, velocity_l0_s: per_rad * velocity_rad_s * cos_pennation, cos_pennation }
    }

    /// Torque at `activation` (force of the motor units, fraction of maximum) and short-range tension `attached`
    /// ([`super::short_range`]).
    pub fn torque(&self, fibre: &Fibre, activation: f64, attached: f64) -> MuscleTorque {
        let p = &self.parameters;
        let l = fibre.length_l0.clamp(LENGTH_RANGE.0, LENGTH_RANGE.1);
        let v = (fibre.velocity_l0_s / MAX_VELOCITY_L0_S).clamp(-1.0, 1.0);
        let reach = force_length_curve(l);
        let raw = force_velocity_curve(v);
        let scale = p.max_force_n * activation.max(0.0) * reach * fibre.cos_pennation;
        let active = scale * raw.clamp(0.0, ECCENTRIC_LIMIT);
        let slope = if raw > 0.0 && raw < ECCENTRIC_LIMIT { force_velocity_slope(v) } else { 0.0 };
        // d(force)/d(joint velocity) = scale * slope * cos * r / (l0 vmax).
        let per_velocity = fibre.cos_pennation * p.moment_arm_m / (p.optimal_length_m * MAX_VELOCITY_L0_S);
        let tone = p.max_force_n * attached * reach * fibre.cos_pennation;
        MuscleTorque {
            torque_n_m: self.direction.sign() * p.moment_arm_m * (active + tone),
            damping_n_m_s_rad: p.moment_arm_m * scale * slope * per_velocity,
            active_force_n: active,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elbow() -> ContractionParameters {
        ContractionParameters {
            max_force_n: 2000.0,
            optimal_length_m: 0.12,
            moment_arm_m: 0.035,
            pennation_rad: 0.1,
            optimal_angle_rad: 1.4,
            base_tone: 0.002,
            tendon_slack_l0: 0.0,
            short_range: ShortRangeParameters::default(),
        }
    }

    #[test]
    fn curves_pass_their_published_values() {
        let fl = [(0.5, 0.054), (0.6, 0.302), (0.75, 0.778), (1.0, 1.0), (1.25, 0.690), (1.4, 0.380), (1.6, 0.124)];
        for (l, f) in fl {
            assert!((force_length_curve(l) - f).abs() < 1e-3, "fL({l}) = {}", force_length_curve(l));
        }
        let fv = [(-1.0, 0.0), (-0.5, 0.234), (-0.25, 0.471), (0.0, 1.0), (0.1, 1.207), (0.25, 1.401), (0.5, 1.588)];
        for (v, f) in fv {
            assert!((force_velocity_curve(v) - f).abs() < 1e-3, "fV({v}) = {}", force_velocity_curve(v));
        }
        for (l, f) in [(1.0, 0.018), (1.2, 0.069), (1.4, 0.264), (1.6, 1.0)] {
            assert!((passive_curve(l) - f).abs() < 1e-3, "fP({l}) = {}", passive_curve(l));
        }
    }

    #[test]
    fn slope_is_the_derivative() {
        for v in [-0.8, -0.2, 0.0, 0.2] {
            let numeric = (force_velocity_curve(v + 1e-6) - force_velocity_curve(v - 1e-6)) / 2e-6;
            assert!((numeric / force_velocity_slope(v) - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn flexion_and_extension_are_mirror_images() {
        let p = elbow();
        let (f, e) = (ContractionModel::new(&p, Direction::Flexion), ContractionModel::new(&p, Direction::Extension));
        for i in -20..20 {
            let (d, w) = (f64::from(i) * 0.05, f64::from(i) * 0.4);
            let (a, b) = (f.fibre(p.optimal_angle_rad + d, w), e.fibre(p.optimal_angle_rad - d, -w));
            assert!((a.length_l0 - b.length_l0).abs() < 1e-12);
            let (ta, tb) = (f.torque(&a, 0.4, 0.0), e.torque(&b, 0.4, 0.0));
            assert!((ta.torque_n_m + tb.torque_n_m).abs() < 1e-9);
            assert!(ta.active_force_n >= 0.0 && ta.torque_n_m >= 0.0 && ta.damping_n_m_s_rad >= 0.0);
        }
    }

    #[test]
    fn isometric_torque_is_force_times_arm() {
        let p = elbow();
        let model = ContractionModel::new(&p, Direction::Flexion);
        let t = model.torque(&model.fibre(p.optimal_angle_rad, 0.0), 1.0, 0.0);
        let expected = 2000.0 * 0.035 * 0.1_f64.cos();
        assert!((t.torque_n_m / expected - 1.0).abs() < 1e-3, "{}", t.torque_n_m);
    }
}
