//! Repetitive nerve stimulation: the compound potential of a train of supramaximal stimuli at rest, after a brief effort that repairs, and
//! in the minutes after a long one that exhausts.

mod train;

use tonus_signal::measures::decrement::{decrement_percent, increment_percent, lowest_response};
use tonus_signal::{Measure, Side, Study};

use self::train::{Stimulated, Train};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "rate_hz",
        unit: "Hz",
        default: 3.0,
        low: 0.5,
        high: 50.0,
        whole: false,
        meaning: "stimulation rate (20 to 50 for the increment of a fast train)",
    },
    ParameterInfo {
        name: "pulses",
        unit: "1",
        default: 10.0,
        low: 2.0,
        high: 300.0,
        whole: true,
        meaning: "stimuli in the train",
    },
    ParameterInfo {
        name: "brief_effort_s",
        unit: "s",
        default: 10.0,
        low: 0.0,
        high: 60.0,
        whole: false,
        meaning: "maximal effort before the train that looks for repair and increment (0: left out)",
    },
    ParameterInfo {
        name: "long_effort_s",
        unit: "s",
        default: 60.0,
        low: 0.0,
        high: 120.0,
        whole: false,
        meaning: "maximal effort before the trains that look for exhaustion (0: left out)",
    },
];

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "cmap_amplitude", unit: "mV", meaning: "first response at rest, baseline to negative peak" },
    MeasureInfo {
        name: "decrement",
        unit: "%",
        meaning: "at rest: fall from the first to the lowest of responses 2 to 5",
    },
    MeasureInfo {
        name: "lowest_response",
        unit: "1",
        meaning: "at rest: number of the lowest response of the train, where it falls by 5 % or more",
    },
    MeasureInfo {
        name: "train_increment",
        unit: "%",
        meaning: "at rest: rise from the first to the highest later response",
    },
    MeasureInfo {
        name: "increment",
        unit: "%",
        meaning: "rise of the first response from rest to 2 s after the brief effort",
    },
    MeasureInfo { name: "repaired_decrement", unit: "%", meaning: "decrement 2 s after the brief effort" },
    MeasureInfo {
        name: "exhaustion_decrement",
        unit: "%",
        meaning: "largest decrement 1, 2, 3 and 4 min after the long effort",
    },
    MeasureInfo {
        name: "exhaustion_time",
        unit: "min",
        meaning: "time of the largest decrement after the long effort, where it is 5 % or more",
    },
];

const PROTOCOL: &str = "Ten supramaximal stimuli at 3 Hz, skin 32 C or more: at rest; five of them 2 s after 10 s of maximal effort, and 1, 2, 3 and 4 \
                        min after 60 s of it. Decrement of the negative-peak amplitude; increment of the first response.";
const SOURCE: &str =
    "KNF guideline for repetitive nerve stimulation (3 Hz, 10 pulses, limit 10 %); 10 s of effort for the increment";

/// Hand muscle, ulnar nerve at the wrist.
pub const ULNAR: Item = Item {
    id: "lab.repetitive_stimulation.ulnar",
    title: "Repetitive stimulation, ulnar nerve to the hand",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("lab.repetitive_stimulation.ulnar", "abductor_digiti_minimi", subject, side, p),
};

/// Trapezius, accessory nerve.
pub const ACCESSORY: Item = Item {
    id: "lab.repetitive_stimulation.accessory",
    title: "Repetitive stimulation, accessory nerve to trapezius",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("lab.repetitive_stimulation.accessory", "trapezius", subject, side, p),
};

/// Frontalis, facial nerve.
pub const FACIAL: Item = Item {
    id: "lab.repetitive_stimulation.facial",
    title: "Repetitive stimulation, facial nerve to frontalis",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("lab.repetitive_stimulation.facial", "frontalis", subject, side, p),
};

/// Rest before the examination, and before the long effort, s.
const REST_S: f64 = 60.0;
/// From the end of an effort to the first stimulus, s.
const RELAXED_S: f64 = 2.0;
/// Stimuli of a train after effort: as many as its decrement is read from.
const AFTER_EFFORT: usize = 5;
/// When trains follow the long effort, min.
const FOLLOWING_MIN: [f64; 4] = [1.0, 2.0, 3.0, 4.0];
/// Smallest fall of which place and time mean something, %: twice the error of a decrement.
const SEEN_PERCENT: f64 = 5.0;

fn run(
    id: &'static str,
    muscle: &str,
    subject: &Subject<'_>,
    side: Side,
    parameters: &Parameters,
) -> Result<Study, ExamError> {
    let muscle = subject.muscle(id, side, muscle)?;
    let mut stimulated = Stimulated::new(subject, side, muscle, subject.noise(id, side), parameters.get("rate_hz"));
    let pulses = parameters.count("pulses");
    let rest = stimulated.train("at rest", REST_S, pulses);
    let pulses = pulses.min(AFTER_EFFORT);
    let mut after_brief = None;
    let brief_s = parameters.get("brief_effort_s");
    if brief_s > 0.0 {
        let end_s = stimulated.work(stimulated.now_s() + REST_S, brief_s);
        after_brief = Some(stimulated.train(&format!("after {brief_s} s of effort"), end_s + RELAXED_S, pulses));
    }
    let mut following = Vec::new();
    let long_s = parameters.get("long_effort_s");
    if long_s > 0.0 {
        let end_s = stimulated.work(stimulated.now_s() + REST_S, long_s);
        for minutes in FOLLOWING_MIN {
            let when = format!("after {long_s} s of effort, {minutes} min");
            following.push((minutes, stimulated.train(&when, end_s + 60.0 * minutes, pulses)));
        }
    }
    let measures = measures(&rest, after_brief.as_ref(), &following);
    let trains = std::iter::once(rest).chain(after_brief).chain(following.into_iter().map(|(_, train)| train));
    let recordings = trains.map(|t| t.recording).collect();
    Ok(Study { item: id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

fn measures(rest: &Train, after_brief: Option<&Train>, following: &[(f64, Train)]) -> Vec<Measure> {
    let highest = rest.amplitudes.iter().skip(1).copied().max_by(f64::total_cmp);
    let rise = |after: Option<f64>| increment_percent(rest.first()?, after?);
    let later: Vec<(f64, f64)> = following
        .iter()
        .filter_map(|(minutes, train)| Some((*minutes, decrement_percent(&train.amplitudes)?)))
        .collect();
    // Of equal falls the first.
    let worst = later.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.total_cmp(&a.0)));
    vec![
        Measure::new("cmap_amplitude", rest.first(), "mV"),
        Measure::new("decrement", decrement_percent(&rest.amplitudes), "%"),
        Measure::new("lowest_response", lowest_response(&rest.amplitudes, SEEN_PERCENT).map(|n| n as f64), "1"),
        Measure::new("train_increment", rise(highest), "%"),
        Measure::new("increment", rise(after_brief.and_then(Train::first)), "%"),
        Measure::new("repaired_decrement", after_brief.and_then(|t| decrement_percent(&t.amplitudes)), "%"),
        Measure::new("exhaustion_decrement", worst.map(|w| w.1), "%"),
        Measure::new("exhaustion_time", worst.filter(|w| w.1 >= SEEN_PERCENT).map(|w| w.0), "min"),
    ]
}
