//! `tonus validate`: published experiments, model against paper.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tonus_diagnosis::finding::significant;
use tonus_validation::experiment::{Experiment, Observation};
use tonus_validation::run::{experiments, experiments_without_target, run as run_targets};
use tonus_validation::target::Kind;
use tonus_validation::{Counts, Outcome, Target, TargetError, TargetResult, TargetVerdict, Targets};

use super::table::{right, with_header};
use crate::cli::{Common, Validate};
use crate::error::Error;
use crate::output::{Bar, check_writable, print_json, print_text, write_whole};

pub(super) fn run(common: &Common, arguments: &Validate) -> Result<(), Error> {
    let mut targets = match &arguments.targets {
        Some(path) => Targets::read(path)?,
        // What is wrong with the files that ship with Tonus is not the user's mistake.
        None => Targets::builtin().map_err(|e| TargetError::Tables(e.to_string()))?,
    };
    if let Some(text) = &arguments.only {
        targets.targets.retain(|t| t.id.contains(text) || t.area.contains(text));
    }
    let mut experiments = experiments(&targets);
    if arguments.figures.is_some() && arguments.targets.is_none() {
        let named = |e: &&Experiment| arguments.only.as_ref().is_none_or(|text| e.id.contains(text));
        experiments.extend(experiments_without_target()?.into_iter().filter(named));
    }
    if let Some(text) = arguments.only.as_ref().filter(|_| targets.targets.is_empty() && experiments.is_empty()) {
        return Err(Error::Usage(format!("--only {text}: no target of {} has that in its id or area", targets.file)));
    }
    let baseline = arguments.baseline.as_deref().map(Baseline::read).transpose()?;
    if let Some(directory) = &arguments.figures {
        std::fs::create_dir_all(directory).map_err(|source| Error::Write { path: directory.clone(), source })?;
        check_writable(&directory.join("figure.svg"))?;
    }
    let bar = Bar::new(targets.targets.len() + experiments.len(), "targets", common.quiet);
    let outcome = run_targets(&targets, &experiments, common.seed, &|id: &str| bar.step(id));
    bar.finish();
    let outcome = outcome?;
    if let Some(directory) = &arguments.figures {
        for (experiment, seen) in &outcome.observations {
            let svg = seen.figure.svg(experiment.title, experiment.source).map_err(Error::Figure)?;
            write_whole(&directory.join(format!("{}.svg", experiment.id)), svg.as_bytes())?;
        }
    }
    if common.json {
        let list: Vec<Value> = outcome.results.iter().map(as_json).collect();
        let shown: Vec<Value> = outcome.observations.iter().map(|(e, seen)| experiment_as_json(e, seen)).collect();
        print_json(&json!({ "targets": list, "experiments": shown }))?;
    } else if arguments.markdown {
        print_text(&as_markdown(&outcome))?;
    } else {
        print_text(&for_people(&outcome))?;
    }
    baseline.map_or(Ok(()), |b| b.compare(&outcome, arguments.only.is_none()))
}

/// Verdicts that a run is held against: `id = "pass"`, one a line.
struct Baseline {
    path: PathBuf,
    verdicts: BTreeMap<String, String>,
}

impl Baseline {
    fn read(path: &Path) -> Result<Self, Error> {
        let wrong = |problem: String| {
            Error::Usage(format!("--baseline {}: {problem}; give a TOML file of lines `id = \"pass\"`", path.display()))
        };
        let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
        let verdicts: BTreeMap<String, String> = toml::from_str(&text).map_err(|e| wrong(one_line(e.message())))?;
        let known = [TargetVerdict::Pass, TargetVerdict::Fail, TargetVerdict::Unmeasured].map(TargetVerdict::name);
        match verdicts.iter().find(|(_, verdict)| !known.contains(&verdict.as_str())) {
            Some((id, verdict)) => Err(wrong(format!("`{id}` has the verdict `{verdict}`"))),
            None => Ok(Self { path: path.to_owned(), verdicts }),
        }
    }

    /// The targets whose verdict is another than in the file; in a run of all of them, also those of the file that were not run.
    fn compare(&self, outcome: &Outcome, all: bool) -> Result<(), Error> {
        let mut differing = Vec::new();
        for result in &outcome.results {
            let now = result.verdict.name();
            match self.verdicts.get(&result.target.id) {
                Some(before) if before == now => {}
                Some(before) => differing.push(format!("{}: {before} in the file, {now} now", result.target.id)),
                None => differing.push(format!("{}: not in the file, {now} now", result.target.id)),
            }
        }
        if all {
            let gone = |id: &&String| !outcome.results.iter().any(|r| r.target.id == **id);
            differing.extend(self.verdicts.keys().filter(gone).map(|id| format!("{id}: in the file, no target now")));
        }
        if differing.is_empty() { Ok(()) } else { Err(Error::Baseline { path: self.path.clone(), differing }) }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn experiment_as_json(experiment: &Experiment, seen: &Observation) -> Value {
    let measures = experiment.measures.iter().filter_map(|m| {
        let value = seen.value(m.name)?;
        Some(json!({ "name": m.name, "value": value.value, "unit": m.unit, "spread": value.spread, "n": value.n, "what": m.what }))
    });
    json!({ "id": experiment.id, "title": experiment.title, "source": experiment.source, "measures": measures.collect::<Vec<_>>() })
}

fn as_json(r: &TargetResult) -> Value {
    let t = &r.target;
    json!({
        "id": t.id, "area": t.area, "unit": t.unit, "low": t.low, "high": t.high, "kind": t.kind.name(), "value": r.value,
        "spread": r.spread, "n": r.n, "n_measured": r.n_measured, "verdict": r.verdict.name(), "source": t.source,
        "seconds": r.seconds, "decisive": t.decisive, "fitted": !t.is_predicted(), "fitted_to": t.fitted, "deviation": t.deviation,
    })
}

/// Whether the number is the model's own.
fn origin(target: &Target) -> &'static str {
    if target.is_predicted() { "predicted" } else { "fitted" }
}

fn number(x: Option<f64>) -> String {
    x.map_or_else(|| "-".to_owned(), significant)
}

/// How many, and in how many there was something to measure if not in all.
fn how_many(r: &TargetResult) -> String {
    if r.n_measured == r.n { r.n.to_string() } else { format!("{} of {}", r.n_measured, r.n) }
}

fn for_people(outcome: &Outcome) -> String {
    let mut table = with_header(&["target", "model", "spread", "n", "paper", "unit", "number", "verdict"]);
    for r in &outcome.results {
        let t = &r.target;
        let bound = |x: Option<f64>| x.map(significant).unwrap_or_default();
        table.add_row([
            format!("{}{}", t.id, if t.decisive { " *" } else { "" }).into(),
            right(number(r.value)),
            right(number(r.spread)),
            right(how_many(r)),
            right(format!("{}..{}", bound(t.low), bound(t.high))),
            t.unit.as_str().into(),
            origin(t).into(),
            r.verdict.name().into(),
        ]);
    }
    let mut text = format!("{table}\n");
    let deviating: Vec<&Target> =
        outcome.results.iter().map(|r| &r.target).filter(|t| !t.deviation.is_empty()).collect();
    if !deviating.is_empty() {
        text.push_str("\nNot as the paper did it\n");
        deviating.iter().for_each(|t| text.push_str(&format!("  {}: {}\n", t.id, t.deviation)));
    }
    text.push_str(&format!("\n{} * decisive", summary(outcome)));
    text
}

fn summary(outcome: &Outcome) -> String {
    let share = |counts: Counts| format!("{} of {}", counts.passed, counts.measured());
    let all = outcome.counts(|_| true);
    let percent = if all.measured() > 0 { 100.0 * all.passed as f64 / all.measured() as f64 } else { 0.0 };
    format!(
        "{} predicted met, {} fitted met: {} measured targets met ({percent:.0} %), {} not measured; {} decisive met.",
        share(outcome.counts(Target::is_predicted)),
        share(outcome.counts(|t| !t.is_predicted())),
        share(all),
        all.unmeasured,
        share(outcome.counts(|t| t.decisive)),
    )
}

/// The table of the README of `validation`.
fn as_markdown(outcome: &Outcome) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let mut text = format!("{}\n\n", summary(outcome));
    text.push_str("| target | what | on, n | model (SD, or standard error of a percentage) | published | unit | number | verdict |\n");
    text.push_str("|---|---|---|---:|---:|---|---|---|\n");
    for r in &outcome.results {
        let t = &r.target;
        let published = match t.kind {
            Kind::Range => format!("{} to {}", number(t.low), number(t.high)),
            Kind::UpperLimit => format!("at most {}", number(t.high)),
            Kind::LowerLimit => format!("at least {}", number(t.low)),
        };
        let on = if r.n == 0 { t.people() } else { format!("{}, {}", t.people(), how_many(r)) };
        let spread = r.spread.map(|s| format!(" ({})", significant(s))).unwrap_or_default();
        let verdict = match r.verdict {
            TargetVerdict::Fail => "**fail**",
            other => other.name(),
        };
        text.push_str(&format!(
            "| `{}`{} | {} | {on} | {}{spread} | {published} | {} | {} | {verdict} |\n",
            t.id,
            if t.decisive { " \\*" } else { "" },
            cell(&t.quantity),
            number(r.value),
            cell(&t.unit),
            origin(t),
        ));
    }
    let deviating: Vec<&Target> =
        outcome.results.iter().map(|r| &r.target).filter(|t| !t.deviation.is_empty()).collect();
    if !deviating.is_empty() {
        text.push_str("\nNot as the paper did it:\n\n");
        deviating.iter().for_each(|t| text.push_str(&format!("- `{}`: {}\n", t.id, t.deviation)));
    }
    text
}
