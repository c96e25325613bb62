//! The patient file: a person, a condition with overrides, a list of lesions, or all of them.
//!
//! ```toml
//! name = "Anna"
//! condition = "als"          # optional
//! at = "18mo"                # as --at, --severity, --side
//! severity = 0.6
//! side = "left"
//!
//! [person]                   # optional, each field too
//! age = "60y"
//! sex = "female"
//! height = "1.65m"
//!
//! [[override]]               # change or remove (severity = 0) lesions of the condition
//! mechanism = "descending_drive_loss"
//! severity = 0.8
//!
//! [[lesion]]                 # further lesions
//! site = "anterior_horn"
//! where = { segments = "C5..T1", side = "both" }
//! mechanism = "neuron_loss"
//! severity = 0.6
//! ```

use std::path::Path;

use crate::document::{Field, Section, Source};
use crate::lesion_reader;
use crate::patient::{parse_affected_side, parse_age_years, parse_height_m, parse_sex};
use crate::{Condition, CourseKind, Lesion, Mechanism, PathologyError, Patient, PatientOptions, Selection, Site};

pub(crate) fn read(file: &str, text: &str, options: &PatientOptions) -> Result<Patient, PathologyError> {
    let source = Source { file, text };
    let table = source.parse()?;
    let section = Section::root(source, &table);
    section.only(&["name", "condition", "at", "severity", "side", "person", "override", "lesion"])?;
    let stem = Path::new(file).file_stem().and_then(|s| s.to_str()).unwrap_or(file);
    let name = section.text_or("name", stem)?;
    let condition =
        section.get("condition").map(|field| Condition::find(field.text()?).map_err(|e| field.here(e))).transpose()?;
    let from_file = file_options(&section)?;
    let selection = if condition.is_some() { Selection::Named } else { Selection::OwnLesions };
    let merged = options.or(from_file);
    let mut patient =
        Patient::assemble(name, condition, selection, &merged).map_err(|e| blame_file(e, file, &section, options))?;
    for field in tables(&section, "override")? {
        change(&field, &mut patient.lesions)?;
    }
    for field in tables(&section, "lesion")? {
        patient.lesions.push(lesion_reader::lesion(&field, false)?);
    }
    if condition.is_none() && section.get("lesion").is_none() {
        return Err(section
            .error("neither a condition nor a lesion", "name a `condition` (`healthy` for none) or add a [[lesion]]"));
    }
    Ok(patient)
}

fn file_options(section: &Section<'_>) -> Result<PatientOptions, PathologyError> {
    let mut options = PatientOptions {
        at: section.get("at").map(|f| f.time()).transpose()?,
        severity: section.get("severity").map(|f| f.number(0.0, 1.0, "")).transpose()?,
        side: read_with(section, "side", parse_affected_side)?,
        ..PatientOptions::default()
    };
    if let Some(person) = section.get("person") {
        let person = person.section()?;
        person.only(&["age", "sex", "height"])?;
        options.age_years = read_with(&person, "age", parse_age_years)?;
        options.sex = read_with(&person, "sex", parse_sex)?;
        options.height_m = read_with(&person, "height", parse_height_m)?;
    }
    Ok(options)
}

fn read_with<T>(
    section: &Section<'_>,
    key: &str,
    parse: impl Fn(&str) -> Result<T, PathologyError>,
) -> Result<Option<T>, PathologyError> {
    section.get(key).map(|field| parse(field.text()?).map_err(|e| field.here(e))).transpose()
}

/// An option that is wrong because of the file is reported there, not at a flag nobody gave.
fn blame_file(error: PathologyError, file: &str, section: &Section<'_>, options: &PatientOptions) -> PathologyError {
    match (error.place.as_str(), options.at, section.get("at")) {
        ("--at", None, Some(field)) => field.here(error),
        ("--at", None, None) => PathologyError::new(file, error.problem, error.mend),
        _ => error,
    }
}

fn tables<'a>(section: &Section<'a>, key: &str) -> Result<Vec<Field<'a>>, PathologyError> {
    section.get(key).map_or_else(|| Ok(Vec::new()), |f| f.list())
}

/// Sets the severity of the condition's lesions of a mechanism (and a site, if named).
fn change(field: &Field<'_>, lesions: &mut [Lesion]) -> Result<(), PathologyError> {
    let section = field.section()?;
    section.only(&["site", "mechanism", "severity"])?;
    let mechanism_field = section.require("mechanism", "name the mechanism of the lesion to change")?;
    let mechanism = Mechanism::find(mechanism_field.text()?).map_err(|e| mechanism_field.here(e))?;
    let site = section.get("site").map(|f| Site::find(f.text()?).map_err(|e| f.here(e))).transpose()?;
    let severity = section.require("severity", "give the new severity, 0 to 1 (0 removes)")?.number(0.0, 1.0, "")?;
    let mut changed = false;
    for lesion in lesions.iter_mut().filter(|l| l.mechanism == mechanism && site.is_none_or(|s| s == l.site)) {
        if severity == 0.0 {
            // Removed whatever its course says.
            lesion.high = 0.0;
        }
        lesion.severity = severity;
        // What this patient has, whatever the course of others.
        lesion.course.kind = CourseKind::Constant;
        lesion.low = lesion.low.min(severity);
        lesion.high = if severity == 0.0 { 0.0 } else { lesion.high.max(severity) };
        changed = true;
    }
    if changed {
        return Ok(());
    }
    let there: Vec<_> = lesions.iter().map(|l| format!("{} at {}", l.mechanism.name(), l.site.name())).collect();
    let there = if there.is_empty() {
        "name a `condition` first".to_owned()
    } else {
        format!("its lesions: {}", there.join(", "))
    };
    Err(section.error("the condition has no such lesion", &there))
}
