//! Tremor from an accelerometer: frequency, size, and how much of it is one rhythm.

use super::spectrum::{Spectrum, welch};

/// Band of the size, Hz. Below 2 Hz the accelerometer sees gravity as the limb tilts.
pub const BAND_HZ: (f64, f64) = (2.0, 20.0);

/// Length of Welch's segments, s.
const SEGMENT_S: f64 = 4.0;

/// Half width of a peak, Hz: what a Hann window of 4 s makes of one frequency, and its wandering.
const HALF_PEAK_HZ: f64 = 0.75;

/// Measures of a tremor recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tremor {
    /// Frequency of the highest peak in the band, Hz; `None` if nothing moves.
    pub frequency_hz: Option<f64>,
    /// Root mean square within the band, m/s2, over all axes together.
    pub rms_m_s2: f64,
    /// Amplitude (zero to peak) of the sine that has the power within 0.75 Hz of the peak, m/s2; `None` if nothing moves.
    pub peak_amplitude_m_s2: Option<f64>,
    /// Power within 0.75 Hz of the peak, % of that of the band: above about 50 it is a rhythm, a broad
    /// spectrum gives 10 to 20. `None` if nothing moves.
    pub peak_power_share_percent: Option<f64>,
}

/// Measures the tremor of one or more axes (m/s2) of the same rate. The spectra of the axes are added, so
/// the orientation of the sensor does not matter. `None` without axes or below eight samples.
///
/// # Failure modes
/// The highest peak can be the second harmonic of a slow, sharp tremor. A rate below 40 Hz cuts
/// the band at half the rate.
///
/// # Example
/// ```
/// use tonus_signal::measures::tremor::tremor;
/// let axis = |share: f64| -> Vec<f64> {
///     (0..3_000).map(|i| share * libm::sin(std::f64::consts::TAU * 4.8 * f64::from(i) / 100.0)).collect()
/// };
/// let found = tremor(&[axis(0.6), axis(0.8)], 100.0).unwrap();
/// assert!((found.frequency_hz.unwrap() - 4.8).abs() < 0.01);
/// assert!((found.peak_amplitude_m_s2.unwrap() - 1.0).abs() < 0.02);
/// ```
pub fn tremor<S: AsRef<[f64]>>(axes_m_s2: &[S], rate_hz: f64) -> Option<Tremor> {
    let mut sum: Option<Spectrum> = None;
    for axis in axes_m_s2 {
        let spectrum = welch(axis.as_ref(), rate_hz, SEGMENT_S)?;
        sum = Some(match sum {
            None => spectrum,
            Some(s) => s.plus(&spectrum)?,
        });
    }
    let spectrum = sum?;
    let frequency_hz = spectrum.peak_hz(BAND_HZ.0, BAND_HZ.1);
    let peak = frequency_hz.map(|f| ((f - HALF_PEAK_HZ).max(BAND_HZ.0), (f + HALF_PEAK_HZ).min(BAND_HZ.1)));
    let share = peak.and_then(|peak| spectrum.share(peak, BAND_HZ));
    Some(Tremor {
        frequency_hz,
        rms_m_s2: spectrum.power(BAND_HZ.0, BAND_HZ.1).sqrt(),
        peak_amplitude_m_s2: peak.map(|(low, high)| (2.0 * spectrum.power(low, high)).sqrt()),
        peak_power_share_percent: share.map(|s| 100.0 * s.min(1.0)),
    })
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn axis(hz: f64, peak: f64, offset: f64) -> Vec<f64> {
        (0..3_000).map(|i| offset + peak * libm::sin(2.0 * PI * hz * f64::from(i) / 100.0)).collect()
    }

    #[test]
    fn a_rhythm_on_two_axes() {
        let found = tremor(&[axis(5.0, 3.0, 9.8), axis(5.0, 4.0, 0.0)], 100.0).unwrap();
        assert!((found.frequency_hz.unwrap() - 5.0).abs() < 1e-6);
        assert!((found.rms_m_s2 - 5.0 / std::f64::consts::SQRT_2).abs() < 1e-4, "{found:?}");
        assert!(found.peak_power_share_percent.unwrap() > 99.0);
        assert!((found.peak_amplitude_m_s2.unwrap() - 5.0).abs() < 0.05, "{found:?}");
    }

    #[test]
    fn two_equal_rhythms_share_the_power() {
        let sum: Vec<f64> = axis(5.0, 1.0, 0.0).iter().zip(axis(10.0, 1.0, 0.0)).map(|(a, b)| a + b).collect();
        let share = tremor(&[sum], 100.0).unwrap().peak_power_share_percent.unwrap();
        assert!((share - 50.0).abs() < 1.0, "{share}");
    }

    #[test]
    fn stillness_and_gravity_are_no_tremor() {
        let found = tremor(&[vec![9.8; 1_000]], 100.0).unwrap();
        assert!(found.rms_m_s2 < 1e-9);
        let none: [Vec<f64>; 0] = [];
        assert_eq!(tremor(&none, 100.0), None);
    }
}
