//! Antidromic sensory conduction over 14 cm.

use tonus_physiology::nerve::sensory_axon::SensoryAxons;
use tonus_signal::measures::evoked::{EvokedCriteria, evoked_response};
use tonus_signal::{Measure, Recording, Side, Study};

use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject, emg};

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "distance_m",
        unit: "m",
        default: 0.14,
        low: 0.05,
        high: 0.3,
        whole: false,
        meaning: "cathode to active electrode in an adult of 1.70 m; scaled with height",
    },
    ParameterInfo {
        name: "averages",
        unit: "1",
        default: 20.0,
        low: 1.0,
        high: 1000.0,
        whole: false,
        meaning: "sweeps averaged",
    },
];

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "amplitude", unit: "uV", meaning: "baseline to negative peak" },
    MeasureInfo { name: "onset_latency", unit: "ms", meaning: "stimulus to onset (positive peak where there is one)" },
    MeasureInfo { name: "peak_latency", unit: "ms", meaning: "stimulus to negative peak" },
    MeasureInfo { name: "velocity", unit: "m/s", meaning: "distance over onset latency" },
];

const PROTOCOL: &str = "Antidromic, surface electrodes 4 cm apart, supramaximal 0.1 ms stimuli 14 cm proximal of the active \
                        electrode (scaled with height in children), averaged.";

/// Ulnar nerve, digit V.
pub const ULNAR: Item = Item {
    id: "lab.sensory_conduction.ulnar",
    title: "Ulnar sensory conduction, digit V",
    protocol: PROTOCOL,
    source: "Buschbacher 1999 Am J Phys Med Rehabil 78 (set-up)",
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, parameters| {
        run("lab.sensory_conduction.ulnar", "ulnar_digit_5", "digit V", subject, side, parameters)
    },
};

/// Sural nerve at the ankle.
pub const SURAL: Item = Item {
    id: "lab.sensory_conduction.sural",
    title: "Sural conduction",
    protocol: PROTOCOL,
    source: "Buschbacher 2003 Am J Phys Med Rehabil 82 (set-up)",
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, parameters| run("lab.sensory_conduction.sural", "sural", "ankle", subject, side, parameters),
};

const RATE_HZ: f64 = 40_000.0;
const BEFORE_MS: f64 = 2.0;
const SWEEP_MS: f64 = 30.0;
const ELECTRODE_SEPARATION_M: f64 = 0.04;
/// Height from which on the limb has room for the standard distance, m; below it the distance shrinks with the limb
/// (assumed: adults are studied at the full distance, and the norms are theirs).
const FULL_DISTANCE_FROM_M: f64 = 1.45;
/// Noise of one sensory sweep, uV rms (1-2 uV after filters, before averaging).
const NOISE_UV: f64 = 1.5;

fn run(
    id: &'static str,
    nerve: &str,
    site: &str,
    subject: &Subject<'_>,
    side: Side,
    parameters: &Parameters,
) -> Result<Study, ExamError> {
    let nerve = subject.sensory_nerve(id, side, nerve)?;
    let axons = SensoryAxons::new(&nerve.axons, subject.anatomy_seed(side, &nerve.id));
    let distance_m = parameters.get("distance_m") * (subject.body().person.height_m / FULL_DISTANCE_FROM_M).min(1.0);
    let before = (BEFORE_MS * 1e-3 * RATE_HZ) as usize;
    let mut sweep = vec![0.0; before];
    sweep.extend(axons.snap(distance_m, ELECTRODE_SEPARATION_M, RATE_HZ, SWEEP_MS));
    let averages = parameters.get("averages");
    emg::add_noise(&mut sweep, NOISE_UV / averages.sqrt(), subject.noise(id, side));

    let criteria = EvokedCriteria { stimulus_ms: BEFORE_MS, ..EvokedCriteria::snap_uv() };
    let response = evoked_response(&sweep, RATE_HZ, &criteria);
    let measures = vec![
        Measure::new("amplitude", response.map(|r| r.amplitude), "uV"),
        Measure::new("onset_latency", response.map(|r| r.onset_ms), "ms"),
        Measure::new("peak_latency", response.map(|r| r.peak_ms), "ms"),
        Measure::new("velocity", response.map(|r| distance_m * 1e3 / r.onset_ms), "m/s"),
    ];
    let recordings = vec![
        Recording::titled(format!("Sensory, {site}"))
            .with_channel(site, "uV", RATE_HZ, sweep)
            .with_mark(BEFORE_MS * 1e-3, "stimulus"),
    ];
    Ok(Study { item: id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}
