//! The traces of an item, drawn in the form its laboratory would show them, the healthy model of the same person beside the patient.
//!
//! The form is chosen by the item's id and the shape of its recordings only. Patient and healthy model share every scale.

mod conduction;
mod dots;
mod jitter;
mod movement;
mod needle;
mod path;
pub(crate) mod recorded;
mod recruitment;
mod train;

use tonus_signal::recording::STIMULUS;
use tonus_signal::{Channel, Recording, Study};

use crate::axis::TimeUnit;
use crate::svg::{Anchor, Drawing};

/// Width of a drawing, px.
pub(crate) const WIDTH: f64 = 620.0;
/// Room at the left for numbers, px.
pub(crate) const LEFT: f64 = 46.0;
/// Room at the right for scale bars, px.
pub(crate) const RIGHT: f64 = 62.0;

/// Classes of the two lines.
pub(crate) const PATIENT: &str = "p";
pub(crate) const HEALTHY: &str = "h";

/// One finished drawing.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    /// SVG element.
    pub(crate) svg: String,
    /// Caption, plain text.
    pub(crate) caption: String,
}

/// A drawing before it is closed.
pub(crate) struct Sketch {
    pub(crate) drawing: Drawing,
    pub(crate) height: f64,
    pub(crate) title: String,
    pub(crate) caption: String,
}

type Form = fn(&[Pair<'_>]) -> Vec<Sketch>;

/// Item families with a form of their own; anything else is drawn channel by channel.
const FORMS: &[(&str, Form)] = &[
    ("lab.motor_conduction", conduction::sweeps),
    ("lab.sensory_conduction", conduction::sweeps),
    ("lab.repetitive_stimulation", train::staggered),
    ("lab.cmap_scan", dots::cmap_scan),
    ("lab.mune_multipoint", conduction::sweeps),
    ("lab.macro_emg", conduction::sweeps),
    ("lab.h_reflex", recruitment::sweeps_and_curve),
    ("lab.interference", dots::efforts_and_cloud),
    ("lab.jitter", jitter::superimposed),
    ("lab.needle", needle::rows),
    ("bedside.tone.elbow_stretch", movement::columns),
    ("bedside.reflex", movement::triggered),
    ("bedside.tremor", movement::separate_rows),
    ("bedside.coordination.reach", path::hand_path),
];

/// A patient's recording with the healthy one of the same protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) patient: &'a Recording,
    pub(crate) healthy: Option<&'a Recording>,
}

impl<'a> Pair<'a> {
    /// Both channels at a place in the recording.
    pub(crate) fn channel(&self, index: usize) -> Option<(&'a Channel, Option<&'a Channel>)> {
        Some((self.patient.channels.get(index)?, self.healthy.and_then(|h| h.channels.get(index))))
    }

    /// All channels.
    pub(crate) fn channels(&self) -> impl Iterator<Item = (&'a Channel, Option<&'a Channel>)> + use<'a> {
        let pair = *self;
        (0..pair.patient.channels.len()).filter_map(move |i| pair.channel(i))
    }

    /// The first stimulus, tap or other instant.
    pub(crate) fn mark_s(&self) -> Option<f64> {
        self.patient.annotations.first().map(|a| a.onset_s)
    }
}

/// The sweeps of a recording of several stimuli, each as long before its stimulus as the first one.
fn sweeps(recording: &Recording) -> Vec<&[f64]> {
    let before_s = recording.annotations.iter().find(|a| a.text == STIMULUS).map_or(0.0, |a| a.onset_s);
    recording.sweeps(before_s, f64::INFINITY).collect()
}

/// Rate of a recording's first channel, Hz.
fn rate_hz(recording: &Recording) -> f64 {
    recording.channels.first().map_or(0.0, |c| c.rate_hz)
}

/// Drawings of one study; none if it recorded nothing. `id` is unique on the page.
pub(crate) fn drawings(study: &Study, healthy: Option<&Study>, title: &str, id: &str) -> Vec<Drawn> {
    let pairs: Vec<Pair<'_>> = study
        .recordings
        .iter()
        .enumerate()
        .filter(|(_, r)| r.channels.iter().any(|c| !c.samples.is_empty()))
        .map(|(i, patient)| Pair { patient, healthy: healthy.and_then(|h| h.recordings.get(i)) })
        .collect();
    let form =
        FORMS.iter().find(|(prefix, _)| study.item.starts_with(prefix)).map_or(movement::rows as Form, |(_, f)| *f);
    form(&pairs)
        .into_iter()
        .enumerate()
        .map(|(i, sketch)| {
            let title = format!("{title}, {}: {}", study.side.name(), sketch.title);
            Drawn {
                svg: sketch.drawing.finish(&format!("{id}-{i}"), &title, &sketch.caption, sketch.height),
                caption: sketch.caption,
            }
        })
        .collect()
}

/// Electrical signals of nerve and muscle are drawn negative up.
pub(crate) fn is_electrical(channel: &Channel) -> bool {
    matches!(channel.unit.as_str(), "mV" | "uV" | "µV" | "V")
}

/// Samples within a time window, s.
pub(crate) fn window(channel: &Channel, from_s: f64, to_s: f64) -> &[f64] {
    let index = |t: f64| ((t * channel.rate_hz).round().max(0.0) as usize).min(channel.samples.len());
    let (first, last) = (index(from_s), index(to_s));
    &channel.samples[first.min(last)..last]
}

/// Length of a channel, s.
pub(crate) fn duration_s(channel: &Channel) -> f64 {
    if channel.rate_hz > 0.0 { channel.samples.len() as f64 / channel.rate_hz } else { 0.0 }
}

/// Milliseconds for anything shorter than half a second.
pub(crate) fn time_unit(span_s: f64) -> TimeUnit {
    if span_s < 0.5 { TimeUnit::Milliseconds } else { TimeUnit::Seconds }
}

/// Words under a time axis.
pub(crate) fn time_label(unit: TimeUnit, mark: Option<&str>) -> String {
    let unit = if unit == TimeUnit::Milliseconds { "ms" } else { "s" };
    mark.map_or_else(|| unit.to_owned(), |m| format!("{unit} after {m}"))
}

/// Which line is whose, at the top right.
pub(crate) fn key(drawing: &mut Drawing, y: f64, with_healthy: bool) {
    let right = drawing.width() - 4.0;
    let mut x = right;
    let entries: &[(&str, &str, f64)] = if with_healthy {
        &[("healthy, same person", HEALTHY, 116.0), ("patient", PATIENT, 40.0)]
    } else {
        &[("patient", PATIENT, 40.0)]
    };
    for (text, class, width) in entries {
        drawing.text((x, y), Anchor::End, "l", text);
        x -= width + 4.0;
        drawing.line((x - 16.0, y - 3.5), (x, y - 3.5), class);
        x -= 30.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonus_signal::Side;

    fn study(item: &str, recordings: Vec<Recording>) -> Study {
        Study { item: item.to_owned(), side: Side::Right, measures: vec![], recordings, wall_ms: 0.0 }
    }

    #[test]
    fn every_form_takes_any_recording() {
        let odd = [
            Recording::titled("empty"),
            Recording::titled("no samples").with_channel("a", "mV", 1000.0, vec![]),
            Recording::titled("one").with_channel("a", "mV", 1000.0, vec![1.0]),
            Recording::titled("flat").with_channel("a", "deg", 1000.0, vec![2.0; 500]).with_mark(0.1, "tap"),
            Recording::titled("not finite").with_channel("a", "uV", 20_000.0, vec![f64::NAN, f64::INFINITY, 1.0, 2.0]),
            Recording::titled("no rate").with_channel("a", "uV", 0.0, vec![1.0, 2.0]),
            Recording::titled("curve")
                .with_channel("M", "mV", 0.125, vec![0.0, 1.0, f64::NAN])
                .with_channel("H", "mV", 0.125, vec![1.0, 2.0])
                .with_channel("current", "1", 0.125, vec![0.3, f64::INFINITY, 0.5]),
            Recording::titled("scan").with_channel("stimulus", "mA", 2.0, vec![9.0, 8.0, f64::NAN]).with_channel(
                "CMAP",
                "mV",
                2.0,
                vec![4.0, 1.0, 0.0],
            ),
            Recording::titled("many <b>")
                .with_channel("x", "m", 1000.0, vec![0.0, 1.0])
                .with_channel("y", "m", 100.0, vec![0.0; 7])
                .with_channel("tx", "m", 1000.0, vec![1.0])
                .with_channel("ty", "m", 1000.0, vec![])
                .with_channel("e", "mV", 5.0, vec![0.1; 3]),
        ];
        let healthy = study("x", vec![Recording::titled("other shape").with_channel("a", "V", 3.0, vec![1.0; 9])]);
        for (prefix, _) in FORMS.iter().chain(&[("unknown.item", movement::rows as Form)]) {
            for healthy in [None, Some(&healthy)] {
                for n in 0..odd.len() {
                    for drawn in drawings(&study(prefix, odd[n..].to_vec()), healthy, "t", "i") {
                        let parsed = roxmltree::Document::parse(&drawn.svg);
                        assert!(parsed.is_ok(), "{prefix}: {}", drawn.svg);
                        assert!(!drawn.svg.contains("NaN") && !drawn.svg.contains("inf"), "{prefix}: {}", drawn.svg);
                    }
                }
            }
        }
    }

    #[test]
    fn forms_follow_the_item_and_share_the_scale() {
        let wave = |a: f64| (0..800).map(|i| if i == 200 { -a } else { 0.0 }).collect::<Vec<_>>();
        let of = |a: f64| {
            study(
                "lab.sensory_conduction.x",
                vec![Recording::titled("s").with_channel("d", "uV", 40_000.0, wave(a)).with_mark(0.002, "stimulus")],
            )
        };
        let drawn = drawings(&of(5.0), Some(&of(20.0)), "t", "i");
        assert_eq!(drawn.len(), 1);
        assert!(drawn[0].caption.contains("Negative up"));
        let document = roxmltree::Document::parse(&drawn[0].svg).unwrap();
        // Height of the steepest step of each line, px: in the ratio of the amplitudes.
        let step = |class: &str| {
            let d = document
                .descendants()
                .filter(|n| n.attribute("class") == Some(class))
                .filter_map(|n| n.attribute("d"))
                .max_by_key(|d| d.len())
                .unwrap()
                .to_owned();
            d.replace('-', " -")
                .split('l')
                .skip(1)
                .filter_map(|p| p.split_whitespace().nth(1)?.parse::<f64>().ok())
                .fold(0.0_f64, |m, y| m.max(-y))
        };
        assert!((step(HEALTHY) / step(PATIENT) - 4.0).abs() < 0.1, "{} {}", step(HEALTHY), step(PATIENT));
    }
}
