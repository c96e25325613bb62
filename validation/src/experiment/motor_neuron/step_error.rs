//! How far the cord's fixed step of 0.05 ms is off: the same neurons by the oracle and by the pool.

use tonus_physiology::cord::gains::SegmentalGains;
use tonus_physiology::cord::membrane::{STEP_MS, STEPS_PER_MS};
use tonus_physiology::cord::neuron::{Cell, UnitType};
use tonus_physiology::cord::pool::{Pool, PoolModel};
use tonus_physiology::cord::synapse::MOTOR_EXCITATION;
use tonus_physiology::math;
use tonus_physiology::random::Seed;

use super::super::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use super::mean;
use super::oracle::{Jump, spike_times};
use crate::figure::{Figure, Mark, Panel};

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: "neuron.step_error",
    title: "Error of the cord's step of 0.05 ms against an adaptive integration",
    source: "equations of Cisi & Kohn 2008 J Comput Neurosci 25:520; Dormand & Prince 1980 J Comput Appl Math 6:19",
    measures: &[
        MeasureInfo {
            name: "rate_error_slow",
            unit: "percent",
            what: "largest error of the steady rate, S, current steps",
        },
        MeasureInfo { name: "rate_error_fatigue_resistant", unit: "percent", what: "the same, FR" },
        MeasureInfo { name: "rate_error_fast_fatigable", unit: "percent", what: "the same, FF" },
        MeasureInfo { name: "latency_error", unit: "ms", what: "largest error of the first spike's time, all types" },
        MeasureInfo {
            name: "spike_time_error",
            unit: "ms",
            what: "median distance of each spike from the oracle's nearest, irregular synaptic drive with persistent inward current",
        },
        MeasureInfo {
            name: "synaptic_rate_error",
            unit: "percent",
            what: "largest error of the number of spikes in it",
        },
    ],
    run,
};

const KNOTS: [(UnitType, f64, &str); 6] = [
    (UnitType::Slow, 0.0, "smallest S"),
    (UnitType::Slow, 1.0, "largest S"),
    (UnitType::FatigueResistant, 0.0, "smallest FR"),
    (UnitType::FatigueResistant, 1.0, "largest FR"),
    (UnitType::FastFatigable, 0.0, "smallest FF"),
    (UnitType::FastFatigable, 1.0, "largest FF"),
];
/// Currents above rheobase, nA.
const ABOVE_NA: [f64; 6] = [0.5, 1.0, 2.0, 5.0, 10.0, 15.0];
/// Length of a step of current, ms.
const STEP_OF_CURRENT_MS: usize = 1000;
/// Length of irregular synaptic drive, ms.
const IRREGULAR_MS: usize = 3000;
/// Synaptic events a second.
const EVENTS_HZ: f64 = 600.0;
/// Jump of one event over the neuron's input conductance, at a threshold of 12.35 mV: every type fires, at up to 30/s.
const EVENT_SIZE: f64 = 1.5;

/// Error of one cell, percent of the rate at each current, and of the first spike, ms.
struct Steps {
    rate_percent: Vec<f64>,
    latency_ms: Vec<f64>,
    rates_hz: Vec<(f64, f64)>,
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let steps: Vec<Steps> =
        KNOTS.iter().map(|(kind, position, _)| current_steps(&Cell::motor_neuron(*kind, *position))).collect();
    let irregular: Vec<(Vec<f64>, Vec<f64>)> = KNOTS
        .iter()
        .enumerate()
        .map(|(i, (kind, position, _))| irregular_drive(&Cell::motor_neuron(*kind, *position), seed.index(i)))
        .collect();
    let largest = |values: &mut dyn Iterator<Item = f64>| values.map(f64::abs).fold(0.0, f64::max);
    let of_type = |from: usize| largest(&mut steps[from..from + 2].iter().flat_map(|s| s.rate_percent.iter().copied()));
    let mut distances: Vec<f64> =
        irregular.iter().flat_map(|(ours, exact)| ours.iter().map(|&t| (t - nearest(exact, t)).abs())).collect();
    distances.sort_by(f64::total_cmp);
    let counts = irregular.iter().map(|(ours, exact)| 100.0 * (ours.len() as f64 / exact.len().max(1) as f64 - 1.0));
    Ok(Observation {
        values: vec![
            Value::single("rate_error_slow", of_type(0)),
            Value::single("rate_error_fatigue_resistant", of_type(2)),
            Value::single("rate_error_fast_fatigable", of_type(4)),
            Value::single("latency_error", largest(&mut steps.iter().flat_map(|s| s.latency_ms.iter().copied()))),
            Value {
                name: "spike_time_error",
                value: distances.get(distances.len() / 2).copied(),
                spread: None,
                n: distances.len(),
                missing: 0,
            },
            Value::single("synaptic_rate_error", largest(&mut counts.into_iter())),
        ],
        figure: figure(&steps, &irregular),
    })
}

fn current_steps(cell: &Cell) -> Steps {
    let model = PoolModel::single(cell.clone(), 0.0);
    let (mut rate_percent, mut latency_ms, mut rates_hz) = (vec![], vec![], vec![]);
    for above in ABOVE_NA {
        let current_na = cell.rheobase_na() + above;
        let exact = spike_times(cell, 0.0, current_na, &[], STEP_OF_CURRENT_MS as f64);
        let ours = pool_times(&model, current_na, &[], STEP_OF_CURRENT_MS);
        let (rate, exact_rate) = (steady_rate_hz(&ours), steady_rate_hz(&exact));
        rate_percent.push(100.0 * (rate / exact_rate - 1.0));
        rates_hz.push((rate, exact_rate));
        if let (Some(a), Some(b)) = (ours.first(), exact.first()) {
            latency_ms.push(a - b);
        }
    }
    Steps { rate_percent, latency_ms, rates_hz }
}

/// Spikes of the pool and of the oracle under the same irregular excitation of the dendrite.
fn irregular_drive(cell: &Cell, seed: Seed) -> (Vec<f64>, Vec<f64>) {
    let monoamines = SegmentalGains::default().persistent_inward_current;
    let mut stream = seed.stream("synaptic events");
    let jump_us = EVENT_SIZE * cell.threshold_mv / 12.35 / cell.input_resistance_mohm();
    let (mut events, mut at) = (vec![], 0.0);
    loop {
        at += stream.exponential() * 1e3 / EVENTS_HZ;
        if at >= IRREGULAR_MS as f64 {
            break;
        }
        events.push(((at / STEP_MS) as usize, jump_us));
    }
    // The cord's frozen conductance carries the charge of this jump.
    let decay = MOTOR_EXCITATION.unbinding_per_ms * STEP_MS;
    let smooth = decay / (1.0 - math::exp(-decay));
    let jumps: Vec<Jump> = events.iter().map(|(step, us)| (*step as f64 * STEP_MS, us * smooth)).collect();
    let ours = pool_times(&PoolModel::single(cell.clone(), monoamines), 0.0, &events, IRREGULAR_MS);
    (ours, spike_times(cell, monoamines, 0.0, &jumps, IRREGULAR_MS as f64))
}

/// Spike times of the pool, ms; `events` are steps and jumps, uS, in order.
fn pool_times(model: &PoolModel, current_na: f64, events: &[(usize, f64)], ms: usize) -> Vec<f64> {
    let mut pool = Pool::new(model);
    pool.set_common_current_na(current_na);
    let mut events = events.iter().peekable();
    let mut times = vec![];
    for step in 0..ms * STEPS_PER_MS {
        while let Some((_, jump_us)) = events.next_if(|event| event.0 == step) {
            pool.excite(0, *jump_us);
        }
        times.extend(pool.step(model).iter().map(|s| (step as f64 + f64::from(s.fraction)) * STEP_MS));
    }
    times
}

/// Rate from the intervals after 300 ms.
fn steady_rate_hz(times: &[f64]) -> f64 {
    1e3 / mean(times.windows(2).filter(|w| w[0] > 300.0).map(|w| w[1] - w[0]))
}

fn nearest(times: &[f64], t: f64) -> f64 {
    let above = times.partition_point(|&x| x < t);
    let candidates = [above.checked_sub(1), Some(above)].into_iter().flatten().filter_map(|i| times.get(i));
    candidates.copied().min_by(|a, b| (a - t).abs().total_cmp(&(b - t).abs())).unwrap_or(f64::INFINITY)
}

fn figure(steps: &[Steps], irregular: &[(Vec<f64>, Vec<f64>)]) -> Figure {
    let mut cord = vec![];
    let mut rates =
        Panel::new("Steady rate: oracle (lines) and cord (dots)", "current above rheobase (nA)", "rate (impulses/s)");
    let mut error = Panel::new("Error of the rate", "current above rheobase (nA)", "error (%)");
    let mut spikes = Panel::new("Spikes under irregular drive", "time (s)", "cord less oracle (ms)");
    for ((s, (ours, exact)), (_, _, name)) in steps.iter().zip(irregular).zip(KNOTS) {
        let of =
            |f: &dyn Fn(&(f64, f64)) -> f64| -> Vec<_> { ABOVE_NA.into_iter().zip(s.rates_hz.iter().map(f)).collect() };
        rates = rates.with(name, Mark::Line, of(&|r| r.1));
        cord.extend(of(&|r| r.0));
        error = error.with(name, Mark::Line, ABOVE_NA.into_iter().zip(s.rate_percent.iter().copied()).collect());
        let distance = ours.iter().map(|&t| (1e-3 * t, t - nearest(exact, t))).filter(|d| d.1.abs() < 5.0);
        spikes = spikes.with(name, Mark::Dots, distance.collect());
    }
    Figure { panels: vec![rates.with("cord", Mark::Dots, cord), error, spikes] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_is_as_good_as_stated() {
        let seen = run(Seed::new(1)).unwrap();
        // What the README and `cord::membrane` say; in percent, percent, percent, ms, ms, percent.
        for (name, stated) in [
            ("rate_error_slow", 0.3),
            ("rate_error_fatigue_resistant", 0.3),
            ("rate_error_fast_fatigable", 0.3),
            ("latency_error", 0.02),
            ("spike_time_error", 0.03),
            ("synaptic_rate_error", 2.0),
        ] {
            let error = seen.value(name).and_then(|v| v.value).expect(name);
            println!("{name}: {error:.4}");
            assert!(error <= stated, "{name} {error}, stated {stated}");
        }
        let spikes = seen.value("spike_time_error").map_or(0, |v| v.n);
        assert!(spikes > 100, "{spikes} spikes under irregular drive");
    }
}
