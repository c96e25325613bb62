//! Spikes in a needle recording: where they are and which have the same shape.

use super::{
    filter::{high_pass, resample},
    mean, measurable,
};

/// Samples from which the noise is estimated: enough for 1 %, and sorting more costs more than the rest of the search.
const NOISE_SAMPLES: usize = 16_384;

/// Noise of a mostly quiet signal, as a standard deviation: 1.4826 times the median absolute deviation from the median (the factor
/// that makes it the SD of Gaussian noise), from [`NOISE_SAMPLES`] of it taken evenly. Spikes that fill less than half of the time hardly
/// move it.
pub(crate) fn noise(samples: &[f64]) -> f64 {
    let step = samples.len().div_ceil(NOISE_SAMPLES).max(1);
    let mut some: Vec<f64> = samples.iter().step_by(step).copied().collect();
    let centre = median_of(&mut some);
    some.iter_mut().for_each(|x| *x = (*x - centre).abs());
    1.4826 * median_of(&mut some)
}

/// Median by selection, leaving the values in another order; 0 if there are none.
pub(crate) fn median_of(values: &mut [f64]) -> f64 {
    let n = values.len();
    if n == 0 {
        return 0.0;
    }
    let (below, &mut upper, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if n.is_multiple_of(2) => 0.5 * lower + 0.5 * upper,
        _ => upper,
    }
}

/// How spikes are found and told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpikeCriteria {
    /// Corner of the high-pass before detection and comparison, Hz: it keeps what is near the needle.
    pub high_pass_hz: f64,
    /// Smallest peak of a spike after the high-pass, in the signal's unit.
    pub smallest: f64,
    /// Smallest peak over the noise (median-based standard deviation).
    pub noise_factor: f64,
    /// Silence below the threshold that parts two spikes, ms.
    pub dead_ms: f64,
    /// Part of the signal that is compared, before and after the spike, ms.
    pub window_ms: (f64, f64),
    /// Two spikes have one shape if the energy of their difference is at most this share of the larger
    /// one's energy, plus twice that of the noise.
    pub difference: f64,
}

impl SpikeCriteria {
    /// Motor units at slight effort, signal in uV: 250 Hz high-pass, 50 uV, from 2 ms before to 3 ms after.
    pub const fn motor_units_uv() -> Self {
        Self {
            high_pass_hz: 250.0,
            smallest: 50.0,
            noise_factor: 5.0,
            dead_ms: 3.0,
            window_ms: (2.0, 3.0),
            difference: 0.2,
        }
    }

    /// Spontaneous potentials at rest, signal in uV: 20 uV, no high-pass beyond the amplifier's drift.
    pub const fn spontaneous_uv() -> Self {
        Self {
            high_pass_hz: 20.0,
            smallest: 20.0,
            noise_factor: 5.0,
            dead_ms: 5.0,
            window_ms: (2.0, 4.0),
            difference: 0.2,
        }
    }
}

/// Shapes are compared at this rate or more, Hz: 0.05 ms, a tenth of the rise of a spike.
const FINE_HZ: f64 = 20_000.0;

/// An event longer than this many dead times is cut.
const LONGEST_EVENT: usize = 4;

/// A set of spikes of one shape.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeTrain {
    /// Sample indices of the peaks, in order.
    pub at: Vec<usize>,
    /// Mean shape after the high-pass, over the criteria's window; at 20 kHz or more.
    pub shape: Vec<f64>,
}

/// Sample indices of the spikes: the largest rectified sample of each stretch of the high-passed signal that
/// exceeds the threshold without a silence of `dead_ms`. In a full interference pattern, stretches are cut
/// at four times that.
///
/// # Failure modes
/// Two spikes within the dead time are one; the threshold follows the noise, so a very full pattern raises it.
///
/// # Example
/// ```
/// use tonus_signal::measures::spike::{SpikeCriteria, spikes};
/// let mut x = vec![0.0; 20_000];
/// for at in [4_000, 9_000, 15_000] {
///     x[at..at + 6].fill(-300.0);
/// }
/// assert_eq!(spikes(&x, 20_000.0, &SpikeCriteria::motor_units_uv()).len(), 3);
/// ```
pub fn spikes(samples: &[f64], rate_hz: f64, criteria: &SpikeCriteria) -> Vec<usize> {
    if samples.is_empty() || !measurable(samples, rate_hz) {
        return Vec::new();
    }
    let filtered = high_pass(samples, rate_hz, criteria.high_pass_hz);
    peaks(&filtered, rate_hz, criteria, noise(&filtered))
}

fn peaks(filtered: &[f64], rate_hz: f64, criteria: &SpikeCriteria, noise: f64) -> Vec<usize> {
    let dead = ((1e-3 * criteria.dead_ms * rate_hz).round() as usize).clamp(1, filtered.len().max(1));
    peaks_above(filtered, criteria.smallest.max(criteria.noise_factor * noise), dead)
}

/// The largest sample of each stretch beyond a threshold that goes on without a silence of `dead` samples, cut at four times that.
pub(crate) fn peaks_above(filtered: &[f64], threshold: f64, dead: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < filtered.len() {
        if filtered[i].abs() < threshold || filtered[i] == 0.0 {
            i += 1;
            continue;
        }
        // One event goes on while gaps below the threshold stay shorter than the dead time.
        let (start, mut last, mut peak) = (i, i, i);
        while i < filtered.len() && i - last <= dead && i - start <= LONGEST_EVENT * dead {
            if filtered[i].abs() >= threshold {
                last = i;
                if filtered[i].abs() > filtered[peak].abs() {
                    peak = i;
                }
            }
            i += 1;
        }
        found.push(peak);
    }
    found
}

/// Sorts the spikes by shape: each joins the train whose mean it differs from least (shifted by up to
/// 1 ms), or starts one; then trains of like shape are merged and every spike is sorted once more
/// against the finished shapes. Trains come largest first.
///
/// # Failure modes
/// Superimposed spikes join no train or the wrong one: use it at slight effort, up to about four units.
///
/// # Example
/// ```
/// use tonus_signal::measures::spike::{SpikeCriteria, sort_by_shape};
/// let mut x = vec![0.0; 40_000];
/// for k in 0..10 {
///     x[2_000 + 3_600 * k..][..10].fill(-900.0);
///     x[3_500 + 3_500 * k..][..30].fill(-250.0);
/// }
/// let trains = sort_by_shape(&x, 20_000.0, &SpikeCriteria::motor_units_uv());
/// assert_eq!(trains.iter().map(|t| t.at.len()).collect::<Vec<_>>(), [10, 10]);
/// ```
pub fn sort_by_shape(samples: &[f64], rate_hz: f64, criteria: &SpikeCriteria) -> Vec<SpikeTrain> {
    if samples.is_empty() || !measurable(samples, rate_hz) {
        return Vec::new();
    }
    // Sharp spikes sampled slowly differ in shape with where the samples fall: compare them at a fine rate.
    let finer = (FINE_HZ / rate_hz).ceil().clamp(1.0, 32.0);
    let passed = high_pass(samples, rate_hz, criteria.high_pass_hz);
    let filtered = if finer > 1.0 { resample(&passed, rate_hz, finer * rate_hz) } else { passed };
    let given = finer as usize;
    let rate_hz = finer * rate_hz;
    let sd = noise(&filtered);
    let all = peaks(&filtered, rate_hz, criteria, sd);
    if all.is_empty() {
        return Vec::new();
    }
    let cutter = Cutter::new(&filtered, rate_hz, criteria, sd);
    let found: Vec<usize> = all.into_iter().filter(|&at| cutter.fits(at)).collect();

    let mut trains: Vec<SpikeTrain> = Vec::new();
    for &at in &found {
        match cutter.nearest(&trains, at) {
            Some((k, place)) => {
                let train = &mut trains[k];
                train.at.push(place);
                let weight = 1.0 / train.at.len().min(30) as f64;
                for (mean, x) in train.shape.iter_mut().zip(cutter.cut(place)) {
                    *mean += weight * (x - *mean);
                }
            }
            None => trains.push(SpikeTrain { at: vec![at], shape: cutter.cut(at).to_vec() }),
        }
    }
    let mut trains = merge(trains, cutter.shift, criteria.difference);
    for train in &mut trains {
        train.at.clear();
    }
    for &at in &found {
        if let Some((k, place)) = cutter.nearest(&trains, at) {
            trains[k].at.push(place);
        }
    }
    trains.retain(|t| !t.at.is_empty());
    for train in &mut trains {
        train.at.iter_mut().for_each(|i| *i = (*i / given).min(samples.len() - 1));
        train.at.sort_unstable();
    }
    trains.sort_by(|a, b| height(&b.shape).total_cmp(&height(&a.shape)));
    trains
}

/// Largest minus smallest value of a shape.
pub(crate) fn height(shape: &[f64]) -> f64 {
    let highest = shape.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let lowest = shape.iter().copied().fold(f64::INFINITY, f64::min);
    if shape.is_empty() { 0.0 } else { highest - lowest }
}

/// Cuts the compared window out of the filtered signal.
struct Cutter<'a> {
    filtered: &'a [f64],
    before: usize,
    after: usize,
    shift: usize,
    difference: f64,
    /// Energy of the noise within the window, for two spikes.
    noise: f64,
    /// Energy of all samples before each.
    energy_to: Vec<f64>,
}

impl<'a> Cutter<'a> {
    fn new(filtered: &'a [f64], rate_hz: f64, criteria: &SpikeCriteria, sd: f64) -> Self {
        let samples = |ms: f64| ((1e-3 * ms * rate_hz).round().max(0.0) as usize).min(filtered.len());
        let (before, after) = (samples(criteria.window_ms.0), samples(criteria.window_ms.1));
        let noise = 2.0 * sd * sd * (before + after + 1) as f64;
        let mut sum = 0.0;
        let energy_to = std::iter::once(0.0)
            .chain(filtered.iter().map(|x| {
                sum += x * x;
                sum
            }))
            .collect();
        Self { energy_to, filtered, before, after, shift: samples(1.0), difference: criteria.difference, noise }
    }

    fn fits(&self, at: usize) -> bool {
        at >= self.before + self.shift && at + self.after + self.shift < self.filtered.len()
    }

    fn cut(&self, at: usize) -> &'a [f64] {
        &self.filtered[at - self.before..=at + self.after]
    }

    /// Energy of the window around a place.
    fn energy(&self, at: usize) -> f64 {
        self.energy_to[at + self.after + 1] - self.energy_to[at - self.before]
    }

    /// The train of the least difference below the limit, and the place at which the spike fits it best.
    fn nearest(&self, trains: &[SpikeTrain], at: usize) -> Option<(usize, usize)> {
        let mut best: Option<(f64, usize, usize)> = None;
        for (k, train) in trains.iter().enumerate() {
            let of_shape = energy(&train.shape);
            // From the peak outwards: the best place is mostly near, and a good one early rules out the rest early.
            for step in 0..=2 * self.shift {
                let away = step.div_ceil(2);
                let place = if step % 2 == 1 { at + away } else { at - away };
                if place < self.before || place + self.after >= self.filtered.len() {
                    continue;
                }
                let limit = best.map_or(self.difference, |b| b.0);
                let here = self.energy(place);
                let larger = here.max(of_shape);
                let most = limit * larger + self.noise;
                if least_apart(here, of_shape) > most {
                    continue;
                }
                let Some(apart) = energy_apart(self.cut(place), &train.shape, most) else {
                    continue;
                };
                let d = if larger > 0.0 { (apart - self.noise) / larger } else { 0.0 };
                if best.is_none_or(|b| d < b.0) {
                    best = Some((d, k, place));
                }
            }
        }
        best.map(|(_, k, place)| (k, place))
    }
}

fn energy(shape: &[f64]) -> f64 {
    shape.iter().map(|x| x * x).sum()
}

/// Least energy that the difference of two shapes of these energies can have (the triangle inequality), rounded down.
fn least_apart(a: f64, b: f64) -> f64 {
    let apart = a.max(0.0).sqrt() - b.max(0.0).sqrt();
    (1.0 - 1e-9) * apart * apart
}

/// Energy of the difference of two shapes, unless it exceeds `most`.
fn energy_apart(a: &[f64], b: &[f64], most: f64) -> Option<f64> {
    let mut apart = 0.0;
    for (x, y) in a.chunks(32).zip(b.chunks(32)) {
        // Four sums side by side, so that they can be taken at once.
        let mut sums = [0.0; 4];
        let (mut x4, mut y4) = (x.chunks_exact(4), y.chunks_exact(4));
        for (x, y) in (&mut x4).zip(&mut y4) {
            for k in 0..4 {
                sums[k] += (x[k] - y[k]) * (x[k] - y[k]);
            }
        }
        let rest: f64 = x4.remainder().iter().zip(y4.remainder()).map(|(x, y)| (x - y) * (x - y)).sum();
        apart += (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest;
        if apart > most {
            return None;
        }
    }
    Some(apart)
}

/// Whether two shapes, moved by up to `shift` samples, differ by at most `limit` of the larger one's energy.
fn alike(a: &[f64], b: &[f64], shift: usize, limit: f64) -> bool {
    let n = a.len().min(b.len());
    let of = |shape: &[f64]| {
        let mut sum = 0.0;
        let to: Vec<f64> = std::iter::once(0.0)
            .chain(shape.iter().map(|x| {
                sum += x * x;
                sum
            }))
            .collect();
        to
    };
    let (to_a, to_b) = (of(a), of(b));
    (0..=2 * shift).any(|s| {
        let (lead, lag) = (s.saturating_sub(shift), shift.saturating_sub(s));
        if n <= lead + lag {
            return false;
        }
        let (in_a, in_b) = (to_a[n - lag] - to_a[lead], to_b[n - lead] - to_b[lag]);
        let most = limit * in_a.max(in_b);
        least_apart(in_a, in_b) <= most && energy_apart(&a[lead..n - lag], &b[lag..n - lead], most).is_some()
    })
}

fn merge(trains: Vec<SpikeTrain>, shift: usize, limit: f64) -> Vec<SpikeTrain> {
    let mut merged: Vec<SpikeTrain> = Vec::new();
    let mut trains = trains;
    trains.sort_by_key(|t| std::cmp::Reverse(t.at.len()));
    for train in trains {
        match merged.iter_mut().find(|m| alike(&m.shape, &train.shape, shift, 0.5 * limit)) {
            Some(m) => m.at.extend(train.at),
            None => merged.push(train),
        }
    }
    merged
}

/// Intervals between successive discharges of a train, s.
pub fn intervals_s(at: &[usize], rate_hz: f64) -> Vec<f64> {
    at.windows(2).map(|w| w[1].saturating_sub(w[0]) as f64 / rate_hz).collect()
}

/// Coefficient of variation (SD over mean) of the intervals that are shorter than twice their median, so
/// that a pause or a missed discharge doesn't count as irregular; `None` below four of them.
///
/// # Example
/// ```
/// use tonus_signal::measures::spike::irregularity;
/// let intervals = [0.09, 0.11, 0.09, 0.11, 0.5, 0.1]; // the pause does not count
/// assert!((irregularity(&intervals).unwrap() - 0.1).abs() < 0.01);
/// ```
pub fn irregularity(intervals: &[f64]) -> Option<f64> {
    let limit = 2.0 * super::median(intervals)?;
    let running: Vec<f64> = intervals.iter().copied().filter(|&i| i < limit).collect();
    let centre = mean(&running)?;
    (running.len() >= 4 && centre > 0.0).then(|| super::standard_deviation(&running).unwrap_or(0.0) / centre)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 20_000.0;

    fn wave(t_ms: f64, size: f64, width_ms: f64) -> f64 {
        let u = t_ms / width_ms;
        -size * (1.0 - u * u) * libm::exp(-0.5 * u * u)
    }

    /// Two shapes at 10 and 8 Hz for 5 s, with noise of 3 uV.
    fn two_units() -> Vec<f64> {
        let mut state = 3_u64;
        let mut x: Vec<f64> = (0..100_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                6.0 * ((state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5) * 1.732
            })
            .collect();
        for (from, step, size, width) in [(0.05, 0.1, 500.0, 0.2), (0.085, 0.125, 220.0, 0.45)] {
            let mut at = from;
            while at < 4.99 {
                let centre = (at * RATE) as usize;
                for (i, v) in x.iter_mut().enumerate().take(centre + 100).skip(centre.saturating_sub(100)) {
                    *v += wave(1e3 * (i as f64 / RATE - at), size, width);
                }
                at += step;
            }
        }
        x
    }

    #[test]
    fn spikes_are_found_once() {
        let mut x = vec![0.0; 20_000];
        for k in 0..10 {
            for i in 0..40 {
                x[1_000 + 1_500 * k + i] = wave(0.05 * (i as f64 - 20.0), 200.0, 0.2);
            }
        }
        let found = spikes(&x, RATE, &SpikeCriteria::motor_units_uv());
        assert_eq!(found.len(), 10);
        assert!(found[0].abs_diff(1_020) <= 4);
    }

    #[test]
    fn two_shapes_are_told_apart() {
        let trains = sort_by_shape(&two_units(), RATE, &SpikeCriteria::motor_units_uv());
        let large: Vec<_> = trains.iter().filter(|t| t.at.len() >= 10).collect();
        assert_eq!(large.len(), 2, "{:?}", trains.iter().map(|t| t.at.len()).collect::<Vec<_>>());
        assert!((44..=50).contains(&large[0].at.len()) && (34..=40).contains(&large[1].at.len()));
        assert!(irregularity(&intervals_s(&large[0].at, RATE)).unwrap() < 0.05);
    }

    #[test]
    fn pauses_are_not_irregular() {
        let cv = irregularity(&[0.1, 0.1, 0.1, 3.0, 0.1, 0.1]).unwrap();
        assert!(cv < 1e-12);
        assert_eq!(irregularity(&[0.1, 0.1]), None);
    }

    #[test]
    fn noise_ignores_a_few_spikes() {
        let mut quiet: Vec<f64> = (0..1000).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let before = noise(&quiet);
        for i in (0..1000).step_by(50) {
            quiet[i] = 1e6;
        }
        assert!((noise(&quiet) - before).abs() < 1e-12);
    }

    #[test]
    fn selection_gives_the_median() {
        for values in [&[3.0, 1.0, 2.0][..], &[4.0, 1.0, 2.0, 3.0], &[5.0]] {
            assert_eq!(Some(median_of(&mut values.to_vec())), super::super::median(values));
        }
        assert_eq!(median_of(&mut []), 0.0);
    }

    #[test]
    fn the_bound_never_rules_out_what_is_alike() {
        let a: Vec<f64> = (0..100).map(|i| wave(0.05 * (f64::from(i) - 50.0), 300.0, 0.3)).collect();
        for (scale, noise) in [(1.0, 0.0), (0.9, 5.0), (0.5, 20.0), (-1.0, 0.0)] {
            let b: Vec<f64> = a.iter().enumerate().map(|(i, x)| scale * x + noise * ((i % 7) as f64 - 3.0)).collect();
            let apart = energy_apart(&a, &b, f64::INFINITY).unwrap();
            assert!(least_apart(energy(&a), energy(&b)) <= apart, "{scale} {noise}");
        }
    }
}
