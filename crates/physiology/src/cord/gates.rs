//! Pulse-based gates of the spike (Cisi & Kohn 2008, after Destexhe 1997).
//!
//! A spike starts a pulse of 0.6 ms. In it m, n and q rise to 1 and h falls to 0; after it they go back, each exactly exponentially:
//!
//! ```text
//! on : x -> 1 + (x - 1) exp(-alpha t)  (m, n, q)    h -> h exp(-beta t)
//! off: x -> x exp(-beta t)             (m, n, q)    h -> 1 + (h - 1) exp(-alpha t)
//! ```

use serde::{Deserialize, Serialize};

use super::membrane::STEP_MS;
use crate::math;

// Gate rates, 1/ms: Cisi & Kohn 2008.
const ALPHA_M: f64 = 22.0;
const BETA_M: f64 = 13.0;
const ALPHA_H: f64 = 0.5;
const BETA_H: f64 = 4.0;
const ALPHA_N: f64 = 1.5;
const ALPHA_Q: f64 = 1.5;
/// Pulse of the gates, 0.6 ms (Cisi & Kohn 2008), in steps.
pub(crate) const PULSE_STEPS: u32 = 12;
/// Steps after the onset of a pulse until m^3 is nil (0.9 ms at 3 * 13/ms after the pulse: 6e-16) and n, q only decay.
pub(crate) const ACTIVE_STEPS: u32 = 30;

/// Gates of a cell near its spike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Active {
    pub(crate) cell: u32,
    pub(crate) steps: u32,
    pub(crate) m: f64,
    pub(crate) h: f64,
    pub(crate) n: f64,
    pub(crate) q: f64,
}

pub(crate) fn decay(rate_per_ms: f64, ms: f64) -> f64 {
    math::exp(-rate_per_ms * ms)
}

/// Gates of a cell when it was left alone after a spike, and at which step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Left {
    pub(crate) h: f64,
    pub(crate) n: f64,
    pub(crate) q: f64,
    pub(crate) step: u64,
}

impl Left {
    /// A cell that never fired.
    pub(crate) const AT_REST: Self = Self { h: 1.0, n: 0.0, q: 0.0, step: 0 };

    /// The gates at the onset of a pulse `ms` later; decay rates of n and q in 1/ms.
    pub(crate) fn reactivated(&self, cell: usize, ms: f64, [fast, slow]: [f64; 2]) -> Active {
        Active {
            cell: cell as u32,
            steps: 0,
            m: 0.0,
            h: 1.0 + (self.h - 1.0) * decay(ALPHA_H, ms),
            n: self.n * decay(fast, ms),
            q: self.q * decay(slow, ms),
        }
    }
}

/// exp(-rate dt/2) of the gates whose rates all cells share: m on, m off, h on, h off, n on, q on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HalfStep {
    m: [f64; 2],
    h: [f64; 2],
    n_on: f64,
    q_on: f64,
}

impl HalfStep {
    pub(crate) fn new() -> Self {
        let half = |rate| decay(rate, 0.5 * STEP_MS);
        Self {
            m: [half(ALPHA_M), half(BETA_M)],
            h: [half(BETA_H), half(ALPHA_H)],
            n_on: half(ALPHA_N),
            q_on: half(ALPHA_Q),
        }
    }
}

impl Active {
    #[inline]
    pub(crate) fn half_step(&mut self, pulse: bool, half_decay: [f64; 2], f: &HalfStep) {
        if pulse {
            self.m = 1.0 + (self.m - 1.0) * f.m[0];
            self.h *= f.h[0];
            self.n = 1.0 + (self.n - 1.0) * f.n_on;
            self.q = 1.0 + (self.q - 1.0) * f.q_on;
        } else {
            self.m *= f.m[1];
            self.h = 1.0 + (self.h - 1.0) * f.h[1];
            self.n *= half_decay[0];
            self.q *= half_decay[1];
        }
    }
}
