//! A sampled signal as a short SVG path: the extremes of each pixel column, then only the points that show.

use crate::svg::{tenths, to_tenths};

/// Largest distance between the drawn line and the signal, px: less than the eye sees of a 1 px line.
const TOLERANCE_PX: f64 = 0.25;

/// Path of `points` (px), broken where a point is not finite.
pub(crate) fn path(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    for piece in points.split(|(x, y)| !x.is_finite() || !y.is_finite()) {
        append(&mut out, &simplified(piece));
    }
    out
}

/// Samples from `first` on, `step_px` apart beginning at `x_px`, as the smallest and largest of each pixel column in the order they come.
pub(crate) fn columns(samples: &[f64], x_px: f64, step_px: f64, y_px: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let at = |i: usize| x_px + i as f64 * step_px;
    if step_px.is_nan() || step_px <= 0.0 || step_px >= 0.5 {
        return samples.iter().enumerate().map(|(i, &v)| (at(i), y_px(v))).collect();
    }
    let mut out = Vec::new();
    let mut start = 0;
    while start < samples.len() {
        let column = at(start).floor();
        if !samples[start].is_finite() {
            // One break, however many samples are missing.
            out.push((at(start), f64::NAN));
            start += samples[start..].iter().take_while(|x| !x.is_finite()).count();
            continue;
        }
        let mut end = start;
        let (mut low, mut high) = (start, start);
        while end < samples.len() && at(end).floor() == column && samples[end].is_finite() {
            if samples[end] < samples[low] {
                low = end;
            }
            if samples[end] > samples[high] {
                high = end;
            }
            end += 1;
        }
        out.push((at(low.min(high)), y_px(samples[low.min(high)])));
        if low != high {
            out.push((at(low.max(high)), y_px(samples[low.max(high)])));
        }
        start = end.max(start + 1);
    }
    out
}

/// Ramer-Douglas-Peucker: the points without which the line would be off by more than the tolerance.
fn simplified(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[points.len() - 1] = true;
    let mut stack = vec![(0, points.len() - 1)];
    while let Some((first, last)) = stack.pop() {
        let farthest = (first + 1..last)
            .map(|i| (distance(points[i], points[first], points[last]), i))
            .fold((TOLERANCE_PX, None), |best, (d, i)| if d > best.0 { (d, Some(i)) } else { best });
        if let (_, Some(i)) = farthest {
            keep[i] = true;
            stack.push((first, i));
            stack.push((i, last));
        }
    }
    points.iter().zip(&keep).filter(|(_, k)| **k).map(|(p, _)| *p).collect()
}

/// Distance of a point from the segment `a`-`b`.
fn distance(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length2 = dx * dx + dy * dy;
    let along = if length2 > 0.0 { (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    (p.0 - a.0 - along * dx).hypot(p.1 - a.1 - along * dy)
}

fn append(out: &mut String, points: &[(f64, f64)]) {
    let mut last: Option<(i64, i64)> = None;
    for &(x, y) in points {
        let (x, y) = (to_tenths(x), to_tenths(y));
        match last {
            None => {
                out.push('M');
                pair(out, x, y);
            }
            Some(before) if before == (x, y) => continue,
            Some((px, py)) => {
                out.push('l');
                pair(out, x - px, y - py);
            }
        }
        last = Some((x, y));
    }
}

fn pair(out: &mut String, x: i64, y: i64) {
    out.push_str(&tenths(x));
    if y >= 0 {
        out.push(' ');
    }
    out.push_str(&tenths(y));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Absolute points of a path written by this module.
    fn read(path: &str) -> Vec<(f64, f64)> {
        let spaced = path.replace('-', " -").replace('M', "\nM ").replace('l', "\nl ");
        let mut at = (0.0, 0.0);
        spaced
            .lines()
            .filter(|l| !l.is_empty())
            .map(|l| {
                let words: Vec<&str> = l.split_whitespace().collect();
                let (x, y): (f64, f64) = (words[1].parse().unwrap(), words[2].parse().unwrap());
                at = if words[0] == "M" { (x, y) } else { (at.0 + x, at.1 + y) };
                at
            })
            .collect()
    }

    #[test]
    fn a_spike_of_one_sample_is_kept() {
        let mut samples = vec![0.0; 50_000];
        samples[31_234] = -80.0;
        let points = columns(&samples, 0.0, 600.0 / 50_000.0, |v| 100.0 + v);
        let drawn = read(&path(&points));
        assert!(drawn.len() < 10);
        assert!(drawn.iter().any(|p| (p.1 - 20.0).abs() < 0.1 && (p.0 - 374.8).abs() < 1.0));
    }

    #[test]
    fn rounding_does_not_add_up() {
        let points: Vec<(f64, f64)> =
            (0..600).map(|i| (f64::from(i), 50.0 + 40.0 * (f64::from(i) * 0.07).sin())).collect();
        for (x, y) in read(&path(&points)) {
            assert!((50.0 + 40.0 * (x * 0.07).sin() - y).abs() < 0.3);
        }
    }

    #[test]
    fn gaps_break_the_line() {
        let d = path(&[(0.0, 0.0), (1.0, 5.0), (2.0, f64::NAN), (3.0, 0.0), (4.0, 9.0)]);
        assert_eq!(d.matches('M').count(), 2);
        assert_eq!(path(&[]), "");
    }
}
