//! A single-joint reach under an internal model that errs in inertia (Bhanpuri, Okamura & Bastian 2014, Brain 137:1931).
//!
//! I q'' + b q' = (1 + beta) I q*'' + b q*' + K_p e(t - D) + K_v e'(t - D), e = q* - q, q* minimum jerk.
//!
//! Their explanation of dysmetria, stripped of everything else: a limb taken for lighter than it is (beta < 0)
//! overshoots; one taken for heavier overshoots small movements and falls short in large ones, so that dysmetria
//! is relatively worst in small movements. The gains and the delay are assumed, the paper's being in its figures only.

use serde::{Deserialize, Serialize};

/// The joint and its controller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SingleJointParameters {
    /// Moment of inertia about the joint, kg m2.
    pub inertia_kg_m2: f64,
    /// Viscosity, N m s/rad.
    pub viscosity_n_m_s_rad: f64,
    /// Position gain of feedback, N m/rad.
    pub stiffness_n_m_rad: f64,
    /// Velocity gain of feedback, N m s/rad.
    pub damping_n_m_s_rad: f64,
    /// Delay of feedback, ms.
    pub delay_ms: usize,
    /// Error of the internal model's inertia (beta), 0 in health.
    pub inertia_error: f64,
}

impl Default for SingleJointParameters {
    /// An elbow with assumed gains, healthy.
    fn default() -> Self {
        Self {
            inertia_kg_m2: 0.08,
            viscosity_n_m_s_rad: 0.4,
            stiffness_n_m_rad: 8.0,
            damping_n_m_s_rad: 0.4,
            delay_ms: 70,
            inertia_error: 0.0,
        }
    }
}

/// Step, s.
const STEP_S: f64 = 1e-3;
/// Time recorded after the planned end, s.
const AFTER_S: f64 = 1.5;

impl SingleJointParameters {
    /// Angle, rad, every millisecond of a movement of this amplitude and planned time, and 1.5 s more.
    pub fn movement_rad(&self, amplitude_rad: f64, duration_s: f64) -> Vec<f64> {
        let samples = ((duration_s + AFTER_S) / STEP_S) as usize;
        let plan = |i: usize| {
            let s = (i as f64 * STEP_S / duration_s).min(1.0);
            let angle = s * s * s * (10.0 + s * (6.0 * s - 15.0));
            let velocity = 30.0 * s * s * (1.0 - s) * (1.0 - s) / duration_s;
            let acceleration = 60.0 * s * (1.0 - s) * (1.0 - 2.0 * s) / (duration_s * duration_s);
            [angle, velocity, acceleration].map(|x| x * amplitude_rad)
        };
        let (mut angle, mut velocity) = (0.0, 0.0);
        let mut past: Vec<[f64; 2]> = Vec::with_capacity(samples);
        for i in 0..samples {
            past.push([angle, velocity]);
            let [_, plan_velocity, plan_acceleration] = plan(i);
            let mut torque = (1.0 + self.inertia_error) * self.inertia_kg_m2 * plan_acceleration
                + self.viscosity_n_m_s_rad * plan_velocity;
            if let Some(then) = i.checked_sub(self.delay_ms) {
                let [planned, planned_velocity, _] = plan(then);
                torque += self.stiffness_n_m_rad * (planned - past[then][0])
                    + self.damping_n_m_s_rad * (planned_velocity - past[then][1]);
            }
            velocity += STEP_S * (torque - self.viscosity_n_m_s_rad * velocity) / self.inertia_kg_m2;
            angle += STEP_S * velocity;
        }
        past.into_iter().map(|[angle, _]| angle).collect()
    }

    /// Where the joint first stops, as a share of the amplitude: above 1 is hypermetria.
    pub fn first_stop(&self, amplitude_rad: f64, duration_s: f64) -> f64 {
        let path = self.movement_rad(amplitude_rad, duration_s);
        let sign = if amplitude_rad < 0.0 { -1.0 } else { 1.0 };
        let planned = (duration_s / STEP_S) as usize;
        let velocity = |i: usize| sign * (path[i + 1] - path[i]);
        let peak = (0..planned.min(path.len() - 1)).fold(0, |p, i| if velocity(i) > velocity(p) { i } else { p });
        let stop = (peak..path.len() - 1).find(|&i| velocity(i) < 0.0).unwrap_or(path.len() - 1);
        path[stop] / amplitude_rad
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First stop over target for inertia errors and movements, computed apart from this program with Euler steps of 1 ms.
    const TABLE: [(f64, [f64; 3]); 5] = [
        (-0.5, [1.35, 1.30, 1.22]),
        (-0.3, [1.21, 1.18, 1.13]),
        (0.0, [1.00, 1.00, 1.00]),
        (0.3, [1.16, 1.03, 0.93]),
        (0.5, [1.28, 1.08, 0.93]),
    ];
    const MOVEMENTS: [(f64, f64); 3] = [(5.0, 0.2), (30.0, 0.35), (60.0, 0.5)];

    #[test]
    fn first_stops_are_those_of_the_table() {
        for (inertia_error, stops) in TABLE {
            let p = SingleJointParameters { inertia_error, ..SingleJointParameters::default() };
            for ((degrees, time_s), stop) in MOVEMENTS.into_iter().zip(stops) {
                for sign in [1.0, -1.0] {
                    let found = p.first_stop(sign * f64::to_radians(degrees), time_s);
                    assert!((found - stop).abs() < 0.006, "beta {inertia_error}, {degrees} deg: {found}");
                }
            }
        }
    }

    #[test]
    fn small_movements_are_relatively_most_hypermetric() {
        for inertia_error in [-0.5, -0.3, 0.3, 0.5] {
            let p = SingleJointParameters { inertia_error, ..SingleJointParameters::default() };
            let stops = MOVEMENTS.map(|(degrees, time_s)| p.first_stop(degrees.to_radians(), time_s));
            assert!(stops[0] > stops[1] && stops[1] > stops[2], "{stops:?}");
        }
    }
}
