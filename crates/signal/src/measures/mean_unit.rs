//! Number of motor units as the CMAP over the mean potential of a sample of its units.
//!
//! ```text
//! units = CMAP amplitude / amplitude of the mean potential        amplitudes baseline to negative peak
//! ```
//! The sample may come from all-or-none responses to weak shocks at several sites (multipoint stimulation, several increments at each if
//! wanted) or from averages triggered by single units of a contraction ([`super::spike_triggered`]). The potentials are laid on one
//! another by their onsets and averaged point by point: their peaks do not fall together, so the mean of their amplitudes is larger than
//! the amplitude of their mean (16-35 %, Doherty & Brown 1993) and what follows from it, also given here, is a smaller number.
//!
//! Where it fails: a sample of small units counts too many and one of large units too few. Units whose potential is lost in the noise are in
//! no sample. Two axons of nearly one threshold make one step.
//!
//! ```
//! use tonus_signal::measures::mean_unit::{Sample, number_by_mean_unit};
//! use tonus_signal::measures::evoked::EvokedCriteria;
//! let wave = |size: f64| (0..400).map(|k| -size * (1.0 - (f64::from(k) - 120.0).abs() / 40.0).max(0.0)).collect();
//! let sample = [Sample { wave_mv: wave(0.05), units: 1 }, Sample { wave_mv: wave(0.15), units: 1 }];
//! let criteria = EvokedCriteria { stimulus_ms: 2.0, smallest: 0.01, ..EvokedCriteria::cmap_mv() };
//! let found = number_by_mean_unit(10.0, &sample, 10_000.0, &criteria).expect("two potentials");
//! assert!((found.units - 100.0).abs() < 1.0 && (found.size_uv - 100.0).abs() < 1.0);
//! ```

use super::evoked::{EvokedCriteria, evoked_response};

/// A potential of the sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Its samples, mV, as many as of every other.
    pub wave_mv: Vec<f64>,
    /// How many units are in it: the increments that led up to it.
    pub units: usize,
}

/// A number of units and the size they are taken to have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitEstimate {
    /// CMAP over the mean potential.
    pub units: f64,
    /// Amplitude of the mean potential, uV.
    pub size_uv: f64,
    /// CMAP over the mean of the amplitudes.
    pub units_by_amplitude: f64,
    /// Units in the sample.
    pub sampled: usize,
}

/// The number of units from a CMAP of `cmap_amplitude_mv` and a sample of them, its potentials looked for by `criteria`.
///
/// `None` if there is no CMAP or no potential in any wave; waves without one are left out.
///
/// # Failure modes
/// The sample decides: units that are easily excited or recruited first are not the mean ones.
///
/// # Example
/// ```
/// use tonus_signal::measures::evoked::EvokedCriteria;
/// use tonus_signal::measures::mean_unit::{Sample, number_by_mean_unit};
/// let rate_hz = 10_000.0;
/// let wave = |mv: f64| -> Vec<f64> {
///     (0..300).map(|i| f64::from(i) / 10.0).map(|t| -mv * libm::exp(-0.5 * (t - 12.0) * (t - 12.0))).collect()
/// };
/// // Two places: one unit of 0.1 mV, and two that make 0.1 mV together; a CMAP of 10 mV.
/// let sample = [Sample { wave_mv: wave(0.1), units: 1 }, Sample { wave_mv: wave(0.1), units: 2 }];
/// let criteria = EvokedCriteria { stimulus_ms: 2.0, ..EvokedCriteria::cmap_mv() };
/// let found = number_by_mean_unit(10.0, &sample, rate_hz, &criteria).unwrap();
/// assert!((found.units_by_amplitude - 150.0).abs() < 1.0);
/// ```
pub fn number_by_mean_unit(
    cmap_amplitude_mv: f64,
    sample: &[Sample],
    rate_hz: f64,
    criteria: &EvokedCriteria,
) -> Option<UnitEstimate> {
    let found: Vec<(&Sample, _)> =
        sample.iter().filter_map(|s| Some((s, evoked_response(&s.wave_mv, rate_hz, criteria)?))).collect();
    let sampled: usize = found.iter().map(|(s, _)| s.units).sum();
    let first = found.first()?.1.onset_ms;
    let mut mean = vec![0.0; found[0].0.wave_mv.len()];
    for (s, response) in &found {
        // Onsets lie within the waves, so the shift does.
        let shift = ((response.onset_ms - first) * 1e-3 * rate_hz).round() as isize;
        for (k, m) in mean.iter_mut().enumerate() {
            let from = usize::try_from(k as isize + shift).ok().and_then(|at| s.wave_mv.get(at));
            *m += from.map_or(0.0, |x| x - response.baseline) / sampled.max(1) as f64;
        }
    }
    // The noise has been averaged too: what is left of the mean is measured by the same criteria without a least size.
    let size_mv = evoked_response(&mean, rate_hz, &EvokedCriteria { smallest: 0.0, ..*criteria })?.amplitude;
    let by_amplitude_mv: f64 = found.iter().map(|(_, r)| r.amplitude).sum::<f64>() / sampled.max(1) as f64;
    let units = cmap_amplitude_mv / size_mv;
    (units.is_finite() && units > 0.0).then_some(UnitEstimate {
        units,
        size_uv: 1e3 * size_mv,
        units_by_amplitude: cmap_amplitude_mv / by_amplitude_mv,
        sampled,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: f64 = 10_000.0;

    fn criteria() -> EvokedCriteria {
        EvokedCriteria { stimulus_ms: 5.0, smallest: 0.01, ..EvokedCriteria::cmap_mv() }
    }

    /// A negative wave of `size_mv` that begins `onset_ms` after the stimulus and lasts `length_ms`.
    fn wave(size_mv: f64, onset_ms: f64, length_ms: f64) -> Vec<f64> {
        (0..500)
            .map(|k| {
                let t = (f64::from(k) * 0.1 - 5.0 - onset_ms) / length_ms;
                if (0.0..=1.0).contains(&t) { -size_mv * libm::sin(std::f64::consts::PI * t) } else { 0.0 }
            })
            .collect()
    }

    #[test]
    fn latencies_do_not_matter_and_increments_count() {
        let sample = [
            Sample { wave_mv: wave(0.05, 4.0, 6.0), units: 1 },
            Sample { wave_mv: wave(0.10, 8.0, 6.0), units: 1 },
            Sample { wave_mv: wave(0.45, 6.0, 6.0), units: 3 },
        ];
        let found = number_by_mean_unit(12.0, &sample, RATE_HZ, &criteria()).unwrap();
        assert_eq!(found.sampled, 5);
        assert!((found.units - 100.0).abs() < 0.5 && (found.units_by_amplitude - 100.0).abs() < 0.5, "{found:?}");
    }

    #[test]
    fn potentials_of_unlike_length_cancel_in_the_mean_but_not_in_its_amplitudes() {
        let sample =
            [Sample { wave_mv: wave(0.1, 5.0, 3.0), units: 1 }, Sample { wave_mv: wave(0.1, 5.0, 12.0), units: 1 }];
        let found = number_by_mean_unit(10.0, &sample, RATE_HZ, &criteria()).unwrap();
        assert!((found.units_by_amplitude - 100.0).abs() < 1.0 && found.units > 115.0, "{found:?}");
    }

    #[test]
    fn silence_is_no_sample() {
        let silent = Sample { wave_mv: vec![0.0; 500], units: 1 };
        assert_eq!(number_by_mean_unit(10.0, std::slice::from_ref(&silent), RATE_HZ, &criteria()), None);
        assert_eq!(number_by_mean_unit(10.0, &[], RATE_HZ, &criteria()), None);
        let one = Sample { wave_mv: wave(0.1, 5.0, 6.0), units: 1 };
        let found = number_by_mean_unit(10.0, &[silent, one], RATE_HZ, &criteria()).unwrap();
        assert_eq!(found.sampled, 1);
    }
}
