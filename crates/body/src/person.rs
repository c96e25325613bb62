//! The person: age, sex and size.

use serde::{Deserialize, Serialize};

use crate::anatomy::{AnatomyError, Growth};

/// Sex, as far as norms and scaling use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Who is examined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Age, years.
    pub age_years: f64,
    /// Sex.
    pub sex: Sex,
    /// Standing height (length in infants), m.
    pub height_m: f64,
    /// Body mass, kg.
    pub mass_kg: f64,
}

/// Ages allowed, years.
pub const AGE_YEARS: (f64, f64) = (0.0, 110.0);
/// Heights allowed, m.
pub const HEIGHT_M: (f64, f64) = (0.3, 2.5);
/// Masses allowed, kg.
pub const MASS_KG: (f64, f64) = (0.4, 500.0);
/// Body-mass indices allowed, kg/m2 (assumed: beyond the extremes on record, so that a slip of units is caught).
pub const BODY_MASS_INDEX: (f64, f64) = (5.0, 150.0);
/// Heights allowed over the median of age and sex (assumed: with an SD of 4.5 %, from WHO 2006 and CDC 2000, 11 SD below it, the
/// shortest people on record but a few, and 8 above it; beyond, a slip of age or unit is likelier than the person).
const HEIGHT_OVER_MEDIAN: (f64, f64) = (0.5, 1.36);
/// Age at which body and motor system are taken as grown, years (CDC growth charts 2000: within 1 % of final height).
const GROWN_YEARS: f64 = 18.0;

/// A person that cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PersonError {
    /// A number out of range.
    #[error("person.{field} = {value} {unit}: must lie in {low}..{high} {unit}{hint}")]
    OutOfRange {
        /// Field.
        field: &'static str,
        /// Value given.
        value: f64,
        /// Lowest allowed.
        low: f64,
        /// Highest allowed.
        high: f64,
        /// Unit.
        unit: &'static str,
        /// What may be meant.
        hint: &'static str,
    },
    /// A height far from any of that age.
    #[error("person.height_m = {height_m} m: at {age_years} years must lie in {low:.2}..{high:.2} m")]
    HeightForAge {
        /// Height given, m.
        height_m: f64,
        /// Age, years.
        age_years: f64,
        /// Lowest allowed at that age, m.
        low: f64,
        /// Highest allowed at that age, m.
        high: f64,
    },
    /// The growth table cannot be read.
    #[error(transparent)]
    Growth(#[from] AnatomyError),
}

impl Person {
    /// A person; height and mass that are not given are the medians of age and sex (mass that of the median
    /// body-mass index at the height given).
    ///
    /// ```
    /// use tonus_body::{Person, Sex};
    /// let boy = Person::new(10.0, Sex::Male, None, None)?;
    /// assert!((boy.height_m - 1.386).abs() < 0.001 && (boy.mass_kg - 31.9).abs() < 0.1);
    /// assert!(Person::new(30.0, Sex::Female, Some(165.0), None).is_err()); // centimetres
    /// # Ok::<(), tonus_body::PersonError>(())
    /// ```
    pub fn new(age_years: f64, sex: Sex, height_m: Option<f64>, mass_kg: Option<f64>) -> Result<Self, PersonError> {
        Self::with_growth(Growth::builtin()?, age_years, sex, height_m, mass_kg)
    }

    /// As [`Self::new`], from another growth table.
    pub fn with_growth(
        growth: &Growth,
        age_years: f64,
        sex: Sex,
        height_m: Option<f64>,
        mass_kg: Option<f64>,
    ) -> Result<Self, PersonError> {
        let size = growth.size(sex);
        let height_m = height_m.unwrap_or_else(|| size.height_m(age_years));
        let mass_kg = mass_kg.unwrap_or_else(|| size.mass_at_height_kg(age_years, height_m));
        let person = Self { age_years, sex, height_m, mass_kg };
        person.check()?;
        let median = size.height_m(age_years);
        let (low, high) = (HEIGHT_OVER_MEDIAN.0 * median, HEIGHT_OVER_MEDIAN.1 * median);
        if !(low..=high).contains(&height_m) {
            return Err(PersonError::HeightForAge { height_m, age_years, low, high });
        }
        Ok(person)
    }

    /// Whether every number is one a person can have.
    pub fn check(&self) -> Result<(), PersonError> {
        let within = |field, value: f64, (low, high): (f64, f64), unit, hint: &'static str| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                let hint = if value > high { hint } else { "" };
                Err(PersonError::OutOfRange { field, value, low, high, unit, hint })
            }
        };
        within("age_years", self.age_years, AGE_YEARS, "years", "")?;
        within("height_m", self.height_m, HEIGHT_M, "m", " (centimetres? divide by 100)")?;
        within("mass_kg", self.mass_kg, MASS_KG, "kg", " (grams? divide by 1000)")?;
        within("mass_kg / height_m^2", self.body_mass_index(), BODY_MASS_INDEX, "kg/m2", "")
    }

    /// Body-mass index, kg/m2.
    pub fn body_mass_index(&self) -> f64 {
        self.mass_kg / (self.height_m * self.height_m)
    }

    /// How far growing up has come: 0 at birth, 1 from 18 years, linear in age.
    pub fn maturity(&self) -> f64 {
        (self.age_years / GROWN_YEARS).clamp(0.0, 1.0)
    }

    /// Whether grown up (18 years or more).
    pub fn is_adult(&self) -> bool {
        self.age_years >= GROWN_YEARS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_fill_what_is_not_given() -> Result<(), PersonError> {
        let newborn = Person::new(0.0, Sex::Female, None, None)?;
        assert!((newborn.height_m - 0.491).abs() < 1e-9 && (newborn.mass_kg - 3.23).abs() < 1e-9);
        let tall = Person::new(40.0, Sex::Male, Some(1.95), None)?;
        let median = Person::new(40.0, Sex::Male, None, None)?;
        assert!((tall.body_mass_index() - median.body_mass_index()).abs() < 1e-9);
        assert!(median.is_adult() && median.maturity() == 1.0 && newborn.maturity() == 0.0);
        Ok(())
    }

    #[test]
    fn a_height_is_one_of_the_age() {
        let of = |age, height| Person::new(age, Sex::Male, Some(height), None).map_err(|e| e.to_string());
        for (age, height) in [(0.0, 0.45), (1.0, 0.75), (10.0, 1.1), (10.0, 1.7), (40.0, 0.9), (40.0, 2.3)] {
            assert!(of(age, height).is_ok(), "{age} years, {height} m");
        }
        for (age, height) in [(0.0, 1.75), (1.0, 1.65), (40.0, 0.5), (5.0, 0.5), (10.0, 2.1)] {
            let error = of(age, height).err().unwrap_or_default();
            assert!(
                error.starts_with(&format!("person.height_m = {height} m: at {age} years must lie in ")),
                "{error}"
            );
        }
    }

    #[test]
    fn impossible_people_are_refused_by_field() {
        let field = |age, height, mass| match Person::new(age, Sex::Male, height, mass) {
            Err(PersonError::OutOfRange { field, .. }) => field,
            _ => "",
        };
        assert_eq!(field(-1.0, None, None), "age_years");
        assert_eq!(field(111.0, None, None), "age_years");
        assert_eq!(field(f64::NAN, None, None), "age_years");
        assert_eq!(field(30.0, Some(0.29), None), "height_m");
        assert_eq!(field(30.0, Some(f64::INFINITY), None), "height_m");
        assert_eq!(field(30.0, None, Some(-3.0)), "mass_kg");
        assert_eq!(field(30.0, Some(2.4), Some(3.0)), "mass_kg / height_m^2");
        let error = Person::new(30.0, Sex::Male, Some(175.0), None).map_err(|e| e.to_string());
        assert_eq!(
            error,
            Err("person.height_m = 175 m: must lie in 0.3..2.5 m (centimetres? divide by 100)".to_owned())
        );
    }
}
