use super::*;

fn group(units: usize, slow: f64, resistant: f64) -> GroupCircuitParameters {
    GroupCircuitParameters {
        pool: PoolParameters {
            units,
            slow_share: slow,
            fatigue_resistant_share: resistant,
            ..PoolParameters::default()
        },
        gains: SegmentalGains::default(),
        afferents: AfferentCounts { ia: 200, ii: 150, ib: 100 },
    }
}

fn pair() -> [GroupCircuitParameters; 2] {
    [group(120, 0.5, 0.25), group(120, 0.5, 0.25)]
}

fn quiet() -> CircuitInput {
    let mut input = CircuitInput::default();
    for g in &mut input.groups {
        g.presynaptic_inhibition = 0.4;
    }
    input
}

/// Regular afferents at `rate_hz`, phases spread evenly.
fn tonic(spikes: &mut Vec<AfferentSpike>, axons: u32, rate_hz: f64, ms: usize) {
    for axon in 0..axons {
        let phase = f64::from(axon) * 0.618_034 % 1.0;
        let before = (ms as f64 * rate_hz * 1e-3 + phase).floor();
        let after = ((ms + 1) as f64 * rate_hz * 1e-3 + phase).floor();
        if after > before {
            spikes.push(AfferentSpike { axon, offset_ms: (f64::from(axon) * 0.379 % 1.0) as f32 });
        }
    }
}

fn resting(input: &mut CircuitInput, ms: usize, ia_hz: f64) {
    for g in &mut input.groups {
        g.ia.clear();
        g.ii.clear();
        g.ib.clear();
        tonic(&mut g.ia, 200, ia_hz, ms);
        tonic(&mut g.ii, 150, 10.0, ms);
        tonic(&mut g.ib, 100, 2.0, ms);
    }
}

/// All Ia of a group once, arrivals spread over `spread_ms`, from millisecond 0 of the volley.
fn volley(spikes: &mut Vec<AfferentSpike>, axons: u32, spread_ms: f64, ms: usize) {
    for axon in 0..axons {
        let at = spread_ms * f64::from(axon) / f64::from(axons);
        if at as usize == ms {
            spikes.push(AfferentSpike { axon, offset_ms: at.fract() as f32 });
        }
    }
}

#[test]
fn composite_epsp() {
    let mut parameters = pair();
    for p in &mut parameters {
        p.gains.bias_mv = -TONIC_FACILITATION_MV; // from rest
    }
    let model = CircuitModel::new(&parameters, Seed::new(1));
    let mut circuit = Circuit::new(&model, Seed::new(2));
    let (mut input, mut out) = (quiet(), CircuitOutput::default());
    let mut peak = vec![0.0_f64; 120];
    for ms in 0..30 {
        input.groups[0].ia.clear();
        volley(&mut input.groups[0].ia, 200, 0.2, ms);
        circuit.step_ms(&model, &input, &mut out);
        for (unit, peak) in peak.iter_mut().enumerate() {
            *peak = peak.max(circuit.pool(0).soma_mv(unit));
        }
    }
    println!("EPSP mV: first {:.2} S last {:.2} FR last {:.2} last {:.2}", peak[0], peak[59], peak[89], peak[119]);
    assert!(peak.iter().all(|p| (1.0..7.5).contains(p)), "{peak:?}");
    assert!(peak[0] > peak[59] && peak[59] > peak[119]);
}

/// Units of the flexors that fire within 15 ms of a volley given after `rest_ms` of tonic afferents.
fn jerk(parameters: &[GroupCircuitParameters; 2], tonic_hz: f64, twice: bool) -> (usize, usize) {
    let model = CircuitModel::new(parameters, Seed::new(1));
    let mut circuit = Circuit::new(&model, Seed::new(2));
    let (mut input, mut out) = (quiet(), CircuitOutput::default());
    let (mut before, mut units) = (0, std::collections::BTreeSet::new());
    for ms in 0..1020 {
        resting(&mut input, ms, tonic_hz);
        if ms >= 1000 {
            volley(&mut input.groups[0].ia, 200, 2.0, ms - 1000);
            if twice && ms >= 1004 {
                volley(&mut input.groups[0].ia, 120, 2.0, ms - 1004);
            }
        }
        circuit.step_ms(&model, &input, &mut out);
        if ms < 1000 {
            before += out.spikes[0].len() + out.spikes[1].len();
        } else {
            units.extend(out.spikes[0].iter().map(|s| s.unit));
        }
    }
    (before, units.len())
}

#[test]
fn silent_at_rest_and_answers_a_tap() {
    let (before, tap) = jerk(&pair(), 10.0, true);
    let (_, h) = jerk(&pair(), 0.0, false);
    let (_, single) = jerk(&pair(), 10.0, false);
    let mut shock = pair();
    shock[0].gains.bias_mv = -5.0;
    let mut facilitated = pair();
    facilitated[0].gains.bias_mv = 3.0;
    let (mut less_ia, mut leg) = (pair(), pair());
    less_ia[0].gains.ia = 0.3;
    leg[0] = group(300, 0.8, 0.1);
    let others = [&shock, &facilitated, &less_ia, &leg].map(|p| jerk(p, 10.0, true));
    println!(
        "tap {tap}/120, one volley {single}, one volley without tonic Ia {h}; -5 mV, +3 mV, Ia 0.3, leg (300): {others:?}"
    );
    assert_eq!(before, 0);
    assert!((12..=60).contains(&tap), "{tap} of 120");
    assert!(others[0].1 == 0 && others[1].1 > tap && others[2].1 < tap / 2);
}

/// Fraction of flexors recruited and their mean rate, in the last second of 2 s of command.
fn contraction(parameters: &[GroupCircuitParameters; 2], command: f64) -> (f64, f64, f64, Vec<f64>) {
    let model = CircuitModel::new(parameters, Seed::new(1));
    let mut circuit = Circuit::new(&model, Seed::new(2));
    let (mut input, mut out) = (quiet(), CircuitOutput::default());
    input.groups[0].drive_hz = model.command_to_drive_hz(0, command);
    let mut times = vec![Vec::new(); parameters[0].pool.units];
    for ms in 0..1500 {
        resting(&mut input, ms, 10.0);
        circuit.step_ms(&model, &input, &mut out);
        if ms >= 500 {
            for s in &out.spikes[0] {
                times[s.unit as usize].push(ms as f64 + f64::from(s.offset_ms));
            }
        }
    }
    let active: Vec<_> = times.iter().filter(|t| t.len() >= 4).collect();
    let recruited = active.len() as f64 / times.len() as f64;
    let n = active.len().max(1) as f64;
    let rate = active.iter().map(|t| t.len() as f64).sum::<f64>() / n;
    let cv = active
        .iter()
        .map(|t| {
            let i: Vec<f64> = t.windows(2).map(|w| w[1] - w[0]).collect();
            let mean = i.iter().sum::<f64>() / i.len() as f64;
            (i.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / i.len() as f64).sqrt() / mean
        })
        .sum::<f64>()
        / n;
    (recruited, rate, cv, times.iter().map(|t| t.len() as f64).collect())
}

#[test]
fn command_recruits_in_proportion() {
    let mut last = 0.0;
    for command in [0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 1.0] {
        let (recruited, rate, cv, rates) = contraction(&pair(), command);
        println!("command {command}: recruited {recruited:.2}, mean rate {rate:.1}/s, ISI CV {cv:.2}");
        let types = [0..60, 60..90, 90..120].map(|r| rates[r].iter().sum::<f64>());
        println!("   S {:.0} FR {:.0} FF {:.0}", types[0] / 60.0, types[1] / 30.0, types[2] / 30.0);
        assert!(recruited >= last - 0.02);
        if command == 0.0 {
            assert_eq!(recruited, 0.0);
        } else if command <= 0.7 {
            assert!((recruited - command / 0.7).abs() < 0.08, "{command}: {recruited}");
        } else if command == 1.0 {
            assert!(recruited > 0.97 && (23.0..38.0).contains(&rate), "{recruited} {rate}");
        }
        last = recruited;
    }
}

/// Flexor units that answer a volley of all Ia, with a conditioning volley of a share of the extensor's Ia `lead_ms` before.
fn conditioned(parameters: &[GroupCircuitParameters; 2], share: f64, lead_ms: usize) -> usize {
    let model = CircuitModel::new(parameters, Seed::new(1));
    let mut circuit = Circuit::new(&model, Seed::new(2));
    let (mut input, mut out) = (quiet(), CircuitOutput::default());
    let mut units = 0;
    for ms in 0..300 {
        resting(&mut input, ms, 2.0);
        if ms + lead_ms >= 250 && share > 0.0 {
            volley(&mut input.groups[1].ia, (200.0 * share) as u32, 0.6, ms + lead_ms - 250);
        }
        if ms >= 250 {
            volley(&mut input.groups[0].ia, 200, 0.6, ms - 250);
        }
        circuit.step_ms(&model, &input, &mut out);
        if ms >= 250 {
            units += out.spikes[0].len();
        }
    }
    units
}

#[test]
fn a_volley_of_the_antagonist_inhibits_for_a_few_milliseconds_and_then_presynaptically_for_hundreds() {
    let mut parameters = [group(600, 0.8, 0.1), group(120, 0.5, 0.25)];
    let test = conditioned(&parameters, 0.0, 0);
    let left = |parameters: &[GroupCircuitParameters; 2], share: f64, lead: usize| {
        conditioned(parameters, share, lead) as f64 / test as f64
    };
    let reciprocal = [0, 1, 2, 3].map(|lead| left(&parameters, 0.3, lead));
    let presynaptic = [20, 60, 200].map(|lead| left(&parameters, 0.9, lead));
    println!("H units {test}; share left at 0-3 ms {reciprocal:?}, at 20, 60, 200 ms {presynaptic:?}");
    let strongest = reciprocal.iter().copied().fold(1.0, f64::min);
    assert!((0.65..0.95).contains(&strongest), "reciprocal: {strongest}");
    assert!(reciprocal[3] > strongest, "reciprocal inhibition has an end");
    assert!((0.6..0.95).contains(&presynaptic[0]), "D1: {presynaptic:?}");
    assert!(presynaptic[1] > presynaptic[0] && presynaptic[2] > 0.95, "{presynaptic:?}");
    parameters[0].gains.reciprocal = 0.0;
    assert!(left(&parameters, 0.3, 2) > 0.97);
    assert!((left(&parameters, 0.9, 20) - presynaptic[0]).abs() < 0.1);
}

#[test]
fn an_antidromic_impulse_fires_its_neuron_which_sends_none_down_the_axon() {
    let run = |share: f64, renshaw: f64| {
        let mut parameters = pair();
        parameters[0].gains.renshaw = renshaw;
        let model = CircuitModel::new(&parameters, Seed::new(1));
        let mut circuit = Circuit::new(&model, Seed::new(2));
        let (mut input, mut out) = (quiet(), CircuitOutput::default());
        let mut spikes = 0;
        let mut after = Vec::new();
        for ms in 0..60 {
            input.groups[0].antidromic.clear();
            if ms == 20 {
                let units = 0..(120.0 * share) as u32;
                input.groups[0].antidromic.extend(units.map(|unit| Spike { unit, offset_ms: 0.3 }));
                // One that does not exist.
                input.groups[0].antidromic.push(Spike { unit: 5000, offset_ms: f32::NAN });
            }
            circuit.step_ms(&model, &input, &mut out);
            spikes += out.spikes[0].len();
            after.push(circuit.pool(0).soma_mv(110));
        }
        (spikes, after)
    };
    let (none, still) = run(0.0, 1.0);
    let (sent, inhibited) = run(0.75, 1.0);
    assert_eq!((none, sent), (0, 0));
    let lowest = (20..60).map(|ms| inhibited[ms] - still[ms]).fold(0.0, f64::min);
    assert!(lowest < -0.03, "recurrent inhibition of a neuron that was not invaded: {lowest} mV");
    let (_, disinhibited) = run(0.75, 0.0);
    assert!((20..60).all(|ms| (disinhibited[ms] - still[ms]).abs() < 1e-9));
}

#[test]
fn waiting_moves_the_terminals_as_stepping_does() {
    let sizes = |step: bool| {
        let model = CircuitModel::new(&[group(600, 0.8, 0.1), group(120, 0.5, 0.25)], Seed::new(1));
        let mut circuit = Circuit::new(&model, Seed::new(2));
        let (mut input, mut out) = (quiet(), CircuitOutput::default());
        let mut sizes = Vec::new();
        (0..200).for_each(|_| circuit.step_ms(&model, &input, &mut out));
        for _ in 0..3 {
            let mut size = 0;
            for at in 0..200 {
                input.groups[0].ia.clear();
                volley(&mut input.groups[0].ia, 200, 0.6, at);
                circuit.step_ms(&model, &input, &mut out);
                size += out.spikes[0].len();
            }
            input.groups[0].ia.clear();
            for _ in 0..1000 {
                if step { circuit.step_ms(&model, &input, &mut out) } else { circuit.wait_ms(&model, &input) }
            }
            sizes.push(size);
        }
        sizes
    };
    let (stepped, waited) = (sizes(true), sizes(false));
    assert!(stepped[0] > stepped[2], "{stepped:?}");
    assert!(stepped.iter().zip(&waited).all(|(a, b)| a.abs_diff(*b) <= 20), "{stepped:?} {waited:?}");
}

#[test]
fn recurrent_inhibition_slows_the_pool() {
    let rate = |gain: f64| {
        let mut parameters = pair();
        parameters[0].gains.renshaw = gain;
        let (recruited, rate, ..) = contraction(&parameters, 0.4);
        recruited * rate
    };
    let rates = [0.0, 1.0, 3.0].map(rate);
    println!("discharge with Renshaw gain 0, 1, 3: {rates:?}");
    assert!(rates[0] > rates[1] && rates[1] > rates[2] && rates[2] > 0.3 * rates[0]);
}

#[test]
fn a_volley_of_motor_neurons_inhibits_them_through_renshaw_cells() {
    // Soma potentials after one synchronous discharge of the whole pool.
    let course = |gain: f64| {
        let mut parameters = pair();
        parameters[0].gains.renshaw = gain;
        let model = CircuitModel::new(&parameters, Seed::new(1));
        let mut circuit = Circuit::new(&model, Seed::new(2));
        let (mut input, mut out) = (quiet(), CircuitOutput::default());
        let mut means = Vec::new();
        for ms in 0..120 {
            input.groups[0].bias_na = if ms == 50 { 400.0 } else { 0.0 };
            circuit.step_ms(&model, &input, &mut out);
            if ms >= 50 {
                means.push((0..60).map(|unit| circuit.pool(0).soma_mv(unit)).sum::<f64>() / 60.0);
            }
        }
        means
    };
    let difference: Vec<f64> = course(1.0).iter().zip(course(0.0)).map(|(with, without)| with - without).collect();
    let (at, low) = difference.iter().copied().enumerate().fold((0, 0.0), |m, x| if x.1 < m.1 { x } else { m });
    let end = at + difference[at..].iter().position(|&d| d > 0.2 * low).unwrap_or(0);
    println!("H recurrent inhibition: {low:.2} mV at {at} ms, 20 % of it left at {end} ms");
    assert!(low < -0.3 && (3..=25).contains(&at) && (15..=65).contains(&end));
}

/// Flexor discharges in 1 s of command 0.3 with steady Ib and II rates.
fn steady(ib_hz: f64, ii_hz: f64) -> usize {
    let model = CircuitModel::new(&pair(), Seed::new(1));
    let mut circuit = Circuit::new(&model, Seed::new(2));
    let (mut input, mut out) = (quiet(), CircuitOutput::default());
    input.groups[0].drive_hz = model.command_to_drive_hz(0, 0.3);
    let mut count = 0;
    for ms in 0..1000 {
        input.groups[0].ib.clear();
        input.groups[0].ii.clear();
        tonic(&mut input.groups[0].ib, 100, ib_hz, ms);
        tonic(&mut input.groups[0].ii, 150, ii_hz, ms);
        circuit.step_ms(&model, &input, &mut out);
        count += out.spikes[0].len();
    }
    count
}

#[test]
fn ib_inhibits_and_group_ii_excites() {
    let (plain, ib, ii) = (steady(0.0, 0.0), steady(60.0, 0.0), steady(0.0, 60.0));
    println!("discharges: plain {plain}, Ib at 60/s {ib}, II at 60/s {ii}");
    assert!(ib < plain && ii > plain);
}

#[test]
fn reflexes_depress_with_repetition_and_recover() {
    let model = CircuitModel::new(&[group(600, 0.8, 0.1), group(120, 0.5, 0.25)], Seed::new(1));
    let mut circuit = Circuit::new(&model, Seed::new(2));
    let (mut input, mut out) = (quiet(), CircuitOutput::default());
    let mut sizes = Vec::new();
    let mut ms = 0;
    for interval_ms in [200, 1000, 1000, 1000, 1000, 1000, 10_000] {
        for _ in 0..interval_ms {
            input.groups[0].ia.clear();
            circuit.step_ms(&model, &input, &mut out);
            ms += 1;
        }
        let mut size = 0;
        for at in 0..20 {
            input.groups[0].ia.clear();
            volley(&mut input.groups[0].ia, 200, 0.6, at);
            circuit.step_ms(&model, &input, &mut out);
            size += out.spikes[0].len();
        }
        sizes.push(size);
    }
    println!("H at 0.1/s, then 1/s five times, then after 10 s: {sizes:?} ({ms} ms)");
    let ratio = sizes[5] as f64 / sizes[0] as f64;
    assert!((0.3..0.75).contains(&ratio), "{ratio}");
    assert!(sizes[6] as f64 > 0.9 * sizes[0] as f64);
}

fn trace(model: &CircuitModel, circuit: &mut Circuit, from: usize, to: usize) -> Vec<(usize, usize, u32, u32)> {
    let (mut input, mut out) = (quiet(), CircuitOutput::default());
    input.groups[0].drive_hz = model.command_to_drive_hz(0, 0.4);
    input.groups[1].drive_hz = model.command_to_drive_hz(1, 0.1);
    let mut all = Vec::new();
    for ms in from..to {
        resting(&mut input, ms, 15.0);
        circuit.step_ms(model, &input, &mut out);
        for g in 0..2 {
            all.extend(out.spikes[g].iter().map(|s| (ms, g, s.unit, s.offset_ms.to_bits())));
        }
    }
    all
}

#[test]
fn same_seed_same_bits_and_a_restored_circuit_goes_on_the_same() {
    let model = CircuitModel::new(&pair(), Seed::new(1));
    let mut first = Circuit::new(&model, Seed::new(2));
    let mut second = Circuit::new(&CircuitModel::new(&pair(), Seed::new(1)), Seed::new(2));
    let a = trace(&model, &mut first, 0, 300);
    assert!(a.len() > 100);
    assert_eq!(a, trace(&model, &mut second, 0, 300));
    assert_ne!(a, trace(&model, &mut Circuit::new(&model, Seed::new(3)), 0, 300));
    let saved = serde_json::to_string(&first).expect("a state is plain data");
    let mut restored: Circuit = serde_json::from_str(&saved).expect("what was saved can be read");
    assert_eq!(trace(&model, &mut first, 300, 500), trace(&model, &mut restored, 300, 500));
}

#[test]
fn the_dead_are_silent_and_full_survival_changes_nothing() {
    let mut parameters = pair();
    let model = CircuitModel::new(&parameters, Seed::new(1));
    let healthy = trace(&model, &mut Circuit::new(&model, Seed::new(2)), 0, 300);
    parameters[0].pool.survival = 0.5;
    let lesioned = CircuitModel::new(&parameters, Seed::new(1));
    let after = trace(&lesioned, &mut Circuit::new(&lesioned, Seed::new(2)), 0, 300);
    let flexors = |t: &[(usize, usize, u32, u32)]| t.iter().filter(|s| s.1 == 0).count();
    assert!(flexors(&after) < flexors(&healthy) * 3 / 4);
    assert!(after.iter().all(|s| lesioned.pool(s.1).alive(s.2 as usize)));
    assert!((0..120).all(|unit| model.pool(0).alive(unit)));
}

#[test]
fn impulses_of_axons_that_do_not_exist_are_ignored() {
    let model = CircuitModel::new(&pair(), Seed::new(1));
    let mut circuit = Circuit::new(&model, Seed::new(2));
    let (mut input, mut out) = (quiet(), CircuitOutput::default());
    let stray = AfferentSpike { axon: 100_000, offset_ms: f32::NAN };
    input.groups[0].ia.push(stray);
    input.groups[1].ii.push(stray);
    input.groups[1].ib.push(AfferentSpike { axon: 3, offset_ms: 7.0 });
    circuit.step_ms(&model, &input, &mut out);
}

#[test]
fn no_afferents_and_no_motor_neurons_are_no_error() {
    let mut parameters = pair();
    parameters[0].pool.units = 0;
    parameters[1].afferents = AfferentCounts { ia: 0, ii: 0, ib: 0 };
    let model = CircuitModel::new(&parameters, Seed::new(1));
    assert!(trace(&model, &mut Circuit::new(&model, Seed::new(2)), 0, 50).iter().all(|s| s.1 == 1));
}
