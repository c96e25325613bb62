//! CMAP scan: size of each response against its stimulus.

use std::fmt::Write;

use tonus_signal::Recording;

use crate::axis::{Panel, TimeUnit, extremes};
use crate::svg::{Drawing, coordinate};
use crate::traces::{HEALTHY, LEFT, PATIENT, Pair, Sketch, WIDTH, key};

/// Height of the panel, px.
const HEIGHT_PX: f64 = 250.0;

/// Stimuli (mA) and sizes (mV) of a recording.
fn scan(recording: &Recording) -> Option<(&[f64], &[f64])> {
    let of = |unit: &str| recording.channels.iter().find(|c| c.unit == unit).map(|c| c.samples.as_slice());
    of("mA").zip(of("mV"))
}

pub(super) fn dots(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    pairs.iter().filter_map(of).collect()
}

fn of(pair: &Pair<'_>) -> Option<Sketch> {
    let patient = scan(pair.patient)?;
    let healthy = pair.healthy.and_then(scan);
    let both = || [healthy, Some(patient)].into_iter().flatten();
    let (low, high) = extremes(both().map(|s| s.0))?;
    let (_, top_mv) = extremes(both().map(|s| s.1))?;
    if high <= low || top_mv <= 0.0 {
        return None;
    }
    let mut drawing = Drawing::new(WIDTH);
    // The panel's abscissa is the stimulus.
    let panel = Panel {
        x: LEFT,
        y: 26.0,
        width: WIDTH - LEFT - 12.0,
        height: HEIGHT_PX,
        time_s: (low, high),
        value: (0.0, 1.05 * top_mv),
    };
    panel.time_axis(&mut drawing, 0.0, TimeUnit::Seconds, "stimulus (mA)");
    panel.value_axis(&mut drawing, "mV");
    let lines = [(healthy, HEALTHY), (Some(patient), PATIENT)];
    for ((stimuli, sizes), class) in lines.iter().filter_map(|(scan, class)| Some(((*scan)?, class))) {
        let mut path = String::new();
        for (x, y) in stimuli.iter().zip(sizes).filter(|(x, y)| x.is_finite() && y.is_finite()) {
            // A dash as long as the line is wide: a dot. Writing to a `String` cannot fail.
            let _ = write!(path, "M{} {}h1.3", coordinate(panel.x_px(*x) - 0.6), coordinate(panel.y_px(*y)));
        }
        drawing.path(&path, class);
    }
    key(&mut drawing, 12.0, healthy.is_some());
    Some(Sketch {
        drawing,
        height: HEIGHT_PX + 62.0,
        title: pair.patient.title.clone(),
        caption: format!(
            "{}: size of the response to each of {} stimuli, baseline to negative peak. A step between levels is a unit or a few; gaps that no \
             response falls into are large units.",
            pair.patient.title,
            patient.0.len()
        ),
    })
}
