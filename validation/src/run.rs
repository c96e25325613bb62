//! Runs targets.

use std::sync::OnceLock;
use std::time::Instant;

use rayon::prelude::*;
use tonus_body::{Anatomy, Body};
use tonus_exam::{Item, Subject};
use tonus_signal::Side;

use tonus_physiology::random::Seed;

use crate::cohort::{Member, members};
use crate::experiment::{Experiment, Observation};
use crate::statistic::spread;
use crate::target::{Measurement, Per, Target, TargetError, Targets};

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
    /// Id.
    pub id: String,
    /// Area.
    pub area: String,
    /// Unit.
    pub unit: String,
    /// Lower bound.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
    /// Kind.
    pub kind: &'static str,
    /// The model's value.
    pub value: Option<f64>,
    /// SD between the people measured.
    pub spread: Option<f64>,
    /// People measured.
    pub n: usize,
    /// Verdict.
    pub verdict: TargetVerdict,
    /// Source.
    pub source: String,
    /// Decisive.
    pub decisive: bool,
    /// Wall time, s.
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

impl Outcome {
    /// How many passed, failed, were not measured.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |verdict| self.results.iter().filter(|r| r.verdict == verdict).count();
        (count(TargetVerdict::Pass), count(TargetVerdict::Fail), count(TargetVerdict::Unmeasured))
    }
}

/// Runs every target; `ended` is told of each as it ends.
///
/// # Errors
/// The first target whose patients cannot be made.
pub fn run(targets: &Targets, seed: u64, ended: &(dyn Fn(&TargetResult) + Sync)) -> Result<Outcome, TargetError> {
    let wrong = |target: &Target, problem: String| TargetError::Target {
        file: targets.file.clone(),
        id: target.id.clone(),
        problem,
    };
    let anatomy = match Anatomy::builtin() {
        Ok(anatomy) => anatomy,
        Err(e) => {
            return Err(TargetError::Target { file: targets.file.clone(), id: "-".to_owned(), problem: e.to_string() });
        }
    };
    let experiments: Vec<Shown> = Experiment::all().map(|_| Shown::new()).collect();
    let results = targets
        .targets
        .par_iter()
        .with_max_len(1)
        .map(|target| {
            let result = run_one(target, &anatomy, &experiments, seed).map_err(|problem| wrong(target, problem))?;
            ended(&result);
            Ok(result)
        })
        .collect::<Result<Vec<_>, TargetError>>()?;
    let shown = experiments.into_iter().map(|shown| shown.into_inner().and_then(Result::ok));
    let observations = Experiment::all().zip(shown).filter_map(|(e, shown)| Some((e, shown?))).collect();
    Ok(Outcome { results, observations })
}

/// What an experiment showed, run once for all the targets that read it.
type Shown = OnceLock<Result<Observation, String>>;

fn run_one(target: &Target, anatomy: &Anatomy, experiments: &[Shown], seed: u64) -> Result<TargetResult, String> {
    let start = Instant::now();
    let mut result = TargetResult {
        id: target.id.clone(),
        area: target.area.clone(),
        unit: target.unit.clone(),
        low: target.low,
        high: target.high,
        kind: target.kind.name(),
        value: None,
        spread: None,
        n: 0,
        verdict: TargetVerdict::Unmeasured,
        source: target.source.clone(),
        decisive: target.decisive,
        seconds: 0.0,
    };
    if let Some(measurement) = &target.measurement {
        let people = members(&measurement.patients, seed).map_err(|e| e.to_string())?;
        let item = Item::find(&measurement.item).map_err(|e| e.to_string())?;
        let values = people
            .par_iter()
            .with_max_len(1)
            .map(|member| value(member, measurement, &item, anatomy))
            .collect::<Result<Vec<Option<f64>>, String>>()?;
        let present: Vec<f64> = values.iter().copied().flatten().map(|v| v * measurement.scale).collect();
        result.spread = spread(&present);
        result.n = people.len();
        let percent = measurement.statistic.of(&values, measurement.threshold);
        result.value = percent.map(|v| v * measurement.scale);
    } else if let Some(from) = &target.experiment {
        let (experiment, shown) =
            Experiment::all().zip(experiments).find(|(e, _)| e.id == from.id).ok_or("experiment does not exist")?;
        let run = || (experiment.run)(Seed::new(seed)).map_err(|e| e.to_string());
        let shown = shown.get_or_init(run).as_ref().map_err(String::clone)?;
        let value = shown.value(&from.measure).ok_or_else(|| format!("`{}` was not measured", from.measure))?;
        result.value = value.value.map(|v| v * from.scale);
        result.spread = value.spread.map(|v| v * from.scale);
        result.n = value.n;
    }
    if target.measurement.is_some() || target.experiment.is_some() {
        result.verdict = match result.value {
            Some(v) if target.met_by(v) => TargetVerdict::Pass,
            _ => TargetVerdict::Fail,
        };
    }
    result.seconds = start.elapsed().as_secs_f64();
    Ok(result)
}

fn value(member: &Member, m: &Measurement, item: &Item, anatomy: &Anatomy) -> Result<Option<f64>, String> {
    let side = if m.side == "left" { Side::Left } else { Side::Right };
    let measure = |body: &Body| -> Result<Option<f64>, String> {
        let study = item.run(&Subject::new(body, member.seed), side, &m.parameters).map_err(|e| e.to_string())?;
        Ok(study.number(&m.measure))
    };
    let (body, _) = member.patient.body(anatomy).map_err(|e| e.to_string())?;
    let own = measure(&body)?;
    let per = match m.per {
        None => 1.0,
        Some(Per::MassKg) => body.person.mass_kg,
        Some(Per::HeightM) => body.person.height_m,
    };
    let reference = match m.relative_to.as_deref() {
        None => Some(1.0),
        Some("healthy") => measure(&Body::healthy(&body.person, anatomy))?,
        Some(other) => {
            return Err(format!(
                "relative_to = `{other}`: only `healthy`, the same person without lesions, can be measured against"
            ));
        }
    };
    Ok(own.zip(reference).map(|(own, reference)| own / reference / per).filter(|v| v.is_finite()))
}
