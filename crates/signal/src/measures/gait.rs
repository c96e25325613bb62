//! Walking, from the times of strides: how long, how regular, how much on both feet, and whether one stride remembers another.

use super::{mean, median, standard_deviation};

/// Time left out at the start, s: the walker has not settled (Hausdorff et al. 2000 J Appl Physiol 88:2045).
pub const SETTLING_S: f64 = 20.0;
/// Strides further from the median than this many scaled median deviations are turns or stumbles and left out (assumed; the figures worked out from
/// the public records before were made so). It takes a part of what makes a walk irregular with them.
pub const OUTLIER: f64 = 3.0;
/// Median absolute deviation to SD of a normal distribution.
const SCALED: f64 = 1.4826;
/// Boxes of the fluctuation analysis, strides (Hausdorff 2000: 10 to 20).
const BOXES: std::ops::RangeInclusive<usize> = 10..=20;
/// Fewest strides: enough for a coefficient of variation that two legs can be compared by.
const FEWEST: usize = 10;

/// Measures of one leg's strides or of both feet together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strides {
    /// Mean, in the unit of the strides.
    pub mean: f64,
    /// Coefficient of variation, %.
    pub variation_percent: f64,
    /// How many counted.
    pub count: usize,
    /// Exponent of detrended fluctuation analysis over boxes of 10 to 20 strides: 0.5 where each stride forgets the last, about 0.9 in health;
    /// `None` with fewer than 40.
    pub fluctuation_exponent: Option<f64>,
}

/// Shortest time from one touch of a foot to the next, s: nobody walks three strides a second.
const SHORTEST_STRIDE_S: f64 = 0.4;

/// Times at which a foot touches the ground, s, from a switch or force under it that is high while it stands.
///
/// The level is half way between what the signal stays below a tenth of the time and above a tenth of the time; a touch is where it is crossed
/// upwards, at least 0.4 s after the last. `None` of a signal that does not change, or cannot be measured.
///
/// # Failure modes
/// Walking that drags the foot never leaves the
/// ground and reads as too few strides.
///
/// # Example
/// ```
/// use tonus_signal::measures::gait::touches_s;
/// // A foot that stands 0.6 s and swings 0.5 s.
/// let force: Vec<f64> = (0..1_000).map(|i| if (i % 110) >= 50 { 600.0 } else { 0.0 }).collect();
/// let touches = touches_s(&force, 100.0).unwrap();
/// assert!(touches.windows(2).all(|w| (w[1] - w[0] - 1.1).abs() < 1e-6));
/// ```
pub fn touches_s(contact: &[f64], rate_hz: f64) -> Option<Vec<f64>> {
    if contact.is_empty() || !super::measurable(contact, rate_hz) {
        return None;
    }
    let mut sorted = contact.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (sorted[sorted.len() / 10], sorted[sorted.len() * 9 / 10]);
    if high <= low {
        return None;
    }
    let level = 0.5 * (low + high);
    let mut found: Vec<f64> = Vec::new();
    for (i, pair) in contact.windows(2).enumerate() {
        let t = (i + 1) as f64 / rate_hz;
        if pair[0] < level && pair[1] >= level && found.last().is_none_or(|last| t - last >= SHORTEST_STRIDE_S) {
            found.push(t);
        }
    }
    Some(found)
}

/// Which of a series of strides count: those after the settling time that are no outliers.
pub fn settled(times_s: &[f64], values: &[f64]) -> Vec<usize> {
    let late: Vec<usize> =
        (0..times_s.len().min(values.len())).filter(|&i| times_s[i] >= SETTLING_S && values[i].is_finite()).collect();
    let Some(middle) = median(&late.iter().map(|&i| values[i]).collect::<Vec<_>>()) else { return Vec::new() };
    let deviation = |i: usize| (values[i] - middle).abs();
    let scatter = SCALED * median(&late.iter().map(|&i| deviation(i)).collect::<Vec<_>>()).unwrap_or(0.0);
    // Strides that a slow clock counts in whole steps scatter by a step at least.
    let mut sorted: Vec<f64> = late.iter().map(|&i| values[i]).collect();
    sorted.sort_by(f64::total_cmp);
    let step = sorted.windows(2).map(|w| w[1] - w[0]).filter(|d| *d > 1e-9).fold(f64::INFINITY, f64::min);
    let spread = if step.is_finite() { scatter.max(step) } else { scatter };
    late.into_iter().filter(|&i| deviation(i) <= OUTLIER * spread).collect()
}

/// Measures a series of stride times; `None` with fewer than ten that count.
///
/// ```
/// use tonus_signal::measures::gait::strides;
/// let values: Vec<f64> = (0..100).map(|k| if k % 2 == 0 { 1.08 } else { 1.12 }).collect();
/// let times: Vec<f64> = (0..100).map(|k| 1.1 * f64::from(k)).collect();
/// let s = strides(&times, &values).unwrap();
/// assert!((s.mean - 1.1).abs() < 0.001 && (s.variation_percent - 1.8).abs() < 0.1);
/// ```
///
/// # Failure modes
/// A walk with turns (a corridor) has outliers that the median deviation takes out; a walk of mostly turns has not. Fewer than a hundred strides
/// leave the exponent uncertain by 0.2.
pub fn strides(times_s: &[f64], values: &[f64]) -> Option<Strides> {
    let kept: Vec<f64> = settled(times_s, values).into_iter().map(|i| values[i]).collect();
    if kept.len() < FEWEST {
        return None;
    }
    let average = mean(&kept).filter(|m| *m > 0.0)?;
    Some(Strides {
        mean: average,
        variation_percent: 100.0 * standard_deviation(&kept)? / average,
        count: kept.len(),
        fluctuation_exponent: fluctuation_exponent(&kept),
    })
}

/// Slope of log fluctuation against log box size, boxes of 10 to 20 values; `None` with fewer than 40 values or without fluctuation.
///
/// # Failure modes
/// Below some hundred values it is uncertain by 0.2; slow drift of the pace raises it.
///
/// # Example
/// ```
/// use tonus_signal::measures::gait::fluctuation_exponent;
/// // A sum of independent steps wanders: its exponent is near 1.5.
/// let mut state = 3_u64;
/// let walk: Vec<f64> = (0..500)
///     .scan(0.0, |x, _| {
///         state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
///         *x += if state >> 63 == 0 { 0.01 } else { -0.01 };
///         Some(*x)
///     })
///     .collect();
/// assert!((fluctuation_exponent(&walk).unwrap() - 1.5).abs() < 0.2);
/// ```
pub fn fluctuation_exponent(values: &[f64]) -> Option<f64> {
    if values.len() < 2 * BOXES.end() {
        return None;
    }
    let average = mean(values)?;
    let mut sum = 0.0;
    let profile: Vec<f64> = values
        .iter()
        .map(|x| {
            sum += x - average;
            sum
        })
        .collect();
    let points: Option<Vec<(f64, f64)>> = BOXES
        .map(|size| {
            let squares: f64 = profile.chunks_exact(size).map(detrended_squares).sum();
            let fluctuation = (squares / (profile.len() / size * size) as f64).sqrt();
            (fluctuation > 0.0).then(|| (libm::log(size as f64), libm::log(fluctuation)))
        })
        .collect();
    slope(&points?)
}

/// Sum of squared distances from the best straight line.
fn detrended_squares(values: &[f64]) -> f64 {
    let points: Vec<(f64, f64)> = values.iter().enumerate().map(|(i, y)| (i as f64, *y)).collect();
    let n = points.len() as f64;
    let (mean_x, mean_y) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let b = slope(&points).unwrap_or(0.0);
    points.iter().map(|(x, y)| (y - mean_y - b * (x - mean_x)).powi(2)).sum()
}

fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let n = points.len() as f64;
    let (mean_x, mean_y) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let xx: f64 = points.iter().map(|p| (p.0 - mean_x).powi(2)).sum();
    let xy: f64 = points.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum();
    (xx > 0.0).then(|| xy / xx)
}

/// Difference of two sides, % of their mean: 0 for alike.
///
/// # Example
/// ```
/// let percent = tonus_signal::measures::gait::asymmetry_percent(1.1, 0.9).unwrap();
/// assert!((percent.abs() - 20.0).abs() < 1e-9);
/// ```
pub fn asymmetry_percent(left: f64, right: f64) -> Option<f64> {
    let middle = 0.5 * (left + right);
    (middle > 0.0).then(|| 100.0 * (left - right).abs() / middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(n: usize) -> Vec<f64> {
        let mut state = 9_u64;
        (0..n)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
            })
            .collect()
    }

    #[test]
    fn white_noise_forgets_and_its_sum_remembers() {
        let white = noise(4_000);
        let mut sum = 0.0;
        let walk: Vec<f64> = white
            .iter()
            .map(|x| {
                sum += x;
                sum
            })
            .collect();
        assert!((fluctuation_exponent(&white).expect("long enough") - 0.5).abs() < 0.1);
        assert!((fluctuation_exponent(&walk).expect("long enough") - 1.5).abs() < 0.1);
        assert_eq!(fluctuation_exponent(&[1.0; 100]), None);
        assert_eq!(fluctuation_exponent(&white[..39]), None);
    }

    #[test]
    fn strides_counted_in_whole_steps_keep_their_variation() {
        let values: Vec<f64> = noise(300).iter().map(|x| 1.1 + 0.02 * (1.4 * x).round()).collect();
        let times: Vec<f64> = (0..300).map(|k| 1.1 * f64::from(k)).collect();
        assert!(strides(&times, &values).expect("enough").variation_percent > 0.5);
    }

    #[test]
    fn a_switch_gives_its_touches() {
        let contact: Vec<f64> = (0..3_000).map(|i| if (i % 330) > 120 { 1.0 } else { -1.0 }).collect();
        let found = touches_s(&contact, 300.0).expect("it changes");
        assert_eq!(found.len(), 9);
        assert!(found.windows(2).all(|w| (w[1] - w[0] - 1.1).abs() < 1e-9), "{found:?}");
        assert_eq!(touches_s(&[1.0; 50], 300.0), None);
        assert_eq!(touches_s(&[], 300.0), None);
    }

    #[test]
    fn turns_and_the_first_seconds_are_left_out() {
        let mut values: Vec<f64> = noise(100).iter().map(|x| 1.1 + 0.02 * x).collect();
        values[50] = 2.0;
        let times: Vec<f64> = (0..100).map(|k| 1.1 * f64::from(k)).collect();
        let found = strides(&times, &values).expect("enough");
        assert_eq!(found.count, 100 - 19 - 1);
        assert!(found.variation_percent < 1.0);
        assert_eq!(strides(&times[..25], &values[..25]), None);
        assert_eq!(asymmetry_percent(1.0, 1.0), Some(0.0));
    }
}
