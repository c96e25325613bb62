//! Tapping with a finger, from the times at which it touches and leaves: rate, regularity, slowing, halts.

use super::{mean, median, standard_deviation};

/// Taps left out at either end: the first find the rhythm, the last is broken off.
const ENDS: usize = 2;
/// An interval longer than this many medians is a halt, not a beat (assumed; a halt in Parkinson's disease lasts half a second and more).
const HALT: f64 = 2.5;
/// Fewest intervals that are measured.
const FEWEST: usize = 5;

/// Measures of a run of taps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tapping {
    /// Taps a second between halts: 1 / median interval, Hz.
    pub rate_hz: f64,
    /// Coefficient of variation of the intervals, halts left out, %.
    pub variation_percent: f64,
    /// Change of the interval over ten seconds, % of its mean: above 0 it slows (sequence effect).
    pub slowing_percent: f64,
    /// Intervals longer than two and a half times the median.
    pub halts: usize,
    /// Time the finger stays down, s; `None` where that is not known.
    pub contact_s: Option<f64>,
}

/// Measures taps from the times of touching, s, in order, and of leaving (any number; those that follow a touch before the next count).
/// `None` with fewer than five intervals.
///
/// ```
/// use tonus_signal::measures::tapping::tapping;
/// let down: Vec<f64> = (0..30).map(|k| 0.2 * f64::from(k)).collect();
/// let t = tapping(&down, &[]).unwrap();
/// assert!((t.rate_hz - 5.0).abs() < 1e-9 && t.halts == 0 && t.variation_percent < 1e-9);
/// ```
///
/// # Failure modes
/// A screen tells when it is touched, not how high the finger was lifted: the decrement of amplitude, the sign clinicians look for first, is not in
/// it. A touch that the screen missed reads as a halt or a long interval.
pub fn tapping(down_s: &[f64], up_s: &[f64]) -> Option<Tapping> {
    let kept = down_s.get(ENDS..down_s.len().checked_sub(ENDS)?)?;
    let intervals: Vec<(f64, f64)> = kept.windows(2).map(|w| (w[0], w[1] - w[0])).filter(|(_, i)| *i > 0.0).collect();
    if intervals.len() < FEWEST {
        return None;
    }
    let all: Vec<f64> = intervals.iter().map(|(_, i)| *i).collect();
    let middle = median(&all)?;
    let beats: Vec<(f64, f64)> = intervals.into_iter().filter(|(_, i)| *i <= HALT * middle).collect();
    let lengths: Vec<f64> = beats.iter().map(|(_, i)| *i).collect();
    let average = mean(&lengths)?;
    let contacts: Vec<f64> =
        kept.windows(2).filter_map(|w| up_s.iter().find(|u| **u > w[0] && **u <= w[1]).map(|u| u - w[0])).collect();
    Some(Tapping {
        rate_hz: 1.0 / median(&lengths)?,
        variation_percent: 100.0 * standard_deviation(&lengths)? / average,
        slowing_percent: 100.0 * 10.0 * slope(&beats) / average,
        halts: all.len() - beats.len(),
        contact_s: mean(&contacts),
    })
}

fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (x, y) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let xx: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    if xx > 0.0 { points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / xx } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slowing_and_a_halt_are_told_apart() {
        let mut t = 0.0;
        let down: Vec<f64> = (0..50)
            .map(|k| {
                t += 0.2 * (1.0 + 0.01 * t) + if k == 25 { 1.0 } else { 0.0 };
                t
            })
            .collect();
        let up: Vec<f64> = down.iter().map(|t| t + 0.08).collect();
        let found = tapping(&down, &up).expect("enough taps");
        assert_eq!(found.halts, 1);
        assert!((found.slowing_percent - 10.0).abs() < 1.5, "{found:?}");
        assert!((found.contact_s.expect("it leaves") - 0.08).abs() < 1e-9);
        assert_eq!(tapping(&down[..8], &up), None);
        assert_eq!(tapping(&[], &[]), None);
    }
}
