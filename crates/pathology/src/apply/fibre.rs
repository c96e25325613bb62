//! Junctions, muscle fibres and joints.

use tonus_body::Half;
use tonus_physiology::math;
use tonus_signal::Side;

use super::{Injury, Shown};

/// Rise of the threshold with loss of folds: 1 / (1 - 0.6 s) (assumed).
const FOLD_SHARE: f64 = 0.6;
/// Share of torn fibres that stand cut off from their endplate at any time (assumed).
const CUT_OFF_SHARE: f64 = 0.2;
/// Largest loss of diameter.
const MOST_ATROPHY: f64 = 0.9;
/// Passive stiffness x (1 + 9 s) and range x (1 - 0.6 s) in contracture (assumed).
const CONTRACTURE_STIFFNESS: f64 = 9.0;
const CONTRACTURE_RANGE: f64 = 0.6;

pub(super) fn quantal_release_loss(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.junction.release *= math::sqrt(1.0 - s));
    Ok(())
}

pub(super) fn calcium_channel_loss(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.junction.calcium_channels *= 1.0 - s);
    Ok(())
}

pub(super) fn receptor_loss(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.junction.quantal_amplitude *= 1.0 - s);
    Ok(())
}

pub(super) fn endplate_simplification(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.junction.threshold /= 1.0 - FOLD_SHARE * s);
    Ok(())
}

pub(super) fn fibre_loss(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.fibres.survival *= 1.0 - s);
    Ok(())
}

pub(super) fn size_variability(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| {
        let cv = &mut muscle.fibres.diameter_cv;
        *cv = math::sqrt(*cv * *cv + s * s);
    });
    Ok(())
}

pub(super) fn atrophy(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.fibres.diameter_um *= 1.0 - s.min(MOST_ATROPHY));
    Ok(())
}

pub(super) fn hypertrophy(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.fibres.diameter_um *= 1.0 + s);
    Ok(())
}

pub(super) fn force_loss(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.fibres.specific_tension *= 1.0 - s);
    Ok(())
}

pub(super) fn segmental_necrosis(injury: &mut Injury<'_>) -> Shown {
    if injury.lesion.site != crate::Site::Muscle {
        injury.reached = 1;
        return Err("only inflammation of muscle has a parameter in the body".to_owned());
    }
    injury.muscles(|muscle, s| {
        let fibres = &mut muscle.fibres;
        fibres.segmentally_denervated = 1.0 - (1.0 - fibres.segmentally_denervated) * (1.0 - CUT_OFF_SHARE * s);
        fibres.fibrillation = 1.0_f64.max(fibres.fibrillation);
    });
    Ok(())
}

pub(super) fn inexcitability(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.fibres.excitable *= 1.0 - s);
    Ok(())
}

pub(super) fn chloride_loss(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.fibres.chloride_conductance *= 1.0 - s);
    Ok(())
}

/// A short muscle stiffens its joint and takes range at the end that stretches it: short extensors limit flexion, short flexors extension.
pub(super) fn contracture(injury: &mut Injury<'_>) -> Shown {
    let height_m = injury.body.person.height_m;
    let lesion = injury.lesion;
    for side in Side::BOTH {
        let half = injury.body.half_mut(side);
        let severity = |half: &Half, id: &str| {
            half.muscle(id).map_or(0.0, |m| lesion.place.severity_at_muscle(lesion.severity, m, side, height_m))
        };
        let shortened: Vec<(f64, f64)> =
            half.joints.iter().map(|joint| (severity(half, &joint.flexor), severity(half, &joint.extensor))).collect();
        for (joint, (flexor, extensor)) in half.joints.iter_mut().zip(shortened) {
            let worst = flexor.max(extensor);
            if worst > 0.0 {
                injury.reached += 1;
                let hinge = &mut joint.hinge;
                hinge.stiffness_n_m_rad *= 1.0 + CONTRACTURE_STIFFNESS * worst;
                let lost = CONTRACTURE_RANGE * worst * (hinge.max_angle_rad - hinge.min_angle_rad);
                hinge.min_angle_rad += lost * flexor / (flexor + extensor);
                hinge.max_angle_rad -= lost * extensor / (flexor + extensor);
                hinge.rest_angle_rad = hinge.rest_angle_rad.clamp(hinge.min_angle_rad, hinge.max_angle_rad);
            }
        }
    }
    Ok(())
}
