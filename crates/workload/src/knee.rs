//! The closed loop of a healthy knee: pools of real size, afferents, interneurons, spindles, muscle, joint.

use tonus_body::{Anatomy, Body, Person, Sex};
use tonus_exam::Subject;
use tonus_physiology::limb::{Limb, LimbInput};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use crate::Workload;

pub(crate) const KNEE_LOOP: Workload = Workload {
    name: "knee_loop",
    what: "knee with quadriceps and hamstrings of a healthy adult, afferents, interneurons, spindles, muscle and joint, command 0.3",
    cores: 1,
    build,
    neurons: 0,
};

/// The body every workload uses: a healthy adult.
pub(crate) fn healthy_body() -> Body {
    let anatomy = Anatomy::builtin().expect("the anatomy tables that ship with Tonus are tested");
    let person = Person::new(40.0, Sex::Male, Some(1.75), Some(75.0)).expect("a valid person");
    Body::healthy(&person, &anatomy)
}

/// Simulated time of one run, ms.
const RUN_MS: usize = 1000;

fn build() -> Box<dyn FnMut() -> f64> {
    let body = healthy_body();
    let subject = Subject::new(&body, 1);
    let model = subject.limb("bench", Side::Right, "knee").expect("every body has a knee");
    let mut limb = Limb::new(&model, Seed::new(1), 1.0);
    Box::new(move || {
        let input = LimbInput { command: [0.0, 0.3], ..LimbInput::default() };
        for _ in 0..RUN_MS {
            std::hint::black_box(limb.step_ms(&model, &input).angle_rad);
        }
        RUN_MS as f64 * 1e-3
    })
}
