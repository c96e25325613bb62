//! The main job: a patient through the whole house.

use tonus_body::{Anatomy, Body};
use tonus_diagnosis::{FindingState, Judge, JudgedStudy, Norms, Ontology, Rules, compare};
use tonus_exam::{Item, Plan, Progress, Subject, routine_items};
use tonus_pathology::{Lesion, NotExamined, Patient, Selection};
use tonus_report::{Examination, LesionLine, PatientLine};
use tonus_signal::{Side, Study};

use crate::error::Error;

/// Tables that every examination needs, read once.
#[derive(Debug)]
pub struct Tables {
    /// Muscles, nerves, joints, growth.
    pub anatomy: Anatomy,
    /// Norms.
    pub norms: Norms,
    /// Rules of findings.
    pub rules: Rules,
}

impl Tables {
    /// The tables that ship with Tonus.
    ///
    /// # Errors
    /// If one was edited into something that cannot be read.
    pub fn builtin() -> Result<Self, Error> {
        Ok(Self { anatomy: Anatomy::builtin()?, norms: Norms::builtin()?, rules: Rules::builtin()? })
    }
}

/// Examines a patient, every routine item on both sides, beside the healthy model of the same person.
///
/// # Errors
/// A patient that cannot be, or anatomy that lacks what an item examines.
pub fn examine_patient(patient: &Patient, seed: u64, progress: &dyn Progress) -> Result<Examination, Error> {
    examine_items(&Tables::builtin()?, patient, routine_items(), seed, progress)
}

/// As [`examine_patient`], with chosen items and tables.
///
/// # Errors
/// As [`examine_patient`].
pub fn examine_items(
    tables: &Tables,
    patient: &Patient,
    chosen: Vec<Item>,
    seed: u64,
    progress: &dyn Progress,
) -> Result<Examination, Error> {
    let (body, not_examined) = patient.body(&tables.anatomy)?;
    let healthy_body = Body::healthy(&body.person, &tables.anatomy);
    let titles = chosen.iter().map(|item| (item.id.to_owned(), item.title.to_owned())).collect();
    let plan = Plan::of(chosen);
    let run = |body: &Body| tonus_exam::examine(&Subject::new(body, seed), &plan, progress);
    // A body that no lesion moved is the healthy one, to the bit: there is nothing to run twice.
    let (studies, healthy) = if body == healthy_body {
        let studies = run(&body)?;
        (studies.clone(), studies)
    } else {
        let (studies, healthy) = rayon::join(|| run(&body), || run(&healthy_body));
        (studies?, healthy?)
    };
    let (judged, findings) = judge(tables, &body, &studies, &healthy);
    let recorded = if patient.recorded.is_empty() {
        Vec::new()
    } else {
        let recorded = patient.recorded.iter().map(|r| {
            let state = if r.excluded { FindingState::Absent } else { FindingState::Present };
            (r.hpo.clone(), r.label.clone(), state)
        });
        compare(recorded, &findings, &Ontology::builtin()?)
    };
    Ok(Examination {
        tonus: env!("CARGO_PKG_VERSION").to_owned(),
        seed,
        patient: describe(patient, &body, &not_examined),
        studies,
        healthy,
        judged,
        findings,
        recorded,
        titles,
    })
}

fn judge(
    tables: &Tables,
    body: &Body,
    studies: &[Study],
    healthy: &[Study],
) -> (Vec<JudgedStudy>, Vec<tonus_diagnosis::Finding>) {
    let judge = Judge::new(&tables.norms, &body.person, healthy);
    let judged: Vec<JudgedStudy> = studies.iter().map(|study| judge.study(study)).collect();
    let findings = tables.rules.findings(&judged);
    (judged, findings)
}

fn describe(patient: &Patient, body: &Body, not_examined: &[NotExamined]) -> PatientLine {
    let chosen_by = match (&patient.condition, &patient.selection) {
        (_, Selection::Nothing) | (None, _) => patient.selection.to_string(),
        (Some(condition), selection) => format!("{}: {selection}", condition.name),
    };
    let time = match (patient.at, patient.usual_at) {
        // Nothing began in a person without lesions.
        _ if patient.lesions.is_empty() => None,
        (Some(at), _) => Some(format!("{at} after onset")),
        (None, Some(usual)) => Some(format!("a representative patient, {usual} after onset")),
        (None, None) => None,
    };
    PatientLine {
        name: patient.name.clone(),
        person: body.person.clone(),
        condition: patient.condition.map(|c| c.label.clone()),
        chosen_by,
        time,
        lesions: patient.lesions_now().iter().map(line).collect(),
        left_out: not_examined.iter().map(ToString::to_string).collect(),
    }
}

fn line(lesion: &Lesion) -> LesionLine {
    let info = lesion.mechanism.info();
    LesionLine {
        site: lesion.site.name().to_owned(),
        mechanism: lesion.mechanism.name().to_owned(),
        severity: lesion.severity,
        place: lesion.place.to_string(),
        side: side_name(lesion).to_owned(),
        meaning: if lesion.meaning.is_empty() { info.severity.to_owned() } else { lesion.meaning.clone() },
        source: lesion.source.clone(),
    }
}

/// Body sides that a lesion reaches, in a word.
fn side_name(lesion: &Lesion) -> &'static str {
    match (lesion.place.side.weight(Side::Left) > 0.0, lesion.place.side.weight(Side::Right) > 0.0) {
        (true, false) => "left",
        (false, true) => "right",
        _ => "both",
    }
}
