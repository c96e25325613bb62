//! Spans of time as people write them: `18mo`, `3d`, `2wk`, `5y`, `P5M`.

use std::fmt;

use crate::PathologyError;

/// Days in a year and in a month (Julian year).
const DAYS_PER_YEAR: f64 = 365.25;
const DAYS_PER_MONTH: f64 = DAYS_PER_YEAR / 12.0;

/// What is allowed, for the errors.
pub(crate) const TIME_FORMS: &str =
    "write a number and a unit: h, d, wk, mo or y (`3d`, `18mo`), or ISO 8601 (`P1Y6M`)";

/// A span of time; negative before the onset (or birth) it is counted from.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct TimeSpan {
    days: f64,
}

impl TimeSpan {
    /// No time.
    pub const ZERO: Self = Self { days: 0.0 };

    /// From days.
    pub const fn from_days(days: f64) -> Self {
        Self { days }
    }

    /// From months of 30.4 days.
    pub const fn from_months(months: f64) -> Self {
        Self { days: months * DAYS_PER_MONTH }
    }

    /// From years of 365.25 days.
    pub const fn from_years(years: f64) -> Self {
        Self { days: years * DAYS_PER_YEAR }
    }

    /// In days.
    pub const fn days(self) -> f64 {
        self.days
    }

    /// In years.
    pub const fn years(self) -> f64 {
        self.days / DAYS_PER_YEAR
    }

    /// Reads `18mo`, `3d`, `2wk`, `5y`, `12h` or an ISO 8601 duration (`P5M`, `P1Y6M`, `P3DT12H`); a leading minus is before onset.
    ///
    /// ```
    /// use tonus_pathology::TimeSpan;
    /// assert_eq!(TimeSpan::parse("18mo"), TimeSpan::parse("P1Y6M"));
    /// assert_eq!(TimeSpan::parse("2wk").map(TimeSpan::days), Ok(14.0));
    /// assert!(TimeSpan::parse("18").is_err());
    /// ```
    ///
    /// # Errors
    /// A text that is no span of time.
    pub fn parse(text: &str) -> Result<Self, PathologyError> {
        Self::read(text)
            .ok_or_else(|| PathologyError::new("time", format!("`{text}` is not a span of time"), TIME_FORMS))
    }

    /// As [`TimeSpan::parse`], without saying what is wrong.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => (-1.0, rest.trim_start()),
            None => (1.0, text),
        };
        let days = match text.strip_prefix(['P', 'p']) {
            Some(iso) => iso_days(iso)?,
            None => written_days(text)?,
        };
        (days.is_finite()).then_some(Self { days: sign * days })
    }
}

/// `18mo` and its like; several parts add up (`1y6mo`).
fn written_days(text: &str) -> Option<f64> {
    parts(text)?.into_iter().try_fold(0.0, |sum, (number, unit)| {
        let days = match unit.to_lowercase().as_str() {
            "h" | "hour" | "hours" => 1.0 / 24.0,
            "d" | "day" | "days" => 1.0,
            "w" | "wk" | "week" | "weeks" => 7.0,
            "mo" | "month" | "months" => DAYS_PER_MONTH,
            "y" | "yr" | "year" | "years" => DAYS_PER_YEAR,
            _ => return None,
        };
        Some(sum + number * days)
    })
}

/// The part of an ISO 8601 duration after `P`.
fn iso_days(text: &str) -> Option<f64> {
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut days = 0.0;
    let mut any = false;
    if !date.is_empty() {
        for (number, unit) in parts(date)? {
            any = true;
            days += number
                * match unit.to_uppercase().as_str() {
                    "Y" => DAYS_PER_YEAR,
                    "M" => DAYS_PER_MONTH,
                    "W" => 7.0,
                    "D" => 1.0,
                    _ => return None,
                };
        }
    }
    for (number, unit) in time.map_or_else(|| Some(Vec::new()), parts)? {
        any = true;
        days += number
            * match unit.to_uppercase().as_str() {
                "H" => 1.0 / 24.0,
                "M" => 1.0 / 1440.0,
                "S" => 1.0 / 86_400.0,
                _ => return None,
            };
    }
    any.then_some(days)
}

/// Splits `1y6mo` into (1, y), (6, mo); `None` if anything is left over or nothing is there.
fn parts(text: &str) -> Option<Vec<(f64, &str)>> {
    let mut rest = text.trim();
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let number: f64 = rest.get(..end)?.parse().ok()?;
        rest = rest.get(end..)?.trim_start();
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        parts.push((number, rest.get(..end)?));
        rest = rest.get(end..)?.trim_start();
    }
    (!parts.is_empty()).then_some(parts)
}

impl std::ops::Sub for TimeSpan {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { days: self.days - other.days }
    }
}

impl std::ops::Add for TimeSpan {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { days: self.days + other.days }
    }
}

impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.days;
        let (number, unit) = match days.abs() {
            d if d >= 2.0 * DAYS_PER_YEAR => (days / DAYS_PER_YEAR, "y"),
            d if d >= 60.0 => (days / DAYS_PER_MONTH, "mo"),
            d if d >= 14.0 => (days / 7.0, "wk"),
            _ => (days, "d"),
        };
        let rounded = (number * 10.0).round() / 10.0;
        write!(f, "{rounded}{unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_people_write() {
        let days = |text: &str| TimeSpan::read(text).map(TimeSpan::days);
        assert_eq!(days("3d"), Some(3.0));
        assert_eq!(days("2wk"), Some(14.0));
        assert_eq!(days("5y"), Some(5.0 * 365.25));
        assert_eq!(days("P5M"), Some(5.0 * 365.25 / 12.0));
        assert_eq!(days("P1Y6M"), days("18mo"));
        assert_eq!(days("P3DT12H"), Some(3.5));
        assert_eq!(days("P0D"), Some(0.0));
        assert_eq!(days("-3mo"), Some(-3.0 * 365.25 / 12.0));
        for wrong in ["", "18", "mo", "P", "PT", "3x", "P3", "3d4", "soon", "1e9999y", "1..2d"] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for text in ["3d", "2.5y", "18mo", "6wk"] {
            assert_eq!(TimeSpan::read(text).map(|t| t.to_string()).as_deref(), Some(text));
        }
    }
}
