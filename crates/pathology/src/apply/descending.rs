//! Descending tracts: weakness at once, shock that fades, and segmental settings that move over weeks to months.
//!
//! Every row of [`CHRONIC`] moves one setting by x = a L (1 - exp(-t/tau)), with L the loss of the tract that drives it and t the age of
//! the loss: a gain becomes p0 (1 + x), held within 0..3 p0; base tone b0 (1 + x); the bias of the motor neurons closes in on the
//! discharge of the resting limb and never reaches it,
//!
//! D - bias = (D - bias0) exp(-x),    D = 2.8 mV
//!
//! so that a limb at rest stays silent at any loss and age (tested).
//!
//! A brain lesion takes the corticospinal tract (L_c = s) and, through the cortico-reticular fibres beside it, 0.7 of the dorsal
//! reticulospinal inhibition (L_r = 0.7 s); a cord lesion takes every tract (L_c = L_r = L_m = s). Loss of L_c alone gives weakness
//! without spasticity (Sherrington): bias, base tone and Ib inhibition follow L_r (and in the cord bias also L_m, downwards). Fusimotor drive is left as it is: microneurography
//! shows normal discharge of spindles in spasticity (Hagbarth 1973).
//!
//! The time constants of [`CHRONIC`] are those of the cord, where reflexes come back over a month and grow for a year. After a
//! brain lesion the segments are not cut off from below the brainstem and go the same way in a shorter time (`BRAIN_PACE`).

use tonus_body::Muscle;
use tonus_physiology::math;

use super::{Injury, Shown};
use crate::region::{is_calf, is_hand_or_forearm};
use crate::segments::are_of_leg;
use crate::site::Localiser;
use crate::{Lesion, Site};

/// Share of the dorsal reticulospinal path lost with the corticospinal tract in the brain (assumed; capsular lesions take both).
const RETICULAR_SHARE_OF_BRAIN_LESION: f64 = 0.7;
/// Growth of the reticulospinal drive after corticospinal loss, not in hand and forearm (Zaaimi 2012), and its time constant.
const RETICULOSPINAL_GROWTH: f64 = 0.2;
const RETICULOSPINAL_GROWTH_DAYS: f64 = 60.0;

/// Time constants of [`CHRONIC`] after a brain lesion over those after a cord lesion; 0.15 makes those of bias and base tone 7 and 9 days.
/// Spasticity after stroke is all but complete within weeks: 24 % at 3 days, 43 % at 10 days, 46 % at 4 weeks and at 12 months (Opheim et
/// al. 2014), 24.5 % at 2, 26.7 % at 6 weeks and 21.7 % at 4 months (Wissel et al. 2010; both as tabulated in PMC4972859). One factor for all
/// settings is assumed; its size is fitted to Wissel's share at 2 weeks (at 0.3 none), and is slower than Opheim's course.
const BRAIN_PACE: f64 = 0.15;

/// Distance from rest to discharge, mV: bias at which the pools of a relaxed healthy limb begin to fire, with their tonic facilitation
/// and the resting discharge of their afferents (computed with this model at elbow, knee and ankle held at rest: 2.8 silent, 3.2 to 3.6
/// firing).
const DISTANCE_MV: f64 = 2.8;

/// What moves after chronic loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Bias of the motor neurons.
    Bias,
    /// Monoaminergic drive of the persistent inward current.
    PersistentInwardCurrent,
    /// Monosynaptic Ia input of the calf.
    Ia,
    /// Presynaptic inhibition of Ia terminals.
    PresynapticInhibition,
    /// Post-activation depression of Ia terminals.
    PostActivationDepression,
    /// Reciprocal Ia inhibition.
    Reciprocal,
    /// Ib inhibition.
    Ib,
    /// Group II excitation.
    GroupII,
    /// Attached cross-bridges of the relaxed muscle.
    BaseTone,
}

impl Setting {
    /// Moves it in a muscle by `change` (x of the law above).
    fn shift(self, muscle: &mut Muscle, change: f64) {
        if change == 0.0 {
            return;
        }
        let gains = &mut muscle.gains;
        let gain = match self {
            Self::Bias => {
                // Only what lies between rest and discharge shrinks; shock below rest is another's.
                let left = (DISTANCE_MV - gains.bias_mv.max(0.0)).max(0.0);
                gains.bias_mv += left * (1.0 - math::exp(-change));
                return;
            }
            Self::BaseTone => {
                muscle.contraction.base_tone *= (1.0 + change).max(0.0);
                return;
            }
            Self::Ia => &mut gains.ia,
            Self::PersistentInwardCurrent => &mut gains.persistent_inward_current,
            Self::PresynapticInhibition => &mut gains.presynaptic_inhibition,
            Self::PostActivationDepression => &mut gains.post_activation_depression,
            Self::Reciprocal => &mut gains.reciprocal,
            Self::Ib => &mut gains.ib,
            Self::GroupII => &mut gains.group_ii,
        };
        *gain *= (1.0 + change).clamp(0.0, 3.0);
    }
}

/// A setting that moves after chronic loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChronicChange {
    /// What moves.
    pub setting: Setting,
    /// Tract whose loss drives it.
    pub driver: Tract,
    /// a of the law above, at full loss.
    pub change: f64,
    /// Time constant after a cord lesion, days.
    pub tau_days: f64,
    /// Where it is from.
    pub source: &'static str,
}

/// Descending tracts whose losses drive the gains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tract {
    /// Corticospinal.
    Corticospinal,
    /// Dorsal reticulospinal, inhibitory.
    DorsalReticulospinal,
    /// Monoaminergic.
    Monoaminergic,
}

/// What moves, by which tract, how far, how fast. Directions are published; sizes are mostly fitted and may be off by half.
pub const CHRONIC: &[ChronicChange] = &[
    ChronicChange {
        setting: Setting::Bias,
        driver: Tract::DorsalReticulospinal,
        change: 3.5,
        tau_days: 45.0,
        source: "a lower threshold of the motor neurons (2-4 mV) suffices for hyperreflexia: Hidler & Rymer 1999; size fitted to brisk reflexes of a capsular lesion (2.4 mV at 0.8), tau assumed, after a brain lesion shortened as all are (Opheim 2014, Wissel 2010)",
    },
    ChronicChange {
        setting: Setting::Bias,
        driver: Tract::Monoaminergic,
        change: -2.65,
        tau_days: 45.0,
        source: "a cord lesion takes the monoaminergic facilitation too: the neurons lie lower and their persistent current stands in for it (Bennett 1999, direction); size fitted to: silence at rest after a complete section (bias then 1.6 mV)",
    },
    ChronicChange {
        setting: Setting::PersistentInwardCurrent,
        driver: Tract::Monoaminergic,
        change: 0.6,
        tau_days: 45.0,
        source: "constitutive 5-HT2C receptors: Bennett 1999, Li & Bennett 2003 (rat); Gorassini 2004 (human)",
    },
    ChronicChange {
        setting: Setting::PresynapticInhibition,
        driver: Tract::Corticospinal,
        change: -0.5,
        tau_days: 60.0,
        source: "Aymard 2000 (arm); leg -0.3 in cord injury, -0.1 in stroke: Faist 1994; sizes fitted",
    },
    ChronicChange {
        setting: Setting::PostActivationDepression,
        driver: Tract::Corticospinal,
        change: -0.6,
        tau_days: 120.0,
        source: "Nielsen 1993; Grey 2008; Shields 2011",
    },
    ChronicChange {
        setting: Setting::PostActivationDepression,
        driver: Tract::Monoaminergic,
        change: -1.0,
        tau_days: 120.0,
        source: "nearly lost in soleus months after a complete section of the cord: Schindler-Ivens & Shields 2000, Shields 2011 (direction, from memory; the calf alone, where it was measured); size chosen for ankle clonus, with which nothing is left (more than was measured; with a twelfth left the beats are half as many); tau as above",
    },
    ChronicChange {
        setting: Setting::Ia,
        driver: Tract::Monoaminergic,
        change: 2.0,
        tau_days: 45.0,
        source: "monosynaptic Ia potentials of ankle extensors grow below a section of the cord: Nelson & Mendell 1979, Hochman & McCrea 1994 (cat; direction, from memory; the calf alone, where it was measured); size chosen for ankle clonus, the most that a gain may grow: three times; tau assumed as of the bias",
    },
    ChronicChange {
        setting: Setting::Reciprocal,
        driver: Tract::Corticospinal,
        change: -0.8,
        tau_days: 60.0,
        source: "Crone 1994, 2003",
    },
    ChronicChange {
        setting: Setting::Ib,
        driver: Tract::DorsalReticulospinal,
        change: -0.8,
        tau_days: 60.0,
        source: "Delwaide & Oliver 1988",
    },
    ChronicChange {
        setting: Setting::GroupII,
        driver: Tract::Monoaminergic,
        change: 1.0,
        tau_days: 60.0,
        source: "Marque 2001; Remy-Neris 2003",
    },
    ChronicChange {
        setting: Setting::BaseTone,
        driver: Tract::DorsalReticulospinal,
        change: 4.0,
        tau_days: 60.0,
        source: "direction: De Groote, Blum, Horslen & Ting 2018 (base tone with short-range stiffness cuts the first swing of the spastic pendulum; 10 times the healthy base tone, from memory); arm assumed, leg 4.5 times that, fitted to: relaxation index of spastic knees 0.4-1.5; tau assumed as of reciprocal inhibition",
    },
];

/// Settings whose change after a cord lesion has been measured in the calf and is confined to it here. In every muscle alike it would make
/// knee and elbow, whose spindles discharge at rest, fire at rest.
const CALF_ALONE: [Setting; 2] = [Setting::Ia, Setting::PostActivationDepression];

/// Presynaptic inhibition in the leg: share of the change in the arm, after brain and cord lesions (Faist 1994).
const PRESYNAPTIC_LEG: (f64, f64) = (0.2, 0.6);

/// Change of base tone in the leg over that in the arm. Fitted to: relaxation index of spastic knees 0.4-1.5 (a spastic paraplegia of typical
/// severity then has about nine times the healthy base tone, ten in De Groote et al. 2018, from memory); with as much in the arm a
/// stretched spastic elbow would resist as a rigid one does.
const BASE_TONE_LEG: f64 = 4.5;

/// Shock at severity 1 (Leis 1996; Ditunno, Little, Tessler & Burns 2004). The bias takes away 9.5 of the 11.2 mV of tonic facilitation of a
/// healthy pool; fitted to: no tendon reflex in the first days.
const SHOCK_BIAS_MV: f64 = -9.5;
const SHOCK_PERSISTENT_CURRENT: f64 = 0.9;
const SHOCK_GAMMA: f64 = 0.8;
const SHOCK_PRESYNAPTIC: f64 = 0.2;
const SHOCK_GROUP_II: f64 = 0.5;
/// Base tone lost in shock (assumed: the flaccid limb falls freely; residual tone of the paralysed muscle is that of its fibres).
const SHOCK_BASE_TONE: f64 = 0.9;

/// Loss of tonic drive at severity 1 (assumed: reflexes are kept).
const TONIC_BIAS_MV: f64 = -1.0;
const TONIC_PERSISTENT_CURRENT: f64 = 0.3;

/// True for lesions that take every descending tract.
fn is_of_cord(lesion: &Lesion) -> bool {
    lesion.site.localiser() == Localiser::SpinalCord
}

pub(super) fn drive_loss(injury: &mut Injury<'_>) -> Shown {
    let lesion = injury.lesion.clone();
    let cord = is_of_cord(&lesion);
    let progress = |tau_days: f64| {
        lesion.mean_over_age(|age| if age.is_infinite() { 1.0 } else { 1.0 - math::exp(-age / tau_days) })
    };
    let pace = if cord { 1.0 } else { BRAIN_PACE };
    let late: Vec<f64> = CHRONIC.iter().map(|change| progress(pace * change.tau_days)).collect();
    let growth = progress(RETICULOSPINAL_GROWTH_DAYS);
    injury.muscles(|muscle, s| {
        muscle.corticospinal.drive *= drive_left(muscle, s, cord, growth);
        let (pyramidal, reticular, monoaminergic) =
            if cord { (s, s, s) } else { (s, RETICULAR_SHARE_OF_BRAIN_LESION * s, 0.0) };
        let is_leg = are_of_leg(&muscle.segments);
        for (change, late) in CHRONIC.iter().zip(&late) {
            let loss = match change.driver {
                Tract::Corticospinal => pyramidal,
                Tract::DorsalReticulospinal => reticular,
                Tract::Monoaminergic => monoaminergic,
            };
            let is_of_calf_alone = change.driver == Tract::Monoaminergic && CALF_ALONE.contains(&change.setting);
            let limb = match (change.setting, is_leg, cord) {
                _ if is_of_calf_alone && !is_calf(&muscle.id) => 0.0,
                (Setting::BaseTone, true, _) => BASE_TONE_LEG,
                (Setting::PresynapticInhibition, true, false) => PRESYNAPTIC_LEG.0,
                (Setting::PresynapticInhibition, true, true) => PRESYNAPTIC_LEG.1,
                _ => 1.0,
            };
            change.setting.shift(muscle, change.change * limb * loss * late);
        }
    });
    Ok(())
}

/// Power of the share of tract left that arrives as impulses: what is left is fewer axons, each driven less well. Fitted to: elbow
/// flexion falls by about half at a capsular loss of 0.8 months ago, although the motor neurons then sit nearer their threshold.
const DRIVE_POWER: i32 = 2;

/// Share of the voluntary drive left after a brain lesion: D^2 with D = (1-L)(1-r) + r (1 + 0.2 L growth); 1 - s after a cord lesion.
fn drive_left(muscle: &Muscle, severity: f64, cord: bool, growth: f64) -> f64 {
    if cord {
        return 1.0 - severity;
    }
    let share = muscle.reticulospinal_share;
    let growth = if is_hand_or_forearm(&muscle.id) { 0.0 } else { RETICULOSPINAL_GROWTH * severity * growth };
    ((1.0 - severity) * (1.0 - share) + share * (1.0 + growth)).min(1.0).powi(DRIVE_POWER)
}

/// Conduction block of a descending tract: the drive falls as in fresh loss, the segments keep their gains.
pub(super) fn tract_block(injury: &mut Injury<'_>) -> Shown {
    let cord = is_of_cord(injury.lesion);
    injury.muscles(|muscle, s| muscle.corticospinal.drive *= drive_left(muscle, s, cord, 0.0));
    Ok(())
}

pub(super) fn shock(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| {
        let gains = &mut muscle.gains;
        gains.bias_mv += SHOCK_BIAS_MV * s;
        gains.persistent_inward_current *= 1.0 - SHOCK_PERSISTENT_CURRENT * s;
        gains.gamma_static_hz *= 1.0 - SHOCK_GAMMA * s;
        gains.gamma_dynamic_hz *= 1.0 - SHOCK_GAMMA * s;
        gains.presynaptic_inhibition *= 1.0 - SHOCK_PRESYNAPTIC * s;
        gains.group_ii *= 1.0 - SHOCK_GROUP_II * s;
        muscle.contraction.base_tone *= 1.0 - SHOCK_BASE_TONE * s;
    });
    Ok(())
}

pub(super) fn slowing(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.corticospinal.velocity_m_s *= 1.0 - s.min(0.95));
    Ok(())
}

pub(super) fn activation_loss(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.corticospinal.drive *= 1.0 - s);
    Ok(())
}

pub(super) fn tonic_drive_loss(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| {
        lower_tonic_drive(muscle, s, TONIC_BIAS_MV * s);
        muscle.gains.persistent_inward_current *= 1.0 - TONIC_PERSISTENT_CURRENT * s;
    });
    Ok(())
}

/// Fusimotor drive and base tone fall by a share, the motor neurons' bias by some mV. That the relaxed muscle keeps fewer attached
/// cross-bridges is assumed; the share is fitted to: 1.1-2 times the swings of the healthy pendulum in hypotonia.
pub(super) fn lower_tonic_drive(muscle: &mut Muscle, share: f64, bias_mv: f64) {
    muscle.gains.gamma_static_hz *= 1.0 - share;
    muscle.gains.gamma_dynamic_hz *= 1.0 - share;
    muscle.gains.bias_mv += bias_mv;
    muscle.contraction.base_tone *= 1.0 - share;
}

pub(super) fn inhibition_loss(injury: &mut Injury<'_>) -> Shown {
    if injury.lesion.site == Site::BrainstemInterneurons {
        injury.reached = 1;
        return Err("inhibitory interneurons of the head are not in the body".to_owned());
    }
    injury.muscles(|muscle, s| {
        muscle.gains.renshaw *= 1.0 - s;
        muscle.gains.reciprocal *= 1.0 - s;
    });
    Ok(())
}

pub(super) fn reciprocal_inhibition_loss(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| muscle.gains.reciprocal *= 1.0 - s);
    Ok(())
}

#[cfg(test)]
mod tests;
