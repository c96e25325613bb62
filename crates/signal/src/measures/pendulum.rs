//! Wartenberg's pendulum test: the leg is released from the horizontal and swings.

use super::{
    between, mean, measurable, median,
    turning_point::{turning_points, vertex_at},
};

/// Peaks nearer to the final rest than this do not count as oscillations, deg.
pub const SMALLEST_SWING_DEG: f64 = 3.0;

/// Measures of the swing. Angles in degrees, in the sense of the input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pendulum {
    /// Flexion peaks that lie more than 3 deg beyond the final rest.
    pub oscillations: usize,
    /// First swing over the way from release to rest (A1/A0): 1.6 and more in health, below when
    /// muscle tone stops the leg. `None` if the leg hardly moved (below 3 deg).
    pub relaxation_index: Option<f64>,
    /// From release to the first flexion peak (A1), deg.
    pub first_swing_deg: f64,
    /// Mean time between counted flexion peaks, s; needs two.
    pub period_s: Option<f64>,
    /// Largest angular speed, deg/s.
    pub peak_velocity_deg_s: f64,
    /// Final rest: median of the last tenth (at least 0.5 s) of the trace, deg.
    pub resting_angle_deg: f64,
}

/// Measures a pendulum test from the angle (deg) since release; flexion may be positive or negative: the
/// sense of the fall tells.
///
/// # Failure modes
/// Give the trace until the leg hangs still (8 s or more). If it still swings at the end, the resting angle is off
/// by part of a swing. Noise above 0.5 deg makes peaks of its own: low-pass first. `None` for an empty trace.
///
/// # Example
/// ```
/// use tonus_signal::measures::pendulum::pendulum;
/// // Let go at 90 degrees, swinging once a second about the vertical with an amplitude that halves each swing.
/// let angle: Vec<f64> = (0..1_000)
///     .map(|i| f64::from(i) / 100.0)
///     .map(|t| 90.0 * libm::exp(-0.69 * t) * libm::cos(std::f64::consts::TAU * t))
///     .collect();
/// let found = pendulum(&angle, 100.0).unwrap();
/// assert!((found.period_s.unwrap() - 1.0).abs() < 0.05);
/// assert!((4..=6).contains(&found.oscillations));
/// ```
pub fn pendulum(angle_deg: &[f64], rate_hz: f64) -> Option<Pendulum> {
    let &release = angle_deg.first()?;
    if !measurable(angle_deg, rate_hz) {
        return None;
    }
    let seconds = angle_deg.len() as f64 / rate_hz;
    let tail = (0.1 * seconds).max(0.5).min(seconds);
    let rest = median(between(angle_deg, rate_hz, seconds - tail, seconds))?;
    let sense = if rest >= release { 1.0 } else { -1.0 };
    let flexed: Vec<f64> = angle_deg.iter().map(|a| sense * (a - release)).collect();
    let fall = sense * (rest - release);

    // Half a degree of reversal marks a peak; what counts is its distance from the rest.
    let peaks: Vec<(f64, f64)> = turning_points(&flexed, 0.5)
        .into_iter()
        .filter(|t| t.maximum)
        .map(|t| {
            let (offset, value) = vertex_at(&flexed, t.index);
            ((t.index as f64 + offset) / rate_hz, value)
        })
        .collect();
    let counted: Vec<f64> = peaks.iter().filter(|p| p.1 - fall > SMALLEST_SWING_DEG).map(|p| p.0).collect();
    let first_swing_deg = peaks.first().map_or_else(|| flexed.iter().copied().fold(0.0, f64::max), |p| p.1.max(0.0));
    let ratio = first_swing_deg / fall;
    Some(Pendulum {
        oscillations: counted.len(),
        relaxation_index: (fall >= SMALLEST_SWING_DEG && ratio.is_finite()).then_some(ratio),
        first_swing_deg,
        period_s: mean(&counted.windows(2).map(|w| w[1] - w[0]).collect::<Vec<_>>()),
        peak_velocity_deg_s: peak_speed(angle_deg, rate_hz),
        resting_angle_deg: rest,
    })
}

/// Largest speed by central differences, unit/s; 0 below three samples.
fn peak_speed(x: &[f64], rate_hz: f64) -> f64 {
    x.windows(3).map(|w| (0.5 * (w[2] - w[0]) * rate_hz).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    const RATE: f64 = 1_000.0;

    /// Damped swing about 90 deg from 0, period 1.1 s.
    fn swing(tau_s: f64) -> Vec<f64> {
        (0..12_000)
            .map(|i| {
                let t = f64::from(i) / RATE;
                90.0 - 90.0 * libm::exp(-t / tau_s) * libm::cos(2.0 * PI * t / 1.1)
            })
            .collect()
    }

    #[test]
    fn damped_swing() {
        let tau = 2.0;
        let found = pendulum(&swing(tau), RATE).unwrap();
        // Peaks near (k + 1/2) periods: 90 exp(-t/tau) > 3 for t < 6.80 s: k = 0..5
        assert_eq!(found.oscillations, 6);
        assert!((found.period_s.unwrap() - 1.1).abs() < 1e-3, "{found:?}");
        assert!((found.resting_angle_deg - 90.0).abs() < 0.2, "{found:?}");
        // The damped cosine turns at omega t = pi - atan(1/(omega tau)).
        let omega = 2.0 * PI / 1.1;
        let at = (PI - libm::atan(1.0 / (omega * tau))) / omega;
        let first = 90.0 - 90.0 * libm::exp(-at / tau) * libm::cos(omega * at);
        assert!((found.first_swing_deg - first).abs() < 1e-3, "{found:?} {first}");
        assert!((found.relaxation_index.unwrap() - first / 90.0).abs() < 2e-3, "{found:?}");
    }

    #[test]
    fn the_sense_of_the_angle_does_not_matter() {
        let mirrored: Vec<f64> = swing(2.0).iter().map(|a| -a).collect();
        let (a, b) = (pendulum(&swing(2.0), RATE).unwrap(), pendulum(&mirrored, RATE).unwrap());
        assert_eq!(
            (a.oscillations, a.relaxation_index, a.first_swing_deg),
            (b.oscillations, b.relaxation_index, b.first_swing_deg)
        );
    }

    #[test]
    fn a_leg_that_creeps_down_has_no_oscillation() {
        let creep: Vec<f64> = (0..10_000).map(|i| 60.0 * (1.0 - libm::exp(-f64::from(i) / 1_000.0))).collect();
        let found = pendulum(&creep, RATE).unwrap();
        assert_eq!((found.oscillations, found.period_s), (0, None));
        assert!((found.relaxation_index.unwrap() - 1.0).abs() < 1e-2);
    }

    #[test]
    fn a_leg_that_stays_up() {
        let found = pendulum(&[1.0; 5_000], RATE).unwrap();
        assert_eq!((found.oscillations, found.relaxation_index, found.first_swing_deg), (0, None, 0.0));
        assert_eq!(pendulum(&[], RATE), None);
    }
}
