//! Published experiments: model against paper.
//!
//! A [`Target`] is declared, not coded: the published number with its source, and how to measure it (the patients, the item with
//! its parameters, the measure, the statistic over the cohort). A new file of targets runs without a new line of code.

pub mod cohort;
pub mod run;
pub mod statistic;
pub mod target;

pub use run::{Outcome, TargetResult, TargetVerdict, run};
pub use target::{Target, TargetError, Targets};
