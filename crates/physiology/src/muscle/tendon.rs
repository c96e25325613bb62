//! A muscle on an elastic tendon (De Groote, Kinney, Rao & Fregly 2016, Ann Biomed Eng 44:2922).
//!
//! ```text
//! [a fL(l) fV(v) + s + beta v] cos(alpha) = fT(lT),    lMT(q) = lT + l cos(alpha),    l sin(alpha) = sin(alpha0)
//! fT(x) = c1 exp(kT (x - 1)) - c3,    x = lT / slack,    kT = ln((1 + c3)/c1) / epsT
//! ```
//! | symbol | meaning | unit | default |
//! |---|---|---|---|
//! | l, lT, lMT | fibre, tendon, whole | l0 | lT unloaded: [`ContractionParameters::tendon_slack_l0`] |
//! | v | fibre velocity, lengthening positive | 10 l0/s | |
//! | c1 = c3 | shape of the toe | - | 0.2 |
//! | epsT | strain of the tendon at maximal force | - | 0.049 |
//! | beta | fibre viscosity | - | 0.03 |
//!
//! Fibres are at optimal length at the joint's optimal angle in a maximal isometric contraction, as a dynamometer finds it. One
//! implicit step of fibre length a call, by Newton's method held in a bracket: stable at any step, the fibre's force is taken at the
//! end of the step; steps longer than [`LONGEST_STEP_S`] are divided. Fibres are held within 0.3 to 2 optimal lengths. As in
//! [`super::contraction`], passive elasticity belongs to the hinge: relaxed fibres take what length the unloaded tendon leaves.
//!
//! **In a limb** ([`TendonModel::in_joint`]) the same spring lies in series with the fibres, but fL is taken at the length that the
//! joint alone would give them. Maximal force and optimal angle of a group are fitted to torques measured across the joint, and those
//! contain the tendon's stretch already; so a steady torque is that of the rigid tendon (but for the fibres' angle, which steepens as
//! they shorten: 10 % less in a maximal effort of the calf) and relaxed fibres are as long as on the rigid one. The tendon shows in what
//! is quick: fibres shorten as an isometric force rises and lengthen as it falls, and in movement the damping of the fibres lies in
//! series with the spring. The cross-bridges of the base tone are strained with the fibres.
//!
//! ```
//! use tonus_physiology::muscle::contraction::{ContractionParameters, Direction};
//! use tonus_physiology::muscle::short_range::ShortRangeParameters;
//! use tonus_physiology::muscle::tendon::{MuscleTendon, TendonModel};
//!
//! let soleus = ContractionParameters {
//!     max_force_n: 1630.0,
//!     optimal_length_m: 0.044,
//!     moment_arm_m: 0.041,
//!     pennation_rad: 0.381,
//!     optimal_angle_rad: 0.17,
//!     base_tone: 0.001,
//!     tendon_slack_l0: 6.29,
//!     short_range: ShortRangeParameters::default(),
//! };
//! let model = TendonModel::new(&soleus, Direction::Extension)?;
//! let mut muscle = MuscleTendon::new(&model, 0.0, 0.17);
//! let mut torque = 0.0;
//! for _ in 0..500 {
//!     torque = muscle.step(&model, 1.0, 0.0, 0.17, 1e-3)?.torque.torque_n_m;
//! }
//! assert!((torque + 1630.0 * 0.041 * 0.381_f64.cos()).abs() < 0.5);
//! # Ok::<(), tonus_physiology::muscle::tendon::TendonError>(())
//! ```

use serde::{Deserialize, Serialize};

use self::pull::Pull;
use super::contraction::{ContractionParameters, Direction, Fibre, MuscleTorque, force_length_curve};
use super::short_range::{Attached, ShortRange};
use crate::math;

mod pull;

/// Shape of the toe of the tendon curve, c1 = c3 (De Groote et al. 2016, corrected values of the authors).
const TOE: f64 = 0.2;
/// Strain of the tendon at maximal isometric force (De Groote et al. 2016).
pub const STRAIN_AT_MAXIMUM: f64 = 0.049;
/// Fibre viscosity, maximal forces per maximal velocity; assumed 0.03 within the usual 0.01-0.1, so that relaxed fibres have a speed.
const VISCOSITY: f64 = 0.03;
/// Least length of the fibres along the tendon for their force-length factor in a joint, l0; as in [`super::contraction`].
const SHORTEST_ALONG_L0: f64 = 0.05;
/// Fibre lengths held, optimal lengths.
const LENGTHS_L0: (f64, f64) = (0.3, 2.0);
/// Step beyond which a step is divided, s.
pub const LONGEST_STEP_S: f64 = 2e-3;
/// Most parts a step is divided into: a step of more than 2 s is a mistake.
const MOST_PARTS: f64 = 1000.0;
/// Iterations of the bracketed Newton method; bisection alone reaches 1e-15 of the bracket in 50.
const ITERATIONS: usize = 60;

/// What cannot be stepped.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum TendonError {
    /// The tendon has no length.
    #[error(
        "tendon_slack_l0 = {0}: an elastic tendon needs a length above 0 optimal fibre lengths; 0 is a rigid tendon"
    )]
    Rigid(f64),
    /// A step that is no step.
    #[error("step_s = {0}: must lie in 0..2 s, without 0")]
    Step(f64),
    /// Activation or angle that is no number.
    #[error("{name} = {value}: must be a finite number")]
    NotFinite {
        /// Argument.
        name: &'static str,
        /// Its value.
        value: f64,
    },
}

/// Tension of the tendon at `stretch` (length over slack length), maximal forces; none below slack.
pub fn tendon_curve(stretch: f64) -> f64 {
    (TOE * math::exp(steepness() * (stretch - 1.0)) - TOE).max(0.0)
}

fn steepness() -> f64 {
    math::ln((1.0 + TOE) / TOE) / STRAIN_AT_MAXIMUM
}

/// Stretch of the tendon at a tension, the inverse of [`tendon_curve`].
pub fn tendon_stretch(tension: f64) -> f64 {
    1.0 + math::ln(tension.max(0.0) / TOE + 1.0) / steepness()
}

/// A muscle group on an elastic tendon across a hinge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TendonModel {
    parameters: ContractionParameters,
    direction: Direction,
    width_l0: f64,
    /// Whole length at the optimal angle, l0.
    optimal_path_l0: f64,
    steepness: f64,
    /// Whether the force-length factor is that of the joint.
    in_joint: bool,
}

/// A muscle group on its tendon, now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MuscleTendon {
    length_l0: f64,
    angle_rad: f64,
}

/// What a muscle on its tendon did in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TendonOutput {
    /// Torque about the joint; its damping is what the tendon's spring and the fibres resist over the step.
    pub torque: MuscleTorque,
    /// Fibre length, optimal lengths.
    pub fibre_length_l0: f64,
    /// Fibre velocity, optimal lengths/s, lengthening positive.
    pub fibre_velocity_l0_s: f64,
    /// Elongation of the tendon beyond its slack length, m.
    pub tendon_elongation_m: f64,
}

impl TendonModel {
    /// The group of these parameters, acting in `direction`.
    ///
    /// # Errors
    /// A tendon without length.
    pub fn new(parameters: &ContractionParameters, direction: Direction) -> Result<Self, TendonError> {
        let slack = parameters.tendon_slack_l0;
        if !(slack.is_finite() && slack > 0.0) {
            return Err(TendonError::Rigid(slack));
        }
        let along = math::cos(parameters.pennation_rad);
        Ok(Self {
            direction,
            width_l0: math::sin(parameters.pennation_rad),
            optimal_path_l0: slack * tendon_stretch(along) + along,
            steepness: steepness(),
            parameters: parameters.clone(),
            in_joint: false,
        })
    }

    /// The same in a limb: steady torques and relaxed fibres as on a rigid tendon (see above).
    ///
    /// # Errors
    /// A tendon without length.
    pub fn in_joint(parameters: &ContractionParameters, direction: Direction) -> Result<Self, TendonError> {
        let optimal_path_l0 = parameters.tendon_slack_l0 + math::cos(parameters.pennation_rad);
        Ok(Self { optimal_path_l0, in_joint: true, ..Self::new(parameters, direction)? })
    }

    /// Active force-length factor where the joint gives it.
    fn reach_of_joint(&self, path_l0: f64) -> Option<f64> {
        self.in_joint.then(|| {
            let along = (path_l0 - self.parameters.tendon_slack_l0).max(SHORTEST_ALONG_L0);
            force_length_curve(math::sqrt(along * along + self.width_l0 * self.width_l0))
        })
    }

    /// The parameters it was built from.
    pub fn parameters(&self) -> &ContractionParameters {
        &self.parameters
    }

    /// Length of muscle and tendon at a joint angle, optimal fibre lengths.
    pub fn path_l0(&self, angle_rad: f64) -> f64 {
        self.optimal_path_l0 + self.per_rad() * (angle_rad - self.parameters.optimal_angle_rad)
    }

    fn per_rad(&self) -> f64 {
        -self.direction.sign() * self.parameters.moment_arm_m / self.parameters.optimal_length_m
    }

    /// Length of the fibres along the tendon and the cosine of their angle.
    fn along(&self, length_l0: f64) -> (f64, f64) {
        let along = math::sqrt((length_l0 * length_l0 - self.width_l0 * self.width_l0).max(2.5e-3));
        (along, (along / length_l0).min(1.0))
    }

    /// Tension of the tendon and its slope over tendon length, for fibres of this length.
    fn tendon(&self, path_l0: f64, along_l0: f64) -> (f64, f64) {
        let slack = self.parameters.tendon_slack_l0;
        // Far beyond any tension a step passes through, the curve goes on as a line.
        let stretch = ((path_l0 - along_l0) / slack).min(1.0 + 3.0 * STRAIN_AT_MAXIMUM);
        let e = TOE * math::exp(self.steepness * (stretch - 1.0));
        let beyond = (path_l0 - along_l0) / slack - stretch;
        if e <= TOE { (0.0, 0.0) } else { (e - TOE + self.steepness * e * beyond, self.steepness * e / slack) }
    }

    /// Fibre length at the end of the step of a pull.
    fn solve(&self, pull: &Pull<impl Fn(f64) -> (f64, f64)>, path_l0: f64) -> f64 {
        let excess = |l: f64| {
            let (along, cos) = self.along(l);
            let force = pull.force(l);
            let (tension, stiffness) = self.tendon(path_l0, along);
            (force.total * cos - tension, force.slope * cos + stiffness / cos.max(0.05))
        };
        let (mut low, mut high) = (LENGTHS_L0.0.max(self.width_l0 * 1.05), LENGTHS_L0.1);
        if excess(low).0 >= 0.0 {
            return low;
        }
        if excess(high).0 <= 0.0 {
            return high;
        }
        let mut l = pull.before_l0.clamp(low, high);
        for _ in 0..ITERATIONS {
            let (f, slope) = excess(l);
            if f > 0.0 {
                high = l;
            } else {
                low = l;
            }
            let newton = l - f / slope;
            let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            if (next - l).abs() < 1e-12 {
                return next;
            }
            l = next;
        }
        l
    }
}

impl MuscleTendon {
    /// In equilibrium at an activation and angle.
    pub fn new(model: &TendonModel, activation: f64, angle_rad: f64) -> Self {
        let (activation, angle_rad) = (if activation.is_finite() { activation.max(0.0) } else { 0.0 }, angle_rad);
        let path = model.path_l0(angle_rad);
        let mut length_l0 = (path - model.parameters.tendon_slack_l0).clamp(LENGTHS_L0.0, LENGTHS_L0.1);
        // Long implicit steps: viscosity fades, the balance remains.
        let (attached, reach) = (|_: f64| (0.0, 0.0), model.reach_of_joint(path));
        for _ in 0..200 {
            length_l0 = model.solve(&Pull { activation, attached, reach, before_l0: length_l0, step_s: 0.02 }, path);
        }
        Self { length_l0, angle_rad }
    }

    /// Fibre length, optimal lengths.
    pub fn length_l0(&self) -> f64 {
        self.length_l0
    }

    /// One step of `step_s` to `angle_rad` at `activation` (force of the motor units, fraction of maximum) with short-range
    /// tension `attached` ([`super::short_range`]).
    ///
    /// # Errors
    /// A step of none or more than 2 s; an argument that is no number.
    pub fn step(
        &mut self,
        model: &TendonModel,
        activation: f64,
        attached: f64,
        angle_rad: f64,
        step_s: f64,
    ) -> Result<TendonOutput, TendonError> {
        for (name, value) in [("activation", activation), ("attached", attached), ("angle_rad", angle_rad)] {
            if !value.is_finite() {
                return Err(TendonError::NotFinite { name, value });
            }
        }
        if !(step_s > 0.0 && step_s <= LONGEST_STEP_S * MOST_PARTS) {
            return Err(TendonError::Step(step_s));
        }
        let parts = (step_s / LONGEST_STEP_S).ceil().max(1.0);
        let (from_rad, part_s) = (self.angle_rad, step_s / parts);
        for i in 1..parts as usize {
            let angle = from_rad + (angle_rad - from_rad) * (i as f64 / parts);
            self.advance(model, activation, |_| (attached, 0.0), angle, part_s);
        }
        Ok(self.advance(model, activation, |_| (attached, 0.0), angle_rad, part_s))
    }

    /// One step of at most [`LONGEST_STEP_S`] with `attached` cross-bridges that are strained with the fibres; all finite.
    pub fn step_with_bridges(
        &mut self,
        model: &TendonModel,
        activation: f64,
        (bridges, attached): (&mut ShortRange, Attached),
        angle_rad: f64,
        step_s: f64,
    ) -> TendonOutput {
        let (p, before) = (&model.parameters.short_range, *bridges);
        let tension = |change_l0: f64| before.after(p, attached, change_l0, step_s);
        let output = self.advance(model, activation, tension, angle_rad, step_s);
        bridges.stretch(p, attached, output.fibre_velocity_l0_s, step_s);
        output
    }

    fn advance(
        &mut self,
        model: &TendonModel,
        activation: f64,
        attached: impl Fn(f64) -> (f64, f64),
        angle_rad: f64,
        step_s: f64,
    ) -> TendonOutput {
        let path = model.path_l0(angle_rad);
        let (before_l0, reach) = (self.length_l0, model.reach_of_joint(path));
        let pull = Pull { activation: activation.max(0.0), attached, reach, before_l0, step_s };
        self.length_l0 = model.solve(&pull, path);
        self.angle_rad = angle_rad;
        let p = &model.parameters;
        let length = self.length_l0;
        let (along, cos) = model.along(length);
        let force = pull.force(length);
        let (tension, tendon_stiffness) = model.tendon(path, along);
        let fibre_stiffness = force.slope * cos;
        let series = tendon_stiffness * fibre_stiffness / (tendon_stiffness + fibre_stiffness).max(f64::MIN_POSITIVE);
        let arm = p.moment_arm_m;
        TendonOutput {
            torque: MuscleTorque {
                torque_n_m: model.direction.sign() * arm * p.max_force_n * tension,
                damping_n_m_s_rad: arm * arm * p.max_force_n / p.optimal_length_m * series * step_s,
                active_force_n: p.max_force_n * force.active * cos,
            },
            fibre_length_l0: length,
            fibre_velocity_l0_s: (length - before_l0) / step_s,
            tendon_elongation_m: ((path - along - p.tendon_slack_l0) * p.optimal_length_m).max(0.0),
        }
    }

    /// The fibres as the receptors in them feel them, after a step's output.
    pub fn fibre(&self, model: &TendonModel, output: &TendonOutput) -> Fibre {
        let (_, cos_pennation) = model.along(self.length_l0);
        Fibre { length_l0: self.length_l0, velocity_l0_s: output.fibre_velocity_l0_s, cos_pennation }
    }
}

#[cfg(test)]
mod tests;
