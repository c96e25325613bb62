//! Strength: maximal voluntary isometric torque.
//!
//! `firing_rate` is no reading of a signal: it counts the motor neurons' own discharges, the truth that no examiner at the bedside has.
//! It is given so that experiments on single units at this effort can be set beside the model, has no norm, and no finding may rest on it.

use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_signal::measures::{mean, standard_deviation};
use tonus_signal::{Measure, Recording, Side, Study};

use crate::bedside::{EXTENSOR, FLEXOR, TRACE_HZ};
use crate::emg::{EMG_HZ, SurfaceEmg};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "hold_s",
        unit: "s",
        default: 1.0,
        low: 0.5,
        high: 60.0,
        whole: false,
        meaning: "time the effort is held",
    },
    ParameterInfo {
        name: "effort",
        unit: "1",
        default: 1.0,
        low: 0.01,
        high: 1.0,
        whole: false,
        meaning: "voluntary command, fraction of maximal",
    },
];

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "torque", unit: "N m", meaning: "largest torque above rest held for 0.3 s" },
    MeasureInfo {
        name: "firing_rate",
        unit: "Hz",
        meaning: "truth of the model, which no examiner sees: mean discharge rate of the motor neurons that fire during the hold",
    },
    MeasureInfo { name: "steadiness", unit: "%", meaning: "coefficient of variation of the torque during the hold" },
];

const PROTOCOL: &str = "Isometric at the joint's strong angle; the command rises within 0.3 s to maximal and is held.";
const SOURCE: &str = "maximal voluntary isometric contraction, as in handheld or fixed dynamometry";

/// Elbow flexion (C5-C6).
pub const ELBOW_FLEXION: Item = Item {
    id: "bedside.strength.elbow_flexion",
    title: "Strength of elbow flexion",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("bedside.strength.elbow_flexion", "elbow", FLEXOR, subject, side, p),
};

/// Index abduction (T1, ulnar nerve).
pub const FINGER_ABDUCTION: Item = Item {
    id: "bedside.strength.finger_abduction",
    title: "Strength of index abduction",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("bedside.strength.finger_abduction", "index", FLEXOR, subject, side, p),
};

/// Knee extension (L3-L4).
pub const KNEE_EXTENSION: Item = Item {
    id: "bedside.strength.knee_extension",
    title: "Strength of knee extension",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("bedside.strength.knee_extension", "knee", EXTENSOR, subject, side, p),
};

/// Ankle dorsiflexion (L4-L5).
pub const ANKLE_DORSIFLEXION: Item = Item {
    id: "bedside.strength.ankle_dorsiflexion",
    title: "Strength of ankle dorsiflexion",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("bedside.strength.ankle_dorsiflexion", "ankle", FLEXOR, subject, side, p),
};

/// Rest before the effort, ms.
const REST_MS: usize = 200;
/// Rise of the command, ms.
const RISE_MS: usize = 300;
/// Time for which the best effort must be held, ms (assumed, as dynamometers do).
const BEST_MS: usize = 300;
/// Build-up of force after the command has risen, not counted, ms.
const SETTLE_MS: usize = 300;

fn run(
    id: &'static str,
    joint_id: &str,
    group: usize,
    subject: &Subject<'_>,
    side: Side,
    parameters: &Parameters,
) -> Result<Study, ExamError> {
    let joint = subject.joint(id, side, joint_id)?;
    let muscle = subject.muscle(id, side, if group == FLEXOR { &joint.flexor } else { &joint.extensor })?;
    let model = subject.limb(id, side, joint_id)?;
    let seed = subject.noise(id, side);
    let emg = SurfaceEmg::new(subject, side, muscle);
    let angle = muscle.contraction.optimal_angle_rad.clamp(joint.hinge.min_angle_rad, joint.hinge.max_angle_rad);
    let mut limb = Limb::new(&model, seed, angle);
    let hold_from = REST_MS + RISE_MS + SETTLE_MS;
    let total_ms = hold_from + (parameters.get("hold_s") * 1e3) as usize;
    let mut trace = emg.trace(total_ms, seed);
    let sign = if group == FLEXOR { 1.0 } else { -1.0 };
    let mut torque = Vec::with_capacity(total_ms);
    let mut discharges = vec![0_u32; muscle.pool.units];
    for ms in 0..total_ms {
        let mut input =
            LimbInput { imposed: Some(Imposed { angle_rad: angle, velocity_rad_s: 0.0 }), ..LimbInput::default() };
        let ramp = (ms as f64 - REST_MS as f64).clamp(0.0, RISE_MS as f64) / RISE_MS as f64;
        input.command[group] = parameters.get("effort") * ramp;
        let output = limb.step_ms(&model, &input);
        trace.add(ms, output.muscle_spikes[group]);
        torque.push(sign * output.torque_n_m);
        if ms >= hold_from {
            for spike in output.spikes[group] {
                discharges[spike.unit as usize] += 1;
            }
        }
    }
    let rest = mean(&torque[REST_MS / 2..REST_MS]).unwrap_or(0.0);
    let hold: Vec<f64> = torque[hold_from..].iter().map(|t| t - rest).collect();
    let level = mean(&hold).unwrap_or(0.0);
    let best = hold.windows(BEST_MS).step_by(10).filter_map(mean).fold(level.max(0.0), f64::max);
    let hold_s = hold.len() as f64 / TRACE_HZ;
    let rates: Vec<f64> = discharges.iter().filter(|n| **n >= 2).map(|&n| f64::from(n) / hold_s).collect();
    // Below a thousandth of a newton metre there is no effort whose steadiness could be judged.
    let steadiness = (level > 1e-3).then(|| standard_deviation(&hold).map(|sd| 100.0 * sd / level)).flatten();
    let measures = vec![
        Measure::new("torque", best, "N m"),
        Measure::new("firing_rate", mean(&rates), "Hz"),
        Measure::new("steadiness", steadiness, "%"),
    ];
    let recordings =
        vec![Recording::titled("Maximal effort").with_channel("torque", "N m", TRACE_HZ, torque).with_channel(
            "EMG",
            "mV",
            EMG_HZ,
            trace.finish(),
        )];
    Ok(Study { item: id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}
