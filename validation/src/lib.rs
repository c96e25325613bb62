//! Published experiments: model against paper.
//!
//! A [`Target`] is declared, not coded: the published number with its source, and how to measure it (the patients, the item with
//! its parameters, the measure, the statistic over the cohort). A new file of targets runs without a new line of code. What was
//! measured on a part of the body alone (a cell, a receptor, a muscle) names an [`Experiment`] and one of its measures.

mod check;
pub mod cohort;
pub mod experiment;
pub mod figure;
pub mod run;
pub mod statistic;
pub mod target;
mod unit;

pub use experiment::{Experiment, Observation};
pub use run::{Counts, Outcome, TargetResult, TargetVerdict, run};
pub use target::{Target, TargetError, Targets};
