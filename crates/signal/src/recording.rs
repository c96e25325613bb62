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

/// Text of the annotation at a stimulus; a number after it, with a space between, is the strength of the stimulus.
pub const STIMULUS: &str = "stimulus";

impl Annotation {
    /// Whether a sweep begins here: a stimulus, with or without its strength, or a trigger.
    pub fn begins_sweep(&self) -> bool {
        self.text == STIMULUS || self.text == TRIGGER || self.number().is_some()
    }

    /// Strength of a stimulus that tells it (`stimulus 1.25`, `stimulus 12 mA`), in the unit of whoever wrote it.
    pub fn strength(&self) -> Option<f64> {
        self.number().filter(|x| x.is_finite() && *x > 0.0)
    }

    fn number(&self) -> Option<f64> {
        self.text.strip_prefix(STIMULUS)?.strip_prefix(' ')?.split_whitespace().next()?.parse().ok()
    }
}

/// Values at times of their own: a phone's accelerometer, strides, taps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Label (`x`, `stride, left`).
    pub label: String,
    /// Unit of the values.
    pub unit: String,
    /// Times from the start of the recording, s, never falling.
    pub times_s: Vec<f64>,
    /// Values, as many as times.
    pub values: Vec<f64>,
}

impl Series {
    /// Mean rate over the series, Hz; `None` below two values or if no time passes.
    pub fn mean_rate_hz(&self) -> Option<f64> {
        let span = self.times_s.last()? - self.times_s.first()?;
        (span > 0.0).then(|| (self.times_s.len() - 1) as f64 / span)
    }

    /// Longest time between two values, s.
    pub fn longest_gap_s(&self) -> f64 {
        self.times_s.windows(2).map(|w| w[1] - w[0]).fold(0.0, f64::max)
    }

    /// Evenly sampled at `rate_hz` from its first time on, along straight lines between the values. `None` for a rate that is not positive,
    /// and below two values.
    ///
    /// Straight lines lower what lies near half of the series' own rate (a sine at a tenth of the rate by 3 %, at a quarter by 19 %):
    /// measure well below it.
    pub fn resampled(&self, rate_hz: f64) -> Option<Channel> {
        self.mean_rate_hz()?;
        if !(rate_hz.is_finite() && rate_hz > 0.0) {
            return None;
        }
        let (first, last) = (self.times_s[0], self.times_s[self.times_s.len() - 1]);
        let count = ((last - first) * rate_hz + 1e-9).floor() as usize + 1;
        let mut k = 0;
        let samples = (0..count)
            .map(|i| {
                let t = first + i as f64 / rate_hz;
                while k + 2 < self.times_s.len() && self.times_s[k + 1] <= t {
                    k += 1;
                }
                let (from, to) = (self.times_s[k], self.times_s[k + 1]);
                let share = if to > from { ((t - from) / (to - from)).clamp(0.0, 1.0) } else { 1.0 };
                self.values[k] + share * (self.values[k + 1] - self.values[k])
            })
            .collect();
        Some(Channel { label: self.label.clone(), unit: self.unit.clone(), rate_hz, samples })
    }
}

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
    /// Values that were not taken at an even rate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<Series>,
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

    /// The sweeps of the first channel: around each stimulus or trigger ([`Annotation::begins_sweep`]), in order of time, from `before_s` before
    /// it until `length_s` have passed or the next one's sweep begins. A sweep that would start before the recording is left out.
    pub fn sweeps(&self, before_s: f64, length_s: f64) -> impl Iterator<Item = &[f64]> {
        self.timed_sweeps(before_s, length_s).map(|(_, sweep)| sweep)
    }

    /// The same, each with the time of its stimulus or trigger, s.
    pub fn timed_sweeps(&self, before_s: f64, length_s: f64) -> impl Iterator<Item = (f64, &[f64])> {
        let channel = self.channels.first();
        let rate_hz = channel.map_or(0.0, |c| c.rate_hz);
        let samples = channel.map_or(&[][..], |c| c.samples.as_slice());
        let mut onsets: Vec<f64> = self.annotations.iter().filter(|a| a.begins_sweep()).map(|a| a.onset_s).collect();
        onsets.sort_by(f64::total_cmp);
        let starts: Vec<(f64, f64)> = onsets
            .into_iter()
            .map(|onset_s| (onset_s, ((onset_s - before_s) * rate_hz).round()))
            .filter(|(_, start)| (0.0..samples.len() as f64).contains(start))
            .collect();
        let most = (length_s * rate_hz).round().max(0.0) as usize;
        (0..starts.len()).map(move |k| {
            let (onset_s, start) = (starts[k].0, starts[k].1 as usize);
            let next = starts.get(k + 1).map_or(samples.len(), |(_, n)| (*n as usize).clamp(start, samples.len()));
            (onset_s, &samples[start..next.min(start.saturating_add(most))])
        })
    }

    /// Time to the end of the longest channel or series, s.
    pub fn duration_s(&self) -> f64 {
        let channels = self.channels.iter().map(|c| c.samples.len() as f64 / c.rate_hz);
        channels.chain(self.series.iter().filter_map(|s| s.times_s.last().copied())).fold(0.0, f64::max)
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
            .with_mark(0.050, "stimulus 1.5")
            .with_mark(0.060, "stimulus artefact")
            .with_mark(0.095, STIMULUS)
            .with_mark(7.0, STIMULUS);
        let cut: Vec<(f64, usize)> = recording.sweeps(0.002, 0.020).map(|s| (s[0], s.len())).collect();
        // The first would start before the recording, the last lies beyond it, the fourth is cut off by its end.
        assert_eq!(cut, [(8.0, 20), (48.0, 20), (93.0, 7)]);
        let near: Vec<usize> = recording.sweeps(0.002, 0.060).map(<[f64]>::len).collect();
        assert_eq!(near, [40, 45, 7], "a sweep ends where the next begins");
        assert_eq!(Recording::titled("empty").with_mark(0.0, STIMULUS).sweeps(0.0, 1.0).count(), 0);
    }

    #[test]
    fn a_stimulus_tells_its_strength_or_not() {
        let strength = |text: &str| {
            let a = Annotation { onset_s: 0.0, duration_s: 0.0, text: text.into() };
            (a.begins_sweep(), a.strength())
        };
        assert_eq!(strength("stimulus"), (true, None));
        assert_eq!(strength("stimulus 1.25"), (true, Some(1.25)));
        assert_eq!(strength("stimulus 12 mA"), (true, Some(12.0)));
        assert_eq!(strength("stimulus nan"), (true, None));
        assert_eq!(strength("stimulus -2"), (true, None));
        assert_eq!(strength("stimulus artefact"), (false, None));
        assert_eq!(strength("stimulusx"), (false, None));
    }

    #[test]
    fn a_line_sampled_unevenly_is_a_line() {
        let times_s = vec![1.0, 1.1, 1.25, 1.25, 1.9, 2.0];
        let values = times_s.iter().map(|t| 3.0 * t - 1.0).collect();
        let series = Series { label: "x".into(), unit: "1".into(), times_s, values };
        assert_eq!(series.mean_rate_hz(), Some(5.0));
        assert!((series.longest_gap_s() - 0.65).abs() < 1e-12);
        let even = series.resampled(20.0).expect("two values or more");
        assert_eq!(even.samples.len(), 21);
        for (i, x) in even.samples.iter().enumerate() {
            assert!((x - (2.0 + 0.15 * i as f64)).abs() < 1e-12, "{i} {x}");
        }
        assert_eq!(series.resampled(0.0), None);
        assert_eq!(Series { times_s: vec![1.0], values: vec![1.0], ..series }.resampled(10.0), None);
    }
}
