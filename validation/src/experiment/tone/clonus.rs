//! Ankle clonus: a brisk stretch of the calf against a load, and what the delay of the loop does to it.

use tonus_body::Body;
use tonus_exam::Subject;
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::patient::patient;
use crate::experiment::muscle::preparation::man;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "tone.clonus";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Ankle clonus: brisk dorsiflexion held by an elastic load, after cord injury; the same with other delays",
    source: "Hidler & Rymer 1999 (simulation of clonus: delay and motor neuron threshold)",
    measures: &[
        MeasureInfo { name: "frequency", unit: "Hz", what: "bursts of the calf per second, chronic cord injury" },
        MeasureInfo { name: "bursts", unit: "1", what: "bursts in 3 s, chronic cord injury" },
        MeasureInfo { name: "bursts_healthy", unit: "1", what: "bursts in 3 s, healthy man" },
        MeasureInfo { name: "frequency_double_delay", unit: "Hz", what: "with nerves twice as long" },
        MeasureInfo {
            name: "bursts_no_delay",
            unit: "1",
            what: "bursts in 3 s with nerves of a twentieth of the length",
        },
    ],
    run,
};

/// Where the foot is before and after the step: 10 degrees plantarflexed, and 12 degrees from there, rad.
const FROM_RAD: f64 = -0.175;
const TO_RAD: f64 = 0.035;
const STEP_MS: usize = 60;
/// The load: a footplate and a spring, kg m2 and N m/rad (the ranges of such apparatus, 0.01-0.05 and 20-50, from memory).
const LOAD_KG_M2: f64 = 0.03;
const SPRING_N_M_RAD: f64 = 35.0;
/// Rest before the step, and time followed after it, ms.
const REST_MS: usize = 600;
const FOLLOWED_MS: usize = 3000;
/// Window of the discharge, ms.
const WINDOW_MS: usize = 20;
/// Share of the largest burst's discharge that is a burst, and of the pool at least.
const BURST_SHARE: f64 = 0.2;
const BURST_OF_POOL: f64 = 0.02;

struct Course {
    /// Angle, degrees, each millisecond after the step began.
    angle_deg: Vec<f64>,
    /// Units firing in each window.
    discharge: Vec<f64>,
    /// Times of the bursts, s.
    bursts: Vec<f64>,
}

impl Course {
    fn frequency_hz(&self) -> Option<f64> {
        let (first, last) = (self.bursts.first()?, self.bursts.last()?);
        (self.bursts.len() >= 4).then(|| (self.bursts.len() - 1) as f64 / (last - first))
    }
}

/// Times of the bursts: windows over the level, joined, each at its centre of mass.
fn bursts(discharge: &[f64], units: usize) -> Vec<f64> {
    let most = discharge.iter().copied().fold(0.0, f64::max);
    let level = (BURST_SHARE * most).max(BURST_OF_POOL * units as f64);
    let mut found = Vec::new();
    let (mut mass, mut moment) = (0.0, 0.0);
    for (i, count) in discharge.iter().enumerate() {
        if *count >= level {
            mass += count;
            moment += count * (i as f64 + 0.5) * WINDOW_MS as f64 * 1e-3;
        } else if mass > 0.0 {
            found.push(moment / mass);
            (mass, moment) = (0.0, 0.0);
        }
    }
    found
}

fn stretch(body: &Body, nerve_length: f64, seed: Seed) -> Result<Course, ExperimentError> {
    let fail = |problem: String| ExperimentError { experiment: ID, problem };
    let mut body = body.clone();
    for muscle in &mut body.right.muscles {
        muscle.afferent_length_m *= nerve_length;
        muscle.axons.segments.iter_mut().for_each(|s| s.length_m *= nerve_length);
    }
    let joint = body.right.joint_mut("ankle").ok_or_else(|| fail("the body has no ankle".to_owned()))?;
    joint.hinge.inertia_kg_m2 += LOAD_KG_M2;
    let hinge = joint.hinge.clone();
    let calf = joint.extensor.clone();
    let units = body.right.muscle(&calf).map_or(0, |m| m.pool.units);
    let subject = Subject::new(&body, seed.stream("subject").bits());
    let model = subject.limb(ID, Side::Right, "ankle").map_err(|e| fail(e.to_string()))?;
    let mut limb = Limb::new(&model, seed, FROM_RAD);
    // The torque that holds the passive foot where the step ends.
    let held_n_m = -hinge.elastic(TO_RAD).torque_n_m - hinge.gravity_torque_n_m(TO_RAD);
    let (mut angle_deg, mut spikes) = (Vec::new(), Vec::new());
    for ms in 0..REST_MS + FOLLOWED_MS {
        let input = match ms.checked_sub(REST_MS) {
            None => LimbInput {
                imposed: Some(Imposed { angle_rad: FROM_RAD, velocity_rad_s: 0.0 }),
                ..LimbInput::default()
            },
            Some(since) if since < STEP_MS => {
                let velocity = (TO_RAD - FROM_RAD) / (STEP_MS as f64 * 1e-3);
                let angle_rad = FROM_RAD + velocity * (since + 1) as f64 * 1e-3;
                LimbInput { imposed: Some(Imposed { angle_rad, velocity_rad_s: velocity }), ..LimbInput::default() }
            }
            Some(_) => LimbInput {
                external_torque_n_m: held_n_m + SPRING_N_M_RAD * (TO_RAD - limb.angle_rad()),
                ..LimbInput::default()
            },
        };
        let out = limb.step_ms(&model, &input);
        if ms >= REST_MS {
            angle_deg.push(out.angle_rad.to_degrees());
            spikes.push(out.muscle_spikes[1].len() as f64);
        }
    }
    let discharge: Vec<f64> = spikes.chunks(WINDOW_MS).map(|w| w.iter().sum()).collect();
    let bursts = bursts(&discharge, units);
    Ok(Course { angle_deg, discharge, bursts })
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let healthy = man(ID, 55.0, 1.75, 75.0)?;
    let spastic = patient(ID, "cord-injury", Some("1y"), None)?;
    let well = stretch(&healthy, 1.0, seed)?;
    let clonus = stretch(&spastic, 1.0, seed)?;
    let double = stretch(&spastic, 2.0, seed)?;
    let none = stretch(&spastic, 0.05, seed)?;
    let angle = |c: &Course| -> Vec<(f64, f64)> {
        c.angle_deg.iter().enumerate().step_by(4).map(|(ms, q)| (ms as f64 * 1e-3, *q)).collect()
    };
    let firing = |c: &Course| -> Vec<(f64, f64)> {
        let at = |i: usize| (i as f64 + 0.5) * WINDOW_MS as f64 * 1e-3;
        c.discharge.iter().enumerate().map(|(i, n)| (at(i), *n)).collect()
    };
    let panel = |title: &str| Panel::new(title, "after the stretch began (s)", "ankle dorsiflexion (deg)");
    let discharge = Panel::new("Discharge of the calf", "after the stretch began (s)", "impulses in 20 ms")
        .with("cord injury", Mark::Line, firing(&clonus))
        .with("healthy", Mark::Dashed, firing(&well));
    let points = [(1.0, &clonus), (2.0, &double), (0.05, &none)];
    let frequency = Panel::new("Frequency", "length of the nerves (1: own)", "bursts (Hz)")
        .with("", Mark::Dots, points.iter().filter_map(|(x, c)| Some((*x, c.frequency_hz()?))).collect())
        .published((0.8, 1.2), (5.0, 8.0));
    let panels = vec![
        panel("Cord injury, 1 year, and health").with("cord injury", Mark::Line, angle(&clonus)).with(
            "healthy",
            Mark::Dashed,
            angle(&well),
        ),
        discharge,
        panel("Delay").with("doubled", Mark::Line, angle(&double)).with("almost none", Mark::Line, angle(&none)),
        frequency,
    ];
    let values = vec![
        Value::of("frequency", &[clonus.frequency_hz()]),
        Value::single("bursts", clonus.bursts.len() as f64),
        Value::single("bursts_healthy", well.bursts.len() as f64),
        Value::of("frequency_double_delay", &[double.frequency_hz()]),
        Value::single("bursts_no_delay", none.bursts.len() as f64),
    ];
    Ok(Observation { values, figure: Figure { panels } })
}
