//! One number against another, a dot a pair: sizes of a CMAP scan against their stimuli, the turns-amplitude cloud.

use std::fmt::Write;

use tonus_signal::Recording;

use crate::axis::{Panel, TimeUnit, extremes};
use crate::svg::{Drawing, coordinate};
use crate::traces::{HEALTHY, LEFT, PATIENT, Pair, Sketch, WIDTH, key, needle};

/// Height of the panel, px.
const HEIGHT_PX: f64 = 250.0;

/// What is drawn against what.
struct Axes {
    /// Units of the channels along and upwards.
    units: (&'static str, &'static str),
    /// Words under the abscissa.
    along: &'static str,
    /// Whether the abscissa begins at nought.
    from_nought: bool,
    /// Width of a dot, px, and whether it is a cross.
    dot_px: f64,
    crosses: bool,
}

const SCAN: Axes =
    Axes { units: ("mA", "mV"), along: "stimulus (mA)", from_nought: false, dot_px: 1.3, crosses: false };
const CLOUD: Axes = Axes { units: ("1/s", "uV"), along: "turns (/s)", from_nought: true, dot_px: 5.0, crosses: true };

impl Axes {
    fn of<'a>(&self, recording: &'a Recording) -> Option<(&'a [f64], &'a [f64])> {
        let of = |unit: &str| recording.channels.iter().find(|c| c.unit == unit).map(|c| c.samples.as_slice());
        of(self.units.0).zip(of(self.units.1))
    }

    /// A panel of dots; the numbers along, and the drawing. `None` if nothing spreads.
    fn drawn(&self, pair: &Pair<'_>) -> Option<(usize, Drawing)> {
        let patient = self.of(pair.patient)?;
        let healthy = pair.healthy.and_then(|h| self.of(h));
        let both = || [healthy, Some(patient)].into_iter().flatten();
        let (low, high) = extremes(both().map(|s| s.0))?;
        let low = if self.from_nought { 0.0 } else { low };
        let (_, top) = extremes(both().map(|s| s.1))?;
        if high <= low || top <= 0.0 {
            return None;
        }
        let mut drawing = Drawing::new(WIDTH);
        // The panel's abscissa is a quantity of its own.
        let panel = Panel {
            x: LEFT,
            y: 26.0,
            width: WIDTH - LEFT - 12.0,
            height: HEIGHT_PX,
            time_s: (low, high),
            value: (0.0, 1.05 * top),
        };
        panel.time_axis(&mut drawing, 0.0, TimeUnit::Seconds, self.along);
        panel.value_axis(&mut drawing, self.units.1);
        let lines = [(healthy, HEALTHY), (Some(patient), PATIENT)];
        for ((along, upward), class) in lines.iter().filter_map(|(dots, class)| Some(((*dots)?, class))) {
            let mut path = String::new();
            for (x, y) in along.iter().zip(upward).filter(|(x, y)| x.is_finite() && y.is_finite()) {
                let (x, y, half) = (panel.x_px(*x), panel.y_px(*y), 0.5 * self.dot_px);
                // A short dash is a dot, two are a cross. Writing to a `String` cannot fail.
                let _ = write!(path, "M{} {}h{}", coordinate(x - half), coordinate(y), self.dot_px);
                if self.crosses {
                    let _ = write!(path, "M{} {}v{}", coordinate(x), coordinate(y - half), self.dot_px);
                }
            }
            drawing.path(&path, class);
        }
        key(&mut drawing, 12.0, healthy.is_some());
        Some((patient.0.len(), drawing))
    }
}

pub(super) fn cmap_scan(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    let of = |pair: &Pair<'_>| {
        let (stimuli, drawing) = SCAN.drawn(pair)?;
        let title = &pair.patient.title;
        let caption = format!(
            "{title}: size of the response to each of {stimuli} stimuli, baseline to negative peak. A step between levels is a unit or a few; gaps \
             that no response falls into are large units."
        );
        Some(Sketch { drawing, height: HEIGHT_PX + 62.0, title: title.clone(), caption })
    };
    pairs.iter().filter_map(of).collect()
}

/// The efforts of one position, and the cloud of all.
pub(super) fn efforts_and_cloud(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    let (clouds, traces): (Vec<Pair<'_>>, Vec<Pair<'_>>) =
        pairs.iter().partition(|pair| CLOUD.of(pair.patient).is_some());
    let cloud = clouds.iter().filter_map(|pair| {
        let (epochs, drawing) = CLOUD.drawn(pair)?;
        let caption = format!(
            "Turns and mean amplitude between turns, {epochs} epochs of 0.5 s from slight to full effort. Above the healthy cloud: large potentials, \
             few of them; below it: small ones, many."
        );
        Some(Sketch { drawing, height: HEIGHT_PX + 62.0, title: "Cloud".into(), caption })
    });
    needle::rows(&traces).into_iter().chain(cloud).collect()
}
