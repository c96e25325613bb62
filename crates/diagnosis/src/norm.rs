//! Norms, and the verdict on a measure.
//!
//! A norm is either *published* (mean and SD, or limits, with what is known of age and height) or *relative*: the
//! healthy model of the same person, with the published spread between people. A published norm outside the ages
//! it was gathered at falls back to the relative form, and says so; where that cannot be either, nothing is judged.

use serde::{Deserialize, Serialize};
use tonus_body::Person;
use tonus_signal::{Measure, Side, Study, Value};

use crate::DataError;

/// Verdict on one measure that could be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Within the norm.
    Normal,
    /// Below it.
    Low,
    /// Above it.
    High,
    /// The response is missing.
    Absent,
    /// It could not be evoked.
    NotEvocable,
}

impl Verdict {
    /// As in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Low => "low",
            Self::High => "high",
            Self::Absent => "absent",
            Self::NotEvocable => "not_evocable",
        }
    }
}

/// Which side of the norm is abnormal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tail {
    #[default]
    Both,
    Low,
    High,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Distribution {
    #[default]
    Normal,
    LogNormal,
}

/// One entry of `data/norms.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Norm {
    item: String,
    measure: String,
    /// Published mean (median for `log_normal`); absent = relative to the healthy model.
    mean: Option<f64>,
    /// SD between people: in the measure's unit (`normal`), or of the natural logarithm (`log_normal`).
    sd: Option<f64>,
    /// SD relative to the mean, for the relative form.
    relative_sd: Option<f64>,
    /// Published limits; they hold for every age and height, and replace mean and SD where both stand.
    low: Option<f64>,
    high: Option<f64>,
    #[serde(default)]
    tail: Tail,
    #[serde(default)]
    distribution: Distribution,
    /// Change of the mean per year of age from `age_reference`.
    #[serde(default)]
    per_year: f64,
    #[serde(default = "forty")]
    age_reference: f64,
    /// Change of the mean per cm of height from 170 cm.
    #[serde(default)]
    per_cm: f64,
    /// Ages the norm holds for.
    age_low: Option<f64>,
    age_high: Option<f64>,
    source: String,
    /// `read`, `memory` or `assumed`.
    confidence: String,
}

fn forty() -> f64 {
    40.0
}

/// Two-sided 95 % of a normal distribution.
const Z_LIMIT: f64 = 1.96;

/// All norms.
#[derive(Clone, Debug)]
pub struct Norms(Vec<Norm>);

/// A measure with its norm and verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// The measure.
    pub measure: Measure,
    /// Lower limit of normal, if there is one.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
    /// Distance from the mean in SD, where the norm has an SD.
    pub z: Option<f64>,
    /// Verdict; `None` if it could not be judged: no norm is known, or none of this age.
    pub verdict: Option<Verdict>,
    /// Whether a norm is known, of this age or another.
    pub has_norm: bool,
    /// Where the norm comes from, or why there is none.
    pub norm_source: String,
}

impl Judged {
    /// True if it was judged, and is not normal.
    pub fn is_abnormal(&self) -> bool {
        self.verdict.is_some_and(|v| v != Verdict::Normal)
    }
}

/// A study with every measure judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JudgedStudy {
    /// Item id.
    pub item: String,
    /// Side.
    pub side: Side,
    /// Wall time, ms.
    pub wall_ms: f64,
    /// Measures.
    pub measures: Vec<Judged>,
}

impl JudgedStudy {
    /// The judged measure of that name.
    pub fn measure(&self, name: &str) -> Option<&Judged> {
        self.measures.iter().find(|m| m.measure.name == name)
    }

    /// True if any measure is out of its norm.
    pub fn is_abnormal(&self) -> bool {
        self.measures.iter().any(Judged::is_abnormal)
    }
}

const BUILTIN: &str = include_str!("../../../data/norms.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NormFile {
    norm: Vec<Norm>,
}

impl Norms {
    /// The norms that ship with Tonus.
    ///
    /// # Errors
    /// If the table was edited into something that cannot be read.
    pub fn builtin() -> Result<Self, DataError> {
        Self::from_toml("data/norms.toml", BUILTIN)
    }

    /// Reads a table of norms.
    ///
    /// # Errors
    /// With file, line and field.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, DataError> {
        let NormFile { norm } = toml::from_str(text)
            .map_err(|source| DataError::Toml { file: file.to_owned(), source: Box::new(source) })?;
        for (i, n) in norm.iter().enumerate() {
            let bad = |problem: &str| DataError::Entry {
                file: file.to_owned(),
                entry: format!("norm {} ({} {})", i + 1, n.item, n.measure),
                problem: problem.to_owned(),
            };
            if n.source.trim().is_empty() {
                return Err(bad("has no source; say where the number was read, or `assumed: why`"));
            }
            if !["read", "memory", "computed", "assumed"].contains(&n.confidence.as_str()) {
                return Err(bad("`confidence` must be read, memory, computed or assumed"));
            }
            if n.mean.is_some() && n.sd.is_none() && n.low.is_none() && n.high.is_none() {
                return Err(bad("has a mean but neither `sd` nor limits"));
            }
            if n.mean.is_none() && n.relative_sd.is_none() && n.low.is_none() && n.high.is_none() {
                return Err(bad("needs `mean` and `sd`, or `low`/`high`, or `relative_sd`"));
            }
            if norm[..i].iter().any(|m| m.item == n.item && m.measure == n.measure) {
                return Err(bad("stands twice"));
            }
        }
        Ok(Self(norm))
    }

    fn find(&self, item: &str, measure: &str) -> Option<&Norm> {
        self.0.iter().find(|n| n.item == item && n.measure == measure)
    }

    /// `(item, measure, source)` of every norm, for listings.
    pub fn listing(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.0.iter().map(|n| (n.item.as_str(), n.measure.as_str(), n.source.as_str()))
    }
}

/// Sets measures beside the norms of one person.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    norms: &'a Norms,
    person: &'a Person,
    healthy: &'a [Study],
}

struct Limits {
    low: Option<f64>,
    high: Option<f64>,
    centre: Option<(f64, f64)>,
    source: String,
}

impl<'a> Judge<'a> {
    /// A judge for `person`; `healthy` are the studies of the healthy model of the same person.
    pub fn new(norms: &'a Norms, person: &'a Person, healthy: &'a [Study]) -> Self {
        Self { norms, person, healthy }
    }

    /// Verdicts on a study.
    pub fn study(&self, study: &Study) -> JudgedStudy {
        JudgedStudy {
            item: study.item.clone(),
            side: study.side,
            wall_ms: study.wall_ms,
            measures: study.measures.iter().map(|m| self.measure(study, m)).collect(),
        }
    }

    fn measure(&self, study: &Study, measure: &Measure) -> Judged {
        let norm = self.norms.find(&study.item, &measure.name);
        let (limits, reason) = match norm.map(|n| self.limits(n, study)) {
            Some(Ok(limits)) => (Some(limits), String::new()),
            Some(Err(reason)) => (None, reason),
            None => (None, "no norm".to_owned()),
        };
        // A response that the healthy model of the same person gives is missing, whatever its size ought to be.
        let expected = limits.is_some() || (norm.is_some() && self.twin(study, &measure.name).is_some());
        let verdict = match (measure.value, &limits) {
            (Value::Absent, _) => expected.then_some(Verdict::Absent),
            (Value::NotEvocable, _) => expected.then_some(Verdict::NotEvocable),
            (Value::Number(x), Some(l)) if l.low.is_some_and(|low| x < low) => Some(Verdict::Low),
            (Value::Number(x), Some(l)) if l.high.is_some_and(|high| x > high) => Some(Verdict::High),
            (Value::Number(_), Some(_)) => Some(Verdict::Normal),
            (Value::Number(_), None) => None,
        };
        let log = norm.is_some_and(|n| n.distribution == Distribution::LogNormal);
        let centre = limits.as_ref().and_then(|l| l.centre);
        let z = measure.value.number().zip(centre).and_then(|(x, (mean, sd))| {
            let z = if log { (x / mean).ln() / sd } else { (x - mean) / sd };
            z.is_finite().then_some(z)
        });
        let (low, high) = limits.as_ref().map_or((None, None), |l| (l.low, l.high));
        let norm_source = limits.map_or(reason, |l| l.source);
        Judged { measure: measure.clone(), low, high, z, verdict, has_norm: norm.is_some(), norm_source }
    }

    /// The measure in the healthy model of the same person.
    fn twin(&self, study: &Study, measure: &str) -> Option<f64> {
        self.healthy.iter().find(|s| s.item == study.item && s.side == study.side).and_then(|s| s.number(measure))
    }

    /// Limits for this person, or why there are none.
    fn limits(&self, norm: &Norm, study: &Study) -> Result<Limits, String> {
        let age = self.person.age_years;
        let holds = age >= norm.age_low.unwrap_or(18.0) && age <= norm.age_high.unwrap_or(f64::INFINITY);
        let published = norm.relative_sd.is_none() || norm.mean.is_some() || norm.low.is_some() || norm.high.is_some();
        if published && holds {
            return Ok(self.published(norm));
        }
        // A published norm of other ages lends its spread to the healthy model of this person.
        let relative_sd = norm.relative_sd.or_else(|| match (norm.distribution, norm.mean, norm.sd) {
            (Distribution::LogNormal, _, Some(sd)) => Some(sd),
            (Distribution::Normal, Some(mean), Some(sd)) if mean != 0.0 => Some((sd / mean).abs()),
            _ => None,
        });
        let Some(relative_sd) = relative_sd else {
            return Err(format!("no norm of this age ({})", norm.source));
        };
        let Some(twin) = self.twin(study, &norm.measure) else {
            return Err(format!("the healthy model of the same person shows none ({})", norm.source));
        };
        let source = if published {
            format!("healthy model of the same person, spread of the adult norm ({})", norm.source)
        } else {
            format!("healthy model of the same person; spread between people: {}", norm.source)
        };
        Ok(match norm.distribution {
            Distribution::Normal => {
                let sd = (relative_sd * twin).abs();
                self.around(norm, twin, sd, twin - Z_LIMIT * sd, twin + Z_LIMIT * sd, source)
            }
            Distribution::LogNormal => {
                let spread = (Z_LIMIT * relative_sd).exp();
                self.around(norm, twin, relative_sd, twin / spread, twin * spread, source)
            }
        })
    }

    fn published(&self, norm: &Norm) -> Limits {
        let shift = norm.per_year * (self.person.age_years - norm.age_reference)
            + norm.per_cm * (self.person.height_m * 100.0 - 170.0);
        match (norm.mean, norm.sd) {
            (Some(mean), Some(sd)) => {
                let mean = mean + shift;
                let (low, high) = match norm.distribution {
                    Distribution::Normal => (mean - Z_LIMIT * sd, mean + Z_LIMIT * sd),
                    Distribution::LogNormal => {
                        let spread = (Z_LIMIT * sd).exp();
                        (mean / spread, mean * spread)
                    }
                };
                self.around(norm, mean, sd, norm.low.unwrap_or(low), norm.high.unwrap_or(high), norm.source.clone())
            }
            _ => Limits { low: norm.low, high: norm.high, centre: None, source: norm.source.clone() },
        }
    }

    fn around(&self, norm: &Norm, mean: f64, sd: f64, low: f64, high: f64, source: String) -> Limits {
        Limits {
            low: (norm.tail != Tail::High).then_some(low),
            high: (norm.tail != Tail::Low).then_some(high),
            centre: (sd > 0.0).then_some((mean, sd)),
            source,
        }
    }
}

#[cfg(test)]
mod tests;
