//! A pool of motor neurons: two compartments, pulse-based gates (Cisi & Kohn 2008).
//!
//! Unit 0 is the smallest. Cells grow linearly within each type ([`super::neuron`]); their dynamics are in [`super::membrane`].
//! The dendrite carries a persistent inward current (form of Elias, Chaud & Kohn 2012; constants fitted, see [`super::neuron`]).
//! Holds for discharge up to about 100 impulses/s; FF cells have no secondary range.
//!
//! ```
//! use tonus_physiology::cord::{gains::SegmentalGains, pool::{Pool, PoolModel, PoolParameters}};
//! use tonus_physiology::random::Seed;
//! let parameters = PoolParameters { units: 20, slow_share: 0.5, fatigue_resistant_share: 0.25, ..PoolParameters::default() };
//! let model = PoolModel::new(&parameters, &SegmentalGains::default(), Seed::new(1));
//! let mut pool = Pool::new(&model);
//! pool.set_common_current_na(8.0);
//! let spikes: usize = (0..20_000).map(|_| pool.step(&model).len()).sum(); // 1 s
//! assert!(spikes > 10);
//! ```

use serde::{Deserialize, Serialize};

use super::circuit::{DESCENDING_SIZE_POWER, descending_weight};
use super::gains::SegmentalGains;
use super::membrane::{Cells, CellsModel, Crossing, Work};
use super::neuron::{Cell, UnitType, motor_neurons};
use super::synapse::{MOTOR_EXCITATION, MOTOR_INHIBITION};
use crate::random::Seed;

/// What a motor pool is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolParameters {
    /// Motor neurons in health.
    pub units: usize,
    /// Share of type S neurons.
    pub slow_share: f64,
    /// Share of type FR neurons (the rest is FF).
    pub fatigue_resistant_share: f64,
    /// Power of a motor neuron's dendritic membrane that its descending conductance goes with: the smaller, the later the large
    /// neurons are recruited.
    pub descending_size_power: f64,
    /// Fraction of motor neurons alive. Which ones is nested: a smaller fraction keeps a subset of a larger one's.
    pub survival: f64,
}

impl Default for PoolParameters {
    /// A mixed pool of 120, as in Fuglevand, Winter & Patla 1993.
    fn default() -> Self {
        Self {
            units: 120,
            slow_share: 0.5,
            fatigue_resistant_share: 0.25,
            descending_size_power: DESCENDING_SIZE_POWER,
            survival: 1.0,
        }
    }
}

/// A pool ready to run.
#[derive(Clone, Debug)]
pub struct PoolModel {
    pub(crate) cells: CellsModel,
    types: Vec<UnitType>,
    descending_size_power: f64,
}

impl PoolModel {
    /// The pool of `parameters`, with the bias and the monoaminergic drive of `gains`; `seed` decides which neurons die first.
    pub fn new(parameters: &PoolParameters, gains: &SegmentalGains, seed: Seed) -> Self {
        Self::with_bias(parameters, gains, gains.bias_mv, seed)
    }

    /// As [`PoolModel::new`] with its own shift of the resting potential, mV.
    pub fn with_bias(parameters: &PoolParameters, gains: &SegmentalGains, bias_mv: f64, seed: Seed) -> Self {
        let (types, cells): (Vec<_>, Vec<_>) = motor_neurons(parameters).into_iter().unzip();
        let alive = survivors(parameters.units, parameters.survival, seed);
        let decay = [MOTOR_EXCITATION.unbinding_per_ms, MOTOR_INHIBITION.unbinding_per_ms];
        Self {
            cells: CellsModel::new(cells, &alive, decay, bias_mv, gains.persistent_inward_current),
            types,
            descending_size_power: parameters.descending_size_power,
        }
    }

    /// A pool of one given neuron, without bias.
    pub fn single(cell: Cell, persistent_inward_current: f64) -> Self {
        let decay = [MOTOR_EXCITATION.unbinding_per_ms, MOTOR_INHIBITION.unbinding_per_ms];
        Self {
            cells: CellsModel::new(vec![cell], &[true], decay, 0.0, persistent_inward_current),
            types: vec![UnitType::Slow],
            descending_size_power: DESCENDING_SIZE_POWER,
        }
    }

    /// Motor neurons, dead ones included.
    pub fn units(&self) -> usize {
        self.types.len()
    }

    /// Whether a neuron is alive.
    pub fn alive(&self, unit: usize) -> bool {
        self.cells.alive(unit)
    }

    /// Type of each unit.
    pub fn types(&self) -> &[UnitType] {
        &self.types
    }

    /// Descending conductance of a neuron relative to the smallest one.
    pub fn descending_weight(&self, unit: usize) -> f64 {
        descending_weight(&self.neurons()[unit], self.descending_size_power)
    }

    /// The neurons, smallest first.
    pub fn neurons(&self) -> &[Cell] {
        self.cells.cells()
    }
}

/// Which of `units` neurons live; a smaller survival keeps a subset of a larger one's.
pub fn survivors(units: usize, survival: f64, seed: Seed) -> Vec<bool> {
    let seed = seed.child("motor neuron survival");
    (0..units).map(|unit| seed.index(unit).stream("loss").uniform() <= survival).collect()
}

/// A pool in motion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pool {
    pub(crate) cells: Cells,
}

impl Pool {
    /// All neurons at rest.
    pub fn new(model: &PoolModel) -> Self {
        Self { cells: Cells::new(&model.cells) }
    }

    /// Advances by [`super::membrane::STEP_MS`]; the units that crossed their threshold and where in the step.
    pub fn step(&mut self, model: &PoolModel) -> &[Crossing] {
        self.cells.step(&model.cells)
    }

    /// Current into the soma of one unit, nA; stays until changed.
    pub fn set_current_na(&mut self, model: &PoolModel, unit: usize, current_na: f64) {
        self.cells.set_current_na(&model.cells, unit, current_na);
    }

    /// Current into every soma, nA; stays until changed.
    pub fn set_common_current_na(&mut self, current_na: f64) {
        self.cells.set_common_current_na(current_na);
    }

    /// Adds conductance to a dendrite's excitation, uS.
    pub fn excite(&mut self, unit: usize, conductance_us: f64) {
        self.cells.excite(unit, conductance_us);
    }

    /// Adds `weight * jump_us` to the excitation of every dendrite.
    pub fn excite_row(&mut self, weights: &[f32], jump_us: f64) {
        self.cells.excite_row(weights, jump_us);
    }

    /// Adds `weight * jump_us` to the inhibition of every soma.
    pub fn inhibit_row(&mut self, weights: &[f32], jump_us: f64) {
        self.cells.inhibit_row(weights, jump_us);
    }

    /// Soma potential above rest, mV.
    pub fn soma_mv(&self, unit: usize) -> f64 {
        self.cells.soma_mv(unit)
    }

    /// Dendrite potential above rest, mV.
    pub fn dendrite_mv(&self, unit: usize) -> f64 {
        self.cells.dendrite_mv(unit)
    }

    /// What has been done since rest.
    pub fn work(&self) -> Work {
        self.cells.work()
    }

    /// Opening of the persistent inward current's gate, 0..1.
    pub fn persistent_gate(&self, unit: usize) -> f64 {
        self.cells.persistent_gate(unit)
    }
}

#[cfg(test)]
mod tests;
