//! Repetitive stimulation: the decrement of a train.

/// Fall from the first to the lowest of responses 2 to 5, % of the first (negative = rises), of a train of amplitudes (or areas; any
/// positive unit), in order.
///
/// Needs two responses and a first one above zero. Custom calls over 10 % abnormal if the course is smooth and it repeats; the
/// measurement itself has an error of about 2 %.
pub fn decrement_percent(amplitudes: &[f64]) -> Option<f64> {
    let (&first, rest) = amplitudes.split_first()?;
    if first <= 1e-100 || !super::measurable(amplitudes, 1.0) {
        return None;
    }
    let lowest = rest.iter().copied().take(4).min_by(f64::total_cmp)?;
    let percent = 100.0 * (first - lowest) / first;
    percent.is_finite().then_some(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_of_responses_two_to_five_counts() {
        let train = [10.0, 8.5, 7.5, 7.0, 7.1, 7.3, 7.5, 7.6, 7.7, 6.0];
        assert!((decrement_percent(&train).unwrap() - 30.0).abs() < 1e-12);
        assert!((decrement_percent(&[1.0, 1.1, 1.3]).unwrap() + 10.0).abs() < 1e-12, "an increment is negative");
    }

    #[test]
    fn nothing_to_compare() {
        assert_eq!(decrement_percent(&[]), None);
        assert_eq!(decrement_percent(&[5.0]), None);
        assert_eq!(decrement_percent(&[0.0, 1.0]), None);
    }
}
