//! The `tonus` command as a user runs it: a process, its arguments, its exit code, its output and its files.
//!
//! Sensory conduction and repetitive stimulation stand for the whole examination here: their two sides take a few hundredths of a
//! second, and what is tested is the command, not the physiology (`laws` and `validation` do that). The whole file takes
//! well under a minute in release, so that it is run after every change.

mod analyse;
mod bench;
mod contract;
mod errors;
mod examine;
mod lists;
mod patient_file;
mod phenopacket;
mod published_patients;
mod record;
mod run;
mod validate;
