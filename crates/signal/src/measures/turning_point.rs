//! Turning points of a signal: where it changes direction by at least a given size.

/// A change of direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TurningPoint {
    /// Sample index.
    pub index: usize,
    /// Value there.
    pub value: f64,
    /// True for a maximum, false for a minimum.
    pub maximum: bool,
}

/// Turning points that differ from the one before by at least `size` (in the signal's unit), in order;
/// maxima and minima alternate. A turn counts once the signal has come back from it by `size`; the first
/// must also differ from the first sample by `size`. Nothing for a `size` that isn't positive.
///
/// Of several equal extreme samples the first is taken. Noise larger than `size` makes turns of its own.
///
/// # Example
/// ```
/// use tonus_signal::measures::turning_point::turning_points;
/// let found = turning_points(&[0.0, 150.0, 120.0, 160.0, -90.0, 40.0], 100.0);
/// assert_eq!(found.iter().map(|t| t.value).collect::<Vec<_>>(), [160.0, -90.0]);
/// ```
pub fn turning_points(samples: &[f64], size: f64) -> Vec<TurningPoint> {
    let mut found = Vec::new();
    let Some(&first) = samples.first() else { return found };
    if size.is_nan() || size <= 0.0 {
        return found;
    }
    let (mut high, mut high_at, mut low, mut low_at) = (first, 0, first, 0);
    let mut rising: Option<bool> = None;
    for (i, &x) in samples.iter().enumerate() {
        match rising {
            None => {
                if x > high {
                    (high, high_at) = (x, i);
                }
                if x < low {
                    (low, low_at) = (x, i);
                }
                // An extremum within the start that is left by `size` on both sides is a turn too.
                if x - low >= size {
                    if first - low >= size {
                        found.push(TurningPoint { index: low_at, value: low, maximum: false });
                    }
                    rising = Some(true);
                    (high, high_at) = (x, i);
                } else if high - x >= size {
                    if high - first >= size {
                        found.push(TurningPoint { index: high_at, value: high, maximum: true });
                    }
                    rising = Some(false);
                    (low, low_at) = (x, i);
                }
            }
            Some(true) => {
                if x > high {
                    (high, high_at) = (x, i);
                } else if high - x >= size {
                    found.push(TurningPoint { index: high_at, value: high, maximum: true });
                    rising = Some(false);
                    (low, low_at) = (x, i);
                }
            }
            Some(false) => {
                if x < low {
                    (low, low_at) = (x, i);
                } else if x - low >= size {
                    found.push(TurningPoint { index: low_at, value: low, maximum: false });
                    rising = Some(true);
                    (high, high_at) = (x, i);
                }
            }
        }
    }
    found
}

/// Vertex of the parabola through three equally spaced samples: offset from the middle one (-0.5 to 0.5
/// of a sample) and value. The middle sample itself if the three don't bend, or it is no extremum.
pub fn vertex(before: f64, at: f64, after: f64) -> (f64, f64) {
    let bend = before - 2.0 * at + after;
    let offset = 0.5 * (before - after) / bend;
    if bend == 0.0 || !offset.is_finite() || offset.abs() > 0.5 {
        return (0.0, at);
    }
    (offset, at - 0.25 * (before - after) * offset)
}

/// Vertex at a sample of a signal; the sample itself at either end.
pub fn vertex_at(samples: &[f64], index: usize) -> (f64, f64) {
    if index == 0 || index + 1 >= samples.len() {
        return (0.0, samples.get(index).copied().unwrap_or(0.0));
    }
    vertex(samples[index - 1], samples[index], samples[index + 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternate_and_exceed_the_size() {
        let x = [0.0, 3.0, 2.5, 5.0, 1.0, 1.4, -2.0, 4.0, 3.9];
        let turns = turning_points(&x, 2.0);
        let values: Vec<f64> = turns.iter().map(|t| t.value).collect();
        assert_eq!(values, [5.0, -2.0]); // the last rise to 4 is never left by 2
        assert!(turns[0].maximum && !turns[1].maximum);
    }

    #[test]
    fn a_first_wobble_below_the_size_is_no_turn() {
        assert!(turning_points(&[0.0, -1.0, 4.0, 4.0], 2.0).is_empty());
    }

    #[test]
    fn vertex_is_exact_for_a_parabola() {
        let f = |x: f64| 3.0 - 2.0 * (x - 0.2) * (x - 0.2);
        let (offset, value) = vertex(f(-1.0), f(0.0), f(1.0));
        assert!((offset - 0.2).abs() < 1e-12 && (value - 3.0).abs() < 1e-12);
    }
}
