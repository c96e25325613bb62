use std::error::Error;

use proptest::prelude::*;
use tonus_physiology::nerve::motor_axon::MotorAxons;
use tonus_physiology::nerve::sensory_axon::SensoryAxons;
use tonus_physiology::random::Seed;

use super::*;
use crate::person::Sex;

type Test = Result<(), Box<dyn Error>>;

fn body(age_years: f64, sex: Sex, height_m: Option<f64>, mass_kg: Option<f64>) -> Result<Body, Box<dyn Error>> {
    Ok(Body::healthy(&Person::new(age_years, sex, height_m, mass_kg)?, &Anatomy::builtin()?))
}

fn reference() -> Result<Body, Box<dyn Error>> {
    body(35.0, Sex::Male, Some(1.75), Some(75.0))
}

fn of<'b>(body: &'b Body, id: &str) -> Result<&'b Muscle, Box<dyn Error>> {
    body.right.muscle(id).ok_or_else(|| id.into())
}

fn torque(body: &Body, id: &str) -> Result<f64, Box<dyn Error>> {
    Ok(of(body, id)?.max_torque_n_m())
}

fn motor_axons(muscle: &Muscle, seed: u64) -> MotorAxons {
    MotorAxons::new(&muscle.axons, muscle.pool.units, Seed::new(seed))
}

/// Onset velocity of the fastest axon in a segment, m/s.
fn onset_velocity_m_s(muscle: &Muscle, segment: usize) -> f64 {
    let axons = motor_axons(muscle, 1);
    let fastest =
        (0..muscle.pool.units).filter_map(|u| axons.delay_ms(u, segment, segment)).fold(f64::INFINITY, f64::min);
    1000.0 * muscle.axons.segments[segment].length_m / fastest
}

#[test]
fn both_halves_are_alike_and_serialise() -> Test {
    let body = reference()?;
    assert_eq!(body.left, body.right);
    let saved: Body = serde_json::from_str(&serde_json::to_string(&body)?)?;
    assert_eq!(saved, body);
    Ok(())
}

#[test]
fn strength_of_the_reference_man() -> Test {
    let body = reference()?;
    let knee = torque(&body, "quadriceps")? / 75.0;
    assert!((2.92..3.45).contains(&knee), "{knee} N m/kg"); // Sarabon, Kozinc & Perman 2021
    let angle = of(&body, "quadriceps")?.contraction.optimal_angle_rad.to_degrees();
    assert!((60.0..70.0).contains(&angle), "{angle}");
    let elbow = torque(&body, "elbow_flexors")?;
    assert!((elbow - 75.0).abs() < 3.0, "{elbow}"); // Askew 1987
    let extension = torque(&body, "elbow_extensors")? / elbow;
    assert!((0.55..0.70).contains(&extension), "{extension}");
    let dorsiflexion = torque(&body, "tibialis_anterior")?;
    assert!((40.0..50.0).contains(&dorsiflexion), "{dorsiflexion}");
    let plantarflexion = torque(&body, "plantarflexors")? / dorsiflexion;
    assert!((3.0..4.0).contains(&plantarflexion), "{plantarflexion}");
    let knee_flexion = torque(&body, "hamstrings")? / torque(&body, "quadriceps")?;
    assert!((0.5..0.6).contains(&knee_flexion), "{knee_flexion}");
    let abduction = torque(&body, "first_dorsal_interosseous")?;
    assert!((35.0 * 0.009..50.0 * 0.009).contains(&abduction), "{abduction}");
    Ok(())
}

#[test]
fn strength_of_every_joint_of_the_reference_man() -> Test {
    let body = reference()?;
    // Published torques of men, N m; neck, trunk and jaw are of both sides, and the body has one.
    for (id, sides, low, high) in [
        ("deltoid", 1.0, 55.0, 75.0),             // Holzbaur et al. 2007
        ("shoulder_adductors", 1.0, 75.0, 105.0), // the same
        ("hip_flexors", 1.0, 100.0, 135.0),       // Anderson, Madigan & Nussbaum 2007
        ("hip_extensors", 1.0, 180.0, 230.0),     // the same
        ("sternocleidomastoid", 2.0, 25.0, 35.0), // Vasavada, Li & Delp 2001
        ("neck_extensors", 2.0, 41.0, 63.0),      // the same
        ("rectus_abdominis", 2.0, 120.0, 180.0),
        ("erector_spinae", 2.0, 200.0, 300.0),
        ("masseter", 2.0, 0.07 * 500.0, 0.07 * 700.0), // bite at 7 cm
    ] {
        let torque = sides * torque(&body, id)?;
        assert!((low..high).contains(&torque), "{id}: {torque}");
    }
    // The heads examined alone are no stronger than the groups they belong to.
    for (head, group) in [
        ("soleus", "plantarflexors"),
        ("vastus_lateralis", "quadriceps"),
        ("flexor_carpi_radialis", "wrist_flexors"),
        ("biceps_brachii", "elbow_flexors"),
    ] {
        assert!(torque(&body, head)? < 0.6 * torque(&body, group)?, "{head}");
    }
    Ok(())
}

#[test]
fn every_joint_moves_within_lengths_its_muscles_can_have() -> Test {
    use tonus_physiology::muscle::contraction::{ContractionModel, Direction};
    let body = reference()?;
    for joint in &body.right.joints {
        for (id, direction) in [(&joint.flexor, Direction::Flexion), (&joint.extensor, Direction::Extension)] {
            let model = ContractionModel::new(&of(&body, id)?.contraction, direction);
            let length = |q: f64| model.fibre(q, 0.0).length_l0;
            let range = [length(joint.hinge.min_angle_rad), length(joint.hinge.max_angle_rad)];
            assert!(range.iter().all(|l| (0.3..1.7).contains(l)), "{} {id}: {range:?}", joint.id);
            let best = model.parameters().optimal_angle_rad;
            assert!(
                (joint.hinge.min_angle_rad..=joint.hinge.max_angle_rad).contains(&best),
                "{} {id} is strongest out of range",
                joint.id
            );
        }
    }
    Ok(())
}

#[test]
fn cranial_and_respiratory_muscles_have_their_nuclei_and_segments() -> Test {
    let body = reference()?;
    for (id, first, spindles) in [
        ("masseter", "V", true),
        ("frontalis", "VII", false),
        ("orbicularis_oculi", "VII", false),
        ("genioglossus", "XII", true),
        ("sternocleidomastoid", "XI", true),
        ("diaphragm", "C3", true),
        ("rectus_abdominis", "T7", true),
    ] {
        let muscle = of(&body, id)?;
        assert_eq!((muscle.segments[0].as_str(), muscle.ia_afferents > 0), (first, spindles), "{id}");
        assert!((0.08..0.45).contains(&muscle.nerve_length_m), "{id}: {} m", muscle.nerve_length_m);
    }
    Ok(())
}

#[test]
fn unit_counts_of_the_reference_man() -> Test {
    let body = reference()?;
    for (id, units) in [
        ("first_dorsal_interosseous", 120),
        ("tibialis_anterior", 445),
        ("elbow_flexors", 750),
        ("plantarflexors", 900),
        ("soleus", 900),
        ("abductor_pollicis_brevis", 203),
        ("gastrocnemius_medialis", 580),
        ("biceps_brachii", 774),
    ] {
        assert_eq!(of(&body, id)?.pool.units, units);
    }
    Ok(())
}

#[test]
fn the_ulnar_path_gives_the_velocities_and_f_waves_of_the_laboratory() -> Test {
    let body = reference()?;
    let adm = of(&body, "abductor_digiti_minimi")?;
    let names: Vec<&str> = adm.axons.segments.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["root", "arm", "elbow", "forearm", "hand"]);
    assert!((adm.nerve_length_m - 0.75).abs() < 1e-12);
    let forearm = onset_velocity_m_s(adm, 3);
    assert!((50.0..65.0).contains(&forearm), "{forearm}");
    // Shortest F wave: stimulus 0.1, path, junction and fibre about 0.9 ms. Nobrega et al. 2004: 26.5, SD 2.1.
    let axons = motor_axons(adm, 1);
    let shortest = (0..adm.pool.units).filter_map(|u| axons.f_wave_delay_ms(u, 4)).fold(f64::INFINITY, f64::min) + 1.0;
    assert!((24.5..28.5).contains(&shortest), "{shortest}");
    // Buschbacher 1999: distal latency 3.0 (0.3); Cossul 2018 2.4 (0.3).
    let distal = (0..adm.pool.units).filter_map(|u| axons.delay_ms(u, 4, 4)).fold(f64::INFINITY, f64::min) + 1.0;
    assert!((2.1..3.6).contains(&distal), "{distal}");
    Ok(())
}

#[test]
fn paths_give_the_latencies_of_tendon_reflexes() -> Test {
    // Spindle 2, cord 0.8, junction and onset 1.5 ms; afferent at 64 m/s, efferent a median axon.
    let latency = |height_m: f64, id: &str| -> Result<f64, Box<dyn Error>> {
        let body = body(30.0, Sex::Male, Some(height_m), None)?;
        let muscle = of(&body, id)?;
        let axons = motor_axons(muscle, 1);
        let mut delays: Vec<f64> = (0..muscle.pool.units).filter_map(|u| axons.total_delay_ms(u)).collect();
        delays.sort_by(f64::total_cmp);
        let early = delays.get(delays.len() / 4).copied().ok_or("no axons")?;
        Ok(4.3 + 1000.0 * muscle.afferent_length_m / 64.0 + early)
    };
    let knee = latency(1.70, "quadriceps")?;
    assert!((14.2..20.5).contains(&knee), "{knee}"); // Chon et al. 1996: 17.35, SD 1.56
    let ankle = latency(1.68, "plantarflexors")?;
    assert!((25.0..37.0).contains(&ankle), "{ankle}"); // Chon et al. 1996: 30.97, SD 2.99
    let biceps = latency(1.70, "elbow_flexors")?;
    assert!((11.0..16.0).contains(&biceps), "{biceps}"); // Pereon et al. 2000
    let at = body(35.0, Sex::Male, Some(1.72), None)?;
    let knee_m = of(&at, "quadriceps")?.nerve_length_m;
    assert!((0.45..0.50).contains(&knee_m), "{knee_m}");
    Ok(())
}

#[test]
fn sensory_amplitudes_of_the_reference_man() -> Test {
    let body = reference()?;
    let amplitude = |id: &str| -> Result<f64, Box<dyn Error>> {
        let nerve = body.right.sensory_nerve(id).ok_or("no nerve")?;
        let signal = SensoryAxons::new(&nerve.axons, Seed::new(1)).snap(0.14, 0.04, 20_000.0, 12.0);
        Ok(signal.iter().fold(0.0, |peak: f64, v| peak.max(-v)))
    };
    let (sural, digit) = (amplitude("sural")?, amplitude("ulnar_digit_5")?);
    assert!((8.0..27.0).contains(&sural), "{sural}"); // Buschbacher 2003: 17, SD 10
    assert!((20.0..35.0).contains(&digit), "{digit}");
    Ok(())
}

#[test]
fn joints_of_the_reference_man() -> Test {
    let body = reference()?;
    let hinge = |id: &str| body.right.joint(id).map(|j| &j.hinge).ok_or("no joint");
    let knee = hinge("knee")?;
    assert!((knee.inertia_kg_m2 - 0.40).abs() < 0.005 && (knee.gravity_n_m - 11.0).abs() < 0.1, "{knee:?}");
    let elbow = hinge("elbow")?;
    assert!((0.065..0.08).contains(&elbow.inertia_kg_m2) && (elbow.gravity_n_m - 3.0).abs() < 0.05, "{elbow:?}");
    let ankle = hinge("ankle")?;
    assert!((0.005..0.010).contains(&ankle.inertia_kg_m2) && (ankle.gravity_n_m - 0.4).abs() < 0.02, "{ankle:?}");
    let index = hinge("index")?;
    assert!((index.inertia_kg_m2 / 8e-5 - 1.0).abs() < 0.03 && index.gravity_n_m == 0.0, "{index:?}");
    let arm = body.right.arm;
    assert!((arm.upper_arm_m - 0.283).abs() < 0.001 && (arm.forearm_m - 0.339).abs() < 0.001, "{arm:?}");
    assert!((arm.upper_arm_kg - 2.03).abs() < 0.01 && (arm.forearm_kg - 1.67).abs() < 0.01, "{arm:?}");
    // The same segments turn about the elbow.
    let about_elbow = arm.forearm_inertia_kg_m2 + arm.forearm_kg * arm.forearm_centre_m * arm.forearm_centre_m;
    assert!((about_elbow / elbow.inertia_kg_m2 - 1.0).abs() < 1e-3);
    Ok(())
}

#[test]
fn taller_is_longer_and_older_is_fewer() -> Test {
    let heights = [0.9, 1.2, 1.5, 1.75, 2.0].map(|h| body(35.0, Sex::Male, Some(h), None));
    let heights = heights.into_iter().collect::<Result<Vec<_>, _>>()?;
    for pair in heights.windows(2) {
        for (short, tall) in pair[0].right.muscles.iter().zip(&pair[1].right.muscles) {
            assert!(tall.nerve_length_m > short.nerve_length_m && tall.fibres.length_mm > short.fibres.length_mm);
            assert!(tall.max_torque_n_m() > short.max_torque_n_m());
        }
        assert!(
            pair[1]
                .right
                .joints
                .iter()
                .zip(&pair[0].right.joints)
                .all(|(t, s)| t.hinge.inertia_kg_m2 > s.hinge.inertia_kg_m2)
        );
    }
    let ages = [40.0, 55.0, 65.0, 75.0, 90.0].map(|a| body(a, Sex::Female, Some(1.62), Some(62.0)));
    let ages = ages.into_iter().collect::<Result<Vec<_>, _>>()?;
    for pair in ages.windows(2) {
        for (young, old) in pair[0].right.muscles.iter().zip(&pair[1].right.muscles) {
            assert!(old.pool.units < young.pool.units && old.fibres.per_unit > young.fibres.per_unit);
            let total = |m: &Muscle| m.pool.units as f64 * m.fibres.per_unit;
            // Counts are whole: a unit more or less in the smallest pools.
            assert!(total(old) < 1.015 * total(young), "{} {} {}", old.id, total(old), total(young));
            assert!(old.axons.spectrum.scale < young.axons.spectrum.scale);
        }
        for (young, old) in pair[0].right.sensory_nerves.iter().zip(&pair[1].right.sensory_nerves) {
            assert!(old.axons.fibres < young.axons.fibres);
        }
    }
    let old = body(70.0, Sex::Male, Some(1.75), Some(75.0))?;
    assert_eq!(of(&old, "first_dorsal_interosseous")?.pool.units, 72); // -40 % by 70
    let loss = torque(&old, "quadriceps")? / torque(&reference()?, "quadriceps")?;
    assert!((0.7..0.9).contains(&loss), "{loss}");
    Ok(())
}

#[test]
fn nerves_mature_by_five_and_slow_after_forty() -> Test {
    let forearm = |age: f64| -> Result<f64, Box<dyn Error>> {
        let body = body(age, Sex::Male, None, None)?;
        Ok(onset_velocity_m_s(of(&body, "abductor_digiti_minimi")?, 3))
    };
    let adult = forearm(35.0)?;
    let newborn = forearm(0.0)? / adult;
    assert!((0.45..0.55).contains(&newborn), "{newborn}");
    assert!(forearm(1.0)? < forearm(3.0)? && (forearm(5.0)? / adult - 1.0).abs() < 1e-9);
    // -1 m/s a decade after 40.
    let fall = (adult - forearm(80.0)?) / 4.0;
    assert!((0.7..1.3).contains(&fall), "{fall}");
    // In the leg also with height: -0.2 m/s per cm.
    let leg = |height: f64| -> Result<f64, Box<dyn Error>> {
        let body = body(30.0, Sex::Male, Some(height), None)?;
        Ok(onset_velocity_m_s(of(&body, "tibialis_anterior")?, 2))
    };
    let per_cm = (leg(1.85)? - leg(1.65)?) / 20.0;
    assert!((-0.25..-0.1).contains(&per_cm), "{per_cm}");
    Ok(())
}

#[test]
fn sensory_fibres_fall_by_five_to_seven_percent_a_decade() -> Test {
    let fibres = |age: f64| -> Result<f64, Box<dyn Error>> {
        Ok(body(age, Sex::Male, None, None)?.right.sensory_nerve("sural").ok_or("no sural")?.axons.fibres as f64)
    };
    for age in [40.0, 50.0, 60.0] {
        let fall = 1.0 - fibres(age + 10.0)? / fibres(age)?;
        assert!((0.05..0.07).contains(&fall), "{age}: {fall}");
    }
    Ok(())
}

#[test]
fn children_are_as_strong_as_children() -> Test {
    // Knee extension, N m/kg: about 1.5-1.8 at 6 years, 1.9-2.4 at 10 (isometric norms of healthy children).
    for (age, low, high) in [(6.0, 1.4, 1.9), (10.0, 1.8, 2.4), (16.0, 2.6, 3.2)] {
        let body = body(age, Sex::Male, None, None)?;
        let per_kg = torque(&body, "quadriceps")? / body.person.mass_kg;
        assert!((low..high).contains(&per_kg), "{age}: {per_kg}");
    }
    Ok(())
}

#[test]
fn lookups_and_iterators_reach_everything() -> Test {
    let mut body = reference()?;
    assert_eq!(body.muscles().count(), 2 * Anatomy::builtin()?.muscles().len());
    assert_eq!(body.sensory_nerves().count(), 2 * Anatomy::builtin()?.sensory_nerves().len());
    assert_eq!(body.joints().count(), 2 * Anatomy::builtin()?.joints().len());
    body.left.muscle_mut("quadriceps").ok_or("no quadriceps")?.pool.survival = 0.5;
    let halved: Vec<_> =
        body.muscles().filter(|(_, m)| m.pool.survival < 1.0).map(|(side, m)| (side, m.id.as_str())).collect();
    assert_eq!(halved, [(tonus_signal::Side::Left, "quadriceps")]);
    let ids: Vec<String> = body.right.muscles_of_segment_mut("T1").map(|m| m.id.clone()).collect();
    let hand =
        ["first_dorsal_interosseous", "palmar_interosseous", "abductor_digiti_minimi", "abductor_pollicis_brevis"];
    assert!(hand.iter().all(|id| ids.iter().any(|other| other == id)), "{ids:?}");
    assert!(!ids.iter().any(|id| id == "deltoid"));
    for (_, joint) in body.joints() {
        assert!(body.right.muscle(&joint.flexor).is_some() && body.right.muscle(&joint.extensor).is_some());
    }
    Ok(())
}

/// Panics unless every number in `value` is finite and positive, save those that health has at 0 or an angle may take.
fn assert_finite_positive(path: &str, value: &serde_json::Value) {
    const MAY_BE_ZERO_OR_LESS: [&str; 35] = [
        "age_years",
        "proximality",
        "reticulospinal_share",
        "bias_mv",
        "resting_command",
        "velocity_scatter",
        "block",
        "ectopic_rate_hz",
        "persistent_current",
        "ephaptic",
        "segmentally_denervated",
        "reinnervation",
        "fibrillation",
        "pennation_rad",
        "optimal_angle_rad",
        "rest_angle_rad",
        "hanging_angle_rad",
        "min_angle_rad",
        "max_angle_rad",
        "amplitude",
        "damping_n_m_s_rad",
        "friction_n_m",
        "stiffness_n_m_rad",
        "gravity_n_m",
        "base_tone",
        "scatter",
        "fatigue_resistant_share",
        "tendon_slack_l0",
        "yield_decay_per_s",
        "gain",
        "renewal_per_s",
        "breaking_l0",
        "ia_afferents",
        "ii_afferents",
        "ib_afferents",
    ];
    match value {
        serde_json::Value::Number(n) => {
            let field = path.rsplit('.').next().unwrap_or(path);
            let x = n.as_f64().unwrap_or(f64::NAN);
            assert!(x.is_finite() && (x > 0.0 || MAY_BE_ZERO_OR_LESS.contains(&field)), "{path} = {n}");
        }
        serde_json::Value::Object(map) => {
            map.iter().for_each(|(k, v)| assert_finite_positive(&format!("{path}.{k}"), v))
        }
        serde_json::Value::Array(items) => items.iter().for_each(|v| assert_finite_positive(path, v)),
        // JSON has no NaN or infinity: such a number is written as null.
        serde_json::Value::Null => panic!("{path} is not finite"),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_person_has_finite_positive_parameters(
        age in 0.0..=110.0_f64, male in any::<bool>(), height in 0.3..=2.5_f64, index in 5.0..=150.0_f64,
    ) {
        let sex = if male { Sex::Male } else { Sex::Female };
        let mass = index * height * height;
        prop_assume!((0.4..=500.0).contains(&mass));
        let person = Person::new(age, sex, Some(height), Some(mass));
        prop_assume!(person.is_ok());
        let (Ok(person), Ok(anatomy)) = (person, Anatomy::builtin()) else { return Ok(()) };
        let body = Body::healthy(&person, &anatomy);
        prop_assert_eq!(&body.left, &body.right);
        let json = serde_json::to_value(&body);
        prop_assert!(json.is_ok());
        if let Ok(json) = json {
            assert_finite_positive("body", &json);
        }
    }
}
