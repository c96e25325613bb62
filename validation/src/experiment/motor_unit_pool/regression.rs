//! How well a straight line describes points.

/// Square of the correlation of x and y; NaN for fewer than three points or without spread.
pub(super) fn r_squared(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    if points.len() < 3 {
        return f64::NAN;
    }
    let (mx, my) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in points {
        xx += (x - mx) * (x - mx);
        yy += (y - my) * (y - my);
        xy += (x - mx) * (y - my);
    }
    xy * xy / (xx * yy)
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
