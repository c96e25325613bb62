//! Conduction velocity of muscle fibres from electrodes in a row along them.
//!
//! One delay from each channel to the next fits all of them best in least squares (the maximum-likelihood estimate for equal noise: McGill & Dorfman 1984;
//! Farina, Muhammad, Fortunato et al. 2001 for several channels). For waves that keep their shape this is where the summed correlation of neighbours is highest;
//! it is read between samples by a parabola.

use super::{measurable, turning_point::vertex};

/// Least mean correlation of neighbouring channels at the best delay for a wave to count as travelling (assumed; 0.7 is usual before an estimate is trusted).
const LEAST_CORRELATION: f64 = 0.7;

/// A wave that travels along a row of channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Propagation {
    /// Speed, m/s; positive from the first channel towards the last.
    pub velocity_m_s: f64,
    /// Mean correlation of neighbouring channels at that delay, 0 to 1.
    pub correlation: f64,
}

/// Velocity along `channels` (differential, in order, `spacing_mm` apart, of equal length), sought between `range_m_s` (of either direction).
///
/// # Failure modes
/// `None` with fewer than two channels, if they do not look alike (correlation under 0.7: an innervation zone or tendon between them, or nothing
/// but noise), or if the best delay lies at the edge of the range. Put the row on one side of the innervation zone, clear of the tendon:
/// across either, waves do not travel one way.
///
/// # Example
/// ```
/// use tonus_signal::measures::conduction_velocity::propagation;
/// let rate_hz = 2_048.0;
/// // One wave that passes two pairs of electrodes, 10 mm apart, at 4 m/s.
/// let pair = |delay_s: f64| -> Vec<f64> {
///     (0..1_024)
///         .map(|k| (f64::from(k) / rate_hz - 0.25 - delay_s) / 0.003)
///         .map(|x| x * libm::exp(-x * x))
///         .collect()
/// };
/// let (near, far) = (pair(0.0), pair(0.010 / 4.0));
/// let found = propagation(&[&near, &far], rate_hz, 10.0, (2.0, 7.0)).unwrap();
/// assert!((found.velocity_m_s - 4.0).abs() < 0.05);
/// ```
pub fn propagation(channels: &[&[f64]], rate_hz: f64, spacing_mm: f64, range_m_s: (f64, f64)) -> Option<Propagation> {
    let length = channels.first()?.len();
    let alike = channels.iter().all(|c| c.len() == length && measurable(c, rate_hz));
    if channels.len() < 2 || !alike || spacing_mm.is_nan() || spacing_mm <= 0.0 || range_m_s.0 <= 0.0 {
        return None;
    }
    // Delays from the quickest to the slowest, samples, with one more on each side for the parabola.
    let delay = |velocity: f64| 1e-3 * spacing_mm / velocity * rate_hz;
    let (least, most) = ((delay(range_m_s.1).floor() as i64 - 1).max(0), delay(range_m_s.0).ceil() as i64 + 1);
    let margin = usize::try_from(most).ok().filter(|m| 4 * m < length)?;
    let correlation = |lag: i64| {
        let sums = channels.windows(2).map(|pair| {
            let here = &pair[0][margin..length - margin];
            let start = (margin as i64 + lag) as usize;
            let next = &pair[1][start..start + here.len()];
            let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
            let power = sum(here, here) * sum(next, next);
            if power > 0.0 { sum(here, next) / power.sqrt() } else { 0.0 }
        });
        sums.sum::<f64>() / (channels.len() - 1) as f64
    };
    let best = [1, -1]
        .into_iter()
        .filter_map(|direction| {
            let values: Vec<f64> = (least..=most).map(|lag| correlation(direction * lag)).collect();
            let at = (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b]).then(b.cmp(&a)))?;
            let inner = at > 0 && at + 1 < values.len();
            inner.then(|| {
                let (offset, value) = vertex(values[at - 1], values[at], values[at + 1]);
                (direction as f64 * (least as f64 + at as f64 + offset), value)
            })
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let velocity_m_s = 1e-3 * spacing_mm * rate_hz / best.0;
    let within = (range_m_s.0..=range_m_s.1).contains(&velocity_m_s.abs());
    (within && best.1 >= LEAST_CORRELATION).then_some(Propagation { velocity_m_s, correlation: best.1.min(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: f64 = 2048.0;

    /// Channels 10 mm apart past which waves at uneven intervals travel, and noise of their own.
    fn row(velocity_m_s: f64, channels: usize, noise: f64) -> Vec<Vec<f64>> {
        let mut state = 11_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        let times: Vec<f64> = (0..60).map(|k| 0.03 * f64::from(k) + 0.01 * random()).collect();
        (0..channels)
            .map(|c| {
                (0..4096)
                    .map(|k| {
                        let t = f64::from(k) / RATE_HZ - 0.01 * c as f64 / velocity_m_s;
                        let wave = |at: &f64| {
                            let x = (t - at) / 0.0025;
                            x * libm::exp(-x * x)
                        };
                        times.iter().map(wave).sum::<f64>() + noise * random()
                    })
                    .collect()
            })
            .collect()
    }

    fn measure(row: &[Vec<f64>]) -> Option<Propagation> {
        propagation(&row.iter().map(Vec::as_slice).collect::<Vec<_>>(), RATE_HZ, 10.0, (2.0, 7.0))
    }

    #[test]
    fn velocities_of_both_directions_are_found_between_samples() {
        for velocity in [2.6, 3.33, 4.0, 5.9, -4.4] {
            let found = measure(&row(velocity, 4, 0.0)).unwrap();
            assert!((found.velocity_m_s / velocity - 1.0).abs() < 0.01, "{velocity}: {found:?}");
            assert!(found.correlation > 0.99);
        }
        let noisy = measure(&row(4.0, 6, 0.2)).unwrap();
        assert!((noisy.velocity_m_s / 4.0 - 1.0).abs() < 0.02, "{noisy:?}");
    }

    #[test]
    fn what_does_not_travel_has_no_velocity() {
        assert_eq!(measure(&row(4.0, 1, 0.0)), None);
        assert_eq!(measure(&row(12.0, 4, 0.0)), None, "too fast: the edge of the range");
        let still = row(4.0, 1, 0.0)[0].clone();
        assert_eq!(measure(&[still.clone(), still.clone()]), None, "the same at once on both");
        let turned: Vec<f64> = still.iter().map(|v| -v).collect();
        assert!(measure(&[still.clone(), turned]).is_none_or(|p| p.correlation < 0.9));
        assert_eq!(measure(&row(4.0, 3, 40.0)), None, "noise");
        assert_eq!(measure(&[vec![0.0; 500], vec![0.0; 500]]), None);
        assert_eq!(measure(&[vec![1.0; 500], vec![1.0; 400]]), None);
        assert_eq!(measure(&[vec![], vec![]]), None);
        let mut hole = row(4.0, 2, 0.0);
        hole[0][7] = f64::NAN;
        assert_eq!(measure(&hole), None);
    }
}
