//! The examination: protocols that stimulate, load and record a body, at the bedside and in the laboratory.
//!
//! An [`Item`] is declared once (what it does, its parameters, its measures) and run on one side of a
//! [`Subject`]; it returns a [`tonus_signal::Study`]: measures with the recordings they were taken from.
//! Nothing here can name a condition or read a lesion: an item sees a body and nothing else.

pub mod bedside;
pub mod catalogue;
mod emg;
pub mod error;
pub mod examination;
pub mod item;
pub mod laboratory;
pub mod subject;

pub use catalogue::{items, routine_items};
pub use error::ExamError;
pub use examination::{Plan, Progress, examine};
pub use item::{Item, MeasureInfo, ParameterInfo, Parameters};
pub use subject::Subject;
