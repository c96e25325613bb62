//! Afferent encoders: a receptor's rate as impulses in a population of axons.
//!
//! Each axon is a renewal process: it fires when the integral of the receptor's rate reaches a gamma variate of order 25
//! and mean 1 (CV 0.2), then is refractory for 5 ms. Axon i takes part while the rate exceeds its own threshold, staggered
//! evenly from 0 to 50 impulses/s (order, refractory time and thresholds as in the ReMoto line, Elias, Watanabe & Kohn 2014),
//! the latter scaled with the receptor's sensitivity. The gamma variate is drawn by the Wilson-Hilferty (1931) cube of one
//! normal, so a spike takes one draw. Silent axons cost nothing.

use serde::{Deserialize, Serialize};

use crate::cord::circuit::AfferentSpike;
use crate::math;
use crate::random::{Seed, Stream};

/// Order of the renewal process.
const ORDER: f64 = 25.0;
/// Refractory time, ms.
const REFRACTORY_MS: f64 = 5.0;
/// Largest share of the interval corrected for dead time (a burst must not be amplified without bound).
const LARGEST_DEAD_SHARE: f64 = 0.5;
/// Highest threshold at cat rates, impulses/s.
const HIGHEST_THRESHOLD_HZ: f64 = 50.0;

/// One living axon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Axon {
    index: u32,
    threshold_hz: f64,
    /// Integral of rate still to go before the next impulse.
    remaining: f64,
    /// Time of the end of refractoriness, ms from the start of the run.
    ready_ms: f64,
    stream: Stream,
}

/// The axons of one receptor population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Encoder {
    axons: Vec<Axon>,
    now_ms: f64,
}

/// Gamma variate of order 25 and mean 1 from a standard normal.
fn interval(z: f64) -> f64 {
    const NINTH: f64 = 1.0 / (9.0 * ORDER);
    // sqrt(1/225) = 1/15
    let root = 1.0 - NINTH + z * (1.0 / 15.0);
    (root * root * root).max(0.02)
}

impl Encoder {
    /// `count` axons of which a fraction `survival` is left (nested: the same axon always dies at the same survival), with
    /// thresholds scaled by `scale` (1 = cat rates).
    pub fn new(count: usize, survival: f64, scale: f64, seed: Seed) -> Self {
        let axons = (0..count)
            .filter_map(|i| {
                let own = seed.index(i);
                if own.stream("survival").uniform() > survival {
                    return None;
                }
                let mut stream = own.stream("interval");
                // Asynchronous start: a uniform share of an interval is already spent.
                let spent = stream.uniform();
                let remaining = interval(stream.normal()) * (1.0 - spent);
                let threshold_hz = HIGHEST_THRESHOLD_HZ * scale * i as f64 / count as f64;
                Some(Axon { index: i as u32, threshold_hz, remaining, ready_ms: 0.0, stream })
            })
            .collect();
        Self { axons, now_ms: 0.0 }
    }

    /// Axons alive.
    pub fn alive(&self) -> usize {
        self.axons.len()
    }

    /// One millisecond at receptor rate `rate_hz`: `spikes` is cleared and filled with the impulses of this millisecond.
    pub fn step_ms(&mut self, rate_hz: f64, spikes: &mut Vec<AfferentSpike>) {
        spikes.clear();
        let start = self.now_ms;
        self.now_ms += 1.0;
        if rate_hz.is_nan() || rate_hz <= 0.0 {
            return;
        }
        // Integration pauses while refractory; a steady mean of `rate_hz` needs the rest of the interval to run faster by as much.
        let dead = (rate_hz * 1e-3 * REFRACTORY_MS).min(LARGEST_DEAD_SHARE);
        let per_ms = rate_hz * 1e-3 / (1.0 - dead);
        for axon in &mut self.axons {
            // Thresholds rise along the list.
            if axon.threshold_hz >= rate_hz {
                break;
            }
            // The impulse lies where the integral runs out.
            let mut from = (axon.ready_ms - start).max(0.0);
            while from < 1.0 {
                let gain = per_ms * (1.0 - from);
                if gain < axon.remaining {
                    axon.remaining -= gain;
                    break;
                }
                let at = (from + axon.remaining / per_ms).min(0.999_999);
                spikes.push(AfferentSpike { axon: axon.index, offset_ms: at as f32 });
                axon.remaining = interval(axon.stream.normal());
                axon.ready_ms = start + at + REFRACTORY_MS;
                from = at + REFRACTORY_MS;
            }
        }
    }
}

/// Coefficient of variation of the intervals of a steady train, 1/sqrt(order).
pub fn interval_cv() -> f64 {
    1.0 / math::sqrt(ORDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trains(encoder: &mut Encoder, rate_hz: f64, ms: usize) -> Vec<Vec<f64>> {
        let mut times = vec![Vec::new(); 400];
        let mut spikes = Vec::new();
        for t in 0..ms {
            encoder.step_ms(rate_hz, &mut spikes);
            for s in &spikes {
                times[s.axon as usize].push(t as f64 + f64::from(s.offset_ms));
            }
        }
        times
    }

    #[test]
    fn rate_and_interval_cv_are_those_of_the_renewal_process() {
        let mut encoder = Encoder::new(400, 1.0, 0.1, Seed::new(1).child("ia"));
        let times = trains(&mut encoder, 20.0, 10_000);
        let n: usize = times.iter().map(Vec::len).sum();
        let rate = n as f64 / 400.0 / 10.0;
        assert!((rate - 20.0).abs() < 0.3, "{rate}");
        let isi: Vec<f64> = times.iter().flat_map(|t| t.windows(2).map(|w| w[1] - w[0])).collect();
        let mean = isi.iter().sum::<f64>() / isi.len() as f64;
        let var = isi.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / isi.len() as f64;
        // The dead time is not random: CV falls by its share of the interval.
        let cv = var.sqrt() / mean / (1.0 - 20.0 * REFRACTORY_MS * 1e-3);
        assert!((cv - interval_cv()).abs() < 0.01, "{cv}");
        assert!(isi.iter().all(|&x| x >= REFRACTORY_MS - 1e-3));
    }

    #[test]
    fn never_faster_than_the_refractory_time_allows() {
        let mut encoder = Encoder::new(50, 1.0, 0.1, Seed::new(1).child("ia"));
        let times = trains(&mut encoder, 900.0, 1000);
        assert!(times.iter().take(50).all(|t| t.len() <= 200 && t.len() > 150));
    }

    #[test]
    fn thresholds_recruit_axons_in_order_and_zero_rate_is_silent() {
        let mut encoder = Encoder::new(400, 1.0, 0.1, Seed::new(1).child("ia"));
        assert!(trains(&mut encoder, 0.0, 1000).iter().all(Vec::is_empty));
        let times = trains(&mut encoder, 2.5, 10_000);
        let active = times.iter().filter(|t| !t.is_empty()).count();
        assert!((190..=201).contains(&active), "half the thresholds lie below 2.5: {active}");
    }

    #[test]
    fn loss_is_nested_and_no_loss_changes_no_bit() {
        let seed = Seed::new(3).child("ia");
        let full = trains(&mut Encoder::new(400, 1.0, 0.1, seed), 15.0, 500);
        let half = trains(&mut Encoder::new(400, 0.5, 0.1, seed), 15.0, 500);
        let third = trains(&mut Encoder::new(400, 0.3, 0.1, seed), 15.0, 500);
        for i in 0..400 {
            assert!(half[i].is_empty() || half[i] == full[i]);
            assert!(third[i].is_empty() || third[i] == half[i]);
        }
        assert!(trains(&mut Encoder::new(400, 0.0, 0.1, seed), 15.0, 500).iter().all(Vec::is_empty));
    }
}
