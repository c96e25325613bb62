//! Antidromic sensory conduction, nerve by nerve.

use tonus_physiology::nerve::cooling;
use tonus_physiology::nerve::sensory_axon::{SensoryAxonParameters, SensoryAxons};
use tonus_signal::measures::evoked::{EvokedCriteria, evoked_response};
use tonus_signal::{Measure, Recording, Side, Study};

use crate::item::{MeasureInfo, ParameterInfo};
use crate::laboratory::SKIN_TEMPERATURE;
use crate::{ExamError, Item, Parameters, Subject, emg};

/// A nerve and where it is recorded.
struct Place {
    id: &'static str,
    nerve: &'static str,
    site: &'static str,
}

/// Parameters of a study over this distance, m.
const fn parameters(distance_m: f64) -> [ParameterInfo; 3] {
    [
        ParameterInfo {
            name: "distance_m",
            unit: "m",
            default: distance_m,
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
        SKIN_TEMPERATURE,
    ]
}

const OVER_14_CM: &[ParameterInfo] = &parameters(0.14);
const OVER_10_CM: &[ParameterInfo] = &parameters(0.10);

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "amplitude", unit: "uV", meaning: "baseline to negative peak" },
    MeasureInfo { name: "onset_latency", unit: "ms", meaning: "stimulus to onset (positive peak where there is one)" },
    MeasureInfo { name: "peak_latency", unit: "ms", meaning: "stimulus to negative peak" },
    MeasureInfo { name: "velocity", unit: "m/s", meaning: "distance over onset latency" },
];

const PROTOCOL: &str = "Antidromic, surface electrodes 4 cm apart, supramaximal 0.1 ms stimuli 14 cm (radial nerve: 10 cm) proximal of the active \
                        electrode (scaled with height in children), averaged.";

type Run = fn(&Subject<'_>, Side, &Parameters) -> Result<Study, ExamError>;

const fn item(
    place: &Place,
    title: &'static str,
    source: &'static str,
    parameters: &'static [ParameterInfo],
    run: Run,
) -> Item {
    Item { id: place.id, title, protocol: PROTOCOL, source, parameters, measures: MEASURES, run }
}

const MEDIAN_PLACE: Place = Place { id: "lab.sensory_conduction.median", nerve: "median_digit_2", site: "digit II" };
const ULNAR_PLACE: Place = Place { id: "lab.sensory_conduction.ulnar", nerve: "ulnar_digit_5", site: "digit V" };
const RADIAL_PLACE: Place =
    Place { id: "lab.sensory_conduction.radial", nerve: "superficial_radial", site: "back of the hand" };
const SURAL_PLACE: Place = Place { id: "lab.sensory_conduction.sural", nerve: "sural", site: "ankle" };
const FIBULAR_PLACE: Place = Place {
    id: "lab.sensory_conduction.superficial_fibular",
    nerve: "superficial_fibular",
    site: "front of the ankle",
};

/// Median nerve, digit II.
pub const MEDIAN: Item = item(
    &MEDIAN_PLACE,
    "Median sensory conduction, digit II",
    "Buschbacher 1999 Am J Phys Med Rehabil 78 (set-up)",
    OVER_14_CM,
    |subject, side, p| run(&MEDIAN_PLACE, subject, side, p),
);

/// Ulnar nerve, digit V.
pub const ULNAR: Item = item(
    &ULNAR_PLACE,
    "Ulnar sensory conduction, digit V",
    "Buschbacher 1999 Am J Phys Med Rehabil 78 (set-up)",
    OVER_14_CM,
    |subject, side, p| run(&ULNAR_PLACE, subject, side, p),
);

/// Superficial radial nerve on the back of the hand.
pub const RADIAL: Item = item(
    &RADIAL_PLACE,
    "Superficial radial conduction",
    "Bun et al. 2007 J Korean Acad Rehabil Med 31:557 (set-up)",
    OVER_10_CM,
    |subject, side, p| run(&RADIAL_PLACE, subject, side, p),
);

/// Sural nerve at the ankle.
pub const SURAL: Item = item(
    &SURAL_PLACE,
    "Sural conduction",
    "Buschbacher 2003 Am J Phys Med Rehabil 82 (set-up)",
    OVER_14_CM,
    |subject, side, p| run(&SURAL_PLACE, subject, side, p),
);

/// Superficial fibular nerve at the ankle.
pub const SUPERFICIAL_FIBULAR: Item = item(
    &FIBULAR_PLACE,
    "Superficial fibular conduction",
    "Kim et al. 2022 Ann Rehabil Med 46(1) (nerve and electrodes); distance as the sural nerve",
    OVER_14_CM,
    |subject, side, p| run(&FIBULAR_PLACE, subject, side, p),
);

const RATE_HZ: f64 = 40_000.0;
const BEFORE_MS: f64 = 2.0;
const SWEEP_MS: f64 = 30.0;
const ELECTRODE_SEPARATION_M: f64 = 0.04;
/// Height from which on the limb has room for the standard distance, m; below it the distance shrinks with the limb
/// (assumed: adults are studied at the full distance, and the norms are theirs).
const FULL_DISTANCE_FROM_M: f64 = 1.45;
/// Noise of one sensory sweep, uV rms (1-2 uV after filters, before averaging).
const NOISE_UV: f64 = 1.5;

fn run(place: &Place, subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let Place { id, nerve, site } = *place;
    let nerve = subject.sensory_nerve(id, side, nerve)?;
    let segments = cooling::cooled(&nerve.axons.segments, parameters.get("temperature_c"));
    let axons = SensoryAxons::new(
        &SensoryAxonParameters { segments, ..nerve.axons.clone() },
        subject.anatomy_seed(side, &nerve.id),
    );
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
