//! `tonus conditions`: every condition with its lesions, mechanisms, course and sources.

use serde_json::{Value, json};
use tonus_pathology::{Condition, Lesion, Mechanism};

use super::table::with_header;
use crate::cli::Common;
use crate::error::Error;
use crate::output::{print_json, print_text};

pub(super) fn run(common: &Common, name: Option<&str>) -> Result<(), Error> {
    let chosen: Vec<&Condition> = match name {
        Some(name) => vec![Condition::find(name)?],
        None => Condition::all()?.iter().collect(),
    };
    if common.json {
        let list: Vec<Value> = chosen.iter().map(|c| as_json(c)).collect();
        return print_json(&json!({ "conditions": list, "mechanisms": mechanisms() }));
    }
    if let (Some(_), [condition]) = (name, chosen.as_slice()) {
        return print_text(&in_full(condition));
    }
    let mut table = with_header(&["name", "condition", "where", "lesions"]);
    for condition in &chosen {
        let sites: Vec<&str> = condition.sites.iter().map(|s| s.name()).collect();
        let mut lesions: Vec<&str> = condition.lesions.iter().map(|l| l.mechanism.name()).collect();
        lesions.dedup();
        table.add_row([condition.name.clone(), condition.label.clone(), sites.join(", "), lesions.join(", ")]);
    }
    print_text(&format!("{table}\n\n`tonus conditions NAME` shows one in full."))
}

fn lesion_json(lesion: &Lesion) -> Value {
    json!({
        "site": lesion.site.name(),
        "where": lesion.place.to_string(),
        "mechanism": lesion.mechanism.name(),
        "severity": {"typical": lesion.severity, "low": lesion.low, "high": lesion.high},
        "severity_means": if lesion.meaning.is_empty() { lesion.mechanism.info().severity } else { &lesion.meaning },
        "course": lesion.course.to_string(),
        "source": lesion.source,
        "confidence": lesion.confidence.name(),
    })
}

fn as_json(c: &Condition) -> Value {
    let frequency = |f: &Option<tonus_pathology::Frequency>| {
        f.as_ref().map(|f| json!({"value": f.value, "low": f.low, "high": f.high, "denominator": f.denominator, "source": f.source}))
    };
    json!({
        "name": c.name, "label": c.label, "synonyms": c.synonyms, "group": c.group,
        "sites": c.sites.iter().map(|s| s.name()).collect::<Vec<_>>(),
        "inheritance": c.inheritance, "xrefs": c.xrefs, "covers": c.covers,
        "usual_at": c.usual_at.to_string(),
        "onset_age_years": c.onset_age_years.map(|s| json!({"median": s.median, "low": s.low, "high": s.high})),
        "prevalence_per_100k": frequency(&c.prevalence_per_100k),
        "incidence_per_100k_year": frequency(&c.incidence_per_100k_year),
        "sex_ratio_m_f": c.sex_ratio_m_f, "red_flags": c.red_flags,
        "confidence": c.confidence.name(), "notes": c.notes,
        "lesions": c.lesions.iter().map(lesion_json).collect::<Vec<_>>(),
        "course": c.course.iter().map(|f| json!({"fact": f.fact, "source": f.source, "confidence": f.confidence.name()})).collect::<Vec<_>>(),
    })
}

fn mechanisms() -> Vec<Value> {
    Mechanism::ALL
        .iter()
        .map(|m| {
            let info = m.info();
            json!({"name": info.name, "severity_means": info.severity, "moves": info.moves, "source": info.source, "examined": info.examined})
        })
        .collect()
}

fn in_full(c: &Condition) -> String {
    let mut text = format!("{}\n{}\n", c.name, c.label);
    if !c.synonyms.is_empty() {
        text.push_str(&format!("also: {}\n", c.synonyms.join(", ")));
    }
    if !c.xrefs.is_empty() {
        text.push_str(&format!("codes: {}\n", c.xrefs.join(", ")));
    }
    if let Some(onset) = c.onset_age_years {
        text.push_str(&format!("onset: median {} y ({}..{})\n", onset.median, onset.low, onset.high));
    }
    if let Some(p) = &c.prevalence_per_100k {
        text.push_str(&format!("prevalence: {} per 100,000 ({})\n", p.value, p.source));
    }
    if !c.notes.is_empty() {
        text.push_str(&format!("{}\n", c.notes));
    }
    text.push_str(&format!("representative patient: {} after onset\n\nLesions\n", c.usual_at));
    for lesion in &c.lesions {
        let info = lesion.mechanism.info();
        let meaning = if lesion.meaning.is_empty() { info.severity } else { &lesion.meaning };
        text.push_str(&format!(
            "  {} at {}: {}\n    severity {} ({}..{}): {meaning}\n    moves: {}\n    course: {}\n    source: {} ({})\n",
            lesion.mechanism.name(),
            lesion.site.name(),
            lesion.place,
            lesion.severity,
            lesion.low,
            lesion.high,
            info.moves,
            lesion.course,
            lesion.source,
            lesion.confidence.name()
        ));
    }
    if !c.course.is_empty() {
        text.push_str("\nCourse, as published\n");
        for fact in &c.course {
            text.push_str(&format!("  {} ({})\n", fact.fact, fact.source));
        }
    }
    if !c.red_flags.is_empty() {
        text.push_str(&format!("\nRed flags: {}\n", c.red_flags.join("; ")));
    }
    if !c.covers.is_empty() {
        text.push_str(&format!("\nStands in for {} other diseases when a Phenopacket names one.\n", c.covers.len()));
    }
    text
}
