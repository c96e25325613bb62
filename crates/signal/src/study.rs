//! A study: what one examination item gave on one side.

use serde::{Deserialize, Serialize};

use crate::{Measure, Recording};

/// Side of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
}

impl Side {
    /// Both, right first (the order of a report).
    pub const BOTH: [Self; 2] = [Self::Right, Self::Left];

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// `left` or `right`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

/// Measures and raw recordings of one item on one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Study {
    /// Item id (`lab.motor_conduction.ulnar`).
    pub item: String,
    /// Side examined.
    pub side: Side,
    /// Measures, in the order of the item's declaration.
    pub measures: Vec<Measure>,
    /// Raw signals the measures were taken from.
    pub recordings: Vec<Recording>,
    /// Wall-clock time taken, ms; the only field that is not reproducible.
    pub wall_ms: f64,
}

impl Study {
    /// The measure of that name.
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|m| m.name == name)
    }

    /// The number of that name, if it was measured and present.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.measure(name).and_then(|m| m.value.number())
    }
}
