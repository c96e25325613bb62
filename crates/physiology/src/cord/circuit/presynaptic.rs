//! Presynaptic inhibition of Ia terminals set off by a volley of the antagonist's Ia: primary afferent depolarisation.
//!
//! ```text
//! v <- v exp(-1/window) + share of the antagonist's Ia that fires in this millisecond
//! drive = max(0, v - threshold), 3 ms later:  slow' = -slow/fall + drive,  fast' = -fast/rise + drive
//! suppressed = largest x (1 - exp(-gain (slow - fast)))
//! ```
//! Acts beside the tonic inhibition: release = (1 - tonic)(1 - suppressed). Asynchronous discharge of moving muscles stays below
//! the threshold: what it does is taken to be in the tonic part.

use serde::{Deserialize, Serialize};

use crate::math;

/// Time within which impulses count as one volley, ms; assumed.
const WINDOW_MS: f64 = 2.0;
/// Share of the antagonist's Ia within the window that the interneurons need; assumed: twice what 40 impulses/s give.
const THRESHOLD: f64 = 0.15;
/// Interneurons between, ms; onset of D1 some 5 ms after the volley (memory: Mizuno, Tanaka & Yanagisawa 1971).
const DELAY_MS: usize = 4;
/// Rise and fall, ms: largest at 15-20 ms, gone after 200-400 ms (same; Hultborn et al. 1987).
const RISE_MS: f64 = 6.0;
const FALL_MS: f64 = 75.0;
/// Largest suppression at healthy tonic inhibition, and gain. Fitted to: D1 takes 20-40 % off the soleus H reflex, whose size goes with
/// the EPSP several times more than in proportion.
const LARGEST: f64 = 0.08;
const GAIN: f64 = 2.0;
/// Tonic inhibition of health, of which events are a multiple.
const HEALTHY_TONIC: f64 = 0.4;

/// Depolarisation of the Ia terminals of one muscle by volleys of its antagonist.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct PrimaryAfferentDepolarisation {
    volley: f64,
    under_way: [f64; DELAY_MS],
    slow: f64,
    fast: f64,
}

impl PrimaryAfferentDepolarisation {
    /// One millisecond in which `share` of the antagonist's Ia fires.
    pub(super) fn step_ms(&mut self, share: f64) {
        if share == 0.0 && self.slow == 0.0 && self.volley == 0.0 {
            return;
        }
        self.volley = settled(self.volley * math::exp(-1.0 / WINDOW_MS) + share);
        let drive = self.under_way[0];
        self.under_way.rotate_left(1);
        self.under_way[DELAY_MS - 1] = (self.volley - THRESHOLD).max(0.0);
        self.slow = settled(self.slow * (1.0 - 1.0 / FALL_MS) + drive);
        self.fast = settled(self.fast * (1.0 - 1.0 / RISE_MS) + drive);
    }

    /// Share of release suppressed now, where the tonic inhibition is `tonic`: what lowers the one lowers the other.
    pub(super) fn suppressed(&self, tonic: f64) -> f64 {
        let depth = (LARGEST * tonic / HEALTHY_TONIC).clamp(0.0, 1.0);
        if self.slow > 0.0 { depth * (1.0 - math::exp(-GAIN * (self.slow - self.fast))) } else { 0.0 }
    }
}

/// Traces end in zero, not in denormals.
fn settled(x: f64) -> f64 {
    if x < 1e-9 { 0.0 } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volley_inhibits_for_some_hundred_milliseconds_and_tonic_discharge_does_not() {
        let mut tonic = PrimaryAfferentDepolarisation::default();
        (0..500).for_each(|_| tonic.step_ms(0.04));
        assert_eq!(tonic.suppressed(0.4), 0.0, "40 impulses/s in every axon");
        let mut pad = PrimaryAfferentDepolarisation::default();
        let course: Vec<f64> = (0..500)
            .map(|ms| {
                pad.step_ms(if ms == 0 { 0.6 } else { 0.0 });
                pad.suppressed(0.4)
            })
            .collect();
        let largest = course.iter().copied().fold(0.0, f64::max);
        let peak = course.iter().position(|&x| x == largest).unwrap_or(0);
        assert!((12..=30).contains(&peak) && course[3] == 0.0, "{peak}");
        let end = course.iter().rposition(|&x| x > 0.1 * largest).unwrap_or(0);
        assert!((150..=400).contains(&end), "{end}");
        assert_eq!(pad.suppressed(0.0), 0.0, "without tonic inhibition there are no events");
    }
}
