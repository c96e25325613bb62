//! Conduction studies: responses stacked by site of stimulation, late responses as a raster at higher gain.

use crate::axis::{Panel, TimeUnit, extremes, scale};
use crate::svg::{Anchor, Drawing};
use crate::traces::{HEALTHY, PATIENT, Pair, RIGHT, Sketch, WIDTH, duration_s, key, time_label};

/// Height of one stacked sweep, px.
const SWEEP_PX: f64 = 92.0;
/// Distance between sweeps of a raster, px.
const RASTER_PX: f64 = 15.0;
/// Smallest full scale: below it only noise would be magnified, in mV and in uV.
const LEAST: [(&str, f64); 2] = [("mV", 0.5), ("uV", 5.0)];

/// One drawing per recording.
pub(super) fn sweeps(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    pairs.iter().map(|pair| if super::sweeps(pair.patient).len() > 1 { raster(pair) } else { stack(pair) }).collect()
}

pub(super) fn least(unit: &str) -> f64 {
    LEAST.iter().find(|(u, _)| *u == unit).map_or(0.0, |(_, x)| *x)
}

/// When the last sizeable deflection of any channel is over, s: what follows is baseline.
fn active_s(pair: &Pair<'_>) -> f64 {
    let mut end = 0.0_f64;
    for (patient, healthy) in pair.channels() {
        for channel in [Some(patient), healthy].into_iter().flatten().filter(|c| c.rate_hz > 0.0) {
            let largest = channel.samples.iter().filter(|x| x.is_finite()).fold(0.0_f64, |m, x| m.max(x.abs()));
            let limit = (0.08 * largest).max(0.2 * least(&channel.unit));
            if let Some(last) = channel.samples.iter().rposition(|x| x.abs() > limit) {
                end = end.max(last as f64 / channel.rate_hz);
            }
        }
    }
    end
}

fn stack(pair: &Pair<'_>) -> Sketch {
    let zero_s = pair.mark_s().unwrap_or(0.0);
    let longest = pair.channels().map(|(c, _)| duration_s(c)).fold(1e-3, f64::max);
    let shown_s = (active_s(pair) + 0.004).max(zero_s + 0.010).min(longest);
    let range = extremes(pair.channels().flat_map(|(p, h)| [Some(p), h]).flatten().map(|c| c.samples.as_slice()));
    let unit = pair.patient.channels.first().map_or("mV", |c| c.unit.as_str());
    let value = scale(range, least(unit), true);
    let mut drawing = Drawing::new(WIDTH);
    let top = 26.0;
    let sweep_px = if pair.patient.channels.len() == 1 { 150.0 } else { SWEEP_PX };
    let count = pair.patient.channels.len().max(1);
    let panel = |row: usize| Panel {
        x: 12.0,
        y: top + row as f64 * sweep_px,
        width: WIDTH - 12.0 - RIGHT,
        height: sweep_px - 4.0,
        time_s: (0.0, shown_s),
        value,
    };
    let whole = Panel { height: count as f64 * sweep_px - 4.0, ..panel(0) };
    whole.time_axis(
        &mut drawing,
        zero_s,
        TimeUnit::Milliseconds,
        &time_label(TimeUnit::Milliseconds, pair.mark_s().map(|_| "stimulus")),
    );
    if pair.mark_s().is_some() {
        whole.mark(&mut drawing, zero_s);
    }
    for (row, (patient, healthy)) in pair.channels().enumerate() {
        let panel = panel(row);
        if let Some(h) = healthy {
            panel.curve(&mut drawing, &h.samples, h.rate_hz, HEALTHY);
        }
        panel.curve(&mut drawing, &patient.samples, patient.rate_hz, PATIENT);
        let right = panel.x + panel.width;
        drawing.text((right - 4.0, panel.y + 13.0), Anchor::End, "t", &patient.label);
        if row == 0 {
            panel.value_bar(&mut drawing, unit, 0.5);
        }
    }
    key(&mut drawing, 11.0, pair.healthy.is_some());
    Sketch {
        drawing,
        height: whole.y + whole.height + 34.0,
        title: pair.patient.title.clone(),
        caption: format!(
            "{}. Negative up{}; ▼ stimulus.",
            pair.patient.title,
            if count > 1 { ", one gain for all sweeps" } else { "" }
        ),
    }
}

/// Median of each sample over the sweeps: what every sweep has in common.
fn common(sweeps: &[&[f64]]) -> Vec<f64> {
    let length = sweeps.iter().map(|s| s.len()).min().unwrap_or(0);
    let mut column = Vec::with_capacity(sweeps.len());
    (0..length)
        .map(|i| {
            column.clear();
            column.extend(sweeps.iter().map(|s| s[i]));
            column.sort_by(f64::total_cmp);
            column.get(column.len() / 2).copied().unwrap_or(0.0)
        })
        .collect()
}

/// Largest deflection that a sweep does not share with the others.
fn late_amplitude(sweeps: &[&[f64]]) -> f64 {
    let common = common(sweeps);
    let own = sweeps.iter().flat_map(|s| s.iter().zip(&common).map(|(x, c)| (x - c).abs()));
    own.filter(|x| x.is_finite()).fold(0.0, f64::max)
}

/// Sweeps one below the other, patient left, healthy right, without the part of the direct response that exceeds the gain.
fn raster(pair: &Pair<'_>) -> Sketch {
    let zero_s = pair.mark_s().unwrap_or(0.0);
    let unit = pair.patient.channels.first().map_or("mV", |c| c.unit.as_str());
    let sides: Vec<_> = [(Some(pair.patient), "patient", PATIENT), (pair.healthy, "healthy, same person", HEALTHY)]
        .into_iter()
        .filter_map(|(recording, title, class)| recording.map(|r| (super::sweeps(r), super::rate_hz(r), title, class)))
        .collect();
    let shown_s = sides
        .iter()
        .filter(|(_, rate_hz, ..)| *rate_hz > 0.0)
        .flat_map(|(sweeps, rate_hz, ..)| sweeps.iter().map(move |s| s.len() as f64 / rate_hz))
        .fold(1e-3, f64::max);
    let late = sides.iter().map(|(sweeps, ..)| late_amplitude(sweeps)).fold(0.4 * least(unit), f64::max);
    let rows = sides.iter().map(|(sweeps, ..)| sweeps.len()).max().unwrap_or(0);
    let top = 30.0;
    // A late response may rise over two and a half rows.
    let sweep_px = 2.5 * RASTER_PX;
    let gap = 22.0;
    let width = (WIDTH - 8.0 - RIGHT - gap) / 2.0;
    let mut drawing = Drawing::new(WIDTH);
    let height = rows as f64 * RASTER_PX + sweep_px;
    for (column, (sweeps, rate_hz, title, class)) in sides.iter().enumerate() {
        let x = 8.0 + column as f64 * (width + gap);
        let whole = Panel { x, y: top, width, height, time_s: (0.0, shown_s), value: (late, -late) };
        whole.time_axis(
            &mut drawing,
            zero_s,
            TimeUnit::Milliseconds,
            &time_label(TimeUnit::Milliseconds, pair.mark_s().map(|_| "stimulus")),
        );
        if pair.mark_s().is_some() {
            whole.mark(&mut drawing, zero_s);
        }
        drawing.text((x + width, top - 10.0), Anchor::End, "t", title);
        for (row, sweep) in sweeps.iter().enumerate() {
            let panel = Panel { y: top + row as f64 * RASTER_PX, height: sweep_px, ..whole };
            panel.curve_within(&mut drawing, sweep, *rate_hz, class);
            if row == 0 && column + 1 == sides.len() {
                panel.value_bar(&mut drawing, unit, 0.5);
            }
        }
    }
    Sketch {
        drawing,
        height: top + height + 34.0,
        title: pair.patient.title.clone(),
        caption: format!(
            "{}: {} sweeps. Negative up; gain set to the late responses, the direct response is left out where it exceeds it.",
            pair.patient.title,
            super::sweeps(pair.patient).len()
        ),
    }
}
