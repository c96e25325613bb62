//! A pool of two-compartment motor neurons under independent synaptic drive, at several sizes.

use tonus_physiology::cord::gains::SegmentalGains;
use tonus_physiology::cord::pool::{Pool, PoolModel, PoolParameters};
use tonus_physiology::random::Seed;

use crate::Workload;
use crate::poisson::Poisson;

const WHAT: &str = "two-compartment motor neurons with dendritic inward current, dt 0.05 ms, independent Poisson excitation, 12-20 spikes/s";

pub(crate) const POOL_120: Workload =
    Workload { name: "pool_120_two_compartment", what: WHAT, cores: 1, build: || build(120), neurons: 120 };
pub(crate) const POOL_10: Workload =
    Workload { name: "pool_10_two_compartment", build: || build(10), neurons: 10, ..POOL_120 };
pub(crate) const POOL_1000: Workload =
    Workload { name: "pool_1000_two_compartment", build: || build(1000), neurons: 1000, ..POOL_120 };
pub(crate) const POOL_10000: Workload =
    Workload { name: "pool_10000_two_compartment", build: || build_for(10_000, 100), neurons: 10_000, ..POOL_120 };

/// Excitatory events a second on each motor neuron; each stands for the coincident input of a few axons.
pub(crate) const EVENTS_HZ: f64 = 600.0;
/// Jump of one event over the neuron's input conductance.
const EVENT_SIZE: f64 = 0.53;

pub(crate) fn motor_pool(units: usize) -> (PoolModel, Vec<f64>) {
    let parameters =
        PoolParameters { units, slow_share: 0.5, fatigue_resistant_share: 0.25, ..PoolParameters::default() };
    let model = PoolModel::new(&parameters, &SegmentalGains::default(), Seed::new(1));
    let jumps =
        model.neurons().iter().map(|n| EVENT_SIZE * n.threshold_mv / 12.35 / n.input_resistance_mohm()).collect();
    (model, jumps)
}

fn build(units: usize) -> Box<dyn FnMut() -> f64> {
    build_for(units, 2000)
}

fn build_for(units: usize, milliseconds: usize) -> Box<dyn FnMut() -> f64> {
    let (model, jumps) = motor_pool(units);
    let mut pool = Pool::new(&model);
    let mut poisson = Poisson::new(units, EVENTS_HZ);
    Box::new(move || {
        for _ in 0..milliseconds {
            poisson.draw_ms();
            for due in &poisson.due {
                due.iter().for_each(|&unit| pool.excite(unit, jumps[unit]));
                std::hint::black_box(pool.step(&model).len());
            }
        }
        milliseconds as f64 * 1e-3
    })
}
