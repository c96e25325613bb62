//! The number of quanta released by one impulse: a binomial variate at a fixed small cost.

use crate::math;

/// Variance from which the quantile is taken from the expansion rather than by summing the distribution.
const EXPANSION_VARIANCE: f64 = 5.0;

/// Successes in `n` trials of probability `p`, at the quantile `u` of their distribution (0 < u < 1).
///
/// Up to a variance of 5 the exact inverse of the distribution; above, its Cornish-Fisher expansion to the kurtosis,
/// rounded, with 1/12 taken off the variance for the rounding.
pub(super) fn quanta(n: u32, p: f64, u: f64) -> u32 {
    if n == 0 || p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    let trials = f64::from(n);
    let variance = trials * p * (1.0 - p);
    if variance < EXPANSION_VARIANCE {
        return if p > 0.5 { n - inverse(n, 1.0 - p, 1.0 - u) } else { inverse(n, p, u) };
    }
    let z = math::inverse_normal_cdf(u);
    let sd = (variance - 1.0 / 12.0).sqrt();
    let skew = (1.0 - 2.0 * p) / sd;
    let excess = (1.0 - 6.0 * p * (1.0 - p)) / variance;
    let square = z * z;
    let quantile = z
        + skew * (square - 1.0) / 6.0
        + z * (excess * (square - 3.0) / 24.0 - skew * skew * (2.0 * square - 5.0) / 36.0);
    let value = trials * p + sd * quantile;
    (value + 0.5).clamp(0.0, trials) as u32
}

/// Smallest number of successes whose cumulative probability reaches `u`, for `p` up to one half.
fn inverse(n: u32, p: f64, u: f64) -> u32 {
    let mut left = u;
    let odds = p / (1.0 - p);
    let mut probability = whole_power(1.0 - p, n);
    let mut successes = 0;
    while left > probability && successes < n {
        left -= probability;
        successes += 1;
        let k = successes as usize;
        let reciprocal = if k < RECIPROCALS.len() { RECIPROCALS[k] } else { 1.0 / k as f64 };
        probability *= odds * f64::from(n - successes + 1) * reciprocal;
    }
    successes
}

/// `base` to the `n`, by squaring: cheaper than a logarithm, and the same bits everywhere.
fn whole_power(mut base: f64, mut n: u32) -> f64 {
    let mut power = 1.0;
    while n > 0 {
        if n & 1 == 1 {
            power *= base;
        }
        base *= base;
        n >>= 1;
    }
    power
}

/// 1/k.
const RECIPROCALS: [f64; 64] = {
    let mut table = [0.0; 64];
    let mut k = 1;
    while k < 64 {
        table[k] = 1.0 / k as f64;
        k += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn has_the_mean_variance_and_skewness_of_a_binomial() {
        let mut stream = Seed::new(1).stream("quanta");
        for (n, p) in [(333, 0.12), (34, 0.18), (333, 0.02), (40, 0.3), (12, 0.9), (250, 0.6), (3, 0.05)] {
            let draws = 100_000;
            let (mut sum, mut square, mut cube) = (0.0, 0.0, 0.0);
            let (mean, variance) = (f64::from(n) * p, f64::from(n) * p * (1.0 - p));
            for _ in 0..draws {
                let d = f64::from(quanta(n, p, stream.uniform())) - mean;
                (sum, square, cube) = (sum + d, square + d * d, cube + d * d * d);
            }
            let draws = f64::from(draws);
            assert!((sum / draws).abs() < 4.0 * (variance / draws).sqrt(), "{n} {p} {}", sum / draws);
            assert!((square / draws / variance - 1.0).abs() < 0.025, "{n} {p} {}", square / draws / variance);
            let skewness = cube / draws / variance.powf(1.5);
            assert!((skewness - (1.0 - 2.0 * p) / variance.sqrt()).abs() < 0.15, "{n} {p} {skewness}");
        }
    }

    #[test]
    fn limits() {
        assert_eq!(quanta(0, 0.5, 0.3), 0);
        assert_eq!(quanta(10, 0.0, 0.3), 0);
        assert_eq!(quanta(10, 1.0, 0.3), 10);
        for (n, p) in [(30, 0.5), (40, 0.9), (400, 0.1)] {
            let ends = [1e-10, 1.0 - 1e-10].map(|u| quanta(n, p, u));
            assert!(ends[0] < ends[1] && ends[1] <= n, "{ends:?}");
        }
    }
}
