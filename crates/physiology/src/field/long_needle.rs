//! A motor unit at a needle that leads off from a surface, against a far reference: the bare cone of a monopolar needle, the cannula of a macro electrode.
//!
//! The metal is at one potential, the mean over its surface; the surface is cut into pieces along the shaft, which lies across the fibres. Every
//! fibre of the unit is taken, whole ([`super::single_fibre`], whose tables and fitted uptake are used). Not filtered. Holds 5 mm and more from the
//! endplates and the tendons.

use super::resample;
use super::single_fibre::{FINE_MM, NeedleFibre, tables};
use crate::math;
use crate::muscle::layout::{Fibre, HALF_LENGTH_CV, Supply};

/// Step at which farther fibres are computed, ms.
const SLOW_STEP_MS: f64 = 0.25;
/// Pieces that a surface is cut into.
const PIECES: usize = 15;

/// A bare surface round the shaft.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeadingSurface {
    /// Length along the shaft, mm.
    pub length_mm: f64,
    /// Radius at its deep end and at its upper end, mm.
    pub radius_mm: (f64, f64),
}

/// Monopolar needle: a cone of 0.24 mm2 (0.15-0.34), 0.5 mm long (from memory).
pub const MONOPOLAR: LeadingSurface = LeadingSurface { length_mm: 0.5, radius_mm: (0.0, 0.15) };
/// Macro electrode: the last 15 mm of a cannula of 0.55 mm (Stalberg 1980, from memory).
pub const MACRO: LeadingSurface = LeadingSurface { length_mm: 15.0, radius_mm: (0.275, 0.275) };

impl LeadingSurface {
    /// Bare area, mm2.
    pub fn area_mm2(&self) -> f64 {
        std::f64::consts::PI * (self.radius_mm.0 + self.radius_mm.1) * self.length_mm
    }

    /// Pieces: place along the shaft from the middle, towards the hub, mm; radius there, mm; share of the area.
    fn pieces(&self) -> [(f64, f64, f64); PIECES] {
        let (deep, upper) = self.radius_mm;
        std::array::from_fn(|k| {
            let along = (k as f64 + 0.5) / PIECES as f64;
            let radius = deep + (upper - deep) * along;
            ((along - 0.5) * self.length_mm, radius, 2.0 * radius / (deep + upper) / PIECES as f64)
        })
    }
}

/// A surface cut into its pieces.
pub(super) struct Cut([(f64, f64, f64); PIECES]);

impl Cut {
    pub(super) fn new(surface: &LeadingSurface) -> Self {
        Self(surface.pieces())
    }

    /// Distance of a fibre from each piece, mm, and the piece's share of the area. A fibre in the way of the shaft runs round it.
    pub(super) fn distances(&self, seen: &NeedleFibre) -> [(f64, f64); PIECES] {
        self.0.map(|(along, radius, share)| {
            let (across, beside) = (seen.across_mm.abs().max(radius), seen.towards_hub_mm - along);
            (math::sqrt(across * across + beside * beside), share)
        })
    }
}

/// Where the middle of the surface is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurfacePlacement {
    /// Across the muscle from its axis, mm.
    pub x_mm: f64,
    /// Towards the bone from its axis, mm.
    pub y_mm: f64,
    /// Along the fibres from the middle of the endplate zone, mm.
    pub along_mm: f64,
}

/// Potential of the fibres of `unit`, uV, `rate_hz` samples a second, from the nerve impulse at the muscle's nerve entry; what the junction takes is
/// not in it. `fibre_length_mm` is the mean from tendon to tendon.
pub fn unit_potential(
    fibres: &[Fibre],
    unit: usize,
    fibre_length_mm: f64,
    surface: &LeadingSurface,
    placement: SurfacePlacement,
    rate_hz: f64,
) -> Vec<f64> {
    let window_ms = 0.5 * (1.0 + 2.0 * HALF_LENGTH_CV) * fibre_length_mm / 2.2 + 12.0;
    let samples = (window_ms * 1e-3 * rate_hz) as usize;
    let (mut fine, mut slow) = (vec![0.0; samples], vec![0.0; (window_ms / SLOW_STEP_MS) as usize]);
    let (tables, cut) = (tables(), Cut::new(surface));
    for fibre in fibres.iter().filter(|f| f.unit as usize == unit && f.supply != Supply::Denervated) {
        let seen = NeedleFibre {
            across_mm: fibre.x_mm - placement.x_mm,
            towards_hub_mm: placement.y_mm - fibre.y_mm,
            electrode_mm: (placement.along_mm - fibre.endplate_mm).abs(),
            half_mm: fibre.half_length_mm(fibre_length_mm),
            velocity_mm_ms: fibre.velocity_m_s,
            delay_ms: fibre.terminal_delay_ms,
            diameter_um: fibre.diameter_um,
            weight: fibre.weight,
        };
        let distances = cut.distances(&seen);
        let nearest = distances.iter().map(|(r, _)| *r).fold(f64::INFINITY, f64::min);
        if nearest < FINE_MM {
            seen.add_bare_surface(tables, &distances, 1000.0 / rate_hz, &mut fine);
        } else {
            seen.add_bare_surface(tables, &distances, SLOW_STEP_MS, &mut slow);
        }
    }
    let mut smooth = Vec::new();
    resample(&slow, SLOW_STEP_MS, rate_hz, samples, &mut smooth);
    fine.iter().zip(&smooth).map(|(f, s)| f + s).collect()
}

#[cfg(test)]
mod tests {
    use super::super::intramuscular::{WireTip, unit_potentials};
    use super::*;

    const LENGTH_MM: f64 = 80.0;

    fn fibre(x_mm: f64, y_mm: f64) -> Fibre {
        Fibre {
            unit: 0,
            supply: Supply::Own,
            x_mm,
            y_mm,
            diameter_um: 55.0,
            velocity_m_s: 3.7,
            endplate_mm: 0.0,
            terminal_delay_ms: 1.0,
            weight: 1.0,
            lot: 0.5 / 4096.0,
        }
    }

    fn peak_to_peak(surface: &LeadingSurface, fibres: &[Fibre]) -> f64 {
        let placement = SurfacePlacement { x_mm: 0.0, y_mm: 0.0, along_mm: 17.0 };
        let wave = unit_potential(fibres, 0, LENGTH_MM, surface, placement, 20_000.0);
        let (low, high) = wave.iter().fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(*v), h.max(*v)));
        high - low
    }

    #[test]
    fn areas_are_those_of_the_needles() {
        assert!((0.15..0.34).contains(&MONOPOLAR.area_mm2()) && (25.0..27.0).contains(&MACRO.area_mm2()));
        for surface in [MONOPOLAR, MACRO] {
            assert!((surface.pieces().iter().map(|(_, _, share)| share).sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_small_surface_is_a_point() {
        let dot = LeadingSurface { length_mm: 1e-3, radius_mm: (1e-3, 1e-3) };
        let tip = WireTip { x_mm: 0.0, y_mm: 0.0, along_mm: 17.0 };
        for f in [fibre(0.3, 0.2), fibre(0.4, -2.5)] {
            let placement = SurfacePlacement { x_mm: 0.0, y_mm: 0.0, along_mm: 17.0 };
            let got = unit_potential(&[f], 0, LENGTH_MM, &dot, placement, 20_000.0);
            let expected = unit_potentials(&[f], 1, LENGTH_MM, &[tip], 20_000.0).wave(0, 0);
            let peak = expected.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
            assert!(got.iter().zip(&expected).all(|(g, e)| (g - f64::from(*e)).abs() < 1e-3 * f64::from(peak)));
        }
    }

    #[test]
    fn the_cannula_hears_every_fibre_along_it_alike_and_none_loudly() {
        // Along the shaft it does not matter where a fibre lies; the cone hears the near one only.
        let (near, along) = (fibre(0.4, 0.0), fibre(0.4, 4.0));
        let [macro_near, macro_along] = [near, along].map(|f| peak_to_peak(&MACRO, &[f]));
        assert!((0.8..1.25).contains(&(macro_along / macro_near)), "{macro_near} {macro_along}");
        let [cone_near, cone_along] = [near, along].map(|f| peak_to_peak(&MONOPOLAR, &[f]));
        assert!(
            cone_near > 30.0 * cone_along && cone_near > 10.0 * macro_near,
            "{cone_near} {cone_along} {macro_near}"
        );
        // The potential of the cannula counts fibres.
        let twice = peak_to_peak(&MACRO, &[near, fibre(-0.4, 3.0)]);
        assert!((1.8..2.2).contains(&(twice / macro_near)), "{twice}");
    }

    #[test]
    fn the_denervated_and_other_units_are_left_out() {
        let others = [Fibre { supply: Supply::Denervated, ..fibre(0.5, 0.0) }, Fibre { unit: 3, ..fibre(0.5, 0.0) }];
        assert_eq!(peak_to_peak(&MACRO, &others), 0.0);
    }
}
