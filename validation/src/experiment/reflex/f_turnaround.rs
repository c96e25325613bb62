//! The turnaround at the motor neuron that F-wave arithmetic assumes.

use std::collections::BTreeMap;

use tonus_exam::{Item, Subject};
use tonus_physiology::nerve::motor_axon::MotorAxons;
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::soleus::man;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.f_turnaround";
const MUSCLE: &str = "abductor_digiti_minimi";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "F wave of the ulnar nerve: F - M - 2 x conduction from the wrist to the cord in the fastest axons",
    source: "Groppa et al. 2012 Clin Neurophysiol 123:858 (peripheral latency = (F + M - 1)/2)",
    measures: &[
        MeasureInfo {
            name: "turnaround",
            unit: "ms",
            what: "shortest F less M less twice the fastest proximal conduction",
        },
        MeasureInfo { name: "minimal_f", unit: "ms", what: "shortest F wave" },
    ],
    run,
};

const PEOPLE: usize = 5;
/// Stimuli, so many that the fastest axons have backfired.
const STIMULI: f64 = 200.0;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment: ID, problem };
    let body = man(ID)?;
    let muscle = body.right.muscle(MUSCLE).ok_or_else(|| problem(format!("the body lacks {MUSCLE}")))?;
    let item = Item::find("lab.motor_conduction.ulnar").map_err(|e| problem(e.to_string()))?;
    let parameters = BTreeMap::from([("f_stimuli".to_owned(), STIMULI)]);
    let wrist = muscle.axons.segments.len().saturating_sub(2);
    let (mut turnarounds, mut shortest, mut points) = (vec![], vec![], vec![]);
    for k in 0..PEOPLE {
        // The person's own axons are private to the examination: the fastest of as many from the same spectrum.
        let axons = MotorAxons::new(&muscle.axons, muscle.pool.units, seed.index(k));
        let proximal = (0..axons.units()).filter_map(|u| axons.delay_ms(u, 0, wrist)).fold(f64::INFINITY, f64::min);
        let subject = Subject::new(&body, seed.index(k).stream("person").bits());
        let study = item.run(&subject, Side::Right, &parameters).map_err(|e| problem(e.to_string()))?;
        let (f, m) = (study.number("f_latency"), study.number("distal_latency"));
        turnarounds.push(f.zip(m).map(|(f, m)| f - m - 2.0 * proximal));
        shortest.push(f);
        if let Some((f, m)) = f.zip(m) {
            points.push((0.5 * (f + m - 1.0), proximal + m));
        }
    }
    let panel = Panel::new("Peripheral latency", "(F + M - 1)/2 (ms)", "conduction cord to wrist, and M (ms)")
        .with("people", Mark::Dots, points.clone())
        .with("equal", Mark::Dashed, points.iter().map(|p| (p.0, p.0)).collect());
    Ok(Observation {
        values: vec![Value::of("turnaround", &turnarounds), Value::of("minimal_f", &shortest)],
        figure: Figure { panels: vec![panel] },
    })
}
