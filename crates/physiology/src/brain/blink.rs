//! The blink reflex in the brainstem: a volley of the first trigeminal division to the facial motor neurons of both sides.
//!
//! Two ways lead there. The early one (R1), over one pontine interneuron to the same side, is a monosynaptic-like burst: a motor
//! neuron fires once when enough of the volley arrives together. The late one (R2), over the chain of interneurons of the spinal
//! trigeminal nucleus and the lateral medulla, gathers the volley over a longer time and drives the motor neurons of both sides to a
//! burst of discharges. What the motor neurons do depends on the share of the nerve's fibres whose impulses arrive, and on how closely
//! together; thresholds and delays are those of health, whatever the lesion of the nerves.

use crate::math;
use crate::random::{Seed, Stream};

/// Arrival of the volley in the pons to the discharge of the facial motor neurons, ms: fitted with the paths of both nerves to R1 at
/// 10.0 (SD 0.8) ms.
const R1_CENTRAL_MS: f64 = 3.3;
/// The same of the late way, ms: fitted to R2 at 29.5 (SD 3.1) ms.
const R2_CENTRAL_MS: f64 = 22.0;
/// Contralateral R2 is later by the crossing, ms (29.3 against 29.5 ms in health: no difference; assumed).
const CROSSING_MS: f64 = 0.5;
/// Time within which impulses of the volley add up, ms: an excitatory potential's rise, and the interneurons' (assumed).
const R1_WINDOW_MS: f64 = 2.0;
const R2_WINDOW_MS: f64 = 12.0;
/// Thresholds of the motor neurons, as a share of the healthy volley: median, and SD of their natural logarithm. With 1.3 and 0.6 a third
/// of them fire in R1, with 1.0 half in R2 (assumed: R1 and R2 of some tenths of the maximal facial response).
const R1_THRESHOLD: (f64, f64) = (1.3, 0.6);
const R2_THRESHOLD: (f64, f64) = (1.0, 0.6);
/// Spread of R2's first discharges over the units, ms, and its further discharges: interval and its SD, ms, and the length of the burst, ms
/// (R2 lasts 30-40 ms: textbook value).
const R2_SPREAD_MS: f64 = 5.0;
const R2_INTERVAL_MS: (f64, f64) = (14.0, 3.0);
const R2_LASTS_MS: f64 = 35.0;
/// Jitter of a motor neuron's discharge in R1 from shock to shock, ms (assumed).
const R1_JITTER_MS: f64 = 0.3;

/// The facial motor neurons of one side in the reflex.
#[derive(Clone, Debug, PartialEq)]
pub struct BlinkPool {
    r1_thresholds: Vec<f64>,
    r2_thresholds: Vec<f64>,
    r2_places: Vec<f64>,
}

/// Discharges of a pool: (unit, ms after the shock).
pub type Discharges = Vec<(usize, f64)>;

impl BlinkPool {
    /// The pool of a muscle with so many units.
    pub fn new(units: usize, seed: Seed) -> Self {
        let seed = seed.child("blink");
        let draws = |name: &str, (median, log_sd): (f64, f64)| {
            (0..units)
                .map(|unit| median * math::exp(log_sd * seed.index(unit).stream(name).normal()))
                .collect::<Vec<f64>>()
        };
        Self {
            r1_thresholds: draws("early", R1_THRESHOLD),
            r2_thresholds: draws("late", R2_THRESHOLD),
            r2_places: (0..units).map(|unit| seed.index(unit).stream("place").uniform()).collect(),
        }
    }

    /// Early discharges after a volley on the same side: `arrivals_ms` in the brainstem, sorted, of `fibres` in health.
    pub fn early(&self, arrivals_ms: &[f64], fibres: usize, stream: &mut Stream) -> Discharges {
        let mut out = Vec::new();
        for (unit, threshold) in self.r1_thresholds.iter().enumerate() {
            let jitter = stream.normal();
            if let Some(ms) = gathered(arrivals_ms, threshold * fibres as f64, R1_WINDOW_MS) {
                out.push((unit, ms + R1_CENTRAL_MS + R1_JITTER_MS * jitter));
            }
        }
        out
    }

    /// Late discharges after a volley on the same (`crossed` false) or the other side.
    pub fn late(&self, arrivals_ms: &[f64], fibres: usize, crossed: bool, stream: &mut Stream) -> Discharges {
        let mut out = Vec::new();
        for (unit, threshold) in self.r2_thresholds.iter().enumerate() {
            let (first, interval) = (stream.uniform(), stream.normal());
            let Some(ms) = gathered(arrivals_ms, threshold * fibres as f64, R2_WINDOW_MS) else { continue };
            let start_ms = ms + R2_CENTRAL_MS + if crossed { CROSSING_MS } else { 0.0 };
            let step_ms = (R2_INTERVAL_MS.0 + R2_INTERVAL_MS.1 * interval).max(6.0);
            let mut at_ms = R2_SPREAD_MS * (self.r2_places[unit] + first);
            while at_ms < R2_LASTS_MS {
                out.push((unit, start_ms + at_ms));
                at_ms += step_ms;
            }
        }
        out
    }
}

/// When `needed` of the sorted arrivals have come within one window, ms.
fn gathered(arrivals_ms: &[f64], needed: f64, window_ms: f64) -> Option<f64> {
    let needed = (needed.ceil() as usize).max(1);
    (needed..=arrivals_ms.len())
        .map(|end| (arrivals_ms[end - needed], arrivals_ms[end - 1]))
        .find(|(first, last)| last - first <= window_ms)
        .map(|(_, last)| last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn volley(fibres: usize, spread_ms: f64) -> Vec<f64> {
        (0..fibres).map(|i| 2.5 + spread_ms * i as f64 / fibres as f64).collect()
    }

    #[test]
    fn a_dispersed_volley_loses_the_early_response_first() {
        let pool = BlinkPool::new(300, Seed::new(1));
        let count = |spread_ms: f64| {
            let mut stream = Seed::new(2).stream("luck");
            let arrivals = volley(1000, spread_ms);
            let early = pool.early(&arrivals, 1000, &mut stream).len();
            (early, pool.late(&arrivals, 1000, false, &mut stream).len())
        };
        let (healthy, dispersed) = (count(1.0), count(8.0));
        assert!((60..140).contains(&healthy.0), "{healthy:?}");
        assert!(dispersed.0 < healthy.0 / 3 && dispersed.1 > healthy.1 / 2, "{healthy:?} {dispersed:?}");
    }

    #[test]
    fn fewer_fibres_recruit_a_part_of_the_same_units() {
        let pool = BlinkPool::new(300, Seed::new(1));
        let units = |fibres: usize| -> Vec<usize> {
            let early = pool.early(&volley(fibres, 1.0), 1000, &mut Seed::new(2).stream("luck"));
            early.into_iter().map(|(unit, _)| unit).collect()
        };
        let (whole, half) = (units(1000), units(500));
        assert!(half.len() < whole.len() && half.iter().all(|u| whole.contains(u)));
        assert!(units(0).is_empty());
    }
}
