//! The action potential of a muscle fibre as a travelling source with a beginning and an end.
//!
//! ```text
//! V(u)   = A s^3 e^-s,  s = lambda u            u mm behind the front          (Rosenfalck 1969)
//! i(z,t) = sigma_i pi a^2 d/dz [ dV/dz within the fibre ]                      (Dimitrov & Dimitrova 1998;
//!                                                                               Farina & Merletti 2001)
//! phi    = sigma_i a^2 / (4 sigma_r) * integral of d/dz[dV/dz] / sqrt(K r^2 + (z - z_e)^2) dz,  K = sigma_z / sigma_r
//! ```
//! Two waves leave the endplate; each ends at its tendon. Because the *bounded* dipole density is differentiated,
//! generation and extinction come by themselves and the source sums to zero at every instant.
//! Holds for an infinite anisotropic medium and a fibre thin against its distance; no refractoriness, no temperature.

use crate::math;

/// Amplitude of the intracellular potential, mV (Rosenfalck 1969, as used by Farina & Merletti 2001).
const AMPLITUDE_MV: f64 = 96.0;
/// Intracellular conductivity, S/m (Andreassen & Rosenfalck 1980).
pub const SIGMA_I: f64 = 1.01;

/// The intracellular action potential along a fibre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActionPotential {
    /// Inverse length, 1/mm: 2 at a needle (Nandedkar & Stalberg 1983), 1 for surface models (Rosenfalck 1969).
    pub lambda_per_mm: f64,
}

/// A conducting medium, anisotropic along the fibres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conductor {
    /// Across the fibres, S/m.
    pub sigma_r: f64,
    /// Along the fibres, S/m.
    pub sigma_z: f64,
}

impl Conductor {
    /// Muscle about a needle: 0.063 and 0.33 S/m (Andreassen & Rosenfalck 1980).
    pub const NEEDLE: Self = Self { sigma_r: 0.063, sigma_z: 0.33 };
    /// Muscle under surface electrodes: 0.1 and 0.5 S/m (Farina & Merletti 2001).
    pub const SURFACE: Self = Self { sigma_r: 0.1, sigma_z: 0.5 };

    /// sigma_z / sigma_r.
    pub fn anisotropy(&self) -> f64 {
        self.sigma_z / self.sigma_r
    }

    /// sigma_i a^2 / (4 sigma_r) for a fibre of `diameter_um`, mm2: turns table values (mV/mm2) into mV.
    pub fn gain_mm2(&self, diameter_um: f64) -> f64 {
        let a_mm = 0.5e-3 * diameter_um;
        SIGMA_I * a_mm * a_mm / (4.0 * self.sigma_r)
    }
}

/// 1/sqrt(K r^2 + z^2), its first and its second derivative in z.
#[inline]
pub fn weight(kr2: f64, z: f64) -> (f64, f64, f64) {
    let q = 1.0 / (kr2 + z * z);
    let w = q.sqrt();
    (w, -z * q * w, (2.0 * z * z - kr2) * q * q * w)
}

impl ActionPotential {
    /// Length beyond which the wave is over (s = 14, where V is below 0.2 % of its peak), mm.
    pub fn support_mm(&self) -> f64 {
        14.0 / self.lambda_per_mm
    }

    /// Potential above rest `u_mm` behind the front, mV.
    pub fn voltage_mv(&self, u_mm: f64) -> f64 {
        if u_mm <= 0.0 {
            return 0.0;
        }
        let s = self.lambda_per_mm * u_mm;
        AMPLITUDE_MV * s * s * s * math::exp(-s)
    }

    /// Slope dV/du, mV/mm.
    pub fn slope_mv_mm(&self, u_mm: f64) -> f64 {
        if u_mm <= 0.0 {
            return 0.0;
        }
        let s = self.lambda_per_mm * u_mm;
        AMPLITUDE_MV * self.lambda_per_mm * (3.0 - s) * s * s * math::exp(-s)
    }

    /// Curvature d2V/du2, mV/mm2.
    pub fn curvature_mv_mm2(&self, u_mm: f64) -> f64 {
        if u_mm <= 0.0 {
            return 0.0;
        }
        let s = self.lambda_per_mm * u_mm;
        AMPLITUDE_MV * self.lambda_per_mm * self.lambda_per_mm * s * (6.0 - 6.0 * s + s * s) * math::exp(-s)
    }

    /// Share of the area under V that lies within `u_mm` of the front, 0..1.
    pub fn share_within(&self, u_mm: f64) -> f64 {
        if u_mm <= 0.0 {
            return 0.0;
        }
        let s = self.lambda_per_mm * u_mm;
        1.0 - math::exp(-s) * (1.0 + s * (1.0 + s * (0.5 + s / 6.0)))
    }
}

/// A fibre seen from an electrode: distances along it, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FibreGeometry {
    /// From the endplate to the electrode along the fibre; positive towards the first tendon.
    pub electrode_mm: f64,
    /// From the endplate to the first tendon.
    pub first_half_mm: f64,
    /// From the endplate to the second tendon.
    pub second_half_mm: f64,
}

/// Writes the transmembrane current per length over (sigma_i pi a^2), mV/mm2, on a grid along the fibre, when the
/// fronts have run `front_mm`. `out[k]` is the mean over the cell from `start_mm + k step_mm`, `start_mm` before the
/// second tendon (endplate at 0); the cells sum to zero at every time.
pub fn bounded_source(
    ap: &ActionPotential,
    fibre: &FibreGeometry,
    front_mm: f64,
    start_mm: f64,
    step_mm: f64,
    out: &mut [f64],
) {
    // Dipole density dV/dz inside the fibre, nothing outside; V falls in the direction of travel.
    let dipole = |z: f64| {
        if z > fibre.first_half_mm || z < -fibre.second_half_mm {
            0.0
        } else if z >= 0.0 {
            -ap.slope_mv_mm(front_mm - z)
        } else {
            ap.slope_mv_mm(front_mm + z)
        }
    };
    let mut before = dipole(start_mm);
    for (k, cell) in out.iter_mut().enumerate() {
        let after = dipole(start_mm + (k as f64 + 1.0) * step_mm);
        *cell = (after - before) / step_mm;
        before = after;
    }
}

/// Potential of a finite fibre at one point `r_mm` from it, in full (midpoint rule over the dipole density), mV/mm2:
/// times [`Conductor::gain_mm2`] it is mV. `front_mm` is velocity times time since the endplate fired.
pub fn finite_fibre_potential(
    ap: &ActionPotential,
    conductor: &Conductor,
    fibre: &FibreGeometry,
    r_mm: f64,
    front_mm: f64,
    step_mm: f64,
) -> f64 {
    let kr2 = conductor.anisotropy() * r_mm * r_mm;
    let mut sum = 0.0;
    for (half_mm, electrode_mm) in
        [(fibre.first_half_mm, fibre.electrode_mm), (fibre.second_half_mm, -fibre.electrode_mm)]
    {
        let from = (front_mm - half_mm).max(0.0);
        let to = front_mm.min(ap.support_mm());
        if to <= from {
            continue;
        }
        let cells = ((to - from) / step_mm).ceil().max(1.0);
        let step = (to - from) / cells;
        for k in 0..cells as usize {
            let u = from + (k as f64 + 0.5) * step;
            sum += ap.slope_mv_mm(u) * weight(kr2, front_mm - u - electrode_mm).1 * step;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDLE: ActionPotential = ActionPotential { lambda_per_mm: 2.0 };

    #[test]
    fn derivatives_and_area_belong_to_one_another() {
        let h = 1e-5;
        for k in 1..60 {
            let u = f64::from(k) * 0.1;
            let slope = (NEEDLE.voltage_mv(u + h) - NEEDLE.voltage_mv(u - h)) / (2.0 * h);
            let curvature = (NEEDLE.slope_mv_mm(u + h) - NEEDLE.slope_mv_mm(u - h)) / (2.0 * h);
            let area = (NEEDLE.share_within(u + h) - NEEDLE.share_within(u - h)) / (2.0 * h) * AMPLITUDE_MV * 6.0 / 2.0;
            assert!((slope - NEEDLE.slope_mv_mm(u)).abs() < 1e-5);
            assert!((curvature - NEEDLE.curvature_mv_mm2(u)).abs() < 1e-4);
            assert!((area - NEEDLE.voltage_mv(u)).abs() < 1e-5);
        }
    }

    #[test]
    fn the_source_sums_to_zero_from_birth_to_extinction() {
        let fibre = FibreGeometry { electrode_mm: 8.0, first_half_mm: 31.0, second_half_mm: 24.0 };
        let mut cells = vec![0.0; 1200];
        let mut largest: f64 = 0.0;
        for q in 0..200 {
            bounded_source(&NEEDLE, &fibre, f64::from(q) * 0.25, -28.0, 0.05, &mut cells);
            let sum: f64 = cells.iter().sum();
            let size: f64 = cells.iter().map(|c| c.abs()).sum();
            largest = largest.max(size);
            assert!(sum.abs() <= 1e-10 * (1.0 + size), "front {q}: {sum} of {size}");
        }
        assert!(largest > 1000.0);
    }

    #[test]
    fn full_potential_is_the_field_of_the_bounded_source() {
        let fibre = FibreGeometry { electrode_mm: 12.0, first_half_mm: 20.0, second_half_mm: 26.0 };
        let kr2 = Conductor::NEEDLE.anisotropy();
        let mut cells = vec![0.0; 6000];
        for front in [1.0, 4.0, 9.0, 12.5, 16.0, 21.0, 24.0, 28.0] {
            bounded_source(&NEEDLE, &fibre, front, -28.0, 0.01, &mut cells);
            let direct: f64 = cells
                .iter()
                .enumerate()
                .map(|(k, i)| i * 0.01 * weight(kr2, -28.0 + (k as f64 + 0.5) * 0.01 - 12.0).0)
                .sum();
            let full = finite_fibre_potential(&NEEDLE, &Conductor::NEEDLE, &fibre, 1.0, front, 0.02);
            assert!((direct - full).abs() < 0.003 * full.abs() + 0.02, "front {front}: {direct} {full}");
        }
    }
}
