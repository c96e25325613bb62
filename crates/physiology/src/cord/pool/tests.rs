use super::super::membrane::{Path, STEP_MS, STEPS_PER_MS};
use super::*;

fn cell(kind: UnitType, position: f64) -> PoolModel {
    PoolModel::single(Cell::motor_neuron(kind, position), 0.0)
}

/// Spike times, ms, of one neuron in a step of current over 1 s.
fn discharge(model: &PoolModel, current_na: f64) -> Vec<f64> {
    let mut pool = Pool::new(model);
    pool.set_common_current_na(current_na);
    let mut times = Vec::new();
    for step in 0..1000 * STEPS_PER_MS {
        for spike in pool.step(model) {
            times.push((step as f64 + f64::from(spike.fraction)) * STEP_MS);
        }
    }
    times
}

/// Steady rate, impulses/s: intervals after the first 300 ms.
fn rate_hz(model: &PoolModel, current_na: f64) -> f64 {
    let late: Vec<f64> = discharge(model, current_na).into_iter().filter(|&t| t > 300.0).collect();
    if late.len() < 2 { 0.0 } else { 1000.0 * (late.len() - 1) as f64 / (late[late.len() - 1] - late[0]) }
}

// Reference: an independent implementation of Cisi & Kohn's equations at dt 0.01 ms.
const REGRESSION: [(UnitType, f64, [f64; 3], f64, f64); 6] = [
    (UnitType::Slow, 0.0, [16.5, 23.4, 33.3], -5.2, 34.0),
    (UnitType::Slow, 1.0, [15.2, 20.9, 28.2], -4.1, 30.0),
    (UnitType::FatigueResistant, 0.0, [22.9, 29.9, 38.5], -5.8, 22.0),
    (UnitType::FatigueResistant, 1.0, [23.0, 29.3, 36.7], -5.1, 18.0),
    (UnitType::FastFatigable, 0.0, [34.9, 50.4, 74.3], -1.1, 14.0),
    (UnitType::FastFatigable, 1.0, [30.7, 41.6, 56.2], -2.0, 14.0),
];

#[test]
fn rates_above_rheobase() {
    for (kind, position, rates, _, _) in REGRESSION {
        let model = cell(kind, position);
        let rheobase = model.neurons()[0].rheobase_na();
        for (above, expected) in [2.0, 5.0, 10.0].into_iter().zip(rates) {
            let rate = rate_hz(&model, rheobase + above);
            println!("{kind:?} {position} +{above}: {rate:.2} ({expected})");
            assert!((rate / expected - 1.0).abs() < 0.05, "{kind:?} {position} +{above} nA: {rate} for {expected}");
        }
    }
}

#[test]
fn fires_above_rheobase_only() {
    for (kind, position, ..) in REGRESSION {
        let model = cell(kind, position);
        let rheobase = model.neurons()[0].rheobase_na();
        assert!(discharge(&model, 0.99 * rheobase).is_empty());
        assert!(!discharge(&model, 1.01 * rheobase).is_empty());
    }
}

#[test]
fn spike_and_afterhyperpolarisation() {
    for (kind, position, _, depth, half_decay) in REGRESSION {
        let model = cell(kind, position);
        // Soma potential from the onset of the first spike, which ends the current.
        let after_first_spike = |strength: f64| {
            let mut pool = Pool::new(&model);
            pool.set_common_current_na(model.neurons()[0].rheobase_na() * strength);
            let mut trace = Vec::new();
            for _ in 0..300 * STEPS_PER_MS {
                if !pool.step(&model).is_empty() {
                    pool.set_common_current_na(0.0);
                    trace.clear();
                }
                trace.push(pool.soma_mv(0));
            }
            trace
        };
        let peak = after_first_spike(1.1).into_iter().fold(f64::MIN, f64::max);
        // A shock so short that it leaves no charge behind.
        let after = after_first_spike(40.0);
        let (at, low) = after.iter().copied().enumerate().fold((0, f64::MAX), |m, x| if x.1 < m.1 { x } else { m });
        let half = after[at..].iter().position(|&v| v > 0.5 * low).unwrap_or(0) as f64 * STEP_MS;
        println!("{kind:?} {position}: peak {peak:.1}, AHP {low:.2} ({depth}), half {half:.1} ({half_decay})");
        assert!((66.0..87.0).contains(&peak), "{kind:?} {position}: peak {peak}");
        assert!((low - depth).abs() < 0.3, "{kind:?} {position}: AHP {low} for {depth}");
        assert!((half / half_decay - 1.0).abs() < 0.15, "{kind:?} {position}: half-decay {half} for {half_decay}");
    }
}

fn parameters(units: usize, survival: f64) -> PoolParameters {
    PoolParameters { units, slow_share: 0.5, fatigue_resistant_share: 0.25, survival, ..PoolParameters::default() }
}

fn spikes(model: &PoolModel, pool: &mut Pool, ms: usize, ramp_na: f64) -> Vec<(usize, u32, u32)> {
    let mut all = Vec::new();
    for step in 0..ms * STEPS_PER_MS {
        pool.set_common_current_na(ramp_na * step as f64 / (ms * STEPS_PER_MS) as f64);
        all.extend(pool.step(model).iter().map(|s| (step, s.cell, s.fraction.to_bits())));
    }
    all
}

#[test]
fn size_principle() {
    let model = PoolModel::new(&parameters(60, 1.0), &SegmentalGains::default(), Seed::new(1));
    let all = spikes(&model, &mut Pool::new(&model), 2000, 60.0);
    let mut first = vec![usize::MAX; 60];
    for (step, unit, _) in all {
        first[unit as usize] = first[unit as usize].min(step);
    }
    assert!(first[59] < usize::MAX);
    assert!(first.windows(2).all(|w| w[0] <= w[1] + 4 * STEPS_PER_MS), "{first:?}");
    assert!(first[0] < first[20] && first[20] < first[40] && first[40] < first[59]);
}

#[test]
fn survival_is_nested_and_full_survival_changes_nothing() {
    let seed = Seed::new(5);
    let mut fewer = survivors(300, 1.0, seed);
    assert!(fewer.iter().all(|&a| a));
    for survival in [0.8, 0.5, 0.2, 0.0] {
        let now = survivors(300, survival, seed);
        assert!(now.iter().zip(&fewer).all(|(now, before)| !now || *before));
        let share = now.iter().filter(|&&a| a).count() as f64 / 300.0;
        assert!((share - survival).abs() < 0.08);
        fewer = now;
    }
    // The neurons left fire as they did before: same bits.
    let gains = SegmentalGains::default();
    let whole = PoolModel::new(&parameters(40, 1.0), &gains, seed);
    let half = PoolModel::new(&parameters(40, 0.5), &gains, seed);
    let before = spikes(&whole, &mut Pool::new(&whole), 400, 30.0);
    let after = spikes(&half, &mut Pool::new(&half), 400, 30.0);
    let kept: Vec<_> = before.into_iter().filter(|s| half.alive(s.1 as usize)).collect();
    assert!(!kept.is_empty());
    assert_eq!(kept, after);
}

#[test]
fn every_path_and_a_restored_pool_give_the_same_bits() {
    let model = PoolModel::new(&parameters(37, 1.0), &SegmentalGains::default(), Seed::new(2));
    let drive = |pool: &mut Pool, from: usize, steps: usize| {
        let mut trace = Vec::new();
        for step in from..from + steps {
            pool.excite(step % 37, 3.0);
            trace.extend(pool.step(&model).iter().map(|s| (u64::from(s.cell), u64::from(s.fraction.to_bits()))));
            trace.push((0, pool.soma_mv(step % 37).to_bits()));
        }
        trace
    };
    let mut detected = Pool::new(&model);
    let first = drive(&mut detected, 0, 8000);
    for path in Path::available() {
        let mut pool = Pool::new(&model);
        pool.cells.take_path(path);
        assert_eq!(first, drive(&mut pool, 0, 8000), "{path:?}");
    }
    assert!(first.len() > 8100, "the pool must have fired");
    let saved = serde_json::to_string(&detected).expect("a state is plain data");
    let mut restored: Pool = serde_json::from_str(&saved).expect("what was saved can be read");
    assert_eq!(drive(&mut detected, 8000, 4000), drive(&mut restored, 8000, 4000));
}

/// Slow triangle of dendritic excitation; recruitment and derecruitment conductance, uS.
fn triangle(model: &PoolModel, peak_us: f64) -> (f64, f64) {
    let half = 8000 * STEPS_PER_MS;
    let mut pool = Pool::new(model);
    let (mut on, mut off) = (f64::NAN, f64::NAN);
    let refill = 1.0 - crate::math::exp(-MOTOR_EXCITATION.unbinding_per_ms * STEP_MS);
    for step in 0..2 * half {
        let conductance = peak_us * (1.0 - (step as f64 / half as f64 - 1.0).abs());
        pool.excite(0, refill * conductance);
        if !pool.step(model).is_empty() {
            if on.is_nan() {
                on = conductance;
            }
            off = conductance;
        }
    }
    (on, off)
}

#[test]
fn persistent_inward_current_lowers_recruitment_and_outlasts_it_but_never_by_itself() {
    let neuron = Cell::motor_neuron(UnitType::Slow, 0.3);
    let peak = 0.6;
    let passive = triangle(&PoolModel::single(neuron.clone(), 0.0), peak);
    let rest = triangle(&PoolModel::single(neuron.clone(), 0.5), peak);
    let strong = triangle(&PoolModel::single(neuron.clone(), 1.0), peak);
    println!("recruit, derecruit uS: M 0 {passive:?}, M 0.5 {rest:?}, M 1 {strong:?}");
    assert!(rest.0 < passive.0 && strong.0 < rest.0);
    assert!(strong.1 < 0.9 * strong.0 && passive.1 > 0.98 * passive.0, "hysteresis at full monoaminergic drive");
    for kind in [UnitType::Slow, UnitType::FatigueResistant, UnitType::FastFatigable] {
        for position in [0.0, 0.5, 1.0] {
            let model = PoolModel::single(Cell::motor_neuron(kind, position), 0.5);
            let mut pool = Pool::new(&model);
            pool.set_common_current_na(1.5 * model.neurons()[0].rheobase_na());
            for _ in 0..1000 * STEPS_PER_MS {
                pool.step(&model);
            }
            pool.set_common_current_na(0.0);
            let late = (0..1000 * STEPS_PER_MS).filter(|i| !pool.step(&model).is_empty() && *i > 200 * STEPS_PER_MS);
            assert_eq!(late.count(), 0, "{kind:?} {position}: self-sustained at M 0.5");
        }
    }
}

#[test]
fn without_monoamines_the_gate_stays_shut() {
    let gains = SegmentalGains { persistent_inward_current: 0.0, ..SegmentalGains::default() };
    let model = PoolModel::new(&parameters(8, 1.0), &gains, Seed::new(1));
    let mut pool = Pool::new(&model);
    pool.set_common_current_na(20.0);
    for _ in 0..200 * STEPS_PER_MS {
        pool.step(&model);
    }
    assert!((0..8).all(|unit| pool.persistent_gate(unit) == 0.0));
}

#[test]
fn bias_shifts_the_resting_potential() {
    let gains = SegmentalGains { bias_mv: 3.0, persistent_inward_current: 0.0, ..SegmentalGains::default() };
    let model = PoolModel::new(&parameters(8, 1.0), &gains, Seed::new(1));
    let mut pool = Pool::new(&model);
    for _ in 0..200 * STEPS_PER_MS {
        pool.step(&model);
    }
    for (unit, cell) in model.neurons().iter().enumerate() {
        let expected = 3.0 * cell.threshold_mv / 16.45;
        assert!((pool.soma_mv(unit) - expected).abs() < 1e-3, "unit {unit}: {} mV", pool.soma_mv(unit));
    }
}

/// Every potential of a pool after each of its neurons was driven hard, then held far below rest, then driven beyond all measure.
fn extremes(units: usize, survival: f64) -> (usize, Vec<f64>) {
    let model = PoolModel::new(&parameters(units, survival), &SegmentalGains::default(), Seed::new(1));
    let mut pool = Pool::new(&model);
    let mut spikes = 0;
    for (current_na, jump_us, ms) in [(60.0, 0.0, 30), (-1e4, 0.0, 5), (0.0, 1e6, 5), (1e6, 0.0, 5)] {
        pool.set_common_current_na(current_na);
        for _ in 0..ms * STEPS_PER_MS {
            (0..units).for_each(|unit| pool.excite(unit, jump_us));
            spikes += pool.step(&model).len();
        }
    }
    (spikes, (0..units).map(|unit| pool.soma_mv(unit)).collect())
}

#[test]
fn pools_of_none_of_one_and_of_ten_thousand_never_leave_the_numbers() {
    for units in [0, 1, 10_000] {
        let (spikes, potentials) = extremes(units, 1.0);
        assert_eq!(spikes > 0, units > 0, "{units} units");
        assert!(potentials.iter().all(|v| v.is_finite()), "{units} units");
        let (spikes, potentials) = extremes(units, 0.0);
        assert_eq!(spikes, 0, "none of {units} is left");
        assert!(potentials.iter().all(|v| v.is_finite()));
    }
}

#[test]
fn work_done_is_known_to_the_step() {
    let model = PoolModel::new(&parameters(20, 1.0), &SegmentalGains::default(), Seed::new(1));
    let mut pool = Pool::new(&model);
    pool.set_common_current_na(20.0);
    for step in 0..100 * STEPS_PER_MS {
        if step % 100 == 0 {
            (0..20).for_each(|unit| pool.excite(unit, 0.01));
        }
        pool.step(&model);
    }
    // A change of these is a change of cost: state the reason with it.
    let expected =
        Work { neuron_steps: 40_000, gate_steps: 1519, exponentials: 9747, spikes: 49, conductance_jumps: 400 };
    assert_eq!(pool.work(), expected);
}
