//! Scales of a drawing: round ticks, the frame of a panel, time and value axes, scale bars, stimulus marks.

use tonus_diagnosis::finding::significant;

use crate::curve;
use crate::svg::{Anchor, Drawing, coordinate};
use crate::words;

/// The largest of 1, 2, 5 times a power of ten that is not above `x`.
pub(crate) fn round_down(x: f64) -> f64 {
    if !(x.is_finite() && x > 0.0) {
        return 1.0;
    }
    let decade = 10_f64.powi(x.log10().floor() as i32);
    [5.0, 2.0, 1.0].into_iter().map(|m| m * decade).find(|v| *v <= x * 1.000_001).unwrap_or(decade)
}

/// Round values within `low..high`, at most `count` of them.
pub(crate) fn ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return vec![];
    }
    let mut step = round_down(span / count.max(1) as f64);
    while span / step > count.max(1) as f64 {
        step = round_down(step * 2.6);
    }
    let first = (low / step - 1e-6).ceil() as i64;
    let last = (high / step + 1e-6).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

/// A number on an axis.
pub(crate) fn tick_text(x: f64) -> String {
    words::minus(&significant(x))
}

/// Unit of time on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeUnit {
    Seconds,
    Milliseconds,
}

/// A panel: a rectangle with a time and a value scale.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Panel {
    /// Left edge, px.
    pub(crate) x: f64,
    /// Upper edge, px.
    pub(crate) y: f64,
    /// Width, px.
    pub(crate) width: f64,
    /// Height, px.
    pub(crate) height: f64,
    /// Time at the left and right edge, s from the start of the recording.
    pub(crate) time_s: (f64, f64),
    /// Values at the lower and upper edge; lower > upper is negative up.
    pub(crate) value: (f64, f64),
}

impl Panel {
    pub(crate) fn x_px(&self, time_s: f64) -> f64 {
        self.x + self.width * (time_s - self.time_s.0) / (self.time_s.1 - self.time_s.0)
    }

    /// Values outside the scale are drawn at its edge, as an amplifier would.
    pub(crate) fn y_px(&self, value: f64) -> f64 {
        self.y_free(value).clamp(self.y, self.y + self.height)
    }

    /// The same without the amplifier's limits.
    fn y_free(&self, value: f64) -> f64 {
        self.y + self.height * (1.0 - (value - self.value.0) / (self.value.1 - self.value.0))
    }

    /// Draws samples that begin at time 0 of the recording.
    pub(crate) fn curve(&self, drawing: &mut Drawing, samples: &[f64], rate_hz: f64, class: &str) {
        self.shifted_curve(drawing, samples, rate_hz, 0.0, class);
    }

    /// Draws samples that begin at `start_s`.
    pub(crate) fn shifted_curve(
        &self,
        drawing: &mut Drawing,
        samples: &[f64],
        rate_hz: f64,
        start_s: f64,
        class: &str,
    ) {
        if !(rate_hz.is_finite() && rate_hz > 0.0) {
            return;
        }
        let index = |t: f64| ((t - start_s) * rate_hz).clamp(0.0, samples.len() as f64);
        let first = index(self.time_s.0 - 1e-9).ceil() as usize;
        let last = (index(self.time_s.1 + 1e-9).floor() as usize + 1).min(samples.len());
        if first >= last {
            return;
        }
        let step_px = self.width / (self.time_s.1 - self.time_s.0) / rate_hz;
        let points = curve::columns(&samples[first..last], self.x_px(start_s + first as f64 / rate_hz), step_px, |v| {
            self.y_px(v)
        });
        drawing.path(&curve::path(&points), class);
    }

    /// Draws samples that begin at time 0 and leaves out what lies beyond the scale.
    pub(crate) fn curve_within(&self, drawing: &mut Drawing, samples: &[f64], rate_hz: f64, class: &str) {
        let (low, high) = (self.value.0.min(self.value.1), self.value.0.max(self.value.1));
        let within: Vec<f64> = samples.iter().map(|x| if (low..=high).contains(x) { *x } else { f64::NAN }).collect();
        self.curve(drawing, &within, rate_hz, class);
    }

    /// Time axis at the lower edge, counted from `zero_s`.
    pub(crate) fn time_axis(&self, drawing: &mut Drawing, zero_s: f64, unit: TimeUnit, label: &str) {
        self.time_grid(drawing, zero_s, unit, true);
        let bottom = self.y + self.height;
        drawing.text((self.x + self.width, bottom + 28.0), Anchor::End, "l", label);
    }

    /// Faint verticals at the ticks of the time axis, with their numbers if asked for.
    pub(crate) fn time_grid(&self, drawing: &mut Drawing, zero_s: f64, unit: TimeUnit, numbered: bool) {
        let scale = if unit == TimeUnit::Milliseconds { 1e3 } else { 1.0 };
        let count = (self.width / 52.0).clamp(2.0, 12.0) as usize;
        for tick in ticks((self.time_s.0 - zero_s) * scale, (self.time_s.1 - zero_s) * scale, count) {
            let x = self.x_px(zero_s + tick / scale);
            drawing.line((x, self.y), (x, self.y + self.height), "g");
            if numbered {
                drawing.text((x, self.y + self.height + 13.0), Anchor::Middle, "l", &tick_text(tick));
            }
        }
    }

    /// Value axis at the left edge with its unit, if one is given.
    pub(crate) fn value_axis(&self, drawing: &mut Drawing, unit: &str) {
        let (low, high) = (self.value.0.min(self.value.1), self.value.0.max(self.value.1));
        for tick in ticks(low, high, (self.height / 18.0).clamp(3.0, 6.0) as usize) {
            let y = self.y_px(tick);
            drawing.line((self.x, y), (self.x + self.width, y), "g");
            drawing.text((self.x - 5.0, y + 3.5), Anchor::End, "l", &tick_text(tick));
        }
        drawing.line((self.x, self.y), (self.x, self.y + self.height), "a");
        if !unit.is_empty() {
            drawing.text((self.x, self.y - 6.0), Anchor::End, "l", &words::axis_unit(unit));
        }
    }

    /// A vertical scale bar of a round number of units at the right edge, at most half the panel high.
    pub(crate) fn value_bar(&self, drawing: &mut Drawing, unit: &str, share: f64) {
        let span = (self.value.1 - self.value.0).abs();
        let size = round_down(span * share);
        let length = self.height * size / span;
        let (x, bottom) = (self.x + self.width + 8.0, self.y + 0.5 * (self.height + length));
        drawing.path(&format!("M{} {}v{}", coordinate(x), coordinate(bottom), coordinate(-length)), "b");
        drawing.text(
            (x + 5.0, bottom - 0.5 * length + 3.5),
            Anchor::Start,
            "l",
            &format!("{} {}", tick_text(size), words::unit(unit)),
        );
    }

    /// A stimulus or tap: a vertical through the panel with a small triangle on top.
    pub(crate) fn mark(&self, drawing: &mut Drawing, time_s: f64) {
        let x = self.x_px(time_s);
        if x < self.x - 0.5 || x > self.x + self.width + 0.5 {
            return;
        }
        drawing.line((x, self.y), (x, self.y + self.height), "m");
        drawing.path(&format!("M{} {}l-3.5-6h7z", coordinate(x), coordinate(self.y)), "mf");
    }
}

/// Smallest and largest finite value of signals, `None` if there is none.
pub(crate) fn extremes<'a>(signals: impl IntoIterator<Item = &'a [f64]>) -> Option<(f64, f64)> {
    let mut range: Option<(f64, f64)> = None;
    for &x in signals.into_iter().flatten().filter(|x| x.is_finite()) {
        range = Some(range.map_or((x, x), |(l, h)| (l.min(x), h.max(x))));
    }
    range
}

/// A scale round `range` with some room, never narrower than `least`; `negative_up` turns it over.
pub(crate) fn scale(range: Option<(f64, f64)>, least: f64, negative_up: bool) -> (f64, f64) {
    let (mut low, mut high) = range.unwrap_or((0.0, 0.0));
    let lacking = 0.5 * (least - (high - low)).max(0.0);
    low -= lacking;
    high += lacking;
    if high <= low {
        low -= 0.5;
        high += 0.5;
    }
    let room = 0.06 * (high - low);
    let (low, high) = (low - room, high + room);
    if negative_up { (high, low) } else { (low, high) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(ticks(-2.0, 38.0, 8), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0]);
        assert_eq!(ticks(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0][..].to_vec());
        assert!(ticks(1.0, 1.0, 5).is_empty() && ticks(f64::NAN, 1.0, 5).is_empty());
        assert_eq!([0.7, 3.0, 19.0, 0.0].map(round_down), [0.5, 2.0, 10.0, 1.0]);
    }

    #[test]
    fn negative_is_up_where_asked() {
        let panel = Panel {
            x: 0.0,
            y: 0.0,
            width: 100.0,
            height: 100.0,
            time_s: (0.0, 1.0),
            value: scale(Some((-8.0, 2.0)), 0.0, true),
        };
        assert!(panel.y_px(-8.0) < panel.y_px(2.0));
        assert!(panel.y_px(-8.0) > 0.0 && panel.y_px(-100.0) == 0.0);
    }

    #[test]
    fn flat_and_empty_signals_have_a_scale() {
        for range in [None, Some((3.0, 3.0))] {
            let (low, high) = scale(range, 0.0, false);
            assert!(high > low);
        }
    }
}
