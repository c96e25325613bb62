use super::*;

fn parameters() -> UnitParameters {
    UnitParameters { twitch_range: 100.0, contraction_time_ms: 90.0, contraction_time_range: 3.0, poles: TWO_POLES }
}

/// Without history.
fn plain(units: usize) -> UnitModel {
    UnitModel::new(&parameters(), units, &[]).with_history(UnitHistory::NONE)
}

/// Drives each unit at its own constant rate and returns mean force over the last second of four.
fn mean_force(model: &UnitModel, rates_hz: &[f64]) -> f64 {
    let mut units = Units::new(model);
    let mut next: Vec<f64> = rates_hz.iter().map(|r| 1000.0 / r).collect();
    let mut sum = 0.0;
    for ms in 0..4000 {
        units.advance();
        for (i, t) in next.iter_mut().enumerate() {
            while *t < f64::from(ms + 1) {
                units.impulse(model, i, *t - f64::from(ms), 1.0);
                *t += 1000.0 / rates_hz[i];
            }
        }
        if ms >= 3000 {
            sum += units.activation();
        }
    }
    sum / 1000.0
}

#[test]
fn twitches_of_more_poles_peak_alike_and_relax_sooner() {
    for (poles, half, tetanus) in [(2, 1.678, 9.05), (3, 1.078, 6.15), (4, 0.851, 4.95)] {
        let model = UnitModel::of(poles, vec![1.0], vec![200.0], UnitHistory::NONE);
        let mut units = Units::new(&model);
        let course: Vec<f64> = (0..1500)
            .map(|ms| {
                units.advance();
                if ms == 0 {
                    units.impulse(&model, 0, 0.25, 1.0);
                }
                units.activation()
            })
            .collect();
        let peak = course.iter().copied().fold(0.0, f64::max);
        let at = course.iter().position(|f| *f >= peak).unwrap() as f64;
        let fallen = course.iter().rposition(|f| *f > 0.5 * peak).unwrap() as f64;
        assert!((peak - 1.0).abs() < 1e-3 && (at - 200.0).abs() <= 1.0, "{poles}: {peak} {at}");
        assert!(((fallen - at) / 200.0 - half).abs() < 0.02, "{poles}: {}", (fallen - at) / 200.0);
        assert!((course.iter().sum::<f64>() / 200.0 - area(poles)).abs() < 0.02, "{poles}");
        assert!((tetanus_over_twitch(poles) - tetanus).abs() < 0.01, "{poles}");
    }
}

#[test]
fn full_tetanus_is_the_maximal_force_whatever_the_poles() {
    let of = |poles| UnitModel::new(&UnitParameters { poles, ..parameters() }, 60, &[]).with_history(UnitHistory::NONE);
    for (poles, rate_hz) in [(3, 120.0), (4, 120.0), (4, 8.0)] {
        let (force, plain) = (mean_force(&of(poles), &[rate_hz; 60]), mean_force(&of(TWO_POLES), &[rate_hz; 60]));
        assert!((force / plain - 1.0).abs() < 0.01, "{poles} {rate_hz}: {force} {plain}");
    }
}

#[test]
fn a_twitch_peaks_at_its_contraction_time_with_its_force() {
    let model = UnitModel::new(&parameters(), 120, &[]);
    let mut units = Units::new(&model);
    let unit = 60;
    let (mut peak, mut at) = (0.0, 0);
    for ms in 0..400 {
        units.advance();
        if ms == 0 {
            units.impulse(&model, unit, 0.0, 1.0);
        }
        if units.unit_force(unit) > peak {
            (peak, at) = (units.unit_force(unit), ms + 1);
        }
    }
    assert!((peak / model.twitch(unit) - 1.0).abs() < 1e-3, "{peak}");
    assert!((f64::from(at) - model.contraction_time_ms(unit)).abs() <= 1.0, "{at}");
}

#[test]
fn maximal_excitation_gives_the_published_sum_of_forces() {
    // Force at maximal excitation over the sum of twitches; computed from the equations of Fuglevand 1993.
    for (range, published) in [(10.0, 7.48), (30.0, 7.62), (70.0, 7.71)] {
        let n = 120;
        let model = plain(n);
        let a = f64::ln(range) / n as f64;
        let last = f64::exp(a * n as f64);
        let emax = last + 25.0 - 8.0;
        let rates: Vec<f64> = (1..=n)
            .map(|i| {
                let rte = f64::exp(a * i as f64);
                (35.0 - 10.0 * rte / last).min(8.0 + emax - rte)
            })
            .collect();
        let twitches: f64 = (0..n).map(|i| model.twitch(i)).sum();
        let scale = mean_force(&model, &rates) / twitches;
        assert!((scale - published).abs() < 0.06, "RR {range}: {scale}");
    }
}

#[test]
fn full_tetanus_of_all_units_is_the_maximal_force() {
    let model = plain(120);
    assert!((tetanus_over_twitch(TWO_POLES) - 9.05).abs() < 0.01);
    let force = mean_force(&model, &[120.0; 120]);
    assert!((force - 1.0).abs() < 0.02, "{force}");
}

#[test]
fn strength_and_transmission_scale_force_and_unity_changes_no_bit() {
    let healthy = UnitModel::new(&parameters(), 120, &[]);
    assert_eq!(healthy, UnitModel::new(&parameters(), 120, &[1.0; 120]));
    let weak = UnitModel::new(&parameters(), 120, &[0.4; 120]);
    let ratio = mean_force(&weak, &[20.0; 120]) / mean_force(&healthy, &[20.0; 120]);
    assert!((ratio - 0.4).abs() < 1e-9, "{ratio}");
}

#[test]
fn a_doublet_gives_more_than_two_twitches_and_less_the_longer_its_interval() {
    let model = UnitModel::new(&parameters(), 120, &[]);
    let ratio = |interval: usize| {
        let mut units = Units::new(&model);
        let mut peak = 0.0_f64;
        for ms in 0..400 {
            units.advance();
            if ms == 0 || ms == interval {
                units.impulse(&model, 40, 0.0, 1.0);
            }
            peak = peak.max(units.unit_force(40));
        }
        peak / model.twitch(40)
    };
    assert!((3.2..3.7).contains(&ratio(10)), "{}", ratio(10));
    let ratios: Vec<f64> = (5..=300).step_by(5).map(ratio).collect();
    assert!(ratios.windows(2).all(|w| w[1] <= w[0] + 1e-9), "{ratios:?}");
}

#[test]
fn force_is_never_negative_and_rests_at_zero() {
    let model = UnitModel::new(&parameters(), 50, &[]);
    let mut units = Units::new(&model);
    for ms in 0..20_000 {
        units.advance();
        if ms < 500 && ms % 9 == 0 {
            units.impulse(&model, (ms / 9) % 50, 0.3, 1.0);
        }
        assert!(units.activation() >= 0.0);
    }
    assert_eq!(units.activation(), 0.0);
}

/// Peak force of a unit after one impulse, `rest_ms` after the state it is in.
fn twitch_after(model: &UnitModel, units: &Units, unit: usize, rest_ms: usize) -> f64 {
    let mut units = units.clone();
    (0..rest_ms).for_each(|_| units.advance());
    let mut peak = 0.0_f64;
    for ms in 0..300 {
        units.advance();
        if ms == 0 {
            units.impulse(model, unit, 0.0, 1.0);
        }
        peak = peak.max(units.unit_force(unit));
    }
    peak
}

fn train(model: &UnitModel, units: &mut Units, unit: usize, rate_hz: f64, seconds: f64) {
    let mut next = 0.0;
    for ms in 0..(seconds * 1e3) as usize {
        units.advance();
        while next < (ms + 1) as f64 {
            units.impulse(model, unit, (next - ms as f64).clamp(0.0, 1.0), 1.0);
            next += 1e3 / rate_hz;
        }
    }
}

#[test]
fn a_rested_twitch_is_that_of_the_plain_unit_to_the_bit() {
    let (model, plain) = (UnitModel::new(&parameters(), 120, &[]), plain(120));
    for unit in [0, 60, 119] {
        let rested = twitch_after(&model, &Units::new(&model), unit, 5);
        assert_eq!(rested, twitch_after(&plain, &Units::new(&plain), unit, 5));
    }
}

#[test]
fn use_potentiates_fast_twitches_for_minutes_and_slow_ones_hardly() {
    // Fast fatigable units also tire meanwhile: fatigue off, to see potentiation alone.
    let history = UnitHistory { fatigue: None, ..UnitHistory::default() };
    let model = UnitModel::new(&parameters(), 120, &[]).with_history(history);
    for (unit, low, high) in [(119, 1.4, 2.0), (0, 1.0, 1.1)] {
        let mut units = Units::new(&model);
        let rested = twitch_after(&model, &units, unit, 0);
        train(&model, &mut units, unit, 25.0, 10.0);
        let after = twitch_after(&model, &units, unit, 2_000) / rested;
        assert!((low..high).contains(&after), "unit {unit}: {after}");
        let late = twitch_after(&model, &units, unit, 900_000) / rested;
        assert!((1.0..1.02).contains(&late), "unit {unit}: {late}");
    }
}

#[test]
fn a_fused_tetanus_is_not_potentiated() {
    let history = UnitHistory { fatigue: None, ..UnitHistory::default() };
    let model = UnitModel::new(&parameters(), 120, &[]).with_history(history);
    let mut units = Units::new(&model);
    train(&model, &mut units, 119, 100.0, 20.0);
    let tetanus = units.unit_force(119) / (model.twitch(119) * tetanus_over_twitch(TWO_POLES));
    assert!((tetanus - 1.0).abs() < 0.02, "{tetanus}");
}

#[test]
fn fatigue_takes_force_slows_and_is_recovered_from() {
    let model = UnitModel::new(&parameters(), 120, &[]);
    let mut units = Units::new(&model);
    train(&model, &mut units, 119, 100.0, 20.0);
    // 0.0225/s of full tetanus.
    let left = units.capacity(&model, 119);
    assert!((left - 0.55).abs() < 0.02, "{left}");
    train(&model, &mut units, 0, 100.0, 20.0);
    assert!(units.capacity(&model, 0) > 0.99);
    (0..600_000).for_each(|_| units.advance());
    assert!(units.capacity(&model, 119) > 0.99);
}

#[test]
fn tetanic_drive_for_minutes_stays_finite_and_is_saved_and_restored() {
    let model = UnitModel::new(&parameters(), 20, &[]);
    let mut units = Units::new(&model);
    let run = |units: &mut Units, from: usize, to: usize| {
        for ms in from..to {
            units.advance();
            for unit in 0..20 {
                if (ms + unit) % 5 == 0 {
                    units.impulse(&model, unit, 0.3, 1.0);
                }
            }
            assert!((0.0..=1.1).contains(&units.activation()));
        }
    };
    run(&mut units, 0, 60_000);
    let mut restored: Units = serde_json::from_str(&serde_json::to_string(&units).unwrap()).unwrap();
    run(&mut units, 60_000, 300_000);
    run(&mut restored, 60_000, 300_000);
    assert_eq!(units, restored);
    assert!((0..20).all(|u| (0.0..1.0).contains(&units.capacity(&model, u))));
}

#[test]
fn a_brief_maximum_is_that_of_the_plain_units() {
    // Between fatigue and potentiation, the first two seconds of a maximal contraction hardly move.
    let force = |model: &UnitModel| {
        let mut units = Units::new(model);
        let mut sum = 0.0;
        for ms in 0..2000_usize {
            units.advance();
            for unit in 0..120 {
                if (ms + 7 * unit) % 33 == 0 {
                    units.impulse(model, unit, 0.5, 1.0);
                }
            }
            if ms >= 1000 {
                sum += units.activation() * 1e-3;
            }
        }
        sum
    };
    let ratio = force(&UnitModel::new(&parameters(), 120, &[])) / force(&plain(120));
    assert!((0.97..1.02).contains(&ratio), "{ratio}");
}

#[test]
fn the_fusion_that_gives_a_force_is_found() {
    for relative in [0.01, 0.1, 0.12, 0.121, 0.5, 0.88, 0.999] {
        assert!((relative_force(fusion_of(relative)) - relative).abs() < 1e-9, "{relative}");
    }
}
