//! Ramp-and-hold stretches of the cat's spindle, with and without fusimotor drive.

use tonus_physiology::random::Seed;
use tonus_physiology::receptor::fusimotor::Fusimotor;
use tonus_physiology::receptor::spindle::SpindleModel;

use super::stretch::{Ramp, Response};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "spindle.ramp";

const fn measure(name: &'static str, what: &'static str) -> MeasureInfo {
    MeasureInfo { name, unit: "imp/s", what }
}

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Ramp-and-hold stretch of the cat's spindle, without and with dynamic or static fusimotor drive",
    source: "Mileusnic, Brown, Lan & Loeb 2006 J Neurophysiol 96:1772",
    measures: &[
        measure("ia_peak", "highest Ia rate in the ramp, 0.95 to 1.08 L0 at 0.11 L0/s, no fusimotor drive"),
        measure("ia_static", "Ia rate 0.5 s after the ramp, no fusimotor drive"),
        measure("ii_peak", "highest II rate in the ramp, no fusimotor drive"),
        measure("ia_peak_dynamic", "highest Ia rate in the ramp, dynamic drive 70 pps"),
        measure("ia_static_dynamic", "Ia rate 0.5 s after the ramp, dynamic drive 70 pps"),
        measure("ia_bias_static", "Ia rate before the ramp, static drive 70 pps"),
        measure("index", "dynamic index (peak less rate 0.5 s after the ramp), no fusimotor drive"),
        measure("index_static", "the same, static drive 70 pps"),
        MeasureInfo { name: "index_ratio", unit: "ratio", what: "dynamic index, dynamic drive 70 pps over none" },
    ],
    run,
};

/// Lengths of the ramp, L0, and rest before it, ms (as the target's protocol).
const RAMP: Ramp = Ramp { from_l0: 0.95, to_l0: 1.08, velocity_l0_s: 0.11, rest_ms: 4000, hold_ms: 1500 };
/// Velocities drawn, L0/s (those of the paper's figures, from memory; 0.11 is the one measured).
const VELOCITIES: [f64; 3] = [0.11, 0.66, 1.55];
/// Drives, pps.
const DRIVES: [(&str, Fusimotor); 3] = [
    ("none", Fusimotor::NONE),
    ("dynamic 70 pps", Fusimotor::new(0.0, 70.0)),
    ("static 70 pps", Fusimotor::new(70.0, 0.0)),
];
/// After the end of the ramp, ms.
const STATIC_MS: usize = 500;

fn run(_seed: Seed) -> Result<Observation, ExperimentError> {
    let model = SpindleModel::published();
    let ramps = |velocity_l0_s: f64| -> Result<Vec<Response>, ExperimentError> {
        DRIVES
            .iter()
            .map(|(_, gamma)| Ramp { velocity_l0_s, ..RAMP }.run(&model, *gamma))
            .collect::<Result<_, _>>()
            .map_err(|e| ExperimentError { experiment: ID, problem: e.to_string() })
    };
    let mut figure = Figure::default();
    for velocity in VELOCITIES {
        let mut panel = Panel::new(format!("Ia, {velocity} L0/s"), "time from the ramp (s)", "Ia (imp/s)");
        for ((name, _), response) in DRIVES.iter().zip(ramps(velocity)?) {
            // The key stands in the first panel only.
            let name = if velocity == VELOCITIES[0] { *name } else { "" };
            panel = panel.with(name, Mark::Line, response.curve(|r| r.ia_hz));
        }
        figure.panels.push(panel);
    }
    let slow = ramps(VELOCITIES[0])?;
    let [none, dynamic, fixed] = &slow[..] else {
        return Err(ExperimentError { experiment: ID, problem: "three drives are run".to_owned() });
    };
    let index = |r: &Response| r.peak()[0] - r.held(STATIC_MS)[0];
    figure.panels.push(
        Panel::new("II, 0.11 L0/s", "time from the ramp (s)", "II (imp/s)")
            .with("none", Mark::Line, none.curve(|r| r.ii_hz))
            .with("dynamic (as none)", Mark::Dashed, dynamic.curve(|r| r.ii_hz))
            .with("static", Mark::Line, fixed.curve(|r| r.ii_hz)),
    );
    let bars = |of: &dyn Fn(&Response) -> f64| -> Vec<(f64, f64)> {
        slow.iter().enumerate().map(|(i, r)| (i as f64, of(r))).collect()
    };
    figure.panels.push(
        Panel::new("0.11 L0/s: peak, static, dynamic index", "0 none, 1 dynamic, 2 static drive", "Ia (imp/s)")
            .with("peak", Mark::Dots, bars(&|r| r.peak()[0]))
            .with("0.5 s after", Mark::Dots, bars(&|r| r.held(STATIC_MS)[0]))
            .with("dynamic index", Mark::Dots, bars(&index))
            .published((-0.15, 0.15), (75.0, 105.0))
            .published((-0.15, 0.15), (38.0, 56.0))
            .published((0.85, 1.15), (165.0, 220.0)),
    );
    let length = (-130..270).map(|i| f64::from(i) * 0.01);
    figure.panels.push(Panel::new("length, 0.11 L0/s", "time from the ramp (s)", "length (L0)").with(
        "",
        Mark::Line,
        length.map(|t| (t, RAMP.length_l0(RAMP.rest_ms as f64 + 1e3 * t))).collect(),
    ));
    Ok(Observation {
        values: vec![
            Value::single("ia_peak", none.peak()[0]),
            Value::single("ia_static", none.held(STATIC_MS)[0]),
            Value::single("ii_peak", none.peak()[1]),
            Value::single("ia_peak_dynamic", dynamic.peak()[0]),
            Value::single("ia_static_dynamic", dynamic.held(STATIC_MS)[0]),
            Value::single("ia_bias_static", fixed.rest_ia()),
            Value::single("index", index(none)),
            Value::single("index_static", index(fixed)),
            Value::single("index_ratio", index(dynamic) / index(none)),
        ],
        figure,
    })
}
