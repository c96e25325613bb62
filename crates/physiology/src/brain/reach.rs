//! Reaching with the planar two-joint arm: plan, internal model, delayed and predicted feedback, muscle.
//!
//! The hand is to follow a straight minimum-jerk path (Flash & Hogan 1985). The command of each joint is the sum of
//!
//! - **feed-forward**: the torque that an inverse model of the arm gives for the plan, (1 + beta) H q''* + c + B q'*,
//!   sent ahead by the lag of muscle. A lesioned cerebellum errs in inertia, ignores interaction torques, and
//!   sends agonist and antagonist bursts at wrong times ([`cerebellum`](crate::brain::cerebellum));
//! - **long-latency feedback** on e = eta e_predicted + (1 - eta) e_delayed. The prediction is that of Smith: a forward
//!   model driven by the efference copy, corrected by the delayed difference from what was felt. Position gain
//!   grows along the path, as accuracy is demanded at its end. Without prediction (eta 0) the delayed loop is nearly
//!   unstable there: a terminal tremor;
//! - **spinal feedback** from spindles, faster and weaker, in proportion to fusimotor drive.
//!
//! The command carries signal-dependent noise (Harris & Wolpert 1998), is limited by strength less what holds
//! the arm up, and passes the muscle's lag; stiffness of active muscle acts without delay. A person plans no
//! movement that the muscles cannot make: when the planned torque passes a share of strength, the plan is slower.
//! Low vigour makes it slower too. A tremor oscillator adds its torque.
//!
//! | symbol | value | source |
//! |---|---|---|
//! | stiffness, viscosity in all | [[15, 6], [6, 16]] N m/rad, [[2.3, 0.9], [0.9, 2.4]] N m s/rad | Shadmehr & Mussa-Ivaldi 1994 |
//! | their split | see [`FeedbackParameters::default`] | fitted: straight reaches in health, 2-5 Hz without prediction |
//! | long-latency delay | 60 ms; spinal 30 ms | long-latency stretch response of the elbow 50-65 ms; spinal 25-35 ms |
//! | muscle lag | 40 ms | first-order activation of arm muscle |
//! | command noise | 15 % of the command | Harris & Wolpert 1998 (form); size fitted |
//!
//! Holds for point-to-point movements of 5-40 cm in the horizontal plane; there is no vision, no hand, no fatigue.

use serde::{Deserialize, Serialize};

use crate::brain::oscillator::Oscillator;
pub use crate::brain::reach_parameters::{FeedbackParameters, ReachParameters, ReachTask};
use crate::brain::reach_plan::Plan;
use crate::joint::arm::{ArmState, Pair, apply};
use crate::math;
use crate::random::{Seed, Stream};

/// Step of a reach and of its trace, s.
pub const STEP_S: f64 = 1e-3;

/// Lag of muscle activation, s (first order; arm muscle 40 ms up, 60 ms down).
pub(crate) const MUSCLE_LAG_S: f64 = 0.04;
/// Signal-dependent noise, share of the command (form of Harris & Wolpert 1998; fitted to endpoint scatter below 1 cm).
const COMMAND_NOISE: f64 = 0.15;
/// Noise without command, share of strength; assumed 0.1 %.
const RESTING_NOISE: f64 = 0.001;
/// Correlation time of the command noise, s; assumed: order of an interval between discharges of a motor unit.
const NOISE_CORRELATION_S: f64 = 0.025;
/// How long the arm is held before the trace begins, ms; assumed.
const POSTURE_MS: usize = 1000;
/// Hold at the start before the movement, s.
pub const BEFORE_S: f64 = 0.3;
/// Hold after the planned end, s.
pub const AFTER_S: f64 = 2.0;

/// A reach, sample by sample, at [`STEP_S`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReachTrace {
    /// The task.
    pub task: ReachTask,
    /// When the plan begins, s.
    pub plan_start_s: f64,
    /// How long it was planned to take, s.
    pub planned_s: f64,
    /// Hand, m.
    pub hand_x_m: Vec<f64>,
    /// Hand, m.
    pub hand_y_m: Vec<f64>,
    /// Shoulder and elbow angle, rad.
    pub angle_rad: Vec<Pair>,
    /// Their velocities, rad/s.
    pub velocity_rad_s: Vec<Pair>,
    /// Torque of the muscles, without passive viscosity, N m.
    pub torque_n_m: Vec<Pair>,
}

/// Why a reach cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ReachError {
    /// The straight path leaves the arm's reach.
    #[error("the path from ({:.3}, {:.3}) m to ({:.3}, {:.3}) m is not within reach of an arm of {reach_m:.3} m; \
             choose start and target between fully bent and stretched", task.start_m[0], task.start_m[1], task.target_m[0], task.target_m[1])]
    OutOfReach {
        /// What was asked.
        task: ReachTask,
        /// Length of the stretched arm, m.
        reach_m: f64,
    },
}

/// One reach. The trial's noise, timing and model errors are drawn from `seed`.
pub fn reach(parameters: &ReachParameters, task: ReachTask, seed: Seed) -> Result<ReachTrace, ReachError> {
    let plan =
        Plan::new(parameters, task, seed).ok_or(ReachError::OutOfReach { task, reach_m: parameters.arm.reach_m() })?;
    let samples = plan.samples();
    let mut trace = ReachTrace {
        task,
        plan_start_s: BEFORE_S,
        planned_s: plan.duration_s(),
        hand_x_m: Vec::with_capacity(samples),
        hand_y_m: Vec::with_capacity(samples),
        angle_rad: Vec::with_capacity(samples),
        velocity_rad_s: Vec::with_capacity(samples),
        torque_n_m: Vec::with_capacity(samples),
    };
    let start = ArmState { angle_rad: plan.angle_rad(0), velocity_rad_s: [0.0; 2] };
    let mut actual = Limb::at(start);
    // What the cerebellum believes: the same arm without noise and tremor, driven by the efference copy.
    let mut believed = Limb::at(start);
    let mut felt = History::new(start, parameters);
    let mut expected = History::new(start, parameters);
    let mut noise = CommandNoise::new(seed);
    let mut oscillator = Oscillator::new(&parameters.oscillator, seed.child("tremor"));
    // The arm has been held at the start for a while, so the tremor is that of posture, not of rest.
    for _ in 0..POSTURE_MS {
        oscillator.step_ms(&parameters.oscillator, plan.effort(0, [0.0; 2], parameters));
    }
    let mut last_torque = [0.0; 2];

    for now in 0..samples {
        let command = command_n_m(parameters, &plan, now, &felt, &expected, &believed.state);
        let noisy = noise.on(command, parameters.strength_n_m);
        let action = plan.effort(now, last_torque, parameters);
        let drive = oscillator.step_ms(&parameters.oscillator, action);
        let shaken = [0, 1].map(|j| noisy[j] + drive * parameters.oscillator_share[j] * parameters.strength_n_m[j]);

        last_torque = actual.step(parameters, &plan, now, shaken);
        believed.step(parameters, &plan, now, command);
        felt.push(actual.state);
        expected.push(believed.state);

        let hand = parameters.arm.hand_m(actual.state.angle_rad);
        trace.hand_x_m.push(hand[0]);
        trace.hand_y_m.push(hand[1]);
        trace.angle_rad.push(actual.state.angle_rad);
        trace.velocity_rad_s.push(actual.state.velocity_rad_s);
        trace.torque_n_m.push(last_torque);
    }
    Ok(trace)
}

/// The same reach `trials` times, each with its own draws; trial i is the same whatever their number.
pub fn reaches(
    parameters: &ReachParameters,
    task: ReachTask,
    trials: usize,
    seed: Seed,
) -> Result<Vec<ReachTrace>, ReachError> {
    (0..trials).map(|i| reach(parameters, task, seed.index(i))).collect()
}

/// Finger-nose test: to the finger and back, `trials` times; traces alternate, to the finger first.
pub fn finger_nose(parameters: &ReachParameters, trials: usize, seed: Seed) -> Result<Vec<ReachTrace>, ReachError> {
    let out = ReachTask::nose_to_finger(&parameters.arm);
    let back = ReachTask::finger_to_nose(&parameters.arm);
    (0..2 * trials).map(|i| reach(parameters, if i % 2 == 0 { out } else { back }, seed.index(i))).collect()
}

/// The arm with its muscles' lag.
struct Limb {
    state: ArmState,
    muscle_n_m: Pair,
}

impl Limb {
    fn at(state: ArmState) -> Self {
        Self { state, muscle_n_m: [0.0; 2] }
    }

    /// One step; returns the torque that the muscles gave.
    fn step(&mut self, parameters: &ReachParameters, plan: &Plan, now: usize, command_n_m: Pair) -> Pair {
        let feedback = &parameters.feedback;
        let stretch = minus(plan.angle_rad(now), self.state.angle_rad);
        let spring = apply(&feedback.intrinsic_stiffness, stretch);
        let viscous = apply(&feedback.intrinsic_viscosity, self.state.velocity_rad_s);
        let support = parameters.arm.support_n_m(self.state.angle_rad);
        let mut torque = [0.0; 2];
        for j in 0..2 {
            let most = (parameters.strength_n_m[j] - parameters.weight_carried * support[j]).max(0.0);
            let command = command_n_m[j].clamp(-most, most);
            self.muscle_n_m[j] += (command - self.muscle_n_m[j]) * (STEP_S / MUSCLE_LAG_S);
            torque[j] = (self.muscle_n_m[j] + spring[j]).clamp(-most, most) - viscous[j];
        }
        self.state = parameters.arm.step(&self.state, torque, STEP_S);
        torque
    }
}

/// Feed-forward and the two feedback loops, N m.
fn command_n_m(
    parameters: &ReachParameters,
    plan: &Plan,
    now: usize,
    felt: &History,
    expected: &History,
    believed: &ArmState,
) -> Pair {
    let (feedback, cerebellum) = (&parameters.feedback, &parameters.cerebellum);

    let delay = feedback.spinal_delay_ms;
    let (angle, velocity) = plan.error(now.saturating_sub(delay), &felt.ago(delay));
    let spinal = sum(apply(&feedback.spinal_stiffness, angle), apply(&feedback.spinal_viscosity, velocity));

    let delay = feedback.long_latency_delay_ms;
    let (then, thought) = (felt.ago(delay), expected.ago(delay));
    let predicted = ArmState {
        angle_rad: sum(believed.angle_rad, minus(then.angle_rad, thought.angle_rad)),
        velocity_rad_s: sum(believed.velocity_rad_s, minus(then.velocity_rad_s, thought.velocity_rad_s)),
    };
    let (angle_predicted, velocity_predicted) = plan.error(now, &predicted);
    let (angle_delayed, velocity_delayed) = plan.error(now.saturating_sub(delay), &then);
    let eta = cerebellum.prediction;
    let blend = |a: Pair, b: Pair| [eta * a[0] + (1.0 - eta) * b[0], eta * a[1] + (1.0 - eta) * b[1]];
    let position = apply(&feedback.long_latency_stiffness, blend(angle_predicted, angle_delayed));
    let rate = apply(&feedback.long_latency_viscosity, blend(velocity_predicted, velocity_delayed));
    let demand = 1.0 + feedback.accuracy_demand * plan.progress(now);

    let forward = plan.feed_forward_n_m(now);
    [0, 1].map(|j| {
        let most = feedback.long_latency_limit * parameters.strength_n_m[j];
        let long_latency = demand * (cerebellum.feedback_gain * position[j] + rate[j]);
        let limited = if most > 0.0 { most * math::tanh(long_latency / most) } else { 0.0 };
        forward[j] + limited + cerebellum.fusimotor * spinal[j]
    })
}

/// States of the last steps.
struct History {
    states: Vec<ArmState>,
    newest: usize,
}

impl History {
    fn new(start: ArmState, parameters: &ReachParameters) -> Self {
        let longest = parameters.feedback.long_latency_delay_ms.max(parameters.feedback.spinal_delay_ms);
        Self { states: vec![start; longest + 1], newest: 0 }
    }

    fn push(&mut self, state: ArmState) {
        self.newest = (self.newest + 1) % self.states.len();
        self.states[self.newest] = state;
    }

    /// The state `steps` ago; 0 is the last pushed.
    fn ago(&self, steps: usize) -> ArmState {
        self.states[(self.newest + self.states.len() - steps) % self.states.len()]
    }
}

/// Signal-dependent noise of the two joints.
struct CommandNoise {
    deviation: Pair,
    stream: Stream,
}

impl CommandNoise {
    fn new(seed: Seed) -> Self {
        let mut stream = seed.stream("command noise");
        Self { deviation: [stream.normal(), stream.normal()], stream }
    }

    fn on(&mut self, command_n_m: Pair, strength_n_m: Pair) -> Pair {
        let rate = STEP_S / NOISE_CORRELATION_S;
        [0, 1].map(|j| {
            self.deviation[j] += -self.deviation[j] * rate + math::sqrt(2.0 * rate) * self.stream.normal();
            let sd = COMMAND_NOISE * command_n_m[j].abs() + RESTING_NOISE * strength_n_m[j];
            command_n_m[j] + sd * self.deviation[j]
        })
    }
}

pub(crate) fn sum(a: Pair, b: Pair) -> Pair {
    [a[0] + b[0], a[1] + b[1]]
}

pub(crate) fn minus(a: Pair, b: Pair) -> Pair {
    [a[0] - b[0], a[1] - b[1]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brain::basal_ganglia::{self, BasalGangliaParameters};
    use crate::brain::cerebellum::{self, CerebellumParameters, CerebellumReadOut};
    use crate::brain::oscillator::OscillatorParameters;
    use crate::brain::reach_measures::ReachMeasures;
    use crate::joint::arm::ArmParameters;

    fn ataxic(purkinje: f64, output: f64, person: u64) -> ReachParameters {
        let cerebellum = cerebellum::read_out(&CerebellumParameters { purkinje, output }, Seed::new(person));
        ReachParameters { cerebellum, ..ReachParameters::default() }
    }

    fn slowed(dopamine: f64) -> ReachParameters {
        let p = BasalGangliaParameters { dopamine, ..BasalGangliaParameters::default() };
        ReachParameters { vigour: basal_ganglia::read_out(&p).vigour, ..ReachParameters::default() }
    }

    fn weakened(share: f64) -> ReachParameters {
        let healthy = ReachParameters::default();
        ReachParameters { strength_n_m: healthy.strength_n_m.map(|s| s * share), ..healthy }
    }

    fn examined(p: &ReachParameters, trials: usize) -> Vec<ReachMeasures> {
        let traces = finger_nose(p, trials, Seed::new(1)).expect("within reach");
        for t in &traces {
            assert!(t.angle_rad.iter().flatten().chain(t.torque_n_m.iter().flatten()).all(|x| x.is_finite()));
            assert!(t.angle_rad.iter().flatten().all(|a| a.abs() < 4.0), "the arm turned round");
        }
        traces.iter().filter_map(ReachTrace::measures).collect()
    }

    fn mean(measures: &[ReachMeasures], of: impl Fn(&ReachMeasures) -> f64) -> f64 {
        measures.iter().map(of).sum::<f64>() / measures.len() as f64
    }

    #[test]
    fn healthy_reaches_are_straight_accurate_and_steady() {
        for (height_m, mass_kg) in [(1.774, 69.0), (1.55, 50.0), (1.95, 95.0)] {
            let p = ReachParameters { arm: ArmParameters::of_person(height_m, mass_kg), ..ReachParameters::default() };
            let all = examined(&p, 10);
            let time_s = mean(&all, |m| m.movement_time_s);
            assert!((0.5..0.8).contains(&time_s), "{time_s}");
            let ratio = mean(&all, |m| m.speed_ratio);
            assert!((1.6..2.1).contains(&ratio), "{ratio}");
            for m in all {
                assert!((0.45..0.9).contains(&m.movement_time_s), "{}", m.movement_time_s);
                assert!((1.5..2.2).contains(&m.speed_ratio), "{}", m.speed_ratio);
                assert!(m.endpoint_error_mm < 10.0 && m.first_stop_mm.abs() < 10.0, "{m:?}");
                assert!(m.path_curvature < 1.03 && m.terminal_tremor_mm < 2.0, "{m:?}");
            }
        }
    }

    #[test]
    fn reaches_in_every_direction_are_healthy() {
        let p = ReachParameters::default();
        for eighth in 0..8 {
            let task = ReachTask::outward(&p.arm, 0.2, f64::from(eighth) * std::f64::consts::FRAC_PI_4);
            let traces = reaches(&p, task, 5, Seed::new(2)).expect("within reach");
            for m in traces.iter().filter_map(ReachTrace::measures) {
                assert!(m.endpoint_error_mm < 10.0 && m.first_stop_mm.abs() < 12.0, "{eighth}: {m:?}");
                assert!(m.path_curvature < 1.08, "{eighth}: {m:?}");
            }
        }
    }

    #[test]
    fn nothing_lost_is_healthy_to_the_bit() {
        let task = ReachTask::nose_to_finger(&ArmParameters::default());
        let healthy = reach(&ReachParameters::default(), task, Seed::new(4)).expect("within reach");
        let silent = OscillatorParameters { amplitude: 0.0, frequency_hz: 8.0, suppressed_by_action: false };
        for same in [ataxic(1.0, 1.0, 77), slowed(1.0), ReachParameters { oscillator: silent, ..weakened(1.0) }] {
            assert_eq!(reach(&same, task, Seed::new(4)).expect("within reach"), healthy);
        }
        let other = reach(&ReachParameters::default(), task, Seed::new(5)).expect("within reach");
        assert_ne!(other.hand_x_m, healthy.hand_x_m);
    }

    #[test]
    fn cerebellar_loss_makes_dysmetria_and_terminal_tremor_in_step_with_it() {
        for person in [100, 101, 103] {
            let of = |loss: f64| examined(&ataxic(1.0 - loss, 1.0, person), 8);
            let levels: Vec<Vec<ReachMeasures>> = [0.0, 0.3, 0.5, 0.7, 0.9].into_iter().map(of).collect();
            for pair in levels.windows(2) {
                let rises = |of: fn(&ReachMeasures) -> f64| mean(&pair[1], of) > mean(&pair[0], of);
                assert!(rises(|m| m.overshoot_mm) && rises(|m| m.terminal_tremor_mm), "person {person}");
                assert!(rises(|m| m.path_curvature), "person {person}");
            }
            let worst = &levels[4];
            let hz = mean(worst, |m| m.terminal_frequency_hz);
            assert!((2.0..5.0).contains(&hz), "{hz}");
            assert!(mean(worst, |m| m.terminal_tremor_mm) > 10.0 && mean(worst, |m| m.overshoot_mm) > 20.0);
        }
    }

    #[test]
    fn without_prediction_the_tremor_is_at_2_to_5_hz_and_the_dentate_shakes_more() {
        for m in examined(&ataxic(0.0, 1.0, 100), 5) {
            assert!((2.0..5.0).contains(&m.terminal_frequency_hz), "{m:?}");
        }
        let (cortex, dentate) = (examined(&ataxic(0.5, 1.0, 100), 8), examined(&ataxic(1.0, 0.5, 100), 8));
        let tremor = |m: &ReachMeasures| m.terminal_tremor_mm;
        assert!(mean(&dentate, tremor) > 1.5 * mean(&cortex, tremor));
        // No tremor before the movement: it is of the end of a movement, not of rest.
        let p = ataxic(0.1, 1.0, 100);
        let trace = reach(&p, ReachTask::nose_to_finger(&p.arm), Seed::new(1)).expect("within reach");
        let before = (BEFORE_S / STEP_S) as usize - 60;
        let moved = trace.hand_x_m[..before].iter().map(|x| (x - trace.task.start_m[0]).abs()).fold(0.0, f64::max);
        assert!(moved < 0.005, "{moved}");
    }

    #[test]
    fn a_limb_taken_for_lighter_overshoots_more() {
        let at = |inertia_error: f64| {
            let healthy = CerebellumReadOut::healthy();
            let cerebellum = CerebellumReadOut { inertia_error, prediction: 0.5, ..healthy };
            let p = ReachParameters { cerebellum, ..ReachParameters::default() };
            mean(&examined(&p, 8), |m| m.first_stop_mm)
        };
        let (lighter, right, heavier) = (at(-0.4), at(0.0), at(0.4));
        assert!(lighter > right + 3.0 && lighter > heavier, "{lighter} {right} {heavier}");
    }

    #[test]
    fn lost_dopamine_is_slow_and_accurate() {
        let levels: Vec<Vec<ReachMeasures>> = [1.0, 0.6, 0.4, 0.2].map(|d| examined(&slowed(d), 6)).into();
        for pair in levels.windows(2) {
            assert!(mean(&pair[1], |m| m.movement_time_s) > mean(&pair[0], |m| m.movement_time_s));
            assert!(mean(&pair[1], |m| m.peak_velocity_m_s) < mean(&pair[0], |m| m.peak_velocity_m_s));
        }
        for m in &levels[3] {
            assert!(m.movement_time_s > 1.0 && m.endpoint_error_mm < 10.0 && m.terminal_tremor_mm < 2.0, "{m:?}");
            assert!(m.overshoot_mm < 10.0, "{m:?}");
        }
    }

    #[test]
    fn weakness_slows_then_fails_and_does_not_shake() {
        let (healthy, weak) = (examined(&weakened(1.0), 6), examined(&weakened(0.2), 6));
        assert!(mean(&weak, |m| m.movement_time_s) > 1.15 * mean(&healthy, |m| m.movement_time_s));
        assert!(weak.iter().all(|m| m.terminal_tremor_mm < 1.0 && m.endpoint_error_mm < 10.0));
        // A tenth of strength does not hold the arm out: the hand stays short of the finger.
        for m in examined(&weakened(0.1), 3).iter().step_by(2) {
            assert!(m.endpoint_error_mm > 100.0 && m.terminal_tremor_mm < 1.0, "{m:?}");
        }
        assert!(examined(&weakened(0.0), 2).is_empty(), "paralysed");
        // On a table the weak arm arrives.
        let on_table = ReachParameters { weight_carried: 0.0, ..weakened(0.1) };
        assert!(examined(&on_table, 3).iter().all(|m| m.endpoint_error_mm < 10.0));
    }

    #[test]
    fn tremor_drives_shake_the_held_hand_at_their_frequency() {
        let with = |amplitude: f64, frequency_hz: f64, suppressed_by_action: bool| {
            let oscillator = OscillatorParameters { amplitude, frequency_hz, suppressed_by_action };
            examined(&ReachParameters { oscillator, ..ReachParameters::default() }, 6)
        };
        let tremor = |m: &ReachMeasures| m.terminal_tremor_mm;
        let (mild, severe) = (with(0.3, 6.5, false), with(1.0, 6.5, false));
        assert!(mean(&severe, tremor) > 2.0 * mean(&mild, tremor) && mean(&mild, tremor) > 2.0);
        assert!((mean(&severe, |m| m.terminal_frequency_hz) - 6.5).abs() < 0.7);
        assert!(mean(&with(1.0, 4.9, true), tremor) < 0.5 * mean(&severe, tremor), "a rest tremor yields to reaching");
    }

    #[test]
    fn a_target_out_of_reach_is_an_error_and_trials_do_not_shift() {
        let p = ReachParameters::default();
        let far = ReachTask { start_m: [0.0, 0.4], target_m: [0.0, 0.9] };
        assert!(matches!(reach(&p, far, Seed::new(1)), Err(ReachError::OutOfReach { .. })));
        let few = finger_nose(&p, 1, Seed::new(1)).expect("within reach");
        let more = finger_nose(&p, 2, Seed::new(1)).expect("within reach");
        assert_eq!(few[..], more[..2]);
    }
}
