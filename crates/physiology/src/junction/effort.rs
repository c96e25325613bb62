//! A stretch of effort that is not recorded: impulses at a steady rate, each releasing its mean number of quanta.

use super::model::{
    AUGMENTATION_S, EXHAUSTION_MAX, EXHAUSTION_S, EXHAUSTION_STEP, FACILITATION_S, FACILITATION_STEP, Junction,
    MOBILISATION_GAIN, MOBILISATION_S, MOBILISATION_STEP, PROBABILITY_MAX, REFILL_S,
};
use crate::math;

impl Junction {
    /// Carries the junction through impulses at `rate_hz` from `start_s` on for `seconds`, nothing drawn: what tens of seconds leave behind
    /// does not depend on the luck of single impulses. About a tenth of the cost of as many [`impulse`](Self::impulse)s, whose
    /// state it follows within 2 %.
    pub fn work(&mut self, start_s: f64, seconds: f64, rate_hz: f64) {
        let impulses = (seconds * rate_hz) as usize;
        if impulses == 0 {
            return;
        }
        self.rest_until(start_s);
        let dt = 1.0 / rate_hz;
        let fade = |tau_s: f64| math::exp(-dt / tau_s);
        let half_mobilisation = fade(2.0 * MOBILISATION_S);
        let (facilitation, augmentation) = (fade(FACILITATION_S), fade(AUGMENTATION_S));
        let exhaustion = fade(EXHAUSTION_S);
        let arriving = exhaustion * exhaustion;
        for _ in 0..impulses {
            let p = self.probability
                * (1.0 + self.facilitation)
                * (1.0 + self.augmentation)
                * (1.0 - EXHAUSTION_MAX * self.exhaustion);
            self.releasable *= 1.0 - p.min(PROBABILITY_MAX);
            self.augment();
            self.facilitation += FACILITATION_STEP;
            self.mobilisation += MOBILISATION_STEP * (1.0 - self.mobilisation);
            self.exhausting += EXHAUSTION_STEP * (1.0 - self.exhausting - self.exhaustion).max(0.0);

            let mobilised = self.mobilisation * half_mobilisation;
            let refill = (1.0 + MOBILISATION_GAIN * mobilised * mobilised) * (dt / REFILL_S);
            // exp(-x) to the second order of its (1, 2) Pade form: x stays below 0.6 from 17 impulses a second on.
            let left = (1.0 - refill / 3.0) / (1.0 + refill * (2.0 / 3.0) + refill * refill / 6.0);
            self.releasable = self.store - (self.store - self.releasable) * left;
            self.mobilisation = mobilised * half_mobilisation;
            self.facilitation *= facilitation;
            self.augmentation *= augmentation;
            self.exhaustion = self.exhaustion * exhaustion + self.exhausting * 2.0 * (exhaustion - arriving);
            self.exhausting *= arriving;
        }
        self.last_s = start_s + impulses as f64 * dt;
    }
}
