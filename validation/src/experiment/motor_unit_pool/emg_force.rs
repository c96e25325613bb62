//! Surface EMG against force in voluntary abduction of the index finger, through cord, axons, junctions and units.

use std::sync::Arc;

use tonus_body::{Body, Muscle};
use tonus_exam::{ExamError, Subject};
use tonus_physiology::limb::{Imposed, Limb, LimbInput, LimbModel};
use tonus_physiology::random::Seed;
use tonus_signal::Side;
use tonus_signal::measures::mean;

use super::regression::r_squared;
use super::surface::Electrodes;
use crate::experiment::muscle::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "pool.emg_force";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Index abduction held at ten forces, isometric: rectified surface EMG against force",
    source: "Lawrence & De Luca 1983 J Appl Physiol; Milner-Brown & Stein 1975",
    measures: &[
        MeasureInfo { name: "linearity", unit: "R2", what: "straight line through rectified EMG against force" },
        MeasureInfo {
            name: "emg_maximum",
            unit: "mV",
            what: "mean rectified EMG in maximal effort, belly-tendon electrodes",
        },
    ],
    run,
};

/// Rise of the effort, build-up of force not counted, and time counted, ms.
const RISE_MS: usize = 300;
const SETTLE_MS: usize = 700;
const HOLD_MS: usize = 2000;
/// Trials at each level.
const TRIALS: usize = 2;

/// Isometric abduction of the reference man's index finger.
pub(super) struct Index<'b> {
    pub(super) model: Arc<LimbModel>,
    pub(super) abductor: &'b Muscle,
}

impl<'b> Index<'b> {
    pub(super) fn of(experiment: &'static str, body: &'b Body, seed: Seed) -> Result<Self, ExperimentError> {
        let fail = |e: ExamError| ExperimentError { experiment, problem: e.to_string() };
        let subject = Subject::new(body, seed.stream("subject").bits());
        let model = subject.limb(experiment, Side::Right, "index").map_err(fail)?;
        Ok(Self { model, abductor: muscle(experiment, body, "first_dorsal_interosseous")? })
    }

    pub(super) fn angle_rad(&self) -> f64 {
        self.abductor.contraction.optimal_angle_rad
    }

    pub(super) fn input(&self, effort: f64) -> LimbInput {
        let imposed = Some(Imposed { angle_rad: self.angle_rad(), velocity_rad_s: 0.0 });
        LimbInput { imposed, command: [effort, 0.0], ..LimbInput::default() }
    }

    /// Mean torque of the abductor, N m, and rectified EMG, mV, while an effort is held.
    fn hold(&self, electrodes: &Electrodes, effort: f64, seed: Seed) -> (f64, f64) {
        let mut limb = Limb::new(&self.model, seed, self.angle_rad());
        let counted_from = RISE_MS + SETTLE_MS;
        let mut emg = electrodes.record(counted_from + HOLD_MS);
        let mut torque = Vec::with_capacity(HOLD_MS);
        for ms in 0..counted_from + HOLD_MS {
            let risen = (ms as f64 / RISE_MS as f64).min(1.0);
            let output = limb.step_ms(&self.model, &self.input(effort * risen));
            for spike in output.muscle_spikes[0] {
                emg.add(spike.unit as usize, ms as f64 + f64::from(spike.offset_ms));
            }
            if ms >= counted_from {
                torque.push(output.muscle_torque_n_m[0]);
            }
        }
        (mean(&torque).unwrap_or(f64::NAN), emg.rectified_mv(counted_from, seed))
    }
}

/// Effort at which a rising curve of (effort, force) gives `force`.
fn effort_for(curve: &[(f64, f64)], force: f64) -> f64 {
    let above = curve.windows(2).find(|w| w[1].1 >= force);
    above.map_or(1.0, |w| (w[0].0 + (force - w[0].1) / (w[1].1 - w[0].1) * (w[1].0 - w[0].0)).clamp(0.0, 1.0))
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let index = Index::of(ID, &body, seed)?;
    let electrodes = Electrodes::over(index.abductor, seed);
    // The subject learns which effort gives which force, as with a display of it, and then holds ten forces.
    let mut learnt = vec![(0.0, 0.0)];
    for level in 1..=10 {
        let effort = f64::from(level) / 10.0;
        learnt.push((effort, index.hold(&electrodes, effort, seed.child("learning").index(level as usize)).0));
    }
    let maximum = learnt.last().map_or(f64::NAN, |(_, force)| *force);
    let mut points = Vec::new();
    for level in 1..=10 {
        let effort = effort_for(&learnt, maximum * f64::from(level) / 10.0);
        for trial in 0..TRIALS {
            points.push(index.hold(&electrodes, effort, seed.index(level as usize).index(trial)));
        }
    }
    let full = points[points.len() - TRIALS..].iter().map(|p| p.1).sum::<f64>() / TRIALS as f64;
    let share: Vec<(f64, f64)> = points.iter().map(|p| (100.0 * p.0 / maximum, 100.0 * p.1 / full)).collect();
    let identity = vec![(0.0, 0.0), (100.0, 100.0)];
    let panel = Panel::new("First dorsal interosseous", "force (% of maximum)", "rectified EMG (% of maximum)")
        .with("model", Mark::Dots, share.clone())
        .with("line of identity", Mark::Dashed, identity.clone());
    let effort = Panel::new("Force produced", "effort (% of maximum)", "force (% of maximum)")
        .with("", Mark::Dots, learnt.iter().map(|p| (100.0 * p.0, 100.0 * p.1 / maximum)).collect())
        .with("", Mark::Dashed, identity);
    let values = vec![Value::single("linearity", r_squared(&share)), Value::single("emg_maximum", full)];
    Ok(Observation { values, figure: Figure { panels: vec![panel, effort] } })
}
