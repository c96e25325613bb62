//! Runs targets.

use std::time::Instant;

use rayon::prelude::*;
use tonus_body::{Anatomy, Body};
use tonus_diagnosis::{Judge, Norms};
use tonus_exam::{Item, Subject};
use tonus_physiology::random::Seed;
use tonus_signal::{Side, Study};

use crate::cohort::{Member, members};
use crate::experiment::{Experiment, Observation};
use crate::target::{Extreme, FromExperiment, Measurement, Per, Target, TargetError, Targets};

/// Verdict on a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetVerdict {
    /// Met.
    Pass,
    /// Not met, or nothing could be measured where something should.
    Fail,
    /// Not declared how to measure.
    Unmeasured,
}

impl TargetVerdict {
    /// As in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unmeasured => "unmeasured",
        }
    }
}

/// One target, run.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetResult {
    /// The target.
    pub target: Target,
    /// The model's value.
    pub value: Option<f64>,
    /// SD between the people, cells or trials measured, in the target's unit; of a percentage its standard error.
    pub spread: Option<f64>,
    /// People (cells, trials) examined.
    pub n: usize,
    /// Those of them in whom there was something to measure.
    pub n_measured: usize,
    /// Verdict.
    pub verdict: TargetVerdict,
    /// Wall time, s; of an experiment its own, whatever the number of targets that read it.
    pub seconds: f64,
}

/// All targets of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Results in the order of the file.
    pub results: Vec<TargetResult>,
    /// Experiments that were run for them, with what they showed.
    pub observations: Vec<(&'static Experiment, Observation)>,
}

/// How many of some targets passed, failed, were not measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Met.
    pub passed: usize,
    /// Not met.
    pub failed: usize,
    /// Not declared how to measure.
    pub unmeasured: usize,
}

impl Counts {
    /// Those measured.
    pub fn measured(self) -> usize {
        self.passed + self.failed
    }
}

impl Outcome {
    /// Counts of the targets that `which` picks.
    pub fn counts(&self, which: impl Fn(&Target) -> bool) -> Counts {
        let mut counts = Counts::default();
        for result in self.results.iter().filter(|r| which(&r.target)) {
            match result.verdict {
                TargetVerdict::Pass => counts.passed += 1,
                TargetVerdict::Fail => counts.failed += 1,
                TargetVerdict::Unmeasured => counts.unmeasured += 1,
            }
        }
        counts
    }
}

/// Experiments that these targets read, each once, in the order of the list.
pub fn experiments(targets: &Targets) -> Vec<&'static Experiment> {
    let read =
        |e: &&Experiment| targets.targets.iter().any(|t| t.experiment.as_ref().is_some_and(|from| from.id == e.id));
    Experiment::all().filter(read).collect()
}

/// Experiments that no target that ships with Tonus reads: they show what has no one number to be held against.
///
/// # Errors
/// The targets that ship with Tonus cannot be read.
pub fn experiments_without_target() -> Result<Vec<&'static Experiment>, TargetError> {
    let read = experiments(&Targets::builtin()?);
    Ok(Experiment::all().filter(|e| !read.iter().any(|r| r.id == e.id)).collect())
}

/// Runs the experiments, those that the targets read among them, then every target; `ended` is told the id of each as it ends.
///
/// # Errors
/// The first target whose patients cannot be made, or the first experiment that cannot be run.
pub fn run(
    targets: &Targets,
    experiments: &[&'static Experiment],
    seed: u64,
    ended: &(dyn Fn(&str) + Sync),
) -> Result<Outcome, TargetError> {
    let tables = Tables {
        anatomy: Anatomy::builtin().map_err(|e| TargetError::Tables(e.to_string()))?,
        norms: Norms::builtin().map_err(|e| TargetError::Tables(e.to_string()))?,
    };
    // Experiments come first, in a loop of their own: one that uses threads itself must not be waited for inside another.
    let shown: Vec<Shown> = experiments
        .par_iter()
        .with_max_len(1)
        .map(|&experiment| {
            let start = Instant::now();
            let observation = (experiment.run)(Seed::new(seed))
                .map_err(|e| TargetError::Run { id: experiment.id.to_owned(), problem: e.to_string() })?;
            ended(experiment.id);
            Ok(Shown { experiment, observation, seconds: start.elapsed().as_secs_f64() })
        })
        .collect::<Result<_, TargetError>>()?;
    let results = targets
        .targets
        .par_iter()
        .with_max_len(1)
        .map(|target| {
            let result = run_one(target, &tables, &shown, seed)?;
            ended(&target.id);
            Ok(result)
        })
        .collect::<Result<Vec<_>, TargetError>>()?;
    Ok(Outcome { results, observations: shown.into_iter().map(|s| (s.experiment, s.observation)).collect() })
}

struct Tables {
    anatomy: Anatomy,
    norms: Norms,
}

/// What an experiment showed, run once for all the targets that read it.
struct Shown {
    experiment: &'static Experiment,
    observation: Observation,
    seconds: f64,
}

fn run_one(target: &Target, tables: &Tables, shown: &[Shown], seed: u64) -> Result<TargetResult, TargetError> {
    let start = Instant::now();
    let mut result = TargetResult {
        target: target.clone(),
        value: None,
        spread: None,
        n: 0,
        n_measured: 0,
        verdict: TargetVerdict::Unmeasured,
        seconds: 0.0,
    };
    if let Some(measurement) = &target.measurement {
        in_people(&mut result, measurement, tables, seed)?;
        result.seconds = start.elapsed().as_secs_f64();
    } else if let Some(from) = &target.experiment {
        in_experiment(&mut result, from, shown)?;
    } else {
        return Ok(result);
    }
    result.verdict = match result.value {
        Some(v) if target.met_by(v) => TargetVerdict::Pass,
        _ => TargetVerdict::Fail,
    };
    Ok(result)
}

fn in_people(result: &mut TargetResult, m: &Measurement, tables: &Tables, seed: u64) -> Result<(), TargetError> {
    let target = &result.target;
    let people = members(&m.patients, seed).map_err(|problem| target.wrong(problem))?;
    let item = Item::find(&m.item).map_err(|e| target.wrong(e.to_string()))?;
    let failed = |problem: String| TargetError::Run { id: target.id.clone(), problem };
    let values = people
        .par_iter()
        .with_max_len(1)
        .map(|member| value(member, m, &item, tables).map_err(failed))
        .collect::<Result<Vec<Option<f64>>, TargetError>>()?;
    let scaled = |value: f64| value * m.scale;
    result.n = values.len();
    result.n_measured = values.iter().flatten().count();
    result.value = m.statistic.of(&values, m.threshold).map(scaled);
    result.spread = m.statistic.spread_of(&values, m.threshold).map(|s| s * m.scale.abs());
    Ok(())
}

fn in_experiment(result: &mut TargetResult, from: &FromExperiment, shown: &[Shown]) -> Result<(), TargetError> {
    let missing = || TargetError::Run {
        id: result.target.id.clone(),
        problem: format!("experiment `{}` gave no `{}`", from.id, from.measure),
    };
    let shown = shown.iter().find(|s| s.experiment.id == from.id).ok_or_else(missing)?;
    let value = shown.observation.value(&from.measure).ok_or_else(missing)?;
    result.value = value.value.filter(|v| v.is_finite()).map(|v| v * from.scale);
    result.spread = value.spread.map(|v| v * from.scale.abs());
    result.n = value.n;
    result.n_measured = value.n - value.missing.min(value.n);
    result.seconds = shown.seconds;
    Ok(())
}

/// One person's value.
fn value(member: &Member, m: &Measurement, item: &Item, tables: &Tables) -> Result<Option<f64>, String> {
    let (body, _) = member.patient.body(&tables.anatomy).map_err(|e| e.to_string())?;
    let own = measured(&body, member, m, item)?;
    let needs_health = m.relative_to.is_some() || m.per.is_some_and(Per::is_limit);
    let healthy = if needs_health {
        Some(measured(&Body::healthy(&body.person, &tables.anatomy), member, m, item)?)
    } else {
        None
    };
    let reference = match &healthy {
        Some(healthy) if m.relative_to.is_some() => healthy.value,
        _ => Some(1.0),
    };
    let per = match m.per {
        None => Some(1.0),
        Some(Per::MassKg) => Some(body.person.mass_kg),
        Some(Per::HeightM) => Some(body.person.height_m),
        Some(limit) => {
            let twin: Vec<Study> = healthy.into_iter().map(|h| h.study).collect();
            let judged = Judge::new(&tables.norms, &body.person, &twin).study(&own.study);
            let judged = judged.measure(&m.measure);
            judged.and_then(|j| if limit == Per::UpperLimit { j.high } else { j.low })
        }
    };
    let value = own.value.zip(reference).zip(per).map(|((own, reference), per)| own / reference / per);
    Ok(value.filter(|v| v.is_finite()))
}

/// A person's study and its value: of a sweep, the extreme one.
struct Measured {
    study: Study,
    value: Option<f64>,
}

fn measured(body: &Body, member: &Member, m: &Measurement, item: &Item) -> Result<Measured, String> {
    let side = if m.side == "left" { Side::Left } else { Side::Right };
    let subject = Subject::new(body, member.seed);
    let run = |parameters: &std::collections::BTreeMap<String, f64>| {
        item.run(&subject, side, parameters).map_err(|e| e.to_string())
    };
    let Some(sweep) = &m.sweep else {
        let study = run(&m.parameters)?;
        let value = study.number(&m.measure);
        return Ok(Measured { study, value });
    };
    let mut chosen: Option<Measured> = None;
    for &value in &sweep.values {
        let mut parameters = m.parameters.clone();
        parameters.insert(sweep.parameter.clone(), value);
        let study = run(&parameters)?;
        let value = study.number(&m.measure);
        let better = match (chosen.as_ref().map(|c| c.value), value, sweep.take) {
            (None | Some(None), _, _) => true,
            (Some(Some(best)), Some(x), Extreme::Minimum) => x < best,
            (Some(Some(best)), Some(x), Extreme::Maximum) => x > best,
            _ => false,
        };
        if better {
            chosen = Some(Measured { study, value });
        }
    }
    chosen.ok_or_else(|| "the sweep has no values".to_owned())
}
