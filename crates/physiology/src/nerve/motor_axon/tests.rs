use super::*;

fn arm() -> MotorAxonParameters {
    MotorAxonParameters {
        spectrum: FibreSpectrum::motor_arm(),
        segments: ["root", "arm", "elbow", "forearm", "hand"]
            .into_iter()
            .zip([0.1, 0.3, 0.1, 0.22, 0.08])
            .map(|(name, length_m)| NerveSegment::healthy(name, length_m, 34.5))
            .collect(),
        terminal_length_m: 0.03,
        threshold_log_sd: 0.19,
        survival: 1.0,
        ectopic_rate_hz: 0.0,
        kv1: 1.0,
        persistent_current: 0.0,
    }
}

fn velocities_m_s(parameters: &MotorAxonParameters, units: usize, seed: u64) -> Vec<f64> {
    let axons = MotorAxons::new(parameters, units, Seed::new(seed));
    let length_m = parameters.segments[0].length_m;
    let mut v: Vec<f64> = (0..units).filter_map(|u| axons.delay_ms(u, 0, 0)).map(|ms| 1000.0 * length_m / ms).collect();
    v.sort_by(f64::total_cmp);
    v
}

#[test]
fn velocities_of_arm_and_leg_nerves() {
    let mean = |parameters: &MotorAxonParameters, at: fn(&[f64]) -> f64| {
        (0..20).map(|seed| at(&velocities_m_s(parameters, 150, seed))).sum::<f64>() / 20.0
    };
    let arm = arm();
    let fastest = mean(&arm, |v| v[149]);
    assert!((fastest - 59.4).abs() < 0.6, "{fastest}");
    let ratio = mean(&arm, |v| v[0] / v[149]);
    assert!((ratio - 0.74).abs() < 0.02, "{ratio}");
    let leg = MotorAxonParameters {
        spectrum: FibreSpectrum::motor_leg(),
        segments: ["proximal", "terminal"].map(|name| NerveSegment::healthy(name, 0.5, 33.5)).to_vec(),
        ..arm
    };
    let fastest = mean(&leg, |v| v[149]);
    assert!((fastest - 47.5).abs() < 0.6, "{fastest}");
    let median = mean(&leg, |v| v[75]);
    assert!((median - 40.8).abs() < 0.8, "{median}");
}

#[test]
fn larger_units_tend_to_be_faster_but_hardly_differ_in_threshold() {
    let axons = MotorAxons::new(&arm(), 2000, Seed::new(2));
    let correlation = |value: &dyn Fn(usize) -> f64| {
        let n = 2000.0;
        let (mx, my) = (999.5, (0..2000).map(value).sum::<f64>() / n);
        let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
        for u in 0..2000 {
            let (x, y) = (u as f64 - mx, value(u) - my);
            (xy, xx, yy) = (xy + x * y, xx + x * x, yy + y * y);
        }
        xy / math::sqrt(xx * yy)
    };
    let diameter = correlation(&|u| axons.diameter_um(u));
    assert!((diameter - 0.48).abs() < 0.06, "{diameter}");
    let threshold = correlation(&|u| math::ln(axons.threshold(u)));
    assert!((threshold - 0.19).abs() < 0.07, "{threshold}");
    let sd = math::sqrt((0..2000).map(|u| math::ln(axons.threshold(u)).powi(2)).sum::<f64>() / 2000.0);
    assert!((sd - 0.19).abs() < 0.01, "{sd}");
}

#[test]
fn distal_latency_contains_the_terminal_branches() {
    let axons = MotorAxons::new(&arm(), 150, Seed::new(1));
    let onset = (0..150).filter_map(|u| axons.delay_ms(u, 4, 4)).fold(f64::INFINITY, f64::min);
    // 5 cm at the stem's 59 m/s, 3 cm at 0.55 of it. Junction and stimulus (about 1 ms) bring it to the 2.4-3.0 ms of healthy ulnar nerve.
    assert!((onset - (50.0 + 30.0 / 0.55) / 59.4).abs() < 0.04, "{onset}");
}

#[test]
fn f_wave_pathway_is_antidromic_turnaround_orthodromic() {
    let axons = MotorAxons::new(&arm(), 150, Seed::new(1));
    for unit in 0..150 {
        let expected = axons.delay_ms(unit, 0, 3).and_then(|up| Some(up + 1.0 + axons.total_delay_ms(unit)?));
        assert_eq!(axons.f_wave_delay_ms(unit, 4), expected);
    }
    // Minimum F latency over the wrist of an 80-cm path: about 26 ms with junction and stimulus (Nobrega 2004: 26.5, SD 2.1).
    let minimum = (0..150).filter_map(|u| axons.f_wave_delay_ms(u, 4)).fold(f64::INFINITY, f64::min);
    assert!((25.0..28.5).contains(&(minimum + 1.0)), "{minimum}");
}

#[test]
fn slower_myelin_is_later_and_milder_lesions_are_nested() {
    let lesioned = |velocity_factor: f64, block: f64, survival: f64| {
        let mut p = arm();
        (p.segments[3].velocity_factor, p.segments[3].block, p.survival) = (velocity_factor, block, survival);
        p.segments[3].velocity_scatter = 0.3;
        MotorAxons::new(&p, 150, Seed::new(1))
    };
    let mut milder = lesioned(1.0, 0.0, 1.0);
    for (factor, block, survival) in [(0.8, 0.2, 0.9), (0.5, 0.4, 0.6), (0.2, 0.8, 0.3), (0.2, 1.0, 0.0)] {
        let now = lesioned(factor, block, survival);
        for unit in 0..150 {
            assert!(!now.alive(unit) || milder.alive(unit));
            match (milder.total_delay_ms(unit), now.total_delay_ms(unit)) {
                (Some(before), Some(after)) => assert!(after >= before),
                (None, Some(_)) => panic!("unit {unit} came back"),
                (_, None) => {}
            }
            assert_eq!(now.delay_ms(unit, 0, 2), milder.delay_ms(unit, 0, 2).filter(|_| now.alive(unit)));
        }
        milder = now;
    }
    assert!((0..150).all(|u| milder.total_delay_ms(u).is_none()));
}

#[test]
fn dead_blocked_and_demyelinated_beyond_conduction_give_none() {
    let mut p = arm();
    p.segments[1].block = 1.0;
    let blocked = MotorAxons::new(&p, 10, Seed::new(1));
    assert!((0..10).all(|u| blocked.alive(u) && blocked.total_delay_ms(u).is_none()));
    assert!((0..10).all(|u| blocked.delay_ms(u, 2, 4).is_some() && blocked.f_wave_delay_ms(u, 4).is_none()));
    p.segments[1].block = 0.0;
    p.segments[1].velocity_factor = 0.0;
    assert!(MotorAxons::new(&p, 10, Seed::new(1)).delay_ms(3, 1, 1).is_none());
    p.survival = 0.0;
    assert!(MotorAxons::new(&p, 10, Seed::new(1)).delay_ms(3, 2, 2).is_none());
}

#[test]
fn zero_lesion_leaves_the_bits() {
    let mut p = arm();
    let healthy = MotorAxons::new(&p, 150, Seed::new(4));
    for segment in &mut p.segments {
        segment.velocity_factor *= 1.0;
        segment.block += 0.0;
    }
    p.survival *= 1.0;
    assert_eq!(MotorAxons::new(&p, 150, Seed::new(4)), healthy);
}

#[test]
fn ectopic_impulses_keep_their_rate_and_are_irregular() {
    let mut p = arm();
    let mut stream = Seed::new(1).stream("ectopic");
    let healthy = MotorAxons::new(&p, 2, Seed::new(1));
    assert!(healthy.ectopic_times(0, 1e6, &mut stream).is_empty());
    p.ectopic_rate_hz = 0.2;
    let axons = MotorAxons::new(&p, 2, Seed::new(1));
    let times = axons.ectopic_times(0, 50_000.0, &mut stream);
    let rate = times.len() as f64 / 50_000.0;
    assert!((rate - 0.2).abs() < 0.01, "{rate}");
    let intervals: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
    let mean = intervals.iter().sum::<f64>() / intervals.len() as f64;
    let variance = intervals.iter().map(|i| (i - mean).powi(2)).sum::<f64>() / intervals.len() as f64;
    assert!((math::sqrt(variance) / mean - 1.0).abs() < 0.1);
    // Already running at 0: short windows hold their share.
    let early: usize = (0..3000).map(|_| axons.ectopic_times(1, 1.0, &mut stream).len()).sum();
    assert!((early as f64 / 3000.0 - 0.2).abs() < 0.03, "{early}");
}

#[test]
fn another_place_of_the_electrode_reorders_the_thresholds_of_the_same_axons() {
    let p = arm();
    let axons = MotorAxons::new(&p, 400, Seed::new(3));
    assert_eq!(axons.clone().at_place(&p, 0, Seed::new(3)), axons);
    let moved = axons.clone().at_place(&p, 1, Seed::new(3));
    let ln = |a: &MotorAxons| (0..400).map(|u| math::ln(a.threshold(u))).collect::<Vec<f64>>();
    let (here, there) = (ln(&axons), ln(&moved));
    let (mean, sd) = (there.iter().sum::<f64>() / 400.0, (there.iter().map(|x| x * x).sum::<f64>() / 400.0).sqrt());
    assert!(mean.abs() < 0.03 && (sd - 0.19).abs() < 0.03, "{mean} {sd}");
    let r = here.iter().zip(&there).map(|(a, b)| a * b).sum::<f64>() / (400.0 * 0.19 * 0.19);
    assert!(r.abs() < 0.25, "{r}");
    assert!((0..400).all(|u| axons.delay_ms(u, 0, 4) == moved.delay_ms(u, 0, 4)));
}
