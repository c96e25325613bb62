//! Passive stretch of the elbow flexors at two velocities: resistance, catch and reflex EMG.

use tonus_physiology::limb::{Imposed, Limb, LimbInput, LimbModel};
use tonus_physiology::math;
use tonus_physiology::random::Seed;
use tonus_signal::measures::filter::moving_average;
use tonus_signal::{Measure, Recording, Side, Study};

use crate::bedside::{FLEXOR, TRACE_HZ};
use crate::emg::{EMG_HZ, SurfaceEmg, peak_to_peak, percent_of_m_wave, tonic_mv};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const ID: &str = "bedside.tone.elbow_stretch";

/// Passive elbow stretch.
pub const ITEM: Item = Item {
    id: ID,
    title: "Tone at the elbow: slow and fast stretch",
    protocol: "Relaxed; the elbow is extended at constant velocity through 80 degrees about its resting angle, first slowly, \
               then fast, twice each (the more relaxed attempt counts); torque at the hand that moves it, EMG over the flexors. \
               Before, it is held still at both ends of the range: between them lies the elastic torque.",
    source: "velocity-dependent resistance: Lance 1980; instrumented stretch as Thilmann, Fellows & Garms 1991 Brain 114:233",
    parameters: &[
        ParameterInfo {
            name: "slow_deg_s",
            unit: "deg/s",
            default: 40.0,
            low: 5.0,
            high: 400.0,
            whole: false,
            meaning: "velocity of the slow stretch",
        },
        ParameterInfo {
            name: "fast_deg_s",
            unit: "deg/s",
            default: 240.0,
            low: 10.0,
            high: 400.0,
            whole: false,
            meaning: "velocity of the fast stretch",
        },
    ],
    measures: &[
        MeasureInfo {
            name: "resistance_slow",
            unit: "N m",
            meaning: "mean torque opposing the slow stretch over the middle three quarters of the range",
        },
        MeasureInfo { name: "resistance_fast", unit: "N m", meaning: "the same at the fast stretch" },
        MeasureInfo { name: "fast_slow_ratio", unit: "1", meaning: "resistance fast over slow" },
        MeasureInfo {
            name: "catch_slow",
            unit: "N m",
            meaning: "largest torque during the slow stretch above the elastic torque at that angle (straight between the torques held at both ends), mean of 20 ms",
        },
        MeasureInfo { name: "catch_fast", unit: "N m", meaning: "the same at the fast stretch" },
        MeasureInfo {
            name: "resting_emg",
            unit: "%",
            meaning: "tonic flexor EMG of the arm held still before the slow stretch (median peak-to-peak size of 50 ms), of the maximal M wave",
        },
        MeasureInfo {
            name: "reflex_emg_slow",
            unit: "%",
            meaning: "peak-to-peak flexor EMG during the slow stretch above that of rest before it, of the maximal M wave",
        },
        MeasureInfo { name: "reflex_emg_fast", unit: "%", meaning: "the same at the fast stretch" },
    ],
    run,
};

/// Attempts at each velocity.
const ATTEMPTS: usize = 2;
/// Half the range of the movement, degrees.
const HALF_RANGE_DEG: f64 = 40.0;
/// Time to come up to speed, s (assumed: about that of a skilled hand or a servo made not to jerk).
const ONSET_S: f64 = 0.1;
/// Time recorded after each stretch, ms.
const AFTER_MS: usize = 100;
/// Rest before each stretch, ms.
const REST_MS: usize = 300;
/// Time of it, and of the holds, over which torque is averaged, ms.
const LEVEL_MS: usize = 100;
struct Stretch {
    resistance_n_m: f64,
    catch_n_m: f64,
    resting_emg_mv: f64,
    reflex_emg_mv: f64,
    angle_deg: Vec<f64>,
    torque_n_m: Vec<f64>,
    emg_mv: Vec<f64>,
}

fn run(subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let joint = subject.joint(ID, side, "elbow")?;
    let model = subject.limb(ID, side, "elbow")?;
    let flexor = subject.muscle(ID, side, &joint.flexor)?;
    let seed = subject.noise(ID, side);
    let middle = joint.hinge.rest_angle_rad;
    let half_range = HALF_RANGE_DEG
        .to_radians()
        .min(0.9 * (joint.hinge.max_angle_rad - middle))
        .min(0.9 * (middle - joint.hinge.min_angle_rad));
    let emg = SurfaceEmg::new(subject, side, flexor);
    let range = Range {
        middle,
        half: half_range,
        held_n_m: [middle + half_range, middle - half_range].map(|at| hold(&model, at, seed.child("held"))),
    };
    let perform = |velocity_deg_s: f64, name: &str| {
        let attempt = |i: usize| stretch(&model, &emg, &range, velocity_deg_s.to_radians(), seed.child(name).index(i));
        // As at the bedside: repeated, and the attempt at which the patient relaxed best counts.
        (1..ATTEMPTS)
            .map(attempt)
            .fold(attempt(0), |best, next| if next.resistance_n_m < best.resistance_n_m { next } else { best })
    };
    let slow = perform(parameters.get("slow_deg_s"), "slow");
    let fast = perform(parameters.get("fast_deg_s"), "fast");
    let m_wave_mv = emg.m_wave_mv();
    let of_m_wave = |mv: f64| percent_of_m_wave(mv, m_wave_mv);
    let measures = vec![
        Measure::new("resistance_slow", slow.resistance_n_m, "N m"),
        Measure::new("resistance_fast", fast.resistance_n_m, "N m"),
        Measure::new(
            "fast_slow_ratio",
            (slow.resistance_n_m > 0.0).then(|| fast.resistance_n_m / slow.resistance_n_m),
            "1",
        ),
        Measure::new("catch_slow", slow.catch_n_m, "N m"),
        Measure::new("catch_fast", fast.catch_n_m, "N m"),
        Measure::new("resting_emg", of_m_wave(slow.resting_emg_mv), "%"),
        Measure::new("reflex_emg_slow", of_m_wave(slow.reflex_emg_mv), "%"),
        Measure::new("reflex_emg_fast", of_m_wave(fast.reflex_emg_mv), "%"),
    ];
    let recording = |title: &str, s: Stretch| {
        Recording::titled(title)
            .with_channel("elbow flexion", "deg", TRACE_HZ, s.angle_deg)
            .with_channel("resistance", "N m", TRACE_HZ, s.torque_n_m)
            .with_channel("flexor EMG", "mV", EMG_HZ, s.emg_mv)
            .with_mark(REST_MS as f64 * 1e-3, "stretch")
    };
    let recordings = vec![recording("Slow stretch", slow), recording("Fast stretch", fast)];
    Ok(Study { item: ID.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

/// The range moved through.
struct Range {
    middle: f64,
    half: f64,
    /// Torque held still at its flexed and its extended end, N m.
    held_n_m: [f64; 2],
}

impl Range {
    /// Elastic torque at an angle: straight between the two held torques, N m.
    fn elastic_n_m(&self, angle_rad: f64) -> f64 {
        let share = (self.middle + self.half - angle_rad) / (2.0 * self.half);
        self.held_n_m[0] + share * (self.held_n_m[1] - self.held_n_m[0])
    }
}

/// Torque of the relaxed elbow held still at an angle, N m.
fn hold(model: &LimbModel, angle_rad: f64, seed: Seed) -> f64 {
    let mut limb = Limb::new(model, seed, angle_rad);
    let input = LimbInput { imposed: Some(Imposed { angle_rad, velocity_rad_s: 0.0 }), ..LimbInput::default() };
    let torque: Vec<f64> = (0..REST_MS).map(|_| limb.step_ms(model, &input).torque_n_m).collect();
    mean(&torque[REST_MS - LEVEL_MS..])
}

fn stretch(model: &LimbModel, emg: &SurfaceEmg, range: &Range, velocity: f64, seed: Seed) -> Stretch {
    let (middle, half_range) = (range.middle, range.half);
    let mut limb = Limb::new(model, seed, middle + half_range);
    // A hand takes about a tenth of a second to come up to speed; a step of velocity would be a tap.
    let onset_s = (0.5 * half_range / velocity).min(ONSET_S);
    let moving_ms = ((2.0 * half_range / velocity + onset_s) * 1e3).round() as usize;
    let total_ms = REST_MS + moving_ms + AFTER_MS;
    let mut trace = emg.trace(total_ms, seed);
    let (mut angle, mut torque, mut above_elastic) = (Vec::new(), Vec::new(), Vec::new());
    for ms in 0..total_ms {
        let since_s = (ms as f64 - REST_MS as f64).clamp(0.0, moving_ms as f64) * 1e-3;
        let moving = ms > REST_MS && ms <= REST_MS + moving_ms;
        let imposed = Imposed {
            angle_rad: middle + half_range - velocity * travelled(since_s, onset_s),
            velocity_rad_s: if moving { -velocity * smooth(since_s / onset_s) } else { 0.0 },
        };
        let output = limb.step_ms(model, &LimbInput { imposed: Some(imposed), ..LimbInput::default() });
        trace.add(ms, output.muscle_spikes[FLEXOR]);
        angle.push(output.angle_rad.to_degrees());
        // Positive torque flexes: it opposes the extension.
        torque.push(output.torque_n_m);
        above_elastic.push(output.torque_n_m - range.elastic_n_m(output.angle_rad));
    }
    let emg_mv = trace.finish();
    let middle_part = REST_MS + moving_ms / 8..REST_MS + moving_ms - moving_ms / 8;
    let resistance_n_m = mean(&torque[middle_part]);
    // A hand feels no catch shorter than about 20 ms.
    let felt = moving_average(&above_elastic, TRACE_HZ, 0.02);
    let catch_n_m = felt[REST_MS..REST_MS + moving_ms].iter().copied().fold(0.0, f64::max);
    let (at_rest, during) = emg_mv.split_at(REST_MS * (EMG_HZ as usize / 1000));
    let reflex_emg_mv = (peak_to_peak(during) - peak_to_peak(at_rest)).max(0.0);
    let resting_emg_mv = tonic_mv(at_rest);
    Stretch { resistance_n_m, catch_n_m, resting_emg_mv, reflex_emg_mv, angle_deg: angle, torque_n_m: torque, emg_mv }
}

/// Share of full speed at a share of the onset: half a cosine.
fn smooth(share: f64) -> f64 {
    0.5 - 0.5 * math::cos(std::f64::consts::PI * share.clamp(0.0, 1.0))
}

/// Way over speed after `since_s` of a movement that comes up to speed in `onset_s`, s.
fn travelled(since_s: f64, onset_s: f64) -> f64 {
    let rising = since_s.min(onset_s);
    let phase = std::f64::consts::PI * rising / onset_s;
    0.5 * rising - 0.5 * onset_s / std::f64::consts::PI * math::sin(phase) + (since_s - onset_s).max(0.0)
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len().max(1) as f64
}
