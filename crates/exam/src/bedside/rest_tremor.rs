//! Rest tremor: acceleration of the supported, relaxed hand.

use tonus_physiology::limb::{Limb, LimbInput};
use tonus_physiology::math;
use tonus_signal::measures::mean;
use tonus_signal::measures::tremor::tremor;
use tonus_signal::{Measure, Recording, Side, Study};

use crate::bedside::TRACE_HZ;
use crate::emg;
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const ID: &str = "bedside.tremor.rest";

/// Rest tremor of the hand.
pub const ITEM: Item = Item {
    id: ID,
    title: "Rest tremor of the hand",
    protocol: "Forearm supported, hand hanging relaxed from the wrist; accelerometer on the back of the hand.",
    source: "accelerometry as in Elble & Randall 1978; MDS rest-tremor posture",
    parameters: &[ParameterInfo {
        name: "duration_s",
        unit: "s",
        default: 10.0,
        low: 2.0,
        high: 120.0,
        whole: false,
        meaning: "time recorded",
    }],
    measures: &[
        MeasureInfo {
            name: "frequency",
            unit: "Hz",
            meaning: "highest spectral peak between 2 and 20 Hz; absent without a rhythm",
        },
        MeasureInfo { name: "amplitude", unit: "m/s2", meaning: "acceleration between 2 and 20 Hz, rms" },
        MeasureInfo { name: "peak_power_share", unit: "%", meaning: "power within 0.75 Hz of the peak, of the band" },
    ],
    run,
};

/// Accelerometer to wrist axis, m (back of the hand of an adult of 1.70 m; scaled with height).
const LEVER_M: f64 = 0.08;
/// Noise of the accelerometer, m/s2 rms.
const NOISE_M_S2: f64 = 0.01;
/// Share of the band's power above which there is a rhythm, % (a broad spectrum gives 10-20 %).
const RHYTHM_PERCENT: f64 = 50.0;
/// Acceleration of gravity, m/s2.
const GRAVITY_M_S2: f64 = 9.81;
/// Time for the limb to settle before recording, ms.
const SETTLE_MS: usize = 1000;

fn run(subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let joint = subject.joint(ID, side, "wrist")?;
    let model = subject.limb(ID, side, "wrist")?;
    let seed = subject.noise(ID, side);
    let start = joint.hinge.rest_angle_rad;
    let mut limb = Limb::new(&model, seed, start);
    // The support takes the weight wherever the hand is.
    let supported = |limb: &Limb| LimbInput {
        external_torque_n_m: -joint.hinge.gravity_torque_n_m(limb.angle_rad()),
        ..LimbInput::default()
    };
    let mut last = 0.0;
    for _ in 0..SETTLE_MS {
        let input = supported(&limb);
        last = limb.step_ms(&model, &input).velocity_rad_s;
    }
    let lever_m = LEVER_M * subject.body().person.height_m / 1.70;
    let mut acceleration: Vec<f64> = (0..(parameters.get("duration_s") * TRACE_HZ) as usize)
        .map(|_| {
            let input = supported(&limb);
            let output = limb.step_ms(&model, &input);
            // The sensor moves with the hand, and feels gravity along its axis as the hand tilts.
            let moved = (output.velocity_rad_s - last) * TRACE_HZ * lever_m;
            last = output.velocity_rad_s;
            moved + GRAVITY_M_S2 * math::sin(limb.angle_rad() - joint.hinge.hanging_angle_rad)
        })
        .collect();
    // The steady part is the posture; an accelerometer's amplifier blocks it.
    let steady = mean(&acceleration).unwrap_or(0.0);
    acceleration.iter_mut().for_each(|a| *a -= steady);
    emg::add_noise(&mut acceleration, NOISE_M_S2, seed);
    let found = tremor(&[acceleration.as_slice()], TRACE_HZ);
    let share = found.and_then(|t| t.peak_power_share_percent);
    let rhythmic = share.is_some_and(|s| s > RHYTHM_PERCENT);
    let measures = vec![
        Measure::new("frequency", found.and_then(|t| t.frequency_hz).filter(|_| rhythmic), "Hz"),
        Measure::new("amplitude", found.map(|t| t.rms_m_s2), "m/s2"),
        Measure::new("peak_power_share", share, "%"),
    ];
    let recordings =
        vec![Recording::titled("Hand at rest").with_channel("acceleration", "m/s2", TRACE_HZ, acceleration)];
    Ok(Study { item: ID.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}
