//! Motor evoked potentials: the responses to magnetic stimuli over the motor cortex.

use tonus_signal::measures::median;
use tonus_signal::measures::mep::{Mep, MepCriteria, mep};
use tonus_signal::{Annotation, Channel, Recording};

use crate::kind::{is_voltage, microvolts};
use crate::{Analysis, AnalysisError, Kind, Plot};

/// Time before a stimulus that its sweep begins with, s, where the recording has it: background of the muscle.
const BEFORE_S: f64 = 0.1;
/// Least time after a stimulus that must be recorded for a response to be missing, s: a foot's responses begin at 45 ms.
const AFTER_S: f64 = 0.06;

/// Latency, size and shape of the responses of the first channel.
pub(crate) fn analyse(recording: &Recording) -> Result<Analysis, AnalysisError> {
    let kind = Kind::Mep;
    let onsets_s = || recording.annotations.iter().filter(|a| a.begins_sweep()).map(|a| a.onset_s);
    let channel = recording.channels.iter().find(|c| is_voltage(c));
    let (Some(first_s), Some(channel)) = (onsets_s().filter(|t| *t >= 0.0).min_by(f64::total_cmp), channel) else {
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
    let least = ((before_s + AFTER_S) * channel.rate_hz) as usize;
    let found: Vec<(f64, Option<Mep>)> = one
        .timed_sweeps(before_s, f64::INFINITY)
        .filter(|(_, sweep)| sweep.len() >= least)
        .map(|(onset_s, sweep)| (onset_s, mep(sweep, channel.rate_hz, &criteria)))
        .collect();
    let present: Vec<Mep> = found.iter().filter_map(|(_, m)| *m).collect();
    let of = |value: fn(&Mep) -> f64| -> Vec<f64> { present.iter().map(value).collect() };
    let mut analysis = Analysis::new(kind)
        .with("latency", median(&of(|m| m.latency_ms)), "ms")
        .with("shortest_latency", of(|m| m.latency_ms).into_iter().min_by(f64::total_cmp), "ms")
        .with("amplitude", median(&of(|m| m.peak_to_peak)), "mV")
        .with("largest_amplitude", of(|m| m.peak_to_peak).into_iter().max_by(f64::total_cmp), "mV")
        .with("duration", median(&of(|m| m.duration_ms)), "ms")
        .with("area", median(&of(|m| m.area)), "mV ms")
        .with("responses", present.len() as f64, "1")
        .with("stimuli", found.len() as f64, "1");
    let events = found.iter().filter_map(|(onset_s, m)| {
        let m = m.as_ref()?;
        let (onset_s, duration_s) = (onset_s + 1e-3 * m.latency_ms, 1e-3 * m.duration_ms);
        Some(Annotation { onset_s, duration_s, text: "response MEP".into() })
    });
    analysis.events = events.collect();
    let sizes = found.iter().map(|(_, m)| m.map_or(0.0, |m| m.peak_to_peak));
    analysis.plots.push(Plot {
        title: "responses",
        along: ("stimulus", "1"),
        upward: ("amplitude", "mV"),
        points: sizes.enumerate().map(|(k, mv)| ((k + 1) as f64, mv)).collect(),
        joined: false,
    });
    analysis.notes.push("latency, amplitude, duration and area are medians of the responses there are".into());
    let cut = onsets_s().count() - found.len();
    if cut > 0 {
        analysis.notes.push(format!(
            "{cut} stimuli are left out: less than {:.0} ms before the next one or the end, or outside the recording",
            1e3 * AFTER_S
        ));
    }
    if before_s < 0.5 * BEFORE_S {
        analysis
            .notes
            .push("hardly anything was recorded before the first stimulus: the background is not known".into());
    }
    Ok(analysis)
}
