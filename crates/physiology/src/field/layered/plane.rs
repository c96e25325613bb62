//! Muscle half-space under a layer of fat and one of skin.
//!
//! ```text
//! ky = sqrt(kx^2 + kz^2)   kya = sqrt(kx^2 + Ra kz^2)   Ra = s_mz/s_mr   Rc = s_skin/s_fat   Rm = s_fat/s_mr
//! alpha(h) = kya + ky Rm tanh(ky h)
//! H(kx,kz) = (2/s_mr) e^(-kya depth) / [ (1+Rc) cosh(ky(h1+h2)) alpha(h1+h2) + (1-Rc) cosh(ky(h1-h2)) alpha(h1-h2) ]
//! ```
//! `h1` fat, `h2` skin (Farina & Rainoldi 1999; Farina & Merletti 2001). Holds where the limb is flat against the distances that matter.

use super::Conductivities;
use crate::math;

/// Fields of sources this far apart across the fibres do not meet, mm: period of the plane's harmonics.
pub const PERIOD_MM: f64 = 320.0;

/// The layers over a flat muscle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaneLayers {
    /// Thickness of the fat, mm.
    pub fat_mm: f64,
    /// Thickness of the skin, mm.
    pub skin_mm: f64,
    /// Conductivities.
    pub conductivities: Conductivities,
}

impl Default for PlaneLayers {
    fn default() -> Self {
        // Farina & Rainoldi 1999.
        Self { fat_mm: 3.0, skin_mm: 1.0, conductivities: Conductivities::default() }
    }
}

impl PlaneLayers {
    /// H: spectrum of the potential at the skin of a unit current `depth_mm` below the surface of the muscle, mm/(S/m).
    /// `kx` across and `kz` along the fibres, rad/mm, not both 0.
    pub fn transfer(&self, kx: f64, kz: f64, depth_mm: f64) -> f64 {
        let c = &self.conductivities;
        let ky = math::sqrt(kx * kx + kz * kz);
        let kya = math::sqrt(kx * kx + c.muscle_along / c.muscle_across * kz * kz);
        let rc = c.skin / c.fat;
        let rm = c.fat / c.muscle_across;
        let term = |h: f64| math::cosh(ky * h) * (kya + ky * rm * math::tanh(ky * h));
        let (sum, difference) = (self.fat_mm + self.skin_mm, self.fat_mm - self.skin_mm);
        2.0 / c.muscle_across * math::exp(-kya * depth_mm) / ((1.0 + rc) * term(sum) + (1.0 - rc) * term(difference))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_direct_solution_of_the_boundary_conditions() {
        // Depth 2 mm; a 4 x 4 system of continuity of potential and current, solved apart.
        for (kx, kz, h) in [
            (0.2, 0.1, 2.662_575_458_34),
            (0.5, 0.5, 7.948_732_26e-3),
            (1.0, 0.3, 1.718_322_33e-3),
            (2.0, 1.0, 1.511_638_68e-7),
        ] {
            let got = PlaneLayers::default().transfer(kx, kz, 2.0);
            assert!((got / h - 1.0).abs() < 1e-6, "H({kx}, {kz}) = {got}");
        }
    }

    #[test]
    fn of_one_isotropic_tissue_it_is_a_half_space() {
        let one = Conductivities { muscle_across: 0.3, muscle_along: 0.3, fat: 0.3, skin: 0.3, bone: 0.3 };
        let layers = PlaneLayers { conductivities: one, ..Default::default() };
        // 2D transform of 2 / (4 pi s r): e^(-k depth) / (s k).
        let k = libm::sqrt(0.3 * 0.3 + 0.4 * 0.4);
        let expected = libm::exp(-k * (2.0 + 4.0)) / (0.3 * k);
        assert!((layers.transfer(0.3, 0.4, 2.0) / expected - 1.0).abs() < 1e-12);
    }
}
