//! Potvin & Fuglevand 2017: endurance at steady force and the decline of a sustained maximum.

use tonus_physiology::muscle::fatigue::FatigueParameters;
use tonus_physiology::muscle::rate_coded_pool::{
    MeanForcePool, RateCodedPool, RateCodedPoolError, RateCodedPoolModel, RateCodedPoolParameters,
};
use tonus_physiology::random::Seed;

use super::sustained_effort::sustained_effort;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "pool.potvin_fuglevand_2017";

const ENDURANCE: &str = "time until maximal excitation no longer gives the force";
const SUSTAINED: &str = "force of a maximal effort after this time, over its beginning";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Fatigue of the rate-coded pool: endurance at 20-80 % of maximal force, sustained maximum, recovery",
    source: "Potvin & Fuglevand 2017 PLoS Comput Biol 13:e1005581, authors' code",
    measures: &[
        MeasureInfo { name: "endurance_20", unit: "s", what: ENDURANCE },
        MeasureInfo { name: "endurance_30", unit: "s", what: ENDURANCE },
        MeasureInfo { name: "endurance_50", unit: "s", what: ENDURANCE },
        MeasureInfo { name: "endurance_80", unit: "s", what: ENDURANCE },
        MeasureInfo { name: "sustained_30s", unit: "fraction of max", what: SUSTAINED },
        MeasureInfo { name: "sustained_60s", unit: "fraction of max", what: SUSTAINED },
        MeasureInfo { name: "sustained_90s", unit: "fraction of max", what: SUSTAINED },
        MeasureInfo { name: "sustained_120s", unit: "fraction of max", what: SUSTAINED },
        MeasureInfo {
            name: "voluntary_60s",
            unit: "fraction of max",
            what: "the same after 60 s of voluntary index abduction, through the whole of cord and muscle",
        },
    ],
    run,
};

/// Step of the paper, s.
const STEP_S: f64 = 0.1;
/// Forces held, share of maximum, with the endurance computed from the authors' rules, s.
const HELD: [(f64, f64); 4] = [(0.2, 512.0), (0.3, 267.0), (0.5, 95.0), (0.8, 15.0)];
/// Times of the sustained maximum, s, with the force computed from the authors' rules.
const SUSTAINED_AT: [(f64, f64); 4] = [(30.0, 0.67), (60.0, 0.53), (90.0, 0.41), (120.0, 0.28)];

fn build(parameters: &RateCodedPoolParameters) -> Result<RateCodedPoolModel, ExperimentError> {
    let fail = |e: RateCodedPoolError| ExperimentError { experiment: ID, problem: e.to_string() };
    RateCodedPoolModel::new(parameters).map_err(fail)
}

/// A steady force held to exhaustion.
struct Held {
    endurance_s: f64,
    /// Time, s, and excitation over its maximum.
    excitation: Vec<(f64, f64)>,
    /// Force left in each unit, over its own, at exhaustion.
    capacity: Vec<f64>,
}

fn endure(model: &RateCodedPoolModel, share: f64) -> Held {
    let most = model.maximal_excitation();
    let mut pool = MeanForcePool::new(model);
    let target = share * pool.force(model, most);
    let mut excitations = Vec::new();
    let mut steps = 0_u32;
    while let Some(excitation) = pool.excitation_for(model, target) {
        excitations.push((f64::from(steps) * STEP_S, excitation / most));
        pool.step(model, excitation, STEP_S);
        steps += 1;
        if steps > 36_000 {
            break; // An hour: not exhausted.
        }
    }
    Held { endurance_s: f64::from(steps) * STEP_S, excitation: excitations, capacity: pool.capacity().to_vec() }
}

/// Maximal effort for `effort_s`, then rest with a brief test of the maximum at each step: time, s, and force over the first.
fn sustain(model: &RateCodedPoolModel, effort_s: f64, total_s: f64) -> Vec<(f64, f64)> {
    let most = model.maximal_excitation();
    let mut pool = MeanForcePool::new(model);
    let whole = pool.force(model, most);
    (0..=(total_s / STEP_S) as usize)
        .map(|k| {
            let at = k as f64 * STEP_S;
            let force = pool.force(model, most) / whole;
            pool.step(model, if at < effort_s { most } else { 0.0 }, STEP_S);
            (at, force)
        })
        .collect()
}

/// Maximal effort by impulses: time, s, and mean force of each second over that of the second of them (the first has the rise).
fn sustain_by_impulses(model: &RateCodedPoolModel, seconds: usize, seed: Seed) -> Vec<(f64, f64)> {
    let mut pool = RateCodedPool::new(model, seed);
    let forces: Vec<f64> = (0..seconds)
        .map(|_| {
            (0..1000).fold(0.0, |sum, _| {
                pool.step_ms(model, model.maximal_excitation());
                sum + 1e-3 * pool.force()
            })
        })
        .collect();
    let first = forces.get(1).copied().unwrap_or(f64::NAN);
    forces.iter().enumerate().skip(1).map(|(s, f)| (s as f64 + 0.5, f / first)).collect()
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let model = build(&RateCodedPoolParameters::potvin_fuglevand_2017())?;
    let held: Vec<Held> = HELD.iter().map(|(share, _)| endure(&model, *share)).collect();
    let sustained = sustain(&model, 200.0, 200.0);
    let at = |time_s: f64| sustained.get((time_s / STEP_S).round() as usize).map_or(f64::NAN, |(_, force)| *force);

    let points: Vec<(f64, f64)> = HELD.iter().zip(&held).map(|((s, _), h)| (h.endurance_s, 100.0 * s)).collect();
    let mut endurance = Panel::new("Endurance", "time (s)", "force held (% of maximum)")
        .with("", Mark::Line, points.clone())
        .with("", Mark::Dots, points)
        .log_x();
    for (share, published) in HELD {
        endurance =
            endurance.published((0.95 * published, 1.05 * published), (100.0 * share - 2.0, 100.0 * share + 2.0));
    }
    let mut maximum =
        Panel::new("Sustained maximum: mean forces, and by impulses (dots)", "time (s)", "force (share of first)")
            .with("", Mark::Line, sustained.clone())
            .with("", Mark::Dots, sustain_by_impulses(&model, 200, seed));
    for (time_s, published) in SUSTAINED_AT {
        maximum = maximum.published((time_s - 2.0, time_s + 2.0), (0.95 * published, 1.05 * published));
    }
    let mut units = Panel::new("At exhaustion", "unit, smallest first", "force lost (share)");
    let mut drive = Panel::new("Excitation to hold the force", "time (share of endurance)", "excitation (share)");
    for ((share, _), h) in HELD.iter().zip(&held) {
        let name = format!("{:.0} %", 100.0 * share);
        let left = h.capacity.iter().enumerate().map(|(i, c)| (i as f64 + 1.0, 1.0 - c));
        units = units.with(&name, Mark::Line, left.collect());
        let excitation = h.excitation.iter().map(|(t, e)| (t / h.endurance_s, *e));
        drive = drive.with(&name, Mark::Line, excitation.collect());
    }
    let recovering = RateCodedPoolParameters {
        fatigue: Some(FatigueParameters::default()),
        ..RateCodedPoolParameters::potvin_fuglevand_2017()
    };
    let recovering = build(&recovering)?;
    let recovery =
        Panel::new("Rest after 60 and 120 s (recovery is assumed)", "time (s)", "maximal force (share of first)")
            .with("", Mark::Line, sustain(&recovering, 60.0, 600.0))
            .with("", Mark::Line, sustain(&recovering, 120.0, 600.0));

    let mut values = Vec::new();
    for (name, h) in ["endurance_20", "endurance_30", "endurance_50", "endurance_80"].into_iter().zip(&held) {
        values.push(Value::single(name, h.endurance_s));
    }
    let names = ["sustained_30s", "sustained_60s", "sustained_90s", "sustained_120s"];
    for (name, (time_s, _)) in names.into_iter().zip(SUSTAINED_AT) {
        values.push(Value::single(name, at(time_s)));
    }
    let voluntary = sustained_effort(ID, seed)?;
    values.push(Value::single("voluntary_60s", voluntary.last));
    let index = Panel::new("Voluntary index abduction: 60 s, and after rest", "time (s)", "force (share of first)")
        .with("", Mark::Dots, voluntary.force);
    Ok(Observation { values, figure: Figure { panels: vec![endurance, maximum, units, drive, recovery, index] } })
}
