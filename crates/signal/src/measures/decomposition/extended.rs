//! A grid's signals with their own past: what a filter over channels and lags sees.
//!
//! The extended signals, channels times lags, are never laid out. A filter is applied, and a train correlated with them, straight from the
//! channels; their covariance comes from the correlations of the channels at each lag, which is block-Toeplitz but for the ends.

use rayon::prelude::*;

/// Samples of a block: those of one channel and the output stay in the first cache.
const BLOCK: usize = 2_048;
/// Sums kept apart in a product, so that the compiler can use vectors: 32-bit sums over a block, 64-bit beyond.
const LANES: usize = 16;
/// Lags that a filter takes at once.
const FOUR: usize = 4;

/// Signals of a grid in 32-bit numbers, each with `lags` samples of silence before it.
pub(super) struct Extended {
    /// Channel by channel, `lags` zeros first.
    padded: Vec<f32>,
    channels: usize,
    samples: usize,
    lags: usize,
}

impl Extended {
    pub(super) fn new(channels: &[Vec<f64>], lags: usize) -> Self {
        let samples = channels.first().map_or(0, Vec::len);
        let padded =
            channels.iter().flat_map(|x| std::iter::repeat_n(0.0, lags).chain(x.iter().map(|v| *v as f32))).collect();
        Self { padded, channels: channels.len(), samples, lags }
    }

    /// Length of a filter: channels times lags.
    pub(super) fn width(&self) -> usize {
        self.channels * self.lags
    }

    pub(super) fn samples(&self) -> usize {
        self.samples
    }

    fn channel(&self, c: usize) -> &[f32] {
        let each = self.samples + self.lags;
        &self.padded[c * each..(c + 1) * each]
    }

    /// The extended signal at a sample: channel by channel, the newest lag first.
    pub(super) fn at(&self, sample: usize) -> Vec<f64> {
        let newest = sample + self.lags;
        let of = |c: usize| (0..self.lags).map(move |lag| f64::from(self.channel(c)[newest - lag]));
        (0..self.channels).flat_map(of).collect()
    }

    /// The output of a filter of [`width`](Self::width) weights.
    pub(super) fn filtered(&self, weights: &[f64]) -> Vec<f32> {
        let mut out = vec![0.0_f32; self.samples];
        out.par_chunks_mut(BLOCK).enumerate().for_each(|(block, out)| {
            let start = block * BLOCK;
            for (c, weights) in weights.chunks_exact(self.lags).enumerate() {
                let signal = &self.channel(c)[start..];
                let mut lag = 0;
                // Four lags at once: the output is loaded and stored a fourth as often.
                while lag + FOUR <= self.lags {
                    let w: [f32; FOUR] = std::array::from_fn(|k| weights[lag + k] as f32);
                    let x: [&[f32]; FOUR] = std::array::from_fn(|k| &signal[self.lags - lag - k..][..out.len()]);
                    for (i, y) in out.iter_mut().enumerate() {
                        *y += w[0] * x[0][i] + w[1] * x[1][i] + w[2] * x[2][i] + w[3] * x[3][i];
                    }
                    lag += FOUR;
                }
                for (lag, weight) in weights.iter().enumerate().skip(lag) {
                    let weight = *weight as f32;
                    for (y, x) in out.iter_mut().zip(&signal[self.lags - lag..]) {
                        *y += weight * x;
                    }
                }
            }
        });
        out
    }

    /// Mean of the extended signals weighted by a train of one value a sample.
    pub(super) fn correlated(&self, train: &[f32]) -> Vec<f64> {
        let per_channel = |c: usize| {
            let signal = self.channel(c);
            (0..self.lags)
                .map(|lag| product(&signal[self.lags - lag..], train) / self.samples as f64)
                .collect::<Vec<f64>>()
        };
        (0..self.channels).into_par_iter().map(per_channel).collect::<Vec<_>>().concat()
    }

    /// Mean of the extended signals at some samples.
    pub(super) fn mean_at(&self, samples: &[usize]) -> Vec<f64> {
        let mut sum = vec![0.0; self.width()];
        for sample in samples {
            for (s, x) in sum.iter_mut().zip(self.at(*sample)) {
                *s += x;
            }
        }
        let n = samples.len().max(1) as f64;
        sum.iter_mut().for_each(|s| *s /= n);
        sum
    }

    /// Covariance of the extended signals, row by row, `width` by `width`.
    pub(super) fn covariance(&self) -> Vec<f64> {
        let (lags, width) = (self.lags, self.width());
        let pairs: Vec<(usize, usize)> =
            (0..self.channels).flat_map(|a| (0..self.channels).map(move |b| (a, b))).collect();
        // of[a][b][lag]: mean of a now times b `lag` samples before.
        let of: Vec<Vec<f64>> = pairs
            .par_iter()
            .map(|&(a, b)| {
                let now = &self.channel(a)[lags..];
                (0..lags).map(|lag| product(&self.channel(b)[lags - lag..], now) / self.samples as f64).collect()
            })
            .collect();
        let mut covariance = vec![0.0; width * width];
        for (row, line) in covariance.chunks_exact_mut(width).enumerate() {
            let (a, i) = (row / lags, row % lags);
            for (column, cell) in line.iter_mut().enumerate() {
                let (b, j) = (column / lags, column % lags);
                *cell = if j >= i { of[a * self.channels + b][j - i] } else { of[b * self.channels + a][i - j] };
            }
        }
        covariance
    }
}

/// Sum of products of as many values as the second has.
fn product(a: &[f32], b: &[f32]) -> f64 {
    a.chunks(BLOCK)
        .zip(b.chunks(BLOCK))
        .map(|(a, b)| {
            let n = a.len().min(b.len());
            let mut sums = [0.0_f32; LANES];
            let (a, b) = (a[..n].chunks_exact(LANES), b[..n].chunks_exact(LANES));
            let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
            for (x, y) in a.zip(b) {
                for (s, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
                    *s += x * y;
                }
            }
            f64::from(sums.iter().sum::<f32>() + rest)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signals() -> Vec<Vec<f64>> {
        (0..3)
            .map(|c| (0..5_000).map(|i| libm::sin(0.01 * f64::from(i * (c + 1))) + 0.1 * f64::from(c)).collect())
            .collect()
    }

    #[test]
    fn filter_and_correlation_are_those_of_the_extended_signals() {
        let extended = Extended::new(&signals(), 4);
        let weights: Vec<f64> = (0..extended.width()).map(|k| 0.1 * k as f64 - 0.5).collect();
        let out = extended.filtered(&weights);
        for sample in [0, 1, 3, 2_047, 2_048, 4_999] {
            let direct: f64 = extended.at(sample).iter().zip(&weights).map(|(x, w)| x * w).sum();
            assert!((f64::from(out[sample]) - direct).abs() < 1e-4, "{sample}");
        }
        let mut train = vec![0.0; 5_000];
        let at = [17, 900, 4_000];
        at.iter().for_each(|k| train[*k] = 1.0);
        let mean = extended.mean_at(&at);
        for (a, b) in extended.correlated(&train).iter().zip(&mean) {
            assert!((a * 5_000.0 / 3.0 - b).abs() < 1e-5, "{a} {b}");
        }
    }

    #[test]
    fn the_covariance_is_symmetric_and_that_of_the_signals() {
        let extended = Extended::new(&signals(), 3);
        let covariance = extended.covariance();
        let width = extended.width();
        let mut direct = vec![0.0; width * width];
        for sample in 0..5_000 {
            let x = extended.at(sample);
            for (i, a) in x.iter().enumerate() {
                for (j, b) in x.iter().enumerate() {
                    direct[i * width + j] += a * b / 5_000.0;
                }
            }
        }
        for i in 0..width {
            for j in 0..width {
                assert_eq!(covariance[i * width + j], covariance[j * width + i]);
                // The ends: `lags` samples of 5000.
                assert!((covariance[i * width + j] - direct[i * width + j]).abs() < 3e-3, "{i} {j}");
            }
        }
    }
}
