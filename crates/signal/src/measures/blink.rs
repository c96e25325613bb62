//! The blink reflex: early response of the stimulated side (R1), late responses of both (R2), over several shocks.

use super::{between, measurable, standard_deviation};

/// Smallest rectified deflection that counts, in the sweeps' unit of mV (assumed: 20 uV, as the smallest F wave).
const LEAST_MV: f64 = 0.02;
/// A deflection over the noise before the stimulus, SD.
const NOISE_SD: f64 = 5.0;
/// How long it must last, ms.
const STAY_MS: f64 = 0.3;
/// How long the signal must have been below the level before a response begins, ms: the tail of an earlier one is none.
const QUIET_MS: f64 = 1.0;
/// Where responses are looked for, ms from the stimulus: a direct response of the muscle is over by the first, no reflex comes after the last.
const FIRST_MS: f64 = 5.0;
const LAST_MS: f64 = 110.0;
/// R2 begins here at the earliest, ms, and R1 so long before R2 at the latest (R2 less R1 is 20 ms in health, and both are delayed alike
/// where a nerve is slow: assumed).
const R2_FROM_MS: f64 = 20.0;
const APART_MS: f64 = 8.0;
/// Boundary between R1 and R2 where the other side shows no R2, ms.
const BOUNDARY_MS: f64 = 22.0;

/// Latencies and size; `None` where there is no response.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlinkResponses {
    /// Shortest latency of R1, ms.
    pub r1_ms: Option<f64>,
    /// Mean peak to peak of R1, over all shocks.
    pub r1_amplitude: Option<f64>,
    /// Shortest latency of R2 on the side of the stimulus, ms.
    pub r2_ms: Option<f64>,
    /// The same on the other side, ms.
    pub r2_contralateral_ms: Option<f64>,
}

/// Reads the sweeps of both sides; the stimulus stands at `stimulus_ms` in each, the baseline before it.
///
/// Fails where R1 is later than 8 ms before R2, or R2 is lost on the other side and R1 comes after 22 ms.
///
/// # Example
/// ```
/// use tonus_signal::measures::blink::blink_responses;
/// let rate_hz = 10_000.0;
/// // The stimulus at 10 ms; R1 10.5 ms and R2 31 ms after it, R2 also on the other side.
/// let burst = |t: f64, at: f64, length: f64, mv: f64| {
///     if (at..at + length).contains(&t) { -mv * libm::sin(std::f64::consts::TAU * (t - at) / 3.0) } else { 0.0 }
/// };
/// let side = |r1_mv: f64| -> Vec<f64> {
///     (0..1_000)
///         .map(|i| f64::from(i) / 10.0 - 10.0)
///         .map(|t| burst(t, 10.5, 6.0, r1_mv) + burst(t, 31.0, 30.0, 0.4))
///         .collect()
/// };
/// let found = blink_responses(&[side(0.5)], &[side(0.0)], rate_hz, 10.0);
/// assert!((found.r1_ms.unwrap() - 10.5).abs() < 0.5);
/// assert!((found.r2_contralateral_ms.unwrap() - 31.0).abs() < 1.0);
/// ```
pub fn blink_responses<S: AsRef<[f64]>>(
    stimulated: &[S],
    other: &[S],
    rate_hz: f64,
    stimulus_ms: f64,
) -> BlinkResponses {
    let earliest = |sweeps: &[S], window: (f64, f64)| {
        let onsets = sweeps.iter().filter_map(|sweep| onset_ms(sweep.as_ref(), rate_hz, stimulus_ms, window));
        onsets.min_by(f64::total_cmp)
    };
    let r2_contralateral_ms = earliest(other, (R2_FROM_MS, LAST_MS));
    let boundary_ms = r2_contralateral_ms.map_or(BOUNDARY_MS, |ms| ms - APART_MS);
    let r1_ms = earliest(stimulated, (FIRST_MS, boundary_ms));
    let span = |sweep: &[f64]| {
        let part = between(sweep, rate_hz, 1e-3 * (stimulus_ms + FIRST_MS), 1e-3 * (stimulus_ms + boundary_ms));
        let (low, high) = part.iter().fold((0.0_f64, 0.0_f64), |(l, h), x| (l.min(*x), h.max(*x)));
        high - low
    };
    let r1_amplitude =
        r1_ms.map(|_| stimulated.iter().map(|s| span(s.as_ref())).sum::<f64>() / stimulated.len() as f64);
    let r2_ms = earliest(stimulated, (boundary_ms.max(r1_ms.map_or(0.0, |ms| ms + APART_MS)), LAST_MS));
    BlinkResponses { r1_ms, r1_amplitude, r2_ms, r2_contralateral_ms }
}

/// First stay of the rectified sweep above the level, after a stay below it, within a window, ms from the stimulus.
fn onset_ms(sweep: &[f64], rate_hz: f64, stimulus_ms: f64, (from_ms, to_ms): (f64, f64)) -> Option<f64> {
    if !measurable(sweep, rate_hz) || to_ms <= from_ms {
        return None;
    }
    let noise = standard_deviation(between(sweep, rate_hz, 0.0, 1e-3 * stimulus_ms)).unwrap_or(0.0);
    let level = LEAST_MV.max(NOISE_SD * noise);
    let window = between(sweep, rate_hz, 1e-3 * (stimulus_ms + from_ms), 1e-3 * (stimulus_ms + to_ms));
    let samples = |ms: f64| ((1e-3 * ms * rate_hz).round() as usize).max(1);
    let (quiet, stay) = (samples(QUIET_MS), samples(STAY_MS));
    let begins =
        |part: &[f64]| part[..quiet].iter().all(|x| x.abs() <= level) && part[quiet..].iter().all(|x| x.abs() > level);
    let first = quiet + window.windows(quiet + stay).position(begins)?;
    Some(from_ms + 1e3 * first as f64 / rate_hz)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: f64 = 10_000.0;

    /// A sweep with bursts (start after the stimulus, length, size), stimulus at 10 ms, and a little ripple.
    fn sweep(bursts: &[(f64, f64, f64)]) -> Vec<f64> {
        (0..1300)
            .map(|i| {
                let t_ms = f64::from(i) * 0.1 - 10.0;
                let ripple = 0.001 * (f64::from(i) * 1.7).sin();
                let inside = bursts.iter().filter(|(start, length, _)| (*start..start + length).contains(&t_ms));
                ripple + inside.map(|(_, _, size)| size).sum::<f64>()
            })
            .collect()
    }

    #[test]
    fn early_and_late_responses_are_told_apart_wherever_they_come() {
        for delay in [0.0, 15.0] {
            let same = [sweep(&[(10.0 + delay, 6.0, 0.3), (31.0 + delay, 30.0, 0.2)])];
            let other = [sweep(&[(32.0 + delay, 30.0, 0.2)])];
            let read = blink_responses(&same, &other, RATE_HZ, 10.0);
            let near = |x: Option<f64>, y: f64| x.is_some_and(|x| (x - y).abs() < 0.2);
            assert!(near(read.r1_ms, 10.0 + delay) && near(read.r2_ms, 31.0 + delay), "{read:?}");
            assert!(near(read.r2_contralateral_ms, 32.0 + delay) && near(read.r1_amplitude, 0.3), "{read:?}");
        }
    }

    #[test]
    fn the_tail_of_the_early_response_is_not_the_late_one() {
        let other = [sweep(&[(32.0, 30.0, 0.2)])];
        let long = [sweep(&[(10.0, 17.0, 0.3), (33.0, 30.0, 0.2)])];
        let read = blink_responses(&long, &other, RATE_HZ, 10.0);
        assert!(read.r2_ms.is_some_and(|ms| (ms - 33.0).abs() < 0.2), "{read:?}");
        let endless = [sweep(&[(10.0, 60.0, 0.3)])];
        assert_eq!(blink_responses(&endless, &other, RATE_HZ, 10.0).r2_ms, None);
    }

    #[test]
    fn nothing_is_found_in_silence() {
        let silent = [sweep(&[]), sweep(&[])];
        let none = BlinkResponses { r1_ms: None, r1_amplitude: None, r2_ms: None, r2_contralateral_ms: None };
        assert_eq!(blink_responses(&silent, &silent, RATE_HZ, 10.0), none);
    }
}
