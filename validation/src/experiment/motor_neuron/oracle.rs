//! A motor neuron integrated as exactly as one likes: the judge of the cord's fixed step.
//!
//! Written from the paper's equations, apart from the cord's code: gates in closed form from the time of the last spike, the two
//! membranes and the persistent gate by Dormand and Prince's embedded pair of orders 5 and 4 with an error of 1e-9 a step, and each
//! threshold crossing found by bisection.

use tonus_physiology::cord::membrane::EXCITATION_MV;
use tonus_physiology::cord::neuron::{Cell, PERSISTENT_REVERSAL_MV, PERSISTENT_STEEPNESS_MV, PERSISTENT_TAU_MS};
use tonus_physiology::cord::synapse::MOTOR_EXCITATION;
use tonus_physiology::math::{exp, pow};

// Gates of Cisi & Kohn 2008: rates in 1/ms, pulse in ms, potentials in mV above rest.
const ALPHA: [f64; 4] = [22.0, 0.5, 1.5, 1.5];
const BETA_M: f64 = 13.0;
const BETA_H: f64 = 4.0;
const PULSE_MS: f64 = 0.6;
const SODIUM_MV: f64 = 120.0;
const POTASSIUM_MV: f64 = -10.0;
/// Error a step may make, mV.
const TOLERANCE_MV: f64 = 1e-9;
/// Longest step, ms.
const LONGEST_MS: f64 = 0.5;

/// A jump of the dendrite's excitation: when, ms, and by how much, uS.
pub(super) type Jump = (f64, f64);

/// Soma and dendrite, mV, and the persistent gate.
type State = [f64; 3];

/// One neuron under a steady somatic current and jumps of dendritic excitation.
struct Neuron<'a> {
    cell: &'a Cell,
    persistent_us: f64,
    current_na: f64,
    /// m, h, n, q at the last spike.
    at_spike: [f64; 4],
    spiked_ms: f64,
    excitation: Jump,
}

/// Spike times until `until_ms`, ms. `jumps` in order of time.
pub(super) fn spike_times(cell: &Cell, monoamines: f64, current_na: f64, jumps: &[Jump], until_ms: f64) -> Vec<f64> {
    let mut neuron = Neuron {
        cell,
        persistent_us: monoamines * cell.persistent_us,
        current_na,
        at_spike: [0.0, 1.0, 0.0, 0.0],
        spiked_ms: f64::NEG_INFINITY,
        excitation: (0.0, 0.0),
    };
    let (mut now, mut state, mut times) = (0.0, [0.0; 3], vec![]);
    let mut jumps = jumps.iter().copied().peekable();
    let mut step: f64 = 0.01;
    while now < until_ms {
        while let Some(jump) = jumps.next_if(|jump| jump.0 <= now) {
            neuron.excitation = (now, neuron.excitation_us(now) + jump.1);
        }
        // To the next point where the right-hand side is not smooth.
        let corners = [neuron.spiked_ms + PULSE_MS, neuron.spiked_ms + cell.refractory_ms];
        let next =
            jumps.peek().map(|jump| jump.0).into_iter().chain(corners).filter(|&t| t > now).fold(until_ms, f64::min);
        while now < next {
            let try_step = step.min(next - now).min(LONGEST_MS);
            let (after, error) = neuron.step(now, &state, try_step);
            if error > TOLERANCE_MV {
                step = try_step * (0.9 * pow(TOLERANCE_MV / error, 0.2)).max(0.2);
                continue;
            }
            let ready = now >= neuron.spiked_ms + cell.refractory_ms;
            if ready && after[0] > cell.threshold_mv {
                let (mut low, mut high) = (0.0, try_step);
                for _ in 0..45 {
                    let middle = 0.5 * (low + high);
                    if neuron.step(now, &state, middle).0[0] > cell.threshold_mv { high = middle } else { low = middle }
                }
                state = neuron.step(now, &state, high).0;
                now += high;
                neuron.at_spike = neuron.gates(now);
                neuron.spiked_ms = now;
                times.push(now);
                step = 0.01;
                break;
            }
            state = after;
            now = if try_step >= next - now { next } else { now + try_step };
            step = try_step * (0.9 * pow(TOLERANCE_MV / error.max(1e-18), 0.2)).min(4.0);
        }
    }
    times
}

impl Neuron<'_> {
    fn excitation_us(&self, t: f64) -> f64 {
        self.excitation.1 * exp(-MOTOR_EXCITATION.unbinding_per_ms * (t - self.excitation.0))
    }

    /// m, h, n, q.
    fn gates(&self, t: f64) -> [f64; 4] {
        let since = t - self.spiked_ms;
        if !since.is_finite() {
            return self.at_spike;
        }
        let [m, h, n, q] = self.at_spike;
        let on = since.min(PULSE_MS);
        let rise = |x: f64, alpha: f64| 1.0 + (x - 1.0) * exp(-alpha * on);
        let [m, h, n, q] = [rise(m, ALPHA[0]), h * exp(-BETA_H * on), rise(n, ALPHA[2]), rise(q, ALPHA[3])];
        let off = since - on;
        [
            m * exp(-BETA_M * off),
            1.0 + (h - 1.0) * exp(-ALPHA[1] * off),
            n * exp(-self.cell.fast_decay_per_ms * off),
            q * exp(-self.cell.slow_decay_per_ms * off),
        ]
    }

    fn slope(&self, t: f64, [soma, dendrite, open]: State) -> State {
        let c = self.cell;
        let [m, h, n, q] = self.gates(t);
        let sodium = c.sodium_us * m * m * m * h;
        let potassium = c.fast_potassium_us * n.powi(4) + c.slow_potassium_us * q * q;
        let into_soma = -c.soma_leak_us * soma - c.coupling_us * (soma - dendrite)
            + sodium * (SODIUM_MV - soma)
            + potassium * (POTASSIUM_MV - soma)
            + self.current_na;
        let into_dendrite = -c.dendrite_leak_us * dendrite - c.coupling_us * (dendrite - soma)
            + self.excitation_us(t) * (EXCITATION_MV - dendrite)
            + self.persistent_us * open * (PERSISTENT_REVERSAL_MV - dendrite);
        let steady = 1.0 / (1.0 + exp((c.persistent_half_mv - dendrite) / PERSISTENT_STEEPNESS_MV));
        [into_soma / c.soma_nf, into_dendrite / c.dendrite_nf, (steady - open) / PERSISTENT_TAU_MS]
    }

    /// One step of Dormand & Prince 1980; the state after it and the largest difference of the two orders.
    fn step(&self, t: f64, y: &State, h: f64) -> (State, f64) {
        const C: [f64; 7] = [0.0, 0.2, 0.3, 0.8, 8.0 / 9.0, 1.0, 1.0];
        const A: [[f64; 6]; 7] = [
            [0.0; 6],
            [0.2, 0.0, 0.0, 0.0, 0.0, 0.0],
            [3.0 / 40.0, 9.0 / 40.0, 0.0, 0.0, 0.0, 0.0],
            [44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0, 0.0, 0.0, 0.0],
            [19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0, 0.0, 0.0],
            [9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0, 0.0],
            [35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
        ];
        const DIFFERENCE: [f64; 7] =
            [71.0 / 57600.0, 0.0, -71.0 / 16695.0, 71.0 / 1920.0, -17253.0 / 339_200.0, 22.0 / 525.0, -1.0 / 40.0];
        let mut slopes = [[0.0; 3]; 7];
        let mut at = *y;
        for stage in 0..7 {
            at = std::array::from_fn(|i| y[i] + h * (0..stage).map(|s| A[stage][s] * slopes[s][i]).sum::<f64>());
            slopes[stage] = self.slope(t + C[stage] * h, at);
        }
        let error = (0..3).map(|i| (h * (0..7).map(|s| DIFFERENCE[s] * slopes[s][i]).sum::<f64>()).abs());
        (at, error.fold(0.0, f64::max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonus_physiology::cord::neuron::UnitType;

    #[test]
    fn the_first_spike_comes_when_the_linear_membrane_reaches_threshold() {
        // Before any spike the two compartments are linear: compare with the matrix exponential's two modes.
        let cell = Cell::motor_neuron(UnitType::Slow, 0.5);
        let current = 1.5 * cell.rheobase_na();
        let (a, b) = (-(cell.soma_leak_us + cell.coupling_us) / cell.soma_nf, cell.coupling_us / cell.soma_nf);
        let (c, d) =
            (cell.coupling_us / cell.dendrite_nf, -(cell.dendrite_leak_us + cell.coupling_us) / cell.dendrite_nf);
        let root = (0.25 * (a - d) * (a - d) + b * c).sqrt();
        let (fast, slow) = (0.5 * (a + d) - root, 0.5 * (a + d) + root);
        let steady = current * cell.input_resistance_mohm();
        // V(0) = 0 and V'(0) = I/C fix the two amplitudes.
        let slow_part = (current / cell.soma_nf + steady * fast) / (slow - fast);
        let fast_part = -steady - slow_part;
        let soma = |t: f64| steady + slow_part * exp(slow * t) + fast_part * exp(fast * t);
        let spike = spike_times(&cell, 0.0, current, &[], 100.0)[0];
        assert!((soma(spike) - cell.threshold_mv).abs() < 1e-6, "{} at {spike}", soma(spike) - cell.threshold_mv);
    }
}
