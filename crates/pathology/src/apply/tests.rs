use std::collections::BTreeMap;

use serde_json::Value;
use tonus_body::{Anatomy, Body, Person, Sex};
use tonus_signal::Side;

use super::*;
use crate::place::{BodySide, Pattern, Place};
use crate::{PathologyError, Segments, Site, TimeSpan};

type TestResult = Result<(), Box<dyn std::error::Error>>;

fn healthy() -> Result<Body, Box<dyn std::error::Error>> {
    Ok(Body::healthy(&Person::new(40.0, Sex::Female, None, None)?, &Anatomy::builtin()?))
}

/// A site at which each mechanism acts and that the body has.
fn site_of(mechanism: Mechanism) -> Site {
    let allowed = mechanism.info().acts_at;
    let preferred =
        [Site::NerveMotor, Site::CorticospinalTract, Site::AnteriorHorn, Site::Muscle, Site::CerebellarHemisphere];
    let sites = preferred.iter().chain(Site::ALL);
    sites.copied().find(|s| allowed.contains(&s.localiser()) && s.missing().is_none()).unwrap_or(Site::Effort)
}

/// Every number of a body by its path, as bits.
fn numbers(body: &Body) -> BTreeMap<String, f64> {
    fn walk(path: &str, value: &Value, into: &mut BTreeMap<String, f64>) {
        match value {
            Value::Number(n) => {
                into.insert(path.to_owned(), n.as_f64().unwrap_or(f64::NAN));
            }
            Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| walk(&format!("{path}[{i}]"), v, into)),
            Value::Object(map) => map.iter().for_each(|(k, v)| walk(&format!("{path}.{k}"), v, into)),
            _ => {}
        }
    }
    let mut map = BTreeMap::new();
    walk("", &serde_json::to_value(body).unwrap_or_default(), &mut map);
    map
}

fn injured(lesion: &Lesion) -> Result<(Body, Vec<NotExamined>), Box<dyn std::error::Error>> {
    let mut body = healthy()?;
    let notes = apply(std::slice::from_ref(lesion), &mut body);
    Ok((body, notes))
}

#[test]
fn severity_zero_is_healthy_to_the_bit_for_every_mechanism() -> TestResult {
    let bits = |body: &Body| numbers(body).into_values().map(f64::to_bits).collect::<Vec<_>>();
    let before = healthy()?;
    assert!(bits(&before).len() > 1000);
    for &mechanism in Mechanism::ALL {
        for &site in Site::ALL {
            for since in [None, Some(TimeSpan::from_days(3.0)), Some(TimeSpan::from_years(2.0))] {
                let mut lesion = Lesion::new(site, mechanism, 0.0);
                lesion.since = since;
                let mut body = before.clone();
                assert!(apply(&[lesion], &mut body).is_empty());
                assert_eq!(body, before, "{} at {}", mechanism.name(), site.name());
            }
        }
        let mut body = before.clone();
        apply(&[Lesion::new(site_of(mechanism), mechanism, 0.0)], &mut body);
        assert_eq!(bits(&body), bits(&before), "{}", mechanism.name());
    }
    Ok(())
}

#[test]
fn every_examined_mechanism_moves_something_and_the_others_are_reported() -> TestResult {
    let before = healthy()?;
    for &mechanism in Mechanism::ALL {
        let (body, notes) = injured(&Lesion::new(site_of(mechanism), mechanism, 0.5))?;
        if mechanism.info().examined {
            assert_ne!(body, before, "{}", mechanism.name());
            assert!(notes.is_empty(), "{}: {notes:?}", mechanism.name());
        } else {
            assert_eq!(body, before, "{}", mechanism.name());
            assert!(
                notes.iter().any(|n| n.to_string().contains("not examined by this version")),
                "{}",
                mechanism.name()
            );
        }
    }
    Ok(())
}

#[test]
fn no_lesion_is_dropped_in_silence() -> TestResult {
    let before = healthy()?;
    for &mechanism in Mechanism::ALL {
        let allowed = mechanism.info().acts_at;
        for &site in Site::ALL.iter().filter(|s| allowed.contains(&s.localiser())) {
            let (body, notes) = injured(&Lesion::new(site, mechanism, 0.5))?;
            assert!(body != before || notes.len() == 1, "{} at {}", mechanism.name(), site.name());
        }
    }
    let nowhere = Place { segments: Segments::parse("S4..S5")?, ..Place::default() };
    let (body, notes) = injured(&Lesion::new(Site::AnteriorHorn, Mechanism::NeuronLoss, 0.5).at(nowhere))?;
    assert_eq!((body == before, notes.len()), (true, 1));
    Ok(())
}

#[test]
fn a_worse_lesion_moves_every_parameter_further() -> TestResult {
    let before = numbers(&healthy()?);
    for &mechanism in Mechanism::ALL.iter().filter(|m| m.info().examined) {
        for since in [None, Some(TimeSpan::from_days(5.0)), Some(TimeSpan::from_days(200.0))] {
            let mut moved: BTreeMap<String, f64> = BTreeMap::new();
            for step in 1..=8 {
                let mut lesion = Lesion::new(site_of(mechanism), mechanism, f64::from(step) / 8.0);
                lesion.since = since;
                for (path, value) in numbers(&injured(&lesion)?.0) {
                    assert!(value.is_finite(), "{} {path}", mechanism.name());
                    let change = value - before.get(&path).copied().unwrap_or(f64::NAN);
                    let last = moved.insert(path.clone(), change).unwrap_or(0.0);
                    assert!(
                        change.abs() >= last.abs() - 1e-12 && change * last >= -1e-12,
                        "{} {path}: {last} then {change}",
                        mechanism.name()
                    );
                }
            }
        }
    }
    Ok(())
}

#[test]
fn losses_multiply() -> TestResult {
    let mut body = healthy()?;
    let lesion = |s| Lesion::new(Site::AnteriorHorn, Mechanism::NeuronLoss, s);
    apply(&[lesion(0.5), lesion(0.2)], &mut body);
    assert!(body.left.muscles.iter().all(|m| (m.pool.survival - 0.4).abs() < 1e-12));
    Ok(())
}

#[test]
fn a_one_sided_lesion_leaves_the_other_side_to_the_bit() -> TestResult {
    let before = healthy()?;
    for &mechanism in Mechanism::ALL.iter().filter(|m| m.info().examined) {
        let place = Place { side: BodySide::Left, ..Place::default() };
        let (body, _) = injured(&Lesion::new(site_of(mechanism), mechanism, 0.7).at(place))?;
        assert_eq!(body.right, before.right, "{}", mechanism.name());
        assert_ne!(body.left, before.left, "{}", mechanism.name());
    }
    Ok(())
}

#[test]
fn left_and_right_lesions_mirror_each_other() -> TestResult {
    for &mechanism in Mechanism::ALL.iter().filter(|m| m.info().examined) {
        let on = |side| Place { side, ..Place::default() };
        let (left, _) = injured(&Lesion::new(site_of(mechanism), mechanism, 0.7).at(on(BodySide::Left)))?;
        let (right, _) = injured(&Lesion::new(site_of(mechanism), mechanism, 0.7).at(on(BodySide::Right)))?;
        assert_eq!((left.left, left.right), (right.right, right.left), "{}", mechanism.name());
    }
    Ok(())
}

#[test]
fn capsular_weakness_has_the_pyramidal_pattern_and_gains_move_over_months() -> TestResult {
    let lesion = |days| {
        Lesion::new(Site::CorticospinalTract, Mechanism::DescendingDriveLoss, 0.8).aged(TimeSpan::from_days(days))
    };
    let (fresh, _) = injured(&lesion(0.0))?;
    let (late, _) = injured(&lesion(365.0))?;
    let drive = |body: &Body, id: &str| body.right.muscle(id).map_or(f64::NAN, |m| m.corticospinal.drive);
    let hand = drive(&fresh, "first_dorsal_interosseous");
    assert!(
        hand < drive(&fresh, "elbow_extensors") && drive(&fresh, "elbow_extensors") < drive(&fresh, "elbow_flexors")
    );
    assert!(drive(&fresh, "tibialis_anterior") < drive(&fresh, "quadriceps"));
    assert!((hand - (0.2_f64 * 0.95 + 0.05).powi(2)).abs() < 1e-9);
    assert_eq!(hand, drive(&late, "first_dorsal_interosseous"), "no reticulospinal growth in the hand");
    assert!(drive(&late, "quadriceps") > drive(&fresh, "quadriceps"));
    let gains = |body: &Body| body.right.muscle("elbow_flexors").map(|m| m.gains.clone()).ok_or("no elbow flexors");
    let healthy = healthy()?;
    assert_eq!(gains(&fresh)?, gains(&healthy)?, "nothing but the drive on the day itself");
    let (chronic, normal) = (gains(&late)?, gains(&healthy)?);
    assert!((chronic.reciprocal - (1.0 - 0.8 * 0.8)).abs() < 0.01);
    assert!(chronic.bias_mv > 1.0 && chronic.presynaptic_inhibition < 0.7 * normal.presynaptic_inhibition);
    assert!(chronic.post_activation_depression < normal.post_activation_depression);
    assert_eq!(chronic.gamma_static_hz, normal.gamma_static_hz, "gamma is not raised");
    Ok(())
}

#[test]
fn cord_section_takes_every_tract_and_shock_silences() -> TestResult {
    let below = Place { segments: Segments::parse("C8..S5")?, ..Place::default() };
    let cord = Lesion::new(Site::SpinalCord, Mechanism::DescendingDriveLoss, 1.0).at(below.clone());
    let (body, _) = injured(&cord.clone().aged(TimeSpan::from_years(1.0)))?;
    let quadriceps = body.left.muscle("quadriceps").ok_or("no quadriceps")?;
    assert_eq!(quadriceps.corticospinal.drive, 0.0);
    assert!((quadriceps.gains.persistent_inward_current - 0.8).abs() < 0.01);
    assert_eq!(body.left.muscle("elbow_flexors").map(|m| m.corticospinal.drive), Some(1.0));
    let mut fresh = healthy()?;
    let shock = Lesion::new(Site::SpinalCord, Mechanism::DescendingDriveAcuteLoss, 1.0).at(below);
    apply(&[cord.aged(TimeSpan::ZERO), shock], &mut fresh);
    let gains = &fresh.left.muscle("quadriceps").ok_or("no quadriceps")?.gains;
    assert!(gains.bias_mv < -5.0, "shock takes most of the tonic facilitation: {} mV", gains.bias_mv);
    assert!(gains.gamma_dynamic_hz < 7.0 && gains.persistent_inward_current < 0.1);
    Ok(())
}

#[test]
fn length_dependent_loss_is_worst_at_the_foot() -> TestResult {
    let place = Place { patterns: vec![Pattern::LengthDependent], ..Place::default() };
    let (body, _) = injured(&Lesion::new(Site::PeripheralNerve, Mechanism::AxonLoss, 0.6).at(place))?;
    let motor = |id: &str| body.right.muscle(id).map_or(f64::NAN, |m| m.axons.survival);
    let sensory = |id: &str| body.right.sensory_nerve(id).map_or(f64::NAN, |n| n.axons.survival);
    assert!(sensory("sural") < sensory("ulnar_digit_5"));
    assert!(
        motor("tibialis_anterior") < motor("quadriceps") && motor("first_dorsal_interosseous") < motor("elbow_flexors")
    );
    assert!(motor("trapezius") > 0.98);
    Ok(())
}

#[test]
fn a_dorsal_root_keeps_the_sensory_potential() -> TestResult {
    let before = healthy()?;
    let (body, _) = injured(&Lesion::new(Site::DorsalRoot, Mechanism::AxonLoss, 0.9))?;
    assert_eq!(body.left.sensory_nerves, before.left.sensory_nerves);
    assert!(body.left.muscles.iter().all(|m| m.gains.ia < 0.2 && m.axons.survival == 1.0));
    Ok(())
}

#[test]
fn block_without_a_place_fails_the_stated_share_over_the_whole_path() -> TestResult {
    let (body, _) = injured(&Lesion::new(Site::NerveMotor, Mechanism::ConductionBlock, 0.6))?;
    for muscle in &body.left.muscles {
        let through: f64 = muscle.axons.segments.iter().map(|s| 1.0 - s.block).product();
        assert!((through - 0.4).abs() < 1e-6, "{}", muscle.id);
    }
    let (root, _) = injured(&Lesion::new(Site::VentralRoot, Mechanism::ConductionBlock, 0.6))?;
    let blocks: Vec<f64> =
        root.left.muscles.iter().flat_map(|m| m.axons.segments.iter().skip(1).map(|s| s.block)).collect();
    assert!(blocks.iter().all(|b| *b == 0.0));
    assert!(root.left.muscles.iter().all(|m| m.axons.segments.first().is_some_and(|s| (s.block - 0.6).abs() < 1e-12)));
    Ok(())
}

#[test]
fn patchy_demyelination_scatters_and_uniform_does_not() -> TestResult {
    let with = |pattern| Place { patterns: vec![pattern], ..Place::default() };
    let lesion = |pattern| Lesion::new(Site::NerveMotor, Mechanism::Demyelination, 0.5).at(with(pattern));
    let segments = |body: &Body| {
        body.right.muscle("first_dorsal_interosseous").map(|m| m.axons.segments.clone()).ok_or("no muscle")
    };
    let uniform = segments(&injured(&lesion(Pattern::Uniform))?.0)?;
    assert!(uniform.iter().all(|s| s.velocity_factor == 0.5 && s.velocity_scatter == 0.0));
    let patchy = segments(&injured(&lesion(Pattern::Patchy))?.0)?;
    let factors: Vec<f64> = patchy.iter().map(|s| s.velocity_factor).collect();
    assert_eq!((factors.first(), factors.get(1), factors.last()), (Some(&0.5), Some(&0.75), Some(&0.5)));
    assert!(patchy.iter().all(|s| s.velocity_scatter > 0.1));
    Ok(())
}

#[test]
fn fresh_loss_of_units_has_no_sprouts_yet() -> TestResult {
    let lesion = |days| Lesion::new(Site::AnteriorHorn, Mechanism::NeuronLoss, 0.5).aged(TimeSpan::from_days(days));
    let fibres = |body: &Body| {
        body.left.muscle("quadriceps").map(|m| (m.fibres.reinnervation, m.fibres.fibrillation)).ok_or("none")
    };
    assert_eq!(fibres(&injured(&lesion(5.0))?.0)?, (0.0, 0.0));
    let (sprouts, fibrillation) = fibres(&injured(&lesion(30.0))?.0)?;
    assert!(fibrillation > 0.9 && (0.2..0.6).contains(&sprouts));
    let (sprouts, _) = fibres(&injured(&lesion(400.0))?.0)?;
    assert!(sprouts > 0.99);
    Ok(())
}

#[test]
fn a_short_calf_limits_dorsiflexion_only() -> TestResult {
    let before = healthy()?;
    let place = Place { muscles: vec![("calf".to_owned(), 1.0)], ..Place::default() };
    let (body, _) = injured(&Lesion::new(Site::Muscle, Mechanism::Contracture, 0.3).at(place))?;
    let hinge = |body: &Body| body.half(Side::Left).joint("ankle").map(|j| j.hinge.clone()).ok_or("no ankle");
    let (short, normal) = (hinge(&body)?, hinge(&before)?);
    assert!(short.max_angle_rad < normal.max_angle_rad && short.min_angle_rad == normal.min_angle_rad);
    assert!((short.stiffness_n_m_rad / normal.stiffness_n_m_rad - 3.7).abs() < 1e-9);
    assert_eq!(body.left.joint("elbow"), before.left.joint("elbow"));
    Ok(())
}

#[test]
fn cerebellar_damage_lowers_fusimotor_drive_most_at_first() -> TestResult {
    let lesion =
        |days| Lesion::new(Site::CerebellarHemisphere, Mechanism::PurkinjeLoss, 1.0).aged(TimeSpan::from_days(days));
    let gamma = |body: &Body| body.left.muscle("quadriceps").map_or(f64::NAN, |m| m.gains.gamma_static_hz);
    let normal = gamma(&healthy()?);
    assert!((gamma(&injured(&lesion(0.0))?.0) / normal - 0.3).abs() < 1e-9);
    assert!((gamma(&injured(&lesion(3650.0))?.0) / normal - 0.5).abs() < 1e-9);
    Ok(())
}

#[test]
fn the_whole_of_every_condition_applies() -> Result<(), PathologyError> {
    use crate::{Condition, Patient, PatientOptions};
    let anatomy = Anatomy::builtin().map_err(|e| PathologyError::new("anatomy", e.to_string(), ""))?;
    for condition in Condition::all()? {
        for severity in [None, Some(0.0), Some(0.5), Some(1.0)] {
            for at in [None, Some(TimeSpan::ZERO), Some(TimeSpan::from_months(3.0)), Some(TimeSpan::from_years(40.0))] {
                let age_years = Some(at.map_or(60.0, |t| (t.years() + 5.0).min(110.0)));
                let patient = Patient::of_condition(
                    &condition.name,
                    &PatientOptions { severity, at, age_years, ..PatientOptions::default() },
                )?;
                let (body, _) = patient.body(&anatomy)?;
                assert!(numbers(&body).values().all(|v| v.is_finite()), "{}", condition.name);
                if severity == Some(0.0) {
                    assert_eq!(body, Body::healthy(&patient.person()?, &anatomy), "{}", condition.name);
                }
                for m in body.left.muscles.iter().chain(&body.right.muscles) {
                    assert!((0.0..=1.0).contains(&m.pool.survival) && (0.0..=1.0).contains(&m.corticospinal.drive));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn head_and_breathing_have_muscles_of_their_own() -> TestResult {
    for (site, mechanism, inside, outside) in [
        (Site::CranialNuclei, Mechanism::NeuronLoss, "genioglossus", "first_dorsal_interosseous"),
        (Site::CranialMuscle, Mechanism::FibreForceLoss, "masseter", "trapezius"),
        (Site::CorticobulbarTract, Mechanism::DescendingDriveLoss, "frontalis", "deltoid"),
        (Site::RespiratoryMuscle, Mechanism::FibreForceLoss, "intercostals", "quadriceps"),
        (Site::PhrenicNerve, Mechanism::AxonLoss, "diaphragm", "intercostals"),
    ] {
        let (body, notes) = injured(&Lesion::new(site, mechanism, 0.6))?;
        assert!(notes.is_empty(), "{notes:?}");
        let healthy = healthy()?;
        assert_ne!(body.right.muscle(inside), healthy.right.muscle(inside), "{} {inside}", site.name());
        assert_eq!(body.right.muscle(outside), healthy.right.muscle(outside), "{} {outside}", site.name());
        assert_eq!(body.right.sensory_nerves, healthy.right.sensory_nerves, "{}", site.name());
    }
    Ok(())
}
