//! Who reaches, and where: the parameters of a [reach](crate::brain::reach) and its task.

use serde::{Deserialize, Serialize};

use crate::brain::cerebellum::CerebellumReadOut;
use crate::brain::oscillator::OscillatorParameters;
use crate::joint::arm::{ArmParameters, Pair};
use crate::math;

/// Everything that decides how a person reaches with one arm; healthy by [`Default`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReachParameters {
    /// The arm.
    pub arm: ArmParameters,
    /// Largest voluntary torque at shoulder and elbow, N m.
    pub strength_n_m: Pair,
    /// What the cerebellum gives.
    pub cerebellum: CerebellumReadOut,
    /// Gain of speed by the basal ganglia, 1 in health.
    pub vigour: f64,
    /// Tremor oscillator of the arm.
    pub oscillator: OscillatorParameters,
    /// Torque of the oscillator at amplitude 1 as a share of strength, at shoulder and elbow;
    /// 0.25 fitted: an amplitude of 1 moves the hand several centimetres.
    pub oscillator_share: Pair,
    /// Feedback loops and muscle stiffness.
    pub feedback: FeedbackParameters,
    /// Share of the arm's weight that its own muscles carry: 1 unsupported, 0 on a table.
    pub weight_carried: f64,
}

/// Gains and delays of the loops around the arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedbackParameters {
    /// Stiffness of active muscle, without delay, N m/rad.
    pub intrinsic_stiffness: [Pair; 2],
    /// Viscosity of active muscle, without delay, N m s/rad.
    pub intrinsic_viscosity: [Pair; 2],
    /// Position gain of the spinal loop, N m/rad.
    pub spinal_stiffness: [Pair; 2],
    /// Velocity gain of the spinal loop, N m s/rad.
    pub spinal_viscosity: [Pair; 2],
    /// Delay of the spinal loop, ms.
    pub spinal_delay_ms: usize,
    /// Position gain of the long-latency loop at the start of the path, N m/rad.
    pub long_latency_stiffness: [Pair; 2],
    /// Velocity gain of the long-latency loop at the start of the path, N m s/rad.
    pub long_latency_viscosity: [Pair; 2],
    /// Delay of the long-latency loop, ms.
    pub long_latency_delay_ms: usize,
    /// Rise of the long-latency gain from start to target.
    pub accuracy_demand: f64,
    /// Largest long-latency torque, share of strength; approached smoothly (tanh).
    pub long_latency_limit: f64,
}

/// Stiffness of the arm in posture, N m/rad (Shadmehr & Mussa-Ivaldi 1994).
const STIFFNESS: [Pair; 2] = [[15.0, 6.0], [6.0, 16.0]];
/// Viscosity of the arm in posture, N m s/rad (Shadmehr & Mussa-Ivaldi 1994).
const VISCOSITY: [Pair; 2] = [[2.3, 0.9], [0.9, 2.4]];
impl Default for FeedbackParameters {
    /// The posture matrices of Shadmehr & Mussa-Ivaldi split between muscle, spinal and long-latency loops; the split, the
    /// rise with accuracy and the limit are fitted: straight and steady reaches with prediction, 2-5 Hz at the end
    /// without, centimetres of it when severe.
    fn default() -> Self {
        let share = |matrix: [Pair; 2], s: f64| matrix.map(|row| [s * row[0], s * row[1]]);
        Self {
            intrinsic_stiffness: share(STIFFNESS, 0.15),
            intrinsic_viscosity: share(VISCOSITY, 0.15),
            spinal_stiffness: share(STIFFNESS, 0.15),
            spinal_viscosity: share(VISCOSITY, 0.15),
            spinal_delay_ms: 30,
            long_latency_stiffness: share(STIFFNESS, 0.7),
            long_latency_viscosity: share(VISCOSITY, 0.4),
            long_latency_delay_ms: 60,
            accuracy_demand: 1.0,
            long_latency_limit: 0.05,
        }
    }
}

impl Default for ReachParameters {
    /// A healthy adult: strength in horizontal flexion about 60 N m at the shoulder and 50 N m at the elbow (assumed:
    /// middle of isometric values for both sexes).
    fn default() -> Self {
        Self {
            arm: ArmParameters::default(),
            strength_n_m: [60.0, 50.0],
            cerebellum: CerebellumReadOut::healthy(),
            vigour: 1.0,
            oscillator: OscillatorParameters::default(),
            oscillator_share: [0.25, 0.25],
            feedback: FeedbackParameters::default(),
            weight_carried: 1.0,
        }
    }
}

/// Where a reach begins and where it should end; shoulder at the origin, x to the side of the arm, y forward.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReachTask {
    /// Start of the hand, m.
    pub start_m: Pair,
    /// Target of the hand, m.
    pub target_m: Pair,
}

impl ReachTask {
    /// From the posture of 45 degrees at the shoulder and 90 at the elbow, a share of arm length in a direction
    /// (rad, 0 to the side, a quarter turn forward).
    pub fn outward(arm: &ArmParameters, share_of_arm: f64, direction_rad: f64) -> Self {
        let quarter = std::f64::consts::FRAC_PI_2;
        let start_m = arm.hand_m([0.5 * quarter, quarter]);
        let distance = share_of_arm * arm.reach_m();
        let target_m =
            [start_m[0] + distance * math::cos(direction_rad), start_m[1] + distance * math::sin(direction_rad)];
        Self { start_m, target_m }
    }

    /// From the nose to the examiner's finger: 0.3 to 0.75 of arm length before the body's middle.
    pub fn nose_to_finger(arm: &ArmParameters) -> Self {
        let l = arm.reach_m();
        Self { start_m: [-0.25 * l, 0.3 * l], target_m: [-0.05 * l, 0.7 * l] }
    }

    /// The same way back.
    pub fn finger_to_nose(arm: &ArmParameters) -> Self {
        let Self { start_m, target_m } = Self::nose_to_finger(arm);
        Self { start_m: target_m, target_m: start_m }
    }

    /// Straight distance, m.
    pub fn distance_m(&self) -> f64 {
        let [dx, dy] = [self.target_m[0] - self.start_m[0], self.target_m[1] - self.start_m[1]];
        math::sqrt(dx * dx + dy * dy)
    }
}
