//! The whole default examination of a healthy adult.

use tonus_exam::{Plan, Subject, examine};

use crate::Workload;
use crate::knee::healthy_body;

pub(crate) const EXAMINE_DEFAULT: Workload = Workload {
    name: "examine_default",
    what: "every item of the examination on both sides of a healthy adult; simulated time is the time the patient would lie there recorded",
    cores: 1,
    build,
    simulated_s: SIMULATED_S,
    neurons: 0,
};

/// Time for which limbs are simulated in one default examination, s: per side, pendulum 11.5, elbow stretches 5.1, reflexes
/// 13.2, efforts 9.2, tremor 9.5, reaches 30, needle contractions 14.8.
const SIMULATED_S: f64 = 186.6;

fn build() -> Box<dyn FnMut()> {
    let body = healthy_body();
    Box::new(move || {
        let subject = Subject::new(&body, 1);
        std::hint::black_box(examine(&subject, &Plan::full(), &()).map(|studies| studies.len()).ok());
    })
}
