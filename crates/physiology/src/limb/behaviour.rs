//! What a healthy limb does, and what changed settings of its cord do to it.

use super::*;
use crate::brain::oscillator::OscillatorParameters;
use crate::cord::circuit::AfferentCounts;
use crate::cord::gains::SegmentalGains;
use crate::cord::pool::PoolParameters;
use crate::joint::hinge::HingeParameters;
use crate::junction::JunctionParameters;
use crate::muscle::contraction::ContractionParameters;
use crate::muscle::fibre::FibreParameters;
use crate::muscle::unit::UnitParameters;
use crate::nerve::motor_axon::MotorAxonParameters;
use crate::nerve::segment::{FibreSpectrum, NerveSegment};
use crate::random::Seed;

/// Degrees.
fn deg(rad: f64) -> f64 {
    rad.to_degrees()
}

fn group(units: usize, length_m: f64, spectrum: FibreSpectrum, contraction: ContractionParameters) -> LimbGroup {
    let part = |name: &str, share: f64| NerveSegment::healthy(name, share * length_m, 35.0);
    LimbGroup {
        pool: PoolParameters { units, slow_share: 0.5, fatigue_resistant_share: 0.25, ..PoolParameters::default() },
        gains: SegmentalGains::default(),
        axons: MotorAxonParameters {
            spectrum,
            segments: vec![part("root", 0.2), part("proximal", 0.45), part("distal", 0.25), part("terminal", 0.1)],
            terminal_length_m: 0.03,
            threshold_log_sd: 0.19,
            survival: 1.0,
            ectopic_rate_hz: 0.0,
            kv1: 1.0,
            persistent_current: 0.0,
        },
        junction: JunctionParameters::default(),
        units: UnitParameters {
            twitch_range: 100.0,
            contraction_time_ms: 100.0,
            contraction_time_range: 3.0,
            poles: 2,
        },
        fibres: FibreParameters::default(),
        contraction,
        corticospinal: Default::default(),
        afferents: AfferentCounts { ia: 200, ii: 200, ib: 150 },
        afferent_length_m: length_m,
    }
}

fn muscle(force: f64, length: f64, arm: f64, angle: f64, tone: f64) -> ContractionParameters {
    ContractionParameters {
        max_force_n: force,
        optimal_length_m: length,
        moment_arm_m: arm,
        pennation_rad: 0.2,
        optimal_angle_rad: angle,
        base_tone: tone,
        tendon_slack_l0: 0.0,
        short_range: Default::default(),
    }
}

/// Shank and foot of a 75 kg, 1.75 m man.
fn knee() -> LimbParameters {
    LimbParameters {
        hinge: HingeParameters {
            inertia_kg_m2: 0.40,
            gravity_n_m: 11.0,
            hanging_angle_rad: std::f64::consts::FRAC_PI_2,
            stiffness_n_m_rad: 1.5,
            rest_angle_rad: 1.3,
            damping_n_m_s_rad: 0.15,
            friction_n_m: 0.1,
            min_angle_rad: -0.1,
            max_angle_rad: 2.4,
            thixotropy: Default::default(),
        },
        flexor: group(300, 0.50, FibreSpectrum::motor_leg(), muscle(3200.0, 0.11, 0.038, 0.6, 0.001)),
        extensor: group(300, 0.40, FibreSpectrum::motor_leg(), muscle(6500.0, 0.09, 0.036, 1.2, 0.001)),
        oscillator: OscillatorParameters::default(),
        persistence: 1.0,
        chorea_rate_hz: 0.0,
        surround_inhibition: 1.0,
    }
}

/// Forearm and hand, moved in the horizontal plane.
fn elbow() -> LimbParameters {
    LimbParameters {
        hinge: HingeParameters {
            inertia_kg_m2: 0.07,
            gravity_n_m: 0.0,
            hanging_angle_rad: 0.0,
            stiffness_n_m_rad: 1.5,
            rest_angle_rad: 1.4,
            damping_n_m_s_rad: 0.2,
            friction_n_m: 0.06,
            min_angle_rad: 0.0,
            max_angle_rad: 2.5,
            thixotropy: Default::default(),
        },
        flexor: group(300, 0.33, FibreSpectrum::motor_arm(), muscle(2100.0, 0.12, 0.038, 1.4, 0.001)),
        extensor: group(300, 0.35, FibreSpectrum::motor_arm(), muscle(2100.0, 0.11, 0.022, 1.2, 0.001)),
        ..knee()
    }
}

/// Applies `change` to both groups.
fn both(mut p: LimbParameters, change: impl Fn(&mut LimbGroup)) -> LimbParameters {
    change(&mut p.flexor);
    change(&mut p.extensor);
    p
}

/// Settings after long loss of descending inhibition.
fn disinhibited(p: LimbParameters) -> LimbParameters {
    both(p, |g| {
        g.gains.bias_mv = 3.0;
        g.gains.persistent_inward_current = 1.0;
        g.gains.presynaptic_inhibition = 0.15;
        g.gains.post_activation_depression = 0.05;
        g.gains.reciprocal = 0.3;
        g.gains.ib = 0.3;
        g.gains.group_ii = 1.8;
        g.contraction.base_tone *= 4.0;
    })
}

/// Settings just after loss of descending facilitation.
fn shocked(p: LimbParameters) -> LimbParameters {
    both(p, |g| {
        g.gains.bias_mv = -5.0;
        g.gains.gamma_static_hz *= 0.2;
        g.gains.gamma_dynamic_hz *= 0.2;
        g.gains.persistent_inward_current = 0.0;
    })
}

/// Settings of the relaxed rigid limb.
fn rigid(p: LimbParameters) -> LimbParameters {
    both(p, |g| {
        g.gains.resting_command = 0.04;
        g.gains.long_latency = 3.0;
    })
}

/// Lower tonic drive to alpha and gamma motor neurons.
fn hypotonic(p: LimbParameters) -> LimbParameters {
    both(p, |g| {
        g.gains.bias_mv = -1.5;
        g.gains.gamma_static_hz *= 0.4;
        g.gains.gamma_dynamic_hz *= 0.4;
        g.contraction.base_tone *= 0.4;
    })
}

#[derive(Debug)]
struct Swing {
    oscillations: usize,
    first_deg: f64,
    index: f64,
    period_s: f64,
}

/// Releases the knee from horizontal, relaxed, and follows it for 10 s.
fn pendulum(p: &LimbParameters) -> Swing {
    let model = LimbModel::new(p, Seed::new(1));
    let mut limb = Limb::new(&model, Seed::new(2), 0.0);
    let held = LimbInput { imposed: Some(Imposed { angle_rad: 0.0, velocity_rad_s: 0.0 }), ..Default::default() };
    for _ in 0..300 {
        limb.step_ms(&model, &held);
    }
    let mut angles = Vec::new();
    for _ in 0..10_000 {
        let out = limb.step_ms(&model, &LimbInput::default());
        angles.push(deg(out.angle_rad));
    }
    let rest = angles[9_000..].iter().sum::<f64>() / 1000.0;
    let tops: Vec<(usize, f64)> = (1..angles.len() - 1)
        .filter(|&i| angles[i] > angles[i - 1] && angles[i] >= angles[i + 1] && angles[i] - rest > 3.0)
        .map(|i| (i, angles[i]))
        .collect();
    let period =
        if tops.len() > 2 { (tops[tops.len() - 1].0 - tops[0].0) as f64 * 1e-3 / (tops.len() - 1) as f64 } else { 0.0 };
    let first = angles[..3000].iter().fold(0.0_f64, |a, &b| a.max(b));
    Swing { oscillations: tops.len(), first_deg: first, index: first / rest, period_s: period }
}

#[derive(Debug)]
struct Stretch {
    /// Mean resisting torque in the middle of the movement, N m.
    torque: f64,
    /// Muscle impulses per second during the movement.
    spikes_s: f64,
    /// The same at rest before it.
    rest_s: f64,
}

impl Stretch {
    /// Reflex: impulses per second above those of rest.
    fn reflex_s(&self) -> f64 {
        self.spikes_s - self.rest_s
    }
}

/// Extends the relaxed elbow from 110 to 30 degrees at `speed_deg_s`, with the onset of a hand or motor (100 ms).
fn stretch(p: &LimbParameters, speed_deg_s: f64) -> Stretch {
    let model = LimbModel::new(p, Seed::new(1));
    let start = 110.0_f64.to_radians();
    let mut limb = Limb::new(&model, Seed::new(2), start);
    let (mut angle, mut velocity) = (start, 0.0_f64);
    let speed = speed_deg_s.to_radians();
    let (mut torque, mut n, mut spikes, mut rest, mut moving) = (0.0, 0, 0, 0, 0);
    for ms in 0..20_000 {
        if ms >= 800 {
            velocity = (velocity + speed / 100.0).min(speed);
        }
        angle -= velocity * 1e-3;
        if angle < 30.0_f64.to_radians() {
            break;
        }
        let imposed = Some(Imposed { angle_rad: angle, velocity_rad_s: -velocity });
        let out = limb.step_ms(&model, &LimbInput { imposed, ..Default::default() });
        if (300..800).contains(&ms) {
            rest += 2 * out.muscle_spikes[0].len();
        }
        if ms >= 800 {
            spikes += out.muscle_spikes[0].len();
            moving += 1;
            // Mean over the middle of the movement.
            if angle < 80.0_f64.to_radians() && angle > 50.0_f64.to_radians() {
                torque += out.torque_n_m;
                n += 1;
            }
        }
    }
    let spikes_s = 1e3 * spikes as f64 / f64::from(moving.max(1));
    Stretch { torque: torque / f64::from(n.max(1)), spikes_s, rest_s: rest as f64 }
}

#[derive(Debug)]
struct Jerk {
    units: usize,
    latency_ms: f64,
    swing_deg: f64,
}

/// Taps the patellar tendon: 3 mm within 10 ms and off again within 20.
fn tap(p: &LimbParameters) -> Jerk {
    let model = LimbModel::new(p, Seed::new(1));
    let start = 1.48;
    let mut limb = Limb::new(&model, Seed::new(2), start);
    for _ in 0..600 {
        limb.step_ms(&model, &LimbInput::default());
    }
    let rest = limb.angle_rad();
    let (mut volley, mut onset, mut swing) = (0, None, 0.0_f64);
    for ms in 0..250 {
        let t = f64::from(ms);
        let depth = if t < 10.0 { t / 10.0 } else { (1.0 - (t - 10.0) / 20.0).max(0.0) };
        let out = limb.step_ms(&model, &LimbInput { tap_m: [0.0, 0.003 * depth], ..Default::default() });
        if ms < 45 {
            volley += out.muscle_spikes[1].len();
        }
        if let (None, Some(s)) = (onset, out.muscle_spikes[1].first()) {
            onset = Some(t + f64::from(s.offset_ms));
        }
        swing = swing.max(deg(rest - out.angle_rad));
    }
    Jerk { units: volley, latency_ms: onset.unwrap_or(f64::NAN), swing_deg: swing }
}

#[derive(Debug)]
struct Effort {
    torque: f64,
    cv: f64,
}

/// Isometric effort of the quadriceps at 60 degrees.
fn effort(p: &LimbParameters, command: f64) -> Effort {
    let model = LimbModel::new(p, Seed::new(1));
    let mut limb = Limb::new(&model, Seed::new(2), 1.2);
    let imposed = Some(Imposed { angle_rad: 1.2, velocity_rad_s: 0.0 });
    let mut torque = Vec::new();
    for ms in 0..3000 {
        let out = limb.step_ms(&model, &LimbInput { command: [0.0, command], imposed, ..Default::default() });
        if ms >= 1000 {
            torque.push(-out.muscle_torque_n_m[1]);
        }
    }
    let mean = torque.iter().sum::<f64>() / torque.len() as f64;
    let var = torque.iter().map(|t| (t - mean) * (t - mean)).sum::<f64>() / torque.len() as f64;
    Effort { torque: mean, cv: var.sqrt() / mean }
}

/// Angle of the relaxed elbow over 4 s, after 1 s, degrees.
fn at_rest(p: &LimbParameters) -> Vec<f64> {
    let model = LimbModel::new(p, Seed::new(1));
    let mut limb = Limb::new(&model, Seed::new(2), 1.4);
    (0..5000).map(|_| deg(limb.step_ms(&model, &LimbInput::default()).angle_rad)).skip(1000).collect()
}

#[test]
fn a_knee_swings_more_with_less_tonic_drive_and_less_when_disinhibited() {
    let (healthy, loose, tight) = (pendulum(&knee()), pendulum(&hypotonic(knee())), pendulum(&disinhibited(knee())));
    assert!((5..=9).contains(&healthy.oscillations), "{healthy:?}");
    assert!((1.6..2.0).contains(&healthy.index), "{healthy:?}");
    assert!((0.95..1.25).contains(&healthy.period_s), "{healthy:?}");
    let ratio = loose.oscillations as f64 / healthy.oscillations as f64;
    assert!((1.1..=2.0).contains(&ratio), "{ratio}");
    assert!(loose.first_deg >= healthy.first_deg);
    assert!(tight.oscillations <= 4 && tight.first_deg < healthy.first_deg - 5.0, "{tight:?}");
}

#[test]
fn fusimotor_drive_and_bias_attach_no_cross_bridge_of_a_silent_muscle() {
    let still = |p: &LimbParameters| LimbModel::new(p, Seed::new(1)).group(1).base_tone().to_bits();
    let moved = both(knee(), |g| {
        g.gains.bias_mv = 1.0;
        g.gains.gamma_static_hz *= 3.0;
        g.gains.gamma_dynamic_hz = 0.0;
    });
    assert_eq!(still(&knee()), still(&moved));
    let own = both(knee(), |g| g.contraction.base_tone *= 2.0);
    let ratio = LimbModel::new(&own, Seed::new(1)).group(1).base_tone() / f64::from_bits(still(&knee()));
    assert!((ratio - 2.0).abs() < 1e-12);
}

#[test]
fn a_relaxed_healthy_elbow_is_silent_below_175_deg_s() {
    for v in [60.0, 170.0] {
        let s = stretch(&elbow(), v);
        assert_eq!((s.spikes_s, s.rest_s), (0.0, 0.0), "{v} deg/s: {s:?}");
    }
}

#[test]
fn disinhibition_lowers_the_velocity_threshold_and_reflex_grows_with_velocity() {
    let p = disinhibited(elbow());
    let (slow, middle, fast) = (stretch(&p, 30.0), stretch(&p, 100.0), stretch(&p, 300.0));
    assert!(middle.reflex_s() > 50.0, "{middle:?}");
    assert!(
        middle.reflex_s() > 1.3 * slow.reflex_s() && fast.reflex_s() > 1.2 * middle.reflex_s(),
        "{slow:?} {middle:?} {fast:?}"
    );
    assert!(fast.torque > slow.torque && middle.torque > slow.torque);
}

#[test]
fn rigidity_resists_at_every_velocity_alike() {
    let (healthy, slow, fast) =
        (stretch(&elbow(), 50.0), stretch(&rigid(elbow()), 50.0), stretch(&rigid(elbow()), 100.0));
    assert!(slow.torque > 1.5 * healthy.torque, "{slow:?} against {healthy:?}");
    assert!((1.0..1.7).contains(&(fast.torque / slow.torque)), "{slow:?} {fast:?}");
}

#[test]
fn a_tendon_tap_jerks_the_knee_by_its_reflex_arc() {
    let healthy = tap(&knee());
    assert!((14.0..20.0).contains(&healthy.latency_ms), "{healthy:?}");
    assert!(healthy.units > 10 && healthy.swing_deg > 0.2, "{healthy:?}");
    let brisk = tap(&disinhibited(knee()));
    assert!(brisk.units > healthy.units && brisk.swing_deg > healthy.swing_deg, "{brisk:?} against {healthy:?}");
    assert_eq!(tap(&shocked(knee())).units, 0);
    assert_eq!(tap(&both(knee(), |g| g.gains.ia = 0.0)).units, 0);
    let blocked = both(knee(), |g| g.axons.segments[1].block = 1.0);
    assert_eq!(tap(&blocked).units, 0);
}

#[test]
fn maximal_effort_is_strong_and_steady() {
    let e = effort(&knee(), 1.0);
    assert!((150.0..250.0).contains(&e.torque), "{e:?}");
    assert!((0.001..0.05).contains(&e.cv), "{e:?}");
    let half = effort(&knee(), 0.5);
    assert!(half.torque < e.torque && half.torque > 0.15 * e.torque, "{half:?}");
    let weak = effort(&both(knee(), |g| g.axons.survival = 0.3), 1.0);
    assert!(weak.torque < 0.5 * e.torque, "{weak:?}");
}

/// Mean discharge of the primary endings of the quadriceps held still at an effort, impulses/s.
fn spindles_held(p: &LimbParameters, command: f64) -> f64 {
    let model = LimbModel::new(p, Seed::new(1));
    let mut limb = Limb::new(&model, Seed::new(2), 1.2);
    let imposed = Some(Imposed { angle_rad: 1.2, velocity_rad_s: 0.0 });
    let input = LimbInput { command: [0.0, command], imposed, ..Default::default() };
    (0..1500)
        .map(|ms| (ms, limb.step_ms(&model, &input).ia_hz[1]))
        .filter(|(ms, _)| *ms >= 1000)
        .map(|(_, ia)| ia)
        .sum::<f64>()
        / 500.0
}

#[test]
fn a_long_tendon_keeps_steady_torque_and_lets_contracting_fibres_unload_their_spindles() {
    let long = both(knee(), |g| g.contraction.tendon_slack_l0 = 7.0);
    let (rigid, elastic) = (effort(&knee(), 0.4), effort(&long, 0.4));
    assert!((elastic.torque / rigid.torque - 1.0).abs() < 0.1, "{elastic:?} rigid {rigid:?}");
    assert!((spindles_held(&long, 0.0) - spindles_held(&knee(), 0.0)).abs() < 0.1);
    let (stiff, unloaded) = (spindles_held(&knee(), 0.4), spindles_held(&long, 0.4));
    assert!(unloaded < stiff - 2.0, "{unloaded} rigid {stiff}");
    // One with a shorter tendon than a calf's is rigid to the bit.
    let short = both(knee(), |g| g.contraction.tendon_slack_l0 = 3.0);
    assert_eq!(spindles_held(&short, 0.4).to_bits(), stiff.to_bits());
}

#[test]
fn without_its_tract_a_limb_does_not_obey_and_half_of_it_is_weak() {
    let with = |drive: f64| effort(&both(knee(), |g| g.corticospinal.drive = drive), 1.0).torque;
    let (whole, half, none) = (with(1.0), with(0.5), with(0.0));
    assert!(half < 0.8 * whole && half > 0.02 * whole, "{half} of {whole} N m");
    assert!(none.abs() < 0.005 * whole, "{none} of {whole} N m");
}

#[test]
fn an_oscillator_shakes_the_resting_limb_at_its_frequency_and_none_does_not() {
    let still = at_rest(&elbow());
    let span = |x: &[f64]| x.iter().fold(f64::MIN, |a, &b| a.max(b)) - x.iter().fold(f64::MAX, |a, &b| a.min(b));
    assert!(span(&still) < 0.2, "{}", span(&still));
    let mut p = elbow();
    p.oscillator.amplitude = 0.5;
    let shaking = at_rest(&p);
    assert!(span(&shaking) > 0.5, "{}", span(&shaking));
    // Crossings of the running mean over 4 s.
    let mean = |i: usize| {
        let w = &shaking[i.saturating_sub(150)..(i + 150).min(shaking.len())];
        w.iter().sum::<f64>() / w.len() as f64
    };
    let crossings =
        (1..shaking.len()).filter(|&i| (shaking[i] - mean(i)) * (shaking[i - 1] - mean(i - 1)) < 0.0).count();
    let frequency = crossings as f64 / 2.0 / 4.0;
    assert!((4.0..6.0).contains(&frequency), "{frequency}");
}

#[test]
fn the_same_seed_gives_the_same_bits_and_a_saved_limb_goes_on_alike() {
    let mut p = elbow();
    p.oscillator.amplitude = 0.3;
    p.chorea_rate_hz = 1.0;
    p.persistence = 0.8;
    let model = LimbModel::new(&p, Seed::new(1));
    let input = LimbInput { command: [0.2, 0.0], ..Default::default() };
    let mut a = Limb::new(&model, Seed::new(2), 1.4);
    let mut b = Limb::new(&LimbModel::new(&p, Seed::new(1)), Seed::new(2), 1.4);
    for _ in 0..300 {
        let left = a.step_ms(&model, &input).angle_rad;
        assert_eq!(left.to_bits(), b.step_ms(&model, &input).angle_rad.to_bits());
    }
    let saved = serde_json::to_string(&a).unwrap();
    let mut saved: Limb = serde_json::from_str(&saved).unwrap();
    for _ in 0..300 {
        let left = a.step_ms(&model, &input).torque_n_m;
        assert_eq!(left.to_bits(), saved.step_ms(&model, &input).torque_n_m.to_bits());
    }
}

#[test]
fn milder_loss_leaves_more_and_no_loss_changes_no_bit() {
    let command = LimbInput { command: [0.3, 0.0], ..Default::default() };
    let run = |p: &LimbParameters| {
        let model = LimbModel::new(p, Seed::new(1));
        let mut limb = Limb::new(&model, Seed::new(2), 1.4);
        let mut angles = Vec::new();
        let mut force = 0.0;
        for _ in 0..600 {
            let out = limb.step_ms(&model, &command);
            angles.push(out.angle_rad.to_bits());
            force += out.activation[0];
        }
        (angles, force)
    };
    let lose = |survival: f64| {
        both(elbow(), |g| {
            g.pool.survival = survival;
            g.fibres.survival = 0.5 + 0.5 * survival;
            g.axons.segments[1].block = 1.0 - survival;
        })
    };
    let healthy = run(&elbow());
    assert_eq!(healthy.0, run(&lose(1.0)).0);
    let (mild, severe) = (run(&lose(0.8)).1, run(&lose(0.4)).1);
    assert!(healthy.1 > mild && mild > severe && severe > 0.0, "{} {mild} {severe}", healthy.1);
}

#[test]
fn stays_finite_at_the_limits_of_the_joint() {
    let p = disinhibited(elbow());
    let model = LimbModel::new(&p, Seed::new(1));
    let mut limb = Limb::new(&model, Seed::new(2), 1.4);
    for ms in 0..1500 {
        let torque = if ms % 500 < 250 { 60.0 } else { -60.0 };
        let command = if ms > 1000 { [1.0, 0.0] } else { [0.0, 1.0] };
        let out = limb.step_ms(&model, &LimbInput { command, external_torque_n_m: torque, ..Default::default() });
        assert!(out.angle_rad.is_finite() && out.torque_n_m.is_finite() && out.angle_rad.abs() < 6.0);
        assert!(out.activation.iter().all(|&a| a >= 0.0));
    }
}
