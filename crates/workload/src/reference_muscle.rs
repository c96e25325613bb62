//! The muscle of the workloads that sum over fibres: 58,755 fibres in 100 units, as others have timed.

use tonus_physiology::field::electrode_grid::ElectrodeGrid;
use tonus_physiology::field::layered::LayeredConductor;
use tonus_physiology::field::layered::cylinder::CylinderLayers;
use tonus_physiology::field::surface_array::SurfaceArray;
use tonus_physiology::muscle::fibre::FibreParameters;
use tonus_physiology::muscle::layout::{Fibre, MuscleLayout};
use tonus_physiology::random::Seed;

pub(crate) const UNITS: usize = 100;
/// Fibres asked of a unit, mean: some find no room where territories crowd, and of these just 58,755 are laid out.
const PER_UNIT: f64 = 641.9725;

/// Fibres 100 mm long, as in an upper arm.
pub(crate) fn parameters() -> FibreParameters {
    FibreParameters { per_unit: PER_UNIT, length_mm: 100.0, ..FibreParameters::default() }
}

pub(crate) fn layout() -> MuscleLayout {
    MuscleLayout::new(&parameters(), UNITS, Seed::new(1))
}

pub(crate) fn fibres() -> Vec<Fibre> {
    layout().all_fibres(&[])
}

/// 8 x 8 electrodes 8 mm apart on the skin over it.
pub(crate) fn array() -> SurfaceArray {
    SurfaceArray {
        conductor: LayeredConductor::Cylinder(CylinderLayers::default()),
        grid: ElectrodeGrid::default(),
        muscle_radius_mm: layout().radius_mm(),
        fibre_length_mm: parameters().length_mm,
        rate_hz: 2048.0,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_has_the_fibres_its_workloads_are_named_for() {
        assert_eq!(super::fibres().len(), 58_755);
    }
}
