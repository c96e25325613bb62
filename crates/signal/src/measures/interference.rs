//! The interference pattern as the eye takes it: how full it is, and how wide its envelope.

use super::{filter::high_pass, measurable};

/// Corner of the high-pass, Hz: only units near the needle are seen as spikes, as when they are followed one by one.
const HIGH_PASS_HZ: f64 = 250.0;
/// Smallest peak that counts, uV: that from which a unit is followed at slight effort.
const SEEN_UV: f64 = 50.0;
/// Stretch that one peak fills, s (assumed: the sharp part of a motor unit potential).
const STRETCH_S: f64 = 0.005;

/// Share of the stretches of 5 ms of a needle signal (uV) in which a peak of 50 uV stands out after a 250 Hz high-pass, %.
///
/// The eye's full, reduced and discrete pattern as a number: about 100 when units overlap everywhere, 15 to 20 when one unit
/// fires 30 times a second. It grows with the discharges a second and says nothing of how many units share them. In the manner of the
/// "activity" of Nandedkar, Sanders & Stalberg 1986 (known to us from memory); stretch and level are our own. `None` for a
/// signal shorter than a stretch.
///
/// # Failure modes
/// It saturates: from some hundred discharges a second on, every stretch has a peak.
///
/// # Example
/// ```
/// use tonus_signal::measures::interference::fullness_percent;
/// // One spike of 1 mV every 50 ms: every tenth stretch of 5 ms.
/// let mut one_unit = vec![0.0; 50_000];
/// for spike in one_unit.chunks_mut(1_250) {
///     spike[600..605].fill(-1_000.0);
/// }
/// let full = fullness_percent(&one_unit, 25_000.0).unwrap();
/// assert!((9.0..25.0).contains(&full), "{full}");
/// ```
pub fn fullness_percent(samples_uv: &[f64], rate_hz: f64) -> Option<f64> {
    if !measurable(samples_uv, rate_hz) {
        return None;
    }
    let stretch = ((STRETCH_S * rate_hz).round() as usize).max(1);
    let spiky = high_pass(samples_uv, rate_hz, HIGH_PASS_HZ);
    let whole = spiky.chunks_exact(stretch);
    let (mut filled, mut all) = (0, 0);
    for part in whole {
        all += 1;
        filled += usize::from(part.iter().any(|x| x.abs() >= SEEN_UV));
    }
    (all > 0).then(|| 100.0 * f64::from(filled as u32) / f64::from(all as u32))
}

/// Share of the samples that may lie beyond either edge of the envelope.
const BEYOND: f64 = 0.005;

/// Width of the envelope of a needle signal (uV): the span that 99 % of the samples keep within, half a per cent beyond it on either side, so
/// that a few large spikes do not make it (in the manner of the envelope amplitude of Nandedkar, Sanders & Stalberg 1986, from memory; its
/// share is assumed). `None` for a signal too short to have a sample beyond.
///
/// # Failure modes
/// Of a pattern of few units it is the size of the largest only if that fills half a per cent of the time (about 3 discharges a second of 2 ms).
///
/// # Example
/// ```
/// use tonus_signal::measures::interference::envelope_uv;
/// let sine: Vec<f64> = (0..10_000).map(|i| 400.0 * libm::sin(0.01 * f64::from(i))).collect();
/// assert!((envelope_uv(&sine, 25_000.0).unwrap() - 800.0).abs() < 1.0);
/// ```
pub fn envelope_uv(samples_uv: &[f64], rate_hz: f64) -> Option<f64> {
    let beyond = (BEYOND * samples_uv.len() as f64) as usize;
    if beyond == 0 || !measurable(samples_uv, rate_hz) {
        return None;
    }
    let mut sorted = samples_uv.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Some(sorted[sorted.len() - 1 - beyond] - sorted[beyond])
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 25_000.0;

    /// Two seconds with a spike of 1 ms and this size `per_s` times a second.
    fn firing(per_s: f64, size_uv: f64) -> Vec<f64> {
        let mut x = vec![0.0; 50_000];
        let mut at = 0.003;
        while at < 1.99 {
            let start = (at * RATE) as usize;
            for k in 0..25 {
                x[start + k] -= size_uv * libm::sin(2.0 * std::f64::consts::PI * k as f64 / 25.0);
            }
            at += 1.0 / per_s;
        }
        x
    }

    #[test]
    fn the_pattern_fills_with_discharges() {
        let of = |per_s| fullness_percent(&firing(per_s, 300.0), RATE).unwrap();
        assert!((15.0..21.0).contains(&of(30.0)), "one unit: {}", of(30.0));
        assert!((30.0..42.0).contains(&of(60.0)), "two: {}", of(60.0));
        assert!(of(300.0) > 99.0, "many: {}", of(300.0));
    }

    #[test]
    fn what_is_far_or_slow_fills_nothing() {
        assert_eq!(fullness_percent(&firing(100.0, 30.0), RATE), Some(0.0));
        let sway: Vec<f64> = (0..50_000).map(|i| 900.0 * libm::sin(12.0 * f64::from(i) / 25_000.0)).collect();
        assert_eq!(fullness_percent(&sway, RATE), Some(0.0));
        assert_eq!(fullness_percent(&[1.0; 3], RATE), None);
    }

    #[test]
    fn a_rare_spike_does_not_make_the_envelope() {
        let mut x = firing(300.0, 300.0);
        let usual = envelope_uv(&x, RATE).unwrap();
        assert!((400.0..=600.0).contains(&usual), "{usual}");
        x[20_000..20_010].fill(-5_000.0);
        assert!((envelope_uv(&x, RATE).unwrap() / usual - 1.0).abs() < 0.05);
        assert_eq!(envelope_uv(&x[..100], RATE), None);
        assert_eq!(envelope_uv(&[f64::NAN; 500], RATE), None);
    }
}
