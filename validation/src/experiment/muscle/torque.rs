//! Torque of every joint over angle and velocity, and the ratio of the two sides of the ankle.

use tonus_body::{Body, JointBody, Muscle};
use tonus_exam::Subject;
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::muscle::contraction::{ContractionModel, Direction};
use tonus_physiology::muscle::tendon::{MuscleTendon, TendonError, TendonModel};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "muscle.torque";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Isometric torque over angle (dashed: rigid tendon, as in the limb) and isokinetic torque over velocity: every joint, flexor blue, extensor red",
    source: "dynamometry; ankle ratio as Hussain & Frey-Law 2016, men 120-170 and 35-50 N m at neutral",
    measures: &[
        MeasureInfo {
            name: "ankle_ratio",
            unit: "ratio",
            what: "maximal plantarflexion over dorsiflexion torque at neutral",
        },
        MeasureInfo { name: "plantarflexion", unit: "N m", what: "maximal voluntary torque at neutral" },
        MeasureInfo { name: "dorsiflexion", unit: "N m", what: "maximal voluntary torque at neutral" },
        MeasureInfo { name: "knee_extension_angle", unit: "deg", what: "flexion at which knee extension is strongest" },
        MeasureInfo {
            name: "knee_isokinetic_180",
            unit: "ratio",
            what: "knee extension torque at 180 deg/s over isometric, at 65 deg",
        },
    ],
    run,
};

/// Rise of the effort and time averaged, ms.
const EFFORT_MS: (usize, usize) = (1200, 500);

/// Isometric torque of a maximal voluntary effort of one group (0 flexor, 1 extensor) above rest, N m.
pub(super) fn voluntary_torque(
    experiment: &'static str,
    body: &Body,
    joint: &str,
    group: usize,
    angle_rad: f64,
    seed: Seed,
) -> Result<f64, ExperimentError> {
    let subject = Subject::new(body, seed.stream("subject").bits());
    let fail = |e: tonus_exam::ExamError| ExperimentError { experiment, problem: e.to_string() };
    let model = subject.limb(experiment, Side::Right, joint).map_err(fail)?;
    let mut limb = Limb::new(&model, seed, angle_rad);
    let mut input = LimbInput { imposed: Some(Imposed { angle_rad, velocity_rad_s: 0.0 }), ..LimbInput::default() };
    let rest = limb.step_ms(&model, &input).torque_n_m;
    input.command[group] = 1.0;
    let mut sum = 0.0;
    for ms in 0..EFFORT_MS.0 + EFFORT_MS.1 {
        let torque = limb.step_ms(&model, &input).torque_n_m;
        if ms >= EFFORT_MS.0 {
            sum += torque - rest;
        }
    }
    Ok((sum / EFFORT_MS.1 as f64).abs())
}

/// Torque of a fully active group at an angle and a velocity of shortening, N m.
fn torque(m: &Muscle, direction: Direction, angle_rad: f64, shortening_rad_s: f64) -> f64 {
    let model = ContractionModel::new(&m.contraction, direction);
    let fibre = model.fibre(angle_rad, direction.sign() * shortening_rad_s);
    model.torque(&fibre, 1.0, 0.0).torque_n_m.abs()
}

/// Angles over the range of a joint, rad.
fn sweep(joint: &JointBody) -> Vec<f64> {
    let (low, high) = (joint.hinge.min_angle_rad, joint.hinge.max_angle_rad);
    (0..=60).map(|i| low + (high - low) * f64::from(i) / 60.0).collect()
}

/// Shortening velocities of a dynamometer, deg/s; lengthening below 0.
fn velocities_deg_s() -> impl Iterator<Item = f64> {
    (-30..=60).map(|i| 10.0 * f64::from(i))
}

/// Isometric torque of a fully active group on its elastic tendon, N m.
fn on_tendon(m: &Muscle, direction: Direction, angle_rad: f64) -> Result<f64, ExperimentError> {
    let fail = |e: TendonError| ExperimentError { experiment: ID, problem: e.to_string() };
    let model = TendonModel::new(&m.contraction, direction).map_err(fail)?;
    let mut muscle = MuscleTendon::new(&model, 1.0, angle_rad);
    let output = muscle.step(&model, 1.0, 0.0, angle_rad, 1e-3).map_err(fail)?;
    Ok(output.torque.torque_n_m.abs())
}

fn panels(body: &Body) -> Result<Vec<Panel>, ExperimentError> {
    let mut panels = Vec::new();
    for joint in &body.right.joints {
        let (flexor, extensor) = (muscle(ID, body, &joint.flexor)?, muscle(ID, body, &joint.extensor)?);
        let elastic = |m: &Muscle, direction| -> Result<Vec<(f64, f64)>, ExperimentError> {
            sweep(joint).into_iter().map(|q| Ok((q.to_degrees(), on_tendon(m, direction, q)?))).collect()
        };
        let rigid = |m: &Muscle, direction| {
            sweep(joint).into_iter().map(|q| (q.to_degrees(), torque(m, direction, q, 0.0))).collect()
        };
        let names = format!("{}: {}, {}", joint.id, joint.flexor, joint.extensor).replace('_', " ");
        let mut panel = Panel::new(names, "angle (deg)", "isometric torque (N m)")
            .with("", Mark::Line, elastic(flexor, Direction::Flexion)?)
            .with("", Mark::Line, elastic(extensor, Direction::Extension)?)
            .with("", Mark::Dashed, rigid(flexor, Direction::Flexion))
            .with("", Mark::Dashed, rigid(extensor, Direction::Extension));
        // Maximal voluntary isometric torque of men where it was published (sources: data/muscles.toml, targets).
        panel = match joint.id.as_str() {
            "knee" => panel.published((50.0, 80.0), (219.0, 259.0)),
            "elbow" => panel.published((80.0, 100.0), (50.0, 100.0)),
            "ankle" => panel.published((-2.0, 2.0), (120.0, 170.0)).published((-2.0, 2.0), (35.0, 50.0)),
            _ => panel,
        };
        panels.push(panel);
        let over_velocity = |m: &Muscle, direction| {
            let at = m.contraction.optimal_angle_rad.clamp(joint.hinge.min_angle_rad, joint.hinge.max_angle_rad);
            velocities_deg_s().map(|v| (v, torque(m, direction, at, v.to_radians()))).collect()
        };
        panels.push(
            Panel::new(
                format!("{}, at the angles of optimum", joint.id),
                "shortening velocity (deg/s)",
                "isokinetic torque (N m)",
            )
            .with("", Mark::Line, over_velocity(flexor, Direction::Flexion))
            .with("", Mark::Line, over_velocity(extensor, Direction::Extension)),
        );
    }
    Ok(panels)
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let dorsiflexion = voluntary_torque(ID, &body, "ankle", 0, 0.0, seed)?;
    let plantarflexion = voluntary_torque(ID, &body, "ankle", 1, 0.0, seed)?;
    let quadriceps = muscle(ID, &body, "quadriceps")?;
    let knee = body.right.joint("knee").map(sweep).unwrap_or_default();
    let strongest = knee
        .iter()
        .map(|q| (*q, torque(quadriceps, Direction::Extension, *q, 0.0)))
        .fold((f64::NAN, 0.0), |m, x| if x.1 > m.1 { x } else { m });
    let at = 65.0_f64.to_radians();
    let fast = torque(quadriceps, Direction::Extension, at, 180.0_f64.to_radians());
    let values = vec![
        Value::single("ankle_ratio", plantarflexion / dorsiflexion),
        Value::single("plantarflexion", plantarflexion),
        Value::single("dorsiflexion", dorsiflexion),
        Value::single("knee_extension_angle", strongest.0.to_degrees()),
        Value::single("knee_isokinetic_180", fast / torque(quadriceps, Direction::Extension, at, 0.0)),
    ];
    Ok(Observation { values, figure: Figure { panels: panels(&body)? } })
}
