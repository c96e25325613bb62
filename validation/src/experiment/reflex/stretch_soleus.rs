//! Short- and medium-latency stretch responses of the contracting soleus.

use tonus_physiology::random::Seed;

use super::soleus::man;
use super::stretch::{Protocol, averaged_emg, bursts};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.stretch_soleus";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Stretch of the contracting soleus: 8 degrees at 300 degrees/s on a background of 15 %, seated",
    source: "Sinkjaer, Andersen, Nielsen & Hansen 1999 Clin Neurophysiol 110:951 (in walking); Toft, Sinkjaer & Andreassen 1989",
    measures: &[
        MeasureInfo { name: "m1_latency", unit: "ms", what: "stretch to onset of the first burst" },
        MeasureInfo { name: "m1_peak", unit: "ms", what: "stretch to peak of the first burst" },
        MeasureInfo { name: "m2_peak", unit: "ms", what: "stretch to peak of the second burst" },
    ],
    run,
};

const PROTOCOL: Protocol =
    Protocol { joint: "ankle", group: 1, angle_rad: 0.0, stretch_rad: 0.14, ramp_ms: 54, effort: 0.15, trials: 20 };

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let average = averaged_emg(ID, &man(ID)?, &PROTOCOL, seed)?;
    let found = bursts(&average);
    let first = found.iter().find(|b| b.onset_ms < 55.0);
    let second = found.iter().find(|b| b.peak_ms > 62.0);
    let top = 1e3 * average.iter().map(|p| p.1).fold(0.0, f64::max);
    let panel = Panel::new("Rectified EMG, average of 20", "after the stretch (ms)", "uV")
        .published((36.0, 46.0), (0.0, top))
        .published((75.0, 95.0), (0.0, top))
        .with("soleus", Mark::Line, average.iter().map(|p| (p.0, 1e3 * p.1)).collect());
    Ok(Observation {
        values: vec![
            Value::of("m1_latency", &[first.map(|b| b.onset_ms)]),
            Value::of("m1_peak", &[first.map(|b| b.peak_ms)]),
            Value::of("m2_peak", &[second.map(|b| b.peak_ms)]),
        ],
        figure: Figure { panels: vec![panel] },
    })
}
