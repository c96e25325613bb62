//! Potentials of every unit at a high-density surface array.

use crate::{Workload, reference_muscle};

pub(crate) const SURFACE_MUAP_100X64: Workload = Workload {
    name: "surface_muap_100x64",
    what: "potentials of 100 units at 8 x 8 surface electrodes on a cylinder of bone, muscle, fat and skin, all 58,755 fibres one by one, 2,048 Hz",
    cores: 1,
    build,
    neurons: 0,
};

fn build() -> Box<dyn FnMut() -> f64> {
    let fibres = reference_muscle::fibres();
    let array = reference_muscle::array();
    Box::new(move || {
        std::hint::black_box(&array.unit_potentials(&fibres, reference_muscle::UNITS));
        0.0
    })
}
