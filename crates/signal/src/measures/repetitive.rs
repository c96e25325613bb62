//! Repetitive discharges at rest: runs of one fibre, circuit or unit faster than any fibrillation, told apart by rhythm and form.
//!
//! A run is a chain of spikes of one form whatever their size (myotonic and neuromyotonic spikes shrink), each a little earlier or later than the one
//! before foretells. What it is then follows from the run alone:
//!
//! | kind | rate | rhythm | form |
//! |---|---|---|---|
//! | neuromyotonic | 150-300 Hz | smooth; slows and shrinks | short bursts |
//! | myotonic | 20-150 Hz | smooth; rate and size both drift by a tenth and more, gradually | a single fibre's: one spike |
//! | complex repetitive | 5-100 Hz | fixed to a few in a hundred, begins and ends at once | fixed, several spikes |
//! | cramp | 20-150 Hz | irregular, 20 spikes and more | a unit's |
//!
//! Ranges: textbook (Preston & Shapiro); what parts them within the ranges is ours, named at each constant. More than three or four runs at once
//! hide one another.

use super::{
    filter::high_pass,
    measurable, median,
    spike::{noise, peaks_above},
    standard_deviation,
};

/// What a run looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunKind {
    /// A fibre that goes on by itself, waxing and waning.
    Myotonic,
    /// A circuit of fibres: fixed in form and rhythm.
    ComplexRepetitive,
    /// A burst of an axon.
    Neuromyotonic,
    /// A unit in a cramp.
    Cramp,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Times of its spikes, s; those lost in others are missing.
    pub times_s: Vec<f64>,
    /// Median rate, Hz.
    pub rate_hz: f64,
    /// Slowest and fastest tenth of the rates, Hz.
    pub rate_range_hz: (f64, f64),
    /// Smallest over largest spike, ninth against first tenth of the sizes.
    pub size_ratio: f64,
    /// Spikes of one discharge.
    pub spikes: usize,
    /// What it is, if it is one of the four.
    pub kind: Option<RunKind>,
}

/// High-pass under which spikes are sought and compared, Hz: slow parts of neighbours stay out.
const HIGH_PASS_HZ: f64 = 300.0;
/// Smallest spike, uV, and over the noise.
const SMALLEST_UV: f64 = 20.0;
const OVER_NOISE: f64 = 5.0;
/// Silence that parts two spikes, ms (300 a second are told apart).
const DEAD_MS: f64 = 1.2;
/// Compared about a spike, ms.
const WINDOW_MS: (f64, f64) = (0.7, 0.9);
/// Correlation from which two spikes are of one form (assumed).
const ALIKE: f64 = 0.9;
/// Sizes of neighbours in a run differ by less than this factor (assumed: one form of two sizes is two fibres).
const SIZE_STEP: f64 = 1.35;
/// Fewest spikes of a run, and its lowest rate, Hz.
const FEWEST: usize = 10;
const SLOWEST_HZ: f64 = 4.0;
/// Most spikes of a run in a row that may be lost in others.
const MOST_LOST: f64 = 3.0;
/// The next interval differs from the last by less than this share, or it is another run (assumed: a cramp's unit varies by a third).
const INTERVAL_STEP: f64 = 0.5;
/// Successive intervals of a fixed rhythm differ by less than this share (assumed: jitter is far below 1 %, the sampling adds to it; those of a
/// fibrillation differ by 1 to 5 %).
const FIXED: f64 = 0.012;
/// Of a smooth one, by less than this (assumed: a unit varies by 10 % and more from one interval to the next).
const SMOOTH: f64 = 0.1;
/// Drift of rate, and of size, that counts as waxing or waning, ratio of the medians of thirds. The chains that pass from one regular fibrillation
/// to another drift in the one or the other by chance, seldom in both (tuned on simulated runs of myotonic fibres and on simulated denervated
/// muscles, in which it leaves one position of 200 that is taken for myotonic).
const DRIFT: f64 = 1.1;
/// Of a size that drifts gradually, the change from one spike to the next is below this share of that between its tenths (tuned as above: up to
/// 0.25 in runs, mostly above 0.3 where other fibres lie on the spikes).
const GRADUAL: f64 = 0.25;
/// Fewest spikes from which a course can be read (tuned as above).
const FEWEST_OF_COURSE: usize = 20;
/// Fewest spikes of a cramp's unit (assumed: half a second at 40 Hz; cramps last for seconds). Chains that pass between the spikes of overlapping
/// fibrillations are as irregular, and shorter.
const FEWEST_OF_CRAMP: usize = 20;
/// Shortest myotonic run, s (assumed: the tail of a burst that has slowed is shorter).
const MYOTONIC_S: f64 = 0.5;
/// Rates, Hz: of the fastest tenth of a burst's intervals, of the median interval of the others.
const NEUROMYOTONIC_HZ: f64 = 150.0;
/// A burst slows, and shrinks, from its first to its last third by more than this factor (tuned: bursts of simulated axons of 15 spikes and more do
/// by 1.08 and 1.1; of the chains that pass so fast between the runs of many myotonic fibres none is smooth and does both).
const WANES: f64 = 1.03;
const MYOTONIC_HZ: (f64, f64) = (18.0, 160.0);
const CRAMP_HZ: (f64, f64) = (18.0, 160.0);
const COMPLEX_HZ: (f64, f64) = (4.5, 110.0);

/// The runs of a recording at rest (uV), longest first.
///
/// # Failure modes
/// Two fibres that fire together, slowly and evenly, may read as one run of complex spikes; overlapping fibrillations as an irregular one.
///
/// # Example
/// ```
/// use tonus_signal::measures::repetitive::{RunKind, runs};
/// // A dive bomber: 80 spikes a second that slow down to 25, and grow smaller.
/// let rate_hz = 10_000.0;
/// let mut x = vec![0.0; 40_000];
/// let mut at = 0.5;
/// while at < 3.5 {
///     let done = (at - 0.5) / 3.0;
///     let i = (at * rate_hz) as usize;
///     x[i..i + 5].fill(-400.0 * (1.0 - 0.6 * done));
///     x[i + 5..i + 10].fill(200.0 * (1.0 - 0.6 * done));
///     at += 1.0 / (80.0 - 55.0 * done);
/// }
/// assert_eq!(runs(&x, rate_hz)[0].kind, Some(RunKind::Myotonic));
/// ```
pub fn runs(samples_uv: &[f64], rate_hz: f64) -> Vec<Run> {
    if samples_uv.is_empty() || !measurable(samples_uv, rate_hz) {
        return Vec::new();
    }
    let filtered = high_pass(samples_uv, rate_hz, HIGH_PASS_HZ);
    let threshold = SMALLEST_UV.max(OVER_NOISE * noise(&filtered));
    let samples = |ms: f64| (1e-3 * ms * rate_hz).round().max(1.0) as usize;
    let (before, after) = (samples(WINDOW_MS.0), samples(WINDOW_MS.1));
    let spikes: Vec<Spike> = peaks_above(&filtered, threshold, samples(DEAD_MS))
        .into_iter()
        .filter(|&at| at >= before && at + after < filtered.len())
        .map(|at| Spike::cut(&filtered, at, before, after))
        .collect();
    let mut taken = vec![false; spikes.len()];
    let mut found: Vec<Chain> = Vec::new();
    for first in 0..spikes.len() {
        if taken[first] {
            continue;
        }
        if let Some(chain) = Chain::from(&spikes, &taken, first, rate_hz) {
            chain.members.iter().for_each(|&i| taken[i] = true);
            found.push(chain);
        }
    }
    // The spikes of one complex discharge are chains in step with one another: the longest speaks for them.
    found.sort_by_key(|c| std::cmp::Reverse(c.members.len()));
    let mut groups: Vec<(Chain, usize)> = Vec::new();
    for chain in found {
        match groups.iter_mut().find(|(leader, _)| leader.leads(&chain, &spikes, rate_hz)) {
            Some((_, count)) => *count += 1,
            None => groups.push((chain, 1)),
        }
    }
    groups.into_iter().filter_map(|(chain, count)| chain.run(&spikes, rate_hz, count)).collect()
}

/// A spike with its form, of unit energy.
struct Spike {
    at: usize,
    size: f64,
    form: Vec<f64>,
}

impl Spike {
    fn cut(filtered: &[f64], at: usize, before: usize, after: usize) -> Self {
        let part = &filtered[at - before..=at + after];
        let size = part.iter().map(|x| x * x).sum::<f64>().sqrt();
        Self { at, size, form: part.iter().map(|x| x / size).collect() }
    }

    fn like(&self, other: &Self) -> bool {
        let ratio = self.size.max(other.size) / self.size.min(other.size);
        // One sample to either side: the peak falls between samples.
        let n = self.form.len();
        let at = |lead: usize, lag: usize| -> f64 {
            self.form[lead..n - lag].iter().zip(&other.form[lag..n - lead]).map(|(a, b)| a * b).sum()
        };
        ratio < SIZE_STEP && at(0, 0).max(at(1, 0)).max(at(0, 1)) > ALIKE
    }
}

/// Spikes that follow one another.
struct Chain {
    members: Vec<usize>,
    /// Interval of one step between each and the next, samples: where some were lost, their share of the gap.
    steps: Vec<f64>,
}

impl Chain {
    /// The chain that begins with a spike: the next two alike give its interval, and each further one comes when it is due, or a few times later
    /// if some were lost.
    fn from(spikes: &[Spike], taken: &[bool], first: usize, rate_hz: f64) -> Option<Self> {
        let longest = rate_hz / SLOWEST_HZ;
        let next_like = |from: usize, low: f64, high: f64| {
            let start = spikes[from].at as f64;
            spikes[from + 1..]
                .iter()
                .enumerate()
                .map(|(k, s)| (from + 1 + k, s))
                .skip_while(|(_, s)| (s.at as f64) < start + low)
                .take_while(|(_, s)| (s.at as f64) <= start + high)
                .filter(|(i, s)| !taken[*i] && s.like(&spikes[from]))
                .map(|(i, _)| i)
                .collect::<Vec<usize>>()
        };
        for second in next_like(first, 1.0, longest) {
            let mut members = vec![first, second];
            let mut interval = (spikes[second].at - spikes[first].at) as f64;
            let mut steps = vec![interval];
            'grow: loop {
                let last = members[members.len() - 1];
                for missed in 0..=MOST_LOST as usize {
                    let due = interval * (missed + 1) as f64;
                    if due > MOST_LOST * longest {
                        break;
                    }
                    let slack = INTERVAL_STEP * interval;
                    let here = next_like(last, due - slack, due + slack);
                    let start = spikes[last].at as f64;
                    let off = |i: &usize| (spikes[*i].at as f64 - start - due).abs();
                    if let Some(next) = here.into_iter().min_by(|a, b| off(a).total_cmp(&off(b))) {
                        let measured = (spikes[next].at as f64 - start) / (missed + 1) as f64;
                        interval += 0.6 * (measured - interval);
                        members.push(next);
                        steps.push(measured);
                        continue 'grow;
                    }
                }
                break;
            }
            if members.len() >= FEWEST {
                return Some(Self { members, steps });
            }
        }
        None
    }

    /// Whether the other's spikes keep a fixed distance to this one's.
    fn leads(&self, other: &Self, spikes: &[Spike], rate_hz: f64) -> bool {
        let mine: Vec<f64> = self.members.iter().map(|&i| spikes[i].at as f64).collect();
        let lags: Vec<f64> = other
            .members
            .iter()
            .filter_map(|&i| {
                let at = spikes[i].at as f64;
                let before = mine.partition_point(|m| *m <= at);
                (before > 0).then(|| at - mine[before - 1])
            })
            .collect();
        let Some(usual) = median(&lags) else { return false };
        let steady = lags.iter().filter(|l| (*l - usual).abs() < 2e-4 * rate_hz).count();
        10 * steady >= 7 * other.members.len()
    }

    /// Whether rate and size both wax or wane, the size gradually: what drifts by itself, not what others lie on or where the chain passes from
    /// one fibre to another.
    fn waxes_and_wanes(&self, sizes: &[f64]) -> bool {
        sizes.len() >= FEWEST_OF_COURSE && drift(&self.steps) > DRIFT && drift(sizes) > DRIFT && gradual(sizes)
    }

    fn run(&self, spikes: &[Spike], rate_hz: f64, spikes_each: usize) -> Option<Run> {
        let times_s: Vec<f64> = self.members.iter().map(|&i| spikes[i].at as f64 / rate_hz).collect();
        let all: Vec<f64> = self.steps.iter().map(|s| s / rate_hz).collect();
        let usual = median(&all)?;
        let changes: Vec<f64> = all.windows(2).map(|w| (w[1] - w[0]).abs() / (0.5 * (w[0] + w[1]))).collect();
        let step = median(&changes)?;
        let mut intervals: Vec<f64> = smoothed(&all);
        intervals.sort_by(f64::total_cmp);
        let tenth = intervals.len() / 10;
        let (shortest, longest) = (intervals[tenth], intervals[intervals.len() - 1 - tenth]);
        let sizes_in_order: Vec<f64> = self.members.iter().map(|&i| spikes[i].size).collect();
        let mut sizes = sizes_in_order.clone();
        sizes.sort_by(f64::total_cmp);
        let tenth = sizes.len() / 10;
        let size_ratio = sizes[tenth] / sizes[sizes.len() - 1 - tenth];
        let rate = 1.0 / usual;
        let within = |range: (f64, f64)| (range.0..=range.1).contains(&rate);
        let fixed = step < FIXED && longest / shortest < 1.0 + 2.0 * FIXED;
        let waxes_and_wanes = spikes_each == 1 && self.waxes_and_wanes(&sizes_in_order);
        let spread = standard_deviation(&all)? / usual;
        let lasts_s = times_s.last()? - times_s.first()?;
        let kind = if 1.0 / shortest > NEUROMYOTONIC_HZ {
            let wanes = growth(&all)? > WANES && growth(&sizes_in_order)? < 1.0 / WANES;
            (step < SMOOTH && wanes).then_some(RunKind::Neuromyotonic)
        } else if within(COMPLEX_HZ) && fixed && spikes_each > 1 {
            Some(RunKind::ComplexRepetitive)
        } else if within(MYOTONIC_HZ) && !fixed && step < SMOOTH && waxes_and_wanes && lasts_s >= MYOTONIC_S {
            Some(RunKind::Myotonic)
        } else if within(CRAMP_HZ) && step >= SMOOTH && spread >= SMOOTH && times_s.len() >= FEWEST_OF_CRAMP {
            Some(RunKind::Cramp)
        } else {
            None
        };
        Some(Run {
            times_s,
            rate_hz: rate,
            rate_range_hz: (1.0 / longest, 1.0 / shortest),
            size_ratio,
            spikes: spikes_each,
            kind,
        })
    }
}

/// Largest over smallest of the medians of three thirds.
fn drift(values: &[f64]) -> f64 {
    let third = values.len().div_ceil(3).max(1);
    let medians: Vec<f64> = values.chunks(third).filter_map(median).collect();
    let largest = medians.iter().copied().fold(0.0, f64::max);
    largest / medians.iter().copied().fold(f64::INFINITY, f64::min)
}

/// Median of the last third over that of the first.
fn growth(values: &[f64]) -> Option<f64> {
    let third = values.len() / 3;
    Some(median(&values[values.len() - third..])? / median(&values[..third])?)
}

/// Whether neighbours differ by little of what first and ninth tenth differ by.
fn gradual(values: &[f64]) -> bool {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tenth = sorted.len() / 10;
    let range = sorted[sorted.len() - 1 - tenth] - sorted[tenth];
    let changes: Vec<f64> = values.windows(2).map(|w| (w[1] - w[0]).abs()).collect();
    median(&changes).is_some_and(|change| change < GRADUAL * range)
}

/// Running medians of five: a spike taken for another moves none of them.
fn smoothed(intervals: &[f64]) -> Vec<f64> {
    let n = intervals.len();
    (0..n).filter_map(|i| median(&intervals[i.saturating_sub(2)..(i + 3).min(n)])).collect()
}

#[cfg(test)]
mod tests;
