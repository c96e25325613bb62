use std::sync::OnceLock;

use super::super::electrode_grid::{ElectrodeShape, Montage};
use super::super::fibre_source::{Conductor, FibreGeometry, finite_fibre_potential};
use super::super::layered::Conductivities;
use super::super::layered::cylinder::CylinderLayers;
use super::super::layered::plane::PlaneLayers;
use super::*;
use crate::muscle::fibre::FibreParameters;
use crate::muscle::layout::MuscleLayout;
use crate::random::Seed;

const LENGTH_MM: f64 = 100.0;

fn layout() -> MuscleLayout {
    let p = FibreParameters { per_unit: 40.0, unit_density_per_mm2: 20.0, ..FibreParameters::default() };
    MuscleLayout::new(&p, 100, Seed::new(1))
}

fn array(conductor: LayeredConductor) -> SurfaceArray {
    SurfaceArray {
        conductor,
        grid: ElectrodeGrid { rows: 5, columns: 3, spacing_mm: 8.0, along_mm: 15.0, ..Default::default() },
        muscle_radius_mm: layout().radius_mm(),
        fibre_length_mm: LENGTH_MM,
        rate_hz: 2048.0,
    }
}

/// G'(s) at one place and electrode column, cells of `step_mm` from 0 on, summed directly: no table, half the spacing of k, and a third more band.
fn direct_kernel(a: &SurfaceArray, place: Place, column_mm: f64, step_mm: f64, cells: usize) -> Vec<f64> {
    let dk = std::f64::consts::TAU / 800.0;
    let dj = std::f64::consts::TAU / a.conductor.period_mm();
    let harmonics = (4.2 / dj) as usize;
    let x = column_mm - place.lateral_mm;
    let mut out = vec![0.0; cells];
    for line in 1..(4.2 / dk) as usize {
        let k = line as f64 * dk;
        let h = a.conductor.spectrum(k, &[place.depth_mm], harmonics);
        let across: f64 = h
            .iter()
            .enumerate()
            .map(|(j, h)| {
                let kx = dj * j as f64;
                let sides = if j == 0 { 1.0 } else { 2.0 };
                sides * h * a.grid.shape.transfer(kx, k) * libm::cos(kx * x)
            })
            .sum();
        let scale = -dk * dj * k * across / (2.0 * std::f64::consts::PI * std::f64::consts::PI);
        out.iter_mut().enumerate().for_each(|(s, o)| *o += scale * libm::sin(k * s as f64 * step_mm));
    }
    // A round limb as a wire repeated every 800 mm.
    let ramp = -dj * dk * a.conductor.wire_limit() / (4.0 * std::f64::consts::PI * std::f64::consts::PI);
    out.iter_mut().enumerate().for_each(|(s, o)| *o += ramp * s as f64 * step_mm);
    out
}

/// Unit potential by the formula of the module, fibre by fibre.
fn direct_unit(a: &SurfaceArray, fibres: &[Fibre], samples: usize, column: usize) -> Vec<Vec<f64>> {
    const STEP: f64 = 0.1;
    let mut out = vec![vec![0.0; samples]; a.grid.rows];
    for fibre in fibres {
        let f = a.seen(fibre);
        let kernel = direct_kernel(a, f.place, a.grid.column_mm(column), STEP, (f.farthest_mm / STEP) as usize + 2);
        let at = |s: f64| {
            let p = s.abs() / STEP;
            let i = p as usize;
            s.signum() * (kernel[i] + (p - i as f64) * (kernel[i + 1] - kernel[i]))
        };
        for (row, out) in out.iter_mut().enumerate() {
            let from_row = f.endplate_mm - a.grid.row_mm(row);
            let cells = (f.half_mm / STEP).ceil();
            let step = f.half_mm / cells;
            let bracket: Vec<f64> = (0..cells as usize)
                .map(|k| {
                    let z = (k as f64 + 0.5) * step;
                    at(from_row + z) - at(from_row - z)
                })
                .collect();
            for (sample, o) in out.iter_mut().enumerate() {
                let front = (sample as f64 * 1000.0 / a.rate_hz - f.delay_ms) * f.velocity;
                for (k, h) in bracket.iter().enumerate() {
                    let behind = front - (k as f64 + 0.5) * step;
                    if behind > 0.0 && behind < ACTION_POTENTIAL.support_mm() + 4.0 {
                        *o += f.gain * step * h * ACTION_POTENTIAL.slope_mv_mm(behind);
                    }
                }
            }
        }
    }
    out
}

fn worst_error(conductor: LayeredConductor, unit: u32) -> f64 {
    let a = array(conductor);
    let fibres: Vec<Fibre> = layout().all_fibres(&[]).into_iter().filter(|f| f.unit == unit).collect();
    assert!(fibres.len() > 20);
    let fast = a.unit_potentials(&fibres, unit as usize + 1);
    let (mut peak, mut worst) = (0.0f64, 0.0f64);
    for column in 0..a.grid.columns {
        for (row, direct) in direct_unit(&a, &fibres, fast.samples, column).iter().enumerate() {
            for (f, d) in fast.wave(unit as usize, row * a.grid.columns + column).iter().zip(direct) {
                peak = peak.max(d.abs());
                worst = worst.max((f64::from(*f) - d).abs());
            }
        }
    }
    println!("unit {unit}: {} fibres, peak {peak:.1} uV, error {:.3} %", fibres.len(), 100.0 * worst / peak);
    worst / peak
}

#[test]
fn a_round_limb_agrees_with_the_direct_sum() {
    for unit in [45, 80] {
        assert!(worst_error(LayeredConductor::Cylinder(CylinderLayers::default()), unit) < 0.01);
    }
}

#[test]
fn a_flat_limb_agrees_with_the_direct_sum() {
    assert!(worst_error(LayeredConductor::Plane(PlaneLayers::default()), 60) < 0.01);
}

/// One fibre of 55 um, its endplate at 0, under the middle of the skin.
fn fibre(depth_mm: f64) -> Fibre {
    Fibre {
        unit: 0,
        supply: Supply::Own,
        x_mm: 0.0,
        y_mm: depth_mm - layout().radius_mm(),
        diameter_um: 55.0,
        velocity_m_s: 3.7,
        endplate_mm: 0.0,
        terminal_delay_ms: 0.0,
        weight: 1.0,
        lot: 0.5 / 4096.0,
    }
}

#[test]
fn a_half_space_of_one_tissue_doubles_the_endless_medium() {
    let one = Conductivities { muscle_across: 0.1, muscle_along: 0.1, fat: 0.1, skin: 0.1, bone: 0.1 };
    let mut a = array(LayeredConductor::Plane(PlaneLayers { conductivities: one, ..Default::default() }));
    a.grid.shape = ElectrodeShape::Disc { radius_mm: 1e-3 };
    let got = a.unit_potentials(&[fibre(4.0)], 1);
    let medium = Conductor { sigma_r: 0.1, sigma_z: 0.1 };
    let half = fibre(4.0).half_length_mm(LENGTH_MM);
    assert!((half - 50.0).abs() < 1e-9);
    for row in 0..5 {
        let seen = FibreGeometry { electrode_mm: a.grid.row_mm(row), first_half_mm: half, second_half_mm: half };
        let (mut peak, mut worst) = (0.0f64, 0.0f64);
        for (k, v) in got.wave(0, row * 3 + 1).iter().enumerate() {
            let front = k as f64 / 2.048 * 3.7;
            let exact = 2000.0
                * medium.gain_mm2(55.0)
                * finite_fibre_potential(&ACTION_POTENTIAL, &medium, &seen, 8.0, front, 0.05);
            peak = peak.max(exact.abs());
            worst = worst.max((f64::from(*v) - exact).abs());
        }
        assert!(worst < 0.01 * peak, "row {row}: {worst} of {peak}");
    }
}

#[test]
fn a_wave_runs_along_the_array_at_its_velocity_and_dies_at_the_tendon() {
    let grid = ElectrodeGrid { rows: 10, columns: 1, spacing_mm: 5.0, along_mm: 32.5, ..Default::default() };
    let a = SurfaceArray { grid, rate_hz: 8192.0, ..array(LayeredConductor::Cylinder(CylinderLayers::default())) };
    let potentials = a.unit_potentials(&[fibre(3.0)], 1);
    let differences = grid.lead_off(Montage::SingleDifferential, potentials.unit(0));
    let channel = |c: usize| differences.iter().skip(c).step_by(9).copied().collect::<Vec<f32>>();
    let peak_ms = |c: usize| {
        let wave = channel(c);
        let at = (1..wave.len() - 1).max_by(|&i, &j| wave[i].total_cmp(&wave[j])).unwrap();
        let (b, m, n) = (f64::from(wave[at - 1]), f64::from(wave[at]), f64::from(wave[at + 1]));
        (at as f64 + 0.5 * (b - n) / (b - 2.0 * m + n)) / 8.192
    };
    // Between 17.5 and 32.5 mm from the endplate and 17.5 from the tendon.
    let velocity = 15.0 / (peak_ms(4) - peak_ms(1));
    assert!((velocity / 3.7 - 1.0).abs() < 0.02, "{velocity} m/s");
    // Monopolar, all electrodes see the extinction at the same time; beyond the tendon nothing else.
    let at_end = |row: usize| {
        let wave = potentials.wave(0, row);
        let from = (50.0 / 3.7 * 8.192) as usize;
        (from..wave.len()).max_by(|&i, &j| wave[i].abs().total_cmp(&wave[j].abs())).unwrap()
    };
    assert!(at_end(0).abs_diff(at_end(1)) <= 2);
    // The endplate's two waves leave in opposite directions: a differential pair over it sees nothing.
    let over = SurfaceArray { grid: ElectrodeGrid { rows: 2, columns: 1, ..Default::default() }, ..a };
    let pair = over.unit_potentials(&[fibre(3.0)], 1);
    let size = pair.unit(0).iter().fold(0.0f32, |m, v| m.max(v.abs()));
    let difference = over.grid.lead_off(Montage::SingleDifferential, pair.unit(0));
    assert!(size > 0.01 && difference.iter().all(|v| v.abs() < 1e-3 * size));
}

/// The whole muscle under a wider array, once for all tests.
fn whole() -> &'static (SurfaceArray, UnitPotentials) {
    static WHOLE: OnceLock<(SurfaceArray, UnitPotentials)> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let grid = ElectrodeGrid { rows: 9, columns: 11, spacing_mm: 6.0, ..Default::default() };
        let a = SurfaceArray { grid, ..array(LayeredConductor::Cylinder(CylinderLayers::default())) };
        (a, a.unit_potentials(&layout().all_fibres(&[]), 100))
    })
}

fn size(wave: &[f32]) -> f32 {
    wave.iter().fold(0.0, |m, v| m.max(v.abs()))
}

#[test]
fn every_channel_and_unit_is_there() {
    let (a, all) = whole();
    assert_eq!((all.channels, all.units()), (99, 100));
    assert!((0..100).all(|u| (0..99).all(|c| size(&all.wave(u, c)) > 0.0)));
    assert!(all.unit(100).is_empty());
    // Columns beyond the first eight are like the others: the array is symmetric, one fibre in its middle too.
    let one = a.unit_potentials(&[fibre(2.0)], 1);
    for row in 0..9 {
        for column in 0..5 {
            let (left, right) = (one.wave(0, row * 11 + column), one.wave(0, row * 11 + 10 - column));
            let largest = size(one.unit(0));
            assert!(left.iter().zip(&right).all(|(l, r)| (l - r).abs() < 1e-4 * largest), "{row} {column}");
        }
    }
}

#[test]
fn fat_and_depth_lower_what_is_recorded() {
    let unit_size = |fat_mm: f64, depth: f64| {
        let layers = CylinderLayers { muscle_mm: 49.0 - fat_mm, ..CylinderLayers::default() };
        let a = array(LayeredConductor::Cylinder(layers));
        let potentials = a.unit_potentials(&[fibre(depth)], 1);
        size(&a.grid.lead_off(Montage::SingleDifferential, potentials.unit(0)))
    };
    let thin = unit_size(3.0, 2.0);
    assert!((0.65..0.95).contains(&(unit_size(4.0, 2.0) / thin)), "{} {thin}", unit_size(4.0, 2.0));
    assert!(unit_size(3.0, 7.0) < 0.5 * thin);
}

#[test]
fn same_bits_whatever_else_is_computed_and_no_wave_of_the_dead() {
    let (a, _) = whole();
    let fibres = layout().all_fibres(&[]);
    let twice = [a.unit_potentials(&fibres[..2000], 100), a.unit_potentials(&fibres[..2000], 100)];
    assert_eq!(twice[0], twice[1]);
    let dead: Vec<Fibre> = fibres[..50].iter().map(|f| Fibre { supply: Supply::Denervated, ..*f }).collect();
    let silent = a.unit_potentials(&dead, 2);
    assert!(silent.unit(0).iter().all(|v| *v == 0.0));
}
