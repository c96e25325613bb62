//! Number of motor units from a CMAP scan, by a model of the scan (after MScanFit: Bostock 2016 Muscle Nerve 53:889).
//!
//! Each unit fires when the stimulus exceeds its threshold, which varies from stimulus to stimulus by a share `s` (relative spread):
//! p = Phi((I/theta - 1)/s). Then, along the scan,
//!
//! ```text
//! slope of the mean      dm/dI = sum a p'          integral of p' over I        = 1
//! excess variance        v     = sum a^2 p (1 - p) integral of p (1 - p) over I = s theta/sqrt(pi)
//! local size             a(I)  = sqrt(pi) v / (s I dm/dI)
//! ```
//!
//! 1. Mean, slope and variance along ln(I) by local quadratic regression; the noise of the bottom plateau is taken off.
//! 2. The mean curve is cut, from the bottom up, into units of the local size, none below the limit (0.25 % of the maximum, the
//!    published program's): this fixes their number.
//! 3. Thresholds and sizes move, by steps that halve, as long as the scan becomes likelier: each response normal about the model's
//!    mean with the model's variance.
//!
//! Where it fails: units of very unequal size at one threshold count as fewer (the variance weighs large ones), above some 150 units
//! the number falls short, and a drift of the thresholds during the scan adds to the variance, so to the size.

use super::cmap_scan::CmapScan;
use super::median;

/// Relative spread of a motor axon's threshold (fits of the published program print 2.0 %).
pub const RELATIVE_SPREAD: f64 = 0.02;
/// Smallest unit, share of the maximal response (27 public fits print a limit of 0.25 %).
const SIZE_LIMIT: f64 = 0.0025;
/// Width of the local regression, in ln(stimulus), and the grid it is done on: chosen on simulated scans of 20 to 250 units so that
/// slope and variance are smooth over one relative spread.
const WINDOW: f64 = 0.015;
const GRID: f64 = 0.0025;
/// Further smoothing of slope and of variance, grid steps (1 SD).
const SMOOTHING: f64 = 4.0;
/// Lower quartile of |difference of two normal numbers| over their SD.
const QUARTILE_DIFFERENCE: f64 = 0.4506;
/// First and last step in which thresholds (share) and sizes (share) move.
const FIRST_STEP: f64 = 0.02;
const LAST_STEP: f64 = 0.0025;

/// A unit of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FittedUnit {
    /// Stimulus at which it fires half of the time, mA.
    pub threshold_ma: f64,
    /// Its potential, mV.
    pub size_mv: f64,
}

/// A model of a scan.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitFit {
    /// The units, lowest threshold first.
    pub units: Vec<FittedUnit>,
    /// Mean distance of the responses from the model's mean, % of the maximal response.
    pub error_percent: f64,
}

impl UnitFit {
    /// Mean size of a unit, uV.
    pub fn mean_size_uv(&self) -> f64 {
        1e3 * self.units.iter().map(|u| u.size_mv).sum::<f64>() / self.units.len() as f64
    }

    /// Size of the largest unit, uV.
    pub fn largest_size_uv(&self) -> f64 {
        1e3 * self.units.iter().map(|u| u.size_mv).fold(0.0, f64::max)
    }
}

/// The units of a scan; `None` if it has no response above the noise of its bottom plateau.
///
/// # Failure modes
/// Units smaller than the noise are not counted one by one: they are shared out evenly among those that are. Where a plateau is cut short, units with
/// thresholds beyond it are missed.
///
/// # Example
/// ```
/// use tonus_signal::measures::{cmap_scan::CmapScan, unit_number::unit_number};
/// // Eight units of 1 mV, their thresholds half a milliampere apart and uncertain by 2 %; a hundred stimuli a milliampere.
/// let mut state = 5_u64;
/// let mut gauss = || {
///     (0..12).map(|_| {
///         state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
///         (state >> 40) as f64 / (1 << 24) as f64 - 0.5
///     }).sum::<f64>()
/// };
/// let ma: Vec<f64> = (0..600).map(|k| 3.0 + 0.01 * f64::from(k)).collect();
/// let mv: Vec<f64> = ma
///     .iter()
///     .map(|i| 0.005 * gauss() + (0..8).filter(|u| *i > (3.75 + 0.5 * f64::from(*u)) * (1.0 + 0.02 * gauss())).count() as f64)
///     .collect();
/// let units = unit_number(&CmapScan::new(ma, mv).unwrap()).unwrap().units.len();
/// assert!((7..=9).contains(&units), "{units}");
/// ```
pub fn unit_number(scan: &CmapScan) -> Option<UnitFit> {
    let maximum_mv = median(&scan.top_mv())?;
    let bottom = scan.bottom_mv();
    let mut steps: Vec<f64> = bottom.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    steps.sort_by(f64::total_cmp);
    // The lower quartile: a unit that still fires now and then makes large steps, not small ones.
    let noise_mv = steps.get(steps.len() / 4).copied().unwrap_or(0.0) / QUARTILE_DIFFERENCE;
    let rise_mv = maximum_mv - median(&bottom)?;
    let limit_mv = SIZE_LIMIT * maximum_mv;
    if rise_mv <= (5.0 * noise_mv).max(1e-9) {
        return None;
    }
    let curve = Curve::of(scan, noise_mv, limit_mv)?;
    let mut model = Model::new(scan, noise_mv, curve.cut(limit_mv));
    model.refine(limit_mv);
    let error: f64 = model.mean.iter().zip(scan.response_mv()).map(|(m, y)| (m - y).abs()).sum();
    let error_percent = 100.0 * error / (scan.response_mv().len() as f64 * maximum_mv);
    let mut units = model.units;
    units.sort_by(|a, b| a.threshold_ma.total_cmp(&b.threshold_ma));
    (!units.is_empty()).then_some(UnitFit { units, error_percent })
}

/// Mean response and local unit size along ln(stimulus).
struct Curve {
    ln_ma: Vec<f64>,
    mean_mv: Vec<f64>,
    size_mv: Vec<f64>,
}

impl Curve {
    fn of(scan: &CmapScan, noise_mv: f64, limit_mv: f64) -> Option<Self> {
        let mut points: Vec<(f64, f64)> =
            scan.stimulus_ma().iter().map(|i| libm::log(*i)).zip(scan.response_mv().iter().copied()).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (first, last) = (points[0].0, points[points.len() - 1].0);
        let cells = (((last - first) / GRID) as usize).min(MOST_CELLS);
        if cells < 8 {
            return None;
        }
        let ln_ma: Vec<f64> = (0..=cells).map(|k| first + (last - first) * k as f64 / cells as f64).collect();
        let mut mean_mv = Vec::with_capacity(ln_ma.len());
        let mut excess = Vec::with_capacity(ln_ma.len());
        for x in &ln_ma {
            let (mean, variance) = local(&points, *x);
            mean_mv.push(mean_mv.last().map_or(mean, |before: &f64| before.max(mean)));
            excess.push((variance - noise_mv * noise_mv).max(0.0));
        }
        let step = (last - first) / cells as f64;
        let slope: Vec<f64> = (0..=cells)
            .map(|k| {
                let (a, b) = (k.saturating_sub(1), (k + 1).min(cells));
                (mean_mv[b] - mean_mv[a]) / ((b - a) as f64 * step)
            })
            .collect();
        let (slope, excess) = (smoothed(&slope), smoothed(&excess));
        let root_pi = std::f64::consts::PI.sqrt();
        // Where the curve rises by less than a tenth of the smallest unit in one spread, there is none.
        let flat = 0.1 * limit_mv / RELATIVE_SPREAD;
        let size_mv = slope
            .iter()
            .zip(&excess)
            .map(|(slope, v)| (root_pi * v / (RELATIVE_SPREAD * slope.max(flat))).max(limit_mv))
            .collect();
        Some(Self { ln_ma, mean_mv, size_mv })
    }

    /// Units of the local size, from the bottom up.
    fn cut(&self, limit_mv: f64) -> Vec<FittedUnit> {
        let (low, high) = (self.mean_mv[0], self.mean_mv[self.mean_mv.len() - 1]);
        let mut units = Vec::new();
        let mut level = low;
        // More units than of the least size make up the whole there cannot be (a scan whose bottom lies far below zero).
        while high - level > 1e-9 && units.len() < MOST_UNITS {
            let here = at(&self.mean_mv, &self.size_mv, level);
            let mut size_mv = at(&self.mean_mv, &self.size_mv, level + 0.5 * here).min(high - level);
            // What is left over is no unit of its own.
            if high - level - size_mv < 0.5 * limit_mv {
                size_mv = high - level;
            }
            let threshold_ma = libm::exp(at(&self.mean_mv, &self.ln_ma, level + 0.5 * size_mv));
            units.push(FittedUnit { threshold_ma, size_mv });
            level += size_mv;
        }
        units
    }
}

/// More units than a scan can have: each the smallest.
const MOST_UNITS: usize = (2.0 / SIZE_LIMIT) as usize;
/// More cells than a scan of 0.2 % steps over a hundredfold current has.
const MOST_CELLS: usize = 4000;

/// `values` where `levels`, which do not fall, reach `level`; linear between.
fn at(levels: &[f64], values: &[f64], level: f64) -> f64 {
    let k = levels.partition_point(|l| *l < level).clamp(1, levels.len() - 1);
    let span = levels[k] - levels[k - 1];
    let share = if span > 0.0 { ((level - levels[k - 1]) / span).clamp(0.0, 1.0) } else { 1.0 };
    values[k - 1] + share * (values[k] - values[k - 1])
}

/// Mean and variance of the points at `x` by a quadratic, points weighted by their distance.
fn local(points: &[(f64, f64)], x: f64) -> (f64, f64) {
    let reach = 5.0 * WINDOW;
    let from = points.partition_point(|p| p.0 < x - reach);
    let to = points.partition_point(|p| p.0 <= x + reach);
    // In units of the window, so that the moments are of like size.
    let near: Vec<(f64, f64, f64)> = points[from..to]
        .iter()
        .map(|&(px, y)| {
            let u = (px - x) / WINDOW;
            (u, y, libm::exp(-0.5 * u * u))
        })
        .collect();
    let moment = |power: i32, squared: bool| -> f64 {
        near.iter().map(|&(u, _, w)| u.powi(power) * if squared { w * w } else { w }).sum()
    };
    let matrix = |squared: bool| -> [[f64; 3]; 3] {
        let m: [f64; 5] = std::array::from_fn(|k| moment(k as i32, squared));
        std::array::from_fn(|i| std::array::from_fn(|j| m[i + j]))
    };
    let gram = matrix(false);
    let inverse = inverse(gram);
    let right: [f64; 3] = std::array::from_fn(|i| near.iter().map(|&(u, y, w)| w * u.powi(i as i32) * y).sum());
    let coefficient: [f64; 3] = std::array::from_fn(|i| (0..3).map(|j| inverse[i][j] * right[j]).sum());
    let squares: f64 = near
        .iter()
        .map(|&(u, y, w)| {
            let residual = y - coefficient[0] - u * (coefficient[1] + u * coefficient[2]);
            w * residual * residual
        })
        .sum();
    // Weights less what the three coefficients have taken up of them.
    let weighted = matrix(true);
    let used: f64 = (0..3).map(|i| (0..3).map(|j| inverse[i][j] * weighted[j][i]).sum::<f64>()).sum();
    // Where stimuli are few the quadratic may leave the range of the responses it is of.
    let (low, high) = near.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), p| (l.min(p.1), h.max(p.1)));
    (coefficient[0].clamp(low, high.max(low)), squares / (gram[0][0] - used).max(1e-3))
}

/// Inverse of a symmetric 3 by 3 matrix of moments. A little is added to its diagonal: with fewer than three stimuli in reach the
/// quadratic is then a flat line and not an error.
fn inverse(m: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let ridge = 1e-9 * (m[0][0] + m[1][1] + m[2][2]) + 1e-12;
    let a: [[f64; 3]; 3] = std::array::from_fn(|i| std::array::from_fn(|j| m[i][j] + if i == j { ridge } else { 0.0 }));
    let minor = |i: usize, j: usize| {
        let (r0, r1) = ((i + 1) % 3, (i + 2) % 3);
        let (c0, c1) = ((j + 1) % 3, (j + 2) % 3);
        a[r0][c0] * a[r1][c1] - a[r0][c1] * a[r1][c0]
    };
    let determinant: f64 = (0..3).map(|j| a[0][j] * minor(0, j)).sum();
    std::array::from_fn(|i| std::array::from_fn(|j| minor(j, i) / determinant))
}

/// Gaussian smoothing; the ends repeat.
fn smoothed(x: &[f64]) -> Vec<f64> {
    let reach = (4.0 * SMOOTHING) as isize;
    let weights: Vec<f64> =
        (-reach..=reach).map(|d| libm::exp(-0.5 * (d as f64 / SMOOTHING) * (d as f64 / SMOOTHING))).collect();
    let sum: f64 = weights.iter().sum();
    let last = x.len() as isize - 1;
    (0..=last)
        .map(|k| {
            weights.iter().zip(-reach..=reach).map(|(w, d)| w * x[(k + d).clamp(0, last) as usize]).sum::<f64>() / sum
        })
        .collect()
}

/// The model of a scan, with what it gives at every stimulus.
struct Model<'a> {
    scan: &'a CmapScan,
    noise_square: f64,
    units: Vec<FittedUnit>,
    mean: Vec<f64>,
    variance: Vec<f64>,
}

impl<'a> Model<'a> {
    fn new(scan: &'a CmapScan, noise_mv: f64, units: Vec<FittedUnit>) -> Self {
        let n = scan.response_mv().len();
        // The resolution of the instrument bounds the noise from below.
        let noise_square = (noise_mv * noise_mv).max(1e-6);
        let mut model = Self { scan, noise_square, units, mean: vec![0.0; n], variance: vec![0.0; n] };
        for k in 0..model.units.len() {
            model.add(model.units[k], 1.0);
        }
        model
    }

    /// Adds a unit (`sign` 1) to mean and variance, or takes it off (-1).
    fn add(&mut self, unit: FittedUnit, sign: f64) {
        for (i, (m, v)) in self.scan.stimulus_ma().iter().zip(self.mean.iter_mut().zip(&mut self.variance)) {
            let p = probability(*i, unit.threshold_ma);
            *m += sign * unit.size_mv * p;
            *v += sign * unit.size_mv * unit.size_mv * p * (1.0 - p);
        }
    }

    /// Change in the log likelihood if `old` units became `new`, at the stimuli they reach.
    fn gain(&self, old: &[FittedUnit], new: &[FittedUnit]) -> f64 {
        let mut gain = 0.0;
        for (k, i) in self.scan.stimulus_ma().iter().enumerate() {
            let (mut dm, mut dv) = (0.0, 0.0);
            for (unit, sign) in old.iter().map(|u| (u, -1.0)).chain(new.iter().map(|u| (u, 1.0))) {
                let p = probability(*i, unit.threshold_ma);
                dm += sign * unit.size_mv * p;
                dv += sign * unit.size_mv * unit.size_mv * p * (1.0 - p);
            }
            if dm == 0.0 && dv == 0.0 {
                continue;
            }
            let y = self.scan.response_mv()[k];
            let likelihood = |mean: f64, variance: f64| {
                let variance = variance.max(0.0) + self.noise_square;
                -0.5 * (libm::log(variance) + (y - mean) * (y - mean) / variance)
            };
            gain += likelihood(self.mean[k] + dm, self.variance[k] + dv) - likelihood(self.mean[k], self.variance[k]);
        }
        gain
    }

    fn replace(&mut self, at: usize, new: &[FittedUnit]) {
        for (k, unit) in new.iter().enumerate() {
            self.add(self.units[at + k], -1.0);
            self.add(*unit, 1.0);
            self.units[at + k] = *unit;
        }
    }

    /// Moves thresholds, and size between neighbours, while the scan becomes likelier.
    fn refine(&mut self, limit_mv: f64) {
        let mut step = FIRST_STEP;
        while step >= LAST_STEP {
            for k in 0..self.units.len() {
                for sign in [-1.0, 1.0] {
                    let unit = self.units[k];
                    let moved = FittedUnit { threshold_ma: unit.threshold_ma * (1.0 + sign * step), ..unit };
                    if self.gain(&[unit], &[moved]) > 0.0 {
                        self.replace(k, &[moved]);
                    }
                    let Some(&next) = self.units.get(k + 1) else { continue };
                    let unit = self.units[k];
                    let passed = sign * 10.0 * step * unit.size_mv.min(next.size_mv);
                    let traded = [
                        FittedUnit { size_mv: unit.size_mv + passed, ..unit },
                        FittedUnit { size_mv: next.size_mv - passed, ..next },
                    ];
                    let allowed = traded.iter().all(|u| u.size_mv >= limit_mv);
                    if allowed && self.gain(&[unit, next], &traded) > 0.0 {
                        self.replace(k, &traded);
                    }
                }
            }
            step *= 0.5;
        }
    }
}

/// Probability that a unit fires.
fn probability(stimulus_ma: f64, threshold_ma: f64) -> f64 {
    let z = (stimulus_ma / threshold_ma - 1.0) / RELATIVE_SPREAD;
    // Beyond five spreads it is certain, one way or the other.
    if z > 5.0 {
        1.0
    } else if z < -5.0 {
        0.0
    } else {
        0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers scattered over 0..1 (the finaliser of SplitMix64).
    fn spread(k: usize) -> f64 {
        let mut z = (k as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A scan of `units` equal units, 9 mV in all, thresholds uniform in 11 to 15 mA, 10 uV of noise.
    fn scan(units: usize) -> CmapScan {
        let thresholds: Vec<f64> = (0..units).map(|u| 11.0 + 4.0 * (u as f64 + 0.5) / units as f64).collect();
        let stimulus_ma: Vec<f64> = (0..540).map(|k| 17.0 - 0.0148 * f64::from((k - 20).clamp(0, 500))).collect();
        let response_mv = stimulus_ma
            .iter()
            .enumerate()
            .map(|(k, i)| {
                let fired = thresholds
                    .iter()
                    .enumerate()
                    .filter(|(u, theta)| spread(k * 1000 + u) < probability(*i, **theta))
                    .count();
                9.0 * fired as f64 / units as f64 + 0.02 * (spread(k * 1000 + 999) - 0.5)
            })
            .collect();
        CmapScan::new(stimulus_ma, response_mv).expect("a scan")
    }

    #[test]
    fn equal_units_are_counted() {
        for units in [10, 30, 60, 120] {
            let fit = unit_number(&scan(units)).expect("a response");
            let found = fit.units.len() as f64;
            assert!((found / units as f64 - 1.0).abs() < 0.25, "{units}: {found}");
            let total: f64 = fit.units.iter().map(|u| u.size_mv).sum();
            assert!((total - 9.0).abs() < 0.3, "{total}");
            assert!(fit.error_percent < 3.0);
        }
    }

    #[test]
    fn silence_has_no_units() {
        let flat =
            CmapScan::new((0..100).map(|k| 20.0 - 0.1 * f64::from(k)).collect(), vec![0.001; 100]).expect("a scan");
        assert_eq!(unit_number(&flat), None);
    }

    #[test]
    fn the_local_regression_finds_a_parabola_and_its_noise() {
        let points: Vec<(f64, f64)> = (0..2000)
            .map(|k| {
                let x = 1e-4 * f64::from(k);
                (x, 3.0 + 5.0 * x + 100.0 * x * x + if k % 2 == 0 { 0.1 } else { -0.1 })
            })
            .collect();
        let (mean, variance) = local(&points, 0.1);
        assert!((mean - 4.5).abs() < 0.01 && (variance - 0.01).abs() < 3e-4, "{mean} {variance}");
    }
}
