//! An examination item: its declaration, its parameters, and a run of it.

use std::collections::BTreeMap;

use tonus_signal::{Side, Study};

use crate::{ExamError, Subject};

/// A measure that an item gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasureInfo {
    /// Name, `snake_case`.
    pub name: &'static str,
    /// Unit (`1` for none).
    pub unit: &'static str,
    /// What it is and how it is taken, in one sentence.
    pub meaning: &'static str,
}

/// A number of the protocol that may be changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterInfo {
    /// Name, with its unit as suffix.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Value in the standard examination.
    pub default: f64,
    /// Lowest allowed.
    pub low: f64,
    /// Highest allowed.
    pub high: f64,
    /// Whether it counts something: whole numbers only.
    pub whole: bool,
    /// What it is.
    pub meaning: &'static str,
}

/// One examination item.
#[derive(Clone, Copy)]
pub struct Item {
    /// Id, dotted (`lab.motor_conduction.ulnar`).
    pub id: &'static str,
    /// Title for people.
    pub title: &'static str,
    /// What is done, as a laboratory manual would put it.
    pub protocol: &'static str,
    /// Where the protocol is published.
    pub source: &'static str,
    /// Parameters.
    pub parameters: &'static [ParameterInfo],
    /// Measures, in the order they are reported.
    pub measures: &'static [MeasureInfo],
    pub(crate) run: fn(&Subject<'_>, Side, &Parameters) -> Result<Study, ExamError>,
}

impl std::fmt::Debug for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Item").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Item {
    /// Checks the parameters of a run without running it.
    ///
    /// # Errors
    /// A parameter that is unknown or out of range.
    pub fn check(&self, overrides: &BTreeMap<String, f64>) -> Result<(), ExamError> {
        Parameters::new(self, overrides).map(|_| ())
    }

    /// Runs the item on one side.
    ///
    /// # Errors
    /// A parameter that is unknown or out of range, or anatomy that the body lacks.
    pub fn run(
        &self,
        subject: &Subject<'_>,
        side: Side,
        overrides: &BTreeMap<String, f64>,
    ) -> Result<Study, ExamError> {
        let parameters = Parameters::new(self, overrides)?;
        let start = std::time::Instant::now();
        let mut study = (self.run)(subject, side, &parameters)?;
        study.wall_ms = start.elapsed().as_secs_f64() * 1e3;
        Ok(study)
    }
}

/// The parameters of one run: defaults with overrides, checked.
#[derive(Clone, Debug)]
pub struct Parameters(BTreeMap<&'static str, f64>);

impl Parameters {
    fn new(item: &Item, overrides: &BTreeMap<String, f64>) -> Result<Self, ExamError> {
        let mut values: BTreeMap<_, _> = item.parameters.iter().map(|p| (p.name, p.default)).collect();
        for (name, &value) in overrides {
            let Some(info) = item.parameters.iter().find(|p| p.name == name) else {
                let known: Vec<_> = item.parameters.iter().map(|p| p.name).collect();
                return Err(ExamError::UnknownParameter {
                    item: item.id.to_owned(),
                    name: name.clone(),
                    known: if known.is_empty() { "none".to_owned() } else { known.join(", ") },
                });
            };
            if !(info.low..=info.high).contains(&value) {
                return Err(ExamError::ParameterRange {
                    item: item.id.to_owned(),
                    name: name.clone(),
                    value,
                    low: info.low,
                    high: info.high,
                    unit: info.unit.to_owned(),
                });
            }
            if info.whole && value.fract() != 0.0 {
                return Err(ExamError::NotWhole { item: item.id.to_owned(), name: name.clone(), value });
            }
            values.insert(info.name, value);
        }
        Ok(Self(values))
    }

    /// Value of a declared parameter.
    pub(crate) fn get(&self, name: &'static str) -> f64 {
        debug_assert!(self.0.contains_key(name), "parameter {name} was not declared");
        self.0.get(name).copied().unwrap_or(f64::NAN)
    }

    /// Value of a declared parameter that counts something: a whole number by its declaration.
    pub(crate) fn count(&self, name: &'static str) -> usize {
        self.get(name) as usize
    }
}
