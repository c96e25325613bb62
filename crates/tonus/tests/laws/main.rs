//! The laws of each lesion site: what a lesion must do to the measures of an examination, and what it must leave alone.
//!
//! Lesions are applied to healthy adults by themselves; no condition is named. What a lesion cannot reach stays the same
//! to the bit, because every random number is keyed by what it drives.

mod adult;
mod brain;
mod nerve_and_muscle;
mod same_bits;
mod severity;
