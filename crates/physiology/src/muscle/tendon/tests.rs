use super::super::contraction::ContractionModel;
use super::super::short_range::ShortRangeParameters;
use super::*;

fn soleus() -> ContractionParameters {
    ContractionParameters {
        max_force_n: 1630.0,
        optimal_length_m: 0.044,
        moment_arm_m: 0.041,
        pennation_rad: 0.381,
        optimal_angle_rad: 0.17,
        base_tone: 0.001,
        tendon_slack_l0: 6.29,
        short_range: ShortRangeParameters::default(),
    }
}

fn model() -> TendonModel {
    TendonModel::new(&soleus(), Direction::Extension).expect("it has a tendon")
}

#[test]
fn the_tendon_curve_passes_its_published_values() {
    assert!(tendon_curve(1.0).abs() < 1e-12 && (tendon_curve(1.049) - 1.0).abs() < 1e-9);
    let slope = (tendon_curve(1.0491) - tendon_curve(1.0489)) / 2e-4;
    assert!((slope - 43.9).abs() < 0.1, "{slope}");
    assert_eq!(tendon_curve(0.9), 0.0);
    for tension in [0.0, 0.1, 0.5, 1.0, 1.4] {
        assert!((tendon_curve(tendon_stretch(tension)) - tension).abs() < 1e-12);
    }
}

#[test]
fn at_the_optimal_angle_a_maximal_contraction_has_fibres_at_optimal_length() {
    let m = model();
    let mut muscle = MuscleTendon::new(&m, 1.0, 0.17);
    assert!((muscle.length_l0() - 1.0).abs() < 1e-6, "{}", muscle.length_l0());
    let out = muscle.step(&m, 1.0, 0.0, 0.17, 1e-3).expect("a good step");
    let rigid = ContractionModel::new(&soleus(), Direction::Extension);
    let expected = rigid.torque(&rigid.fibre(0.17, 0.0), 1.0, 0.0);
    assert!((out.torque.torque_n_m / expected.torque_n_m - 1.0).abs() < 1e-3);
    // 4.9 % of 0.277 m at nearly full force.
    assert!((0.012..0.0145).contains(&out.tendon_elongation_m), "{}", out.tendon_elongation_m);
}

#[test]
fn a_tetanus_ends_in_the_static_balance_whatever_the_step() {
    let m = model();
    for activation in [0.02, 0.3, 1.0] {
        let still = MuscleTendon::new(&m, activation, -0.1).length_l0();
        for step_s in [1e-4, 1e-3, 5e-3, 0.1] {
            let mut muscle = MuscleTendon::new(&m, 0.0, -0.1);
            for _ in 0..(4.0 / step_s) as usize {
                muscle.step(&m, activation, 0.0, -0.1, step_s).expect("a good step");
            }
            assert!((muscle.length_l0() - still).abs() < 2e-3, "{activation} {step_s}: {} {still}", muscle.length_l0());
        }
    }
}

#[test]
fn force_balances_at_every_step_and_a_stiff_tendon_is_the_rigid_one() {
    let m = model();
    let mut muscle = MuscleTendon::new(&m, 0.4, 0.0);
    for i in 0..400 {
        let angle = 0.2 * (f64::from(i) * 0.02).sin();
        let before = muscle.length_l0();
        let out = muscle.step(&m, 0.4, 0.0, angle, 1e-3).expect("a good step");
        let (_, cos) = m.along(muscle.length_l0());
        let attached = |_: f64| (0.0, 0.0);
        let pull = Pull { activation: 0.4, attached, reach: None, before_l0: before, step_s: 1e-3 };
        let force = pull.force(muscle.length_l0()).total;
        let tension = -out.torque.torque_n_m / (0.041 * 1630.0);
        assert!((force * cos - tension).abs() < 1e-6, "{force} {tension}");
        assert!(out.torque.damping_n_m_s_rad >= 0.0);
    }
    let short = ContractionParameters { tendon_slack_l0: 0.02, optimal_angle_rad: 0.0, ..soleus() };
    let (m, rigid) = (
        TendonModel::new(&short, Direction::Extension).expect("it has a tendon"),
        ContractionModel::new(&short, Direction::Extension),
    );
    for angle in [-0.3, -0.1, 0.0, 0.2] {
        let out = MuscleTendon::new(&m, 1.0, angle).step(&m, 1.0, 0.0, angle, 1e-3).expect("a good step");
        let expected = rigid.torque(&rigid.fibre(angle, 0.0), 1.0, 0.0).torque_n_m;
        assert!((out.torque.torque_n_m / expected - 1.0).abs() < 0.01, "{angle}");
    }
}

#[test]
fn extremes_give_a_number_or_a_clear_error() {
    let m = model();
    for activation in [0.0, 1e-9, 1.0, 1.3] {
        let mut muscle = MuscleTendon::new(&m, activation, 0.0);
        for i in 0..2000 {
            let angle = if i % 400 < 200 { 3.0 } else { -3.0 };
            let out = muscle.step(&m, activation, 0.0, angle, 1e-3).expect("a good step");
            assert!((LENGTHS_L0.0..=LENGTHS_L0.1).contains(&out.fibre_length_l0));
            assert!(out.torque.torque_n_m.is_finite() && out.torque.torque_n_m <= 0.0);
        }
    }
    let mut muscle = MuscleTendon::new(&m, 0.0, 0.0);
    assert!(matches!(muscle.step(&m, 0.0, 0.0, 0.0, 0.0), Err(TendonError::Step(_))));
    assert!(matches!(muscle.step(&m, 0.0, 0.0, 0.0, 5.0), Err(TendonError::Step(_))));
    assert!(matches!(
        muscle.step(&m, f64::NAN, 0.0, 0.0, 1e-3),
        Err(TendonError::NotFinite { name: "activation", .. })
    ));
    let rigid = ContractionParameters { tendon_slack_l0: 0.0, ..soleus() };
    assert_eq!(TendonModel::new(&rigid, Direction::Flexion), Err(TendonError::Rigid(0.0)));
}

#[test]
fn a_saved_muscle_goes_on_alike() {
    let m = model();
    let mut a = MuscleTendon::new(&m, 0.2, 0.1);
    (0..50).for_each(|_| _ = a.step(&m, 0.5, 0.0, 0.05, 1e-3));
    let mut b: MuscleTendon = serde_json::from_str(&serde_json::to_string(&a).unwrap()).unwrap();
    for i in 0..50 {
        let angle = 0.05 - 0.002 * f64::from(i);
        let (left, right) = (a.step(&m, 0.3, 0.01, angle, 1e-3).unwrap(), b.step(&m, 0.3, 0.01, angle, 1e-3).unwrap());
        assert_eq!(left.torque.torque_n_m.to_bits(), right.torque.torque_n_m.to_bits());
    }
}

/// Stiffness and damping that a small sinusoidal movement of the joint meets at 6 Hz, N m/rad and N m s/rad.
fn resistance(mut torque_at: impl FnMut(f64, f64) -> f64) -> (f64, f64) {
    let (step_s, amplitude, per_s) = (5e-4, 0.01, 6.0 * std::f64::consts::TAU);
    let (mut in_phase, mut quadrature) = (0.0, 0.0);
    // The last five of ten cycles.
    for i in 0..3333 {
        let phase = f64::from(i) * step_s * per_s;
        let torque = torque_at(amplitude * phase.sin(), amplitude * per_s * phase.cos());
        if i >= 1667 {
            in_phase -= 2.0 * torque * phase.sin() / 1666.0;
            quadrature -= 2.0 * torque * phase.cos() / 1666.0;
        }
    }
    (in_phase / amplitude, quadrature / amplitude / per_s)
}

#[test]
fn in_a_joint_steady_torque_and_relaxed_fibres_are_those_of_the_rigid_tendon() {
    let p = soleus();
    let (rigid, elastic) =
        (ContractionModel::new(&p, Direction::Extension), TendonModel::in_joint(&p, Direction::Extension).unwrap());
    for angle in [-0.5, -0.1, 0.17, 0.4] {
        let relaxed = MuscleTendon::new(&elastic, 0.0, angle);
        assert!((relaxed.length_l0() - rigid.fibre(angle, 0.0).length_l0).abs() < 1e-6);
        for activation in [0.02, 0.3, 1.0] {
            let mut muscle = MuscleTendon::new(&elastic, activation, angle);
            let torque = muscle.step(&elastic, activation, 0.0, angle, 1e-3).unwrap().torque.torque_n_m;
            let fibre = rigid.fibre(angle, 0.0);
            let (_, cos) = elastic.along(muscle.length_l0());
            // The shortened fibres lie at a larger angle to the tendon.
            let expected = rigid.torque(&fibre, activation, 0.0).torque_n_m * cos / fibre.cos_pennation;
            assert!((torque / expected - 1.0).abs() < 2e-3, "{angle} {activation}: {torque} {expected}");
        }
    }
}

#[test]
fn in_a_joint_a_long_tendon_takes_damping_from_an_active_muscle_as_the_whole_model_has_it() {
    let p = soleus();
    let rigid = ContractionModel::new(&p, Direction::Extension);
    for (activation, share) in [(0.1, 0.9), (0.4, 0.6)] {
        let damping = |model: &TendonModel, centre: f64| {
            let mut muscle = MuscleTendon::new(model, activation, centre);
            let step = |d, _| muscle.step(model, activation, 0.0, centre + d, 5e-4).unwrap().torque.torque_n_m;
            resistance(step)
        };
        let in_joint = damping(&TendonModel::in_joint(&p, Direction::Extension).unwrap(), 0.1);
        // Where the whole model's fibres, longer as its tendon is set, are of about the same length.
        let whole = damping(&TendonModel::new(&p, Direction::Extension).unwrap(), -0.1);
        let stiff = resistance(|d, v| rigid.torque(&rigid.fibre(0.1 + d, v), activation, 0.0).torque_n_m);
        assert!(in_joint.1 < share * stiff.1, "{activation}: {in_joint:?} rigid {stiff:?}");
        assert!((in_joint.1 / whole.1 - 1.0).abs() < 0.25, "{activation}: {in_joint:?} whole {whole:?}");
    }
}

#[test]
fn bridges_on_a_tendon_are_strained_by_what_the_tendon_leaves() {
    let p = soleus();
    let model = TendonModel::in_joint(&p, Direction::Extension).unwrap();
    let attached = Attached { tone: 0.02, active: 0.0 };
    let mut muscle = MuscleTendon::new(&model, 0.0, 0.0);
    let mut bridges = ShortRange::new();
    let mut torque = Vec::new();
    for i in 1..=200 {
        let angle = f64::from(i) * 2e-4;
        torque.push(-muscle.step_with_bridges(&model, 0.0, (&mut bridges, attached), angle, 5e-4).torque.torque_n_m);
    }
    // Rigid, the bridges slip after 0.0057 l0 (0.006 rad); in series with the toe of the tendon they need several times as much.
    let slipped = torque.iter().position(|t| *t > 0.97 * torque[199]).unwrap();
    assert!((60..200).contains(&slipped), "{slipped}");
    assert!(torque.windows(2).all(|w| w[1] >= w[0] - 1e-9));
    assert!((bridges.strain_l0() - p.short_range.range_l0).abs() < 1e-12);
}
