//! Recruitment curve of the H reflex: sizes of H and M against the current.

use tonus_signal::{Channel, Recording};

use crate::axis::{Panel, TimeUnit, extremes};
use crate::curve;
use crate::svg::{Anchor, Drawing};
use crate::traces::{HEALTHY, LEFT, PATIENT, Pair, Sketch, WIDTH, key, movement};

/// Height of a panel, px.
const HEIGHT_PX: f64 = 120.0;
/// From panel to panel, px.
const STEP_PX: f64 = HEIGHT_PX + 26.0;
/// Label of the channel that holds the stimuli.
const CURRENT: &str = "current";

/// Sweeps against time, and the curve they give against the current.
pub(super) fn sweeps_and_curve(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    pairs.iter().flat_map(|pair| of(pair).map_or_else(|| movement::rows(&[*pair]), |sketch| vec![sketch])).collect()
}

fn channel<'a>(recording: &'a Recording, label: &str) -> Option<&'a Channel> {
    recording.channels.iter().find(|c| c.label == label)
}

fn of(pair: &Pair<'_>) -> Option<Sketch> {
    let current = channel(pair.patient, CURRENT)?;
    let sizes: Vec<&Channel> = pair.patient.channels.iter().filter(|c| c.label != CURRENT).rev().collect();
    let (low, high) = extremes([current.samples.as_slice()])?;
    if sizes.is_empty() || high <= low {
        return None;
    }
    let healthy_of = |label: &str| pair.healthy.and_then(|h| Some((channel(h, CURRENT)?, channel(h, label)?)));
    let mut drawing = Drawing::new(WIDTH);
    for (row, size) in sizes.iter().enumerate() {
        let healthy = healthy_of(&size.label);
        let (_, top) =
            extremes([Some(size.samples.as_slice()), healthy.map(|h| h.1.samples.as_slice())].into_iter().flatten())?;
        let panel = Panel {
            x: LEFT,
            y: 32.0 + row as f64 * STEP_PX,
            width: WIDTH - LEFT - 12.0,
            height: HEIGHT_PX,
            // The panel's abscissa is the current.
            time_s: (low, high),
            value: (0.0, if top > 0.0 { 1.05 * top } else { 1.0 }),
        };
        if row + 1 == sizes.len() {
            panel.time_axis(&mut drawing, 0.0, TimeUnit::Seconds, "current (thresholds of the median motor axon)");
        } else {
            panel.time_grid(&mut drawing, 0.0, TimeUnit::Seconds, false);
        }
        panel.value_axis(&mut drawing, &size.unit);
        drawing.text((panel.x + 6.0, panel.y - 6.0), Anchor::Start, "t", &size.label);
        let own = Some((current, *size));
        for ((x, y), class) in [(healthy, HEALTHY), (own, PATIENT)].iter().filter_map(|(c, class)| Some(((*c)?, class)))
        {
            let points: Vec<(f64, f64)> =
                x.samples.iter().zip(&y.samples).map(|(x, y)| (panel.x_px(*x), panel.y_px(*y))).collect();
            drawing.path(&curve::path(&points), class);
        }
    }
    key(&mut drawing, 12.0, pair.healthy.is_some());
    Some(Sketch {
        drawing,
        height: 32.0 + sizes.len() as f64 * STEP_PX + 20.0,
        title: pair.patient.title.clone(),
        caption: format!("{}: peak-to-peak size against the current of the stimulus.", pair.patient.title),
    })
}
