//! Isotonic release and ramp stretch of tetanised fibres.

use tonus_body::Muscle;
use tonus_physiology::random::Seed;

use super::preparation::{fibre_force_n, muscle, reference, tetanus};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};
use crate::statistic::line;

const ID: &str = "muscle.force_velocity";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Force-velocity: isotonic release from a tetanus, and ramp stretch, vastus lateralis",
    source: "protocol of Hill 1938 Proc R Soc B 126:136; range of PMC3217276, Fig. 2",
    measures: &[
        MeasureInfo { name: "vmax", unit: "L0/s", what: "shortening velocity of unloaded fibres (slack test)" },
        MeasureInfo {
            name: "vmax_hill",
            unit: "L0/s",
            what: "velocity at no load of Hill's hyperbola through the releases",
        },
        MeasureInfo {
            name: "eccentric",
            unit: "ratio",
            what: "largest force in a stretch at 1 to 10 L0/s over isometric force",
        },
        MeasureInfo { name: "peak_power_load", unit: "F0", what: "load at which power is largest" },
    ],
    run,
};

/// Step of the lever, s.
const STEP_S: f64 = 1e-4;
/// Length from which the lever is let go, and that at which velocity is read, l0.
const RELEASE_L0: (f64, f64) = (1.05, 1.0);

/// Velocity at which the fibres carry `load` (of their maximum) as they pass optimal length, L0/s, shortening positive.
fn release(fibres: &Muscle, activation: f64, maximum: f64, load: f64) -> f64 {
    let mut length = RELEASE_L0.0;
    let mut velocity = 0.0;
    while length > RELEASE_L0.1 {
        // The lever moves as fast as leaves its load on the fibres.
        let (mut slow, mut fast) = (0.0, 15.0);
        for _ in 0..50 {
            let v = 0.5 * (slow + fast);
            if fibre_force_n(fibres, activation, length, -v) > load * maximum {
                slow = v;
            } else {
                fast = v;
            }
        }
        velocity = 0.5 * (slow + fast);
        if velocity < 1e-6 {
            return 0.0;
        }
        length -= velocity * STEP_S;
    }
    velocity
}

/// Hill's constants by least squares of (1 - P) = (v/b)(P + a) on the releases; velocity at no load b/a.
fn hill(points: &[(f64, f64)]) -> f64 {
    // (1 - P)/v = P/b + a/b: a straight line in P.
    let over_load: Vec<(f64, f64)> =
        points.iter().filter(|(_, v)| *v > 0.0).map(|(p, v)| (*p, (1.0 - p) / v)).collect();
    1.0 / line(&over_load).1
}

/// Largest force of a ramp from 0.95 to 1.05 optimal lengths over the isometric force.
fn stretch(fibres: &Muscle, activation: f64, maximum: f64, speed: f64) -> f64 {
    let steps = (0.1 / speed / STEP_S).ceil().max(1.0) as usize;
    (0..=steps)
        .map(|i| fibre_force_n(fibres, activation, 0.95 + 0.1 * i as f64 / steps as f64, speed) / maximum)
        .fold(0.0, f64::max)
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let fibres = muscle(ID, &body, "vastus_lateralis")?;
    let activation = tetanus(fibres, seed);
    let maximum = fibre_force_n(fibres, activation, 1.0, 0.0);
    let loads: Vec<f64> = (1..=18).map(|i| 0.05 * f64::from(i)).collect();
    let points: Vec<(f64, f64)> = loads.iter().map(|p| (*p, release(fibres, activation, maximum, *p))).collect();
    let unloaded = release(fibres, activation, maximum, 0.0);
    let from_loads = hill(&points);
    let ramps: Vec<(f64, f64)> = [0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0]
        .iter()
        .map(|v| (*v, stretch(fibres, activation, maximum, *v)))
        .collect();
    let eccentric = ramps.iter().filter(|(v, _)| *v >= 1.0).map(|(_, f)| *f).fold(0.0, f64::max);
    let power: Vec<(f64, f64)> = points.iter().map(|(p, v)| (*p, p * v)).collect();
    let peak = power.iter().fold((0.0, 0.0), |m: (f64, f64), x| if x.1 > m.1 { *x } else { m });
    let mut curve: Vec<(f64, f64)> = points.iter().rev().map(|(p, v)| (-v, *p)).collect();
    curve.reverse();
    curve.insert(0, (-unloaded, 0.0));
    let shortening =
        Panel::new("Isotonic release and ramp stretch", "velocity (l0/s), lengthening positive", "force (F0)")
            .with("releases", Mark::Dots, curve)
            .with("ramps", Mark::Dots, ramps)
            .published((-12.0, -6.0), (0.0, 0.04))
            .published((1.0, 10.0), (1.0, 1.5));
    let power_panel = Panel::new("Power", "load (F0)", "power (F0 l0/s)").with("", Mark::Line, power);
    let values = vec![
        Value::single("vmax", unloaded),
        Value::single("vmax_hill", from_loads),
        Value::single("eccentric", eccentric),
        Value::single("peak_power_load", peak.0),
    ];
    Ok(Observation { values, figure: Figure { panels: vec![shortening, power_panel] } })
}
