//! Ramp-and-hold stretch of a spindle.

use tonus_physiology::receptor::fusimotor::Fusimotor;
use tonus_physiology::receptor::spindle::{Spindle, SpindleModel, SpindleRates, StepError, Stretch};

/// A ramp after a rest, then a hold.
#[derive(Clone, Copy)]
pub(super) struct Ramp {
    /// Length before and after, L0.
    pub(super) from_l0: f64,
    pub(super) to_l0: f64,
    /// L0/s.
    pub(super) velocity_l0_s: f64,
    /// Rest before and hold after, ms.
    pub(super) rest_ms: usize,
    pub(super) hold_ms: usize,
}

/// Rates every millisecond.
pub(super) struct Response {
    ramp: Ramp,
    ramp_ms: usize,
    rates: Vec<SpindleRates>,
}

impl Ramp {
    /// Duration of the ramp, whole ms.
    fn ramp_ms(&self) -> usize {
        ((self.to_l0 - self.from_l0) / self.velocity_l0_s * 1e3).round().max(1.0) as usize
    }

    /// Length at a time, L0.
    pub(super) fn length_l0(&self, ms: f64) -> f64 {
        let share = ((ms - self.rest_ms as f64) / self.ramp_ms() as f64).clamp(0.0, 1.0);
        self.from_l0 + (self.to_l0 - self.from_l0) * share
    }

    /// Runs it on a spindle that has long had the drive `gamma`.
    pub(super) fn run(self, model: &SpindleModel, gamma: Fusimotor) -> Result<Response, StepError> {
        let mut spindle = Spindle::new(self.from_l0, gamma.static_hz, gamma.dynamic_hz);
        let ramp_ms = self.ramp_ms();
        let rates = (0..self.rest_ms + ramp_ms + self.hold_ms)
            .map(|ms| {
                let (before, after) = (self.length_l0(ms as f64), self.length_l0((ms + 1) as f64));
                let stretch = Stretch { length_l0: after, velocity_l0_s: (after - before) * 1e3 };
                spindle.step(model, &stretch, gamma, 1.0)
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Response { ramp: self, ramp_ms, rates })
    }
}

impl Response {
    fn during(&self) -> &[SpindleRates] {
        &self.rates[self.ramp.rest_ms..self.ramp.rest_ms + self.ramp_ms]
    }

    /// Highest rates during the ramp, Ia and II, impulses/s.
    pub(super) fn peak(&self) -> [f64; 2] {
        self.during().iter().fold([0.0_f64; 2], |a, r| [a[0].max(r.ia_hz), a[1].max(r.ii_hz)])
    }

    /// Rates `after_ms` after the end of the ramp, Ia and II, impulses/s.
    pub(super) fn held(&self, after_ms: usize) -> [f64; 2] {
        let at = (self.ramp.rest_ms + self.ramp_ms + after_ms).min(self.rates.len()) - 1;
        [self.rates[at].ia_hz, self.rates[at].ii_hz]
    }

    /// Ia at the end of the rest, impulses/s.
    pub(super) fn rest_ia(&self) -> f64 {
        self.rates[self.ramp.rest_ms.max(1) - 1].ia_hz
    }

    /// A rate over time since the ramp's start, s, from before it.
    pub(super) fn curve(&self, rate: impl Fn(&SpindleRates) -> f64) -> Vec<(f64, f64)> {
        let start = self.ramp.rest_ms as f64;
        (self.ramp.rest_ms.saturating_sub(1300)..self.rates.len())
            .map(|ms| (1e-3 * ((ms + 1) as f64 - start), rate(&self.rates[ms])))
            .collect()
    }

    /// Ia over length during the ramp.
    pub(super) fn ia_over_length(&self) -> Vec<(f64, f64)> {
        let start = self.ramp.rest_ms;
        let at = |i: usize| self.ramp.length_l0((start + i + 1) as f64);
        self.during().iter().enumerate().map(|(i, r)| (at(i), r.ia_hz)).collect()
    }
}
