//! A rate-coded pool of motor units: excitation in, impulses and force out, no membrane (Fuglevand, Winter & Patla 1993; fatigue of
//! Potvin & Fuglevand 2017).
//!
//! ```text
//! RTE_i = exp(a i),  a = ln(RR)/n                    recruitment threshold excitation, i = 1..n
//! FR_i  = min(PFR_i, MFR + ge (E - RTE_i))           discharge rate where E >= RTE_i, else 0
//! PFR_i = PFR_1 - PFRD RTE_i/RTE_n
//! ISI   = (1 + cv Z)/FR,  Z normal, |Z| <= 3.9       interval
//! P_i   = exp(b i),  b = ln(RP)/n                    peak twitch
//! T_i   = TL (1/P_i)^(1/c),  c = ln(RP)/ln(RT)       contraction time
//! Emax  = RTE_n + (PFR_n - MFR)/ge                   every unit at its peak
//! ```
//!
//! The paper of 2017 counts i - 1 over n - 1, so that the ranges are exact, and lets the rate of a unit adapt from its recruitment on:
//! `FR - (RTE_i - 1)/(RR - 1) 0.67 (FR - MFR + 2) (1 - exp(-t/22 s))`.
//!
//! | symbol | meaning | unit | value | from |
//! |---|---|---|---|---|
//! | n | units | - | 120 | 2017 code, read |
//! | RR | recruitment range | fold | 30; 50 in 2017 | memory; 2017 code, read |
//! | MFR, PFR_1, PFR_n | minimum rate, peak rate of the first and the last unit | 1/s | 8, 35, 25 | 2017 code, read |
//! | ge | gain | 1/s per unit of E | 1 | 2017 code, read |
//! | cv | variation of intervals | - | 0.2 | memory |
//! | RP, TL, RT | twitch range, longest contraction time, its range | fold, ms, fold | 100, 90, 3 | 2017 code, read |
//!
//! Twitches add in the exact filters of [`super::unit`] without its doublets and potentiation. Forces are in twitches of the smallest
//! unit. [`RateCodedPool`] runs it by impulses, [`MeanForcePool`] by the force of their mean rates, as the paper of 2017 did.
//! Fails where the membrane matters: no persistent current, no common input, no afferents; see [`crate::cord::pool`] for that.
//!
//! ```
//! use tonus_physiology::muscle::rate_coded_pool::{RateCodedPool, RateCodedPoolModel, RateCodedPoolParameters};
//! use tonus_physiology::random::Seed;
//!
//! let model = RateCodedPoolModel::new(&RateCodedPoolParameters::fuglevand_1993(30.0))?;
//! let mut pool = RateCodedPool::new(&model, Seed::new(1));
//! for _ in 0..1000 {
//!     pool.step_ms(&model, 0.5 * model.maximal_excitation());
//! }
//! assert!(pool.force() > 0.0 && pool.force() < model.steady_force(model.maximal_excitation()));
//! # Ok::<(), tonus_physiology::muscle::rate_coded_pool::RateCodedPoolError>(())
//! ```

mod impulses;
mod mean_force;

use serde::{Deserialize, Serialize};

pub use impulses::{Impulse, RateCodedPool};
pub use mean_force::MeanForcePool;

use super::fatigue::FatigueParameters;
use super::unit::{TWO_POLES, UnitHistory, UnitModel, relative_force, tetanus_over_twitch};
use crate::math;

/// How units are numbered in the exponential rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbering {
    /// i of n: the last unit has the full range over a unit before the first (1993).
    FromOne,
    /// i - 1 of n - 1: the last unit has the full range over the first (2017).
    FromZero,
}

/// Adaptation of discharge rates (after Revill & Fuglevand 2011, as used in 2017).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateAdaptation {
    /// Share of the rate (above 2/s below the minimum) that the last unit loses in the end.
    pub share: f64,
    /// Time constant from recruitment on, s; also of its decay in silence, which is assumed.
    pub tau_s: f64,
}

/// What a rate-coded pool is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateCodedPoolParameters {
    /// Units.
    pub units: usize,
    /// Numbering of the units.
    pub numbering: Numbering,
    /// Recruitment threshold excitation, last over first.
    pub recruitment_range: f64,
    /// Rate at recruitment, impulses/s.
    pub minimum_rate_hz: f64,
    /// Peak rate of the first unit, impulses/s.
    pub first_peak_rate_hz: f64,
    /// Peak rate of the last unit, impulses/s.
    pub last_peak_rate_hz: f64,
    /// Rise of the rate with excitation, impulses/s per unit of excitation.
    pub gain_hz: f64,
    /// Coefficient of variation of the intervals.
    pub interval_cv: f64,
    /// Peak twitch, last over first.
    pub twitch_range: f64,
    /// Contraction time of the first unit, ms.
    pub contraction_time_ms: f64,
    /// Contraction time, first over last.
    pub contraction_time_range: f64,
    /// Adaptation of rates; `None`: none.
    pub adaptation: Option<RateAdaptation>,
    /// Fatigue; `None`: none.
    pub fatigue: Option<FatigueParameters>,
}

impl RateCodedPoolParameters {
    /// Fuglevand, Winter & Patla 1993 with a recruitment range (10, 30 and 70 in the paper): no adaptation, no fatigue.
    pub fn fuglevand_1993(recruitment_range: f64) -> Self {
        Self {
            units: 120,
            numbering: Numbering::FromOne,
            recruitment_range,
            minimum_rate_hz: 8.0,
            first_peak_rate_hz: 35.0,
            last_peak_rate_hz: 25.0,
            gain_hz: 1.0,
            interval_cv: 0.2,
            twitch_range: 100.0,
            contraction_time_ms: 90.0,
            contraction_time_range: 3.0,
            adaptation: None,
            fatigue: None,
        }
    }

    /// Potvin & Fuglevand 2017: adaptation and fatigue, no recovery.
    pub fn potvin_fuglevand_2017() -> Self {
        Self {
            numbering: Numbering::FromZero,
            adaptation: Some(RateAdaptation { share: 0.67, tau_s: 22.0 }),
            fatigue: Some(FatigueParameters::potvin_fuglevand_2017()),
            ..Self::fuglevand_1993(50.0)
        }
    }
}

impl Default for RateCodedPoolParameters {
    fn default() -> Self {
        Self::fuglevand_1993(30.0)
    }
}

/// A parameter that no pool can have.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field} = {value}: must be {allowed}")]
pub struct RateCodedPoolError {
    /// Field of [`RateCodedPoolParameters`].
    pub field: &'static str,
    /// Its value.
    pub value: f64,
    /// What it may be.
    pub allowed: &'static str,
}

/// Truncation of the normal deviate of an interval.
const FURTHEST_DEVIATE: f64 = 3.9;
/// Highest rate that steps of a millisecond can carry whatever the deviate, impulses/s.
const HIGHEST_RATE_HZ: f64 = 200.0;
/// Adaptation is reckoned from this far below the minimum rate, impulses/s (2017 code, read).
const ADAPTATION_BELOW_HZ: f64 = 2.0;

/// A rate-coded pool, built once.
#[derive(Clone, Debug, PartialEq)]
pub struct RateCodedPoolModel {
    parameters: RateCodedPoolParameters,
    recruitment: Vec<f64>,
    peak_rate_hz: Vec<f64>,
    /// Share of its rate that each unit loses in the end.
    adaptation: Vec<f64>,
    units: UnitModel,
}

impl RateCodedPoolModel {
    /// The pool of these parameters.
    ///
    /// # Errors
    /// The parameter that no pool can have.
    pub fn new(parameters: &RateCodedPoolParameters) -> Result<Self, RateCodedPoolError> {
        let p = *parameters;
        check(&p)?;
        let n = p.units;
        let place = |i: usize| match p.numbering {
            Numbering::FromOne => (i + 1) as f64 / n as f64,
            Numbering::FromZero => i as f64 / (n - 1).max(1) as f64,
        };
        let spread = |range: f64| (0..n).map(|i| math::exp(math::ln(range) * place(i))).collect::<Vec<f64>>();
        let recruitment = spread(p.recruitment_range);
        let drop = p.first_peak_rate_hz - p.last_peak_rate_hz;
        let above_first = |threshold: f64| (threshold - 1.0) / (p.recruitment_range - 1.0).max(f64::MIN_POSITIVE);
        let peak_rate_hz = recruitment
            .iter()
            .map(|threshold| {
                p.first_peak_rate_hz
                    - drop
                        * match p.numbering {
                            Numbering::FromOne => threshold / p.recruitment_range,
                            Numbering::FromZero => above_first(*threshold),
                        }
            })
            .collect();
        let adaptation = recruitment.iter().map(|t| p.adaptation.map_or(0.0, |a| a.share * above_first(*t))).collect();
        let twitch = spread(p.twitch_range);
        let exponent = math::ln(p.contraction_time_range);
        let contraction_time_ms = (0..n).map(|i| p.contraction_time_ms * math::exp(-exponent * place(i))).collect();
        let history = UnitHistory { fatigue: p.fatigue, ..UnitHistory::NONE };
        Ok(Self {
            parameters: p,
            recruitment,
            peak_rate_hz,
            adaptation,
            units: UnitModel::of(TWO_POLES, twitch, contraction_time_ms, history),
        })
    }

    /// What it was built from.
    pub fn parameters(&self) -> &RateCodedPoolParameters {
        &self.parameters
    }

    /// Its motor units; twitches in those of the smallest unit.
    pub fn units(&self) -> &UnitModel {
        &self.units
    }

    /// Excitation that recruits a unit.
    pub fn recruitment_excitation(&self, unit: usize) -> f64 {
        self.recruitment[unit]
    }

    /// Least excitation at which every unit discharges at its peak rate; 0 without units.
    pub fn maximal_excitation(&self) -> f64 {
        let reaches = |(threshold, peak): (&f64, &f64)| {
            threshold + (peak - self.parameters.minimum_rate_hz).max(0.0) / self.parameters.gain_hz
        };
        self.recruitment.iter().zip(&self.peak_rate_hz).map(reaches).fold(0.0, f64::max)
    }

    /// Rate of a unit at an excitation, before adaptation, impulses/s.
    pub fn rate_hz(&self, unit: usize, excitation: f64) -> f64 {
        let above = excitation - self.recruitment[unit];
        if above >= 0.0 {
            self.peak_rate_hz[unit].min(self.parameters.minimum_rate_hz + self.parameters.gain_hz * above)
        } else {
            0.0
        }
    }

    /// Mean force of the rested pool at a steady excitation, in twitches of the smallest unit.
    pub fn steady_force(&self, excitation: f64) -> f64 {
        (0..self.units.units())
            .map(|i| {
                let x = self.units.contraction_time_ms(i) * self.rate_hz(i, excitation) * 1e-3;
                self.units.twitch(i) * tetanus_over_twitch(TWO_POLES) * relative_force(x)
            })
            .sum()
    }
}

fn check(p: &RateCodedPoolParameters) -> Result<(), RateCodedPoolError> {
    let positive = |value: f64| value.is_finite() && value > 0.0;
    let fold = |value: f64| (1.0..1e9).contains(&value);
    let rate = |value: f64| positive(value) && value <= HIGHEST_RATE_HZ;
    let adaptation = p.adaptation.unwrap_or(RateAdaptation { share: 0.0, tau_s: 1.0 });
    let fatigue = p.fatigue.unwrap_or_default();
    let recovery_s = fatigue.recovery_s.unwrap_or(1.0);
    let rules = [
        ("recruitment_range", p.recruitment_range, fold(p.recruitment_range), "1 or more"),
        ("minimum_rate_hz", p.minimum_rate_hz, rate(p.minimum_rate_hz), "above 0, at most 200/s"),
        ("first_peak_rate_hz", p.first_peak_rate_hz, rate(p.first_peak_rate_hz), "above 0, at most 200/s"),
        ("last_peak_rate_hz", p.last_peak_rate_hz, rate(p.last_peak_rate_hz), "above 0, at most 200/s"),
        ("gain_hz", p.gain_hz, positive(p.gain_hz), "above 0"),
        (
            "interval_cv",
            p.interval_cv,
            (0.0..=0.25).contains(&p.interval_cv),
            "in 0..0.25, for intervals to stay positive",
        ),
        ("twitch_range", p.twitch_range, fold(p.twitch_range), "1 or more"),
        (
            "contraction_time_ms",
            p.contraction_time_ms,
            (1.0..1e4).contains(&(p.contraction_time_ms / p.contraction_time_range)),
            "such that every unit's is in 1..10000 ms",
        ),
        ("contraction_time_range", p.contraction_time_range, fold(p.contraction_time_range), "1 or more"),
        ("adaptation.share", adaptation.share, (0.0..1.0).contains(&adaptation.share), "in 0..1"),
        ("adaptation.tau_s", adaptation.tau_s, positive(adaptation.tau_s), "above 0"),
        (
            "fatigue.fastest_loss_per_s",
            fatigue.fastest_loss_per_s,
            (0.0..=10.0).contains(&fatigue.fastest_loss_per_s),
            "in 0..10 /s",
        ),
        ("fatigue.range", fatigue.range, fold(fatigue.range), "1 or more"),
        (
            "fatigue.fastest_contraction_time_ms",
            fatigue.fastest_contraction_time_ms,
            positive(fatigue.fastest_contraction_time_ms),
            "above 0 ms",
        ),
        ("fatigue.slowing", fatigue.slowing, (0.0..10.0).contains(&fatigue.slowing), "in 0..10"),
        ("fatigue.recovery_s", recovery_s, positive(recovery_s), "above 0 s"),
    ];
    match rules.into_iter().find(|(_, _, good, _)| !good) {
        Some((field, value, _, allowed)) => Err(RateCodedPoolError { field, value, allowed }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
