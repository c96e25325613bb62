//! How much the rates of concurrently active units rise and fall together.

use tonus_physiology::random::Seed;
use tonus_signal::measures::filter::high_pass;

use super::isometric::Isometric;
use super::train::{GRID_MS, regularity, smoothed_rate};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};
use crate::statistic::correlation;

const ID: &str = "voluntary.common_drive";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Index abduction held at 30 % of the maximum: cross-correlation of the smoothed rates of its units",
    source: "De Luca, LeFever, McCue & Xenakis 1982 J Physiol 327",
    measures: &[MeasureInfo {
        name: "peak_correlation",
        unit: "r",
        what: "largest correlation within 50 ms of zero lag of rates smoothed over 400 ms and high-passed at 1 Hz, mean of pairs",
    }],
    run,
};

/// Level held, share of the maximum, and time counted, ms.
const LEVEL: f64 = 0.3;
const HOLD_MS: usize = 20_000;
/// Hann window of the rates, ms, and corner that takes their slow drift away, Hz.
const WINDOW_MS: f64 = 400.0;
const CORNER_HZ: f64 = 1.0;
/// Largest lag drawn, and lag within which the peak counts, in steps of the grid.
const LAGS: usize = 100;
const NEAR: usize = 5;
/// Steps left out at either end, where window and filter have not settled.
const MARGIN: usize = 100;
/// Units that a needle or array would follow, and the least regularity with which it could.
const FOLLOWED: usize = 10;
const REGULAR: f64 = 0.3;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let man = Isometric::new(ID, "index", ("first_dorsal_interosseous", "palmar_interosseous"), true, seed)?;
    let held = man.hold(0, LEVEL, HOLD_MS);
    let steady: Vec<usize> =
        (0..man.units).filter(|u| regularity(&held.trains[*u]).is_some_and(|(_, cv)| cv < REGULAR)).collect();
    let step = (steady.len() / FOLLOWED).max(1);
    let followed: Vec<usize> = steady.into_iter().step_by(step).take(FOLLOWED).collect();
    let rates: Vec<Vec<f64>> = followed.iter().map(|u| smoothed_rate(&held.trains[*u], HOLD_MS, WINDOW_MS)).collect();
    let fast: Vec<Vec<f64>> = rates.iter().map(|r| high_pass(r, 1e3 / GRID_MS as f64, CORNER_HZ)).collect();
    let (mut peaks, mut mean) = (Vec::new(), vec![0.0; 2 * LAGS + 1]);
    for (i, a) in fast.iter().enumerate() {
        for b in &fast[i + 1..] {
            let function: Vec<f64> =
                (0..=2 * LAGS).map(|k| delayed_correlation(a, b, k as isize - LAGS as isize)).collect();
            peaks.push(function[LAGS - NEAR..=LAGS + NEAR].iter().copied().fold(f64::NEG_INFINITY, f64::max));
            mean.iter_mut().zip(function).for_each(|(m, f)| *m += f);
        }
    }
    let pairs = peaks.len().max(1) as f64;
    let lag_s = |k: usize| 1e-3 * GRID_MS as f64 * (k as f64 - LAGS as f64);
    let mut shown = Panel::new("Smoothed rates", "time (s)", "rate (1/s)");
    for (rate, unit) in rates.iter().zip(&followed).step_by(2) {
        let points = rate.iter().enumerate().skip(MARGIN).take(1000).map(|(i, r)| (1e-3 * (i * GRID_MS) as f64, *r));
        shown = shown.with(format!("unit {}", unit + 1), Mark::Line, points.collect());
    }
    let panels = vec![
        shown,
        Panel::new("Cross-correlation, mean of pairs", "lag (s)", "correlation")
            .with("model", Mark::Line, mean.iter().enumerate().map(|(k, m)| (lag_s(k), m / pairs)).collect())
            .published((-0.05, 0.05), (0.3, 0.8)),
    ];
    Ok(Observation { values: vec![Value::mean_of("peak_correlation", &peaks)], figure: Figure { panels } })
}

/// Correlation of `a` with `b` moved by `lag` steps, over the settled middle of both.
fn delayed_correlation(a: &[f64], b: &[f64], lag: isize) -> f64 {
    let n = a.len().min(b.len());
    let (from, to) = (MARGIN + LAGS, n.saturating_sub(MARGIN + LAGS));
    if to <= from + 2 {
        return f64::NAN;
    }
    let a = &a[from..to];
    let b = &b[from.saturating_add_signed(lag)..to.saturating_add_signed(lag)];
    correlation(a, b).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::delayed_correlation;

    #[test]
    fn a_signal_correlates_with_itself_and_with_its_delayed_copy_at_the_delay() {
        let wave: Vec<f64> = (0..2000_u32).map(|i| f64::from(i * i % 1009) + f64::from(i * 7 % 13)).collect();
        let late: Vec<f64> = (0..2000).map(|i| wave[(i + 1997) % 2000]).collect();
        assert!((delayed_correlation(&wave, &wave, 0) - 1.0).abs() < 1e-12);
        assert!((delayed_correlation(&wave, &late, 3) - 1.0).abs() < 1e-9);
        assert!(delayed_correlation(&wave, &late, 0).abs() < 0.5);
    }
}
