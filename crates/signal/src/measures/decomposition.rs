//! Decomposition of high-density surface EMG into the discharges of motor units, by blind separation of a convolutive mixture.
//!
//! The method is the convolution kernel compensation of Holobar & Zazula 2007 (IEEE Trans Signal Process 55:4487) begun by a fixed-point
//! iteration as in Negro, Muceli, Castronovo, Holobar & Farina 2016 (J Neural Eng 13:026027): signals extended by their own past, one filter a
//! unit that makes its train stand out from the rest, peaks of its output parted in two classes, the filter made anew from the signal at the
//! discharges as long as they stand out more. A train that fits no unit is taken for two merged ones and parted. Instead of being whitened, the signals enter through the inverse of their
//! covariance, which gives the same filters. Nothing is drawn at random.

mod cholesky;
mod extended;
mod pulses;

use self::cholesky::{Cholesky, dot};
use self::extended::Extended;
use self::pulses::{Pulses, pulses};
use super::agreement::agreement;
use super::filter::{band_pass, resample};
use super::{mean, measurable, standard_deviation};

/// How a grid is decomposed.
#[derive(Clone, Debug, PartialEq)]
pub struct DecompositionParameters {
    /// Pass band of the signals, Hz.
    pub band_hz: (f64, f64),
    /// Past that the filters see, s: with 64 channels at 2 kHz, 12 ms make 1,500 weights.
    pub extension_s: f64,
    /// Noise added to the covariance, of the mean variance of a channel: the part of the signals that no filter may amplify.
    pub ridge: f64,
    /// Most starting points tried.
    pub candidates: usize,
    /// Starting points in a row that may give no new unit before the search ends.
    pub patience: usize,
    /// Least silhouette of a unit that is kept (Negro 2016: 0.9).
    pub silhouette: f64,
    /// Most irregular unit that is kept: coefficient of variation of the intervals below a quarter of a second.
    pub irregularity: f64,
    /// Fewest discharges of a unit that is kept.
    pub fewest: usize,
}

impl Default for DecompositionParameters {
    /// 20-500 Hz; the rest chosen for what it finds in a recorded vastus lateralis and in simulated grids: 12 ms, a ridge of 1e-5 (from 1e-3 on,
    /// sources stand out too little), 100 starting points with a patience of 25; irregularity 0.5 and ten discharges (assumed: units of a steady
    /// contraction vary by 0.1 to 0.3).
    fn default() -> Self {
        Self {
            band_hz: (20.0, 500.0),
            extension_s: 0.012,
            ridge: 1e-5,
            candidates: 100,
            patience: 25,
            silhouette: 0.9,
            irregularity: 0.5,
            fewest: 10,
        }
    }
}

/// A motor unit found in a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct DecomposedUnit {
    /// Discharges, s from the first sample, in order.
    pub discharges_s: Vec<f64>,
    /// How far its peaks stand out from the rest of its source, 0 to 1.
    pub silhouette: f64,
    /// Coefficient of variation of the intervals below 0.25 s.
    pub irregularity: f64,
}

impl DecomposedUnit {
    /// Mean discharge rate while it fires: 1 / mean of the intervals below 0.25 s, Hz.
    pub fn rate_hz(&self) -> Option<f64> {
        mean(&steady(&self.discharges_s)).map(|m| 1.0 / m)
    }
}

/// Rate that faster recordings are brought down to, Hz: four times the end of the band.
const RATE_HZ: f64 = 2_048.0;
/// From this rate on, Hz.
const FAST_HZ: f64 = 4_000.0;
/// Longest filter, channels times lags: with more channels the past becomes shorter (128 channels at 2 kHz: 12 ms).
const LONGEST_FILTER: usize = 3_072;
/// Longest interval within a run of discharges, s.
const PAUSE_S: f64 = 0.25;
/// Rounds of the fixed point, and the change of the filter below which it has settled.
const FIXED_POINT_ROUNDS: usize = 10;
const SETTLED: f64 = 1e-4;
/// Rounds of refinement from the discharges.
const REFINEMENTS: usize = 15;
/// Rounds of the power iteration that parts merged units.
const HALVING_ROUNDS: usize = 20;
/// Share of discharges within half a millisecond from which two trains are one unit.
const SAME: f64 = 0.3;

/// Decomposes channels (all of `rate_hz` and one length, any one unit of voltage), units by their first discharge. Empty if the channels are fewer
/// than four, of different length, not measurable, or without a unit that stands out.
///
/// # Failure modes
/// What is found are the units whose potentials are alike from discharge to discharge and unlike those of others over the grid:
/// those near the skin, at forces where some tens are active; a deep or small unit is missed and its discharges stay in the noise. A moving
/// electrode or a muscle that changes its length ends a train. A rate below 1 kHz leaves too little of a potential's form; one
/// above 4 kHz is brought down to 2,048 Hz. Beyond 128 channels less and less of the past is seen; electrodes that all give one signal give nothing.
///
/// # Example
/// ```
/// use tonus_signal::measures::{agreement::agreement, decomposition::{DecompositionParameters, decompose}};
/// // One unit that fires about ten times a second, its potential larger and later from channel to channel; noise.
/// let (rate_hz, mut state) = (2_048.0, 7_u64);
/// let mut noise = || {
///     state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
///     (state >> 40) as f64 / (1 << 24) as f64 - 0.5
/// };
/// let truth_s: Vec<f64> = (0..60).map(|k| 0.1 + 0.1 * f64::from(k) + 0.02 * noise()).collect();
/// let grid: Vec<Vec<f64>> = (0..16)
///     .map(|c| {
///         let mut x: Vec<f64> = (0..12_900).map(|_| 4.0 * noise()).collect();
///         for t in &truth_s {
///             let at = (t * rate_hz).round() as usize + c;
///             for (i, v) in x[at..at + 12].iter_mut().enumerate() {
///                 *v += (20.0 + 5.0 * c as f64) * libm::sin(std::f64::consts::TAU * i as f64 / 12.0);
///             }
///         }
///         x
///     })
///     .collect();
/// let channels: Vec<&[f64]> = grid.iter().map(Vec::as_slice).collect();
/// let units = decompose(&channels, rate_hz, &DecompositionParameters::default());
/// assert_eq!(units.len(), 1);
/// assert!(agreement(&units[0].discharges_s, &truth_s).unwrap().rate > 0.95);
/// ```
pub fn decompose(channels: &[&[f64]], rate_hz: f64, parameters: &DecompositionParameters) -> Vec<DecomposedUnit> {
    let Some(first) = channels.first() else { return Vec::new() };
    if rate_hz.is_finite() && rate_hz > FAST_HZ {
        let slower: Vec<Vec<f64>> = channels.iter().map(|c| resample(c, rate_hz, RATE_HZ)).collect();
        return decompose(&slower.iter().map(Vec::as_slice).collect::<Vec<_>>(), RATE_HZ, parameters);
    }
    let usable = channels.len() >= 4 && channels.iter().all(|c| c.len() == first.len() && measurable(c, rate_hz));
    let lags = (parameters.extension_s * rate_hz).round().min((LONGEST_FILTER / channels.len()) as f64);
    if !usable || !(1.0..=1_000.0).contains(&lags) || (first.len() as f64) < 10.0 * lags {
        return Vec::new();
    }
    let banded: Vec<Vec<f64>> = channels
        .iter()
        .map(|c| {
            let offset = mean(c).unwrap_or(0.0);
            let centred: Vec<f64> = c.iter().map(|x| x - offset).collect();
            band_pass(&centred, rate_hz, parameters.band_hz.0, parameters.band_hz.1)
        })
        .collect();
    let Some(mut search) = Search::new(&banded, lags as usize, rate_hz, parameters) else { return Vec::new() };
    let mut in_vain = 0;
    for _ in 0..parameters.candidates {
        match search.candidate() {
            Some(true) => in_vain = 0,
            Some(false) if in_vain + 1 < parameters.patience => in_vain += 1,
            Some(false) | None => break,
        }
    }
    let mut units = search.units;
    units.sort_by(|a, b| a.discharges_s[0].total_cmp(&b.discharges_s[0]));
    units
}

/// A filter and what it gives.
struct Train {
    filter: Vec<f64>,
    pulses: Pulses,
}

/// The search for units, one starting point after another.
struct Search<'a> {
    extended: Extended,
    inverse: Cholesky,
    covariance: Vec<f64>,
    rate_hz: f64,
    parameters: &'a DecompositionParameters,
    /// Activity of each sample; nought where it has been a starting point or a unit is known to fire.
    activity: Vec<f64>,
    /// The filters of the units, each of unit output power.
    filters: Vec<Vec<f64>>,
    units: Vec<DecomposedUnit>,
}

impl<'a> Search<'a> {
    fn new(channels: &[Vec<f64>], lags: usize, rate_hz: f64, parameters: &'a DecompositionParameters) -> Option<Self> {
        let extended = Extended::new(channels, lags);
        let width = extended.width();
        let mut covariance = extended.covariance();
        let power = (0..width).map(|k| covariance[k * width + k]).sum::<f64>() / width as f64;
        if power.is_nan() || power <= 0.0 {
            return None;
        }
        (0..width).for_each(|k| covariance[k * width + k] += parameters.ridge * power);
        let inverse = Cholesky::of(&covariance, width)?;
        let activity = activity(channels)?;
        Some(Self {
            extended,
            inverse,
            covariance,
            rate_hz,
            parameters,
            activity,
            filters: Vec::new(),
            units: Vec::new(),
        })
    }

    /// Power of a filter's output.
    fn power(&self, filter: &[f64]) -> f64 {
        let n = filter.len();
        filter.iter().zip(self.covariance.chunks_exact(n)).map(|(w, row)| w * dot(row, filter)).sum()
    }

    /// The filter with an output of power one; `None` of silence.
    fn unit_power(&self, mut filter: Vec<f64>) -> Option<Vec<f64>> {
        let size = self.power(&filter).sqrt();
        (size.is_finite() && size > 0.0).then(|| {
            filter.iter_mut().for_each(|w| *w /= size);
            filter
        })
    }

    /// Takes off what the filters found before already see.
    fn deflated(&self, mut filter: Vec<f64>) -> Option<Vec<f64>> {
        let n = filter.len();
        if !self.filters.is_empty() {
            let seen: Vec<f64> = self.covariance.chunks_exact(n).map(|row| dot(row, &filter)).collect();
            for known in &self.filters {
                let share = dot(known, &seen);
                filter.iter_mut().zip(known).for_each(|(w, k)| *w -= share * k);
            }
        }
        self.unit_power(filter)
    }

    /// Tries the most active sample that is left: whether it gave a unit; `None` if there is none.
    fn candidate(&mut self) -> Option<bool> {
        let most =
            (0..self.activity.len()).max_by(|a, b| self.activity[*a].total_cmp(&self.activity[*b]).then(b.cmp(a)));
        let start = most.filter(|i| self.activity[*i] > 0.0)?;
        self.silence(start);
        let first = self.deflated(self.inverse.solve(&self.extended.at(start)));
        let Some(train) = first.and_then(|w| self.fixed_point(w)).and_then(|w| self.refined(w)) else {
            return Some(false);
        };
        train.pulses.at.iter().for_each(|k| self.silence(*k));
        let at = train.pulses.at.clone();
        if self.keep(train) {
            return Some(true);
        }
        if at.len() < 2 * self.parameters.fewest {
            return Some(false);
        }
        let mut new = false;
        for half in self.halves(&at) {
            let filter = self.unit_power(self.inverse.solve(&self.extended.mean_at(&half)));
            if let Some(train) = filter.and_then(|w| self.refined(w)) {
                new |= self.keep(train);
            }
        }
        Some(new)
    }

    /// No starting points about a sample.
    fn silence(&mut self, sample: usize) {
        let around = (self.parameters.extension_s * self.rate_hz) as usize;
        let end = (sample + around + 1).min(self.activity.len());
        self.activity[sample.saturating_sub(around)..end].fill(0.0);
    }

    /// The fixed point for the third power: the filter whose output is most lopsided.
    fn fixed_point(&self, mut filter: Vec<f64>) -> Option<Vec<f64>> {
        let n = self.extended.samples() as f64;
        for _ in 0..FIXED_POINT_ROUNDS {
            let source = self.extended.filtered(&filter);
            let square: Vec<f32> = source.iter().map(|s| s * s).collect();
            let slope = 2.0 * source.iter().map(|s| f64::from(*s)).sum::<f64>() / n;
            let mut next = self.inverse.solve(&self.extended.correlated(&square));
            next.iter_mut().zip(&filter).for_each(|(x, w)| *x -= slope * w);
            let next = self.deflated(next)?;
            // One with unit power each: their product is the correlation of the outputs.
            let alike: f64 =
                next.iter().zip(self.covariance.chunks_exact(next.len())).map(|(w, row)| w * dot(row, &filter)).sum();
            filter = next;
            if (alike.abs() - 1.0).abs() < SETTLED {
                break;
            }
        }
        Some(filter)
    }

    /// The filter made from its own discharges, as long as they stand out more.
    fn refined(&self, mut filter: Vec<f64>) -> Option<Train> {
        let mut best: Option<Train> = None;
        for _ in 0..REFINEMENTS {
            let found = pulses(&self.extended.filtered(&filter), self.rate_hz)?;
            if found.at.len() < self.parameters.fewest
                || best.as_ref().is_some_and(|b| found.silhouette <= b.pulses.silhouette)
            {
                break;
            }
            let next = self.unit_power(self.inverse.solve(&self.extended.mean_at(&found.at)))?;
            best = Some(Train { filter: std::mem::replace(&mut filter, next), pulses: found });
        }
        best
    }

    /// Two units that one filter took for one, parted: discharges on either side of the mean along the direction in which the whitened signals
    /// at them differ most.
    fn halves(&self, at: &[usize]) -> [Vec<usize>; 2] {
        let mut white: Vec<Vec<f64>> = at.iter().map(|k| self.inverse.whitened(&self.extended.at(*k))).collect();
        let n = self.extended.width();
        let mean: Vec<f64> = (0..n).map(|k| white.iter().map(|w| w[k]).sum::<f64>() / white.len() as f64).collect();
        white.iter_mut().for_each(|w| w.iter_mut().zip(&mean).for_each(|(w, m)| *w -= m));
        // Power iteration in the space of the discharges, begun where it is no eigenvector by construction.
        let mut scores: Vec<f64> = (0..at.len()).map(|k| if k % 2 == 0 { 1.0 } else { -0.5 }).collect();
        for _ in 0..HALVING_ROUNDS {
            let mut direction = vec![0.0; n];
            for (w, score) in white.iter().zip(&scores) {
                direction.iter_mut().zip(w).for_each(|(d, w)| *d += score * w);
            }
            scores = white.iter().map(|w| dot(w, &direction)).collect();
            let size = dot(&scores, &scores).sqrt();
            if size.is_nan() || size <= 0.0 {
                break;
            }
            scores.iter_mut().for_each(|s| *s /= size);
        }
        let side = |up: bool| at.iter().zip(&scores).filter(|(_, s)| (**s > 0.0) == up).map(|(k, _)| *k).collect();
        [side(true), side(false)]
    }

    /// Keeps a unit that stands out, once: of two trains of one unit the one that stands out more. Whether it was kept.
    fn keep(&mut self, train: Train) -> bool {
        let p = self.parameters;
        let Train { filter, pulses } = train;
        let Some(irregularity) = irregularity(&pulses.at, self.rate_hz) else { return false };
        if pulses.silhouette < p.silhouette || irregularity > p.irregularity {
            return false;
        }
        pulses.at.iter().for_each(|k| self.silence(*k));
        let discharges_s: Vec<f64> = pulses.at.iter().map(|k| *k as f64 / self.rate_hz).collect();
        let unit = DecomposedUnit { discharges_s, silhouette: pulses.silhouette, irregularity };
        let same = self.units.iter().position(|u| {
            agreement(&unit.discharges_s, &u.discharges_s).is_some_and(|a| a.sensitivity.max(a.precision) > SAME)
        });
        match same {
            Some(k) if self.units[k].silhouette < unit.silhouette => {
                self.units[k] = unit;
                self.filters[k] = filter;
                false
            }
            Some(_) => false,
            None => {
                self.units.push(unit);
                self.filters.push(filter);
                true
            }
        }
    }
}

/// Activity of each sample over all channels, each weighted by what the others do not share with it.
fn activity(channels: &[Vec<f64>]) -> Option<Vec<f64>> {
    let spatial = Extended::new(channels, 1);
    let n = spatial.width();
    let mut covariance = spatial.covariance();
    let power = (0..n).map(|k| covariance[k * n + k]).sum::<f64>() / n as f64;
    // A hundredth: the difference of two close electrodes is noise.
    (0..n).for_each(|k| covariance[k * n + k] += 0.01 * power);
    let inverse = Cholesky::of(&covariance, n)?;
    Some(
        (0..spatial.samples())
            .map(|i| {
                let x = spatial.at(i);
                dot(&x, &inverse.solve(&x))
            })
            .collect(),
    )
}

/// Intervals within runs of discharges, s.
fn steady(discharges_s: &[f64]) -> Vec<f64> {
    discharges_s.windows(2).map(|w| w[1] - w[0]).filter(|i| *i < PAUSE_S).collect()
}

fn irregularity(at: &[usize], rate_hz: f64) -> Option<f64> {
    let seconds: Vec<f64> = at.iter().map(|k| *k as f64 / rate_hz).collect();
    let intervals = steady(&seconds);
    Some(standard_deviation(&intervals)? / mean(&intervals)?)
}

#[cfg(test)]
mod tests {
    use super::super::agreement::agreement;
    use super::*;

    const RATE_HZ: f64 = 1_000.0;

    /// Uniform numbers, -1 to 1.
    struct Draw(u64);

    impl Draw {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        }
    }

    /// Four units of potentials that travel under four by four electrodes, and their trains.
    fn grid(noise: f64) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let mut draw = Draw(7);
        let mut channels = vec![vec![0.0; 15_000]; 16];
        let trains: Vec<Vec<f64>> = (0..4)
            .map(|unit| {
                let mut t = 0.3 + 0.1 * f64::from(unit);
                let mut train = Vec::new();
                while t < 14.5 {
                    train.push((t * RATE_HZ).round() / RATE_HZ);
                    t += (0.09 + 0.012 * f64::from(unit)) * (1.0 + 0.15 * draw.next());
                }
                train
            })
            .collect();
        let places = [(0.4, 0.3), (2.8, 1.1), (1.2, 2.6), (2.2, 2.9)];
        for (train, (x, y)) in trains.iter().zip(places) {
            for (c, channel) in channels.iter_mut().enumerate() {
                let (row, column) = ((c / 4) as f64, (c % 4) as f64);
                let size = 1.0 / (0.3 + (row - x).powi(2) + (column - y).powi(2));
                for t in train {
                    let start = (t * RATE_HZ) as usize;
                    for k in 0..14 {
                        let u = (f64::from(k) - 5.0 - 0.6 * (row - x) * (1.0 + 0.2 * y)) / 2.0;
                        channel[start + k as usize] += size * (1.0 - u * u) * libm::exp(-0.5 * u * u);
                    }
                }
            }
        }
        channels.iter_mut().flatten().for_each(|x| *x += noise * draw.next());
        (channels, trains)
    }

    #[test]
    fn the_trains_of_a_made_grid_come_back() {
        let (channels, trains) = grid(0.05);
        let views: Vec<&[f64]> = channels.iter().map(Vec::as_slice).collect();
        let units = decompose(&views, RATE_HZ, &DecompositionParameters::default());
        for train in &trains {
            let best =
                units.iter().filter_map(|u| agreement(&u.discharges_s, train)).map(|a| a.rate).fold(0.0, f64::max);
            assert!(best > 0.85, "{best}, {} units", units.len());
        }
        assert!(units.len() <= trains.len() + 1, "{} units of {}", units.len(), trains.len());
        let again = decompose(&views, RATE_HZ, &DecompositionParameters::default());
        assert_eq!(units, again);
    }

    #[test]
    fn noise_has_no_units_and_what_is_no_grid_is_refused() {
        let mut draw = Draw(3);
        let noise: Vec<Vec<f64>> = (0..8).map(|_| (0..6_000).map(|_| draw.next()).collect()).collect();
        let views: Vec<&[f64]> = noise.iter().map(Vec::as_slice).collect();
        let p = DecompositionParameters::default();
        assert_eq!(decompose(&views, RATE_HZ, &p), []);
        assert_eq!(decompose(&[], RATE_HZ, &p), []);
        assert_eq!(decompose(&views[..3], RATE_HZ, &p), []);
        assert_eq!(decompose(&views, f64::NAN, &p), []);
        assert_eq!(decompose(&[views[0], &views[1][1..], views[2], views[3]], RATE_HZ, &p), []);
        let flat = vec![vec![1.0; 6_000]; 8];
        let views: Vec<&[f64]> = flat.iter().map(Vec::as_slice).collect();
        assert_eq!(decompose(&views, RATE_HZ, &p), []);
    }
}
