//! Every fibre of a muscle, laid out.

use crate::{Workload, reference_muscle};

pub(crate) const FIBRE_LAYOUT_58755: Workload = Workload {
    name: "fibre_layout_58755",
    what: "58,755 fibres of 100 units laid out: unit, place, diameter, velocity, endplate and length of each",
    cores: 1,
    build: || {
        Box::new(|| {
            std::hint::black_box(&reference_muscle::fibres());
            0.0
        })
    },
    neurons: 0,
};
