//! The interference pattern at efforts from slight to full: turns, amplitude, their cloud, the envelope.

use tonus_physiology::field::needle::{NeedleModel, NeedlePlacement};
use tonus_physiology::junction::JunctionModel;
use tonus_signal::measures::interference::{envelope_uv, fullness_percent};
use tonus_signal::measures::turns::{TURN_UV, TurnsAmplitude, amplitude_at, turns_by_epoch};
use tonus_signal::measures::{mean, median};
use tonus_signal::{Measure, Recording, Side, Study};

use super::needle::{RATE_HZ, voluntary};
use super::steady_effort::Held;
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

/// Efforts at every position, fraction of the person's maximal one: from slight to full, as the analysis of a cloud asks for (the steps are assumed).
const EFFORTS: [(f64, &str); 4] = [(0.05, "5 %"), (0.2, "20 %"), (0.5, "50 %"), (1.0, "Full effort")];
/// Time recorded at each, s, and length of an epoch, s.
const SECONDS: f64 = 1.0;
const EPOCH_S: f64 = 0.5;
/// Turns at which the height of the cloud is read, 1/s: epochs of the slighter efforts in health, of full effort where few units are left (assumed).
const CLOUD_AT: f64 = 400.0;

const PARAMETERS: &[ParameterInfo] = &[ParameterInfo {
    name: "sites",
    unit: "1",
    default: 6.0,
    low: 1.0,
    high: 100.0,
    whole: true,
    meaning: "needle positions",
}];

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "turns", unit: "1/s", meaning: "turns of 100 uV or more at full effort, median of the epochs" },
    MeasureInfo {
        name: "turn_amplitude",
        unit: "uV",
        meaning: "mean amplitude between turns at full effort, median of the epochs",
    },
    MeasureInfo {
        name: "peak_ratio",
        unit: "1/(s uV)",
        meaning: "turns over amplitude, mean of the epochs of an effort, at the effort where it is largest",
    },
    MeasureInfo {
        name: "cloud_amplitude",
        unit: "uV",
        meaning: "amplitude at 400 turns a second, on the line through the logarithms of all epochs",
    },
    MeasureInfo {
        name: "envelope",
        unit: "uV",
        meaning: "span that 99 % of the signal keeps within at full effort, median of the positions",
    },
    MeasureInfo {
        name: "interference_fullness",
        unit: "%",
        meaning: "time at full effort that potentials fill, mean of the positions",
    },
];

macro_rules! item {
    ($(#[$doc:meta])* $constant:ident, $muscle:literal, $name:literal) => {
        $(#[$doc])*
        pub const $constant: Item = Item {
            id: concat!("lab.interference.", $muscle),
            title: concat!("Interference pattern, ", $name),
            protocol: "Concentric needle, 10 Hz - 10 kHz, six positions; at each, efforts of 5, 20, 50 and 100 % of maximal, 1 s each; epochs of 0.5 s. \
                       The last recording is the cloud: turns and amplitude of each epoch.",
            source: "turns after Willison 1964; cloud after Stalberg et al. 1983 Electroencephalogr Clin Neurophysiol 56:672; peak ratio after \
                     Fuglsang-Frederiksen (from memory)",
            parameters: PARAMETERS,
            measures: MEASURES,
            run: |subject, side, p| run(concat!("lab.interference.", $muscle), $muscle, subject, side, p),
        };
    };
}

item!(
    /// Biceps brachii.
    BICEPS_BRACHII,
    "biceps_brachii",
    "biceps brachii"
);
item!(
    /// Tibialis anterior.
    TIBIALIS_ANTERIOR,
    "tibialis_anterior",
    "tibialis anterior"
);
item!(
    /// First dorsal interosseous.
    FIRST_DORSAL_INTEROSSEOUS,
    "first_dorsal_interosseous",
    "first dorsal interosseous"
);

/// What one position gave at one effort.
struct Heard {
    effort: usize,
    uv: Vec<f64>,
    epochs: Vec<TurnsAmplitude>,
}

fn run(
    id: &'static str,
    muscle_id: &str,
    subject: &Subject<'_>,
    side: Side,
    parameters: &Parameters,
) -> Result<Study, ExamError> {
    let muscle = subject.muscle(id, side, muscle_id)?;
    let alive = subject.innervated(side, muscle);
    let seed = subject.noise(id, side);
    let muscle_seed = subject.muscle_seed(side, &muscle.id);
    let junctions = JunctionModel::new(&muscle.junction, muscle_seed.child("needle"));
    let held = Held { subject, item: id, side, muscle };
    let contractions = EFFORTS
        .iter()
        .map(|(effort, name)| held.contract(*effort, SECONDS, seed.child(name)))
        .collect::<Result<Vec<_>, ExamError>>()?;

    let fibres_seed = muscle_seed.child("fibres");
    let mut heard = Vec::new();
    for position in 0..parameters.count("sites") {
        let place =
            NeedlePlacement::random(&muscle.fibres, muscle.pool.units, fibres_seed.child("needle").index(position));
        let needle = NeedleModel::new(&muscle.fibres, muscle.pool.units, &alive, fibres_seed, place, RATE_HZ);
        for (effort, discharges) in contractions.iter().enumerate() {
            let seed = seed.child("position").index(position).child(EFFORTS[effort].1);
            let uv = voluntary(&junctions, position, &needle, discharges, SECONDS, seed);
            let epochs = turns_by_epoch(&uv, RATE_HZ, TURN_UV, EPOCH_S);
            heard.push(Heard { effort, uv, epochs });
        }
    }
    let measures = measures(&heard);
    let cloud = cloud(&heard);
    let traces = heard.into_iter().enumerate().map(|(k, h)| {
        let title = format!("{}, position {}", EFFORTS[h.effort].1, k / EFFORTS.len() + 1);
        Recording::titled(title).with_channel("needle", "uV", RATE_HZ, h.uv)
    });
    Ok(Study { item: id.to_owned(), side, measures, recordings: traces.chain([cloud]).collect(), wall_ms: 0.0 })
}

fn measures(heard: &[Heard]) -> Vec<Measure> {
    let full = || heard.iter().filter(|h| h.effort + 1 == EFFORTS.len());
    let epochs: Vec<TurnsAmplitude> = heard.iter().flat_map(|h| h.epochs.iter().copied()).collect();
    let at_full =
        |value: fn(&TurnsAmplitude) -> f64| median(&full().flat_map(|h| &h.epochs).map(value).collect::<Vec<_>>());
    let ratio_at = |effort: usize| {
        let here = heard.iter().filter(|h| h.effort == effort);
        mean(&here.flat_map(|h| &h.epochs).filter_map(TurnsAmplitude::ratio).collect::<Vec<_>>())
    };
    let peak_ratio = (0..EFFORTS.len()).filter_map(ratio_at).max_by(f64::total_cmp);
    let envelopes: Vec<f64> = full().filter_map(|h| envelope_uv(&h.uv, RATE_HZ)).collect();
    let fullness: Vec<f64> = full().filter_map(|h| fullness_percent(&h.uv, RATE_HZ)).collect();
    vec![
        Measure::new("turns", at_full(|e| e.turns_per_s), "1/s"),
        Measure::new("turn_amplitude", at_full(|e| e.amplitude_uv).filter(|a| *a > 0.0), "uV"),
        Measure::new("peak_ratio", peak_ratio, "1/(s uV)"),
        Measure::new("cloud_amplitude", amplitude_at(CLOUD_AT, &epochs), "uV"),
        Measure::new("envelope", median(&envelopes), "uV"),
        Measure::new("interference_fullness", mean(&fullness), "%"),
    ]
}

/// Turns and amplitude, one sample an epoch.
fn cloud(heard: &[Heard]) -> Recording {
    let of = |value: fn(&TurnsAmplitude) -> f64| heard.iter().flat_map(|h| &h.epochs).map(value).collect();
    Recording::titled("Cloud").with_channel("turns", "1/s", 1.0 / EPOCH_S, of(|e| e.turns_per_s)).with_channel(
        "amplitude",
        "uV",
        1.0 / EPOCH_S,
        of(|e| e.amplitude_uv),
    )
}
