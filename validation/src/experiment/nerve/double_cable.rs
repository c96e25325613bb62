//! Velocity of the double-cable axon by diameter, temperature and myelin, against the same axon in NEURON and the rule that the
//! nerves of the body use.

use tonus_physiology::nerve::double_cable::geometry::FibreGeometry;
use tonus_physiology::nerve::double_cable::{DoubleCableModel, DoubleCableParameters, Myelin};
use tonus_physiology::nerve::velocity::velocity_m_s;
use tonus_physiology::random::Seed;

use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "nerve.double_cable";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Double-cable axon: velocity by diameter, temperature and myelin",
    source: "McIntyre, Richardson & Grill 2002 J Neurophysiol 87:995; the same axon run in NEURON (2 us; demyelinated 5 us)",
    measures: &[
        MeasureInfo {
            name: "velocity_per_um",
            unit: "m/s per um",
            what: "velocity over outer diameter, 5.7 to 16 um, 37 C",
        },
        MeasureInfo {
            name: "velocity_error",
            unit: "%",
            what: "largest difference from NEURON, 2 to 16 um, 37 and 32 C",
        },
        MeasureInfo {
            name: "rule_error",
            unit: "%",
            what: "largest difference of the nerves' rule from the axon, 5.7 to 16 um, 37 and 32 C",
        },
        MeasureInfo {
            name: "demyelinated_error",
            unit: "%",
            what: "largest difference from NEURON, all internodes at 70 to 7 % of their lamellae",
        },
        MeasureInfo {
            name: "least_myelin",
            unit: "%",
            what: "least share of lamellae, of 10, 7, 5 and 3 % everywhere, that still conducts at 37 C",
        },
        MeasureInfo { name: "q10", unit: "1", what: "factor on the velocity for 10 degrees, 27 to 37 C, 10 um" },
    ],
    run,
};

/// Outer diameter, um, and velocity in NEURON at 37 and 32 C, m/s.
const NEURON: [(f64, f64, f64); 10] = [
    (2.0, 9.0, 7.5),
    (5.7, 24.8, 21.2),
    (7.3, 35.3, 30.1),
    (8.7, 45.8, 39.3),
    (10.0, 54.1, 46.2),
    (11.5, 62.5, 53.3),
    (12.8, 69.4, 59.4),
    (14.0, 76.2, 65.8),
    (15.0, 84.0, 71.2),
    (16.0, 90.7, 77.8),
];
/// Share of the lamellae left in every internode of an axon of 10 um, and its velocity in NEURON at 37 C, m/s, step 5 us.
const DEMYELINATED: [(f64, f64); 8] =
    [(1.0, 51.1), (0.7, 47.2), (0.5, 43.8), (0.35, 37.6), (0.25, 32.9), (0.15, 24.2), (0.10, 17.9), (0.07, 12.3)];
/// Diameter from which an axon counts as large, um.
const LARGE_UM: f64 = 5.7;
/// Nodes of the axon.
const NODES: usize = 41;
/// Steps, ms, of the two computations with which these are compared.
const STEP_MS: f64 = 0.002;
const DEMYELINATED_STEP_MS: f64 = 0.005;

fn axon(fibre_um: f64, lamellae: f64, temperature_c: f64, step_ms: f64) -> Result<DoubleCableModel, ExperimentError> {
    let wrong = |problem: String| ExperimentError { experiment: ID, problem };
    let geometry = FibreGeometry::published(fibre_um)
        .ok_or_else(|| wrong(format!("{fibre_um} um is not in the published table")))?;
    let myelin = vec![Myelin { lamellae, ..Myelin::HEALTHY }; NODES - 1];
    DoubleCableModel::new(&DoubleCableParameters { geometry, myelin, temperature_c }, step_ms)
        .map_err(|e| wrong(e.to_string()))
}

fn velocity(fibre_um: f64, temperature_c: f64) -> Result<f64, ExperimentError> {
    Ok(axon(fibre_um, 1.0, temperature_c, STEP_MS)?.conduction_velocity_m_s().unwrap_or(f64::NAN))
}

/// Difference of `a` from `b`, %.
fn off(a: f64, b: f64) -> f64 {
    100.0 * (a / b - 1.0).abs()
}

fn run(_seed: Seed) -> Result<Observation, ExperimentError> {
    let (mut per_um, mut of_neuron, mut of_rule) = (Vec::new(), 0.0_f64, 0.0_f64);
    let (mut warm, mut cool, mut rule) = (Vec::new(), Vec::new(), Vec::new());
    for (fibre_um, at_37, at_32) in NEURON {
        let (v37, v32) = (velocity(fibre_um, 37.0)?, velocity(fibre_um, 32.0)?);
        of_neuron = of_neuron.max(off(v37, at_37)).max(off(v32, at_32));
        if fibre_um >= LARGE_UM {
            per_um.push(v37 / fibre_um);
            of_rule = of_rule.max(off(velocity_m_s(fibre_um, 37.0), v37)).max(off(velocity_m_s(fibre_um, 32.0), v32));
        }
        warm.push((fibre_um, v37));
        cool.push((fibre_um, v32));
        rule.push((fibre_um, velocity_m_s(fibre_um, 37.0)));
    }
    let (mut of_thin, mut thin) = (0.0_f64, Vec::new());
    for (lamellae, in_neuron) in DEMYELINATED {
        let v = axon(10.0, lamellae, 37.0, DEMYELINATED_STEP_MS)?.conduction_velocity_m_s().unwrap_or(f64::NAN);
        of_thin = of_thin.max(off(v, in_neuron));
        thin.push((100.0 * lamellae, v));
    }
    let mut least = None;
    for lamellae in [0.10, 0.07, 0.05, 0.03] {
        if axon(10.0, lamellae, 37.0, DEMYELINATED_STEP_MS)?.conduction_velocity_m_s().is_some() {
            least = Some(100.0 * lamellae);
        }
    }
    let neuron = |f: fn(&(f64, f64, f64)) -> (f64, f64)| NEURON.iter().map(f).collect::<Vec<_>>();
    let figure = Figure {
        panels: vec![
            Panel::new("velocity by diameter", "outer diameter (um)", "velocity (m/s)")
                .with("37 C", Mark::Line, warm)
                .with("32 C", Mark::Line, cool)
                .with("NEURON, 37 C", Mark::Dots, neuron(|row| (row.0, row.1)))
                .with("NEURON, 32 C", Mark::Dots, neuron(|row| (row.0, row.2)))
                .with("rule of the nerves, 37 C", Mark::Dashed, rule),
            Panel::new("every internode demyelinated, 10 um, 37 C", "lamellae left (%)", "velocity (m/s)")
                .log_x()
                .with("double cable", Mark::Line, thin)
                .with("NEURON", Mark::Dots, DEMYELINATED.iter().map(|(f, v)| (100.0 * f, *v)).collect()),
        ],
    };
    let values = vec![
        Value::mean_of("velocity_per_um", &per_um),
        Value::single("velocity_error", of_neuron),
        Value::single("rule_error", of_rule),
        Value::single("demyelinated_error", of_thin),
        Value::of("least_myelin", &[least]),
        Value::single("q10", velocity(10.0, 37.0)? / velocity(10.0, 27.0)?),
    ];
    Ok(Observation { values, figure })
}
