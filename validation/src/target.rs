//! A target: a published number, and how to measure the model against it.

use std::collections::BTreeMap;

use serde::Deserialize;
use tonus_body::Sex;

use crate::statistic::Statistic;

/// How a value is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Must lie in `low..high`.
    Range,
    /// Must be at most `high`.
    UpperLimit,
    /// Must be at least `low`.
    LowerLimit,
}

impl Kind {
    /// As in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::UpperLimit => "upper_limit",
            Self::LowerLimit => "lower_limit",
        }
    }
}

/// The people measured.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cohort {
    /// Condition's name; `healthy` for health.
    pub condition: String,
    /// How many.
    #[serde(default = "one")]
    pub n: usize,
    /// Ages, drawn evenly between the two, years.
    #[serde(default = "adult_years")]
    pub age_years: [f64; 2],
    /// Sex; without it, both alternate.
    pub sex: Option<Sex>,
    /// Time since onset (`18mo`); without it, representative patients.
    pub at: Option<String>,
    /// Severity 0..1 drawn evenly between the two; without it, typical.
    pub severity: Option<[f64; 2]>,
    /// Affected side of the body (`left`, `right`, `both`).
    pub side: Option<String>,
}

fn one() -> usize {
    1
}

fn adult_years() -> [f64; 2] {
    [25.0, 60.0]
}

/// How to measure a target.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Who.
    pub patients: Cohort,
    /// Item id.
    pub item: String,
    /// Parameters of the item.
    #[serde(default)]
    pub parameters: BTreeMap<String, f64>,
    /// The item is run at each of several values of one parameter; a person's value is the extreme of them.
    pub sweep: Option<Sweep>,
    /// Side of the body measured.
    #[serde(default = "right")]
    pub side: String,
    /// Measure of the item.
    pub measure: String,
    /// Statistic over the cohort.
    #[serde(default)]
    pub statistic: Statistic,
    /// Threshold of the statistics that need one (`percent_above`, `percent_below`), in the measure's unit after `relative_to` and `per`.
    pub threshold: Option<f64>,
    /// Each person's value is divided by that person's value with this condition (`healthy`).
    pub relative_to: Option<String>,
    /// Each person's value is divided by this of the person.
    pub per: Option<Per>,
    /// The result is multiplied by this (a change of unit, never a hidden norm).
    #[serde(default = "unity")]
    pub scale: f64,
}

/// One parameter of the item, at several values.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// Name of the parameter.
    pub parameter: String,
    /// Its values.
    pub values: Vec<f64>,
    /// Which of the values measured is the person's.
    pub take: Extreme,
}

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extreme {
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
}

/// A measure of an experiment on a part of the body.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FromExperiment {
    /// Experiment's id.
    pub id: String,
    /// Its measure.
    pub measure: String,
    /// The result is multiplied by this (a change of unit).
    #[serde(default = "unity")]
    pub scale: f64,
}

/// What a person's value may be divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Body mass, kg.
    MassKg,
    /// Height, m.
    HeightM,
    /// The upper limit of the measure's norm for this person, as the report shows it.
    UpperLimit,
    /// The lower limit of the measure's norm for this person.
    LowerLimit,
}

fn right() -> String {
    "right".to_owned()
}

fn unity() -> f64 {
    1.0
}

impl Per {
    /// Whether it is a limit of the measure's own norm.
    pub fn is_limit(self) -> bool {
        matches!(self, Self::UpperLimit | Self::LowerLimit)
    }
}

/// One target.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// File it stands in.
    #[serde(skip)]
    pub file: String,
    /// Id.
    pub id: String,
    /// Area (`nerve`, `tone` ...).
    pub area: String,
    /// What is measured.
    pub quantity: String,
    /// Unit.
    pub unit: String,
    /// In whom.
    #[serde(default)]
    pub condition: String,
    /// How it is judged.
    pub kind: Kind,
    /// Published mean or typical value.
    pub value: Option<f64>,
    /// Published SD between people.
    pub sd: Option<f64>,
    /// Lower bound.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
    /// How the paper measured it.
    #[serde(default)]
    pub protocol: String,
    /// Published model best suited.
    #[serde(default)]
    pub model: String,
    /// Source.
    pub source: String,
    /// Page read.
    #[serde(default)]
    pub url: String,
    /// `checked` or `memory`.
    #[serde(default)]
    pub confidence: String,
    /// One of the numbers that best separate a credible simulator from a toy.
    #[serde(default)]
    pub decisive: bool,
    /// Caveats.
    #[serde(default)]
    pub note: String,
    /// Whether the model was fitted to this number: file, its parameters in backticks, and to what; empty = predicted.
    #[serde(default)]
    pub fitted: String,
    /// In what the run differs from the paper's protocol; empty = in nothing we know of.
    #[serde(default)]
    pub deviation: String,
    /// How to measure it in people; with neither this nor `experiment` the target is `unmeasured`.
    pub measurement: Option<Measurement>,
    /// How to measure it on a part of the body.
    pub experiment: Option<FromExperiment>,
}

/// What is wrong with a file of targets, or with what a target asks for.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The file cannot be read.
    #[error("{file}: {source}; give a readable TOML file of targets")]
    Read {
        /// File.
        file: String,
        /// System's reason.
        source: std::io::Error,
    },
    /// Not TOML, or unexpected fields.
    #[error("{file}: {source}")]
    Toml {
        /// File.
        file: String,
        /// Parser's message with line and caret.
        source: Box<toml::de::Error>,
    },
    /// A file without a target.
    #[error("{file}: no target in it; declare one as [[target]]")]
    Empty {
        /// File.
        file: String,
    },
    /// A target contradicts itself or names what does not exist.
    #[error("{file}: target `{id}`: {problem}")]
    Target {
        /// File.
        file: String,
        /// Target.
        id: String,
        /// What is wrong and the mend.
        problem: String,
    },
    /// What a right target asks for cannot be run: Tonus's own fault.
    #[error("Tonus failed: `{id}` cannot be run: {problem}")]
    Run {
        /// Target or experiment.
        id: String,
        /// What failed.
        problem: String,
    },
    /// Tonus's own tables are damaged.
    #[error("Tonus failed: {0}")]
    Tables(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetFile {
    #[serde(default)]
    target: Vec<Target>,
}

/// Files of targets that ship with Tonus.
const BUILTIN: &[(&str, &str)] = &[
    ("reflex.toml", include_str!("../targets/reflex.toml")),
    ("emg.toml", include_str!("../targets/emg.toml")),
    ("examination.toml", include_str!("../targets/examination.toml")),
    ("neuron.toml", include_str!("../targets/neuron.toml")),
    ("nerve.toml", include_str!("../targets/nerve.toml")),
    ("spindle.toml", include_str!("../targets/spindle.toml")),
    ("muscle.toml", include_str!("../targets/muscle.toml")),
    ("pool.toml", include_str!("../targets/pool.toml")),
    ("joint.toml", include_str!("../targets/joint.toml")),
    ("tone.toml", include_str!("../targets/tone.toml")),
    ("voluntary.toml", include_str!("../targets/voluntary.toml")),
    ("nmj.toml", include_str!("../targets/nmj.toml")),
];

/// A set of targets.
#[derive(Clone, Debug)]
pub struct Targets {
    /// Where they come from.
    pub file: String,
    /// Targets in the order of the file.
    pub targets: Vec<Target>,
}

impl Targets {
    /// The targets that ship with Tonus.
    ///
    /// # Errors
    /// If the table was edited into something that cannot be read.
    pub fn builtin() -> Result<Self, TargetError> {
        let mut all = Self { file: "validation/targets".to_owned(), targets: vec![] };
        for (file, text) in BUILTIN {
            for target in Self::from_toml(&format!("{}/{file}", all.file), text)?.targets {
                if all.targets.iter().any(|other| other.id == target.id) {
                    let problem = "stands in another file too; give each target its own id".to_owned();
                    return Err(TargetError::Target { file: format!("{}/{file}", all.file), id: target.id, problem });
                }
                all.targets.push(target);
            }
        }
        Ok(all)
    }

    /// Reads a file of targets.
    ///
    /// # Errors
    /// With file, line and field.
    pub fn read(path: &std::path::Path) -> Result<Self, TargetError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| TargetError::Read { file: file.clone(), source })?;
        Self::from_toml(&file, &text)
    }

    /// Reads targets from TOML text.
    ///
    /// # Errors
    /// With file, line and field, or the target that is wrong.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, TargetError> {
        let TargetFile { target: mut targets } = toml::from_str(text)
            .map_err(|source| TargetError::Toml { file: file.to_owned(), source: Box::new(source) })?;
        if targets.is_empty() {
            return Err(TargetError::Empty { file: file.to_owned() });
        }
        for (i, target) in targets.iter().enumerate() {
            target.check(&targets[..i]).map_err(|problem| TargetError::Target {
                file: file.to_owned(),
                id: target.id.clone(),
                problem,
            })?;
        }
        targets.iter_mut().for_each(|target| file.clone_into(&mut target.file));
        Ok(Self { file: file.to_owned(), targets })
    }
}

impl Target {
    /// The error that something is wrong with it.
    pub(crate) fn wrong(&self, problem: String) -> TargetError {
        TargetError::Target { file: self.file.clone(), id: self.id.clone(), problem }
    }

    /// What it is measured on, in few words.
    pub fn people(&self) -> String {
        match (&self.measurement, &self.experiment) {
            (Some(m), _) => m.patients.condition.clone(),
            (None, Some(from)) => format!("`{}`", from.id),
            (None, None) => "-".to_owned(),
        }
    }

    /// Whether the model was not fitted to it.
    pub fn is_predicted(&self) -> bool {
        self.fitted.trim().is_empty()
    }

    /// Whether `value` meets the target.
    pub fn met_by(&self, value: f64) -> bool {
        let low = self.low.is_none_or(|low| value >= low);
        let high = self.high.is_none_or(|high| value <= high);
        match self.kind {
            Kind::Range => low && high,
            Kind::UpperLimit => high,
            Kind::LowerLimit => low,
        }
    }
}
