use super::*;

fn axon(fibre_um: f64, nodes: usize, temperature_c: f64, step_ms: f64) -> DoubleCableModel {
    let geometry = FibreGeometry::published(fibre_um).expect("a published diameter");
    DoubleCableModel::new(&DoubleCableParameters::healthy(geometry, nodes, temperature_c), step_ms).expect("an axon")
}

fn lesioned(myelin: Vec<Myelin>, temperature_c: f64) -> DoubleCableModel {
    let geometry = FibreGeometry::published(10.0).expect("a published diameter");
    DoubleCableModel::new(&DoubleCableParameters { geometry, myelin, temperature_c }, 0.005).expect("an axon")
}

#[test]
fn conducts_as_fast_as_the_published_axon() {
    // The same axon in NEURON, step 2 us.
    for (fibre_um, velocity) in [(5.7, 24.8), (10.0, 54.1), (16.0, 90.7)] {
        let ours = axon(fibre_um, 41, 37.0, 0.002).conduction_velocity_m_s().expect("conducts");
        assert!((ours / velocity - 1.0).abs() < 0.03, "{fibre_um}: {ours}");
    }
}

#[test]
fn rests_where_it_is_left() {
    let model = axon(10.0, 5, 37.0, 0.005);
    let mut state = model.at_rest();
    for _ in 0..2000 {
        model.step(&mut state, Injection::NONE, None);
    }
    assert!(state.node_mv().iter().all(|v| (v - REST_MV).abs() < 1.0), "{:?}", state.node_mv());
    assert!(state.impulse_ms().iter().all(Option::is_none));
}

#[test]
fn a_field_that_is_the_same_everywhere_does_nothing() {
    let model = axon(10.0, 5, 37.0, 0.005);
    let (mut with, mut without) = (model.at_rest(), model.at_rest());
    for _ in 0..200 {
        model.step(&mut with, Injection::NONE, Some(&vec![25.0; model.compartments()]));
        model.step(&mut without, Injection::NONE, None);
    }
    for (a, b) in with.node_mv().iter().zip(without.node_mv()) {
        assert!((a - b).abs() < 1e-6);
    }
}

#[test]
fn is_saved_and_restored_to_the_bit() {
    let model = axon(8.7, 21, 34.0, 0.005);
    let mut running = model.at_rest();
    let step = |state: &mut DoubleCable| model.step(state, Injection { node: 1, current_na: 3.0 }, None);
    for _ in 0..60 {
        step(&mut running);
    }
    let json = serde_json::to_string(&running).expect("to JSON");
    let mut restored: DoubleCable = serde_json::from_str(&json).expect("from JSON");
    for _ in 0..60 {
        step(&mut running);
        step(&mut restored);
    }
    assert_eq!(running.node_mv(), restored.node_mv());
    assert_eq!(running.impulse_ms(), restored.impulse_ms());
}

#[test]
fn thinner_myelin_slows_and_at_last_blocks() {
    let all =
        |lamellae: f64| lesioned(vec![Myelin { lamellae, ..Myelin::HEALTHY }; 40], 37.0).conduction_velocity_m_s();
    let velocities: Vec<f64> = [1.0, 0.5, 0.25, 0.1].into_iter().filter_map(all).collect();
    assert_eq!(velocities.len(), 4);
    assert!(velocities.windows(2).all(|pair| pair[1] < pair[0]), "{velocities:?}");
    assert_eq!(all(0.03), None);
}

#[test]
fn warmth_blocks_a_demyelinated_internode() {
    // Three internodes at 3 %: conduct at 30 degrees C, fail at 37 (Uhthoff).
    let at = |temperature_c: f64| {
        let mut myelin = vec![Myelin::HEALTHY; 40];
        myelin[12..15].fill(Myelin { lamellae: 0.03, ..Myelin::HEALTHY });
        lesioned(myelin, temperature_c).conduction_velocity_m_s()
    };
    assert!(at(30.0).is_some());
    assert_eq!(at(37.0), None);
}

#[test]
fn refuses_what_is_no_axon() {
    let geometry = FibreGeometry::published(10.0).expect("published");
    let healthy = DoubleCableParameters::healthy(geometry, 11, 37.0);
    for step_ms in [0.0, -1.0, f64::NAN, 0.5] {
        assert!(DoubleCableModel::new(&healthy, step_ms).is_err());
    }
    assert!(DoubleCableModel::new(&DoubleCableParameters::healthy(geometry, 1, 37.0), 0.001).is_err());
    for lamellae in [0.0, -0.1, 1.1, f64::NAN] {
        let myelin = vec![Myelin { lamellae, ..Myelin::HEALTHY }; 3];
        assert!(DoubleCableModel::new(&DoubleCableParameters { myelin, ..healthy.clone() }, 0.001).is_err());
    }
}

/// Least stimulus that an impulse follows, between 0 and `most`.
fn threshold(most: f64, fires: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, most);
    while high - low > 1e-4 * most {
        let middle = 0.5 * (low + high);
        if fires(middle) { high = middle } else { low = middle }
    }
    high
}

#[test]
fn thresholds_are_those_of_the_published_axon() {
    // PyFibers' own tests of the same axon: 0.1558 nA for 1 ms into the middle node; 0.2691 mA, cathodal then anodal 0.2 ms each,
    // from a point 100 um above it in a medium of 10 S/m.
    let model = axon(5.7, 25, 37.0, 0.001);
    let middle = model.nodes() / 2;
    let fired = |drive: &dyn Fn(f64, &mut DoubleCable)| {
        let mut state = model.at_rest();
        while state.time_ms() < 3.0 {
            drive(state.time_ms(), &mut state);
        }
        state.impulse_ms()[3].is_some()
    };
    let inside = threshold(1.0, |na| {
        fired(&|t, state| {
            let current_na = if t < 1.0 { na } else { 0.0 };
            model.step(state, Injection { node: middle, current_na }, None);
        })
    });
    assert!((inside / 0.1558 - 1.0).abs() < 0.05, "{inside} nA");
    let field = model.point_source_mv_per_ma(model.positions_um()[middle * 11], 100.0, 10.0);
    let outside = threshold(2.0, |ma| {
        fired(&|t, state| {
            let current_ma = if t < 0.2 {
                -ma
            } else if t < 0.4 {
                ma
            } else {
                0.0
            };
            let mv: Vec<f64> = field.iter().map(|v| v * current_ma).collect();
            model.step(state, Injection::NONE, Some(&mv));
        })
    });
    assert!((outside / 0.2691 - 1.0).abs() < 0.01, "{outside} mA");
}
