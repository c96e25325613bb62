//! Modified Bessel functions of one argument and every order up to a highest one, as ratios: nothing over- or underflows.
//!
//! ```text
//! r_n = I_(n+1)/I_n    downward:  r_(n-1) = 1 / (2n/x + r_n)            (stable for I; Gautschi 1967)
//! s_n = K_(n+1)/K_n    upward:    s_n = 2n/x + 1/s_(n-1)                (stable for K)
//! I_0 e^-x             from       e^x = I_0 + 2 (I_1 + I_2 + ...)       (all terms positive)
//! K_0 e^x, K_1 e^x     from       K_nu = integral of e^(-x cosh t) cosh(nu t) dt over t > 0   (trapezoids, which converge geometrically)
//! ```
//! Holds for x > 0; relative errors of some 1e-14. A cylinder of layers needs no more than these ratios.

use crate::math;

/// Exponent at which the tail of an integrand is nothing (e^-40 is 4e-18).
const NOTHING: f64 = 40.0;

/// I_n(x) and K_n(x), n = 0, 1, ..., highest.
#[derive(Clone, Debug)]
pub struct ModifiedBessel {
    x: f64,
    /// I_0(x) e^-x.
    i0_scaled: f64,
    /// K_0(x) e^x.
    k0_scaled: f64,
    /// I_(n+1) / I_n.
    i_step: Vec<f64>,
    /// K_(n+1) / K_n.
    k_step: Vec<f64>,
}

impl ModifiedBessel {
    /// All orders up to `highest` at `x` > 0.
    pub fn new(x: f64, highest: usize) -> Self {
        let start = highest.max(x as usize) + 40;
        let order = start as f64 + 1.0;
        // The leading term of the uniform expansion; its error dies out on the way down.
        let mut ratio = x / (order + math::sqrt(order * order + x * x));
        let mut i_step = vec![0.0; start + 1];
        i_step[start] = ratio;
        for n in (1..=start).rev() {
            ratio = 1.0 / (2.0 * n as f64 / x + ratio);
            i_step[n - 1] = ratio;
        }
        // e^x / I_0 = 1 + 2 r_0 (1 + r_1 (1 + ...)).
        let tail = i_step.iter().rev().fold(0.0, |sum, r| r * (1.0 + sum));
        i_step.truncate(highest + 1);

        let (k0_scaled, k1_scaled) = k0_k1_scaled(x);
        let mut ratio = k1_scaled / k0_scaled;
        let k_step = (0..=highest)
            .map(|n| {
                if n > 0 {
                    ratio = 2.0 * n as f64 / x + 1.0 / ratio;
                }
                ratio
            })
            .collect();
        Self { x, i0_scaled: 1.0 / (1.0 + 2.0 * tail), k0_scaled, i_step, k_step }
    }

    /// I_n'(x) / I_n(x).
    #[inline]
    pub fn i_slope(&self, n: usize) -> f64 {
        n as f64 / self.x + self.i_step[n]
    }

    /// K_n'(x) / K_n(x), negative.
    #[inline]
    pub fn k_slope(&self, n: usize) -> f64 {
        n as f64 / self.x - self.k_step[n]
    }

    /// I_n here over I_n at `outer`, a larger argument: at most 1, for every order.
    pub fn i_over<'a>(&'a self, outer: &'a Self) -> impl Iterator<Item = f64> + 'a {
        let mut ratio = self.i0_scaled / outer.i0_scaled * math::exp(self.x - outer.x);
        self.i_step.iter().zip(&outer.i_step).map(move |(here, there)| {
            let now = ratio;
            ratio *= here / there;
            now
        })
    }

    /// K_n here over K_n at `inner`, a smaller argument: at most 1, for every order.
    pub fn k_over<'a>(&'a self, inner: &'a Self) -> impl Iterator<Item = f64> + 'a {
        let mut ratio = self.k0_scaled / inner.k0_scaled * math::exp(inner.x - self.x);
        self.k_step.iter().zip(&inner.k_step).map(move |(here, there)| {
            let now = ratio;
            ratio *= here / there;
            now
        })
    }
}

/// K_0(x) e^x and K_1(x) e^x.
fn k0_k1_scaled(x: f64) -> (f64, f64) {
    // The step that resolves both the double-exponential tail of a small x and the bell (SD 1/sqrt x) of a large one.
    let step = 0.2 / math::sqrt((0.1 * x).max(1.0));
    let (mut k0, mut k1) = (0.5, 0.5);
    let mut k = 1.0;
    loop {
        let cosh = math::cosh(k * step);
        let exponent = x * (cosh - 1.0);
        if exponent > NOTHING {
            return (k0 * step, k1 * step);
        }
        let e = math::exp(-exponent);
        k0 += e;
        k1 += e * cosh;
        k += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I_n(x) by its power series.
    fn i_series(n: u32, x: f64) -> f64 {
        let mut term = (1..=n).fold(1.0, |t, k| t * 0.5 * x / f64::from(k));
        let mut sum = 0.0;
        for k in 1..400 {
            sum += term;
            term *= 0.25 * x * x / (f64::from(k) * f64::from(k + n));
        }
        sum
    }

    #[test]
    fn published_values() {
        // Abramowitz & Stegun 1964, tables 9.8 and 9.11: e^-x I_0, e^-x I_1, e^x K_0, e^x K_1.
        for (x, i0, i1, k0, k1) in [
            (0.1, 0.907_100_925_78, 0.045_298_446_81, 2.682_326_102_26, 10.890_182_683_05),
            (1.0, 0.465_759_607_59, 0.207_910_415_35, 1.144_463_079_81, 1.636_153_486_26),
            (10.0, 0.127_833_337_16, 0.121_262_681_38, 0.391_631_934_44, 0.410_766_570_60),
        ] {
            let b = ModifiedBessel::new(x, 3);
            assert!((b.i0_scaled / i0 - 1.0).abs() < 1e-9, "I0({x}): {}", b.i0_scaled);
            assert!((b.i0_scaled * b.i_step[0] / i1 - 1.0).abs() < 1e-9, "I1({x})");
            assert!((b.k0_scaled / k0 - 1.0).abs() < 1e-9, "K0({x}): {}", b.k0_scaled);
            assert!((b.k0_scaled * b.k_step[0] / k1 - 1.0).abs() < 1e-9, "K1({x})");
        }
    }

    #[test]
    fn series_and_wronskian() {
        for x in [1e-4, 0.03, 0.7, 4.0, 21.0, 150.0, 1100.0] {
            let b = ModifiedBessel::new(x, 200);
            // I_n K_(n+1) + I_(n+1) K_n = 1/x; I_n K_n is carried up from order 0.
            let mut product = b.i0_scaled * b.k0_scaled;
            for n in 0..200 {
                assert!((x * product * (b.k_step[n] + b.i_step[n]) - 1.0).abs() < 1e-12, "x {x}, n {n}");
                product *= b.i_step[n] * b.k_step[n];
            }
            if x < 30.0 {
                for n in [0, 1, 5, 20] {
                    let ratio = i_series(n + 1, x) / i_series(n, x);
                    assert!((b.i_step[n as usize] / ratio - 1.0).abs() < 1e-12, "x {x}, n {n}");
                }
            }
        }
    }

    #[test]
    fn ratios_between_arguments() {
        let (inner, outer) = (ModifiedBessel::new(2.0, 60), ModifiedBessel::new(5.0, 60));
        for (n, ratio) in inner.i_over(&outer).enumerate() {
            let series = i_series(n as u32, 2.0) / i_series(n as u32, 5.0);
            assert!((ratio / series - 1.0).abs() < 1e-12, "{n}");
        }
        // By the Wronskian K_n is 1 / (x I_n (r_n + s_n)).
        for ((n, k), i) in outer.k_over(&inner).enumerate().zip(inner.i_over(&outer)) {
            let expected = 2.0 * i * (inner.i_step[n] + inner.k_step[n]) / (5.0 * (outer.i_step[n] + outer.k_step[n]));
            assert!((k / expected - 1.0).abs() < 1e-12, "{n}");
        }
    }
}
