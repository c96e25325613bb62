//! Potentials of motor units at fine wires in the muscle: every fibre, every wire.
//!
//! A wire's bared tip is a point in the endless anisotropic medium ([`super::single_fibre`], whose tables and fitted uptake are used); its reference is far.
//! A bipolar wire is the difference of two tips. Fibres within 1 mm are computed at every sample, those farther off every 0.25 ms, which resolves
//! them (checked in the tests). Not filtered. Holds 5 mm and more from the endplates and the tendons.

use super::resample;
use super::single_fibre::{FINE_MM, NeedleFibre, tables};
use super::unit_potentials::UnitPotentials;
use crate::muscle::layout::{Fibre, HALF_LENGTH_CV, Supply};

/// Step at which farther fibres are computed, ms.
const SLOW_STEP_MS: f64 = 0.25;

/// Where the tip of a wire is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WireTip {
    /// Across the muscle from its axis, mm.
    pub x_mm: f64,
    /// Towards the bone from its axis, mm.
    pub y_mm: f64,
    /// Along the fibres from the middle of the endplate zone, mm.
    pub along_mm: f64,
}

/// The potentials of `units` units at the tips, uV, `rate_hz` samples a second. `fibre_length_mm` is the mean from tendon to tendon. Denervated fibres are
/// left out.
pub fn unit_potentials(
    fibres: &[Fibre],
    units: usize,
    fibre_length_mm: f64,
    tips: &[WireTip],
    rate_hz: f64,
) -> UnitPotentials {
    let window_ms = 0.5 * (1.0 + 2.0 * HALF_LENGTH_CV) * fibre_length_mm / 2.2 + 12.0;
    let samples = (window_ms * 1e-3 * rate_hz) as usize;
    let step_ms = 1000.0 / rate_hz;
    let slow_samples = (window_ms / SLOW_STEP_MS) as usize;
    let channels = tips.len();
    let mut waves = vec![0.0f32; units * samples * channels];
    let mut order: Vec<&Fibre> = fibres.iter().filter(|f| f.supply != Supply::Denervated).collect();
    order.sort_by_key(|f| f.unit);
    let tables = tables();
    let (mut fine, mut slow, mut smooth) = (vec![0.0; samples], vec![0.0; slow_samples], Vec::new());
    for of_unit in order.chunk_by(|a, b| a.unit == b.unit) {
        let unit = of_unit[0].unit as usize;
        if unit >= units {
            continue;
        }
        for (channel, tip) in tips.iter().enumerate() {
            fine.fill(0.0);
            slow.fill(0.0);
            for fibre in of_unit {
                let seen = NeedleFibre {
                    across_mm: fibre.x_mm - tip.x_mm,
                    towards_hub_mm: fibre.y_mm - tip.y_mm,
                    electrode_mm: (tip.along_mm - fibre.endplate_mm).abs(),
                    half_mm: fibre.half_length_mm(fibre_length_mm),
                    velocity_mm_ms: fibre.velocity_m_s,
                    delay_ms: fibre.terminal_delay_ms,
                    diameter_um: fibre.diameter_um,
                    weight: fibre.weight,
                };
                if seen.distance_mm() < FINE_MM {
                    seen.add_bare_tip(tables, step_ms, &mut fine);
                } else {
                    seen.add_bare_tip(tables, SLOW_STEP_MS, &mut slow);
                }
            }
            resample(&slow, SLOW_STEP_MS, rate_hz, samples, &mut smooth);
            let out = waves[unit * samples * channels..(unit + 1) * samples * channels].iter_mut();
            let sums = fine.iter().zip(&smooth);
            out.skip(channel).step_by(channels).zip(sums).for_each(|(o, (f, s))| *o = (f + s) as f32);
        }
    }
    UnitPotentials { rate_hz, channels, samples, waves }
}

#[cfg(test)]
mod tests {
    use super::super::fibre_source::{FibreGeometry, finite_fibre_potential};
    use super::super::single_fibre::{ACTION_POTENTIAL, AFTER, AFTER_SIZE, CONDUCTOR};
    use super::*;

    fn fibre(x_mm: f64, endplate_mm: f64) -> Fibre {
        Fibre {
            unit: 0,
            supply: Supply::Own,
            x_mm,
            y_mm: 0.0,
            diameter_um: 55.0,
            velocity_m_s: 3.7,
            endplate_mm,
            terminal_delay_ms: 1.0,
            weight: 1.0,
            lot: 0.5 / 4096.0,
        }
    }

    #[test]
    fn agrees_with_the_full_integral_near_and_far() {
        // Far off, where a fibre gives less than 1 uV, the fading of the tables shows.
        for (r, endplate, allowed) in [(0.3, 0.0, 0.03), (0.9, 2.0, 0.03), (1.1, -1.0, 0.04), (4.0, 0.0, 0.1)] {
            let f = fibre(r, endplate);
            let tip = WireTip { x_mm: 0.0, y_mm: 0.0, along_mm: 17.0 };
            let got = unit_potentials(&[f], 1, 80.0, &[tip], 10_240.0);
            let geometry = FibreGeometry { electrode_mm: 17.0 - endplate, first_half_mm: 40.0, second_half_mm: 40.0 };
            // What the tables scale all fibres by.
            let seen = NeedleFibre {
                across_mm: r,
                towards_hub_mm: 0.0,
                electrode_mm: 17.0,
                half_mm: 40.0,
                velocity_mm_ms: 3.7,
                delay_ms: 0.0,
                diameter_um: 55.0,
                weight: 1.0,
            };
            let (mut peak, mut worst) = (0.0f64, 0.0f64);
            for (k, v) in got.wave(0, 0).iter().enumerate() {
                let front = (k as f64 / 10.24 - 1.0) * 3.7;
                let of = |ap, size: f64| size * finite_fibre_potential(ap, &CONDUCTOR, &geometry, r, front, 0.02);
                let exact = seen.gain_uv() * (of(&ACTION_POTENTIAL, 1.0) + of(&AFTER, AFTER_SIZE));
                peak = peak.max(exact.abs());
                worst = worst.max((f64::from(*v) - exact).abs());
            }
            assert!(worst < allowed * peak, "{r} mm: {worst} of {peak}");
        }
    }

    #[test]
    fn the_denervated_and_units_beyond_the_last_are_left_out() {
        let tip = WireTip { x_mm: 0.0, y_mm: 0.0, along_mm: 15.0 };
        let fibres = [Fibre { supply: Supply::Denervated, ..fibre(0.5, 0.0) }, Fibre { unit: 3, ..fibre(0.5, 0.0) }];
        let got = unit_potentials(&fibres, 2, 80.0, &[tip, tip], 10_000.0);
        assert!(got.units() == 2 && (0..2).all(|u| got.unit(u).iter().all(|v| *v == 0.0)));
    }
}
