//! Paired motor units in a slow triangular contraction: delta-F (Gorassini et al. 2002 J Neurophysiol 87:1850).
//!
//! A control unit's smoothed rate stands for the synaptic drive. If its rate is lower when a test unit stops than when that unit
//! began, the test unit needed less drive to go on than to start. Pairs are taken as in the human work: control recruited at least 1 s
//! before the test unit, rates of the two going together (r at least 0.7), and a control rate that is still modulated while the test
//! unit fires.

use tonus_physiology::random::Seed;

use super::super::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use super::voluntary::contract;
use super::{mean, muscle};
use crate::figure::{Figure, Mark, Panel};
use crate::statistic::correlation;

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "delta_f", unit: "pulses/s", what: "mean over test units of their mean over control units" },
    MeasureInfo { name: "test_units", unit: "count", what: "test units with a control unit that passes the rules" },
    MeasureInfo { name: "peak_rate", unit: "pulses/s", what: "largest smoothed rate, mean of the units" },
    MeasureInfo { name: "recruitment_rate", unit: "pulses/s", what: "smoothed rate at recruitment, mean of the units" },
];

const SOLEUS_ID: &str = "neuron.paired_units_soleus";
const TIBIALIS_ID: &str = "neuron.paired_units_tibialis_anterior";

pub(super) const SOLEUS: Experiment = Experiment {
    id: SOLEUS_ID,
    title: "Paired motor units of soleus in a slow ramp to 20 % of maximal force and back",
    source: "Foley & Kalmar 2019 J Neurophysiol 122:2095; Gorassini et al. 2002 J Neurophysiol 87:1850",
    measures: MEASURES,
    run: |seed| run(SOLEUS_ID, &["soleus", "plantarflexors"], 0.2, seed),
};

pub(super) const TIBIALIS_ANTERIOR: Experiment = Experiment {
    id: TIBIALIS_ID,
    title: "Paired motor units of tibialis anterior in a slow ramp to 30 % of maximal force and back",
    source: "Hassan et al. 2020 J Neurophysiol; Kim et al. 2020 J Neurophysiol; Gorassini et al. 2002 J Neurophysiol 87:1850",
    measures: MEASURES,
    run: |seed| run(TIBIALIS_ID, &["tibialis_anterior"], 0.3, seed),
};

/// Rise of the ramp, and its fall, s.
const RISE_S: f64 = 10.0;
/// Units that are followed: about what decomposition of high-density EMG yields.
const FOLLOWED: usize = 30;
/// Width of the Hann window that smooths a rate, s.
const WINDOW_S: f64 = 2.0;
/// Grid of smoothed rates, s.
const GRID_S: f64 = 0.05;

/// A unit that fired through part of the ramp.
struct Unit {
    times: Vec<f64>,
    recruited_s: f64,
    derecruited_s: f64,
    /// Smoothed rate from recruitment on, every [`GRID_S`], pulses/s.
    rate: Vec<f64>,
}

impl Unit {
    /// From its discharges; none if it fired too little or unevenly to be followed.
    fn followed(times: &[f64]) -> Option<Self> {
        // Sustained firing begins and ends with an interval below 0.4 s; stray discharges outside are left out.
        let pairs = || times.windows(2).enumerate().filter(|(_, w)| w[1] - w[0] < 0.4);
        let (first, last) = (pairs().next()?.0, pairs().next_back()?.0 + 1);
        let times = &times[first..=last];
        let (recruited_s, derecruited_s) = (times[0], times[times.len() - 1]);
        if times.len() < 20 || derecruited_s - recruited_s < 2.0 {
            return None;
        }
        let points = ((derecruited_s - recruited_s) / GRID_S) as usize + 1;
        let rate = (0..points).map(|i| smoothed(times, recruited_s + GRID_S * i as f64)).collect();
        Some(Self { times: times.to_vec(), recruited_s, derecruited_s, rate })
    }

    /// Smoothed rate at a time within its firing.
    fn rate_at(&self, s: f64) -> f64 {
        let i = ((s - self.recruited_s) / GRID_S).round().max(0.0) as usize;
        self.rate.get(i.min(self.rate.len() - 1)).copied().unwrap_or(f64::NAN)
    }
}

/// Instantaneous rate (1 over the interval) at `s`: line fitted under a Hann window, so that the ends of firing are not drawn in.
fn smoothed(times: &[f64], s: f64) -> f64 {
    let [mut w0, mut w1, mut w2, mut y0, mut y1] = [0.0; 5];
    for pair in times.windows(2) {
        let x = 0.5 * (pair[0] + pair[1]) - s;
        if x.abs() < 0.5 * WINDOW_S {
            let weight = 0.5 + 0.5 * tonus_physiology::math::cos(2.0 * std::f64::consts::PI * x / WINDOW_S);
            let rate = 1.0 / (pair[1] - pair[0]);
            w0 += weight;
            w1 += weight * x;
            w2 += weight * x * x;
            y0 += weight * rate;
            y1 += weight * x * rate;
        }
    }
    let determinant = w0 * w2 - w1 * w1;
    if determinant > 1e-9 { (w2 * y0 - w1 * y1) / determinant } else { y0 / w0 }
}

/// Delta-F of a test unit against a control unit, pulses/s, if the pair passes the rules.
fn delta_f(control: &Unit, test: &Unit) -> Option<f64> {
    let spans = control.recruited_s + 1.0 <= test.recruited_s && control.derecruited_s >= test.derecruited_s;
    if !spans {
        return None;
    }
    let grid: Vec<(f64, f64)> =
        (0..test.rate.len()).map(|i| (control.rate_at(test.recruited_s + GRID_S * i as f64), test.rate[i])).collect();
    let (low, high) = grid.iter().fold((f64::MAX, f64::MIN), |m, p| (m.0.min(p.0), m.1.max(p.0)));
    let modulated = high - low >= 0.5;
    let (control_hz, test_hz): (Vec<f64>, Vec<f64>) = grid.iter().copied().unzip();
    let together = correlation(&control_hz, &test_hz).is_some_and(|r| r >= 0.7);
    (modulated && together).then(|| control.rate_at(test.recruited_s) - control.rate_at(test.derecruited_s))
}

fn run(id: &'static str, ids: &[&str], peak: f64, seed: Seed) -> Result<Observation, ExperimentError> {
    let muscle = muscle(id, ids)?;
    let effort = |s: f64| peak * (1.0 - (s - RISE_S - 0.5).abs() / RISE_S).max(0.0);
    let times = contract(&muscle, seed, 2.0 * RISE_S + 1.0, effort);
    let active: Vec<Unit> = times.iter().filter_map(|t| Unit::followed(t)).collect();
    let every = active.len().div_ceil(FOLLOWED).max(1);
    let units: Vec<Unit> = active.into_iter().step_by(every).collect();
    let (mut deltas, mut recruited_at) = (vec![], vec![]);
    for test in &units {
        let of_controls: Vec<f64> = units.iter().filter_map(|control| delta_f(control, test)).collect();
        if !of_controls.is_empty() {
            deltas.push(mean(of_controls));
            recruited_at.push(100.0 * effort(test.recruited_s));
        }
    }
    let peaks: Vec<f64> = units.iter().map(|u| u.rate.iter().copied().fold(0.0, f64::max)).collect();
    let first: Vec<f64> = units.iter().map(|u| u.rate[0]).collect();
    Ok(Observation {
        values: vec![
            Value::mean_of("delta_f", &deltas),
            Value::single("test_units", deltas.len() as f64),
            Value::mean_of("peak_rate", &peaks),
            Value::mean_of("recruitment_rate", &first),
        ],
        figure: figure(&units, peak, effort, recruited_at.into_iter().zip(deltas).collect()),
    })
}

fn figure(units: &[Unit], peak: f64, effort: impl Fn(f64) -> f64, deltas: Vec<(f64, f64)>) -> Figure {
    let raster = units.iter().enumerate().flat_map(|(row, u)| u.times.iter().map(move |&t| (t, row as f64)));
    let ramp = (0..=210).map(|i| 0.1 * f64::from(i)).map(|t| (t, effort(t) / peak * units.len() as f64));
    let spikes = Panel::new("Discharges of the units followed", "time (s)", "unit, in order of size")
        .with("", Mark::Ticks, raster.collect())
        .with("effort (in proportion)", Mark::Line, ramp.collect());
    let mut pair = Panel::new("A pair: control and test unit", "time (s)", "rate (pulses/s)");
    // The pair with a control unit from the first third and a test unit from the middle.
    let shown = units[units.len() / 3..].iter().find_map(|test| {
        units
            .iter()
            .find(|control| delta_f(control, test).is_some())
            .map(|control| [("control", control), ("test", test)])
    });
    for (name, unit) in shown.into_iter().flatten() {
        let raw = unit.times.windows(2).map(|w| (w[1], 1.0 / (w[1] - w[0]))).collect();
        let smooth = unit.rate.iter().enumerate().map(|(i, r)| (unit.recruited_s + GRID_S * i as f64, *r)).collect();
        pair = pair.with(name, Mark::Dots, raw).with(format!("{name}, smoothed"), Mark::Line, smooth);
    }
    let each =
        Panel::new("Delta-F of every test unit", "effort at recruitment (% of maximal force)", "delta-F (pulses/s)")
            .with("", Mark::Dots, deltas);
    Figure { panels: vec![spikes, pair, each] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(from: f64, to: f64, rate: impl Fn(f64) -> f64) -> Unit {
        let mut times = vec![from];
        while *times.last().unwrap() < to {
            let last = *times.last().unwrap();
            times.push(last + 1.0 / rate(last));
        }
        Unit::followed(&times).unwrap()
    }

    #[test]
    fn a_known_hysteresis_is_recovered() {
        let triangle = |t: f64| 8.0 + 8.0 * (1.0 - (t - 10.0).abs() / 10.0);
        let control = unit(1.0, 19.5, triangle);
        let test = unit(5.0, 17.0, |t| triangle(t) - 2.0);
        let expected = triangle(5.0) - triangle(17.0);
        let found = delta_f(&control, &test).unwrap();
        assert!((found - expected).abs() < 0.15, "{found} for {expected}");
        assert!(delta_f(&test, &control).is_none(), "the control unit comes first");
    }
}
