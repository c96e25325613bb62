//! A limb of layers as a volume conductor: bone, muscle, fat and skin, and electrodes on it.
//!
//! | file | what is in it |
//! |---|---|
//! | [`plane`] | muscle half-space under fat and skin (Farina & Rainoldi 1999; Farina & Merletti 2001) |
//! | [`cylinder`] | bone, muscle, fat and skin about one axis (Farina, Mesin, Martina & Merletti 2004) |
//!
//! Both give the potential at the skin of a point current in the muscle as a spectrum over the spatial frequency `k` along the fibres
//! and a harmonic `j` across them; what turns it into a field is the same for both. Unit potentials made with it: [`super::surface_array`].

pub mod cylinder;
pub mod plane;

use self::cylinder::CylinderLayers;
use self::plane::PlaneLayers;
use crate::math;

/// Conductivities of the tissues, S/m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conductivities {
    /// Muscle across the fibres.
    pub muscle_across: f64,
    /// Muscle along the fibres.
    pub muscle_along: f64,
    /// Fat.
    pub fat: f64,
    /// Skin.
    pub skin: f64,
    /// Bone; only the cylinder has one.
    pub bone: f64,
}

impl Default for Conductivities {
    fn default() -> Self {
        Self {
            muscle_across: 0.1, // as Conductor::SURFACE (Farina & Merletti 2001)
            muscle_along: 0.5,  // same
            fat: 0.05,          // same
            skin: 1.0,          // same: moist skin
            bone: 0.02,         // Farina et al. 2004 (from memory)
        }
    }
}

/// The conductor round a muscle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LayeredConductor {
    /// A flat limb.
    Plane(PlaneLayers),
    /// A round limb.
    Cylinder(CylinderLayers),
}

/// Where a fibre lies in a conductor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Below the muscle's surface, mm.
    pub depth_mm: f64,
    /// Over which point of the skin, mm along it from the middle.
    pub lateral_mm: f64,
}

impl LayeredConductor {
    /// Place of a fibre `across_mm` from the vertical through the middle of the skin and `depth_mm` below the muscle's highest point.
    pub fn place(&self, across_mm: f64, depth_mm: f64) -> Place {
        match self {
            Self::Plane(_) => Place { depth_mm, lateral_mm: across_mm },
            Self::Cylinder(c) => {
                let upward = c.muscle_mm - depth_mm;
                let radius = math::sqrt(across_mm * across_mm + upward * upward);
                Place { depth_mm: c.muscle_mm - radius, lateral_mm: c.skin_mm * math::atan2(across_mm, upward) }
            }
        }
    }

    /// Deepest place at which a fibre can lie, mm.
    pub fn deepest_mm(&self) -> f64 {
        match self {
            Self::Plane(_) => f64::INFINITY,
            Self::Cylinder(c) => c.muscle_mm - c.bone_mm,
        }
    }

    /// Distance over which the skin repeats itself across the fibres, mm: the girth, or for a plane one wide enough not to matter.
    pub fn period_mm(&self) -> f64 {
        match self {
            Self::Plane(_) => plane::PERIOD_MM,
            Self::Cylinder(c) => std::f64::consts::TAU * c.skin_mm,
        }
    }

    /// Spectrum of the skin's potential, mm/(S/m), for harmonics 0, 1, ... of the period: one row of `harmonics` values for each depth.
    pub fn spectrum(&self, k_per_mm: f64, depths_mm: &[f64], harmonics: usize) -> Vec<f64> {
        match self {
            Self::Plane(p) => {
                let kx = |j: usize| std::f64::consts::TAU * j as f64 / plane::PERIOD_MM;
                let of_depth = |d: &f64| {
                    let d = *d;
                    (0..harmonics).map(move |j| p.transfer(kx(j), k_per_mm, d))
                };
                depths_mm.iter().flat_map(of_depth).collect()
            }
            Self::Cylinder(c) => {
                let radii: Vec<f64> = depths_mm.iter().map(|d| c.muscle_mm - d).collect();
                let mut all = c.transfer(k_per_mm, &radii, harmonics);
                // From (1/2 pi) sum over n to (1/period) sum over n.
                all.iter_mut().for_each(|h| *h *= c.skin_mm);
                all
            }
        }
    }

    /// Limit of `k^2` times the spectrum's harmonic 0 at k = 0, 1/(mm S/m): a limb of finite section conducts like a wire far away.
    pub fn wire_limit(&self) -> f64 {
        match self {
            Self::Plane(_) => 0.0,
            Self::Cylinder(c) => std::f64::consts::TAU * c.skin_mm / c.axial_conductance(),
        }
    }
}
