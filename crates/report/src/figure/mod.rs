//! The map of the person: a figure seen from the front, with brain and cord enlarged, injured structures shaded by severity.
//!
//! The patient's right is at the viewer's left. Severity is shown by colour and by hatch, and every injured structure carries
//! the number of its lesion in the list.

mod outline;
mod reached;

use std::collections::BTreeMap;

use tonus_signal::Side;

use crate::LesionLine;
use crate::svg::{Anchor, Drawing};
use outline::Shape;
use reached::{Part, Region, reached, segments};

/// Size of the figure, px.
const WIDTH: f64 = 500.0;
const HEIGHT: f64 = 690.0;

/// Hatches: dots, lines, close lines, crossed lines; the colours come from the style sheet.
const HATCHES: &str = "<defs>\
<pattern id=\"hx1\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><rect class=\"v1\" width=\"5\" height=\"5\"/><circle class=\"xf\" cx=\"2.5\" cy=\"2.5\" r=\".6\"/></pattern>\
<pattern id=\"hx2\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"v2\" width=\"5\" height=\"5\"/><path class=\"x\" d=\"M0 0v5\"/></pattern>\
<pattern id=\"hx3\" width=\"3\" height=\"3\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"v3\" width=\"3\" height=\"3\"/><path class=\"x\" d=\"M0 0v3\"/></pattern>\
<pattern id=\"hx4\" width=\"3.5\" height=\"3.5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"v4\" width=\"3.5\" height=\"3.5\"/><path class=\"x\" d=\"M0 0v3.5M0 0h3.5\"/></pattern>\
</defs>";

/// Ranges of severity and what stands for them in the legend.
const STEPS: [(f64, &str); 4] =
    [(0.25, "up to 0.25"), (0.5, "0.25 to 0.5"), (0.75, "0.5 to 0.75"), (1.0, "above 0.75")];

/// Step 1 to 4 of a severity.
pub(crate) fn step(severity: f64) -> usize {
    STEPS.iter().position(|(top, _)| severity <= *top).unwrap_or(STEPS.len() - 1) + 1
}

/// Whether a lesion has a place on the figure.
pub(crate) fn draws(line: &LesionLine) -> bool {
    !reached(line).is_empty()
}

/// Draws the person with these lesions; lesion `i` of the list is called `i + 1`.
pub(crate) fn person(lesions: &[LesionLine]) -> String {
    let mut severity: BTreeMap<(Part, Side), f64> = BTreeMap::new();
    let mut numbers: BTreeMap<(i64, i64), (Anchor, Vec<usize>)> = BTreeMap::new();
    for (i, line) in lesions.iter().enumerate() {
        let parts = reached(line);
        for (part, side, s) in &parts {
            let known = severity.entry((*part, *side)).or_insert(0.0);
            *known = known.max(*s);
        }
        // One number per side, at the worst place (the most rostral of equals).
        for side in Side::BOTH {
            let worst =
                parts.iter().filter(|(_, s, _)| *s == side).fold(None, |best: Option<&(Part, Side, f64)>, p| {
                    if best.is_none_or(|b| p.2 > b.2) { Some(p) } else { best }
                });
            if let Some((part, side, _)) = worst {
                let (x, y, anchor) = outline::number_at(*part, *side);
                let entry = numbers.entry((x.round() as i64, y.round() as i64)).or_insert((anchor, Vec::new()));
                entry.1.push(i + 1);
            }
        }
    }
    let mut drawing = Drawing::new(WIDTH);
    drawing.definitions(HATCHES);
    frame(&mut drawing);
    for part in every_part() {
        for side in Side::BOTH {
            let of = severity.get(&(part, side)).copied().unwrap_or(0.0);
            for shape in outline::shapes(part, side) {
                shape_of(&mut drawing, &shape, part, of);
            }
        }
    }
    for ((x, y), (anchor, list)) in &numbers {
        let text: Vec<String> = list.iter().map(usize::to_string).collect();
        drawing.text((*x as f64, *y as f64), *anchor, "nr", &text.join(","));
    }
    legend(&mut drawing);
    let described: Vec<String> = lesions
        .iter()
        .enumerate()
        .map(|(i, l)| format!("{}: {}, {}, severity {:.2}", i + 1, l.site.replace('_', " "), l.place, l.severity))
        .collect();
    let description = if described.is_empty() {
        "No lesion: every structure is healthy.".to_owned()
    } else {
        format!("Seen from the front, the patient's right at the left. {}.", described.join("; "))
    };
    drawing.finish("person", "Map of the lesions", &description, HEIGHT)
}

/// Every structure, deepest first.
fn every_part() -> Vec<Part> {
    let mut parts = vec![Part::Chest, Part::Face];
    parts.extend(Region::ALL.map(Part::Muscle));
    parts.extend([Part::Phrenic, Part::Plexus(true), Part::Plexus(false)]);
    parts.extend(Region::ALL.map(Part::Nerve));
    parts.extend(Region::ALL.map(Part::Junction));
    parts.extend([
        Part::Hemisphere,
        Part::Cortex,
        Part::Cerebellum,
        Part::Vermis,
        Part::Brainstem,
        Part::Striatum,
        Part::Thalamus,
        Part::Nigra,
        Part::CranialNuclei,
        Part::Tract,
    ]);
    for (at, _) in segments() {
        parts.extend([
            Part::CordTract(at),
            Part::Horn(at),
            Part::VentralRoot(at),
            Part::DorsalRoot(at),
            Part::Ganglion(at),
        ]);
    }
    parts
}

fn shape_of(drawing: &mut Drawing, shape: &Shape, part: Part, severity: f64) {
    let injured = severity > 0.0;
    let filled = if injured { format!("s{}", step(severity)) } else { "n".to_owned() };
    match shape {
        Shape::Area(d) => drawing.path(d, &filled),
        Shape::Ellipse(at, radii, turn) => drawing.ellipse(*at, *radii, *turn, &filled),
        Shape::Box(at, size) => drawing.rectangle(*at, *size, &filled),
        Shape::Line(d) if injured => {
            drawing.path(d, "ku");
            drawing.path(d, &format!("k{}", step(severity)));
        }
        Shape::Line(d) => drawing.path(d, if part == Part::Tract { "nt" } else { "nl" }),
    }
}

/// Silhouette, names, leader lines.
fn frame(drawing: &mut Drawing) {
    drawing.path(&outline::silhouette(), "o");
    drawing.text((58.0, 82.0), Anchor::Middle, "rl", "R");
    drawing.text((262.0, 82.0), Anchor::Middle, "rl", "L");
    drawing.text((58.0, 96.0), Anchor::Middle, "l", "patient's right");
    drawing.text((262.0, 96.0), Anchor::Middle, "l", "patient's left");
    for (from, to) in outline::leaders() {
        drawing.line(from, to, "ld");
    }
    for (at, anchor, text) in outline::names() {
        drawing.text(at, anchor, "l", text);
    }
}

fn legend(drawing: &mut Drawing) {
    let y = 668.0;
    drawing.text((14.0, y + 10.0), Anchor::Start, "l", "severity");
    for (i, (_, text)) in STEPS.iter().enumerate() {
        let x = 66.0 + 106.0 * i as f64;
        drawing.rectangle((x, y), (22.0, 13.0), &format!("s{}", i + 1));
        drawing.text((x + 27.0, y + 10.0), Anchor::Start, "l", text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(site: &str, side: &str, severity: f64) -> LesionLine {
        LesionLine {
            site: site.to_owned(),
            mechanism: "m".to_owned(),
            severity,
            place: "<both>".to_owned(),
            side: side.to_owned(),
            meaning: String::new(),
            source: String::new(),
        }
    }

    #[test]
    fn a_healthy_person_has_no_injured_structure() {
        let svg = person(&[]);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let injured = document
            .descendants()
            .filter(|n| n.attribute("class").is_some_and(|c| c.starts_with('s') || c.starts_with('k')));
        // The four of the legend.
        assert_eq!(injured.count(), 4);
        assert!(!svg.contains("class=\"nr\""));
    }

    #[test]
    fn severity_steps_cover_the_range() {
        assert_eq!([0.01, 0.25, 0.3, 0.6, 0.9, 1.0, 7.0].map(step), [1, 1, 2, 3, 4, 4, 4]);
    }

    #[test]
    fn every_site_that_is_drawn_is_numbered() {
        let sites = [
            "motor_cortex",
            "striatum",
            "substantia_nigra",
            "cerebellar_hemisphere",
            "cerebellar_vermis",
            "brainstem_pons",
            "cranial_nuclei",
            "spinal_cord",
            "anterior_horn",
            "ventral_root",
            "dorsal_root",
            "dorsal_root_ganglion",
            "plexus",
            "peripheral_nerve",
            "junction",
            "muscle",
            "respiratory_muscle",
            "phrenic_nerve",
            "corticospinal_tract",
            "brain_diffuse",
            "cranial_muscle",
            "tremor_oscillator",
        ];
        for site in sites {
            let svg = person(&[line(site, "left", 0.9)]);
            let document = roxmltree::Document::parse(&svg).unwrap();
            let with = |class: &str| document.descendants().filter(|n| n.attribute("class") == Some(class)).count();
            assert!(with("s4") + with("k4") > 1, "{site}");
            assert_eq!(with("nr"), 1, "{site}");
        }
    }
}
