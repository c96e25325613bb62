//! Concentric needle EMG: rest, slight effort, full effort.

mod contraction;
mod muscles;
mod pickup;
mod site;

pub(super) use muscles::ANY_MUSCLE;
pub(super) use pickup::{add_white_noise, voluntary};

use tonus_physiology::field::needle::NeedleKind;
use tonus_physiology::junction::JunctionModel;
use tonus_signal::measures::motor_unit_potential::MotorUnitPotential;
use tonus_signal::measures::repetitive::{Run, RunKind};
use tonus_signal::measures::{mean, median};
use tonus_signal::{Measure, Side, Study};

use self::contraction::Contractions;
use self::site::{Needled, Site};
use super::steady_effort::Discharges;
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "sites",
        unit: "1",
        default: 10.0,
        low: 1.0,
        high: 100.0,
        whole: true,
        meaning: "needle positions",
    },
    ParameterInfo {
        name: "rest_s",
        unit: "s",
        default: 6.0,
        low: 1.0,
        high: 120.0,
        whole: false,
        meaning: "time recorded at rest, each site",
    },
    ParameterInfo {
        name: "slight_effort",
        unit: "1",
        default: 0.01,
        low: 0.001,
        high: 1.0,
        whole: false,
        meaning: "first slight effort, fraction of maximal; doubled at each position until two units are seen",
    },
    ParameterInfo {
        name: "monopolar",
        unit: "1",
        default: 0.0,
        low: 0.0,
        high: 1.0,
        whole: true,
        meaning: "1: a monopolar needle against a far reference (norms are of the concentric one)",
    },
];

/// Measures of rest and effort, then those of what follows full effort.
const ALL_MEASURES: &[MeasureInfo] = &[
    MeasureInfo {
        name: "fibrillation_sites",
        unit: "%",
        meaning: "sites with fibrillation potentials or positive waves",
    },
    MeasureInfo {
        name: "fasciculation_rate",
        unit: "1/min",
        meaning: "fasciculation potentials a minute, mean of the sites",
    },
    MeasureInfo {
        name: "mup_duration",
        unit: "ms",
        meaning: "motor unit potential duration, mean of those whose rise time is below 0.5 ms",
    },
    MeasureInfo { name: "mup_amplitude", unit: "uV", meaning: "motor unit potential amplitude, mean" },
    MeasureInfo { name: "mup_phases", unit: "1", meaning: "phases, mean" },
    MeasureInfo { name: "mup_polyphasic", unit: "%", meaning: "potentials with more than four phases" },
    MeasureInfo {
        name: "recruitment_ratio",
        unit: "Hz",
        meaning: "fastest rate over units seen at slight effort, median of the sites",
    },
    MeasureInfo {
        name: "units_slight_effort",
        unit: "1",
        meaning: "units followed at slight effort, mean of the sites",
    },
    MeasureInfo {
        name: "firing_rate",
        unit: "Hz",
        meaning: "firing rate of the units followed at slight effort, mean",
    },
    MeasureInfo { name: "turns", unit: "1/s", meaning: "turns of 100 uV or more at full effort, median of the sites" },
    MeasureInfo {
        name: "turn_amplitude",
        unit: "uV",
        meaning: "mean amplitude between turns at full effort, median of the sites",
    },
    MeasureInfo {
        name: "interference_fullness",
        unit: "%",
        meaning: "time at full effort that potentials fill, mean of the sites",
    },
    MeasureInfo {
        name: "fibrillation_rate",
        unit: "Hz",
        meaning: "rate of a train of fibrillation potentials or positive waves, mean of the sites' medians",
    },
    MeasureInfo {
        name: "fasciculation_amplitude",
        unit: "uV",
        meaning: "fasciculation potential amplitude, mean of the sites",
    },
    MeasureInfo { name: "myotonic_sites", unit: "%", meaning: "sites with myotonic discharges at rest" },
    MeasureInfo {
        name: "myotonic_rate",
        unit: "Hz",
        meaning: "rate of the myotonic discharges, mean of the runs' medians",
    },
    MeasureInfo {
        name: "complex_repetitive_sites",
        unit: "%",
        meaning: "sites with complex repetitive discharges at rest",
    },
    MeasureInfo { name: "neuromyotonic_sites", unit: "%", meaning: "sites with neuromyotonic bursts at rest" },
    MeasureInfo {
        name: "after_discharge_sites",
        unit: "%",
        meaning: "sites with myotonic, neuromyotonic or cramp discharges after full effort in the shortened muscle",
    },
    MeasureInfo { name: "cramp_sites", unit: "%", meaning: "sites with cramp discharges after it" },
    MeasureInfo { name: "cramp_rate", unit: "Hz", meaning: "rate of the units in them, mean of the runs' medians" },
];
/// How many of them need the recording after effort.
const AFTER_EFFORT: usize = 3;
const MEASURES: &[MeasureInfo] = ALL_MEASURES.split_at(ALL_MEASURES.len() - AFTER_EFFORT).0;
/// How long a muscle is heard after effort, s (assumed: most cramps and myotonic runs show themselves within it).
const AFTER_S: f64 = 6.0;

const PROTOCOL: &str = "Concentric needle, 10 Hz - 10 kHz, ten sites: at rest, at slight effort (raised at each site until two units are \
                        seen), at full effort (interference pattern).";
const PROTOCOL_AFTER: &str = "Concentric needle, 10 Hz - 10 kHz, ten sites: at rest, from half a second after the needle was moved; at slight effort \
                              (raised at each site until two units are seen); at full effort of the shortened muscle (interference pattern); let go.";
const SOURCE: &str = "quantitative EMG after Buchthal; automatic marking after Nandedkar, Barkhaus & Stalberg 1995; turns after Willison 1964";

/// First dorsal interosseous (T1, ulnar nerve).
pub const FIRST_DORSAL_INTEROSSEOUS: Item = Item {
    id: "lab.needle.first_dorsal_interosseous",
    title: "Needle EMG, first dorsal interosseous",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| {
        run("lab.needle.first_dorsal_interosseous", "first_dorsal_interosseous", None, subject, side, p)
    },
};

/// Tibialis anterior (L4-L5, fibular nerve).
pub const TIBIALIS_ANTERIOR: Item = Item {
    id: "lab.needle.tibialis_anterior",
    title: "Needle EMG, tibialis anterior",
    protocol: PROTOCOL,
    source: SOURCE,
    parameters: PARAMETERS,
    measures: MEASURES,
    run: |subject, side, p| run("lab.needle.tibialis_anterior", "tibialis_anterior", None, subject, side, p),
};

/// Sampling, Hz.
pub(super) const RATE_HZ: f64 = 25_000.0;

fn run(
    id: &'static str,
    muscle_id: &str,
    after_s: Option<f64>,
    subject: &Subject<'_>,
    side: Side,
    parameters: &Parameters,
) -> Result<Study, ExamError> {
    let muscle = subject.muscle(id, side, muscle_id)?;
    let alive = subject.innervated(side, muscle);
    let seed = subject.noise(id, side);
    let junctions = JunctionModel::new(&muscle.junction, subject.muscle_seed(side, &muscle.id).child("needle"));
    let mut contractions = Contractions::new(subject, id, side, muscle, parameters.get("slight_effort"), seed);
    let kind = if parameters.get("monopolar") == 1.0 { NeedleKind::Monopolar } else { NeedleKind::Concentric };
    let needled = Needled { subject, side, muscle, kind, alive: &alive, junctions: &junctions, after_s };
    let sites = (0..parameters.count("sites"))
        .map(|index| {
            let seed = seed.child("site").index(index);
            Site::examine(&needled, index, parameters.get("rest_s"), &mut contractions, seed)
        })
        .collect::<Result<Vec<Site>, ExamError>>()?;
    let mut measures = measures(&sites);
    if after_s.is_some() {
        measures.extend(after_effort(&sites));
    }
    let recordings = sites.into_iter().flat_map(|s| s.recordings).collect();
    Ok(Study { item: id.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

fn measures(sites: &[Site]) -> Vec<Measure> {
    let potentials: Vec<MotorUnitPotential> = sites.iter().flat_map(Site::potentials).collect();
    let rates: Vec<f64> = sites.iter().flat_map(|s| &s.units).map(|u| u.rate_hz).collect();
    let share = |yes: usize, of: usize| (of > 0).then(|| 100.0 * yes as f64 / of as f64);
    let each = |f: fn(&MotorUnitPotential) -> f64| mean(&potentials.iter().map(f).collect::<Vec<_>>());
    let per_site = |f: fn(&Site) -> Option<f64>| sites.iter().filter_map(f).collect::<Vec<_>>();
    let fibrillating = sites.iter().filter(|s| s.spontaneous.fibrillations).count();
    let polyphasic = potentials.iter().filter(|p| p.polyphasic()).count();
    vec![
        Measure::new("fibrillation_sites", share(fibrillating, sites.len()), "%"),
        Measure::new("fasciculation_rate", mean(&per_site(|s| Some(s.spontaneous.fasciculations_per_min))), "1/min"),
        Measure::new("mup_duration", each(|p| p.duration_ms), "ms"),
        Measure::new("mup_amplitude", each(|p| p.amplitude_uv), "uV"),
        Measure::new("mup_phases", each(|p| p.phases as f64), "1"),
        Measure::new("mup_polyphasic", share(polyphasic, potentials.len()), "%"),
        Measure::new("recruitment_ratio", median(&per_site(Site::recruitment_ratio_hz)), "Hz"),
        Measure::new("units_slight_effort", mean(&per_site(|s| Some(s.units.len() as f64))), "1"),
        Measure::new("firing_rate", mean(&rates), "Hz"),
        Measure::new("turns", median(&per_site(|s| s.turns.map(|t| t.turns_per_s))), "1/s"),
        Measure::new(
            "turn_amplitude",
            median(&per_site(|s| s.turns.map(|t| t.amplitude_uv).filter(|a| *a > 0.0))),
            "uV",
        ),
        Measure::new("interference_fullness", mean(&per_site(|s| s.fullness_percent)), "%"),
        Measure::new("fibrillation_rate", mean(&per_site(|s| s.spontaneous.fibrillation_train_hz)), "Hz"),
        Measure::new("fasciculation_amplitude", mean(&per_site(|s| s.spontaneous.fasciculation_amplitude_uv)), "uV"),
        Measure::new("myotonic_sites", sites_that(sites, |s| s.has(RunKind::Myotonic)), "%"),
        Measure::new("myotonic_rate", mean_rate(sites.iter().flat_map(|s| &s.runs), RunKind::Myotonic), "Hz"),
        Measure::new("complex_repetitive_sites", sites_that(sites, |s| s.has(RunKind::ComplexRepetitive)), "%"),
        Measure::new("neuromyotonic_sites", sites_that(sites, |s| s.has(RunKind::Neuromyotonic)), "%"),
    ]
}

/// What the muscle does when it is let go.
fn after_effort(sites: &[Site]) -> [Measure; AFTER_EFFORT] {
    let any = |s: &Site| [RunKind::Myotonic, RunKind::Neuromyotonic, RunKind::Cramp].iter().any(|k| s.has_after(*k));
    [
        Measure::new("after_discharge_sites", sites_that(sites, any), "%"),
        Measure::new("cramp_sites", sites_that(sites, |s| s.has_after(RunKind::Cramp)), "%"),
        Measure::new("cramp_rate", mean_rate(sites.iter().flat_map(|s| &s.runs_after), RunKind::Cramp), "Hz"),
    ]
}

fn sites_that(sites: &[Site], show: impl Fn(&Site) -> bool) -> Option<f64> {
    let showing = sites.iter().filter(|s| show(s)).count();
    (!sites.is_empty()).then(|| 100.0 * showing as f64 / sites.len() as f64)
}

fn mean_rate<'a>(runs: impl Iterator<Item = &'a Run>, kind: RunKind) -> Option<f64> {
    mean(&runs.filter(|r| r.kind == Some(kind)).map(|r| r.rate_hz).collect::<Vec<_>>())
}
