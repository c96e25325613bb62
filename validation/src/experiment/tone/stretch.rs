//! A relaxed elbow extended at constant velocity by a motor: torque, angle and EMG of the flexors.

use tonus_body::Body;
use tonus_exam::Subject;
use tonus_physiology::field::add_wave;
use tonus_physiology::field::surface::CompoundModel;
use tonus_physiology::limb::{Imposed, Limb, LimbInput, LimbModel};
use tonus_physiology::math;
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use crate::experiment::ExperimentError;

/// EMG sampling, Hz, and its noise, mV rms: as at the bedside.
pub(super) const EMG_HZ: f64 = 4000.0;
pub(super) const PER_MS: usize = 4;
const NOISE_MV: f64 = 0.002;
/// Nerve impulse at the endplate to the fibre's potential, ms.
const JUNCTION_MS: f64 = 0.8;
/// Time the limb is held before the stretch, and after it, ms.
pub(super) const REST_MS: usize = 500;
const AFTER_MS: usize = 150;
/// Time in which the motor comes up to speed, s (assumed: a torque motor, which is faster than a hand).
const ONSET_S: f64 = 0.03;

/// What a stretch gave, one sample a millisecond; the stretch begins at [`REST_MS`].
pub(super) struct Stretch {
    pub(super) angle_rad: Vec<f64>,
    pub(super) velocity_rad_s: Vec<f64>,
    /// Torque against the extension, N m.
    pub(super) torque_n_m: Vec<f64>,
    /// EMG of the flexors at [`EMG_HZ`], mV.
    pub(super) emg_mv: Vec<f64>,
    /// Milliseconds of movement.
    pub(super) moving_ms: usize,
}

impl Stretch {
    /// Mean torque over the middle three quarters of the movement, N m.
    pub(super) fn mean_torque(&self) -> f64 {
        let part = REST_MS + self.moving_ms / 8..REST_MS + self.moving_ms - self.moving_ms / 8;
        let middle = self.torque_n_m.get(part).unwrap_or_default();
        middle.iter().sum::<f64>() / middle.len().max(1) as f64
    }
}

/// One arm in the apparatus.
pub(super) struct Elbow {
    model: std::sync::Arc<LimbModel>,
    waves: CompoundModel,
}

impl Elbow {
    pub(super) fn new(experiment: &'static str, body: &Body, side: Side, seed: Seed) -> Result<Self, ExperimentError> {
        let fail = |problem: String| ExperimentError { experiment, problem };
        let subject = Subject::new(body, seed.stream("subject").bits());
        let model = subject.limb(experiment, side, "elbow").map_err(|e| fail(e.to_string()))?;
        let half = body.half(side);
        let muscle = half.joint("elbow").and_then(|joint| half.muscle(&joint.flexor));
        let muscle = muscle.ok_or_else(|| fail("the body lacks the elbow or its flexors".to_owned()))?;
        let waves = CompoundModel::new(&muscle.fibres, muscle.pool.units, &[], &muscle.junction, seed, EMG_HZ);
        Ok(Self { model, waves })
    }

    /// Extends the elbow from `from` to `to` rad (`from` the greater) at `velocity` rad/s.
    pub(super) fn stretch(&self, from: f64, to: f64, velocity: f64, seed: Seed) -> Stretch {
        let onset_s = (0.5 * (from - to) / velocity).min(ONSET_S);
        let moving_ms = (((from - to) / velocity + 0.5 * onset_s) * 1e3) as usize;
        let total = REST_MS + moving_ms + AFTER_MS;
        let mut limb = Limb::new(&self.model, seed.child("run"), from);
        let mut emg_mv = vec![0.0; total * PER_MS];
        let (mut angle_rad, mut velocity_rad_s, mut torque_n_m) = (Vec::new(), Vec::new(), Vec::new());
        let mut angle = from;
        for ms in 0..total {
            let since_s = (ms as f64 - REST_MS as f64) * 1e-3;
            let moving = ms >= REST_MS && ms < REST_MS + moving_ms;
            let phase = (since_s / onset_s).clamp(0.0, 1.0);
            let share = if moving { 0.5 - 0.5 * math::cos(std::f64::consts::PI * phase) } else { 0.0 };
            angle -= share * velocity * 1e-3;
            let imposed = Some(Imposed { angle_rad: angle, velocity_rad_s: -share * velocity });
            let out = limb.step_ms(&self.model, &LimbInput { imposed, ..LimbInput::default() });
            for spike in out.muscle_spikes[0] {
                let time_s = (ms as f64 + f64::from(spike.offset_ms) + JUNCTION_MS) * 1e-3;
                add_wave(&mut emg_mv, EMG_HZ, time_s, self.waves.unit_wave(spike.unit as usize), 1.0);
            }
            angle_rad.push(angle);
            velocity_rad_s.push(-share * velocity);
            torque_n_m.push(out.torque_n_m);
        }
        let mut noise = seed.stream("amplifier");
        emg_mv.iter_mut().for_each(|x| *x += NOISE_MV * noise.normal());
        Stretch { angle_rad, velocity_rad_s, torque_n_m, emg_mv, moving_ms }
    }
}
