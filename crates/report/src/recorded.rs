//! The page of recordings that were brought in: each with its signals, measures, norms and what was found.

use minijinja::Value as Safe;
use serde::Serialize;
use tonus_diagnosis::JudgedStudy;
use tonus_signal::{Annotation, Recording};

use crate::html::{DrawingBlock, ReportError, Row, Sources, clean, render, row, style};
use crate::traces::recorded::drawings;

pub use crate::traces::recorded::Plotted;

const TEMPLATE: &str = include_str!("../templates/recorded.html.jinja");

/// One recording and what was found in it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Where it came from.
    pub path: String,
    /// What it was taken for.
    pub kind: String,
    /// The signals.
    pub recording: Recording,
    /// Measures with their norms.
    pub judged: JudgedStudy,
    /// What was found in time.
    pub events: Vec<Annotation>,
    /// What the pattern speaks for, and why.
    pub reading: Option<(String, Vec<String>)>,
    /// Numbers drawn against each other.
    pub plots: Vec<Plotted>,
    /// How it was measured.
    pub notes: Vec<String>,
}

#[derive(Serialize)]
struct Page {
    style: Safe,
    tonus: String,
    recordings: Vec<Block>,
    sources: Vec<String>,
}

#[derive(Serialize)]
struct Block {
    title: String,
    path: String,
    kind: String,
    facts: String,
    class: Option<String>,
    because: Vec<String>,
    rows: Vec<Row>,
    drawings: Vec<DrawingBlock>,
    notes: Vec<String>,
}

/// Channels, rate and length in words.
pub fn facts(recording: &Recording) -> String {
    let hz = |rate: f64| tonus_diagnosis::finding::significant(rate);
    let channels = match recording.channels.as_slice() {
        [] => String::new(),
        [one] => format!("1 channel at {} Hz, ", hz(one.rate_hz)),
        [first, ..] => format!("{} channels at {} Hz, ", recording.channels.len(), hz(first.rate_hz)),
    };
    let series = match recording.series.len() {
        0 => String::new(),
        n => format!("{n} series, "),
    };
    format!("{channels}{series}{:.1} s", recording.duration_s())
}

/// One self-contained page of recordings, in the order given.
///
/// # Errors
/// Only if the built-in template itself is at fault.
pub fn page(tonus: &str, recordings: &[Recorded]) -> Result<String, ReportError> {
    let mut sources = Sources::default();
    let blocks = recordings.iter().enumerate().map(|(number, r)| block(r, number, &mut sources)).collect();
    render(TEMPLATE, Page { style: style(), tonus: clean(tonus), recordings: blocks, sources: sources.list })
}

fn block(r: &Recorded, number: usize, sources: &mut Sources) -> Block {
    let title = if r.recording.title.trim().is_empty() { "Recording".to_owned() } else { clean(&r.recording.title) };
    Block {
        path: clean(&r.path),
        kind: clean(&r.kind.replace('_', " ")),
        facts: facts(&r.recording),
        class: r.reading.as_ref().map(|(class, _)| clean(class)),
        because: r.reading.iter().flat_map(|(_, because)| because.iter().map(|b| clean(b))).collect(),
        rows: r.judged.measures.iter().map(|m| row(m, sources)).collect(),
        drawings: drawings(&r.recording, &r.events, &r.plots, &title, &format!("r{number}"))
            .into_iter()
            .map(|d| DrawingBlock::new(d.svg, &d.caption))
            .collect(),
        notes: r.notes.iter().map(|n| clean(n)).collect(),
        title,
    }
}
