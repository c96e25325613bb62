//! Responses of the distal stump after the ulnar nerve is cut, day by day.

use std::collections::BTreeMap;

use tonus_exam::{Item, Subject};
use tonus_pathology::{Lesion, Mechanism, Place, Site, TimeSpan, apply};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::man;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "nerve.transection";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Ulnar nerve cut at the elbow: responses to stimulation of the stump at the wrist",
    source: "Chaudhry & Cornblath 1992 Muscle Nerve 15:687 (human nerves after transection)",
    measures: &[
        MeasureInfo { name: "cmap_half_day", unit: "days", what: "day on which the CMAP has half its amplitude" },
        MeasureInfo {
            name: "cmap_lost_day",
            unit: "days",
            what: "first day on which a twentieth or less of it is left",
        },
        MeasureInfo { name: "snap_half_day", unit: "days", what: "day on which the SNAP has half its amplitude" },
        MeasureInfo {
            name: "snap_lost_day",
            unit: "days",
            what: "first day on which a twentieth or less of it is left",
        },
    ],
    run,
};

/// Days examined and the step between.
const DAYS: f64 = 16.0;
const STEP_DAYS: f64 = 0.5;
/// Share of the amplitude below which a response is lost.
const LOST: f64 = 0.05;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment: ID, problem };
    let healthy = man(ID)?;
    let person = seed.stream("person").bits();
    let items = [("lab.motor_conduction.ulnar", "cmap_amplitude"), ("lab.sensory_conduction.ulnar", "amplitude")];
    let place = Place {
        nerves: vec![("ulnar".to_owned(), 1.0)],
        stretches: vec![("elbow".to_owned(), 1.0)],
        ..Place::default()
    };
    let mut curves: [Vec<(f64, f64)>; 2] = Default::default();
    for step in 0..=(DAYS / STEP_DAYS) as usize {
        let day = step as f64 * STEP_DAYS;
        let cut = Lesion::new(Site::PeripheralNerve, Mechanism::AxonLoss, 1.0).at(place.clone());
        let mut body = healthy.clone();
        if let Some(not_shown) = apply(&[cut.aged(TimeSpan::from_days(day))], &mut body).first() {
            return Err(problem(not_shown.to_string()));
        }
        let subject = Subject::new(&body, person);
        for ((id, measure), curve) in items.iter().zip(&mut curves) {
            let item = Item::find(id).map_err(|e| problem(e.to_string()))?;
            let few = item.parameters.iter().filter(|p| p.name == "f_stimuli").map(|p| (p.name.to_owned(), p.low));
            let study = item
                .run(&subject, Side::Right, &few.collect::<BTreeMap<_, _>>())
                .map_err(|e| problem(e.to_string()))?;
            curve.push((day, study.number(measure).unwrap_or(0.0)));
        }
    }
    let shares = curves.map(|curve| {
        let first = curve[0].1;
        curve.into_iter().map(|(day, x)| (day, 100.0 * x / first)).collect::<Vec<_>>()
    });
    let day_below = |curve: &[(f64, f64)], percent: f64| curve.iter().find(|(_, x)| *x <= percent).map(|(day, _)| *day);
    let values = [("cmap_half_day", "cmap_lost_day"), ("snap_half_day", "snap_lost_day")]
        .iter()
        .zip(&shares)
        .flat_map(|((half, lost), curve)| {
            [Value::of(half, &[day_below(curve, 50.0)]), Value::of(lost, &[day_below(curve, 100.0 * LOST)])]
        })
        .collect();
    let [cmap, snap] = shares;
    let panel = Panel::new("Stimulation at the wrist", "days after the cut", "amplitude (% of day 0)")
        .with("CMAP", Mark::Line, cmap)
        .with("SNAP", Mark::Dashed, snap);
    Ok(Observation { values, figure: Figure { panels: vec![panel] } })
}
