//! Spontaneous activity of a muscle at rest: fibrillation-like and fasciculation-like potentials.

use super::{
    measurable, median,
    motor_unit_potential::motor_unit_potential,
    spike::{SpikeCriteria, intervals_s, irregularity, noise, sort_by_shape},
    unit_train::average_sweep,
};

/// What a train of potentials at rest looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpontaneousKind {
    /// Short (below 5 ms), one shape, regular: a single muscle fibre that fires by itself.
    Fibrillation,
    /// Longer than 5 ms, one shape, regular, above 2/s: a positive wave, or a unit that is not at rest.
    RegularUnit,
    /// As long as a motor unit potential and irregular or seldom.
    Fasciculation,
    /// Short and irregular: end-plate spikes, or too few to say.
    Unclassified,
}

/// One shape of potential at rest.
#[derive(Clone, Debug, PartialEq)]
pub struct SpontaneousTrain {
    /// Times, s.
    pub times_s: Vec<f64>,
    /// Peak-to-peak amplitude of the average, uV.
    pub amplitude_uv: f64,
    /// Duration of the average, ms.
    pub duration_ms: f64,
    /// Coefficient of variation of the intervals, if there are at least four.
    pub irregularity: Option<f64>,
    /// 1 / median interval, Hz, if there are two or more potentials.
    pub rate_hz: Option<f64>,
    /// What it looks like.
    pub kind: SpontaneousKind,
}

/// Limits between the kinds. Fibrillation potentials last 1 to 5 ms and fire regularly; fasciculations have
/// the size of a motor unit potential and fire without a rhythm (textbook ranges, no one source).
const SHORT_MS: f64 = 5.0;
/// Regular: coefficient of variation of the intervals below this. Assumed: a voluntary unit has 0.1 to 0.2,
/// a Poisson train 1.
const REGULAR: f64 = 0.3;

/// Sorts the potentials of a recording at rest (uV) by shape and names what each train looks like.
///
/// Durations shorter than what the noise hides are too short; a recording below 10 kHz, or a high-pass above
/// 20 Hz, shortens them too. Endplate noise is not separated from small fibrillations.
pub fn spontaneous_trains(samples_uv: &[f64], rate_hz: f64, criteria: &SpikeCriteria) -> Vec<SpontaneousTrain> {
    if !measurable(samples_uv, rate_hz) {
        return Vec::new();
    }
    let noise = noise(samples_uv);
    sort_by_shape(samples_uv, rate_hz, criteria)
        .into_iter()
        .filter_map(|train| {
            let (before, after) = ((0.015 * rate_hz) as usize, (0.025 * rate_hz) as usize);
            let sweep = average_sweep(samples_uv, &train.at, before, after)?;
            let potential = motor_unit_potential(&sweep, rate_hz);
            let amplitude_uv = potential.map_or_else(|| super::spike::height(&sweep), |p| p.amplitude_uv);
            let duration_ms = duration_at_fraction(&sweep, before, rate_hz, 3.0 * noise).max(0.0);
            let intervals = intervals_s(&train.at, rate_hz);
            let irregularity = irregularity(&intervals);
            let rate = median(&intervals).filter(|&m| m > 0.0).map(|m| 1.0 / m);
            Some(SpontaneousTrain {
                times_s: train.at.iter().map(|&i| i as f64 / rate_hz).collect(),
                amplitude_uv,
                duration_ms,
                irregularity,
                rate_hz: rate,
                kind: kind(duration_ms, irregularity, rate),
            })
        })
        .collect()
}

fn kind(duration_ms: f64, irregularity: Option<f64>, rate_hz: Option<f64>) -> SpontaneousKind {
    let regular = irregularity.is_some_and(|cv| cv < REGULAR);
    match (duration_ms < SHORT_MS, regular) {
        (true, true) => SpontaneousKind::Fibrillation,
        (true, false) => SpontaneousKind::Unclassified,
        (false, true) if rate_hz.is_some_and(|r| r > 2.0) => SpontaneousKind::RegularUnit,
        (false, _) => SpontaneousKind::Fasciculation,
    }
}

/// From first to last departure beyond 5 % of the peak (or `floor`), ms, around the given sample; silence of
/// 3 ms ends it. Small potentials need a level below the 20 uV of a motor unit potential.
fn duration_at_fraction(sweep: &[f64], centre: usize, rate_hz: f64, floor: f64) -> f64 {
    let Some(baseline) = median(&sweep[..centre.div_ceil(2).max(1).min(sweep.len())]) else { return 0.0 };
    let near = (0.003 * rate_hz) as usize;
    let from = centre.saturating_sub(near);
    let to = (centre + near).min(sweep.len() - 1);
    let peak = sweep[from..=to].iter().map(|x| (x - baseline).abs()).fold(0.0, f64::max);
    let level = (0.05 * peak).max(floor).min(0.5 * peak);
    let loud = |i: usize| (sweep[i] - baseline).abs() > level;
    let Some(mut last) = (from..=to).find(|&i| loud(i)) else { return 0.0 };
    let mut first = last;
    let quiet = near.max(1);
    let begin = last;
    for i in begin..sweep.len() {
        if loud(i) {
            last = i;
        } else if i - last > quiet {
            break;
        }
    }
    let begin = first;
    for i in (0..begin).rev() {
        if loud(i) {
            first = i;
        } else if first - i > quiet {
            break;
        }
    }
    (last - first) as f64 * 1e3 / rate_hz
}

/// Counts over a stretch of rest.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpontaneousActivity {
    /// Whether at least one fibrillation-like train is there.
    pub fibrillations: bool,
    /// Fibrillation-like potentials per second, all trains together.
    pub fibrillation_rate_hz: f64,
    /// Fasciculation-like potentials per minute.
    pub fasciculations_per_min: f64,
}

/// Counts the kinds of [`spontaneous_trains`] over the recording's length.
///
/// Two fibrillations at once are longer than one and come irregularly: in a recording with fibrillations, a
/// fasciculation is counted only above twice the tallest of them.
pub fn spontaneous_activity(samples_uv: &[f64], rate_hz: f64, criteria: &SpikeCriteria) -> SpontaneousActivity {
    let seconds = samples_uv.len() as f64 / rate_hz;
    let mut found = SpontaneousActivity::default();
    let trains = spontaneous_trains(samples_uv, rate_hz, criteria);
    let of_fibres = trains.iter().filter(|t| t.kind == SpontaneousKind::Fibrillation);
    let tallest_uv = of_fibres.map(|t| t.amplitude_uv).fold(0.0, f64::max);
    for train in trains {
        let count = train.times_s.len() as f64;
        match train.kind {
            SpontaneousKind::Fibrillation => {
                found.fibrillations = true;
                found.fibrillation_rate_hz += count / seconds;
            }
            SpontaneousKind::Fasciculation if train.amplitude_uv > 2.0 * tallest_uv => {
                found.fasciculations_per_min += 60.0 * count / seconds;
            }
            SpontaneousKind::Fasciculation | SpontaneousKind::RegularUnit | SpontaneousKind::Unclassified => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 20_000.0;

    fn add(x: &mut [f64], at_s: f64, parts: &[(f64, f64)]) {
        let mut i = (at_s * RATE) as usize;
        for (length_ms, peak) in parts {
            let n = (length_ms * 1e-3 * RATE) as usize;
            for k in 0..n {
                x[i] += peak * libm::sin(std::f64::consts::PI * k as f64 / n as f64);
                i += 1;
            }
        }
    }

    const FIBRILLATION: [(f64, f64); 3] = [(0.4, 40.0), (0.6, -120.0), (1.0, 40.0)];
    const FASCICULATION: [(f64, f64); 4] = [(2.0, 150.0), (1.5, -600.0), (3.0, 200.0), (3.0, -80.0)];

    #[test]
    fn silence() {
        assert_eq!(
            spontaneous_activity(&[0.0; 40_000], RATE, &SpikeCriteria::spontaneous_uv()),
            SpontaneousActivity::default()
        );
    }

    #[test]
    fn regular_short_potentials_are_fibrillations() {
        let mut x = vec![0.0; 200_000];
        (1..58).for_each(|k| add(&mut x, 0.17 * f64::from(k), &FIBRILLATION));
        let found = spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv());
        assert!(found.fibrillations && found.fasciculations_per_min == 0.0);
        assert!((found.fibrillation_rate_hz - 5.7).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn irregular_unit_potentials_are_fasciculations() {
        let mut x = vec![0.0; 1_200_000]; // 60 s
        for at in [1.3, 4.0, 4.9, 17.0, 22.2, 40.1, 41.0, 55.5] {
            add(&mut x, at, &FASCICULATION);
        }
        let found = spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv());
        assert!(!found.fibrillations);
        assert!((found.fasciculations_per_min - 8.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn a_single_twitch_is_a_fasciculation() {
        let mut x = vec![0.0; 200_000];
        add(&mut x, 5.0, &FASCICULATION);
        let trains = spontaneous_trains(&x, RATE, &SpikeCriteria::spontaneous_uv());
        assert_eq!(trains.len(), 1);
        assert_eq!(trains[0].kind, SpontaneousKind::Fasciculation);
        assert!((8.5..9.6).contains(&trains[0].duration_ms), "{}", trains[0].duration_ms);
    }

    #[test]
    fn both_together() {
        let mut x = vec![0.0; 400_000];
        (1..110).for_each(|k| add(&mut x, 0.17 * f64::from(k) + 0.05, &FIBRILLATION));
        for at in [3.02, 9.59, 14.0] {
            add(&mut x, at, &FASCICULATION);
        }
        let found = spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv());
        assert!(found.fibrillations && (8.0..10.5).contains(&found.fasciculations_per_min), "{found:?}");
    }

    #[test]
    fn two_fibrillations_at_once_are_no_fasciculation() {
        let mut x = vec![0.0; 400_000];
        (1..110).for_each(|k| add(&mut x, 0.17 * f64::from(k) + 0.05, &FIBRILLATION));
        (1..80).for_each(|k| add(&mut x, 0.231 * f64::from(k) + 0.0523, &[(0.5, 30.0), (0.8, -90.0), (1.2, 50.0)]));
        let found = spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv());
        assert!(found.fibrillations && found.fasciculations_per_min == 0.0, "{found:?}");
    }
}
