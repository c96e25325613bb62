//! Motor evoked potentials: the responses of a muscle to magnetic stimuli over the motor cortex.
//!
//! They are made of many phases and their shape changes from stimulus to stimulus: size is the whole span, peak to peak, and area that of
//! the rectified signal (Groppa et al. 2012 Clin Neurophysiol 123:858, from memory).

use super::{between, mean, measurable, median, standard_deviation};

/// How a response is looked for. Times are from the stimulus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MepCriteria {
    /// Time of the stimulus from the first sample, ms.
    pub stimulus_ms: f64,
    /// Length of EMG before the stimulus that tells the background, ms, as far as the sweep has it.
    pub before_ms: f64,
    /// Window of the response, ms from the stimulus; start it after the artefact of the coil.
    pub search_ms: (f64, f64),
    /// Smallest span, peak to peak, called a response, in the signal's unit.
    pub smallest: f64,
    /// Smallest span over that of the background.
    pub background_factor: f64,
    /// Rectified signal over the standard deviation of the background at which the response begins and ends; no less than the largest deflection
    /// of the background.
    pub noise_factor: f64,
    /// Two bursts with less than this between them are one response, ms.
    pub apart_ms: f64,
}

impl MepCriteria {
    /// Sweeps in mV: 50 uV peak to peak (the amplitude that defines motor threshold: Rossini et al. 2015 Clin Neurophysiol 126:1071, from
    /// memory) and one and a half times the span of 100 ms of background (assumed), 5 to 80 ms after the stimulus (masseter to foot: 6 to 45 ms,
    /// from memory), three standard deviations of the background and 5 ms between the phases of one response (assumed).
    pub const fn mv() -> Self {
        Self {
            stimulus_ms: 0.0,
            before_ms: 100.0,
            search_ms: (5.0, 80.0),
            smallest: 0.05,
            background_factor: 1.5,
            noise_factor: 3.0,
            apart_ms: 5.0,
        }
    }
}

/// A motor evoked potential. Sizes in the signal's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mep {
    /// Onset, ms from the stimulus.
    pub latency_ms: f64,
    /// Largest minus smallest value of the response.
    pub peak_to_peak: f64,
    /// From the onset to the end of the last phase, ms.
    pub duration_ms: f64,
    /// Area of the rectified response, unit ms.
    pub area: f64,
}

/// Measures the response in a sweep; `None` if there is none by the criteria.
///
/// # Failure modes
/// With a tense muscle small responses drown in the background, whose largest deflection the onset has to pass, so that latencies come late. What
/// is under way at the start of the window (an artefact, a response to an earlier stimulus) is no response. Where the sweep has nothing before
/// the stimulus, the baseline is the median of the window, and the onset where 5 % of the peak is passed.
///
/// # Example
/// ```
/// use tonus_signal::measures::mep::{MepCriteria, mep};
/// let rate_hz = 5_000.0;
/// // 100 ms of rest, the stimulus, and after 21 ms two cycles of 1 mV.
/// let sweep: Vec<f64> = (0..1_000)
///     .map(|i| 1e3 * f64::from(i) / rate_hz - 100.0)
///     .map(|t| if (21.0..35.0).contains(&t) { 0.5 * libm::sin(std::f64::consts::TAU * (t - 21.0) / 7.0) } else { 0.0 })
///     .collect();
/// let found = mep(&sweep, rate_hz, &MepCriteria { stimulus_ms: 100.0, ..MepCriteria::mv() }).unwrap();
/// assert!((found.latency_ms - 21.0).abs() < 0.3 && (found.peak_to_peak - 1.0).abs() < 0.01);
/// ```
pub fn mep(sweep: &[f64], rate_hz: f64, criteria: &MepCriteria) -> Option<Mep> {
    let c = criteria;
    if !measurable(sweep, rate_hz) {
        return None;
    }
    let part = |from_ms: f64, to_ms: f64| {
        between(sweep, rate_hz, 1e-3 * (c.stimulus_ms + from_ms), 1e-3 * (c.stimulus_ms + to_ms))
    };
    let quiet = part(-c.before_ms.min(c.stimulus_ms), 0.0);
    let searched = part(c.search_ms.0, c.search_ms.1);
    let baseline = mean(quiet).or_else(|| median(searched))?;
    let size: Vec<f64> = searched.iter().map(|x| (x - baseline).abs()).collect();
    let peak = (0..size.len()).max_by(|a, b| size[*a].total_cmp(&size[*b]).then(b.cmp(a)))?;
    let loudest = quiet.iter().map(|x| (x - baseline).abs()).fold(0.0, f64::max);
    let noise = c.noise_factor * standard_deviation(quiet).unwrap_or(0.0);
    let level = noise.max(loudest).max(SHARE_OF_PEAK * size[peak]);
    if size[peak] <= level {
        return None;
    }
    let apart = (1e-3 * c.apart_ms * rate_hz).ceil() as usize;
    // From the peak both ways, across pauses that are no longer than those between phases.
    let reach = |steps: &mut dyn Iterator<Item = usize>| {
        let (mut last, mut below) = (peak, 0);
        for i in steps {
            below = if size[i] > level { 0 } else { below + 1 };
            if below > apart {
                break;
            }
            if below == 0 {
                last = i;
            }
        }
        last
    };
    let (first, last) = (reach(&mut (0..peak).rev()), reach(&mut (peak + 1..size.len())));
    let response = &searched[first..=last];
    let (peak_to_peak, background) = (span(response), span(quiet));
    if first == 0 || peak_to_peak <= c.smallest.max(c.background_factor * background) {
        return None;
    }
    let offset = (searched.as_ptr() as usize - sweep.as_ptr() as usize) / size_of::<f64>();
    Some(Mep {
        latency_ms: 1e3 * (offset + first) as f64 / rate_hz - c.stimulus_ms,
        peak_to_peak,
        duration_ms: 1e3 * (last - first) as f64 / rate_hz,
        area: size[first..=last].iter().sum::<f64>() * 1e3 / rate_hz,
    })
}

/// Largest minus smallest; 0 of nothing.
fn span(part: &[f64]) -> f64 {
    let (low, high) = part.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
    (high - low).max(0.0)
}

/// Least level of onset and end, of the peak; assumed, for sweeps without noise.
const SHARE_OF_PEAK: f64 = 0.05;

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: f64 = 5_000.0;

    /// 100 ms before the stimulus; noise of this amplitude, and a response of three phases from 21 ms on.
    fn sweep(peak: f64, noise: f64) -> Vec<f64> {
        (0..1_000)
            .map(|i| {
                let t = 1e3 * f64::from(i) / RATE_HZ - 100.0;
                let wave = if (21.0..33.0).contains(&t) {
                    peak * libm::sin(std::f64::consts::PI * (t - 21.0) / 4.0)
                } else {
                    0.0
                };
                wave + noise * libm::sin(1.7 * f64::from(i))
            })
            .collect()
    }

    fn criteria() -> MepCriteria {
        MepCriteria { stimulus_ms: 100.0, ..MepCriteria::mv() }
    }

    #[test]
    fn phases_are_one_response() {
        let found = mep(&sweep(0.8, 0.0), RATE_HZ, &criteria()).expect("a response");
        assert!((found.latency_ms - 21.2).abs() < 0.21, "{found:?}");
        assert!((found.duration_ms - 12.0).abs() < 0.5, "{found:?}");
        assert!((found.peak_to_peak - 1.6).abs() < 1e-3, "{found:?}");
        // Three half sines of 4 ms: 2/pi of their peak each.
        assert!((found.area - 3.0 * 4.0 * 0.8 * std::f64::consts::FRAC_2_PI).abs() < 0.02, "{found:?}");
    }

    #[test]
    fn too_small_is_none_and_what_is_under_way_is_none() {
        assert_eq!(mep(&sweep(0.02, 0.001), RATE_HZ, &criteria()), None, "below 50 uV");
        assert_eq!(mep(&[], RATE_HZ, &criteria()), None);
        assert_eq!(mep(&sweep(0.8, 0.0), f64::NAN, &criteria()), None);
        // No background, and an offset all along.
        let offset: Vec<f64> = sweep(0.0, 0.01)[500..].iter().map(|x| x + 0.5).collect();
        assert_eq!(mep(&offset, RATE_HZ, &MepCriteria::mv()), None);
        // The tail of an artefact.
        let tail: Vec<f64> =
            (0..1_000).map(|i| if i < 500 { 0.0 } else { libm::exp(-0.02 * f64::from(i - 500)) }).collect();
        assert_eq!(mep(&tail, RATE_HZ, &criteria()), None);
    }

    /// A sweep of a tense muscle: potentials of 5 ms and up to this size at random times, 40 a second.
    fn tense(size: f64, seed: u64) -> Vec<f64> {
        let mut state = seed;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut x = vec![0.0; 1_000];
        for _ in 0..8 {
            let (at, own) = ((950.0 * uniform()) as usize, size * (0.3 + 0.7 * uniform()));
            for i in 0..25 {
                x[at + i] += own * libm::sin(std::f64::consts::TAU * i as f64 / 25.0);
            }
        }
        x
    }

    #[test]
    fn a_tense_muscle_seldom_gives_a_response_that_is_none() {
        let none = (0..200).filter(|seed| mep(&tense(0.2, *seed), RATE_HZ, &criteria()).is_some()).count();
        // Where the background happens to be still before the stimulus it cannot be told.
        assert!(none < 30, "{none} of 200");
        let there = (0..200)
            .filter(|seed| {
                let both: Vec<f64> = tense(0.2, *seed).iter().zip(sweep(2.0, 0.0)).map(|(a, b)| a + b).collect();
                mep(&both, RATE_HZ, &criteria()).is_some_and(|m| (m.latency_ms - 21.2).abs() < 5.5)
            })
            .count();
        assert!(there > 180, "{there} of 200");
    }

    #[test]
    fn background_delays_the_onset_and_never_hastens_it() {
        let still = mep(&sweep(0.8, 0.0), RATE_HZ, &criteria()).expect("a response");
        let tense = mep(&sweep(0.8, 0.05), RATE_HZ, &criteria()).expect("a response");
        assert!(tense.latency_ms >= still.latency_ms && tense.latency_ms < 23.0, "{tense:?}");
    }

    #[test]
    fn a_late_burst_is_another_response() {
        let mut twice = sweep(0.8, 0.0);
        for i in 0..30 {
            twice[100 * 5 + 50 * 5 + i] += 0.4;
        }
        let found = mep(&twice, RATE_HZ, &criteria()).expect("a response");
        assert!(found.duration_ms < 13.0, "{found:?}");
    }
}
