//! How far two trains of discharges are the same: agreement, sensitivity, precision.

/// Widest difference of two discharges that are one, s (customary: half a millisecond).
pub const TOLERANCE_S: f64 = 0.0005;
/// Widest lag between two trains that are looked for, s: a decomposition marks its discharges anywhere within a potential.
pub const WIDEST_LAG_S: f64 = 0.050;

/// Agreement of a train with a reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Shared discharges over those of either: shared / (shared + only here + only there).
    pub rate: f64,
    /// Shared discharges over those of the reference.
    pub sensitivity: f64,
    /// Shared discharges over those found.
    pub precision: f64,
    /// Time that the found train comes late, s, before the two were laid on each other.
    pub lag_s: f64,
}

/// Compares discharges (s, in order) with a reference, after the shift within 50 ms that makes most of them fall together within 0.5 ms.
/// `None` if either has none.
///
/// Two trains of unrelated units share some by chance: at 10/s each, about 1 % within 0.5 ms, and a few times that at the best shift.
///
/// ```
/// use tonus_signal::measures::agreement::agreement;
/// let reference = [0.10, 0.21, 0.29, 0.42];
/// let found = [0.112, 0.222, 0.432];
/// let a = agreement(&found, &reference).unwrap();
/// assert_eq!((a.rate, a.sensitivity, a.precision), (0.75, 0.75, 1.0));
/// assert!((a.lag_s - 0.012).abs() < 1e-6);
/// ```
pub fn agreement(found_s: &[f64], reference_s: &[f64]) -> Option<Agreement> {
    if found_s.is_empty() || reference_s.is_empty() {
        return None;
    }
    let mut lags: Vec<f64> = Vec::new();
    let mut from = 0;
    for r in reference_s {
        while from < found_s.len() && found_s[from] < r - WIDEST_LAG_S {
            from += 1;
        }
        lags.extend(found_s[from..].iter().take_while(|f| **f <= r + WIDEST_LAG_S).map(|f| f - r));
    }
    lags.sort_by(f64::total_cmp);
    // The window of two tolerances that holds most differences; its median is the lag.
    let (mut best, mut end) = (0..0, 0);
    for start in 0..lags.len() {
        while end < lags.len() && lags[end] - lags[start] <= 2.0 * TOLERANCE_S {
            end += 1;
        }
        if end - start > best.len() {
            best = start..end;
        }
    }
    let lag_s = lags.get(best.start + best.len() / 2).copied().unwrap_or(0.0);
    let (mut shared, mut k) = (0_usize, 0);
    for r in reference_s {
        while k < found_s.len() && found_s[k] - lag_s < r - TOLERANCE_S {
            k += 1;
        }
        if k < found_s.len() && found_s[k] - lag_s <= r + TOLERANCE_S {
            shared += 1;
            k += 1;
        }
    }
    let (shared, found, there) = (shared as f64, found_s.len() as f64, reference_s.len() as f64);
    Some(Agreement {
        rate: shared / (found + there - shared),
        sensitivity: shared / there,
        precision: shared / found,
        lag_s,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_train_agrees_wholly_and_another_hardly() {
        let train = |seed: u64| -> Vec<f64> {
            let (mut state, mut t) = (seed, 0.0);
            (0..300)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    t += 0.08 + 0.04 * (state >> 11) as f64 / (1_u64 << 53) as f64;
                    t
                })
                .collect()
        };
        let (a, b) = (train(1), train(2));
        let late: Vec<f64> = a.iter().map(|t| t + 0.0203).collect();
        let same = agreement(&late, &a).expect("both fire");
        assert_eq!((same.rate, same.sensitivity, same.precision), (1.0, 1.0, 1.0));
        assert!((same.lag_s - 0.0203).abs() < 1e-9);
        assert!(agreement(&a, &b).expect("both fire").rate < 0.1);
        assert_eq!(agreement(&[], &a), None);
    }
}
