//! A measure: a name, a value with its unit, or the statement that there was nothing to measure.

use serde::{Deserialize, Serialize};

/// What a measurement gave. A missing response is a result, never NaN.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A finite number in the measure's unit.
    Number(f64),
    /// The response is missing although it was looked for (a latency without a response, say).
    Absent,
    /// It could not be evoked or attempted in this person.
    NotEvocable,
}

impl Value {
    /// The number, if there is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Number(x) => Some(x),
            Self::Absent | Self::NotEvocable => None,
        }
    }
}

impl From<Option<f64>> for Value {
    fn from(value: Option<f64>) -> Self {
        match value {
            Some(x) if x.is_finite() => Self::Number(x),
            _ => Self::Absent,
        }
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Some(value).into()
    }
}

/// One named measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Name within its item, `snake_case` (`cmap_amplitude`).
    pub name: String,
    /// What was found.
    pub value: Value,
    /// Unit, as printed (`mV`, `ms`, `m/s`, `1` for none).
    pub unit: String,
}

impl Measure {
    /// A measure from anything that turns into a [`Value`].
    pub fn new(name: &str, value: impl Into<Value>, unit: &str) -> Self {
        Self { name: name.to_owned(), value: value.into(), unit: unit.to_owned() }
    }
}
