//! The plan of a reach: a minimum-jerk path and the torque that an internal model gives for it.
//!
//! x(s) = start + (target - start)(10 s^3 - 15 s^4 + 6 s^5), s = t / T (Flash & Hogan 1985).

use crate::brain::reach::{AFTER_S, BEFORE_S, MUSCLE_LAG_S, ReachParameters, ReachTask, STEP_S, minus, sum};
use crate::joint::arm::{ArmParameters, ArmState, Pair, apply};
use crate::math;
use crate::random::Seed;

/// Time of a reach of no length, s; with the next fitted to 0.5-0.55 s for 10 cm and 0.6-0.75 s for 20-30 cm.
const TIME_OFFSET_S: f64 = 0.42;
/// Time added per metre, s/m.
const TIME_PER_METRE_S: f64 = 0.9;
/// Share of the available torque that a plan may use before it is made slower; assumed.
const PLANNED_EFFORT: f64 = 0.2;
/// Longest plan that weakness brings about, s; assumed.
const LONGEST_S: f64 = 4.0;
/// Effort that the basal ganglia see in movement itself, added to force; assumed: movement abolishes a rest tremor.
const MOVING_EFFORT: f64 = 0.3;

/// A plan, sampled at the step of the reach; before it the arm rests at the start, after it holds the target.
pub(crate) struct Plan {
    angle_rad: Vec<Pair>,
    velocity_rad_s: Vec<Pair>,
    progress: Vec<f64>,
    feed_forward_n_m: Vec<Pair>,
    duration_s: f64,
}

impl Plan {
    /// None if the path is not within reach.
    pub(crate) fn new(parameters: &ReachParameters, task: ReachTask, seed: Seed) -> Option<Self> {
        let natural_s = (TIME_OFFSET_S + TIME_PER_METRE_S * task.distance_m()) / parameters.vigour;
        let path = Path::new(&parameters.arm, task, natural_s)?;
        let ratio = path.effort_ratio(parameters) / PLANNED_EFFORT;
        let (path, duration_s) = if ratio > 1.0 {
            // Torque of inertia goes with the inverse square of time.
            let slow_s = (natural_s * math::sqrt(ratio)).min(natural_s.max(LONGEST_S));
            (Path::new(&parameters.arm, task, slow_s)?, slow_s)
        } else {
            (path, natural_s)
        };
        let feed_forward_n_m = feed_forward(parameters, &path, seed);
        let Path { angle_rad, velocity_rad_s, progress, .. } = path;
        Some(Self { angle_rad, velocity_rad_s, progress, feed_forward_n_m, duration_s })
    }

    pub(crate) fn samples(&self) -> usize {
        self.angle_rad.len()
    }

    pub(crate) fn duration_s(&self) -> f64 {
        self.duration_s
    }

    pub(crate) fn angle_rad(&self, now: usize) -> Pair {
        self.angle_rad[now]
    }

    /// Share of the path done, 0..1.
    pub(crate) fn progress(&self, now: usize) -> f64 {
        self.progress[now]
    }

    /// Plan less a state: angles and velocities.
    pub(crate) fn error(&self, now: usize, state: &ArmState) -> (Pair, Pair) {
        (minus(self.angle_rad[now], state.angle_rad), minus(self.velocity_rad_s[now], state.velocity_rad_s))
    }

    pub(crate) fn feed_forward_n_m(&self, now: usize) -> Pair {
        self.feed_forward_n_m[now]
    }

    /// Voluntary effort now, 0..1: the share of strength in use, and more while moving.
    pub(crate) fn effort(&self, now: usize, torque_n_m: Pair, parameters: &ReachParameters) -> f64 {
        let support = parameters.arm.support_n_m(self.angle_rad[now]);
        let share = |j: usize| {
            let used = parameters.weight_carried * support[j] + torque_n_m[j].abs();
            if parameters.strength_n_m[j] > used { used / parameters.strength_n_m[j] } else { 1.0 }
        };
        let moving = self.progress[now] > 0.0 && self.progress[now] < 1.0;
        share(0).max(share(1)) + if moving { MOVING_EFFORT } else { 0.0 }
    }
}

/// Kinematics of the plan.
struct Path {
    angle_rad: Vec<Pair>,
    velocity_rad_s: Vec<Pair>,
    acceleration_rad_s2: Vec<Pair>,
    progress: Vec<f64>,
}

impl Path {
    fn new(arm: &ArmParameters, task: ReachTask, duration_s: f64) -> Option<Self> {
        let samples = ((BEFORE_S + duration_s + AFTER_S) / STEP_S) as usize;
        let along = minus(task.target_m, task.start_m);
        let mut path = Self {
            angle_rad: Vec::with_capacity(samples),
            velocity_rad_s: Vec::with_capacity(samples),
            acceleration_rad_s2: Vec::with_capacity(samples),
            progress: Vec::with_capacity(samples),
        };
        for i in 0..samples {
            let s = ((i as f64 * STEP_S - BEFORE_S) / duration_s).clamp(0.0, 1.0);
            let progress = s * s * s * (10.0 + s * (6.0 * s - 15.0));
            let rate = 30.0 * s * s * (1.0 - s) * (1.0 - s) / duration_s;
            let angle = arm.angles_rad([0, 1].map(|a| task.start_m[a] + progress * along[a]))?;
            path.angle_rad.push(angle);
            path.velocity_rad_s.push(arm.joint_velocity_rad_s(angle, along.map(|a| a * rate))?);
            path.progress.push(progress);
        }
        for i in 0..samples {
            let (before, after) = (i.saturating_sub(1), (i + 1).min(samples - 1));
            let difference = minus(path.velocity_rad_s[after], path.velocity_rad_s[before]);
            path.acceleration_rad_s2.push(difference.map(|d| d / (2.0 * STEP_S)));
        }
        Some(path)
    }

    /// Largest share of the torque left after support that moving asks for.
    fn effort_ratio(&self, parameters: &ReachParameters) -> f64 {
        let mut most: f64 = 0.0;
        for i in 0..self.angle_rad.len() {
            let torque = inverse_dynamics(parameters, self, i, 1.0, 1.0);
            let support = parameters.arm.support_n_m(self.angle_rad[i]);
            for j in 0..2 {
                let left = parameters.strength_n_m[j] - parameters.weight_carried * support[j];
                // Where nothing is left no time is long enough; a hundredth keeps the plan finite.
                most = most.max(torque[j].abs() / left.max(0.01 * parameters.strength_n_m[j]).max(1e-6));
            }
        }
        most
    }
}

/// Torque that moves the arm along the path: inertia times `inertia`, terms between the joints times `interaction`.
fn inverse_dynamics(parameters: &ReachParameters, path: &Path, i: usize, inertia: f64, interaction: f64) -> Pair {
    let state = ArmState { angle_rad: path.angle_rad[i], velocity_rad_s: path.velocity_rad_s[i] };
    let mut h = parameters.arm.inertia(state.angle_rad);
    h[0][1] *= interaction;
    h[1][0] *= interaction;
    let inertial = apply(&h, path.acceleration_rad_s2[i]).map(|t| inertia * t);
    let coriolis = parameters.arm.coriolis_n_m(&state).map(|t| interaction * t);
    let passive = parameters.arm.viscous_n_m(state.velocity_rad_s);
    let active = apply(&parameters.feedback.intrinsic_viscosity, state.velocity_rad_s);
    sum(sum(inertial, coriolis), sum(passive, active))
}

/// Feed-forward command: the inverse model's torque, ahead by the muscle's lag, its bursts at their times.
fn feed_forward(parameters: &ReachParameters, path: &Path, seed: Seed) -> Vec<Pair> {
    let cerebellum = &parameters.cerebellum;
    let mut stream = seed.stream("internal model");
    let inertia = 1.0 + cerebellum.inertia_error + cerebellum.inertia_error_trial_sd * stream.normal();
    let late_ms = [0, 1].map(|_| {
        let agonist = cerebellum.timing_sd_ms * stream.normal();
        let antagonist = cerebellum.timing_sd_ms * stream.normal() + cerebellum.braking_delay_ms;
        [agonist, antagonist]
    });
    let samples = path.angle_rad.len();
    let torque: Vec<Pair> =
        (0..samples).map(|i| inverse_dynamics(parameters, path, i, inertia, cerebellum.interaction)).collect();
    let command: Vec<Pair> = (0..samples)
        .map(|i| {
            let (before, after) = (i.saturating_sub(1), (i + 1).min(samples - 1));
            let slope = minus(torque[after], torque[before]).map(|d| d / (2.0 * STEP_S));
            sum(torque[i], slope.map(|d| MUSCLE_LAG_S * d))
        })
        .collect();
    let end = path.angle_rad[samples - 1];
    let direction = minus(end, path.angle_rad[0]).map(|d| if d < 0.0 { -1.0 } else { 1.0 });
    (0..samples)
        .map(|i| {
            [0, 1].map(|j| {
                let forward = |t: f64| (direction[j] * t).max(0.0);
                let back = |t: f64| (direction[j] * t).min(0.0);
                let agonist = forward(at(&command, j, i as f64 - late_ms[j][0]));
                let antagonist = back(at(&command, j, i as f64 - late_ms[j][1]));
                direction[j] * (agonist + antagonist)
            })
        })
        .collect()
}

/// Value of joint `j` at a fractional sample, the ends held.
fn at(command: &[Pair], j: usize, position: f64) -> f64 {
    let position = position.clamp(0.0, (command.len() - 1) as f64);
    let before = position as usize;
    let after = (before + 1).min(command.len() - 1);
    let share = position - before as f64;
    command[before][j] + share * (command[after][j] - command[before][j])
}
