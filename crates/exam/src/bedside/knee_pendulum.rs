//! The pendulum test of Wartenberg: the relaxed shank is lifted and let fall.

use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_signal::measures::pendulum::pendulum;
use tonus_signal::{Measure, Recording, Side, Study};

use crate::bedside::{EXTENSOR, TRACE_HZ};
use crate::emg::{EMG_HZ, SurfaceEmg, peak_to_peak, percent_of_m_wave, tonic_mv};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const ID: &str = "bedside.tone.knee_pendulum";

/// Knee pendulum.
pub const ITEM: Item = Item {
    id: ID,
    title: "Tone at the knee: pendulum test",
    protocol: "Half-lying, relaxed, shank over the edge; it is lifted 60 degrees above where it hangs, held for half a second and let fall; \
               EMG over quadriceps.",
    source: "Wartenberg 1951 Neurology 1:18; indices of Bajd & Vodovnik 1984 J Biomed Eng 6:9",
    parameters: &[
        ParameterInfo {
            name: "release_deg",
            unit: "deg",
            default: 60.0,
            low: 20.0,
            high: 90.0,
            whole: false,
            meaning: "angle above the hanging position from which the shank is let go",
        },
        ParameterInfo {
            name: "duration_s",
            unit: "s",
            default: 11.0,
            low: 4.0,
            high: 60.0,
            whole: false,
            meaning: "longest time recorded after release; less where the leg hangs still for two seconds before",
        },
    ],
    measures: &[
        MeasureInfo {
            name: "oscillations",
            unit: "1",
            meaning: "flexion peaks more than 3 degrees beyond the resting angle",
        },
        MeasureInfo {
            name: "relaxation_index",
            unit: "1",
            meaning: "first swing over the angle from release to rest (A1/A0)",
        },
        MeasureInfo { name: "first_swing", unit: "deg", meaning: "angle from release to the first flexion peak" },
        MeasureInfo { name: "period", unit: "s", meaning: "mean time between flexion peaks" },
        MeasureInfo { name: "peak_velocity", unit: "deg/s", meaning: "largest angular velocity" },
        MeasureInfo { name: "resting_angle", unit: "deg", meaning: "angle of flexion at which the leg comes to rest" },
        MeasureInfo {
            name: "resting_emg",
            unit: "%",
            meaning: "tonic quadriceps EMG of the leg held still before it falls (median peak-to-peak size of 50 ms), of the maximal M wave",
        },
        MeasureInfo {
            name: "fall_emg",
            unit: "%",
            meaning: "peak-to-peak quadriceps EMG during the first fall, which stretches it, above that of the leg held still, of the maximal M wave",
        },
    ],
    run,
};

/// Time the shank is held before it is let go, ms.
const HELD_MS: usize = 500;
/// Time of the first fall, ms: half a period of a healthy adult's shank (1.1 s).
const FALL_MS: usize = 550;

/// A leg that has stayed within this many degrees for this many ms hangs still, and the test ends (our choice).
const STILL_DEG: f64 = 0.3;
const STILL_MS: usize = 2000;

/// How long a leg has hung still.
struct Still {
    /// Where it hung when it was last seen to move.
    deg: f64,
    since_ms: usize,
}

impl Still {
    fn for_ms(&mut self, now_ms: usize, deg: f64) -> usize {
        if (deg - self.deg).abs() > STILL_DEG {
            *self = Self { deg, since_ms: now_ms };
        }
        now_ms - self.since_ms
    }
}

fn run(subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let model = subject.limb(ID, side, "knee")?;
    let seed = subject.noise(ID, side);
    let joint = subject.joint(ID, side, "knee")?;
    let hinge = &joint.hinge;
    let emg = SurfaceEmg::new(subject, side, subject.muscle(ID, side, &joint.extensor)?);
    let falling_ms = (parameters.get("duration_s") * TRACE_HZ) as usize;
    let mut trace = emg.trace(HELD_MS + falling_ms, seed);
    let start = (hinge.hanging_angle_rad - parameters.get("release_deg").to_radians()).max(hinge.min_angle_rad);
    let mut limb = Limb::new(&model, seed, start);
    let held = LimbInput { imposed: Some(Imposed { angle_rad: start, velocity_rad_s: 0.0 }), ..LimbInput::default() };
    for ms in 0..HELD_MS {
        trace.add(ms, limb.step_ms(&model, &held).muscle_spikes[EXTENSOR]);
    }
    let free = LimbInput::default();
    let mut angle_deg = vec![start.to_degrees()];
    let mut still = Still { deg: angle_deg[0], since_ms: 0 };
    for ms in 0..falling_ms {
        let output = limb.step_ms(&model, &free);
        trace.add(HELD_MS + ms, output.muscle_spikes[EXTENSOR]);
        angle_deg.push(output.angle_rad.to_degrees());
        if still.for_ms(ms, output.angle_rad.to_degrees()) >= STILL_MS {
            break;
        }
    }
    let mut emg_mv = trace.finish();
    let swing = pendulum(&angle_deg, TRACE_HZ);
    let per_ms = EMG_HZ as usize / 1000;
    emg_mv.truncate((HELD_MS + angle_deg.len() - 1) * per_ms);
    let (at_rest, fallen) = emg_mv.split_at(HELD_MS * per_ms);
    let fall = peak_to_peak(&fallen[..FALL_MS * per_ms]);
    let m_wave_mv = emg.m_wave_mv();
    let measures = vec![
        Measure::new("oscillations", swing.map(|s| s.oscillations as f64), "1"),
        Measure::new("relaxation_index", swing.and_then(|s| s.relaxation_index), "1"),
        Measure::new("first_swing", swing.map(|s| s.first_swing_deg), "deg"),
        Measure::new("period", swing.and_then(|s| s.period_s), "s"),
        Measure::new("peak_velocity", swing.map(|s| s.peak_velocity_deg_s), "deg/s"),
        Measure::new("resting_angle", swing.map(|s| s.resting_angle_deg), "deg"),
        Measure::new("resting_emg", percent_of_m_wave(tonic_mv(at_rest), m_wave_mv), "%"),
        Measure::new("fall_emg", percent_of_m_wave((fall - peak_to_peak(at_rest)).max(0.0), m_wave_mv), "%"),
    ];
    let recordings =
        vec![Recording::titled("Knee pendulum").with_channel("knee flexion", "deg", TRACE_HZ, angle_deg).with_channel(
            "quadriceps EMG",
            "mV",
            EMG_HZ,
            emg_mv.split_off(HELD_MS * per_ms),
        )];
    Ok(Study { item: ID.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}
