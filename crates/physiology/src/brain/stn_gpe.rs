//! The subthalamo-pallidal network with delays (Nevado-Holgado, Terry & Bogacz 2010, J Neurosci 30:12340).
//!
//! tau_S dS/dt = F_S(w_CS Ctx - w_GS G(t - T_GS)) - S
//! tau_G dG/dt = F_G(w_SG S(t - T_SG) - w_GG G(t - T_GG) - w_XG Str) - G
//! F_X(u) = M_X / (1 + ((M_X - B_X)/B_X) exp(-4 u / M_X))
//!
//! S and G are the mean rates of the subthalamic nucleus and the external pallidum, spikes/s. The weights are
//! without unit. Between the paper's healthy and parkinsonian tables the weights are interpolated linearly in the
//! state K: a Hopf bifurcation lies near K = 0.25, and beyond it the network oscillates in the beta band, slower as
//! K grows. Forward Euler at 0.1 ms, a sixtieth of the shortest time constant.

use serde::{Deserialize, Serialize};

use crate::math;
use crate::random::Stream;

/// Step, s.
pub const STEP_S: f64 = 1e-4;
/// Delay STN to GPe and GPe to STN, steps of 0.1 ms: 6 ms (Nevado-Holgado et al. 2010).
const DELAY_BETWEEN: usize = 60;
/// Delay GPe to GPe, steps of 0.1 ms: 4 ms (same).
const DELAY_WITHIN: usize = 40;
/// Response time of the subthalamic nucleus, s (same).
const TAU_STN_S: f64 = 0.006;
/// Response time of the pallidum, s (same).
const TAU_GPE_S: f64 = 0.014;
/// Mean cortical input, spikes/s (same).
pub const CORTEX_HZ: f64 = 27.0;
/// Striatal input, spikes/s (same).
pub const STRIATUM_HZ: f64 = 2.0;
/// Largest and resting rate of the subthalamic nucleus, spikes/s (same).
const STN_RATES_HZ: (f64, f64) = (300.0, 17.0);
/// Largest and resting rate of the pallidum, spikes/s (same).
const GPE_RATES_HZ: (f64, f64) = (400.0, 75.0);

/// Connection weights, without unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StnGpeWeights {
    /// STN to GPe.
    pub stn_to_gpe: f64,
    /// GPe to STN.
    pub gpe_to_stn: f64,
    /// GPe to GPe.
    pub gpe_to_gpe: f64,
    /// Cortex to STN.
    pub cortex_to_stn: f64,
    /// Striatum to GPe.
    pub striatum_to_gpe: f64,
}

impl StnGpeWeights {
    /// The healthy monkey's (Nevado-Holgado et al. 2010, Table 2).
    pub const HEALTHY: Self =
        Self { stn_to_gpe: 19.0, gpe_to_stn: 1.12, gpe_to_gpe: 6.60, cortex_to_stn: 2.42, striatum_to_gpe: 15.1 };
    /// The parkinsonian monkey's (same).
    pub const PARKINSONIAN: Self =
        Self { stn_to_gpe: 20.0, gpe_to_stn: 10.7, gpe_to_gpe: 12.3, cortex_to_stn: 9.2, striatum_to_gpe: 139.4 };

    /// Between the two tables: `k` 0 is healthy to the bit, 1 parkinsonian.
    pub fn between(k: f64) -> Self {
        let (h, p) = (Self::HEALTHY, Self::PARKINSONIAN);
        let mix = |a: f64, b: f64| a + k * (b - a);
        Self {
            stn_to_gpe: mix(h.stn_to_gpe, p.stn_to_gpe),
            gpe_to_stn: mix(h.gpe_to_stn, p.gpe_to_stn),
            gpe_to_gpe: mix(h.gpe_to_gpe, p.gpe_to_gpe),
            cortex_to_stn: mix(h.cortex_to_stn, p.cortex_to_stn),
            striatum_to_gpe: mix(h.striatum_to_gpe, p.striatum_to_gpe),
        }
    }
}

/// Where the network is now, with the rates still under way in its axons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StnGpe {
    stn_hz: f64,
    gpe_hz: f64,
    stn_past: Vec<f64>,
    gpe_past: Vec<f64>,
    position: usize,
}

impl Default for StnGpe {
    fn default() -> Self {
        Self::new()
    }
}

impl StnGpe {
    /// At the rates of rest without input, 17 and 75 spikes/s.
    pub fn new() -> Self {
        let (stn_hz, gpe_hz) = (STN_RATES_HZ.1, GPE_RATES_HZ.1);
        Self {
            stn_hz,
            gpe_hz,
            stn_past: vec![stn_hz; DELAY_BETWEEN],
            gpe_past: vec![gpe_hz; DELAY_BETWEEN],
            position: 0,
        }
    }

    /// Rate of the subthalamic nucleus, spikes/s.
    pub fn stn_hz(&self) -> f64 {
        self.stn_hz
    }

    /// Rate of the external pallidum, spikes/s.
    pub fn gpe_hz(&self) -> f64 {
        self.gpe_hz
    }

    /// One step of [`STEP_S`] under these inputs, spikes/s.
    pub fn step(&mut self, weights: &StnGpeWeights, cortex_hz: f64, striatum_hz: f64) {
        let within = (self.position + DELAY_BETWEEN - DELAY_WITHIN) % DELAY_BETWEEN;
        let stn_then = self.stn_past[self.position];
        let gpe_then = self.gpe_past[self.position];
        let gpe_lately = self.gpe_past[within];
        let to_stn = weights.cortex_to_stn * cortex_hz - weights.gpe_to_stn * gpe_then;
        let to_gpe =
            weights.stn_to_gpe * stn_then - weights.gpe_to_gpe * gpe_lately - weights.striatum_to_gpe * striatum_hz;
        self.stn_past[self.position] = self.stn_hz;
        self.gpe_past[self.position] = self.gpe_hz;
        self.position = (self.position + 1) % DELAY_BETWEEN;
        self.stn_hz += STEP_S / TAU_STN_S * (response_hz(STN_RATES_HZ, to_stn) - self.stn_hz);
        self.gpe_hz += STEP_S / TAU_GPE_S * (response_hz(GPE_RATES_HZ, to_gpe) - self.gpe_hz);
    }
}

/// F(u), spikes/s: `rates` are the largest and that at u = 0; slope 1 at half maximum.
fn response_hz(rates: (f64, f64), u: f64) -> f64 {
    let (most, rest) = rates;
    most / (1.0 + (most - rest) / rest * math::exp(-4.0 * u / most))
}

/// Relative standard deviation of the cortical input; fitted so that beta power grows smoothly through the bifurcation.
const CORTEX_NOISE: f64 = 0.15;
/// Correlation time of the cortical input, s; assumed: order of cortical membrane and synaptic times.
const CORTEX_CORRELATION_S: f64 = 0.02;

/// Cortical input: mean rate with Ornstein-Uhlenbeck noise, correlation time 20 ms, standard deviation 15 % of the mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorticalInput {
    deviation: f64,
    stream: Stream,
}

impl CorticalInput {
    /// Begins at the mean.
    pub fn new(stream: Stream) -> Self {
        Self { deviation: 0.0, stream }
    }

    /// Rate over the next step of [`STEP_S`], spikes/s.
    pub fn next_hz(&mut self) -> f64 {
        let rate = STEP_S / CORTEX_CORRELATION_S;
        self.deviation += -self.deviation * rate + math::sqrt(2.0 * rate) * self.stream.normal();
        CORTEX_HZ * (1.0 + CORTEX_NOISE * self.deviation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// STN and GPe rates from 1.5 to 3 s, without noise.
    fn settled(k: f64) -> (Vec<f64>, Vec<f64>) {
        let weights = StnGpeWeights::between(k);
        let mut network = StnGpe::new();
        let mut rates = (Vec::new(), Vec::new());
        for step in 0..30_000 {
            network.step(&weights, CORTEX_HZ, STRIATUM_HZ);
            if step >= 15_000 {
                rates.0.push(network.stn_hz());
                rates.1.push(network.gpe_hz());
            }
        }
        rates
    }

    fn mean(x: &[f64]) -> f64 {
        x.iter().sum::<f64>() / x.len() as f64
    }

    fn range(x: &[f64]) -> (f64, f64) {
        x.iter().fold((f64::MAX, f64::MIN), |(low, high), &v| (low.min(v), high.max(v)))
    }

    fn frequency_hz(x: &[f64]) -> f64 {
        let m = mean(x);
        let ups: Vec<usize> = (1..x.len()).filter(|&i| x[i - 1] < m && x[i] >= m).collect();
        (ups.len() - 1) as f64 / ((ups[ups.len() - 1] - ups[0]) as f64 * STEP_S)
    }

    #[test]
    fn health_is_a_fixed_point() {
        let (stn, gpe) = settled(0.0);
        let (low, high) = range(&stn);
        assert!(high - low < 1e-3, "{low} {high}");
        assert!((mean(&stn) - 18.1).abs() < 0.05, "{}", mean(&stn));
        assert!((mean(&gpe) - 53.7).abs() < 0.05, "{}", mean(&gpe));
    }

    #[test]
    fn the_parkinsonian_table_gives_the_papers_beta_oscillation() {
        let (stn, gpe) = settled(1.0);
        // The reference frequencies are counts of cycles in 1.5 s, so known to 0.67 Hz.
        assert!((frequency_hz(&stn) - 20.7).abs() < 0.67, "{}", frequency_hz(&stn));
        assert!((mean(&stn) - 21.9).abs() < 0.3, "{}", mean(&stn));
        assert!((mean(&gpe) - 45.4).abs() < 0.5, "{}", mean(&gpe));
        let (low, high) = range(&stn);
        assert!((low - 1.7).abs() < 0.2 && (high - 66.0).abs() < 1.5, "{low} {high}");
        let (low, high) = range(&gpe);
        assert!((low - 10.0).abs() < 1.0 && (high - 118.0).abs() < 1.5, "{low} {high}");
    }

    #[test]
    fn frequency_falls_and_amplitude_grows_with_k() {
        let frequencies = [27.3, 26.0, 25.3, 24.0, 23.3, 22.0, 21.3, 20.7];
        let amplitudes = [3.7, 18.0, 26.0, 32.0, 39.0, 47.0, 55.0, 65.0];
        for (i, (f, a)) in frequencies.into_iter().zip(amplitudes).enumerate() {
            let k = 0.3 + 0.1 * i as f64;
            let (stn, _) = settled(k);
            let (low, high) = range(&stn);
            assert!((frequency_hz(&stn) - f).abs() < 0.67, "K {k}: {} Hz", frequency_hz(&stn));
            assert!((high - low - a).abs() < 0.05 * a + 0.5, "K {k}: {}", high - low);
        }
        let (stn, _) = settled(0.2);
        let (low, high) = range(&stn);
        assert!(high - low < 0.1, "damped at K 0.2: {}", high - low);
    }
}
