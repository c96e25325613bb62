//! The report page: everything of an examination in one HTML file that needs nothing else.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value as Safe};
use serde::Serialize;
use tonus_body::person::Sex;
use tonus_diagnosis::{Compared, Finding, FindingState, Judged, JudgedStudy, ModelState};
use tonus_signal::Side;

use crate::{Examination, figure, svg, traces, words};

/// A page that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the report page could not be written: {0}")]
pub struct ReportError(#[from] minijinja::Error);

const TEMPLATE: &str = include_str!("../templates/report.html.jinja");
const STUDY: &str = include_str!("../templates/study.html.jinja");
const STYLE: &str = include_str!("../templates/report.css");

#[derive(Serialize)]
struct Page {
    style: Safe,
    tonus: String,
    seed: u64,
    name: String,
    facts: Vec<(&'static str, String)>,
    figure: Safe,
    lesions: Vec<Lesion>,
    left_out: Vec<String>,
    present: Vec<FindingRow>,
    absent: Vec<FindingRow>,
    recorded: Vec<RecordedRow>,
    agreement: String,
    abnormal: Vec<Item>,
    normal: Vec<NormalItem>,
    sources: Vec<String>,
    examined: usize,
}

#[derive(Serialize)]
struct Lesion {
    site: String,
    mechanism: String,
    severity: String,
    step: usize,
    drawn: bool,
    place: String,
    side: String,
    meaning: String,
    source: String,
}

#[derive(Serialize)]
struct FindingRow {
    label: String,
    hpo: String,
    place: String,
    because: Vec<String>,
}

#[derive(Serialize)]
struct RecordedRow {
    label: String,
    hpo: String,
    patient: &'static str,
    model: &'static str,
    agrees: &'static str,
    class: &'static str,
}

#[derive(Serialize)]
struct Item {
    id: String,
    title: String,
    studies: Vec<StudyBlock>,
}

#[derive(Serialize)]
pub(crate) struct StudyBlock {
    side: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) drawings: Vec<DrawingBlock>,
}

#[derive(Serialize)]
pub(crate) struct DrawingBlock {
    svg: Safe,
    caption: String,
}

impl DrawingBlock {
    /// A finished drawing, which is safe, with its caption.
    pub(crate) fn new(svg: String, caption: &str) -> Self {
        Self { svg: Safe::from_safe_string(svg), caption: clean(caption) }
    }
}

#[derive(Serialize)]
pub(crate) struct Row {
    name: String,
    value: String,
    norm: String,
    source: usize,
    z: String,
    symbol: &'static str,
    verdict: &'static str,
    abnormal: bool,
}

#[derive(Serialize)]
struct NormalItem {
    title: String,
    sides: Vec<NormalSide>,
}

#[derive(Serialize)]
struct NormalSide {
    side: String,
    measures: Vec<(String, String, String)>,
}

/// The sources of norms, numbered as they come up.
#[derive(Default)]
pub(crate) struct Sources {
    pub(crate) list: Vec<String>,
    numbers: BTreeMap<String, usize>,
}

impl Sources {
    /// Number of a source; 0 for a measure without a norm.
    fn number(&mut self, judged: &Judged) -> usize {
        if judged.low.is_none() && judged.high.is_none() {
            return 0;
        }
        let source = clean(&judged.norm_source);
        if let Some(&number) = self.numbers.get(&source) {
            return number;
        }
        self.list.push(source.clone());
        self.numbers.insert(source, self.list.len());
        self.list.len()
    }
}

/// One self-contained page of an examination: HTML that is also well-formed XML, with its style and drawings inside.
///
/// # Errors
/// Only if the built-in template itself is at fault.
pub fn page(e: &Examination) -> Result<String, ReportError> {
    render(TEMPLATE, contents(e))
}

/// A page from its template, with the one of a study at hand as `study.html`.
pub(crate) fn render(template: &str, contents: impl Serialize) -> Result<String, ReportError> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("study.html", STUDY)?;
    environment.add_template("page.html", template)?;
    Ok(environment.get_template("page.html")?.render(Safe::from(Serde(contents)))?)
}

/// The style of every page.
pub(crate) fn style() -> Safe {
    Safe::from_safe_string(STYLE.to_owned())
}

fn contents(e: &Examination) -> Page {
    let mut sources = Sources::default();
    let abnormal = abnormal_items(e, &mut sources);
    let findings = |state| e.findings.iter().filter(move |f| f.state == state).map(|f| finding(e, f)).collect();
    Page {
        style: style(),
        tonus: clean(&e.tonus),
        seed: e.seed,
        name: if e.patient.name.trim().is_empty() { "Unnamed patient".to_owned() } else { clean(&e.patient.name) },
        facts: facts(e),
        figure: Safe::from_safe_string(figure::person(&e.patient.lesions)),
        lesions: lesions(e),
        left_out: e.patient.left_out.iter().map(|l| clean(l)).collect(),
        present: findings(FindingState::Present),
        absent: findings(FindingState::Absent),
        recorded: e.recorded.iter().map(recorded).collect(),
        agreement: agreement(&e.recorded),
        abnormal,
        normal: normal_items(e),
        sources: sources.list,
        examined: e.judged.len(),
    }
}

/// Text from outside without control characters; the template escapes the rest.
pub(crate) fn clean(text: &str) -> String {
    svg::printable(text)
}

fn facts(e: &Examination) -> Vec<(&'static str, String)> {
    let person = &e.patient.person;
    let sex = match person.sex {
        Sex::Female => "female",
        Sex::Male => "male",
    };
    let mut facts = vec![
        ("Age and sex", format!("{}, {sex}", words::age(person.age_years))),
        ("Size", format!("{:.2} m, {} kg", person.height_m, tonus_diagnosis::finding::significant(person.mass_kg))),
    ];
    if let Some(condition) = &e.patient.condition {
        facts.push(("Condition", clean(condition)));
    }
    if !e.patient.chosen_by.trim().is_empty() {
        facts.push(("Chosen by", clean(&e.patient.chosen_by)));
    }
    if let Some(time) = &e.patient.time {
        facts.push(("Since onset", clean(time)));
    }
    facts
}

fn lesions(e: &Examination) -> Vec<Lesion> {
    let lesion = |l: &crate::LesionLine| Lesion {
        site: words::capitalised(&clean(&l.site.replace('_', " "))),
        mechanism: clean(&l.mechanism.replace('_', " ")),
        severity: format!("{:.2}", l.severity),
        step: figure::step(l.severity),
        drawn: figure::draws(l),
        place: clean(&l.place.replace('_', " ")),
        side: acts_on(l),
        meaning: clean(&l.meaning),
        source: clean(&l.source),
    };
    e.patient.lesions.iter().map(lesion).collect()
}

/// The body side in words, unless the place says it already.
fn acts_on(l: &crate::LesionLine) -> String {
    if l.place.contains(&l.side) {
        return String::new();
    }
    if l.side == "both" {
        "both sides of the body".to_owned()
    } else {
        format!("the {} side of the body", clean(&l.side))
    }
}

fn finding(e: &Examination, f: &Finding) -> FindingRow {
    FindingRow {
        label: clean(&f.label),
        hpo: clean(&f.hpo),
        place: clean(&f.place),
        because: f.because.iter().map(|b| because(e, b)).collect(),
    }
}

/// `lab.motor_conduction.ulnar.cmap_amplitude, right = 1.2 mV (5..14)` with the item's title and the measure's name:
/// `Ulnar motor conduction: CMAP amplitude, right 1.2 mV (norm 5–14)`.
fn because(e: &Examination, line: &str) -> String {
    let item = e.titles.iter().filter(|(id, _)| line.strip_prefix(id.as_str()).is_some_and(|r| r.starts_with('.')));
    let Some((id, title)) = item.max_by_key(|(id, _)| id.len()) else { return clean(line) };
    let rest = &line[id.len() + 1..];
    let Some((name, rest)) = rest.split_once(", ") else { return clean(line) };
    let Some((side, rest)) = rest.split_once(" = ") else { return clean(line) };
    let (value, norm) = match rest.strip_suffix(')').and_then(|r| r.split_once(" (")) {
        Some((value, norm)) => (value, norm_in_words(norm)),
        None => (rest, String::new()),
    };
    let value = match value.split_once(' ') {
        Some((number, unit)) => words::with_unit(&words::minus(number), unit),
        None => words::minus(value),
    };
    clean(&format!("{title}: {}, {side} {value}{norm}", words::lower_phrase(name)))
}

/// `5..14`, `5..` and `..14` as limits of a norm.
fn norm_in_words(norm: &str) -> String {
    let limits = norm.split_once("..").map(|(low, high)| (low.parse().ok(), high.parse().ok()));
    limits.map_or_else(|| format!(" ({norm})"), |(low, high)| format!(" (norm\u{a0}{})", words::norm(low, high)))
}

fn recorded(c: &Compared) -> RecordedRow {
    let (agrees, class) = match c.agrees() {
        Some(true) => ("✓ agrees", "yes"),
        Some(false) => ("✗ differs", "no"),
        None => ("–", "open"),
    };
    RecordedRow {
        label: clean(&c.label),
        hpo: clean(&c.hpo),
        patient: match c.state {
            FindingState::Present => "present",
            FindingState::Absent => "absent",
        },
        model: match c.model {
            ModelState::Present => "present",
            ModelState::Absent => "absent",
            ModelState::NotExamined => "not examined",
        },
        agrees,
        class,
    }
}

/// `agree 7 of 9 examined, 12 recorded`.
fn agreement(recorded: &[Compared]) -> String {
    let examined: Vec<bool> = recorded.iter().filter_map(Compared::agrees).collect();
    let agree = examined.iter().filter(|a| **a).count();
    format!("agree {agree} of {} examined, {} recorded", examined.len(), recorded.len())
}

/// Item ids in the order they first come up.
fn items(e: &Examination) -> Vec<&str> {
    let mut ids: Vec<&str> = Vec::new();
    for study in &e.judged {
        if !ids.contains(&study.item.as_str()) {
            ids.push(&study.item);
        }
    }
    ids
}

fn abnormal_items(e: &Examination, sources: &mut Sources) -> Vec<Item> {
    let mut out = Vec::new();
    for (number, id) in items(e).into_iter().enumerate() {
        let title = clean(e.title(id));
        let mut blocks = Vec::new();
        for judged in e.judged.iter().filter(|j| j.item == id && j.is_abnormal()) {
            blocks.push(study_block(e, judged, &title, number, sources));
        }
        if !blocks.is_empty() {
            out.push(Item { id: clean(id), title, studies: blocks });
        }
    }
    out
}

pub(crate) fn study_block(
    e: &Examination,
    judged: &JudgedStudy,
    title: &str,
    number: usize,
    sources: &mut Sources,
) -> StudyBlock {
    let rows = judged.measures.iter().map(|m| row(m, sources)).collect();
    let study = e.studies.iter().find(|s| s.item == judged.item && s.side == judged.side);
    let id = format!("t{number}{}", judged.side.name());
    let drawn = study.map(|s| traces::drawings(s, e.healthy_of(s), title, &id)).unwrap_or_default();
    let drawings = drawn.into_iter().map(|d| DrawingBlock::new(d.svg, &d.caption)).collect();
    StudyBlock { side: words::capitalised(judged.side.name()), rows, drawings }
}

pub(crate) fn row(judged: &Judged, sources: &mut Sources) -> Row {
    let (symbol, verdict) = words::verdict(judged.verdict);
    Row {
        name: clean(&words::phrase(&judged.measure.name)),
        value: clean(&words::value(judged.measure.value, &judged.measure.unit)),
        norm: if judged.has_norm && judged.verdict.is_none() {
            "none for this person".to_owned()
        } else {
            words::norm(judged.low, judged.high)
        },
        source: sources.number(judged),
        z: words::z(judged.z),
        symbol,
        verdict,
        abnormal: judged.is_abnormal(),
    }
}

fn normal_items(e: &Examination) -> Vec<NormalItem> {
    let mut out = Vec::new();
    for id in items(e) {
        let mut sides = Vec::new();
        for side in Side::BOTH {
            let Some(judged) = e.judged.iter().find(|j| j.item == id && j.side == side && !j.is_abnormal()) else {
                continue;
            };
            let measures = judged
                .measures
                .iter()
                .map(|m| {
                    let norm = match m.verdict {
                        Some(_) => words::norm(m.low, m.high),
                        None => words::verdict(None).1.to_owned(),
                    };
                    (
                        clean(&words::phrase(&m.measure.name)),
                        clean(&words::value(m.measure.value, &m.measure.unit)),
                        norm,
                    )
                })
                .collect();
            sides.push(NormalSide { side: side.name().to_owned(), measures });
        }
        if !sides.is_empty() {
            out.push(NormalItem { title: clean(e.title(id)), sides });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_put_in_words() {
        let limits = ["5..14", "5..", "..14", "odd"].map(norm_in_words);
        assert_eq!(limits, [" (norm\u{a0}5–14)", " (norm\u{a0}≥\u{a0}5)", " (norm\u{a0}≤\u{a0}14)", " (odd)"]);
    }

    #[test]
    fn agreement_is_counted_over_what_was_examined() {
        let compared = |state, model| Compared { hpo: String::new(), label: String::new(), state, model };
        let list = [
            compared(FindingState::Present, ModelState::Present),
            compared(FindingState::Absent, ModelState::Absent),
            compared(FindingState::Present, ModelState::Absent),
            compared(FindingState::Present, ModelState::NotExamined),
        ];
        assert_eq!(agreement(&list), "agree 2 of 3 examined, 4 recorded");
    }
}
