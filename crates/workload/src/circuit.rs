//! 470 cells in a recurrent circuit.

use tonus_physiology::cord::interneuron::InterneuronKind;
use tonus_physiology::cord::membrane::{Cells, STEPS_PER_MS};
use tonus_physiology::cord::pool::Pool;
use tonus_physiology::cord::synapse::{Connectivity, MOTOR_INHIBITION, Projection};
use tonus_physiology::random::Seed;

use crate::Workload;
use crate::poisson::Poisson;
use crate::pool::{EVENTS_HZ, motor_pool};

pub(crate) const CIRCUIT_470: Workload = Workload {
    name: "circuit_470",
    what: "120 motor neurons, 100 Renshaw cells, 250 Ia interneurons, recurrent conductance synapses, dt 0.05 ms",
    cores: 1,
    build,
    neurons: 470,
};

/// Simulated time of one run, ms.
const RUN_MS: usize = 1000;
/// Steps from a spike to its synapses: 0.3 ms.
const DELAY: usize = 6;

/// Motor neurons excite the Renshaw cells, these inhibit motor neurons, Ia interneurons and each other; Ia interneurons inhibit motor
/// neurons and each other; motor neurons and Ia interneurons have independent Poisson excitation.
fn build() -> Box<dyn FnMut() -> f64> {
    let (motor_model, jumps) = motor_pool(120);
    let (renshaw_model, ia_model) = (InterneuronKind::Renshaw.population(100), InterneuronKind::Ia.population(250));
    let (mut motor, mut renshaw, mut ia) = (Pool::new(&motor_model), Cells::new(&renshaw_model), Cells::new(&ia_model));
    let project = |from: usize, to: usize, probability: f64, conductance_us: f64| {
        let connectivity =
            Connectivity { probability, conductance_us, spread_mm2: f64::INFINITY, published_sources: from };
        let place = [0.0, 18.0];
        let seed = Seed::new(9).index(from).index(to);
        Projection::new(&connectivity, (from, place), (to, place), MOTOR_INHIBITION.jump(), seed)
    };
    let motor_renshaw = project(120, 100, 0.2, 0.03);
    let [renshaw_motor, renshaw_ia, renshaw_renshaw] = [120, 250, 100].map(|to| project(100, to, 0.1, 0.02));
    let [ia_motor, ia_ia] = [120, 250].map(|to| project(250, to, 0.1, 0.002));
    let (mut to_motor, mut to_ia) = (Poisson::new(120, EVENTS_HZ), Poisson::new(250, 200.0));
    let mut spikes: [[Vec<usize>; DELAY]; 3] = Default::default();
    let mut slot = 0;
    Box::new(move || {
        for _ in 0..RUN_MS {
            to_motor.draw_ms();
            to_ia.draw_ms();
            for step in 0..STEPS_PER_MS {
                to_motor.due[step].iter().for_each(|&unit| motor.excite(unit, jumps[unit]));
                to_ia.due[step].iter().for_each(|&cell| ia.excite(cell, 0.05));
                for &source in &spikes[0][slot] {
                    renshaw.excite_row(motor_renshaw.row(source), motor_renshaw.jump_us);
                }
                for &source in &spikes[1][slot] {
                    motor.inhibit_row(renshaw_motor.row(source), renshaw_motor.jump_us);
                    ia.inhibit_row(renshaw_ia.row(source), renshaw_ia.jump_us);
                    renshaw.inhibit_row(renshaw_renshaw.row(source), renshaw_renshaw.jump_us);
                }
                for &source in &spikes[2][slot] {
                    motor.inhibit_row(ia_motor.row(source), ia_motor.jump_us);
                    ia.inhibit_row(ia_ia.row(source), ia_ia.jump_us);
                }
                let fired = [motor.step(&motor_model), renshaw.step(&renshaw_model), ia.step(&ia_model)];
                for (crossings, ring) in fired.into_iter().zip(&mut spikes) {
                    ring[slot].clear();
                    ring[slot].extend(crossings.iter().map(|c| c.cell as usize));
                }
                slot = (slot + 1) % DELAY;
            }
        }
        RUN_MS as f64 * 1e-3
    })
}
