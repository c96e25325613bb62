//! Fibrillation of a muscle three weeks after half of its axons were cut.

use tonus_pathology::{Lesion, Mechanism, Place, Site, TimeSpan};
use tonus_physiology::random::Seed;
use tonus_signal::measures::repetitive::runs;
use tonus_signal::measures::spike::SpikeCriteria;
use tonus_signal::measures::spontaneous::spontaneous_trains;

use super::needled;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "needle.denervation";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Tibialis anterior three weeks after half of the fibular nerve's axons were lost, at rest",
    source: "textbook protocol (Preston & Shapiro): needle at rest 2-4 weeks after axon loss",
    measures: &[
        MeasureInfo {
            name: "rate",
            unit: "Hz",
            what: "rate of a train of fibrillation potentials or positive waves, mean",
        },
        MeasureInfo { name: "amplitude", unit: "uV", what: "amplitude of their average, mean of the trains" },
        MeasureInfo { name: "sites", unit: "%", what: "needle positions that show them, mean of the men" },
        MeasureInfo { name: "runs", unit: "1", what: "repetitive discharges found that are not there, sum" },
    ],
    run,
};

/// Age of the loss, days, and its size.
const DAYS: f64 = 21.0;
const LOST: f64 = 0.5;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let place = Place { nerves: vec![("fibular".to_owned(), 1.0)], ..Place::default() };
    let lesion =
        Lesion::new(Site::PeripheralNerve, Mechanism::AxonLoss, LOST).at(place).aged(TimeSpan::from_days(DAYS));
    let studies = needled(ID, "lab.needle_emg.tibialis_anterior", &lesion, seed)?;
    let at_rest = studies.iter().flat_map(|s| &s.recordings).filter(|r| r.title.starts_with("Rest"));
    let signals: Vec<(&[f64], f64)> =
        at_rest.filter_map(|r| r.channels.first()).map(|c| (c.samples.as_slice(), c.rate_hz)).collect();
    let trains: Vec<(f64, f64)> = signals
        .iter()
        .flat_map(|(uv, hz)| spontaneous_trains(uv, *hz, &SpikeCriteria::spontaneous_uv()))
        .filter(|t| t.kind.of_a_fibre())
        .filter_map(|t| t.rate_hz.map(|rate| (rate, t.amplitude_uv)))
        .collect();
    let false_runs = signals.iter().flat_map(|(uv, hz)| runs(uv, *hz)).filter(|r| r.kind.is_some()).count() as f64;
    let of = |f: fn(&(f64, f64)) -> f64| trains.iter().map(f).collect::<Vec<_>>();
    let sites: Vec<Option<f64>> = studies.iter().map(|s| s.number("fibrillation_sites")).collect();
    let panel = Panel::new("Fibrillation potentials and positive waves", "rate (Hz)", "amplitude (uV)")
        .with("", Mark::Dots, trains.clone())
        .published((0.5, 15.0), (20.0, 200.0));
    Ok(Observation {
        values: vec![
            Value::mean_of("rate", &of(|t| t.0)),
            Value::mean_of("amplitude", &of(|t| t.1)),
            Value::of("sites", &sites),
            Value::single("runs", false_runs),
        ],
        figure: Figure { panels: vec![panel] },
    })
}
