//! Physical range of a channel as a header can print it, and the integers for its samples.

/// A printed range and the integers it maps to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Calibration {
    /// Physical minimum, as printed in at most eight characters.
    pub low_text: String,
    /// Physical maximum, likewise.
    pub high_text: String,
    low: f64,
    high: f64,
    digital_low: i32,
    digital_high: i32,
}

impl Calibration {
    /// The narrowest printable range that holds the samples; `None` if none of eight characters does, or
    /// it would be over four times as wide as the data (tiny numbers: change the unit).
    pub(super) fn of(samples: &[f64], digital_low: i32, digital_high: i32) -> Option<Self> {
        let lowest = samples.iter().copied().reduce(f64::min).unwrap_or(0.0);
        let highest = samples.iter().copied().reduce(f64::max).unwrap_or(0.0);
        let (low, low_text) = outward(lowest, false)?;
        let (high, high_text) = outward(highest, true)?;
        let (high, high_text) = if high > low { (high, high_text) } else { outward(low + step_above(low), true)? };
        let range = Self { low_text, high_text, low, high, digital_low, digital_high };
        let wide = high - low > 4.0 * (highest - lowest) && highest > lowest;
        (high > low && !wide).then_some(range)
    }

    /// From what a header says; `None` if a range is empty.
    pub(super) fn read(low: f64, high: f64, digital_low: i32, digital_high: i32) -> Option<Self> {
        let fine = low.is_finite() && high.is_finite() && low != high && digital_low < digital_high;
        fine.then(|| Self { low_text: String::new(), high_text: String::new(), low, high, digital_low, digital_high })
    }

    fn gain(&self) -> f64 {
        (self.high - self.low) / (f64::from(self.digital_high) - f64::from(self.digital_low))
    }

    /// The nearest integer to a sample.
    pub(super) fn digital(&self, sample: f64) -> i32 {
        let steps = ((sample - self.low) / self.gain()).round();
        (f64::from(self.digital_low) + steps).clamp(f64::from(self.digital_low), f64::from(self.digital_high)) as i32
    }

    /// The sample of an integer.
    pub(super) fn physical(&self, digital: i32) -> f64 {
        self.low + (f64::from(digital) - f64::from(self.digital_low)) * self.gain()
    }
}

/// A difference that is visible beside a number of this size in eight characters.
fn step_above(x: f64) -> f64 {
    if x.abs() < 1.0 { 1.0 } else { x.abs() * 1e-3 }
}

/// The nearest number above (or below) that prints in eight characters without exponent.
fn outward(x: f64, up: bool) -> Option<(f64, String)> {
    for decimals in (0..=6).rev() {
        let text = format!("{x:.decimals$}");
        let value: f64 = text.parse().ok()?;
        let beyond = if up { value >= x } else { value <= x };
        let (value, text) = if beyond {
            (value, text)
        } else {
            let unit = libm::pow(10.0, -(decimals as f64));
            let text = format!("{:.decimals$}", if up { value + unit } else { value - unit });
            (text.parse().ok()?, text)
        };
        let negative_zero = value == 0.0;
        let text = if negative_zero { "0".to_owned() } else { text };
        if text.len() <= 8 && if up { value >= x } else { value <= x } {
            return Some((value, text));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_holds_the_data_and_prints_in_eight() {
        for data in [
            vec![-1.234_567_8, 2.0],
            vec![0.000_3, 0.000_7],
            vec![-9_999.123_4, 12_345.678_9],
            vec![5.0],
            vec![0.0, 0.0],
            vec![-0.000_05, 0.000_02],
            vec![9_999_999.0, 9_999_999.0],
        ] {
            let Some(c) = Calibration::of(&data, -32_768, 32_767) else {
                assert!(data[0] > 9_999_998.0, "{data:?}");
                continue;
            };
            assert!(c.low_text.len() <= 8 && c.high_text.len() <= 8, "{c:?}");
            for &x in &data {
                assert!(c.low <= x && x <= c.high, "{x} {c:?}");
                let error = (c.physical(c.digital(x)) - x).abs();
                assert!(error <= 0.500_001 * (c.high - c.low) / 65_535.0, "{x} {c:?} {error}");
            }
        }
    }

    #[test]
    fn constants_are_exact() {
        for x in [0.0, 5.0, -2.5] {
            let c = Calibration::of(&[x, x], -32_768, 32_767).unwrap();
            assert_eq!(c.physical(c.digital(x)), x);
        }
    }

    #[test]
    fn what_eight_characters_cannot_hold() {
        assert_eq!(Calibration::of(&[1e-9, 3e-9], -32_768, 32_767), None);
        assert_eq!(Calibration::of(&[0.0, 1e9], -32_768, 32_767), None);
    }
}
