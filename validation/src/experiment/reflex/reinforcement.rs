//! Jendrassik's manoeuvre: the patellar jerk and the H reflex with and without it.

use std::collections::BTreeMap;

use tonus_exam::{Item, Subject};
use tonus_physiology::limb::stimulated::Stimulated;
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::soleus::{Preparation, RESTED_MS, SOLEUS, man};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.reinforcement";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Jendrassik's manoeuvre: patellar tendon jerk and soleus H reflex, same stimulus with and without",
    source: "Pierrot-Deseilligny & Burke 2012, The Circuitry of the Human Spinal Cord",
    measures: &[
        MeasureInfo { name: "t_gain", unit: "1", what: "patellar jerk with over without, mean of the people" },
        MeasureInfo { name: "h_gain", unit: "1", what: "soleus H with over without, test H a fifth of the largest M" },
    ],
    run,
};

const PEOPLE: usize = 3;
/// Test reflex, share of the largest M.
const TEST: f64 = 0.2;
/// Depth of the taps, mm: a light tap is what is reinforced.
const TAP_MM: f64 = 1.0;

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let problem = |problem: String| ExperimentError { experiment: ID, problem };
    let plain = man(ID)?;
    let mut reinforced = plain.clone();
    for (_, muscle) in reinforced.muscles_mut() {
        muscle.gains = muscle.gains.reinforced();
    }
    let item = Item::find("bedside.reflex.knee").map_err(|e| problem(e.to_string()))?;
    let parameters = BTreeMap::from([("interval_s".to_owned(), 2.0), ("stretch_mm".to_owned(), TAP_MM)]);
    let mut jerks = Vec::with_capacity(PEOPLE);
    for k in 0..PEOPLE {
        let individual = seed.index(k).stream("person").bits();
        let jerk = |body| {
            let study = item.run(&Subject::new(body, individual), Side::Right, &parameters);
            Ok::<_, ExperimentError>(study.map_err(|e| problem(e.to_string()))?.number("amplitude"))
        };
        jerks.push((jerk(&plain)?, jerk(&reinforced)?));
    }
    let gains: Vec<Option<f64>> = jerks.iter().map(|(without, with)| Some((*with)? / (*without)?)).collect();

    let mut preparation = Preparation::new(ID)?;
    let model = preparation.model(seed);
    let rested = |preparation: &Preparation, model: &_, current| {
        let mut state = Stimulated::new(model, seed);
        state.rest_ms(model, RESTED_MS);
        preparation.h(model, &mut state, current, None)
    };
    let found = preparation.current_of(&model, seed, TEST);
    let h_gain = found.map(|(current, _)| {
        let before = rested(&preparation, &model, current);
        preparation.groups[SOLEUS].group.gains = preparation.groups[SOLEUS].group.gains.reinforced();
        let with = preparation.model(seed);
        rested(&preparation, &with, current) / before
    });
    let points = jerks.iter().filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect::<Vec<_>>();
    let top = points.iter().map(|p| p.0).fold(0.0, f64::max);
    let line = |slope: f64| vec![(0.0, 0.0), (top, slope * top)];
    let panel = Panel::new("Patellar jerk", "without (mV, peak to peak)", "with the manoeuvre (mV)")
        .with("people", Mark::Dots, points)
        .with("equal", Mark::Dashed, line(1.0))
        .with("1.2", Mark::Dashed, line(1.2))
        .with("3", Mark::Dashed, line(3.0));
    Ok(Observation {
        values: vec![Value::of("t_gain", &gains), Value::of("h_gain", &[h_gain])],
        figure: Figure { panels: vec![panel] },
    })
}
