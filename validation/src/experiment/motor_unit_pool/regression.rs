//! How well a straight line describes points.

use crate::statistic::correlation;

/// Square of the correlation of x and y; NaN for fewer than three points or without spread.
pub(super) fn r_squared(points: &[(f64, f64)]) -> f64 {
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    correlation(&x, &y).filter(|_| points.len() > 2).map_or(f64::NAN, |r| r * r)
}

#[cfg(test)]
mod tests {
    use super::r_squared;

    #[test]
    fn a_line_gives_one_and_a_parabola_less() {
        let of = |f: fn(f64) -> f64| (0..11).map(|i| (f64::from(i), f(f64::from(i)))).collect::<Vec<_>>();
        assert!((r_squared(&of(|x| 3.0 - 2.0 * x)) - 1.0).abs() < 1e-12);
        assert!(r_squared(&of(|x| (x - 5.0) * (x - 5.0))) < 1e-9);
        assert!(r_squared(&[(0.0, 1.0)]).is_nan());
    }
}
