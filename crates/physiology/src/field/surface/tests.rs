use super::super::add_wave;
use super::super::fibre_source::{FibreGeometry, finite_fibre_potential};
use super::*;

const RATE_HZ: f64 = 20_000.0;

fn hypothenar() -> FibreParameters {
    FibreParameters { per_unit: 200.0, length_mm: 40.0, endplate_sd_mm: 2.0, depth_mm: 3.0, ..Default::default() }
}

fn interosseous() -> FibreParameters {
    FibreParameters { per_unit: 340.0, length_mm: 30.0, endplate_sd_mm: 2.0, depth_mm: 3.0, ..Default::default() }
}

fn build(p: &FibreParameters, units: usize, alive: &[bool], seed: u64) -> CompoundModel {
    CompoundModel::new(p, units, alive, &JunctionParameters::default(), Seed::new(seed), RATE_HZ)
}

/// Sum of all units whose axons of 45-60 m/s are stimulated 8 cm away; volley arrives about sample 60.
fn cmap(model: &CompoundModel) -> Vec<f64> {
    let mut out = vec![0.0; 1000];
    for unit in 0..model.units() {
        let velocity = 45.0 + 15.0 * Seed::new(5).index(unit).stream("axon").uniform();
        add_wave(&mut out, RATE_HZ, 0.080 / velocity + 0.002, model.unit_wave(unit), 1.0);
    }
    out
}

/// Baseline to negative peak (mV), duration of the negative phase (ms), of which sign the first 5 % deflection is.
/// Electrically negative is the negative sample here.
fn negative_peak(wave: &[f64]) -> (f64, f64, f64) {
    let low = wave.iter().copied().fold(0.0, f64::min);
    let at = wave.iter().position(|&v| v == low).unwrap_or(0);
    let level = 0.02 * low;
    let from = wave[..at].iter().rposition(|&v| v > level).unwrap_or(0);
    let to = at + wave[at..].iter().position(|&v| v > 0.0).unwrap_or(0);
    let first = wave.iter().copied().find(|v| v.abs() > 0.05 * low.abs()).unwrap_or(0.0);
    (-low, (to - from) as f64 * 1000.0 / RATE_HZ, first)
}

#[test]
fn healthy_cmap_has_its_size_duration_and_shape() {
    for (p, units, duration) in [(hypothenar(), 150, 5.0..6.6), (interosseous(), 120, 4.2..6.6)] {
        for seed in 1..4 {
            let model = build(&p, units, &[], seed);
            let wave = cmap(&model);
            let (amplitude, negative_ms, first) = negative_peak(&wave);
            let positive = wave.iter().copied().fold(0.0, f64::max);
            assert!((8.0..13.6).contains(&amplitude), "{amplitude} mV");
            assert!(duration.contains(&negative_ms), "{negative_ms} ms");
            assert!(
                first < 0.0 && positive > 0.3 * amplitude && positive < amplitude,
                "{first} {positive} {amplitude}"
            );
            assert!(wave[600..].iter().all(|v| v.abs() < 0.01 * amplitude));
        }
    }
}

#[test]
fn healthy_units_have_their_size() {
    let model = build(&hypothenar(), 150, &[], 1);
    let peaks: Vec<f64> = (0..150).map(|u| 1000.0 * negative_peak(model.unit_wave(u)).0).collect();
    let mean = peaks.iter().sum::<f64>() / 150.0;
    let largest = peaks.iter().copied().fold(0.0, f64::max);
    assert!((45.0..90.0).contains(&mean), "{mean} uV");
    assert!((3.0..6.0).contains(&(largest / mean)), "largest over mean {}", largest / mean);
}

#[test]
fn groups_sum_to_the_unit_and_do_not_change_it() {
    let p = hypothenar();
    let weak = JunctionParameters { release: 0.3, ..JunctionParameters::default() };
    let healthy = build(&p, 20, &[], 3);
    let model = CompoundModel::new(&p, 20, &[], &weak, Seed::new(3), RATE_HZ);
    for unit in 0..20 {
        let (four, eight) = (healthy.subwaves(unit), model.subwaves(unit));
        assert_eq!((four.len(), eight.len()), (4, 8));
        assert!((eight.iter().map(|s| s.weight).sum::<f64>() - 1.0).abs() < 1e-12);
        for k in 0..healthy.unit_wave(unit).len() {
            let whole = healthy.unit_wave(unit)[k];
            for parts in [four, eight] {
                assert!((parts.iter().map(|s| s.wave[k]).sum::<f64>() - whole).abs() < 1e-12);
            }
            assert!((model.unit_wave(unit)[k] - whole).abs() < 1e-12);
        }
    }
}

#[test]
fn loss_lowers_and_sprouting_restores() {
    let healthy = hypothenar();
    let alive: Vec<bool> = (0..150).map(|u| u % 2 == 0).collect();
    let peak = |p: &FibreParameters, alive: &[bool]| negative_peak(&cmap(&build(p, 150, alive, 1))).0;
    let whole = peak(&healthy, &[]);
    let fresh = peak(&healthy, &alive);
    let old = peak(&FibreParameters { reinnervation: 1.0, ..healthy.clone() }, &alive);
    assert!((fresh / whole - 0.5).abs() < 0.05, "{fresh} of {whole}");
    assert!(old > 0.8 * whole && old < 1.05 * whole, "{old} of {whole}");
    let half = peak(&FibreParameters { survival: 0.5, ..healthy.clone() }, &[]);
    assert!((half / whole - 0.5).abs() < 1e-6);
    assert!(build(&healthy, 150, &alive, 1).unit_wave(1).is_empty());
    // What a lesion does not touch keeps its bits.
    let other = FibreParameters { reinnervation: 1.0, fibrillation: 1.0, ..healthy.clone() };
    assert_eq!(build(&healthy, 150, &[], 1).unit_wave(7), build(&other, 150, &[], 1).unit_wave(7));
}

#[test]
fn tables_agree_with_the_full_integral() {
    let half = 20.0;
    let table = Table::new(half, 0.0);
    for (r, endplate) in [(3.0, 0.0), (6.0, 2.0), (12.0, -3.0)] {
        let fibre = Representative { r_mm: r, endplate_mm: endplate, delay_ms: 0.0, diameter_um: 55.0, lot: 0.5 };
        let mut fast = vec![0.0; 60];
        table.add(&fibre, 0.0, 1.0, &mut fast);
        let gain = 2.0 * CMAP_GAIN * Conductor::SURFACE.gain_mm2(55.0);
        let mut largest: f64 = 0.0;
        let mut worst: f64 = 0.0;
        for (k, &got) in fast.iter().enumerate() {
            let front = k as f64 * STEP_MS * 3.7 * COOL_VELOCITY;
            let mut full = 0.0;
            for (electrode, sign) in [(0.0, 1.0), (half + BEYOND_TENDON_MM, -1.0)] {
                // The disc by plain rings.
                let rings = 6;
                for i in 0..rings {
                    let rho = ELECTRODE_RADIUS_MM * libm::sqrt((f64::from(i) + 0.5) / f64::from(rings));
                    for (j, (ratio, share)) in (0..12).flat_map(|j| HALF_LENGTHS.map(|h| (j, h))) {
                        let angle = f64::from(j) * std::f64::consts::TAU / 12.0;
                        let across = rho * libm::cos(angle);
                        let geometry = FibreGeometry {
                            electrode_mm: electrode + rho * libm::sin(angle) - endplate,
                            first_half_mm: ratio * half,
                            second_half_mm: ratio * half,
                        };
                        full += sign * share * gain / 72.0
                            * finite_fibre_potential(
                                &ACTION_POTENTIAL,
                                &Conductor::SURFACE,
                                &geometry,
                                libm::sqrt(r * r + across * across),
                                front,
                                0.1,
                            );
                    }
                }
            }
            largest = largest.max(full.abs());
            worst = worst.max((full - got).abs());
        }
        assert!(worst < 0.05 * largest, "{r} mm, endplate {endplate}: {worst} of {largest}");
    }
}

#[test]
fn a_long_belly_and_a_broad_sheet_are_seen_in_part() {
    let peak = |p: &FibreParameters| negative_peak(&cmap(&build(p, 150, &[], 1)));
    let side_by_side = peak(&hypothenar());
    let as_long = peak(&FibreParameters { belly_mm: Some(40.0), ..hypothenar() });
    assert_eq!(side_by_side, as_long, "a belly as long as its fibres staggers none");
    let amplitudes: Vec<f64> =
        [40.0, 70.0, 110.0, 160.0].map(|mm| peak(&FibreParameters { belly_mm: Some(mm), ..hypothenar() }).0).to_vec();
    assert!(amplitudes.windows(2).all(|w| w[1] < w[0]), "{amplitudes:?}");
    let sheet = peak(&FibreParameters { breadth_mm: Some(60.0), ..hypothenar() });
    assert!(sheet.0 < 0.8 * side_by_side.0 && sheet.0 > 0.2 * side_by_side.0, "{sheet:?} of {side_by_side:?}");
}
