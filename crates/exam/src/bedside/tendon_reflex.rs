//! Tendon reflexes: a hammer stretches the muscle; its response in EMG and movement.

use tonus_physiology::limb::{Limb, LimbInput};
use tonus_signal::measures::mean;
use tonus_signal::{Measure, Recording, Side, Study, Value};

use crate::bedside::{EXTENSOR, FLEXOR, TRACE_HZ};
use crate::emg::{EMG_HZ, SurfaceEmg};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

/// Parameters with this stretch as default.
const fn parameters(stretch_mm: f64) -> [ParameterInfo; 3] {
    [
        ParameterInfo {
            name: "stretch_mm",
            unit: "mm",
            default: stretch_mm,
            low: 0.1,
            high: 20.0,
            whole: false,
            meaning: "stretch of the muscle by the hammer",
        },
        ParameterInfo {
            name: "taps",
            unit: "1",
            default: 3.0,
            low: 1.0,
            high: 50.0,
            whole: true,
            meaning: "number of taps",
        },
        ParameterInfo {
            name: "interval_s",
            unit: "s",
            default: 1.5,
            low: 0.5,
            high: 20.0,
            whole: false,
            meaning: "time between taps",
        },
    ]
}

const PARAMETERS: &[ParameterInfo] = &parameters(8.0);
/// At the ankle, whose fibres are half as long and whose long tendon takes most of the tap. Fitted to: reflex of soleus within 0.3-6.6 mV
/// (Chon et al. 1996); from 1 mm on nearly every primary ending fires, and the first is 7-9 mV.
const ANKLE_PARAMETERS: &[ParameterInfo] = &parameters(0.5);

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "amplitude", unit: "mV", meaning: "peak-to-peak surface EMG response, mean of the taps" },
    MeasureInfo {
        name: "latency",
        unit: "ms",
        meaning: "hammer contact to onset of the EMG response, mean of the taps",
    },
    MeasureInfo { name: "excursion", unit: "deg", meaning: "joint movement after the tap, mean of the taps" },
    MeasureInfo {
        name: "grade",
        unit: "1",
        meaning: "0 absent, 1 less than normal, 2 lower half of normal, 3 upper half, 4 more than normal or with afterbeats",
    },
];

/// Knee jerk.
pub const KNEE: Item = Item {
    id: "bedside.reflex.knee",
    title: "Knee jerk",
    protocol: "Sitting, legs hanging, relaxed; three taps on the patellar tendon; EMG over quadriceps, movement of the shank.",
    source: "T reflex as in clinical neurophysiology; grades after the NINDS scale (Hallett 1993 Neurology 43:2723)",
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("bedside.reflex.knee", "knee", EXTENSOR, subject, side, p),
};

/// Biceps jerk.
pub const BICEPS: Item = Item {
    id: "bedside.reflex.biceps",
    title: "Biceps jerk",
    protocol: "Forearm supported, elbow at its resting angle, relaxed; three taps on the biceps tendon; EMG over biceps.",
    source: "T reflex as in clinical neurophysiology; grades after the NINDS scale (Hallett 1993 Neurology 43:2723)",
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("bedside.reflex.biceps", "elbow", FLEXOR, subject, side, p),
};

/// Ankle jerk.
pub const ANKLE: Item = Item {
    id: "bedside.reflex.ankle",
    title: "Ankle jerk",
    protocol: "Kneeling or prone, foot held lightly at a right angle, relaxed; three taps on the Achilles tendon; EMG over soleus.",
    source: "T reflex as in clinical neurophysiology; grades after the NINDS scale (Hallett 1993 Neurology 43:2723)",
    parameters: ANKLE_PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("bedside.reflex.ankle", "ankle", EXTENSOR, subject, side, p),
};

/// Rest before the first tap, ms.
const REST_MS: usize = 600;
/// Rise of the hammer's stretch, ms; it falls as fast.
const HAMMER_RISE_MS: f64 = 4.0;
/// Window in which a response is looked for after the tap, ms.
const WINDOW_MS: (usize, usize) = (6, 60);
/// Stretch of EMG averaged before and after each tap, ms.
const BEFORE_MS: usize = 100;
const AFTER_MS: usize = 150;
/// Time after a tap in which the limb is watched for beats that go on, ms: four of a clonus of 5 Hz.
const WATCHED_MS: usize = 900;
/// Onset is where the response first passes this share of its peak-to-peak size, as of every other evoked response.
const ONSET_SHARE: f64 = 0.02;
/// Smallest peak-to-peak EMG called a response, mV (assumed: half the smallest T reflex of healthy people, 0.3-6.6 mV at the ankle).
const SMALLEST_MV: f64 = 0.15;
/// Amplitude in the middle of normal, mV, knee, biceps and ankle: fitted to the healthy model (median of both sexes at 0.5-85 years and
/// of five seeds at 40: 1.5, 2.4 and 4.5; hardly moving with age but at the ankle, where the same tap gives children 7-9).
const MIDDLE_MV: [f64; 3] = [1.5, 2.4, 4.5];
/// Spread of normal amplitudes: the factor between their middle and either limit (95 % of people), exp(1.96 * 0.65), of the SD of the
/// logarithm by which the norm judges amplitudes (T reflexes vary some twentyfold between healthy people).
const NORMAL_FACTOR: f64 = 3.57;

/// Grade of the NINDS scale: normal is 2 and 3. How the amplitude divides it is ours: published are the words alone.
fn grade(amplitude_mv: Option<f64>, middle_mv: f64, afterbeats: bool) -> f64 {
    match amplitude_mv {
        None => 0.0,
        Some(_) if afterbeats => 4.0,
        Some(mv) if mv < middle_mv / NORMAL_FACTOR => 1.0,
        Some(mv) if mv < middle_mv => 2.0,
        Some(mv) if mv <= middle_mv * NORMAL_FACTOR => 3.0,
        Some(_) => 4.0,
    }
}

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
    // The leg hangs; the forearm lies supported at the elbow's own resting angle.
    let supported = joint_id != "knee";
    let start = match joint_id {
        "knee" => joint.hinge.hanging_angle_rad,
        "ankle" => 0.0,
        _ => joint.hinge.rest_angle_rad,
    };
    // The examiner's hand under the forefoot.
    let held_n_m = if joint_id == "ankle" { -joint.hinge.imposed_torque_n_m(start, 0.0) } else { 0.0 };
    let mut limb = Limb::new(&model, seed, start);

    let taps = parameters.count("taps");
    let interval_ms = (parameters.get("interval_s") * 1e3) as usize;
    let watched_ms = interval_ms.min(WATCHED_MS);
    let total_ms = REST_MS + (taps.max(1) - 1) * interval_ms + watched_ms;
    let mut trace = emg.trace(total_ms, seed);
    let mut angle_deg = Vec::with_capacity(total_ms);
    for ms in 0..total_ms {
        let since_tap = ms.checked_sub(REST_MS).map(|t| t % interval_ms);
        let mut input = LimbInput::default();
        if let Some(since) = since_tap {
            // The stretch at the end of this millisecond; the hammer met the tendon at its beginning.
            input.tap_m[group] = 1e-3 * parameters.get("stretch_mm") * hammer(since as f64 + 1.0);
        }
        if supported {
            // The support takes the weight wherever the forearm is.
            input.external_torque_n_m = held_n_m - joint.hinge.gravity_torque_n_m(limb.angle_rad());
        }
        let output = limb.step_ms(&model, &input);
        trace.add(ms, output.muscle_spikes[group]);
        angle_deg.push(output.angle_rad.to_degrees());
    }
    let emg_mv = trace.finish();
    let per_ms = EMG_HZ as usize / 1000;
    let starts: Vec<usize> = (0..taps).map(|tap| REST_MS + tap * interval_ms).collect();
    let sweeps: Vec<&[f64]> =
        starts.iter().map(|&ms| &emg_mv[(ms - BEFORE_MS) * per_ms..(ms + AFTER_MS) * per_ms]).collect();
    let response = Response::of(&sweeps, per_ms);
    let afterbeats = starts.iter().filter(|&&ms| has_afterbeats(&emg_mv, ms, watched_ms, per_ms)).count() * 2 > taps;
    let excursions: Vec<f64> = starts
        .iter()
        .map(|&ms| {
            let end = (ms + 400).min(angle_deg.len());
            angle_deg[ms..end].iter().fold(0.0_f64, |most, a| most.max((a - angle_deg[ms - 1]).abs()))
        })
        .collect();
    let excursion = mean(&excursions).unwrap_or(0.0);
    let [knee, biceps, ankle] = MIDDLE_MV;
    let middle_mv = match joint_id {
        "knee" => knee,
        "ankle" => ankle,
        _ => biceps,
    };
    let grade = grade(response.as_ref().map(|r| r.amplitude_mv), middle_mv, afterbeats);
    let measures = vec![
        Measure::new("amplitude", response.as_ref().map(|r| r.amplitude_mv), "mV"),
        Measure::new("latency", response.as_ref().map(|r| r.latency_ms), "ms"),
        Measure::new("excursion", Value::Number(excursion), "deg"),
        Measure::new("grade", grade, "1"),
    ];
    let mut recording = Recording::titled("Tendon reflex").with_channel("EMG", "mV", EMG_HZ, emg_mv).with_channel(
        "joint flexion",
        "deg",
        TRACE_HZ,
        angle_deg,
    );
    for tap in 0..taps {
        recording = recording.with_mark((REST_MS + tap * interval_ms) as f64 * 1e-3, "tap");
    }
    Ok(Study { item: id.to_owned(), side, measures, recordings: vec![recording], wall_ms: 0.0 })
}

/// The EMG response, on the average of the sweeps: what is not locked to the tap averages out.
struct Response {
    amplitude_mv: f64,
    latency_ms: f64,
}

impl Response {
    fn of(sweeps: &[&[f64]], per_ms: usize) -> Option<Self> {
        let length = sweeps.iter().map(|s| s.len()).min()?;
        let average: Vec<f64> =
            (0..length).map(|i| sweeps.iter().map(|s| s[i]).sum::<f64>() / sweeps.len() as f64).collect();
        let (before, after) = average.split_at(BEFORE_MS * per_ms);
        let noise = before.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let window = &after[WINDOW_MS.0 * per_ms..(WINDOW_MS.1 * per_ms).min(after.len())];
        let (low, high) = window.iter().fold((0.0_f64, 0.0_f64), |(l, h), &x| (l.min(x), h.max(x)));
        if high - low < SMALLEST_MV.max(3.0 * noise) {
            return None;
        }
        let threshold = (1.2 * noise).max(ONSET_SHARE * (high - low));
        let first = window.iter().position(|x| x.abs() > threshold)?;
        Some(Self { amplitude_mv: high - low, latency_ms: (WINDOW_MS.0 * per_ms + first) as f64 / per_ms as f64 })
    }
}

/// Whether the response of one tap is followed by further bursts, a third of its size or more.
fn has_afterbeats(emg_mv: &[f64], tap_ms: usize, interval_ms: usize, per_ms: usize) -> bool {
    let part = |from: usize, to: usize| &emg_mv[(from * per_ms).min(emg_mv.len())..(to * per_ms).min(emg_mv.len())];
    let largest = |x: &[f64]| x.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    let response = largest(part(tap_ms + WINDOW_MS.0, tap_ms + WINDOW_MS.1));
    let background = largest(part(tap_ms - 200, tap_ms));
    let later = part(tap_ms + AFTER_MS, tap_ms + interval_ms.min(800));
    let level = (response / 3.0).max(2.0 * background).max(SMALLEST_MV / 2.0);
    later.iter().filter(|x| x.abs() > level).count() > per_ms
}

/// Stretch of the muscle by the hammer, 0..1: half a cosine up and down.
fn hammer(since_ms: f64) -> f64 {
    let phase = since_ms / HAMMER_RISE_MS;
    if phase >= 2.0 { 0.0 } else { 0.5 - 0.5 * tonus_physiology::math::cos(std::f64::consts::PI * phase) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_is_the_middle_of_the_scale() {
        let grades = [0.5, 0.6, 1.9, 2.1, 7.1, 7.2].map(|mv| grade(Some(mv), 2.0, false));
        assert_eq!(grades, [1.0, 2.0, 2.0, 3.0, 3.0, 4.0]);
        assert_eq!(grade(None, 2.0, true), 0.0, "nothing to be followed by afterbeats");
        assert_eq!(grade(Some(2.0), 2.0, true), 4.0, "clonus");
    }

    /// The grade divides amplitudes as the norm does that judges them.
    #[test]
    fn the_limits_of_normal_are_those_of_the_norm() {
        assert!((NORMAL_FACTOR - (1.96_f64 * 0.65).exp()).abs() < 0.01);
    }
}
