//! Evoked responses: latency, amplitude, area and duration of a CMAP, a SNAP, a reflex.
//!
//! The polarity is that of [the module above](super): the negative peak is the minimum.

use super::{between, mean, measurable, standard_deviation, turning_point::vertex_at};

/// Where the onset is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onset {
    /// Where the negative phase leaves the baseline (motor responses; the usual choice).
    Departure,
    /// The positive peak just before the negative phase if there is one, else the departure (antidromic
    /// and orthodromic sensory potentials).
    PositivePeak,
}

/// How a response is looked for. Times are from the stimulus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvokedCriteria {
    /// Time of the stimulus from the first sample, ms.
    pub stimulus_ms: f64,
    /// Window of baseline and noise, ms from the stimulus (may be negative). Without samples in it, the
    /// baseline is 0 and the noise 0.
    pub baseline_ms: (f64, f64),
    /// Window of the response, ms from the stimulus; start it after the stimulus artefact.
    pub search_ms: (f64, f64),
    /// Smallest amplitude (baseline to negative peak) called a response, in the signal's unit.
    pub smallest: f64,
    /// Smallest amplitude over the baseline's standard deviation.
    pub noise_factor: f64,
    /// Onset and end are where the negative phase passes this fraction of its peak (or three standard
    /// deviations of the baseline, if that is more).
    pub level_fraction: f64,
    /// Negative phases with a peak of at least this fraction of the largest belong to the response: its
    /// onset is the first one's, its end the last one's, as a dispersed CMAP is measured.
    pub phase_fraction: f64,
    /// Where the onset is marked.
    pub onset: Onset,
}

impl EvokedCriteria {
    /// A motor response in mV: at least 0.05 mV (assumed: twice the 20 to 40 uV of an F wave), onset where
    /// it departs from the baseline. Baseline in the 2 ms before the stimulus.
    pub const fn cmap_mv() -> Self {
        Self {
            stimulus_ms: 0.0,
            baseline_ms: (-2.0, 0.0),
            search_ms: (1.0, 40.0),
            smallest: 0.05,
            noise_factor: 5.0,
            level_fraction: 0.02,
            phase_fraction: 0.2,
            onset: Onset::Departure,
        }
    }

    /// A sensory response in uV: at least 1 uV (assumed: the noise of an averaged trace) and five standard deviations of
    /// the baseline (the largest of 800 samples of white noise is above three of them two times in three, above five never).
    pub const fn snap_uv() -> Self {
        Self {
            search_ms: (0.8, 20.0),
            smallest: 1.0,
            level_fraction: 0.05,
            onset: Onset::PositivePeak,
            phase_fraction: 0.5,
            ..Self::cmap_mv()
        }
    }
}

/// An evoked response that is there. Amplitudes are positive numbers in the signal's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvokedResponse {
    /// Onset, ms from the stimulus.
    pub onset_ms: f64,
    /// Largest negative peak, ms from the stimulus.
    pub peak_ms: f64,
    /// Baseline to the largest negative peak.
    pub amplitude: f64,
    /// Largest minus smallest value within the search window.
    pub peak_to_peak: f64,
    /// From the departure of the first negative phase to the end of the last, ms.
    pub duration_ms: f64,
    /// Area of the negative phases within the duration, unit ms.
    pub area: f64,
    /// Baseline: mean of its window.
    pub baseline: f64,
    /// Noise: standard deviation in the baseline window.
    pub noise: f64,
}

/// Measures the response in a trace, or `None` if there is none by the criteria.
///
/// The peak is refined by a parabola, crossings by a straight line between samples.
///
/// # Failure modes
/// A stimulus artefact within the search window is taken for a response; an initial positive deflection (electrode off the
/// motor point) is not part of the onset of [`Onset::Departure`]. When the trace is already past the
/// level at the start of the window, the onset is the start of the window.
///
/// # Example
/// ```
/// use tonus_signal::measures::evoked::{EvokedCriteria, evoked_response};
/// let rate_hz = 20_000.0;
/// // 5 ms before the stimulus, then a negative wave of 8 mV that peaks after 6 ms.
/// let trace: Vec<f64> = (0..600)
///     .map(|i| 1e3 * f64::from(i) / rate_hz - 5.0)
///     .map(|t| -8.0 * libm::exp(-0.5 * (t - 6.0) * (t - 6.0)))
///     .collect();
/// let cmap = evoked_response(&trace, rate_hz, &EvokedCriteria { stimulus_ms: 5.0, ..EvokedCriteria::cmap_mv() }).unwrap();
/// assert!((cmap.amplitude - 8.0).abs() < 1e-3 && (cmap.onset_ms - 3.2).abs() < 0.01);
/// ```
pub fn evoked_response(samples: &[f64], rate_hz: f64, criteria: &EvokedCriteria) -> Option<EvokedResponse> {
    if !measurable(samples, rate_hz) {
        return None;
    }
    let c = criteria;
    let window =
        |(from, to): (f64, f64)| between(samples, rate_hz, 1e-3 * (c.stimulus_ms + from), 1e-3 * (c.stimulus_ms + to));
    let quiet = window(c.baseline_ms);
    let baseline = mean(quiet).unwrap_or(0.0);
    let noise = standard_deviation(quiet).unwrap_or(0.0);
    let searched = window(c.search_ms);
    if searched.is_empty() {
        return None;
    }
    // `between` hands out a slice of `samples`: its place in it.
    let offset = (searched.as_ptr() as usize - samples.as_ptr() as usize) / size_of::<f64>();
    let depth: Vec<f64> = searched.iter().map(|x| baseline - x).collect();

    let peak = depth.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))?.0;
    let (peak_offset, amplitude) = vertex_at(&depth, peak);
    if !(amplitude > c.smallest.max(0.0) && amplitude >= c.noise_factor * noise) {
        return None;
    }
    let level = (c.level_fraction * amplitude).max(3.0 * noise).min(0.5 * amplitude);
    let phases = negative_phases(&depth, level, c.phase_fraction * amplitude);
    let (first, last) = (phases.first()?, phases.last()?);
    let start = crossing_before(&depth, first.0, level);
    let end = crossing_after(&depth, last.1, level);
    let onset = match c.onset {
        Onset::Departure => start,
        Onset::PositivePeak => positive_peak_before(&depth, first.0, level).unwrap_or(start),
    };
    let to_ms = |index: f64| (index + offset as f64) * 1e3 / rate_hz - c.stimulus_ms;
    let area: f64 = phases.iter().map(|p| phase_area(&depth, *p, level)).sum::<f64>() * 1e3 / rate_hz;
    let highest = searched.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let lowest = searched.iter().copied().fold(f64::INFINITY, f64::min);
    Some(EvokedResponse {
        onset_ms: to_ms(onset),
        peak_ms: to_ms(peak as f64 + peak_offset),
        amplitude,
        peak_to_peak: highest - lowest,
        duration_ms: (end - start) * 1e3 / rate_hz,
        area,
        baseline,
        noise,
    })
}

/// Velocity between two stimulation sites, m/s; `None` if the latencies don't differ in the right sense.
///
/// # Example
/// ```
/// use tonus_signal::measures::evoked::conduction_velocity_m_s;
/// assert!((conduction_velocity_m_s(0.24, 7.0, 3.0).unwrap() - 60.0).abs() < 1e-9);
/// ```
pub fn conduction_velocity_m_s(distance_m: f64, proximal_ms: f64, distal_ms: f64) -> Option<f64> {
    let velocity = distance_m / (1e-3 * (proximal_ms - distal_ms));
    (velocity.is_finite() && velocity > 0.0).then_some(velocity)
}

/// Runs of samples (first, last) deeper than `level` whose deepest reaches `smallest`.
fn negative_phases(depth: &[f64], level: f64, smallest: f64) -> Vec<(usize, usize)> {
    let mut phases = Vec::new();
    let mut i = 0;
    while i < depth.len() {
        if depth[i] <= level {
            i += 1;
            continue;
        }
        let start = i;
        let mut deepest = depth[i];
        while i < depth.len() && depth[i] > level {
            deepest = deepest.max(depth[i]);
            i += 1;
        }
        if deepest >= smallest {
            phases.push((start, i - 1));
        }
    }
    phases
}

fn crossing_before(depth: &[f64], first: usize, level: f64) -> f64 {
    if first == 0 {
        return 0.0;
    }
    let (a, b) = (depth[first - 1], depth[first]);
    first as f64 - (b - level) / (b - a)
}

fn crossing_after(depth: &[f64], last: usize, level: f64) -> f64 {
    if last + 1 >= depth.len() {
        return last as f64;
    }
    let (a, b) = (depth[last], depth[last + 1]);
    last as f64 + (a - level) / (a - b)
}

/// The positive peak directly before the phase, if it stands out of the baseline by more than the level.
fn positive_peak_before(depth: &[f64], first: usize, level: f64) -> Option<f64> {
    let mut i = first.checked_sub(1)?;
    while i > 0 && depth[i - 1] <= depth[i] {
        i -= 1;
    }
    if depth[i] >= -level || i == 0 {
        return None;
    }
    Some(i as f64 + vertex_at(depth, i).0)
}

/// Integral of the depth over one phase (samples), by trapezia, with its ends at the level.
fn phase_area(depth: &[f64], (first, last): (usize, usize), level: f64) -> f64 {
    let inner: f64 = (first..last).map(|i| 0.5 * (depth[i] + depth[i + 1])).sum();
    let head = (first as f64 - crossing_before(depth, first, level)) * 0.5 * (level + depth[first]);
    let tail = (crossing_after(depth, last, level) - last as f64) * 0.5 * (level + depth[last]);
    inner + head + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Negative Gaussian of 8 mV at 6 ms, SD 1 ms, on an offset; first sample 5 ms before the stimulus.
    fn gaussian(amplitude: f64, rate_hz: f64) -> Vec<f64> {
        (0..(0.03 * rate_hz) as usize)
            .map(|i| {
                let t = 1e3 * i as f64 / rate_hz - 5.0;
                0.3 - amplitude * libm::exp(-0.5 * (t - 6.0) * (t - 6.0))
            })
            .collect()
    }

    fn criteria() -> EvokedCriteria {
        EvokedCriteria { stimulus_ms: 5.0, ..EvokedCriteria::cmap_mv() }
    }

    #[test]
    fn gaussian_is_measured_exactly() {
        let found = evoked_response(&gaussian(8.0, 20_000.0), 20_000.0, &criteria()).unwrap();
        let reach = (2.0 * libm::log(50.0)).sqrt(); // where a Gaussian passes 2 %
        assert!((found.peak_ms - 6.0).abs() < 1e-6, "{found:?}");
        assert!((found.amplitude - 8.0).abs() < 1e-5, "{found:?}");
        assert!((found.onset_ms - (6.0 - reach)).abs() < 2e-3, "{found:?}");
        assert!((found.duration_ms - 2.0 * reach).abs() < 4e-3, "{found:?}");
        // sqrt(2 pi) SD A, less both tails beyond 2.797 SD (0.516 %)
        assert!((found.area - 8.0 * 2.506_628 * 0.994_84).abs() < 1e-3, "{found:?}");
        assert!((found.baseline - 0.3).abs() < 1e-5, "{found:?}");
    }

    #[test]
    fn below_the_threshold_there_is_no_response() {
        assert!(evoked_response(&gaussian(0.04, 20_000.0), 20_000.0, &criteria()).is_none());
        assert!(evoked_response(&gaussian(-8.0, 20_000.0), 20_000.0, &criteria()).is_none(), "a positive wave only");
    }

    #[test]
    fn not_above_the_noise_there_is_no_response() {
        let mut trace = gaussian(0.2, 20_000.0);
        for (i, x) in trace.iter_mut().enumerate() {
            *x += if i % 2 == 0 { 0.06 } else { -0.06 };
        }
        assert!(evoked_response(&trace, 20_000.0, &criteria()).is_none());
    }

    #[test]
    fn a_dispersed_response_lasts_from_its_first_phase_to_its_last() {
        let rate_hz = 20_000.0;
        let wave = |t: f64, at: f64| libm::exp(-0.5 * (t - at) * (t - at) / 0.25);
        let trace: Vec<f64> = (0..800)
            .map(|i| {
                let t = 1e3 * f64::from(i) / rate_hz;
                -(2.0 * wave(t, 8.0) + 3.0 * wave(t, 14.0) + 1.0 * wave(t, 20.0))
            })
            .collect();
        let found = evoked_response(&trace, rate_hz, &EvokedCriteria { stimulus_ms: 0.0, ..EvokedCriteria::cmap_mv() })
            .unwrap();
        assert!((found.peak_ms - 14.0).abs() < 1e-6 && (found.amplitude - 3.0).abs() < 1e-5);
        // Level 2 % of 3: a Gaussian of peak p and SD 0.5 ms passes it 0.5 sqrt(2 ln(p / 0.06)) from its peak.
        let reach = |p: f64| 0.5 * (2.0 * libm::log(p / 0.06)).sqrt();
        assert!((found.onset_ms - (8.0 - reach(2.0))).abs() < 5e-3, "{found:?}");
        assert!((found.duration_ms - (12.0 + reach(2.0) + reach(1.0))).abs() < 5e-3, "{found:?}");
    }

    #[test]
    fn a_sensory_onset_is_the_positive_peak() {
        let rate_hz = 40_000.0;
        let trace: Vec<f64> = (0..400)
            .map(|i| {
                let t = 1e3 * f64::from(i) / rate_hz;
                4.0 * libm::exp(-0.5 * (t - 2.5) * (t - 2.5) / 0.0225)
                    - 20.0 * libm::exp(-0.5 * (t - 3.4) * (t - 3.4) / 0.04)
            })
            .collect();
        let found = evoked_response(&trace, rate_hz, &EvokedCriteria::snap_uv()).unwrap();
        assert!((found.onset_ms - 2.5).abs() < 0.03, "{found:?}");
        assert!((found.peak_ms - 3.4).abs() < 0.01);
    }

    #[test]
    fn velocity_from_two_latencies() {
        assert!((conduction_velocity_m_s(0.24, 7.0, 3.0).unwrap() - 60.0).abs() < 1e-9);
        assert_eq!(conduction_velocity_m_s(0.24, 3.0, 3.0), None);
        assert_eq!(conduction_velocity_m_s(0.24, 2.0, 3.0), None);
    }
}
