//! `data/growth.toml`: the size of people by age, and what age does to the motor system.

use std::sync::OnceLock;

use serde::Deserialize;

use super::TableFile;
use super::error::AnatomyError;
use super::quantity::{Confidence, Positive, Share, Slope, Source};
use crate::person::Sex;

/// Size and age tables.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// The person the tables state their numbers for.
    pub reference: Reference,
    size: Sizes,
    /// What age does.
    pub course: Courses,
    /// Women over men at equal mass and height.
    pub sex_difference: SexDifference,
    /// How parameters go with size.
    pub rule: Rule,
}

impl Growth {
    /// The tables that come with the crate, read once.
    pub fn builtin() -> Result<&'static Self, AnatomyError> {
        static BUILTIN: OnceLock<Result<Growth, AnatomyError>> = OnceLock::new();
        BUILTIN.get_or_init(|| Self::from_toml(TableFile::GROWTH)).as_ref().map_err(Clone::clone)
    }

    /// Reads the table.
    pub fn from_toml(file: TableFile<'_>) -> Result<Self, AnatomyError> {
        file.read()
    }

    /// Median size.
    pub fn size(&self, sex: Sex) -> &Size {
        match sex {
            Sex::Male => &self.size.male,
            Sex::Female => &self.size.female,
        }
    }
}

/// The reference person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Age, years.
    pub age_years: Positive,
    /// Sex.
    pub sex: Sex,
    /// Height, m.
    pub height_m: Positive,
    /// Mass, kg.
    pub mass_kg: Positive,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sizes {
    male: Size,
    female: Size,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SizeRow {
    age_years: Vec<f64>,
    height_m: Vec<Positive>,
    mass_kg: Vec<Positive>,
    source: Source,
    confidence: Confidence,
}

/// Median height and mass by age.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "SizeRow")]
pub struct Size {
    height_m: Vec<(f64, f64)>,
    mass_kg: Vec<(f64, f64)>,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

impl TryFrom<SizeRow> for Size {
    type Error = String;

    fn try_from(row: SizeRow) -> Result<Self, String> {
        Ok(Self {
            height_m: points(&row.age_years, &row.height_m, "height_m")?,
            mass_kg: points(&row.age_years, &row.mass_kg, "mass_kg")?,
            source: row.source,
            confidence: row.confidence,
        })
    }
}

impl Size {
    /// Median height (length in infants), m.
    pub fn height_m(&self, age_years: f64) -> f64 {
        between(&self.height_m, age_years)
    }

    /// Median height between growth and old age, m: the largest of the table.
    pub fn adult_height_m(&self) -> f64 {
        self.height_m.iter().map(|p| p.1).fold(0.0, f64::max)
    }

    /// Median mass, kg.
    pub fn mass_kg(&self, age_years: f64) -> f64 {
        between(&self.mass_kg, age_years)
    }

    /// Mass of the median body-mass index at this age and height, kg.
    pub fn mass_at_height_kg(&self, age_years: f64, height_m: f64) -> f64 {
        let ratio = height_m / self.height_m(age_years);
        self.mass_kg(age_years) * ratio * ratio
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseRow {
    age_years: Vec<f64>,
    factor: Vec<Positive>,
    source: Source,
    confidence: Confidence,
}

/// A factor by age.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "CourseRow")]
pub struct Course {
    points: Vec<(f64, f64)>,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

impl TryFrom<CourseRow> for Course {
    type Error = String;

    fn try_from(row: CourseRow) -> Result<Self, String> {
        let points = points(&row.age_years, &row.factor, "factor")?;
        Ok(Self { points, source: row.source, confidence: row.confidence })
    }
}

impl Course {
    /// The factor at an age; linear between the table's ages, flat beyond them.
    pub fn at(&self, age_years: f64) -> f64 {
        between(&self.points, age_years)
    }
}

/// What age does, as factors on the reference person's numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Courses {
    /// Conduction velocity of peripheral nerve.
    pub nerve_velocity: Course,
    /// Conduction velocity of the corticospinal tract.
    pub central_velocity: Course,
    /// Motor units.
    pub motor_units: Course,
    /// Fibres in a motor unit.
    pub fibres_per_unit: Course,
    /// Fibre diameter.
    pub fibre_diameter: Course,
    /// Strength beyond what size explains.
    pub strength: Course,
    /// Contraction times.
    pub contraction_time: Course,
    /// Large cutaneous fibres.
    pub sensory_fibres: Course,
}

/// Women over men at equal mass and height.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SexDifference {
    /// Strength of the arm.
    pub arm_strength: Positive,
    /// Strength of the leg.
    pub leg_strength: Positive,
    /// Strength of trunk and head.
    pub trunk_strength: Positive,
    /// Muscle fibre diameter.
    pub fibre_diameter: Positive,
    /// Age at which the difference begins, years.
    pub from_age_years: Positive,
    /// Age at which it is complete, years.
    pub full_age_years: Positive,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// How parameters go with size.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Exponent of muscle mass on mass over the median mass at that height.
    pub mass_exponent: Share,
    /// Relative change of leg nerve velocity per m of adult height.
    pub leg_velocity_share_per_m: Slope,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

fn points(age_years: &[f64], values: &[Positive], name: &str) -> Result<Vec<(f64, f64)>, String> {
    if age_years.is_empty() || age_years.len() != values.len() {
        return Err(format!(
            "`age_years` and `{name}` must be as long as each other and not empty; they have {} and {} numbers",
            age_years.len(),
            values.len()
        ));
    }
    if let Some(pair) = age_years.windows(2).find(|w| w[0].is_nan() || w[1].is_nan() || w[1] <= w[0]) {
        return Err(format!("`age_years` must rise; {} is followed by {}", pair[0], pair[1]));
    }
    if age_years.iter().any(|age| !age.is_finite()) {
        return Err("`age_years` must be finite".to_owned());
    }
    Ok(age_years.iter().copied().zip(values.iter().map(|v| v.get())).collect())
}

/// Linear between points, flat beyond.
fn between(points: &[(f64, f64)], x: f64) -> f64 {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return 1.0 };
    if x <= first.0 {
        return first.1;
    }
    points
        .windows(2)
        .find(|w| x <= w[1].0)
        .map_or(last.1, |w| w[0].1 + (w[1].1 - w[0].1) * (x - w[0].0) / (w[1].0 - w[0].0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolation_is_linear_inside_and_flat_outside() {
        let points = [(1.0, 2.0), (3.0, 6.0), (4.0, 0.0)];
        for (x, y) in [(0.0, 2.0), (1.0, 2.0), (2.0, 4.0), (3.0, 6.0), (3.5, 3.0), (9.0, 0.0)] {
            assert_eq!(between(&points, x), y);
        }
    }

    #[test]
    fn every_course_is_one_in_the_reference_person() -> Result<(), AnatomyError> {
        let growth = Growth::builtin()?;
        let c = &growth.course;
        for course in [
            &c.nerve_velocity,
            &c.central_velocity,
            &c.motor_units,
            &c.fibres_per_unit,
            &c.fibre_diameter,
            &c.strength,
            &c.contraction_time,
            &c.sensory_fibres,
        ] {
            assert_eq!(course.at(growth.reference.age_years.get()), 1.0, "{}", course.source.as_str());
        }
        Ok(())
    }

    #[test]
    fn medians_of_the_growth_charts() -> Result<(), AnatomyError> {
        let growth = Growth::builtin()?;
        // WHO at 1 year, CDC at 10 and 20 years.
        for (sex, age, height, mass) in [
            (Sex::Male, 1.0, 0.757, 9.65),
            (Sex::Female, 1.0, 0.740, 8.95),
            (Sex::Male, 10.0, 1.386, 31.94),
            (Sex::Female, 10.0, 1.380, 32.89),
            (Sex::Male, 20.0, 1.768, 70.60),
            (Sex::Female, 20.0, 1.633, 58.22),
        ] {
            let size = growth.size(sex);
            assert!((size.height_m(age) - height).abs() < 1e-3 && (size.mass_kg(age) - mass).abs() < 0.01);
        }
        Ok(())
    }
}
