//! Tonus: an executable human motor system.
//!
//! Injure it anywhere, examine it as a neurologist and a nerve-and-muscle laboratory would, and read real patients
//! with the same code. This crate is the façade library and the `tonus` command; each stage is a crate of its own:
//!
//! | stage | crate |
//! |---|---|
//! | how the parts work | [`physiology`] |
//! | a person's parts as parameters | [`body`] |
//! | lesions, conditions, patients | [`pathology`] |
//! | protocols | [`exam`] |
//! | recordings and measures | [`signal`] |
//! | norms and findings | [`diagnosis`] |
//! | page and JSON | [`report`] |
//!
//! ```no_run
//! use tonus::{examine::examine_patient, pathology::{Patient, PatientOptions}};
//!
//! let patient = Patient::of_condition("als", &PatientOptions::default())?;
//! let examination = examine_patient(&patient, 1, &())?;
//! for finding in &examination.findings {
//!     println!("{} ({}): {:?}", finding.label, finding.hpo, finding.state);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cli;
pub mod command;
pub mod error;
pub mod examine;
pub mod exit;
mod output;

pub use tonus_body as body;
pub use tonus_diagnosis as diagnosis;
pub use tonus_exam as exam;
pub use tonus_pathology as pathology;
pub use tonus_physiology as physiology;
pub use tonus_report as report;
pub use tonus_signal as signal;
pub use tonus_validation as validation;
