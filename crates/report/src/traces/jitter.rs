//! Jitter: the sweeps of one position drawn over each other, aligned at the potential that triggers, or at the stimulus.

use tonus_signal::Recording;
use tonus_signal::recording::{STIMULUS, TRIGGER};

use crate::axis::{Panel, TimeUnit, extremes, scale};
use crate::svg::{Anchor, Drawing};
use crate::traces::conduction::least;
use crate::traces::{HEALTHY, LEFT, PATIENT, Pair, RIGHT, Sketch, WIDTH, rate_hz, time_label};

/// Positions drawn.
const POSITIONS: usize = 3;
/// Sweeps drawn over each other: as many as a machine superimposes on one screen.
const SUPERIMPOSED: usize = 20;
/// Time shown before and after the trigger, s; after the stimulus, s.
const AROUND_TRIGGER_S: (f64, f64) = (0.0025, 0.004);
const AFTER_STIMULUS_S: f64 = 0.009;
/// Height of a row, px.
const ROW_PX: f64 = 84.0;

/// The sweeps of a recording, each from a time before its mark to a time after, as far as the recording goes.
fn around(recording: &Recording, (before_s, after_s): (f64, f64)) -> Vec<&[f64]> {
    let rate = rate_hz(recording);
    let samples = recording.channels.first().map_or(&[][..], |c| c.samples.as_slice());
    recording
        .annotations
        .iter()
        .filter(|a| a.text == TRIGGER || a.text == STIMULUS)
        .filter_map(|a| {
            let first = ((a.onset_s - before_s) * rate).round();
            let last = ((a.onset_s + after_s) * rate).round();
            (first >= 0.0 && last <= samples.len() as f64 && first < last)
                .then(|| &samples[first as usize..last as usize])
        })
        .take(SUPERIMPOSED)
        .collect()
}

/// Patient at the left, healthy at the right, one row a position.
pub(super) fn superimposed(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    let shown: Vec<&Pair<'_>> = pairs.iter().filter(|p| p.mark_s().is_some()).take(POSITIONS).collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let by_stimulus = shown[0].patient.annotations.iter().any(|a| a.text == STIMULUS);
    let span = if by_stimulus { (0.0, AFTER_STIMULUS_S) } else { AROUND_TRIGGER_S };
    let columns = if shown.iter().any(|p| p.healthy.is_some()) { 2 } else { 1 };
    let mut drawing = Drawing::new(WIDTH);
    let width = (WIDTH - LEFT - RIGHT - 14.0) / columns as f64;
    let mut y = 26.0;
    for (row, pair) in shown.iter().enumerate() {
        let both = [(Some(pair.patient), "patient", PATIENT), (pair.healthy, "healthy, same person", HEALTHY)];
        let unit = pair.patient.channels.first().map_or("uV", |c| c.unit.as_str());
        for (column, (recording, title, class)) in both.into_iter().enumerate() {
            let Some(recording) = recording else { continue };
            let sweeps = around(recording, span);
            let panel = Panel {
                x: LEFT + column as f64 * (width + 14.0),
                y,
                width,
                height: ROW_PX,
                time_s: (0.0, span.0 + span.1),
                value: scale(extremes(sweeps.iter().copied()), least(unit), true),
            };
            if row == 0 {
                drawing.text((panel.x, y - 8.0), Anchor::Start, "t", title);
            }
            if row + 1 == shown.len() {
                panel.time_axis(
                    &mut drawing,
                    span.0,
                    TimeUnit::Milliseconds,
                    &time_label(TimeUnit::Milliseconds, Some(if by_stimulus { "stimulus" } else { "trigger" })),
                );
            } else {
                panel.time_grid(&mut drawing, span.0, TimeUnit::Milliseconds, false);
            }
            for sweep in sweeps {
                panel.curve(&mut drawing, sweep, rate_hz(recording), class);
            }
        }
        y += ROW_PX + 10.0;
    }
    vec![Sketch {
        drawing,
        height: y + 34.0,
        title: "superimposed sweeps".to_owned(),
        caption: format!(
            "{SUPERIMPOSED} discharges drawn over each other at the first {} positions, negative up; each row at its own gain.",
            shown.len()
        ),
    }]
}
