//! What is read from the path of a reaching hand.
//!
//! Every measure is of the hand alone, so a recorded path can be read the same way.

use serde::{Deserialize, Serialize};

use crate::brain::reach::{ReachTrace, STEP_S};
use crate::math;

/// Measures of one reach.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReachMeasures {
    /// From onset (5 % of peak speed) to the first stop (first time below 5 % of peak speed after it, or the end), s.
    pub movement_time_s: f64,
    /// Peak speed, m/s.
    pub peak_velocity_m_s: f64,
    /// Peak speed over mean speed of the movement; 1.875 for minimum jerk.
    pub speed_ratio: f64,
    /// Distance from the target where the hand is held: mean position of the last half second, mm.
    pub endpoint_error_mm: f64,
    /// Distance from the target along the path at the first stop, beyond positive, mm.
    pub first_stop_mm: f64,
    /// Furthest beyond the target along the path, 0 if not, mm.
    pub overshoot_mm: f64,
    /// Length of the path to the first stop over the straight distance between its ends; 1 is straight.
    pub path_curvature: f64,
    /// Root mean square of the hand's oscillation at 2-12 Hz, both directions together, in the last second and a half, mm.
    pub terminal_tremor_mm: f64,
    /// Frequency of most power of that oscillation, Hz; 0 if the tremor is below 1 mm.
    pub terminal_frequency_hz: f64,
}

/// Share of the way that counts as a reach.
const LEAST_WAY: f64 = 0.1;
/// Share of peak speed that counts as moving.
const MOVING: f64 = 0.05;
/// Gaussian smoothing of the velocity that onset and stop are read from, s: low pass 3.3 Hz, so that tremor does not stop a movement.
const LANDMARK_SMOOTHING_S: f64 = 0.04;
/// Gaussian smoothing of the speed whose peak is read, s: low pass 6 Hz, the practice in reaching.
const SPEED_SMOOTHING_S: f64 = 0.022;
/// What is read as holding the target, s before the end.
const HELD_S: f64 = 0.5;
/// What is read for terminal tremor, s before the end.
const TERMINAL_S: f64 = 1.5;
/// Band of tremor, Hz.
const LOWEST_HZ: f64 = 2.0;
/// Band of tremor, Hz.
const HIGHEST_HZ: f64 = 12.0;
/// Least tremor that has a frequency, mm; about the sway of a healthy held arm.
const LEAST_TREMOR_MM: f64 = 1.0;

impl ReachTrace {
    /// Measures of this reach; None if the hand never came a tenth of the way.
    pub fn measures(&self) -> Option<ReachMeasures> {
        measure(&self.hand_x_m, &self.hand_y_m, self.task.target_m)
    }
}

/// Measures of a path sampled at 1 kHz, from rest to rest, towards a target; None if the hand never came a tenth of the way.
pub fn measure(x_m: &[f64], y_m: &[f64], target_m: [f64; 2]) -> Option<ReachMeasures> {
    let n = x_m.len().min(y_m.len());
    if n < 10 {
        return None;
    }
    let toward = [target_m[0] - x_m[0], target_m[1] - y_m[0]];
    let distance = length(toward).max(1e-9);
    let unit = [toward[0] / distance, toward[1] / distance];
    let along: Vec<f64> = (0..n).map(|i| (x_m[i] - x_m[0]) * unit[0] + (y_m[i] - y_m[0]) * unit[1]).collect();
    if along.iter().all(|&a| a < LEAST_WAY * distance) {
        return None;
    }
    let speed: Vec<f64> = (1..n).map(|i| length([x_m[i] - x_m[i - 1], y_m[i] - y_m[i - 1]]) / STEP_S).collect();
    let advance: Vec<f64> = (1..n).map(|i| (along[i] - along[i - 1]) / STEP_S).collect();
    let advance = smoothed(&advance, LANDMARK_SMOOTHING_S);

    let peak = (0..n - 1).fold(0, |best, i| if advance[i] > advance[best] { i } else { best });
    let threshold = MOVING * advance[peak];
    let onset = (0..=peak).rev().find(|&i| advance[i] < threshold).unwrap_or(0);
    let stop = (peak..n - 1).find(|&i| advance[i] < threshold).unwrap_or(n - 2);
    let time_s = (stop - onset).max(1) as f64 * STEP_S;
    let path_m: f64 = speed[onset..stop].iter().sum::<f64>() * STEP_S;
    let straight_m = length([x_m[stop] - x_m[onset], y_m[stop] - y_m[onset]]);
    let peak_velocity_m_s = smoothed(&speed, SPEED_SMOOTHING_S)[onset..=stop].iter().copied().fold(0.0, f64::max);

    let held = n - ((HELD_S / STEP_S) as usize).min(n);
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let end = [mean(&x_m[held..n]) - target_m[0], mean(&y_m[held..n]) - target_m[1]];
    let furthest = along[onset..].iter().copied().fold(f64::MIN, f64::max);

    let last = n - ((TERMINAL_S / STEP_S) as usize).min(n);
    let (dx, dy) = (without_drift(&x_m[last..n]), without_drift(&y_m[last..n]));
    let (rms_m, frequency_hz) = oscillation(&dx, &dy);
    let tremor_mm = 1e3 * rms_m;
    Some(ReachMeasures {
        movement_time_s: time_s,
        peak_velocity_m_s,
        speed_ratio: if path_m > 0.0 { peak_velocity_m_s * time_s / path_m } else { 0.0 },
        endpoint_error_mm: 1e3 * length(end),
        first_stop_mm: 1e3 * (along[stop] - distance),
        overshoot_mm: 1e3 * (furthest - distance).max(0.0),
        path_curvature: if straight_m > 0.0 { path_m / straight_m } else { 1.0 },
        terminal_tremor_mm: tremor_mm,
        terminal_frequency_hz: if tremor_mm < LEAST_TREMOR_MM { 0.0 } else { frequency_hz },
    })
}

/// Gaussian moving average over 3 standard deviations to either side, the ends held.
fn smoothed(x: &[f64], deviation_s: f64) -> Vec<f64> {
    let deviation = deviation_s / STEP_S;
    let half = (3.0 * deviation) as usize;
    let weights: Vec<f64> =
        (0..=half).map(|i| math::exp(-0.5 * (i as f64 / deviation) * (i as f64 / deviation))).collect();
    let total = weights[0] + 2.0 * weights[1..].iter().sum::<f64>();
    let last = x.len() - 1;
    (0..x.len())
        .map(|i| {
            let sides = (1..=half).map(|d| weights[d] * (x[i.saturating_sub(d)] + x[(i + d).min(last)]));
            (weights[0] * x[i] + sides.sum::<f64>()) / total
        })
        .collect()
}

fn length(v: [f64; 2]) -> f64 {
    math::sqrt(v[0] * v[0] + v[1] * v[1])
}

/// `x` less its least-squares parabola.
fn without_drift(x: &[f64]) -> Vec<f64> {
    let n = x.len() as f64;
    // Discrete orthogonal polynomials on -1..1.
    let t: Vec<f64> = (0..x.len()).map(|i| 2.0 * (i as f64 + 0.5) / n - 1.0).collect();
    let t2 = t.iter().map(|t| t * t).sum::<f64>() / n;
    let mean = x.iter().sum::<f64>() / n;
    let slope = t.iter().zip(x).map(|(t, x)| t * x).sum::<f64>() / (n * t2);
    let square: f64 = t.iter().map(|t| (t * t - t2) * (t * t - t2)).sum::<f64>();
    let bend = t.iter().zip(x).map(|(t, x)| (t * t - t2) * x).sum::<f64>() / square;
    t.iter().zip(x).map(|(t, x)| x - mean - slope * t - bend * (t * t - t2)).collect()
}

/// Root mean square at 2-12 Hz of two components together, and the frequency of most power; Hann window.
fn oscillation(x: &[f64], y: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let turn = 2.0 * std::f64::consts::PI;
    let windowed = |x: &[f64]| -> Vec<f64> {
        x.iter().enumerate().map(|(i, v)| v * (0.5 - 0.5 * math::cos(turn * (i as f64 + 0.5) / n))).collect()
    };
    let (x, y) = (windowed(x), windowed(y));
    let power = |hz: f64| {
        let coefficient = 2.0 * math::cos(turn * hz * STEP_S);
        let of = |x: &[f64]| {
            let (mut s1, mut s2) = (0.0, 0.0);
            for v in x {
                let s0 = v + coefficient * s1 - s2;
                (s2, s1) = (s1, s0);
            }
            s1 * s1 + s2 * s2 - coefficient * s1 * s2
        };
        of(&x) + of(&y)
    };
    // Bins of the transform add up to the power; a finer grid finds the peak.
    let bin_hz = 1.0 / (n * STEP_S);
    let (first, last) = ((LOWEST_HZ / bin_hz) as usize, (HIGHEST_HZ / bin_hz) as usize);
    let total: f64 = (first..=last).map(|bin| power(bin as f64 * bin_hz)).sum();
    let (mut best, mut best_hz) = (-1.0, 0.0);
    for tenth in (10.0 * LOWEST_HZ) as u32..=(10.0 * HIGHEST_HZ) as u32 {
        let hz = 0.1 * f64::from(tenth);
        let here = power(hz);
        if here > best {
            (best, best_hz) = (here, hz);
        }
    }
    // One-sided (2), Hann (8/3).
    (math::sqrt(total * 2.0 * (8.0 / 3.0)) / n, best_hz)
}
