//! The Golgi tendon organ: static logarithm of force, then a linear filter (Lin & Crago 2002).
//!
//! r0 = Gg ln(F/Gf + 1);   R(s)/r0(s) = (1.7 s2 + 2.58 s + 0.4)/(s2 + 2.2 s + 0.4);   Ib = max(0, R)
//!
//! State space x1' = x2, x2' = -0.4 x1 - 2.2 x2 + r0, R = -0.28 x1 - 1.16 x2 + 1.7 r0, stepped exactly (poles -0.2 and
//! -2.0 1/s) with r0 held over the step. F is the *active* force of the muscle: the organ is in series with contracting
//! fibres and stays silent in passive stretch (Houk & Henneman 1967).
//!
//! | symbol | value | source |
//! |---|---|---|
//! | Gg | 60 impulses/s (cat); divided by 3 for man | Lin & Crago 2002; human rates assumed from microneurography, 20-60/s |
//! | Gf | 4 N for a muscle of 25 N (cat soleus) | Lin & Crago 2002; scaled with maximal force |

use serde::{Deserialize, Serialize};

use crate::math;

/// Logarithmic gain, impulses/s (Lin & Crago 2002).
const GAIN_HZ: f64 = 60.0;
/// Force scale, N, of the muscle of [`REFERENCE_FORCE_N`] (Lin & Crago 2002).
const FORCE_SCALE_N: f64 = 4.0;
/// Maximal force of the muscle the constants describe, N (cat soleus).
const REFERENCE_FORCE_N: f64 = 25.0;
/// Human over cat rate; assumed: within the human range of 20-60/s at maximal force.
pub const HUMAN_SCALE: f64 = 1.0 / 3.0;
/// Slow and fast poles, 1/s (roots of s2 + 2.2 s + 0.4).
const POLES: [f64; 2] = [-0.2, -2.0];

/// What the tendon organs of one muscle are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TendonOrganModel {
    gain_hz: f64,
    force_scale_n: f64,
    /// exp(A h) of the filter.
    transition: [[f64; 2]; 2],
    /// Effect of r0 held over the step.
    input: [f64; 2],
}

impl TendonOrganModel {
    /// As published, stepped at `step_s`.
    pub fn published(step_s: f64) -> Self {
        Self::with(GAIN_HZ, FORCE_SCALE_N, step_s)
    }

    /// Human organs of a muscle of `max_force_n`, stepped at 1 ms.
    pub fn human(max_force_n: f64) -> Self {
        Self::with(GAIN_HZ * HUMAN_SCALE, FORCE_SCALE_N * (max_force_n.max(1e-3) / REFERENCE_FORCE_N), 1e-3)
    }

    fn with(gain_hz: f64, force_scale_n: f64, step_s: f64) -> Self {
        // exp(A h) = (e1 (A - p2) - e2 (A - p1)) / (p1 - p2) for A = [[0, 1], [-0.4, -2.2]].
        let [p1, p2] = POLES;
        let (e1, e2) = (math::exp(p1 * step_s), math::exp(p2 * step_s));
        let a = [[0.0, 1.0], [-0.4, -2.2]];
        let mut transition = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                let unit = if i == j { 1.0 } else { 0.0 };
                transition[i][j] = (e1 * (a[i][j] - p2 * unit) - e2 * (a[i][j] - p1 * unit)) / (p1 - p2);
            }
        }
        // A^-1 (exp(A h) - 1) B with B = (0, 1): the fixed point of a unit input is x = (1/0.4, 0).
        let input = [(1.0 - transition[0][0]) / 0.4, -transition[1][0] / 0.4];
        Self { gain_hz, force_scale_n, transition, input }
    }

    /// Static rate r0, impulses/s.
    pub fn static_rate_hz(&self, force_n: f64) -> f64 {
        self.gain_hz * math::ln(force_n.max(0.0) / self.force_scale_n + 1.0)
    }
}

/// Where the tendon organs of one muscle are now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TendonOrgan {
    x: [f64; 2],
}

impl TendonOrgan {
    /// Organs long held at `force_n`.
    pub fn new(model: &TendonOrganModel, force_n: f64) -> Self {
        Self { x: [model.static_rate_hz(force_n) / 0.4, 0.0] }
    }

    /// One step under active force `force_n`: the Ib rate at its start, impulses/s.
    pub fn step_ms(&mut self, model: &TendonOrganModel, force_n: f64) -> f64 {
        let r0 = model.static_rate_hz(force_n);
        let rate = -0.28 * self.x[0] - 1.16 * self.x[1] + 1.7 * r0;
        let [x1, x2] = self.x;
        for (i, x) in self.x.iter_mut().enumerate() {
            *x = model.transition[i][0] * x1 + model.transition[i][1] * x2 + model.input[i] * r0;
        }
        rate.max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_rates_are_the_published_logarithm() {
        let model = TendonOrganModel::published(1e-3);
        for (force, rate) in [(4.0, 41.6), (20.0, 107.5), (100.0, 195.5), (1000.0, 331.5)] {
            let mut organ = TendonOrgan::new(&model, force);
            for _ in 0..50 {
                let r = organ.step_ms(&model, force);
                assert!((r - rate).abs() < 0.06, "{force} N: {r}");
            }
        }
    }

    #[test]
    fn a_step_overshoots_and_settles_within_five_seconds() {
        let model = TendonOrganModel::published(1e-3);
        let mut organ = TendonOrgan::new(&model, 0.0);
        let rates: Vec<f64> = (0..20_000).map(|_| organ.step_ms(&model, 20.0)).collect();
        assert!((rates[0] - 182.8).abs() < 0.1, "{}", rates[0]);
        let settled = rates.iter().rposition(|r| (r - 107.5).abs() > 0.05 * 107.5).unwrap_or(0);
        assert!((settled as f64 * 1e-3 - 4.9).abs() < 0.2, "{settled} ms");
        assert!((rates[19_999] - 107.5).abs() < 2.5, "{}", rates[19_999]);
    }

    #[test]
    fn unloading_clips_at_zero_but_keeps_its_state() {
        let model = TendonOrganModel::human(1000.0);
        let mut organ = TendonOrgan::new(&model, 900.0);
        assert_eq!(organ.step_ms(&model, 0.0), 0.0);
        assert!(organ.step_ms(&model, 900.0) > 20.0);
    }
}
