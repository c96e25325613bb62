//! Lesions into a body: each mechanism moves the parameters that the table of mechanisms names, and nothing else.
//!
//! Losses combine by multiplying what survives. A lesion of severity 0 leaves the body as it is, to the bit.

mod brain;
pub mod descending;
mod fibre;
mod motor_neuron;
mod nerve;
mod stump;

use tonus_body::{Body, Half, Muscle, SensoryNerve};
use tonus_signal::Side;

use crate::{Lesion, Mechanism};

/// A lesion that this body cannot show, or shows in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotExamined {
    /// Site of the lesion.
    pub site: &'static str,
    /// Its mechanism.
    pub mechanism: &'static str,
    /// Place, in words.
    pub place: String,
    /// Why.
    pub reason: String,
}

impl std::fmt::Display for NotExamined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {} ({}): not examined by this version: {}", self.mechanism, self.site, self.place, self.reason)
    }
}

/// Applies lesions to a body, in their order, and says which of them it cannot show.
pub fn apply(lesions: &[Lesion], body: &mut Body) -> Vec<NotExamined> {
    lesions
        .iter()
        .filter_map(|lesion| apply_one(lesion, body).err().map(|reason| not_examined(lesion, reason)))
        .collect()
}

fn not_examined(lesion: &Lesion, reason: String) -> NotExamined {
    NotExamined {
        site: lesion.site.name(),
        mechanism: lesion.mechanism.name(),
        place: lesion.place.to_string(),
        reason,
    }
}

/// `Err` holds the reason if some or all of it cannot be shown.
fn apply_one(lesion: &Lesion, body: &mut Body) -> Result<(), String> {
    use Mechanism as M;
    if lesion.severity.is_nan() || lesion.severity <= 0.0 {
        return Ok(());
    }
    if let Some(missing) = lesion.site.missing() {
        return Err(missing.to_owned());
    }
    let mut injury = Injury { lesion, body, reached: 0 };
    let partly = match lesion.mechanism {
        M::NeuronLoss => motor_neuron::neuron_loss(&mut injury),
        M::SproutingLimit => motor_neuron::sprouting_limit(&mut injury),
        M::AxonLoss => nerve::axon_loss(&mut injury),
        M::Demyelination => nerve::demyelination(&mut injury),
        M::ConductionBlock => nerve::conduction_block(&mut injury),
        M::NodalFailure => nerve::nodal_failure(&mut injury),
        M::IaAfferentFailure => nerve::ia_afferent_failure(&mut injury),
        M::MotorAxonHyperexcitability => nerve::hyperexcitability(&mut injury),
        M::AxonPotassiumChannelLoss => nerve::potassium_channel_loss(&mut injury),
        M::QuantalReleaseLoss => fibre::quantal_release_loss(&mut injury),
        M::CalciumChannelLoss => fibre::calcium_channel_loss(&mut injury),
        M::ReceptorLoss => fibre::receptor_loss(&mut injury),
        M::EndplateSimplification => fibre::endplate_simplification(&mut injury),
        M::FibreLoss => fibre::fibre_loss(&mut injury),
        M::FibreSizeVariability => fibre::size_variability(&mut injury),
        M::FibreAtrophy => fibre::atrophy(&mut injury),
        M::FibreHypertrophy => fibre::hypertrophy(&mut injury),
        M::FibreForceLoss => fibre::force_loss(&mut injury),
        M::FibreFragility | M::Inflammation => fibre::segmental_necrosis(&mut injury),
        M::FibreMembraneInexcitability => fibre::inexcitability(&mut injury),
        M::FibreMembraneHyperexcitability => fibre::chloride_loss(&mut injury),
        M::Contracture => fibre::contracture(&mut injury),
        M::DescendingDriveLoss => descending::drive_loss(&mut injury),
        M::DescendingDriveAcuteLoss => descending::shock(&mut injury),
        M::DescendingConductionSlowing => descending::slowing(&mut injury),
        M::VoluntaryActivationLoss | M::ArousalLoss => descending::activation_loss(&mut injury),
        M::TonicDriveLoss => descending::tonic_drive_loss(&mut injury),
        M::InhibitionLoss => descending::inhibition_loss(&mut injury),
        M::ReciprocalInhibitionLoss => descending::reciprocal_inhibition_loss(&mut injury),
        M::DriveIntermittency => brain::intermittency(&mut injury),
        M::DopamineLoss => brain::dopamine_loss(&mut injury),
        M::StriatalLoss => brain::striatal_loss(&mut injury),
        M::SurroundInhibitionLoss => brain::surround_inhibition_loss(&mut injury),
        M::CentralOscillation => brain::oscillation(&mut injury),
        M::PurkinjeLoss => brain::purkinje_loss(&mut injury),
        M::DentateLoss | M::CerebellarOutputLoss => brain::output_loss(&mut injury),
        M::Spread
        | M::TemperatureSensitivity
        | M::EnergyFailure
        | M::MaturationDelay
        | M::ReticulospinalRelease
        | M::CorticalHyperexcitability
        | M::PosturalGainLoss
        | M::GaitProgramLoss
        | M::MicturitionDriveLoss
        | M::CerebellarInputLoss
        | M::SupranuclearGazeLoss
        | M::SaccadeInitiationLoss
        | M::InternuclearLoss
        | M::VestibularAsymmetry
        | M::MassEffect
        | M::RaisedPressure
        | M::DropAttack => return Err(format!("the body has no parameter for {}", lesion.mechanism.info().moves)),
    };
    if injury.reached == 0 { Err("no muscle or nerve of the body lies there".to_owned()) } else { partly }
}

/// What an injury says of itself: all shown, or what part is not.
type Shown = Result<(), String>;

/// One lesion at work on a body.
struct Injury<'a> {
    lesion: &'a Lesion,
    body: &'a mut Body,
    /// Structures reached so far.
    reached: usize,
}

impl Injury<'_> {
    /// Every muscle the lesion reaches, with the severity there.
    fn muscles(&mut self, mut injure: impl FnMut(&mut Muscle, f64)) {
        let height_m = self.body.person.height_m;
        for side in Side::BOTH {
            for muscle in self.body.half_mut(side).muscles.iter_mut().filter(|m| self.lesion.site.holds(m)) {
                let severity = self.lesion.place.severity_at_muscle(self.lesion.severity, muscle, side, height_m);
                if severity > 0.0 {
                    injure(muscle, severity);
                    self.reached += 1;
                }
            }
        }
    }

    /// Every sensory nerve the lesion reaches.
    fn sensory_nerves(&mut self, mut injure: impl FnMut(&mut SensoryNerve, f64)) {
        let height_m = self.body.person.height_m;
        for side in Side::BOTH {
            for nerve in &mut self.body.half_mut(side).sensory_nerves {
                if !self.lesion.site.holds_sensory_nerve(nerve) {
                    continue;
                }
                let severity = self.lesion.place.severity_at_sensory_nerve(self.lesion.severity, nerve, side, height_m);
                if severity > 0.0 {
                    injure(nerve, severity);
                    self.reached += 1;
                }
            }
        }
    }

    /// Each half of the body the lesion reaches, as a whole.
    fn halves(&mut self, mut injure: impl FnMut(&mut Half, f64)) {
        for side in Side::BOTH {
            let severity = (self.lesion.severity * self.lesion.place.side.weight(side)).clamp(0.0, 1.0);
            if severity > 0.0 {
                injure(self.body.half_mut(side), severity);
                self.reached += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests;
