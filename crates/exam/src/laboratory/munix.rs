//! Motor unit number index: a maximal response and the surface interference pattern at graded efforts.

use tonus_physiology::random::Seed;
use tonus_signal::measures::evoked::evoked_response;
use tonus_signal::measures::mean;
use tonus_signal::measures::munix::{Content, content, munix};
use tonus_signal::{Annotation, Measure, Recording, Side, Study};

use super::steady_effort::Held;
use super::surface_pair::{BEFORE_MS, SurfacePair, maximal_criteria, maximal_recording};
use crate::emg::EMG_HZ;
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

/// A muscle with its label.
struct Place {
    id: &'static str,
    muscle: &'static str,
    label: &'static str,
}

const APB: Place = Place {
    id: "lab.munix.abductor_pollicis_brevis",
    muscle: "abductor_pollicis_brevis",
    label: "abductor pollicis brevis",
};
const ADM: Place =
    Place { id: "lab.munix.abductor_digiti_minimi", muscle: "abductor_digiti_minimi", label: "abductor digiti minimi" };
const TA: Place = Place { id: "lab.munix.tibialis_anterior", muscle: "tibialis_anterior", label: "tibialis anterior" };

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "munix", unit: "1", meaning: "motor unit number index" },
    MeasureInfo { name: "musix", unit: "uV", meaning: "motor unit size index: maximal response over the number index" },
    MeasureInfo { name: "cmap_amplitude", unit: "mV", meaning: "maximal response, baseline to negative peak" },
    MeasureInfo { name: "exponent", unit: "1", meaning: "slope of the logarithm of the count over that of the area" },
    MeasureInfo { name: "epochs", unit: "1", meaning: "epochs that counted" },
    MeasureInfo {
        name: "true_units",
        unit: "1",
        meaning: "units whose impulses reach the muscle, known of the model and not read from the signal",
    },
];

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "efforts",
        unit: "1",
        default: 10.0,
        low: 3.0,
        high: 50.0,
        whole: true,
        meaning: "levels of effort, evenly up to maximal",
    },
    ParameterInfo {
        name: "epochs",
        unit: "1",
        default: 3.0,
        low: 1.0,
        high: 20.0,
        whole: true,
        meaning: "epochs at each effort",
    },
    ParameterInfo {
        name: "epoch_s",
        unit: "s",
        default: 0.5,
        low: 0.3,
        high: 0.5,
        whole: false,
        meaning: "length of an epoch",
    },
];

type Run = fn(&Subject<'_>, Side, &Parameters) -> Result<Study, ExamError>;

const fn item(id: &'static str, title: &'static str, run: Run) -> Item {
    Item {
        id,
        title,
        protocol: "Belly-tendon electrodes: the maximal response, then steady isometric efforts of 10 to 100 %, epochs of half a second of each. \
                   Power and area of the epochs against those of the response, read at 20 mV ms.",
        source: "Nandedkar, Nandedkar, Barkhaus & Stalberg 2004 IEEE Trans Biomed Eng 51:2209 (from memory); Nandedkar, Barkhaus & Stalberg 2010 Muscle Nerve 42:798 (from memory)",
        parameters: PARAMETERS,
        measures: MEASURES,
        run,
    }
}

/// Abductor pollicis brevis (median nerve).
pub const ABDUCTOR_POLLICIS_BREVIS: Item =
    item(APB.id, "Motor unit number index, abductor pollicis brevis", |subject, side, p| run(&APB, subject, side, p));

/// Abductor digiti minimi (ulnar nerve).
pub const ABDUCTOR_DIGITI_MINIMI: Item =
    item(ADM.id, "Motor unit number index, abductor digiti minimi", |subject, side, p| run(&ADM, subject, side, p));

/// Tibialis anterior (fibular nerve).
pub const TIBIALIS_ANTERIOR: Item =
    item(TA.id, "Motor unit number index, tibialis anterior", |subject, side, p| run(&TA, subject, side, p));

/// Text of the annotation over an epoch.
const EPOCH: &str = "epoch";
/// Rest between efforts, s (assumed: fatigue and depression of the junctions pass).
const REST_S: f64 = 30.0;

fn run(place: &Place, subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let muscle = subject.muscle(place.id, side, place.muscle)?;
    let seed: Seed = subject.noise(place.id, side);
    let mut pair = SurfacePair::new(subject, side, muscle, seed);
    let (maximal, mut time_s) = pair.maximal(0.0);
    let held = Held { subject, item: place.id, side, muscle };

    let (levels, epochs) = (parameters.count("efforts"), parameters.count("epochs"));
    let epoch_s = parameters.get("epoch_s");
    let mut signal = Vec::new();
    let mut annotations = Vec::new();
    for level in 1..=levels {
        let seed = seed.child("effort").index(level);
        let seconds = epoch_s * epochs as f64;
        let discharges = held.contract(level as f64 / levels as f64, seconds, seed)?;
        let start_s = signal.len() as f64 / EMG_HZ;
        annotations.extend((0..epochs).map(|k| Annotation {
            onset_s: start_s + epoch_s * k as f64,
            duration_s: epoch_s,
            text: EPOCH.to_owned(),
        }));
        signal.extend(pair.effort(&discharges, time_s, seconds, seed));
        time_s += seconds + REST_S;
    }
    let title = format!("graded efforts, {}", place.label);
    let pattern = Recording { annotations, ..Recording::titled(title).with_channel(place.label, "mV", EMG_HZ, signal) };
    let recordings = vec![maximal_recording(place.label, maximal), pattern];
    let mut measures = measures(&recordings[0], &recordings[1]);
    measures.push(Measure::new("true_units", pair.true_units() as f64, "1"));
    Ok(Study { item: place.id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

/// What is read off the two recordings alone.
fn measures(maximal: &Recording, pattern: &Recording) -> Vec<Measure> {
    let (wave, efforts) = (&maximal.channels[0], &pattern.channels[0]);
    let cmap = evoked_response(&wave.samples, wave.rate_hz, &maximal_criteria());
    let after = ((BEFORE_MS * 1e-3 * wave.rate_hz).round() as usize).min(wave.samples.len());
    let whole = cmap.and_then(|c| content(&wave.samples[after..], c.baseline, wave.rate_hz));
    let epochs: Vec<Content> = pattern
        .annotations
        .iter()
        .filter(|a| a.text == EPOCH)
        .filter_map(|a| {
            let at = |s: f64| ((s * efforts.rate_hz).round() as usize).min(efforts.samples.len());
            let epoch = &efforts.samples[at(a.onset_s)..at(a.onset_s + a.duration_s)];
            content(epoch, mean(epoch)?, efforts.rate_hz)
        })
        .collect();
    let found = whole.zip(cmap).and_then(|(whole, c)| munix(whole, c.amplitude, &epochs));
    vec![
        Measure::new("munix", found.map(|m| m.index), "1"),
        Measure::new("musix", found.map(|m| m.size_uv), "uV"),
        Measure::new("cmap_amplitude", cmap.map(|c| c.amplitude), "mV"),
        Measure::new("exponent", found.map(|m| m.exponent), "1"),
        Measure::new("epochs", found.map(|m| m.epochs as f64), "1"),
    ]
}
