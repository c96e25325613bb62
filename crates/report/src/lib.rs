//! The report: an examination as JSON for programs and as one self-contained HTML page for people.
//!
//! [`gallery::page`] sets several examinations beside what a textbook says; [`recorded::page`] shows recordings that were brought in.
//! [`json::examination`] and [`html::page`] read the same [`Examination`]; neither computes anything that the other does not say.

pub mod examination;
pub mod gallery;
pub mod html;
pub mod json;
pub mod recorded;

mod axis;
mod curve;
mod figure;
mod svg;
mod traces;
mod words;

pub use examination::{Examination, LesionLine, PatientLine};
pub use html::{ReportError, page};
