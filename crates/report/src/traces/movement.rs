//! Bedside traces: torque, angle, acceleration and surface EMG against time.

use tonus_signal::Channel;

use crate::axis::{Panel, extremes, scale};
use crate::svg::{Anchor, Drawing};
use crate::traces::conduction::least;
use crate::traces::{
    HEALTHY, LEFT, PATIENT, Pair, Sketch, WIDTH, duration_s, is_electrical, key, time_label, time_unit, window,
};

/// Height of a mechanical trace and of an EMG trace, px.
const TRACE_PX: f64 = 120.0;
const EMG_PX: f64 = 74.0;
/// Longest stretch shown, s.
const LONGEST_S: f64 = 12.0;
/// Longest stretch of an oscillation: fifty cycles of 5 Hz are no longer told apart.
const OSCILLATION_S: f64 = 6.0;
/// Most channels of one recording that are drawn.
const MOST: usize = 8;

/// Every channel against time: mechanical ones over the healthy one, EMG in a row of its own each.
pub(super) fn rows(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    pairs.iter().map(|pair| against_time(pair, LONGEST_S, false)).collect()
}

/// Every channel in a row of its own, for oscillations that would hide each other.
pub(super) fn separate_rows(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    pairs.iter().map(|pair| against_time(pair, OSCILLATION_S, true)).collect()
}

fn against_time(pair: &Pair<'_>, longest_s: f64, separate: bool) -> Sketch {
    let shown_s = pair.channels().map(|(c, _)| duration_s(c)).fold(1e-3, f64::max).min(longest_s);
    let unit = time_unit(shown_s);
    let mut drawing = Drawing::new(WIDTH);
    let mut y = 34.0;
    let mut electrical = false;
    let mut last: Option<Panel> = None;
    for (patient, healthy) in pair.channels().filter(|(c, _)| !c.samples.is_empty()).take(MOST) {
        let emg = is_electrical(patient);
        electrical |= emg;
        let range = extremes([Some(patient), healthy].into_iter().flatten().map(|c| window(c, 0.0, shown_s)));
        let value = scale(range, least(&patient.unit), emg);
        let height = if emg || separate { EMG_PX } else { TRACE_PX };
        let lines: Vec<Vec<(&Channel, &str)>> = match healthy {
            Some(h) if emg || separate => vec![vec![(patient, PATIENT)], vec![(h, HEALTHY)]],
            Some(h) => vec![vec![(h, HEALTHY), (patient, PATIENT)]],
            None => vec![vec![(patient, PATIENT)]],
        };
        drawing.text((LEFT + 6.0, y - 6.0), Anchor::Start, "t", &patient.label);
        for (i, row) in lines.into_iter().enumerate() {
            let panel = Panel { x: LEFT, y, width: WIDTH - LEFT - 12.0, height, time_s: (0.0, shown_s), value };
            panel.value_axis(&mut drawing, if i == 0 { &patient.unit } else { "" });
            panel.time_grid(&mut drawing, 0.0, unit, false);
            for mark in &pair.patient.annotations {
                panel.mark(&mut drawing, mark.onset_s);
            }
            for (channel, class) in row {
                panel.curve(&mut drawing, &channel.samples, channel.rate_hz, class);
            }
            y += height + 16.0;
            last = Some(panel);
        }
        y += 18.0;
    }
    if let Some(panel) = last {
        panel.time_axis(&mut drawing, 0.0, unit, &time_label(unit, None));
    }
    key(&mut drawing, 12.0, pair.healthy.is_some());
    let cut = if pair.channels().any(|(c, _)| duration_s(c) > shown_s + 1e-6) {
        format!(" First {shown_s:.0} s.")
    } else {
        String::new()
    };
    let up = if electrical { " EMG negative up." } else { "" };
    Sketch {
        drawing,
        height: y + 10.0,
        title: pair.patient.title.clone(),
        caption: format!("{}.{cut}{up}", pair.patient.title),
    }
}

/// Recordings side by side, channels below each other; each row has one scale.
pub(super) fn columns(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    let Some(rows) = pairs.iter().map(|p| p.patient.channels.len().min(MOST)).max() else { return Vec::new() };
    let mut drawing = Drawing::new(WIDTH);
    let gap = 38.0;
    let count = pairs.len() as f64;
    let width = (WIDTH - LEFT - 8.0 - gap * (count - 1.0)) / count;
    let x = |column: usize| LEFT + column as f64 * (width + gap);
    for (column, pair) in pairs.iter().enumerate() {
        drawing.text((x(column), 34.0), Anchor::Start, "t", &pair.patient.title);
    }
    key(&mut drawing, 12.0, pairs.iter().any(|p| p.healthy.is_some()));
    let mut y = 58.0;
    let mut electrical = false;
    for row in 0..rows {
        let channels: Vec<_> = pairs.iter().map(|p| p.channel(row)).collect();
        let Some((first, _)) = channels.iter().flatten().next() else { continue };
        let emg = is_electrical(first);
        electrical |= emg;
        let all = channels.iter().flatten().flat_map(|(p, h)| [Some(*p), *h]).flatten();
        let value = scale(extremes(all.map(|c| c.samples.as_slice())), least(&first.unit), emg);
        let height = if emg { EMG_PX } else { 0.8 * TRACE_PX };
        for (column, (pair, channel)) in pairs.iter().zip(&channels).enumerate() {
            let Some((patient, healthy)) = channel else { continue };
            let shown_s = pair.channels().map(|(c, _)| duration_s(c)).fold(1e-3, f64::max);
            let zero_s = pair.mark_s().unwrap_or(0.0);
            let panel = Panel { x: x(column), y, width, height, time_s: (0.0, shown_s), value };
            panel.value_axis(&mut drawing, &patient.unit);
            drawing.text((panel.x + panel.width, y - 6.0), Anchor::End, "l", &patient.label);
            let unit = time_unit(shown_s);
            if row + 1 == rows {
                let mark = pair.patient.annotations.first().map(|a| a.text.as_str());
                panel.time_axis(&mut drawing, zero_s, unit, &time_label(unit, mark));
            } else {
                panel.time_grid(&mut drawing, zero_s, unit, false);
            }
            if pair.mark_s().is_some() {
                panel.mark(&mut drawing, zero_s);
            }
            for (line, class) in [(*healthy, HEALTHY), (Some(*patient), PATIENT)] {
                if let Some(line) = line {
                    panel.curve(&mut drawing, &line.samples, line.rate_hz, class);
                }
            }
        }
        y += height + 30.0;
    }
    let titles: Vec<_> = pairs.iter().map(|p| p.patient.title.to_lowercase()).collect();
    let up = if electrical { " EMG negative up." } else { "" };
    vec![Sketch {
        drawing,
        height: y + 10.0,
        title: titles.join(", "),
        caption: format!(
            "{}; ▼ start. The same scale in each row.{up}",
            crate::words::capitalised(&titles.join(" and "))
        ),
    }]
}

/// Shown before and after each mark: EMG and movement, s.
const EMG_S: (f64, f64) = (0.02, 0.15);
const MOVEMENT_S: (f64, f64) = (0.2, 1.8);

/// Responses to each mark superimposed: EMG sweeps at the left, movement at the right.
pub(super) fn triggered(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    pairs
        .iter()
        .map(|pair| if pair.mark_s().is_some() { about_marks(pair) } else { against_time(pair, LONGEST_S, false) })
        .collect()
}

fn about_marks(pair: &Pair<'_>) -> Sketch {
    let marks: Vec<f64> = pair.patient.annotations.iter().map(|a| a.onset_s).collect();
    let name = pair.patient.annotations.first().map_or("mark", |a| a.text.as_str());
    let channels: Vec<_> = pair.channels().filter(|(c, _)| !c.samples.is_empty()).take(3).collect();
    let gap = 44.0;
    let count = channels.len().max(1) as f64;
    let width = (WIDTH - LEFT - 8.0 - gap * (count - 1.0)) / count;
    let mut drawing = Drawing::new(WIDTH);
    let y = 40.0;
    for (column, (patient, healthy)) in channels.iter().enumerate() {
        let emg = is_electrical(patient);
        let (before, after) = if emg { EMG_S } else { MOVEMENT_S };
        let about = |c: &Channel| marks.iter().map(|m| window(c, m - before, m + after).to_vec()).collect::<Vec<_>>();
        let all: Vec<Vec<f64>> = [Some(*patient), *healthy].into_iter().flatten().flat_map(about).collect();
        let value =
            scale(extremes(all.iter().map(Vec::as_slice)), if emg { 0.2 * least(&patient.unit) } else { 4.0 }, emg);
        let panel = Panel {
            x: LEFT + column as f64 * (width + gap),
            y,
            width,
            height: 1.3 * TRACE_PX,
            time_s: (-before, after),
            value,
        };
        panel.value_axis(&mut drawing, &patient.unit);
        let unit = time_unit(after + before);
        panel.time_axis(&mut drawing, 0.0, unit, &time_label(unit, Some(name)));
        panel.mark(&mut drawing, 0.0);
        drawing.text((panel.x + panel.width, y - 6.0), Anchor::End, "t", &patient.label);
        for (line, class) in [(*healthy, HEALTHY), (Some(*patient), PATIENT)] {
            let Some(line) = line else { continue };
            for mark in &marks {
                panel.shifted_curve(&mut drawing, &line.samples, line.rate_hz, -mark, class);
            }
        }
    }
    key(&mut drawing, 12.0, pair.healthy.is_some());
    let up = if channels.iter().any(|(c, _)| is_electrical(c)) { " EMG negative up." } else { "" };
    Sketch {
        drawing,
        height: y + 1.3 * TRACE_PX + 36.0,
        title: pair.patient.title.clone(),
        caption: format!("{}: {} {name}s superimposed; ▼ {name}.{up}", pair.patient.title, marks.len()),
    }
}
