//! A whole examination: which items on which sides, run in parallel, same bits on any number of threads.

use std::collections::BTreeMap;

use rayon::prelude::*;
use tonus_signal::{Side, Study};

use crate::{ExamError, Item, Subject, routine_items};

/// What is to be examined.
#[derive(Clone, Debug)]
pub struct Plan {
    steps: Vec<(Item, Side)>,
}

impl Plan {
    /// Every routine item on both sides.
    pub fn routine() -> Self {
        Self::of(routine_items())
    }

    /// These items, both sides.
    pub fn of(items: impl IntoIterator<Item = Item>) -> Self {
        let steps = items.into_iter().flat_map(|item| Side::BOTH.map(|side| (item, side))).collect();
        Self { steps }
    }

    /// Number of runs.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// True if there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// Told of each item as it ends, from any thread.
pub trait Progress: Sync {
    /// `item` on `side` has just ended.
    fn ended(&self, item: &Item, side: Side);
}

impl Progress for () {
    fn ended(&self, _: &Item, _: Side) {}
}

/// Runs the plan; studies come in the order of the plan whatever the number of threads.
///
/// # Errors
/// The first failure in the order of the plan.
pub fn examine(subject: &Subject<'_>, plan: &Plan, progress: &dyn Progress) -> Result<Vec<Study>, ExamError> {
    let none = BTreeMap::new();
    // From the end: the needle comes last in a plan and takes longest, and a long item begun last leaves the other cores idle.
    let studies: Vec<Result<Study, ExamError>> = plan
        .steps
        .par_iter()
        .with_max_len(1)
        .rev()
        .with_max_len(1)
        .map(|(item, side)| {
            let study = item.run(subject, *side, &none);
            progress.ended(item, *side);
            study
        })
        .collect();
    studies.into_iter().rev().collect()
}
