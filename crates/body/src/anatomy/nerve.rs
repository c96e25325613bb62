//! Entries of `data/nerves.toml`.

use serde::Deserialize;
use toml::Spanned;
use tonus_physiology::nerve::segment::{FibreSpectrum, NerveSegment};

use super::quantity::{Confidence, Count, Positive, Segment, Source, Temperature};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NerveTable {
    pub(super) motor_nerve: Vec<MotorNerveEntry>,
    pub(super) sensory_nerve: Vec<SensoryNerveEntry>,
}

/// The path of motor axons from the cord to a muscle's branch.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MotorNerveEntry {
    pub(super) id: Spanned<String>,
    /// Name to show.
    pub name: String,
    /// Diameters.
    pub fibres: Spectrum,
    /// Stretches, cord first.
    pub path: Path,
}

/// A cutaneous nerve under its recording site.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SensoryNerveEntry {
    pub(super) id: Spanned<String>,
    /// Name to show.
    pub name: String,
    /// Dorsal-root segments.
    pub segments: Vec<Segment>,
    /// Fibres.
    pub fibres: SensoryFibres,
    /// Stretches, recording site first.
    pub path: Path,
}

impl MotorNerveEntry {
    /// Id.
    pub fn id(&self) -> &str {
        self.id.get_ref()
    }
}

impl SensoryNerveEntry {
    /// Id.
    pub fn id(&self) -> &str {
        self.id.get_ref()
    }
}

/// Diameters of motor axons, as the double cable needs them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spectrum {
    /// Mean, um.
    pub mean_um: Positive,
    /// SD, um.
    pub sd_um: Positive,
    /// Cut below, SD.
    pub cut_low_sd: Positive,
    /// Cut above, SD.
    pub cut_high_sd: Positive,
    /// SD of ln threshold between axons under a stimulating electrode. Left out where nothing is published on the nerve.
    pub threshold_log_sd: Option<Positive>,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// Large cutaneous fibres.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SensoryFibres {
    /// Large myelinated fibres in a young adult.
    pub count: Count,
    /// Mean, um.
    pub mean_um: Positive,
    /// SD, um.
    pub sd_um: Positive,
    /// Cut below, SD.
    pub cut_low_sd: Positive,
    /// Cut above, SD.
    pub cut_high_sd: Positive,
    /// Skin to nerve under the recording electrodes, mm.
    pub depth_mm: Positive,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// A path of stretches.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Path {
    /// The stretches, in order.
    pub stretch: Vec<Stretch>,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// One stretch of nerve.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// Name.
    pub name: String,
    /// Length, m.
    pub length_m: Positive,
    /// Temperature, degrees C.
    pub temperature_c: Temperature,
}

impl Spectrum {
    pub(crate) fn spectrum(&self, scale: f64) -> FibreSpectrum {
        FibreSpectrum {
            mean_um: self.mean_um.get(),
            sd_um: self.sd_um.get(),
            cut_low_sd: self.cut_low_sd.get(),
            cut_high_sd: self.cut_high_sd.get(),
            scale,
        }
    }
}

impl SensoryFibres {
    pub(crate) fn spectrum(&self, scale: f64) -> FibreSpectrum {
        FibreSpectrum {
            mean_um: self.mean_um.get(),
            sd_um: self.sd_um.get(),
            cut_low_sd: self.cut_low_sd.get(),
            cut_high_sd: self.cut_high_sd.get(),
            scale,
        }
    }
}

impl Path {
    /// The stretches with their lengths times `length`.
    pub(crate) fn segments(&self, length: f64) -> Vec<NerveSegment> {
        self.stretch
            .iter()
            .map(|s| NerveSegment::healthy(&s.name, s.length_m.get() * length, s.temperature_c.get()))
            .collect()
    }
}
