//! Motor evoked potentials: the responses to magnetic stimuli over the motor cortex or the roots.

use tonus_signal::measures::mep::{Mep, MepCriteria, mep};
use tonus_signal::measures::{mean, median};
use tonus_signal::{Annotation, Channel, Recording};

use crate::kind::{is_voltage, microvolts};
use crate::{Analysis, AnalysisError, Kind, Plot};

/// Time before a stimulus that its sweep begins with, s, where the recording has it: background of the muscle.
const BEFORE_S: f64 = 0.1;

/// Latency, size and shape of the responses of the first channel.
pub(crate) fn analyse(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let kind = Kind::Mep;
    let stimuli_s: Vec<f64> = recording.annotations.iter().filter(|a| a.begins_sweep()).map(|a| a.onset_s).collect();
    let channel = recording.channels.iter().find(|c| is_voltage(c));
    let (Some(first_s), Some(channel)) = (stimuli_s.first().copied(), channel) else {
        let mend = "annotate each stimulus as `stimulus`";
        return Err(AnalysisError::lacks(kind, "has no stimuli, or no channel in uV, mV or V", mend));
    };
    let samples = microvolts(channel).unwrap_or_default().iter().map(|uv| 1e-3 * uv).collect();
    let one = Recording {
        channels: vec![Channel { samples, ..channel.clone() }],
        annotations: recording.annotations.clone(),
        ..Recording::default()
    };
    let before_s = BEFORE_S.min(first_s);
    let criteria = MepCriteria { stimulus_ms: 1e3 * before_s, ..MepCriteria::mv() };
    let found: Vec<Option<Mep>> =
        one.sweeps(before_s, f64::INFINITY).map(|sweep| mep(sweep, channel.rate_hz, &criteria)).collect();
    let present: Vec<Mep> = found.iter().flatten().copied().collect();
    let of = |value: fn(&Mep) -> f64| -> Vec<f64> { present.iter().map(value).collect() };
    let mut analysis = Analysis::new(kind)
        .with("latency", of(|m| m.latency_ms).into_iter().min_by(f64::total_cmp), "ms")
        .with("mean_latency", mean(&of(|m| m.latency_ms)), "ms")
        .with("amplitude", median(&of(|m| m.peak_to_peak)), "mV")
        .with("largest_amplitude", of(|m| m.peak_to_peak).into_iter().max_by(f64::total_cmp), "mV")
        .with("duration", median(&of(|m| m.duration_ms)), "ms")
        .with("area", median(&of(|m| m.area)), "mV ms")
        .with("responses", present.len() as f64, "1")
        .with("stimuli", found.len() as f64, "1");
    analysis.events = stimuli_s
        .iter()
        .zip(&found)
        .filter_map(|(at_s, m)| {
            let m = m.as_ref()?;
            Some(Annotation {
                onset_s: at_s + 1e-3 * m.latency_ms,
                duration_s: 1e-3 * m.duration_ms,
                text: "response MEP".into(),
            })
        })
        .collect();
    analysis.plots.push(Plot {
        title: "responses",
        along: ("stimulus", "1"),
        upward: ("amplitude", "mV"),
        points: found.iter().enumerate().map(|(k, m)| ((k + 1) as f64, m.map_or(0.0, |m| m.peak_to_peak))).collect(),
        joined: false,
    });
    analysis
        .notes
        .push("latency is the shortest; amplitude, duration and area are medians of the responses there are".into());
    Ok(analysis)
}
