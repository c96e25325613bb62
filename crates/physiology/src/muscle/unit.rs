//! Motor units as force generators: twitch, fusion, strength (Fuglevand, Winter & Patla 1993), doublets, potentiation, fatigue.
//!
//! f(t) = g P (t/T) exp(1 - t/T) after each impulse, units i = 1..n, smallest first:
//! P_i = exp(b i) with b = ln(RP)/n; T_i = TL (1/P_i)^(1/c) with c = ln(RP)/ln(RT).
//!
//! g depends on the interval *before* the impulse: 1 for T/ISI < 0.4, else [S(x)/x]/[S(0.4)/0.4] with x = T/ISI and
//! S(x) = 1 - exp(-2 x^3), so that a unit's tetanus is e 0.4/S(0.4) = 9.05 twitches.
//!
//! That twitch falls to half 1.68 T after its peak. With n poles in place of two it falls sooner and still peaks at T:
//! f(t) = g P (t/T)^(n-1) exp((n-1)(1 - t/T)), half after 1.08 T (n = 3) or 0.85 T (n = 4), tetanus over twitch 6.15 and 4.95.
//! [`UnitParameters::poles`] has which.
//!
//! That gain belongs to trains. The second impulse to a relaxed unit (the interval before was longer than T/0.4) instead gains
//! 1 + 2.5 exp(-ISI/20 ms), fitted to the 3.5-fold doublets of human thenar units at 10 ms (Thomas, Johansson & Bigland-Ritchie
//! 1999) and falling to the linear sum of two twitches at long intervals (assumed); so does the second of a close pair (under 20 ms)
//! within a train of low force (below 0.3 of tetanus). Further impulses gain g again.
//!
//! Each impulse also potentiates the unit ([`super::potentiation`]) and costs it capacity ([`super::fatigue`]): the integral of its
//! relative force, e g T/9.05 (the same of every twitch), times the unit's rate of loss. Both are brought up to date at impulses only, and both are exactly
//! neutral in a rested unit. Capacity scales force; potentiation spares fused tetani, so a brief maximum is that of the plain unit.
//!
//! Each unit is a chain of equal first-order filters, stepped exactly. Forces are fractions of the muscle's maximum:
//! all units in full tetanus make 1, each weighted by its strength (what is left of its fibres) and each impulse by the
//! share of its fibres that the junctions let fire.
//!
//! Where it fails: muscles with two poles relax too slowly where it has been measured (the triceps surae, which has three); in all muscles
//! alike a third pole makes the steady force of a hand muscle less steady than measured.

use serde::{Deserialize, Serialize};

use super::fatigue::FatigueParameters;
use super::potentiation::{self, PotentiationParameters};
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
    /// Poles of the twitch, [`TWO_POLES`] to [`MOST_POLES`]: the more, the sooner it relaxes.
    #[serde(default = "two_poles")]
    pub poles: usize,
}

/// Poles of the twitch of Fuglevand, Winter & Patla 1993.
pub const TWO_POLES: usize = 2;
/// Most poles that a twitch can have.
pub const MOST_POLES: usize = 4;

fn two_poles() -> usize {
    TWO_POLES
}

/// Integral of a twitch over its peak and contraction time, (n-1)! e^(n-1) / (n-1)^n: 2.72, 1.85 and 1.49.
fn area(poles: usize) -> f64 {
    let rate = (poles - 1) as f64;
    (1..poles).map(|k| std::f64::consts::E * k as f64 / rate).product::<f64>() / rate
}

/// What a unit's history does to its force.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitHistory {
    /// Whether a doublet from low force gives more than its two twitches.
    pub doublet: bool,
    /// Potentiation; `None`: none.
    pub potentiation: Option<PotentiationParameters>,
    /// Fatigue; `None`: none.
    pub fatigue: Option<FatigueParameters>,
}

impl UnitHistory {
    /// Only the fusion of twitches, as in Fuglevand, Winter & Patla 1993.
    pub const NONE: Self = Self { doublet: false, potentiation: None, fatigue: None };
}

impl Default for UnitHistory {
    fn default() -> Self {
        Self {
            doublet: true,
            potentiation: Some(PotentiationParameters::default()),
            fatigue: Some(FatigueParameters::default()),
        }
    }
}

/// x = T/ISI below which twitches add linearly (Fuglevand 1993).
const LINEAR_BELOW: f64 = 0.4;
/// Intervals that count as a doublet, ms, with its extra gain and decay (fitted: see above).
const DOUBLET_MS: f64 = 20.0;
/// Extra gain of a doublet.
const DOUBLET_GAIN: f64 = 2.5;
/// Share of tetanic force above which a doublet has no extra.
const DOUBLET_FORCE: f64 = 0.3;
/// Interval beyond which a unit has been silent, and has recovered, ms; assumed: units in a contraction discharge above 4/s.
const SILENT_MS: f64 = 250.0;

/// S(x) = 1 - exp(-2 x^3): relative force of a sigmoid force-rate curve.
fn sigmoid(x: f64) -> f64 {
    1.0 - math::exp(-2.0 * x * x * x)
}

/// Tetanus over twitch of one unit: with two poles e 0.4/S(0.4) = 9.05.
pub fn tetanus_over_twitch(poles: usize) -> f64 {
    area(poles) * LINEAR_BELOW / sigmoid(LINEAR_BELOW)
}

/// Gain of an impulse whose preceding interval is `x` = T/ISI.
pub fn fusion_gain(x: f64) -> f64 {
    if x < LINEAR_BELOW { 1.0 } else { (sigmoid(x) / x) / (sigmoid(LINEAR_BELOW) / LINEAR_BELOW) }
}

/// Mean force over full tetanus at a steady rate, `x` = T/ISI: proportional to x up to 0.4, S(x) above.
pub fn relative_force(x: f64) -> f64 {
    if x < LINEAR_BELOW { x / LINEAR_BELOW * sigmoid(LINEAR_BELOW) } else { sigmoid(x) }
}

/// `x` = T/ISI at which the mean force is `relative` of full tetanus (0 to below 1), the inverse of [`relative_force`].
pub fn fusion_of(relative: f64) -> f64 {
    let linear = sigmoid(LINEAR_BELOW);
    if relative < linear {
        relative / linear * LINEAR_BELOW
    } else {
        math::pow(-0.5 * math::ln(1.0 - relative), 1.0 / 3.0)
    }
}

/// The motor units of one muscle, smallest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitModel {
    /// Peak twitch, fraction of the healthy muscle's maximal force.
    twitch: Vec<f64>,
    contraction_time_ms: Vec<f64>,
    poles: usize,
    history: UnitHistory,
    /// Force lost per ms of full tetanus, fraction.
    loss_per_ms: Vec<f64>,
    /// Extra gain of the fully potentiated twitch.
    potentiation: Vec<f64>,
    /// S(0.4)/0.4, and the tetanus over the twitch.
    linear_slope: f64,
    tetanus: f64,
}

impl UnitModel {
    /// `units` in health, each with `strength[i]` of its healthy force left (missing entries count as 1).
    pub fn new(parameters: &UnitParameters, units: usize, strength: &[f64]) -> Self {
        let n = units.max(1) as f64;
        let range = parameters.twitch_range.max(1.0 + 1e-9);
        let b = math::ln(range) / n;
        let c = math::ln(parameters.contraction_time_range.max(1.0)) / math::ln(range);
        let raw: Vec<f64> = (1..=units).map(|i| math::exp(b * i as f64)).collect();
        let poles = parameters.poles.clamp(TWO_POLES, MOST_POLES);
        let whole = raw.iter().sum::<f64>() * tetanus_over_twitch(poles);
        let contraction_time_ms: Vec<f64> =
            raw.iter().map(|p| parameters.contraction_time_ms.max(1.0) * math::exp(-c * math::ln(*p))).collect();
        let twitch =
            raw.iter().enumerate().map(|(i, p)| p / whole * strength.get(i).copied().unwrap_or(1.0).max(0.0)).collect();
        Self::of(poles, twitch, contraction_time_ms, UnitHistory::default())
    }

    /// Units of these poles, peak twitches (in any unit of force) and contraction times (ms), as many as both have.
    pub fn of(poles: usize, mut twitch: Vec<f64>, mut contraction_time_ms: Vec<f64>, history: UnitHistory) -> Self {
        let poles = poles.clamp(TWO_POLES, MOST_POLES);
        let units = twitch.len().min(contraction_time_ms.len());
        twitch.truncate(units);
        contraction_time_ms.truncate(units);
        let losses_per_s = history.fatigue.map_or_else(|| vec![0.0; units], |f| f.losses_per_s(&contraction_time_ms));
        let most = |t: &f64| history.potentiation.map_or(0.0, |p| p.most(*t));
        Self {
            loss_per_ms: losses_per_s.iter().map(|loss| loss * 1e-3).collect(),
            potentiation: contraction_time_ms.iter().map(most).collect(),
            twitch,
            contraction_time_ms,
            poles,
            history,
            linear_slope: sigmoid(LINEAR_BELOW) / LINEAR_BELOW,
            tetanus: tetanus_over_twitch(poles),
        }
    }

    /// The same units with another history.
    #[must_use]
    pub fn with_history(self, history: UnitHistory) -> Self {
        Self::of(self.poles, self.twitch, self.contraction_time_ms, history)
    }

    /// Decay of a unit's filters in 1 ms at the contraction time `t` (ms).
    fn decay(&self, t: f64) -> f64 {
        math::exp(-self.rate() / t)
    }

    /// Rate of a unit's filters times its contraction time.
    fn rate(&self) -> f64 {
        (self.poles - 1) as f64
    }

    /// Units in health.
    pub fn units(&self) -> usize {
        self.twitch.len()
    }

    /// Contraction time of a rested unit, ms.
    pub fn contraction_time_ms(&self, unit: usize) -> f64 {
        self.contraction_time_ms[unit]
    }

    /// Force lost per second of full tetanus by a unit, fraction of its rested force.
    pub fn loss_per_s(&self, unit: usize) -> f64 {
        self.loss_per_ms[unit] * 1e3
    }

    /// Peak of a single twitch of a rested unit, fraction of the healthy muscle's maximal force.
    pub fn twitch(&self, unit: usize) -> f64 {
        self.twitch[unit]
    }
}

/// Where the units of one muscle are now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Units {
    /// Force of each unit.
    force: Vec<f64>,
    /// Input of each unit's last filter, per ms: f' + (n-1) f/T.
    drive: Vec<f64>,
    /// Inputs of the filters before it, per ms2 and ms3; none of a twitch with two poles.
    #[serde(default)]
    onset: Vec<[f64; MOST_POLES - TWO_POLES]>,
    /// Decay of each unit's filters in 1 ms, T as fatigue has left it.
    decay: Vec<f64>,
    /// Time of each unit's last impulse, ms.
    last_ms: Vec<f64>,
    /// Force left over force rested at the last impulse.
    capacity: Vec<f64>,
    /// Potentiation just after the last impulse, 0..1.
    potentiation: Vec<f64>,
    /// Whether the last impulse met a relaxed unit, and whether it can be the first of a close pair.
    relaxed: Vec<bool>,
    single: Vec<bool>,
    now_ms: f64,
}

/// Interval taken for the first impulse, ms.
const NEVER: f64 = -1e12;
/// Force below which a filter is at rest; keeps denormal numbers out of the loop.
const REST: f64 = 1e-40;

impl Units {
    /// All units relaxed and rested.
    pub fn new(model: &UnitModel) -> Self {
        let n = model.units();
        Self {
            force: vec![0.0; n],
            drive: vec![0.0; n],
            onset: vec![[0.0; MOST_POLES - TWO_POLES]; if model.poles > TWO_POLES { n } else { 0 }],
            decay: model.contraction_time_ms.iter().map(|t| model.decay(*t)).collect(),
            last_ms: vec![NEVER; n],
            capacity: vec![1.0; n],
            potentiation: vec![0.0; n],
            relaxed: vec![false; n],
            single: vec![false; n],
            now_ms: 0.0,
        }
    }

    /// Interval since the unit's last impulse, ms, for one `offset_ms` into this millisecond.
    pub fn interval_ms(&self, unit: usize, offset_ms: f64) -> f64 {
        self.now_ms + offset_ms - self.last_ms[unit]
    }

    /// Advances all filters to the end of this millisecond. Call before [`Units::impulse`] for impulses in the same millisecond.
    pub fn advance(&mut self) {
        if self.onset.is_empty() {
            for ((f, u), d) in self.force.iter_mut().zip(&mut self.drive).zip(&self.decay) {
                let next = d * (*f + *u);
                *u *= d;
                *f = if next < REST { 0.0 } else { next };
                *u = if *u < REST { 0.0 } else { *u };
            }
        }
        let filters = self.force.iter_mut().zip(&mut self.drive).zip(&mut self.onset).zip(&self.decay);
        for (((f, u), [a, b]), d) in filters {
            let at_rest = |x: f64| if x < REST { 0.0 } else { x };
            *f = at_rest(d * (*f + *u + 0.5 * *a + *b / 6.0));
            *u = at_rest(d * (*u + *a + 0.5 * *b));
            *a = at_rest(d * (*a + *b));
            *b = at_rest(d * *b);
        }
        self.now_ms += 1.0;
    }

    /// An impulse of `unit` at `offset_ms` in the millisecond just advanced over, firing `transmitted` of its fibres.
    pub fn impulse(&mut self, model: &UnitModel, unit: usize, offset_ms: f64, transmitted: f64) {
        let at = self.now_ms - 1.0 + offset_ms;
        let interval = (at - self.last_ms[unit]).max(1.0);
        self.last_ms[unit] = at;
        let history = &model.history;
        let (mut t, mut capacity) = (model.contraction_time_ms[unit], self.capacity[unit]);
        if let Some(fatigue) = &history.fatigue {
            capacity = fatigue.recovered(capacity, (interval - SILENT_MS) * 1e-3);
            t *= fatigue.lengthening(capacity);
        }
        let p = model.twitch[unit] * capacity;
        let x = t / interval;
        let (mut gain, mut relative) = (1.0, x * model.linear_slope);
        if x >= LINEAR_BELOW {
            relative = sigmoid(x);
            gain = relative / (x * model.linear_slope);
        }
        if history.doublet {
            let (fused, close) = (x >= LINEAR_BELOW, interval < DOUBLET_MS);
            if (fused && self.relaxed[unit]) || (close && self.single[unit]) {
                gain = 1.0 + DOUBLET_GAIN * math::exp(-interval / DOUBLET_MS);
            }
            self.relaxed[unit] = !fused;
            self.single[unit] = !close && self.force[unit] < DOUBLET_FORCE * p * model.tetanus;
        }
        if let Some(potentiation) = &history.potentiation {
            let now = potentiation.decayed(self.potentiation[unit], interval * 1e-3);
            gain *= potentiation::gain(model.potentiation[unit], now, relative);
            self.potentiation[unit] = potentiation.raised(now);
        }
        if history.fatigue.is_some() {
            let tetanus_ms = area(model.poles) * gain * transmitted * t / model.tetanus;
            self.capacity[unit] = (capacity - model.loss_per_ms[unit] * tetanus_ms).max(0.0);
            self.decay[unit] = model.decay(t);
        }
        let rest = 1.0 - offset_ms;
        let mut kick = std::f64::consts::E * p * gain * transmitted / t * math::exp(-model.rate() * rest / t);
        if let Some([a, b]) = self.onset.get_mut(unit) {
            // (n-1)! (e/T)^(n-1) into the first filter, which after `rest` has passed some of it on.
            kick *= 2.0 * std::f64::consts::E / t;
            if model.poles < MOST_POLES {
                *a += kick;
                self.drive[unit] += kick * rest;
                self.force[unit] += 0.5 * kick * rest * rest;
            } else {
                kick *= 3.0 * std::f64::consts::E / t;
                *b += kick;
                *a += kick * rest;
                self.drive[unit] += 0.5 * kick * rest * rest;
                self.force[unit] += kick * rest * rest * rest / 6.0;
            }
            return;
        }
        self.force[unit] += kick * rest;
        self.drive[unit] += kick;
    }

    /// Force of all units together, fraction of the healthy muscle's maximum.
    pub fn activation(&self) -> f64 {
        // Four partial sums, so that no addition waits for the one before.
        let (blocks, rest) = self.force.as_chunks::<4>();
        let lanes = blocks.iter().fold([0.0; 4], |s, b| [s[0] + b[0], s[1] + b[1], s[2] + b[2], s[3] + b[3]]);
        (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest.iter().sum::<f64>()
    }

    /// Force of one unit, same measure.
    pub fn unit_force(&self, unit: usize) -> f64 {
        self.force[unit]
    }

    /// Force that a unit has left over its force rested, 0..1: 1 in a rested one.
    pub fn capacity(&self, model: &UnitModel, unit: usize) -> f64 {
        let silent_s = (self.now_ms - self.last_ms[unit] - SILENT_MS) * 1e-3;
        model.history.fatigue.map_or(1.0, |f| f.recovered(self.capacity[unit], silent_s))
    }
}

#[cfg(test)]
mod tests;
