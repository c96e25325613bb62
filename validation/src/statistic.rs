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
    /// 95th centile: the smallest value that at least 95 % of the people do not exceed.
    #[serde(rename = "centile_95")]
    Centile95,
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
    /// As in the TOML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Centile95 => "centile_95",
            Self::Sd => "sd",
            Self::PercentAbove => "percent_above",
            Self::PercentBelow => "percent_below",
            Self::PercentMissing => "percent_missing",
        }
    }

    /// Whether it counts people rather than averaging what was measured in them.
    pub fn is_percentage(self) -> bool {
        matches!(self, Self::PercentAbove | Self::PercentBelow | Self::PercentMissing)
    }

    /// The statistic, or `None` if there is nothing to take it of (or no threshold where it needs one).
    pub fn of(self, values: &[Option<f64>], threshold: Option<f64>) -> Option<f64> {
        let mut present: Vec<f64> = values.iter().copied().flatten().collect();
        let percent = |count: usize| (!values.is_empty()).then(|| 100.0 * count as f64 / values.len() as f64);
        let beyond = |is: fn(f64, f64) -> bool| threshold.map(|t| present.iter().filter(|v| is(**v, t)).count());
        match self {
            Self::PercentAbove => return percent(beyond(|v, t| v > t)?),
            Self::PercentBelow => return percent(values.len() - beyond(|v, t| v >= t)?),
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
            Self::Centile95 => present[(n * 95).div_ceil(100) - 1],
            Self::Sd => spread(&present)?,
            _ => present.iter().sum::<f64>() / n as f64,
        })
    }

    /// How far it can be off or people differ, in the statistic's own unit: of a percentage its standard error (binomial), of a mean,
    /// median or extreme the standard deviation between the people measured, of a standard deviation nothing.
    pub fn spread_of(self, values: &[Option<f64>], threshold: Option<f64>) -> Option<f64> {
        if self.is_percentage() {
            let share = self.of(values, threshold)? / 100.0;
            return Some(100.0 * (share * (1.0 - share) / values.len() as f64).sqrt());
        }
        let present: Vec<f64> = values.iter().copied().flatten().collect();
        if self == Self::Sd { None } else { spread(&present) }
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

/// Correlation of pairs of values; none where either does not vary.
pub(crate) fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len().min(y.len()) as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - mean_x, y - mean_y);
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

/// Slope and intercept of the least-squares line of y on x; both NaN for fewer than three points or where x does not vary.
pub(crate) fn line(points: &[(f64, f64)]) -> (f64, f64) {
    let n = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(|p| p.0), mean(|p| p.1));
    let (xx, xy) = points
        .iter()
        .map(|(x, y)| (x - mean_x, y - mean_y))
        .fold((0.0, 0.0), |(xx, xy), (x, y)| (xx + x * x, xy + x * y));
    let slope = if points.len() > 2 && xx > 0.0 { xy / xx } else { f64::NAN };
    (slope, mean_y - slope * mean_x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_where_x_varies() {
        let (slope, at_zero) = line(&[(0.0, 20.0), (10.0, 18.0), (40.0, 12.0)]);
        assert!((slope + 0.2).abs() < 1e-12 && (at_zero - 20.0).abs() < 1e-12);
        let (tilted, _) = line(&[(0.0, 0.0), (1.0, 3.0), (2.0, 0.0), (3.0, 3.0)]);
        assert!((tilted - 0.6).abs() < 1e-12, "{tilted}");
        assert!(line(&[(2.0, 1.0), (2.0, 3.0), (2.0, 4.0)]).0.is_nan() && line(&[(0.0, 1.0), (1.0, 2.0)]).1.is_nan());
    }

    #[test]
    fn each_statistic() {
        let values = [Some(1.0), Some(2.0), Some(6.0), None];
        assert_eq!(Statistic::Mean.of(&values, None), Some(3.0));
        assert_eq!(Statistic::Median.of(&values, None), Some(2.0));
        assert_eq!(Statistic::Median.of(&values[..2], None), Some(1.5));
        let twenty: Vec<Option<f64>> = (1..=20).map(|i| Some(f64::from(i))).collect();
        assert_eq!(Statistic::Centile95.of(&twenty, None), Some(19.0));
        assert_eq!(Statistic::Centile95.of(&values, None), Some(6.0));
        assert_eq!(Statistic::Maximum.of(&values, None), Some(6.0));
        assert_eq!(Statistic::PercentAbove.of(&values, Some(1.5)), Some(50.0));
        assert_eq!(Statistic::PercentBelow.of(&values, Some(1.5)), Some(50.0));
        assert_eq!(Statistic::PercentAbove.of(&values, None), None);
        assert_eq!(Statistic::PercentMissing.of(&values, None), Some(25.0));
        assert_eq!(Statistic::Mean.of(&[None], None), None);
        assert_eq!(Statistic::Sd.of(&[Some(1.0), Some(3.0)], None), Some(std::f64::consts::SQRT_2));
    }

    #[test]
    fn the_spread_is_in_the_statistics_unit() {
        let values = [Some(1.0), Some(2.0), Some(6.0), None];
        assert_eq!(Statistic::Mean.spread_of(&values, None), spread(&[1.0, 2.0, 6.0]));
        assert_eq!(
            Statistic::PercentAbove.spread_of(&values, Some(1.5)),
            Some(25.0),
            "half of four: 100 sqrt(0.25 / 4)"
        );
        assert_eq!(Statistic::PercentAbove.spread_of(&values, Some(9.0)), Some(0.0));
        assert_eq!(Statistic::Sd.spread_of(&values, None), None);
    }
}
