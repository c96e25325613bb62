//! Motor units of the reference man's muscles, counted.

use tonus_physiology::random::Seed;

use crate::experiment::muscle::preparation::{man, muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "pool.unit_number";

const COUNTED: &str = "motor units of a man of 35 years";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Motor units in the muscles of a man of 35 years, and in old age",
    source: "anatomical counts: Feinstein, Lindegard, Nyman & Wohlfart 1955 Acta Anat 23:127 and others",
    measures: &[
        MeasureInfo { name: "first_dorsal_interosseous", unit: "count", what: COUNTED },
        MeasureInfo { name: "tibialis_anterior", unit: "count", what: COUNTED },
        MeasureInfo { name: "thenar", unit: "count", what: COUNTED },
        MeasureInfo { name: "soleus", unit: "count", what: COUNTED },
        MeasureInfo { name: "vastus_lateralis", unit: "count", what: COUNTED },
    ],
    run,
};

/// Measure, muscle of the tables, published counts.
const MUSCLES: [(&str, &str, (f64, f64)); 5] = [
    ("first_dorsal_interosseous", "first_dorsal_interosseous", (95.0, 145.0)),
    ("tibialis_anterior", "tibialis_anterior", (350.0, 540.0)),
    ("thenar", "abductor_pollicis_brevis", (170.0, 230.0)),
    ("soleus", "soleus", (400.0, 1000.0)),
    ("vastus_lateralis", "vastus_lateralis", (200.0, 700.0)),
];

fn run(_: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let count = |id: &str| muscle(ID, &body, id).map(|m| m.pool.units as f64);
    let mut values = Vec::new();
    let mut young = Panel::new("Man of 35 years", "FDI, tibialis anterior, thenar, soleus, vastus lateralis", "units");
    let mut points = Vec::new();
    for (i, (measure, id, published)) in MUSCLES.into_iter().enumerate() {
        let units = count(id)?;
        values.push(Value::single(measure, units));
        points.push((i as f64 + 1.0, units));
        young = young.published((i as f64 + 0.7, i as f64 + 1.3), published);
    }
    let mut by_age = Panel::new("By age", "age (years)", "units");
    for (measure, id, _) in MUSCLES {
        let ages = (20..=90).step_by(5).map(f64::from);
        let counts = ages.map(|age| Ok((age, muscle(ID, &man(ID, age, 1.75, 75.0)?, id)?.pool.units as f64)));
        by_age = by_age.with(measure, Mark::Line, counts.collect::<Result<_, ExperimentError>>()?);
    }
    Ok(Observation { values, figure: Figure { panels: vec![young.with("", Mark::Dots, points), by_age] } })
}
