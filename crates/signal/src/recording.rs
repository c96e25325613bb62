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

/// A recording: any number of channels that start together, and annotations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// Title (`ulnar motor, wrist`).
    pub title: String,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Annotations, in time order.
    pub annotations: Vec<Annotation>,
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

    /// Length of the longest channel, s.
    pub fn duration_s(&self) -> f64 {
        self.channels.iter().map(|c| c.samples.len() as f64 / c.rate_hz).fold(0.0, f64::max)
    }
}
