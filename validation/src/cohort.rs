//! The people of a target: drawn once from the seed, the same for every target that asks for the same.

use tonus_body::Sex;
use tonus_pathology::{Patient, PatientOptions, TimeSpan, parse_affected_side};
use tonus_physiology::random::Seed;

use crate::statistic::correlation;
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
/// alternate, severities are shuffled against age and sex, and each member has their own seed.
///
/// # Errors
/// A condition, time or side that does not exist, by its field.
pub fn members(cohort: &Cohort, seed: u64) -> Result<Vec<Member>, String> {
    let at = match &cohort.at {
        Some(text) => Some(TimeSpan::parse(text).map_err(|e| format!("patients.at: {}; {}", e.problem, e.mend))?),
        None => None,
    };
    let side = match &cohort.side {
        Some(text) => Some(parse_affected_side(text).map_err(|e| format!("patients.side: {}; {}", e.problem, e.mend))?),
        None => None,
    };
    let order = shuffled(cohort.n, seed);
    let within = |[low, high]: [f64; 2], place: usize| low + (high - low) * (place as f64 + 0.5) / cohort.n as f64;
    order
        .iter()
        .enumerate()
        .map(|(index, &place)| {
            let options = PatientOptions {
                at,
                severity: cohort.severity.map(|range| within(range, place)),
                side,
                age_years: Some(within(cohort.age_years, index)),
                sex: Some(cohort.sex.unwrap_or(if index % 2 == 0 { Sex::Female } else { Sex::Male })),
                height_m: None,
            };
            // Options are named as the command's flags are; here they are fields.
            let patient = Patient::of_condition(&cohort.condition, &options).map_err(|e| {
                let place =
                    e.place.strip_prefix("--").map_or_else(|| e.place.clone(), |flag| format!("patients.{flag}"));
                format!("{place}: {}; {}", e.problem, e.mend)
            })?;
            Ok(Member { patient, seed: seed.wrapping_mul(1_000_003).wrapping_add(index as u64 + 1) })
        })
        .collect()
}

/// Permutations tried for one that runs neither with age nor with sex.
const TRIES: usize = 200;

/// The places 0..n in an order drawn from the seed: of some permutations the one that runs least with its index and its parity.
fn shuffled(n: usize, seed: u64) -> Vec<usize> {
    let seed = Seed::new(seed).child("cohort").index(n);
    let permutation = |attempt: usize| {
        let mut stream = seed.index(attempt).stream("shuffle");
        let mut order: Vec<usize> = (0..n).collect();
        for last in (1..n).rev() {
            // Uniform in [0, 1); the smaller bound guards the rounding of the product.
            let other = ((stream.uniform() * (last + 1) as f64) as usize).min(last);
            order.swap(last, other);
        }
        order
    };
    let index: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let parity: Vec<f64> = (0..n).map(|i| (i % 2) as f64).collect();
    let runs_with = |order: &[usize]| {
        let place: Vec<f64> = order.iter().map(|&p| p as f64).collect();
        related(&place, &index).max(related(&place, &parity))
    };
    (0..TRIES.min(20_000 / n.max(1)).max(1))
        .map(permutation)
        .min_by(|a, b| runs_with(a).total_cmp(&runs_with(b)))
        .unwrap_or_default()
}

/// Size of the correlation; 0 where one of the two does not vary.
fn related(a: &[f64], b: &[f64]) -> f64 {
    correlation(a, b).unwrap_or(0.0).abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Targets;

    /// Severity must run neither with age nor with sex, in any cohort that any target asks for.
    #[test]
    fn severity_does_not_run_with_age_or_sex() {
        let targets = Targets::builtin().unwrap().targets;
        let used = targets.iter().filter_map(|t| t.measurement.as_ref()).filter(|m| m.patients.severity.is_some());
        let mut sizes: Vec<usize> = used.map(|m| m.patients.n).chain([8, 10, 12, 20, 30, 60, 100]).collect();
        sizes.sort_unstable();
        sizes.dedup();
        for n in sizes {
            for seed in [1, 2, 77] {
                let cohort = Cohort {
                    condition: "als".to_owned(),
                    n,
                    age_years: [50.0, 80.0],
                    sex: None,
                    at: None,
                    severity: Some([0.0, 1.0]),
                    side: None,
                };
                let people = members(&cohort, seed).unwrap();
                let severity: Vec<f64> = people.iter().map(|m| m.patient.severity.unwrap()).collect();
                let age: Vec<f64> = people.iter().map(|m| m.patient.age_years).collect();
                let sex: Vec<f64> = people.iter().map(|m| f64::from(u8::from(m.patient.sex == Sex::Male))).collect();
                let (with_age, with_sex) = (related(&severity, &age), related(&severity, &sex));
                assert!(with_age.abs() < 0.1 && with_sex.abs() < 0.1, "n {n}, seed {seed}: {with_age} {with_sex}");
                let mut grid = severity.clone();
                grid.sort_by(f64::total_cmp);
                let even = |(i, s): (usize, &f64)| (s - (i as f64 + 0.5) / n as f64).abs() < 1e-9;
                assert!(grid.iter().enumerate().all(even), "each severity once");
            }
        }
    }

    #[test]
    fn the_order_is_that_of_the_seed() {
        assert_eq!(shuffled(12, 1), shuffled(12, 1));
        assert_ne!(shuffled(12, 1), shuffled(12, 2));
        assert_eq!((shuffled(0, 1), shuffled(1, 1)), (vec![], vec![0]));
    }
}
