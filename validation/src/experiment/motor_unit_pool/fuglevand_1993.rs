//! Fuglevand, Winter & Patla 1993: force, recruitment, force variability and surface EMG of the rate-coded pool.

use tonus_physiology::muscle::rate_coded_pool::{
    RateCodedPool, RateCodedPoolError, RateCodedPoolModel, RateCodedPoolParameters,
};
use tonus_physiology::muscle::unit::{TWO_POLES, UnitHistory, UnitModel, Units};
use tonus_physiology::random::Seed;
use tonus_signal::measures::{mean, standard_deviation};

use super::regression::r_squared;
use super::surface::Electrodes;
use crate::experiment::muscle::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "pool.fuglevand_1993";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Rate-coded pool of 120 units: excitation, recruitment, force, its variability, surface EMG",
    source: "Fuglevand, Winter & Patla 1993 J Neurophysiol 70:2470",
    measures: &[
        MeasureInfo {
            name: "force_scale",
            unit: "ratio",
            what: "mean force at maximal excitation over the sum of the units' twitches, recruitment range 30, no interval noise",
        },
        MeasureInfo {
            name: "last_recruit_force_rr10",
            unit: "fraction of max",
            what: "mean force at the excitation that recruits the last unit, recruitment range 10",
        },
        MeasureInfo {
            name: "last_recruit_force_rr70",
            unit: "fraction of max",
            what: "the same with recruitment range 70",
        },
        MeasureInfo { name: "tetanus_twitch_limit", unit: "ratio", what: "force of one unit at 200/s over its twitch" },
        MeasureInfo {
            name: "recruitment_threshold_fold",
            unit: "fold",
            what: "excitation at the first impulse of the last unit over that of the first, slow ramp, default pool",
        },
        MeasureInfo {
            name: "force_cv_half",
            unit: "%",
            what: "coefficient of variation of force at half of maximal force, recruitment range 30",
        },
        MeasureInfo {
            name: "emg_force_r2",
            unit: "R2",
            what: "straight line through rectified surface EMG against force at ten levels, recruitment range 30",
        },
    ],
    run,
};

/// Recruitment ranges of the paper.
const RANGES: [f64; 3] = [10.0, 30.0, 70.0];
/// Build-up of force, not counted, and time counted, ms: more than five of the longest contraction time.
const SETTLE_MS: usize = 1000;
const HOLD_MS: usize = 4000;

fn build(parameters: &RateCodedPoolParameters) -> Result<RateCodedPoolModel, ExperimentError> {
    let fail = |e: RateCodedPoolError| ExperimentError { experiment: ID, problem: e.to_string() };
    RateCodedPoolModel::new(parameters).map_err(fail)
}

/// The paper's pool, with or without noise of the intervals.
fn pool(range: f64, interval_cv: Option<f64>) -> Result<RateCodedPoolModel, ExperimentError> {
    let parameters = RateCodedPoolParameters::fuglevand_1993(range);
    build(&RateCodedPoolParameters { interval_cv: interval_cv.unwrap_or(parameters.interval_cv), ..parameters })
}

/// What a steady excitation gives.
struct Hold {
    force: f64,
    cv_percent: f64,
    emg_mv: f64,
}

fn hold(model: &RateCodedPoolModel, excitation: f64, electrodes: Option<&Electrodes>, seed: Seed) -> Hold {
    let mut pool = RateCodedPool::new(model, seed);
    let mut emg = electrodes.map(|e| e.record(SETTLE_MS + HOLD_MS));
    let mut force = Vec::with_capacity(HOLD_MS);
    for ms in 0..SETTLE_MS + HOLD_MS {
        for impulse in pool.step_ms(model, excitation) {
            if let Some(emg) = &mut emg {
                emg.add(impulse.unit as usize, ms as f64 + impulse.offset_ms);
            }
        }
        if ms >= SETTLE_MS {
            force.push(pool.force());
        }
    }
    let level = mean(&force).unwrap_or(f64::NAN);
    Hold {
        force: level,
        cv_percent: 100.0 * standard_deviation(&force).unwrap_or(f64::NAN) / level,
        emg_mv: emg.map_or(f64::NAN, |emg| emg.rectified_mv(SETTLE_MS, seed)),
    }
}

/// Mean force, without noise of the intervals, at the excitation that recruits the last unit, over the maximum.
fn last_recruit_force(range: f64, seed: Seed) -> Result<f64, ExperimentError> {
    let model = pool(range, Some(0.0))?;
    let at = |excitation: f64| hold(&model, excitation, None, seed).force;
    Ok(at(model.recruitment_excitation(119)) / at(model.maximal_excitation()))
}

fn tetanus_over_twitch() -> f64 {
    let model = UnitModel::of(TWO_POLES, vec![1.0], vec![90.0], UnitHistory::NONE);
    let peak = |interval_ms: usize| {
        let mut units = Units::new(&model);
        (0..3000).fold(0.0_f64, |peak, ms| {
            units.advance();
            if ms % interval_ms == 0 {
                units.impulse(&model, 0, 0.0, 1.0);
            }
            peak.max(units.activation())
        })
    };
    peak(5) / peak(3000)
}

/// Excitation at the first impulse of each unit in a ramp of two minutes to the maximum.
fn recruitment(model: &RateCodedPoolModel, seed: Seed) -> Vec<f64> {
    let mut pool = RateCodedPool::new(model, seed);
    let mut first = vec![f64::NAN; model.parameters().units];
    for ms in 0..120_000 {
        let excitation = model.maximal_excitation() * f64::from(ms) / 120_000.0;
        for impulse in pool.step_ms(model, excitation) {
            let at = &mut first[impulse.unit as usize];
            if at.is_nan() {
                *at = excitation;
            }
        }
    }
    first
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let electrodes = Electrodes::over(muscle(ID, &body, "first_dorsal_interosseous")?, seed);
    let mut force = Panel::new("Force and excitation", "excitation (share of maximum)", "force (share of maximum)");
    let mut recruited = Panel::new("Recruitment", "units recruited (share)", "force (share of maximum)");
    let mut noise = Panel::new("Force variability (colours as before)", "force (share of maximum)", "CV of force (%)");
    let mut emg = Panel::new("Surface EMG of the index abductor", "force (share of maximum)", "rectified EMG (share)");
    let (mut cv_half, mut emg_r2) = (f64::NAN, f64::NAN);
    for range in RANGES {
        let model = pool(range, None)?;
        let most = model.maximal_excitation();
        let whole = model.steady_force(most);
        let name = format!("range {range}");
        let expected = (0..=100).map(|k| f64::from(k) / 100.0).map(|e| (e, model.steady_force(e * most) / whole));
        let thresholds = (0..120).map(|i| {
            let at = model.steady_force(model.recruitment_excitation(i)) / whole;
            ((i + 1) as f64 / 120.0, at)
        });
        let levels = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
        let at_force = |level: f64| {
            let (mut low, mut high) = (0.0, most);
            for _ in 0..40 {
                let middle = 0.5 * (low + high);
                if model.steady_force(middle) < level * whole { low = middle } else { high = middle }
            }
            high
        };
        let holds: Vec<Hold> = levels
            .iter()
            .enumerate()
            .map(|(k, level)| hold(&model, at_force(*level), Some(&electrodes), seed.index(k)))
            .collect();
        let full = holds.last().map_or(f64::NAN, |h| h.emg_mv);
        let amplitude: Vec<(f64, f64)> = holds.iter().map(|h| (h.force / whole, h.emg_mv / full)).collect();
        if range == 30.0 {
            cv_half = holds[6].cv_percent;
            emg_r2 = r_squared(&amplitude[2..]);
        }
        force = force.with(&name, Mark::Line, expected.collect());
        recruited = recruited.with(&name, Mark::Line, thresholds.collect());
        noise = noise.with("", Mark::Line, holds.iter().map(|h| (h.force / whole, h.cv_percent)).collect());
        emg = emg.with(&name, Mark::Line, amplitude);
    }

    let model = pool(30.0, None)?;
    let mut rates = Panel::new("Discharge rates, range 30", "excitation", "rate (impulses/s)");
    for unit in [0, 40, 80, 100, 110, 119] {
        let most = model.maximal_excitation();
        let points = (0..=200).map(|k| f64::from(k) / 200.0 * most);
        let points = points.filter(|e| *e >= model.recruitment_excitation(unit)).map(|e| (e, model.rate_hz(unit, e)));
        rates = rates.with(format!("unit {}", unit + 1), Mark::Line, points.collect());
    }
    let mut last = Vec::new();
    for range in [5.0, 10.0, 20.0, 30.0, 50.0, 70.0, 100.0] {
        last.push((range, last_recruit_force(range, seed)?));
    }
    let last_at = |range: f64| last.iter().find(|(r, _)| *r == range).map_or(f64::NAN, |(_, f)| *f);
    let plain = pool(30.0, Some(0.0))?;
    let twitches: f64 = (0..120).map(|i| plain.units().twitch(i)).sum();
    let scale = hold(&plain, plain.maximal_excitation(), None, seed).force / twitches;
    let first = recruitment(&build(&RateCodedPoolParameters::default())?, seed);
    let values = vec![
        Value::single("force_scale", scale),
        Value::single("last_recruit_force_rr10", last_at(10.0)),
        Value::single("last_recruit_force_rr70", last_at(70.0)),
        Value::single("tetanus_twitch_limit", tetanus_over_twitch()),
        Value::single("recruitment_threshold_fold", first[119] / first[0]),
        Value::single("force_cv_half", cv_half),
        Value::single("emg_force_r2", emg_r2),
    ];
    let last_force = Panel::new("Last unit recruited", "recruitment range (fold)", "force (share of maximum)")
        .with("", Mark::Line, last.clone())
        .with("", Mark::Dots, last)
        .log_x()
        .published((9.0, 11.0), (0.22, 0.33));
    Ok(Observation { values, figure: Figure { panels: vec![force, rates, recruited, last_force, noise, emg] } })
}
