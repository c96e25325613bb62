//! Repetitive nerve stimulation: the compound potential of a train of supramaximal stimuli.

use tonus_signal::measures::decrement::decrement_percent;
use tonus_signal::measures::evoked::{EvokedCriteria, evoked_response};
use tonus_signal::recording::STIMULUS;
use tonus_signal::{Measure, Recording, Side, Study};

use crate::emg::{self, EndplateBank, RATE_HZ};
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
        meaning: "stimulation rate",
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
];

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "cmap_amplitude", unit: "mV", meaning: "first response, baseline to negative peak" },
    MeasureInfo { name: "decrement", unit: "%", meaning: "fall from the first to the lowest of responses 2 to 5" },
];

const PROTOCOL: &str =
    "Ten supramaximal stimuli at 3 Hz, at rest, skin 32 C or more; decrement of the negative-peak amplitude.";
const SOURCE: &str = "KNF guideline for repetitive nerve stimulation (3 Hz, 10 pulses, limit 10 %)";

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

const BEFORE_MS: f64 = 2.0;
const SWEEP_MS: f64 = 50.0;
/// Movement and electrode noise between responses, mV rms (decrement is known to about 2 %).
const NOISE_MV: f64 = 0.005;

fn run(
    id: &'static str,
    muscle: &str,
    subject: &Subject<'_>,
    side: Side,
    parameters: &Parameters,
) -> Result<Study, ExamError> {
    let muscle = subject.muscle(id, side, muscle)?;
    let axons = subject.axons(side, muscle);
    let compound = subject.compound(side, muscle, RATE_HZ);
    let innervated = subject.innervated(side, muscle);
    let seed = subject.noise(id, side);
    // Stimulated over the last stretch of nerve before the muscle.
    let site = axons.segments() - 1;
    let arrivals: Vec<(usize, f64)> = innervated
        .iter()
        .enumerate()
        .filter(|(_, alive)| **alive)
        .filter_map(|(unit, _)| Some((unit, 0.1 + axons.delay_ms(unit, site, site)?)))
        .collect();
    let mut endplates = EndplateBank::new(&compound, &muscle.junction, seed.child("endplates"));
    let criteria =
        EvokedCriteria { stimulus_ms: BEFORE_MS, search_ms: (1.0, SWEEP_MS - BEFORE_MS), ..EvokedCriteria::cmap_mv() };
    let rate_hz = parameters.get("rate_hz");
    // One trace in time, as the machine runs through the train: at a fast rate a response rides on the end of the one before.
    let samples = |ms: f64| (ms * 1e-3 * RATE_HZ).round() as usize;
    let pulses = parameters.count("pulses");
    let starts: Vec<usize> = (0..pulses).map(|pulse| samples(pulse as f64 * 1e3 / rate_hz)).collect();
    let last = starts.last().copied().unwrap_or(0);
    let mut trace = vec![0.0; last + samples(SWEEP_MS)];
    let mut recording = Recording::titled(format!("Repetitive stimulation, {rate_hz} Hz"));
    for (pulse, &start) in starts.iter().enumerate() {
        let time_s = 10.0 + pulse as f64 / rate_hz;
        endplates.respond(&compound, time_s, BEFORE_MS, &arrivals, &mut trace[start..start + samples(SWEEP_MS)]);
        recording = recording.with_mark(start as f64 / RATE_HZ + BEFORE_MS * 1e-3, STIMULUS);
    }
    emg::add_noise(&mut trace, NOISE_MV, seed);
    recording = recording.with_channel("CMAP", "mV", RATE_HZ, trace);
    let amplitudes: Vec<f64> = recording
        .sweeps(BEFORE_MS * 1e-3, SWEEP_MS * 1e-3)
        .map(|sweep| evoked_response(sweep, RATE_HZ, &criteria).map_or(0.0, |r| r.amplitude))
        .collect();
    let first = amplitudes.first().copied().filter(|a| *a > 0.0);
    let measures = vec![
        Measure::new("cmap_amplitude", first, "mV"),
        Measure::new("decrement", decrement_percent(&amplitudes), "%"),
    ];
    Ok(Study { item: id.to_owned(), side, measures, recordings: vec![recording], wall_ms: 0.0 })
}
