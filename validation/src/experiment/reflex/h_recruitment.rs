//! Recruitment curve of soleus: H and M against the current, with long and short pulses.

use std::collections::BTreeMap;

use tonus_exam::{Item, Subject};
use tonus_physiology::limb::stimulated::Stimulated;
use tonus_physiology::random::Seed;
use tonus_signal::{Side, Study};

use super::soleus::{Preparation, man, tibial};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.h_recruitment";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Soleus recruitment curve: H first, then M, and H gone by antidromic collision",
    source: "Pierrot-Deseilligny & Burke 2012, The Circuitry of the Human Spinal Cord; Panizza, Nilsson & Hallett 1989 Muscle Nerve 12:576",
    measures: &[
        MeasureInfo { name: "h_m_ratio", unit: "1", what: "largest H over largest M, 1 ms pulses" },
        MeasureInfo { name: "h_threshold", unit: "1", what: "current of the first H over that of the first M" },
        MeasureInfo { name: "m_at_h_max", unit: "%", what: "M where H is largest, of the largest M" },
        MeasureInfo {
            name: "h_at_m_max",
            unit: "%",
            what: "reflex impulses left where every motor axon is excited, of the most, each counted by its unit's fibres",
        },
        MeasureInfo { name: "h_m_ratio_short", unit: "1", what: "largest H over largest M, 0.1 ms pulses" },
    ],
    run,
};

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment: ID, problem };
    let body = man(ID)?;
    let subject = Subject::new(&body, seed.stream("subject").bits());
    let item = Item::find("lab.h_reflex.soleus").map_err(|e| problem(e.to_string()))?;
    let study = |pulse_ms: f64| {
        let parameters = BTreeMap::from([("pulse_ms".to_owned(), pulse_ms)]);
        item.run(&subject, Side::Right, &parameters).map_err(|e| problem(e.to_string()))
    };
    let (long, short) = (study(1.0)?, study(0.1)?);
    let curve = |study: &Study, title: &str| {
        let mut panel = Panel::new(title, "current, median motor threshold = 1", "mV, peak to peak");
        if let Some(curve) = study.recordings.get(1) {
            let currents = curve.channels.last().map_or(&[][..], |c| &c.samples);
            for channel in curve.channels.iter().take(2) {
                let points = currents.iter().copied().zip(channel.samples.iter().copied()).collect();
                panel = panel.with(channel.label.as_str(), Mark::Line, points);
            }
        }
        panel
    };
    let mut sweeps = Panel::new("Sweeps of rising current, 1 ms (offset)", "ms", "mV (negative down)");
    if let Some(recording) = long.recordings.first() {
        for (k, channel) in recording.channels.iter().enumerate().step_by(2).take(6) {
            let points = channel
                .samples
                .iter()
                .enumerate()
                .step_by(4)
                .map(|(i, v)| (1e3 * i as f64 / channel.rate_hz - 5.0, v - 6.0 * k as f64))
                .filter(|p| p.0 < 70.0)
                .collect();
            sweeps = sweeps.with(channel.label.as_str(), Mark::Line, points);
        }
    }
    let preparation = Preparation::new(ID)?;
    let model = preparation.model(seed);
    let impulses: Vec<(f64, (f64, f64))> = (0..=34)
        .map(|k| {
            let current = 0.3 + 0.05 * f64::from(k);
            let sweep = Stimulated::new(&model, seed).sweep(&model, &[tibial(current)], [0.0; 2], 0, 60);
            (current, preparation.sizes(&sweep))
        })
        .collect();
    let most = impulses.iter().map(|p| p.1.0).fold(0.0, f64::max);
    let left = impulses.last().map(|p| 100.0 * p.1.0 / most);
    let share = |f: fn(&(f64, f64)) -> f64| impulses.iter().map(|(c, p)| (*c, 100.0 * f(p))).collect();
    let counted =
        Panel::new("Impulses at the endplates", "current, median motor threshold = 1", "% of the muscle's fibres")
            .with("direct", Mark::Line, share(|p| p.1))
            .with("reflex", Mark::Line, share(|p| p.0));
    let of = |study: &Study, name: &'static str, measure: &str| Value::of(name, &[study.number(measure)]);
    Ok(Observation {
        values: vec![
            of(&long, "h_m_ratio", "h_m_ratio"),
            of(&long, "h_threshold", "h_threshold"),
            of(&long, "m_at_h_max", "m_at_h_max"),
            Value::of("h_at_m_max", &[left]),
            of(&short, "h_m_ratio_short", "h_m_ratio"),
        ],
        figure: Figure { panels: vec![curve(&long, "1 ms pulses"), curve(&short, "0.1 ms pulses"), counted, sweeps] },
    })
}
