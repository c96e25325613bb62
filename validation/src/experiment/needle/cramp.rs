//! A cramp of the calf after a strong contraction of the shortened muscle, by motor neurons that keep firing.

use tonus_pathology::{Lesion, Mechanism, Place, Site};
use tonus_physiology::random::Seed;
use tonus_signal::measures::repetitive::{Run, RunKind, runs};

use super::needled;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "needle.cramp";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Gastrocnemius let go after full effort, motor neurons and axons hyperexcitable",
    source: "textbook protocol (Preston & Shapiro): involuntary discharge of many units, 40-75 Hz and more",
    measures: &[
        MeasureInfo {
            name: "rate",
            unit: "Hz",
            what: "rate of a unit in the cramp, median interval, mean of the units",
        },
        MeasureInfo {
            name: "fastest",
            unit: "Hz",
            what: "rate of the fastest tenth of its intervals, mean of the units",
        },
        MeasureInfo { name: "sites", unit: "%", what: "needle positions at which a cramp is told, mean of the men" },
    ],
    run,
};

/// Severity of the hyperexcitability (spontaneous discharge in most units; ours: the textbook names none).
const SEVERITY: f64 = 0.7;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let place = Place { muscles: vec![("calf".to_owned(), 1.0)], ..Place::default() };
    let lesion = Lesion::new(Site::PeripheralNerve, Mechanism::MotorAxonHyperexcitability, SEVERITY).at(place);
    let studies = needled(ID, "lab.needle_emg.gastrocnemius_medialis", &lesion, seed)?;
    let after = studies.iter().flat_map(|s| &s.recordings).filter(|r| r.title.starts_with("After effort"));
    let units: Vec<Run> = after
        .filter_map(|r| r.channels.first())
        .flat_map(|c| runs(&c.samples, c.rate_hz))
        .filter(|r| r.kind == Some(RunKind::Cramp))
        .collect();
    let of = |f: fn(&Run) -> f64| units.iter().map(f).collect::<Vec<_>>();
    let sites: Vec<Option<f64>> = studies.iter().map(|s| s.number("cramp_sites")).collect();
    let points = units.iter().take(6).flat_map(|r| r.times_s.windows(2).map(|w| (w[0], 1.0 / (w[1] - w[0])))).collect();
    let panel = Panel::new("Units of a cramp", "time after the effort (s)", "rate (Hz)").with("", Mark::Dots, points);
    Ok(Observation {
        values: vec![
            Value::mean_of("rate", &of(|r| r.rate_hz)),
            Value::mean_of("fastest", &of(|r| r.rate_range_hz.1)),
            Value::of("sites", &sites),
        ],
        figure: Figure { panels: vec![panel] },
    })
}
