//! The gallery page: one abnormality a plate, its traces and measures beside what a textbook says one should see.

use minijinja::Value as Safe;
use serde::Serialize;

use crate::Examination;
use crate::html::{ReportError, Sources, StudyBlock, clean, render, study_block, style};
use tonus_signal::Side;

const TEMPLATE: &str = include_str!("../templates/gallery.html.jinja");

/// One abnormality.
#[derive(Clone, Debug)]
pub struct Plate {
    /// Title.
    pub title: String,
    /// What a textbook says one should see.
    pub textbook: String,
    /// Which textbook or paper.
    pub source: String,
    /// Side of the body that is shown.
    pub side: Side,
    /// Drawings that are shown, by their place among the item's; empty for all.
    pub show: Vec<usize>,
    /// The examination: one item.
    pub examination: Examination,
}

#[derive(Serialize)]
struct Page {
    style: Safe,
    tonus: String,
    seed: u64,
    plates: Vec<PlateBlock>,
    sources: Vec<String>,
}

#[derive(Serialize)]
struct PlateBlock {
    title: String,
    textbook: String,
    source: String,
    patient: String,
    item: ItemName,
    study: StudyBlock,
}

#[derive(Serialize)]
struct ItemName {
    id: String,
    title: String,
}

/// One self-contained page of plates, in the order given. A plate whose examination has no study of its side is left out.
///
/// # Errors
/// Only if the built-in template itself is at fault.
pub fn page(plates: &[Plate]) -> Result<String, ReportError> {
    let mut sources = Sources::default();
    let blocks = plates.iter().enumerate().filter_map(|(number, plate)| block(plate, number, &mut sources)).collect();
    let first = plates.first().map(|p| &p.examination);
    render(
        TEMPLATE,
        Page {
            style: style(),
            tonus: first.map(|e| clean(&e.tonus)).unwrap_or_default(),
            seed: first.map_or(0, |e| e.seed),
            plates: blocks,
            sources: sources.list,
        },
    )
}

fn block(plate: &Plate, number: usize, sources: &mut Sources) -> Option<PlateBlock> {
    let e = &plate.examination;
    let judged = e.judged.iter().find(|j| j.side == plate.side)?;
    let title = clean(e.title(&judged.item));
    let mut study = study_block(e, judged, &title, number, sources);
    let mut place = 0;
    study.drawings.retain(|_| {
        place += 1;
        plate.show.is_empty() || plate.show.contains(&(place - 1))
    });
    let time = e.patient.time.as_ref().map(|t| format!(", {t}")).unwrap_or_default();
    Some(PlateBlock {
        title: clean(&plate.title),
        textbook: clean(&plate.textbook),
        source: clean(&plate.source),
        patient: clean(&format!("{}{time}", e.patient.condition.as_deref().unwrap_or("Healthy"))),
        item: ItemName { id: clean(&judged.item), title },
        study,
    })
}
