//! The same steady synaptic input at a hyperpolarised and at a depolarised soma, held by a voltage clamp with the spikes blocked.
//!
//! Effective synaptic current is the clamp current without the input less that with it (Lee & Heckman 2000). Where the soma is held
//! hyperpolarised the persistent inward current is shut; where it is held depolarised the dendrite, which escapes the clamp, opens it.

use tonus_physiology::cord::gains::SegmentalGains;
use tonus_physiology::cord::membrane::{STEP_MS, STEPS_PER_MS};
use tonus_physiology::cord::neuron::UnitType;
use tonus_physiology::cord::pool::{Pool, PoolModel, PoolParameters};
use tonus_physiology::cord::synapse::MOTOR_EXCITATION;
use tonus_physiology::math;
use tonus_physiology::random::Seed;

use super::super::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use super::mean;
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "neuron.persistent_current";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Synaptic current with the persistent inward current on and off",
    source: "Lee & Heckman 2000 J Neurosci 20:6734; Hultborn et al. 2003 J Physiol 552:945",
    measures: &[
        MeasureInfo {
            name: "amplification",
            unit: "fold",
            what: "largest effective synaptic current at a depolarised soma over that at a hyperpolarised one, full monoaminergic drive, mean of the types",
        },
        MeasureInfo { name: "amplification_slow", unit: "fold", what: "the same, S cell" },
        MeasureInfo { name: "amplification_fast", unit: "fold", what: "the same, FF cell" },
        MeasureInfo { name: "amplification_awake", unit: "fold", what: "the same at the drive of waking rest" },
        MeasureInfo { name: "amplification_spinal", unit: "fold", what: "the same without monoaminergic drive" },
    ],
    run,
};

/// Soma potentials the clamp holds, over the spike threshold.
const HELD: [f64; 15] = [-0.5, 0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5];
/// Steady synaptic conductance over the dendrite's input conductance: effective currents of some nA, as from tendon vibration.
const INPUT: f64 = 0.05;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let mut panel =
        Panel::new("Effective synaptic current", "held soma potential over threshold", "current over that at rest");
    let mut at = |drive: f64, name: &str| {
        let curves = pool_curves(drive, seed);
        for (curve, kind) in curves.iter().zip(["S", "FR", "FF"]) {
            let points = HELD.into_iter().zip(curve.iter().map(|na| na / curve[0])).collect();
            panel = panel.clone().with(
                format!("{kind}, {name}"),
                if drive < 0.9 { Mark::Dashed } else { Mark::Line },
                points,
            );
        }
        curves.map(|curve| curve.iter().copied().fold(f64::NEG_INFINITY, f64::max) / curve[0])
    };
    let strong = at(1.0, "drive 1");
    let awake = at(SegmentalGains::default().persistent_inward_current, "waking rest");
    let spinal = pool_curves(0.0, seed).map(|curve| curve.iter().copied().fold(f64::NEG_INFINITY, f64::max) / curve[0]);
    Ok(Observation {
        values: vec![
            Value::mean_of("amplification", &strong),
            Value::single("amplification_slow", strong[0]),
            Value::single("amplification_fast", strong[2]),
            Value::mean_of("amplification_awake", &awake),
            Value::mean_of("amplification_spinal", &spinal),
        ],
        figure: Figure { panels: vec![panel.published((0.5, 1.5), (2.0, 6.0))] },
    })
}

/// Effective synaptic current of the cell in the middle of each type, nA, at each held potential.
fn pool_curves(drive: f64, seed: Seed) -> [Vec<f64>; 3] {
    // Three cells a type; the dead have no spikes, as with intracellular QX-314, and are otherwise alike.
    let parameters = PoolParameters {
        units: 9,
        slow_share: 1.0 / 3.0,
        fatigue_resistant_share: 1.0 / 3.0,
        survival: 0.0,
        ..PoolParameters::default()
    };
    let gains = SegmentalGains { persistent_inward_current: drive, ..SegmentalGains::default() };
    let model = PoolModel::new(&parameters, &gains, seed);
    let [mut slow, mut resistant, mut fatigable] = [const { Vec::new() }; 3];
    for held in HELD {
        let (without, with) = (clamp(&model, held, 0.0), clamp(&model, held, INPUT));
        let current = |kind: UnitType| {
            mean((0..model.units()).filter(|&u| model.types()[u] == kind).map(|u| without[u] - with[u]))
        };
        slow.push(current(UnitType::Slow));
        resistant.push(current(UnitType::FatigueResistant));
        fatigable.push(current(UnitType::FastFatigable));
    }
    [slow, resistant, fatigable]
}

/// Clamp current of every cell after 1 s at `held` times its threshold, with a steady excitation of its dendrite, nA.
fn clamp(model: &PoolModel, held: f64, input: f64) -> Vec<f64> {
    let n = model.units();
    let mut pool = Pool::new(model);
    let mut integral = vec![0.0; n];
    // What keeps a decaying conductance at its mean.
    let refill = 1.0 - math::exp(-MOTOR_EXCITATION.unbinding_per_ms * STEP_MS);
    let mut current = vec![0.0; n];
    for _ in 0..1000 * STEPS_PER_MS {
        for unit in 0..n {
            let cell = &model.neurons()[unit];
            let error = held * cell.threshold_mv - pool.soma_mv(unit);
            integral[unit] += 0.01 * error * cell.soma_leak_us;
            current[unit] = integral[unit] + 2.0 * error * cell.soma_leak_us;
            pool.set_current_na(model, unit, current[unit]);
            let dendrite_us =
                cell.dendrite_leak_us + cell.coupling_us * cell.soma_leak_us / (cell.coupling_us + cell.soma_leak_us);
            pool.excite(unit, refill * input * dendrite_us);
        }
        pool.step(model);
    }
    current
}
