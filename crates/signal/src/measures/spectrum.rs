//! Power spectra by Welch's method, and what is read off them.

use std::f64::consts::PI;

use realfft::RealFftPlanner;

use super::{measurable, turning_point::vertex};

/// One-sided power spectral density.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// Spacing of the frequencies, Hz; the first is 0.
    pub step_hz: f64,
    /// Density, unit^2/Hz.
    pub density: Vec<f64>,
}

/// Welch's spectrum: means of periodograms of Hann-windowed segments of `segment_s`, overlapping by half,
/// each with its mean removed. The area under it is the variance of the signal.
///
/// A signal shorter than a segment is taken as one; `None` below eight samples. The step of
/// 1/`segment_s` limits resolution; a peak is spread over about two steps on each side.
///
/// # Example
/// ```
/// use tonus_signal::measures::spectrum::welch;
/// let tone: Vec<f64> = (0..4_000).map(|i| 2.0 * libm::sin(std::f64::consts::TAU * 6.0 * f64::from(i) / 100.0)).collect();
/// let spectrum = welch(&tone, 100.0, 4.0).unwrap();
/// assert!((spectrum.peak_hz(2.0, 20.0).unwrap() - 6.0).abs() < 0.01);
/// assert!((spectrum.power(5.0, 7.0) - 2.0).abs() < 0.01);
/// ```
pub fn welch(samples: &[f64], rate_hz: f64, segment_s: f64) -> Option<Spectrum> {
    if samples.len() < 8 || !measurable(samples, rate_hz) {
        return None;
    }
    let wanted = (segment_s * rate_hz).round();
    let length = if wanted.is_finite() { (wanted.max(8.0) as usize).min(samples.len()) } else { samples.len() };
    let window: Vec<f64> = (0..length).map(|i| 0.5 - 0.5 * libm::cos(2.0 * PI * i as f64 / length as f64)).collect();
    let energy: f64 = window.iter().map(|w| w * w).sum();
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(length);
    let mut input = fft.make_input_vec();
    let mut output = fft.make_output_vec();
    let mut scratch = fft.make_scratch_vec();
    let mut density = vec![0.0; output.len()];
    let mut segments = 0.0;
    for start in (0..=samples.len() - length).step_by((length / 2).max(1)) {
        let segment = &samples[start..start + length];
        let centre = segment.iter().sum::<f64>() / length as f64;
        for ((slot, x), w) in input.iter_mut().zip(segment).zip(&window) {
            *slot = (x - centre) * w;
        }
        // The lengths are the plan's own, so this cannot fail.
        fft.process_with_scratch(&mut input, &mut output, &mut scratch).ok()?;
        for (sum, bin) in density.iter_mut().zip(&output) {
            *sum += bin.norm_sqr();
        }
        segments += 1.0;
    }
    let bins = density.len();
    for (k, value) in density.iter_mut().enumerate() {
        let sides = if k == 0 || (length % 2 == 0 && k + 1 == bins) { 1.0 } else { 2.0 };
        *value *= sides / (segments * energy * rate_hz);
    }
    density.iter().all(|d| d.is_finite()).then_some(Spectrum { step_hz: rate_hz / length as f64, density })
}

impl Spectrum {
    fn bins(&self, low_hz: f64, high_hz: f64) -> std::ops::Range<usize> {
        let start = (low_hz / self.step_hz - 1e-9).ceil().max(0.0) as usize;
        let end = ((high_hz / self.step_hz + 1e-9).floor().max(-1.0) + 1.0) as usize;
        let end = end.min(self.density.len());
        start.min(end)..end
    }

    /// Power between two frequencies (both included), unit^2.
    pub fn power(&self, low_hz: f64, high_hz: f64) -> f64 {
        self.density[self.bins(low_hz, high_hz)].iter().sum::<f64>() * self.step_hz
    }

    /// Power of a band as a share of that of a wider one, 0 to 1; `None` if that is zero.
    pub fn share(&self, band_hz: (f64, f64), of_hz: (f64, f64)) -> Option<f64> {
        let whole = self.power(of_hz.0, of_hz.1);
        let share = self.power(band_hz.0, band_hz.1) / whole;
        (whole > 0.0 && share.is_finite()).then_some(share)
    }

    /// Frequency of the highest peak within a band, Hz, refined by a parabola through the logarithms of
    /// three bins; `None` if there is no power.
    pub fn peak_hz(&self, low_hz: f64, high_hz: f64) -> Option<f64> {
        let bins = self.bins(low_hz, high_hz);
        let k = bins.max_by(|&a, &b| self.density[a].total_cmp(&self.density[b]).then(b.cmp(&a)))?;
        if self.density[k] <= 0.0 {
            return None;
        }
        let log = |i: usize| libm::log(self.density[i].max(1e-12 * self.density[k]));
        let inner =
            k > 0 && k + 1 < self.density.len() && self.density[k] >= self.density[k - 1].max(self.density[k + 1]);
        let offset = if inner { vertex(log(k - 1), log(k), log(k + 1)).0 } else { 0.0 };
        Some((k as f64 + offset) * self.step_hz)
    }

    /// Frequency that halves the power of a band, Hz; `None` if there is no power.
    pub fn median_hz(&self, low_hz: f64, high_hz: f64) -> Option<f64> {
        let bins = self.bins(low_hz, high_hz);
        let half = 0.5 * self.density[bins.clone()].iter().sum::<f64>();
        if half <= 0.0 {
            return None;
        }
        let mut sum = 0.0;
        for k in bins {
            let next = sum + self.density[k];
            if next >= half {
                return Some((k as f64 - 0.5 + (half - sum) / self.density[k]).max(0.0) * self.step_hz);
            }
            sum = next;
        }
        None
    }

    /// Mean frequency of a band, weighted by power, Hz; `None` if there is no power.
    pub fn mean_hz(&self, low_hz: f64, high_hz: f64) -> Option<f64> {
        let bins = self.bins(low_hz, high_hz);
        let power: f64 = self.density[bins.clone()].iter().sum();
        let moment: f64 = bins.map(|k| k as f64 * self.step_hz * self.density[k]).sum();
        (power > 0.0).then(|| moment / power)
    }

    /// This spectrum plus another of the same step (the axes of an accelerometer); `None` if they differ.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let same = self.step_hz == other.step_hz && self.density.len() == other.density.len();
        same.then(|| Self {
            step_hz: self.step_hz,
            density: self.density.iter().zip(&other.density).map(|(a, b)| a + b).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64, peak: f64, rate_hz: f64, n: usize) -> Vec<f64> {
        (0..n).map(|i| peak * libm::sin(2.0 * PI * hz * i as f64 / rate_hz)).collect()
    }

    #[test]
    fn a_sine_has_half_its_squared_peak_as_power() {
        let s = welch(&sine(5.0, 3.0, 100.0, 3_000), 100.0, 4.0).unwrap();
        assert!((s.power(4.0, 6.0) - 4.5).abs() < 1e-6, "{}", s.power(4.0, 6.0));
        assert!((s.peak_hz(1.0, 20.0).unwrap() - 5.0).abs() < 1e-6);
        assert!((s.median_hz(1.0, 20.0).unwrap() - 5.0).abs() < 0.01);
        assert!((s.mean_hz(1.0, 20.0).unwrap() - 5.0).abs() < 1e-6);
        assert!(s.share((4.0, 6.0), (1.0, 20.0)).unwrap() > 0.999);
    }

    #[test]
    fn peaks_between_the_bins_are_found() {
        let s = welch(&sine(5.1, 1.0, 100.0, 3_000), 100.0, 4.0).unwrap();
        assert!((s.peak_hz(1.0, 20.0).unwrap() - 5.1).abs() < 0.01, "{:?}", s.peak_hz(1.0, 20.0));
    }

    #[test]
    fn the_area_is_the_variance() {
        let mut state = 7_u64;
        let noise: Vec<f64> = (0..100_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
            })
            .collect();
        let s = welch(&noise, 1_000.0, 1.0).unwrap();
        assert!((s.power(0.0, 500.0) * 12.0 - 1.0).abs() < 0.02, "{}", s.power(0.0, 500.0) * 12.0);
        assert!((s.median_hz(0.0, 500.0).unwrap() - 250.0).abs() < 10.0);
    }

    #[test]
    fn silence_has_no_peak() {
        let s = welch(&[1.0; 400], 100.0, 2.0).unwrap();
        assert_eq!(
            (s.peak_hz(1.0, 20.0), s.median_hz(1.0, 20.0), s.share((1.0, 2.0), (1.0, 20.0))),
            (None, None, None)
        );
        assert_eq!(welch(&[1.0; 7], 100.0, 2.0), None);
    }
}
