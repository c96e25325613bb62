//! `tonus examine`: injure, examine, report.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tonus_body::Sex;
use tonus_diagnosis::finding::significant;
use tonus_diagnosis::{FindingState, ModelState, Verdict};
use tonus_exam::{ExamError, Item, items, routine_items};
use tonus_pathology::Patient;
use tonus_report::Examination;

use super::table::{right, with_header};
use super::{may_note, read_patients};
use crate::cli::{Common, Examine};
use crate::error::Error;
use crate::examine::{Tables, examine_items};
use crate::output::{Bar, check_writable, file_name_part, print_json, print_note, print_text, write_whole};

/// Longest part of a patient's name in a file name, characters.
const LONGEST_STEM: usize = 100;

pub(super) fn run(common: &Common, arguments: &Examine) -> Result<(), Error> {
    // Everything that can be wrong with the input is found before anything runs.
    let patients = read_patients(&arguments.patients, &arguments.who)?;
    let chosen = chosen_items(&arguments.items)?;
    let outputs = outputs(arguments, &patients, common.json)?;
    outputs.iter().flatten().try_for_each(|path| check_writable(path))?;
    let tables = Tables::builtin()?;
    let mut reports: Vec<Value> = Vec::new();
    for (patient, out) in patients.iter().zip(&outputs) {
        let bar = Bar::new(2 * 2 * chosen.len(), &patient.name, common.quiet);
        let examination = examine_items(&tables, patient, chosen.clone(), common.seed, &bar);
        bar.finish();
        let examination = examination?;
        let json = tonus_report::json::examination(&examination);
        if let Some(path) = out {
            write_report(path, &examination, &json)?;
        }
        if common.json {
            reports.push(json);
        } else {
            print_text(&for_people(&examination))?;
            if let (Some(path), true) = (out, may_note(common)) {
                print_note(&format!("report: {}", path.display()));
            }
        }
    }
    if common.json {
        // One patient gives one object; several give an array.
        let value = if reports.len() == 1 { reports.remove(0) } else { Value::Array(reports) };
        print_json(&value)?;
    }
    Ok(())
}

fn chosen_items(texts: &[String]) -> Result<Vec<Item>, Error> {
    if texts.is_empty() {
        return Ok(routine_items());
    }
    for text in texts {
        if !items().iter().any(|item| item.id.contains(text.as_str())) {
            return Err(no_such_item(text));
        }
    }
    Ok(items().into_iter().filter(|item| texts.iter().any(|text| item.id.contains(text.as_str()))).collect())
}

fn no_such_item(text: &str) -> Error {
    let near = match Item::find(text) {
        Err(ExamError::UnknownItem { near: Some(near), .. }) => format!("did you mean `{near}`? "),
        _ => String::new(),
    };
    let ids: Vec<&str> = items().iter().map(|item| item.id).collect();
    Error::Usage(format!("--item {text}: no item has that in its id; {near}items: {}", ids.join(", ")))
}

/// Where each patient's report goes.
fn outputs(arguments: &Examine, patients: &[Patient], json: bool) -> Result<Vec<Option<PathBuf>>, Error> {
    let file_name = |patient: &Patient| format!("tonus-{}.html", file_name_part(&patient.name, LONGEST_STEM));
    let in_folder = |folder: &Path| {
        let name = |(i, p): (usize, &Patient)| {
            let name = file_name(p);
            // Two patients of one name keep their reports apart by their place in the list.
            let twice = patients[..i].iter().any(|other| file_name(other) == name);
            Some(folder.join(if twice { format!("{}-{name}", i + 1) } else { name }))
        };
        patients.iter().enumerate().map(name).collect()
    };
    match &arguments.out {
        None if json => Ok(vec![None; patients.len()]),
        None => Ok(in_folder(Path::new(""))),
        Some(path) if patients.len() == 1 && !path.is_dir() => {
            kind(path)?;
            let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|f| !f.is_dir()) {
                return Err(Error::Usage(format!(
                    "--out {}: there is no folder {}; make it first",
                    path.display(),
                    folder.display()
                )));
            }
            Ok(vec![Some(path.clone())])
        }
        Some(folder) if folder.is_dir() => Ok(in_folder(folder)),
        Some(path) => {
            Err(Error::Usage(format!("--out {}: with several patients it must be an existing folder", path.display())))
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ReportKind {
    Html,
    Json,
}

fn kind(path: &Path) -> Result<ReportKind, Error> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("html" | "htm") => Ok(ReportKind::Html),
        Some("json") => Ok(ReportKind::Json),
        _ => Err(Error::Usage(format!("--out {}: end the name in .html or .json", path.display()))),
    }
}

fn write_report(path: &Path, examination: &Examination, json: &Value) -> Result<(), Error> {
    let text = match kind(path)? {
        ReportKind::Html => tonus_report::html::page(examination)?,
        ReportKind::Json => format!("{json:#}\n"),
    };
    write_whole(path, text.as_bytes())
}

/// The examination as a table to read.
fn for_people(e: &Examination) -> String {
    let person = &e.patient.person;
    let mut text = format!(
        "{}, {}, {}, {:.2} m\n",
        e.patient.condition.as_deref().unwrap_or(&e.patient.name),
        age(person.age_years),
        match person.sex {
            Sex::Female => "female",
            Sex::Male => "male",
        },
        person.height_m
    );
    text.push_str(&format!("{}\n", e.patient.chosen_by));
    if let Some(time) = &e.patient.time {
        text.push_str(&format!("{time}\n"));
    }
    text.push_str("\nFindings\n");
    let mut present = with_header(&["finding", "HPO", "where", "because"]);
    for finding in e.findings.iter().filter(|f| f.state == FindingState::Present) {
        present.add_row([&finding.label, &finding.hpo, &finding.place, &finding.because.join("; ")]);
    }
    if present.is_empty() {
        text.push_str("none\n");
    } else {
        text.push_str(&format!("{present}\n"));
    }
    text.push_str("\nAbnormal measures\n");
    let mut table = with_header(&["item", "side", "measure", "value", "unit", "norm", "verdict"]);
    for study in &e.judged {
        for judged in study.measures.iter().filter(|m| m.is_abnormal()) {
            let norm = format!(
                "{}..{}",
                judged.low.map(significant).unwrap_or_default(),
                judged.high.map(significant).unwrap_or_default()
            );
            table.add_row([
                study.item.as_str().into(),
                study.side.name().into(),
                judged.measure.name.as_str().into(),
                right(judged.measure.value.number().map_or_else(|| "-".to_owned(), significant)),
                judged.measure.unit.as_str().into(),
                right(norm),
                judged.verdict.map_or("-", Verdict::name).into(),
            ]);
        }
    }
    let measures: usize = e.judged.iter().map(|s| s.measures.len()).sum();
    text.push_str(&if table.is_empty() { "none\n".to_owned() } else { format!("{table}\n") });
    let not_judged = e.judged.iter().flat_map(|s| &s.measures).filter(|m| m.verdict.is_none()).count();
    text.push_str(&format!(
        "{measures} measures of {} items on both sides, {not_judged} of them not judged (no norm, or none of this age); the report has them all.\n",
        e.titles.len()
    ));
    if !e.recorded.is_empty() {
        text.push_str(&recorded(e));
    }
    for left_out in &e.patient.left_out {
        text.push_str(&format!("not shown: {left_out}\n"));
    }
    text
}

fn recorded(e: &Examination) -> String {
    let mut table = with_header(&["recorded in the patient", "HPO", "patient", "model"]);
    for compared in e.recorded.iter().filter(|c| c.model != ModelState::NotExamined) {
        let patient = if compared.state == FindingState::Present { "present" } else { "absent" };
        let model = if compared.model == ModelState::Present { "present" } else { "absent" };
        table.add_row([compared.label.as_str(), compared.hpo.as_str(), patient, model]);
    }
    let judged: Vec<bool> = e.recorded.iter().filter_map(tonus_diagnosis::Compared::agrees).collect();
    let agree = judged.iter().filter(|a| **a).count();
    format!(
        "\nRecorded findings: {}, of which the model was examined for {}; it agrees in {agree}\n{}",
        e.recorded.len(),
        judged.len(),
        if table.is_empty() { String::new() } else { format!("{table}\n") }
    )
}

fn age(years: f64) -> String {
    if years < 2.0 { format!("{:.0} months", years * 12.0) } else { format!("{years:.0} years") }
}
