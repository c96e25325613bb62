//! M1 and M2 of the stretched first dorsal interosseous, with and without the long-latency loop.

use tonus_body::Body;
use tonus_physiology::random::Seed;

use super::soleus::man;
use super::stretch::{Protocol, averaged_emg, background, bursts};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.stretch_finger";
const MUSCLE: &str = "first_dorsal_interosseous";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Brisk stretch of the contracting first dorsal interosseous: M1 and M2",
    source: "Corden, Lippold, Buchanan & Norrington 2000 J Neurophysiol 84:698; Matthews 1991 Trends Neurosci 14:87",
    measures: &[
        MeasureInfo { name: "m1_latency", unit: "ms", what: "stretch to onset of the first burst" },
        MeasureInfo { name: "m2_latency", unit: "ms", what: "stretch to onset of the second burst, from 45 ms" },
        MeasureInfo {
            name: "m2_latency_without",
            unit: "ms",
            what: "the same with the loop interrupted (dorsal columns or motor cortex); missing if there is none",
        },
        MeasureInfo { name: "m1_change", unit: "%", what: "change of M1's size by that interruption" },
        MeasureInfo { name: "m2_change", unit: "%", what: "change of the EMG from 50 to 80 ms, above background" },
    ],
    run,
};

const PROTOCOL: Protocol =
    Protocol { joint: "index", group: 0, angle_rad: 0.1, stretch_rad: 0.1, ramp_ms: 25, effort: 0.1, trials: 80 };
/// From when on a burst is M2, ms: in between M1 and M2 of the hand.
const M2_FROM_MS: f64 = 45.0;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let healthy = man(ID)?;
    let with = averaged_emg(ID, &healthy, &PROTOCOL, seed)?;
    let without = averaged_emg(ID, &interrupted(&healthy), &PROTOCOL, seed)?;
    let m1 = bursts(&with).into_iter().find(|b| b.onset_ms < M2_FROM_MS);
    let late = |average: &[(f64, f64)]| bursts(average).into_iter().find(|b| (M2_FROM_MS..90.0).contains(&b.onset_ms));
    let size = |average: &[(f64, f64)], from: f64, to: f64| {
        let (mean, _) = background(average);
        average.iter().filter(|p| (from..to).contains(&p.0)).map(|p| p.1 - mean).sum::<f64>()
    };
    let change = |from, to| 100.0 * (size(&without, from, to) / size(&with, from, to) - 1.0);
    let m1_from = m1.map_or(30.0, |b| b.onset_ms);
    let microvolts = |a: &[(f64, f64)]| a.iter().map(|p| (p.0, 1e3 * p.1)).collect::<Vec<_>>();
    let top = 1e3 * with.iter().map(|p| p.1).fold(0.0, f64::max);
    let panel = Panel::new("Rectified EMG, average of 80", "after the stretch (ms)", "uV")
        .published((30.0, 37.0), (0.0, top))
        .published((47.0, 60.0), (0.0, top))
        .with("healthy", Mark::Line, microvolts(&with))
        .with("long-latency loop interrupted", Mark::Dashed, microvolts(&without));
    Ok(Observation {
        values: vec![
            Value::of("m1_latency", &[m1.map(|b| b.onset_ms)]),
            Value::of("m2_latency", &[late(&with).map(|b| b.onset_ms)]),
            Value::of("m2_latency_without", &[late(&without).map(|b| b.onset_ms)]),
            Value::single("m1_change", change(m1_from, m1_from + 10.0)),
            Value::single("m2_change", change(50.0, 80.0)),
        ],
        figure: Figure { panels: vec![panel] },
    })
}

/// The same man whose long-latency loop is interrupted on its way up or in the cortex.
fn interrupted(body: &Body) -> Body {
    let mut body = body.clone();
    if let Some(muscle) = body.right.muscle_mut(MUSCLE) {
        muscle.gains.long_latency = 0.0;
    }
    body
}
