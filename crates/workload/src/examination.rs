//! The whole default examination of a healthy adult.

use tonus_exam::{Plan, Subject, examine};
use tonus_signal::Study;

use crate::Workload;
use crate::knee::healthy_body;

pub(crate) const EXAMINE_DEFAULT: Workload = Workload {
    name: "examine_default",
    what: "every routine item of the examination on both sides of a healthy adult; simulated time is the length of what is recorded, sweeps side by side counted once",
    cores: 1,
    build,
    neurons: 0,
};

fn build() -> Box<dyn FnMut() -> f64> {
    let body = healthy_body();
    Box::new(move || {
        let subject = Subject::new(&body, 1);
        let studies = examine(&subject, &Plan::routine(), &()).unwrap_or_default();
        studies.iter().map(recorded_s).sum()
    })
}

/// Length of a study's recordings, s: counted, not stated, so that it follows the items. What is simulated and not recorded (settling,
/// attempts that do not count) is left out.
fn recorded_s(study: &Study) -> f64 {
    study.recordings.iter().map(|r| r.duration_s()).sum()
}
