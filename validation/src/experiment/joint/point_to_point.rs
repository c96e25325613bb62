//! Velocity profile of self-paced point-to-point reaches.

use tonus_physiology::brain::cerebellum;
use tonus_physiology::brain::reach::{BEFORE_S, ReachParameters, ReachTask, STEP_S, reach};
use tonus_physiology::joint::arm::ArmParameters;
use tonus_physiology::math;
use tonus_physiology::random::Seed;

use super::super::muscle::preparation::reference;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "joint.point_to_point";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Bell-shaped velocity of a self-paced reach of 30 cm",
    source: "Flash & Hogan 1985 J Neurosci 5:1688",
    measures: &[
        MeasureInfo {
            name: "velocity_ratio",
            unit: "ratio",
            what: "peak over mean hand speed between 2 % of the way and 98 %, mean of 10 reaches",
        },
        MeasureInfo { name: "time_to_peak", unit: "ratio", what: "time to peak speed over movement time" },
        MeasureInfo { name: "duration", unit: "s", what: "movement time" },
    ],
    run,
};

/// Reaches.
const REACHES: usize = 10;
/// Distance, m.
const DISTANCE_M: f64 = 0.30;
/// Speed from which and down to which the hand moves, share of its peak: the tails of a minimum-jerk movement have none to be seen
/// (assumed 2 %, which takes a hundredth off the duration of the ideal profile's 1.875).
const MOVING_SHARE: f64 = 0.02;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let person = &body.person;
    let arm = ArmParameters::of_person(person.height_m, person.mass_kg);
    let parameters = ReachParameters {
        arm,
        cerebellum: cerebellum::read_out(&body.right.cerebellum, seed.child("cerebellum")),
        ..ReachParameters::default()
    };
    let whole = ReachTask::nose_to_finger(&parameters.arm);
    // The same line, 30 cm of it.
    let share = DISTANCE_M / whole.distance_m();
    let towards = |i: usize| whole.start_m[i] + share * (whole.target_m[i] - whole.start_m[i]);
    let task = ReachTask { target_m: [towards(0), towards(1)], ..whole };
    let (mut ratios, mut peaks, mut durations) = (Vec::new(), Vec::new(), Vec::new());
    let mut panel =
        Panel::new("Ten reaches of 30 cm; dashed: minimum jerk", "time (share of movement)", "speed (mean speed)");
    for trial in 0..REACHES {
        let trace = reach(&parameters, task, seed.index(trial))
            .map_err(|e| ExperimentError { experiment: ID, problem: e.to_string() })?;
        let path: Vec<(f64, f64)> = trace.hand_x_m.iter().copied().zip(trace.hand_y_m.iter().copied()).collect();
        let speed: Vec<f64> = path
            .windows(2)
            .map(|w| {
                let (dx, dy) = (w[1].0 - w[0].0, w[1].1 - w[0].1);
                math::sqrt(dx * dx + dy * dy) / STEP_S
            })
            .collect();
        let before = (BEFORE_S / STEP_S) as usize;
        let (peak_at, peak) =
            speed.iter().enumerate().skip(before).fold((0, 0.0), |m, (i, v)| if *v > m.1 { (i, *v) } else { m });
        let from = speed[..peak_at].iter().rposition(|v| *v < MOVING_SHARE * peak).unwrap_or(before);
        let to = peak_at + speed[peak_at..].iter().position(|v| *v < MOVING_SHARE * peak).unwrap_or(0);
        let span = &speed[from..to.max(from + 1)];
        let mean = span.iter().sum::<f64>() / span.len() as f64;
        ratios.push(peak / mean);
        peaks.push((peak_at - from) as f64 / span.len() as f64);
        durations.push(span.len() as f64 * STEP_S);
        let shape = span.iter().enumerate().map(|(i, v)| (i as f64 / span.len() as f64, v / mean)).collect();
        panel = panel.with("", Mark::Line, shape);
    }
    let ideal = (0..=100)
        .map(|i| {
            let s = 0.01 * f64::from(i);
            (s, 30.0 * s * s * (1.0 - s) * (1.0 - s))
        })
        .collect();
    panel = panel.with("", Mark::Dashed, ideal).published((0.45, 0.5), (1.6, 2.1));
    let values = vec![
        Value::mean_of("velocity_ratio", &ratios),
        Value::mean_of("time_to_peak", &peaks),
        Value::mean_of("duration", &durations),
    ];
    Ok(Observation { values, figure: Figure { panels: vec![panel] } })
}
