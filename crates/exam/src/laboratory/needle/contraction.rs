//! The voluntary contractions of a needle examination, each made once and heard at every needle position.

use std::rc::Rc;

use tonus_body::Muscle;
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::Discharges;
use crate::laboratory::steady_effort::Held;
use crate::{ExamError, Subject};

/// Time recorded at slight effort, s.
pub(super) const SLIGHT_S: f64 = 3.0;
/// Time recorded at full effort, s.
pub(super) const FULL_S: f64 = 0.5;

/// Steady isometric efforts of one muscle.
pub(super) struct Contractions<'a> {
    held: Held<'a>,
    seed: Seed,
    /// Slight efforts, fraction of maximal, each twice the one before, up to maximal.
    efforts: Vec<f64>,
    slight: Vec<Option<Rc<Discharges>>>,
    full: Option<Rc<Discharges>>,
}

impl<'a> Contractions<'a> {
    pub(super) fn new(
        subject: &'a Subject<'a>,
        item: &'static str,
        side: Side,
        muscle: &'a Muscle,
        first_effort: f64,
        seed: Seed,
    ) -> Self {
        let doubled = std::iter::successors(Some(first_effort), |e| (*e < 1.0).then_some((2.0 * e).min(1.0)));
        let efforts: Vec<f64> = doubled.collect();
        let slight = vec![None; efforts.len()];
        Self { held: Held { subject, item, side, muscle }, seed, efforts, slight, full: None }
    }

    /// How many slight efforts there are to ask for.
    pub(super) fn levels(&self) -> usize {
        self.efforts.len()
    }

    pub(super) fn slight(&mut self, level: usize) -> Result<Rc<Discharges>, ExamError> {
        if self.slight[level].is_none() {
            self.slight[level] = Some(Rc::new(self.contract(self.efforts[level], SLIGHT_S, "slight effort")?));
        }
        Ok(self.slight[level].clone().unwrap_or_default())
    }

    pub(super) fn full(&mut self) -> Result<Rc<Discharges>, ExamError> {
        if self.full.is_none() {
            self.full = Some(Rc::new(self.contract(1.0, FULL_S, "full effort")?));
        }
        Ok(self.full.clone().unwrap_or_default())
    }

    /// Impulses that reach the muscle's endplates during a steady isometric effort.
    fn contract(&self, effort: f64, seconds: f64, name: &str) -> Result<Discharges, ExamError> {
        self.held.contract(effort, seconds, self.seed.child(name))
    }
}
