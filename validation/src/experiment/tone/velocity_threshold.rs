//! The slowest stretch of the relaxed elbow flexors that evokes a reflex.

use tonus_body::Body;
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::patient::patient;
use super::stretch::{Elbow, PER_MS, REST_MS, Stretch};
use crate::experiment::muscle::preparation::man;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "tone.velocity_threshold";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Slowest extension of the relaxed elbow that evokes a biceps reflex",
    source: "Thilmann, Fellows & Garms 1991 Brain 114:233",
    measures: &[
        MeasureInfo { name: "healthy", unit: "deg/s", what: "threshold velocity, mean of three healthy men" },
        MeasureInfo {
            name: "spastic",
            unit: "deg/s",
            what: "threshold velocity, mean of three men (one lesion, three draws of fibres and noise) 6 months after stroke",
        },
        MeasureInfo { name: "spastic_mild", unit: "deg/s", what: "the same after a milder stroke" },
    ],
    run,
};

/// Velocities tried, in steps of 25 deg/s.
const STEP_DEG_S: f64 = 25.0;
const FASTEST_DEG_S: f64 = 400.0;
/// The ramp: 70 degrees.
const FROM_RAD: f64 = 1.92;
const TO_RAD: f64 = 0.698;
/// A reflex is rectified EMG, mean of 10 ms, this many SD of that of rest above its mean.
const DEVIATIONS: f64 = 3.0;
const WINDOW_MS: usize = 10;

/// Rectified EMG in windows of 10 ms.
fn windows(stretch: &Stretch) -> Vec<f64> {
    let width = WINDOW_MS * PER_MS;
    stretch.emg_mv.chunks_exact(width).map(|w| w.iter().map(|x| x.abs()).sum::<f64>() / width as f64).collect()
}

/// Largest rectified EMG of the movement above that of rest, mV, and whether it is a reflex: two windows in a row over the criterion.
fn reflex(stretch: &Stretch) -> (f64, bool) {
    let all = windows(stretch);
    let (rest, moving) = all.split_at(REST_MS / WINDOW_MS);
    // The first windows hold the limb's own settling.
    let rest = rest.get(20..).unwrap_or(rest);
    let mean = rest.iter().sum::<f64>() / rest.len() as f64;
    let sd = crate::statistic::spread(rest).unwrap_or(0.0);
    let over = |x: &f64| *x > mean + DEVIATIONS * sd;
    let largest = moving.iter().fold(0.0_f64, |most, x| most.max(x - mean));
    (largest, moving.windows(2).any(|w| w.iter().all(over)))
}

/// Velocity at which a reflex is first evoked, deg/s, if any is, and size of the reflex, uV, against velocity, deg/s.
type Threshold = (Option<f64>, Vec<(f64, f64)>);

/// Threshold and sizes up to it, or `beyond` it to the fastest stretch.
fn threshold(body: &Body, beyond: bool, seed: Seed) -> Result<Threshold, ExperimentError> {
    let elbow = Elbow::new(ID, body, Side::Right, seed)?;
    let mut found = None;
    let mut sizes = Vec::new();
    let mut velocity = STEP_DEG_S;
    while velocity <= FASTEST_DEG_S {
        let trial = elbow.stretch(FROM_RAD, TO_RAD, velocity.to_radians(), seed.index(velocity as usize));
        let (size, evoked) = reflex(&trial);
        sizes.push((velocity, 1e3 * size));
        if evoked && found.is_none() {
            found = Some(velocity);
            if !beyond {
                break;
            }
        }
        velocity += STEP_DEG_S;
    }
    Ok((found, sizes))
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let mut panel =
        Panel::new("Biceps EMG of the stretch", "velocity of extension (deg/s)", "rectified EMG, largest 10 ms (uV)");
    let mut dots = Panel::new("Threshold velocity", "healthy 1, stroke 2, milder 3", "threshold (deg/s)")
        .published((0.7, 1.3), (175.0, 350.0))
        .published((1.7, 2.3), (20.0, 100.0));
    let mut values = Vec::new();
    let groups: [(&str, &str, Option<f64>); 3] =
        [("healthy", "healthy", None), ("spastic", "stroke", None), ("spastic_mild", "milder stroke", Some(0.3))];
    for (place, (measure, label, severity)) in groups.into_iter().enumerate() {
        let mut found = Vec::new();
        for i in 0..3 {
            let body =
                if place == 0 { man(ID, 55.0, 1.75, 75.0)? } else { patient(ID, "stroke-mca", Some("6mo"), severity)? };
            let (velocity, sizes) = threshold(&body, i == 0, seed.child(measure).index(i))?;
            if i == 0 {
                panel = panel.with(label, Mark::Line, sizes);
            }
            // One without a reflex counts as the step after the fastest: a lower bound, where leaving him out would lower the mean.
            found.push(velocity.or(Some(FASTEST_DEG_S + STEP_DEG_S)));
        }
        let points = found.iter().enumerate().filter_map(|(i, v)| Some((place as f64 + 0.9 + 0.1 * i as f64, (*v)?)));
        dots = dots.with("", Mark::Dots, points.collect());
        values.push(Value::of(measure, &found));
    }
    Ok(Observation { values, figure: Figure { panels: vec![panel, dots] } })
}
