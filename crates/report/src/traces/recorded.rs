//! A recording as it was brought in: its signals, what was found in them, and the numbers worth a look.

use tonus_signal::{Annotation, Channel, Recording, Series};

use super::{Drawn, LEFT, PATIENT, RIGHT, Sketch, WIDTH, duration_s, is_electrical, time_label, time_unit, window};
use crate::axis::{Panel, extremes, scale, tick_text, ticks};
use crate::svg::{Anchor, Drawing};
use crate::words;

/// Signals drawn of one recording; a grid has too many to be told apart.
const MOST_ROWS: usize = 6;
/// Height of a signal's row and of a plot, px.
const ROW_PX: f64 = 74.0;
const PLOT_PX: f64 = 190.0;
/// Longest stretch in which single potentials can be seen, s.
const CLOSE_S: f64 = 0.5;
/// Units drawn in a raster, and the height of each, px.
const MOST_UNITS: usize = 40;
const UNIT_PX: f64 = 11.0;

/// Numbers drawn against each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Plotted {
    /// What it shows.
    pub title: String,
    /// Words along and upwards, with their units.
    pub axes: (String, String),
    /// Points.
    pub points: Vec<(f64, f64)>,
    /// Whether they make a line.
    pub joined: bool,
}

/// Everything of a recording that is drawn; `id` is unique on the page.
pub(crate) fn drawings(
    recording: &Recording,
    events: &[Annotation],
    plots: &[Plotted],
    title: &str,
    id: &str,
) -> Vec<Drawn> {
    let mut sketches = Vec::new();
    sketches.extend(signals(recording, None, "whole"));
    if recording.channels.first().is_some_and(|c| is_electrical(c) && duration_s(c) > 2.0 * CLOSE_S) {
        let start_s = liveliest_s(&recording.channels[0]);
        sketches.extend(signals(recording, Some((start_s, start_s + CLOSE_S)), "half a second"));
    }
    sketches.extend(series(recording));
    sketches.extend(raster(events, recording.duration_s()));
    sketches.extend(plots.iter().filter_map(plot));
    sketches
        .into_iter()
        .enumerate()
        .map(|(i, sketch)| Drawn {
            svg: sketch.drawing.finish(
                &format!("{id}-{i}"),
                &format!("{title}: {}", sketch.title),
                &sketch.caption,
                sketch.height,
            ),
            caption: sketch.caption,
        })
        .collect()
}

/// Start of the half second with the largest deflection, s.
fn liveliest_s(channel: &Channel) -> f64 {
    let steps = ((duration_s(channel) - CLOSE_S) / CLOSE_S).floor().max(0.0) as usize;
    let swing = |step: usize| {
        let start = CLOSE_S * step as f64;
        extremes([window(channel, start, start + CLOSE_S)]).map_or(0.0, |(low, high)| high - low)
    };
    // Of a steady effort the first is as good as any.
    (0..=steps).rev().max_by(|a, b| swing(*a).total_cmp(&swing(*b))).unwrap_or(0) as f64 * CLOSE_S
}

fn signals(recording: &Recording, part_s: Option<(f64, f64)>, what: &str) -> Option<Sketch> {
    let shown: Vec<&Channel> = recording.channels.iter().filter(|c| !c.samples.is_empty()).take(MOST_ROWS).collect();
    let longest = shown.iter().map(|c| duration_s(c)).fold(0.0, f64::max);
    if shown.is_empty() || longest <= 0.0 {
        return None;
    }
    let time_s = part_s.unwrap_or((0.0, longest));
    let unit = time_unit(time_s.1 - time_s.0);
    let mut drawing = Drawing::new(WIDTH);
    let mut y = 18.0;
    for (k, channel) in shown.iter().enumerate() {
        let range = extremes([window(channel, time_s.0, time_s.1)]);
        let value = scale(range, 1e-9, is_electrical(channel));
        let panel = Panel { x: LEFT, y, width: WIDTH - LEFT - RIGHT, height: ROW_PX, time_s, value };
        drawing.text((LEFT + 14.0, y - 5.0), Anchor::Start, "t", &channel.label);
        panel.value_axis(&mut drawing, &channel.unit);
        let marks =
            recording.annotations.iter().filter(|a| a.duration_s == 0.0 && (time_s.0..=time_s.1).contains(&a.onset_s));
        if marks.clone().count() <= 60 && recording.annotations.iter().any(tonus_signal::Annotation::begins_sweep) {
            marks.for_each(|a| panel.mark(&mut drawing, a.onset_s));
        }
        panel.curve_within(&mut drawing, &channel.samples, channel.rate_hz, PATIENT);
        if k + 1 == shown.len() {
            panel.time_axis(&mut drawing, 0.0, unit, &time_label(unit, None));
        }
        y += ROW_PX + 26.0;
    }
    let count = recording.channels.len();
    let of = if count > shown.len() { format!("{} of {count} channels, ", shown.len()) } else { String::new() };
    let up = if is_electrical(shown[0]) { ", negative up" } else { "" };
    Some(Sketch {
        drawing,
        height: y + 12.0,
        title: what.to_owned(),
        caption: format!("The recording, {of}{what}{up}."),
    })
}

fn series(recording: &Recording) -> Option<Sketch> {
    let shown: Vec<&Series> = recording.series.iter().filter(|s| s.values.len() > 1).take(3).collect();
    let end_s = shown.iter().filter_map(|s| s.times_s.last().copied()).fold(0.0, f64::max);
    if shown.is_empty() || end_s <= 0.0 {
        return None;
    }
    let time_s = (0.0, end_s);
    let unit = time_unit(end_s);
    let mut drawing = Drawing::new(WIDTH);
    let mut y = 18.0;
    for (k, series) in shown.iter().enumerate() {
        let value = scale(extremes([series.values.as_slice()]), 1e-9, false);
        let panel = Panel { x: LEFT, y, width: WIDTH - LEFT - RIGHT, height: ROW_PX, time_s, value };
        drawing.text((LEFT + 14.0, y - 5.0), Anchor::Start, "t", &series.label);
        panel.value_axis(&mut drawing, &series.unit);
        let points: Vec<(f64, f64)> =
            series.times_s.iter().zip(&series.values).map(|(t, x)| (panel.x_px(*t), panel.y_px(*x))).collect();
        drawing.path(&crate::curve::path(&points), PATIENT);
        if k + 1 == shown.len() {
            panel.time_axis(&mut drawing, 0.0, unit, &time_label(unit, None));
        }
        y += ROW_PX + 26.0;
    }
    let caption = format!("The recording, {} of {} series, at their own times.", shown.len(), recording.series.len());
    Some(Sketch { drawing, height: y + 12.0, title: "series".to_owned(), caption })
}

/// Discharges of each unit over time.
fn raster(events: &[Annotation], duration: f64) -> Option<Sketch> {
    let mut units: Vec<(&str, Vec<f64>)> = Vec::new();
    for event in events.iter().filter(|e| e.text.starts_with("unit ")) {
        match units.iter_mut().find(|(name, _)| *name == event.text) {
            Some((_, times)) => times.push(event.onset_s),
            None => units.push((&event.text, vec![event.onset_s])),
        }
    }
    if units.is_empty() || duration <= 0.0 {
        return None;
    }
    let found = units.len();
    units.truncate(MOST_UNITS);
    let mut drawing = Drawing::new(WIDTH);
    let height = UNIT_PX * units.len() as f64;
    let panel =
        Panel { x: LEFT, y: 10.0, width: WIDTH - LEFT - RIGHT, height, time_s: (0.0, duration), value: (0.0, 1.0) };
    for (k, (name, times)) in units.iter().enumerate() {
        let y = panel.y + UNIT_PX * k as f64;
        drawing.text((LEFT - 6.0, y + UNIT_PX - 2.0), Anchor::End, "l", name.trim_start_matches("unit "));
        let ticks: String = times
            .iter()
            .map(|t| {
                let x = crate::svg::coordinate(panel.x_px(*t));
                format!("M{x} {}V{}", crate::svg::coordinate(y + 1.5), crate::svg::coordinate(y + UNIT_PX - 1.5))
            })
            .collect();
        drawing.path(&ticks, PATIENT);
        let count = times.len();
        drawing.text((panel.x + panel.width + 6.0, y + UNIT_PX - 2.0), Anchor::Start, "l", &format!("{count}"));
    }
    let unit = time_unit(duration);
    panel.time_axis(&mut drawing, 0.0, unit, &time_label(unit, None));
    let of = if found > units.len() { format!(" (first {} of {found})", units.len()) } else { String::new() };
    Some(Sketch {
        drawing,
        height: panel.y + height + 36.0,
        title: "discharges".to_owned(),
        caption: format!("Discharges of the units found{of}; at the right how many."),
    })
}

fn plot(plot: &Plotted) -> Option<Sketch> {
    let points: Vec<(f64, f64)> = plot.points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    let along: Vec<f64> = points.iter().map(|p| p.0).collect();
    let upward: Vec<f64> = points.iter().map(|p| p.1).collect();
    let (low, high) = extremes([along.as_slice()])?;
    let room = 0.04 * (high - low).max(1e-9);
    let (low, high) = (low - room, high + room);
    let value = scale(extremes([upward.as_slice()]), 1e-9, false);
    let mut drawing = Drawing::new(WIDTH);
    let panel = Panel {
        x: LEFT + 10.0,
        y: 22.0,
        width: WIDTH - LEFT - RIGHT - 10.0,
        height: PLOT_PX,
        time_s: (low, high),
        value,
    };
    drawing.text((LEFT, 12.0), Anchor::Start, "t", &plot.axes.1);
    panel.value_axis(&mut drawing, "");
    let bottom = panel.y + panel.height;
    drawing.line((panel.x, bottom), (panel.x + panel.width, bottom), "a");
    for tick in ticks(low, high, 8) {
        let x = panel.x_px(tick);
        drawing.line((x, bottom), (x, bottom + 4.0), "a");
        drawing.text((x, bottom + 15.0), Anchor::Middle, "l", &tick_text(tick));
    }
    drawing.text((panel.x + panel.width, bottom + 28.0), Anchor::End, "l", &plot.axes.0);
    let places: Vec<(f64, f64)> = points.iter().map(|(x, y)| (panel.x_px(*x), panel.y_px(*y))).collect();
    if plot.joined {
        drawing.path(&crate::curve::path(&places), PATIENT);
    } else {
        for place in places {
            drawing.ellipse(place, (2.0, 2.0), 0.0, "dot");
        }
    }
    let caption = format!("{}.", words::capitalised(&plot.title));
    Some(Sketch { drawing, height: bottom + 34.0, title: plot.title.clone(), caption })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_drawn_and_nothing_breaks() {
        let mut recording =
            Recording::titled("<x>").with_channel("a & b", "uV", 1_000.0, (0..3_000).map(f64::from).collect());
        recording.series.push(Series {
            label: "s".into(),
            unit: "s".into(),
            times_s: vec![0.0, 1.0, 5.0],
            values: vec![1.0, 2.0, 1.0],
        });
        let events: Vec<Annotation> = (0..90)
            .map(|k| Annotation { onset_s: 0.03 * f64::from(k), duration_s: 0.0, text: format!("unit {}", k % 3) })
            .collect();
        let plotted = |points: Vec<(f64, f64)>, joined| Plotted {
            title: "t".into(),
            axes: ("x".into(), "y".into()),
            points,
            joined,
        };
        let plots = [
            plotted(vec![(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0)], true),
            plotted(vec![], false),
            plotted(vec![(1.0, 1.0)], false),
        ];
        let drawn = drawings(&recording, &events, &plots, "t", "i");
        assert_eq!(drawn.len(), 6);
        for d in drawn {
            assert!(roxmltree::Document::parse(&d.svg).is_ok() && !d.svg.contains("NaN"), "{}", d.svg);
        }
        assert!(drawings(&Recording::titled(""), &[], &[], "t", "i").is_empty());
    }
}
