//! A patient: who, and which lesions, from a condition's name, a patient file or a Phenopacket.

use std::fmt;
use std::path::Path;

use tonus_body::person::{AGE_YEARS, HEIGHT_M};
use tonus_body::{Anatomy, Body, Person, Sex};

use crate::error::printable;
use crate::nearest::fold;
use crate::place::AffectedSide;
use crate::time::TIME_FORMS;
use crate::{Condition, Lesion, NotExamined, PathologyError, TimeSpan, apply, patient_file, phenopacket};

/// Age of the healthy person if none is given, years.
const HEALTHY_AGE_YEARS: f64 = 40.0;

/// A finding recorded in a real patient.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RecordedFinding {
    /// HPO id.
    pub hpo: String,
    /// Label.
    pub label: String,
    /// Looked for and not there.
    pub excluded: bool,
}

/// How the patient's lesions were chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Selection {
    /// The condition was named.
    Named,
    /// The patient's own list of lesions.
    OwnLesions,
    /// The recorded disease is the condition.
    Disease {
        /// Id of the disease.
        id: String,
        /// Its label.
        label: String,
    },
    /// The condition stands in for the recorded disease.
    StandIn {
        /// Id of the disease.
        id: String,
        /// Its label.
        label: String,
    },
    /// No condition covers the recorded disease; the findings fit this one best.
    Findings {
        /// Score of the condition taken.
        score: f64,
        /// What speaks for it.
        reasons_for: Vec<String>,
        /// What speaks against it.
        reasons_against: Vec<String>,
        /// The next ones with their scores.
        runners_up: Vec<(String, f64)>,
    },
    /// Nothing fits: the body is healthy.
    Nothing,
}

impl Selection {
    /// One word for it, for tables.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::OwnLesions => "own_lesions",
            Self::Disease { .. } => "disease",
            Self::StandIn { .. } => "stand_in",
            Self::Findings { .. } => "findings",
            Self::Nothing => "nothing",
        }
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named => write!(f, "the condition was named"),
            Self::OwnLesions => write!(f, "the patient's own lesions"),
            Self::Disease { id, label } => write!(f, "the recorded disease {id} ({label}) is this condition"),
            Self::StandIn { id, label } => {
                write!(f, "the recorded disease {id} ({label}) is one this condition stands in for")
            }
            Self::Findings { score, reasons_for, reasons_against, runners_up } => {
                write!(
                    f,
                    "no condition covers the recorded disease; its findings fit this one best (score {score:.1}: {}",
                    reasons_for.join(", ")
                )?;
                if !reasons_against.is_empty() {
                    write!(f, "; against: {}", reasons_against.join(", "))?;
                }
                let next: Vec<_> = runners_up.iter().map(|(name, score)| format!("{name} {score:.1}")).collect();
                write!(f, "; next: {})", next.join(", "))
            }
            Self::Nothing => {
                write!(f, "no condition covers the recorded disease and none fits the findings: the body is healthy")
            }
        }
    }
}

/// What the command line sets; it goes before what a file says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PatientOptions {
    /// Time since onset.
    pub at: Option<TimeSpan>,
    /// 0 none, 0.5 typical, 1 worst.
    pub severity: Option<f64>,
    /// Affected, or worse affected, side of the body.
    pub side: Option<AffectedSide>,
    /// Age, years.
    pub age_years: Option<f64>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Height, m.
    pub height_m: Option<f64>,
}

impl PatientOptions {
    /// These, with the gaps filled from others.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            at: self.at.or(other.at),
            severity: self.severity.or(other.severity),
            side: self.side.or(other.side),
            age_years: self.age_years.or(other.age_years),
            sex: self.sex.or(other.sex),
            height_m: self.height_m.or(other.height_m),
        }
    }

    fn check(&self) -> Result<(), PathologyError> {
        let within = |name: &str, value: Option<f64>, (low, high): (f64, f64), unit: &str| match value {
            Some(value) if !(low..=high).contains(&value) => Err(PathologyError::new(
                name,
                format!("{value}{unit} is out of range"),
                format!("give {low} to {high}{unit}"),
            )),
            _ => Ok(()),
        };
        within("--severity", self.severity, (0.0, 1.0), "")?;
        within("--age", self.age_years, AGE_YEARS, "y")?;
        within("--height", self.height_m, HEIGHT_M, "m")?;
        match (self.at, self.age_years) {
            (Some(at), _) if at.days() < 0.0 => Err(PathologyError::new(
                "--at",
                format!("{at} is before the onset"),
                "give a time since onset of 0d or more",
            )),
            (Some(at), Some(age)) if at.years() > age + 1e-9 => Err(PathologyError::new(
                "--at",
                format!("{at} since onset is more than the age of {age}y"),
                "give a greater age or a shorter time",
            )),
            _ => Ok(()),
        }
    }
}

/// A patient, before and after injury.
#[derive(Clone, Debug, PartialEq)]
pub struct Patient {
    /// Name: the condition's, the file's, or the packet's id.
    pub name: String,
    /// Age, years.
    pub age_years: f64,
    /// Sex.
    pub sex: Sex,
    /// Height if given, m; else it follows age and sex.
    pub height_m: Option<f64>,
    /// Condition, if it has one.
    pub condition: Option<&'static Condition>,
    /// How its lesions were chosen.
    pub selection: Selection,
    /// Time since onset, if given: severities follow their courses.
    pub at: Option<TimeSpan>,
    /// Age of the lesions if no time is given.
    pub usual_at: Option<TimeSpan>,
    /// Grade of all severities, 0..1, if given.
    pub severity: Option<f64>,
    /// Affected side.
    pub side: AffectedSide,
    /// Lesions at their typical severities.
    pub lesions: Vec<Lesion>,
    /// Findings recorded in the real patient.
    pub recorded: Vec<RecordedFinding>,
}

impl Patient {
    /// Reads PATIENT of the command line: a condition's name, a patient file (`.toml`) or a Phenopacket (`.json`).
    ///
    /// # Errors
    /// What is wrong in the name, the file or the options, with the mend.
    pub fn read(argument: &str, options: &PatientOptions) -> Result<Self, PathologyError> {
        let path = Path::new(argument);
        let kind = path.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
        match kind.as_deref() {
            Some("toml") => Self::of_file(argument, &text_of(path)?, options),
            Some("json") => Self::of_phenopacket(argument, &text_of(path)?, options),
            _ if path.is_file() => Err(PathologyError::new(
                argument,
                "a file that is neither a patient file nor a Phenopacket",
                "end its name in .toml (patient file) or .json (Phenopacket)",
            )),
            _ => Self::of_condition(argument, options),
        }
    }

    /// The representative patient of a condition, changed by the options.
    ///
    /// # Errors
    /// An unknown condition, options out of range.
    pub fn of_condition(name: &str, options: &PatientOptions) -> Result<Self, PathologyError> {
        let condition = Condition::find(name)?;
        Self::assemble(condition.name.clone(), Some(condition), Selection::Named, options)
    }

    /// A patient from the text of a patient file.
    ///
    /// # Errors
    /// A mistake in the text: file, line, field and mend.
    pub fn of_file(file: &str, text: &str, options: &PatientOptions) -> Result<Self, PathologyError> {
        patient_file::read(file, text, options)
    }

    /// A patient from the text of a GA4GH Phenopacket (version 2, JSON).
    ///
    /// # Errors
    /// A mistake in the text: file, JSON path, what is allowed, the mend.
    pub fn of_phenopacket(file: &str, text: &str, options: &PatientOptions) -> Result<Self, PathologyError> {
        phenopacket::read(file, text, options)
    }

    /// Who and what from a condition (or none) and options; the rest follows the condition's representative patient.
    pub(crate) fn assemble(
        name: String,
        condition: Option<&'static Condition>,
        selection: Selection,
        options: &PatientOptions,
    ) -> Result<Self, PathologyError> {
        options.check()?;
        let usual_at = condition.filter(|c| !c.lesions.is_empty()).map(|c| c.usual_at);
        let onset = condition.and_then(|c| c.onset_age_years);
        let since_onset = options.at.or(usual_at).unwrap_or(TimeSpan::ZERO);
        let age_years = options
            .age_years
            .or(onset.map(|o| (o.median + since_onset.years()).min(AGE_YEARS.1)))
            .unwrap_or(HEALTHY_AGE_YEARS);
        let more_men = condition.and_then(|c| c.sex_ratio_m_f).is_some_and(|ratio| ratio > 1.0);
        Ok(Self {
            name: printable(&name),
            age_years,
            sex: options.sex.unwrap_or(if more_men { Sex::Male } else { Sex::Female }),
            height_m: options.height_m,
            condition,
            selection,
            at: options.at,
            usual_at: usual_at
                .map(|usual| if usual.years() > age_years { TimeSpan::from_years(age_years) } else { usual }),
            severity: options.severity,
            side: options.side.unwrap_or_default(),
            lesions: condition.map_or_else(Vec::new, |c| c.lesions.clone()),
            recorded: Vec::new(),
        })
    }

    /// The lesions as they are now: severity by time and grade, sides resolved; those of severity 0 are left out.
    pub fn lesions_now(&self) -> Vec<Lesion> {
        self.lesions
            .iter()
            .map(|lesion| lesion.now(self.at, self.usual_at, self.severity, self.side))
            .filter(|lesion| lesion.severity > 0.0)
            .collect()
    }

    /// The person, with height and mass of age and sex where they are not given.
    ///
    /// # Errors
    /// A person that cannot be (a height far from any of that age).
    pub fn person(&self) -> Result<Person, PathologyError> {
        Person::new(self.age_years, self.sex, self.height_m, None)
            .map_err(|e| PathologyError::new(&self.name, e.to_string(), "give another age or height"))
    }

    /// The injured body, and the lesions that it cannot show.
    ///
    /// # Errors
    /// As [`Patient::person`].
    pub fn body(&self, anatomy: &Anatomy) -> Result<(Body, Vec<NotExamined>), PathologyError> {
        let mut body = Body::healthy(&self.person()?, anatomy);
        let not_examined = apply(&self.lesions_now(), &mut body);
        Ok((body, not_examined))
    }
}

fn text_of(path: &Path) -> Result<String, PathologyError> {
    let place = path.display().to_string();
    let bytes = std::fs::read(path)
        .map_err(|e| PathologyError::new(place.clone(), format!("cannot be read ({e})"), "check the path"))?;
    String::from_utf8(bytes)
        .map(|text| text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
        .map_err(|_| PathologyError::new(place, "not UTF-8 text", "save it as UTF-8"))
}

/// Reads `left`, `right` or `both`.
///
/// # Errors
/// Another word.
pub fn parse_affected_side(text: &str) -> Result<AffectedSide, PathologyError> {
    match fold(text).as_str() {
        "left" => Ok(AffectedSide::Left),
        "right" => Ok(AffectedSide::Right),
        "both" => Ok(AffectedSide::Both),
        _ => Err(PathologyError::new(
            "--side",
            format!("no side `{text}`"),
            "write left, right or both (the side of the body affected)",
        )),
    }
}

/// Reads `female` or `male`.
///
/// # Errors
/// Another word.
pub fn parse_sex(text: &str) -> Result<Sex, PathologyError> {
    match fold(text).as_str() {
        "female" | "f" => Ok(Sex::Female),
        "male" | "m" => Ok(Sex::Male),
        _ => Err(PathologyError::new("--sex", format!("no sex `{text}`"), "write female or male")),
    }
}

/// Reads an age (`60y`, `18mo`, `P5M`), years.
///
/// # Errors
/// No age, or one out of range.
pub fn parse_age_years(text: &str) -> Result<f64, PathologyError> {
    let age = TimeSpan::read(text)
        .ok_or_else(|| PathologyError::new("--age", format!("`{text}` is not an age"), TIME_FORMS))?;
    in_range("--age", text, age.years(), AGE_YEARS, "y")
}

/// Reads a height (`1.65m`, `165cm`), m.
///
/// # Errors
/// No height, or one out of range.
pub fn parse_height_m(text: &str) -> Result<f64, PathologyError> {
    let trimmed = text.trim();
    let metres = if let Some(cm) = trimmed.strip_suffix("cm") {
        cm.trim().parse::<f64>().ok().map(|x| x / 100.0)
    } else {
        trimmed.strip_suffix('m').and_then(|m| m.trim().parse::<f64>().ok())
    };
    let metres = metres.ok_or_else(|| {
        PathologyError::new("--height", format!("`{text}` is not a height"), "write it with its unit: 1.65m or 165cm")
    })?;
    in_range("--height", text, metres, HEIGHT_M, "m")
}

fn in_range(place: &str, text: &str, value: f64, (low, high): (f64, f64), unit: &str) -> Result<f64, PathologyError> {
    if (low..=high).contains(&value) {
        Ok(value)
    } else {
        Err(PathologyError::new(place, format!("`{text}` is out of range"), format!("give {low} to {high}{unit}")))
    }
}

#[cfg(test)]
mod tests;
