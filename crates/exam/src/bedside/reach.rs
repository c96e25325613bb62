//! Reaching from the nose to the examiner's finger: speed, accuracy, path, terminal tremor.

use tonus_physiology::brain::cerebellum;
use tonus_physiology::brain::reach::{ReachParameters, ReachTask, reach};
use tonus_physiology::joint::arm::ArmParameters;
use tonus_physiology::limb::{Imposed, Limb, LimbInput, LimbModel};
use tonus_physiology::random::Seed;
use tonus_signal::measures::reach::Reach;
use tonus_signal::measures::{mean, median, reach as reach_measures};
use tonus_signal::{Measure, Recording, Side, Study, Value};

use crate::bedside::{EXTENSOR, FLEXOR, TRACE_HZ};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const ID: &str = "bedside.coordination.reach";

/// Finger-nose reach.
pub const ITEM: Item = Item {
    id: ID,
    title: "Reaching: nose to finger",
    protocol: "Unsupported arm in the horizontal plane; from before the nose to a target at 0.7 of arm length, repeated; \
               position of the fingertip.",
    source: "finger-nose test; kinematic measures as Bhanpuri, Okamura & Bastian 2014 Brain 137:1931",
    parameters: &[ParameterInfo {
        name: "trials",
        unit: "1",
        default: 10.0,
        low: 1.0,
        high: 200.0,
        whole: true,
        meaning: "reaches averaged",
    }],
    measures: &[
        MeasureInfo {
            name: "movement_time",
            unit: "s",
            meaning: "time the hand moves faster than 5 cm/s, median of the trials",
        },
        MeasureInfo { name: "peak_velocity", unit: "m/s", meaning: "largest hand speed, median of the trials" },
        MeasureInfo {
            name: "endpoint_error",
            unit: "mm",
            meaning: "distance from the target when the movement ends, mean of the trials",
        },
        MeasureInfo {
            name: "overshoot",
            unit: "mm",
            meaning: "farthest beyond the target along the line of the reach, mean of the trials",
        },
        MeasureInfo {
            name: "path_curvature",
            unit: "1",
            meaning: "path to arrival over straight distance, median of the trials",
        },
        MeasureInfo {
            name: "terminal_tremor",
            unit: "mm",
            meaning: "peak-to-trough oscillation after arrival of 2 Hz or more, mean of the trials",
        },
        MeasureInfo {
            name: "terminal_frequency",
            unit: "Hz",
            meaning: "frequency of that oscillation where it exceeds 3 mm, median of the trials",
        },
    ],
    run,
};

/// Time of the effort that tells strength: to rise, and to be averaged, ms.
const EFFORT_MS: (usize, usize) = (400, 200);

/// Share of its healthy force that a muscle group makes at maximal effort.
fn effort(model: &LimbModel, group: usize, angle_rad: f64, seed: Seed) -> f64 {
    let mut limb = Limb::new(model, seed, angle_rad);
    let mut input = LimbInput { imposed: Some(Imposed { angle_rad, velocity_rad_s: 0.0 }), ..LimbInput::default() };
    input.command[group] = 1.0;
    let mut sum = 0.0;
    for ms in 0..EFFORT_MS.0 + EFFORT_MS.1 {
        let output = limb.step_ms(model, &input);
        if ms >= EFFORT_MS.0 {
            sum += output.activation[group];
        }
    }
    sum / EFFORT_MS.1 as f64
}

/// Strength below which the arm cannot be carried to a target, share of healthy: holding it out against gravity takes about a fifth
/// of it (MRC grade 3; assumed). Coordination is then not tested.
const LEAST_STRENGTH: f64 = 0.2;

/// Oscillation at the target below this is not called a tremor, mm (assumed, as its norm).
const TREMOR_MM: f64 = 3.0;
/// Slower than this it is a correction, not a tremor, Hz.
const SLOWEST_HZ: f64 = 2.0;

/// Oscillation at the target faster than a correction, mm.
fn tremor_mm(reach: &Reach) -> f64 {
    if reach.terminal_frequency_hz.is_some_and(|f| f >= SLOWEST_HZ) { reach.terminal_amplitude_mm } else { 0.0 }
}

fn run(subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let half = subject.half(side);
    let seed = subject.noise(ID, side);
    let person = &subject.body().person;
    let joint = subject.joint(ID, side, "elbow")?;
    // The reach is driven by both muscles of the elbow; the shoulder's share their segments and are taken to be as strong.
    let model = subject.limb(ID, side, "elbow")?;
    let angle = joint.hinge.rest_angle_rad;
    let strength = [FLEXOR, EXTENSOR].map(|group| effort(&model, group, angle, seed.index(group)));
    let share = mean(&strength).unwrap_or(0.0);
    if share < LEAST_STRENGTH {
        let unable = |info: &MeasureInfo| Measure::new(info.name, Value::NotEvocable, info.unit);
        let measures = ITEM.measures.iter().map(unable).collect();
        return Ok(Study { item: ID.to_owned(), side, measures, recordings: vec![], wall_ms: 0.0 });
    }
    let ganglia = subject.basal_ganglia(side);
    let arm = ArmParameters::of_person(person.height_m, person.mass_kg);
    let healthy = ReachParameters { arm, ..ReachParameters::default() };
    let reach_parameters = ReachParameters {
        strength_n_m: healthy.strength_n_m.map(|torque| torque * share),
        cerebellum: cerebellum::read_out(&half.cerebellum, subject.anatomy_seed(side, "cerebellum")),
        vigour: ganglia.vigour,
        oscillator: half.arm_oscillator.clone(),
        ..healthy
    };
    let task = ReachTask::nose_to_finger(&reach_parameters.arm);
    let mut reaches: Vec<Reach> = Vec::new();
    let mut recordings = Vec::new();
    let trials = parameters.count("trials");
    for trial in 0..trials {
        let trace = reach(&reach_parameters, task, seed.index(trial))
            .map_err(|e| ExamError::Protocol { item: ID.to_owned(), problem: e.to_string() })?;
        let target = (task.target_m[0], task.target_m[1]);
        if let Some(found) = reach_measures::reach(&trace.hand_x_m, &trace.hand_y_m, TRACE_HZ, target) {
            reaches.push(found);
        }
        if trial < 5 {
            recordings.push(
                Recording::titled(format!("Reach {}", trial + 1))
                    .with_channel("hand x", "m", TRACE_HZ, trace.hand_x_m)
                    .with_channel("hand y", "m", TRACE_HZ, trace.hand_y_m)
                    .with_mark(0.0, &format!("target at {:.4} m, {:.4} m", target.0, target.1)),
            );
        }
    }
    let all = |f: fn(&Reach) -> f64| reaches.iter().map(f).collect::<Vec<_>>();
    let curvature: Vec<f64> = reaches.iter().filter_map(|r| r.path_curvature).collect();
    let frequency: Vec<f64> =
        reaches.iter().filter(|r| tremor_mm(r) > TREMOR_MM).filter_map(|r| r.terminal_frequency_hz).collect();
    let measures = vec![
        Measure::new("movement_time", median(&all(|r| r.movement_time_s)), "s"),
        Measure::new("peak_velocity", median(&all(|r| r.peak_speed_m_s)), "m/s"),
        Measure::new("endpoint_error", mean(&all(|r| r.endpoint_error_mm)), "mm"),
        Measure::new("overshoot", mean(&all(|r| r.overshoot_mm)), "mm"),
        Measure::new("path_curvature", median(&curvature), "1"),
        Measure::new("terminal_tremor", mean(&all(tremor_mm)), "mm"),
        Measure::new("terminal_frequency", median(&frequency), "Hz"),
    ];
    Ok(Study { item: ID.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}
