//! F waves: late responses of motor neurons that backfire, over a raster of supramaximal stimuli.

use super::{between, measurable, median, standard_deviation};

/// How F waves are looked for. Times in ms from the first sample of a sweep (the stimulus).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FWaveCriteria {
    /// Window after the M wave within which the F wave starts and ends, ms.
    pub window_ms: (f64, f64),
    /// Quiet window between the M and the F wave, for baseline and noise, ms.
    pub quiet_ms: (f64, f64),
    /// Smallest peak-to-peak amplitude, in the signal's unit (20 to 40 uV is the custom; Nobrega et al. 2004 Clin Neurophysiol: 40 uV).
    pub smallest: f64,
    /// Smallest peak-to-peak amplitude over the noise's standard deviation. Besides, the peak must stand
    /// out of the baseline by two of them.
    pub noise_factor: f64,
}

impl FWaveCriteria {
    /// Hand muscles, sweeps in mV: 40 uV peak to peak, from 20 to 50 ms.
    pub const fn hand_mv() -> Self {
        Self { window_ms: (20.0, 50.0), quiet_ms: (16.0, 20.0), smallest: 0.04, noise_factor: 4.0 }
    }
}

/// One F wave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FWave {
    /// Onset: first departure from the baseline, either way, ms.
    pub latency_ms: f64,
    /// Peak-to-peak amplitude, in the signal's unit.
    pub amplitude: f64,
}

/// What a raster of sweeps gave.
#[derive(Clone, Debug, PartialEq)]
pub struct FWaves {
    /// Each sweep's F wave, if it had one.
    pub sweeps: Vec<Option<FWave>>,
}

impl FWaves {
    fn present(&self) -> impl Iterator<Item = &FWave> {
        self.sweeps.iter().flatten()
    }

    /// Sweeps with an F wave, % of all; `None` without sweeps.
    pub fn persistence_percent(&self) -> Option<f64> {
        (!self.sweeps.is_empty()).then(|| 100.0 * self.present().count() as f64 / self.sweeps.len() as f64)
    }

    /// Shortest latency, ms.
    pub fn minimal_latency_ms(&self) -> Option<f64> {
        self.present().map(|f| f.latency_ms).min_by(f64::total_cmp)
    }

    /// Mean peak-to-peak amplitude of those that are there, in the signal's unit.
    pub fn mean_amplitude(&self) -> Option<f64> {
        let amplitudes: Vec<f64> = self.present().map(|f| f.amplitude).collect();
        super::mean(&amplitudes)
    }

    /// Longest minus shortest latency, ms; needs two F waves.
    pub fn chronodispersion_ms(&self) -> Option<f64> {
        let longest = self.present().map(|f| f.latency_ms).max_by(f64::total_cmp)?;
        (self.present().count() > 1).then(|| longest - self.minimal_latency_ms().unwrap_or(longest))
    }
}

/// How long the M wave must be gone before the F wave is looked for, ms (assumed: the quiet stretch the baseline is read from).
pub const QUIET_MS: f64 = 1.5;
/// Share of sweeps that may lie below what counts as the M wave at a sample.
const SELDOM: f64 = 0.1;

/// When the M wave has gone, ms from the first sample; `None` if it never comes to rest within the sweeps.
///
/// The M wave is what every sweep shows: at each sample, the magnitude that nine of ten sweeps exceed, greatest within
/// 0.5 ms on either side so that a zero crossing is no rest. F waves change from sweep to sweep in presence, latency and shape
/// and are not taken for it, however persistent. It has gone once that stays below `gone` for [`QUIET_MS`], at or after
/// `from_ms`, and after the last deflection of `gone` or more that repeats itself from sweep to sweep. Fails for a single sweep
/// (its F wave is taken for M) and for identical responses of one surviving unit.
pub fn m_wave_end_ms<S: AsRef<[f64]>>(sweeps: &[S], rate_hz: f64, from_ms: f64, gone: f64) -> Option<f64> {
    let length = sweeps.iter().map(|s| s.as_ref().len()).min()?;
    let mut column = vec![0.0; sweeps.len()];
    let common: Vec<f64> = (0..length)
        .map(|i| {
            column.iter_mut().zip(sweeps).for_each(|(value, sweep)| *value = sweep.as_ref()[i].abs());
            column.sort_by(f64::total_cmp);
            column[(SELDOM * column.len() as f64) as usize]
        })
        .collect();
    let beside = (0.5e-3 * rate_hz).round() as usize;
    let moving = |i: usize| common[i.saturating_sub(beside)..(i + beside + 1).min(length)].iter().any(|x| *x >= gone);
    let from = (1e-3 * from_ms * rate_hz).round() as usize;
    let peak = (from..length).max_by(|&a, &b| common[a].total_cmp(&common[b]))?;
    let quiet = ((1e-3 * QUIET_MS * rate_hz).round() as usize).max(1);
    let mut still = 0;
    let start = if common[peak] < gone { from } else { peak };
    let first = (start..length).find(|&i| {
        still = if moving(i) { 0 } else { still + 1 };
        still == quiet
    })?;
    // A part of the M wave that comes late, as of a demyelinated fibre, repeats itself; an F wave does not.
    let satellite = (first..length).rev().find(|&i| repeats(sweeps, i, gone)).map_or(first, |last| last + quiet);
    (satellite < length).then(|| 1e3 * (satellite + 1) as f64 / rate_hz)
}

/// Whether the sweeps, four or more, show the same deflection of `least` or more at a sample: nine tenths of them within half its size.
fn repeats<S: AsRef<[f64]>>(sweeps: &[S], sample: usize, least: f64) -> bool {
    let first = sweeps[0].as_ref()[sample];
    // Most samples have nothing in the first two sweeps: no need to sort.
    if sweeps.len() < 4 || (first.abs() < 0.5 * least && sweeps[1].as_ref()[sample].abs() < 0.5 * least) {
        return false;
    }
    let mut column: Vec<f64> = sweeps.iter().map(|sweep| sweep.as_ref()[sample]).collect();
    column.sort_by(f64::total_cmp);
    let place = |share: f64| column[(share * (column.len() - 1) as f64).round() as usize];
    let middle = place(0.5);
    middle.abs() >= least && place(1.0 - 0.5 * SELDOM) - place(0.5 * SELDOM) < 0.5 * middle.abs()
}

/// Looks for an F wave in every sweep.
///
/// The onset is the first stay of at least 0.3 ms outside the larger of four standard deviations of the
/// quiet window and an eighth of `smallest`.
///
/// # Failure modes
/// An A wave or an H reflex within the window counts as an
/// F wave; the tail of a long M wave shifts the baseline, so start the quiet window after it.
///
/// # Example
/// ```
/// use tonus_signal::measures::f_wave::{FWaveCriteria, f_waves};
/// let rate_hz = 10_000.0;
/// // Three sweeps of 60 ms; the second has no F wave.
/// let sweep = |onset_ms: Option<f64>| -> Vec<f64> {
///     (0..600)
///         .map(|i| f64::from(i) / 10.0)
///         .map(|t| match onset_ms {
///             Some(on) if (on..on + 6.0).contains(&t) => -0.1 * libm::sin(std::f64::consts::TAU * (t - on) / 6.0),
///             _ => 0.0,
///         })
///         .collect()
/// };
/// let raster = [sweep(Some(28.0)), sweep(None), sweep(Some(29.5))];
/// let criteria = FWaveCriteria { window_ms: (22.0, 60.0), quiet_ms: (20.0, 22.0), ..FWaveCriteria::hand_mv() };
/// let f = f_waves(&raster, rate_hz, &criteria);
/// assert!((f.minimal_latency_ms().unwrap() - 28.0).abs() < 0.3);
/// assert!((f.persistence_percent().unwrap() - 66.7).abs() < 0.1);
/// assert!((f.chronodispersion_ms().unwrap() - 1.5).abs() < 0.2);
/// ```
pub fn f_waves<S: AsRef<[f64]>>(sweeps: &[S], rate_hz: f64, criteria: &FWaveCriteria) -> FWaves {
    FWaves { sweeps: sweeps.iter().map(|s| f_wave(s.as_ref(), rate_hz, criteria)).collect() }
}

/// The F wave of one sweep; see [`f_waves`].
pub fn f_wave(sweep: &[f64], rate_hz: f64, criteria: &FWaveCriteria) -> Option<FWave> {
    if !measurable(sweep, rate_hz) {
        return None;
    }
    let c = criteria;
    let quiet = between(sweep, rate_hz, 1e-3 * c.quiet_ms.0, 1e-3 * c.quiet_ms.1);
    let window = between(sweep, rate_hz, 1e-3 * c.window_ms.0, 1e-3 * c.window_ms.1);
    let highest = window.iter().copied().max_by(f64::total_cmp)?;
    let lowest = window.iter().copied().min_by(f64::total_cmp)?;
    let baseline = median(quiet).unwrap_or(0.0);
    let noise = standard_deviation(quiet).unwrap_or(0.0);
    let amplitude = highest - lowest;
    let deviation = (highest - baseline).max(baseline - lowest);
    if !(amplitude > 0.0 && amplitude >= c.smallest && amplitude >= c.noise_factor * noise && deviation > 2.0 * noise) {
        return None;
    }
    let level = (4.0 * noise).max(0.125 * c.smallest).min(0.5 * deviation);
    let stay = ((0.3e-3 * rate_hz).round() as usize).max(1);
    let outside = |x: f64| (x - baseline).abs() > level;
    let first = (0..window.len())
        .find(|&i| i + stay <= window.len() && window[i..i + stay].iter().all(|&x| outside(x)))
        .or_else(|| window.iter().position(|&x| outside(x)))?;
    let start = (1e-3 * c.window_ms.0 * rate_hz - 1e-9).ceil().max(0.0);
    let mut index = start + first as f64;
    if first > 0 {
        let (a, b) = ((window[first - 1] - baseline).abs(), (window[first] - baseline).abs());
        if b > a && a <= level {
            index -= (b - level) / (b - a);
        }
    }
    Some(FWave { latency_ms: 1e3 * index / rate_hz, amplitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 10_000.0;

    /// M wave, then a biphasic F wave of 0.2 mV peak to peak that leaves the baseline at `onset_ms`.
    fn sweep(onset_ms: Option<f64>) -> Vec<f64> {
        (0..600)
            .map(|i| {
                let t = 1e3 * f64::from(i) / RATE;
                let m = if (3.0..12.0).contains(&t) {
                    -8.0 * libm::sin(std::f64::consts::PI * (t - 3.0) / 4.5)
                } else {
                    0.0
                };
                let f = onset_ms.map_or(0.0, |o| {
                    if (o..o + 8.0).contains(&t) { -0.1 * libm::sin(std::f64::consts::PI * (t - o) / 4.0) } else { 0.0 }
                });
                m + f
            })
            .collect()
    }

    #[test]
    fn raster_of_known_latencies() {
        let sweeps: Vec<_> = [Some(26.0), None, Some(28.5), Some(27.0)].into_iter().map(sweep).collect();
        let found = f_waves(&sweeps, RATE, &FWaveCriteria::hand_mv());
        assert_eq!(found.persistence_percent(), Some(75.0));
        assert!((found.minimal_latency_ms().unwrap() - 26.0).abs() < 0.1);
        assert!((found.chronodispersion_ms().unwrap() - 2.5).abs() < 0.02);
    }

    #[test]
    fn the_m_wave_ends_where_it_ends_however_persistent_the_f_waves() {
        // 18 of 20 sweeps have an F wave, of scattered latency.
        let sweeps: Vec<_> = (0..20).map(|i| sweep((i % 10 != 3).then_some(24.0 + 0.37 * f64::from(i % 7)))).collect();
        let end = m_wave_end_ms(&sweeps, RATE, 1.0, 0.03).unwrap();
        assert!((12.0 + QUIET_MS - 0.1..12.0 + QUIET_MS + 0.8).contains(&end), "{end}");
        let criteria =
            FWaveCriteria { window_ms: (end, 60.0), quiet_ms: (end - QUIET_MS, end), ..FWaveCriteria::hand_mv() };
        let found = f_waves(&sweeps, RATE, &criteria);
        assert_eq!(found.persistence_percent(), Some(90.0));
        assert!((found.minimal_latency_ms().unwrap() - 24.0).abs() < 0.1);
        // An M wave that fills the sweep leaves no place to look.
        assert_eq!(m_wave_end_ms(&[vec![1.0; 600], vec![1.0; 600]], RATE, 1.0, 0.03), None);
    }

    #[test]
    fn no_sweeps_and_no_waves() {
        let none: [Vec<f64>; 0] = [];
        assert_eq!(f_waves(&none, RATE, &FWaveCriteria::hand_mv()).persistence_percent(), None);
        let silent = f_waves(&[sweep(None)], RATE, &FWaveCriteria::hand_mv());
        assert_eq!(silent.persistence_percent(), Some(0.0));
        assert_eq!(silent.minimal_latency_ms(), None);
        assert_eq!(silent.chronodispersion_ms(), None);
    }

    #[test]
    fn noise_alone_is_no_f_wave() {
        let mut trace = sweep(None);
        for (i, x) in trace.iter_mut().enumerate() {
            *x += 0.02 * libm::sin(1.7 * i as f64);
        }
        assert_eq!(f_wave(&trace, RATE, &FWaveCriteria::hand_mv()), None);
    }
}
