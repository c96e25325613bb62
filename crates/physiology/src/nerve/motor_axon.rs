//! The motor axons of one muscle, from the cord to the endplates.

use serde::{Deserialize, Serialize};

use super::after_discharge::{self, AddedImpulse};
use super::backfire::{Backfire, BackfireParameters, TURNAROUND_MS};
use super::path::FibrePaths;
use super::segment::{FibreSpectrum, NerveSegment};
use crate::math;
use crate::random::{Seed, Stream};

/// What the motor axons of one muscle are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MotorAxonParameters {
    /// Diameters.
    pub spectrum: FibreSpectrum,
    /// Path, cord first, endplate last.
    pub segments: Vec<NerveSegment>,
    /// Length over which the axons run as terminal branches at the end of the path, m.
    pub terminal_length_m: f64,
    /// SD of ln threshold between the axons under a stimulating electrode.
    pub threshold_log_sd: f64,
    /// Fraction of axons alive at the muscle; nested.
    pub survival: f64,
    /// Rate of ectopic (fasciculation) impulses per axon, 1/s; 0 in health.
    pub ectopic_rate_hz: f64,
    /// Kv1 potassium channels left, relative to health.
    pub kv1: f64,
    /// Persistent inward current by which neuron and axon keep firing, 0 in health, 1 at most.
    pub persistent_current: f64,
}

/// Correlation of axon diameter with unit size (assumed: larger units have faster axons, loosely in human muscle).
const DIAMETER_SIZE_CORRELATION: f64 = 0.5;

/// SD of ln threshold between the motor axons of a nerve of which nothing is published: that of the ulnar (fitted CMAP scans of healthy nerves).
pub const THRESHOLD_LOG_SD: f64 = 0.19;

/// Correlation of ln threshold with ln unit size (0.2, SD 0.2, same scans: depth in the nerve rules, not diameter).
const THRESHOLD_SIZE_CORRELATION: f64 = 0.2;

/// Spread of one axon's threshold from stimulus to stimulus, relative SD (1.65 to 2 % in published fits of CMAP scans).
pub const RELATIVE_SPREAD: f64 = 0.02;

/// Coefficient of variation of the intervals between ectopic impulses (assumed: fasciculations are as irregular as a Poisson process).
const ECTOPIC_INTERVAL_CV: f64 = 1.0;

/// SD of the logarithm of the share of Kv1 channels lost at the place where an ectopic impulse arises (assumed: antibodies reach the branches of an
/// axon unevenly; single discharges, doublets and triplets are recorded beside bursts).
const KV1_LOSS_LOG_SD: f64 = 0.5;

/// The motor axons of one muscle; axon `i` belongs to unit `i` of the pool, smallest first.
///
/// ```
/// use tonus_physiology::nerve::{motor_axon::*, segment::*};
/// use tonus_physiology::random::Seed;
/// let parameters = MotorAxonParameters {
///     spectrum: FibreSpectrum::motor_arm(),
///     segments: vec![NerveSegment::healthy("arm", 0.5, 35.0), NerveSegment::healthy("hand", 0.08, 33.5)],
///     terminal_length_m: 0.03,
///     threshold_log_sd: THRESHOLD_LOG_SD,
///     survival: 1.0,
///     ectopic_rate_hz: 0.0,
///     kv1: 1.0,
///     persistent_current: 0.0,
/// };
/// let axons = MotorAxons::new(&parameters, 120, Seed::new(1));
/// assert!(axons.total_delay_ms(0).is_some_and(|ms| (9.0..16.0).contains(&ms)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MotorAxons {
    diameters_um: Vec<f64>,
    thresholds: Vec<f64>,
    alive: Vec<bool>,
    paths: FibrePaths,
    backfire: Backfire,
    ectopic_rate_hz: f64,
    kv1: f64,
    persistent_current: f64,
}

impl MotorAxons {
    /// The axons of `units` motor units.
    pub fn new(parameters: &MotorAxonParameters, units: usize, seed: Seed) -> Self {
        let seed = seed.child("motor axons");
        let diameters_um: Vec<f64> = (0..units)
            .map(|unit| with_size(unit, units, DIAMETER_SIZE_CORRELATION, seed, "diameter"))
            .map(|deviate| parameters.spectrum.diameter_um(deviate))
            .collect();
        let thresholds = thresholds(parameters, units, seed);
        let alive =
            (0..units).map(|unit| seed.index(unit).stream("survival").uniform() <= parameters.survival).collect();
        let paths = FibrePaths::new(&diameters_um, &parameters.segments, seed)
            .with_terminal_branches(parameters.terminal_length_m);
        Self {
            diameters_um,
            thresholds,
            alive,
            paths,
            backfire: Backfire::new(&BackfireParameters::default(), units, seed),
            ectopic_rate_hz: parameters.ectopic_rate_hz,
            kv1: parameters.kv1,
            persistent_current: parameters.persistent_current,
        }
    }

    /// The same axons under a stimulating electrode at another `place` along the nerve. Place 0 is the one they are built with; at any
    /// other the fascicles lie anew to the electrode, so that thresholds are drawn anew (assumed: fibres of one muscle change their
    /// neighbours within centimetres), with the same spread and the same loose order of size.
    pub fn at_place(mut self, parameters: &MotorAxonParameters, place: usize, seed: Seed) -> Self {
        if place > 0 {
            let seed = seed.child("motor axons").child("electrode").index(place);
            self.thresholds = thresholds(parameters, self.units(), seed);
        }
        self
    }

    /// The same axons with other backfiring probabilities.
    pub fn with_backfire(mut self, backfire: Backfire) -> Self {
        self.backfire = backfire;
        self
    }

    /// Number of axons in health.
    pub fn units(&self) -> usize {
        self.alive.len()
    }

    /// Number of segments of the path.
    pub fn segments(&self) -> usize {
        self.paths.segments()
    }

    /// Whether the axon of `unit` reaches the muscle (blocked axons are alive).
    pub fn alive(&self, unit: usize) -> bool {
        self.alive[unit]
    }

    /// Diameter of the axon (equivalent of the double-cable axon), um.
    pub fn diameter_um(&self, unit: usize) -> f64 {
        self.diameters_um[unit]
    }

    /// Electrical threshold at the stimulating electrode relative to the median axon, 1.
    pub fn threshold(&self, unit: usize) -> f64 {
        self.thresholds[unit]
    }

    /// Whether a stimulus of `current` thresholds of the median axon excites the axon of `unit`; each stimulus draws its threshold anew.
    pub fn excited(&self, unit: usize, current: f64, stream: &mut Stream) -> bool {
        // Every axon draws, dead or alive, so that a loss shifts nobody's luck.
        let threshold = self.thresholds[unit] * (1.0 + RELATIVE_SPREAD * stream.normal());
        self.alive[unit] && current > threshold
    }

    /// Conduction time through segments `from_segment..=to_segment_end`, ms, in either direction;
    /// `None` if the axon is dead or its impulse fails in any of them. Segments past the last do not exist and take no time.
    pub fn delay_ms(&self, unit: usize, from_segment: usize, to_segment_end: usize) -> Option<f64> {
        self.through(unit, from_segment, to_segment_end.saturating_add(1))
    }

    /// Conduction time from the cord to the endplates, ms.
    pub fn total_delay_ms(&self, unit: usize) -> Option<f64> {
        self.through(unit, 0, self.segments())
    }

    /// Time from an impulse set off at the start (cord end) of segment `site` to the arrival of its F wave at the endplates, ms:
    /// antidromic to the cord, turnaround 1.0 ms, orthodromic all the way.
    pub fn f_wave_delay_ms(&self, unit: usize, site: usize) -> Option<f64> {
        Some(self.through(unit, 0, site)? + TURNAROUND_MS + self.total_delay_ms(unit)?)
    }

    /// Whether the neuron of `unit` backfires on an antidromic impulse that has reached it.
    ///
    /// `excitability` of the motor neurons is 1 in health, lower in the shock of an acute central lesion, higher in chronic spasticity.
    pub fn backfire(&self, unit: usize, excitability: f64, stream: &mut Stream) -> bool {
        self.backfire.fires(unit, excitability, stream) && self.alive[unit]
    }

    /// Times of the ectopic impulses of `unit` in `duration_s`, s; log-normal intervals, the process already running at 0.
    pub fn ectopic_times(&self, unit: usize, duration_s: f64, stream: &mut Stream) -> Vec<f64> {
        let mut times_s = Vec::new();
        if self.ectopic_rate_hz <= 0.0 || !self.alive[unit] {
            return times_s;
        }
        let mean_s = 1.0 / self.ectopic_rate_hz;
        let log_variance = math::ln(1.0 + ECTOPIC_INTERVAL_CV * ECTOPIC_INTERVAL_CV);
        let log_sd = math::sqrt(log_variance);
        // Ten mean intervals of run-in forget the start.
        let mut time_s = -mean_s * (10.0 + stream.uniform());
        loop {
            time_s += mean_s * math::exp(log_sd * stream.normal() - 0.5 * log_variance);
            if time_s >= duration_s {
                return times_s;
            }
            if time_s >= 0.0 {
                times_s.push(time_s);
            }
        }
    }

    /// What the axon of `unit` adds after an ectopic impulse at `at_s`, up to `end_s`: a burst, if enough Kv1 channels are lost where it arose.
    pub fn burst(&self, unit: usize, at_s: f64, end_s: f64, stream: &mut Stream) -> Vec<AddedImpulse> {
        let lost_here = (1.0 - self.kv1) * math::exp(KV1_LOSS_LOG_SD * stream.normal());
        if self.alive[unit] { after_discharge::burst(1.0 - lost_here, at_s, end_s, stream) } else { Vec::new() }
    }

    /// What `unit` does in the `seconds` after a strong contraction of the shortened muscle has ended: its part in a cramp, if the neuron
    /// keeps firing by itself.
    pub fn cramp(&self, unit: usize, seconds: f64, stream: &mut Stream) -> Vec<AddedImpulse> {
        if self.alive[unit] { after_discharge::cramp(self.persistent_current, seconds, stream) } else { Vec::new() }
    }

    fn through(&self, unit: usize, from: usize, to: usize) -> Option<f64> {
        let time_ms: f64 = (from..to.min(self.segments())).map(|s| self.paths.delay_ms(unit, s)).sum();
        (self.alive[unit] && time_ms.is_finite()).then_some(time_ms)
    }
}

/// A standard normal deviate of a unit that runs with its size by correlation `r`.
fn with_size(unit: usize, units: usize, r: f64, seed: Seed, name: &str) -> f64 {
    let size = math::inverse_normal_cdf((unit as f64 + 0.5) / units as f64);
    r * size + math::sqrt(1.0 - r * r) * seed.index(unit).stream(name).normal()
}

/// Thresholds under a stimulating electrode, relative to the median axon.
fn thresholds(parameters: &MotorAxonParameters, units: usize, seed: Seed) -> Vec<f64> {
    let deviate = |unit| with_size(unit, units, THRESHOLD_SIZE_CORRELATION, seed, "threshold");
    (0..units).map(|unit| math::exp(parameters.threshold_log_sd * deviate(unit))).collect()
}

#[cfg(test)]
mod tests;
