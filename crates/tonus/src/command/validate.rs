//! `tonus validate`: published experiments, model against paper.

use std::path::Path;

use serde_json::{Value, json};
use tonus_diagnosis::finding::significant;
use tonus_validation::{Outcome, TargetResult, Targets};

use super::table::{right, with_header};
use crate::cli::Common;
use crate::error::Error;
use crate::output::{Bar, print_json, print_text, write_whole};

pub(super) fn run(
    common: &Common,
    file: Option<&Path>,
    only: Option<&str>,
    figures: Option<&Path>,
) -> Result<(), Error> {
    let mut targets = match file {
        Some(path) => Targets::read(path)?,
        None => Targets::builtin()?,
    };
    if let Some(text) = only {
        targets.targets.retain(|t| t.id.contains(text) || t.area.contains(text));
        if targets.targets.is_empty() {
            return Err(Error::Usage(format!(
                "--only {text}: no target of {} has that in its id or area",
                targets.file
            )));
        }
    }
    if let Some(directory) = figures {
        std::fs::create_dir_all(directory).map_err(|source| Error::Write { path: directory.to_owned(), source })?;
    }
    let bar = Bar::new(targets.targets.len(), "targets", common.quiet);
    let outcome = tonus_validation::run(&targets, common.seed, &|result: &TargetResult| bar.step(&result.id));
    bar.finish();
    let outcome = outcome?;
    if let Some(directory) = figures {
        for (experiment, seen) in &outcome.observations {
            let svg = seen.figure.svg(experiment.title, experiment.source).map_err(Error::Figure)?;
            write_whole(&directory.join(format!("{}.svg", experiment.id)), svg.as_bytes())?;
        }
    }
    if common.json {
        let list: Vec<Value> = outcome.results.iter().map(as_json).collect();
        return print_json(&json!({ "targets": list }));
    }
    print_text(&for_people(&outcome))
}

fn as_json(r: &TargetResult) -> Value {
    json!({
        "id": r.id, "area": r.area, "unit": r.unit, "low": r.low, "high": r.high, "kind": r.kind, "value": r.value,
        "spread": r.spread, "n": r.n, "verdict": r.verdict.name(), "source": r.source, "seconds": r.seconds,
        "decisive": r.decisive,
    })
}

fn for_people(outcome: &Outcome) -> String {
    let mut table = with_header(&["target", "model", "spread", "n", "paper", "unit", "verdict"]);
    for r in &outcome.results {
        let number = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), significant);
        let paper =
            format!("{}..{}", r.low.map(significant).unwrap_or_default(), r.high.map(significant).unwrap_or_default());
        table.add_row([
            format!("{}{}", r.id, if r.decisive { " *" } else { "" }).into(),
            right(number(r.value)),
            right(number(r.spread)),
            right(r.n),
            right(paper),
            r.unit.as_str().into(),
            r.verdict.name().into(),
        ]);
    }
    let (passed, failed, unmeasured) = outcome.counts();
    let measured = passed + failed;
    let share = if measured > 0 { 100.0 * passed as f64 / measured as f64 } else { 0.0 };
    format!(
        "{table}\n{passed} of {measured} measured targets met ({share:.0} %), {unmeasured} not measured. * decisive"
    )
}
