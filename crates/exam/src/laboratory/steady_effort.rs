//! A steady isometric effort, as the impulses that reach a muscle's endplates.

use tonus_physiology::cord::circuit::Spike;
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use crate::{ExamError, Subject};

/// Time for the effort to settle, not recorded, ms.
const SETTLE_MS: usize = 400;

/// Impulses at the endplates of one contraction: time in s, unit.
pub(super) type Discharges = Vec<(f64, usize)>;

/// A joint held still while its flexor makes an effort.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) item: &'static str,
    pub(super) side: Side,
    pub(super) joint: &'a str,
    pub(super) angle_rad: f64,
}

impl Held<'_> {
    /// The discharges of the flexor at `effort` of its maximal one.
    pub(super) fn contract(&self, effort: f64, seconds: f64, seed: Seed) -> Result<Discharges, ExamError> {
        let angle_rad = self.angle_rad;
        let model = self.subject.limb(self.item, self.side, self.joint)?;
        let mut limb = Limb::new(&model, seed, angle_rad);
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
