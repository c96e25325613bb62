//! Backfiring of motor neurons hit by an antidromic impulse: the F wave.
//!
//! Each antidromic impulse makes neuron `u` fire again with its own small probability `p_u`, log-normal across the
//! pool, larger for larger units. With 120 units and a mean of 0.02, 91 % of stimuli have an F response, near
//! the 79-83 % of human ulnar nerve (Peioglou-Harmoussi 1985; Nobrega 2004) once the smallest responses are lost in the noise.

use serde::{Deserialize, Serialize};

use crate::math;
use crate::random::{Seed, Stream};

/// Antidromic arrival at the soma to the new impulse in the axon, ms (the usual 1 ms of F-wave velocity formulae).
pub const TURNAROUND_MS: f64 = 1.0;

/// How readily the motor neurons of one muscle backfire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackfireParameters {
    /// Mean probability over the pool at an excitability of 1 (0.01-0.03 from F-wave persistence; fitted to it).
    pub probability: f64,
    /// SD of the natural logarithm of the probability between neurons (assumed: most F responses occur once in 200 stimuli, a few neurons repeat).
    pub log_sd: f64,
    /// Probability of the largest unit over that of the smallest (1.5: larger units are favoured; size assumed).
    pub size_ratio: f64,
}

impl Default for BackfireParameters {
    fn default() -> Self {
        Self { probability: 0.02, log_sd: 0.8, size_ratio: 1.5 }
    }
}

/// The backfiring probability of every neuron of a pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Backfire {
    probabilities: Vec<f64>,
}

impl Backfire {
    /// Probabilities of `units` neurons, smallest first.
    pub fn new(parameters: &BackfireParameters, units: usize, seed: Seed) -> Self {
        let half = 0.5 * parameters.log_sd * parameters.log_sd;
        let mean_weight = 0.5 * (1.0 + parameters.size_ratio);
        let probabilities = (0..units)
            .map(|unit| {
                let rank = (unit as f64 + 0.5) / units as f64;
                let weight = (1.0 + (parameters.size_ratio - 1.0) * rank) / mean_weight;
                let z = seed.index(unit).stream("backfire").normal();
                parameters.probability * weight * math::exp(parameters.log_sd * z - half)
            })
            .collect();
        Self { probabilities }
    }

    /// Probability that `unit` backfires at this excitability (1 in health), 0..1.
    pub fn probability(&self, unit: usize, excitability: f64) -> f64 {
        (self.probabilities[unit] * excitability).clamp(0.0, 1.0)
    }

    /// Whether `unit` backfires this time; takes one draw whatever the answer, so that higher excitability only adds responses.
    pub fn fires(&self, unit: usize, excitability: f64, stream: &mut Stream) -> bool {
        stream.uniform() < self.probability(unit, excitability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persistence_is_that_of_a_human_nerve() {
        let mut persistence = 0.0;
        for person in 0..10 {
            let seed = Seed::new(person);
            let pool = Backfire::new(&BackfireParameters::default(), 120, seed);
            let mut stream = seed.stream("f waves");
            for _ in 0..200 {
                let units = (0..120).filter(|&u| pool.fires(u, 1.0, &mut stream)).count();
                persistence += f64::from(u8::from(units > 0)) / 2000.0;
            }
        }
        // 0.91 expected from 1 - exp(-120 * 0.02); human ulnar 0.50-0.93 after the smallest are lost.
        assert!((0.85..0.96).contains(&persistence), "{persistence}");
    }

    #[test]
    fn excitability_only_adds_and_zero_silences() {
        let pool = Backfire::new(&BackfireParameters::default(), 200, Seed::new(1));
        let fired = |excitability: f64| -> Vec<bool> {
            let mut stream = Seed::new(9).stream("f");
            (0..200).map(|u| pool.fires(u, excitability, &mut stream)).collect()
        };
        let (shock, health, spastic) = (fired(0.2), fired(1.0), fired(3.0));
        assert!(fired(0.0).iter().all(|f| !f));
        assert!((0..200).all(|u| (!shock[u] || health[u]) && (!health[u] || spastic[u])));
        assert!(spastic.iter().filter(|f| **f).count() > health.iter().filter(|f| **f).count());
    }

    #[test]
    fn mean_probability_is_kept_and_large_units_are_favoured() {
        let n = 20_000;
        let pool = Backfire::new(&BackfireParameters::default(), n, Seed::new(1));
        let mean = |range: std::ops::Range<usize>| {
            let len = range.len() as f64;
            range.map(|u| pool.probability(u, 1.0)).sum::<f64>() / len
        };
        assert!((mean(0..n) / 0.02 - 1.0).abs() < 0.03);
        assert!((mean(n * 9 / 10..n) / mean(0..n / 10) - 1.45).abs() < 0.15);
    }
}
