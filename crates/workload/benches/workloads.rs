//! `cargo bench`: every workload of `tonus bench`, with divan's statistics.

use divan::Bencher;
use tonus_workload::{WORKLOADS, Workload};

fn main() {
    divan::main();
}

#[divan::bench(args = WORKLOADS.iter().map(|w| w.name), sample_count = 10)]
fn workload(bencher: Bencher, name: &str) {
    let found: Option<&Workload> = WORKLOADS.iter().find(|w| w.name == name);
    if let Some(workload) = found {
        bencher.with_inputs(workload.build).bench_local_refs(|work| work());
    }
}
