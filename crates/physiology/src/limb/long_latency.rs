//! The long-latency (transcortical) stretch response of one muscle group.
//!
//! The stretch-evoked part of the afferent rate (above its mean of the last seconds; what rises within some tens of milliseconds counts
//! more), delayed and low-passed, is added to the descending drive in proportion to the background command: a relaxed healthy limb has none.

use serde::{Deserialize, Serialize};

use crate::brain::corticospinal::{CorticospinalParameters, tract_length_m};

/// From C8 to the cortex and in the cortex, ms; with conduction to and from the hand the response starts at 50-60 ms
/// (fitted to: FDI long latency 53 ms against 33 ms of the spinal response, Corden et al. 2000).
const CENTRAL_MS: f64 = 13.5;
/// Way up the dorsal columns below C8, m/s. Fitted to: from the lumbar cord to the cortex 17 ms in tibial evoked potentials, against
/// 6 ms from the neck in median ones (textbook; memory), over the 0.46 m between C8 and S1.
const DORSAL_COLUMN_M_S: f64 = 40.0;
/// Cortex to C8 at 1.70 m, m: what [`CENTRAL_MS`] holds of the way up.
fn to_c8_m() -> f64 {
    tract_length_m(1.70, 0.0)
}
/// Low-pass time constant, ms; assumed: dispersion of the loop. With 10 ms the response of the hand starts 5 ms too late.
const SMOOTHING_MS: f64 = 4.0;
/// Time over which a rise of the rate ceases to be brisk, ms; assumed.
const BRISK_MS: f64 = 50.0;
/// Weight of the brisk part beside the whole; fitted to: M2 of a contracting hand muscle about as large as M1, while slow passive
/// movement evokes no more than without it.
const BRISK_WEIGHT: f64 = 2.0;
/// Time over which a steady rate ceases to count as stretch, ms; assumed.
const ADAPTATION_MS: f64 = 2000.0;
/// Command per impulse/s of stretch-evoked afferent rate at gain 1 with the loop fully open; fitted to: in a background of a
/// tenth of maximal, a brisk stretch adds about a quarter as much again.
const COMMAND_PER_HZ: f64 = 0.0012;
/// Background command that opens the loop fully; fitted to the same.
const OPEN_AT: f64 = 0.1;
/// Largest response, fraction of maximal drive; assumed.
const LARGEST: f64 = 0.3;
/// Share of the secondary rate in the afferent signal; assumed: position as well as velocity reaches the cortex.
const SECONDARY_SHARE: f64 = 0.5;

/// What the loop of one group is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LongLatencyModel {
    gain: f64,
    delay_ms: usize,
}

impl LongLatencyModel {
    /// A loop of relative gain `gain` through afferents of `afferent_ms` and the tract `down`, beside which it goes up.
    pub fn new(gain: f64, afferent_ms: f64, down: &CorticospinalParameters) -> Self {
        let up_ms = CENTRAL_MS + 1e3 * (down.tract_length_m - to_c8_m()) / DORSAL_COLUMN_M_S;
        let central = up_ms + 1e3 * down.tract_length_m / down.velocity_m_s.max(2.0);
        Self { gain: gain.max(0.0), delay_ms: (afferent_ms + central + 0.5) as usize }
    }

    /// Delay from the receptors to the arrival at the cord, ms.
    pub fn delay_ms(&self) -> usize {
        self.delay_ms
    }
}

/// Where the loop is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LongLatency {
    under_way: Vec<f64>,
    now: usize,
    smooth_hz: f64,
    mean_hz: Option<f64>,
    recent_hz: f64,
}

impl LongLatency {
    /// A loop at rest.
    pub fn new(model: &LongLatencyModel) -> Self {
        Self { under_way: vec![0.0; model.delay_ms.max(1)], now: 0, smooth_hz: 0.0, mean_hz: None, recent_hz: 0.0 }
    }

    /// One millisecond: the response that arrives now at a pool under `background` command.
    pub fn step_ms(&mut self, model: &LongLatencyModel, background: f64) -> f64 {
        self.smooth_hz += (self.under_way[self.now] - self.smooth_hz) / SMOOTHING_MS;
        let open = (background / OPEN_AT).clamp(0.0, 1.0);
        (model.gain * COMMAND_PER_HZ * self.smooth_hz * open).min(LARGEST)
    }

    /// The afferent rates of this millisecond start on their way.
    pub fn feel(&mut self, ia_hz: f64, ii_hz: f64) {
        let rate = ia_hz + SECONDARY_SHARE * ii_hz;
        if self.mean_hz.is_none() {
            self.recent_hz = rate;
        }
        let mean = self.mean_hz.get_or_insert(rate);
        *mean += (rate - *mean) / ADAPTATION_MS;
        self.recent_hz += (rate - self.recent_hz) / BRISK_MS;
        let brisk = (rate - self.recent_hz).max(0.0);
        self.under_way[self.now] = (rate - *mean).max(0.0) + BRISK_WEIGHT * brisk;
        self.now = (self.now + 1) % self.under_way.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(gain: f64, background: f64) -> Vec<f64> {
        let model = LongLatencyModel::new(gain, 10.0, &CorticospinalParameters::default());
        let mut loop_ = LongLatency::new(&model);
        (0..200)
            .map(|ms| {
                let r = loop_.step_ms(&model, background);
                loop_.feel(if (50..80).contains(&ms) { 25.0 } else { 8.0 }, 5.0);
                r
            })
            .collect()
    }

    #[test]
    fn answers_a_stretch_after_its_delay_only_with_a_background() {
        assert!(response(1.0, 0.0).iter().all(|&r| r == 0.0));
        let r = response(1.0, 0.1);
        let onset = r.iter().position(|&x| x > 0.0).unwrap_or(0);
        let delay = LongLatencyModel::new(1.0, 10.0, &CorticospinalParameters::default()).delay_ms();
        assert_eq!(onset, 50 + delay);
        assert!((26..=30).contains(&delay), "{delay}");
        // Up and down the cord once more: soleus against the hand.
        let leg = CorticospinalParameters { tract_length_m: tract_length_m(1.70, 1.125), ..Default::default() };
        let further = LongLatencyModel::new(1.0, 10.0, &leg).delay_ms() - delay;
        assert!((17..=21).contains(&further), "{further}");
        let peak = |v: &[f64]| v.iter().fold(0.0_f64, |a, &b| a.max(b));
        assert!((peak(&response(3.0, 0.1)) / peak(&r) - 3.0).abs() < 1e-9);
    }
}
