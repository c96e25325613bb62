//! Patients for the experiments on tone: the reference man with a condition.

use tonus_body::{Anatomy, Body, Sex};
use tonus_pathology::{Patient, PatientOptions, TimeSpan, parse_affected_side};

use crate::experiment::ExperimentError;

/// Age, years, and height, m, of every patient.
const AGE_YEARS: f64 = 55.0;
const HEIGHT_M: f64 = 1.75;

/// A man with a condition, at a time since its onset and of a grade (0 none, 0.5 typical, 1 worst); the right side is affected.
pub(super) fn patient(
    experiment: &'static str,
    condition: &str,
    at: Option<&str>,
    severity: Option<f64>,
) -> Result<Body, ExperimentError> {
    let fail = |problem: String| ExperimentError { experiment, problem };
    let side = parse_affected_side("right").map_err(|e| fail(e.to_string()))?;
    let options = PatientOptions {
        at: at.map(TimeSpan::parse).transpose().map_err(|e| fail(e.to_string()))?,
        severity,
        side: Some(side),
        age_years: Some(AGE_YEARS),
        sex: Some(Sex::Male),
        height_m: Some(HEIGHT_M),
    };
    body_of(experiment, condition, &options)
}

/// A patient of a condition, changed by the options.
pub(super) fn body_of(
    experiment: &'static str,
    condition: &str,
    options: &PatientOptions,
) -> Result<Body, ExperimentError> {
    let fail = |problem: String| ExperimentError { experiment, problem };
    let patient = Patient::of_condition(condition, options).map_err(|e| fail(e.to_string()))?;
    let anatomy = Anatomy::builtin().map_err(|e| fail(e.to_string()))?;
    patient.body(&anatomy).map(|(body, _)| body).map_err(|e| fail(e.to_string()))
}
