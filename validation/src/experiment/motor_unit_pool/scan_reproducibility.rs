//! The unit number of a CMAP scan, scanned twice in the same people (Jacobsen et al. 2018).

use std::collections::BTreeMap;

use tonus_body::{Anatomy, Body, Person, Sex};
use tonus_exam::{Item, Subject};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "pool.scan_reproducibility";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Unit number from a CMAP scan, twice in the same people",
    source: "Jacobsen et al. 2018 J Vis Exp 136:56805",
    measures: &[MeasureInfo {
        name: "variation",
        unit: "percent",
        what: "SD of two scans over their mean, averaged over the people",
    }],
    run,
};

/// People: as many healthy controls as the paper had, and their ages, years (assumed: evenly over adult life).
const PEOPLE: usize = 20;
const AGES: (f64, f64) = (25.0, 75.0);
const ITEM: &str = "lab.cmap_scan.median";

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let fail = |problem: String| ExperimentError { experiment: ID, problem };
    let item = Item::find(ITEM).map_err(|e| fail(e.to_string()))?;
    let anatomy = Anatomy::builtin().map_err(|e| fail(e.to_string()))?;
    let mut variation = Vec::new();
    let mut pairs = Vec::new();
    for person in 0..PEOPLE {
        let age = AGES.0 + (AGES.1 - AGES.0) * (person as f64 + 0.5) / PEOPLE as f64;
        let sex = if person % 2 == 0 { Sex::Female } else { Sex::Male };
        let somebody = Person::new(age, sex, None, None).map_err(|e| fail(e.to_string()))?;
        let body = Body::healthy(&somebody, &anatomy);
        let subject = Subject::new(&body, seed.index(person).stream("individual").bits());
        let scan = |repetition: f64| {
            let parameters = BTreeMap::from([("repetition".to_owned(), repetition)]);
            let study = item.run(&subject, Side::Right, &parameters).map_err(|e| fail(e.to_string()))?;
            let units = study.measures.iter().find(|m| m.name == "units").and_then(|m| m.value.number());
            Ok::<Option<f64>, ExperimentError>(units)
        };
        let (first, second) = (scan(0.0)?, scan(1.0)?);
        // SD of two about their mean: their difference over the square root of two.
        let of_pair = |(a, b): (f64, f64)| 100.0 * (a - b).abs() / std::f64::consts::SQRT_2 / (0.5 * (a + b));
        variation.push(first.zip(second).map(of_pair));
        pairs.extend(first.zip(second));
    }
    let most = pairs.iter().map(|p| p.0.max(p.1)).fold(1.0, f64::max);
    let panel = Panel::new("Two scans of each of 20 people", "units, first scan", "units, second scan")
        .with("people", Mark::Dots, pairs)
        .with("the same", Mark::Line, vec![(0.0, 0.0), (most, most)]);
    Ok(Observation { values: vec![Value::of("variation", &variation)], figure: Figure { panels: vec![panel] } })
}
