//! Needle EMG: rest at three positions, slight and full effort at one, the patient's above the healthy model's.

use tonus_signal::{Channel, Recording};

use crate::axis::{Panel, TimeUnit, extremes, round_down, tick_text};
use crate::svg::{Anchor, Drawing};
use crate::traces::{HEALTHY, PATIENT, Pair, RIGHT, Sketch, WIDTH, duration_s, is_electrical, window};
use crate::words;

/// Positions at rest that are drawn: what is abnormal at rest is seldom everywhere.
const AT_REST: usize = 3;
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

/// What was recorded, from a title like `Slight effort, position 3`.
fn part(recording: &Recording) -> &str {
    recording.title.split(',').next().unwrap_or_default().trim()
}

fn at_rest(recording: &Recording) -> bool {
    part(recording).eq_ignore_ascii_case("rest")
}

/// Indices of the recordings drawn: the liveliest positions at rest; of each effort, the position with the largest deflection in the first.
fn drawn(pairs: &[Pair<'_>]) -> Vec<usize> {
    let interest_of = |i: usize| {
        let interest = if at_rest(pairs[i].patient) { Interest::MostActivity } else { Interest::LargestDeflection };
        pairs[i].patient.channels.first().map_or(0.0, |c| interest.of(&c.samples, c.rate_hz))
    };
    let mut parts: Vec<&str> = Vec::new();
    pairs.iter().map(|p| part(p.patient)).for_each(|p| {
        if !parts.contains(&p) {
            parts.push(p);
        }
    });
    let mut chosen = Vec::new();
    let mut position = None;
    for name in parts {
        let mut of_part: Vec<usize> = (0..pairs.len()).filter(|&i| part(pairs[i].patient) == name).collect();
        // The n-th recording of a part is that of the n-th position.
        let places = of_part.clone();
        of_part.sort_by(|&a, &b| interest_of(b).total_cmp(&interest_of(a)));
        if at_rest(pairs[places[0]].patient) {
            of_part.truncate(AT_REST);
            of_part.sort_unstable();
            chosen.extend(of_part);
        } else {
            let here = *position.get_or_insert_with(|| places.iter().position(|i| *i == of_part[0]).unwrap_or(0));
            chosen.push(places.get(here).copied().unwrap_or(of_part[0]));
        }
    }
    chosen
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
    let mut count = 0;
    for pair in drawn(pairs).into_iter().map(|i| pairs[i]) {
        let Some((patient, healthy)) = pair.channels().find(|(c, _)| !c.samples.is_empty()) else { continue };
        count += 1;
        let rest = at_rest(pair.patient);
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
    if count == 0 {
        return Vec::new();
    }
    let positions = pairs.iter().filter(|p| at_rest(p.patient)).count();
    let of = if positions > AT_REST {
        format!(", {AT_REST} of {positions} positions at rest and one in effort")
    } else {
        String::new()
    };
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
    fn three_positions_at_rest_and_one_in_effort_are_drawn() {
        let peaks = [10.0, 80.0, 90.0, 20.0, 70.0];
        let recordings: Vec<Recording> = peaks
            .iter()
            .enumerate()
            .flat_map(|(site, peak)| {
                ["Rest", "Slight effort", "Full effort"].map(|what| {
                    let mut samples = vec![0.0; 20_000];
                    samples[5_000..5_020].fill(*peak);
                    Recording::titled(format!("{what}, position {}", site + 1))
                        .with_channel("needle", "uV", 10_000.0, samples)
                })
            })
            .collect();
        let pairs: Vec<Pair<'_>> = recordings.iter().map(|patient| Pair { patient, healthy: None }).collect();
        let titles: Vec<&str> = drawn(&pairs).into_iter().map(|i| recordings[i].title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "Rest, position 2",
                "Rest, position 3",
                "Rest, position 5",
                "Slight effort, position 3",
                "Full effort, position 3"
            ]
        );
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
