//! Random streams: counter-based (Philox 4x32-10, Salmon et al. 2011), one per named process.
//!
//! A stream is named by what it drives, so adding a consumer never shifts another, and the draws do
//! not depend on thread or order. Every variate takes exactly one 64-bit word (inverse CDF), except
//! those whose docstring says otherwise.

use rand_philox::{Philox, splitmix64};
use serde::{Deserialize, Serialize};

/// The seed of an examination together with the path of what is being driven.
///
/// Derive children by name and number; the leaf is turned into a [`Stream`].
///
/// ```
/// use tonus_physiology::random::Seed;
/// let pool = Seed::new(1).child("pool").index(3);
/// assert_eq!(pool.stream("noise").uniform(), pool.stream("noise").uniform());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed(u64);

impl Seed {
    /// Root of a run.
    pub fn new(seed: u64) -> Self {
        Self(splitmix64(seed ^ 0x746f_6e75_735f_3031))
    }

    /// The seed of a named part.
    pub fn child(self, name: &str) -> Self {
        let hash =
            name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        Self(splitmix64(self.0 ^ hash.rotate_left(17)))
    }

    /// The seed of a numbered part.
    pub fn index(self, index: usize) -> Self {
        Self(splitmix64(self.0.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(index as u64 + 1))))
    }

    /// The stream of draws that drives `name`.
    pub fn stream(self, name: &str) -> Stream {
        let Self(key) = self.child(name);
        Stream { key, position: 0 }
    }
}

/// A stream of random draws; its whole state is its key and its position, so it can be saved and restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    key: u64,
    position: u64,
}

impl Stream {
    /// Next 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let key = [self.key as u32, (self.key >> 32) as u32];
        // One Philox block holds two 64-bit words.
        let mut block = Philox::new(key, u128::from(self.position >> 1));
        let first = block.next_u64();
        let word = if self.position & 1 == 0 { first } else { block.next_u64() };
        self.position += 1;
        word
    }

    /// Uniform on the open interval (0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform on (`low`, `high`).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Standard normal, by the inverse CDF.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        crate::math::inverse_normal_cdf(self.uniform())
    }

    /// Exponential of mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -crate::math::ln(self.uniform())
    }

    /// Gamma (Erlang) of whole `order` and mean 1; takes `order` words.
    pub fn erlang(&mut self, order: u32) -> f64 {
        let sum: f64 = (0..order).map(|_| self.exponential()).sum();
        sum / f64::from(order)
    }

    /// Number of successes in `n` trials of probability `p`, by inversion of the cumulative distribution.
    pub fn binomial(&mut self, n: u32, p: f64) -> u32 {
        if n == 0 || p <= 0.0 {
            return 0;
        }
        if p >= 1.0 {
            return n;
        }
        let flip = p > 0.5;
        let p = if flip { 1.0 - p } else { p };
        let mut u = self.uniform();
        let odds = p / (1.0 - p);
        let mut probability = crate::math::exp(f64::from(n) * crate::math::ln(1.0 - p));
        let mut successes = 0;
        while u > probability && successes < n {
            u -= probability;
            successes += 1;
            probability *= odds * f64::from(n - successes + 1) / f64::from(successes);
        }
        if flip { n - successes } else { successes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_independent_of_each_other_and_restorable() {
        let seed = Seed::new(7);
        let mut a = seed.stream("a");
        let mut b = seed.stream("b");
        assert_ne!(a.bits(), b.bits());
        let saved = a;
        let next = a.bits();
        let mut restored = saved;
        assert_eq!(restored.bits(), next);
    }

    #[test]
    fn variates_have_their_moments() {
        let mut s = Seed::new(1).stream("moments");
        let n = 40_000;
        let normal: Vec<f64> = (0..n).map(|_| s.normal()).collect();
        let mean = normal.iter().sum::<f64>() / n as f64;
        let var = normal.iter().map(|x| x * x).sum::<f64>() / n as f64;
        assert!(mean.abs() < 0.02 && (var - 1.0).abs() < 0.03, "{mean} {var}");
        let binomial: f64 = (0..n).map(|_| f64::from(s.binomial(333, 0.12))).sum::<f64>() / n as f64;
        assert!((binomial - 39.96).abs() < 0.2, "{binomial}");
        let erlang: f64 = (0..n).map(|_| s.erlang(10)).sum::<f64>() / n as f64;
        assert!((erlang - 1.0).abs() < 0.01);
    }
}
