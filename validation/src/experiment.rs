//! Published experiments on parts of the body (a cell, a receptor, a muscle, a nerve and its cord), run as their papers ran them.
//!
//! What a laboratory item does to a whole person is measured by the item ([`crate::target::Measurement`]); what was done to a part
//! alone is an [`Experiment`]: it takes that part of the model with its parameters as they stand, repeats the protocol, and gives
//! named measures and a figure. Experiments read no target.

mod joint;
mod junction;
mod motor_neuron;
mod motor_unit_pool;
mod muscle;
mod needle;
mod nerve;
mod reflex;
mod spindle;
mod tendon_organ;
mod tone;
mod voluntary_contraction;

use tonus_body::Muscle;
use tonus_physiology::cord::circuit::AfferentCounts;
use tonus_physiology::limb::LimbGroup;
use tonus_physiology::random::Seed;

use crate::figure::Figure;

/// A measure of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeasureInfo {
    /// Name.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// What it is.
    pub what: &'static str,
}

/// A measured value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// Name, one of the experiment's measures.
    pub name: &'static str,
    /// Value in the measure's unit; `None` if the protocol gave nothing to measure.
    pub value: Option<f64>,
    /// Standard deviation between the cells, units or trials, if there were several.
    pub spread: Option<f64>,
    /// How many cells, units or trials.
    pub n: usize,
    /// How many of them gave nothing to measure.
    pub missing: usize,
}

impl Value {
    /// A single number.
    pub fn single(name: &'static str, value: f64) -> Self {
        Self::of(name, &[Some(value)])
    }

    /// Mean and standard deviation of several.
    pub fn mean_of(name: &'static str, values: &[f64]) -> Self {
        Self::of(name, &values.iter().map(|v| Some(*v)).collect::<Vec<_>>())
    }

    /// Mean and standard deviation of several, some of which may have given nothing to measure.
    pub fn of(name: &'static str, values: &[Option<f64>]) -> Self {
        let finite: Vec<f64> = values.iter().copied().flatten().filter(|v| v.is_finite()).collect();
        let value = (!finite.is_empty()).then(|| finite.iter().sum::<f64>() / finite.len() as f64);
        let spread = crate::statistic::spread(&finite);
        Self { name, value, spread, n: values.len(), missing: values.len() - finite.len() }
    }
}

/// What an experiment showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// A value for every measure.
    pub values: Vec<Value>,
    /// The figure of the paper, drawn from the model.
    pub figure: Figure,
}

impl Observation {
    /// A measure's value.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|v| v.name == name)
    }
}

/// A published experiment.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    /// Id.
    pub id: &'static str,
    /// What is done.
    pub title: &'static str,
    /// The paper whose protocol it follows.
    pub source: &'static str,
    /// What it measures.
    pub measures: &'static [MeasureInfo],
    /// Runs it.
    pub run: fn(Seed) -> Result<Observation, ExperimentError>,
}

/// Why an experiment could not be run.
#[derive(Debug, thiserror::Error)]
#[error("experiment `{experiment}`: {problem}")]
pub struct ExperimentError {
    /// Id.
    pub experiment: &'static str,
    /// What is wrong.
    pub problem: String,
}

impl Experiment {
    /// Every experiment.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        AREAS.iter().copied().flatten()
    }

    /// The experiment with this id.
    ///
    /// # Errors
    /// The ids there are.
    pub fn find(id: &str) -> Result<&'static Self, String> {
        Self::all().find(|e| e.id == id).ok_or_else(|| {
            let known: Vec<&str> = Self::all().map(|e| e.id).collect();
            if known.is_empty() {
                return format!(
                    "experiment `{id}` does not exist, nor does any other yet; measure it in people, as `measurement`"
                );
            }
            format!("experiment `{id}` does not exist; there are: {}", known.join(", "))
        })
    }
}

const AREAS: &[&[Experiment]] = &[
    motor_neuron::EXPERIMENTS,
    motor_unit_pool::EXPERIMENTS,
    spindle::EXPERIMENTS,
    tendon_organ::EXPERIMENTS,
    reflex::EXPERIMENTS,
    muscle::EXPERIMENTS,
    nerve::EXPERIMENTS,
    needle::EXPERIMENTS,
    junction::EXPERIMENTS,
    joint::EXPERIMENTS,
    tone::EXPERIMENTS,
    voluntary_contraction::EXPERIMENTS,
];

/// A muscle as a part of a limb.
fn limb_group(muscle: &Muscle) -> LimbGroup {
    LimbGroup {
        pool: muscle.pool.clone(),
        gains: muscle.gains.clone(),
        axons: muscle.axons.clone(),
        junction: muscle.junction.clone(),
        units: muscle.units.clone(),
        fibres: muscle.fibres.clone(),
        contraction: muscle.contraction.clone(),
        corticospinal: muscle.corticospinal.clone(),
        afferents: AfferentCounts { ia: muscle.ia_afferents, ii: muscle.ii_afferents, ib: muscle.ib_afferents },
        afferent_length_m: muscle.afferent_length_m,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every measure that is declared comes out, under its own name, and the figure is not empty.
    #[test]
    fn each_experiment_gives_what_it_declares() {
        assert!(Experiment::all().next().is_some(), "no experiment is listed: nothing was tested");
        for (i, experiment) in Experiment::all().enumerate() {
            assert!(Experiment::all().skip(i + 1).all(|other| other.id != experiment.id), "{} twice", experiment.id);
            let seen = (experiment.run)(Seed::new(1)).unwrap_or_else(|e| panic!("{e}"));
            assert!(!experiment.measures.is_empty(), "{} measures nothing", experiment.id);
            for info in experiment.measures {
                assert!(!info.unit.is_empty() && !info.what.is_empty(), "{}: {}", experiment.id, info.name);
                assert!(seen.value(info.name).is_some(), "{}: {}", experiment.id, info.name);
            }
            assert_eq!(seen.values.len(), experiment.measures.len(), "{}", experiment.id);
            assert!(seen.figure.panels.iter().all(|p| !p.series.is_empty()), "{}", experiment.id);
        }
    }
}
