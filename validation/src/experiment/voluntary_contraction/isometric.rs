//! A healthy man who pulls with one muscle against a joint held still, and sees his force.

use tonus_physiology::limb::{Imposed, Limb, LimbInput, LimbModel, LimbParameters};
use tonus_physiology::random::Seed;

use crate::experiment::muscle::preparation::reference;
use crate::experiment::{ExperimentError, limb_group};

/// Time from the force to the correction it leads to, ms; assumed: a visual reaction.
const SEEN_AFTER_MS: usize = 250;
/// Correction of effort per second and unit of error in force; assumed: slow drifts are corrected within a second or two, and
/// the loop stays far from oscillation with its delay.
const CORRECTION_PER_S: f64 = 0.8;
/// Rise of a maximal effort, and length of it, ms.
const RISE_MS: usize = 500;
const MAXIMUM_MS: usize = 3500;
/// Time over which the best force of a maximal effort is taken, ms.
const BEST_MS: usize = 500;

/// One muscle across its joint, held at the angle of its optimal length.
pub(super) struct Isometric {
    model: LimbModel,
    group: usize,
    angle_rad: f64,
    seed: Seed,
    /// Motor neurons.
    pub(super) units: usize,
    /// Torque of a brief maximal effort, N m.
    pub(super) maximum_n_m: f64,
    /// That effort, without its rise.
    pub(super) maximum: Contraction,
}

/// What was recorded, from its start.
pub(super) struct Contraction {
    /// Torque each millisecond, fraction of the maximum (N m in the maximum itself).
    pub(super) force: Vec<f64>,
    /// Discharges of each motor neuron, ms, smallest neuron first.
    pub(super) trains: Vec<Vec<f64>>,
}

impl Contraction {
    /// The part from `from_ms` on, times from there.
    pub(super) fn since(&self, from_ms: usize) -> Self {
        let from = from_ms as f64;
        let late = |train: &Vec<f64>| train.iter().filter(|t| **t >= from).map(|t| t - from).collect();
        Self {
            force: self.force.get(from_ms..).unwrap_or_default().to_vec(),
            trains: self.trains.iter().map(late).collect(),
        }
    }

    /// Length, s.
    pub(super) fn seconds(&self) -> f64 {
        1e-3 * self.force.len() as f64
    }
}

impl Isometric {
    /// The man of the tables with `agonist` against `antagonist` across `joint`; `flexes`: the agonist raises its angle.
    pub(super) fn new(
        experiment: &'static str,
        joint: &str,
        (agonist, antagonist): (&str, &str),
        flexes: bool,
        seed: Seed,
    ) -> Result<Self, ExperimentError> {
        let fail = |problem: String| ExperimentError { experiment, problem };
        let body = reference(experiment)?;
        let half = &body.right;
        let joint = half.joint(joint).ok_or_else(|| fail(format!("the body has no joint `{joint}`")))?;
        let find = |id: &str| half.muscle(id).ok_or_else(|| fail(format!("the body has no muscle `{id}`")));
        let (agonist, antagonist) = (find(agonist)?, find(antagonist)?);
        let (flexor, extensor) = if flexes { (agonist, antagonist) } else { (antagonist, agonist) };
        let parameters = LimbParameters {
            hinge: joint.hinge.clone(),
            flexor: limb_group(flexor),
            extensor: limb_group(extensor),
            oscillator: half.arm_oscillator.clone(),
            persistence: 1.0,
            chorea_rate_hz: 0.0,
            surround_inhibition: 1.0,
        };
        let optimal = agonist.contraction.optimal_angle_rad;
        let mut man = Self {
            model: LimbModel::new(&parameters, seed.child("person")),
            group: usize::from(!flexes),
            angle_rad: optimal.clamp(joint.hinge.min_angle_rad, joint.hinge.max_angle_rad),
            seed,
            units: agonist.pool.units,
            maximum_n_m: 1.0,
            maximum: Contraction { force: vec![], trains: vec![] },
        };
        let whole = man.pull(seed.child("maximum"), MAXIMUM_MS, |ms, _| ms as f64 / RISE_MS as f64);
        let best = whole.force.windows(BEST_MS).step_by(50).map(|w| w.iter().sum::<f64>() / BEST_MS as f64);
        man.maximum_n_m = best.fold(0.0, f64::max);
        if man.maximum_n_m <= 0.0 {
            return Err(fail("the muscle gives no force".to_owned()));
        }
        man.maximum = whole.since(2 * RISE_MS);
        Ok(man)
    }

    /// Effort by `effort(ms, force seen)` for `total_ms`.
    pub(super) fn pull(&self, seed: Seed, total_ms: usize, mut effort: impl FnMut(usize, f64) -> f64) -> Contraction {
        let imposed = Some(Imposed { angle_rad: self.angle_rad, velocity_rad_s: 0.0 });
        let mut limb = Limb::new(&self.model, seed, self.angle_rad);
        let mut force: Vec<f64> = Vec::with_capacity(total_ms);
        let mut trains = vec![Vec::new(); self.units];
        for ms in 0..total_ms {
            let seen = ms.checked_sub(SEEN_AFTER_MS).map_or(0.0, |then| force[then]);
            let mut input = LimbInput { imposed, ..LimbInput::default() };
            input.command[self.group] = effort(ms, seen).clamp(0.0, 1.0);
            let output = limb.step_ms(&self.model, &input);
            force.push(output.muscle_torque_n_m[self.group].abs() / self.maximum_n_m);
            for spike in output.spikes[self.group] {
                trains[spike.unit as usize].push(ms as f64 + f64::from(spike.offset_ms));
            }
        }
        Contraction { force, trains }
    }

    /// Follows a line on a screen: force `target(ms)`, fraction of the maximum. Effort is the target and what error has taught.
    pub(super) fn follow(&self, trial: usize, total_ms: usize, target: impl Fn(usize) -> f64) -> Contraction {
        let mut learnt = 0.0;
        self.pull(self.seed.child("trial").index(trial), total_ms, |ms, seen| {
            let shown = ms.checked_sub(SEEN_AFTER_MS).map_or(0.0, &target);
            learnt += 1e-3 * CORRECTION_PER_S * (shown - seen);
            if target(ms) > 0.0 { target(ms) + learnt } else { 0.0 }
        })
    }

    /// Holds `level` of the maximum: a rise of two seconds, three to settle, then `hold_ms` that are returned.
    pub(super) fn hold(&self, trial: usize, level: f64, hold_ms: usize) -> Contraction {
        let settle_ms = 5000;
        self.follow(trial, settle_ms + hold_ms, |ms| level * (ms as f64 / 2000.0).min(1.0)).since(settle_ms)
    }
}
