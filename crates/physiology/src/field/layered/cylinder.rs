//! Bone, muscle, fat and skin as cylinders about one axis.
//!
//! In each layer the potential of order n at spatial frequency k along the axis is a sum of I_n(k rho) and K_n(k rho), in the muscle with radii
//! scaled by sqrt(s_mz/s_mr); potential and radial current go on from layer to layer and no current leaves the skin (Farina, Mesin,
//! Martina & Merletti 2004). Instead of solving seven equations at once, the admittance Y = s u'/u is carried from the skin inwards and from
//! the bone outwards, and both meet at the surface of the muscle:
//!
//! ```text
//! H_n(k; R) = u(c)/u(b) * u(d)/u(c) * w(R) / ( b [ j_w(b) - Y_b w(b) ] )
//! ```
//! where `w` is the muscle's solution that fits the bone, `j_w` its radial current, and `R` the radius of the source (by reciprocity `w(R)` is all
//! that depends on it). Holds for fibres parallel to the axis.

use super::Conductivities;
use crate::field::bessel::ModifiedBessel;
use crate::math;

/// Outer radii of the layers of a limb, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CylinderLayers {
    /// Bone; 0 for none.
    pub bone_mm: f64,
    /// Muscle.
    pub muscle_mm: f64,
    /// Fat.
    pub fat_mm: f64,
    /// Skin.
    pub skin_mm: f64,
    /// Conductivities.
    pub conductivities: Conductivities,
}

impl Default for CylinderLayers {
    fn default() -> Self {
        // The limb of Farina et al. 2004 (from memory), an upper arm.
        Self { bone_mm: 20.0, muscle_mm: 46.0, fat_mm: 49.0, skin_mm: 50.0, conductivities: Conductivities::default() }
    }
}

/// A layer without sources, seen from its inner side: what passes it, and its admittance.
struct Passed {
    gain: Vec<f64>,
    admittance: Vec<f64>,
}

impl CylinderLayers {
    /// Conductance of the limb along its axis, mm2 S/m.
    pub fn axial_conductance(&self) -> f64 {
        let c = &self.conductivities;
        let disc = |r: f64| std::f64::consts::PI * r * r;
        let (bone, muscle, fat, skin) =
            (disc(self.bone_mm), disc(self.muscle_mm), disc(self.fat_mm), disc(self.skin_mm));
        c.bone * bone + c.muscle_along * (muscle - bone) + c.fat * (fat - muscle) + c.skin * (skin - fat)
    }

    /// H_n(k; R): potential of order n at the skin of a unit current, 1/(S/m), for orders 0 to `orders` - 1: one row for each radius.
    /// `k_per_mm` is positive, radii lie between bone and muscle.
    pub fn transfer(&self, k_per_mm: f64, radii_mm: &[f64], orders: usize) -> Vec<f64> {
        let c = &self.conductivities;
        let k = k_per_mm;
        let highest = orders.saturating_sub(1);
        let bessel = |x: f64| ModifiedBessel::new(x, highest);
        let (at_b, at_c, at_d) = (bessel(k * self.muscle_mm), bessel(k * self.fat_mm), bessel(k * self.skin_mm));
        let skin = pass(c.skin * k, &at_c, &at_d, &vec![0.0; orders]);
        let fat = pass(c.fat * k, &at_b, &at_c, &skin.admittance);

        let scaled = k * math::sqrt(c.muscle_along / c.muscle_across);
        let s = c.muscle_across * scaled;
        let outer = bessel(scaled * self.muscle_mm);
        // Share of K_n in the muscle's solution, over its value at the bone.
        let (bone, share): (Option<ModifiedBessel>, Vec<f64>) = if self.bone_mm > 0.0 {
            let (inside, outside) = (bessel(k * self.bone_mm), bessel(scaled * self.bone_mm));
            let share = outside.i_over(&outer).enumerate().map(|(n, i)| {
                let y = c.bone * k * inside.i_slope(n);
                -i * (s * outside.i_slope(n) - y) / (s * outside.k_slope(n) - y)
            });
            let share = share.collect();
            (Some(outside), share)
        } else {
            (None, vec![0.0; orders])
        };
        // K_n at one place over K_n at the bone.
        let k_over_bone = |here: &ModifiedBessel| match &bone {
            Some(bone) => here.k_over(bone).collect(),
            None => vec![0.0; orders],
        };

        let at_surface = k_over_bone(&outer);
        let reach: Vec<f64> = (0..orders)
            .map(|n| {
                let (i, kn) = (1.0, share[n] * at_surface[n]);
                let current = s * (i * outer.i_slope(n) + kn * outer.k_slope(n));
                fat.gain[n] * skin.gain[n] / (self.muscle_mm * (current - fat.admittance[n] * (i + kn)))
            })
            .collect();
        let mut out = Vec::with_capacity(orders * radii_mm.len());
        for radius in radii_mm {
            let here = bessel(scaled * radius);
            let kn = k_over_bone(&here);
            out.extend(here.i_over(&outer).enumerate().map(|(n, i)| reach[n] * (i + share[n] * kn[n])));
        }
        out
    }
}

/// Carries the admittance of the outer side of a layer to its inner one. `s` is its conductivity times k.
fn pass(s: f64, inner: &ModifiedBessel, outer: &ModifiedBessel, outer_admittance: &[f64]) -> Passed {
    let (mut gain, mut admittance) = (Vec::new(), Vec::new());
    for ((n, i), k) in inner.i_over(outer).enumerate().zip(outer.k_over(inner)) {
        // u = share I_n(rho)/I_n(outer) + K_n(rho)/K_n(inner).
        let y = outer_admittance[n];
        let share = -k * (s * outer.k_slope(n) - y) / (s * outer.i_slope(n) - y);
        let within = share * i + 1.0;
        gain.push((share + k) / within);
        admittance.push(s * (share * i * inner.i_slope(n) + inner.k_slope(n)) / within);
    }
    Passed { gain, admittance }
}

#[cfg(test)]
mod tests {
    use super::super::plane::PlaneLayers;
    use super::*;

    /// A limb of the plane's layers, of outer radius `d`.
    fn limb(d: f64) -> CylinderLayers {
        CylinderLayers {
            bone_mm: 0.4 * d,
            muscle_mm: d - 4.0,
            fat_mm: d - 1.0,
            skin_mm: d,
            conductivities: Conductivities::default(),
        }
    }

    #[test]
    fn a_wide_cylinder_is_a_plane() {
        for (kx, kz) in [(0.2, 0.1), (0.5, 0.5), (1.0, 0.3)] {
            // The error falls as 1/d, so twice the wider less the narrower is a plane to second order.
            let relative = |d: f64| {
                let r = d - 6.0;
                let n = (kx * r).round() as usize;
                let all = limb(d).transfer(kz, &[r], n + 1);
                r * all[n] / PlaneLayers::default().transfer(n as f64 / r, kz, 2.0) - 1.0
            };
            let (near, far) = (relative(1006.0), relative(2006.0));
            assert!(far.abs() < 0.015 && (far / near - 0.5).abs() < 0.05, "{near} {far}");
            assert!((2.0 * far - near).abs() < 2e-4, "{near} {far}");
        }
    }

    #[test]
    fn values_from_a_direct_solution_of_the_seven_equations() {
        for (d, low, high) in [(50.0, 2.871, 0.008_91), (200.0, 2.713, 0.008_18), (1000.0, 2.673, 0.007_99)] {
            let r = d - 6.0;
            let n = |kx: f64| (kx * r).round() as usize;
            let at = |kx: f64, kz: f64| r * limb(d).transfer(kz, &[r], n(kx) + 1)[n(kx)];
            assert!((at(0.2, 0.1) / low - 1.0).abs() < 2e-3, "{d}: {}", at(0.2, 0.1));
            assert!((at(0.5, 0.5) / high - 1.0).abs() < 2e-3, "{d}: {}", at(0.5, 0.5));
        }
    }

    #[test]
    fn of_one_tissue_it_is_the_field_in_a_cylinder() {
        let s = 0.3;
        let one = Conductivities { muscle_across: s, muscle_along: s, fat: s, skin: s, bone: s };
        let limb = CylinderLayers { conductivities: one, ..Default::default() };
        let bare = CylinderLayers { bone_mm: 0.0, ..limb };
        for k in [0.01, 0.3, 2.0] {
            let (x, at) = (ModifiedBessel::new(k * 50.0, 80), ModifiedBessel::new(k * 40.0, 80));
            let direct: Vec<f64> = at.i_over(&x).enumerate().map(|(n, i)| i / (s * k * 50.0 * x.i_slope(n))).collect();
            for got in [limb.transfer(k, &[40.0], 81), bare.transfer(k, &[40.0], 81)] {
                for (n, (g, e)) in got.iter().zip(&direct).enumerate() {
                    assert!((g / e - 1.0).abs() < 1e-10, "k {k}, n {n}: {g} {e}");
                }
            }
        }
    }

    #[test]
    fn far_along_it_is_a_wire() {
        let limb = CylinderLayers::default();
        let k = 1e-4;
        let limit = std::f64::consts::TAU / limb.axial_conductance();
        assert!((k * k * limb.transfer(k, &[30.0], 1)[0] / limit - 1.0).abs() < 1e-3);
    }
}
