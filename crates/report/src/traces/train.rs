//! Repetitive stimulation: the responses of the train side by side, the height of the first one drawn through.

use crate::axis::{Panel, extremes, round_down, scale};
use crate::svg::{Anchor, Drawing};
use crate::traces::conduction::least;
use crate::traces::{HEALTHY, PATIENT, Pair, RIGHT, Sketch, WIDTH, rate_hz, sweeps};

/// Time shown of each response: a surface response of limb muscle and its repolarisation, s.
const SHOWN_S: f64 = 0.030;
/// Height of a row, px.
const ROW_PX: f64 = 120.0;

/// The responses of one person.
struct Row<'a> {
    responses: Vec<&'a [f64]>,
    rate_hz: f64,
    title: &'static str,
    class: &'static str,
}

impl Row<'_> {
    fn lengths_s(&self) -> impl Iterator<Item = f64> + '_ {
        self.responses.iter().filter(|_| self.rate_hz > 0.0).map(|r| r.len() as f64 / self.rate_hz)
    }

    /// The part of a response between two times.
    fn part<'r>(&self, response: &'r [f64], from_s: f64, to_s: f64) -> &'r [f64] {
        let index = |t: f64| ((t * self.rate_hz).round().max(0.0) as usize).min(response.len());
        &response[index(from_s)..index(to_s).max(index(from_s))]
    }
}

/// The first train with the patient above and the healthy below, at one gain; those that follow it side by side, the patient's.
pub(super) fn staggered(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    let following = pairs.get(1..).filter(|rest| !rest.is_empty()).map(trains_after);
    pairs.first().map(train).into_iter().chain(following).collect()
}

/// Trains after effort: one column each, at the gain of the largest.
fn trains_after(pairs: &[Pair<'_>]) -> Sketch {
    let columns: Vec<(Row<'_>, &str)> = pairs
        .iter()
        .map(|p| {
            let row = Row { responses: sweeps(p.patient), rate_hz: rate_hz(p.patient), title: "", class: PATIENT };
            // The title ends with when the train was given.
            (row, p.patient.title.rsplit(", ").next().unwrap_or_default())
        })
        .collect();
    let unit = pairs[0].patient.channels.first().map_or("mV", |c| c.unit.as_str());
    let all = columns.iter().flat_map(|(row, _)| row.responses.iter().map(|r| row.part(r, 0.001, SHOWN_S)));
    let value = scale(extremes(all), least(unit), true);
    let mut drawing = Drawing::new(WIDTH);
    let width = (WIDTH - 8.0 - RIGHT) / columns.len() as f64;
    let y = 22.0;
    let whole = Panel { x: 8.0, y, width: WIDTH - 8.0 - RIGHT, height: ROW_PX, time_s: (0.0, 1.0), value };
    for (c, (row, when)) in columns.iter().enumerate() {
        let x = 8.0 + c as f64 * width;
        drawing.text((x, y - 7.0), Anchor::Start, "l", when);
        let each = 0.9 * width / row.responses.len().max(1) as f64;
        for (i, response) in row.responses.iter().enumerate() {
            let panel = Panel { x: x + i as f64 * each, width: 0.94 * each, time_s: (0.001, 0.001 + SHOWN_S), ..whole };
            panel.curve(&mut drawing, response, row.rate_hz, row.class);
        }
    }
    whole.value_bar(&mut drawing, unit, 0.4);
    Sketch {
        drawing,
        height: y + ROW_PX + 18.0,
        title: "after effort".to_owned(),
        caption: "The patient's trains after effort, in their order, at one gain, negative up.".to_owned(),
    }
}

fn train(pair: &Pair<'_>) -> Sketch {
    let start_s = (pair.mark_s().unwrap_or(0.0) - 0.001).max(0.0);
    let rows: Vec<Row<'_>> =
        [(Some(pair.patient), "patient", PATIENT), (pair.healthy, "healthy, same person", HEALTHY)]
            .into_iter()
            .filter_map(|(recording, title, class)| {
                recording.map(|r| Row { responses: sweeps(r), rate_hz: rate_hz(r), title, class })
            })
            .collect();
    let longest = rows.iter().flat_map(Row::lengths_s).fold(1e-3, f64::max);
    let end_s = if longest > start_s { (start_s + SHOWN_S).min(longest) } else { start_s + SHOWN_S };
    let unit = pair.patient.channels.first().map_or("mV", |c| c.unit.as_str());
    let range = extremes(rows.iter().flat_map(|row| row.responses.iter().map(|r| row.part(r, start_s, end_s))));
    let value = scale(range, least(unit), true);
    let mut drawing = Drawing::new(WIDTH);
    let mut y = 22.0;
    for trained in &rows {
        let Row { responses, rate_hz, title, class } = trained;
        let count = responses.len().max(1);
        let width = (WIDTH - 8.0 - RIGHT) / count as f64;
        drawing.text((8.0, y - 7.0), Anchor::Start, "t", title);
        let row = Panel { x: 8.0, y, width: WIDTH - 8.0 - RIGHT, height: ROW_PX, time_s: (0.0, 1.0), value };
        let first = responses.first().map(|r| trained.part(r, start_s, end_s));
        if let Some((peak, _)) = extremes(first).filter(|(peak, _)| *peak < 0.0) {
            let at = row.y_px(peak);
            drawing.line((row.x, at), (row.x + row.width, at), "d");
        }
        for (i, response) in responses.iter().enumerate() {
            let panel = Panel { x: 8.0 + i as f64 * width, width: 0.94 * width, time_s: (start_s, end_s), ..row };
            panel.curve(&mut drawing, response, *rate_hz, class);
            if count <= 20 {
                drawing.text((panel.x + 0.3 * width, y + ROW_PX + 12.0), Anchor::Middle, "l", &(i + 1).to_string());
            }
        }
        row.value_bar(&mut drawing, unit, 0.4);
        y += ROW_PX + 42.0;
    }
    // Time runs within each response only.
    let count = rows.first().map_or(1, |row| row.responses.len().max(1)) as f64;
    let px_per_s = 0.94 * (WIDTH - 8.0 - RIGHT) / count / (end_s - start_s);
    let bar_s = round_down(0.9 * (end_s - start_s) / 2.0);
    let right = WIDTH - RIGHT;
    drawing.line((right - bar_s * px_per_s, y - 14.0), (right, y - 14.0), "b");
    drawing.text((right + 8.0, y - 10.0), Anchor::Start, "l", &format!("{} ms", crate::axis::tick_text(bar_s * 1e3)));
    Sketch {
        drawing,
        height: y,
        title: pair.patient.title.clone(),
        caption: format!(
            "{}: responses in the order of the stimuli, negative up; dashed: height of the first.",
            pair.patient.title
        ),
    }
}
