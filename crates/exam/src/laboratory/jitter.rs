//! Jitter: single-fibre EMG by the single-fibre electrode (with fibre density) and by the concentric needle, in voluntary effort and with
//! stimulation of single axons.

mod macro_average;
pub(super) mod position;

use tonus_physiology::field::near_fibres::Electrode;
use tonus_physiology::junction::JunctionModel;
use tonus_physiology::muscle::layout::MuscleLayout;
use tonus_signal::measures::{jitter::Jitter, mean};
use tonus_signal::{Measure, Recording, Side, Study};

use self::position::{Activation, Needle, Position};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "pairs",
        unit: "1",
        default: 20.0,
        low: 1.0,
        high: 100.0,
        whole: true,
        meaning: "pairs of spikes (stimulated: spikes) that are measured",
    },
    ParameterInfo {
        name: "discharges",
        unit: "1",
        default: 60.0,
        low: 20.0,
        high: 200.0,
        whole: true,
        meaning: "discharges of each",
    },
];

const MCD: MeasureInfo =
    MeasureInfo { name: "mcd", unit: "us", meaning: "mean of consecutive differences, mean of the pairs" };
const MCD_OUTLIER: MeasureInfo = MeasureInfo {
    name: "mcd_outlier",
    unit: "us",
    meaning: "mean of consecutive differences that a tenth of the pairs exceed: of 20 the 18th in order",
};
const BLOCKING: MeasureInfo = MeasureInfo {
    name: "blocking_pairs",
    unit: "%",
    meaning: "pairs in which the second potential is missing at times",
};
const PAIRS: MeasureInfo = MeasureInfo { name: "pairs", unit: "1", meaning: "pairs that were found and measured" };
const FIBRE_DENSITY: MeasureInfo = MeasureInfo {
    name: "fibre_density",
    unit: "1",
    meaning: "spikes over 200 uV that rise within 300 us and fire together, the one sought included, mean of 20 positions",
};
const JITTER: &[MeasureInfo] = &[MCD, MCD_OUTLIER, BLOCKING, PAIRS];
const JITTER_AND_DENSITY: &[MeasureInfo] = &[MCD, MCD_OUTLIER, BLOCKING, PAIRS, FIBRE_DENSITY];

const SOURCE: &str = "Stalberg et al. 2016 Muscle Nerve 53:351 (concentric needle); Gilchrist et al. 1992 Muscle Nerve (single-fibre electrode)";

/// What one item does.
struct Protocol {
    id: &'static str,
    muscle: &'static str,
    electrode: Electrode,
    activation: Activation,
}

type Run = fn(&Subject<'_>, Side, &Parameters) -> Result<Study, ExamError>;

const fn item(
    id: &'static str,
    title: &'static str,
    protocol: &'static str,
    measures: &'static [MeasureInfo],
    run: Run,
) -> Item {
    Item { id, title, protocol, source: SOURCE, parameters: PARAMETERS, measures, run }
}

const BY_CONCENTRIC: &str = "Concentric needle, 1-10 kHz, slight effort: 20 pairs of spikes of one unit each, 60 discharges; interval of \
                             their steep edges, mean of consecutive differences.";

const SINGLE_FIBRE: Protocol = Protocol {
    id: "lab.jitter.single_fibre.extensor_digitorum",
    muscle: "extensor_digitorum",
    electrode: Electrode::SingleFibre,
    activation: Activation::Voluntary,
};
const DIGITORUM: Protocol = Protocol {
    id: "lab.jitter.concentric.extensor_digitorum",
    muscle: "extensor_digitorum",
    electrode: Electrode::Concentric,
    activation: Activation::Voluntary,
};
const FRONTALIS: Protocol = Protocol { id: "lab.jitter.concentric.frontalis", muscle: "frontalis", ..DIGITORUM };
const ORBICULARIS: Protocol =
    Protocol { id: "lab.jitter.concentric.orbicularis_oculi", muscle: "orbicularis_oculi", ..DIGITORUM };
const STIMULATED: Protocol =
    Protocol { id: "lab.jitter.stimulated.extensor_digitorum", activation: Activation::Stimulated, ..DIGITORUM };

/// Single-fibre electrode, extensor digitorum: jitter and fibre density.
pub const SINGLE_FIBRE_EXTENSOR_DIGITORUM: Item = item(
    SINGLE_FIBRE.id,
    "Single-fibre EMG, extensor digitorum",
    "Single-fibre electrode, 0.5-10 kHz, slight effort: at 20 positions the spikes that fire with the one sought (fibre density); 20 pairs of \
     60 discharges, interval of their steep edges, mean of consecutive differences.",
    JITTER_AND_DENSITY,
    |subject, side, p| run(&SINGLE_FIBRE, subject, side, p),
);

/// Concentric needle, extensor digitorum.
pub const EXTENSOR_DIGITORUM: Item =
    item(DIGITORUM.id, "Jitter by concentric needle, extensor digitorum", BY_CONCENTRIC, JITTER, |subject, side, p| {
        run(&DIGITORUM, subject, side, p)
    });

/// Concentric needle, frontalis.
pub const FRONTALIS_CONCENTRIC: Item =
    item(FRONTALIS.id, "Jitter by concentric needle, frontalis", BY_CONCENTRIC, JITTER, |subject, side, p| {
        run(&FRONTALIS, subject, side, p)
    });

/// Concentric needle, orbicularis oculi.
pub const ORBICULARIS_OCULI: Item = item(
    ORBICULARIS.id,
    "Jitter by concentric needle, orbicularis oculi",
    BY_CONCENTRIC,
    JITTER,
    |subject, side, p| run(&ORBICULARIS, subject, side, p),
);

/// Stimulated jitter, extensor digitorum.
pub const STIMULATED_EXTENSOR_DIGITORUM: Item = item(
    STIMULATED.id,
    "Jitter with stimulation of single axons, extensor digitorum",
    "Concentric needle, 1-10 kHz; an axon stimulated near the end-plates at 10 Hz, clear of its threshold: 20 spikes of 60 stimuli, latency of \
     the steep edge from the stimulus, mean of consecutive differences.",
    JITTER,
    |subject, side, p| run(&STIMULATED, subject, side, p),
);

/// Positions at which fibre density is counted.
const DENSITY_POSITIONS: usize = 20;
/// Most positions tried for each pair wanted: the needle is moved on, but not for ever (assumed).
pub(super) const POSITIONS_PER_PAIR: usize = 5;
/// Share of the pairs that may exceed the limit of the single pair: 2 of 20.
const OUTLIER_SHARE: f64 = 0.1;
/// Least share of the drive that still gives a slight effort.
pub(super) const LEAST_DRIVE: f64 = 0.02;

fn run(protocol: &Protocol, subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let muscle = subject.muscle(protocol.id, side, protocol.muscle)?;
    let muscle_seed = subject.muscle_seed(side, &muscle.id);
    let layout = MuscleLayout::new(&muscle.fibres, muscle.pool.units, muscle_seed.child("fibres").child("muscle"));
    let alive = subject.innervated(side, muscle);
    let junctions = JunctionModel::new(&muscle.junction, muscle_seed.child("needle"));
    let needle =
        Needle { muscle, layout: &layout, alive: &alive, junctions: &junctions, electrode: protocol.electrode };
    let seed = subject.noise(protocol.id, side);
    let wanted = parameters.count("pairs");
    let counts_density = protocol.electrode == Electrode::SingleFibre;
    let can = protocol.activation == Activation::Stimulated || muscle.corticospinal.drive >= LEAST_DRIVE;
    let (mut jitters, mut densities, mut recordings) = (Vec::<Jitter>::new(), Vec::new(), Vec::<Recording>::new());
    let most = if can { POSITIONS_PER_PAIR * wanted.max(DENSITY_POSITIONS) } else { 0 };
    for index in 0..most {
        let counting = counts_density && densities.len() < DENSITY_POSITIONS;
        if jitters.len() >= wanted && !counting {
            break;
        }
        let Some(mut position) = Position::new(&needle, protocol.activation, seed.child("position").index(index))
        else {
            continue;
        };
        let spikes = position.look();
        if counting && spikes > 0 {
            densities.push(spikes as f64);
        }
        if jitters.len() < wanted && spikes >= protocol.activation.spikes_needed() {
            let title = format!("Position {}", recordings.len() + 1);
            let (recording, found) = position.record(&title, parameters.count("discharges"));
            let room = wanted - jitters.len();
            if !found.is_empty() {
                jitters.extend(found.into_iter().take(room));
                recordings.push(recording);
            }
        }
    }
    let mut measures = measures(&jitters);
    if counts_density {
        measures.push(Measure::new("fibre_density", mean(&densities), "1"));
    }
    Ok(Study { item: protocol.id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

fn measures(jitters: &[Jitter]) -> Vec<Measure> {
    let mut mcds: Vec<f64> = jitters.iter().map(Jitter::reported_us).collect();
    mcds.sort_by(|a, b| b.total_cmp(a));
    let outlier = mcds.get((OUTLIER_SHARE * mcds.len() as f64 + 1e-9) as usize).copied();
    let blocking = jitters.iter().filter(|j| j.blocking_percent > 0.0).count();
    let share = (!jitters.is_empty()).then(|| 100.0 * blocking as f64 / jitters.len() as f64);
    vec![
        Measure::new("mcd", mean(&mcds), "us"),
        Measure::new("mcd_outlier", outlier, "us"),
        Measure::new("blocking_pairs", share, "%"),
        Measure::new("pairs", jitters.len() as f64, "1"),
    ]
}
