//! What is read off the discharges of a motor unit: intervals, regularity, recruitment, smoothed rate.

use tonus_physiology::math;

/// Longer intervals are gaps, shorter ones doublets; neither belongs to steady discharge (ms).
const STEADY_MS: (f64, f64) = (20.0, 250.0);
/// Fewest steady intervals from which regularity is judged.
const FEWEST: usize = 20;
/// Grid of smoothed rates, ms.
pub(super) const GRID_MS: usize = 10;

/// Mean and SD over the mean.
pub(super) fn mean_and_cv(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    (mean, variance.sqrt() / mean)
}

/// Mean rate, impulses/s, and coefficient of variation of the steady intervals of a train; `None` with too few.
pub(super) fn regularity(train: &[f64]) -> Option<(f64, f64)> {
    let steady = STEADY_MS.0..=STEADY_MS.1;
    let intervals: Vec<f64> = train.windows(2).map(|w| w[1] - w[0]).filter(|d| steady.contains(d)).collect();
    (intervals.len() >= FEWEST).then(|| {
        let (mean, cv) = mean_and_cv(&intervals);
        (1e3 / mean, cv)
    })
}

/// When a unit is recruited, ms: the first of three discharges without a gap.
pub(super) fn recruited_ms(train: &[f64]) -> Option<f64> {
    train.windows(3).find(|w| w[1] - w[0] <= STEADY_MS.1 && w[2] - w[1] <= STEADY_MS.1).map(|w| w[0])
}

/// Rate smoothed by a Hann window of `width_ms` and unit area, impulses/s every [`GRID_MS`].
pub(super) fn smoothed_rate(train: &[f64], total_ms: usize, width_ms: f64) -> Vec<f64> {
    let mut rate = vec![0.0; total_ms / GRID_MS];
    for at in train {
        let first = ((at - 0.5 * width_ms) / GRID_MS as f64).max(0.0) as usize;
        for (i, r) in rate.iter_mut().enumerate().skip(first) {
            let off = (i * GRID_MS) as f64 - at;
            if off > 0.5 * width_ms {
                break;
            }
            if off >= -0.5 * width_ms {
                *r += 1e3 / width_ms * (1.0 + math::cos(2.0 * std::f64::consts::PI * off / width_ms));
            }
        }
    }
    rate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clockwork_unit_has_its_rate_no_variation_and_a_flat_smoothed_rate() {
        let train: Vec<f64> = (0..200).map(|i| 1000.0 + 50.0 * f64::from(i)).collect();
        let (rate, cv) = regularity(&train).unwrap();
        assert!((rate - 20.0).abs() < 1e-9 && cv < 1e-9);
        assert_eq!(recruited_ms(&train), Some(1000.0));
        let smooth = smoothed_rate(&train, 11_000, 400.0);
        assert!(smooth[200..900].iter().all(|r| (r - 20.0).abs() < 1e-6));
        assert!(smooth[..79].iter().all(|r| *r == 0.0));
    }

    #[test]
    fn gaps_doublets_and_lone_discharges_do_not_count() {
        assert_eq!(recruited_ms(&[10.0, 500.0, 1000.0, 1100.0, 1200.0]), Some(1000.0));
        assert_eq!(recruited_ms(&[10.0, 500.0]), None);
        let mut train: Vec<f64> = (0..40).map(|i| 100.0 * f64::from(i)).collect();
        train.push(3905.0);
        train.push(9000.0);
        let (rate, cv) = regularity(&train).unwrap();
        assert!((rate - 10.0).abs() < 1e-9 && cv < 1e-9);
        assert!(regularity(&train[..10]).is_none());
    }
}
