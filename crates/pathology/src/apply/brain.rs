//! Basal ganglia, tremor oscillators and cerebellum, each with the side of the body it serves.

use tonus_body::Half;
use tonus_physiology::brain::oscillator::OscillatorParameters;
use tonus_physiology::math;
use tonus_signal::Side;

use super::{Injury, Shown, descending};
use crate::lesion::ReleasedBy;
use crate::place::Pathway;
use crate::segments::are_of_leg;
use crate::{Lesion, Site};

/// Fusimotor drive lost per cerebellar output lost, established (assumed; dentate ablation lowers spindle rate and gain: Gilman 1969).
const FUSIMOTOR_LOSS: f64 = 0.5;
/// More of it in the first weeks: x 0.3 after acute loss (Gilman 1969), fading with a time constant of 20 days (assumed).
const FUSIMOTOR_LOSS_ACUTE: f64 = 0.2;
const FUSIMOTOR_RECOVERY_DAYS: f64 = 20.0;
/// Bias of the motor neurons at full cerebellar loss, mV (assumed: small, the tendon jerk is nearly kept).
const CEREBELLAR_BIAS_MV: f64 = -1.0;

pub(super) fn intermittency(injury: &mut Injury<'_>) -> Shown {
    injury.halves(|half, s| half.basal_ganglia.persistence *= 1.0 - s);
    Ok(())
}

pub(super) fn dopamine_loss(injury: &mut Injury<'_>) -> Shown {
    injury.halves(|half, s| half.basal_ganglia.dopamine *= 1.0 - s);
    Ok(())
}

pub(super) fn striatal_loss(injury: &mut Injury<'_>) -> Shown {
    let pathway = injury.lesion.place.pathway.unwrap_or(Pathway::Both);
    injury.halves(|half, s| {
        if pathway != Pathway::Direct {
            half.basal_ganglia.indirect *= 1.0 - s;
        }
        if pathway != Pathway::Indirect {
            half.basal_ganglia.direct *= 1.0 - s;
        }
    });
    Ok(())
}

pub(super) fn surround_inhibition_loss(injury: &mut Injury<'_>) -> Shown {
    injury.halves(|half, s| half.basal_ganglia.surround_inhibition *= 1.0 - s);
    Ok(())
}

/// Arm and leg have an oscillator each; each takes the largest severity of its limb's muscles.
pub(super) fn oscillation(injury: &mut Injury<'_>) -> Shown {
    let height_m = injury.body.person.height_m;
    let lesion = injury.lesion;
    for side in Side::BOTH {
        let half = injury.body.half_mut(side);
        let of_limb = |half: &Half, leg: bool| {
            let muscles = half.muscles.iter().filter(|m| are_of_leg(&m.segments) == leg);
            muscles.map(|m| lesion.place.severity_at_muscle(lesion.severity, m, side, height_m)).fold(0.0, f64::max)
        };
        let (arm, leg) = (of_limb(half, false), of_limb(half, true));
        for (oscillator, severity) in [(&mut half.arm_oscillator, arm), (&mut half.leg_oscillator, leg)] {
            if severity > 0.0 {
                release(oscillator, lesion, severity);
                injury.reached += 1;
            }
        }
    }
    Ok(())
}

fn release(oscillator: &mut OscillatorParameters, lesion: &Lesion, severity: f64) {
    oscillator.amplitude = 1.0 - (1.0 - oscillator.amplitude) * (1.0 - severity);
    if let Some(frequency_hz) = lesion.frequency_hz {
        oscillator.frequency_hz = frequency_hz;
    }
    if let Some(released_by) = lesion.released_by {
        oscillator.suppressed_by_action = released_by == ReleasedBy::Rest;
    }
}

pub(super) fn purkinje_loss(injury: &mut Injury<'_>) -> Shown {
    let vermis = injury.lesion.site == Site::CerebellarVermis;
    if !vermis {
        injury.halves(|half, s| half.cerebellum.purkinje *= 1.0 - s);
    }
    fusimotor_drop(injury, vermis);
    if vermis {
        Err("stance, gait and gaze are not in the body; the fusimotor drop of the legs is".to_owned())
    } else {
        Ok(())
    }
}

pub(super) fn output_loss(injury: &mut Injury<'_>) -> Shown {
    injury.halves(|half, s| half.cerebellum.output *= 1.0 - s);
    fusimotor_drop(injury, false);
    Ok(())
}

/// Dentate facilitation of brainstem tonic drive is lost: spindles fall silent, motor neurons a little.
fn fusimotor_drop(injury: &mut Injury<'_>, legs_only: bool) {
    let acute = injury.lesion.since.map_or(0.0, |since| math::exp(-since.days().max(0.0) / FUSIMOTOR_RECOVERY_DAYS));
    let share = FUSIMOTOR_LOSS + FUSIMOTOR_LOSS_ACUTE * acute;
    injury.halves(|half, s| {
        for muscle in half.muscles.iter_mut().filter(|m| !legs_only || are_of_leg(&m.segments)) {
            descending::lower_tonic_drive(muscle, share * s, CEREBELLAR_BIAS_MV * s);
        }
    });
}
