//! Lesions, conditions and their courses: a patient into a body with changed parameters.
//!
//! A condition is a list of lesions, and a lesion only moves named parameters of the body (see [`Mechanism::info`], one line a
//! mechanism). Nothing here produces a sign; signs come from examining the body.
//!
//! ```
//! use tonus_pathology::{Mechanism, Patient, PatientOptions, TimeSpan};
//! # fn main() -> Result<(), tonus_pathology::PathologyError> {
//! let options = PatientOptions { at: Some(TimeSpan::from_months(18.0)), ..PatientOptions::default() };
//! let patient = Patient::of_condition("als", &options)?;
//! let lesions = patient.lesions_now();
//! assert!(lesions.iter().any(|l| l.mechanism == Mechanism::NeuronLoss && (l.severity - 0.75).abs() < 0.01));
//! # Ok(())
//! # }
//! ```
//!
//! **Sides.** Every side is a side of the body, also for lesions of the brain; `hemisphere = "left"` names the structure's own side and
//! is turned round for crossed structures. `--side` says which side is affected, or worse affected.
//!
//! **How bad.** Without a time, each lesion has its typical severity and the age of the condition's representative patient; with `--at` its
//! severity follows its course. `--severity` scales either: 0 none, 0.5 typical, 1 the worst of the usual spread.

pub mod apply;
mod condition;
mod course;
mod document;
mod error;
mod findings;
mod lesion;
mod lesion_reader;
mod mechanism;
mod nearest;
mod patient;
mod patient_file;
mod phenopacket;
mod place;
mod region;
mod segments;
mod site;
mod time;

pub use apply::{NotExamined, apply};
pub use condition::{Condition, CourseFact, Frequency, Spread, Term};
pub use course::{Course, CourseKind};
pub use error::PathologyError;
pub use findings::{FindingsScore, rank_by_findings};
pub use lesion::{Confidence, Lesion, ReleasedBy};
pub use mechanism::{Mechanism, MechanismInfo};
pub use patient::{
    Patient, PatientOptions, RecordedFinding, Selection, parse_affected_side, parse_age_years, parse_height_m,
    parse_sex,
};
pub use place::{AffectedSide, BodySide, Pathway, Pattern, Place};
pub use segments::Segments;
pub use site::{Localiser, Site};
pub use time::TimeSpan;
