//! The large cutaneous axons of one sensory nerve, under its recording electrodes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fibre_wave::FibreWave;
use super::path::FibrePaths;
use super::segment::{FibreSpectrum, NerveSegment};
use super::velocity::SITE_DELAY_MS;
use crate::math;
use crate::random::Seed;

/// What the sensory axons of one nerve are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SensoryAxonParameters {
    /// Large myelinated fibres in health.
    pub fibres: usize,
    /// Diameters.
    pub spectrum: FibreSpectrum,
    /// Path from the recording site (first) towards the cord.
    pub segments: Vec<NerveSegment>,
    /// Depth of the nerve under the recording electrodes, mm.
    pub depth_mm: f64,
    /// Fraction of fibres alive at the recording site; nested.
    pub survival: f64,
}

/// Fibres within this step of ln velocity share the shape of their wave.
const VELOCITY_BIN: f64 = 0.02;

/// The large cutaneous axons of one nerve.
#[derive(Clone, Debug, PartialEq)]
pub struct SensoryAxons {
    diameters_um: Vec<f64>,
    alive: Vec<bool>,
    paths: FibrePaths,
    depth_mm: f64,
}

impl SensoryAxons {
    /// The axons of a nerve.
    pub fn new(parameters: &SensoryAxonParameters, seed: Seed) -> Self {
        let seed = seed.child("sensory axons");
        let diameters_um: Vec<f64> = (0..parameters.fibres)
            .map(|fibre| parameters.spectrum.diameter_um(seed.index(fibre).stream("diameter").normal()))
            .collect();
        let alive = (0..parameters.fibres)
            .map(|fibre| seed.index(fibre).stream("survival").uniform() <= parameters.survival)
            .collect();
        let paths = FibrePaths::new(&diameters_um, &parameters.segments, seed);
        Self { diameters_um, alive, paths, depth_mm: parameters.depth_mm }
    }

    /// Number of fibres in health.
    pub fn fibres(&self) -> usize {
        self.alive.len()
    }

    /// Whether the fibre reaches the recording site.
    pub fn alive(&self, fibre: usize) -> bool {
        self.alive[fibre]
    }

    /// Diameter of the fibre (equivalent of the double-cable axon), um.
    pub fn diameter_um(&self, fibre: usize) -> f64 {
        self.diameters_um[fibre]
    }

    /// Conduction time over the first `distance_m` of the path, ms, without the 0.1 ms at the stimulus;
    /// `None` if the fibre is dead or its impulse fails in a segment entered.
    pub fn delay_ms(&self, fibre: usize, distance_m: f64) -> Option<f64> {
        let time_ms = self.paths.delay_over_ms(fibre, distance_m);
        (self.alive[fibre] && time_ms.is_finite()).then_some(time_ms)
    }

    /// Conduction times of all fibres from a stimulus `distance_m` proximal of the recording site, ms; `None` as in [`Self::delay_ms`].
    pub fn delays_ms(&self, distance_m: f64) -> Vec<Option<f64>> {
        (0..self.fibres()).map(|fibre| self.delay_ms(fibre, distance_m)).collect()
    }

    /// The sensory nerve action potential after one supramaximal stimulus at 0, uV, without noise.
    ///
    /// Antidromic and bipolar: the active electrode is `distance_m` distal of the cathode, the reference
    /// `electrode_separation_m` further on; the signal is active minus reference, so the main peak is negative.
    /// Sum over every living, conducting fibre of its [`FibreWave`] at the velocity it has under the electrodes.
    pub fn snap(&self, distance_m: f64, electrode_separation_m: f64, rate_hz: f64, duration_ms: f64) -> Vec<f64> {
        let mut signal = vec![0.0; (duration_ms * 0.001 * rate_hz).round().max(0.0) as usize];
        let mut waves: BTreeMap<i64, FibreWave> = BTreeMap::new();
        for fibre in 0..self.fibres() {
            let Some(delay_ms) = self.delay_ms(fibre, distance_m) else {
                continue;
            };
            let Some(velocity_m_s) = self.local_velocity_m_s(fibre) else {
                continue;
            };
            let bin = (math::ln(velocity_m_s) / VELOCITY_BIN).round() as i64;
            let centre_m_s = math::exp(bin as f64 * VELOCITY_BIN);
            let wave = waves.entry(bin).or_insert_with(|| FibreWave::new(self.depth_mm, centre_m_s));
            // The factor 1/v2 of the wave is exact for the fibre; only the shape is shared.
            let ratio = centre_m_s / velocity_m_s;
            let gain = ratio * ratio;
            let active_ms = SITE_DELAY_MS + delay_ms;
            let reference_ms = active_ms + 1000.0 * electrode_separation_m / velocity_m_s;
            wave.add_to(&mut signal, rate_hz, active_ms, self.diameters_um[fibre], gain);
            wave.add_to(&mut signal, rate_hz, reference_ms, self.diameters_um[fibre], -gain);
        }
        signal
    }

    /// Velocity under the recording electrodes, m/s.
    fn local_velocity_m_s(&self, fibre: usize) -> Option<f64> {
        if self.paths.segments() == 0 { None } else { self.paths.velocity_m_s(fibre, 0) }
    }
}

#[cfg(test)]
mod tests;
