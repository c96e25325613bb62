//! What an examiner reads off a signal: free functions on samples and a rate, the same for a simulated
//! and a real recording.
//!
//! **Polarity.** Samples are the potential of the electrode: active minus reference. A negative
//! deflection is a negative number, and "negative peak" means the minimum. Drawing negative upward,
//! as the clinic does, is a matter for whoever draws. Amplitudes, areas and durations of a negative
//! phase are reported as positive numbers.
//!
//! **Nothing there.** A response that is missing gives `None`, never NaN. A signal with a non-finite
//! sample, or one beyond [`LARGEST`], has no measures.

pub mod agreement;
pub mod blink;
pub mod cmap_scan;
pub mod conduction_velocity;
pub mod decomposition;
pub mod decrement;
pub mod evoked;
pub mod f_wave;
pub mod filter;
pub mod gait;
pub mod h_reflex;
pub mod interference;
pub mod jitter;
pub mod macro_potential;
pub mod mean_unit;
pub mod mep;
pub mod motor_unit_potential;
pub mod munix;
pub mod pendulum;
pub mod reach;
pub mod repetitive;
pub mod single_fibre;
pub mod spectrum;
pub mod spike;
pub mod spike_triggered;
pub mod spontaneous;
pub mod surface_emg;
pub mod sway;
pub mod tapping;
pub mod tremor;
pub mod turning_point;
pub mod turns;
pub mod unit_number;
pub mod unit_train;

/// Largest magnitude of a sample that is still measured (any unit). Squares of larger numbers,
/// summed, would leave the range of a 64-bit float.
pub const LARGEST: f64 = 1e100;

/// Whether a signal can be measured: a positive finite rate and samples within [`LARGEST`].
pub fn measurable(samples: &[f64], rate_hz: f64) -> bool {
    rate_hz.is_finite() && (1e-6..=1e9).contains(&rate_hz) && samples.iter().all(|x| x.abs() <= LARGEST)
}

/// Median of the values (mean of the middle two when even); `None` if there are none.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    match n {
        0 => None,
        _ if n % 2 == 1 => Some(sorted[n / 2]),
        _ => Some(0.5 * sorted[n / 2 - 1] + 0.5 * sorted[n / 2]),
    }
}

/// Arithmetic mean; `None` if there are no values.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Standard deviation about the mean (divisor n - 1); `None` below two values.
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    let m = mean(values)?;
    (values.len() > 1).then(|| {
        let squares: f64 = values.iter().map(|x| (x - m) * (x - m)).sum();
        (squares / (values.len() - 1) as f64).sqrt()
    })
}

/// The samples between two times (s, from the first sample), clipped to the signal; empty if there are none.
pub(crate) fn between(samples: &[f64], rate_hz: f64, from_s: f64, to_s: f64) -> &[f64] {
    let n = samples.len();
    let start = ((from_s * rate_hz - 1e-9).ceil().max(0.0) as usize).min(n);
    let end = ((to_s * rate_hz + 1e-9).floor().max(-1.0) + 1.0) as usize;
    &samples[start..end.clamp(start, n)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_of_odd_even_and_none() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn between_clips_to_the_signal() {
        let x: Vec<f64> = (0..10).map(f64::from).collect();
        assert_eq!(between(&x, 10.0, 0.2, 0.4), &[2.0, 3.0, 4.0]);
        assert_eq!(between(&x, 10.0, -1.0, 0.1), &[0.0, 1.0]);
        assert!(between(&x, 10.0, 5.0, 6.0).is_empty());
        assert!(between(&x, 10.0, 0.4, 0.2).is_empty());
    }
}
