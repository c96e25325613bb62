//! Synapses: transmitter kinetics, projections with their connectivity, Ia terminals.
//!
//! Bound transmitter of one synapse (Destexhe, Mainen & Sejnowski 1994), transmitter present for a short pulse (1 mM):
//!
//! ```text
//! on : r -> rinf + (r - rinf) exp(-t/tau)      rinf = a/(a + b), tau = 1/(a + b)
//! off: r -> r exp(-b t)                        I = sum(g r) (E - V)
//! ```
//!
//! A pulse of 0.2-0.4 ms is short against a membrane: a spike adds one jump to the target's conductance sum, which decays with `b`.
//! The jump keeps the exact integral of r (hence the charge) at the cord's step, and comes later by what keeps r's centre in time;
//! the sum is linear, so a target's cost doesn't depend on how many synapses it has. Holds while r is small (0.08-0.15 here).
//! The 3 ms pulse on Renshaw cells is kept as four jumps that give r exactly at the end of each quarter, and a second spike
//! adds only what the sites still bound leave.

use serde::{Deserialize, Serialize};

use super::membrane::{LANES, STEP_MS};
use crate::math;
use crate::random::{Seed, Stream};

/// Kinetics of one transmitter at one kind of target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kinetics {
    /// Binding rate at 1 mM, 1/ms.
    pub binding_per_ms: f64,
    /// Unbinding rate, 1/ms.
    pub unbinding_per_ms: f64,
    /// Transmitter pulse, ms.
    pub pulse_ms: f64,
}

/// Excitation of motor neurons and of Ia, Ib and group II interneurons (Cisi & Kohn 2008).
pub const MOTOR_EXCITATION: Kinetics = Kinetics { binding_per_ms: 0.5, unbinding_per_ms: 2.5, pulse_ms: 0.2 };
/// Inhibition of motor neurons and interneurons (Cisi & Kohn 2008).
pub const MOTOR_INHIBITION: Kinetics = Kinetics { binding_per_ms: 0.5, unbinding_per_ms: 1.2, pulse_ms: 0.4 };
/// Excitation of Renshaw cells by motor axon collaterals (Williams & Baker 2009).
pub const RENSHAW_EXCITATION: Kinetics = Kinetics { binding_per_ms: 0.5, unbinding_per_ms: 0.07, pulse_ms: 3.0 };

/// Jumps that make the long pulse on a Renshaw cell.
pub const RENSHAW_JUMPS: usize = 4;

impl Kinetics {
    /// Bound fraction `ms` after the onset of transmitter, from none.
    pub fn bound(&self, ms: f64) -> f64 {
        let rate = self.binding_per_ms + self.unbinding_per_ms;
        let top = self.binding_per_ms / rate;
        let on = top * (1.0 - math::exp(-rate * ms.min(self.pulse_ms)));
        on * math::exp(-self.unbinding_per_ms * (ms - self.pulse_ms).max(0.0))
    }

    /// Integral of the bound fraction after one spike, ms.
    pub fn area_ms(&self) -> f64 {
        let rate = self.binding_per_ms + self.unbinding_per_ms;
        let top = self.binding_per_ms / rate;
        let on = top * (self.pulse_ms - (1.0 - math::exp(-rate * self.pulse_ms)) / rate);
        on + self.bound(self.pulse_ms) / self.unbinding_per_ms
    }

    /// Jump per unit of conductance that has, summed over the cord's steps, the same integral.
    pub fn jump(&self) -> f64 {
        self.area_ms() * (1.0 - math::exp(-self.unbinding_per_ms * STEP_MS)) / STEP_MS
    }

    /// Delay of the jump after the spike's arrival that keeps the centre in time, ms.
    pub fn jump_delay_ms(&self) -> f64 {
        let (a, b, pulse) = (self.binding_per_ms, self.unbinding_per_ms, self.pulse_ms);
        let rate = a + b;
        let top = a / rate;
        // First moments of 1 - exp(-rate t) over the pulse and of the decay after it.
        let fall = math::exp(-rate * pulse);
        let on = top * (0.5 * pulse * pulse - (1.0 - fall * (1.0 + rate * pulse)) / (rate * rate));
        let off = self.bound(pulse) * (pulse / b + 1.0 / (b * b));
        (on + off) / self.area_ms() - 1.0 / b
    }

    /// Jumps per unit of conductance at the end of each quarter of the pulse.
    pub fn quarter_jumps(&self) -> [f64; RENSHAW_JUMPS] {
        let quarter = self.pulse_ms / RENSHAW_JUMPS as f64;
        let fall = math::exp(-self.unbinding_per_ms * quarter);
        std::array::from_fn(|k| self.bound((k + 1) as f64 * quarter) - self.bound(k as f64 * quarter) * fall)
    }
}

/// How a source population connects to a target population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Connectivity {
    /// Probability that a given pair is connected.
    pub probability: f64,
    /// Conductance of one synapse, uS.
    pub conductance_us: f64,
    /// Distance weighting D/(D + d^2), mm2; infinite = none.
    pub spread_mm2: f64,
    /// Source cells that `probability` and `conductance_us` were published for.
    pub published_sources: usize,
}

impl Connectivity {
    /// The same mean total conductance on a target from another number of sources: first the probability makes up for
    /// the number, then the conductance.
    pub fn for_sources(&self, sources: usize) -> Self {
        if sources == 0 {
            return *self;
        }
        let inputs = self.probability * self.published_sources as f64;
        let probability = (inputs / sources as f64).min(1.0);
        Self {
            probability,
            conductance_us: self.conductance_us * inputs / (probability * sources as f64),
            spread_mm2: self.spread_mm2,
            published_sources: sources,
        }
    }
}

/// Weights of one population's synapses on another: a dense row per source cell.
#[derive(Clone, Debug)]
pub struct Projection {
    weights: Vec<f32>,
    row: usize,
    /// Jump of the target's conductance for a weight of 1, uS.
    pub jump_us: f64,
}

impl Projection {
    /// Draws the connections of sources and targets evenly placed on `source_mm` and `target_mm` along the cord. Each pair
    /// has its own draw. `jump` is [`Kinetics::jump`].
    pub fn new(
        connectivity: &Connectivity,
        (sources, source_mm): (usize, [f64; 2]),
        (targets, target_mm): (usize, [f64; 2]),
        jump: f64,
        seed: Seed,
    ) -> Self {
        let row = targets.div_ceil(LANES) * LANES;
        let place = |i: usize, n: usize, mm: [f64; 2]| mm[0] + (mm[1] - mm[0]) * i as f64 / (n.max(2) - 1) as f64;
        let mut weights = vec![0.0; sources * row];
        for (source, row) in weights.chunks_exact_mut(row.max(1)).enumerate() {
            let mut stream = seed.index(source).stream("connections");
            for (target, weight) in row[..targets].iter_mut().enumerate() {
                if stream.uniform() <= connectivity.probability {
                    let d = place(source, sources, source_mm) - place(target, targets, target_mm);
                    let near = if connectivity.spread_mm2.is_finite() {
                        connectivity.spread_mm2 / (connectivity.spread_mm2 + d * d)
                    } else {
                        1.0
                    };
                    *weight = near as f32;
                }
            }
        }
        Self { weights, row, jump_us: connectivity.conductance_us * jump }
    }

    /// Multiplies the weights on each target by `factor(target)`.
    pub fn weight_targets(&mut self, factor: impl Fn(usize) -> f64) {
        for row in self.weights.chunks_exact_mut(self.row.max(1)) {
            for (target, weight) in row.iter_mut().enumerate().filter(|(_, w)| **w > 0.0) {
                *weight = (f64::from(*weight) * factor(target)) as f32;
            }
        }
    }

    /// Weights of one source on every target, padded to whole blocks.
    pub fn row(&self, source: usize) -> &[f32] {
        &self.weights[source * self.row..(source + 1) * self.row]
    }

    /// Source cells.
    pub fn sources(&self) -> usize {
        self.weights.len().checked_div(self.row).unwrap_or(0)
    }

    /// Number of synapses.
    pub fn synapses(&self) -> usize {
        self.weights.iter().filter(|&&w| w > 0.0).count()
    }
}

/// Recovery of the Ia terminal's store, ms: 3-5 s (fitted to: H reflex recovers in 8-12 s, Crone & Nielsen 1989).
pub const STORE_RECOVERY_MS: f64 = 4000.0;
/// Part of an Ia terminal's release that doesn't depend on the store: depression saturates, so a tonically firing spindle
/// still drives. Fitted to: H reflex at 1/s about half of that at 0.1/s, with stretch reflexes kept at resting discharge.
pub const STORE_INDEPENDENT_RELEASE: f64 = 0.5;

/// Store of transmitter of each Ia terminal: post-activation (homosynaptic) depression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terminals {
    /// Store left after the last spike, and when that was, ms.
    stores: Vec<(f64, f64)>,
}

impl Terminals {
    /// Full stores.
    pub fn new(axons: usize) -> Self {
        Self { stores: vec![(1.0, 0.0); axons] }
    }

    /// Release of one spike relative to a rested terminal; uses the fraction `depression` of the store.
    pub fn release(&mut self, axon: usize, now_ms: f64, depression: f64) -> f64 {
        let (left, since) = self.stores[axon];
        let store = 1.0 - (1.0 - left) * math::exp((since - now_ms) / STORE_RECOVERY_MS);
        self.stores[axon] = (store * (1.0 - depression), now_ms);
        STORE_INDEPENDENT_RELEASE + (1.0 - STORE_INDEPENDENT_RELEASE) * store
    }
}

/// Depression of the motor axon collateral on Renshaw cells: share left by a spike, and recovery, ms (Williams & Baker 2009).
const COLLATERAL_LEFT: f64 = 0.5;
const COLLATERAL_RECOVERY_MS: f64 = 200.0;

/// Motor axon collaterals on Renshaw cells: depressing, and saturating by the sites still bound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collaterals {
    /// Dynamic gain, bound fraction at the end of the last pulse, time of the last spike, ms.
    states: Vec<(f64, f64, f64)>,
}

impl Collaterals {
    /// Rested collaterals.
    pub fn new(axons: usize) -> Self {
        Self { states: vec![(1.0, 0.0, -1e9); axons] }
    }

    /// Gain on the jumps of one spike.
    pub fn gain(&mut self, axon: usize, now_ms: f64) -> f64 {
        let k = RENSHAW_EXCITATION;
        let (gain, bound, since) = self.states[axon];
        let interval = now_ms - since;
        // Destexhe-style: g <- g0 + exp(-dT/tau) (a g - g0), the value this spike meets.
        let gain = 1.0 + math::exp(-interval / COLLATERAL_RECOVERY_MS) * (COLLATERAL_LEFT * gain - 1.0);
        let still = bound * math::exp(-k.unbinding_per_ms * (interval - k.pulse_ms).max(0.0));
        let full = k.bound(k.pulse_ms);
        let left = math::exp(-k.unbinding_per_ms * k.pulse_ms)
            - math::exp(-(k.binding_per_ms + k.unbinding_per_ms) * k.pulse_ms);
        let room = (1.0 - still * left / full).max(0.0);
        let end = full * room + still * math::exp(-k.unbinding_per_ms * k.pulse_ms);
        self.states[axon] = (gain, end, now_ms);
        gain * room
    }
}

/// Renewal process by its integral: gamma intervals of order `k` and mean 1, one draw each
/// (Wilson-Hilferty cube of a normal; mean exact, CV within 1 % for order 10).
pub(crate) fn gamma_interval(order: f64, stream: &mut Stream) -> f64 {
    let ninth = 1.0 / (9.0 * order);
    let root = 1.0 - ninth + stream.normal() * math::sqrt(ninth);
    (root * root * root).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinetics_reach_the_published_bound_fractions() {
        assert!((MOTOR_EXCITATION.bound(0.2) - 0.0752).abs() < 2e-4);
        assert!((MOTOR_INHIBITION.bound(0.4) - 0.145).abs() < 1e-3);
    }

    #[test]
    fn a_jump_keeps_charge_and_timing() {
        for k in [MOTOR_EXCITATION, MOTOR_INHIBITION, RENSHAW_EXCITATION] {
            let dt = 1e-3;
            let samples: Vec<f64> = (0..300_000).map(|i| k.bound((f64::from(i) + 0.5) * dt)).collect();
            let area: f64 = samples.iter().sum::<f64>() * dt;
            let moment: f64 = samples.iter().enumerate().map(|(i, r)| r * (i as f64 + 0.5) * dt * dt).sum();
            assert!((area / k.area_ms() - 1.0).abs() < 1e-4);
            assert!((moment / area - 1.0 / k.unbinding_per_ms - k.jump_delay_ms()).abs() < 1e-3);
            let fall = math::exp(-k.unbinding_per_ms * STEP_MS);
            assert!((k.jump() / (1.0 - fall) * STEP_MS / area - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn quarters_rebuild_the_long_pulse() {
        let k = RENSHAW_EXCITATION;
        let fall = math::exp(-k.unbinding_per_ms * k.pulse_ms / 4.0);
        let end = k.quarter_jumps().into_iter().fold(0.0, |r, jump| r * fall + jump);
        assert!((end - k.bound(k.pulse_ms)).abs() < 1e-12);
    }

    #[test]
    fn scaling_the_sources_keeps_the_total() {
        let c =
            Connectivity { probability: 0.2, conductance_us: 0.5, spread_mm2: f64::INFINITY, published_sources: 350 };
        for n in [40, 64, 350, 1000] {
            let s = c.for_sources(n);
            assert!((s.probability * s.conductance_us * n as f64 - 35.0).abs() < 1e-9 && s.probability <= 1.0);
        }
    }

    #[test]
    fn terminals_depress_and_recover() {
        let mut t = Terminals::new(1);
        let rested = t.release(0, 0.0, 0.15);
        assert_eq!(rested, 1.0);
        let after_1_s = t.release(0, 1000.0, 0.15);
        assert!(after_1_s < rested);
        assert!(t.release(0, 30_000.0, 0.15) > 0.99);
        let mut off = Terminals::new(1);
        assert!((0..9).all(|i| off.release(0, f64::from(i) * 10.0, 0.0) == 1.0));
    }

    #[test]
    fn collaterals_depress() {
        let mut c = Collaterals::new(1);
        assert!((c.gain(0, 0.0) - 1.0).abs() < 1e-9);
        let second = c.gain(0, 20.0);
        assert!((0.4..0.7).contains(&second), "{second}");
        assert!(c.gain(0, 3000.0) > 0.99);
    }

    #[test]
    fn connections_have_their_probability_and_spread() {
        let c =
            Connectivity { probability: 0.3, conductance_us: 1.0, spread_mm2: f64::INFINITY, published_sources: 400 };
        let all = Projection::new(&c, (400, [0.0, 18.0]), (100, [0.0, 18.0]), 1.0, Seed::new(3));
        assert!((all.synapses() as f64 / 40_000.0 - 0.3).abs() < 0.01);
        let near = Projection::new(
            &Connectivity { probability: 1.0, spread_mm2: 0.22, ..c },
            (50, [0.0, 18.0]),
            (50, [0.0, 18.0]),
            1.0,
            Seed::new(3),
        );
        assert!(near.row(10)[10] > 0.99 && near.row(10)[20] < 0.05);
    }
}
