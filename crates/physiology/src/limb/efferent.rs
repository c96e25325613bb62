//! Motor impulses on their way from the cord to the endplates.

use serde::{Deserialize, Serialize};

use crate::cord::circuit::Spike;

/// Impulses of one pool under way, by millisecond of arrival.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Efferent {
    slots: Vec<Vec<Spike>>,
    now: usize,
    past: usize,
}

impl Efferent {
    /// Room for delays up to `longest_ms`; arrivals stay readable for `past` ms.
    pub fn new(longest_ms: f64, past: usize) -> Self {
        Self { slots: vec![Vec::new(); longest_ms.max(0.0) as usize + past + 3], now: 0, past }
    }

    /// The discharge `spike` of this millisecond arrives `delay_ms` later.
    #[inline]
    pub fn send(&mut self, spike: Spike, delay_ms: f64) {
        let at = delay_ms + f64::from(spike.offset_ms);
        let whole = at as usize;
        let slot = (self.now + whole) % self.slots.len();
        self.slots[slot].push(Spike { unit: spike.unit, offset_ms: ((at - whole as f64) as f32).min(0.999_999) });
    }

    /// What arrives in this millisecond.
    pub fn arriving(&self) -> &[Spike] {
        &self.slots[self.now]
    }

    /// What arrived `past` milliseconds ago.
    pub fn arrived(&self) -> &[Spike] {
        let n = self.slots.len();
        &self.slots[(self.now + n - self.past) % n]
    }

    /// To the next millisecond.
    pub fn advance(&mut self) {
        let n = self.slots.len();
        let oldest = (self.now + n - self.past) % n;
        self.slots[oldest].clear();
        self.now = (self.now + 1) % n;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_impulse_arrives_once_and_is_readable_later() {
        let mut e = Efferent::new(20.0, 3);
        let (mut arrived, mut later) = (Vec::new(), Vec::new());
        for ms in 0..100 {
            if ms % 7 == 0 {
                e.send(Spike { unit: ms, offset_ms: 0.25 }, 12.5);
            }
            arrived.extend(e.arriving().iter().map(|s| (s.unit, ms)));
            later.extend(e.arrived().iter().map(|s| (s.unit, ms)));
            e.advance();
        }
        assert!(arrived.iter().all(|(sent, at)| at - sent == 12));
        assert!(later.iter().all(|(sent, at)| at - sent == 15));
        assert_eq!(arrived.len(), 13);
        assert_eq!(later.len(), 13);
    }
}
