//! `tonus bench`: a figure a workload, for the cheapest one.

use crate::contract::{list, number, text};
use crate::run::Desk;

#[test]
fn a_named_workload_is_timed() {
    let desk = Desk::new();
    let said = desk.json("bench pool_10_two_compartment --json");
    let [workload] = list(&said, "workloads") else { panic!("one workload in {said}") };
    assert_eq!(text(workload, "name"), "pool_10_two_compartment");
    let (simulated_s, cpu_s, rtf) =
        (number(workload, "simulated_s"), number(workload, "cpu_s"), number(workload, "rtf"));
    assert!(cpu_s > 0.0 && (rtf - simulated_s / cpu_s).abs() < 1e-6 * rtf);
    assert_eq!(number(workload, "cores"), 1.0);
    assert!(desk.text_of("bench pool_10_two_compartment").contains("RTF"));
}
