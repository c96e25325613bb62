//! Reaching: the path of the hand in the plane, and the last centimetres before the target.

use tonus_signal::{Channel, Recording};

use crate::axis::{round_down, tick_text};
use crate::curve;
use crate::svg::{Anchor, Drawing};
use crate::traces::{HEALTHY, PATIENT, Pair, Sketch, WIDTH, key};

/// Radius of the circle drawn round the target, m: a fingertip.
const FINGERTIP_M: f64 = 0.01;
/// Half side of the close-up, m, if no trial leaves it.
const CLOSE_M: f64 = 0.04;
/// Side of a panel, px.
const SIDE_PX: f64 = 288.0;

/// Hand positions and target of one trial.
struct Trial<'a> {
    x: &'a [f64],
    y: &'a [f64],
    target: Option<(f64, f64)>,
}

/// The trial of a recording: its first two channels, the target in the next two.
fn trial(recording: &Recording) -> Option<Trial<'_>> {
    let [x, y, rest @ ..] = recording.channels.as_slice() else { return None };
    let first = |c: Option<&Channel>| c.and_then(|c| c.samples.first()).copied().filter(|v| v.is_finite());
    Some(Trial { x: &x.samples, y: &y.samples, target: first(rest.first()).zip(first(rest.get(1))) })
}

pub(super) fn hand_path(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    let patient: Vec<Trial<'_>> = pairs.iter().filter_map(|p| trial(p.patient)).collect();
    let healthy: Vec<Trial<'_>> = pairs.iter().filter_map(|p| p.healthy).filter_map(trial).collect();
    let all = || patient.iter().chain(&healthy);
    let bounds = |values: Vec<f64>| crate::axis::extremes([values.as_slice()]);
    let xs = bounds(all().flat_map(|t| t.x.iter().copied().chain(t.target.map(|p| p.0))).collect());
    let ys = bounds(all().flat_map(|t| t.y.iter().copied().chain(t.target.map(|p| p.1))).collect());
    let (Some((x0, x1)), Some((y0, y1))) = (xs, ys) else { return Vec::new() };
    let mut drawing = Drawing::new(WIDTH);
    let top = 40.0;
    let half = 0.54 * (x1 - x0).max(y1 - y0).max(2.0 * CLOSE_M);
    let centre = (0.5 * (x0 + x1), 0.5 * (y0 + y1));
    let lines = [(&healthy, HEALTHY), (&patient, PATIENT)];
    square(&mut drawing, (12.0, top), centre, half, &lines, "whole reach");
    let target = all().find_map(|t| t.target);
    if let Some(target) = target {
        // Wide enough for where each trial ends.
        let off = |t: &Trial<'_>| {
            let last = t.x.len().min(t.y.len());
            let tail = last / 2..last;
            t.x[tail.clone()]
                .iter()
                .zip(&t.y[tail])
                .map(|(x, y)| (x - target.0).abs().max((y - target.1).abs()))
                .fold(0.0, f64::max)
        };
        let close =
            (1.1 * all().map(off).filter(|x| x.is_finite()).fold(0.0, f64::max)).clamp(CLOSE_M, half.max(CLOSE_M));
        square(&mut drawing, (12.0 + SIDE_PX + 20.0, top), target, close, &lines, "at the target");
    }
    key(&mut drawing, 12.0, !healthy.is_empty());
    vec![Sketch {
        drawing,
        height: top + SIDE_PX + 30.0,
        title: "path of the hand".to_owned(),
        caption: format!(
            "Path of the hand in the horizontal plane, {} trials; the circle is 1 cm round the target.",
            patient.len()
        ),
    }]
}

/// A square piece of the plane with equal scales, clipped to its frame, and a length bar.
fn square(
    drawing: &mut Drawing,
    at: (f64, f64),
    centre: (f64, f64),
    half_m: f64,
    lines: &[(&Vec<Trial<'_>>, &str)],
    title: &str,
) {
    let px_per_m = 0.5 * SIDE_PX / half_m;
    let middle = (at.0 + 0.5 * SIDE_PX, at.1 + 0.5 * SIDE_PX);
    let place = |x: f64, y: f64| (middle.0 + (x - centre.0) * px_per_m, middle.1 - (y - centre.1) * px_per_m);
    let inside = |(x, y): (f64, f64)| (x - middle.0).abs() <= 0.5 * SIDE_PX && (y - middle.1).abs() <= 0.5 * SIDE_PX;
    drawing.rectangle(at, (SIDE_PX, SIDE_PX), "f");
    drawing.text((at.0, at.1 - 6.0), Anchor::Start, "t", title);
    for (trials, class) in lines {
        for trial in *trials {
            let points: Vec<_> = trial.x.iter().zip(trial.y).map(|(x, y)| place(*x, *y)).collect();
            let points: Vec<_> = points.into_iter().map(|p| if inside(p) { p } else { (f64::NAN, f64::NAN) }).collect();
            drawing.path(&curve::path(&points), class);
        }
    }
    for target in lines.iter().flat_map(|(trials, _)| trials.iter()).filter_map(|t| t.target).take(1) {
        let p = place(target.0, target.1);
        if inside(p) {
            drawing.ellipse(p, (FINGERTIP_M * px_per_m, FINGERTIP_M * px_per_m), 0.0, "c");
        }
    }
    let bar_m = round_down(0.5 * half_m);
    let y = at.1 + SIDE_PX + 12.0;
    drawing.line((at.0, y), (at.0 + bar_m * px_per_m, y), "b");
    drawing.text(
        (at.0 + bar_m * px_per_m + 6.0, y + 3.5),
        Anchor::Start,
        "l",
        &format!("{} cm", tick_text(bar_m * 100.0)),
    );
}
