use std::collections::BTreeSet;

use tonus_body::{Anatomy, Body, Half, Person, Sex};
use tonus_physiology::brain::oscillator::OscillatorParameters;
use tonus_physiology::cord::circuit::AfferentCounts;
use tonus_physiology::limb::{Imposed, Limb, LimbGroup, LimbInput, LimbModel, LimbParameters};
use tonus_physiology::random::Seed;

use super::*;
use crate::apply::apply;
use crate::{Mechanism, TimeSpan};

type TestResult = Result<(), Box<dyn std::error::Error>>;

fn healthy() -> Result<Body, Box<dyn std::error::Error>> {
    Ok(Body::healthy(&Person::new(40.0, Sex::Male, Some(1.75), Some(75.0))?, &Anatomy::builtin()?))
}

fn lost(site: Site, severity: f64, days: f64) -> Result<Body, Box<dyn std::error::Error>> {
    let mut body = healthy()?;
    let lesion = Lesion::new(site, Mechanism::DescendingDriveLoss, severity).aged(TimeSpan::from_days(days));
    assert!(apply(&[lesion], &mut body).is_empty());
    Ok(body)
}

/// The number that a setting is in a muscle.
fn read(setting: Setting, muscle: &Muscle) -> f64 {
    let gains = &muscle.gains;
    match setting {
        Setting::Bias => gains.bias_mv,
        Setting::Ia => gains.ia,
        Setting::PersistentInwardCurrent => gains.persistent_inward_current,
        Setting::PresynapticInhibition => gains.presynaptic_inhibition,
        Setting::PostActivationDepression => gains.post_activation_depression,
        Setting::Reciprocal => gains.reciprocal,
        Setting::Ib => gains.ib,
        Setting::GroupII => gains.group_ii,
        Setting::BaseTone => muscle.contraction.base_tone,
    }
}

#[test]
fn each_row_moves_its_own_number_its_own_way_and_no_other() -> TestResult {
    let body = healthy()?;
    let before = body.left.muscle("quadriceps").ok_or("no quadriceps")?;
    let mut seen = BTreeSet::new();
    for row in CHRONIC {
        assert!(seen.insert(format!("{:?} {:?}", row.setting, row.driver)), "{:?} twice", row.setting);
        let mut after = before.clone();
        row.setting.shift(&mut after, row.change);
        let moved = read(row.setting, &after) - read(row.setting, before);
        assert!(moved * row.change > 0.0, "{:?}: {moved}", row.setting);
        for other in CHRONIC.iter().filter(|other| other.setting != row.setting) {
            assert_eq!(read(other.setting, &after).to_bits(), read(other.setting, before).to_bits());
        }
        let mut same = before.clone();
        row.setting.shift(&mut same, 0.0);
        assert_eq!(&same, before);
    }
    Ok(())
}

#[test]
fn what_grows_below_a_cord_lesion_in_the_calf_grows_in_no_other_muscle_and_after_no_brain_lesion() -> TestResult {
    let whole = healthy()?;
    let (cord, brain) = (lost(Site::SpinalCord, 1.0, 1825.0)?, lost(Site::CorticospinalTract, 1.0, 1825.0)?);
    for ((after, stroke), before) in cord.left.muscles.iter().zip(&brain.left.muscles).zip(&whole.left.muscles) {
        let calf = ["plantarflexors", "soleus", "gastrocnemius_medialis"].contains(&before.id.as_str());
        assert_eq!(after.gains.ia > before.gains.ia, calf, "{}", before.id);
        assert_eq!(stroke.gains.ia.to_bits(), before.gains.ia.to_bits());
        let spared = after.gains.post_activation_depression / stroke.gains.post_activation_depression;
        assert!(if calf { spared < 0.3 } else { (spared - 1.0).abs() < 1e-3 }, "{}: {spared}", before.id);
    }
    Ok(())
}

#[test]
fn fusimotor_drive_is_not_raised() -> TestResult {
    let (body, whole) = (lost(Site::SpinalCord, 1.0, 1825.0)?, healthy()?);
    for (after, before) in body.left.muscles.iter().zip(&whole.left.muscles) {
        assert_eq!(after.gains.gamma_static_hz.to_bits(), before.gains.gamma_static_hz.to_bits());
        assert_eq!(after.gains.gamma_dynamic_hz.to_bits(), before.gains.gamma_dynamic_hz.to_bits());
    }
    Ok(())
}

#[test]
fn bias_closes_in_on_the_threshold_of_the_pool_and_never_reaches_it() -> TestResult {
    let mut muscle = healthy()?.left.muscle("quadriceps").ok_or("no quadriceps")?.clone();
    let mut last = muscle.gains.bias_mv;
    for _ in 0..8 {
        Setting::Bias.shift(&mut muscle, 1.5);
        assert!(muscle.gains.bias_mv > last && muscle.gains.bias_mv < DISTANCE_MV, "{}", muscle.gains.bias_mv);
        last = muscle.gains.bias_mv;
    }
    // What shock takes stays taken: the two add in either order.
    let shifted = |first: f64, change: f64| {
        let mut m = muscle.clone();
        m.gains.bias_mv = first;
        Setting::Bias.shift(&mut m, change);
        m.gains.bias_mv
    };
    assert!((shifted(-9.5, 1.0) - (shifted(0.0, 1.0) - 9.5)).abs() < 1e-12);
    Ok(())
}

/// One joint of a half as a limb, without tremor or involuntary commands.
fn limb(half: &Half, joint: &str) -> Result<LimbModel, Box<dyn std::error::Error>> {
    let joint = half.joint(joint).ok_or("no such joint")?;
    let group = |id: &str| {
        half.muscle(id).ok_or("no such muscle").map(|m| LimbGroup {
            pool: m.pool.clone(),
            gains: m.gains.clone(),
            axons: m.axons.clone(),
            junction: m.junction.clone(),
            units: m.units.clone(),
            fibres: m.fibres.clone(),
            contraction: m.contraction.clone(),
            corticospinal: m.corticospinal.clone(),
            afferents: AfferentCounts { ia: m.ia_afferents, ii: m.ii_afferents, ib: m.ib_afferents },
            afferent_length_m: m.afferent_length_m,
        })
    };
    let parameters = LimbParameters {
        hinge: joint.hinge.clone(),
        flexor: group(&joint.flexor)?,
        extensor: group(&joint.extensor)?,
        oscillator: OscillatorParameters::default(),
        persistence: 1.0,
        chorea_rate_hz: 0.0,
        surround_inhibition: 1.0,
    };
    Ok(LimbModel::new(&parameters, Seed::new(1)))
}

/// Discharges per minute of the two pools of a joint that is held still.
fn discharges_per_min(body: &Body, joint: &str) -> Result<f64, Box<dyn std::error::Error>> {
    let model = limb(&body.right, joint)?;
    let held_at = body.right.joint(joint).ok_or("no such joint")?.hinge.rest_angle_rad;
    let mut limb = Limb::new(&model, Seed::new(2), held_at);
    let held = LimbInput { imposed: Some(Imposed { angle_rad: held_at, velocity_rad_s: 0.0 }), ..LimbInput::default() };
    let mut spikes = 0;
    for ms in 0..1500 {
        let out = limb.step_ms(&model, &held);
        if ms >= 500 {
            spikes += out.spikes[0].len() + out.spikes[1].len();
        }
    }
    Ok(spikes as f64 * 60.0)
}

#[test]
fn two_weeks_after_a_brain_lesion_the_bias_is_near_its_last_value_and_after_a_cord_lesion_far_from_it() -> TestResult {
    let bias = |site: Site, days: f64| -> Result<f64, Box<dyn std::error::Error>> {
        Ok(lost(site, 0.8, days)?.right.muscle("elbow_flexors").ok_or("no elbow flexors")?.gains.bias_mv)
    };
    let share = |site: Site| -> Result<f64, Box<dyn std::error::Error>> { Ok(bias(site, 14.0)? / bias(site, 1825.0)?) };
    let (brain, cord) = (share(Site::CorticospinalTract)?, share(Site::SpinalCord)?);
    assert!(brain > 0.85 && brain < 1.0, "{brain}");
    assert!(cord > 0.0 && cord < 0.5, "{cord}");
    Ok(())
}

#[test]
fn the_limb_is_silent_at_rest_at_every_loss_and_age() -> TestResult {
    for site in [Site::CorticospinalTract, Site::SpinalCord] {
        for severity in [0.6, 1.0] {
            for days in [60.0, 1825.0] {
                let body = lost(site, severity, days)?;
                for joint in ["elbow", "knee", "ankle"] {
                    let rate = discharges_per_min(&body, joint)?;
                    assert!(rate < 10.0, "{site:?} {severity} after {days} days, {joint}: {rate} per min");
                }
            }
        }
    }
    // And a limb can fire at rest: it does where the bias is beyond the distance.
    let mut over = healthy()?;
    over.right.muscles.iter_mut().for_each(|m| m.gains.bias_mv = DISTANCE_MV + 0.8);
    assert!(discharges_per_min(&over, "knee")? > 1000.0);
    Ok(())
}
