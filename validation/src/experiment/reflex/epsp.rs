//! The composite Ia EPSP and its central delay.

use tonus_physiology::cord::circuit::{
    AfferentSpike, Circuit, CircuitInput, CircuitModel, CircuitOutput, GroupCircuitParameters, TONIC_FACILITATION_MV,
};
use tonus_physiology::cord::neuron::UnitType;
use tonus_physiology::random::Seed;

use super::soleus::{Preparation, SOLEUS};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.monosynaptic_epsp";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Composite Ia EPSP: every homonymous Ia afferent once, cells held below threshold",
    source: "Burke & Rymer 1976 and Harrison & Taylor 1981 (sizes); Eccles (central delay)",
    measures: &[
        MeasureInfo { name: "epsp", unit: "mV", what: "peak, mean of all cells of the pool" },
        MeasureInfo { name: "epsp_s", unit: "mV", what: "peak, mean of S cells" },
        MeasureInfo { name: "epsp_fr", unit: "mV", what: "peak, mean of FR cells" },
        MeasureInfo { name: "epsp_ff", unit: "mV", what: "peak, mean of FF cells" },
        MeasureInfo { name: "ordered", unit: "1", what: "1 if S > FR > FF" },
        MeasureInfo {
            name: "central_delay",
            unit: "ms",
            what: "volley at the cord to 5 % of the EPSP's peak, mean of the cells",
        },
    ],
    run,
};

/// Phases of the volley against the millisecond at which the potential is read: one step of the cord apart.
const PHASES: usize = 20;
/// Length followed, ms.
const LENGTH_MS: usize = 40;
/// Share of the peak at which an EPSP has begun.
const ONSET: f64 = 0.05;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let preparation = Preparation::new(ID)?;
    let groups = [0, 1].map(|g: usize| {
        let group = &preparation.groups[g].group;
        let mut gains = group.gains.clone();
        gains.bias_mv = -TONIC_FACILITATION_MV;
        GroupCircuitParameters { pool: group.pool.clone(), gains, afferents: group.afferents }
    });
    let model = CircuitModel::new(&groups, seed);
    let units = model.pool(SOLEUS).units();
    // The potential is read each millisecond: volleys at every phase of it together give each step.
    let mut traces = vec![vec![0.0; LENGTH_MS * PHASES]; units];
    for phase in 0..PHASES {
        let offset_ms = 1.0 - (phase + 1) as f64 / PHASES as f64;
        let mut circuit = Circuit::new(&model, seed);
        let (mut input, mut out) = (CircuitInput::default(), CircuitOutput::default());
        for (g, group) in input.groups.iter_mut().enumerate() {
            group.presynaptic_inhibition = groups[g].gains.presynaptic_inhibition;
        }
        let all = 0..groups[SOLEUS].afferents.ia as u32;
        input.groups[SOLEUS].ia = all.map(|axon| AfferentSpike { axon, offset_ms: offset_ms as f32 }).collect();
        for ms in 0..LENGTH_MS {
            circuit.step_ms(&model, &input, &mut out);
            input.groups[SOLEUS].ia.clear();
            for (unit, trace) in traces.iter_mut().enumerate() {
                trace[ms * PHASES + phase] = circuit.pool(SOLEUS).soma_mv(unit);
            }
        }
    }
    let time_ms = |i: usize| (i + 1) as f64 / PHASES as f64;
    let peak = |trace: &[f64]| trace.iter().copied().fold(0.0, f64::max);
    let peaks: Vec<f64> = traces.iter().map(|t| peak(t)).collect();
    let delays: Vec<Option<f64>> =
        traces.iter().zip(&peaks).map(|(t, top)| t.iter().position(|v| *v > ONSET * top).map(time_ms)).collect();
    let types = model.pool(SOLEUS).types();
    let of = |kind: UnitType| -> Vec<f64> {
        peaks.iter().zip(types).filter(|(_, t)| **t == kind).map(|(p, _)| *p).collect()
    };
    let kinds = [UnitType::Slow, UnitType::FatigueResistant, UnitType::FastFatigable].map(of);
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let means = [mean(&kinds[0]), mean(&kinds[1]), mean(&kinds[2])];
    let names = ["S, smallest", "S, largest", "FF, largest"];
    let last_slow = kinds[0].len().saturating_sub(1);
    let cells = [0, last_slow, units.saturating_sub(1)];
    let mut course = Panel::new("Soma potential of three cells", "after the volley's arrival (ms)", "mV");
    for (name, cell) in names.iter().zip(cells) {
        course =
            course.with(*name, Mark::Line, traces[cell].iter().enumerate().map(|(i, v)| (time_ms(i), *v)).collect());
    }
    let sizes = Panel::new("Peak by cell, smallest first", "motor neuron", "mV")
        .published((0.0, units as f64), (1.0, 7.0))
        .with("peak", Mark::Line, peaks.iter().enumerate().map(|(i, p)| (i as f64, *p)).collect());
    let onset = Panel::new("Central delay by cell", "motor neuron", "ms")
        .published((0.0, units as f64), (0.4, 1.5))
        .with("delay", Mark::Line, delays.iter().enumerate().filter_map(|(i, d)| Some((i as f64, (*d)?))).collect());
    Ok(Observation {
        values: vec![
            Value::mean_of("epsp", &peaks),
            Value::mean_of("epsp_s", &kinds[0]),
            Value::mean_of("epsp_fr", &kinds[1]),
            Value::mean_of("epsp_ff", &kinds[2]),
            Value::single("ordered", f64::from(u8::from(means[0] > means[1] && means[1] > means[2]))),
            Value::of("central_delay", &delays),
        ],
        figure: Figure { panels: vec![course, sizes, onset] },
    })
}
