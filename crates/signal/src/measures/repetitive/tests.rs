use super::*;

const RATE: f64 = 25_000.0;

/// A triphasic spike of a fibre, uV.
fn add(x: &mut [f64], at_s: f64, size: f64, width_ms: f64) {
    let centre = (at_s * RATE) as usize;
    let reach = (4e-3 * RATE) as usize;
    for i in centre.saturating_sub(reach)..(centre + reach).min(x.len()) {
        let u = 1e3 * (i as f64 / RATE - at_s) / width_ms;
        x[i] -= size * (1.0 - u * u) * libm::exp(-0.5 * u * u);
    }
}

fn noisy(seconds: f64) -> Vec<f64> {
    let mut state = 3_u64;
    (0..(seconds * RATE) as usize).map(|_| 6.0 * draw(&mut state)).collect()
}

/// Uniform between -1 and 1.
fn draw(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    2.0 * ((*state >> 11) as f64 / (1_u64 << 53) as f64) - 1.0
}

fn kinds(x: &[f64]) -> Vec<Option<RunKind>> {
    runs(x, RATE).iter().map(|r| r.kind).collect()
}

/// A run whose rate and size follow its course, 0 to 1.
fn course(x: &mut [f64], start_s: f64, seconds: f64, rate_hz: impl Fn(f64) -> f64, size: impl Fn(f64) -> f64) {
    let mut at = start_s;
    while at < start_s + seconds {
        let u = (at - start_s) / seconds;
        add(x, at, size(u), 0.25);
        at += 1.0 / rate_hz(u);
    }
}

#[test]
fn silence_and_slow_rhythms_have_no_runs() {
    assert!(runs(&noisy(3.0), RATE).is_empty());
    let mut x = noisy(10.0);
    course(&mut x, 0.1, 9.5, |_| 2.0, |_| 150.0);
    assert!(runs(&x, RATE).is_empty());
}

#[test]
fn what_waxes_and_wanes_is_myotonic() {
    let mut x = noisy(4.0);
    course(&mut x, 0.3, 3.0, |u| 40.0 + 80.0 * libm::sin(std::f64::consts::PI * u), |u| 300.0 - 180.0 * u);
    let found = runs(&x, RATE);
    assert_eq!(found[0].kind, Some(RunKind::Myotonic), "{found:?}");
    assert!((60.0..120.0).contains(&found[0].rate_hz) && found[0].size_ratio < 0.7, "{found:?}");
}

#[test]
fn what_grows_and_dwindles_again_is_myotonic() {
    let mut x = noisy(4.0);
    let arch = |u: f64| libm::sin(std::f64::consts::PI * u);
    course(&mut x, 0.3, 3.0, |u| 40.0 + 50.0 * arch(u), |u| 150.0 + 150.0 * arch(u));
    assert_eq!(kinds(&x)[0], Some(RunKind::Myotonic), "{:?}", runs(&x, RATE));
}

#[test]
fn a_rate_or_a_size_that_drifts_alone_is_not_myotonic() {
    for (name, faster, smaller) in [("rate", 40.0, 0.0), ("size", 0.0, 150.0)] {
        let mut x = noisy(4.0);
        course(&mut x, 0.3, 3.0, |u| 40.0 + faster * u, |u| 300.0 - smaller * u);
        let found = runs(&x, RATE);
        assert!(!found.is_empty() && found.iter().all(|r| r.kind != Some(RunKind::Myotonic)), "{name}: {found:?}");
    }
}

#[test]
fn fibrillations_that_overlap_are_not_myotonic() {
    for first in 1..=20_u64 {
        let mut state = first;
        let mut x = noisy(6.0);
        // Six fibres of nearly one form, each regular to 3 % at 4 to 14 Hz: chains pass from one to another.
        for _ in 0..6 {
            let rate_hz = 9.0 + 5.0 * draw(&mut state);
            let size = 200.0 + 40.0 * draw(&mut state);
            let mut at = 0.1 * (1.0 + draw(&mut state));
            while at < 5.9 {
                add(&mut x, at, size, 0.25);
                at += (1.0 + 0.05 * draw(&mut state)) / rate_hz;
            }
        }
        let found = runs(&x, RATE);
        assert!(!found.is_empty(), "no chains: nothing was tested");
        assert!(found.iter().all(|r| r.kind != Some(RunKind::Myotonic)), "{first}: {found:?}");
    }
}

#[test]
fn a_short_irregular_chain_is_no_cramp() {
    let of = |spikes: usize| {
        let mut x = noisy(3.0);
        let (mut at, mut state) = (0.4, 9_u64);
        for _ in 0..spikes {
            add(&mut x, at, 500.0, 0.4);
            at += 0.02 * (1.0 + 0.3 * draw(&mut state));
        }
        kinds(&x)
    };
    assert_eq!((of(15), of(30)), (vec![None], vec![Some(RunKind::Cramp)]));
}

#[test]
fn a_fixed_form_of_several_spikes_is_complex() {
    let mut x = noisy(4.0);
    for k in 0..70 {
        let at = 0.4 + f64::from(k) / 28.0;
        for (later, size, width) in [(0.0, 200.0, 0.25), (0.0045, 120.0, 0.2), (0.0092, 90.0, 0.3)] {
            add(&mut x, at + later, size, width);
        }
    }
    let found = runs(&x, RATE);
    assert_eq!(kinds(&x)[0], Some(RunKind::ComplexRepetitive), "{found:?}");
    assert!((found[0].rate_hz - 28.0).abs() < 0.3 && found[0].spikes > 1, "{found:?}");
}

#[test]
fn one_spike_that_never_changes_is_none_of_the_four() {
    let mut x = noisy(4.0);
    course(&mut x, 0.3, 3.0, |_| 40.0, |_| 200.0);
    assert_eq!(kinds(&x), [None]);
}

#[test]
fn fast_bursts_are_neuromyotonic() {
    let mut x = noisy(2.0);
    course(&mut x, 0.5, 0.3, |u| 230.0 - 60.0 * u, |u| 400.0 - 150.0 * u);
    assert_eq!(kinds(&x)[0], Some(RunKind::Neuromyotonic), "{:?}", runs(&x, RATE));
}

#[test]
fn irregular_units_are_a_cramp() {
    let mut x = noisy(4.0);
    let (mut at, mut state) = (0.4, 9_u64);
    while at < 3.6 {
        add(&mut x, at, 500.0, 0.4);
        at += 0.02 * (1.0 + 0.3 * draw(&mut state));
    }
    assert_eq!(kinds(&x)[0], Some(RunKind::Cramp), "{:?}", runs(&x, RATE));
}

#[test]
fn two_runs_at_once_are_two() {
    let mut x = noisy(4.0);
    course(&mut x, 0.3, 3.0, |u| 90.0 - 50.0 * u, |u| 300.0 - 100.0 * u);
    let (mut at, mut k) = (0.5, 0.0);
    while at < 3.2 {
        add(&mut x, at, 140.0 - 40.0 * k, 0.45);
        k = (at - 0.5) / 2.7;
        at += 1.0 / (45.0 + 30.0 * k);
    }
    let found = runs(&x, RATE);
    let myotonic: Vec<&Run> = found.iter().filter(|r| r.kind == Some(RunKind::Myotonic)).collect();
    assert!(myotonic.len() >= 2, "{found:?}");
}

#[test]
fn fasciculations_are_no_runs() {
    let mut x = noisy(10.0);
    for at in [1.3, 2.0, 2.4, 4.9, 6.0, 6.2, 7.7, 8.4, 9.1, 9.5, 9.8] {
        add(&mut x, at, 700.0, 0.6);
    }
    assert!(runs(&x, RATE).is_empty());
}
