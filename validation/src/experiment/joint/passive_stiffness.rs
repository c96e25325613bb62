//! Stiffness of the relaxed elbow and ankle, moved by a motor.

use tonus_body::Body;
use tonus_exam::Subject;
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::math;
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::super::muscle::preparation::reference;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};
use crate::statistic::line;

const ID: &str = "joint.passive_stiffness";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Stiffness of the relaxed elbow (sinusoids and a step) and ankle (slow dorsiflexion)",
    source: "MacKay, Crammond, Kwan & Murphy 1986 J Biomech 19:231; Weiss, Kearney & Hunter 1986 J Biomech 19:727",
    measures: &[
        MeasureInfo {
            name: "elbow",
            unit: "N m/rad",
            what: "torque in phase over amplitude, 0.3 rad about 90 deg at 0.5 Hz",
        },
        MeasureInfo { name: "elbow_small", unit: "N m/rad", what: "the same at 0.02 rad" },
        MeasureInfo {
            name: "elbow_step_decay",
            unit: "ratio",
            what: "share of the torque of a step of 0.05 rad lost within 1 s",
        },
        MeasureInfo {
            name: "ankle",
            unit: "N m/rad",
            what: "slope of torque over 0 to 10 deg of dorsiflexion at 5 deg/s",
        },
    ],
    run,
};

/// Middle of the elbow's movement, rad.
const ELBOW_RAD: f64 = std::f64::consts::FRAC_PI_2;
/// Frequency of the sinusoids, Hz.
const SINUSOID_HZ: f64 = 0.5;
/// Amplitudes of the sinusoids, rad.
const AMPLITUDES_RAD: [f64; 6] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3];
/// Size and time of the step, rad and ms.
const STEP_RAD: f64 = 0.05;
const STEP_MS: f64 = 50.0;
/// Dorsiflexion, deg/s, from 10 degrees plantarflexed.
const DORSIFLEXION_DEG_S: f64 = 5.0;

/// Resistance of the relaxed joint (against increasing angle) along a course of angles, one a millisecond, N m.
fn resistance(body: &Body, joint: &str, course: &[f64], seed: Seed) -> Result<Vec<f64>, ExperimentError> {
    let subject = Subject::new(body, seed.stream("subject").bits());
    let model =
        subject.limb(ID, Side::Right, joint).map_err(|e| ExperimentError { experiment: ID, problem: e.to_string() })?;
    let start = course.first().copied().unwrap_or(0.0);
    let mut limb = Limb::new(&model, seed, start);
    let mut before = start;
    Ok(course
        .iter()
        .map(|angle_rad| {
            let imposed = Some(Imposed { angle_rad: *angle_rad, velocity_rad_s: (angle_rad - before) * 1e3 });
            before = *angle_rad;
            -limb.step_ms(&model, &LimbInput { imposed, ..LimbInput::default() }).torque_n_m
        })
        .collect())
}

/// Torque in phase with a sinusoid of this amplitude over the amplitude, last of two cycles, N m/rad; with the loop.
fn sinusoid(body: &Body, amplitude: f64, seed: Seed) -> Result<(f64, Vec<(f64, f64)>), ExperimentError> {
    let cycle = (1e3 / SINUSOID_HZ) as usize;
    let phase = |ms: usize| math::sin(std::f64::consts::TAU * ms as f64 / cycle as f64);
    let course: Vec<f64> = (0..2 * cycle).map(|ms| ELBOW_RAD + amplitude * phase(ms)).collect();
    let torque = resistance(body, "elbow", &course, seed)?;
    let in_phase = (cycle..2 * cycle).map(|ms| torque[ms] * phase(ms)).sum::<f64>() * 2.0 / cycle as f64;
    let path = (cycle..2 * cycle).step_by(10).map(|ms| ((course[ms] - ELBOW_RAD), torque[ms])).collect();
    Ok((in_phase / amplitude, path))
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let mut stiffness = Vec::new();
    let mut paths = Vec::new();
    for amplitude in AMPLITUDES_RAD {
        let (k, path) = sinusoid(&body, amplitude, seed)?;
        stiffness.push((amplitude, k));
        paths.push(path);
    }
    // A step held for 1 s after rest.
    let step: Vec<f64> =
        (0..2100).map(|ms| ELBOW_RAD + STEP_RAD * ((f64::from(ms) - 1000.0) / STEP_MS).clamp(0.0, 1.0)).collect();
    let torque = resistance(&body, "elbow", &step, seed)?;
    let rest = torque[900..1000].iter().sum::<f64>() / 100.0;
    let peak = torque[1000..1100].iter().fold(0.0_f64, |m, t| m.max(t - rest));
    let late = torque[2000..2050].iter().sum::<f64>() / 50.0 - rest;

    let ms = (30.0 / DORSIFLEXION_DEG_S * 1e3) as usize;
    let course: Vec<f64> = (0..ms).map(|ms| (-15.0 + DORSIFLEXION_DEG_S * ms as f64 * 1e-3).to_radians()).collect();
    let ankle = resistance(&body, "ankle", &course, seed)?;
    let points: Vec<(f64, f64)> = course.iter().zip(&ankle).map(|(q, t)| (*q, *t)).collect();
    let within: Vec<(f64, f64)> =
        points.iter().copied().filter(|(q, _)| (0.0..=10.0_f64.to_radians()).contains(q)).collect();
    let slope = line(&within).0;

    let of = |amplitude: f64| stiffness.iter().find(|(a, _)| *a == amplitude).map_or(f64::NAN, |(_, k)| *k);
    let over = Panel::new("Elbow about 90 deg, 0.5 Hz", "amplitude (rad)", "stiffness (N m/rad)")
        .with("", Mark::Line, stiffness.clone())
        .with("", Mark::Dots, stiffness.clone())
        .published((0.1, 0.3), (0.6, 3.0));
    let mut loops =
        Panel::new("Elbow, torque over angle, 0.02 to 0.3 rad", "angle from 90 deg (rad)", "resistance (N m)");
    for i in [1, 3, 5] {
        loops = loops.with("", Mark::Line, paths[i].clone());
    }
    let stepped = Panel::new("Elbow, step of 0.05 rad", "time (s)", "resistance above rest (N m)").with(
        "",
        Mark::Line,
        (900..2050).map(|ms| ((ms as f64 - 1000.0) * 1e-3, torque[ms] - rest)).collect(),
    );
    let title = format!("Ankle, 5 deg/s: {slope:.0} N m/rad at 0-10 deg");
    let moved = Panel::new(title, "dorsiflexion (deg)", "resistance (N m)").with(
        "",
        Mark::Line,
        points.iter().map(|(q, t)| (q.to_degrees(), *t)).collect(),
    );
    let values = vec![
        Value::single("elbow", of(0.3)),
        Value::single("elbow_small", of(0.02)),
        Value::single("elbow_step_decay", (peak - late) / peak),
        Value::single("ankle", slope),
    ];
    Ok(Observation { values, figure: Figure { panels: vec![over, loops, stepped, moved] } })
}
