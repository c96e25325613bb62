use super::*;

const RATE_HZ: f64 = 25_000.0;
const TIBIALIS: usize = 445;

fn tibialis() -> FibreParameters {
    FibreParameters::default()
}

#[derive(Clone, Copy, Debug, Default)]
struct Mup {
    duration_ms: f64,
    amplitude_uv: f64,
    phases: f64,
    rise_us: f64,
}

/// A private, plain measure: amplitude, rise of the main negative slope, duration from where the signal last exceeded
/// 20 uV within 3 ms of what went before, searched from the peak outwards; phases as excursions of 25 uV.
fn measure(wave: &[f64]) -> Mup {
    let step_ms = 1000.0 / RATE_HZ;
    let (mut high, mut low) = (0, 0);
    for (k, &v) in wave.iter().enumerate() {
        if v > wave[high] {
            high = k;
        }
        if v < wave[low] {
            low = k;
        }
    }
    let peak = if wave[high] > -wave[low] { high } else { low };
    // The steepest negative-going (positive peak to negative peak) transition around the spike.
    let amplitude_uv = wave[high] - wave[low];
    let slope = (1..wave.len()).map(|k| (wave[k] - wave[k - 1]).abs()).fold(0.0, f64::max);
    let rise_us = 0.8 * amplitude_uv / slope * step_ms * 1000.0;
    let reach = |range: &mut dyn Iterator<Item = usize>| {
        let mut last = peak;
        for k in range {
            if wave[k].abs() > 20.0 {
                last = k;
            } else if k.abs_diff(last) as f64 * step_ms > 3.0 {
                break;
            }
        }
        last
    };
    let end = reach(&mut (peak..wave.len()));
    let start = reach(&mut (0..peak).rev());
    let mut phases = 0;
    let mut sign = 0.0;
    for &v in &wave[start..=end] {
        if v.abs() > 25.0 && v.signum() != sign {
            phases += 1;
            sign = v.signum();
        }
    }
    Mup { duration_ms: (end - start) as f64 * step_ms, amplitude_uv, phases: f64::from(phases), rise_us }
}

/// 20 units by the examiner's rule: random sites, units of low threshold, spike rise below 500 us, above 50 uV; of those, the
/// two that stand out.
fn cohort(p: &FibreParameters, units: usize, alive: &[bool], seed: Seed) -> (Mup, usize) {
    let mut found = Vec::new();
    let low_threshold = units / 5;
    for site in 0..60 {
        if found.len() >= 20 {
            break;
        }
        let placement = NeedlePlacement::random(p, units, seed.child("site").index(site));
        let model = NeedleModel::new(p, units, alive, seed, placement, RATE_HZ);
        let mut heard: Vec<Mup> = (0..low_threshold)
            .filter_map(|u| model.unit_wave(u))
            .map(measure)
            .filter(|m| m.amplitude_uv > 50.0 && m.rise_us < 500.0)
            .collect();
        heard.sort_by(|a, b| b.amplitude_uv.total_cmp(&a.amplitude_uv));
        found.extend(heard.iter().take(2).copied());
    }
    let n = found.len() as f64;
    let mean = |f: fn(&Mup) -> f64| found.iter().map(f).sum::<f64>() / n;
    let mup = Mup {
        duration_ms: mean(|m| m.duration_ms),
        amplitude_uv: mean(|m| m.amplitude_uv),
        phases: mean(|m| m.phases),
        rise_us: mean(|m| m.rise_us),
    };
    (mup, found.len())
}

/// Mean of several persons.
fn persons(p: &FibreParameters, units: usize, alive: &[bool], seeds: std::ops::Range<u64>) -> Mup {
    let n = (seeds.end - seeds.start) as f64;
    seeds.map(|s| cohort(p, units, alive, Seed::new(s)).0).fold(Mup::default(), |sum, m| Mup {
        duration_ms: sum.duration_ms + m.duration_ms / n,
        amplitude_uv: sum.amplitude_uv + m.amplitude_uv / n,
        phases: sum.phases + m.phases / n,
        rise_us: sum.rise_us + m.rise_us / n,
    })
}

#[test]
fn healthy_tibialis_anterior() {
    let mup = persons(&tibialis(), TIBIALIS, &[], 1..5);
    // de Carvalho & Swash 2013: duration 9.35 (0.93) ms, amplitude 661 (92) uV. The mean of four persons is held to two SD.
    // Density, endplates, gain and after-potential were fitted to what the examination decomposes; this is its short cut.
    assert!((7.5..11.2).contains(&mup.duration_ms), "{mup:?}");
    assert!((477.0..846.0).contains(&mup.amplitude_uv), "{mup:?}");
}

#[test]
fn healthy_biceps() {
    let biceps = FibreParameters { per_unit: 750.0, length_mm: 130.0, endplate_sd_mm: 2.5, ..tibialis() };
    let mup = persons(&biceps, 750, &[], 1..3);
    // Published 10.2 ms, 95 % within 7.4-13.0. Amplitude is not held: 780 uV here against 436 (115) published.
    assert!((7.4..13.0).contains(&mup.duration_ms), "{mup:?}");
}

#[test]
fn neurogenic_and_myopathic_change() {
    let healthy = persons(&tibialis(), TIBIALIS, &[], 1..3);
    let alive: Vec<bool> = (0..TIBIALIS).map(|u| Seed::new(9).index(u).stream("alive").uniform() > 0.8).collect();
    let chronic = persons(&FibreParameters { reinnervation: 1.0, ..tibialis() }, TIBIALIS, &alive, 1..3);
    let ratio = chronic.amplitude_uv / healthy.amplitude_uv;
    // A fifth of the units with up to five times their fibres; the choice is among a fifth as many.
    assert!((1.5..8.0).contains(&ratio) && chronic.duration_ms > 1.1 * healthy.duration_ms, "{chronic:?} {healthy:?}");
    assert!(chronic.phases > healthy.phases);
    let thinned = FibreParameters { survival: 0.5, diameter_cv: 0.35, ..tibialis() };
    let myopathic = persons(&thinned, TIBIALIS, &[], 1..3);
    assert!(myopathic.duration_ms < 0.85 * healthy.duration_ms, "{myopathic:?} {healthy:?}");
    assert!(myopathic.amplitude_uv < healthy.amplitude_uv, "{myopathic:?} {healthy:?}");
}

fn at_one_site(p: &FibreParameters, alive: &[bool]) -> NeedleModel {
    let placement = NeedlePlacement::random(p, 120, Seed::new(4));
    NeedleModel::new(p, 120, alive, Seed::new(1), placement, RATE_HZ)
}

#[test]
fn zero_lesion_is_health_to_the_bit() {
    let healthy = at_one_site(&tibialis(), &[]);
    let other = FibreParameters { reinnervation: 1.0, fibrillation: 1.0, max_innervation_ratio: 2.0, ..tibialis() };
    let same = at_one_site(&other, &[true; 120]);
    assert!((0..120).all(|u| healthy.unit_wave(u) == same.unit_wave(u)));
    assert!((0..120).filter(|&u| healthy.unit_wave(u).is_some()).count() > 20);
    assert!(healthy.fibrillation_waves().is_empty() && same.fibrillation_waves().is_empty());
}

#[test]
fn junctions_and_rest_make_the_unit() {
    let model = at_one_site(&tibialis(), &[]);
    let mut apart = 0;
    for unit in 0..120 {
        let (Some(whole), Some(pooled)) = (model.unit_wave(unit), model.pooled_wave(unit)) else { continue };
        let mut sum = pooled.to_vec();
        for j in model.junction_waves(unit) {
            apart += 1;
            assert!(!j.adopted);
            sum[j.start..j.start + j.wave.len()].iter_mut().zip(&j.wave).for_each(|(s, w)| *s += w);
        }
        assert!(whole.iter().zip(&sum).all(|(a, b)| (a - b).abs() < 1e-9));
    }
    assert!(apart > 50, "{apart}");
}

#[test]
fn denervated_fibres_fibrillate_and_reinnervation_silences_them() {
    let alive: Vec<bool> = (0..120).map(|u| u % 3 == 0).collect();
    let waves = |fibrillation: f64, reinnervation: f64| {
        let p = FibreParameters { fibrillation, reinnervation, ..tibialis() };
        at_one_site(&p, &alive).fibrillation_waves().to_vec()
    };
    let (early, late, after) = (waves(0.3, 0.0), waves(1.0, 0.0), waves(1.0, 1.0));
    assert!(early.len() < late.len() && after.len() < late.len(), "{} {} {}", early.len(), late.len(), after.len());
    assert!(late.iter().all(|w| (0.5..=15.0).contains(&w.rate_hz)));
    // A wave that passes is mainly negative, one that ends at the needle mainly, and first, positive.
    let seen = |distance_mm: f64| NeedleFibre {
        across_mm: distance_mm,
        towards_hub_mm: 0.0,
        electrode_mm: 17.0,
        half_mm: 35.0,
        velocity_mm_ms: 2.7,
        delay_ms: 0.0,
        diameter_um: 35.0,
        weight: 1.0,
    };
    let p = FibreParameters { fibrillation: 1.0, ..tibialis() };
    let made = fibrillations(&p, vec![(seen(0.3), 0.01), (seen(0.1), 0.02)], 800, 0.04);
    let ends = |w: &FibrillationWave| w.wave.iter().fold((0.0f64, 0.0f64), |(l, h), &v| (l.min(v), h.max(v)));
    let (sharp, passing) = (ends(&made[0]), ends(&made[1]));
    let at = |w: &[f64], peak: f64| w.iter().position(|&v| v == peak);
    assert!(made[0].positive && sharp.1 > 1.4 * -sharp.0 && sharp.1 > 20.0, "{sharp:?}");
    assert!(at(&made[0].wave, sharp.1) < at(&made[0].wave, sharp.0));
    assert!(!made[1].positive && -passing.0 > passing.1 && passing.1 > 0.0, "{passing:?}");
}

#[test]
fn a_cone_hears_units_longer_than_a_core_does() {
    // Against a far reference nothing takes the slow parts away; the larger surface smooths the spikes.
    let (mut longer, mut count) = (0.0, 0.0);
    for site in 0..4 {
        let (fibres, seed) = (tibialis(), Seed::new(11));
        let place = NeedlePlacement::random(&fibres, TIBIALIS, seed.index(site));
        let of = |kind| NeedleModel::of_kind(kind, &fibres, TIBIALIS, &[], seed, place, RATE_HZ);
        let (core, cone) = (of(NeedleKind::Concentric), of(NeedleKind::Monopolar));
        for unit in 0..TIBIALIS {
            let (Some(core), Some(cone)) = (core.unit_wave(unit), cone.unit_wave(unit)) else { continue };
            let (core, cone) = (measure(core), measure(cone));
            if core.amplitude_uv > 200.0 {
                longer += cone.duration_ms / core.duration_ms;
                count += 1.0;
            }
        }
    }
    assert!(count > 20.0 && (1.05..2.0).contains(&(longer / count)), "{} of {count} units", longer / count);
}
