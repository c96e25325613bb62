//! Reaching to a target in the plane: time, speed, accuracy, path, and what the hand does at the end.

use super::{mean, measurable, turning_point::turning_points};

/// Hand speed above which it moves, m/s. Assumed: the usual 5 % of a peak near 1 m/s.
pub const MOVING_M_S: f64 = 0.05;

/// Hand speed must stay below [`MOVING_M_S`] this long for the movement to have ended, s.
const STILL_S: f64 = 0.1;

/// A swing of the hand counts as terminal oscillation from this size on, mm. Assumed.
const SMALLEST_SWING_MM: f64 = 1.0;

/// Measures of one reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// From the first to the last moving sample (speed above 0.05 m/s) before 0.1 s of stillness, s.
    pub movement_time_s: f64,
    /// Largest hand speed, m/s.
    pub peak_speed_m_s: f64,
    /// Distance from the target at the end of the movement, mm.
    pub endpoint_error_mm: f64,
    /// Farthest the hand went beyond the target along the line from start to target, mm.
    pub overshoot_mm: f64,
    /// Length of the path until the hand arrives over the straight distance it went (1 = straight). It
    /// arrives where its speed first has a minimum within a third of the way from the target, or at the end
    /// of the movement. `None` if it went less than 1 cm.
    pub path_curvature: Option<f64>,
    /// Mean peak-to-trough size of the oscillation after arrival, mm; 0 if there is none.
    pub terminal_amplitude_mm: f64,
    /// Its frequency, Hz; needs three turning points.
    pub terminal_frequency_hz: Option<f64>,
    /// Whether the hand was still at the end of the trace. If not, time and error are those at its end.
    pub came_to_rest: bool,
}

/// Measures a reach from the hand's path (m) and the target. `None` if the path is shorter than three
/// samples, or the hand never moved faster than 0.05 m/s.
///
/// # Failure modes
/// Noisy positions make speed: low-pass them below 20 Hz first.
///
/// # Example
/// ```
/// use tonus_signal::measures::reach::reach;
/// // A straight reach of 30 cm in half a second, minimum jerk, then rest.
/// let x: Vec<f64> = (0..1_000)
///     .map(|i| (f64::from(i) / 500.0).min(1.0))
///     .map(|s| 0.3 * s * s * s * (10.0 - 15.0 * s + 6.0 * s * s))
///     .collect();
/// let found = reach(&x, &vec![0.0; 1_000], 1_000.0, (0.3, 0.0)).unwrap();
/// assert!((found.peak_speed_m_s - 1.125).abs() < 0.01 && found.endpoint_error_mm < 2.0 && found.came_to_rest);
/// ```
pub fn reach(x_m: &[f64], y_m: &[f64], rate_hz: f64, target_m: (f64, f64)) -> Option<Reach> {
    let n = x_m.len().min(y_m.len());
    if n < 3
        || !measurable(&x_m[..n], rate_hz)
        || !measurable(&y_m[..n], rate_hz)
        || !measurable(&[target_m.0, target_m.1], 1.0)
    {
        return None;
    }
    let speed: Vec<f64> = (0..n)
        .map(|i| {
            let (a, b) = (i.saturating_sub(1), (i + 1).min(n - 1));
            distance((x_m[a], y_m[a]), (x_m[b], y_m[b])) * rate_hz / (b - a) as f64
        })
        .collect();
    let start = speed.iter().position(|&v| v > MOVING_M_S)?;
    let still = ((STILL_S * rate_hz).round() as usize).max(1);
    let peak = (0..n).max_by(|&a, &b| speed[a].total_cmp(&speed[b]).then(b.cmp(&a)))?;
    let (end, came_to_rest) = end_of_movement(&speed, peak, still);

    let hand = |i: usize| (x_m[i], y_m[i]);
    let origin = hand(start);
    let way = distance(origin, target_m);
    let along = |i: usize| {
        if way > 0.0 {
            ((x_m[i] - origin.0) * (target_m.0 - origin.0) + (y_m[i] - origin.1) * (target_m.1 - origin.1)) / way
        } else {
            distance(origin, hand(i))
        }
    };
    let arrival = (peak + 1..end)
        .find(|&i| speed[i] <= speed[i - 1] && speed[i] < speed[i + 1] && distance(hand(i), target_m) < way / 3.0)
        .unwrap_or(end);
    let path: f64 = (start..arrival).map(|i| distance(hand(i), hand(i + 1))).sum();
    let straight = distance(origin, hand(arrival));
    let farthest = (start..n).map(along).fold(f64::NEG_INFINITY, f64::max);
    let (terminal_amplitude_mm, terminal_frequency_hz) = oscillation(&x_m[arrival..n], &y_m[arrival..n], rate_hz);
    Some(Reach {
        movement_time_s: (end - start) as f64 / rate_hz,
        peak_speed_m_s: speed[peak],
        endpoint_error_mm: 1e3 * distance(hand(end), target_m),
        overshoot_mm: (1e3 * (farthest - way)).max(0.0),
        path_curvature: (straight > 0.01).then(|| (path / straight).max(1.0)),
        terminal_amplitude_mm,
        terminal_frequency_hz,
        came_to_rest,
    })
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (a.0 - b.0, a.1 - b.1);
    (dx * dx + dy * dy).sqrt()
}

/// First sample after the peak from which the hand is still for long enough; else the last sample.
fn end_of_movement(speed: &[f64], peak: usize, still: usize) -> (usize, bool) {
    let mut quiet = 0;
    for (i, &v) in speed.iter().enumerate().skip(peak) {
        quiet = if v <= MOVING_M_S { quiet + 1 } else { 0 };
        if quiet >= still {
            return (i + 1 - still, true);
        }
    }
    if quiet > 0 { (speed.len() - quiet, true) } else { (speed.len() - 1, false) }
}

/// Mean peak-to-trough size (mm) and frequency (Hz) along the direction in which the hand varies most.
fn oscillation(x_m: &[f64], y_m: &[f64], rate_hz: f64) -> (f64, Option<f64>) {
    let (Some(cx), Some(cy)) = (mean(x_m), mean(y_m)) else { return (0.0, None) };
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in x_m.iter().zip(y_m) {
        xx += (x - cx) * (x - cx);
        xy += (x - cx) * (y - cy);
        yy += (y - cy) * (y - cy);
    }
    let angle = 0.5 * libm::atan2(2.0 * xy, xx - yy);
    let (c, s) = (libm::cos(angle), libm::sin(angle));
    let displacement: Vec<f64> = x_m.iter().zip(y_m).map(|(x, y)| 1e3 * (c * (x - cx) + s * (y - cy))).collect();
    let turns = turning_points(&displacement, SMALLEST_SWING_MM);
    let sizes: Vec<f64> = turns.windows(2).map(|w| (w[1].value - w[0].value).abs()).collect();
    let frequency = (turns.len() >= 3).then(|| {
        let seconds = (turns[turns.len() - 1].index - turns[0].index) as f64 / rate_hz;
        0.5 * (turns.len() - 1) as f64 / seconds
    });
    (mean(&sizes).unwrap_or(0.0), frequency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    const RATE: f64 = 1_000.0;

    /// Minimum-jerk way of the fraction from 0 to 1 in `seconds`.
    fn minimum_jerk(t: f64, seconds: f64) -> f64 {
        let u = (t / seconds).clamp(0.0, 1.0);
        u * u * u * (10.0 - 15.0 * u + 6.0 * u * u)
    }

    fn straight(reach_m: f64) -> (Vec<f64>, Vec<f64>) {
        (0..2_000)
            .map(|i| {
                (
                    0.3 + 0.6 * minimum_jerk(f64::from(i) / RATE, 0.5) * reach_m,
                    0.1 + 0.8 * minimum_jerk(f64::from(i) / RATE, 0.5) * reach_m,
                )
            })
            .unzip()
    }

    #[test]
    fn minimum_jerk_to_the_target() {
        let (x, y) = straight(0.2);
        let found = reach(&x, &y, RATE, (0.3 + 0.12, 0.1 + 0.16)).unwrap();
        assert!((found.peak_speed_m_s - 1.875 * 0.2 / 0.5).abs() < 1e-4, "{found:?}");
        assert!((0.40..0.47).contains(&found.movement_time_s), "{found:?}");
        assert!(found.endpoint_error_mm < 1.0 && found.overshoot_mm < 1e-6 + 1.0, "{found:?}");
        assert!((found.path_curvature.unwrap() - 1.0).abs() < 1e-6);
        assert_eq!((found.terminal_amplitude_mm, found.terminal_frequency_hz), (0.0, None));
        assert!(found.came_to_rest);
    }

    #[test]
    fn overshoot_is_what_lies_beyond() {
        let (x, y) = straight(0.23);
        let found = reach(&x, &y, RATE, (0.3 + 0.12, 0.1 + 0.16)).unwrap();
        assert!((found.overshoot_mm - 30.0).abs() < 0.5 && (found.endpoint_error_mm - 30.0).abs() < 1.0, "{found:?}");
    }

    #[test]
    fn an_arc_is_curved() {
        let (x, y): (Vec<f64>, Vec<f64>) = (0..2_000)
            .map(|i| {
                let a = PI * minimum_jerk(f64::from(i) / RATE, 0.8);
                (-0.1 * libm::cos(a), 0.1 * libm::sin(a))
            })
            .unzip();
        let found = reach(&x, &y, RATE, (0.1, 0.0)).unwrap();
        assert!((found.path_curvature.unwrap() - PI / 2.0).abs() < 0.02, "{found:?}");
    }

    #[test]
    fn tremor_at_the_target() {
        let (x, mut y) = straight(0.2);
        for (i, v) in y.iter_mut().enumerate().skip(500) {
            *v += 0.004 * libm::sin(2.0 * PI * 4.0 * (i as f64 / RATE - 0.5));
        }
        let found = reach(&x, &y, RATE, (0.3 + 0.12, 0.1 + 0.16)).unwrap();
        assert!((found.terminal_amplitude_mm - 8.0).abs() < 0.1, "{found:?}");
        assert!((found.terminal_frequency_hz.unwrap() - 4.0).abs() < 0.1, "{found:?}");
        assert!(!found.came_to_rest && found.movement_time_s > 1.8);
    }

    #[test]
    fn no_movement() {
        assert_eq!(reach(&[0.1; 500], &[0.2; 500], RATE, (0.3, 0.3)), None);
        assert_eq!(reach(&[], &[], RATE, (0.3, 0.3)), None);
    }
}
