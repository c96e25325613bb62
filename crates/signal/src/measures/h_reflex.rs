//! The H reflex: M and H over stimuli of rising strength.

use super::evoked::{EvokedCriteria, evoked_response};
use super::{between, measurable};

/// How M and H are looked for. Times from the first sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HReflexCriteria {
    /// Time of the stimulus, ms.
    pub stimulus_ms: f64,
    /// Smallest peak-to-peak response, in the signal's unit.
    pub smallest: f64,
    /// Shortest time from the onset of M to that of H, ms (a reflex goes up to the cord and back).
    pub apart_ms: f64,
    /// Longest duration of H, ms.
    pub duration_ms: f64,
}

impl HReflexCriteria {
    /// Sweeps in mV: 0.05 mV, 6 ms apart, 25 ms long (assumed: arm reflexes of small people come 8 ms after M).
    pub const fn mv() -> Self {
        Self { stimulus_ms: 0.0, smallest: 0.05, apart_ms: 6.0, duration_ms: 25.0 }
    }
}

/// Responses of one stimulus, peak to peak, in the signal's unit; 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HReflexPoint {
    /// Direct response.
    pub m: f64,
    /// Reflex.
    pub h: f64,
}

/// The recruitment curve of a muscle.
#[derive(Clone, Debug, PartialEq)]
pub struct HReflexCurve {
    /// One point a stimulus, weakest first.
    pub points: Vec<HReflexPoint>,
    /// Onset of H in the sweep where it is largest, ms from the stimulus; `None` without an H.
    pub latency_ms: Option<f64>,
    /// Onset of the largest M, ms from the stimulus.
    pub m_latency_ms: f64,
}

impl HReflexCurve {
    /// Largest M.
    pub fn m_max(&self) -> f64 {
        self.points.iter().map(|p| p.m).fold(0.0, f64::max)
    }

    /// Largest H; 0 if there is none.
    pub fn h_max(&self) -> f64 {
        self.points.iter().map(|p| p.h).fold(0.0, f64::max)
    }

    /// Index of the stimulus with the largest H.
    pub fn at_h_max(&self) -> usize {
        (0..self.points.len()).fold(0, |best, i| if self.points[i].h > self.points[best].h { i } else { best })
    }

    /// First stimulus with an M, and with an H.
    pub fn thresholds(&self) -> (Option<usize>, Option<usize>) {
        (self.points.iter().position(|p| p.m > 0.0), self.points.iter().position(|p| p.h > 0.0))
    }
}

/// Share of the largest M from which a late response may be an F wave and does not prove an H reflex (assumed).
const F_WAVE_FROM: f64 = 0.5;

/// How much before the earliest reflex seen the window of H begins, ms (assumed: jitter of the onset, with room for a baseline).
const MARGIN_MS: f64 = 2.0;

/// Span of a part of a sweep; 0 of an empty one.
fn peak_to_peak(sweep: &[f64], rate_hz: f64, from_ms: f64, to_ms: f64) -> f64 {
    let part = between(sweep, rate_hz, 1e-3 * from_ms, 1e-3 * to_ms);
    let (low, high) = part.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)));
    (high - low).max(0.0)
}

/// Measures sweeps of one muscle to stimuli of rising strength; `None` without an M wave in the last.
///
/// M is found in the last (supramaximal) sweep, H in the sweeps that have a response at least `apart_ms` later, where no
/// M hides its beginning and where M is less than half its maximum, so that it is no F wave; the earliest of them counts, for a larger
/// reflex begins earlier (its fastest axons belong to larger units). From these the window of each in every sweep. In the last sweep H
/// has gone by collision: what is in its window there, scaled with M, is taken off every H, and off the sweep whose latency is read.
///
/// # Failure modes
/// A last stimulus that is not supramaximal leaves H in its own correction. An F wave at less than half of M is taken for H.
///
/// # Example
/// ```
/// use tonus_signal::measures::h_reflex::{HReflexCriteria, h_reflex};
/// let rate_hz = 10_000.0;
/// let wave = |t: f64, onset: f64, mv: f64| {
///     if (onset..onset + 14.0).contains(&t) { -0.5 * mv * libm::sin(std::f64::consts::TAU * (t - onset) / 14.0) } else { 0.0 }
/// };
/// // M after 6 ms, H after 30 ms; H comes first, is largest while M is small, and goes as M grows.
/// let sweeps: Vec<Vec<f64>> = [(0.0, 1.0), (0.5, 4.0), (3.0, 2.0), (10.0, 0.0)]
///     .iter()
///     .map(|(m, h)| (0..800).map(|i| f64::from(i) / 10.0 - 5.0).map(|t| wave(t, 6.0, *m) + wave(t, 30.0, *h)).collect())
///     .collect();
/// let curve = h_reflex(&sweeps, rate_hz, &HReflexCriteria { stimulus_ms: 5.0, ..HReflexCriteria::mv() }).unwrap();
/// assert!((curve.h_max() / curve.m_max() - 0.4).abs() < 0.01);
/// assert_eq!(curve.at_h_max(), 1);
/// ```
pub fn h_reflex<S: AsRef<[f64]>>(sweeps: &[S], rate_hz: f64, criteria: &HReflexCriteria) -> Option<HReflexCurve> {
    let c = criteria;
    let last = sweeps.last()?.as_ref();
    if sweeps.iter().any(|s| !measurable(s.as_ref(), rate_hz)) {
        return None;
    }
    let end_ms = 1e3 * last.len() as f64 / rate_hz - c.stimulus_ms;
    let motor = EvokedCriteria {
        stimulus_ms: c.stimulus_ms,
        search_ms: (1.0, end_ms),
        smallest: 0.5 * c.smallest,
        ..EvokedCriteria::cmap_mv()
    };
    let m_latency_ms = evoked_response(last, rate_hz, &motor)?.onset_ms;
    let late = EvokedCriteria { search_ms: (m_latency_ms + c.apart_ms, end_ms), ..motor };
    let early = |sweep: &[f64]| peak_to_peak(sweep, rate_hz, c.stimulus_ms + 1.0, c.stimulus_ms + late.search_ms.0);
    let m_max = early(last);
    let reflexes = sweeps.iter().filter(|sweep| early(sweep.as_ref()) < F_WAVE_FROM * m_max).filter_map(|sweep| {
        let found = evoked_response(sweep.as_ref(), rate_hz, &late)?;
        // What is under way at the start of the window is the end of M.
        (found.onset_ms > late.search_ms.0 + 0.2 && found.peak_to_peak > c.smallest).then_some(found.onset_ms)
    });
    let reflex = reflexes.min_by(f64::total_cmp);
    let boundary_ms = reflex.map_or(end_ms, |onset| (onset - MARGIN_MS).max(late.search_ms.0));
    let span = |sweep: &[f64], from_ms: f64, to_ms: f64| {
        let size = peak_to_peak(sweep, rate_hz, c.stimulus_ms + from_ms, c.stimulus_ms + to_ms);
        if size > c.smallest { size } else { 0.0 }
    };
    let in_window = |sweep: &[f64]| {
        let to_ms = c.stimulus_ms + boundary_ms + c.duration_ms;
        peak_to_peak(sweep, rate_hz, c.stimulus_ms + boundary_ms, to_ms)
    };
    let late_in_last = in_window(last);
    let points: Vec<HReflexPoint> = sweeps
        .iter()
        .map(|sweep| {
            let m = span(sweep.as_ref(), 1.0, boundary_ms);
            let h = in_window(sweep.as_ref()) - late_in_last * (early(sweep.as_ref()) / m_max).min(1.0);
            HReflexPoint { m, h: if reflex.is_some() && h > c.smallest { h } else { 0.0 } }
        })
        .collect();
    let mut curve = HReflexCurve { points, latency_ms: None, m_latency_ms };
    if reflex.is_some() {
        let largest = EvokedCriteria { search_ms: (boundary_ms, boundary_ms + c.duration_ms), ..motor };
        let sweep = sweeps[curve.at_h_max()].as_ref();
        let share_of_m = (early(sweep) / m_max).min(1.0);
        let alone: Vec<f64> = sweep.iter().zip(last).map(|(x, m)| x - share_of_m * m).collect();
        curve.latency_ms = evoked_response(&alone, rate_hz, &largest).map(|found| found.onset_ms).or(reflex);
    }
    Some(curve)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: f64 = 10_000.0;

    /// One cycle of a sine, down first, of this size peak to peak.
    fn wave(t: f64, onset: f64, length: f64, size: f64) -> f64 {
        if (onset..onset + length).contains(&t) {
            -0.5 * size * libm::sin(std::f64::consts::TAU * (t - onset) / length)
        } else {
            0.0
        }
    }

    fn sweep(m: f64, h: f64) -> Vec<f64> {
        (0..800)
            .map(|i| {
                let t = 1e3 * f64::from(i) / RATE_HZ - 5.0;
                wave(t, 6.0, 14.0, m) + wave(t, 30.0, 14.0, h) + 0.001 * libm::sin(f64::from(i) * 1.7)
            })
            .collect()
    }

    #[test]
    fn m_and_h_are_told_apart_by_their_time() {
        let sizes = [(0.0, 0.0), (0.0, 1.0), (0.5, 4.0), (3.0, 2.0), (10.0, 0.0)];
        let sweeps: Vec<_> = sizes.iter().map(|&(m, h)| sweep(m, h)).collect();
        let curve = h_reflex(&sweeps, RATE_HZ, &HReflexCriteria { stimulus_ms: 5.0, ..HReflexCriteria::mv() }).unwrap();
        for (point, (m, h)) in curve.points.iter().zip(sizes) {
            assert!((point.m - m).abs() < 0.02 && (point.h - h).abs() < 0.02, "{point:?} {m} {h}");
        }
        assert!((curve.latency_ms.unwrap() - 30.0).abs() < 0.3, "{curve:?}");
        assert!((curve.m_latency_ms - 6.0).abs() < 0.3);
        assert_eq!((curve.at_h_max(), curve.thresholds()), (2, (Some(2), Some(1))));
        assert!((curve.h_max() / curve.m_max() - 0.4).abs() < 0.01);
    }

    #[test]
    fn a_muscle_without_a_reflex_and_one_without_a_response() {
        let criteria = HReflexCriteria { stimulus_ms: 5.0, ..HReflexCriteria::mv() };
        let only_m: Vec<_> = [0.0, 1.0, 8.0].map(|m| sweep(m, 0.0)).into();
        let curve = h_reflex(&only_m, RATE_HZ, &criteria).unwrap();
        assert_eq!((curve.h_max(), curve.latency_ms), (0.0, None));
        assert!((curve.m_max() - 8.0).abs() < 0.02);
        assert_eq!(h_reflex(&[sweep(0.0, 0.0)], RATE_HZ, &criteria), None);
        assert_eq!(h_reflex::<Vec<f64>>(&[], RATE_HZ, &criteria), None);
    }
}
