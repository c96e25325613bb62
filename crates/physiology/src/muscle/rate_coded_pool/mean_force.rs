//! The pool by the mean force of its rates, as Potvin & Fuglevand 2017 ran it: minutes of fatigue in steps of 0.1 s.

use serde::{Deserialize, Serialize};

use super::{ADAPTATION_BELOW_HZ, RateCodedPoolModel};
use crate::math;
use crate::muscle::unit::relative_force;

/// Halvings in the search for an excitation: 1 part in 2^40 of the maximum.
const HALVINGS: usize = 40;

/// Where a pool run by mean forces is now. Forces are fractions of the sum of the units' tetani.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanForcePool {
    /// Force left over force rested, per unit.
    capacity: Vec<f64>,
    /// Growth of rate adaptation, per unit, 0..1.
    adaptation: Vec<f64>,
}

impl MeanForcePool {
    /// Rested.
    pub fn new(model: &RateCodedPoolModel) -> Self {
        let n = model.recruitment.len();
        Self { capacity: vec![1.0; n], adaptation: vec![0.0; n] }
    }

    /// Adapted rate of a unit at an excitation, impulses/s.
    pub fn rate_hz(&self, model: &RateCodedPoolModel, unit: usize, excitation: f64) -> f64 {
        let rate = model.rate_hz(unit, excitation);
        let over = (rate - model.parameters.minimum_rate_hz + ADAPTATION_BELOW_HZ).max(0.0);
        rate - model.adaptation[unit] * self.adaptation[unit] * over
    }

    /// Force of a unit over the tetanus it has left.
    fn relative(&self, model: &RateCodedPoolModel, unit: usize, excitation: f64) -> f64 {
        let slowing = model.parameters.fatigue.map_or(1.0, |f| f.lengthening(self.capacity[unit]));
        let contraction_time_ms = model.units.contraction_time_ms(unit) * slowing;
        relative_force(contraction_time_ms * self.rate_hz(model, unit, excitation) * 1e-3)
    }

    /// Force now at an excitation, in tetani of the smallest unit.
    pub fn force(&self, model: &RateCodedPoolModel, excitation: f64) -> f64 {
        (0..self.capacity.len())
            .map(|i| model.units.twitch(i) * self.capacity[i] * self.relative(model, i, excitation))
            .sum()
    }

    /// Least excitation that gives a force now; `None` if the maximum does not.
    pub fn excitation_for(&self, model: &RateCodedPoolModel, force: f64) -> Option<f64> {
        let most = model.maximal_excitation();
        if self.force(model, most) < force {
            return None;
        }
        let (mut low, mut high) = (0.0, most);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if self.force(model, middle) < force {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(high)
    }

    /// `step_s` seconds at an excitation: units in use lose capacity, silent ones recover if they can, rates adapt.
    pub fn step(&mut self, model: &RateCodedPoolModel, excitation: f64, step_s: f64) {
        let left = model.parameters.adaptation.map_or(1.0, |a| math::exp(-step_s / a.tau_s));
        for i in 0..self.capacity.len() {
            let active = excitation >= model.recruitment[i];
            if let Some(fatigue) = &model.parameters.fatigue {
                self.capacity[i] = if active {
                    let loss = model.units.loss_per_s(i) * step_s;
                    (self.capacity[i] - loss * self.relative(model, i, excitation)).max(0.0)
                } else {
                    fatigue.recovered(self.capacity[i], step_s)
                };
            }
            let towards = if active { 1.0 } else { 0.0 };
            self.adaptation[i] = towards + (self.adaptation[i] - towards) * left;
        }
    }

    /// Force left in each unit over its force rested.
    pub fn capacity(&self) -> &[f64] {
        &self.capacity
    }
}
