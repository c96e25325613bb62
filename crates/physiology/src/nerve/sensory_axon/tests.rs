use super::*;

fn sural(fibres: usize, depth_mm: f64) -> SensoryAxonParameters {
    SensoryAxonParameters {
        fibres,
        spectrum: FibreSpectrum::sensory_leg(),
        segments: vec![NerveSegment::healthy("ankle", 0.07, 33.5), NerveSegment::healthy("calf", 0.3, 33.5)],
        depth_mm,
        survival: 1.0,
    }
}

const RATE_HZ: f64 = 20_000.0;

fn snap(parameters: &SensoryAxonParameters, seed: u64) -> Vec<f64> {
    SensoryAxons::new(parameters, Seed::new(seed)).snap(0.14, 0.035, RATE_HZ, 20.0)
}

fn negative_peak_uv(signal: &[f64]) -> f64 {
    signal.iter().fold(0.0, |low: f64, &v| low.max(-v))
}

#[test]
fn sural_amplitudes_by_fibre_number_and_depth() {
    // 14 cm, 35 mm between electrodes, 33.5 degrees C: the same sum computed independently.
    for (fibres, depth_mm, negative, peak_to_peak) in
        [(2500, 4.0, 13.9, Some(21.0)), (1500, 4.0, 9.0, None), (1500, 6.0, 6.7, None)]
    {
        let mean = |f: &dyn Fn(&[f64]) -> f64| (0..5).map(|s| f(&snap(&sural(fibres, depth_mm), s))).sum::<f64>() / 5.0;
        let low = mean(&negative_peak_uv);
        assert!((low / negative - 1.0).abs() < 0.1, "{fibres} {depth_mm}: {low} {negative}");
        if let Some(expected) = peak_to_peak {
            let pp = mean(&|s| negative_peak_uv(s) + s.iter().fold(0.0, |a: f64, &b| a.max(b)));
            assert!((pp / expected - 1.0).abs() < 0.12, "{pp}");
        }
    }
}

#[test]
fn onset_velocity_of_the_sural_nerve() {
    let signal = snap(&sural(2500, 4.0), 1);
    // Onset as the laboratory places it: the positive peak that leads into the negative one.
    let peak = (0..signal.len()).min_by(|&a, &b| signal[a].total_cmp(&signal[b])).unwrap_or(0);
    let onset = (0..peak).max_by(|&a, &b| signal[a].total_cmp(&signal[b])).unwrap_or(0);
    let velocity = 140.0 / (onset as f64 * 1000.0 / RATE_HZ);
    assert!((46.0..51.0).contains(&velocity), "{velocity}");
    let axons = SensoryAxons::new(&sural(2500, 4.0), Seed::new(1));
    let fastest = axons.delays_ms(0.14).into_iter().flatten().fold(f64::INFINITY, f64::min);
    assert!((140.0 / fastest - 49.3).abs() < 0.5, "{}", 140.0 / fastest);
    let digital = SensoryAxonParameters {
        spectrum: FibreSpectrum::sensory_arm(),
        segments: vec![NerveSegment::healthy("wrist", 0.2, 34.5)],
        ..sural(2500, 4.0)
    };
    let fastest =
        SensoryAxons::new(&digital, Seed::new(1)).delays_ms(0.14).into_iter().flatten().fold(f64::INFINITY, f64::min);
    assert!((140.0 / fastest - 55.9).abs() < 0.5, "{}", 140.0 / fastest);
}

#[test]
fn fewer_fibres_are_a_subset_and_smaller() {
    let amplitude = |survival: f64| negative_peak_uv(&snap(&SensoryAxonParameters { survival, ..sural(2000, 4.0) }, 1));
    let all: Vec<f64> = [1.0, 0.8, 0.6, 0.4, 0.2, 0.0].map(amplitude).to_vec();
    assert!(all.windows(2).all(|w| w[1] < w[0]), "{all:?}");
    assert_eq!(all[5], 0.0);
    assert!((all[3] / all[0] - 0.4).abs() < 0.1, "{all:?}");
    let half = SensoryAxons::new(&SensoryAxonParameters { survival: 0.5, ..sural(2000, 4.0) }, Seed::new(1));
    let third = SensoryAxons::new(&SensoryAxonParameters { survival: 0.3, ..sural(2000, 4.0) }, Seed::new(1));
    assert!((0..2000).all(|f| half.alive(f) || !third.alive(f)));
}

#[test]
fn patchy_slowing_disperses_and_lowers_more_than_uniform_slowing() {
    let lesioned = |velocity_factor: f64, velocity_scatter: f64| {
        let mut p = sural(2000, 4.0);
        p.segments[1].velocity_factor = velocity_factor;
        p.segments[1].velocity_scatter = velocity_scatter;
        negative_peak_uv(&snap(&p, 1))
    };
    let (healthy, uniform, patchy) = (lesioned(1.0, 0.0), lesioned(0.6, 0.0), lesioned(0.6, 0.4));
    assert!(patchy < 0.7 * uniform && uniform < healthy, "{healthy} {uniform} {patchy}");
}

#[test]
fn block_counts_only_where_it_is_passed() {
    let mut p = sural(500, 4.0);
    p.segments[1].block = 1.0;
    let axons = SensoryAxons::new(&p, Seed::new(1));
    assert!(axons.delays_ms(0.14).iter().all(Option::is_none));
    assert!(axons.delays_ms(0.05).iter().all(Option::is_some));
    assert!(snap(&p, 1).iter().all(|&v| v == 0.0));
    p.segments[1].block = 0.0;
    assert_eq!(snap(&p, 1), snap(&sural(500, 4.0), 1));
}

#[test]
fn deeper_nerve_and_close_electrodes_give_less() {
    let axons = |depth| SensoryAxons::new(&sural(1000, depth), Seed::new(1));
    let at = |depth: f64, separation_m: f64| negative_peak_uv(&axons(depth).snap(0.14, separation_m, RATE_HZ, 20.0));
    assert!(at(4.0, 0.04) > at(6.0, 0.04));
    assert!(at(4.0, 0.04) > 1.2 * at(4.0, 0.01));
    assert!(at(4.0, 0.0) < 1e-9);
}
