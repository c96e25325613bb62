//! Spike-triggered averaging: the potential that one unit makes at the skin, found by averaging the surface signal round its discharges, whose
//! times a needle gives ([`super::unit_train`]).
//!
//! What is not locked to the unit falls with the square root of the discharges. Where it fails: units that tend to fire together add to
//! one another's average, a train in which two units are mixed averages both, and below some fifty discharges the background stands out.
//!
//! ```
//! use tonus_signal::measures::spike_triggered::spike_triggered;
//! // A potential of two samples, 3 ms after each of two discharges.
//! let surface: Vec<f64> = (0..100).map(|k| if k % 50 == 23 || k % 50 == 24 { -0.05 } else { 0.0 }).collect();
//! let mean = spike_triggered(&surface, 1000.0, &[0.020, 0.070], (5.0, 10.0)).expect("two sweeps");
//! assert_eq!((mean.sweeps, mean.samples.len()), (2, 15));
//! assert_eq!((mean.samples[7], mean.samples[8], mean.samples[10]), (0.0, -0.05, 0.0));
//! ```

use super::measurable;

/// An average.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggeredAverage {
    /// Samples in the signal's unit, the trigger as far from the first as was asked for.
    pub samples: Vec<f64>,
    /// Sweeps that went into it.
    pub sweeps: usize,
}

/// Average of a signal from `before_ms` before each trigger to `after_ms` after it; triggers whose sweep is not wholly within the signal
/// are left out. `None` if none is left.
///
/// # Failure modes
/// What does not follow the trigger averages away as one over the square root of their number; a second unit in step with the first does not.
///
/// # Example
/// ```
/// use tonus_signal::measures::spike_triggered::spike_triggered;
/// let rate_hz = 2_000.0;
/// let mut surface = vec![0.0; 4_000];
/// for k in 1..19 {
///     surface[200 * k + 10] = 50.0; // 5 ms after each spike of the needle
/// }
/// let triggers: Vec<f64> = (1..19).map(|k| 0.1 * f64::from(k)).collect();
/// let average = spike_triggered(&surface, rate_hz, &triggers, (5.0, 20.0)).unwrap();
/// assert_eq!((average.sweeps, average.samples[20]), (18, 50.0));
/// ```
pub fn spike_triggered(
    signal: &[f64],
    rate_hz: f64,
    triggers_s: &[f64],
    (before_ms, after_ms): (f64, f64),
) -> Option<TriggeredAverage> {
    if !measurable(signal, rate_hz) {
        return None;
    }
    let count = |ms: f64| (ms.max(0.0) * 1e-3 * rate_hz).round() as usize;
    let (before, length) = (count(before_ms), count(before_ms).saturating_add(count(after_ms)));
    if length == 0 || length > signal.len() {
        return None;
    }
    let mut samples = vec![0.0; length];
    let mut sweeps = 0;
    for trigger_s in triggers_s {
        let start = (trigger_s * rate_hz).round() - before as f64;
        if !(0.0..=(signal.len() - length) as f64).contains(&start) {
            continue;
        }
        let sweep = &signal[start as usize..start as usize + length];
        samples.iter_mut().zip(sweep).for_each(|(sum, x)| *sum += x);
        sweeps += 1;
    }
    if sweeps == 0 {
        return None;
    }
    samples.iter_mut().for_each(|x| *x /= sweeps as f64);
    Some(TriggeredAverage { samples, sweeps })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_locked_to_the_trigger_falls_away() {
        let rate_hz = 1000.0;
        let triggers: Vec<f64> = (0..100).map(|k| 0.1 + 0.1 * f64::from(k)).collect();
        let mut signal: Vec<f64> = (0..11_000).map(|k| 0.2 * libm::sin(f64::from(k) * 1.234_567)).collect();
        for t in &triggers {
            signal[(t * rate_hz) as usize + 6] -= 1.0;
        }
        let mean = spike_triggered(&signal, rate_hz, &triggers, (5.0, 20.0)).unwrap();
        assert_eq!(mean.sweeps, 100);
        for (k, x) in mean.samples.iter().enumerate() {
            let expected = if k == 11 { -1.0 } else { 0.0 };
            assert!((x - expected).abs() < 0.03, "{k}: {x}");
        }
    }

    #[test]
    fn sweeps_beyond_the_signal_are_left_out() {
        let signal = vec![1.0; 100];
        let of = |triggers: &[f64]| spike_triggered(&signal, 1000.0, triggers, (10.0, 20.0)).map(|a| a.sweeps);
        assert_eq!(of(&[0.005, 0.010, 0.080, 0.081, f64::NAN]), Some(2));
        assert_eq!(of(&[5.0]), None);
        assert_eq!(spike_triggered(&signal, 1000.0, &[0.05], (0.0, 0.0)), None);
        assert_eq!(spike_triggered(&[], 1000.0, &[0.05], (1.0, 1.0)), None);
        assert_eq!(spike_triggered(&[f64::NAN; 50], 1000.0, &[0.02], (1.0, 1.0)), None);
    }
}
