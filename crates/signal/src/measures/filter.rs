//! Filters as an amplifier has them (forward Butterworth sections), moving averages, resampling.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// A second-order section, run forward in time as an amplifier does (so it delays; it isn't zero-phase).
///
/// `y = b0 x + b1 x[-1] + b2 x[-2] - a1 y[-1] - a2 y[-2]`. The corners are two-pole Butterworth
/// (12 dB an octave, -3 dB at the corner), by the bilinear transform with the corner prewarped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
}

impl Biquad {
    /// Passes everything unchanged.
    pub const THROUGH: Self = Self { b: [1.0, 0.0, 0.0], a: [0.0, 0.0] };

    /// Two-pole Butterworth high-pass. A corner of zero or less passes everything; one at or beyond half
    /// the rate passes nothing.
    pub fn high_pass(corner_hz: f64, rate_hz: f64) -> Self {
        if corner_hz.is_nan() || corner_hz <= 0.0 {
            return Self::THROUGH;
        }
        if corner_hz >= 0.5 * rate_hz {
            return Self { b: [0.0; 3], a: [0.0; 2] };
        }
        let (cos, alpha) = warped(corner_hz, rate_hz);
        let (a0, k) = (1.0 + alpha, 0.5 * (1.0 + cos));
        Self { b: [k / a0, -2.0 * k / a0, k / a0], a: [-2.0 * cos / a0, (1.0 - alpha) / a0] }
    }

    /// One-pole high-pass (6 dB an octave); corners as in [`high_pass`](Self::high_pass).
    pub fn gentle_high_pass(corner_hz: f64, rate_hz: f64) -> Self {
        if corner_hz.is_nan() || corner_hz <= 0.0 {
            return Self::THROUGH;
        }
        if corner_hz >= 0.5 * rate_hz {
            return Self { b: [0.0; 3], a: [0.0; 2] };
        }
        let w = libm::tan(PI * corner_hz / rate_hz);
        let k = 1.0 / (1.0 + w);
        Self { b: [k, -k, 0.0], a: [-(1.0 - w) * k, 0.0] }
    }

    /// Two-pole Butterworth low-pass. A corner at or beyond half the rate passes everything; one of zero
    /// or less holds the first sample.
    pub fn low_pass(corner_hz: f64, rate_hz: f64) -> Self {
        if corner_hz.is_nan() || corner_hz >= 0.5 * rate_hz {
            return Self::THROUGH;
        }
        let (cos, alpha) = warped(corner_hz.max(0.0), rate_hz);
        let (a0, k) = (1.0 + alpha, 0.5 * (1.0 - cos));
        Self { b: [k / a0, 2.0 * k / a0, k / a0], a: [-2.0 * cos / a0, (1.0 - alpha) / a0] }
    }

    /// The filtered signal, of the same length. The filter starts as if the first sample had lasted for
    /// ever, so that an offset gives no transient at the start.
    pub fn apply(&self, samples: &[f64]) -> Vec<f64> {
        let Some(&first) = samples.first() else { return Vec::new() };
        let [b0, b1, b2] = self.b;
        let [a1, a2] = self.a;
        let denominator = 1.0 + a1 + a2;
        let rest = if denominator.abs() > 1e-15 { first * (b0 + b1 + b2) / denominator } else { first };
        let mut s2 = b2 * first - a2 * rest;
        let mut s1 = rest - b0 * first;
        samples
            .iter()
            .map(|&x| {
                let y = b0 * x + s1;
                s1 = b1 * x - a1 * y + s2;
                s2 = b2 * x - a2 * y;
                y
            })
            .collect()
    }
}

fn warped(corner_hz: f64, rate_hz: f64) -> (f64, f64) {
    let w = 2.0 * PI * corner_hz / rate_hz;
    (libm::cos(w), libm::sin(w) * FRAC_1_SQRT_2)
}

/// Forward two-pole Butterworth high-pass; see [`Biquad::high_pass`].
pub fn high_pass(samples: &[f64], rate_hz: f64, corner_hz: f64) -> Vec<f64> {
    Biquad::high_pass(corner_hz, rate_hz).apply(samples)
}

/// Forward two-pole Butterworth low-pass; see [`Biquad::low_pass`].
pub fn low_pass(samples: &[f64], rate_hz: f64, corner_hz: f64) -> Vec<f64> {
    Biquad::low_pass(corner_hz, rate_hz).apply(samples)
}

/// The band an amplifier shows: high-pass at `low_hz`, then low-pass at `high_hz`.
///
/// # Failure modes
/// A forward filter delays: latencies of a signal filtered at low corners come late. A corner beyond half the rate is none.
///
/// # Example
/// ```
/// use tonus_signal::measures::{filter::band_pass, surface_emg::rms};
/// let tone = |hz: f64| -> Vec<f64> {
///     (0..4_000).map(|i| libm::sin(std::f64::consts::TAU * hz * f64::from(i) / 2_000.0)).collect()
/// };
/// let kept = |hz: f64| rms(&band_pass(&tone(hz), 2_000.0, 20.0, 500.0)).unwrap() / rms(&tone(hz)).unwrap();
/// assert!(kept(100.0) > 0.95 && kept(2.0) < 0.02);
/// ```
pub fn band_pass(samples: &[f64], rate_hz: f64, low_hz: f64, high_hz: f64) -> Vec<f64> {
    low_pass(&high_pass(samples, rate_hz, low_hz), rate_hz, high_hz)
}

/// Mean over a window of `width_s` centred on each sample (an odd number of samples, at least one);
/// at the ends, over what there is.
pub fn moving_average(samples: &[f64], rate_hz: f64, width_s: f64) -> Vec<f64> {
    let half = half_width(rate_hz, width_s, samples.len());
    let n = samples.len();
    let mut sum: f64 = samples.iter().take(half).sum();
    let mut compensation = 0.0;
    let mut add = |sum: &mut f64, x: f64| {
        let y = x - compensation; // Kahan: a long signal with an offset must not drift
        let t = *sum + y;
        compensation = (t - *sum) - y;
        *sum = t;
    };
    (0..n)
        .map(|i| {
            if i + half < n {
                add(&mut sum, samples[i + half]);
            }
            if i > half {
                add(&mut sum, -samples[i - half - 1]);
            }
            let count = (i + half).min(n - 1) - i.saturating_sub(half) + 1;
            sum / count as f64
        })
        .collect()
}

fn half_width(rate_hz: f64, width_s: f64, n: usize) -> usize {
    let samples = (0.5 * width_s * rate_hz).round();
    if samples.is_finite() { (samples.max(0.0) as usize).min(n) } else { 0 }
}

/// The signal at another rate, by a Blackman-windowed sinc of 32 lobes that also removes what the new
/// rate cannot hold. Sample 0 stays sample 0; beyond the ends the first and last samples are held.
/// Rates that are not positive, or that would give over 2^31 samples, return nothing.
///
/// # Example
/// ```
/// use tonus_signal::measures::filter::resample;
/// let slow: Vec<f64> = (0..200).map(|i| libm::sin(0.1 * f64::from(i))).collect();
/// let fast = resample(&slow, 1_000.0, 4_000.0);
/// assert!((fast[402] - libm::sin(0.1 * 100.5)).abs() < 1e-3);
/// ```
pub fn resample(samples: &[f64], from_hz: f64, to_hz: f64) -> Vec<f64> {
    let duration = samples.len() as f64 / from_hz;
    let count = (duration * to_hz).round();
    if samples.is_empty()
        || from_hz.is_nan()
        || from_hz <= 0.0
        || to_hz.is_nan()
        || to_hz <= 0.0
        || count.is_nan()
        || count >= 2_147_483_648.0
    {
        return Vec::new();
    }
    if from_hz == to_hz {
        return samples.to_vec();
    }
    let cut = (to_hz / from_hz).min(1.0);
    let reach = 16.0 / cut;
    let last = samples.len() as i64 - 1;
    let weights_at = |fraction: f64| -> Vec<(i64, f64)> {
        let first = (fraction - reach).ceil() as i64;
        let mut weights: Vec<(i64, f64)> = (first..=(fraction + reach).floor() as i64)
            .map(|j| {
                let d = j as f64 - fraction;
                let phase = PI * d / reach;
                (j, sinc(cut * d) * (0.42 + 0.5 * libm::cos(phase) + 0.08 * libm::cos(2.0 * phase)))
            })
            .collect();
        let sum: f64 = weights.iter().map(|w| w.1).sum();
        weights.iter_mut().for_each(|w| w.1 /= sum);
        weights
    };
    let at = |whole: i64, weights: &[(i64, f64)]| -> f64 {
        weights.iter().map(|(j, w)| w * samples[(whole + j).clamp(0, last) as usize]).sum()
    };
    match ratio(from_hz, to_hz) {
        // Output k lies at k p/q of the input: its fraction repeats after q outputs.
        Some((p, q)) => {
            let phases: Vec<Vec<(i64, f64)>> = (0..q).map(|r| weights_at(((r * p) % q) as f64 / q as f64)).collect();
            (0..count as i64).map(|k| at(k * p / q, &phases[(k % q) as usize])).collect()
        }
        None => (0..count as i64)
            .map(|k| {
                let centre = k as f64 * from_hz / to_hz;
                at(centre.floor() as i64, &weights_at(centre - centre.floor()))
            })
            .collect(),
    }
}

/// The quotient of two rates in lowest terms, if both are whole and the terms below 1000.
fn ratio(from_hz: f64, to_hz: f64) -> Option<(i64, i64)> {
    if from_hz.fract() != 0.0 || to_hz.fract() != 0.0 || from_hz.max(to_hz) > 1e9 {
        return None;
    }
    let (from, to) = (from_hz as i64, to_hz as i64);
    let (mut a, mut b) = (from, to);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (from / a < 1_000 && to / a < 1_000).then_some((from / a, to / a))
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { libm::sin(PI * x) / (PI * x) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64, rate_hz: f64, n: usize) -> Vec<f64> {
        (0..n).map(|i| libm::sin(2.0 * PI * hz * i as f64 / rate_hz)).collect()
    }

    fn peak_late(x: &[f64]) -> f64 {
        x[x.len() / 2..].iter().fold(0.0, |m: f64, v| m.max(v.abs()))
    }

    #[test]
    fn three_decibels_at_the_corner() {
        let x = sine(100.0, 10_000.0, 20_000);
        for y in [high_pass(&x, 10_000.0, 100.0), low_pass(&x, 10_000.0, 100.0)] {
            assert!((peak_late(&y) - FRAC_1_SQRT_2).abs() < 1e-4, "{}", peak_late(&y));
        }
    }

    #[test]
    fn six_decibels_an_octave_by_one_pole() {
        let gain = |hz: f64| peak_late(&Biquad::gentle_high_pass(hz, 10_000.0).apply(&sine(10.0, 10_000.0, 40_000)));
        assert!((gain(10.0) - FRAC_1_SQRT_2).abs() < 1e-3, "{}", gain(10.0));
        assert!((gain(320.0) / gain(160.0) - 0.5).abs() < 0.01);
    }

    #[test]
    fn twelve_decibels_an_octave() {
        let x = sine(10.0, 10_000.0, 40_000);
        let ratio = peak_late(&high_pass(&x, 10_000.0, 160.0)) / peak_late(&high_pass(&x, 10_000.0, 80.0));
        assert!((ratio - 0.25).abs() < 0.01, "{ratio}");
    }

    #[test]
    fn offset_gives_no_transient() {
        let x = vec![5.0; 100];
        assert!(high_pass(&x, 1_000.0, 10.0).iter().all(|y| y.abs() < 1e-9));
        assert!(low_pass(&x, 1_000.0, 10.0).iter().all(|y| (y - 5.0).abs() < 1e-9));
    }

    #[test]
    fn corners_outside_the_band() {
        let x = sine(10.0, 1_000.0, 100);
        assert_eq!(low_pass(&x, 1_000.0, 500.0), x);
        assert_eq!(high_pass(&x, 1_000.0, 0.0), x);
        assert!(high_pass(&x, 1_000.0, 600.0).iter().all(|&y| y == 0.0));
    }

    #[test]
    fn moving_average_of_a_ramp_is_the_ramp_inside() {
        let x: Vec<f64> = (0..100).map(f64::from).collect();
        let y = moving_average(&x, 1_000.0, 0.010);
        assert_eq!(y.len(), 100);
        assert!((5..95).all(|i| (y[i] - x[i]).abs() < 1e-12));
        assert!((y[0] - 2.5).abs() < 1e-12);
    }

    #[test]
    fn resampling_keeps_a_sine() {
        let x = sine(50.0, 4_000.0, 4_000);
        for to in [25_000.0, 1_000.0, 3_999.5] {
            let y = resample(&x, 4_000.0, to);
            assert_eq!(y.len(), to.round() as usize);
            let expected = sine(50.0, to, y.len());
            let middle = y.len() / 4..3 * y.len() / 4;
            let worst = middle.map(|i| (y[i] - expected[i]).abs()).fold(0.0, f64::max);
            assert!(worst < 1e-3, "{to}: {worst}");
        }
    }

    #[test]
    fn resampling_removes_what_would_alias() {
        let x = sine(900.0, 4_000.0, 8_000);
        assert!(peak_late(&resample(&x, 4_000.0, 1_000.0)[..1_500]) < 2e-3);
    }
}
