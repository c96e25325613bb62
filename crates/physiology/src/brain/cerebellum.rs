//! The cerebellum: feed-forward inverse model, prediction, timing.
//!
//! [`read_out`] turns what is left of the half that serves one side into the terms of a motor controller.
//! Cortex and output act in series, so what is left of both is their product; without output nothing that the cortex
//! computes arrives, so prediction suffers more from the dentate than from the Purkinje cells (intention tremor is
//! strongest with the dentate and the superior peduncle).
//!
//! | term | rule (loss = 1 - purkinje x output) | source |
//! |---|---|---|
//! | prediction eta | purkinje x output^1.5 | assumed: linear in cells; 1.5 fitted to the order dentate > cortex |
//! | inertia error | 0.39 loss x normal draw of the person and side; trial SD 0.1 loss | Bhanpuri, Okamura & Bastian 2014 (that it is inertia, of either sign); size fitted: SD 0.35 severe, 0.2 moderate |
//! | interaction torques known | 1 - loss | Bastian et al. 1996 (direction); linear assumed |
//! | timing of bursts | SD 6 ms + 26 ms loss | fitted: 5-8 ms in health, 20-40 ms in ataxia |
//! | braking late by | 80 ms loss | fitted: antagonist latency at release 50-60 ms in health, above 100 ms in ataxia |
//! | feedback position gain | 1 - 0.3 loss | Bhanpuri, Okamura & Bastian 2014 (lower in patients); size fitted |
//! | fusimotor drive | 1 - 0.5 loss | Gilman 1969 (dentate ablation, direction); size fitted |
//! | learning rates | 0.21 and 0.02 x (1 - loss) | Smith, Ghazizadeh & Shadmehr 2006; linear assumed |

use serde::{Deserialize, Serialize};

use crate::math;
use crate::random::Seed;

/// State of the half of the cerebellum that serves one side of the body; healthy by [`Default`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CerebellumParameters {
    /// Output of the cerebellar cortex (Purkinje cells) left, 0..1.
    pub purkinje: f64,
    /// Output of the dentate and superior peduncle left, 0..1.
    pub output: f64,
}

impl Default for CerebellumParameters {
    fn default() -> Self {
        Self { purkinje: 1.0, output: 1.0 }
    }
}

/// What the motor system feels of the cerebellum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CerebellumReadOut {
    /// Share of feedback that acts on the predicted, undelayed error (eta); 1 in health.
    pub prediction: f64,
    /// Error of the inverse model's inertia (beta): it takes the limb for (1 + beta) times its inertia; 0 in health.
    pub inertia_error: f64,
    /// Standard deviation of that error from trial to trial; 0 in health.
    pub inertia_error_trial_sd: f64,
    /// Share of the interaction torques between joints that the inverse model knows; 1 in health.
    pub interaction: f64,
    /// Standard deviation of the onset of a burst, ms; 6 in health.
    pub timing_sd_ms: f64,
    /// Delay of the braking burst, ms; 0 in health.
    pub braking_delay_ms: f64,
    /// Gain of position feedback; 1 in health.
    pub feedback_gain: f64,
    /// Gain of the fusimotor (gamma) drive to spindles; 1 in health.
    pub fusimotor: f64,
    /// Learning rate of the fast process, per trial; 0.21 in health.
    pub fast_learning: f64,
    /// Learning rate of the slow process, per trial; 0.02 in health.
    pub slow_learning: f64,
}

/// Power of the output's share in prediction; fitted: dentate lesions shake more than cortical ones.
const OUTPUT_POWER: f64 = 1.5;
/// SD of the inertia error over persons at full loss; fitted: 0.35 in severe, 0.2 in moderate ataxia.
const INERTIA_ERROR: f64 = 0.39;
/// SD of the inertia error over trials at full loss; fitted.
const INERTIA_ERROR_TRIAL: f64 = 0.1;
/// SD of burst onset in health, ms; fitted: 5-8 ms.
const TIMING_SD_MS: f64 = 6.0;
/// Rise of that SD at full loss, ms; fitted: 20-40 ms in ataxia.
const TIMING_SD_RISE_MS: f64 = 26.0;
/// Delay of braking at full loss, ms; fitted: order of the delay of the unloaded antagonist in ataxia.
const BRAKING_DELAY_MS: f64 = 80.0;
/// Fall of the position gain at full loss; fitted to direction of Bhanpuri, Okamura & Bastian 2014.
const FEEDBACK_FALL: f64 = 0.3;
/// Fall of fusimotor drive at full loss; fitted to direction of Gilman 1969.
const FUSIMOTOR_FALL: f64 = 0.5;
/// Learning rate of the fast process, per trial (Smith, Ghazizadeh & Shadmehr 2006).
const FAST_LEARNING: f64 = 0.21;
/// Learning rate of the slow process, per trial (same).
const SLOW_LEARNING: f64 = 0.02;
/// Retention of the fast process, per trial (same).
const FAST_RETENTION: f64 = 0.59;
/// Retention of the slow process, per trial (same).
const SLOW_RETENTION: f64 = 0.992;

/// What this state of the cerebellum does. `person_side` is the seed of that side of that person: it decides
/// whether an error of the internal model takes the limb for heavier or lighter than it is.
pub fn read_out(parameters: &CerebellumParameters, person_side: Seed) -> CerebellumReadOut {
    let left = parameters.purkinje * parameters.output;
    let loss = 1.0 - left;
    let draw = person_side.stream("inertia error").normal();
    CerebellumReadOut {
        prediction: parameters.purkinje * math::pow(parameters.output, OUTPUT_POWER),
        // Adding 0 makes the -0 of health a 0.
        inertia_error: INERTIA_ERROR * loss * draw + 0.0,
        inertia_error_trial_sd: INERTIA_ERROR_TRIAL * loss,
        interaction: left,
        timing_sd_ms: TIMING_SD_MS + TIMING_SD_RISE_MS * loss,
        braking_delay_ms: BRAKING_DELAY_MS * loss,
        feedback_gain: 1.0 - FEEDBACK_FALL * loss,
        fusimotor: 1.0 - FUSIMOTOR_FALL * loss,
        fast_learning: FAST_LEARNING * left,
        slow_learning: SLOW_LEARNING * left,
    }
}

impl CerebellumReadOut {
    /// A healthy cerebellum.
    pub fn healthy() -> Self {
        read_out(&CerebellumParameters::default(), Seed::new(0))
    }
}

/// Adaptation to a perturbation, a fast and a slow process (Smith, Ghazizadeh & Shadmehr 2006, PLoS Biol 4:e179).
///
/// x_f <- 0.59 x_f + B_f e; x_s <- 0.992 x_s + B_s e; e = perturbation - (x_f + x_s).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Adaptation {
    fast: f64,
    slow: f64,
}

impl Adaptation {
    /// What has been learnt, in the unit of the perturbation.
    pub fn learnt(&self) -> f64 {
        self.fast + self.slow
    }

    /// One trial under this perturbation; returns its error.
    pub fn trial(&mut self, cerebellum: &CerebellumReadOut, perturbation: f64) -> f64 {
        let error = perturbation - self.learnt();
        self.learn(cerebellum, error);
        error
    }

    /// One trial whose error is clamped to zero, in which what was learnt is only forgotten.
    pub fn error_clamp(&mut self, cerebellum: &CerebellumReadOut) {
        self.learn(cerebellum, 0.0);
    }

    fn learn(&mut self, cerebellum: &CerebellumReadOut, error: f64) {
        self.fast = FAST_RETENTION * self.fast + cerebellum.fast_learning * error;
        self.slow = SLOW_RETENTION * self.slow + cerebellum.slow_learning * error;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(purkinje: f64, output: f64) -> CerebellumReadOut {
        read_out(&CerebellumParameters { purkinje, output }, Seed::new(2))
    }

    #[test]
    fn health_changes_nothing_to_the_bit() {
        let h = at(1.0, 1.0);
        for one in [h.prediction, h.interaction, h.feedback_gain, h.fusimotor] {
            assert_eq!(one.to_bits(), 1.0_f64.to_bits());
        }
        assert!(h.inertia_error == 0.0 && h.inertia_error_trial_sd == 0.0 && h.braking_delay_ms == 0.0);
        assert_eq!(h.timing_sd_ms, 6.0);
        assert_eq!(h, CerebellumReadOut::healthy());
        assert_eq!(h.inertia_error.to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn every_term_worsens_with_loss_and_the_output_costs_more_prediction() {
        let mut last = at(1.0, 1.0);
        for i in 1..=10 {
            let left = 1.0 - 0.1 * f64::from(i);
            let (cortex, dentate) = (at(left, 1.0), at(1.0, left));
            assert!(cortex.prediction < last.prediction && cortex.fusimotor < last.fusimotor);
            assert!(cortex.inertia_error.abs() > last.inertia_error.abs() && cortex.timing_sd_ms > last.timing_sd_ms);
            assert!(cortex.inertia_error * last.inertia_error >= 0.0, "the sign belongs to the person");
            assert!(dentate.prediction < cortex.prediction || left == 0.0);
            assert_eq!(dentate.inertia_error, cortex.inertia_error);
            assert!(at(left, left).prediction < dentate.prediction || left == 0.0);
            last = cortex;
        }
        assert!(last.prediction == 0.0 && last.interaction == 0.0 && last.fusimotor == 0.5);
    }

    #[test]
    fn inertia_error_has_either_sign_over_persons() {
        let p = CerebellumParameters { purkinje: 0.1, output: 1.0 };
        let errors: Vec<f64> = (0..2000).map(|i| read_out(&p, Seed::new(i)).inertia_error).collect();
        let mean = errors.iter().sum::<f64>() / 2000.0;
        let sd = math::sqrt(errors.iter().map(|e| e * e).sum::<f64>() / 2000.0);
        assert!(mean.abs() < 0.03 && (sd - 0.35).abs() < 0.02, "{mean} {sd}");
    }

    #[test]
    fn adaptation_recovers_spontaneously_and_is_lost_with_the_purkinje_cells() {
        let rebound = |c: &CerebellumReadOut| {
            let mut a = Adaptation::default();
            for _ in 0..200 {
                a.trial(c, 1.0);
            }
            let learnt = a.learnt();
            for _ in 0..20 {
                a.trial(c, -1.0);
            }
            let mut most: f64 = 0.0;
            for _ in 0..60 {
                a.error_clamp(c);
                most = most.max(a.learnt());
            }
            (learnt, most)
        };
        let (learnt, most) = rebound(&CerebellumReadOut::healthy());
        assert!(learnt > 0.7 && learnt < 0.95, "{learnt}");
        assert!(most / learnt > 0.2 && most / learnt < 0.3, "{most} {learnt}");
        let (learnt, _) = rebound(&at(0.1, 1.0));
        assert!(learnt < 0.3, "{learnt}");
    }
}
