//! Statistics over a cohort.

use serde::Deserialize;

/// One number from the values of a cohort; people whose measure was missing count only where it says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// Arithmetic mean.
    #[default]
    Mean,
    /// Median.
    Median,
    /// Smallest value.
    Minimum,
    /// Largest value.
    Maximum,
    /// Standard deviation between people.
    Sd,
    /// Percentage of people whose value lies above `threshold` (a missing value does not).
    PercentAbove,
    /// Percentage of people whose value lies below `threshold` or is missing.
    PercentBelow,
    /// Percentage of people in whom the measure is missing.
    PercentMissing,
}

impl Statistic {
    /// The statistic, or `None` if there is nothing to take it of.
    pub fn of(self, values: &[Option<f64>], threshold: f64) -> Option<f64> {
        let mut present: Vec<f64> = values.iter().copied().flatten().collect();
        let percent = |count: usize| (!values.is_empty()).then(|| 100.0 * count as f64 / values.len() as f64);
        match self {
            Self::PercentAbove => return percent(present.iter().filter(|v| **v > threshold).count()),
            Self::PercentBelow => return percent(values.len() - present.iter().filter(|v| **v >= threshold).count()),
            Self::PercentMissing => return percent(values.len() - present.len()),
            _ => {}
        }
        if present.is_empty() {
            return None;
        }
        present.sort_by(f64::total_cmp);
        let n = present.len();
        Some(match self {
            Self::Median if n.is_multiple_of(2) => 0.5 * (present[n / 2 - 1] + present[n / 2]),
            Self::Median => present[n / 2],
            Self::Minimum => present[0],
            Self::Maximum => present[n - 1],
            Self::Sd => spread(&present)?,
            _ => present.iter().sum::<f64>() / n as f64,
        })
    }
}

/// Standard deviation; `None` for fewer than two values.
pub fn spread(values: &[f64]) -> Option<f64> {
    let n = values.len();
    if n < 2 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    Some((values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statistic() {
        let values = [Some(1.0), Some(2.0), Some(6.0), None];
        assert_eq!(Statistic::Mean.of(&values, 0.0), Some(3.0));
        assert_eq!(Statistic::Median.of(&values, 0.0), Some(2.0));
        assert_eq!(Statistic::Median.of(&values[..2], 0.0), Some(1.5));
        assert_eq!(Statistic::Maximum.of(&values, 0.0), Some(6.0));
        assert_eq!(Statistic::PercentAbove.of(&values, 1.5), Some(50.0));
        assert_eq!(Statistic::PercentBelow.of(&values, 1.5), Some(50.0));
        assert_eq!(Statistic::PercentMissing.of(&values, 0.0), Some(25.0));
        assert_eq!(Statistic::Mean.of(&[None], 0.0), None);
        assert_eq!(Statistic::Sd.of(&[Some(1.0), Some(3.0)], 0.0), Some(std::f64::consts::SQRT_2));
    }
}
