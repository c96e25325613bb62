//! What the muscle experiments have in common: the reference man, a muscle stimulated through its nerve, an isolated muscle.

use tonus_body::{Anatomy, Body, Muscle, Person, Sex};
use tonus_physiology::junction::JunctionModel;
use tonus_physiology::muscle::contraction::{ContractionModel, Direction, Fibre};
use tonus_physiology::muscle::tendon::{MuscleTendon, TendonModel};
use tonus_physiology::muscle::unit::{UnitModel, Units};
use tonus_physiology::nerve::motor_axon::MotorAxons;
use tonus_physiology::random::Seed;

use crate::experiment::ExperimentError;

/// From the arrival of an impulse at the endplates to the onset of force, ms: as in the limb.
const COUPLING_MS: f64 = 3.0;

/// The man of the tables: 35 years, 1.75 m, 75 kg.
pub(in crate::experiment) fn reference(experiment: &'static str) -> Result<Body, ExperimentError> {
    man(experiment, 35.0, 1.75, 75.0)
}

/// A healthy man.
pub(in crate::experiment) fn man(
    experiment: &'static str,
    age_years: f64,
    height_m: f64,
    mass_kg: f64,
) -> Result<Body, ExperimentError> {
    let fail = |problem: String| ExperimentError { experiment, problem };
    let person = Person::new(age_years, Sex::Male, Some(height_m), Some(mass_kg)).map_err(|e| fail(e.to_string()))?;
    let anatomy = Anatomy::builtin().map_err(|e| fail(e.to_string()))?;
    Ok(Body::healthy(&person, &anatomy))
}

/// A muscle of the right side.
pub(in crate::experiment) fn muscle<'b>(
    experiment: &'static str,
    body: &'b Body,
    id: &str,
) -> Result<&'b Muscle, ExperimentError> {
    let missing = || ExperimentError { experiment, problem: format!("the body has no muscle `{id}`") };
    body.right.muscle(id).ok_or_else(missing)
}

/// Force of all motor units, fraction of maximum, every millisecond of `total_ms`, when supramaximal shocks at `shocks_ms` reach
/// every axon of the last stretch of the nerve.
pub(super) fn stimulate(muscle: &Muscle, shocks_ms: &[f64], total_ms: usize, seed: Seed) -> Vec<f64> {
    let axons = MotorAxons::new(&muscle.axons, muscle.pool.units, seed);
    let last = axons.segments().saturating_sub(1);
    let junction = JunctionModel::new(&muscle.junction, seed);
    let model = UnitModel::new(&muscle.units, muscle.pool.units, &[]);
    let mut units = Units::new(&model);
    let mut arrivals: Vec<(f64, usize, f64)> = Vec::new();
    for unit in 0..muscle.pool.units {
        let Some(delay_ms) = axons.delay_ms(unit, last, last) else { continue };
        let mut before = f64::NEG_INFINITY;
        for shock_ms in shocks_ms {
            let at = shock_ms + delay_ms + COUPLING_MS;
            let interval_ms = (at - before).max(1.0);
            let transmitted = junction.transmission(if interval_ms.is_finite() { 1e3 / interval_ms } else { 0.0 });
            arrivals.push((at, unit, transmitted));
            before = at;
        }
    }
    arrivals.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut due = arrivals.into_iter().peekable();
    (0..total_ms)
        .map(|ms| {
            units.advance();
            while let Some((at, unit, transmitted)) = due.next_if(|(at, ..)| *at < (ms + 1) as f64) {
                units.impulse(&model, unit, at - ms as f64, transmitted);
            }
            units.activation()
        })
        .collect()
}

/// Isometric torque at the optimal angle that an activation gives through the muscle's tendon, N m.
pub(super) fn isometric_torque(
    experiment: &'static str,
    muscle: &Muscle,
    activation: &[f64],
) -> Result<Vec<f64>, ExperimentError> {
    let fail =
        |e: tonus_physiology::muscle::tendon::TendonError| ExperimentError { experiment, problem: e.to_string() };
    let angle = muscle.contraction.optimal_angle_rad;
    let model = TendonModel::new(&muscle.contraction, Direction::Flexion).map_err(fail)?;
    let mut on_tendon = MuscleTendon::new(&model, 0.0, angle);
    activation
        .iter()
        .map(|a| Ok(on_tendon.step(&model, *a, 0.0, angle, 1e-3).map_err(fail)?.torque.torque_n_m))
        .collect()
}

/// Force of isolated fibres at a length and velocity (optimal lengths, per s; lengthening positive), N.
pub(super) fn fibre_force_n(muscle: &Muscle, activation: f64, length_l0: f64, velocity_l0_s: f64) -> f64 {
    let model = ContractionModel::new(&muscle.contraction, Direction::Flexion);
    let fibre = Fibre { length_l0, velocity_l0_s, cos_pennation: 1.0 };
    model.torque(&fibre, activation, 0.0).active_force_n
}

/// Force of the motor units in a fused tetanus, fraction of maximum: 100 Hz for 1 s, mean of its last 100 ms.
pub(super) fn tetanus(muscle: &Muscle, seed: Seed) -> f64 {
    let shocks: Vec<f64> = (0..100).map(|i| 10.0 * f64::from(i)).collect();
    let force = stimulate(muscle, &shocks, 1000, seed);
    force[900..].iter().sum::<f64>() / 100.0
}
