//! The people of a target: drawn once from the seed, the same for every target that asks for the same.

use tonus_body::Sex;
use tonus_pathology::{PathologyError, Patient, PatientOptions, TimeSpan, parse_affected_side};

use crate::target::Cohort;

/// One member: the patient and the seed of their individuality.
#[derive(Clone, Debug)]
pub struct Member {
    /// The patient.
    pub patient: Patient,
    /// Seed of the individual.
    pub seed: u64,
}

/// Draws a cohort.
///
/// Ages and severities are spread evenly over their ranges (a grid, not a lottery, so that small cohorts are fair), sexes
/// alternate, and each member has their own seed.
///
/// # Errors
/// A condition, time or side that does not exist.
pub fn members(cohort: &Cohort, seed: u64) -> Result<Vec<Member>, PathologyError> {
    let at = cohort.at.as_deref().map(TimeSpan::parse).transpose()?;
    let side = cohort.side.as_deref().map(parse_affected_side).transpose()?;
    (0..cohort.n)
        .map(|index| {
            let spread = |[low, high]: [f64; 2]| low + (high - low) * (index as f64 + 0.5) / cohort.n as f64;
            // A second, shuffled grid: severity must not run with age.
            let shuffled = |[low, high]: [f64; 2]| {
                let place = (index * 7919 + 3) % cohort.n;
                low + (high - low) * (place as f64 + 0.5) / cohort.n as f64
            };
            let sex = cohort.sex.unwrap_or(if index % 2 == 0 { Sex::Female } else { Sex::Male });
            let options = PatientOptions {
                at,
                severity: cohort.severity.map(shuffled),
                side,
                age_years: Some(spread(cohort.age_years)),
                sex: Some(sex),
                height_m: None,
            };
            let patient = Patient::of_condition(&cohort.condition, &options)?;
            Ok(Member { patient, seed: seed.wrapping_mul(1_000_003).wrapping_add(index as u64 + 1) })
        })
        .collect()
}
