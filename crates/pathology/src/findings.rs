//! Which condition a list of recorded findings fits best: a plain sum over expected signs, with its reasons.

use crate::{Condition, PathologyError, RecordedFinding};

/// How well recorded findings fit one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingsScore {
    /// The condition.
    pub condition: &'static Condition,
    /// Sum of the weights for, less those against.
    pub score: f64,
    /// What speaks for it.
    pub reasons_for: Vec<String>,
    /// What speaks against it.
    pub reasons_against: Vec<String>,
}

/// Share of a weight that a sign recorded as absent brings when it is expected absent: absence is weak evidence.
const ABSENCE_SHARE: f64 = 0.3;
/// What speaks against a condition whose usual onset lies in the future.
const TOO_YOUNG: f64 = 2.0;

/// Conditions by their fit to the findings, best first; equal ones by prevalence.
///
/// Each expected sign has the weight ln((N + 1) / (1 + conditions that expect it)). Recorded present and expected present adds it;
/// recorded absent and expected absent adds 0.3 of it; a contradiction takes it away. A more special finding meets a more general
/// expectation if `ancestors` names the general terms of a term; without an ontology pass a function that returns nothing.
///
/// # Errors
/// As [`Condition::all`].
pub fn rank_by_findings(
    recorded: &[RecordedFinding],
    age_years: Option<f64>,
    ancestors: &dyn Fn(&str) -> Vec<String>,
) -> Result<Vec<FindingsScore>, PathologyError> {
    let all = Condition::all()?;
    let candidates: Vec<&'static Condition> = all.iter().filter(|c| !c.lesions.is_empty()).collect();
    let is_a = |special: &str, general: &str| special == general || ancestors(special).iter().any(|a| a == general);
    let present = |expected: &str| recorded.iter().find(|f| !f.excluded && is_a(&f.hpo, expected));
    let absent = |expected: &str| recorded.iter().find(|f| f.excluded && is_a(expected, &f.hpo));
    let weight = |expected: &str| {
        let holders = candidates.iter().filter(|c| c.expected_present.iter().any(|t| t.id == expected)).count();
        libm::log((candidates.len() + 1) as f64 / (1 + holders) as f64)
    };
    let mut scores: Vec<FindingsScore> = candidates
        .iter()
        .map(|condition| {
            let mut fit = FindingsScore { condition, score: 0.0, reasons_for: Vec::new(), reasons_against: Vec::new() };
            for term in &condition.expected_present {
                if let Some(finding) = present(&term.id) {
                    fit.score += weight(&term.id);
                    fit.reasons_for.push(finding.label.clone());
                } else if let Some(finding) = absent(&term.id) {
                    fit.score -= weight(&term.id);
                    fit.reasons_against.push(format!("no {}", finding.label));
                }
            }
            for term in &condition.expected_absent {
                if let Some(finding) = present(&term.id) {
                    fit.score -= weight(&term.id);
                    fit.reasons_against.push(finding.label.clone());
                } else if let Some(finding) = absent(&term.id) {
                    fit.score += ABSENCE_SHARE * weight(&term.id);
                    fit.reasons_for.push(format!("no {}", finding.label));
                }
            }
            if let (Some(age), Some(onset)) = (age_years, condition.onset_age_years)
                && age < onset.low
            {
                fit.score -= TOO_YOUNG;
                fit.reasons_against.push(format!("usual onset is from {} years", onset.low));
            }
            fit
        })
        .collect();
    let prevalence = |c: &Condition| c.prevalence_per_100k.as_ref().map_or(0.0, |p| p.value);
    scores.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| prevalence(b.condition).total_cmp(&prevalence(a.condition)))
    });
    Ok(scores)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(hpo: &str, excluded: bool) -> RecordedFinding {
        RecordedFinding { hpo: hpo.to_owned(), label: hpo.to_owned(), excluded }
    }

    #[test]
    fn decrement_and_ptosis_are_of_the_junction() -> Result<(), PathologyError> {
        let recorded = [finding("HP:0003473", false), finding("HP:0000508", false), finding("HP:0001284", true)];
        let ranked = rank_by_findings(&recorded, Some(40.0), &|_| Vec::new())?;
        let best = ranked.first().map(|f| (f.condition.name.as_str(), f.reasons_for.len()));
        assert_eq!(best, Some(("myasthenia", 3)));
        Ok(())
    }

    #[test]
    fn a_special_finding_meets_a_general_expectation() -> Result<(), PathologyError> {
        let recorded = [finding("HP:special", false)];
        let score = |ancestors: &dyn Fn(&str) -> Vec<String>| {
            rank_by_findings(&recorded, None, ancestors).map(|r| r.first().map_or(0.0, |f| f.score))
        };
        assert_eq!(score(&|_| Vec::new())?, 0.0);
        assert!(score(&|t| if t == "HP:special" { vec!["HP:0002380".to_owned()] } else { Vec::new() })? > 0.0);
        Ok(())
    }
}
