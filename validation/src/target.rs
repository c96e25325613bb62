//! A target: a published number, and how to measure the model against it.

use std::collections::BTreeMap;

use serde::Deserialize;
use tonus_body::Sex;
use tonus_exam::Item;

use crate::experiment::Experiment;
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
    /// Side of the body measured.
    #[serde(default = "right")]
    pub side: String,
    /// Measure of the item.
    pub measure: String,
    /// Statistic over the cohort.
    #[serde(default)]
    pub statistic: Statistic,
    /// Threshold of the statistics that need one.
    #[serde(default)]
    pub threshold: f64,
    /// Each person's value is divided by that person's value with this condition (`healthy`).
    pub relative_to: Option<String>,
    /// Each person's value is divided by this of the person: `mass_kg` or `height_m`.
    pub per: Option<Per>,
    /// The result is multiplied by this (a change of unit).
    #[serde(default = "unity")]
    pub scale: f64,
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
}

fn right() -> String {
    "right".to_owned()
}

fn unity() -> f64 {
    1.0
}

/// One target.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetFile {
    target: Vec<Target>,
}

/// Files of targets that ship with Tonus.
const BUILTIN: &[(&str, &str)] = &[("examination.toml", include_str!("../targets/examination.toml"))];

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
        let TargetFile { target: targets } = toml::from_str(text)
            .map_err(|source| TargetError::Toml { file: file.to_owned(), source: Box::new(source) })?;
        for (i, target) in targets.iter().enumerate() {
            target.check(targets[..i].iter()).map_err(|problem| TargetError::Target {
                file: file.to_owned(),
                id: target.id.clone(),
                problem,
            })?;
        }
        Ok(Self { file: file.to_owned(), targets })
    }
}

impl Target {
    fn check<'a>(&self, mut before: impl Iterator<Item = &'a Self>) -> Result<(), String> {
        if before.any(|other| other.id == self.id) {
            return Err("stands twice; give each target its own id".to_owned());
        }
        if self.source.trim().is_empty() {
            return Err("has no `source`; say where the number was published".to_owned());
        }
        match self.kind {
            Kind::Range if self.low.is_none() || self.high.is_none() => {
                return Err("kind `range` needs `low` and `high`".to_owned());
            }
            Kind::UpperLimit if self.high.is_none() => return Err("kind `upper_limit` needs `high`".to_owned()),
            Kind::LowerLimit if self.low.is_none() => return Err("kind `lower_limit` needs `low`".to_owned()),
            _ => {}
        }
        if let Some(from) = &self.experiment {
            if self.measurement.is_some() {
                return Err("has both `measurement` and `experiment`; keep one".to_owned());
            }
            let experiment = Experiment::find(&from.id)?;
            if !experiment.measures.iter().any(|info| info.name == from.measure) {
                let known: Vec<_> = experiment.measures.iter().map(|info| info.name).collect();
                return Err(format!(
                    "experiment `{}` has no measure `{}`; it has: {}",
                    from.id,
                    from.measure,
                    known.join(", ")
                ));
            }
        }
        let Some(m) = &self.measurement else { return Ok(()) };
        let item = Item::find(&m.item).map_err(|e| e.to_string())?;
        if !item.measures.iter().any(|info| info.name == m.measure) {
            let known: Vec<_> = item.measures.iter().map(|info| info.name).collect();
            return Err(format!("item `{}` has no measure `{}`; it has: {}", m.item, m.measure, known.join(", ")));
        }
        item.check(&m.parameters).map_err(|e| e.to_string())?;
        if !["left", "right"].contains(&m.side.as_str()) {
            return Err(format!("side `{}` must be left or right", m.side));
        }
        let c = &m.patients;
        if c.n == 0 || c.n > 10_000 {
            return Err(format!("patients.n = {} must lie in 1..10000", c.n));
        }
        let [young, old] = c.age_years;
        if !(0.0..=110.0).contains(&young) || !(0.0..=110.0).contains(&old) || young > old {
            return Err("patients.age_years must be two ages, lower first, in 0..110".to_owned());
        }
        if let Some([mild, severe]) = c.severity
            && (!(0.0..=1.0).contains(&mild) || !(0.0..=1.0).contains(&severe) || mild > severe)
        {
            return Err("patients.severity must be two numbers, lower first, in 0..1".to_owned());
        }
        Ok(())
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
