//! A `[[lesion]]` table into a [`Lesion`].

use crate::course::{Course, CourseKind};
use crate::document::{Field, Section};
use crate::lesion::{Confidence, ReleasedBy};
use crate::nearest::{did_you_mean, fold};
use crate::place::{BodySide, Pathway, Pattern, Place};
use crate::region;
use crate::segments::Segments;
use crate::{Lesion, Mechanism, PathologyError, Site, TimeSpan};

const LESION_FIELDS: &[&str] = &[
    "site",
    "where",
    "mechanism",
    "severity",
    "severity_means",
    "onset",
    "course",
    "since",
    "frequency_hz",
    "released_by",
    "source",
    "confidence",
];
const PLACE_FIELDS: &[&str] = &[
    "side",
    "hemisphere",
    "segments",
    "roots",
    "nuclei",
    "muscles",
    "nerves",
    "stretch",
    "pattern",
    "gradient",
    "pathway",
];
const SIDE_WORDS: &[&str] =
    &["both", "left", "right", "affected", "unaffected", "asymmetric", "symmetric", "contralateral", "ipsilateral"];

/// Reads one lesion. `needs_source`: conditions must name a source, a patient's own lesion may.
pub(crate) fn lesion(field: &Field<'_>, needs_source: bool) -> Result<Lesion, PathologyError> {
    let section = field.section()?;
    section.only(LESION_FIELDS)?;
    let site_field = section.require("site", "name the structure, as `site = \"anterior_horn\"`")?;
    let site = Site::find(site_field.text()?).map_err(|e| site_field.here(e))?;
    let mechanism_field = section.require("mechanism", "name what changes, as `mechanism = \"neuron_loss\"`")?;
    let mechanism = Mechanism::find(mechanism_field.text()?).map_err(|e| mechanism_field.here(e))?;
    let info = mechanism.info();
    if !info.acts_at.contains(&site.localiser()) {
        let allowed: Vec<_> = info.acts_at.iter().map(|l| l.name()).collect();
        return Err(mechanism_field.error(
            &format!("`{}` does not act at {}", info.name, site.name()),
            &format!("its sites are of: {}", allowed.join(", ")),
        ));
    }
    let severity_field =
        section.require("severity", "give a fraction 0 to 1, or `{ typical = 0.6, low = 0.2, high = 0.9 }`")?;
    let (severity, low, high) = severity(&severity_field)?;
    let mut lesion = Lesion::new(site, mechanism, severity);
    (lesion.low, lesion.high) = (low, high);
    lesion.meaning = section.text_or("severity_means", "")?;
    if let Some(place_field) = section.get("where") {
        lesion.place = place(&place_field, site)?;
    }
    lesion.course = course(&section, mechanism)?;
    lesion.since = section.get("since").map(|f| f.time()).transpose()?;
    lesion.frequency_hz = section.get("frequency_hz").map(|f| f.number(0.5, 20.0, "Hz")).transpose()?;
    lesion.released_by = section
        .get("released_by")
        .map(|f| word(&f, &[("rest", ReleasedBy::Rest), ("action", ReleasedBy::Action)]))
        .transpose()?;
    lesion.source = section.text_or("source", "")?;
    if needs_source && lesion.source.trim().is_empty() {
        return Err(
            section.error("a lesion of a condition without a source", "say where its numbers are from in `source`")
        );
    }
    lesion.confidence = section.get("confidence").map(|f| word(&f, Confidence::WORDS)).transpose()?.unwrap_or_default();
    Ok(lesion)
}

fn severity(field: &Field<'_>) -> Result<(f64, f64, f64), PathologyError> {
    let Some(section) = field.as_section() else {
        return field.number(0.0, 1.0, "").map(|typical| (typical, 0.0, 1.0));
    };
    section.only(&["typical", "low", "high"])?;
    let typical = section.require("typical", "give `typical`, 0 to 1")?.number(0.0, 1.0, "")?;
    let low = section.get("low").map_or(Ok(0.0), |f| f.number(0.0, 1.0, ""))?;
    let high = section.get("high").map_or(Ok(1.0), |f| f.number(0.0, 1.0, ""))?;
    if low > typical || typical > high {
        return Err(field.error(
            &format!("low {low}, typical {typical}, high {high} are not in order"),
            "put low <= typical <= high",
        ));
    }
    Ok((typical, low, high))
}

fn place(field: &Field<'_>, site: Site) -> Result<Place, PathologyError> {
    let section = field.section()?;
    section.only(PLACE_FIELDS)?;
    let mut place = Place::default();
    let mut side = section.get("side").map(|f| body_side(&f, site)).transpose()?;
    if let Some(hemisphere) = section.get("hemisphere") {
        if side.is_some() {
            return Err(hemisphere.error(
                "both `side` and `hemisphere` are given",
                "keep one: `side` is of the body, `hemisphere` of the structure",
            ));
        }
        let left = word(&hemisphere, &[("left", true), ("right", false)])?;
        side = Some(if left != site.is_crossed() { BodySide::Left } else { BodySide::Right });
    }
    if let Some(pattern) = section.get("pattern") {
        for (text, item) in texts(&pattern)? {
            match fold(text).as_str() {
                "symmetric" => side = side.or(Some(BodySide::Both)),
                "asymmetric" => side = side.or(Some(BodySide::Asymmetric)),
                folded => {
                    let found = Pattern::WORDS.iter().find(|(word, _)| *word == folded);
                    let (_, pattern) = found.ok_or_else(|| {
                        unknown(
                            &item,
                            "pattern",
                            text,
                            Pattern::WORDS.iter().map(|(w, _)| *w).chain(["symmetric", "asymmetric"]),
                        )
                    })?;
                    place.patterns.push(*pattern);
                }
            }
        }
    }
    place.side = side.unwrap_or(BodySide::Both);
    for key in ["segments", "roots", "nuclei"] {
        if let Some(field) = section.get(key) {
            segments(&field, &mut place.segments)?;
        }
    }
    place.muscles = weights(&section, "muscles", Some(&region::muscle_words()))?;
    place.nerves = weights(&section, "nerves", Some(&region::nerve_words()))?;
    place.stretches = weights(&section, "stretch", None)?;
    place.gradient = section.get("gradient").map(|f| f.number(0.0, 1.0, "")).transpose()?;
    place.pathway = section
        .get("pathway")
        .map(|f| word(&f, &[("indirect", Pathway::Indirect), ("direct", Pathway::Direct), ("both", Pathway::Both)]))
        .transpose()?;
    Ok(place)
}

/// A word for the side, or `{ left = 1.0, right = 0.5 }`.
fn body_side(field: &Field<'_>, site: Site) -> Result<BodySide, PathologyError> {
    if let Some(section) = field.as_section() {
        section.only(&["left", "right"])?;
        let weight = |key: &str| section.get(key).map_or(Ok(0.0), |f| f.number(0.0, 1.0, ""));
        return Ok(BodySide::Weighted { left: weight("left")?, right: weight("right")? });
    }
    let text = field.text()?;
    let wrong_way = |lies: &str, other: &str| {
        field.error(
            &format!("`{text}`, but {} lies {lies} the limbs it serves", site.name()),
            &format!("`side` is the side of the body affected: write `affected`, or `{other}`"),
        )
    };
    match fold(text).as_str() {
        "both" | "symmetric" => Ok(BodySide::Both),
        "left" => Ok(BodySide::Left),
        "right" => Ok(BodySide::Right),
        "affected" => Ok(BodySide::Affected),
        "unaffected" => Ok(BodySide::Unaffected),
        "asymmetric" => Ok(BodySide::Asymmetric),
        "contralateral" if site.is_crossed() => Ok(BodySide::Affected),
        "contralateral" => Err(wrong_way("on the same side as", "ipsilateral")),
        "ipsilateral" if !site.is_crossed() => Ok(BodySide::Affected),
        "ipsilateral" => Err(wrong_way("across the midline from", "contralateral")),
        _ => Err(unknown(field, "side", text, SIDE_WORDS.iter().copied())),
    }
}

/// `"C5..T1, L2..S2 (0.5)"`, a list of such, or `{ "C5..T1" = 1.0 }`.
fn segments(field: &Field<'_>, into: &mut Segments) -> Result<(), PathologyError> {
    if let Some(section) = field.as_section() {
        for key in section.keys() {
            let weight = section.require(key, "")?;
            into.add(key, weight.number(0.0, 1.0, "")?).map_err(|e| weight.here(e))?;
        }
        return Ok(());
    }
    for (text, item) in texts_whole(field)? {
        into.extend(Segments::parse(text).map_err(|e| item.here(e))?);
    }
    Ok(())
}

/// `"hand, leg"`, `["hand", "leg"]` or `{ hand = 0.4, leg = 0.3 }`.
fn weights(section: &Section<'_>, key: &str, valid: Option<&[&str]>) -> Result<Vec<(String, f64)>, PathologyError> {
    let Some(field) = section.get(key) else { return Ok(Vec::new()) };
    let mut list = Vec::new();
    if let Some(table) = field.as_section() {
        for name in table.keys() {
            let weight = table.require(name, "")?;
            list.push((known(&weight, key, name, valid)?, weight.number(0.0, 1.0, "")?));
        }
    } else {
        for (text, item) in texts(&field)? {
            list.push((known(&item, key, text, valid)?, 1.0));
        }
    }
    Ok(list)
}

fn known(at: &Field<'_>, what: &str, name: &str, valid: Option<&[&str]>) -> Result<String, PathologyError> {
    let folded = fold(name);
    match valid {
        Some(valid) if !valid.contains(&folded.as_str()) => Err(unknown(at, what, name, valid.iter().copied())),
        _ => Ok(folded),
    }
}

fn course(section: &Section<'_>, mechanism: Mechanism) -> Result<Course, PathologyError> {
    let outer = section.get("onset");
    let mut course = match section.get("course") {
        Some(field) => read_course(&field)?,
        None => Course::default(),
    };
    if let Some(outer) = outer {
        if section.get("course").and_then(|f| f.as_section()).is_some_and(|s| s.get("onset").is_some()) {
            return Err(outer.error("the onset is given here and in `course`", "keep one of the two"));
        }
        course.onset = outer.time()?;
    }
    // Shock: severity itself halves (an exponential of what is withdrawn, not of what is left).
    if let (Mechanism::DescendingDriveAcuteLoss, CourseKind::Exponential { halving, .. }) = (mechanism, course.kind) {
        course.kind = CourseKind::Decay { halving };
    }
    Ok(course)
}

fn read_course(field: &Field<'_>) -> Result<Course, PathologyError> {
    let section = field.section()?;
    let kind_field = section.require("kind", "name the kind of course, as `{ kind = \"constant\" }`")?;
    let kind = kind_field.text()?;
    let fields: &[&str] = match kind {
        "constant" | "step" | "developmental" | "fluctuating" => &[],
        "exponential" => &["halving", "at_onset"],
        "decay" => &["halving"],
        "linear" => &["per_year", "at_onset"],
        "stepwise" => &["per_year"],
        "sigmoid" => &["midpoint", "width"],
        "step_recovery" => &["recovery_tau", "residual_fraction"],
        "monophasic" => &["rise", "plateau", "recovery_tau", "residual_fraction"],
        "relapsing" => &["rate_per_year", "rise", "plateau", "recovery_tau", "residual_fraction"],
        "episodic" => &["duration", "interval"],
        _ => {
            let kinds = [
                "constant",
                "step",
                "exponential",
                "decay",
                "linear",
                "sigmoid",
                "step_recovery",
                "monophasic",
                "relapsing",
                "episodic",
                "fluctuating",
                "developmental",
                "stepwise",
            ];
            return Err(unknown(&kind_field, "kind of course", kind, kinds.into_iter()));
        }
    };
    section.only(&[&["kind", "onset"], fields].concat())?;
    let need = |key: &str| section.require(key, &format!("a course of kind `{kind}` needs: {}", fields.join(", ")));
    let time = |key: &str| need(key)?.time();
    let positive = |key: &str| {
        let field = need(key)?;
        let time = field.time()?;
        if time.days() > 0.0 {
            Ok(time)
        } else {
            Err(field.error(&format!("{time} is no length of time"), "give a time above zero"))
        }
    };
    let fraction = |key: &str| need(key)?.number(0.0, 1.0, "");
    let at_onset = || section.get("at_onset").map_or(Ok(0.0), |field| field.number(0.0, 1.0, ""));
    let not_negative = |key: &str, absent: bool| {
        if absent && section.get(key).is_none() {
            return Ok(TimeSpan::ZERO);
        }
        let field = need(key)?;
        let time = field.time()?;
        if time.days() >= 0.0 {
            Ok(time)
        } else {
            Err(field.error(&format!("{time} is negative"), "give zero or a longer time"))
        }
    };
    let kind = match kind {
        "constant" => CourseKind::Constant,
        "step" => CourseKind::Step,
        "developmental" => CourseKind::Developmental,
        "fluctuating" => CourseKind::Fluctuating,
        "exponential" => CourseKind::Exponential { halving: positive("halving")?, at_onset: at_onset()? },
        "decay" => CourseKind::Decay { halving: positive("halving")? },
        "linear" => {
            CourseKind::Linear { per_year: need("per_year")?.number(0.0, 100.0, "per year")?, at_onset: at_onset()? }
        }
        "stepwise" => CourseKind::Stepwise { per_year: need("per_year")?.number(0.0, 100.0, "per year")? },
        "sigmoid" => CourseKind::Sigmoid { midpoint: time("midpoint")?, width: positive("width")? },
        "step_recovery" => CourseKind::StepRecovery {
            recovery_tau: positive("recovery_tau")?,
            residual_fraction: fraction("residual_fraction")?,
        },
        "monophasic" => CourseKind::Monophasic {
            rise: not_negative("rise", false)?,
            plateau: not_negative("plateau", true)?,
            recovery_tau: positive("recovery_tau")?,
            residual_fraction: fraction("residual_fraction")?,
        },
        "relapsing" => CourseKind::Relapsing {
            rate_per_year: need("rate_per_year")?.number(1e-3, 100.0, "per year")?,
            rise: not_negative("rise", false)?,
            plateau: not_negative("plateau", true)?,
            recovery_tau: positive("recovery_tau")?,
            residual_fraction: fraction("residual_fraction")?,
        },
        _ => CourseKind::Episodic { duration: positive("duration")?, interval: positive("interval")? },
    };
    let onset = section.get("onset").map_or(Ok(TimeSpan::ZERO), |f| f.time())?;
    Ok(Course { kind, onset })
}

/// One of a few words.
pub(crate) fn word<T: Copy>(field: &Field<'_>, words: &[(&str, T)]) -> Result<T, PathologyError> {
    let text = field.text()?;
    let wanted = fold(text);
    words
        .iter()
        .find(|(word, _)| *word == wanted)
        .map(|(_, value)| *value)
        .ok_or_else(|| unknown(field, "word", text, words.iter().map(|(word, _)| *word)))
}

pub(crate) fn unknown<'a>(
    at: &Field<'_>,
    what: &str,
    name: &str,
    valid: impl Iterator<Item = &'a str>,
) -> PathologyError {
    let valid: Vec<&str> = valid.collect();
    at.error(
        &format!("no {what} `{name}`"),
        &did_you_mean(name, valid.iter().copied(), &format!("allowed: {}", valid.join(", "))),
    )
}

/// The texts of a list, or the comma-separated parts of one text.
fn texts<'a>(field: &Field<'a>) -> Result<Vec<(&'a str, Field<'a>)>, PathologyError> {
    let mut parts = Vec::new();
    for (text, item) in texts_whole(field)? {
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            parts.push((part, item.clone()));
        }
    }
    Ok(parts)
}

fn texts_whole<'a>(field: &Field<'a>) -> Result<Vec<(&'a str, Field<'a>)>, PathologyError> {
    match field.as_text() {
        Some(text) => Ok(vec![(text, field.clone())]),
        None => field.list()?.into_iter().map(|item| Ok((item.text()?, item))).collect(),
    }
}
