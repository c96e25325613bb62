//! A stretch of nerve, with what myelin and nodes do there.

use serde::{Deserialize, Serialize};

use crate::math;

/// One stretch of a nerve, named from the cord outwards (`root`, `arm`, `elbow`, `forearm`, `hand` ...).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NerveSegment {
    /// Name of the stretch.
    pub name: String,
    /// Length, m.
    pub length_m: f64,
    /// Nerve temperature, degrees C.
    pub temperature_c: f64,
    /// Conduction velocity relative to health, 0..1 (median of the fibres).
    pub velocity_factor: f64,
    /// Scatter of that factor between fibres: SD of its natural logarithm; 0 = uniform (hereditary), larger = patchy (acquired).
    pub velocity_scatter: f64,
    /// Fraction of fibres whose impulses fail here; nested between severities.
    pub block: f64,
}

impl NerveSegment {
    /// A healthy stretch.
    pub fn healthy(name: &str, length_m: f64, temperature_c: f64) -> Self {
        Self { name: name.to_owned(), length_m, temperature_c, velocity_factor: 1.0, velocity_scatter: 0.0, block: 0.0 }
    }
}

/// Diameter spectrum of a fibre population, MRG-equivalent diameters (never compare with a biopsy).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FibreSpectrum {
    /// Mean, um.
    pub mean_um: f64,
    /// Standard deviation, um.
    pub sd_um: f64,
    /// Cut below, in SD from the mean (positive number).
    pub cut_low_sd: f64,
    /// Cut above, in SD.
    pub cut_high_sd: f64,
    /// Factor on every diameter for this person's age and height.
    pub scale: f64,
}

impl FibreSpectrum {
    /// Alpha motor axons of the arm: fastest 59 m/s at 34.5 degrees C (fitted to onset velocities of healthy ulnar nerve).
    pub fn motor_arm() -> Self {
        Self { mean_um: 10.4, sd_um: 0.75, cut_low_sd: 2.1, cut_high_sd: 2.1, scale: 1.0 }
    }

    /// Alpha motor axons of the leg: fastest 47.5 m/s at 33.5 degrees C (fitted to onset velocities of healthy fibular and tibial nerve).
    pub fn motor_leg() -> Self {
        Self { mean_um: 8.7, sd_um: 0.65, cut_low_sd: 2.0, cut_high_sd: 2.0, scale: 1.0 }
    }

    /// Large cutaneous axons of a digital nerve: to 56 m/s at 34.5 degrees C (fitted to onset velocity).
    pub fn sensory_arm() -> Self {
        Self { mean_um: 9.0, sd_um: 1.0, cut_low_sd: 3.0, cut_high_sd: 2.2, scale: 1.0 }
    }

    /// Large cutaneous axons of the sural nerve: to 49 m/s at 33.5 degrees C (fitted to onset velocity).
    pub fn sensory_leg() -> Self {
        Self { mean_um: 8.3, sd_um: 0.9, cut_low_sd: 3.0, cut_high_sd: 2.2, scale: 1.0 }
    }

    /// Diameter of the fibre at standard-normal quantile `z` of the spectrum, um: a normal distribution cut at both ends.
    pub fn diameter_um(&self, z: f64) -> f64 {
        let low = math::normal_cdf(-self.cut_low_sd);
        let high = math::normal_cdf(self.cut_high_sd);
        let p = (low + (high - low) * math::normal_cdf(z)).clamp(1e-12, 1.0 - 1e-12);
        (self.mean_um + self.sd_um * math::inverse_normal_cdf(p)) * self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diameters_follow_the_cut_normal() {
        let s = FibreSpectrum::motor_arm();
        assert!((s.diameter_um(0.0) - 10.4).abs() < 1e-6);
        assert!((s.diameter_um(6.0) - (10.4 + 2.1 * 0.75)).abs() < 1e-3);
        assert!((s.diameter_um(-6.0) - (10.4 - 2.1 * 0.75)).abs() < 1e-3);
        assert!(s.diameter_um(1.0) > s.diameter_um(0.9));
    }
}
