//! Conditions: lists of lesions with their courses, names, numbers and sources, from `data/conditions/*.toml`.
//!
//! One file a condition. `xrefs` are ids of the disease itself, `covers` of others for which it is a fair stand-in; `usual_at` is the
//! time since onset of the representative patient. A `[[lesion]]` is written as in a patient file, with `severity` as
//! `{ typical, low, high }` (low to high is the spread between patients) and a `source`; a `[[course]]` is a published fact.
//! `confidence`: checked = read in a published text, memory = general knowledge, verify before quoting, assumed = ours. Severities and time
//! constants are starting values set to give the textbook picture unless checked. The disease names are those of OMIM.

use std::sync::OnceLock;

use crate::document::{Field, Section, Source};
use crate::lesion::Confidence;
use crate::lesion_reader::{self, word};
use crate::nearest::{did_you_mean, fold};
use crate::site::Localiser;
use crate::{Lesion, PathologyError, TimeSpan};

macro_rules! files {
    ($($name:literal)*) => {
        &[$((concat!("data/conditions/", $name, ".toml"), include_str!(concat!("../../../data/conditions/", $name, ".toml")))),*]
    };
}

/// The files, in the order of `tonus conditions`: from cortex to muscle.
const FILES: &[(&str, &str)] = files! {
    "healthy"
    "stroke-mca" "hsp"
    "als" "sma2" "sma3"
    "parkinson" "parkinson-recessive" "huntington" "dystonia"
    "cerebellar-stroke" "sca-pure" "sca" "ataxia-congenital"
    "central-hypotonia"
    "cord-injury"
    "gbs-aidp" "polyneuropathy" "neuromyotonia" "cmt1a" "cmt2"
    "myasthenia" "myasthenia-ocular" "lems" "cms"
    "duchenne" "lgmd" "myotonic-dystrophy" "myotonia-congenita" "congenital-myopathy"
};

const FIELDS: &[&str] = &[
    "name",
    "label",
    "synonyms",
    "group",
    "sites",
    "inheritance",
    "variants",
    "xrefs",
    "covers",
    "usual_at",
    "onset_age_years",
    "prevalence_per_100k",
    "incidence_per_100k_year",
    "sex_ratio_m_f",
    "red_flags",
    "confidence",
    "notes",
    "expected_present",
    "expected_absent",
    "lesion",
    "course",
];

/// An id with its label.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Term {
    /// Id (`HP:0001252`, `OMIM:105400`).
    pub id: String,
    /// Label.
    pub label: String,
}

/// Median and usual limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Median.
    pub median: f64,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
}

/// A published frequency.
#[derive(Clone, Debug, PartialEq)]
pub struct Frequency {
    /// Value.
    pub value: f64,
    /// Lower limit.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
    /// What it is counted over, if not the population (`births`).
    pub denominator: String,
    /// Source.
    pub source: String,
    /// How well founded.
    pub confidence: Confidence,
}

/// A published fact on onset, nadir, recovery or survival.
#[derive(Clone, Debug, PartialEq)]
pub struct CourseFact {
    /// The fact.
    pub fact: String,
    /// Source.
    pub source: String,
    /// How well founded.
    pub confidence: Confidence,
}

/// A condition.
///
/// Its expected signs check the model and choose a stand-in for a recorded patient; no sign comes from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Name on the command line (`stroke-mca`).
    pub name: String,
    /// Name for people.
    pub label: String,
    /// Other names.
    pub synonyms: Vec<String>,
    /// Group (`motor_neuron`, `junction` ...).
    pub group: String,
    /// Structures affected, commonest first.
    pub sites: Vec<Localiser>,
    /// Inheritance.
    pub inheritance: Vec<String>,
    /// Variants.
    pub variants: Vec<String>,
    /// Ids of the disease itself.
    pub xrefs: Vec<String>,
    /// Other diseases for which it is a fair stand-in.
    pub covers: Vec<Term>,
    /// Time since onset of the representative patient examined when no `--at` is given.
    pub usual_at: TimeSpan,
    /// Age at onset, years.
    pub onset_age_years: Option<Spread>,
    /// Prevalence per 100,000.
    pub prevalence_per_100k: Option<Frequency>,
    /// Incidence per 100,000 and year.
    pub incidence_per_100k_year: Option<Frequency>,
    /// Men per woman.
    pub sex_ratio_m_f: Option<f64>,
    /// When to hurry.
    pub red_flags: Vec<String>,
    /// Weakest founding of its parts.
    pub confidence: Confidence,
    /// Notes.
    pub notes: String,
    /// Signs classically there.
    pub expected_present: Vec<Term>,
    /// Signs classically not there.
    pub expected_absent: Vec<Term>,
    /// Lesions, at their typical severity.
    pub lesions: Vec<Lesion>,
    /// Published facts on its course.
    pub course: Vec<CourseFact>,
}

impl Condition {
    /// Every condition, from cortex to muscle.
    ///
    /// # Errors
    /// A mistake in the built-in data (none in a tested build).
    pub fn all() -> Result<&'static [Self], PathologyError> {
        static ALL: OnceLock<Result<Vec<Condition>, PathologyError>> = OnceLock::new();
        ALL.get_or_init(|| FILES.iter().map(|(file, text)| Self::read(file, text)).collect())
            .as_deref()
            .map_err(Clone::clone)
    }

    /// The condition of that name, label or synonym.
    ///
    /// # Errors
    /// An unknown name, with the nearest valid one.
    pub fn find(name: &str) -> Result<&'static Self, PathologyError> {
        let all = Self::all()?;
        let wanted = fold(name);
        let by_name = all.iter().find(|c| fold(&c.name) == wanted);
        let found = by_name
            .or_else(|| all.iter().find(|c| fold(&c.label) == wanted || c.synonyms.iter().any(|s| fold(s) == wanted)));
        found.ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|c| c.name.as_str()).collect();
            let synonyms = all.iter().flat_map(|c| c.synonyms.iter().map(String::as_str));
            PathologyError::new(
                format!("patient `{name}`"),
                "no condition of that name",
                did_you_mean(name, names.iter().copied().chain(synonyms), &format!("conditions: {}", names.join(", "))),
            )
        })
    }

    /// The condition that is this disease, or else one that covers it; `true` if it is the disease itself.
    ///
    /// # Errors
    /// As [`Condition::all`].
    pub fn of_disease(id: &str) -> Result<Option<(&'static Self, bool)>, PathologyError> {
        let all = Self::all()?;
        let wanted = normal_id(id);
        let itself = all.iter().find(|c| c.xrefs.iter().any(|x| normal_id(x) == wanted)).map(|c| (c, true));
        Ok(itself
            .or_else(|| all.iter().find(|c| c.covers.iter().any(|t| normal_id(&t.id) == wanted)).map(|c| (c, false))))
    }

    /// Reads one condition's file.
    ///
    /// # Errors
    /// A mistake in the text: file, line, field and mend.
    pub fn read(file: &str, text: &str) -> Result<Self, PathologyError> {
        let source = Source { file, text };
        let table = source.parse()?;
        let section = Section::root(source, &table);
        section.only(FIELDS)?;
        let name = section.require("name", "name the condition, as `name = \"als\"`")?.text()?.to_owned();
        let usual_at = match section.get("usual_at") {
            Some(field) => field.time()?,
            None if section.get("lesion").is_none() => TimeSpan::ZERO,
            None => {
                return Err(section.error(
                    "`usual_at` is missing",
                    "give the time since onset of a representative patient, as `usual_at = \"6mo\"`",
                ));
            }
        };
        let tables = |key: &str| section.get(key).map_or_else(|| Ok(Vec::new()), |f| f.list());
        Ok(Self {
            label: section.require("label", "give the name for people")?.text()?.to_owned(),
            synonyms: section.texts("synonyms")?,
            group: section.text_or("group", "")?,
            sites: section
                .require("sites", "list the structures affected, commonest first")?
                .list()?
                .iter()
                .map(localiser)
                .collect::<Result<_, _>>()?,
            inheritance: section.texts("inheritance")?,
            variants: section.texts("variants")?,
            xrefs: section.texts("xrefs")?,
            covers: terms(&section, "covers", "id")?,
            usual_at,
            onset_age_years: section.get("onset_age_years").map(|f| spread(&f)).transpose()?,
            prevalence_per_100k: section.get("prevalence_per_100k").map(|f| frequency(&f)).transpose()?,
            incidence_per_100k_year: section.get("incidence_per_100k_year").map(|f| frequency(&f)).transpose()?,
            sex_ratio_m_f: section.get("sex_ratio_m_f").map(|f| f.number(0.0, 1000.0, "men per woman")).transpose()?,
            red_flags: section.texts("red_flags")?,
            confidence: section.get("confidence").map(|f| word(&f, Confidence::WORDS)).transpose()?.unwrap_or_default(),
            notes: section.text_or("notes", "")?,
            expected_present: terms(&section, "expected_present", "hpo")?,
            expected_absent: terms(&section, "expected_absent", "hpo")?,
            lesions: tables("lesion")?.iter().map(|f| lesion_reader::lesion(f, true)).collect::<Result<_, _>>()?,
            course: tables("course")?.iter().map(fact).collect::<Result<_, _>>()?,
            name,
        })
    }
}

fn normal_id(id: &str) -> String {
    let id = id.trim().to_uppercase();
    match id.split_once(':') {
        Some(("MIM", number)) => format!("OMIM:{number}"),
        Some(("ORPHANET", number)) => format!("ORPHA:{number}"),
        _ => id,
    }
}

fn localiser(field: &Field<'_>) -> Result<Localiser, PathologyError> {
    let name = field.text()?;
    Localiser::find(name).ok_or_else(|| {
        field.error(&format!("no structure `{name}`"), "use the names of localisation, as `anterior_horn`")
    })
}

fn terms(section: &Section<'_>, key: &str, id: &str) -> Result<Vec<Term>, PathologyError> {
    let Some(field) = section.get(key) else { return Ok(Vec::new()) };
    field
        .list()?
        .iter()
        .map(|item| {
            let entry = item.section()?;
            entry.only(&[id, "label"])?;
            let mend = "write `{ hpo = \"HP:0001252\", label = \"Hypotonia\" }` (`id` in `covers`)";
            Ok(Term {
                id: entry.require(id, mend)?.text()?.to_owned(),
                label: entry.require("label", mend)?.text()?.to_owned(),
            })
        })
        .collect()
}

fn spread(field: &Field<'_>) -> Result<Spread, PathologyError> {
    let section = field.section()?;
    section.only(&["median", "low", "high"])?;
    let years = |key: &str| section.require(key, "give median, low and high")?.number(0.0, 120.0, "years");
    Ok(Spread { median: years("median")?, low: years("low")?, high: years("high")? })
}

fn frequency(field: &Field<'_>) -> Result<Frequency, PathologyError> {
    let section = field.section()?;
    section.only(&["value", "low", "high", "denominator", "source", "confidence"])?;
    let limit = |key: &str| section.get(key).map(|f| f.number(0.0, 1e5, "per 100,000")).transpose();
    Ok(Frequency {
        value: section.require("value", "give `value`")?.number(0.0, 1e5, "per 100,000")?,
        low: limit("low")?,
        high: limit("high")?,
        denominator: section.text_or("denominator", "")?,
        source: section.require("source", "say where the number is from")?.text()?.to_owned(),
        confidence: section.get("confidence").map(|f| word(&f, Confidence::WORDS)).transpose()?.unwrap_or_default(),
    })
}

fn fact(field: &Field<'_>) -> Result<CourseFact, PathologyError> {
    let section = field.section()?;
    section.only(&["fact", "source", "confidence"])?;
    Ok(CourseFact {
        fact: section.require("fact", "state the fact")?.text()?.to_owned(),
        source: section.require("source", "say where the fact is from")?.text()?.to_owned(),
        confidence: section.get("confidence").map(|f| word(&f, Confidence::WORDS)).transpose()?.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CourseKind;

    #[test]
    fn every_condition_loads_with_sources() -> Result<(), PathologyError> {
        let all = Condition::all()?;
        assert_eq!(all.len(), FILES.len());
        for c in all {
            assert!(FILES.iter().any(|(file, _)| file.ends_with(&format!("/{}.toml", c.name))), "{}", c.name);
            assert_eq!(Condition::find(&c.name)?.name, c.name);
            assert!(!c.label.is_empty() && !c.sites.is_empty(), "{}", c.name);
            if c.name == "healthy" {
                assert!(c.lesions.is_empty());
                continue;
            }
            assert!(!c.lesions.is_empty() && c.onset_age_years.is_some(), "{}", c.name);
            assert!(c.prevalence_per_100k.is_some() || c.incidence_per_100k_year.is_some(), "{}", c.name);
            assert!(c.expected_present.iter().chain(&c.expected_absent).all(|t| t.id.starts_with("HP:")), "{}", c.name);
            for lesion in &c.lesions {
                assert!(
                    lesion.source.len() > 8 && lesion.low <= lesion.severity,
                    "{}: {}",
                    c.name,
                    lesion.mechanism.name()
                );
            }
            for lesion in &c.lesions {
                // What only ever grows has its typical severity at the time at which patients are usually seen.
                let grows = matches!(lesion.course.kind, CourseKind::Exponential { .. } | CourseKind::Linear { .. });
                let then = lesion.course.severity_at(c.usual_at, lesion.severity, lesion.high);
                let begun = c.usual_at > lesion.course.onset;
                assert!(
                    !(grows && begun) || (then / lesion.severity - 1.0).abs() < 0.3,
                    "{}: {} is typically {}, but {then} at {}",
                    c.name,
                    lesion.mechanism.name(),
                    lesion.severity,
                    c.usual_at
                );
            }
            assert!(c.course.iter().all(|f| f.source.len() > 3), "{}", c.name);
            let sites: Vec<_> = c.lesions.iter().map(|l| l.site.localiser()).collect();
            assert!(c.sites.iter().any(|s| sites.contains(s)), "{} has no lesion where it says it is", c.name);
        }
        Ok(())
    }

    #[test]
    fn found_by_synonym_disease_and_not_by_nonsense() -> Result<(), PathologyError> {
        assert_eq!(Condition::find("Lou Gehrig disease")?.name, "als");
        let by = |id: &str| Condition::of_disease(id).map(|found| found.map(|(c, itself)| (c.name.as_str(), itself)));
        assert_eq!(by("OMIM:105400")?, Some(("als", true)));
        assert_eq!(by("MIM:105400")?, Some(("als", true)));
        assert_eq!(by("OMIM:612577")?, Some(("als", false)));
        assert_eq!(by("OMIM:999999")?, None);
        let error = Condition::find("stroke-mac").map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| e.contains("did you mean `stroke-mca`?") && !e.contains('\n')));
        Ok(())
    }

    #[test]
    fn a_mistake_in_a_file_is_named_with_line_and_mend() {
        let head = "name = \"x\"\nlabel = \"X\"\nsites = [\"muscle\"]\nusual_at = \"1y\"\n[[lesion]]\n";
        let lesion = |text: &str| Condition::read("x.toml", &format!("{head}{text}")).map_err(|e| e.to_string());
        for (text, wanted) in [
            (
                "site = \"muscel\"\nmechanism = \"fibre_loss\"\nseverity = 0.5",
                "x.toml line 6, lesion[0].site: no site `muscel`; did you mean `muscle`?",
            ),
            ("site = \"muscle\"\nmechanism = \"fiber_loss\"\nseverity = 0.5", "did you mean `fibre_loss`?"),
            ("site = \"muscle\"\nmechanism = \"purkinje_loss\"\nseverity = 0.5", "does not act at muscle"),
            (
                "site = \"muscle\"\nmechanism = \"fibre_loss\"\nseverity = 5",
                "lesion[0].severity: 5 is out of range; give a number 0 to 1",
            ),
            ("site = \"muscle\"\nmechanism = \"fibre_loss\"\nseverity = 0.5", "without a source"),
            (
                "site = \"muscle\"\nmechanism = \"fibre_loss\"\nseverity = 0.5\nwhere = { segments = \"C9..T1\" }",
                "no segment `C9`; did you mean",
            ),
            (
                "site = \"muscle\"\nmechanism = \"fibre_loss\"\nseverity = 0.5\ncourse = { kind = \"exponental\" }",
                "did you mean `exponential`?",
            ),
            (
                "site = \"muscle\"\nmechanism = \"fibre_loss\"\nseverity = 0.5\ncourse = { kind = \"exponential\" }",
                "`halving` is missing",
            ),
            (
                "site = \"muscle\"\nmechanism = \"fibre_loss\"\nseverity = 0.5\ncourse = { kind = \"exponential\", halving = \"soon\" }",
                "`soon` is not a span of time",
            ),
            ("site = \"muscle\"\nmechanism = \"fibre_loss\"\nseverity = { typical = 0.5, high = 0.2 }", "not in order"),
            ("site = \"muscle\"\nmechanism = \"fibre_loss\"\nsevrity = 0.5", "did you mean `severity`?"),
            (
                "site = \"striatum\"\nmechanism = \"dopamine_loss\"\nseverity = 0.5\nwhere = { side = \"ipsilateral\" }",
                "across the midline",
            ),
            ("site = muscle", "x.toml line 6"),
        ] {
            assert!(lesion(text).is_err_and(|e| e.contains(wanted) && !e.contains('\n')), "{text}: {:?}", lesion(text));
        }
    }
}
