//! A recording: channels with unit and rate, and annotations in time.

use serde::{Deserialize, Serialize};

/// One evenly sampled signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Label (`ADM`, `knee angle`).
    pub label: String,
    /// Physical unit (`mV`, `uV`, `deg`, `N m`).
    pub unit: String,
    /// Sampling rate, Hz.
    pub rate_hz: f64,
    /// Samples in `unit`.
    pub samples: Vec<f64>,
}

/// Something that happened at a time: a stimulus, a discharge, a marker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// Onset from the start of the recording, s.
    pub onset_s: f64,
    /// Duration, s (0 for an instant).
    pub duration_s: f64,
    /// What it is (`stimulus`, `unit 12`).
    pub text: String,
}

/// Text of the annotation at a stimulus.
pub const STIMULUS: &str = "stimulus";

/// An electrode at a known place: origin over the middle of the innervation zone, `x` along the fibres, `y` across, `z` out of the skin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Electrode {
    /// Name: the label of the channel it gives.
    pub name: String,
    /// Along the fibres, mm.
    pub x_mm: f64,
    /// Across the fibres, mm.
    pub y_mm: f64,
    /// Out of the skin, mm.
    pub z_mm: f64,
    /// What it is (`disc of 1 mm radius`).
    pub kind: String,
}

/// Text of the annotation where a sweep was triggered by a potential of the signal itself.
pub const TRIGGER: &str = "trigger";

/// A recording: any number of channels that start together, and annotations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// Title (`ulnar motor, wrist`).
    pub title: String,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Annotations, in time order.
    pub annotations: Vec<Annotation>,
    /// Places of monopolar electrodes, if they are known; none for belly-tendon pairs and needles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub electrodes: Vec<Electrode>,
}

impl Recording {
    /// An empty recording with a title.
    pub fn titled(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Adds a channel.
    #[must_use]
    pub fn with_channel(mut self, label: &str, unit: &str, rate_hz: f64, samples: Vec<f64>) -> Self {
        self.channels.push(Channel { label: label.to_owned(), unit: unit.to_owned(), rate_hz, samples });
        self
    }

    /// Adds an instant.
    #[must_use]
    pub fn with_mark(mut self, onset_s: f64, text: &str) -> Self {
        self.annotations.push(Annotation { onset_s, duration_s: 0.0, text: text.to_owned() });
        self
    }

    /// The sweeps of the first channel: around each annotation `stimulus` or `trigger`, in order, from `before_s` before it until `length_s` have
    /// passed or the next one's sweep begins. A sweep that would start before the recording is left out.
    pub fn sweeps(&self, before_s: f64, length_s: f64) -> impl Iterator<Item = &[f64]> {
        let channel = self.channels.first();
        let rate_hz = channel.map_or(0.0, |c| c.rate_hz);
        let samples = channel.map_or(&[][..], |c| c.samples.as_slice());
        let starts: Vec<f64> = self
            .annotations
            .iter()
            .filter(|a| a.text == STIMULUS || a.text == TRIGGER)
            .map(|a| ((a.onset_s - before_s) * rate_hz).round())
            .filter(|start| (0.0..samples.len() as f64).contains(start))
            .collect();
        let most = (length_s * rate_hz).round().max(0.0) as usize;
        (0..starts.len()).map(move |k| {
            let start = starts[k] as usize;
            let next = starts.get(k + 1).map_or(samples.len(), |n| (*n as usize).clamp(start, samples.len()));
            &samples[start..next.min(start.saturating_add(most))]
        })
    }

    /// Length of the longest channel, s.
    pub fn duration_s(&self) -> f64 {
        self.channels.iter().map(|c| c.samples.len() as f64 / c.rate_hz).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sweeps_are_cut_at_the_stimuli() {
        let recording = Recording::titled("train")
            .with_channel("a", "mV", 1_000.0, (0..100).map(f64::from).collect())
            .with_mark(0.001, STIMULUS)
            .with_mark(0.010, STIMULUS)
            .with_mark(0.012, "artefact")
            .with_mark(0.050, STIMULUS)
            .with_mark(0.095, STIMULUS)
            .with_mark(7.0, STIMULUS);
        let cut: Vec<(f64, usize)> = recording.sweeps(0.002, 0.020).map(|s| (s[0], s.len())).collect();
        // The first would start before the recording, the last lies beyond it, the fourth is cut off by its end.
        assert_eq!(cut, [(8.0, 20), (48.0, 20), (93.0, 7)]);
        let near: Vec<usize> = recording.sweeps(0.002, 0.060).map(<[f64]>::len).collect();
        assert_eq!(near, [40, 45, 7], "a sweep ends where the next begins");
        assert_eq!(Recording::titled("empty").with_mark(0.0, STIMULUS).sweeps(0.0, 1.0).count(), 0);
    }
}
