//! Potentials of every unit at wires in the muscle.

use tonus_physiology::field::intramuscular::{WireTip, unit_potentials};

use crate::{Workload, reference_muscle};

pub(crate) const INTRAMUSCULAR_MUAP_100X4: Workload = Workload {
    name: "intramuscular_muap_100x4",
    what: "potentials of 100 units at the tips of 4 wires, all 58,755 fibres one by one, 10,240 Hz",
    cores: 1,
    build,
    neurons: 0,
};

fn build() -> Box<dyn FnMut() -> f64> {
    let fibres = reference_muscle::fibres();
    let length_mm = reference_muscle::parameters().length_mm;
    let tips: Vec<WireTip> = [(-3.0, 0.0), (-1.0, 1.0), (1.0, -2.0), (3.0, 1.5)]
        .iter()
        .map(|&(x_mm, y_mm)| WireTip { x_mm, y_mm, along_mm: 15.0 })
        .collect();
    Box::new(move || {
        std::hint::black_box(&unit_potentials(&fibres, reference_muscle::UNITS, length_mm, &tips, 10_240.0));
        0.0
    })
}
