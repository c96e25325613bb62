//! Decomposition-enhanced spike-triggered averaging: units followed by a needle during steady efforts, their potentials at the skin, and the
//! unit number from the mean of these.

use tonus_physiology::field::needle::{NeedleModel, NeedlePlacement};
use tonus_physiology::junction::JunctionModel;
use tonus_physiology::random::Seed;
use tonus_signal::measures::evoked::{EvokedCriteria, EvokedResponse, evoked_response};
use tonus_signal::measures::mean_unit::{Sample, UnitEstimate, number_by_mean_unit};
use tonus_signal::measures::spike::SpikeCriteria;
use tonus_signal::measures::spike_triggered::spike_triggered;
use tonus_signal::measures::unit_train::unit_trains;
use tonus_signal::recording::TRIGGER;
use tonus_signal::{Measure, Recording, Side, Study};

use super::needle::{RATE_HZ, voluntary};
use super::steady_effort::Held;
use super::surface_pair::{SurfacePair, maximal_criteria, maximal_recording};
use crate::emg::EMG_HZ;
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const ID: &str = "lab.mune_spike_triggered.tibialis_anterior";
const LABEL: &str = "tibialis anterior";

/// Efforts, fraction of maximal, and the measures that each gives. The first is the least at which units fire steadily.
const EFFORTS: [(f64, &str, &str); 5] = [
    (0.02, "units_at_threshold", "unit_size_at_threshold"),
    (0.10, "units_at_10", "unit_size_at_10"),
    (0.20, "units_at_20", "unit_size_at_20"),
    (0.30, "units_at_30", "unit_size_at_30"),
    (0.40, "units_at_40", "unit_size_at_40"),
];

const fn units(index: usize, meaning: &'static str) -> MeasureInfo {
    MeasureInfo { name: EFFORTS[index].1, unit: "1", meaning }
}

const fn size(index: usize, meaning: &'static str) -> MeasureInfo {
    MeasureInfo { name: EFFORTS[index].2, unit: "uV", meaning }
}

/// Tibialis anterior (fibular nerve).
pub const TIBIALIS_ANTERIOR: Item = Item {
    id: ID,
    title: "Unit number by spike-triggered averaging, tibialis anterior",
    protocol: "Belly-tendon electrodes and a concentric needle: the maximal response, then steady isometric efforts at threshold, 10, 20, 30 and 40 % of \
               maximal, heard at several needle positions. Units are told apart in the needle's signal and trigger the average of the surface's; \
               maximal response over the mean potential, of each effort and of all together.",
    source: "McNeil, Doherty, Stashuk & Rice 2005 Clin Neurophysiol 116:1342 (efforts, ensemble)",
    parameters: &[
        ParameterInfo {
            name: "positions",
            unit: "1",
            default: 5.0,
            low: 1.0,
            high: 50.0,
            whole: true,
            meaning: "needle positions",
        },
        ParameterInfo {
            name: "seconds",
            unit: "s",
            default: 10.0,
            low: 5.0,
            high: 120.0,
            whole: false,
            meaning: "length of each effort",
        },
    ],
    measures: &[
        MeasureInfo { name: "units", unit: "1", meaning: "maximal response over the mean potential of all efforts" },
        MeasureInfo { name: "unit_size", unit: "uV", meaning: "amplitude of that mean potential" },
        MeasureInfo { name: "sampled", unit: "1", meaning: "units in the sample" },
        units(0, "the same of the effort at threshold"),
        size(0, "amplitude of its mean potential"),
        units(1, "the same of 10 % effort"),
        size(1, "amplitude of its mean potential"),
        units(2, "the same of 20 % effort"),
        size(2, "amplitude of its mean potential"),
        units(3, "the same of 30 % effort"),
        size(3, "amplitude of its mean potential"),
        units(4, "the same of 40 % effort"),
        size(4, "amplitude of its mean potential"),
        MeasureInfo { name: "cmap_amplitude", unit: "mV", meaning: "maximal response, baseline to negative peak" },
        MeasureInfo {
            name: "true_units",
            unit: "1",
            meaning: "units whose impulses reach the muscle, known of the model and not read from the signal",
        },
    ],
    run,
};

/// Sweep of the average round a discharge, ms.
const SWEEP_MS: (f64, f64) = (25.0, 45.0);
/// Part of it before any potential of the unit, and in which the potential is looked for, ms from the discharge: the needle may lie
/// some way down the fibres, so that the surface comes first.
const QUIET_MS: (f64, f64) = (-25.0, -13.0);
const SEARCHED_MS: (f64, f64) = (-12.0, 35.0);
/// Fewest discharges of an average (50-100 in practice: from memory).
const FEWEST: usize = 50;
/// Least potential that is one, mV (assumed: a tenth of the mean one).
const LEAST_MV: f64 = 0.005;
/// Rest between efforts, s.
const REST_S: f64 = 60.0;

fn criteria() -> EvokedCriteria {
    EvokedCriteria {
        stimulus_ms: SWEEP_MS.0,
        baseline_ms: QUIET_MS,
        search_ms: SEARCHED_MS,
        smallest: LEAST_MV,
        ..EvokedCriteria::cmap_mv()
    }
}

fn run(subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let muscle = subject.muscle(ID, side, "tibialis_anterior")?;
    let seed: Seed = subject.noise(ID, side);
    let mut pair = SurfacePair::new(subject, side, muscle, seed);
    let (maximal, mut time_s) = pair.maximal(0.0);
    let held = Held { subject, item: ID, side, muscle };
    let fibres_seed = subject.muscle_seed(side, &muscle.id).child("fibres");
    let junctions = JunctionModel::new(&muscle.junction, subject.muscle_seed(side, &muscle.id).child("needle"));
    let seconds = parameters.get("seconds");
    let needles: Vec<NeedleModel> = (0..parameters.count("positions"))
        .map(|index| {
            let place = seed.child("needle").index(index);
            let placement = NeedlePlacement::random(&muscle.fibres, muscle.pool.units, place);
            NeedleModel::new(&muscle.fibres, muscle.pool.units, &pair.innervated, fibres_seed, placement, RATE_HZ)
        })
        .collect();

    let mut recordings = vec![maximal_recording(LABEL, maximal)];
    let mut by_effort = Vec::new();
    for (fraction, _, _) in EFFORTS {
        let seed = seed.child("effort").index((100.0 * fraction) as usize);
        let discharges = held.contract(fraction, seconds, seed)?;
        let surface = pair.effort(&discharges, time_s, seconds, seed);
        time_s += seconds + REST_S;
        let mut sample = Vec::new();
        for (index, needle) in needles.iter().enumerate() {
            let needle_uv =
                voluntary(&junctions, index, needle, &discharges, seconds, seed.child("needle").index(index));
            sample.extend(averages(&needle_uv, &surface));
        }
        recordings.push(averaged(fraction, &sample));
        by_effort.push(sample);
    }
    let measures = measures(&recordings[0], &by_effort, pair.true_units());
    Ok(Study { item: ID.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

/// Potentials at the skin of the units that the needle's signal shows.
fn averages(needle_uv: &[f64], surface_mv: &[f64]) -> Vec<Sample> {
    unit_trains(needle_uv, RATE_HZ, &SpikeCriteria::motor_units_uv())
        .iter()
        .filter_map(|unit| spike_triggered(surface_mv, EMG_HZ, &unit.times_s, SWEEP_MS))
        .filter(|average| average.sweeps >= FEWEST)
        .map(|average| Sample { wave_mv: average.samples, units: 1 })
        .collect()
}

/// The averages of one effort, one a channel.
fn averaged(fraction: f64, sample: &[Sample]) -> Recording {
    let titled = Recording::titled(format!("averages at {:.0} % effort, {LABEL}", 100.0 * fraction));
    let recording = sample.iter().enumerate().fold(titled, |recording, (k, s)| {
        recording.with_channel(&format!("unit {}", k + 1), "mV", EMG_HZ, s.wave_mv.clone())
    });
    recording.with_mark(SWEEP_MS.0 * 1e-3, TRIGGER)
}

/// What is read off the maximal response and the averages alone, and beside it the truth.
fn measures(maximal: &Recording, by_effort: &[Vec<Sample>], true_units: usize) -> Vec<Measure> {
    let wave = &maximal.channels[0];
    let cmap: Option<EvokedResponse> = evoked_response(&wave.samples, wave.rate_hz, &maximal_criteria());
    let estimate = |sample: &[Sample]| -> Option<UnitEstimate> {
        number_by_mean_unit(cmap?.amplitude, sample, EMG_HZ, &criteria())
    };
    let all = estimate(&by_effort.concat());
    let mut measures = vec![
        Measure::new("units", all.map(|e| e.units), "1"),
        Measure::new("unit_size", all.map(|e| e.size_uv), "uV"),
        Measure::new("sampled", all.map(|e| e.sampled as f64), "1"),
    ];
    for (sample, (_, units, size)) in by_effort.iter().zip(EFFORTS) {
        let found = estimate(sample);
        measures.push(Measure::new(units, found.map(|e| e.units), "1"));
        measures.push(Measure::new(size, found.map(|e| e.size_uv), "uV"));
    }
    measures.push(Measure::new("cmap_amplitude", cmap.map(|c| c.amplitude), "mV"));
    measures.push(Measure::new("true_units", true_units as f64, "1"));
    measures
}
