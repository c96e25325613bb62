//! Repetitive stimulation: decrement, its course over the train, and the change after exercise.

/// Steps up to this fraction of the first response are measurement error. Assumed: the limit of 5 % by
/// which a second response may exceed the first before movement is suspected.
const TOLERANCE: f64 = 0.05;

/// How the amplitudes run over the train.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// No response differs from the first by more than 5 %.
    Flat,
    /// Falls to its lowest among responses 2 to 5, then recovers by over 2 % of the first: a disorder of
    /// the junction at low rates.
    UShaped,
    /// Falls and stays, or keeps falling.
    Progressive,
    /// Rises by more than 5 % and does not fall back.
    Incremental,
    /// Jumps both ways: movement of the electrode or a changing stimulus; don't use the train.
    Irregular,
}

/// Measures of one train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decrement {
    /// First to fourth response, % of the first (positive = falls); `None` in a train shorter than four.
    pub fourth_percent: Option<f64>,
    /// First to fifth response, %.
    pub fifth_percent: Option<f64>,
    /// First to the lowest of responses 2 to 5, %.
    pub lowest_percent: f64,
    /// Which response that was (2 to 5).
    pub lowest_response: usize,
    /// First to last response of the train, % (negative = rises).
    pub last_percent: f64,
    /// The course.
    pub envelope: Envelope,
}

/// Decrement of a train of amplitudes (or areas; any positive unit), in order. Needs two responses and a
/// first one above zero. Custom calls over 10 % abnormal if the envelope is smooth and it repeats;
/// the measurement itself has an error of about 2 %.
pub fn decrement(amplitudes: &[f64]) -> Option<Decrement> {
    let (&first, rest) = amplitudes.split_first()?;
    let last = *rest.last()?;
    if first <= 1e-100 || !super::measurable(amplitudes, 1.0) {
        return None;
    }
    let percent = |x: f64| 100.0 * (first - x) / first;
    let finite = |x: f64| x.is_finite().then_some(x);
    let (lowest_index, lowest) = rest.iter().enumerate().take(4).min_by(|a, b| a.1.total_cmp(b.1))?;
    Some(Decrement {
        fourth_percent: amplitudes.get(3).and_then(|&x| finite(percent(x))),
        fifth_percent: amplitudes.get(4).and_then(|&x| finite(percent(x))),
        lowest_percent: finite(percent(*lowest))?,
        lowest_response: lowest_index + 2,
        last_percent: finite(percent(last))?,
        envelope: envelope(&amplitudes.iter().map(|x| x / first).collect::<Vec<_>>()),
    })
}

fn envelope(relative: &[f64]) -> Envelope {
    if relative.iter().all(|r| (r - 1.0).abs() <= TOLERANCE) {
        return Envelope::Flat;
    }
    let falls = |part: &[f64]| part.windows(2).all(|w| w[1] - w[0] <= TOLERANCE);
    let rises = |part: &[f64]| part.windows(2).all(|w| w[0] - w[1] <= TOLERANCE);
    let last = relative[relative.len() - 1];
    if rises(relative) && last > 1.0 + TOLERANCE {
        return Envelope::Incremental;
    }
    let lowest = (0..relative.len()).min_by(|&a, &b| relative[a].total_cmp(&relative[b])).unwrap_or(0);
    if !falls(&relative[..=lowest]) || !rises(&relative[lowest..]) || relative[lowest] > 1.0 - TOLERANCE {
        return Envelope::Irregular;
    }
    if (1..=4).contains(&lowest) && last - relative[lowest] > 0.02 { Envelope::UShaped } else { Envelope::Progressive }
}

/// Change from before to after (exercise, fast train), % of before; positive = increment. `None` if there
/// was nothing before.
pub fn increment_percent(before: f64, after: f64) -> Option<f64> {
    let change = 100.0 * (after - before) / before;
    (before > 0.0 && change.is_finite()).then_some(change)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn myasthenic_train() {
        let d = decrement(&[10.0, 8.5, 7.5, 7.0, 7.1, 7.3, 7.5, 7.6, 7.7, 7.7]).unwrap();
        assert!((d.fourth_percent.unwrap() - 30.0).abs() < 1e-12);
        assert!((d.fifth_percent.unwrap() - 29.0).abs() < 1e-12);
        assert_eq!((d.lowest_percent, d.lowest_response), (30.0, 4));
        assert_eq!(d.envelope, Envelope::UShaped);
    }

    #[test]
    fn other_courses() {
        let course = |a: &[f64]| decrement(a).unwrap().envelope;
        assert_eq!(course(&[10.0, 10.1, 9.9, 9.8, 10.0]), Envelope::Flat);
        assert_eq!(course(&[10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0]), Envelope::Progressive);
        assert_eq!(course(&[1.0, 1.1, 1.3, 1.6, 2.0]), Envelope::Incremental);
        assert_eq!(course(&[10.0, 12.0, 8.0, 11.0, 7.0]), Envelope::Irregular);
    }

    #[test]
    fn nothing_to_compare() {
        assert_eq!(decrement(&[]), None);
        assert_eq!(decrement(&[5.0]), None);
        assert_eq!(decrement(&[0.0, 1.0]), None);
        assert_eq!(decrement(&[5.0, 4.0]).unwrap().fourth_percent, None);
        assert_eq!(increment_percent(2.0, 5.0), Some(150.0));
        assert_eq!(increment_percent(0.0, 5.0), None);
    }
}
