//! What independent synaptic noise of the motor neurons does to force, with the common drive as it is.

use tonus_physiology::cord::circuit::{DESCENDING, TONIC_FACILITATION_MV};
use tonus_physiology::cord::drive::{AXONS, DescendingDrive, DriveMap};
use tonus_physiology::cord::membrane::STEPS_PER_MS;
use tonus_physiology::cord::pool::{Pool, PoolModel};
use tonus_physiology::cord::synapse::{MOTOR_EXCITATION, Projection};
use tonus_physiology::limb::effort::EffortMap;
use tonus_physiology::math;
use tonus_physiology::muscle::unit::{UnitHistory, UnitModel, Units};
use tonus_physiology::random::{Seed, Stream};

use super::train::{mean_and_cv, regularity};
use crate::experiment::muscle::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "voluntary.synaptic_noise";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Pool and units of the first dorsal interosseous without reflexes: independent noise varied, common drive kept",
    source: "Dideriksen, Negro, Enoka & Farina 2012 J Neurophysiol 107:3357",
    measures: &[
        MeasureInfo {
            name: "force_limit",
            unit: "%",
            what: "force above which adding the noise changes the force CV by less than a tenth, share of the maximum",
        },
        MeasureInfo { name: "interval_cv_without", unit: "%", what: "interspike-interval CV at 20 %, no noise added" },
        MeasureInfo { name: "interval_cv_with", unit: "%", what: "the same with the noise" },
    ],
    run,
};

/// Efforts, share of the maximal.
const EFFORTS: [f64; 8] = [0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.55, 0.8];
/// Time not counted and counted, ms.
const SETTLE_MS: usize = 2000;
const HOLD_MS: usize = 20_000;
/// SD of the independent current at the soma, fraction of the neuron's rheobase; fitted to: interspike-interval CV about a third
/// larger than without it, as between the levels of independent noise in the paper.
const NOISE: f64 = 0.12;
/// Its correlation time, ms; assumed: synaptic.
const NOISE_MS: f64 = 3.0;
/// Change of force CV that counts.
const CHANGE: f64 = 0.1;

/// The muscle without its reflexes.
struct Open {
    pool: PoolModel,
    descending: Projection,
    drive: DriveMap,
    effort: EffortMap,
    units: UnitModel,
}

/// Mean force, its CV, and mean CV of intervals.
struct Steadiness {
    force: f64,
    force_cv: f64,
    interval_cv: f64,
}

impl Open {
    fn hold(&self, effort: f64, noise: f64, seed: Seed, hold_ms: usize) -> Steadiness {
        let n = self.pool.units();
        let mut pool = Pool::new(&self.pool);
        let mut drive = DescendingDrive::new(seed);
        let mut units = Units::new(&self.units);
        let mut own: Vec<(Stream, f64)> = (0..n).map(|u| (seed.index(u).stream("independent noise"), 0.0)).collect();
        let (keep, fresh) = (math::exp(-1.0 / NOISE_MS), math::sqrt(1.0 - math::exp(-2.0 / NOISE_MS)));
        let rate_hz = self.drive.drive_hz(self.effort.command(effort));
        let mut arriving: Vec<Vec<usize>> = vec![Vec::new(); STEPS_PER_MS];
        let mut force = Vec::with_capacity(hold_ms);
        let mut trains = vec![Vec::new(); n];
        for ms in 0..SETTLE_MS + hold_ms {
            drive.step_ms(rate_hz, |axon, offset| {
                arriving[((offset * STEPS_PER_MS as f64) as usize).min(STEPS_PER_MS - 1)].push(axon);
            });
            if noise > 0.0 {
                for (unit, (stream, state)) in own.iter_mut().enumerate() {
                    *state = keep * *state + fresh * stream.normal();
                    let current_na = noise * *state * self.pool.neurons()[unit].rheobase_na();
                    pool.set_current_na(&self.pool, unit, current_na);
                }
            }
            units.advance();
            for (micro, axons) in arriving.iter_mut().enumerate() {
                for axon in axons.drain(..) {
                    pool.excite_row(self.descending.row(axon), self.descending.jump_us);
                }
                for crossing in pool.step(&self.pool) {
                    let offset = (micro as f64 + f64::from(crossing.fraction)) / STEPS_PER_MS as f64;
                    units.impulse(&self.units, crossing.cell as usize, offset, 1.0);
                    if ms >= SETTLE_MS {
                        trains[crossing.cell as usize].push(ms as f64 + offset);
                    }
                }
            }
            if ms >= SETTLE_MS {
                force.push(units.activation());
            }
        }
        let (mean, cv) = mean_and_cv(&force);
        let regular: Vec<f64> = trains.iter().filter_map(|t| regularity(t)).map(|r| r.1).collect();
        Steadiness { force: mean, force_cv: cv, interval_cv: regular.iter().sum::<f64>() / regular.len() as f64 }
    }
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let muscle = muscle(ID, &body, "first_dorsal_interosseous")?;
    let bias_mv = TONIC_FACILITATION_MV + muscle.gains.bias_mv;
    let pool = PoolModel::with_bias(&muscle.pool, &muscle.gains, bias_mv, seed);
    let jump = MOTOR_EXCITATION.jump();
    let mut descending = Projection::new(&DESCENDING, (AXONS, [0.0; 2]), (pool.units(), [0.0; 2]), jump, seed);
    descending.weight_targets(|unit| pool.descending_weight(unit));
    let open = Open {
        pool,
        descending,
        drive: DriveMap::new(&muscle.pool),
        effort: EffortMap::new(&muscle.units, muscle.pool.units),
        units: UnitModel::new(&muscle.units, muscle.pool.units, &[]).with_history(UnitHistory::NONE),
    };
    let whole = open.hold(1.0, 0.0, seed.child("maximum"), 3000).force;
    let trials: Vec<[Steadiness; 2]> = EFFORTS
        .iter()
        .enumerate()
        .map(|(i, effort)| [0.0, NOISE].map(|noise| open.hold(*effort, noise, seed.index(i), HOLD_MS)))
        .collect();
    let percent = |t: &[Steadiness; 2]| 100.0 * t[0].force / whole;
    // The lowest level from which on no level's steadiness changes; none: the whole range.
    let unmoved =
        trials.iter().rev().take_while(|[without, with]| (with.force_cv / without.force_cv - 1.0).abs() < CHANGE);
    let limit = unmoved.last().map_or(100.0, percent);
    let curve = |which: usize, of: fn(&Steadiness) -> f64| -> Vec<(f64, f64)> {
        trials.iter().map(|t| (percent(t), 100.0 * of(&t[which]))).collect()
    };
    let regular = |which: usize| {
        let level = trials.iter().min_by(|a, b| (percent(a) - 20.0).abs().total_cmp(&(percent(b) - 20.0).abs()));
        100.0 * level.map_or(f64::NAN, |t| t[which].interval_cv)
    };
    let values = vec![
        Value::single("force_limit", limit),
        Value::single("interval_cv_without", regular(0)),
        Value::single("interval_cv_with", regular(1)),
    ];
    let change = trials.iter().map(|t| (percent(t), 100.0 * (t[1].force_cv / t[0].force_cv - 1.0))).collect();
    let bound = |y: f64| vec![(0.0, y), (100.0, y)];
    let panels = vec![
        Panel::new("Steadiness", "force (% of maximum)", "force CV (%)")
            .with("common drive and its synapses", Mark::Line, curve(0, |s| s.force_cv))
            .with("with independent noise", Mark::Line, curve(1, |s| s.force_cv)),
        Panel::new("Change by the noise", "force (% of maximum)", "change of force CV (%)")
            .with("", Mark::Line, change)
            .with("a tenth", Mark::Dashed, bound(10.0))
            .with("", Mark::Dashed, bound(-10.0)),
        Panel::new("Regularity", "force (% of maximum)", "interspike-interval CV (%)")
            .with("common drive and its synapses", Mark::Line, curve(0, |s| s.interval_cv))
            .with("with independent noise", Mark::Line, curve(1, |s| s.interval_cv)),
    ];
    Ok(Observation { values, figure: Figure { panels } })
}
