//! A microelectrode at the end-plates of a muscle whose fibres are kept from firing: miniature and evoked potentials.

use tonus_physiology::junction::{JunctionModel, JunctionParameters};
use tonus_physiology::random::Seed;

use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: "junction.intracellular",
    title: "End-plates of a muscle under a microelectrode: miniature and evoked potentials at 0.5 Hz, and a train at 3 Hz",
    source: "protocol of Elmqvist, Hofmann, Kugelberg & Quastel 1964 J Physiol 174:417; non-linear summation after McLachlan & Martin 1981",
    measures: &[
        MeasureInfo { name: "mepp", unit: "mV", what: "miniature end-plate potential, mean of the end-plates" },
        MeasureInfo {
            name: "quantal_content",
            unit: "quanta",
            what: "mean evoked potential, corrected for non-linear summation, over mean miniature potential",
        },
        MeasureInfo {
            name: "safety_factor",
            unit: "ratio",
            what: "mean evoked potential over the depolarisation that the fibre needs, median of the end-plates",
        },
        MeasureInfo {
            name: "lems_quantal_content",
            unit: "quanta",
            what: "quantal content with an eighth of the calcium channels",
        },
    ],
    run,
};

/// End-plates impaled.
const ENDPLATES: usize = 60;
/// Miniature and evoked potentials taken from each.
const POTENTIALS: usize = 60;
/// Driving force, mV, and factor of the correction (McLachlan & Martin 1981).
const DRIVING_FORCE_MV: f64 = 80.0;
const SUMMATION: f64 = 0.8;
/// Impulses of the train that is drawn.
const TRAIN: usize = 10;

/// What the electrode gave at one end-plate.
struct Impaled {
    mepp_mv: f64,
    epp_mv: f64,
    needed_mv: f64,
    train_mv: Vec<f64>,
}

impl Impaled {
    fn quantal_content(&self) -> f64 {
        self.epp_mv / (1.0 - SUMMATION * self.epp_mv / DRIVING_FORCE_MV) / self.mepp_mv
    }
}

fn impale(parameters: &JunctionParameters, seed: Seed) -> Vec<Impaled> {
    let model = JunctionModel::new(parameters, seed);
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
    (0..ENDPLATES)
        .map(|k| {
            let mut stream = seed.child("impaled").index(k).stream("quanta");
            let mut junction = model.junction(k);
            let mepp_mv = mean((0..POTENTIALS).map(|_| junction.miniature_mv(&mut stream)).collect());
            let mut train = junction.clone();
            let train_mv = (0..TRAIN).map(|i| train.release(i as f64 / 3.0, &mut stream).peak_mv).collect();
            let at = |i: usize| 100.0 + 2.0 * i as f64;
            let epp_mv = mean((0..POTENTIALS).map(|i| junction.release(at(i), &mut stream).peak_mv).collect());
            Impaled { mepp_mv, epp_mv, needed_mv: junction.threshold_mv(), train_mv }
        })
        .collect()
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let healthy = impale(&JunctionParameters::default(), seed);
    let few = JunctionParameters { calcium_channels: 0.125, ..JunctionParameters::default() };
    let lems = impale(&few, seed);
    let of = |cells: &[Impaled], f: fn(&Impaled) -> f64| cells.iter().map(f).collect::<Vec<_>>();
    let mut safety = of(&healthy, |c| c.epp_mv / c.needed_mv);
    safety.sort_by(f64::total_cmp);
    let course = |cells: &[Impaled]| -> Vec<(f64, f64)> {
        (0..TRAIN)
            .map(|i| (i as f64 + 1.0, cells.iter().map(|c| c.train_mv[i]).sum::<f64>() / cells.len() as f64))
            .collect()
    };
    let scatter: Vec<(f64, f64)> = healthy.iter().map(|c| (c.quantal_content(), c.epp_mv / c.needed_mv)).collect();
    let few_scatter: Vec<(f64, f64)> = lems.iter().map(|c| (c.quantal_content(), c.epp_mv / c.needed_mv)).collect();
    let plates = Panel::new("End-plates at 0.5 Hz", "quantal content (quanta)", "evoked potential / threshold")
        .with("health", Mark::Dots, scatter)
        .with("an eighth of the channels", Mark::Dots, few_scatter)
        .published((20.0, 60.0), (1.8, 5.0));
    let train = Panel::new("Mean of the end-plates at 3 Hz", "impulse", "evoked potential (mV)")
        .with("health", Mark::Line, course(&healthy))
        .with("an eighth of the channels", Mark::Line, course(&lems));
    let values = vec![
        Value::mean_of("mepp", &of(&healthy, |c| c.mepp_mv)),
        Value::mean_of("quantal_content", &of(&healthy, Impaled::quantal_content)),
        Value::single("safety_factor", 0.5 * (safety[ENDPLATES / 2 - 1] + safety[ENDPLATES / 2])),
        Value::mean_of("lems_quantal_content", &of(&lems, Impaled::quantal_content)),
    ];
    Ok(Observation { values, figure: Figure { panels: vec![plates, train] } })
}
