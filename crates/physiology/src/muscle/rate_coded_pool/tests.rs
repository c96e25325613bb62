use super::*;
use crate::random::Seed;

fn model(parameters: RateCodedPoolParameters) -> RateCodedPoolModel {
    RateCodedPoolModel::new(&parameters).unwrap()
}

#[test]
fn published_check_values_of_1993() {
    // Maximal excitation; maximal force over the sum of twitches; computed from the published equations.
    for (range, excitation, scale) in [(10.0, 27.0, 7.48), (30.0, 47.0, 7.62), (70.0, 87.0, 7.71)] {
        let pool = model(RateCodedPoolParameters::fuglevand_1993(range));
        let most = pool.maximal_excitation();
        assert!((most - excitation).abs() < 1e-9, "{most}");
        let twitches: f64 = (0..120).map(|i| pool.units().twitch(i)).sum();
        assert!((pool.steady_force(most) / twitches - scale).abs() < 0.02, "RR {range}");
    }
}

#[test]
fn rested_maximum_of_2017() {
    let pool = model(RateCodedPoolParameters::potvin_fuglevand_2017());
    assert!((pool.maximal_excitation() - 67.0).abs() < 1e-9);
    let sum: f64 = (0..120).map(|i| pool.units().twitch(i)).sum();
    let force = MeanForcePool::new(&pool).force(&pool, 67.0);
    assert!((sum - 2609.0).abs() < 1.0 && (force - 2216.0).abs() < 3.0, "{sum} {force}");
}

#[test]
fn impulses_give_the_mean_force_of_their_rates() {
    let mut parameters = RateCodedPoolParameters::fuglevand_1993(30.0);
    parameters.interval_cv = 0.0;
    let model = model(parameters);
    for excitation in [3.0, 15.0, 47.0] {
        let mut pool = RateCodedPool::new(&model, Seed::new(1));
        let mut sum = 0.0;
        for ms in 0..6000 {
            pool.step_ms(&model, excitation);
            sum += if ms >= 2000 { pool.force() } else { 0.0 };
        }
        let ratio = sum / 4000.0 / model.steady_force(excitation);
        assert!((ratio - 1.0).abs() < 0.01, "E {excitation}: {ratio}");
    }
}

#[test]
fn intervals_have_the_mean_and_variation_asked_for() {
    let model = model(RateCodedPoolParameters::fuglevand_1993(30.0));
    let mut pool = RateCodedPool::new(&model, Seed::new(2));
    let mut times: Vec<f64> = vec![];
    for ms in 0..60_000 {
        let at = pool.step_ms(&model, 10.0).iter().find(|i| i.unit == 30).map(|i| i.offset_ms);
        times.extend(at.map(|offset| f64::from(ms) + offset));
    }
    let intervals: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
    let mean = intervals.iter().sum::<f64>() / intervals.len() as f64;
    let variance = intervals.iter().map(|i| (i - mean) * (i - mean)).sum::<f64>() / intervals.len() as f64;
    assert!((mean * model.rate_hz(30, 10.0) * 1e-3 - 1.0).abs() < 0.02, "{mean}");
    assert!((variance.sqrt() / mean - 0.2).abs() < 0.015, "{}", variance.sqrt() / mean);
}

#[test]
fn force_and_recruitment_rise_with_excitation_and_small_units_come_first() {
    let model = model(RateCodedPoolParameters::potvin_fuglevand_2017());
    let force: Vec<f64> = (0..=67).map(|e| model.steady_force(f64::from(e))).collect();
    assert!(force.windows(2).all(|w| w[1] >= w[0]) && force[0] == 0.0);
    let thresholds: Vec<f64> = (0..120).map(|i| model.recruitment_excitation(i)).collect();
    assert!(thresholds.windows(2).all(|w| w[1] > w[0]));
    assert!((thresholds[119] / thresholds[0] - 50.0).abs() < 1e-9);
}

#[test]
fn endurance_shortens_with_force_and_fatigue_spares_the_first_units() {
    let model = model(RateCodedPoolParameters::potvin_fuglevand_2017());
    let most = MeanForcePool::new(&model).force(&model, 67.0);
    let endurance = |share: f64| {
        let mut pool = MeanForcePool::new(&model);
        let mut steps = 0_u32;
        while let Some(excitation) = pool.excitation_for(&model, share * most) {
            pool.step(&model, excitation, 0.1);
            steps += 1;
        }
        assert!(pool.capacity().iter().all(|c| (0.0..=1.0).contains(c)));
        assert!(pool.capacity()[0] > 0.9);
        f64::from(steps) * 0.1
    };
    let (half, most_of_it) = (endurance(0.5), endurance(0.8));
    assert!((half - 95.0).abs() < 5.0 && (most_of_it - 15.0).abs() < 1.0, "{half} {most_of_it}");
}

#[test]
fn the_two_forms_tire_alike() {
    let model = model(RateCodedPoolParameters::potvin_fuglevand_2017());
    let mut by_impulses = RateCodedPool::new(&model, Seed::new(3));
    let mut by_mean = MeanForcePool::new(&model);
    for ms in 0..60_000 {
        by_impulses.step_ms(&model, 67.0);
        if ms % 100 == 0 {
            by_mean.step(&model, 67.0, 0.1);
        }
    }
    for i in [0, 60, 110, 119] {
        let (a, b) = (by_impulses.units().capacity(model.units(), i), by_mean.capacity()[i]);
        assert!((a - b).abs() < 0.03, "unit {i}: {a} {b}");
    }
}

#[test]
fn recovery_needs_silence() {
    let fatigue = Some(FatigueParameters::default());
    let model = model(RateCodedPoolParameters { fatigue, ..RateCodedPoolParameters::potvin_fuglevand_2017() });
    let mut pool = MeanForcePool::new(&model);
    (0..600).for_each(|_| pool.step(&model, 67.0, 0.1));
    let tired = pool.force(&model, 67.0);
    (0..3000).for_each(|_| pool.step(&model, 0.0, 0.1));
    let rested = pool.force(&model, 67.0);
    let whole = MeanForcePool::new(&model).force(&model, 67.0);
    assert!(tired < 0.65 * whole && rested > 0.95 * whole, "{tired} {rested} {whole}");
}

#[test]
fn saved_in_mid_contraction_and_restored_it_goes_on_with_the_same_bits() {
    let model = model(RateCodedPoolParameters::potvin_fuglevand_2017());
    let mut pool = RateCodedPool::new(&model, Seed::new(4));
    let drive = |ms: u32| 30.0 + 25.0 * f64::from(ms % 700) / 700.0;
    (0..3210).for_each(|ms| {
        pool.step_ms(&model, drive(ms));
    });
    let mut restored: RateCodedPool = serde_json::from_str(&serde_json::to_string(&pool).unwrap()).unwrap();
    for ms in 3210..6000 {
        assert_eq!(pool.step_ms(&model, drive(ms)), restored.step_ms(&model, drive(ms)));
        assert_eq!(pool.force().to_bits(), restored.force().to_bits());
    }
    assert_eq!(pool, restored);
}

#[test]
fn pools_of_none_one_and_many_and_any_excitation_give_finite_forces() {
    for units in [0, 1, 10_000] {
        for base in [RateCodedPoolParameters::default(), RateCodedPoolParameters::potvin_fuglevand_2017()] {
            let model = model(RateCodedPoolParameters { units, ..base });
            let mut pool = RateCodedPool::new(&model, Seed::new(5));
            for ms in 0..300 {
                let excitation = [f64::NAN, -1.0, 1e300, f64::INFINITY, 40.0][ms % 5];
                pool.step_ms(&model, excitation);
                assert!(pool.force().is_finite() && pool.force() >= 0.0);
            }
            assert!(units > 0 || pool.force() == 0.0);
        }
    }
}

#[test]
fn impossible_parameters_are_named() {
    let good = RateCodedPoolParameters::default();
    let refused = |p: RateCodedPoolParameters| RateCodedPoolModel::new(&p).unwrap_err().field;
    assert_eq!(refused(RateCodedPoolParameters { recruitment_range: 0.0, ..good }), "recruitment_range");
    assert_eq!(refused(RateCodedPoolParameters { interval_cv: 0.5, ..good }), "interval_cv");
    assert_eq!(refused(RateCodedPoolParameters { last_peak_rate_hz: f64::NAN, ..good }), "last_peak_rate_hz");
    assert_eq!(refused(RateCodedPoolParameters { contraction_time_ms: 0.0, ..good }), "contraction_time_ms");
}
