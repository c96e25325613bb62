//! Solving a symmetric positive definite system many times over.

/// The lower triangle L of A = L L^T, row by row.
pub(super) struct Cholesky {
    lower: Vec<f64>,
    n: usize,
}

impl Cholesky {
    /// Factors a matrix given row by row; `None` if it is not positive definite.
    pub(super) fn of(matrix: &[f64], n: usize) -> Option<Self> {
        let mut lower = matrix.to_vec();
        for i in 0..n {
            let (done, rest) = lower.split_at_mut(i * n);
            let row = &mut rest[..n];
            for j in 0..i {
                let above = &done[j * n..j * n + j];
                row[j] = (row[j] - dot(&row[..j], above)) / done[j * n + j];
            }
            let pivot = row[i] - dot(&row[..i], &row[..i]);
            if pivot.is_nan() || pivot <= 0.0 {
                return None;
            }
            row[i] = pivot.sqrt();
        }
        Some(Self { lower, n })
    }

    /// x of L x = b: of signals with the covariance A, signals with none.
    pub(super) fn whitened(&self, b: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x = b.to_vec();
        for i in 0..n {
            let row = &self.lower[i * n..i * n + i + 1];
            x[i] = (x[i] - dot(&row[..i], &x[..i])) / row[i];
        }
        x
    }

    /// x of A x = b.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x = self.whitened(b);
        for i in (0..n).rev() {
            let row = &self.lower[i * n..i * n + i + 1];
            x[i] /= row[i];
            let value = x[i];
            for (x, l) in x[..i].iter_mut().zip(row) {
                *x -= value * l;
            }
        }
        x
    }
}

/// Sum of products, eight sums kept apart.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (x, y) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = x.remainder().iter().zip(y.remainder()).map(|(p, q)| p * q).sum();
    for (p, q) in x.zip(y) {
        for (s, (p, q)) in sums.iter_mut().zip(p.iter().zip(q)) {
            *s += p * q;
        }
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved_and_an_indefinite_one_refused() {
        let n: usize = 20;
        let matrix: Vec<f64> = (0..n * n)
            .map(|k| 1.0 / (1.0 + (k / n).abs_diff(k % n) as f64) + if k / n == k % n { 0.5 } else { 0.0 })
            .collect();
        let factor = Cholesky::of(&matrix, n).expect("it is diagonally heavy");
        let x: Vec<f64> = (0..n).map(|k| k as f64 - 7.0).collect();
        let b: Vec<f64> = matrix.chunks_exact(n).map(|row| dot(row, &x)).collect();
        for (found, x) in factor.solve(&b).iter().zip(&x) {
            assert!((found - x).abs() < 1e-9, "{found} {x}");
        }
        assert!(Cholesky::of(&[1.0, 2.0, 2.0, 1.0], 2).is_none());
    }
}
