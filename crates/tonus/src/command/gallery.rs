//! `tonus gallery`: a page of abnormalities, each beside what a textbook says one should see.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};
use tonus_exam::Item;
use tonus_pathology::{Patient, PatientOptions, TimeSpan};
use tonus_report::gallery::{Plate, page};
use tonus_signal::Side;

use crate::cli::Common;
use crate::error::Error;
use crate::examine::{Tables, examine_items};
use crate::output::{Bar, check_writable, print_json, print_text, write_whole};

/// What is shown.
const BUILTIN: &str = include_str!("../../../../data/gallery.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gallery {
    plate: Vec<Entry>,
}

/// A plate as declared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    title: String,
    condition: String,
    at: Option<String>,
    severity: Option<f64>,
    item: String,
    side: Side,
    #[serde(default)]
    show: Vec<usize>,
    textbook: String,
    source: String,
}

fn entries() -> Result<Vec<Entry>, Error> {
    toml::from_str(BUILTIN).map(|g: Gallery| g.plate).map_err(|e| Error::Tables(format!("data/gallery.toml: {e}")))
}

pub(super) fn run(common: &Common, out: Option<&Path>) -> Result<(), Error> {
    let out = out.unwrap_or(Path::new("gallery.html"));
    if out.extension().is_none_or(|e| !e.eq_ignore_ascii_case("html")) {
        return Err(Error::Usage(format!("--out {}: the gallery is a page; end its name in .html", out.display())));
    }
    check_writable(out)?;
    let tables = Tables::builtin()?;
    let entries = entries()?;
    let bar = Bar::new(2 * 2 * entries.len(), "gallery", common.quiet);
    let mut plates = Vec::with_capacity(entries.len());
    for entry in entries {
        let at = entry.at.as_deref().map(TimeSpan::parse).transpose()?;
        let options = PatientOptions { at, severity: entry.severity, ..PatientOptions::default() };
        let patient = Patient::read(&entry.condition, &options)?;
        let item = Item::find(&entry.item)?;
        let examination = examine_items(&tables, &patient, vec![item], common.seed, &bar)?;
        plates.push(Plate {
            title: entry.title,
            textbook: entry.textbook,
            source: entry.source,
            side: entry.side,
            show: entry.show,
            examination,
        });
    }
    bar.finish();
    write_whole(out, page(&plates).map_err(|e| Error::Tables(e.to_string()))?.as_bytes())?;
    if !common.json {
        return print_text(&out.display().to_string());
    }
    let list: Vec<Value> = plates
        .iter()
        .map(|p| json!({"title": p.title, "item": p.examination.judged.first().map(|j| &j.item), "side": p.side.name(), "textbook": p.textbook}))
        .collect();
    print_json(&json!({"path": out.display().to_string(), "plates": list}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plate_names_a_condition_and_an_item_that_there_are() {
        let entries = entries().expect("the table is right");
        assert!(entries.len() > 5);
        for entry in &entries {
            assert!(Item::find(&entry.item).is_ok(), "{}: {}", entry.title, entry.item);
            assert!(Patient::read(&entry.condition, &PatientOptions::default()).is_ok(), "{}", entry.title);
            assert!(!entry.textbook.is_empty() && !entry.source.is_empty(), "{}", entry.title);
        }
    }
}
