//! The fibres of one muscle: number, diameter, territory, endplate, and what is lost or denervated.
//!
//! Who innervates them is in [`super::innervation`], where they lie in [`super::layout`].

use serde::{Deserialize, Serialize};

use crate::math;

pub use super::innervation::{Innervation, innervation, unit_sizes};

/// What the fibres of one muscle are.
///
/// [`Default`] is a healthy adult tibialis anterior; start from it and set what differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FibreParameters {
    /// Mean fibres per motor unit in health.
    pub per_unit: f64,
    /// Largest over smallest unit, by fibre number.
    pub unit_size_range: f64,
    /// Mean diameter, um.
    pub diameter_um: f64,
    /// Mean diameter this muscle has in health, um: force goes with the square of the ratio.
    pub healthy_diameter_um: f64,
    /// Coefficient of variation of the diameter within the muscle.
    pub diameter_cv: f64,
    /// Fibre length, tendon to tendon, mm.
    pub length_mm: f64,
    /// Width of the endplate zone along the fibres, SD, mm.
    pub endplate_sd_mm: f64,
    /// Fibres of one unit per mm2 of its territory.
    pub unit_density_per_mm2: f64,
    /// Fraction of fibres left in every unit (rest replaced by fat and connective tissue); nested.
    pub survival: f64,
    /// Fraction of fibres whose membrane can be excited.
    pub excitable: f64,
    /// Fraction of fibres cut off from their endplate by segmental necrosis.
    pub segmentally_denervated: f64,
    /// Specific force relative to health.
    pub specific_tension: f64,
    /// Largest number of fibres a unit may come to hold by collateral sprouting, relative to its own.
    pub max_innervation_ratio: f64,
    /// How far reinnervation has come since the loss, 0 (fresh) to 1 (months).
    pub reinnervation: f64,
    /// How far denervated fibres have come towards spontaneous activity, 0 (first days) to 1 (weeks and after).
    pub fibrillation: f64,
    /// How far denervated neighbours have come towards ephaptic coupling, 0 to 1 (a year and after).
    pub ephaptic: f64,
    /// Chloride conductance of the membrane relative to health.
    pub chloride_conductance: f64,
    /// Depth of the muscle's upper surface under the skin electrode, mm (skin and fat).
    pub depth_mm: f64,
    /// Length of the belly along which fibres shorter than it lie staggered, mm; `None`: they lie side by side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub belly_mm: Option<f64>,
    /// Breadth of a flat muscle, mm; `None`: it is round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breadth_mm: Option<f64>,
}

impl Default for FibreParameters {
    fn default() -> Self {
        Self {
            per_unit: 562.0,           // tibialis anterior, 250 200 fibres in 445 units (Feinstein et al. 1955)
            unit_size_range: 10.0,     // assumed: an order of magnitude, as innervation ratios in cat muscle
            diameter_um: 55.0,         // Hamilton-Wright & Stashuk 2005
            healthy_diameter_um: 55.0, // as diameter_um
            diameter_cv: 9.0 / 55.0,   // Hamilton-Wright & Stashuk 2005
            length_mm: 70.0,           // tibialis anterior fascicles 60-80 mm
            endplate_sd_mm: 1.8,       // within 1.5-5.5 mm (Konstantin et al. 2020); fitted to MUP duration and phases
            unit_density_per_mm2: 6.0, // fitted to fibre density 1.6 and the MUP amplitude of tibialis anterior
            survival: 1.0,
            excitable: 1.0,
            segmentally_denervated: 0.0,
            specific_tension: 1.0,
            max_innervation_ratio: 5.0, // sprouting limit x4-5 (Gordon; McComas; from memory)
            reinnervation: 0.0,
            fibrillation: 0.0,
            ephaptic: 0.0,
            chloride_conductance: 1.0,
            depth_mm: 4.0, // skin 1 mm and fat 3 mm (Farina & Rainoldi 1999)
            belly_mm: None,
            breadth_mm: None,
        }
    }
}

/// Propagation velocity of a fibre of `diameter_um`, m/s (= mm/ms), at 36-37 C:
/// `v = 0.05 D + 0.95` (Nandedkar & Stalberg, as cited by Blijham et al. 2006).
#[inline]
pub fn velocity_m_s(diameter_um: f64) -> f64 {
    0.05 * diameter_um + 0.95
}

/// Diameters of the smallest and the largest unit over the mean of the muscle:
/// unit means 46 to 64 um about 55 (Hamilton-Wright & Stashuk 2005).
const UNIT_DIAMETER_RATIO: (f64, f64) = (46.0 / 55.0, 64.0 / 55.0);
/// SD of that ratio over units spread evenly between the two.
const UNIT_DIAMETER_SD: f64 = 18.0 / 55.0 * 0.288_675;

impl FibreParameters {
    /// Mean diameter of the fibres of unit `rank` of `units` (0 is the smallest), um.
    pub fn unit_diameter_um(&self, rank: usize, units: usize) -> f64 {
        let share = if units > 1 { rank as f64 / (units - 1) as f64 } else { 0.5 };
        let (low, high) = UNIT_DIAMETER_RATIO;
        self.diameter_um * (low + (high - low) * share)
    }

    /// Diameter of one fibre of a unit of mean `unit_diameter_um`, at standard-normal `deviate`, um.
    ///
    /// Units differ in their mean, so the spread within a unit is what is left of [`diameter_cv`](Self::diameter_cv).
    /// Held within 10-160 um (assumed: the thinnest and thickest that still conduct as single fibres).
    pub fn fibre_diameter_um(&self, unit_diameter_um: f64, deviate: f64) -> f64 {
        let within = math::sqrt((self.diameter_cv * self.diameter_cv - UNIT_DIAMETER_SD * UNIT_DIAMETER_SD).max(0.0));
        (unit_diameter_um * (1.0 + within * deviate)).clamp(10.0, 160.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn diameters_have_the_mean_and_spread_of_the_muscle() {
        let p = FibreParameters::default();
        let mut stream = Seed::new(3).stream("diameter");
        let units = 200;
        let all: Vec<f64> = (0..units)
            .flat_map(|u| (0..100).map(move |_| u))
            .map(|u| p.fibre_diameter_um(p.unit_diameter_um(u, units), stream.normal()))
            .collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let sd = math::sqrt(all.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / all.len() as f64);
        assert!((mean - 55.0).abs() < 0.3 && (sd - 9.0).abs() < 0.3, "{mean} {sd}");
        assert!((velocity_m_s(55.0) - 3.7).abs() < 1e-12);
    }
}
