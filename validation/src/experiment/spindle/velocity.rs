//! How the dynamic response of the primary ending grows with velocity, in the cat and in man, and with length.

use tonus_physiology::math;
use tonus_physiology::random::Seed;
use tonus_physiology::receptor::fusimotor::Fusimotor;
use tonus_physiology::receptor::spindle::SpindleModel;

use super::stretch::Ramp;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};
use crate::statistic::line;

const ID: &str = "spindle.velocity";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Dynamic response of the primary ending over velocity, cat and man, and over length, cat",
    source: "Prochazka & Gorassini 1998 J Physiol 507:277; ramps as Houk, Rymer & Crago 1981 J Neurophysiol 46:143",
    measures: &[
        MeasureInfo {
            name: "exponent",
            unit: "exponent",
            what: "slope of log(peak less rate 0.5 s after the ramp) over log(velocity), 0.05 to 2 L0/s, no fusimotor drive",
        },
        MeasureInfo { name: "exponent_dynamic", unit: "exponent", what: "the same with dynamic drive 70 pps" },
        MeasureInfo {
            name: "exponent_human",
            unit: "exponent",
            what: "the same of human endings with the fusimotor drive of rest, 30 pps static and dynamic, read at the end of the ramp, where the burst of its onset is over",
        },
    ],
    run,
};

/// Passive ramps, lengths in L0.
const RAMP: Ramp = Ramp { from_l0: 0.95, to_l0: 1.08, velocity_l0_s: 1.0, rest_ms: 4000, hold_ms: 600 };
/// Velocities, L0/s, even steps of the logarithm.
const VELOCITIES: [f64; 9] = [0.05, 0.08, 0.126, 0.2, 0.317, 0.5, 0.8, 1.26, 2.0];
/// Velocities of the map, L0/s.
const MAPPED: [f64; 4] = [0.01, 0.1, 0.5, 2.0];
/// After the end of the ramp, ms.
const STATIC_MS: usize = 500;

fn run(_seed: Seed) -> Result<Observation, ExperimentError> {
    let model = SpindleModel::published();
    let fail =
        |e: tonus_physiology::receptor::spindle::StepError| ExperimentError { experiment: ID, problem: e.to_string() };
    let drives = [("no drive", Fusimotor::NONE), ("dynamic 70 pps", Fusimotor::new(0.0, 70.0))];
    let (human, at_rest) = (SpindleModel::human(), Fusimotor::new(30.0, 30.0));
    let endings = [("cat, no drive", &model, drives[0].1), ("cat, dynamic 70 pps", &model, drives[1].1)];
    let endings = endings.into_iter().chain([("man, drive of rest", &human, at_rest)]);
    let mut over_velocity = Panel::new("dynamic index", "velocity (L0/s)", "log10 of index (imp/s)").log_x();
    let mut exponents = Vec::new();
    for (name, of, gamma) in endings {
        let mut points = Vec::new();
        for velocity_l0_s in VELOCITIES {
            let response = Ramp { velocity_l0_s, ..RAMP }.run(of, gamma).map_err(fail)?;
            // At the end of the ramp, where its peak is but for the burst of its onset.
            let index = response.held(0)[0] - response.held(STATIC_MS)[0];
            points.push((velocity_l0_s, math::log10(index)));
        }
        let logarithms: Vec<(f64, f64)> = points.iter().map(|(v, y)| (math::log10(*v), *y)).collect();
        exponents.push(line(&logarithms).0);
        over_velocity = over_velocity.with(name, Mark::Line, points.clone()).with("", Mark::Dots, points);
    }
    let map = |title: &str, gamma: Fusimotor| -> Result<Panel, ExperimentError> {
        let mut panel = Panel::new(title, "length (L0)", "Ia (imp/s)");
        for velocity_l0_s in MAPPED {
            let ramp = Ramp { from_l0: 0.85, to_l0: 1.2, velocity_l0_s, rest_ms: 2000, hold_ms: 0 };
            let curve = ramp.run(&model, gamma).map_err(fail)?.ia_over_length();
            panel = panel.with(format!("{velocity_l0_s} L0/s"), Mark::Line, curve);
        }
        Ok(panel)
    };
    let figure = Figure {
        panels: vec![
            over_velocity,
            map("Ia over length in ramps, no drive", Fusimotor::NONE)?,
            map("the same, dynamic 70 pps", drives[1].1)?,
        ],
    };
    let values = vec![
        Value::single("exponent", exponents[0]),
        Value::single("exponent_dynamic", exponents[1]),
        Value::single("exponent_human", exponents[2]),
    ];
    Ok(Observation { values, figure })
}
