//! Afferent encoders: a receptor's rate as impulses in a population of axons.
//!
//! Each axon is a renewal process: it fires when the integral of the receptor's rate reaches a gamma variate of order 25
//! and mean 1 (CV 0.2), then is refractory for 5 ms. Axon i takes part while the rate exceeds its own threshold, staggered
//! evenly from 0 to 50 impulses/s (order, refractory time and thresholds as in the ReMoto line, Elias, Watanabe & Kohn 2014),
//! the latter scaled with the receptor's sensitivity. The gamma variate is drawn by the Wilson-Hilferty (1931) cube of one
//! normal, so a spike takes one draw. Silent axons cost nothing.
//!
//! **Fast trains tire.** Each impulse leaves a trace that fades with 100 ms, and beyond four whole traces the refractory time grows:
//! a burst keeps its intervals of 5 ms, and so does any discharge up to 45 impulses/s, but a train that follows a vibration one to one
//! has a highest rate, above which it follows every second or third cycle. That rate differs from axon to axon (Burke, Hagbarth,
//! Lofstedt & Wallin 1976 J Physiol 261:673).

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
/// Fading of an impulse's trace, ms; assumed: spans several intervals of a fast train, not those of natural discharge.
const TRACE_MS: f64 = 100.0;
/// Traces that cost nothing; assumed: the three or four impulses of a tendon tap.
const FREE_TRACES: f64 = 4.0;
/// Refractory time each trace beyond them adds, first and last axon of a population of human spindle afferents, ms; fitted to: most
/// human primaries follow vibration one to one up to 80 Hz, some up to 180 (Roll, Vedel & Ribot 1989 Exp Brain Res 76:213).
const TIRED_MS: (f64, f64) = (0.05, 3.0);
/// Scale of the rates at which these hold; receptors that fire faster tire less, in proportion.
const TIRED_SCALE: f64 = 0.1;

/// What an axon needs only when it fires.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Discharge {
    /// Which of the population.
    index: u32,
    /// Refractory time each trace beyond the free ones adds, ms.
    tired_ms: f64,
    /// Traces of the impulses so far, at the last one.
    trace: f64,
    /// Time of the last impulse, ms from the start of the run.
    last_ms: f64,
    intervals: Stream,
}

/// The axons of one receptor population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Encoder {
    /// Rate above which each living axon fires, rising along the list.
    threshold_hz: Vec<f64>,
    /// Integral of rate still to go before each one's next impulse.
    remaining: Vec<f64>,
    /// End of each one's refractoriness, ms from the start of the run.
    ready_ms: Vec<f64>,
    discharges: Vec<Discharge>,
    now_ms: f64,
}

/// Gamma variate of order 25 and mean 1 from a standard normal.
fn interval(z: f64) -> f64 {
    const NINTH: f64 = 1.0 / (9.0 * ORDER);
    // sqrt(1/225) = 1/15
    let root = 1.0 - NINTH + z * (1.0 / 15.0);
    (root * root * root).max(0.02)
}

impl Discharge {
    /// An impulse at a time; how long the axon is refractory, ms.
    fn fire(&mut self, at_ms: f64) -> f64 {
        let before = self.trace * math::exp(-(at_ms - self.last_ms) / TRACE_MS);
        self.trace = before + 1.0;
        self.last_ms = at_ms;
        REFRACTORY_MS + self.tired_ms * (before - FREE_TRACES).max(0.0)
    }
}

impl Encoder {
    /// `count` axons of which a fraction `survival` is left (nested: the same axon always dies at the same survival), with
    /// thresholds scaled by `scale` (1 = cat rates).
    pub fn new(count: usize, survival: f64, scale: f64, seed: Seed) -> Self {
        let mut encoder = Self {
            threshold_hz: Vec::new(),
            remaining: Vec::new(),
            ready_ms: Vec::new(),
            discharges: Vec::new(),
            now_ms: 0.0,
        };
        for i in 0..count {
            let own = seed.index(i);
            if own.stream("survival").uniform() > survival {
                continue;
            }
            let mut intervals = own.stream("interval");
            // Asynchronous start: a uniform share of an interval is already spent.
            let spent = intervals.uniform();
            encoder.remaining.push(interval(intervals.normal()) * (1.0 - spent));
            let rank = i as f64 / count as f64;
            encoder.threshold_hz.push(HIGHEST_THRESHOLD_HZ * scale * rank);
            encoder.ready_ms.push(0.0);
            // Axons of low threshold need not be those that tire least: the order is turned over by the golden ratio.
            let turned = (i as f64 * 0.618_033_988_749_895).fract();
            let tired_ms = (TIRED_MS.0 + (TIRED_MS.1 - TIRED_MS.0) * turned) * TIRED_SCALE / scale.max(1e-3);
            encoder.discharges.push(Discharge { index: i as u32, tired_ms, trace: 0.0, last_ms: 0.0, intervals });
        }
        encoder
    }

    /// Axons alive.
    pub fn alive(&self) -> usize {
        self.discharges.len()
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
        // Thresholds rise along the list.
        let awake = self.threshold_hz.partition_point(|&threshold| threshold < rate_hz);
        let hot = self.remaining.iter_mut().zip(&mut self.ready_ms).take(awake);
        for (i, (remaining, ready_ms)) in hot.enumerate() {
            // The impulse lies where the integral runs out.
            let mut from = (*ready_ms - start).max(0.0);
            while from < 1.0 {
                let gain = per_ms * (1.0 - from);
                if gain < *remaining {
                    *remaining -= gain;
                    break;
                }
                let discharge = &mut self.discharges[i];
                let at = (from + *remaining / per_ms).min(0.999_999);
                spikes.push(AfferentSpike { axon: discharge.index, offset_ms: at as f32 });
                *remaining = interval(discharge.intervals.normal());
                let refractory_ms = discharge.fire(start + at);
                *ready_ms = start + at + refractory_ms;
                from = at + refractory_ms;
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
    fn never_faster_than_the_refractory_time_allows_and_tired_in_long_trains() {
        let first_then_rate = |scale: f64| {
            let mut encoder = Encoder::new(50, 1.0, scale, Seed::new(1).child("ia"));
            let times = trains(&mut encoder, 900.0, 1000);
            assert!(times.iter().flat_map(|t| t.windows(2)).all(|w| w[1] - w[0] >= REFRACTORY_MS - 1e-3));
            let first = times.iter().take(50).map(|t| t[1] - t[0]).fold(f64::INFINITY, f64::min);
            let mut rates: Vec<usize> = times.iter().take(50).map(Vec::len).collect();
            rates.sort_unstable();
            (first, rates[0], rates[25], rates[49])
        };
        let (first, slowest, median, fastest) = first_then_rate(0.1);
        assert!(first < 7.0, "a burst starts with a short interval: {first}");
        assert!(slowest < 85 && (80..110).contains(&median) && fastest > 140, "{slowest} {median} {fastest}");
        assert!(first_then_rate(1.0).2 > 130, "a cat's endings fire faster");
    }

    #[test]
    fn a_slow_train_does_not_tire() {
        let mut encoder = Encoder::new(100, 1.0, 0.1, Seed::new(1).child("ia"));
        let n: usize = trains(&mut encoder, 10.0, 20_000).iter().map(Vec::len).sum();
        assert!((n as f64 / 100.0 / 20.0 - 10.0).abs() < 0.15, "{n}");
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
