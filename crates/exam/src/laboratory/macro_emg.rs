//! Macro EMG: the potential of whole units at the bare cannula of a needle, averaged on the spike of one of their fibres, which the single-fibre
//! electrode in the needle's side sees; and fibre density there.

use tonus_physiology::field::near_fibres::Electrode;
use tonus_physiology::junction::JunctionModel;
use tonus_physiology::muscle::layout::MuscleLayout;
use tonus_signal::measures::macro_potential::{MacroPotential, macro_potential};
use tonus_signal::measures::{mean, median};
use tonus_signal::{Measure, Recording, Side, Study};

use super::jitter::position::{Activation, Needle, Position};
use super::jitter::{LEAST_DRIVE, POSITIONS_PER_PAIR};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "units",
        unit: "1",
        default: 20.0,
        low: 1.0,
        high: 100.0,
        whole: true,
        meaning: "units that are recorded, each at a position of its own",
    },
    ParameterInfo {
        name: "discharges",
        unit: "1",
        default: 256.0,
        low: 20.0,
        high: 2000.0,
        whole: true,
        meaning: "discharges that are averaged of each",
    },
];

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo { name: "macro_amplitude", unit: "uV", meaning: "macro potential peak to peak, median of the units" },
    MeasureInfo {
        name: "macro_area",
        unit: "uV ms",
        meaning: "area of its middle 50 ms between curve and baseline, median of the units",
    },
    MeasureInfo {
        name: "fibre_density",
        unit: "1",
        meaning: "spikes over 200 uV that rise within 300 us and fire together, the one sought included, mean of the positions",
    },
    MeasureInfo { name: "units", unit: "1", meaning: "units that were found and recorded" },
];

const PROTOCOL: &str = "Macro electrode (bare cannula of 15 mm, single-fibre electrode in its side, reference far off), slight effort: 20 units, each triggered \
                        by the spike of one of its fibres; 256 discharges of the cannula's signal, 8 Hz-8 kHz, averaged.";
const SOURCE: &str = "Stalberg 1980 J Neurol Neurosurg Psychiatry 43:475 and Stalberg & Fawcett 1982 J Neurol Neurosurg Psychiatry 45:870 (method; from memory)";

type Run = fn(&Subject<'_>, Side, &Parameters) -> Result<Study, ExamError>;

const fn item(id: &'static str, title: &'static str, run: Run) -> Item {
    Item { id, title, protocol: PROTOCOL, source: SOURCE, parameters: PARAMETERS, measures: MEASURES, run }
}

/// Biceps brachii (C5-C6).
pub const BICEPS_BRACHII: Item =
    item("lab.macro_emg.biceps_brachii", "Macro EMG, biceps brachii", |subject, side, parameters| {
        run("lab.macro_emg.biceps_brachii", "biceps_brachii", subject, side, parameters)
    });

/// Vastus lateralis (L3-L4).
pub const VASTUS_LATERALIS: Item =
    item("lab.macro_emg.vastus_lateralis", "Macro EMG, vastus lateralis", |subject, side, parameters| {
        run("lab.macro_emg.vastus_lateralis", "vastus_lateralis", subject, side, parameters)
    });

/// Tibialis anterior (L4-L5).
pub const TIBIALIS_ANTERIOR: Item =
    item("lab.macro_emg.tibialis_anterior", "Macro EMG, tibialis anterior", |subject, side, parameters| {
        run("lab.macro_emg.tibialis_anterior", "tibialis_anterior", subject, side, parameters)
    });

fn run(
    id: &'static str,
    muscle_id: &str,
    subject: &Subject<'_>,
    side: Side,
    parameters: &Parameters,
) -> Result<Study, ExamError> {
    let muscle = subject.muscle(id, side, muscle_id)?;
    let muscle_seed = subject.muscle_seed(side, &muscle.id);
    let layout = MuscleLayout::new(&muscle.fibres, muscle.pool.units, muscle_seed.child("fibres").child("muscle"));
    let alive = subject.innervated(side, muscle);
    let junctions = JunctionModel::new(&muscle.junction, muscle_seed.child("needle"));
    let needle =
        Needle { muscle, layout: &layout, alive: &alive, junctions: &junctions, electrode: Electrode::SingleFibre };
    let seed = subject.noise(id, side);
    let wanted = parameters.count("units");
    let most = if muscle.corticospinal.drive >= LEAST_DRIVE { POSITIONS_PER_PAIR * wanted } else { 0 };
    let (mut densities, mut recordings) = (Vec::new(), Vec::<Recording>::new());
    for index in 0..most {
        if recordings.len() >= wanted {
            break;
        }
        let Some(mut position) = Position::new(&needle, Activation::Voluntary, seed.child("position").index(index))
        else {
            continue;
        };
        // Without a spike that triggers there is no average.
        let spikes = position.look();
        if spikes > 0 {
            densities.push(spikes as f64);
            let title = format!("Unit {}", recordings.len() + 1);
            recordings.push(position.macro_average(&title, parameters.count("discharges")));
        }
    }
    let potentials: Vec<MacroPotential> = recordings
        .iter()
        .filter_map(|r| r.channels.first().and_then(|c| macro_potential(&c.samples, c.rate_hz)))
        .collect();
    let each = |f: fn(&MacroPotential) -> f64| median(&potentials.iter().map(f).collect::<Vec<_>>());
    let measures = vec![
        Measure::new("macro_amplitude", each(|p| p.amplitude_uv), "uV"),
        Measure::new("macro_area", each(|p| p.area_uv_ms), "uV ms"),
        Measure::new("fibre_density", mean(&densities), "1"),
        Measure::new("units", potentials.len() as f64, "1"),
    ];
    Ok(Study { item: id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}
