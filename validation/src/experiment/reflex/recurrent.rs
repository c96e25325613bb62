//! Recurrent inhibition of a monosynaptic reflex after an antidromic volley in other axons of the same pool.

use tonus_physiology::cord::circuit::{
    AfferentSpike, Circuit, CircuitInput, CircuitModel, CircuitOutput, GroupCircuitParameters, Spike,
};
use tonus_physiology::random::Seed;

use super::soleus::{Preparation, SOLEUS, TIBIALIS};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.recurrent_inhibition";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Recurrent inhibition: monosynaptic reflex of half of a soleus pool after an antidromic volley in the other half",
    source: "Renshaw 1941 J Neurophysiol 4:167; Pierrot-Deseilligny & Bussel 1975 Brain Res 88:105; Windhorst 1996 Prog Neurobiol 49:517",
    measures: &[
        MeasureInfo { name: "onset", unit: "ms", what: "shortest interval at which the reflex is inhibited" },
        MeasureInfo {
            name: "duration",
            unit: "ms",
            what: "intervals about the least over which the reflex is inhibited",
        },
        MeasureInfo { name: "half_duration", unit: "ms", what: "the same, below half way to the least" },
        MeasureInfo { name: "least", unit: "%", what: "smallest reflex, of that without a volley" },
        MeasureInfo { name: "least_without", unit: "%", what: "the same with Renshaw inhibition taken away" },
    ],
    run,
};

/// Pools drawn and averaged.
const POOLS: usize = 6;
/// Unconditioned reflex, share of the neurons that the antidromic volley does not enter (assumed: as the test reflex of H studies).
const TEST: f64 = 0.2;
/// Time in which the circuit comes to rest, ms: more than twice the slowest time constant, of the persistent inward current.
const SETTLE_MS: usize = 600;
/// Time after the test volley in which a discharge is reflex, ms.
const REFLEX_MS: i32 = 8;
/// Reflex below which it is inhibited, % of that without a volley: what 20 sweeps of a human H reflex can tell from it (assumed).
const INHIBITED: f64 = 95.0;

/// Arrival of the antidromic volley at the cord, ms after the circuit is at rest.
const VOLLEY_MS: i32 = 4;

/// Times from the arrival of the antidromic volley to that of the Ia volley, ms.
fn intervals() -> impl Iterator<Item = i32> {
    (-VOLLEY_MS..20).chain((20..60).step_by(2)).chain((60..=120).step_by(5))
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let mut preparation = Preparation::new(ID)?;
    // The antagonist has no part in it.
    preparation.groups[TIBIALIS].group.pool.units = 0;
    let healthy = course(&preparation, seed)?;
    preparation.groups[SOLEUS].group.gains.renshaw = 0.0;
    let without = course(&preparation, seed)?;
    let least = |course: &[(f64, f64)]| course.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
    let inhibited = below(INHIBITED, &healthy);
    let half = below(0.5 * (100.0 + least(&healthy)), &healthy);
    let values = vec![
        Value::of("onset", &[inhibited.map(|e| e.0)]),
        Value::of("duration", &[inhibited.map(|e| e.1 - e.0)]),
        Value::of("half_duration", &[half.map(|e| e.1 - e.0)]),
        Value::single("least", least(&healthy)),
        Value::single("least_without", least(&without)),
    ];
    let panel = Panel::new(
        "Reflex of neurons the volley did not enter",
        "antidromic volley to Ia volley (ms)",
        "% of unconditioned",
    )
    .published((2.0, 42.0), (0.0, 100.0))
    .with("healthy", Mark::Line, healthy)
    .with("Renshaw inhibition 0", Mark::Dashed, without);
    Ok(Observation { values, figure: Figure { panels: vec![panel] } })
}

/// First and last interval, without a gap, about the least reflex at which it is below `level`, ms; `None` if it never is.
fn below(level: f64, course: &[(f64, f64)]) -> Option<(f64, f64)> {
    let least = (0..course.len()).min_by(|a, b| course[*a].1.total_cmp(&course[*b].1))?;
    let is_below = |k: &usize| course[*k].1 < level;
    let first = (0..=least).rev().take_while(is_below).last()?;
    let last = (least..course.len()).take_while(is_below).last()?;
    Some((course[first].0, course[last].0))
}

/// Reflex after an antidromic volley, % of that without one, by interval: mean of the pools.
fn course(preparation: &Preparation, seed: Seed) -> Result<Vec<(f64, f64)>, ExperimentError> {
    let groups = [0, 1].map(|g: usize| {
        let group = &preparation.groups[g].group;
        GroupCircuitParameters { pool: group.pool.clone(), gains: group.gains.clone(), afferents: group.afferents }
    });
    let intervals: Vec<i32> = intervals().collect();
    let mut sums = vec![0.0; intervals.len()];
    for pool in 0..POOLS {
        let rested = Rested::new(&groups, seed.child("pool").index(pool));
        let (volley, plain) = rested.volley().ok_or_else(|| ExperimentError {
            experiment: ID,
            problem: "no Ia volley gives a reflex of a fifth of the neurons".to_owned(),
        })?;
        for (sum, interval) in sums.iter_mut().zip(&intervals) {
            *sum += rested.reflex(volley, Some(*interval)) / plain;
        }
    }
    Ok(intervals.iter().zip(sums).map(|(ms, sum)| (f64::from(*ms), 100.0 * sum / POOLS as f64)).collect())
}

/// A circuit at rest.
struct Rested {
    model: CircuitModel,
    circuit: Circuit,
    input: CircuitInput,
    afferents: usize,
}

impl Rested {
    fn new(groups: &[GroupCircuitParameters; 2], seed: Seed) -> Self {
        let model = CircuitModel::new(groups, seed);
        let mut circuit = Circuit::new(&model, seed);
        let (mut input, mut out) = (CircuitInput::default(), CircuitOutput::default());
        input.groups[SOLEUS].presynaptic_inhibition = groups[SOLEUS].gains.presynaptic_inhibition;
        (0..SETTLE_MS).for_each(|_| circuit.step_ms(&model, &input, &mut out));
        Self { model, circuit, input, afferents: groups[SOLEUS].afferents.ia }
    }

    /// Share of the neurons of even number that a volley of the first `volley` Ia discharges, after an antidromic volley in
    /// those of odd number.
    fn reflex(&self, volley: usize, interval_ms: Option<i32>) -> f64 {
        let units = self.model.pool(SOLEUS).units();
        let (mut circuit, mut input, mut out) = (self.circuit.clone(), self.input.clone(), CircuitOutput::default());
        let test_ms = VOLLEY_MS + interval_ms.unwrap_or(0);
        let mut discharged = 0;
        for ms in 0..=test_ms + REFLEX_MS {
            let soleus = &mut input.groups[SOLEUS];
            soleus.ia.clear();
            soleus.antidromic.clear();
            if ms == VOLLEY_MS && interval_ms.is_some() {
                soleus.antidromic.extend((1..units as u32).step_by(2).map(|unit| Spike { unit, offset_ms: 0.0 }));
            }
            if ms == test_ms {
                soleus.ia.extend((0..volley as u32).map(|axon| AfferentSpike { axon, offset_ms: 0.0 }));
            }
            circuit.step_ms(&self.model, &input, &mut out);
            if ms >= test_ms {
                discharged += out.spikes[SOLEUS].iter().filter(|s| s.unit.is_multiple_of(2)).count();
            }
        }
        discharged as f64 / units.div_ceil(2) as f64
    }

    /// Smallest volley, in axons, whose reflex reaches [`TEST`], and that reflex.
    fn volley(&self) -> Option<(usize, f64)> {
        let (mut below, mut enough) = (0, self.afferents);
        while enough - below > 1 {
            let middle = (below + enough) / 2;
            if self.reflex(middle, None) < TEST { below = middle } else { enough = middle }
        }
        let reflex = self.reflex(enough, None);
        (reflex >= TEST).then_some((enough, reflex))
    }
}
