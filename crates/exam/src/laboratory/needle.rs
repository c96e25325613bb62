//! Concentric needle EMG: rest, slight effort, full effort.

use std::collections::HashMap;
use std::sync::OnceLock;

use tonus_body::Muscle;
use tonus_physiology::cord::circuit::Spike;
use tonus_physiology::field::add_wave;
use tonus_physiology::field::needle::{NeedleModel, NeedlePlacement};
use tonus_physiology::junction::{Junction, JunctionModel};
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::math::inverse_normal_cdf;
use tonus_physiology::random::{Seed, Stream};
use tonus_signal::measures::filter::band_pass;
use tonus_signal::measures::motor_unit_potential::MotorUnitPotential;
use tonus_signal::measures::spike::SpikeCriteria;
use tonus_signal::measures::spontaneous::spontaneous_activity;
use tonus_signal::measures::turns::turns_amplitude;
use tonus_signal::measures::unit_train::{recruitment_ratio_hz, unit_trains};
use tonus_signal::measures::{mean, median};
use tonus_signal::{Annotation, Measure, Recording, Side, Study};

use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo { name: "sites", unit: "1", default: 10.0, low: 1.0, high: 100.0, meaning: "needle positions" },
    ParameterInfo {
        name: "rest_s",
        unit: "s",
        default: 6.0,
        low: 1.0,
        high: 120.0,
        meaning: "time recorded at rest, each site",
    },
    ParameterInfo {
        name: "slight_effort",
        unit: "1",
        default: 0.01,
        low: 0.001,
        high: 1.0,
        meaning: "force wanted in the slight effort, fraction of maximal",
    },
];

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo {
        name: "fibrillation_sites",
        unit: "%",
        meaning: "sites with fibrillation potentials or positive waves",
    },
    MeasureInfo {
        name: "fasciculation_rate",
        unit: "1/min",
        meaning: "fasciculation potentials a minute, mean of the sites",
    },
    MeasureInfo {
        name: "mup_duration",
        unit: "ms",
        meaning: "motor unit potential duration, mean of those whose rise time is below 0.5 ms",
    },
    MeasureInfo { name: "mup_amplitude", unit: "uV", meaning: "motor unit potential amplitude, mean" },
    MeasureInfo { name: "mup_phases", unit: "1", meaning: "phases, mean" },
    MeasureInfo { name: "mup_polyphasic", unit: "%", meaning: "potentials with more than four phases" },
    MeasureInfo {
        name: "recruitment_ratio",
        unit: "Hz",
        meaning: "fastest rate over units seen at slight effort, median of the sites",
    },
    MeasureInfo {
        name: "firing_rate",
        unit: "Hz",
        meaning: "mean discharge rate at full effort of the units within reach of the needle",
    },
    MeasureInfo { name: "turns", unit: "1/s", meaning: "turns of 100 uV or more at full effort, median of the sites" },
    MeasureInfo {
        name: "turn_amplitude",
        unit: "uV",
        meaning: "mean amplitude between turns at full effort, median of the sites",
    },
    MeasureInfo {
        name: "units_full_effort",
        unit: "1",
        meaning: "units above 50 uV that fire at full effort, mean of the sites",
    },
];

const PROTOCOL: &str = "Concentric needle, 10 Hz - 10 kHz, ten sites: at rest, at slight effort (single units), at full effort \
                        (interference pattern).";
const SOURCE: &str = "quantitative EMG after Buchthal; automatic marking after Nandedkar, Barkhaus & Stalberg 1995; turns after Willison 1964";

/// First dorsal interosseous (T1, ulnar nerve).
pub const FIRST_DORSAL_INTEROSSEOUS: Item = Item {
    id: "lab.needle.first_dorsal_interosseous",
    title: "Needle EMG, first dorsal interosseous",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("lab.needle.first_dorsal_interosseous", "index", subject, side, p),
};

/// Tibialis anterior (L4-L5, fibular nerve).
pub const TIBIALIS_ANTERIOR: Item = Item {
    id: "lab.needle.tibialis_anterior",
    title: "Needle EMG, tibialis anterior",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("lab.needle.tibialis_anterior", "ankle", subject, side, p),
};

const RATE_HZ: f64 = 25_000.0;
/// Amplifier and electrode noise of a concentric needle, 10 Hz - 10 kHz, uV rms (3-5).
const NOISE_UV: f64 = 3.0;
/// Time recorded at slight effort, s.
const SLIGHT_S: f64 = 4.0;
/// Fewest units of the muscle that must fire at 4/s or more for a slight effort (assumed: so that some needle positions hear one).
const FEWEST_UNITS: usize = 4;
/// Time recorded at full effort, s.
const FULL_S: f64 = 0.5;
/// Time for the effort to settle, not recorded, ms.
const SETTLE_MS: usize = 400;
/// A unit counts as seen from this peak-to-peak size on, uV.
const SEEN_UV: f64 = 50.0;
/// Rise time above which a unit is too far to be measured, ms.
const RISE_MS: f64 = 0.5;

/// Nerve impulse at the terminal to action potential of the fibre in a healthy junction, ms.
const HEALTHY_JUNCTION_MS: f64 = 0.8;
/// Discharge rate at which the far junctions of a unit transmit on average, Hz (assumed: slight to strong effort).
const FAR_HZ: f64 = 15.0;
/// More junctions than any unit shows apart.
const MOST_JUNCTIONS: usize = 4096;
/// Coefficient of variation of fibrillation intervals (regular: 1-5 %).
const FIBRILLATION_CV: f64 = 0.03;

/// Impulses at the endplates of one contraction: time in s, unit.
type Discharges = Vec<(f64, usize)>;

fn run(
    id: &'static str,
    joint_id: &str,
    subject: &Subject<'_>,
    side: Side,
    parameters: &Parameters,
) -> Result<Study, ExamError> {
    let joint = subject.joint(id, side, joint_id)?;
    let muscle = subject.muscle(id, side, &joint.flexor)?;
    let alive = subject.innervated(side, muscle);
    let seed = subject.noise(id, side);
    let contraction = |effort: f64, seconds: f64, name: &str| -> Result<Discharges, ExamError> {
        let angle = muscle.contraction.optimal_angle_rad.clamp(joint.hinge.min_angle_rad, joint.hinge.max_angle_rad);
        contract(subject, id, side, joint_id, angle, effort, seconds, seed.child(name))
    };
    let junctions = JunctionModel::new(&muscle.junction, subject.muscle_seed(side, &muscle.id).child("needle"));
    // The examiner asks for a little more until single units are heard.
    let mut effort = parameters.get("slight_effort");
    let mut slight = contraction(effort, SLIGHT_S, "slight effort")?;
    while steady_units(&slight) < FEWEST_UNITS && effort < 1.0 {
        effort = (2.0 * effort).min(1.0);
        slight = contraction(effort, SLIGHT_S, "slight effort")?;
    }
    let full = contraction(1.0, FULL_S, "full effort")?;
    let sites: Vec<Site> = (0..parameters.count("sites"))
        .map(|index| {
            Site::examine(
                subject,
                side,
                muscle,
                &alive,
                &junctions,
                index,
                parameters.get("rest_s"),
                [&slight, &full],
                seed.child("site").index(index),
            )
        })
        .collect();

    let potentials: Vec<MotorUnitPotential> = sites.iter().flat_map(|s| s.potentials.iter().copied()).collect();
    let share = |yes: usize, of: usize| (of > 0).then(|| 100.0 * yes as f64 / of as f64);
    let each = |f: fn(&MotorUnitPotential) -> f64| mean(&potentials.iter().map(f).collect::<Vec<_>>());
    let per_site = |f: fn(&Site) -> Option<f64>| sites.iter().filter_map(f).collect::<Vec<_>>();
    let measures = vec![
        Measure::new("fibrillation_sites", share(sites.iter().filter(|s| s.fibrillations).count(), sites.len()), "%"),
        Measure::new("fasciculation_rate", mean(&per_site(|s| Some(s.fasciculations_per_min))), "1/min"),
        Measure::new("mup_duration", each(|p| p.duration_ms), "ms"),
        Measure::new("mup_amplitude", each(|p| p.amplitude_uv), "uV"),
        Measure::new("mup_phases", each(|p| p.phases as f64), "1"),
        Measure::new(
            "mup_polyphasic",
            share(potentials.iter().filter(|p| p.polyphasic()).count(), potentials.len()),
            "%",
        ),
        Measure::new("recruitment_ratio", median(&per_site(|s| s.recruitment_ratio)), "Hz"),
        Measure::new("firing_rate", mean(&per_site(|s| s.firing_rate)), "Hz"),
        Measure::new("turns", median(&per_site(|s| Some(s.turns))), "1/s"),
        Measure::new("turn_amplitude", median(&per_site(|s| s.turn_amplitude)), "uV"),
        Measure::new("units_full_effort", mean(&per_site(|s| Some(s.units_full_effort as f64))), "1"),
    ];
    // The traces of the three most telling sites are kept: every site would be tens of megabytes.
    let mut recordings = Vec::new();
    let mut kept: Vec<Site> = sites;
    kept.sort_by_key(|s| (!s.fibrillations, s.potentials.is_empty()));
    for site in kept.into_iter().take(3) {
        recordings.extend(site.recordings);
    }
    Ok(Study { item: id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

/// Units that fire steadily in a contraction.
fn steady_units(discharges: &Discharges) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    discharges.iter().for_each(|(_, unit)| *counts.entry(*unit).or_default() += 1);
    counts.values().filter(|n| **n >= (4.0 * SLIGHT_S) as usize).count()
}

/// Impulses that reach the muscle's endplates during a steady isometric effort.
#[allow(clippy::too_many_arguments)]
fn contract(
    subject: &Subject<'_>,
    id: &str,
    side: Side,
    joint: &str,
    angle_rad: f64,
    effort: f64,
    seconds: f64,
    seed: Seed,
) -> Result<Discharges, ExamError> {
    let model = subject.limb(id, side, joint)?;
    let mut limb = Limb::new(&model, seed, angle_rad);
    let input = LimbInput {
        imposed: Some(Imposed { angle_rad, velocity_rad_s: 0.0 }),
        command: [effort, 0.0],
        ..LimbInput::default()
    };
    let mut discharges = Vec::new();
    for ms in 0..SETTLE_MS + (seconds * 1e3) as usize {
        let output = limb.step_ms(&model, &input);
        if ms >= SETTLE_MS {
            let at = |s: &Spike| (((ms - SETTLE_MS) as f64 + f64::from(s.offset_ms)) * 1e-3, s.unit as usize);
            discharges.extend(output.muscle_spikes[0].iter().map(at));
        }
    }
    Ok(discharges)
}

/// What one needle position gave.
struct Site {
    fibrillations: bool,
    fasciculations_per_min: f64,
    potentials: Vec<MotorUnitPotential>,
    recruitment_ratio: Option<f64>,
    firing_rate: Option<f64>,
    turns: f64,
    turn_amplitude: Option<f64>,
    units_full_effort: usize,
    recordings: Vec<Recording>,
}

impl Site {
    #[allow(clippy::too_many_arguments)]
    fn examine(
        subject: &Subject<'_>,
        side: Side,
        muscle: &Muscle,
        alive: &[bool],
        junctions: &JunctionModel,
        index: usize,
        rest_s: f64,
        [slight, full]: [&Discharges; 2],
        seed: Seed,
    ) -> Self {
        let fibres_seed = subject.muscle_seed(side, &muscle.id).child("fibres");
        let needle = NeedleModel::new(
            &muscle.fibres,
            muscle.pool.units,
            alive,
            fibres_seed,
            NeedlePlacement::random(&muscle.fibres, muscle.pool.units, fibres_seed.child("needle").index(index)),
            RATE_HZ,
        );
        let rest_uv = rest(subject, side, muscle, &needle, rest_s, seed.child("rest"));
        let spontaneous = spontaneous_activity(&rest_uv, RATE_HZ, &SpikeCriteria::spontaneous_uv());
        let first_junction = index * muscle.pool.units * MOST_JUNCTIONS;
        let slight_uv = voluntary(junctions, first_junction, &needle, slight, SLIGHT_S, seed.child("slight"));
        let units = unit_trains(&slight_uv, RATE_HZ, &SpikeCriteria::motor_units_uv());
        let potentials = units
            .iter()
            .filter_map(|u| u.potential)
            .filter(|p| p.rise_time_ms < RISE_MS && p.amplitude_uv > SEEN_UV)
            .collect();
        let full_uv = voluntary(junctions, first_junction, &needle, full, FULL_S, seed.child("full"));
        let pattern = turns_amplitude(&full_uv, RATE_HZ, 100.0);
        let seen: Vec<usize> = (0..muscle.pool.units)
            .filter(|&unit| needle.unit_wave(unit).is_some_and(|w| peak_to_peak(w) > SEEN_UV))
            .collect();
        let mut impulses = vec![0.0; muscle.pool.units];
        for &(_, unit) in full {
            impulses[unit] += 1.0;
        }
        let counts: Vec<f64> = seen.iter().map(|&unit| impulses[unit]).filter(|n| *n >= 2.0).collect();
        let mut full_recording = Recording::titled("Full effort").with_channel("needle", "uV", RATE_HZ, full_uv);
        full_recording.annotations = full
            .iter()
            .filter(|(_, u)| seen.contains(u))
            .map(|(t, u)| Annotation { onset_s: *t, duration_s: 0.0, text: format!("unit {u}") })
            .collect();
        Self {
            fibrillations: spontaneous.fibrillations,
            fasciculations_per_min: spontaneous.fasciculations_per_min,
            potentials,
            recruitment_ratio: recruitment_ratio_hz(&units),
            firing_rate: mean(&counts).map(|n| n / FULL_S),
            turns: pattern.map_or(0.0, |p| p.turns_per_s),
            turn_amplitude: pattern.map(|p| p.amplitude_uv).filter(|a| *a > 0.0),
            units_full_effort: counts.len(),
            recordings: vec![
                Recording::titled("Rest").with_channel("needle", "uV", RATE_HZ, rest_uv),
                Recording::titled("Slight effort").with_channel("needle", "uV", RATE_HZ, slight_uv),
                full_recording,
            ],
        }
    }
}

/// The muscle at rest: fibrillations of denervated fibres, fasciculations of hyperexcitable axons, noise.
fn rest(
    subject: &Subject<'_>,
    side: Side,
    muscle: &Muscle,
    needle: &NeedleModel,
    seconds: f64,
    seed: Seed,
) -> Vec<f64> {
    let mut signal = vec![0.0; (seconds * RATE_HZ) as usize];
    for (i, fibre) in needle.fibrillation_waves().iter().enumerate() {
        let mut stream = seed.child("fibrillation").index(i).stream("intervals");
        let mut time_s = stream.uniform() / fibre.rate_hz;
        while time_s < seconds {
            add_wave(&mut signal, RATE_HZ, time_s, &fibre.wave, 1.0);
            time_s += (1.0 + FIBRILLATION_CV * stream.normal()).max(0.5) / fibre.rate_hz;
        }
    }
    let axons = subject.axons(side, muscle);
    for unit in 0..axons.units() {
        let Some(wave) = needle.unit_wave(unit) else { continue };
        let mut stream = seed.child("ectopic").index(unit).stream("intervals");
        for time_s in axons.ectopic_times(unit, seconds, &mut stream) {
            add_wave(&mut signal, RATE_HZ, time_s, wave, 1.0);
        }
    }
    finish(signal, seed)
}

/// A voluntary contraction under the needle: each near junction transmits, jitters or blocks on its own.
fn voluntary(
    model: &JunctionModel,
    first_junction: usize,
    needle: &NeedleModel,
    discharges: &Discharges,
    seconds: f64,
    seed: Seed,
) -> Vec<f64> {
    let mut signal = vec![0.0; (seconds * RATE_HZ) as usize];
    let far = model.transmission(FAR_HZ);
    let mut near: HashMap<usize, Vec<(Junction, Stream)>> = HashMap::new();
    for &(time_s, unit) in discharges {
        let Some(pooled) = needle.pooled_wave(unit) else { continue };
        add_wave(&mut signal, RATE_HZ, time_s + 1e-3 * HEALTHY_JUNCTION_MS, pooled, far);
        let waves = needle.junction_waves(unit);
        let junctions = near.entry(unit).or_insert_with(|| {
            (0..waves.len())
                .map(|i| {
                    (
                        model.junction(first_junction + unit * MOST_JUNCTIONS + i),
                        seed.child("junction").index(unit).index(i).stream("release"),
                    )
                })
                .collect()
        });
        for (wave, (junction, stream)) in waves.iter().zip(junctions) {
            if let Some(delay_ms) = junction.impulse(model, time_s, stream) {
                add_wave(&mut signal, RATE_HZ, time_s + 1e-3 * delay_ms + wave.start as f64 / RATE_HZ, &wave.wave, 1.0);
            }
        }
    }
    finish(signal, seed)
}

/// Noise and the amplifier's filters.
fn finish(mut signal: Vec<f64>, seed: Seed) -> Vec<f64> {
    add_white_noise(&mut signal, NOISE_UV, seed);
    band_pass(&signal, RATE_HZ, 10.0, 10_000.0)
}

/// Bits of a draw that pick a quantile of the normal distribution; the others place it between two.
const QUANTILE_BITS: u32 = 12;

/// Quantiles of the standard normal distribution at k / 2^12, the two ends left out.
fn quantiles() -> &'static [f64] {
    static QUANTILES: OnceLock<Vec<f64>> = OnceLock::new();
    QUANTILES.get_or_init(|| {
        let cells = 1_u32 << QUANTILE_BITS;
        (0..=cells).map(|k| inverse_normal_cdf((f64::from(k) / f64::from(cells)).clamp(1e-12, 1.0 - 1e-12))).collect()
    })
}

/// Adds white Gaussian noise, two samples from one word of the stream. Between quantiles the distribution is linear
/// (error below 1e-4 of the SD), in the outermost two of 4096 cells it is the exact inverse.
fn add_white_noise(signal: &mut [f64], rms: f64, seed: Seed) {
    let table = quantiles();
    let mut stream = seed.stream("noise");
    let draw = |bits: u32| {
        let cell = (bits >> (32 - QUANTILE_BITS)) as usize;
        if cell == 0 || cell + 2 == table.len() {
            return inverse_normal_cdf((f64::from(bits) + 0.5) * (1.0 / 4_294_967_296.0));
        }
        let within = f64::from(bits << QUANTILE_BITS) * (1.0 / 4_294_967_296.0);
        table[cell] + within * (table[cell + 1] - table[cell])
    };
    for two in signal.chunks_mut(2) {
        let word = stream.bits();
        two[0] += rms * draw((word >> 32) as u32);
        if let Some(second) = two.get_mut(1) {
            *second += rms * draw(word as u32);
        }
    }
}

fn peak_to_peak(wave: &[f64]) -> f64 {
    let (low, high) = wave.iter().fold((0.0_f64, 0.0_f64), |(l, h), &x| (l.min(x), h.max(x)));
    high - low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_white_and_normal() {
        let draw = |name| {
            let mut x = vec![0.0; 200_001];
            add_white_noise(&mut x, 2.0, Seed::new(3).child(name));
            x
        };
        let x = draw("a");
        let n = x.len() as f64;
        let moment = |k: i32| x.iter().map(|v| (v / 2.0).powi(k)).sum::<f64>() / n;
        assert!(moment(1).abs() < 0.01 && (moment(2) - 1.0).abs() < 0.015, "{} {}", moment(1), moment(2));
        assert!(moment(3).abs() < 0.03 && (moment(4) - 3.0).abs() < 0.1, "{} {}", moment(3), moment(4));
        let next = x.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / (4.0 * n);
        assert!(next.abs() < 0.01, "{next}");
        // Beyond three SD: 0.27 %.
        let far = x.iter().filter(|v| v.abs() > 6.0).count() as f64 / n;
        assert!((0.0022..0.0032).contains(&far), "{far}");
        assert_eq!(x, draw("a"));
        assert_ne!(x, draw("b"));
    }
}
