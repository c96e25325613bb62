//! Repetitive stimulation: the decrement of a train.

/// Fall from the first to the lowest of responses 2 to 5, % of the first (negative = rises), of a train of amplitudes (or areas; any
/// positive unit), in order.
///
/// Needs two responses and a first one above zero. Custom calls over 10 % abnormal if the course is smooth and it repeats; the
/// measurement itself has an error of about 2 %.
///
/// # Failure modes
/// A response that was missed counts as 0 and makes a decrement of 100 %; a limb that moved makes one without a smooth course.
///
/// # Example
/// ```
/// use tonus_signal::measures::decrement::decrement_percent;
/// let fall = decrement_percent(&[10.0, 8.2, 7.5, 7.0, 7.1, 7.4]).unwrap();
/// assert!((fall - 30.0).abs() < 1e-9);
/// ```
pub fn decrement_percent(amplitudes: &[f64]) -> Option<f64> {
    let (&first, rest) = amplitudes.split_first()?;
    if first <= 1e-100 || !super::measurable(amplitudes, 1.0) {
        return None;
    }
    let lowest = rest.iter().copied().take(4).min_by(f64::total_cmp)?;
    let percent = 100.0 * (first - lowest) / first;
    percent.is_finite().then_some(percent)
}

/// Which response of a train is the lowest, counted from 1; `None` where the train falls by less than `least_percent` of its first, for
/// then its order is chance.
pub fn lowest_response(amplitudes: &[f64], least_percent: f64) -> Option<usize> {
    let first = *amplitudes.first()?;
    if first <= 1e-100 || !super::measurable(amplitudes, 1.0) {
        return None;
    }
    let (index, lowest) = amplitudes.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
    (100.0 * (first - lowest) / first >= least_percent).then_some(index + 1)
}

/// Rise from one response to a later one of the same muscle, % of the earlier (negative = falls).
///
/// # Example
/// ```
/// assert_eq!(tonus_signal::measures::decrement::increment_percent(2.0, 5.0), Some(150.0));
/// ```
pub fn increment_percent(before: f64, after: f64) -> Option<f64> {
    let percent = 100.0 * (after - before) / before;
    (before > 1e-100 && percent.is_finite()).then_some(percent)
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
    fn the_lowest_of_all_responses_has_a_number_where_it_means_something() {
        let train = [10.0, 8.5, 7.5, 7.0, 7.1, 7.3, 7.5];
        assert_eq!(lowest_response(&train, 5.0), Some(4));
        assert_eq!(lowest_response(&[10.0, 9.9, 9.8, 10.0], 5.0), None);
        assert_eq!(lowest_response(&[0.0, 1.0], 5.0), None);
    }

    #[test]
    fn a_doubled_response_is_an_increment_of_100() {
        assert_eq!(increment_percent(2.0, 4.0), Some(100.0));
        assert_eq!(increment_percent(0.0, 4.0), None);
        assert_eq!(increment_percent(1e-90, 1e300), None);
    }

    #[test]
    fn nothing_to_compare() {
        assert_eq!(decrement_percent(&[]), None);
        assert_eq!(decrement_percent(&[5.0]), None);
        assert_eq!(decrement_percent(&[0.0, 1.0]), None);
    }
}
