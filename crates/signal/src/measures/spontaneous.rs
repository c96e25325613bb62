//! Spontaneous activity of a muscle at rest: fibrillation potentials, positive sharp waves, fasciculation
//! potentials, end-plate spikes.

use super::{
    measurable, median,
    motor_unit_potential::motor_unit_potential,
    repetitive::{Run, RunKind},
    spike::{SpikeCriteria, intervals_s, irregularity, noise, sort_by_shape},
    unit_train::average_sweep,
};

mod between_bursts;

/// What a train of potentials at rest looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpontaneousKind {
    /// Short (below 5 ms), one shape, regular, 0.5 to 15 a second: a single muscle fibre that fires by itself. It starts
    /// positive, except within the end-plate zone, where the rhythm alone tells it from an end-plate spike.
    Fibrillation,
    /// A sharp positive deflection and a longer, lower negative one, regular, 0.5 to 15 a second: the same fibre, heard
    /// where its action potential ends.
    PositiveSharpWave,
    /// Longer than 5 ms, one shape, regular, above 2/s: a motor unit that is not at rest.
    RegularUnit,
    /// As long as a motor unit potential and irregular or seldom.
    Fasciculation,
    /// Short, irregular, and negative from the start: the needle is among the end-plates.
    EndplateSpike,
    /// None of these, or too few to say.
    Unclassified,
}

impl SpontaneousKind {
    /// Whether a single muscle fibre fires by itself: a sign of denervation or of a sick membrane.
    pub fn of_a_fibre(self) -> bool {
        matches!(self, Self::Fibrillation | Self::PositiveSharpWave)
    }
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

/// Limits between the kinds (textbook ranges, no one source): fibrillation potentials last 1 to 5 ms, positive sharp waves 10
/// to 30 ms, both fire regularly at 0.5 to 15/s; fasciculations have the size of a motor unit potential and no rhythm.
const SHORT_MS: f64 = 5.0;
/// Rates of a fibre that fires by itself, Hz; the median interval of a train that lost some to superposition is a little long.
const FIBRE_HZ: (f64, f64) = (0.4, 16.0);
/// Regular: coefficient of variation of the intervals below this. Assumed: a voluntary unit has 0.1 to 0.2,
/// a Poisson train 1.
const REGULAR: f64 = 0.3;
/// A positive sharp wave's negative phase is at least this many times as long as its positive one (assumed).
const LONG_PHASE: f64 = 2.0;

/// Sorts the potentials of a recording at rest (uV) by shape and names what each train looks like.
///
/// # Failure modes
/// Durations shorter than what the noise hides are too short; a recording below 10 kHz, or a high-pass above
/// 20 Hz, shortens them too. Endplate noise is not separated from small fibrillations.
///
/// # Example
/// ```
/// use tonus_signal::measures::spike::SpikeCriteria;
/// use tonus_signal::measures::spontaneous::{SpontaneousKind, spontaneous_trains};
/// // A fibre that fires by itself, eight times a second like a clock: up, down, up within 3 ms.
/// let rate_hz = 20_000.0;
/// let mut x = vec![0.0; 200_000];
/// for k in 0..78 {
///     for (i, v) in x[1_000 + 2_500 * k..][..60].iter_mut().enumerate() {
///         let t = i as f64 / 60.0;
///         *v = 100.0 * libm::sin(3.0 * std::f64::consts::PI * t) * libm::sin(std::f64::consts::PI * t);
///     }
/// }
/// let trains = spontaneous_trains(&x, rate_hz, &SpikeCriteria::spontaneous_uv());
/// assert_eq!(trains[0].kind, SpontaneousKind::Fibrillation);
/// assert!((trains[0].rate_hz.unwrap() - 8.0).abs() < 0.1);
/// ```
pub fn spontaneous_trains(samples_uv: &[f64], rate_hz: f64, criteria: &SpikeCriteria) -> Vec<SpontaneousTrain> {
    if !measurable(samples_uv, rate_hz) {
        return Vec::new();
    }
    let noise = noise(samples_uv);
    let (before, after) = ((0.015 * rate_hz) as usize, (0.035 * rate_hz) as usize);
    let dead = (1e-3 * criteria.dead_ms * rate_hz) as usize;
    // Stretches of the recording that the trains found so far have explained.
    let mut explained: Vec<(usize, usize)> = Vec::new();
    let mut trains = Vec::new();
    for train in sort_by_shape(samples_uv, rate_hz, criteria) {
        // The trough of a long potential and the high-pass's answer to its end are spikes of their own to the search: no
        // train if they come with a larger one.
        let within = train.at.iter().filter(|i| explained.iter().any(|(from, to)| (from..=to).contains(i))).count();
        if 10 * within > 8 * train.at.len() {
            continue;
        }
        let Some(sweep) = average_sweep(samples_uv, &train.at, before, after) else { continue };
        let potential = motor_unit_potential(&sweep, rate_hz);
        let amplitude_uv = potential.map_or_else(|| super::spike::height(&sweep), |p| p.amplitude_uv);
        let extent = Extent::around(&sweep, before, rate_hz, 3.0 * noise);
        if let Some(e) = extent {
            let (from, to) = (e.first.saturating_sub(dead), e.last + dead);
            explained
                .extend(train.at.iter().map(|i| ((i + from).saturating_sub(before), (i + to).saturating_sub(before))));
        }
        let duration_ms = extent.map_or(0.0, |e| e.samples() as f64 * 1e3 / rate_hz);
        let intervals = intervals_s(&train.at, rate_hz);
        let irregularity = irregularity(&intervals);
        let rate = median(&intervals).filter(|&m| m > 0.0).map(|m| 1.0 / m);
        trains.push(SpontaneousTrain {
            times_s: train.at.iter().map(|&i| i as f64 / rate_hz).collect(),
            amplitude_uv,
            duration_ms,
            irregularity,
            rate_hz: rate,
            kind: kind(duration_ms, extent.map(|e| e.shape(&sweep)), irregularity, rate),
        });
    }
    trains
}

fn kind(duration_ms: f64, shape: Option<Shape>, irregularity: Option<f64>, rate_hz: Option<f64>) -> SpontaneousKind {
    let regular = irregularity.is_some_and(|cv| cv < REGULAR);
    let of_a_fibre = regular && rate_hz.is_some_and(|r| (FIBRE_HZ.0..=FIBRE_HZ.1).contains(&r));
    match (shape, duration_ms < SHORT_MS) {
        (Some(Shape::PositiveWave), _) if of_a_fibre => SpontaneousKind::PositiveSharpWave,
        (_, true) if of_a_fibre => SpontaneousKind::Fibrillation,
        (Some(Shape::NegativeFirst), true) if irregularity.is_some() && !regular => SpontaneousKind::EndplateSpike,
        (_, true) => SpontaneousKind::Unclassified,
        (_, false) if regular && rate_hz.is_some_and(|r| r > 2.0) => SpontaneousKind::RegularUnit,
        (_, false) => SpontaneousKind::Fasciculation,
    }
}

/// The order of a potential's phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// One positive peak, the largest deflection, then one negative phase, lower and longer.
    PositiveWave,
    /// Another potential that starts positive.
    PositiveFirst,
    /// It starts negative.
    NegativeFirst,
}

/// Where a potential lies in its sweep.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Extent {
    first: usize,
    last: usize,
    baseline: f64,
    /// Departure from the baseline that counts.
    level: f64,
}

impl Extent {
    /// From first to last departure beyond 5 % of the peak (or `floor`) around the given sample; silence of
    /// 3 ms ends it. Small potentials need a level below the 20 uV of a motor unit potential.
    fn around(sweep: &[f64], centre: usize, rate_hz: f64, floor: f64) -> Option<Self> {
        let baseline = median(&sweep[..centre.div_ceil(2).max(1).min(sweep.len())])?;
        let near = (0.003 * rate_hz) as usize;
        let from = centre.saturating_sub(near);
        let to = (centre + near).min(sweep.len() - 1);
        let peak = sweep[from..=to].iter().map(|x| (x - baseline).abs()).fold(0.0, f64::max);
        let level = (0.05 * peak).max(floor).min(0.5 * peak);
        let loud = |i: usize| (sweep[i] - baseline).abs() > level;
        let begin = (from..=to).find(|&i| loud(i))?;
        let (mut first, mut last) = (begin, begin);
        let quiet = near.max(1);
        for i in begin..sweep.len() {
            if loud(i) {
                last = i;
            } else if i - last > quiet {
                break;
            }
        }
        for i in (0..begin).rev() {
            if loud(i) {
                first = i;
            } else if first - i > quiet {
                break;
            }
        }
        Some(Self { first, last, baseline, level })
    }

    fn samples(&self) -> usize {
        self.last - self.first
    }

    /// A deflection counts as a phase from a tenth of the largest: the ripple of a filter does not.
    fn shape(&self, sweep: &[f64]) -> Shape {
        let part: Vec<f64> = sweep[self.first..=self.last].iter().map(|x| x - self.baseline).collect();
        let largest = part.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        let level = self.level.max(0.1 * largest);
        // Runs beyond the level: sign, samples from the first to the last of the phase, peak.
        let mut phases: Vec<(bool, usize, usize, f64)> = Vec::new();
        for (i, x) in part.iter().enumerate().filter(|(_, x)| x.abs() >= level) {
            match phases.last_mut().filter(|p| p.0 == (*x > 0.0)) {
                Some(phase) => (phase.2, phase.3) = (i, phase.3.max(x.abs())),
                None => phases.push((*x > 0.0, i, i, x.abs())),
            }
        }
        match phases[..] {
            [(true, from, to, up), (false, start, end, down)]
                if up > down && (end - start) as f64 >= LONG_PHASE * (to - from) as f64 =>
            {
                Shape::PositiveWave
            }
            [(true, ..), ..] => Shape::PositiveFirst,
            _ => Shape::NegativeFirst,
        }
    }
}

/// Two spikes this near are of one potential, s.
const SAME_S: f64 = 0.003;

/// Times of the spikes of runs, in order, s.
struct SpikeTimes(Vec<f64>);

impl SpikeTimes {
    fn of<'a>(runs: impl Iterator<Item = &'a Run>) -> Self {
        let mut times_s: Vec<f64> = runs.flat_map(|r| &r.times_s).copied().collect();
        times_s.sort_by(f64::total_cmp);
        Self(times_s)
    }

    /// Whether one of them is of the same potential as what comes at this time.
    fn near(&self, at_s: f64) -> bool {
        let next = self.0.partition_point(|t| *t < at_s - SAME_S);
        self.0.get(next).is_some_and(|t| *t < at_s + SAME_S)
    }
}

/// Counts over a stretch of rest.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpontaneousActivity {
    /// Whether at least one train of fibrillation potentials or positive sharp waves is there.
    pub fibrillations: bool,
    /// Fibrillation potentials and positive sharp waves per second, all trains together.
    pub fibrillation_rate_hz: f64,
    /// Median rate of those trains, Hz.
    pub fibrillation_train_hz: Option<f64>,
    /// Fasciculation-like potentials per minute.
    pub fasciculations_per_min: f64,
    /// Their mean amplitude, peak to peak, uV.
    pub fasciculation_amplitude_uv: Option<f64>,
}

/// Counts the kinds of [`spontaneous_trains`] over the recording's length.
///
/// Two fibrillations at once are longer than one and come irregularly: in a recording with fibrillations, a
/// fasciculation is counted only above twice the tallest of them. The potentials of `runs`, where they are of a kind
/// ([`super::repetitive::runs`]), are neither, and what is no taller beside them, or beside unnamed runs too fast for a fibrillation, is counted no
/// more than beside fibrillations: where many fibres run at once, their sums are as long as a unit's potential. The bursts of an axon are of
/// whole units: beside them a fasciculation is what comes alone, as doublet or as triplet, out of silence.
pub fn spontaneous_activity(
    samples_uv: &[f64],
    rate_hz: f64,
    criteria: &SpikeCriteria,
    runs: &[Run],
) -> SpontaneousActivity {
    let seconds = samples_uv.len() as f64 / rate_hz;
    let mut found = SpontaneousActivity::default();
    let named = SpikeTimes::of(runs.iter().filter(|r| r.kind.is_some()));
    let fast = SpikeTimes::of(runs.iter().filter(|r| r.kind.is_some() || r.rate_hz > FIBRE_HZ.1));
    let mut trains = spontaneous_trains(samples_uv, rate_hz, criteria);
    // What a run leaves of itself where it meets another is no fasciculation either.
    let in_runs = trains.iter().filter(|t| t.times_s.iter().any(|at| fast.near(*at)));
    let tallest_in_run_uv = in_runs.map(|t| t.amplitude_uv).fold(0.0, f64::max);
    trains.retain(|t| 2 * t.times_s.iter().filter(|at| named.near(**at)).count() <= t.times_s.len());
    let of_fibres: Vec<f64> = trains.iter().filter(|t| t.kind.of_a_fibre()).filter_map(|t| t.rate_hz).collect();
    found.fibrillation_train_hz = median(&of_fibres);
    let has = |kind| runs.iter().any(|r| r.kind == Some(kind));
    let of_axons = has(RunKind::Neuromyotonic) && !has(RunKind::Myotonic) && !has(RunKind::ComplexRepetitive);
    let alone_uv = if of_axons { between_bursts::amplitudes_uv(samples_uv, rate_hz, criteria) } else { Vec::new() };
    let mut amplitudes = (alone_uv.len() as f64, alone_uv.iter().sum::<f64>());
    let of_fibres = trains.iter().filter(|t| t.kind.of_a_fibre());
    let tallest_uv = of_fibres.map(|t| t.amplitude_uv).fold(tallest_in_run_uv, f64::max);
    for train in trains {
        let count = train.times_s.len() as f64;
        if train.kind.of_a_fibre() {
            found.fibrillations = true;
            found.fibrillation_rate_hz += count / seconds;
        }
        if !of_axons && train.kind == SpontaneousKind::Fasciculation && train.amplitude_uv > 2.0 * tallest_uv {
            amplitudes = (amplitudes.0 + count, amplitudes.1 + count * train.amplitude_uv);
        }
    }
    if amplitudes.0 > 0.0 {
        found.fasciculations_per_min = 60.0 * amplitudes.0 / seconds;
    }
    found.fasciculation_amplitude_uv = (amplitudes.0 > 0.0).then(|| amplitudes.1 / amplitudes.0);
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
            spontaneous_activity(&[0.0; 40_000], RATE, &SpikeCriteria::spontaneous_uv(), &[]),
            SpontaneousActivity::default()
        );
    }

    #[test]
    fn regular_short_potentials_are_fibrillations() {
        let mut x = vec![0.0; 200_000];
        (1..58).for_each(|k| add(&mut x, 0.17 * f64::from(k), &FIBRILLATION));
        let found = spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv(), &[]);
        assert!(found.fibrillations && found.fasciculations_per_min == 0.0);
        assert!((found.fibrillation_rate_hz - 5.7).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn irregular_unit_potentials_are_fasciculations() {
        let mut x = vec![0.0; 1_200_000]; // 60 s
        for at in [1.3, 4.0, 4.9, 17.0, 22.2, 40.1, 41.0, 55.5] {
            add(&mut x, at, &FASCICULATION);
        }
        let found = spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv(), &[]);
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

    /// Sharp positive peak of 1.5 ms, then a negative phase of `length_ms` that falls fast, to `depth` of the peak, and wanes slowly.
    fn positive_sharp_wave(x: &mut [f64], at_s: f64, length_ms: f64, depth: f64) {
        add(x, at_s, &[(1.5, 250.0)]);
        let (start, n) = (((at_s + 1.5e-3) * RATE) as usize, (length_ms * 1e-3 * RATE) as usize);
        for k in 0..n {
            let u = k as f64 / n as f64;
            x[start + k] -= 250.0 * depth * (u / 0.15).min((1.0 - u) / 0.85);
        }
    }

    /// Kinds of the trains of four potentials and more.
    fn kinds(x: &[f64]) -> Vec<SpontaneousKind> {
        let trains = spontaneous_trains(x, RATE, &SpikeCriteria::spontaneous_uv());
        trains.iter().filter(|t| t.times_s.len() >= 4).map(|t| t.kind).collect()
    }

    #[test]
    fn regular_positive_sharp_waves_are_no_units_and_no_fasciculations() {
        for (rate_hz, length_ms, depth) in
            [(0.8, 20.0, 0.3), (2.0, 10.0, 0.5), (5.7, 15.0, 0.2), (9.0, 28.0, 0.15), (14.0, 12.0, 0.6)]
        {
            let mut x = vec![0.0; 200_000];
            let beats = (9.8 * rate_hz) as usize;
            (0..beats).for_each(|k| positive_sharp_wave(&mut x, 0.05 + k as f64 / rate_hz, length_ms, depth));
            assert_eq!(kinds(&x), [SpontaneousKind::PositiveSharpWave], "{rate_hz} Hz, {length_ms} ms, {depth}");
            let found = spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv(), &[]);
            assert!(found.fibrillations && found.fasciculations_per_min == 0.0, "{found:?}");
            assert!((found.fibrillation_rate_hz - beats as f64 / 10.0).abs() < 0.11, "{found:?}");
        }
    }

    #[test]
    fn fibrillations_of_two_and_three_phases() {
        for parts in [&FIBRILLATION[..], &[(0.7, 100.0), (1.2, -80.0)], &[(1.0, -200.0), (1.5, 60.0)]] {
            let mut x = vec![0.0; 200_000];
            (1..58).for_each(|k| add(&mut x, 0.17 * f64::from(k), parts));
            assert_eq!(kinds(&x), [SpontaneousKind::Fibrillation], "{parts:?}");
        }
    }

    #[test]
    fn irregular_spikes_that_start_negative_are_of_the_end_plate() {
        let mut x = vec![0.0; 200_000];
        let (mut at, mut state) = (0.05, 7_u64);
        while at < 9.9 {
            add(&mut x, at, &[(0.8, -150.0), (1.6, 60.0)]);
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let uniform = ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
            at += 0.012 - 0.05 * libm::log(uniform);
        }
        assert_eq!(kinds(&x), [SpontaneousKind::EndplateSpike]);
        let found = spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv(), &[]);
        assert_eq!(found, SpontaneousActivity::default());
    }

    #[test]
    fn a_unit_that_fires_on_is_not_at_rest_and_a_fast_one_no_fibre() {
        let mut steady = vec![0.0; 200_000];
        (1..80).for_each(|k| add(&mut steady, 0.12 * f64::from(k), &FASCICULATION));
        assert_eq!(kinds(&steady), [SpontaneousKind::RegularUnit]);
        let mut fast = vec![0.0; 200_000];
        (1..240).for_each(|k| add(&mut fast, 0.04 * f64::from(k), &FIBRILLATION));
        assert_eq!(kinds(&fast), [SpontaneousKind::Unclassified]);
    }

    #[test]
    fn slow_waves_that_come_without_a_rhythm_are_no_positive_sharp_waves() {
        let mut x = vec![0.0; 400_000];
        for at in [0.3, 0.9, 3.1, 3.4, 7.0, 7.35, 9.6, 13.0, 14.9, 15.1, 18.8] {
            positive_sharp_wave(&mut x, at, 15.0, 0.3);
        }
        assert!(!spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv(), &[]).fibrillations);
    }

    #[test]
    fn both_together() {
        let mut x = vec![0.0; 400_000];
        (1..110).for_each(|k| add(&mut x, 0.17 * f64::from(k) + 0.05, &FIBRILLATION));
        for at in [3.02, 9.59, 14.0] {
            add(&mut x, at, &FASCICULATION);
        }
        let found = spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv(), &[]);
        assert!(found.fibrillations && (8.0..10.5).contains(&found.fasciculations_per_min), "{found:?}");
    }

    #[test]
    fn two_fibrillations_at_once_are_no_fasciculation() {
        let mut x = vec![0.0; 400_000];
        (1..110).for_each(|k| add(&mut x, 0.17 * f64::from(k) + 0.05, &FIBRILLATION));
        (1..80).for_each(|k| add(&mut x, 0.231 * f64::from(k) + 0.0523, &[(0.5, 30.0), (0.8, -90.0), (1.2, 50.0)]));
        let found = spontaneous_activity(&x, RATE, &SpikeCriteria::spontaneous_uv(), &[]);
        assert!(found.fibrillations && found.fasciculations_per_min == 0.0, "{found:?}");
    }
}
