//! Tendon organs of finger extensors while the fingers are moved, and while they move.

use tonus_exam::Subject;
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::math;
use tonus_physiology::muscle::contraction::{ContractionModel, Direction};
use tonus_physiology::random::Seed;
use tonus_physiology::receptor::afferent::Encoder;
use tonus_physiology::receptor::tendon_organ::{HUMAN_SCALE, TendonOrgan, TendonOrganModel};
use tonus_signal::Side;

use super::super::muscle::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "tendon_organ.finger_movement";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Tendon organs of finger extensors in alternating movement, imposed on the relaxed hand and active",
    source: "Edin & Vallbo group: Response profiles of human muscle afferents during active finger movements, Brain 1990",
    measures: &[
        MeasureInfo {
            name: "imposed",
            unit: "imp/s",
            what: "modulation of the Ib rate in imposed movement: highest less lowest of 20 bins of the cycle, mean of 8 organs",
        },
        MeasureInfo { name: "active", unit: "imp/s", what: "the same in active movement" },
    ],
    run,
};

/// Organs (as many as were recorded).
const ORGANS: usize = 8;
/// Period of the movement, ms; moderate speed.
const PERIOD_MS: usize = 1000;
/// Periods left out, and counted.
const LEFT_OUT: usize = 1;
const PERIODS: usize = 6;
/// Amplitude of the imposed movement, rad (20 degrees either way).
const AMPLITUDE_RAD: f64 = 0.35;
/// Effort of the active movement at its height, share of maximum; it gives a movement of 25 to 30 degrees either way.
const EFFORT: f64 = 0.1;
/// Bins of a cycle.
const BINS: usize = 20;

struct Moved {
    /// Highest less lowest rate of the cycle.
    modulation: f64,
    /// Mean rate over the cycle.
    cycle: Vec<(f64, f64)>,
    /// Angle over the last cycle, deg.
    angle: Vec<(f64, f64)>,
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let fail = |problem: String| ExperimentError { experiment: ID, problem };
    let body = reference(ID)?;
    let extensor = muscle(ID, &body, "extensor_digitorum")?;
    let joint = body.right.joint("fingers").ok_or_else(|| fail("the body has no fingers".to_owned()))?;
    let subject = Subject::new(&body, seed.stream("subject").bits());
    let limb_model = subject.limb(ID, Side::Right, "fingers").map_err(|e| fail(e.to_string()))?;
    let contraction = ContractionModel::new(&extensor.contraction, Direction::Extension);
    let organ_model = TendonOrganModel::human(extensor.contraction.max_force_n);
    let middle = joint.hinge.rest_angle_rad;
    let omega = 2.0 * std::f64::consts::PI / PERIOD_MS as f64;

    let moved = |active: bool| {
        let mut limb = Limb::new(&limb_model, seed.child("limb"), middle);
        let mut organ = TendonOrgan::new(&organ_model, 0.0);
        let mut encoder = Encoder::new(ORGANS, 1.0, HUMAN_SCALE, seed.child("ib"));
        let (mut spikes, mut bins, mut angle) = (Vec::new(), [0.0; BINS], Vec::new());
        for ms in 0..(LEFT_OUT + PERIODS) * PERIOD_MS {
            let phase = omega * ms as f64;
            let mut input = LimbInput::default();
            if active {
                let effort = EFFORT * math::sin(phase);
                input.command = [effort.max(0.0), (-effort).max(0.0)];
            } else {
                let next = phase + omega;
                input.imposed = Some(Imposed {
                    angle_rad: middle + AMPLITUDE_RAD * math::sin(next),
                    velocity_rad_s: 1e3 * AMPLITUDE_RAD * (math::sin(next) - math::sin(phase)),
                });
            }
            let output = limb.step_ms(&limb_model, &input);
            let fibre = contraction.fibre(output.angle_rad, output.velocity_rad_s);
            let force_n = contraction.torque(&fibre, output.activation[1], 0.0).active_force_n;
            encoder.step_ms(organ.step_ms(&organ_model, force_n), &mut spikes);
            if ms >= LEFT_OUT * PERIOD_MS {
                bins[ms % PERIOD_MS * BINS / PERIOD_MS] += spikes.len() as f64;
            }
            if ms >= (LEFT_OUT + PERIODS - 1) * PERIOD_MS {
                angle.push(((ms % PERIOD_MS) as f64 / PERIOD_MS as f64, output.angle_rad.to_degrees()));
            }
        }
        let per_second = 1e3 * BINS as f64 / (PERIODS * PERIOD_MS * ORGANS) as f64;
        let rates = bins.map(|n| n * per_second);
        let highest = rates.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let lowest = rates.iter().copied().fold(f64::INFINITY, f64::min);
        let cycle = rates.iter().enumerate().map(|(i, r)| ((i as f64 + 0.5) / BINS as f64, *r)).collect();
        Moved { modulation: highest - lowest, cycle, angle }
    };
    let (imposed, active) = (moved(false), moved(true));
    let figure = Figure {
        panels: vec![
            Panel::new("flexion of the knuckles, one cycle", "cycle", "angle (deg)")
                .with("imposed", Mark::Line, imposed.angle)
                .with("active", Mark::Line, active.angle),
            Panel::new("Ib, mean of 8 organs and 6 cycles", "cycle", "Ib (imp/s)")
                .with("imposed, relaxed", Mark::Line, imposed.cycle)
                .with("active", Mark::Line, active.cycle),
        ],
    };
    let values = vec![Value::single("imposed", imposed.modulation), Value::single("active", active.modulation)];
    Ok(Observation { values, figure })
}
