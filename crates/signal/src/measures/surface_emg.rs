//! Amplitude and median frequency of the surface EMG of a steady contraction.

use super::mean;
use super::spectrum::welch;

/// Length of an epoch of a steady contraction, s.
const EPOCH_S: f64 = 0.5;
/// Band in which surface EMG lies, Hz.
pub const BAND_HZ: (f64, f64) = (20.0, 450.0);

/// Root of the mean square about the mean, in the signal's unit; `None` if there are no samples.
///
/// # Failure modes
/// An offset is taken off, slow movement of the electrodes is not: high-pass at 20 Hz first.
///
/// # Example
/// ```
/// assert!((tonus_signal::measures::surface_emg::rms(&[3.0, -3.0, 3.0, -3.0]).unwrap() - 3.0).abs() < 1e-12);
/// ```
pub fn rms(samples: &[f64]) -> Option<f64> {
    let centre = mean(samples)?;
    let power = mean(&samples.iter().map(|x| (x - centre) * (x - centre)).collect::<Vec<_>>())?;
    power.is_finite().then(|| power.sqrt())
}

/// Median frequency of an EMG, Hz: the frequency below which half of the power between 20 and 450 Hz lies, of the spectrum of whole 0.5 s epochs, mean
/// of the epochs (De Luca 1984, Merletti & Lo Conte 1997 use epochs of 0.25-1 s). `None` below one epoch or without power.
///
/// ```
/// use tonus_signal::measures::surface_emg::median_frequency;
/// let tone: Vec<f64> = (0..4096).map(|k| (k as f64 * 0.25).sin()).collect();
/// let hz = median_frequency(&tone, 2048.0).unwrap();
/// assert!((hz - 0.25 / std::f64::consts::TAU * 2048.0).abs() < 1.0);
/// ```
pub fn median_frequency(samples: &[f64], rate_hz: f64) -> Option<f64> {
    let epoch = (EPOCH_S * rate_hz).round();
    if !(8.0..=1e9).contains(&epoch) {
        return None;
    }
    let medians: Option<Vec<f64>> = samples
        .chunks_exact(epoch as usize)
        .map(|epoch| welch(epoch, rate_hz, EPOCH_S)?.median_hz(BAND_HZ.0, BAND_HZ.1))
        .collect();
    mean(&medians?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// White noise through a one-pole low-pass: half the power between 20 and 450 Hz lies where the arctangents say.
    #[test]
    fn coloured_noise_has_its_median() {
        let (rate_hz, corner_hz) = (10_000.0, 80.0);
        let keep = libm::exp(-std::f64::consts::TAU * corner_hz / rate_hz);
        let mut state = 5_u64;
        let mut y = 0.0;
        let noise: Vec<f64> = (0..600_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                y = keep * y + (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5;
                y
            })
            .collect();
        let angle = |hz: f64| libm::atan(hz / corner_hz);
        let expected = corner_hz * libm::tan(0.5 * (angle(BAND_HZ.0) + angle(BAND_HZ.1)));
        let found = median_frequency(&noise, rate_hz).unwrap();
        assert!((found / expected - 1.0).abs() < 0.04, "{found} {expected}");
    }

    #[test]
    fn amplitude_of_a_sine_and_nothing_of_nothing() {
        let sine: Vec<f64> =
            (0..1000).map(|k| 7.0 + 2.0 * libm::sin(f64::from(k) * std::f64::consts::TAU / 50.0)).collect();
        assert!((rms(&sine).unwrap() - std::f64::consts::SQRT_2).abs() < 1e-9);
        assert_eq!((rms(&[]), median_frequency(&[1.0; 4096], 2048.0)), (None, None));
        assert_eq!(median_frequency(&sine[..20], 1000.0), None);
        assert_eq!(median_frequency(&[f64::NAN; 600], 1000.0), None);
        assert_eq!(median_frequency(&sine, f64::NAN), None);
    }
}
