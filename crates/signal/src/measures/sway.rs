//! Standing still, from the centre of pressure: how far and how fast it wanders.

use std::f64::consts::PI;

use super::filter::low_pass;
use super::{mean, measurable, standard_deviation};

/// Corner of the low-pass, Hz (Prieto et al. 1996 IEEE Trans Biomed Eng 43:956: 5 Hz).
const CORNER_HZ: f64 = 5.0;
/// Chi-square of two degrees of freedom that 95 % stay below.
const ELLIPSE: f64 = 5.991;

/// Measures of quiet stance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sway {
    /// SD from the mean place, sideways and forwards, in the unit of the signal.
    pub rms: (f64, f64),
    /// Path over time, unit a second.
    pub speed: f64,
    /// Area of the ellipse that holds 95 % of the places if they are normally distributed, unit squared.
    pub area: f64,
}

/// Measures the centre of pressure: sideways and forwards, of one length and rate, any unit of length. `None` below a second, or if it cannot be measured.
///
/// # Failure modes
/// Recordings of less than 30 s underestimate the slow part of sway; a rate below 20 Hz its speed.
///
/// # Example
/// ```
/// use tonus_signal::measures::sway::sway;
/// // A circle of 5 mm once in ten seconds.
/// let turn = |i: i32| std::f64::consts::TAU * f64::from(i) / 1_000.0;
/// let (x, y): (Vec<f64>, Vec<f64>) = (0..6_000).map(|i| (5.0 * libm::cos(turn(i)), 5.0 * libm::sin(turn(i)))).unzip();
/// let found = sway(&x, &y, 100.0).unwrap();
/// assert!((found.rms.0 - 5.0 / 2.0_f64.sqrt()).abs() < 0.01);
/// assert!((found.speed - std::f64::consts::PI).abs() < 0.05);
/// ```
pub fn sway(sideways: &[f64], forwards: &[f64], rate_hz: f64) -> Option<Sway> {
    let usable = sideways.len() == forwards.len() && measurable(sideways, rate_hz) && measurable(forwards, rate_hz);
    if !usable || (sideways.len() as f64) < rate_hz {
        return None;
    }
    let (x, y) = (low_pass(sideways, rate_hz, CORNER_HZ), low_pass(forwards, rate_hz, CORNER_HZ));
    let (mean_x, mean_y) = (mean(&x)?, mean(&y)?);
    let (rms_x, rms_y) = (standard_deviation(&x)?, standard_deviation(&y)?);
    let together = x.iter().zip(&y).map(|(a, b)| (a - mean_x) * (b - mean_y)).sum::<f64>() / (x.len() - 1) as f64;
    let path: f64 = x.windows(2).zip(y.windows(2)).map(|(a, b)| libm::hypot(a[1] - a[0], b[1] - b[0])).sum();
    let determinant = (rms_x * rms_x * rms_y * rms_y - together * together).max(0.0);
    Some(Sway {
        rms: (rms_x, rms_y),
        speed: path * rate_hz / (x.len() - 1) as f64,
        area: PI * ELLIPSE * determinant.sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_circle_has_its_radius_speed_and_area() {
        let hz = 0.2;
        let angle = |k: i32| 2.0 * PI * hz * f64::from(k) / 100.0;
        let x: Vec<f64> = (0..10_000).map(|k| 3.0 + 2.0 * libm::sin(angle(k))).collect();
        let y: Vec<f64> = (0..10_000).map(|k| 2.0 * libm::cos(angle(k))).collect();
        let s = sway(&x, &y, 100.0).expect("a hundred seconds");
        assert!((s.rms.0 - 2.0_f64.sqrt()).abs() < 0.01 && (s.speed - 2.0 * PI * 2.0 * hz).abs() < 0.03, "{s:?}");
        assert!((s.area - PI * ELLIPSE * 2.0).abs() < 0.3, "{s:?}");
        let line = sway(&x, &x, 100.0).expect("a line");
        assert!(line.area < 1e-6);
        assert_eq!(sway(&x, &y[1..], 100.0), None);
        assert_eq!(sway(&x[..50], &y[..50], 100.0), None);
    }
}
