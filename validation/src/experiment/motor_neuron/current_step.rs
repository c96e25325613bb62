//! Steps and pulses of current into the soma of every cell of a pool, as through a microelectrode in an anaesthetised animal.
//!
//! Anaesthesia leaves no monoaminergic drive, so there is no persistent inward current and no bias.

use tonus_physiology::cord::gains::SegmentalGains;
use tonus_physiology::cord::membrane::{STEP_MS, STEPS_PER_MS};
use tonus_physiology::cord::neuron::{Cell, UnitType};
use tonus_physiology::cord::pool::{Pool, PoolModel};
use tonus_physiology::math;
use tonus_physiology::random::Seed;

use super::super::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use super::{mean, muscle};
use crate::figure::{Figure, Mark, Panel};
use crate::statistic::line;

const ID: &str = "neuron.current_step";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Current into the soma: rheobase, input resistance, afterhyperpolarisation, rate",
    source: "Zengel et al. 1985 J Neurophysiol 53:1323; Kernell 1965; Cormery et al. 2005 J Physiol 568:841; Cisi & Kohn 2008 J Comput Neurosci 25:520",
    measures: &[
        MeasureInfo {
            name: "rheobase_at_1_mohm",
            unit: "nA",
            what: "rheobase of a cell of 1 Mohm, between the two cells on either side",
        },
        MeasureInfo { name: "rheobase_centile_5", unit: "nA", what: "rheobase, 5th centile of the pool" },
        MeasureInfo { name: "rheobase_centile_95", unit: "nA", what: "rheobase, 95th centile of the pool" },
        MeasureInfo { name: "input_resistance_centile_5", unit: "Mohm", what: "input resistance, 5th centile" },
        MeasureInfo { name: "input_resistance_centile_95", unit: "Mohm", what: "input resistance, 95th centile" },
        MeasureInfo {
            name: "types_in_order",
            unit: "ratio",
            what: "1 if mean rheobase rises and mean input resistance falls from S over FR to FF, else 0",
        },
        MeasureInfo {
            name: "ahp_half_decay_slow",
            unit: "ms",
            what: "half-decay of the afterhyperpolarisation, S cells",
        },
        MeasureInfo {
            name: "ahp_half_decay_fast",
            unit: "ms",
            what: "half-decay of the afterhyperpolarisation, FR and FF cells",
        },
        MeasureInfo { name: "ahp_half_decay_fast_over_slow", unit: "ratio", what: "fast over slow cells" },
        MeasureInfo {
            name: "primary_slope",
            unit: "imp/s/nA",
            what: "steady rate over current, line through 1 to 10 nA above rheobase",
        },
        MeasureInfo {
            name: "minimum_rate_times_ahp",
            unit: "ratio",
            what: "lowest steady rate times the duration of the afterhyperpolarisation to within 0.1 mV of rest",
        },
    ],
    run,
};

/// Length of a rheobase step, ms (Zengel et al. 1985).
const RHEOBASE_STEP_MS: usize = 500;
/// Currents above rheobase of the relation of rate and current, nA.
const ABOVE_NA: [f64; 10] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0];
/// Distance from rest at which an afterhyperpolarisation has ended, mV: noise of a microelectrode recording.
const ENDED_MV: f64 = 0.1;

/// A pool cut off from monoamines, and its cells' properties as measured.
struct Cells {
    model: PoolModel,
    types: Vec<UnitType>,
    rheobase_na: Vec<f64>,
    input_resistance_mohm: Vec<f64>,
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    // A muscle with many units of all types.
    let pool = muscle(ID, &["quadriceps"])?.pool;
    let gains = SegmentalGains { persistent_inward_current: 0.0, ..SegmentalGains::default() };
    let cells = measure_at_rest(PoolModel::new(&pool, &gains, seed));
    let ahp = afterhyperpolarisations(&cells.model);
    let rates = rates_hz(&cells, &ABOVE_NA);
    let minimum = rates_hz(&cells, &[0.01, 0.02, 0.04, 0.08, 0.15, 0.3]);
    let slopes: Vec<f64> = rates.iter().map(|r| line(&points(&ABOVE_NA, r)).0).collect();
    let products: Vec<f64> = minimum
        .iter()
        .zip(&ahp)
        .map(|(rates, ahp)| rates.iter().copied().find(|&r| r > 0.0).unwrap_or(f64::NAN) * 1e-3 * ahp.ended_ms)
        .collect();
    let of_types = |values: &[f64], kinds: &[UnitType]| -> Vec<f64> {
        values.iter().zip(&cells.types).filter(|(_, t)| kinds.contains(t)).map(|(v, _)| *v).collect()
    };
    let half: Vec<f64> = ahp.iter().map(|a| a.half_decay_ms).collect();
    let slow = of_types(&half, &[UnitType::Slow]);
    let fast = of_types(&half, &[UnitType::FatigueResistant, UnitType::FastFatigable]);
    let by_type = |values: &[f64]| TYPES.map(|(kind, _)| mean(of_types(values, &[kind])));
    let (rheobase, resistance) = (by_type(&cells.rheobase_na), by_type(&cells.input_resistance_mohm));
    let ordered = rheobase.windows(2).all(|w| w[0] < w[1]) && resistance.windows(2).all(|w| w[0] > w[1]);
    Ok(Observation {
        values: vec![
            Value::single("rheobase_at_1_mohm", rheobase_at(&cells, 1.0)),
            centile("rheobase_centile_5", &cells.rheobase_na, 0.05),
            centile("rheobase_centile_95", &cells.rheobase_na, 0.95),
            centile("input_resistance_centile_5", &cells.input_resistance_mohm, 0.05),
            centile("input_resistance_centile_95", &cells.input_resistance_mohm, 0.95),
            Value::single("types_in_order", f64::from(u8::from(ordered))),
            Value::mean_of("ahp_half_decay_slow", &slow),
            Value::mean_of("ahp_half_decay_fast", &fast),
            Value::single("ahp_half_decay_fast_over_slow", mean(fast.iter().copied()) / mean(slow.iter().copied())),
            Value::mean_of("primary_slope", &slopes),
            Value::mean_of("minimum_rate_times_ahp", &products),
        ],
        figure: figure(&cells),
    })
}

const TYPES: [(UnitType, &str); 3] =
    [(UnitType::Slow, "S"), (UnitType::FatigueResistant, "FR"), (UnitType::FastFatigable, "FF")];

fn points(x: &[f64], y: &[f64]) -> Vec<(f64, f64)> {
    x.iter().copied().zip(y.iter().copied()).collect()
}

fn centile(name: &'static str, values: &[f64], share: f64) -> Value {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (share * sorted.len().saturating_sub(1) as f64).round() as usize;
    Value { name, value: sorted.get(at).copied(), spread: None, n: sorted.len(), missing: 0 }
}

/// Rheobase by bisection and input resistance by a small hyperpolarising step, all cells at once.
fn measure_at_rest(model: PoolModel) -> Cells {
    let n = model.units();
    let (mut low, mut high) = (vec![0.0; n], vec![100.0; n]);
    // 100 nA halved 13 times: to 0.012 nA.
    for _ in 0..13 {
        let middle: Vec<f64> = low.iter().zip(&high).map(|(l, h)| 0.5 * (l + h)).collect();
        let mut fired = vec![false; n];
        let mut pool = Pool::new(&model);
        middle.iter().enumerate().for_each(|(unit, &na)| pool.set_current_na(&model, unit, na));
        for _ in 0..RHEOBASE_STEP_MS * STEPS_PER_MS {
            pool.step(&model).iter().for_each(|spike| fired[spike.cell as usize] = true);
        }
        for unit in 0..n {
            if fired[unit] { high[unit] = middle[unit] } else { low[unit] = middle[unit] }
        }
    }
    let mut pool = Pool::new(&model);
    pool.set_common_current_na(-1.0);
    for _ in 0..100 * STEPS_PER_MS {
        pool.step(&model);
    }
    let input_resistance_mohm = (0..n).map(|unit| -pool.soma_mv(unit)).collect();
    Cells { types: model.types().to_vec(), model, rheobase_na: high, input_resistance_mohm }
}

/// Rheobase at an input resistance, between the two cells on either side, on logarithmic axes.
fn rheobase_at(cells: &Cells, mohm: f64) -> f64 {
    let resistance = &cells.input_resistance_mohm;
    let pair = (1..resistance.len()).find(|&i| (resistance[i - 1] >= mohm) != (resistance[i] >= mohm));
    let Some(i) = pair else { return f64::NAN };
    let (x0, x1) = (math::ln(resistance[i - 1]), math::ln(resistance[i]));
    let (y0, y1) = (math::ln(cells.rheobase_na[i - 1]), math::ln(cells.rheobase_na[i]));
    math::exp(y0 + (y1 - y0) * (math::ln(mohm) - x0) / (x1 - x0))
}

/// Afterhyperpolarisation of one cell.
#[derive(Clone, Debug)]
struct Afterhyperpolarisation {
    /// From the trough back to half of it, ms.
    half_decay_ms: f64,
    /// From the spike to within [`ENDED_MV`] of rest, ms.
    ended_ms: f64,
    /// Soma potential from the spike on, every 0.05 ms, mV.
    trace: Vec<f64>,
}

/// One spike of every cell, from a shock too short to leave charge behind.
fn afterhyperpolarisations(model: &PoolModel) -> Vec<Afterhyperpolarisation> {
    let n = model.units();
    let mut pool = Pool::new(model);
    let shock_na = |cell: &Cell| 40.0 * cell.rheobase_na();
    (0..n).for_each(|unit| pool.set_current_na(model, unit, shock_na(&model.neurons()[unit])));
    let mut traces: Vec<Vec<f64>> = vec![vec![]; n];
    let mut fired = vec![false; n];
    for _ in 0..350 * STEPS_PER_MS {
        let spikes: Vec<usize> = pool.step(model).iter().map(|s| s.cell as usize).collect();
        for unit in spikes {
            fired[unit] = true;
            pool.set_current_na(model, unit, 0.0);
        }
        (0..n).filter(|&unit| fired[unit]).for_each(|unit| traces[unit].push(pool.soma_mv(unit)));
    }
    traces
        .into_iter()
        .map(|trace| {
            let trough = (0..trace.len()).min_by(|&a, &b| trace[a].total_cmp(&trace[b])).unwrap_or(0);
            let low = trace.get(trough).copied().unwrap_or(f64::NAN);
            let after =
                |level: f64| trace[trough..].iter().position(|&v| v > level).map_or(f64::NAN, |i| i as f64 * STEP_MS);
            Afterhyperpolarisation {
                half_decay_ms: after(0.5 * low),
                ended_ms: trough as f64 * STEP_MS + after(-ENDED_MV),
                trace,
            }
        })
        .collect()
}

/// Steady rate of every cell at currents above its own rheobase: 1 s steps, intervals of the last 500 ms.
fn rates_hz(cells: &Cells, above_na: &[f64]) -> Vec<Vec<f64>> {
    let n = cells.model.units();
    let mut rates = vec![vec![]; n];
    for above in above_na {
        let mut pool = Pool::new(&cells.model);
        (0..n).for_each(|unit| pool.set_current_na(&cells.model, unit, cells.rheobase_na[unit] + above));
        let mut late = vec![vec![]; n];
        for step in 0..1000 * STEPS_PER_MS {
            for spike in pool.step(&cells.model) {
                if step >= 500 * STEPS_PER_MS {
                    late[spike.cell as usize].push((step as f64 + f64::from(spike.fraction)) * STEP_MS);
                }
            }
        }
        for (rates, times) in rates.iter_mut().zip(&late) {
            rates.push(match (times.first(), times.last()) {
                (Some(first), Some(last)) if times.len() > 1 => 1e3 * (times.len() - 1) as f64 / (last - first),
                _ => 0.0,
            });
        }
    }
    rates
}

fn figure(cells: &Cells) -> Figure {
    let mut rate = Panel::new("Rate and current (published: Cisi & Kohn's types)", "current (nA)", "rate (impulses/s)");
    let mut after = Panel::new("Afterhyperpolarisation", "time from the spike (ms)", "soma potential above rest (mV)");
    let mut scatter = Panel::new("Rheobase and input resistance", "input resistance (Mohm)", "rheobase (nA)");
    for (kind, name) in TYPES {
        let one = measure_at_rest(PoolModel::single(Cell::motor_neuron(kind, 0.5), 0.0));
        let rheobase = one.rheobase_na[0];
        let above: Vec<f64> = (0..=30).map(|i| 0.02 + 0.5 * f64::from(i)).collect();
        let rates = rates_hz(&one, &above);
        rate = rate.with(name, Mark::Line, above.iter().map(|a| rheobase + a).zip(rates[0].iter().copied()).collect());
        let trace = &afterhyperpolarisations(&one.model)[0].trace;
        let shown = trace.iter().enumerate().skip(60).take(150 * STEPS_PER_MS);
        after = after.with(name, Mark::Line, shown.map(|(i, v)| (i as f64 * STEP_MS, *v)).collect());
        let units = (0..cells.types.len()).filter(|&i| cells.types[i] == kind);
        scatter = scatter.with(
            name,
            Mark::Dots,
            units.map(|i| (cells.input_resistance_mohm[i], cells.rheobase_na[i])).collect(),
        );
    }
    // Caillet et al. 2022 eLife 11:e76489, table 4: I = 2.7e-2 R^-1.04 (SI).
    let law = (0..=40).map(|i| 0.5 + 0.045 * f64::from(i));
    scatter = scatter.with(
        "cat: Caillet et al. 2022",
        Mark::Dashed,
        law.map(|mohm| (mohm, 1e9 * 2.7e-2 * math::pow(1e6 * mohm, -1.04))).collect(),
    );
    Figure { panels: vec![rate, after, scatter] }
}
