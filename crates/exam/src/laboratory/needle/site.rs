//! One needle position: what is recorded there and what is measured on it.

use tonus_body::Muscle;
use tonus_physiology::field::needle::{NeedleKind, NeedleModel, NeedlePlacement};
use tonus_physiology::junction::JunctionModel;
use tonus_physiology::random::Seed;
use tonus_signal::measures::interference::fullness_percent;
use tonus_signal::measures::motor_unit_potential::MotorUnitPotential;
use tonus_signal::measures::repetitive::{Run, RunKind, runs};
use tonus_signal::measures::spike::SpikeCriteria;
use tonus_signal::measures::spontaneous::{SpontaneousActivity, spontaneous_activity};
use tonus_signal::measures::turns::{TURN_UV, TurnsAmplitude, turns_amplitude};
use tonus_signal::measures::unit_train::{UnitTrain, recruitment_ratio_hz, unit_trains};
use tonus_signal::{Annotation, Recording, Side};

use super::contraction::{Contractions, FULL_S, SLIGHT_S};
use super::{Discharges, RATE_HZ, pickup};
use crate::{ExamError, Subject};

/// A unit is followed from this peak-to-peak size on, uV: smaller ones are the background.
const SEEN_UV: f64 = 50.0;
/// Rise time above which a unit is too far for its potential to be measured, ms.
const RISE_MS: f64 = 0.5;
/// Units that a slight effort is raised to show: the rate of the first is read when the second is there (the custom for recruitment).
const WANTED_UNITS: usize = 2;

/// The muscle that the needle is in.
pub(super) struct Needled<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) side: Side,
    pub(super) muscle: &'a Muscle,
    pub(super) kind: NeedleKind,
    pub(super) alive: &'a [bool],
    pub(super) junctions: &'a JunctionModel,
    /// How long the muscle is recorded after full effort, s, if it is.
    pub(super) after_s: Option<f64>,
}

/// What one needle position gave, all of it read from its recordings.
pub(super) struct Site {
    pub(super) spontaneous: SpontaneousActivity,
    /// Repetitive discharges at rest, and after full effort if that was recorded.
    pub(super) runs: Vec<Run>,
    pub(super) runs_after: Vec<Run>,
    /// Units followed at slight effort.
    pub(super) units: Vec<UnitTrain>,
    pub(super) turns: Option<TurnsAmplitude>,
    pub(super) fullness_percent: Option<f64>,
    pub(super) recordings: Vec<Recording>,
}

impl Site {
    pub(super) fn examine(
        needled: &Needled<'_>,
        index: usize,
        rest_s: f64,
        contractions: &mut Contractions<'_>,
        seed: Seed,
    ) -> Result<Self, ExamError> {
        let Needled { subject, side, muscle, kind, alive, junctions, after_s } = *needled;
        let fibres_seed = subject.muscle_seed(side, &muscle.id).child("fibres");
        let needle = NeedleModel::of_kind(
            kind,
            &muscle.fibres,
            muscle.pool.units,
            alive,
            fibres_seed,
            NeedlePlacement::random(&muscle.fibres, muscle.pool.units, fibres_seed.child("needle").index(index)),
            RATE_HZ,
        );
        let rest_uv = pickup::rest(subject, side, muscle, &needle, rest_s, seed.child("rest"));
        let hear = |discharges: &Discharges, seconds: f64, name: &str| {
            pickup::voluntary(junctions, index, &needle, discharges, seconds, seed.child(name))
        };
        let slight = slight_effort(contractions, |discharges| hear(discharges, SLIGHT_S, "slight"))?;
        let full = contractions.full()?;
        let full_uv = hear(&full, FULL_S, "full");
        let after_uv = after_s.map(|seconds| {
            pickup::after_effort(subject, side, muscle, &needle, &full, FULL_S, seconds, seed.child("after"))
        });
        let truth = |discharges: &Discharges| -> Vec<Annotation> {
            let heard = |unit: &usize| needle.unit_wave(*unit).is_some_and(|w| peak_to_peak(w) > SEEN_UV);
            let mark =
                |&(onset_s, unit): &(f64, usize)| Annotation { onset_s, duration_s: 0.0, text: format!("unit {unit}") };
            discharges.iter().filter(|(_, unit)| heard(unit)).map(mark).collect()
        };
        let recording = |what: &str, uv: Vec<f64>, annotations: Vec<Annotation>| {
            let titled = Recording::titled(format!("{what}, position {}", index + 1));
            Recording { annotations, ..titled.with_channel("needle", "uV", RATE_HZ, uv) }
        };
        let at_rest = runs(&rest_uv, RATE_HZ);
        let spontaneous = spontaneous_activity(&rest_uv, RATE_HZ, &SpikeCriteria::spontaneous_uv(), &at_rest);
        let turns = turns_amplitude(&full_uv, RATE_HZ, TURN_UV);
        let fullness_percent = fullness_percent(&full_uv, RATE_HZ);
        let mut recordings = vec![
            recording("Rest", rest_uv, Vec::new()),
            recording("Slight effort", slight.uv, truth(&slight.discharges)),
            recording("Full effort", full_uv, truth(&full)),
        ];
        let runs_after = after_uv.as_ref().map_or_else(Vec::new, |uv| runs(uv, RATE_HZ));
        recordings.extend(after_uv.map(|uv| recording("After effort", uv, Vec::new())));
        Ok(Self { spontaneous, runs: at_rest, runs_after, units: slight.units, turns, fullness_percent, recordings })
    }

    /// Whether a run of this kind was heard at rest.
    pub(super) fn has(&self, kind: RunKind) -> bool {
        self.runs.iter().any(|r| r.kind == Some(kind))
    }

    /// Whether one was heard after full effort.
    pub(super) fn has_after(&self, kind: RunKind) -> bool {
        self.runs_after.iter().any(|r| r.kind == Some(kind))
    }

    /// Potentials of units near enough to be measured.
    pub(super) fn potentials(&self) -> impl Iterator<Item = MotorUnitPotential> + '_ {
        self.units.iter().filter_map(|u| u.potential).filter(|p| p.rise_time_ms < RISE_MS)
    }

    pub(super) fn recruitment_ratio_hz(&self) -> Option<f64> {
        recruitment_ratio_hz(&self.units)
    }
}

/// A slight effort as the examiner settled for it.
struct SlightEffort {
    uv: Vec<f64>,
    units: Vec<UnitTrain>,
    discharges: std::rc::Rc<Discharges>,
}

/// The examiner asks for a little more until the needle shows two units; where it never does, what counts is the strongest
/// effort that still showed one.
fn slight_effort(
    contractions: &mut Contractions<'_>,
    hear: impl Fn(&Discharges) -> Vec<f64>,
) -> Result<SlightEffort, ExamError> {
    let mut settled: Option<SlightEffort> = None;
    for level in 0..contractions.levels() {
        let discharges = contractions.slight(level)?;
        let uv = hear(&discharges);
        let mut units = unit_trains(&uv, RATE_HZ, &SpikeCriteria::motor_units_uv());
        units.retain(|u| u.potential.is_some_and(|p| p.amplitude_uv > SEEN_UV));
        let enough = units.len() >= WANTED_UNITS;
        if settled.is_none() || !units.is_empty() {
            settled = Some(SlightEffort { uv, units, discharges });
        }
        if enough {
            break;
        }
    }
    Ok(settled.unwrap_or_else(|| SlightEffort {
        uv: Vec::new(),
        units: Vec::new(),
        discharges: std::rc::Rc::default(),
    }))
}

fn peak_to_peak(wave: &[f64]) -> f64 {
    let (low, high) = wave.iter().fold((0.0_f64, 0.0_f64), |(l, h), &x| (l.min(x), h.max(x)));
    high - low
}
