//! Checked quantities of the tables: a number out of range is refused where it stands, with its line.

use serde::{Deserialize, Deserializer, de::Error};
use tonus_physiology::muscle::unit::{MOST_POLES, TWO_POLES};

/// A number greater than 0.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Positive(f64);

/// A number of 0 or more.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct NonNegative(f64);

/// A share, 0..1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Share(f64);

/// An angle, rad, within half a turn either way.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Angle(f64);

/// A relative change per unit, -10..10.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Slope(f64);

/// A nerve temperature, degrees C, 15..42.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Temperature(f64);

/// A number of things, 1 to 10 million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(usize);

/// A number of things that may be none, 0 to 10 million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountOrNone(usize);

/// Poles of a twitch, as many as the model of a motor unit takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Poles(usize);

/// Where a number comes from; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(String);

macro_rules! quantity {
    ($name:ident, $allowed:expr, $within:expr) => {
        impl $name {
            /// The number.
            pub fn get(self) -> f64 {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = f64::deserialize(deserializer)?;
                let within: fn(f64) -> bool = $within;
                if number.is_finite() && within(number) {
                    Ok(Self(number))
                } else {
                    Err(D::Error::custom(format!("{number} must be {}", $allowed)))
                }
            }
        }
    };
}

quantity!(Positive, "greater than 0", |x| x > 0.0);
quantity!(NonNegative, "0 or more", |x| x >= 0.0);
quantity!(Share, "a share, 0..1", |x| (0.0..=1.0).contains(&x));
quantity!(Angle, "an angle in rad, -3.15..3.15", |x| x.abs() <= 3.15);
quantity!(Slope, "a slope, -10..10", |x| x.abs() <= 10.0);
quantity!(Temperature, "a temperature in degrees C, 15..42", |x| (15.0..=42.0).contains(&x));

impl Count {
    /// The number.
    pub fn get(self) -> usize {
        self.0
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        match usize::try_from(number) {
            Ok(count) if (1..=10_000_000).contains(&count) => Ok(Self(count)),
            _ => Err(D::Error::custom(format!("{number} must be a whole number, 1..10000000"))),
        }
    }
}

impl CountOrNone {
    /// The number.
    pub fn get(self) -> usize {
        self.0
    }
}

impl<'de> Deserialize<'de> for CountOrNone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        match usize::try_from(number) {
            Ok(count) if count <= 10_000_000 => Ok(Self(count)),
            _ => Err(D::Error::custom(format!("{number} must be a whole number, 0..10000000"))),
        }
    }
}

impl Poles {
    /// The number.
    pub fn get(self) -> usize {
        self.0
    }
}

impl<'de> Deserialize<'de> for Poles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        match usize::try_from(number) {
            Ok(poles) if (TWO_POLES..=MOST_POLES).contains(&poles) => Ok(Self(poles)),
            _ => Err(D::Error::custom(format!("{number} must be a whole number of poles, {TWO_POLES}..{MOST_POLES}"))),
        }
    }
}

impl Source {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() {
            return Err(D::Error::custom("a source must say where the numbers come from"));
        }
        Ok(Self(text))
    }
}

/// How well a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Read in the source.
    Read,
    /// From general knowledge of the source, not re-read.
    Memory,
    /// Worked out from other numbers.
    Computed,
    /// Chosen to meet what the source names.
    Fitted,
    /// Assumed, for the reason the source gives.
    Assumed,
}

/// A spinal segment (`C1` .. `S5`) or cranial motor nucleus (`III` .. `XII`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment(String);

impl Segment {
    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How far it lies below C8 as a share of the way from C8 to L4, segments taken as equally long; negative above, nuclei of
    /// the brainstem as one above C1.
    pub fn below_c8(&self) -> f64 {
        let number = |from: usize| self.0[from..].parse::<f64>().unwrap_or(0.0);
        let steps = match self.0.chars().next() {
            Some('C') => number(1) - 8.0,
            Some('T') => number(1),
            Some('L') => 12.0 + number(1),
            Some('S') => 17.0 + number(1),
            _ => -8.0,
        };
        steps / 16.0
    }

    fn exists(name: &str) -> bool {
        const NUCLEI: [&str; 9] = ["III", "IV", "V", "VI", "VII", "IX", "X", "XI", "XII"];
        let last = match name.chars().next() {
            Some('C') => 8,
            Some('T') => 12,
            Some('L' | 'S') => 5,
            _ => return NUCLEI.contains(&name),
        };
        let number = &name[1..];
        !number.starts_with('0')
            && number.bytes().all(|b| b.is_ascii_digit())
            && number.parse::<u8>().is_ok_and(|n| (1..=last).contains(&n))
    }
}

impl<'de> Deserialize<'de> for Segment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if Self::exists(&name) {
            Ok(Self(name))
        } else {
            Err(D::Error::custom(format!(
                "`{name}` is no segment: C1..C8, T1..T12, L1..L5, S1..S5, or a cranial nucleus III, IV, V, VI, VII, IX, X, XI, XII"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cord_is_measured_from_c8_to_l4() {
        let below = |name: &str| Segment(name.to_owned()).below_c8();
        assert_eq!([below("C8"), below("L4")], [0.0, 1.0]);
        let down = ["VII", "C1", "C5", "T1", "T12", "L1", "L5", "S1"].map(below);
        assert!(down.is_sorted() && down[7] == 1.125, "{down:?}");
    }

    #[test]
    fn segments_are_those_of_the_cord_and_the_cranial_nuclei() {
        for name in ["C1", "C8", "T12", "L5", "S5", "V", "VII", "XII", "XI"] {
            assert!(Segment::exists(name), "{name}");
        }
        for name in ["C9", "T0", "T13", "L6", "S6", "VIII", "I", "", "C", "c5", "C05", "C-1", "C5 "] {
            assert!(!Segment::exists(name), "{name}");
        }
    }
}
