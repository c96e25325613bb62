//! Motor conduction: supramaximal stimuli along a nerve, the compound potential of its muscle, and F waves.

mod f_waves;
mod studies;

use tonus_body::Muscle;
use tonus_physiology::nerve::cooling::{self, TABLE_SKIN_C};
use tonus_physiology::nerve::motor_axon::{MotorAxonParameters, MotorAxons};
use tonus_signal::measures::evoked::{EvokedCriteria, EvokedResponse, conduction_velocity_m_s, evoked_response};
use tonus_signal::recording::STIMULUS;
use tonus_signal::{Measure, Recording, Side, Study, Value};

use crate::emg::{self, EndplateBank, JUNCTION_MS, RATE_HZ};
use crate::{ExamError, Parameters, Subject};

pub use studies::{FACIAL, FIBULAR, MEDIAN, RADIAL, TIBIAL, ULNAR, ULNAR_FIRST_DORSAL_INTEROSSEOUS};

/// A nerve, its muscle, and where the nerve is stimulated.
struct MotorStudy {
    id: &'static str,
    nerve: &'static str,
    muscle: &'static str,
    /// The muscle's short name on a trace.
    label: &'static str,
    /// Distal first.
    sites: &'static [Site],
    /// Measures of velocity, each from the site of its place in this list to the next one up the nerve.
    velocities: &'static [&'static str],
    f_waves: bool,
}

/// Where the cathode stands: the cord end of a stretch of the muscle's path.
struct Site {
    label: &'static str,
    stretch: &'static str,
}

/// Time before the stimulus that a sweep shows, ms.
const BEFORE_MS: f64 = 2.0;
/// Length of a sweep, ms: long enough for the slowest demyelinated F wave (4 m/s slower than 10 m/s are lost).
const SWEEP_MS: f64 = 120.0;
/// Part of a sweep that is recorded of an M wave, ms.
const SHOWN_MS: f64 = 40.0;
/// Stimulus to impulse at the node under the cathode, ms (assumed, usual textbook value).
const SITE_DELAY_MS: f64 = 0.1;
/// Amplifier and skin noise of a motor study, mV rms (10-20 uV peak to peak).
const NOISE_MV: f64 = 0.003;

/// The nerve and its muscle on the couch.
struct Stimulated<'a> {
    muscle: &'a Muscle,
    axons: MotorAxons,
    innervated: Vec<bool>,
    /// What a cooled junction takes longer than one at the temperature of the tables, ms.
    junction_ms: f64,
}

impl<'a> Stimulated<'a> {
    fn new(subject: &Subject<'_>, side: Side, muscle: &'a Muscle, skin_c: f64) -> Self {
        let (axons, junction_ms) = if skin_c == TABLE_SKIN_C {
            (subject.axons(side, muscle).as_ref().clone(), 0.0)
        } else {
            let segments = cooling::cooled(&muscle.axons.segments, skin_c);
            let parameters = MotorAxonParameters { segments, ..muscle.axons.clone() };
            let axons = MotorAxons::new(&parameters, muscle.pool.units, subject.muscle_seed(side, &muscle.id));
            let at_endplate = muscle.axons.segments.last().map_or(TABLE_SKIN_C, |s| s.temperature_c);
            (axons, JUNCTION_MS * (cooling::junction_delay_factor(at_endplate, skin_c) - 1.0))
        };
        Self { muscle, axons, innervated: subject.innervated(side, muscle), junction_ms }
    }

    /// Impulses that a supramaximal stimulus at the start of segment `site` sends to the endplates: (unit, ms after the stimulus).
    fn m_wave_arrivals(&self, site: usize) -> Vec<(usize, f64)> {
        let last = self.axons.segments() - 1;
        let living = self.innervated.iter().enumerate().filter(|(_, alive)| **alive);
        living.filter_map(|(unit, _)| Some((unit, self.late(self.axons.delay_ms(unit, site, last)?)))).collect()
    }

    /// From the stimulus to the endplate, the cold junction's delay included, ms.
    fn late(&self, conduction_ms: f64) -> f64 {
        SITE_DELAY_MS + conduction_ms + self.junction_ms
    }
}

fn run(study: &MotorStudy, subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let muscle = subject.muscle(study.id, side, study.muscle)?;
    let stimulated = Stimulated::new(subject, side, muscle, parameters.get("temperature_c"));
    let compound = subject.compound(side, muscle, RATE_HZ);
    let seed = subject.noise(study.id, side);
    let segments = &muscle.axons.segments;
    let places: Vec<usize> = study
        .sites
        .iter()
        .map(|site| {
            segments.iter().position(|s| s.name == site.stretch).ok_or_else(|| ExamError::MissingAnatomy {
                item: study.id.to_owned(),
                what: "stretch of the nerve",
                id: site.stretch.to_owned(),
            })
        })
        .collect::<Result<_, _>>()?;

    let mut endplates = EndplateBank::new(&compound, &muscle.junction, seed.child("endplates"));
    let mut time_s = 0.0;
    let sweeps: Vec<Vec<f64>> = places
        .iter()
        .zip(study.sites)
        .map(|(&place, site)| {
            // Supramaximal shocks come seconds apart: the junctions have rested.
            time_s += 10.0;
            let mut sweep = vec![0.0; samples(SWEEP_MS)];
            endplates.respond(&compound, time_s, BEFORE_MS, &stimulated.m_wave_arrivals(place), &mut sweep);
            emg::add_noise(&mut sweep, NOISE_MV, seed.child(site.label));
            sweep
        })
        .collect();
    let criteria =
        EvokedCriteria { stimulus_ms: BEFORE_MS, search_ms: (1.0, SWEEP_MS - BEFORE_MS), ..EvokedCriteria::cmap_mv() };
    let responses: Vec<Option<EvokedResponse>> =
        sweeps.iter().map(|sweep| evoked_response(sweep, RATE_HZ, &criteria)).collect();

    let mut measures = of_m_waves(study, &responses, |below, above| {
        segments[places[above]..places[below]].iter().map(|s| s.length_m).sum()
    });
    let mut recordings = vec![recorded(study, &sweeps)];
    if study.f_waves {
        let distal = f_waves::Distal {
            stimulated: &stimulated,
            compound: &compound,
            place: places[0],
            cmap_mv: responses[0].map(|r| r.amplitude),
            seed: seed.child("f wave"),
        };
        let (f_measures, recording) = distal.examine(study, &mut endplates, time_s, parameters.count("f_stimuli"));
        measures.extend(f_measures);
        recordings.push(recording);
    }
    Ok(Study { item: study.id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

/// What is read off the responses, distal first; `length_m` is that of the nerve between two sites.
fn of_m_waves(
    study: &MotorStudy,
    responses: &[Option<EvokedResponse>],
    length_m: impl Fn(usize, usize) -> f64,
) -> Vec<Measure> {
    let distal = responses[0];
    let mut measures = vec![
        Measure::new("distal_latency", distal.map(|r| r.onset_ms), "ms"),
        Measure::new("cmap_amplitude", distal.map(|r| r.amplitude), "mV"),
        Measure::new("cmap_area", distal.map(|r| r.area), "mV ms"),
        Measure::new("cmap_duration", distal.map(|r| r.duration_ms), "ms"),
    ];
    if responses.len() > 1 {
        let proximal = responses[responses.len() - 1];
        let change = |distal: f64, proximal: f64| 100.0 * (proximal - distal) / distal;
        measures.push(Measure::new("proximal_amplitude", proximal.map(|r| r.amplitude), "mV"));
        for (i, name) in study.velocities.iter().enumerate() {
            let velocity = responses[i + 1]
                .zip(responses[i])
                .and_then(|(above, below)| conduction_velocity_m_s(length_m(i, i + 1), above.onset_ms, below.onset_ms));
            measures.push(Measure::new(name, velocity, "m/s"));
        }
        // A response lost on the way is a complete block.
        let drop = distal.map(|d| -change(d.amplitude, proximal.map_or(0.0, |p| p.amplitude)));
        measures.push(Measure::new("amplitude_drop", drop, "%"));
        let longer = distal.zip(proximal).map(|(d, p)| change(d.duration_ms, p.duration_ms));
        measures.push(Measure::new("duration_increase", longer, "%"));
    }
    measures
}

fn recorded(study: &MotorStudy, sweeps: &[Vec<f64>]) -> Recording {
    let sites: Vec<&str> = study.sites.iter().map(|site| site.label).collect();
    let titled = Recording::titled(format!("{} motor: {}", study.nerve, sites.join(", ")));
    let recording = sweeps.iter().zip(&sites).fold(titled, |recording, (sweep, site)| {
        let shown = sweep[..samples(SHOWN_MS).min(sweep.len())].to_vec();
        recording.with_channel(&format!("{}, {site}", study.label), "mV", RATE_HZ, shown)
    });
    recording.with_mark(BEFORE_MS * 1e-3, STIMULUS)
}

fn samples(ms: f64) -> usize {
    (ms * 1e-3 * RATE_HZ).round() as usize
}

/// The value of a measure of F waves, where they could be looked for.
fn read<T>(f: Option<&T>, of: impl Fn(&T) -> Option<f64>) -> Value {
    f.map_or(Value::NotEvocable, |f| of(f).into())
}
