//! A GA4GH Phenopacket (version 2, JSON): age, sex, diseases and recorded findings of a published patient.

use serde_json::Value;
use tonus_body::Sex;
use tonus_body::person::AGE_YEARS;

use crate::error::printable;
use crate::findings::rank_by_findings;
use crate::{Condition, PathologyError, Patient, PatientOptions, RecordedFinding, Selection, TimeSpan};

/// Conditions named after the best one.
const RUNNERS_UP: usize = 3;
/// Below this the recorded duration says only that patient and disease were seen together, days.
const SHORTEST_DURATION_DAYS: f64 = 30.0;

/// Onset classes of HPO: id, age in years at about the middle of the class.
const ONSET_CLASSES: &[(&str, f64)] = &[
    ("HP:0030674", 0.0),  // antenatal
    ("HP:0011460", 0.0),  // embryonal
    ("HP:0011461", 0.0),  // fetal
    ("HP:0034199", 0.0),  // late first trimester
    ("HP:0034198", 0.0),  // second trimester
    ("HP:0034197", 0.0),  // third trimester
    ("HP:0003577", 0.0),  // congenital
    ("HP:0003623", 0.04), // neonatal, to 28 days
    ("HP:0003593", 0.5),  // infantile, to 1 year
    ("HP:0410280", 8.0),  // pediatric
    ("HP:0011463", 3.0),  // childhood, 1-5 years
    ("HP:0003621", 10.0), // juvenile, 5-15 years
    ("HP:0003581", 35.0), // adult
    ("HP:0011462", 28.0), // young adult, 16-40 years
    ("HP:0025708", 18.0), // early young adult
    ("HP:0025709", 22.0), // intermediate young adult
    ("HP:0025710", 32.0), // late young adult
    ("HP:0003596", 50.0), // middle age
    ("HP:0003584", 65.0), // late
];

pub(crate) fn read(file: &str, text: &str, options: &PatientOptions) -> Result<Patient, PathologyError> {
    let json: Value = serde_json::from_str(text).map_err(|e| {
        PathologyError::new(
            format!("{file} line {} column {}", e.line(), e.column()),
            "not JSON",
            "mend the JSON there",
        )
    })?;
    let root = Node { file, path: "$".to_owned(), value: &json };
    root.object()?;
    for (key, what) in [("members", "a cohort"), ("proband", "a family")] {
        if root.get(key).is_some() {
            return Err(root.error(
                &format!("`{key}`: {what}, not a single patient"),
                "give one Phenopacket, with `subject` and `phenotypicFeatures`",
            ));
        }
    }
    if root.get("subject").is_none() && root.get("phenotypicFeatures").is_none() {
        return Err(root.error("neither `subject` nor `phenotypicFeatures`", "give a GA4GH Phenopacket, version 2"));
    }
    version_two(&root)?;
    let packet = Packet::of(&root)?;
    packet.patient(options)
}

/// How to make a version 2 of a version 1.
const CONVERT: &str = "Tonus reads version 2: convert it, for instance with `phenopacket-tools convert`";

/// Refuses version 1 of the schema, in which a finding looked for and not found is `negated`: read as version 2 it would be present.
fn version_two(root: &Node<'_>) -> Result<(), PathologyError> {
    if let Some(version) = root.get("metaData").and_then(|m| m.get("phenopacketSchemaVersion")) {
        let text = version.text()?;
        if text.trim().split('.').next().is_some_and(|major| major.trim_start_matches(['v', 'V']) == "1") {
            return Err(version.error(&format!("a Phenopacket of schema version {text}"), CONVERT));
        }
    }
    let refuse = |node: &Node<'_>, fields: &[(&str, &str)]| {
        fields.iter().find_map(|(old, new)| Some((node.get(old)?, old, new))).map_or(Ok(()), |(found, old, new)| {
            Err(found.error(&format!("`{old}` is of schema version 1 (version 2 has `{new}`)"), CONVERT))
        })
    };
    if let Some(subject) = root.get("subject") {
        let aged = "timeAtLastEncounter";
        refuse(&subject, &[("ageAtCollection", aged), ("ageRangeAtCollection", aged)])?;
    }
    let onset = [("ageOfOnset", "onset"), ("ageRangeOfOnset", "onset"), ("classOfOnset", "onset")];
    for feature in root.items("phenotypicFeatures")? {
        refuse(&feature, &[("negated", "excluded")])?;
        refuse(&feature, &onset)?;
    }
    for disease in root.items("diseases")? {
        refuse(&disease, &onset)?;
    }
    Ok(())
}

struct Packet {
    id: String,
    sex: Option<Sex>,
    age_years: Option<f64>,
    onset_years: Option<f64>,
    diseases: Vec<(String, String)>,
    findings: Vec<RecordedFinding>,
}

impl Packet {
    fn of(root: &Node<'_>) -> Result<Self, PathologyError> {
        let subject = root.get("subject");
        let mut id = root.get("id").map(|n| n.text()).transpose()?.unwrap_or_default();
        let (mut sex, mut age_years) = (None, None);
        if let Some(subject) = &subject {
            subject.object()?;
            if id.is_empty() {
                id = subject.get("id").map(|n| n.text()).transpose()?.unwrap_or_default();
            }
            sex = subject.get("sex").map(|n| read_sex(&n)).transpose()?.flatten();
            age_years = subject.get("timeAtLastEncounter").map(|n| time_element(&n)).transpose()?.flatten();
        }
        let mut diseases: Vec<(String, String)> = Vec::new();
        let mut onset_years: Option<f64> = None;
        for interpretation in root.items("interpretations")? {
            if let Some(disease) = interpretation.get("diagnosis").and_then(|d| d.get("disease")) {
                diseases.push(ontology_class(&disease)?);
            }
        }
        for disease in root.items("diseases")? {
            if disease.get("excluded").map(|n| n.flag()).transpose()? == Some(true) {
                continue;
            }
            let term = disease.require("term", "give the disease as `{ \"id\": \"OMIM:105400\", \"label\": ... }`")?;
            diseases.push(ontology_class(&term)?);
            let onset = disease.get("onset").map(|n| time_element(&n)).transpose()?.flatten();
            onset_years = onset_years.or(onset);
        }
        let mut findings = Vec::new();
        let mut latest_onset: Option<f64> = None;
        for feature in root.items("phenotypicFeatures")? {
            let class = feature.require("type", "give the finding as `{ \"id\": \"HP:0001252\", \"label\": ... }`")?;
            let (hpo, label) = ontology_class(&class)?;
            let excluded = feature.get("excluded").map(|n| n.flag()).transpose()?.unwrap_or(false);
            if let Some(years) = feature.get("onset").map(|n| time_element(&n)).transpose()?.flatten()
                && !excluded
            {
                latest_onset = Some(latest_onset.map_or(years, |latest| latest.max(years)));
            }
            findings.push(RecordedFinding { hpo, label, excluded });
        }
        // Seen at least at the age of the last sign to appear.
        let age_years = age_years.or(match (latest_onset, onset_years) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        });
        Ok(Self { id, sex, age_years, onset_years, diseases, findings })
    }

    fn patient(self, options: &PatientOptions) -> Result<Patient, PathologyError> {
        let (condition, selection) = self.choose()?;
        let from_packet = PatientOptions { sex: self.sex, age_years: self.age_years, ..PatientOptions::default() };
        let mut patient = Patient::assemble(self.id, condition, selection, &options.or(from_packet))?;
        if let (Some(age), Some(onset), true) = (self.age_years, self.onset_years, patient.usual_at.is_some()) {
            let duration = TimeSpan::from_years(age - onset);
            if duration.days() >= SHORTEST_DURATION_DAYS {
                patient.usual_at = Some(duration);
            }
        }
        patient.recorded = self.findings;
        Ok(patient)
    }

    /// By the disease itself, else by a condition that covers it, else by the findings.
    fn choose(&self) -> Result<(Option<&'static Condition>, Selection), PathologyError> {
        let mut stand_in = None;
        for (id, label) in &self.diseases {
            match Condition::of_disease(id)? {
                Some((condition, true)) => {
                    return Ok((Some(condition), Selection::Disease { id: id.clone(), label: label.clone() }));
                }
                Some((condition, false)) if stand_in.is_none() => {
                    stand_in = Some((Some(condition), Selection::StandIn { id: id.clone(), label: label.clone() }));
                }
                _ => {}
            }
        }
        if let Some(found) = stand_in {
            return Ok(found);
        }
        let ranked = rank_by_findings(&self.findings, self.age_years, &|_| Vec::new())?;
        let runners_up = ranked.iter().skip(1).take(RUNNERS_UP).map(|f| (f.condition.name.clone(), f.score)).collect();
        let present_counts = |f: &crate::FindingsScore| f.reasons_for.iter().any(|reason| !reason.starts_with("no "));
        Ok(ranked.into_iter().next().filter(|best| best.score > 0.0 && present_counts(best)).map_or(
            (None, Selection::Nothing),
            |best| {
                let selection = Selection::Findings {
                    score: best.score,
                    reasons_for: best.reasons_for,
                    reasons_against: best.reasons_against,
                    runners_up,
                };
                (Some(best.condition), selection)
            },
        ))
    }
}

fn read_sex(node: &Node<'_>) -> Result<Option<Sex>, PathologyError> {
    match node.text()?.as_str() {
        "FEMALE" => Ok(Some(Sex::Female)),
        "MALE" => Ok(Some(Sex::Male)),
        "UNKNOWN_SEX" | "OTHER_SEX" | "" => Ok(None),
        other => Err(node.error(&format!("no sex `{other}`"), "allowed: FEMALE, MALE, OTHER_SEX, UNKNOWN_SEX")),
    }
}

fn ontology_class(node: &Node<'_>) -> Result<(String, String), PathologyError> {
    node.object()?;
    let id = node.require("id", "give the term's id, as \"HP:0001252\"")?;
    let text = id.text()?;
    if !text.contains(':') {
        return Err(
            id.error(&format!("`{text}` is not an id with a prefix"), "write it as \"HP:0001252\" or \"OMIM:105400\"")
        );
    }
    Ok((text, node.get("label").map(|n| n.text()).transpose()?.unwrap_or_default()))
}

/// A `TimeElement`, in years of age; `None` for a date or an unknown class.
fn time_element(node: &Node<'_>) -> Result<Option<f64>, PathologyError> {
    node.object()?;
    if let Some(age) = node.get("age") {
        return duration(&age.require("iso8601duration", "write the age as \"P5Y6M\"")?).map(Some);
    }
    if let Some(range) = node.get("ageRange") {
        let end = |key: &str| {
            duration(
                &range.require(key, "give start and end")?.require("iso8601duration", "write the age as \"P5Y6M\"")?,
            )
        };
        return Ok(Some(0.5 * (end("start")? + end("end")?)));
    }
    if node.get("gestationalAge").is_some() {
        return Ok(Some(0.0));
    }
    let Some(class) = node.get("ontologyClass") else { return Ok(None) };
    let (id, _) = ontology_class(&class)?;
    Ok(ONSET_CLASSES.iter().find(|(onset, _)| *onset == id).map(|(_, years)| *years))
}

fn duration(node: &Node<'_>) -> Result<f64, PathologyError> {
    let text = node.text()?;
    let span = text.starts_with('P').then(|| TimeSpan::read(&text)).flatten();
    let years = span.map(TimeSpan::years).ok_or_else(|| {
        node.error(&format!("`{text}` is not an age"), "write an ISO 8601 duration, as \"P5Y6M\" or \"P14D\"")
    })?;
    let (youngest, oldest) = AGE_YEARS;
    if (youngest..=oldest).contains(&years) {
        Ok(years)
    } else {
        Err(node.error(&format!("`{text}` is out of range"), &format!("give an age of {youngest} to {oldest} years")))
    }
}

/// A JSON value with its path.
struct Node<'a> {
    file: &'a str,
    path: String,
    value: &'a Value,
}

impl<'a> Node<'a> {
    fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|v| !v.is_null())?;
        Some(Self { file: self.file, path: format!("{}.{key}", self.path), value })
    }

    fn require(&self, key: &str, mend: &str) -> Result<Self, PathologyError> {
        self.get(key).ok_or_else(|| self.error(&format!("`{key}` is missing"), mend))
    }

    /// Items of a list that may be absent.
    fn items(&self, key: &str) -> Result<Vec<Self>, PathologyError> {
        let Some(list) = self.get(key) else { return Ok(Vec::new()) };
        let Value::Array(items) = list.value else { return Err(list.wrong_type("a list")) };
        let nodes: Vec<Self> = items
            .iter()
            .enumerate()
            .map(|(i, value)| Self { file: self.file, path: format!("{}[{i}]", list.path), value })
            .collect();
        nodes.iter().try_for_each(Self::object)?;
        Ok(nodes)
    }

    fn object(&self) -> Result<(), PathologyError> {
        if self.value.is_object() { Ok(()) } else { Err(self.wrong_type("an object")) }
    }

    fn text(&self) -> Result<String, PathologyError> {
        self.value.as_str().map(printable).ok_or_else(|| self.wrong_type("a text"))
    }

    fn flag(&self) -> Result<bool, PathologyError> {
        self.value.as_bool().ok_or_else(|| self.wrong_type("true or false"))
    }

    fn wrong_type(&self, wanted: &str) -> PathologyError {
        let found = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.error(&format!("{found} found"), &format!("give {wanted}"))
    }

    fn error(&self, problem: &str, mend: &str) -> PathologyError {
        PathologyError::new(format!("{} {}", self.file, self.path), problem, mend)
    }
}
