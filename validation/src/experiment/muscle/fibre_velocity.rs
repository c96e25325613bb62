//! Conduction velocity of muscle fibres from two surface channels along them.

use tonus_body::Muscle;
use tonus_physiology::field::fibre_source::{ActionPotential, Conductor, FibreGeometry, finite_fibre_potential};
use tonus_physiology::math;
use tonus_physiology::muscle::fibre::velocity_m_s;
use tonus_physiology::random::Seed;

use super::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};
use crate::statistic::line;

const ID: &str = "muscle.fibre_velocity";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Muscle fibre conduction velocity: unit potentials on two differential channels, tibialis anterior",
    source: "protocol of Andreassen & Arendt-Nielsen 1987 J Physiol 391:561",
    measures: &[
        MeasureInfo { name: "velocity", unit: "m/s", what: "distance over delay of the channels, mean of the units" },
        MeasureInfo {
            name: "slope",
            unit: "m/s",
            what: "velocity of the last unit recruited less that of the first, by regression",
        },
    ],
    run,
};

/// Electrodes from the middle of the endplate zone along the fibres, mm: two pairs, 10 mm within and between pairs.
const ELECTRODES_MM: [f64; 3] = [12.0, 22.0, 32.0];
/// Distance between the centres of the channels, mm.
const BETWEEN_MM: f64 = 10.0;
/// Units measured, evenly over the pool.
const UNITS: usize = 24;
/// Fibres that stand for one unit.
const FIBRES: usize = 24;
/// Sampling, ms.
const STEP_MS: f64 = 0.05;
/// Time recorded, ms.
const WINDOW_MS: f64 = 25.0;
/// Longest delay searched, ms: 1.6 m/s over the distance.
const LONGEST_MS: f64 = 6.0;

/// Both differential channels of one unit.
fn channels(m: &Muscle, unit: usize, seed: Seed) -> [Vec<f64>; 2] {
    let ap = ActionPotential { lambda_per_mm: 1.0 };
    let conductor = Conductor::SURFACE;
    let samples = (WINDOW_MS / STEP_MS) as usize;
    let (mut near, mut far) = (vec![0.0; samples], vec![0.0; samples]);
    let p = &m.fibres;
    let unit_um = p.unit_diameter_um(unit, m.pool.units);
    let half = 0.5 * p.length_mm;
    let mut stream = seed.index(unit).stream("fibres");
    for _ in 0..FIBRES {
        let diameter = p.fibre_diameter_um(unit_um, stream.normal());
        let endplate = p.endplate_sd_mm * stream.normal();
        let depth = p.depth_mm + 10.0 * stream.uniform();
        let (velocity, gain) = (velocity_m_s(diameter), conductor.gain_mm2(diameter));
        for (k, (near, far)) in near.iter_mut().zip(&mut far).enumerate() {
            let front = velocity * k as f64 * STEP_MS;
            let at = ELECTRODES_MM.map(|electrode| {
                let geometry = FibreGeometry {
                    electrode_mm: electrode - endplate,
                    first_half_mm: half - endplate,
                    second_half_mm: half + endplate,
                };
                gain * finite_fibre_potential(&ap, &conductor, &geometry, depth, front, 0.5)
            });
            *near += at[0] - at[1];
            *far += at[1] - at[2];
        }
    }
    [near, far]
}

/// Delay of the second channel at the largest cross-correlation, with a parabola through its neighbours, ms.
fn delay_ms(near: &[f64], far: &[f64]) -> f64 {
    let at = |lag: usize| near.iter().zip(&far[lag..]).map(|(a, b)| a * b).sum::<f64>();
    let lags = (LONGEST_MS / STEP_MS) as usize;
    let best = (1..lags).map(|lag| (lag, at(lag))).fold((0, f64::NEG_INFINITY), |m, x| if x.1 > m.1 { x } else { m }).0;
    if best == 0 {
        return f64::NAN;
    }
    let (before, here, after) = (at(best - 1), at(best), at(best + 1));
    let curve = before - 2.0 * here + after;
    let offset = if curve < 0.0 { 0.5 * (before - after) / curve } else { 0.0 };
    (best as f64 + offset) * STEP_MS
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let m = muscle(ID, &body, "tibialis_anterior")?;
    let mut points = Vec::new();
    let mut shown = None;
    for i in 0..UNITS {
        let share = (i as f64 + 0.5) / UNITS as f64;
        let unit = (share * m.pool.units as f64) as usize;
        let [near, far] = channels(m, unit, seed);
        points.push((100.0 * share, BETWEEN_MM / delay_ms(&near, &far)));
        if i == UNITS / 2 {
            shown = Some([near, far]);
        }
    }
    let velocities: Vec<f64> = points.iter().map(|p| p.1).collect();
    let slope = line(&points).0;
    let [near, far] = shown.unwrap_or_default();
    let largest = near.iter().fold(0.0_f64, |a, b| a.max(math::sqrt(b * b)));
    let trace = |channel: &[f64], shift: f64| {
        channel.iter().enumerate().map(|(k, v)| (k as f64 * STEP_MS, v / largest + shift)).collect::<Vec<_>>()
    };
    let waves = Panel::new(
        "One unit: near channel, and 10 mm on (below)",
        "time after the endplate (ms)",
        "potential (share of peak)",
    )
    .with("", Mark::Line, trace(&near, 0.0))
    .with("", Mark::Line, trace(&far, -2.0));
    let all = Panel::new("Units of tibialis anterior", "rank in recruitment (% of the pool)", "velocity (m/s)")
        .with("", Mark::Dots, points)
        .published((0.0, 100.0), (3.0, 5.0));
    let values = vec![Value::mean_of("velocity", &velocities), Value::single("slope", 100.0 * slope)];
    Ok(Observation { values, figure: Figure { panels: vec![waves, all] } })
}
