//! F waves: late responses of motor neurons that backfire, over a raster of supramaximal stimuli.

use super::{between, mean, measurable, median, standard_deviation};

/// How F waves are looked for. Times in ms from the first sample of a sweep (the stimulus).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FWaveCriteria {
    /// Window after the M wave within which the F wave starts and ends, ms.
    pub window_ms: (f64, f64),
    /// Quiet window between the M and the F wave, for baseline and noise, ms.
    pub quiet_ms: (f64, f64),
    /// Smallest peak-to-peak amplitude, in the signal's unit (20 to 40 uV is the custom).
    pub smallest: f64,
    /// Smallest peak-to-peak amplitude over the noise's standard deviation. Besides, the peak must stand
    /// out of the baseline by two of them.
    pub noise_factor: f64,
}

impl FWaveCriteria {
    /// Hand muscles, sweeps in mV: 30 uV peak to peak, from 20 to 50 ms.
    pub const fn hand_mv() -> Self {
        Self { window_ms: (20.0, 50.0), quiet_ms: (16.0, 20.0), smallest: 0.03, noise_factor: 4.0 }
    }

    /// Foot muscles, sweeps in mV: 30 uV peak to peak, from 35 to 80 ms.
    pub const fn foot_mv() -> Self {
        Self { window_ms: (35.0, 80.0), quiet_ms: (28.0, 35.0), ..Self::hand_mv() }
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

    /// Mean latency, ms.
    pub fn mean_latency_ms(&self) -> Option<f64> {
        mean(&self.present().map(|f| f.latency_ms).collect::<Vec<_>>())
    }

    /// Longest minus shortest latency, ms; needs two F waves.
    pub fn chronodispersion_ms(&self) -> Option<f64> {
        let longest = self.present().map(|f| f.latency_ms).max_by(f64::total_cmp)?;
        (self.present().count() > 1).then(|| longest - self.minimal_latency_ms().unwrap_or(longest))
    }

    /// Mean peak-to-peak amplitude of the F waves there are, in the signal's unit.
    pub fn mean_amplitude(&self) -> Option<f64> {
        mean(&self.present().map(|f| f.amplitude).collect::<Vec<_>>())
    }
}

/// Looks for an F wave in every sweep.
///
/// The onset is the first stay of at least 0.3 ms outside the larger of four standard deviations of the
/// quiet window and an eighth of `smallest`. An A wave or an H reflex within the window counts as an
/// F wave; the tail of a long M wave shifts the baseline, so start the quiet window after it.
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
        assert!((found.mean_latency_ms().unwrap() - 27.167).abs() < 0.1);
        assert!((found.mean_amplitude().unwrap() - 0.2).abs() < 1e-3);
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
