//! Channels of the node of Ranvier: fast and persistent sodium, slow potassium, leak (McIntyre, Richardson & Grill 2002).

use crate::math;

/// Conductances of the nodal membrane, S/cm2, and reversals, mV.
const FAST_SODIUM_S_CM2: f64 = 3.0;
const PERSISTENT_SODIUM_S_CM2: f64 = 0.01;
const SLOW_POTASSIUM_S_CM2: f64 = 0.08;
const LEAK_S_CM2: f64 = 0.007;
const SODIUM_MV: f64 = 50.0;
const POTASSIUM_MV: f64 = -90.0;
const LEAK_MV: f64 = -90.0;

/// Temperatures the rates were given for and their Q10: sodium activation, sodium inactivation, potassium.
const SODIUM_C: f64 = 20.0;
const POTASSIUM_C: f64 = 36.0;
const ACTIVATION_Q10: f64 = 2.2;
const INACTIVATION_Q10: f64 = 2.9;
const POTASSIUM_Q10: f64 = 3.0;

/// Factors on the rates at one temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RateFactors {
    activation: f64,
    inactivation: f64,
    potassium: f64,
}

impl RateFactors {
    /// At `temperature_c`.
    pub(super) fn at(temperature_c: f64) -> Self {
        let factor = |q10: f64, reference_c: f64| math::pow(q10, (temperature_c - reference_c) / 10.0);
        Self {
            activation: factor(ACTIVATION_Q10, SODIUM_C),
            inactivation: factor(INACTIVATION_Q10, SODIUM_C),
            potassium: factor(POTASSIUM_Q10, POTASSIUM_C),
        }
    }
}

/// `slope x/(1 - e^(-x/width))`, 1/ms, with its limit at 0.
#[inline(always)]
fn linoid(slope: f64, width_mv: f64, x_mv: f64) -> f64 {
    let t = x_mv / width_mv;
    // Near 0 the quotient loses its digits; two terms of the series are exact to 1e-9 there.
    let quotient = if t.abs() < 1e-4 { 1.0 + 0.5 * t } else { t / (1.0 - math::exp(-t)) };
    slope * width_mv * quotient
}

/// `rate/(1 + e^(-x/width))`, 1/ms.
#[inline(always)]
fn sigmoid(rate: f64, width_mv: f64, x_mv: f64) -> f64 {
    rate / (1.0 + math::exp(-x_mv / width_mv))
}

/// Opening and closing rates, 1/ms, before temperature, of m, p, h and s at `v` mV.
#[inline(always)]
fn rates(v: f64) -> [(f64, f64); 4] {
    [
        (linoid(1.86, 10.3, v + 21.4), linoid(0.086, 9.16, -(v + 25.7))),
        (linoid(0.01, 10.2, v + 27.0), linoid(0.00025, 10.0, -(v + 34.0))),
        (linoid(0.062, 11.0, -(v + 114.0)), sigmoid(2.3, 13.4, v + 31.8)),
        (sigmoid(0.3, 5.0, v + 53.0), sigmoid(0.03, 1.0, v + 90.0)),
    ]
}

/// Gates of every node, one array a gate.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Gates {
    m: Vec<f64>,
    p: Vec<f64>,
    h: Vec<f64>,
    s: Vec<f64>,
}

impl Gates {
    /// In their steady state at `v_mv`.
    pub(super) fn steady(nodes: usize, v_mv: f64) -> Self {
        let [m, p, h, s] = rates(v_mv).map(|(opening, closing)| vec![opening / (opening + closing); nodes]);
        Self { m, p, h, s }
    }

    /// One step of every node at membrane potentials `v_mv`, second order, between closed and open at any step. Fills, for each node,
    /// `conductance` (S/cm2) and `conductance_reversal` (S/cm2 mV), the sums of its channels and of the channels times their reversals.
    pub(super) fn step(
        &mut self,
        factors: &RateFactors,
        step_ms: f64,
        v_mv: &[f64],
        conductance: &mut [f64],
        conductance_reversal: &mut [f64],
    ) {
        let temperature = [factors.activation, factors.activation, factors.inactivation, factors.potassium];
        let gates = self.m.iter_mut().zip(&mut self.p).zip(&mut self.h).zip(&mut self.s);
        let sums = conductance.iter_mut().zip(conductance_reversal);
        for (((((m, p), h), s), (g, gv)), &v) in gates.zip(sums).zip(v_mv) {
            let rates = rates(v);
            let next = |x: f64, k: usize| {
                let (opening, closing) = rates[k];
                let (opening, closing) = (opening * temperature[k], closing * temperature[k]);
                let z = step_ms * (opening + closing);
                let half = 1.0 + 0.5 * z;
                (x + step_ms * opening * half) / (1.0 + z * half)
            };
            (*m, *p, *h, *s) = (next(*m, 0), next(*p, 1), next(*h, 2), next(*s, 3));
            let sodium = FAST_SODIUM_S_CM2 * *m * *m * *m * *h + PERSISTENT_SODIUM_S_CM2 * *p * *p * *p;
            let potassium = SLOW_POTASSIUM_S_CM2 * *s;
            *g = sodium + potassium + LEAK_S_CM2;
            *gv = sodium * SODIUM_MV + potassium * POTASSIUM_MV + LEAK_S_CM2 * LEAK_MV;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_continuous_through_their_removable_singularities() {
        for v in [-21.4, -25.7, -27.0, -34.0, -114.0] {
            let (below, at, above) = (rates(v - 1e-3), rates(v), rates(v + 1e-3));
            for k in 0..4 {
                assert!((at[k].0 - 0.5 * (below[k].0 + above[k].0)).abs() < 1e-6 * at[k].0.max(1.0));
                assert!((at[k].1 - 0.5 * (below[k].1 + above[k].1)).abs() < 1e-6 * at[k].1.max(1.0));
                assert!(at[k].0 > 0.0 && at[k].1 > 0.0);
            }
        }
    }

    #[test]
    fn a_clamped_node_keeps_its_gates() {
        let rest = Gates::steady(2, -80.0);
        let mut gates = rest.clone();
        let (mut g, mut gv) = ([0.0; 2], [0.0; 2]);
        for _ in 0..1000 {
            gates.step(&RateFactors::at(37.0), 0.001, &[-80.0; 2], &mut g, &mut gv);
        }
        assert!((gates.h[0] - rest.h[0]).abs() < 1e-12 && (gates.m[1] - rest.m[1]).abs() < 1e-12);
        // Within 1 mV of the resting potential.
        assert!((gv[0] / g[0] + 80.0).abs() < 1.0, "{}", gv[0] / g[0]);
    }

    #[test]
    fn gates_stay_between_closed_and_open_at_any_step() {
        let mut gates = Gates::steady(1, -80.0);
        let (mut g, mut gv) = ([0.0], [0.0]);
        for (i, step_ms) in [1e-4, 1e-2, 0.1].into_iter().cycle().take(600).enumerate() {
            gates.step(&RateFactors::at(37.0), step_ms, &[if i % 7 < 3 { 40.0 } else { -100.0 }], &mut g, &mut gv);
            for x in [gates.m[0], gates.p[0], gates.h[0], gates.s[0]] {
                assert!((0.0..=1.0).contains(&x), "{x}");
            }
        }
    }
}
