//! A muscle contracting at will: descending axons, motor neurons and Renshaw cells of one muscle, as they stand.

use tonus_body::Muscle;
use tonus_physiology::cord::circuit::{
    AfferentCounts, Circuit, CircuitInput, CircuitModel, CircuitOutput, GroupCircuitParameters,
};
use tonus_physiology::cord::pool::PoolParameters;
use tonus_physiology::limb::effort::EffortMap;
use tonus_physiology::random::Seed;

/// Discharge times of every motor neuron, s, while the effort (fraction of maximal voluntary force) follows `effort` of the time in
/// s. The muscle's length is held; afferents are silent and there is no antagonist.
pub(super) fn contract(muscle: &Muscle, seed: Seed, seconds: f64, effort: impl Fn(f64) -> f64) -> Vec<Vec<f64>> {
    let none = AfferentCounts { ia: 0, ii: 0, ib: 0 };
    let own = GroupCircuitParameters { pool: muscle.pool.clone(), gains: muscle.gains.clone(), afferents: none };
    let antagonist = GroupCircuitParameters { pool: PoolParameters { units: 0, ..own.pool.clone() }, ..own.clone() };
    let map = EffortMap::new(&muscle.units, muscle.pool.units);
    let model = CircuitModel::new(&[own, antagonist], seed);
    let mut circuit = Circuit::new(&model, seed);
    let (mut input, mut out) = (CircuitInput::default(), CircuitOutput::default());
    let mut times = vec![vec![]; muscle.pool.units];
    for ms in 0..(1e3 * seconds) as usize {
        input.groups[0].drive_hz = model.command_to_drive_hz(0, map.command(effort(1e-3 * ms as f64)));
        circuit.step_ms(&model, &input, &mut out);
        for spike in &out.spikes[0] {
            times[spike.unit as usize].push(1e-3 * (ms as f64 + f64::from(spike.offset_ms)));
        }
    }
    times
}
