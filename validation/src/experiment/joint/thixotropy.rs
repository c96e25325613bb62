//! The relaxed wrist stiffens at rest and is loosened by movement.

use std::sync::Arc;

use tonus_body::Body;
use tonus_exam::Subject;
use tonus_physiology::limb::{Imposed, Limb, LimbInput, LimbModel};
use tonus_physiology::math;
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::super::muscle::preparation::reference;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "joint.thixotropy";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Thixotropy of the relaxed wrist: first movement after rest, return of resistance, resonance",
    source: "Lakie, Walsh & Wright 1984 J Physiol 353:265",
    measures: &[
        MeasureInfo {
            name: "first_over_later",
            unit: "ratio",
            what: "torque lost to the first quarter of a sinusoid of 0.1 rad at 1 Hz after 10 s of rest, over that of the fifth cycle",
        },
        MeasureInfo {
            name: "memory",
            unit: "s",
            what: "rest after which 63 % of the resistance lost to three large swings is back, felt by a small movement",
        },
        MeasureInfo {
            name: "resonance",
            unit: "Hz",
            what: "frequency of torque, 0.3 N m in the horizontal plane, at which the hand moves fastest",
        },
        MeasureInfo { name: "resonance_small", unit: "Hz", what: "the same at 0.1 N m" },
    ],
    run,
};

/// A long rest, ms: many times the memory.
const RESTED_MS: usize = 10_000;
/// The sinusoid: amplitude, rad, period, ms, and cycles.
const AMPLITUDE_RAD: f64 = 0.1;
const PERIOD_MS: usize = 1000;
const CYCLES: usize = 5;
/// Swings that loosen the wrist: amplitude, rad, and their number.
const LOOSENING_RAD: f64 = 0.5;
const LOOSENING_SWINGS: usize = 3;
/// Rests after them, s.
const RESTS_S: [f64; 8] = [0.05, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0];
/// The small movement that feels the resistance: size, rad, and time, ms; it breaks few of the bonds it feels.
const PROBE_RAD: f64 = 0.01;
const PROBE_MS: usize = 100;
/// Amplitudes of the driving torque, N m: about that of the friction of wrist and muscles, and several times it.
const SMALL_N_M: f64 = 0.1;
const DRIVING_N_M: f64 = 0.3;
/// Its frequencies, Hz, and the cycles driven, of which the last is measured.
const DRIVEN_HZ: [f64; 13] = [1.0, 1.33, 1.67, 2.0, 2.33, 2.67, 3.0, 3.33, 3.67, 4.0, 4.33, 4.67, 5.0];
const DRIVEN_CYCLES: f64 = 6.0;

/// A wrist moved by force; torque lost to the movement is what it resists beyond its elastic torque at that angle.
struct Moved<'m> {
    model: &'m LimbModel,
    limb: Limb,
    angle_rad: f64,
}

impl<'m> Moved<'m> {
    fn new(model: &'m LimbModel, seed: Seed) -> Self {
        Self { model, limb: Limb::new(model, seed, 0.0), angle_rad: 0.0 }
    }

    /// Moves to an angle in a millisecond; resistance against increasing angle, N m.
    fn to(&mut self, angle_rad: f64) -> f64 {
        let imposed = Some(Imposed { angle_rad, velocity_rad_s: (angle_rad - self.angle_rad) * 1e3 });
        self.angle_rad = angle_rad;
        -self.limb.step_ms(self.model, &LimbInput { imposed, ..LimbInput::default() }).torque_n_m
    }

    fn rest(&mut self, ms: usize) {
        (0..ms).for_each(|_| _ = self.to(self.angle_rad));
    }

    /// One cycle of a sinusoid about 0: resistance at every ms.
    fn cycle(&mut self, amplitude_rad: f64) -> Vec<f64> {
        (1..=PERIOD_MS).map(|ms| self.to(amplitude_rad * phase(ms))).collect()
    }

    /// Resistance to the small movement above that of holding still before it, N m.
    fn probe(&mut self) -> f64 {
        let still = self.to(self.angle_rad);
        let from = self.angle_rad;
        let moving = (1..=PROBE_MS).map(|ms| self.to(from + PROBE_RAD * ms as f64 / PROBE_MS as f64));
        moving.sum::<f64>() / PROBE_MS as f64 - still
    }
}

fn phase(ms: usize) -> f64 {
    math::sin(std::f64::consts::TAU * ms as f64 / PERIOD_MS as f64)
}

fn wrist(body: &Body, seed: Seed) -> Result<Arc<LimbModel>, ExperimentError> {
    let subject = Subject::new(body, seed.stream("subject").bits());
    subject.limb(ID, Side::Right, "wrist").map_err(|e| ExperimentError { experiment: ID, problem: e.to_string() })
}

/// Resistance to a small movement after each rest, and after a long one, N m.
fn returning(model: &LimbModel, seed: Seed) -> (Vec<(f64, f64)>, f64) {
    let after = |rest_ms: usize| {
        let mut hand = Moved::new(model, seed);
        (0..LOOSENING_SWINGS).for_each(|_| _ = hand.cycle(LOOSENING_RAD));
        hand.rest(rest_ms);
        hand.probe()
    };
    (RESTS_S.iter().map(|s| (*s, after((s * 1e3) as usize))).collect(), after(RESTED_MS))
}

/// Rest after which 63 % of the resistance is back, between the rests tried; `None` if none is lost.
fn memory(returned: &[(f64, f64)], whole_n_m: f64) -> Option<f64> {
    let loose_n_m = returned.first()?.1;
    if whole_n_m <= loose_n_m {
        return None;
    }
    let wanted = loose_n_m + (1.0 - math::exp(-1.0)) * (whole_n_m - loose_n_m);
    returned.windows(2).find(|w| w[1].1 >= wanted).map(|w| {
        let ((t0, r0), (t1, r1)) = (w[0], w[1]);
        t0 + (t1 - t0) * (wanted - r0) / (r1 - r0)
    })
}

/// Amplitude of velocity, rad/s, of the hand in the horizontal plane under a sinusoidal torque of each frequency.
fn driven(body: &Body, torque_n_m: f64, seed: Seed) -> Result<Vec<(f64, f64)>, ExperimentError> {
    let mut level = body.clone();
    level.right.joints.iter_mut().filter(|j| j.id == "wrist").for_each(|j| j.hinge.gravity_n_m = 0.0);
    let model = wrist(&level, seed)?;
    let amplitude = |hz: f64| {
        let mut limb = Limb::new(&model, seed, 0.0);
        let period_ms = 1e3 / hz;
        let mut most = 0.0_f64;
        for ms in 0..(DRIVEN_CYCLES * period_ms) as usize {
            let turn = ms as f64 / period_ms;
            let external_torque_n_m = torque_n_m * math::sin(std::f64::consts::TAU * turn);
            let out = limb.step_ms(&model, &LimbInput { external_torque_n_m, ..LimbInput::default() });
            if turn >= DRIVEN_CYCLES - 1.0 {
                most = most.max(out.velocity_rad_s.abs());
            }
        }
        most
    };
    Ok(DRIVEN_HZ.iter().map(|hz| (*hz, amplitude(*hz))).collect())
}

/// Frequency of the largest velocity: top of the parabola through the highest point and its neighbours; `None` at an end.
fn resonance(curve: &[(f64, f64)]) -> Option<f64> {
    let top = (0..curve.len()).max_by(|&a, &b| curve[a].1.total_cmp(&curve[b].1))?;
    let [(x0, y0), (x1, y1), (_, y2)] = *curve.get(top.checked_sub(1)?..top + 2)? else { return None };
    Some(x1 + 0.5 * (x1 - x0) * (y0 - y2) / (y0 - 2.0 * y1 + y2))
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let model = wrist(&body, seed)?;
    let mut hand = Moved::new(&model, seed);
    hand.rest(RESTED_MS);
    let still = hand.to(0.0);
    let cycles: Vec<Vec<f64>> = (0..CYCLES).map(|_| hand.cycle(AMPLITUDE_RAD)).collect();
    // Elastic torque is the mean of the way there and the way back of the last cycle, at the same angle.
    let last = &cycles[CYCLES - 1];
    let quarter = PERIOD_MS / 4;
    let elastic: Vec<f64> = (0..quarter).map(|i| 0.5 * (last[i] + last[PERIOD_MS / 2 - 2 - i])).collect();
    let lost = |cycle: &[f64]| (0..quarter).map(|i| cycle[i] - elastic[i]).sum::<f64>() / quarter as f64;
    let (returned, whole_n_m) = returning(&model, seed);
    let curve = driven(&body, DRIVING_N_M, seed)?;
    let small = driven(&body, SMALL_N_M, seed)?;

    let mut path = Panel::new("First cycle after rest, and the fifth", "angle (rad)", "resistance above rest (N m)");
    for (name, cycle, mark) in [("first", &cycles[0], Mark::Line), ("fifth", last, Mark::Dashed)] {
        let points = cycle.iter().enumerate().step_by(5);
        path = path.with(name, mark, points.map(|(i, t)| (AMPLITUDE_RAD * phase(i + 1), t - still)).collect());
    }
    let rested = Panel::new("Resistance after three large swings", "rest (s)", "resistance (N m)")
        .with("", Mark::Line, returned.clone())
        .with("", Mark::Dots, returned.clone())
        .with("after 10 s", Mark::Dashed, vec![(0.0, whole_n_m), (5.0, whole_n_m)]);
    let swing = Panel::new("Hand driven in the horizontal plane", "frequency (Hz)", "velocity (rad/s)")
        .with("0.3 N m", Mark::Line, curve.clone())
        .with("0.1 N m", Mark::Dashed, small.clone());
    let values = vec![
        Value::single("first_over_later", lost(&cycles[0]) / lost(last)),
        Value::of("memory", &[memory(&returned, whole_n_m)]),
        Value::of("resonance", &[resonance(&curve)]),
        Value::of("resonance_small", &[resonance(&small)]),
    ];
    Ok(Observation { values, figure: Figure { panels: vec![path, rested, swing] } })
}
