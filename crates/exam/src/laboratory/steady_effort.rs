//! A steady isometric effort, as the impulses that reach a muscle's endplates.

use tonus_body::Muscle;
use tonus_physiology::cord::circuit::Spike;
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use crate::{ExamError, Subject};

/// Time for the effort to settle, not recorded, ms.
const SETTLE_MS: usize = 400;

/// Impulses at the endplates of one contraction: time in s, unit.
pub(super) type Discharges = Vec<(f64, usize)>;

/// A muscle held at its optimal length while it makes an effort.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) item: &'static str,
    pub(super) side: Side,
    pub(super) muscle: &'a Muscle,
}

impl Held<'_> {
    /// The discharges of the muscle at `effort` of its maximal one.
    pub(super) fn contract(&self, effort: f64, seconds: f64, seed: Seed) -> Result<Discharges, ExamError> {
        let held = self.subject.isometric(self.item, self.side, self.muscle)?;
        let (model, group) = (&held.model, held.group);
        let mut limb = Limb::new(model, seed, held.angle_rad);
        let mut command = [0.0; 2];
        command[group] = effort;
        let input = LimbInput {
            imposed: Some(Imposed { angle_rad: held.angle_rad, velocity_rad_s: 0.0 }),
            command,
            ..LimbInput::default()
        };
        let mut discharges = Vec::new();
        for ms in 0..SETTLE_MS + (seconds * 1e3) as usize {
            let output = limb.step_ms(model, &input);
            if ms >= SETTLE_MS {
                let at = |s: &Spike| (((ms - SETTLE_MS) as f64 + f64::from(s.offset_ms)) * 1e-3, s.unit as usize);
                discharges.extend(output.muscle_spikes[group].iter().map(at).filter(|(_, unit)| held.reaches(*unit)));
            }
        }
        Ok(discharges)
    }
}

/// Time over which the torque of a brief maximal effort is taken, ms, the last of so many.
const MAXIMAL_MS: (usize, usize) = (1000, 2000);
/// What the person adds to the effort for a lack of torque of all that is asked for, each millisecond (assumed: half a second to make it up).
const CORRECTION_PER_MS: f64 = 0.002;
/// The contraction has failed when the torque has been below this share of what is asked for, in the mean of so long, ms (5 %: usual).
const FAILED: f64 = 0.95;
const FAILED_MS: usize = 2000;

/// A contraction held until it failed.
pub(super) struct Sustained {
    /// Impulses at the endplates, in order.
    pub(super) discharges: Discharges,
    /// When it failed, or was ended, s.
    pub(super) endurance_s: f64,
}

impl Held<'_> {
    /// Holds `effort` of the torque of a brief maximal effort, with feedback of it, until it fails or `longest_s` have passed.
    pub(super) fn sustain(&self, effort: f64, longest_s: f64, seed: Seed) -> Result<Sustained, ExamError> {
        let held = self.subject.isometric(self.item, self.side, self.muscle)?;
        let (model, group) = (&held.model, held.group);
        let input = |command: f64| {
            let mut commands = [0.0; 2];
            commands[group] = command;
            let imposed = Some(Imposed { angle_rad: held.angle_rad, velocity_rad_s: 0.0 });
            LimbInput { imposed, command: commands, ..LimbInput::default() }
        };
        let mut fresh = Limb::new(model, seed.child("maximal"), held.angle_rad);
        let mut maximal = 0.0;
        for ms in 0..MAXIMAL_MS.1 {
            let torque = fresh.step_ms(model, &input(1.0)).muscle_torque_n_m[group].abs();
            if ms >= MAXIMAL_MS.0 {
                maximal += torque / (MAXIMAL_MS.1 - MAXIMAL_MS.0) as f64;
            }
        }
        let wanted = effort * maximal;
        let mut limb = Limb::new(model, seed.child("held"), held.angle_rad);
        let (mut command, mut discharges) = (effort, Vec::new());
        let mut lately = std::collections::VecDeque::with_capacity(FAILED_MS);
        let mut sum = 0.0;
        let longest_ms = (longest_s * 1e3) as usize;
        for ms in 0..SETTLE_MS + longest_ms {
            let output = limb.step_ms(model, &input(command));
            let torque = output.muscle_torque_n_m[group].abs();
            if ms >= SETTLE_MS {
                let at = |s: &Spike| (((ms - SETTLE_MS) as f64 + f64::from(s.offset_ms)) * 1e-3, s.unit as usize);
                discharges.extend(output.muscle_spikes[group].iter().map(at).filter(|(_, unit)| held.reaches(*unit)));
            }
            command = (command + CORRECTION_PER_MS * (wanted - torque) / maximal.max(1e-9)).clamp(0.0, 1.0);
            lately.push_back(torque);
            sum += torque;
            if lately.len() > FAILED_MS {
                sum -= lately.pop_front().unwrap_or(0.0);
                if sum < FAILED * wanted * FAILED_MS as f64 {
                    return Ok(Sustained { discharges, endurance_s: (ms + 1 - SETTLE_MS) as f64 * 1e-3 });
                }
            }
        }
        Ok(Sustained { discharges, endurance_s: longest_s })
    }
}
