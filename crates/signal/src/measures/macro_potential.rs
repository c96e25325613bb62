//! The macro potential: what the cannula of a macro electrode records of a whole unit, averaged on the spike of one of its fibres (Stalberg 1980).

use super::{measurable, median};

/// Part of the average in which size and area are taken, ms about its middle (from memory).
const MEASURED_MS: f64 = 50.0;
/// Part at its start that is baseline, ms.
const BASELINE_MS: f64 = 8.0;

/// A macro potential.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MacroPotential {
    /// Peak to peak, uV.
    pub amplitude_uv: f64,
    /// Area between curve and baseline, uV ms.
    pub area_uv_ms: f64,
}

/// Size and area of an average in uV, the spike that triggered it in its middle. `None` if the average is shorter than 58 ms: its middle would hold the
/// baseline.
///
/// # Failure modes
/// What is left of other units after averaging adds to both, to the area more: average until the baseline is flat. A unit that fires with the one that
/// triggers is in the average too.
///
/// ```
/// use tonus_signal::measures::macro_potential::macro_potential;
/// // 70 ms at 10 kHz, a wave of 150 uV for 4 ms at the trigger.
/// let average: Vec<f64> = (0..700).map(|k| if (340..380).contains(&k) { -150.0 } else { 0.0 }).collect();
/// let found = macro_potential(&average, 10_000.0).expect("long enough");
/// assert!((found.amplitude_uv - 150.0).abs() < 1e-9 && (found.area_uv_ms - 600.0).abs() < 1e-6);
/// ```
pub fn macro_potential(average_uv: &[f64], rate_hz: f64) -> Option<MacroPotential> {
    let count = |ms: f64| (1e-3 * ms * rate_hz).round() as usize;
    if !measurable(average_uv, rate_hz) || average_uv.len() < count(MEASURED_MS + BASELINE_MS) {
        return None;
    }
    let baseline = median(&average_uv[..count(BASELINE_MS)])?;
    let from = (average_uv.len() - count(MEASURED_MS)) / 2;
    let part = &average_uv[from..from + count(MEASURED_MS)];
    let (low, high) = part.iter().fold((baseline, baseline), |(l, h), &v| (l.min(v), h.max(v)));
    let area = part.iter().map(|v| (v - baseline).abs()).sum::<f64>() * 1e3 / rate_hz;
    Some(MacroPotential { amplitude_uv: high - low, area_uv_ms: area })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_on_an_offset() {
        // 70 ms at 10 kHz; 200 uV for 5 ms in the middle, for 2 ms too early.
        let wave = |from: usize, to: usize| -> Vec<f64> {
            (0..700).map(|k| 30.0 + if (from..to).contains(&k) { -200.0 } else { 0.0 }).collect()
        };
        let found = macro_potential(&wave(350, 400), 10_000.0).unwrap();
        assert!((found.amplitude_uv - 200.0).abs() < 1e-9 && (found.area_uv_ms - 1000.0).abs() < 1e-6, "{found:?}");
        let early = macro_potential(&wave(30, 50), 10_000.0).unwrap();
        assert_eq!((early.amplitude_uv, early.area_uv_ms), (0.0, 0.0));
    }

    #[test]
    fn too_short_or_not_finite_is_none() {
        assert_eq!(macro_potential(&[0.0; 500], 10_000.0), None);
        assert_eq!(macro_potential(&[f64::NAN; 700], 10_000.0), None);
        assert_eq!(macro_potential(&[0.0; 700], f64::NAN), None);
    }
}
