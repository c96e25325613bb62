//! Motor units as force generators: twitch, fusion, strength (Fuglevand, Winter & Patla 1993).
//!
//! f(t) = g P (t/T) exp(1 - t/T) after each impulse, units i = 1..n, smallest first:
//! P_i = exp(b i) with b = ln(RP)/n; T_i = TL (1/P_i)^(1/c) with c = ln(RP)/ln(RT).
//!
//! g depends on the interval *before* the impulse: 1 for T/ISI < 0.4, else [S(x)/x]/[S(0.4)/0.4] with x = T/ISI and
//! S(x) = 1 - exp(-2 x^3), so that a unit's tetanus is e 0.4/S(0.4) = 9.05 twitches. An interval under 20 ms that starts
//! from low force (a doublet) instead gains 1 + 2.5 exp(-ISI/20 ms), fitted to the 3.5-fold doublets of human thenar units
//! (Thomas, Johansson & Bigland-Ritchie 1999).
//!
//! Each unit is a critically damped second-order filter, stepped exactly. Forces are fractions of the muscle's maximum:
//! all units in full tetanus make 1, each weighted by its strength (what is left of its fibres) and each impulse by the
//! share of its fibres that the junctions let fire. Where it fails: no fatigue, no potentiation.

use serde::{Deserialize, Serialize};

use crate::math;

/// What the motor units of one muscle are, as force generators.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitParameters {
    /// Largest over smallest twitch force.
    pub twitch_range: f64,
    /// Longest contraction time (smallest unit), ms.
    pub contraction_time_ms: f64,
    /// Longest over shortest contraction time.
    pub contraction_time_range: f64,
}

/// x = T/ISI below which twitches add linearly (Fuglevand 1993).
const LINEAR_BELOW: f64 = 0.4;
/// Intervals that count as a doublet, ms, with its extra gain and decay (fitted: see above).
const DOUBLET_MS: f64 = 20.0;
/// Extra gain of a doublet.
const DOUBLET_GAIN: f64 = 2.5;
/// Share of tetanic force above which a doublet has no extra.
const DOUBLET_FORCE: f64 = 0.3;

/// S(x) = 1 - exp(-2 x^3): relative force of a sigmoid force-rate curve.
fn sigmoid(x: f64) -> f64 {
    1.0 - math::exp(-2.0 * x * x * x)
}

/// Tetanus over twitch of one unit, e 0.4/S(0.4) = 9.05.
pub fn tetanus_over_twitch() -> f64 {
    std::f64::consts::E * LINEAR_BELOW / sigmoid(LINEAR_BELOW)
}

/// Gain of an impulse whose preceding interval is `x` = T/ISI.
pub fn fusion_gain(x: f64) -> f64 {
    if x < LINEAR_BELOW { 1.0 } else { (sigmoid(x) / x) / (sigmoid(LINEAR_BELOW) / LINEAR_BELOW) }
}

/// The motor units of one muscle, smallest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitModel {
    /// Peak twitch, fraction of the healthy muscle's maximal force.
    twitch: Vec<f64>,
    contraction_time_ms: Vec<f64>,
    /// exp(-1 ms/T).
    decay: Vec<f64>,
}

impl UnitModel {
    /// `units` in health, each with `strength[i]` of its healthy force left (missing entries count as 1).
    pub fn new(parameters: &UnitParameters, units: usize, strength: &[f64]) -> Self {
        let n = units.max(1) as f64;
        let range = parameters.twitch_range.max(1.0 + 1e-9);
        let b = math::ln(range) / n;
        let c = math::ln(parameters.contraction_time_range.max(1.0)) / math::ln(range);
        let raw: Vec<f64> = (1..=units).map(|i| math::exp(b * i as f64)).collect();
        let whole = raw.iter().sum::<f64>() * tetanus_over_twitch();
        let contraction_time_ms: Vec<f64> =
            raw.iter().map(|p| parameters.contraction_time_ms.max(1.0) * math::exp(-c * math::ln(*p))).collect();
        let decay = contraction_time_ms.iter().map(|t| math::exp(-1.0 / t)).collect();
        let twitch =
            raw.iter().enumerate().map(|(i, p)| p / whole * strength.get(i).copied().unwrap_or(1.0).max(0.0)).collect();
        Self { twitch, contraction_time_ms, decay }
    }

    /// Units in health.
    pub fn units(&self) -> usize {
        self.twitch.len()
    }

    /// Contraction time of a unit, ms.
    pub fn contraction_time_ms(&self, unit: usize) -> f64 {
        self.contraction_time_ms[unit]
    }

    /// Peak of a single twitch of a unit, fraction of the healthy muscle's maximal force.
    pub fn twitch(&self, unit: usize) -> f64 {
        self.twitch[unit]
    }
}

/// Where the units of one muscle are now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Units {
    /// Force of each unit.
    force: Vec<f64>,
    /// Drive of each unit's filter: f' + f/T, per ms.
    drive: Vec<f64>,
    /// Time of each unit's last impulse, ms.
    last_ms: Vec<f64>,
    now_ms: f64,
}

/// Interval taken for the first impulse, ms.
const NEVER: f64 = -1e12;
/// Force below which a filter is at rest; keeps denormal numbers out of the loop.
const REST: f64 = 1e-40;

impl Units {
    /// All units relaxed.
    pub fn new(model: &UnitModel) -> Self {
        let n = model.units();
        Self { force: vec![0.0; n], drive: vec![0.0; n], last_ms: vec![NEVER; n], now_ms: 0.0 }
    }

    /// Interval since the unit's last impulse, ms, for one `offset_ms` into this millisecond.
    pub fn interval_ms(&self, unit: usize, offset_ms: f64) -> f64 {
        self.now_ms + offset_ms - self.last_ms[unit]
    }

    /// Advances all filters to the end of this millisecond. Call before [`Units::impulse`] for impulses in the same millisecond.
    pub fn advance(&mut self, model: &UnitModel) {
        for ((f, u), d) in self.force.iter_mut().zip(&mut self.drive).zip(&model.decay) {
            let next = d * (*f + *u);
            *u *= d;
            *f = if next < REST { 0.0 } else { next };
            *u = if *u < REST { 0.0 } else { *u };
        }
        self.now_ms += 1.0;
    }

    /// An impulse of `unit` at `offset_ms` in the millisecond just advanced over, firing `transmitted` of its fibres.
    pub fn impulse(&mut self, model: &UnitModel, unit: usize, offset_ms: f64, transmitted: f64) {
        let at = self.now_ms - 1.0 + offset_ms;
        let interval = at - self.last_ms[unit];
        self.last_ms[unit] = at;
        let (t, p) = (model.contraction_time_ms[unit], model.twitch[unit]);
        let tetanus = p * tetanus_over_twitch();
        let gain = if interval < DOUBLET_MS && self.force[unit] < DOUBLET_FORCE * tetanus {
            1.0 + DOUBLET_GAIN * math::exp(-interval / DOUBLET_MS)
        } else {
            fusion_gain(t / interval.max(1.0))
        };
        let rest = 1.0 - offset_ms;
        let kick = std::f64::consts::E * p * gain * transmitted / t * math::exp(-rest / t);
        self.force[unit] += kick * rest;
        self.drive[unit] += kick;
    }

    /// Force of all units together, fraction of the healthy muscle's maximum.
    pub fn activation(&self) -> f64 {
        self.force.iter().sum()
    }

    /// Force of one unit, same measure.
    pub fn unit_force(&self, unit: usize) -> f64 {
        self.force[unit]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters() -> UnitParameters {
        UnitParameters { twitch_range: 100.0, contraction_time_ms: 90.0, contraction_time_range: 3.0 }
    }

    /// Drives each unit at its own constant rate and returns mean force over the last second of four.
    fn mean_force(model: &UnitModel, rates_hz: &[f64]) -> f64 {
        let mut units = Units::new(model);
        let mut next: Vec<f64> = rates_hz.iter().map(|r| 1000.0 / r).collect();
        let mut sum = 0.0;
        for ms in 0..4000 {
            units.advance(model);
            for (i, t) in next.iter_mut().enumerate() {
                while *t < f64::from(ms + 1) {
                    units.impulse(model, i, *t - f64::from(ms), 1.0);
                    *t += 1000.0 / rates_hz[i];
                }
            }
            if ms >= 3000 {
                sum += units.activation();
            }
        }
        sum / 1000.0
    }

    #[test]
    fn a_twitch_peaks_at_its_contraction_time_with_its_force() {
        let model = UnitModel::new(&parameters(), 120, &[]);
        let mut units = Units::new(&model);
        let unit = 60;
        let (mut peak, mut at) = (0.0, 0);
        for ms in 0..400 {
            units.advance(&model);
            if ms == 0 {
                units.impulse(&model, unit, 0.0, 1.0);
            }
            if units.unit_force(unit) > peak {
                (peak, at) = (units.unit_force(unit), ms + 1);
            }
        }
        assert!((peak / model.twitch(unit) - 1.0).abs() < 1e-3, "{peak}");
        assert!((f64::from(at) - model.contraction_time_ms(unit)).abs() <= 1.0, "{at}");
    }

    #[test]
    fn maximal_excitation_gives_the_published_sum_of_forces() {
        // Force at maximal excitation over the sum of twitches; computed from the equations of Fuglevand 1993.
        for (range, published) in [(10.0, 7.48), (30.0, 7.62), (70.0, 7.71)] {
            let n = 120;
            let model = UnitModel::new(&parameters(), n, &[]);
            let a = f64::ln(range) / n as f64;
            let last = f64::exp(a * n as f64);
            let emax = last + 25.0 - 8.0;
            let rates: Vec<f64> = (1..=n)
                .map(|i| {
                    let rte = f64::exp(a * i as f64);
                    (35.0 - 10.0 * rte / last).min(8.0 + emax - rte)
                })
                .collect();
            let twitches: f64 = (0..n).map(|i| model.twitch(i)).sum();
            let scale = mean_force(&model, &rates) / twitches;
            assert!((scale - published).abs() < 0.06, "RR {range}: {scale}");
        }
    }

    #[test]
    fn full_tetanus_of_all_units_is_the_maximal_force() {
        let model = UnitModel::new(&parameters(), 120, &[]);
        assert!((tetanus_over_twitch() - 9.05).abs() < 0.01);
        let force = mean_force(&model, &[120.0; 120]);
        assert!((force - 1.0).abs() < 0.02, "{force}");
    }

    #[test]
    fn strength_and_transmission_scale_force_and_unity_changes_no_bit() {
        let healthy = UnitModel::new(&parameters(), 120, &[]);
        assert_eq!(healthy, UnitModel::new(&parameters(), 120, &[1.0; 120]));
        let weak = UnitModel::new(&parameters(), 120, &[0.4; 120]);
        let ratio = mean_force(&weak, &[20.0; 120]) / mean_force(&healthy, &[20.0; 120]);
        assert!((ratio - 0.4).abs() < 1e-9, "{ratio}");
    }

    #[test]
    fn a_doublet_gives_more_than_two_twitches() {
        let model = UnitModel::new(&parameters(), 120, &[]);
        let mut units = Units::new(&model);
        let mut peak = 0.0_f64;
        for ms in 0..200 {
            units.advance(&model);
            if ms == 0 || ms == 10 {
                units.impulse(&model, 40, 0.0, 1.0);
            }
            peak = peak.max(units.unit_force(40));
        }
        let ratio = peak / model.twitch(40);
        assert!((3.2..3.7).contains(&ratio), "{ratio}");
    }

    #[test]
    fn force_is_never_negative_and_rests_at_zero() {
        let model = UnitModel::new(&parameters(), 50, &[]);
        let mut units = Units::new(&model);
        for ms in 0..20_000 {
            units.advance(&model);
            if ms < 500 && ms % 9 == 0 {
                units.impulse(&model, (ms / 9) % 50, 0.3, 1.0);
            }
            assert!(units.activation() >= 0.0);
        }
        assert_eq!(units.activation(), 0.0);
    }
}
