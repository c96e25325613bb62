//! Multipoint stimulation: all-or-none responses to weak shocks at several places along the nerve, and the unit number from their mean.

use tonus_physiology::nerve::motor_axon::MotorAxons;
use tonus_physiology::random::{Seed, Stream};
use tonus_signal::measures::evoked::{EvokedCriteria, evoked_response};
use tonus_signal::measures::mean_unit::{Sample, number_by_mean_unit};
use tonus_signal::recording::STIMULUS;
use tonus_signal::{Measure, Recording, Side, Study};

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
    id: "lab.mune_multipoint.abductor_pollicis_brevis",
    muscle: "abductor_pollicis_brevis",
    label: "abductor pollicis brevis",
};
const ADM: Place = Place {
    id: "lab.mune_multipoint.abductor_digiti_minimi",
    muscle: "abductor_digiti_minimi",
    label: "abductor digiti minimi",
};

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "units", unit: "1", meaning: "maximal response over the mean potential, aligned by onset" },
    MeasureInfo {
        name: "units_by_amplitude",
        unit: "1",
        meaning: "maximal response over the mean of the potentials' amplitudes",
    },
    MeasureInfo { name: "unit_size", unit: "uV", meaning: "amplitude of the mean potential" },
    MeasureInfo { name: "cmap_amplitude", unit: "mV", meaning: "maximal response, baseline to negative peak" },
    MeasureInfo { name: "sampled", unit: "1", meaning: "increments in the sample" },
    MeasureInfo {
        name: "true_units",
        unit: "1",
        meaning: "units whose impulses reach the muscle, known of the model and not read from the signal",
    },
];

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "sites",
        unit: "1",
        default: 10.0,
        low: 1.0,
        high: 40.0,
        whole: true,
        meaning: "places of stimulation along the nerve",
    },
    ParameterInfo {
        name: "increments",
        unit: "1",
        default: 1.0,
        low: 1.0,
        high: 10.0,
        whole: true,
        meaning: "all-or-none increments at each",
    },
];

type Run = fn(&Subject<'_>, Side, &Parameters) -> Result<Study, ExamError>;

const fn item(id: &'static str, title: &'static str, run: Run) -> Item {
    Item {
        id,
        title,
        protocol: "Belly-tendon electrodes: the maximal response, then at each of ten places of the nerve, wrist to elbow, the current is raised from below \
                   threshold by 1 % until an all-or-none response of 25 uV or more comes three times alike. Maximal response over the mean potential.",
        source: "Doherty & Brown 1993 Muscle Nerve 16:1355 (from memory); three increments at three places: Shefner et al. 2011 Neurology 77:235",
        parameters: PARAMETERS,
        measures: MEASURES,
        run,
    }
}

/// Median nerve to abductor pollicis brevis.
pub const ABDUCTOR_POLLICIS_BREVIS: Item =
    item(APB.id, "Unit number by multipoint stimulation, abductor pollicis brevis", |subject, side, p| {
        run(&APB, subject, side, p)
    });

/// Ulnar nerve to abductor digiti minimi.
pub const ABDUCTOR_DIGITI_MINIMI: Item =
    item(ADM.id, "Unit number by multipoint stimulation, abductor digiti minimi", |subject, side, p| {
        run(&ADM, subject, side, p)
    });

/// Currents that are tried, in thresholds of the median axon, and the factor from one to the next.
const CURRENTS: (f64, f64) = (0.2, 4.0);
const CURRENT_STEP: f64 = 1.01;
/// Shocks at each current, how many of them must give the same response, and seconds between them (Shefner et al. 2011: three of the
/// same, from memory; shocks at each current assumed).
const SHOCKS: usize = 10;
const SAME: usize = 3;
const INTERVAL_S: f64 = 1.0;
/// Least growth of the response that is an increment; responses nearer to one another are called the same, mV (25 uV: Shefner et al.
/// 2011, from memory).
const INCREMENT_MV: f64 = 0.025;
/// Where the current has passed an increment without its being seen, it is lowered by so much and raised again, so often (assumed).
const STEP_BACK: f64 = 0.95;
const TRIES: usize = 4;
/// Places in the last stretch of the nerve of every three; the third lies at the start of the stretch before (wrist, wrist, elbow).
const DISTAL_OF_THREE: usize = 2;

fn run(place: &Place, subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let muscle = subject.muscle(place.id, side, place.muscle)?;
    let seed: Seed = subject.noise(place.id, side);
    let mut pair = SurfacePair::new(subject, side, muscle, seed);
    let (maximal, mut time_s) = pair.maximal(0.0);
    let last = pair.axons.segments().saturating_sub(1);
    let wanted = parameters.count("increments");
    let mut sample = Vec::new();
    for site in 0..parameters.count("sites") {
        let axons = pair.axons.as_ref().clone().at_place(&muscle.axons, site, subject.muscle_seed(side, &muscle.id));
        let stretch = if site % 3 < DISTAL_OF_THREE { last } else { last.saturating_sub(1) };
        let seed = seed.child("site").index(site);
        let mut operator = Operator { pair: &mut pair, axons: &axons, stretch, seed, luck: seed.stream("threshold") };
        sample.extend(operator.increments(wanted, &mut time_s));
    }
    let recordings = vec![maximal_recording(place.label, maximal), sampled(place.label, &sample)];
    let mut measures = measures(&recordings[0], &sample);
    measures.push(Measure::new("true_units", pair.true_units() as f64, "1"));
    Ok(Study { item: place.id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

/// The potentials of the sample, one a channel.
fn sampled(label: &str, sample: &[Sample]) -> Recording {
    let titled = Recording::titled(format!("all-or-none responses, {label}"));
    let recording = sample.iter().enumerate().fold(titled, |recording, (k, s)| {
        recording.with_channel(&format!("place {}", k + 1), "mV", EMG_HZ, s.wave_mv.clone())
    });
    recording.with_mark(BEFORE_MS * 1e-3, STIMULUS)
}

/// What is read off the maximal response and the sample alone.
fn measures(maximal: &Recording, sample: &[Sample]) -> Vec<Measure> {
    let wave = &maximal.channels[0];
    let cmap = evoked_response(&wave.samples, wave.rate_hz, &maximal_criteria());
    // Half an increment: waves of the sample have been chosen by their size already.
    let criteria = EvokedCriteria { smallest: 0.5 * INCREMENT_MV, noise_factor: 3.0, ..maximal_criteria() };
    let found = cmap.and_then(|c| number_by_mean_unit(c.amplitude, sample, EMG_HZ, &criteria));
    vec![
        Measure::new("units", found.map(|f| f.units), "1"),
        Measure::new("units_by_amplitude", found.map(|f| f.units_by_amplitude), "1"),
        Measure::new("unit_size", found.map(|f| f.size_uv), "uV"),
        Measure::new("cmap_amplitude", cmap.map(|c| c.amplitude), "mV"),
        Measure::new("sampled", found.map(|f| f.sampled as f64), "1"),
    ]
}

/// Somebody who raises the current at one place of the nerve and watches the screen.
struct Operator<'o> {
    pair: &'o mut SurfacePair,
    axons: &'o MotorAxons,
    stretch: usize,
    seed: Seed,
    luck: Stream,
}

impl Operator<'_> {
    /// The response after `wanted` all-or-none increments, or after as many as come. An increment is the least response above the level
    /// reached that comes three times at one current; that stronger ones come too, as thresholds overlap, or none, does not matter.
    fn increments(&mut self, wanted: usize, time_s: &mut f64) -> Option<Sample> {
        let mut level_mv = None;
        let mut sample = None;
        let mut current = CURRENTS.0;
        let (mut shock, mut passed) = (0, 0);
        while current <= CURRENTS.1 {
            let mut waves: Vec<(f64, Vec<f64>)> = (0..SHOCKS)
                .map(|_| {
                    *time_s += INTERVAL_S;
                    shock += 1;
                    let wave = self.shock(current, *time_s, self.seed.child("shock").index(shock));
                    (peak_mv(&wave), wave)
                })
                .collect();
            current *= CURRENT_STEP;
            waves.sort_by(|a, b| a.0.total_cmp(&b.0));
            // The first current is below every threshold: its size is that of the noise.
            let level = *level_mv.get_or_insert(waves[SHOCKS / 2].0);
            waves.retain(|w| w.0 >= level + INCREMENT_MV);
            let alike = waves.iter().take_while(|w| w.0 <= waves[0].0 + INCREMENT_MV).count();
            if alike < SAME {
                if waves.len() == SHOCKS {
                    passed += 1;
                    current *= STEP_BACK;
                }
                if passed == TRIES {
                    break;
                }
                continue;
            }
            waves.truncate(alike);
            level_mv = Some(waves.iter().map(|w| w.0).sum::<f64>() / alike as f64);
            let units = sample.as_ref().map_or(0, |s: &Sample| s.units) + 1;
            let length = waves[0].1.len();
            let wave_mv = (0..length).map(|k| waves.iter().map(|w| w.1[k]).sum::<f64>() / alike as f64).collect();
            sample = Some(Sample { wave_mv, units });
            if units == wanted {
                break;
            }
        }
        sample
    }

    fn shock(&mut self, current: f64, time_s: f64, noise: Seed) -> Vec<f64> {
        let axons = self.axons;
        let excited: Vec<bool> = (0..axons.units()).map(|unit| axons.excited(unit, current, &mut self.luck)).collect();
        let arrivals = self.pair.arrivals(self.stretch, |unit| excited[unit]);
        self.pair.response(&arrivals, time_s, noise)
    }
}

/// Negative peak after the shock about the baseline before it, mV, as an operator reads it off the screen.
fn peak_mv(sweep: &[f64]) -> f64 {
    let before = ((BEFORE_MS * 1e-3 * EMG_HZ) as usize).min(sweep.len());
    let baseline = sweep[..before].iter().sum::<f64>() / before.max(1) as f64;
    baseline - sweep[before..].iter().copied().fold(baseline, f64::min)
}
