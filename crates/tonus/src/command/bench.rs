//! `tonus bench`: simulated seconds per CPU second, per named workload, on this machine.

use serde_json::{Value, json};
use tonus_diagnosis::finding::significant;
use tonus_workload::WORKLOADS;

use super::table::{right, with_header};
use crate::cli::Common;
use crate::error::Error;
use crate::output::{Bar, print_json, print_text};

/// Counted runs of each workload.
const RUNS: usize = 5;

pub(super) fn run(common: &Common, name: Option<&str>) -> Result<(), Error> {
    let chosen: Vec<_> = WORKLOADS.iter().filter(|w| name.is_none_or(|n| w.name.contains(n))).collect();
    if chosen.is_empty() {
        let known: Vec<&str> = WORKLOADS.iter().map(|w| w.name).collect();
        return Err(Error::Usage(format!(
            "bench {}: no such workload; there are {}",
            name.unwrap_or_default(),
            known.join(", ")
        )));
    }
    // Stated figures are those of one thread.
    let single = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .map_err(|e| Error::Usage(format!("bench: a thread cannot be started ({e})")))?;
    let bar = Bar::new(chosen.len(), "bench", common.quiet);
    let timings: Vec<_> = chosen
        .iter()
        .map(|workload| {
            let timing = single.install(|| workload.time(RUNS));
            bar.step(workload.name);
            (*workload, timing)
        })
        .collect();
    bar.finish();
    if common.json {
        let list: Vec<Value> = timings
            .iter()
            .map(|(w, t)| {
                json!({"name": w.name, "what": w.what, "simulated_s": t.simulated_s, "cpu_s": t.cpu_s, "rtf": t.rtf,
                       "cores": w.cores, "ns_per_neuron_step": t.ns_per_neuron_step})
            })
            .collect();
        return print_json(&json!({ "workloads": list }));
    }
    // A workload in which nothing runs in time has no factor either.
    let in_time = |value: f64| if value > 0.0 { significant(value) } else { "-".to_owned() };
    let mut table = with_header(&["workload", "simulated s", "CPU s", "RTF", "ns per neuron-step", "what"]);
    for (w, t) in &timings {
        table.add_row([
            w.name.into(),
            right(in_time(t.simulated_s)),
            right(format!("{:.4}", t.cpu_s)),
            right(in_time(t.rtf)),
            right(t.ns_per_neuron_step.map_or_else(|| "-".to_owned(), significant)),
            w.what.into(),
        ]);
    }
    print_text(&format!("{table}\nOne thread, median of {RUNS} runs. RTF: simulated seconds per CPU second."))
}
