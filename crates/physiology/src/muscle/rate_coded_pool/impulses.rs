//! The pool by its impulses, millisecond by millisecond.

use serde::{Deserialize, Serialize};

use super::{ADAPTATION_BELOW_HZ, FURTHEST_DEVIATE, RateCodedPoolModel};
use crate::math;
use crate::muscle::unit::Units;
use crate::random::{Seed, Stream};

/// Adaptation of rates is brought up to date every so many ms (the published step).
const ADAPTATION_MS: u64 = 100;

/// An impulse of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Impulse {
    /// Unit, smallest 0.
    pub unit: u32,
    /// When in the millisecond, ms.
    pub offset_ms: f64,
}

/// Where a rate-coded pool is now.
///
/// Each unit's rate is integrated over time; an impulse falls where the integral reaches `1 + cv Z`, so that an interval at a steady
/// rate is that of the paper and a changing excitation is followed within it. The first impulse comes after a random part of an
/// interval (assumed: units recruited together do not discharge together); a unit recruited again ends the interval it left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateCodedPool {
    units: Units,
    /// Intervals since the last impulse, and at which the next falls.
    phase: Vec<f64>,
    due: Vec<f64>,
    /// Share of its rate that each unit has lost to adaptation, and the growth of that.
    adapted: Vec<f64>,
    adaptation: Vec<f64>,
    streams: Vec<Stream>,
    now_ms: u64,
    force: f64,
    impulses: Vec<Impulse>,
}

impl RateCodedPool {
    /// At rest; `seed` names the run.
    pub fn new(model: &RateCodedPoolModel, seed: Seed) -> Self {
        let n = model.recruitment.len();
        let mut streams: Vec<Stream> = (0..n).map(|i| seed.index(i).stream("interval")).collect();
        Self {
            units: Units::new(&model.units),
            phase: vec![0.0; n],
            due: streams.iter_mut().map(Stream::uniform).collect(),
            adapted: vec![0.0; n],
            adaptation: vec![0.0; n],
            streams,
            now_ms: 0,
            force: 0.0,
            impulses: Vec::with_capacity(n),
        }
    }

    /// One millisecond at an excitation (one that is not a number excites nobody); its impulses, smallest unit first.
    pub fn step_ms(&mut self, model: &RateCodedPoolModel, excitation: f64) -> &[Impulse] {
        if self.now_ms.is_multiple_of(ADAPTATION_MS) && model.parameters.adaptation.is_some() {
            self.adapt(model, excitation);
        }
        self.now_ms += 1;
        let p = &model.parameters;
        let (least, gain, from) = (p.minimum_rate_hz, p.gain_hz, p.minimum_rate_hz - ADAPTATION_BELOW_HZ);
        let per_unit = self.phase.iter_mut().zip(&self.adapted).zip(&model.recruitment).zip(&model.peak_rate_hz);
        for (((phase, adapted), threshold), peak) in per_unit {
            let above = excitation - threshold;
            let rate = least + gain * above;
            let rate = if rate < *peak { rate } else { *peak };
            let over = rate - from;
            let rate = rate - adapted * if over > 0.0 { over } else { 0.0 };
            *phase += if above >= 0.0 { rate * 1e-3 } else { 0.0 };
        }
        self.units.advance();
        self.impulses.clear();
        for i in 0..self.phase.len() {
            if self.phase[i] >= self.due[i] {
                self.discharge(model, i, excitation);
            }
        }
        self.force = self.units.activation();
        &self.impulses
    }

    fn discharge(&mut self, model: &RateCodedPoolModel, unit: usize, excitation: f64) {
        let rate = model.rate_hz(unit, excitation);
        let rate = rate - self.adapted[unit] * (rate - model.parameters.minimum_rate_hz + ADAPTATION_BELOW_HZ).max(0.0);
        let over = self.phase[unit] - self.due[unit];
        let offset_ms = (1.0 - over / (rate * 1e-3)).clamp(0.0, 1.0);
        self.phase[unit] = over;
        let deviate = self.streams[unit].normal().clamp(-FURTHEST_DEVIATE, FURTHEST_DEVIATE);
        self.due[unit] = 1.0 + model.parameters.interval_cv * deviate;
        self.units.impulse(&model.units, unit, offset_ms, 1.0);
        self.impulses.push(Impulse { unit: unit as u32, offset_ms });
    }

    /// Adaptation grows while a unit is recruited and decays while it is not.
    fn adapt(&mut self, model: &RateCodedPoolModel, excitation: f64) {
        let tau_s = model.parameters.adaptation.map_or(f64::INFINITY, |a| a.tau_s);
        let left = math::exp(-(ADAPTATION_MS as f64) * 1e-3 / tau_s);
        for (i, threshold) in model.recruitment.iter().enumerate() {
            let towards = if excitation >= *threshold { 1.0 } else { 0.0 };
            self.adaptation[i] = towards + (self.adaptation[i] - towards) * left;
            self.adapted[i] = model.adaptation[i] * self.adaptation[i];
        }
    }

    /// Force at the end of the last millisecond, in twitches of the smallest unit.
    pub fn force(&self) -> f64 {
        self.force
    }

    /// The motor units.
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// Impulses of the last millisecond.
    pub fn impulses(&self) -> &[Impulse] {
        &self.impulses
    }
}
