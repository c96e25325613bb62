//! The voluntary contractions of a needle examination, each made once and heard at every needle position.

use std::rc::Rc;

use tonus_physiology::cord::circuit::Spike;
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::Discharges;
use crate::{ExamError, Subject};

/// Time recorded at slight effort, s.
pub(super) const SLIGHT_S: f64 = 3.0;
/// Time recorded at full effort, s.
pub(super) const FULL_S: f64 = 0.5;
/// Time for the effort to settle, not recorded, ms.
const SETTLE_MS: usize = 400;

/// Steady isometric efforts of one muscle.
pub(super) struct Contractions<'a> {
    subject: &'a Subject<'a>,
    item: &'static str,
    side: Side,
    joint: &'a str,
    angle_rad: f64,
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
        joint: &'a str,
        angle_rad: f64,
        first_effort: f64,
        seed: Seed,
    ) -> Self {
        let doubled = std::iter::successors(Some(first_effort), |e| (*e < 1.0).then_some((2.0 * e).min(1.0)));
        let efforts: Vec<f64> = doubled.collect();
        let slight = vec![None; efforts.len()];
        Self { subject, item, side, joint, angle_rad, seed, efforts, slight, full: None }
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
        let angle_rad = self.angle_rad;
        let model = self.subject.limb(self.item, self.side, self.joint)?;
        let mut limb = Limb::new(&model, self.seed.child(name), angle_rad);
        let input = LimbInput {
            imposed: Some(Imposed { angle_rad, velocity_rad_s: 0.0 }),
            command: [effort, 0.0],
            ..LimbInput::default()
        };
        let mut discharges = Vec::new();
        for ms in 0..SETTLE_MS + (seconds * 1e3) as usize {
            let output = limb.step_ms(&model, &input);
            if ms >= SETTLE_MS {
                let at = |s: &Spike| (((ms - SETTLE_MS) as f64 + f64::from(s.offset_ms)) * 1e-3, s.unit as usize);
                discharges.extend(output.muscle_spikes[0].iter().map(at));
            }
        }
        Ok(discharges)
    }
}
