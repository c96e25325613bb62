//! Motor conduction with F waves: supramaximal stimuli along a nerve, the compound potential of its muscle.

use tonus_physiology::nerve::motor_axon::MotorAxons;
use tonus_signal::measures::evoked::{EvokedCriteria, EvokedResponse, conduction_velocity_m_s, evoked_response};
use tonus_signal::measures::f_wave::{FWaveCriteria, FWaves, QUIET_MS, f_waves, m_wave_end_ms};
use tonus_signal::recording::STIMULUS;
use tonus_signal::{Measure, Recording, Side, Study, Value};

use crate::emg::{self, EndplateBank, RATE_HZ};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const ID: &str = "lab.motor_conduction.ulnar";
const MUSCLE: &str = "abductor_digiti_minimi";

/// Ulnar motor conduction to abductor digiti minimi.
pub const ULNAR: Item = Item {
    id: ID,
    title: "Ulnar motor conduction with F waves",
    protocol: "Abductor digiti minimi, belly-tendon; supramaximal 0.2 ms stimuli at the wrist (8 cm), below and above \
               the elbow; 32 stimuli at the wrist for F waves of 40 uV and more. Amplitude baseline to negative peak, latency at onset.",
    source: "Buschbacher 1999 Am J Phys Med Rehabil 78:S9 (set-up); Nobrega et al. 2004 Clin Neurophysiol (F waves)",
    parameters: &[ParameterInfo {
        name: "f_stimuli",
        unit: "1",
        default: 32.0,
        low: 1.0,
        high: 500.0,
        whole: true,
        meaning: "stimuli at the wrist for F waves",
    }],
    measures: &[
        MeasureInfo {
            name: "distal_latency",
            unit: "ms",
            meaning: "stimulus at the wrist to onset of the negative phase",
        },
        MeasureInfo { name: "cmap_amplitude", unit: "mV", meaning: "baseline to negative peak, wrist stimulation" },
        MeasureInfo { name: "cmap_area", unit: "mV ms", meaning: "area of the negative phase, wrist stimulation" },
        MeasureInfo { name: "cmap_duration", unit: "ms", meaning: "duration of the negative phase, wrist stimulation" },
        MeasureInfo {
            name: "proximal_amplitude",
            unit: "mV",
            meaning: "baseline to negative peak, stimulation above the elbow",
        },
        MeasureInfo {
            name: "velocity_forearm",
            unit: "m/s",
            meaning: "onset velocity from below the elbow to the wrist",
        },
        MeasureInfo { name: "velocity_elbow", unit: "m/s", meaning: "onset velocity across the elbow" },
        MeasureInfo {
            name: "amplitude_drop",
            unit: "%",
            meaning: "fall of amplitude from wrist to above-elbow stimulation",
        },
        MeasureInfo {
            name: "duration_increase",
            unit: "%",
            meaning: "growth of the negative phase from wrist to above-elbow stimulation",
        },
        MeasureInfo { name: "f_latency", unit: "ms", meaning: "shortest F-wave latency" },
        MeasureInfo { name: "f_persistence", unit: "%", meaning: "stimuli followed by an F wave" },
        MeasureInfo { name: "f_chronodispersion", unit: "ms", meaning: "longest less shortest F-wave latency" },
    ],
    run,
};

/// Time before the stimulus that a sweep shows, ms.
const BEFORE_MS: f64 = 2.0;
/// Length of a sweep, ms: long enough for the slowest demyelinated F wave (4 m/s slower than 10 m/s are lost).
const SWEEP_MS: f64 = 120.0;
/// Stimulus to impulse at the node under the cathode, ms (assumed, usual textbook value).
const SITE_DELAY_MS: f64 = 0.1;
/// Amplifier and skin noise of a motor study, mV rms (10-20 uV peak to peak).
const NOISE_MV: f64 = 0.003;
/// The M wave has gone when it stays below this, mV: three quarters of the smallest F wave that counts (assumed).
const M_GONE_MV: f64 = 0.03;

fn run(subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let muscle = subject.muscle(ID, side, MUSCLE)?;
    let axons = subject.axons(side, muscle);
    let compound = subject.compound(side, muscle, RATE_HZ);
    let innervated = subject.innervated(side, muscle);
    let seed = subject.noise(ID, side);
    let segments = &muscle.axons.segments;
    let find = |name: &str| {
        segments.iter().position(|s| s.name == name).ok_or_else(|| ExamError::MissingAnatomy {
            item: ID.to_owned(),
            what: "nerve segment of the ulnar path",
            id: name.to_owned(),
        })
    };
    let (hand, forearm, elbow) = (find("hand")?, find("forearm")?, find("elbow")?);

    let mut endplates = EndplateBank::new(&compound, &muscle.junction, seed.child("endplates"));
    let mut time_s = 0.0;
    let mut m_wave = |site: usize, name: &str, endplates: &mut EndplateBank| {
        // Supramaximal shocks come seconds apart: the junctions have rested.
        time_s += 10.0;
        let arrivals = m_wave_arrivals(&axons, &innervated, site);
        let mut sweep = vec![0.0; samples(SWEEP_MS)];
        endplates.respond(&compound, time_s, BEFORE_MS, &arrivals, &mut sweep);
        emg::add_noise(&mut sweep, NOISE_MV, seed.child(name));
        sweep
    };
    let wrist = m_wave(hand, "wrist", &mut endplates);
    let below = m_wave(forearm, "below elbow", &mut endplates);
    let above = m_wave(elbow, "above elbow", &mut endplates);

    let criteria =
        EvokedCriteria { stimulus_ms: BEFORE_MS, search_ms: (1.0, SWEEP_MS - BEFORE_MS), ..EvokedCriteria::cmap_mv() };
    let measured = |sweep: &[f64]| evoked_response(sweep, RATE_HZ, &criteria);
    let (at_wrist, at_below, at_above) = (measured(&wrist), measured(&below), measured(&above));
    let velocity = |proximal: &Option<EvokedResponse>, distal: &Option<EvokedResponse>, segment: usize| {
        conduction_velocity_m_s(segments[segment].length_m, proximal.as_ref()?.onset_ms, distal.as_ref()?.onset_ms)
    };

    let stimuli = parameters.count("f_stimuli");
    let raster: Vec<Vec<f64>> = (0..stimuli)
        .map(|stimulus| {
            time_s += 2.0;
            let seed = seed.child("f wave").index(stimulus);
            let mut sweep = vec![0.0; samples(SWEEP_MS)];
            let mut arrivals = m_wave_arrivals(&axons, &innervated, hand);
            let mut draw = seed.stream("backfire");
            for (unit, &alive) in innervated.iter().enumerate() {
                // Every unit draws, so that a loss elsewhere in the nerve shifts nobody's luck.
                let fires = axons.backfire(unit, muscle.gains.backfire_excitability(), &mut draw);
                if alive
                    && fires
                    && let Some(delay) = axons.f_wave_delay_ms(unit, hand)
                {
                    arrivals.push((unit, SITE_DELAY_MS + delay));
                }
            }
            endplates.respond(&compound, time_s, BEFORE_MS, &arrivals, &mut sweep);
            emg::add_noise(&mut sweep, NOISE_MV, seed);
            sweep
        })
        .collect();
    let f = at_wrist.and_then(|_| m_wave_end_ms(&raster, RATE_HZ, BEFORE_MS + 1.0, M_GONE_MV)).map(|after_m| {
        let criteria = FWaveCriteria {
            window_ms: (after_m, SWEEP_MS),
            quiet_ms: (after_m - QUIET_MS, after_m),
            ..FWaveCriteria::hand_mv()
        };
        f_waves(&raster, RATE_HZ, &criteria)
    });
    // Without an M wave, or with one that fills the sweep, F waves cannot be looked for.
    let of_f = |read: &dyn Fn(&FWaves) -> Option<f64>| f.as_ref().map_or(Value::NotEvocable, |f| read(f).into());
    let change = |distal: f64, proximal: f64| 100.0 * (proximal - distal) / distal;

    let measures = vec![
        Measure::new("distal_latency", at_wrist.map(|r| r.onset_ms), "ms"),
        Measure::new("cmap_amplitude", at_wrist.map(|r| r.amplitude), "mV"),
        Measure::new("cmap_area", at_wrist.map(|r| r.area), "mV ms"),
        Measure::new("cmap_duration", at_wrist.map(|r| r.duration_ms), "ms"),
        Measure::new("proximal_amplitude", at_above.map(|r| r.amplitude), "mV"),
        Measure::new("velocity_forearm", velocity(&at_below, &at_wrist, forearm), "m/s"),
        Measure::new("velocity_elbow", velocity(&at_above, &at_below, elbow), "m/s"),
        Measure::new(
            "amplitude_drop",
            // A response lost on the way is a complete block.
            at_wrist.map(|w| -change(w.amplitude, at_above.map_or(0.0, |a| a.amplitude))),
            "%",
        ),
        Measure::new(
            "duration_increase",
            at_wrist.zip(at_above).map(|(w, a)| change(w.duration_ms, a.duration_ms)),
            "%",
        ),
        Measure::new("f_latency", of_f(&|f| f.minimal_latency_ms().map(|ms| ms - BEFORE_MS)), "ms"),
        Measure::new("f_persistence", of_f(&FWaves::persistence_percent), "%"),
        Measure::new("f_chronodispersion", of_f(&FWaves::chronodispersion_ms), "ms"),
    ];
    let stimulus_s = BEFORE_MS * 1e-3;
    let mut recordings = vec![
        Recording::titled("Ulnar motor: wrist, below elbow, above elbow")
            .with_channel("ADM, wrist", "mV", RATE_HZ, trimmed(&wrist, 40.0))
            .with_channel("ADM, below elbow", "mV", RATE_HZ, trimmed(&below, 40.0))
            .with_channel("ADM, above elbow", "mV", RATE_HZ, trimmed(&above, 40.0))
            .with_mark(stimulus_s, STIMULUS),
    ];
    // Triggered sweeps, one after another: the two seconds of rest between them are not recorded.
    let mut f_recording =
        Recording::titled(format!("Ulnar F waves, wrist: sweeps of {SWEEP_MS} ms end to end, 2 s apart"));
    let shown: Vec<f64> = raster.concat();
    for i in 0..raster.len() {
        f_recording = f_recording.with_mark(i as f64 * SWEEP_MS * 1e-3 + stimulus_s, STIMULUS);
    }
    let f_recording = f_recording.with_channel("ADM", "mV", RATE_HZ, shown);
    recordings.push(f_recording);
    Ok(Study { item: ID.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

/// Impulses that a supramaximal stimulus at the start of segment `site` sends to the endplates: (unit, ms after the stimulus).
fn m_wave_arrivals(axons: &MotorAxons, innervated: &[bool], site: usize) -> Vec<(usize, f64)> {
    innervated
        .iter()
        .enumerate()
        .filter(|(_, alive)| **alive)
        .filter_map(|(unit, _)| Some((unit, SITE_DELAY_MS + axons.delay_ms(unit, site, axons.segments() - 1)?)))
        .collect()
}

fn samples(ms: f64) -> usize {
    (ms * 1e-3 * RATE_HZ).round() as usize
}

fn trimmed(sweep: &[f64], ms: f64) -> Vec<f64> {
    sweep[..samples(ms).min(sweep.len())].to_vec()
}
