//! Resistance of the passive elbow against velocity: it grows in spasticity and hardly does in rigidity.

use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::patient::patient;
use super::stretch::{Elbow, REST_MS};
use crate::experiment::muscle::preparation::man;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "tone.resistance";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Torque against passive extension of the elbow from 10 to 300 deg/s: health, spasticity, rigidity",
    source: "Lance 1980 (spasticity grows with velocity); rigidity, which hardly does: clinical consensus",
    measures: &[
        MeasureInfo { name: "healthy_ratio", unit: "ratio", what: "mean torque at 90 over 15 deg/s, healthy man" },
        MeasureInfo { name: "spastic_ratio", unit: "ratio", what: "the same, 6 months after stroke" },
        MeasureInfo { name: "rigid_ratio", unit: "ratio", what: "the same, Parkinson's disease" },
        MeasureInfo {
            name: "spastic_growth",
            unit: "N m",
            what: "torque above the healthy man's at 300 less that at 10 deg/s, stroke",
        },
        MeasureInfo { name: "rigid_growth", unit: "N m", what: "the same, Parkinson's disease" },
    ],
    run,
};

const VELOCITIES_DEG_S: [f64; 8] = [10.0, 15.0, 30.0, 60.0, 90.0, 150.0, 220.0, 300.0];
/// Velocity of the traces drawn, deg/s.
const DRAWN_DEG_S: f64 = 220.0;
/// From 110 to 40 degrees of flexion.
const FROM_RAD: f64 = 1.92;
const TO_RAD: f64 = 0.698;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let bodies = [
        ("healthy", man(ID, 55.0, 1.75, 75.0)?),
        ("spastic", patient(ID, "stroke-mca", Some("6mo"), None)?),
        ("rigid", patient(ID, "parkinson", None, None)?),
    ];
    let mut curves = Vec::new();
    let mut torque = Panel::new("Mean torque", "velocity (deg/s)", "resistance (N m)");
    let mut traces = Panel::new(format!("Torque at {DRAWN_DEG_S} deg/s"), "elbow flexion (deg)", "resistance (N m)");
    for (name, body) in &bodies {
        let elbow = Elbow::new(ID, body, Side::Right, seed.child(name))?;
        let mut curve = Vec::new();
        for velocity in VELOCITIES_DEG_S {
            let trial =
                elbow.stretch(FROM_RAD, TO_RAD, velocity.to_radians(), seed.child(name).index(velocity as usize));
            curve.push((velocity, trial.mean_torque()));
            if velocity == DRAWN_DEG_S {
                let moving = REST_MS..REST_MS + trial.moving_ms;
                let of = |ms: usize| Some((trial.angle_rad.get(ms)?.to_degrees(), *trial.torque_n_m.get(ms)?));
                traces = traces.with(*name, Mark::Line, moving.filter_map(of).collect());
            }
        }
        torque = torque.with(*name, Mark::Line, curve.clone());
        curves.push(curve);
    }
    let at =
        |curve: &[(f64, f64)], velocity: f64| curve.iter().find(|(v, _)| *v == velocity).map_or(f64::NAN, |(_, t)| *t);
    let ratio = |i: usize| at(&curves[i], 90.0) / at(&curves[i], 15.0);
    let growth = |i: usize| {
        let over = |v: f64| at(&curves[i], v) - at(&curves[0], v);
        over(300.0) - over(10.0)
    };
    let mut above = Panel::new("Torque above the healthy man's", "velocity (deg/s)", "N m");
    for (i, (name, _)) in bodies.iter().enumerate().skip(1) {
        let points = curves[i].iter().map(|(v, t)| (*v, t - at(&curves[0], *v))).collect();
        above = above.with(*name, Mark::Line, points);
    }
    let values = vec![
        Value::single("healthy_ratio", ratio(0)),
        Value::single("spastic_ratio", ratio(1)),
        Value::single("rigid_ratio", ratio(2)),
        Value::single("spastic_growth", growth(1)),
        Value::single("rigid_growth", growth(2)),
    ];
    Ok(Observation { values, figure: Figure { panels: vec![torque, above, traces] } })
}
