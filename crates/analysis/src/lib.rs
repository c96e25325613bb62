//! What a recording is, and everything that is measured on it, simulated or real.
//!
//! ```
//! use tonus_analysis::{Kind, Request, analyse};
//! use tonus_signal::Recording;
//! let angle: Vec<f64> = (0..1_000).map(|i| 90.0 * libm::exp(-0.004 * f64::from(i)) * libm::cos(0.0628 * f64::from(i))).collect();
//! let recording = Recording::titled("leg drop").with_channel("knee angle", "deg", 100.0, angle);
//! let found = analyse(&recording, &Request::default())?;
//! assert_eq!(found.kind, Kind::Pendulum);
//! # Ok::<(), tonus_analysis::AnalysisError>(())
//! ```

mod error;
mod evoked;
mod grid;
mod kind;
mod mep;
mod movement;
mod needle;
mod scan;
mod surface;
mod walking;

use serde::Serialize;
use tonus_signal::{Annotation, Measure, Recording};

pub use error::AnalysisError;
pub use kind::Kind;
pub use needle::Reading;

/// What is wanted of a recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// What it is; `None`: told from its content.
    pub kind: Option<Kind>,
    /// Distance of neighbouring electrodes of a grid, mm, where the recording doesn't know their places.
    pub spacing_mm: Option<f64>,
}

/// Numbers to be drawn against each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plot {
    /// What it shows.
    pub title: &'static str,
    /// Quantity and unit along.
    pub along: (&'static str, &'static str),
    /// Quantity and unit upwards.
    pub upward: (&'static str, &'static str),
    /// Points.
    pub points: Vec<(f64, f64)>,
    /// Whether they make a line.
    pub joined: bool,
}

/// What was found in a recording.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Analysis {
    /// What it was taken for.
    pub kind: Kind,
    /// Measures, in the order of their importance.
    pub measures: Vec<Measure>,
    /// Events that were found: discharges, taps, responses.
    pub events: Vec<Annotation>,
    /// What the pattern speaks for, and why, where there is a rule for it.
    pub reading: Option<Reading>,
    /// What is worth a look.
    pub plots: Vec<Plot>,
    /// What the user ought to know of how it was measured.
    pub notes: Vec<String>,
}

impl Analysis {
    fn new(kind: Kind) -> Self {
        Self { kind, measures: Vec::new(), events: Vec::new(), reading: None, plots: Vec::new(), notes: Vec::new() }
    }

    fn with(mut self, name: &str, value: impl Into<tonus_signal::Value>, unit: &str) -> Self {
        self.measures.push(Measure::new(name, value, unit));
        self
    }

    /// The number of that name, if it was measured and present.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.measures.iter().find(|m| m.name == name).and_then(|m| m.value.number())
    }
}

/// Measures a recording.
///
/// # Errors
/// [`AnalysisError`] if it isn't told what it is, or lacks what its kind needs.
pub fn analyse(recording: &Recording, request: &Request) -> Result<Analysis, AnalysisError> {
    let kind = match request.kind {
        Some(kind) => kind,
        None => kind::told(recording)?,
    };
    match kind {
        Kind::Needle => needle::analyse(recording),
        Kind::Surface => surface::analyse(recording),
        Kind::Grid => grid::analyse(recording, request.spacing_mm),
        Kind::CmapScan => scan::analyse(recording),
        Kind::Evoked => evoked::analyse(recording),
        Kind::Mep => mep::analyse(recording),
        Kind::Tremor => movement::tremor(recording),
        Kind::Pendulum => movement::pendulum(recording),
        Kind::Sway => movement::sway(recording),
        Kind::Tapping => movement::tapping(recording),
        Kind::Gait => walking::analyse(recording),
    }
}
