//! Surface EMG of a contraction held to failure: its spectrum and the conduction velocity of the fibres as they tire.

use tonus_physiology::muscle::conduction_fatigue::ConductionFatigue;
use tonus_physiology::muscle::layout::{Fibre, MuscleLayout};
use tonus_signal::measures::mean;
use tonus_signal::{Measure, Recording, Side, Study};

use super::steady_effort::{Held, Sustained};
use super::surface_emg::{Seen, record, seen};
use crate::item::{MeasureInfo, ParameterInfo};
use crate::{ExamError, Item, Parameters, Subject};

const ID: &str = "lab.fatigue_spectrum.biceps_brachii";

const PARAMETERS: &[ParameterInfo] = &[
    ParameterInfo {
        name: "effort",
        unit: "1",
        default: 0.6,
        low: 0.2,
        high: 1.0,
        whole: false,
        meaning: "torque held, fraction of a brief maximal effort's",
    },
    ParameterInfo {
        name: "longest_s",
        unit: "s",
        default: 120.0,
        low: 10.0,
        high: 600.0,
        whole: false,
        meaning: "when the contraction is ended if it has not failed",
    },
];

const MEASURES: &[MeasureInfo] = &[
    MeasureInfo {
        name: "endurance",
        unit: "s",
        meaning: "time until the torque stays 5 % below what is asked for, or the longest",
    },
    MeasureInfo { name: "median_frequency_start", unit: "Hz", meaning: "median frequency of the first second" },
    MeasureInfo { name: "median_frequency_end", unit: "Hz", meaning: "of the last second" },
    MeasureInfo { name: "median_frequency_ratio", unit: "ratio", meaning: "end over start" },
    MeasureInfo {
        name: "median_frequency_slope",
        unit: "%/s",
        meaning: "slope of the line through the epochs, in % of its start",
    },
    MeasureInfo {
        name: "conduction_velocity_start",
        unit: "m/s",
        meaning: "fibre conduction velocity of the first second",
    },
    MeasureInfo { name: "conduction_velocity_end", unit: "m/s", meaning: "of the last second" },
    MeasureInfo { name: "conduction_velocity_ratio", unit: "ratio", meaning: "end over start" },
    MeasureInfo { name: "rms_ratio", unit: "ratio", meaning: "amplitude of the last second over that of the first" },
];

/// Biceps brachii (C5-C6, musculocutaneous nerve).
pub const BICEPS_BRACHII: Item = Item {
    id: ID,
    title: "Surface EMG of a fatiguing contraction, biceps brachii",
    protocol: "Electrodes as in the high-density surface EMG of the muscle; a torque held until it fails, with feedback; epochs of 1 s.",
    source: "fall of the median frequency with conduction velocity: De Luca 1984; Merletti, Knaflitz & De Luca 1990 J Appl Physiol 69:1810 (from memory)",
    parameters: PARAMETERS,
    measures: MEASURES,
    run,
};

/// Epochs recorded, evenly spread, and their length, s.
const EPOCHS: usize = 7;
const EPOCH_S: f64 = 1.0;
/// One fibre in so many stands for the others, as in the surface EMG, twice as coarse: seven epochs are computed.
const THINNING: usize = 20;

fn run(subject: &Subject<'_>, side: Side, parameters: &Parameters) -> Result<Study, ExamError> {
    let joint = subject.joint(ID, side, "elbow")?;
    let muscle = subject.muscle(ID, side, &joint.flexor)?;
    let seed = subject.noise(ID, side);
    let effort = parameters.get("effort");
    let held = Held { subject, item: ID, side, muscle };
    let Sustained { discharges, endurance_s } =
        held.sustain(effort, parameters.get("longest_s"), seed.child("effort"))?;

    let units = muscle.pool.units;
    let fibres_seed = subject.muscle_seed(side, &muscle.id).child("fibres").child("muscle");
    let layout = MuscleLayout::new(&muscle.fibres, units, fibres_seed);
    let rested = layout.one_in(THINNING, &subject.innervated(side, muscle));
    let mut fatigue = vec![ConductionFatigue::default(); units];
    let mut next = 0;
    let mut epochs: Vec<(f64, Seen, Recording)> = Vec::new();
    for epoch in 0..EPOCHS {
        let start_s = (endurance_s - EPOCH_S).max(0.0) * epoch as f64 / (EPOCHS - 1) as f64;
        while let Some(&(time_s, unit)) = discharges.get(next).filter(|d| d.0 < start_s) {
            fatigue[unit].impulse(time_s, effort);
            next += 1;
        }
        fatigue.iter_mut().for_each(|f| f.rest_until(start_s, effort));
        let tired = |f: &Fibre| Fibre { velocity_m_s: f.velocity_m_s * fatigue[f.unit as usize].velocity(), ..*f };
        let fibres: Vec<Fibre> = rested.iter().map(tired).collect();
        let here = discharges.iter().filter(|d| (start_s..start_s + EPOCH_S).contains(&d.0));
        let here = here.map(|(time_s, unit)| (time_s - start_s, *unit)).collect();
        let mut recording = record(muscle, &layout, &fibres, &here, EPOCH_S, seed.child("epoch").index(epoch));
        recording.title = format!("held contraction after {start_s:.0} s, monopolar");
        epochs.push((start_s, seen(&recording), recording));
    }
    let measures = measures(endurance_s, &epochs);
    let recordings = epochs.into_iter().map(|(_, _, recording)| recording).collect();
    Ok(Study { item: ID.to_owned(), side, measures, recordings, wall_ms: 0.0 })
}

fn measures(endurance_s: f64, epochs: &[(f64, Seen, Recording)]) -> Vec<Measure> {
    let ends = |of: fn(&Seen) -> Option<f64>| {
        let at = |epoch: Option<&(f64, Seen, Recording)>| epoch.and_then(|e| of(&e.1));
        (at(epochs.first()), at(epochs.last()))
    };
    let ratio = |(start, end): (Option<f64>, Option<f64>)| start.zip(end).map(|(s, e)| e / s);
    let frequency = ends(|s| s.median_frequency_hz);
    let velocity = ends(|s| s.velocity_m_s);
    let points: Vec<(f64, f64)> =
        epochs.iter().filter_map(|(t, s, _)| s.median_frequency_hz.map(|hz| (*t, hz))).collect();
    vec![
        Measure::new("endurance", endurance_s, "s"),
        Measure::new("median_frequency_start", frequency.0, "Hz"),
        Measure::new("median_frequency_end", frequency.1, "Hz"),
        Measure::new("median_frequency_ratio", ratio(frequency), "ratio"),
        Measure::new("median_frequency_slope", slope_percent(&points), "%/s"),
        Measure::new("conduction_velocity_start", velocity.0, "m/s"),
        Measure::new("conduction_velocity_end", velocity.1, "m/s"),
        Measure::new("conduction_velocity_ratio", ratio(velocity), "ratio"),
        Measure::new("rms_ratio", ratio(ends(|s| s.rms_uv)), "ratio"),
    ]
}

/// Slope of the regression line in % of its value at 0, per unit of x.
fn slope_percent(points: &[(f64, f64)]) -> Option<f64> {
    let x = mean(&points.iter().map(|p| p.0).collect::<Vec<_>>())?;
    let y = mean(&points.iter().map(|p| p.1).collect::<Vec<_>>())?;
    let above: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let below: f64 = points.iter().map(|p| (p.0 - x) * (p.0 - x)).sum();
    let slope = above / below;
    (below > 0.0).then(|| 100.0 * slope / (y - slope * x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_in_percent_of_the_start() {
        let line: Vec<(f64, f64)> = (0..5).map(|k| (f64::from(k), 80.0 - 0.4 * f64::from(k))).collect();
        assert!(slope_percent(&line).is_some_and(|s| (s + 0.5).abs() < 1e-9));
        assert_eq!(slope_percent(&line[..1]), None);
    }
}
