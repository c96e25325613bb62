//! The planar two-joint arm (Shadmehr & Mussa-Ivaldi 1994).
//!
//! H(q) q'' + c(q, q') + B q' = tau, with q1 the shoulder angle from the x axis and q2 the elbow angle from the upper
//! arm, flexion positive, in the horizontal plane:
//!
//! H = [[a1 + 2 a2 cos q2, a3 + a2 cos q2], [a3 + a2 cos q2, a3]]
//! c = a2 sin q2 [-q2' (2 q1' + q2'), q1'^2]
//! a1 = I1 + I2 + m1 s1^2 + m2 (l1^2 + s2^2), a2 = m2 l1 s2, a3 = I2 + m2 s2^2
//!
//! Masses, lengths and moments are those of their subject (J Neurosci 14:3208, Table 1), scaled with height and mass.

use serde::{Deserialize, Serialize};

use crate::math::{atan2, cos, sin, sqrt};

/// A pair of values of shoulder and elbow (or of x and y).
pub type Pair = [f64; 2];

/// What an arm is. Index 0 is the upper arm or shoulder, 1 the forearm with hand or elbow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmParameters {
    /// Length joint to joint (the second: elbow to the grip of the hand), m.
    pub length_m: Pair,
    /// Mass, kg.
    pub mass_kg: Pair,
    /// Moment of inertia about the centre of mass, kg m2.
    pub inertia_kg_m2: Pair,
    /// Distance of the centre of mass from the proximal joint, m.
    pub centre_of_mass_m: Pair,
    /// Passive viscosity of shoulder and elbow, and between them, N m s/rad.
    pub viscosity_n_m_s_rad: [Pair; 2],
}

/// Height whose arm is [`ArmParameters::default`], m: upper arm 0.33 m at 0.186 of height (Winter).
const REFERENCE_HEIGHT_M: f64 = 1.774;
/// Mass whose arm it is, kg: upper arm 1.93 kg at 2.8 % and forearm with hand 1.52 kg at 2.2 % of body mass (Winter).
const REFERENCE_MASS_KG: f64 = 69.0;
/// Gravity, m/s2.
const GRAVITY_M_S2: f64 = 9.81;

impl Default for ArmParameters {
    /// The subject of Shadmehr & Mussa-Ivaldi 1994; passive viscosity of Li & Todorov 2004.
    fn default() -> Self {
        Self {
            length_m: [0.33, 0.34],
            mass_kg: [1.93, 1.52],
            inertia_kg_m2: [0.0141, 0.0188],
            centre_of_mass_m: [0.165, 0.19],
            viscosity_n_m_s_rad: [[0.05, 0.025], [0.025, 0.05]],
        }
    }
}

/// Angles and angular velocities now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmState {
    /// Shoulder and elbow angle, rad.
    pub angle_rad: Pair,
    /// Their velocities, rad/s.
    pub velocity_rad_s: Pair,
}

impl ArmParameters {
    /// The arm of a person: lengths with height, masses with mass, moments with both.
    pub fn of_person(height_m: f64, mass_kg: f64) -> Self {
        Self::default().scaled(height_m / REFERENCE_HEIGHT_M, mass_kg / REFERENCE_MASS_KG)
    }

    fn scaled(&self, length: f64, mass: f64) -> Self {
        let times = |pair: Pair, factor: f64| [pair[0] * factor, pair[1] * factor];
        // Viscosity of a muscle goes with its strength times its moment arm: mass times length.
        let viscosity = mass * length;
        Self {
            length_m: times(self.length_m, length),
            mass_kg: times(self.mass_kg, mass),
            inertia_kg_m2: times(self.inertia_kg_m2, mass * length * length),
            centre_of_mass_m: times(self.centre_of_mass_m, length),
            viscosity_n_m_s_rad: self.viscosity_n_m_s_rad.map(|row| times(row, viscosity)),
        }
    }

    /// Length of the stretched arm, m.
    pub fn reach_m(&self) -> f64 {
        self.length_m[0] + self.length_m[1]
    }

    fn constants(&self) -> (f64, f64, f64) {
        let ([l1, _], [m1, m2]) = (self.length_m, self.mass_kg);
        let ([i1, i2], [s1, s2]) = (self.inertia_kg_m2, self.centre_of_mass_m);
        (i1 + i2 + m1 * s1 * s1 + m2 * (l1 * l1 + s2 * s2), m2 * l1 * s2, i2 + m2 * s2 * s2)
    }

    /// Inertia matrix H, kg m2.
    pub fn inertia(&self, angle_rad: Pair) -> [Pair; 2] {
        let (a1, a2, a3) = self.constants();
        let coupled = a2 * cos(angle_rad[1]);
        [[a1 + 2.0 * coupled, a3 + coupled], [a3 + coupled, a3]]
    }

    /// Centripetal and Coriolis torque c, N m.
    pub fn coriolis_n_m(&self, state: &ArmState) -> Pair {
        let (_, a2, _) = self.constants();
        let [v1, v2] = state.velocity_rad_s;
        let k = a2 * sin(state.angle_rad[1]);
        [-k * v2 * (2.0 * v1 + v2), k * v1 * v1]
    }

    /// Torque of passive viscosity opposing movement (B q'), N m.
    pub fn viscous_n_m(&self, velocity_rad_s: Pair) -> Pair {
        apply(&self.viscosity_n_m_s_rad, velocity_rad_s)
    }

    /// Angular acceleration under this torque, rad/s2.
    pub fn acceleration_rad_s2(&self, state: &ArmState, torque_n_m: Pair) -> Pair {
        let h = self.inertia(state.angle_rad);
        let c = self.coriolis_n_m(state);
        let b = self.viscous_n_m(state.velocity_rad_s);
        let t = [torque_n_m[0] - c[0] - b[0], torque_n_m[1] - c[1] - b[1]];
        let determinant = h[0][0] * h[1][1] - h[0][1] * h[1][0];
        [(h[1][1] * t[0] - h[0][1] * t[1]) / determinant, (h[0][0] * t[1] - h[1][0] * t[0]) / determinant]
    }

    /// The state `step_s` later, torque held; classical Runge-Kutta.
    pub fn step(&self, state: &ArmState, torque_n_m: Pair, step_s: f64) -> ArmState {
        let along = |rate: &(Pair, Pair), time: f64| ArmState {
            angle_rad: plus(state.angle_rad, rate.0, time),
            velocity_rad_s: plus(state.velocity_rad_s, rate.1, time),
        };
        let rate = |s: &ArmState| (s.velocity_rad_s, self.acceleration_rad_s2(s, torque_n_m));
        let k1 = rate(state);
        let k2 = rate(&along(&k1, 0.5 * step_s));
        let k3 = rate(&along(&k2, 0.5 * step_s));
        let k4 = rate(&along(&k3, step_s));
        let mean = |a: Pair, b: Pair, c: Pair, d: Pair| {
            [(a[0] + 2.0 * b[0] + 2.0 * c[0] + d[0]) / 6.0, (a[1] + 2.0 * b[1] + 2.0 * c[1] + d[1]) / 6.0]
        };
        along(&(mean(k1.0, k2.0, k3.0, k4.0), mean(k1.1, k2.1, k3.1, k4.1)), step_s)
    }

    /// Kinetic energy, J.
    pub fn kinetic_energy_j(&self, state: &ArmState) -> f64 {
        let momentum = apply(&self.inertia(state.angle_rad), state.velocity_rad_s);
        0.5 * (momentum[0] * state.velocity_rad_s[0] + momentum[1] * state.velocity_rad_s[1])
    }

    /// Position of the hand, shoulder at the origin, m.
    pub fn hand_m(&self, angle_rad: Pair) -> Pair {
        let both = angle_rad[0] + angle_rad[1];
        [
            self.length_m[0] * cos(angle_rad[0]) + self.length_m[1] * cos(both),
            self.length_m[0] * sin(angle_rad[0]) + self.length_m[1] * sin(both),
        ]
    }

    /// Joint angles (elbow flexed) that bring the hand to a point; None if it is out of reach.
    pub fn angles_rad(&self, hand_m: Pair) -> Option<Pair> {
        let [l1, l2] = self.length_m;
        let square = hand_m[0] * hand_m[0] + hand_m[1] * hand_m[1];
        let c = (square - l1 * l1 - l2 * l2) / (2.0 * l1 * l2);
        if !(-1.0..=1.0).contains(&c) {
            return None;
        }
        let s = sqrt(1.0 - c * c);
        Some([atan2(hand_m[1], hand_m[0]) - atan2(l2 * s, l1 + l2 * c), atan2(s, c)])
    }

    /// Velocity of the joints that moves the hand at this velocity; None where the arm is stretched.
    pub fn joint_velocity_rad_s(&self, angle_rad: Pair, hand_m_s: Pair) -> Option<Pair> {
        let both = angle_rad[0] + angle_rad[1];
        let [l1, l2] = self.length_m;
        let [x1, y1] = [l1 * cos(angle_rad[0]), l1 * sin(angle_rad[0])];
        let [x2, y2] = [l2 * cos(both), l2 * sin(both)];
        let jacobian = [[-y1 - y2, -y2], [x1 + x2, x2]];
        let determinant = jacobian[0][0] * jacobian[1][1] - jacobian[0][1] * jacobian[1][0];
        if determinant.abs() < 1e-6 * l1 * l2 {
            return None;
        }
        Some([
            (jacobian[1][1] * hand_m_s[0] - jacobian[0][1] * hand_m_s[1]) / determinant,
            (jacobian[0][0] * hand_m_s[1] - jacobian[1][0] * hand_m_s[0]) / determinant,
        ])
    }

    /// Torque that holds the arm up against gravity when it moves in a horizontal plane without a table, N m:
    /// at the shoulder about a horizontal axis, at the elbow that of the forearm.
    pub fn support_n_m(&self, angle_rad: Pair) -> Pair {
        let [m1, m2] = self.mass_kg;
        let [s1, s2] = self.centre_of_mass_m;
        let both = angle_rad[0] + angle_rad[1];
        let x = m1 * s1 * cos(angle_rad[0]) + m2 * (self.length_m[0] * cos(angle_rad[0]) + s2 * cos(both));
        let y = m1 * s1 * sin(angle_rad[0]) + m2 * (self.length_m[0] * sin(angle_rad[0]) + s2 * sin(both));
        [GRAVITY_M_S2 * sqrt(x * x + y * y), GRAVITY_M_S2 * m2 * s2]
    }
}

/// Matrix times vector.
pub(crate) fn apply(matrix: &[Pair; 2], vector: Pair) -> Pair {
    [matrix[0][0] * vector[0] + matrix[0][1] * vector[1], matrix[1][0] * vector[0] + matrix[1][1] * vector[1]]
}

fn plus(a: Pair, b: Pair, times: f64) -> Pair {
    [a[0] + times * b[0], a[1] + times * b[1]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frictionless() -> ArmParameters {
        ArmParameters { viscosity_n_m_s_rad: [[0.0; 2]; 2], ..ArmParameters::default() }
    }

    #[test]
    fn free_arm_keeps_its_energy_and_viscosity_takes_it() {
        for (arm, kept) in [(frictionless(), true), (ArmParameters::default(), false)] {
            let mut state = ArmState { angle_rad: [0.5, 1.2], velocity_rad_s: [3.0, -4.0] };
            let first = arm.kinetic_energy_j(&state);
            for _ in 0..2000 {
                let before = arm.kinetic_energy_j(&state);
                state = arm.step(&state, [0.0; 2], 1e-3);
                assert!(kept || arm.kinetic_energy_j(&state) < before);
            }
            let last = arm.kinetic_energy_j(&state);
            assert!(!kept || (last / first - 1.0).abs() < 1e-6, "{first} {last}");
        }
    }

    #[test]
    fn work_done_is_energy_gained() {
        let arm = frictionless();
        let mut state = ArmState { angle_rad: [0.8, 1.5], velocity_rad_s: [0.0; 2] };
        let mut work = 0.0;
        for i in 0..500 {
            let torque = [2.0 * sin(0.01 * f64::from(i)), -1.0];
            let next = arm.step(&state, torque, 1e-3);
            work += torque[0] * (next.angle_rad[0] - state.angle_rad[0])
                + torque[1] * (next.angle_rad[1] - state.angle_rad[1]);
            state = next;
        }
        assert!((work / arm.kinetic_energy_j(&state) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn kinematics_invert() {
        let arm = ArmParameters::of_person(1.6, 55.0);
        for angles in [[0.3, 0.4], [0.785, 1.571], [1.4, 2.2], [-0.4, 1.0]] {
            let back = arm.angles_rad(arm.hand_m(angles)).expect("in reach");
            assert!((back[0] - angles[0]).abs() < 1e-9 && (back[1] - angles[1]).abs() < 1e-9);
            let moved = arm.hand_m([angles[0] + 1e-6 * 0.7, angles[1] - 1e-6 * 0.2]);
            let here = arm.hand_m(angles);
            let v = arm.joint_velocity_rad_s(angles, [(moved[0] - here[0]) / 1e-6, (moved[1] - here[1]) / 1e-6]);
            let v = v.expect("not stretched");
            assert!((v[0] - 0.7).abs() < 1e-4 && (v[1] + 0.2).abs() < 1e-4);
        }
        assert!(arm.angles_rad([1.0, 1.0]).is_none());
    }

    #[test]
    fn inertia_is_positive_definite_and_scales() {
        let (arm, child) = (ArmParameters::default(), ArmParameters::of_person(1.1, 19.0));
        for q2 in [0.0, 0.8, 1.6, 2.4, 3.1] {
            let (h, c) = (arm.inertia([0.0, q2]), child.inertia([0.0, q2]));
            assert!(h[0][0] > 0.0 && h[0][0] * h[1][1] > h[0][1] * h[1][0]);
            assert!(c[0][0] < 0.2 * h[0][0]);
        }
        let same = ArmParameters::of_person(1.774, 69.0);
        assert_eq!(same, arm);
        assert!(arm.support_n_m([0.0, 0.0])[0] > arm.support_n_m([0.0, 2.0])[0]);
    }
}
