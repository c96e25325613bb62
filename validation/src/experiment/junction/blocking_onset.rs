//! Jitter and blocking as the safety factor falls: pairs of junctions of muscles with ever fewer receptors.

use tonus_physiology::junction::{JunctionModel, JunctionParameters};
use tonus_physiology::random::Seed;
use tonus_signal::measures::jitter::{Jitter, jitter};

use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: "junction.blocking_onset",
    title: "Jitter at which pairs begin to block, as the receptors of a muscle grow fewer",
    source: "textbook observation (Stalberg, Trontelj & Sanders): impulses begin to block at a jitter of 80-100 us",
    measures: &[
        MeasureInfo {
            name: "onset",
            unit: "us",
            what: "jitter (mean of consecutive differences) from which on half of the pairs block at times",
        },
        MeasureInfo {
            name: "of_first_blocks",
            unit: "us",
            what: "median jitter (mean of consecutive differences) of pairs that block 1 to 10 % of their discharges",
        },
        MeasureInfo { name: "healthy", unit: "us", what: "jitter of a pair with all its receptors, mean" },
    ],
    run,
};

/// Receptors left, share.
const RECEPTORS: [f64; 7] = [1.0, 0.8, 0.65, 0.5, 0.4, 0.33, 0.27];
/// Pairs at each, and discharges of a pair.
const PAIRS: usize = 120;
const DISCHARGES: usize = 100;
/// Rate of a slight effort, Hz.
const RATE_HZ: f64 = 12.0;
/// Pairs of like jitter among which those that block are counted.
const ALIKE: usize = 41;
/// A pair that begins to block, % of the discharges.
const BEGINNING: (f64, f64) = (1.0, 10.0);

fn pair(model: &JunctionModel, index: usize, seed: Seed) -> Option<Jitter> {
    let delays = |place: usize| -> Vec<Option<f64>> {
        let mut junction = model.junction(2 * index + place);
        let mut stream = seed.index(2 * index + place).stream("quanta");
        (0..DISCHARGES).map(|i| junction.impulse(model, i as f64 / RATE_HZ, &mut stream)).collect()
    };
    let intervals: Vec<Option<f64>> = delays(0)
        .into_iter()
        .zip(delays(1))
        .filter_map(|(first, second)| first.map(|f| second.map(|s| 1e3 * (s - f))))
        .collect();
    jitter(&intervals, None)
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let mut all = Vec::new();
    let mut healthy = Vec::new();
    for receptors in RECEPTORS {
        let parameters = JunctionParameters { quantal_amplitude: receptors, ..JunctionParameters::default() };
        let model = JunctionModel::new(&parameters, seed);
        let found: Vec<Jitter> = (0..PAIRS).filter_map(|k| pair(&model, k, seed.child("pairs"))).collect();
        if receptors == 1.0 {
            healthy = found.iter().map(|j| j.mcd_us).collect();
        }
        all.extend(found.iter().map(|j| (j.mcd_us, j.blocking_percent)));
    }
    let mut beginning: Vec<f64> =
        all.iter().filter(|(_, b)| (BEGINNING.0..=BEGINNING.1).contains(b)).map(|(mcd, _)| *mcd).collect();
    beginning.sort_by(f64::total_cmp);
    let first =
        Value { value: beginning.get(beginning.len() / 2).copied(), ..Value::mean_of("of_first_blocks", &beginning) };
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half_block = |near: &&[(f64, f64)]| 2 * near.iter().filter(|p| p.1 > 0.0).count() >= near.len();
    let onset = Value::of("onset", &[all.windows(ALIKE).find(half_block).map(|near| near[ALIKE / 2].0)]);
    let panel = Panel::new("Pairs of junctions", "jitter (MCD, us)", "second potential missing (%)")
        .with("", Mark::Dots, all)
        .published((80.0, 120.0), (0.0, 10.0));
    Ok(Observation {
        values: vec![onset, first, Value::mean_of("healthy", &healthy)],
        figure: Figure { panels: vec![panel] },
    })
}
