//! One myelinated axon as a double cable.

use tonus_physiology::nerve::double_cable::geometry::FibreGeometry;
use tonus_physiology::nerve::double_cable::{DoubleCableModel, DoubleCableParameters, Injection};

use crate::Workload;

pub(crate) const DOUBLE_CABLE_AXON: Workload = Workload {
    name: "double_cable_axon",
    what: "one axon of McIntyre, Richardson & Grill 2002 of 265 sections (25 nodes, 10 um, 37 C): 5 ms at 1 us with an impulse from end to end",
    cores: 1,
    build,
    neurons: 0,
};

/// Nodes: with 10 sections between each two they make 265.
const NODES: usize = 25;
const STEP_MS: f64 = 0.001;
const STEPS: usize = 5000;

fn build() -> Box<dyn FnMut() -> f64> {
    let model = FibreGeometry::published(10.0)
        .and_then(|g| DoubleCableModel::new(&DoubleCableParameters::healthy(g, NODES, 37.0), STEP_MS).ok());
    // The published axon is an axon; were it not, there would be nothing to time.
    let Some(model) = model else { return Box::new(|| 0.0) };
    Box::new(move || {
        let mut axon = model.at_rest();
        for step in 0..STEPS {
            let current_na = if step < 100 { 10.0 } else { 0.0 };
            model.step(&mut axon, Injection { node: 1, current_na }, None);
        }
        std::hint::black_box(axon.impulse_ms());
        STEPS as f64 * STEP_MS * 1e-3
    })
}
