//! Needle EMG: rest, slight effort and full effort of one site, the patient's above the healthy model's.

use tonus_signal::Channel;

use crate::axis::{Panel, TimeUnit, extremes, round_down, tick_text};
use crate::svg::{Anchor, Drawing};
use crate::traces::{HEALTHY, PATIENT, Pair, RIGHT, Sketch, WIDTH, duration_s, is_electrical, window};
use crate::words;

/// Recordings of one site; further sites are not drawn.
const PER_SITE: usize = 3;
/// Window shown, s: long enough for the rhythm of a fibrillation and the pattern of an effort.
const SHOWN_S: f64 = 0.5;
/// Height of a row, px.
const ROW_PX: f64 = 66.0;
/// Divisions that fit in a row.
const DIVISIONS: f64 = 4.0;
/// Finest sensitivity, uV a division: the gain at which rest is looked at.
const FINEST_UV: f64 = 50.0;
/// Coarsest sensitivity at rest, uV a division: fibrillations must be seen; what is larger is cut off at the edge.
const REST_UV: f64 = 100.0;
/// Stretch in which one potential counts once, s: a motor unit potential lasts about 10 ms.
const BIN_S: f64 = 0.01;
/// Step of the window search, s.
const SEARCH_S: f64 = 0.05;

/// What an examiner looks for: the largest motor unit potentials in an effort; at rest any activity, small potentials as well as large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interest {
    LargestDeflection,
    MostActivity,
}

impl Interest {
    fn of(self, samples: &[f64], rate_hz: f64) -> f64 {
        match self {
            Self::LargestDeflection => extremes([samples]).map_or(0.0, |(low, high)| high - low),
            // One long potential fills few bins, a rhythm of short ones many.
            Self::MostActivity => samples
                .chunks((BIN_S * rate_hz).max(1.0) as usize)
                .map(|bin| bin.iter().filter(|x| x.is_finite()).fold(0.0_f64, |m, x| m.max(x.abs())).min(REST_UV))
                .sum(),
        }
    }
}

/// Start of the most telling window, s: where an examiner would freeze the screen.
fn liveliest_s(channel: &Channel, shown_s: f64, interest: Interest) -> f64 {
    let last = ((duration_s(channel) - shown_s) / SEARCH_S).floor().max(0.0) as usize;
    let mut best = (0.0, 0.0);
    for step in 0..=last.min(10_000) {
        let start = step as f64 * SEARCH_S;
        // In the middle of the window rather than at its edge.
        let s = interest.of(window(channel, start + 0.25 * shown_s, start + 0.75 * shown_s), channel.rate_hz);
        if s > 1.02 * best.1 {
            best = (start, s);
        }
    }
    best.0
}

/// The next of 50, 100, 200, 500 ... uV a division at which `swing` fits the row.
fn sensitivity(swing: f64) -> f64 {
    let needed = swing / DIVISIONS;
    if needed <= FINEST_UV {
        return FINEST_UV;
    }
    let below = round_down(needed);
    if below >= 0.999 * needed { below } else { round_down(below * 2.6) }
}

pub(super) fn rows(pairs: &[Pair<'_>]) -> Vec<Sketch> {
    let mut drawing = Drawing::new(WIDTH);
    let mut y = 22.0;
    let mut drawn = 0;
    for pair in pairs.iter().take(PER_SITE) {
        let Some((patient, healthy)) = pair.channels().find(|(c, _)| !c.samples.is_empty()) else { continue };
        drawn += 1;
        let rest = pair.patient.title.eq_ignore_ascii_case("rest");
        let interest = if rest { Interest::MostActivity } else { Interest::LargestDeflection };
        let lines: Vec<_> = [(Some(patient), "patient", PATIENT), (healthy, "healthy", HEALTHY)]
            .into_iter()
            .filter_map(|(channel, who, class)| channel.map(|c| (c, who, class)))
            .map(|(channel, who, class)| (channel, who, class, liveliest_s(channel, SHOWN_S, interest)))
            .collect();
        let range = extremes(lines.iter().map(|(c, _, _, start)| window(c, *start, start + SHOWN_S)));
        let (low, high) = range.unwrap_or((0.0, 0.0));
        let (per_division, middle) = if rest {
            (sensitivity(high - low).min(REST_UV), 0.0)
        } else {
            // The baseline is shifted so that the larger phase has the room.
            (sensitivity(high - low), 0.5 * (low + high))
        };
        let half = 0.5 * DIVISIONS * per_division;
        let value =
            if is_electrical(patient) { (middle + half, middle - half) } else { (middle - half, middle + half) };
        drawing.text((8.0, y - 8.0), Anchor::Start, "t", &pair.patient.title);
        let gain = match patient.unit.as_str() {
            "uV" if per_division >= 1000.0 => format!("{} mV a division", tick_text(1e-3 * per_division)),
            unit => format!("{} {} a division", tick_text(per_division), words::unit(unit)),
        };
        drawing.text((WIDTH - RIGHT, y - 8.0), Anchor::End, "l", &gain);
        for (channel, who, class, start) in &lines {
            let panel = Panel {
                x: 8.0,
                y,
                width: WIDTH - 8.0 - RIGHT,
                height: ROW_PX,
                time_s: (*start, start + SHOWN_S),
                value,
            };
            panel.time_grid(&mut drawing, *start, TimeUnit::Milliseconds, false);
            for division in 0..=DIVISIONS as usize {
                let at = y + ROW_PX * division as f64 / DIVISIONS;
                drawing.line((panel.x, at), (panel.x + panel.width, at), "g");
            }
            panel.curve(&mut drawing, &channel.samples, channel.rate_hz, class);
            drawing.text((WIDTH - RIGHT + 8.0, y + 0.5 * ROW_PX + 4.0), Anchor::Start, "l", who);
            y += ROW_PX + 4.0;
        }
        y += 24.0;
    }
    if drawn == 0 {
        return Vec::new();
    }
    let sites = pairs.len().div_ceil(PER_SITE);
    let of = if sites > 1 { " at one needle position" } else { "" };
    vec![Sketch {
        drawing,
        height: y - 14.0,
        title: "needle EMG".to_owned(),
        caption: format!("Concentric needle{of}: 0.5 s of each, where most happens; 50 ms a division, negative up."),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sensitivity_is_a_step_of_the_amplifier_and_holds_the_signal() {
        for swing in [1.0, 190.0, 250.0, 801.0, 5000.0, 12_345.0] {
            let s = sensitivity(swing);
            assert!(s * DIVISIONS >= swing * 0.998 && s >= FINEST_UV, "{swing} {s}");
            assert!((round_down(s) - s).abs() < 1e-9);
        }
    }

    #[test]
    fn at_rest_fibrillations_are_shown_before_one_large_fasciculation() {
        let mut samples = vec![0.0; 60_000];
        samples[10_000..10_080].fill(-4000.0);
        for beat in 0..40 {
            samples[30_000 + 500 * beat..30_020 + 500 * beat].fill(-80.0);
        }
        let channel = Channel { label: String::new(), unit: "uV".to_owned(), rate_hz: 10_000.0, samples };
        assert!(liveliest_s(&channel, SHOWN_S, Interest::MostActivity) > 2.5);
        assert!(liveliest_s(&channel, SHOWN_S, Interest::LargestDeflection) < 1.1);
    }

    #[test]
    fn the_window_goes_where_something_happens() {
        let mut samples = vec![0.0; 50_000];
        samples[30_000] = -100.0;
        let channel = Channel { label: String::new(), unit: "uV".to_owned(), rate_hz: 10_000.0, samples };
        let start = liveliest_s(&channel, SHOWN_S, Interest::LargestDeflection);
        assert!(start < 3.0 && start + SHOWN_S > 3.0);
    }
}
