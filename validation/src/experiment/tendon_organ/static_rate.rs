//! Rate of the cat's tendon organs under steady force, and after a step of force.

use tonus_physiology::random::Seed;
use tonus_physiology::receptor::tendon_organ::{TendonOrgan, TendonOrganModel};

use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "tendon_organ.static_rate";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Tendon organs of the cat under steady force and after a step",
    source: "Lin & Crago 2002 Ann Biomed Eng 30:68, as used by Elias, Watanabe & Kohn 2014",
    measures: &[
        MeasureInfo { name: "at_20_n", unit: "imp/s", what: "Ib rate 30 s after a step to 20 N" },
        MeasureInfo { name: "overshoot", unit: "ratio", what: "first rate after the step over the rate 30 s later" },
    ],
    run,
};

/// Forces of the curve, N.
const FORCES_N: [f64; 11] = [0.1, 0.3, 1.0, 2.0, 4.0, 10.0, 20.0, 50.0, 100.0, 300.0, 1000.0];
/// The force measured, N.
const FORCE_N: f64 = 20.0;
/// Time under force, ms (six of the slow time constant, 5 s).
const HELD_MS: usize = 30_000;

fn step_to(model: &TendonOrganModel, force_n: f64) -> Vec<f64> {
    let mut organ = TendonOrgan::new(model, 0.0);
    (0..HELD_MS).map(|_| organ.step_ms(model, force_n)).collect()
}

fn run(_seed: Seed) -> Result<Observation, ExperimentError> {
    let model = TendonOrganModel::published(1e-3);
    let last = |force_n: f64| step_to(&model, force_n).last().copied().unwrap_or(f64::NAN);
    let rates = step_to(&model, FORCE_N);
    let (first, end) = (rates[0], rates[HELD_MS - 1]);
    let course = rates.iter().step_by(10).enumerate().map(|(i, r)| (0.01 * i as f64, *r)).collect();
    let figure = Figure {
        panels: vec![
            Panel::new("rate 30 s after a step of force", "force (N)", "Ib (imp/s)")
                .log_x()
                .published((18.0, 22.0), (95.0, 120.0))
                .with("", Mark::Line, FORCES_N.iter().map(|f| (*f, last(*f))).collect()),
            Panel::new("a step to 20 N", "time (s)", "Ib (imp/s)").with("", Mark::Line, course),
        ],
    };
    let values = vec![Value::single("at_20_n", end), Value::single("overshoot", first / end)];
    Ok(Observation { values, figure })
}
