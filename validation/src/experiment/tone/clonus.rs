//! Ankle clonus: a foot pressed briskly into dorsiflexion by a torque that stays, and what the delay of the loop does to it.
//!
//! Followed for 10 s, the patient's foot beats 21 times at 2.7 Hz: 4-5 degrees for 6 s, then it dies away. With nerves twice as long
//! it beats to the end, with next to none 5 times within about a second. Sinusoids of 3 degrees meet no less damping with the reflex than without (least
//! 1.48 N m s/rad, passive 1.08): what keeps the beats going is not seen in these.

use tonus_body::Body;
use tonus_exam::Subject;
use tonus_physiology::field::add_wave;
use tonus_physiology::field::surface::CompoundModel;
use tonus_physiology::limb::{Imposed, Limb, LimbInput, LimbModel};
use tonus_physiology::math;
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::patient::patient;
use super::stretch::{EMG_HZ, PER_MS};
use crate::experiment::muscle::preparation::man;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "tone.clonus";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Ankle clonus: a load that presses the foot into dorsiflexion, after cord injury; the same with other delays",
    source: "Rack, Ross & Thilmann 1984 Brain 107:637 (clonus where a load is attached to the foot; reflex resistance to sinusoids); \
             Hidler & Rymer 1999 (simulation of clonus: delay and motor neuron threshold)",
    measures: &[
        MeasureInfo { name: "frequency", unit: "Hz", what: "bursts of the calf per second, chronic cord injury" },
        MeasureInfo { name: "bursts", unit: "1", what: "bursts in 10 s, chronic cord injury" },
        MeasureInfo { name: "bursts_healthy", unit: "1", what: "bursts in 10 s, healthy man" },
        MeasureInfo { name: "frequency_double_delay", unit: "Hz", what: "with nerves twice as long" },
        MeasureInfo {
            name: "bursts_no_delay",
            unit: "1",
            what: "bursts in 10 s with nerves of a twentieth of the length",
        },
        MeasureInfo {
            name: "first_volley",
            unit: "1",
            what: "share of the calf's units in the fullest 5 ms, chronic cord injury",
        },
        MeasureInfo {
            name: "least_damping",
            unit: "N m s/rad",
            what: "least damping of the ankle with its reflex, sinusoids of 3 degrees at 3 to 8 Hz; below 0 it would swing by itself",
        },
        MeasureInfo {
            name: "passive_damping",
            unit: "N m s/rad",
            what: "the same without Ia input, at that frequency",
        },
    ],
    run,
};

/// Where the foot rests before the load, and where the load would hold it if the calf stayed passive: 10 degrees plantarflexed and 15
/// dorsiflexed, rad. That is 16 N m in health and about 27 N m in the stiffer ankle of the patient: a hand's firm push of 110 to 180 N on the ball
/// of the foot, towards the end of the range, as the sign is sought at the bedside.
const FROM_RAD: f64 = -0.175;
const LOADED_RAD: f64 = 0.26;
/// The torque rises as a half cosine, ms; assumed: a hand's brisk push.
const RISE_MS: f64 = 100.0;
/// Footplate, kg m2 (0.01-0.05 in such apparatus, from memory).
const LOAD_KG_M2: f64 = 0.02;
/// Rest before the load, and time followed after it, ms.
const REST_MS: usize = 600;
const FOLLOWED_MS: usize = 10_000;
/// Nerve impulse at the endplate to the fibre's potential, ms.
const JUNCTION_MS: f64 = 0.8;
/// Window of the discharge, ms, and of a volley.
const WINDOW_MS: usize = 20;
const VOLLEY_MS: usize = 5;
/// Share of the largest burst's discharge that is a burst, and of the pool at least.
const BURST_SHARE: f64 = 0.2;
const BURST_OF_POOL: f64 = 0.02;
/// Windows below it that end a burst: 40 ms, so that a volley and what follows it in one stretch are one beat, and beats at 10 Hz are not.
const PAUSE_WINDOWS: usize = 2;
/// Sinusoids: amplitude and centre, rad, Hz, and cycles before those that are read and of those (assumed: the size of a clonus).
const SINE_RAD: f64 = 0.0524;
const SINE_HZ: [f64; 6] = [3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
const CENTRE_RAD: f64 = 0.07;
const CYCLES: (usize, usize) = (3, 8);

struct Course {
    /// Ankle, degrees, and torque of the calf, N m, each millisecond from the load's beginning.
    angle_deg: Vec<f64>,
    torque_n_m: Vec<f64>,
    /// Surface EMG of the calf at [`EMG_HZ`], mV.
    emg_mv: Vec<f64>,
    /// Units firing in each window.
    discharge: Vec<f64>,
    /// Times of the bursts, s.
    bursts: Vec<f64>,
    /// Share of the units in the fullest volley.
    fullest: f64,
}

impl Course {
    fn frequency_hz(&self) -> Option<f64> {
        let (first, last) = (self.bursts.first()?, self.bursts.last()?);
        (self.bursts.len() >= 4).then(|| (self.bursts.len() - 1) as f64 / (last - first))
    }
}

/// Times of the bursts: windows over the level, joined across [`PAUSE_WINDOWS`], each at its centre of mass.
fn bursts(discharge: &[f64], units: usize) -> Vec<f64> {
    let most = discharge.iter().copied().fold(0.0, f64::max);
    let level = (BURST_SHARE * most).max(BURST_OF_POOL * units as f64);
    let mut found = Vec::new();
    let (mut mass, mut moment, mut pause) = (0.0, 0.0, 0);
    for (i, count) in discharge.iter().enumerate() {
        if *count >= level {
            mass += count;
            moment += count * (i as f64 + 0.5) * WINDOW_MS as f64 * 1e-3;
            pause = 0;
        } else if mass > 0.0 {
            pause += 1;
            if pause >= PAUSE_WINDOWS {
                found.push(moment / mass);
                (mass, moment) = (0.0, 0.0);
            }
        }
    }
    found
}

fn fail(problem: String) -> ExperimentError {
    ExperimentError { experiment: ID, problem }
}

/// The right ankle of a body, ready to move.
fn ankle(body: &Body, seed: Seed) -> Result<std::sync::Arc<LimbModel>, ExperimentError> {
    Subject::new(body, seed.stream("subject").bits()).limb(ID, Side::Right, "ankle").map_err(|e| fail(e.to_string()))
}

fn load(body: &Body, nerve_length: f64, seed: Seed) -> Result<Course, ExperimentError> {
    let mut body = body.clone();
    for muscle in &mut body.right.muscles {
        muscle.afferent_length_m *= nerve_length;
        muscle.axons.segments.iter_mut().for_each(|s| s.length_m *= nerve_length);
    }
    let joint = body.right.joint_mut("ankle").ok_or_else(|| fail("the body has no ankle".to_owned()))?;
    joint.hinge.inertia_kg_m2 += LOAD_KG_M2;
    let (hinge, calf) = (joint.hinge.clone(), joint.extensor.clone());
    let muscle = body.right.muscle(&calf).ok_or_else(|| fail(format!("the body lacks {calf}")))?;
    let units = muscle.pool.units;
    let waves = CompoundModel::new(&muscle.fibres, units, &[], &muscle.junction, seed, EMG_HZ);
    let model = ankle(&body, seed)?;
    let mut limb = Limb::new(&model, seed, FROM_RAD);
    let holds_n_m = |angle: f64| -hinge.elastic(angle).torque_n_m - hinge.gravity_torque_n_m(angle);
    let (rest_n_m, load_n_m) = (holds_n_m(FROM_RAD), holds_n_m(LOADED_RAD));
    let mut emg_mv = vec![0.0; FOLLOWED_MS * PER_MS];
    let (mut angle_deg, mut torque_n_m, mut spikes) = (Vec::new(), Vec::new(), Vec::new());
    for ms in 0..REST_MS + FOLLOWED_MS {
        let input = match ms.checked_sub(REST_MS) {
            None => LimbInput {
                imposed: Some(Imposed { angle_rad: FROM_RAD, velocity_rad_s: 0.0 }),
                ..LimbInput::default()
            },
            Some(since) => {
                let risen = (since as f64 / RISE_MS).min(1.0);
                let share = 0.5 - 0.5 * math::cos(std::f64::consts::PI * risen);
                LimbInput { external_torque_n_m: rest_n_m + (load_n_m - rest_n_m) * share, ..LimbInput::default() }
            }
        };
        let out = limb.step_ms(&model, &input);
        if let Some(since) = ms.checked_sub(REST_MS) {
            angle_deg.push(out.angle_rad.to_degrees());
            torque_n_m.push(-out.muscle_torque_n_m[1]);
            spikes.push(out.muscle_spikes[1].len() as f64);
            for spike in out.muscle_spikes[1] {
                let at_s = 1e-3 * (since as f64 + f64::from(spike.offset_ms) + JUNCTION_MS);
                add_wave(&mut emg_mv, EMG_HZ, at_s, waves.unit_wave(spike.unit as usize), 1.0);
            }
        }
    }
    let discharge: Vec<f64> = spikes.chunks(WINDOW_MS).map(|w| w.iter().sum()).collect();
    let fullest = spikes.windows(VOLLEY_MS).map(|w| w.iter().sum::<f64>()).fold(0.0, f64::max) / units.max(1) as f64;
    let bursts = bursts(&discharge, units);
    Ok(Course { angle_deg, torque_n_m, emg_mv, discharge, bursts, fullest })
}

/// Damping that a sinusoidal movement meets at each of [`SINE_HZ`], N m s/rad: torque in phase with velocity, over it.
fn damping(body: &Body, seed: Seed) -> Result<Vec<(f64, f64)>, ExperimentError> {
    let model = ankle(body, seed)?;
    let at = |hz: f64| {
        let per_ms = std::f64::consts::TAU * hz * 1e-3;
        let cycle_ms = (1e3 / hz + 0.5) as usize;
        let mut limb = Limb::new(&model, seed, CENTRE_RAD);
        let (mut in_phase, mut square) = (0.0, 0.0);
        for ms in 0..REST_MS + (CYCLES.0 + CYCLES.1) * cycle_ms {
            let moving = ms.checked_sub(REST_MS);
            let phase = moving.map_or(0.0, |since| per_ms * (since + 1) as f64);
            let velocity_rad_s = if moving.is_some() { SINE_RAD * per_ms * 1e3 * math::cos(phase) } else { 0.0 };
            let angle_rad = CENTRE_RAD + SINE_RAD * math::sin(phase);
            let imposed = Some(Imposed { angle_rad, velocity_rad_s });
            let out = limb.step_ms(&model, &LimbInput { imposed, ..LimbInput::default() });
            if moving.is_some_and(|since| since >= CYCLES.0 * cycle_ms) {
                in_phase -= out.torque_n_m * velocity_rad_s;
                square += velocity_rad_s * velocity_rad_s;
            }
        }
        (hz, in_phase / square)
    };
    Ok(SINE_HZ.into_iter().map(at).collect())
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let healthy = man(ID, 55.0, 1.75, 75.0)?;
    let spastic = patient(ID, "cord-injury", Some("1y"), None)?;
    let well = load(&healthy, 1.0, seed)?;
    let clonus = load(&spastic, 1.0, seed)?;
    let double = load(&spastic, 2.0, seed)?;
    let none = load(&spastic, 0.05, seed)?;
    let mut deafferented = spastic.clone();
    deafferented.right.muscles.iter_mut().for_each(|muscle| muscle.gains.ia = 0.0);
    let (reflex, passive) = (damping(&spastic, seed)?, damping(&deafferented, seed)?);
    let least = reflex.iter().zip(&passive).min_by(|a, b| a.0.1.total_cmp(&b.0.1));
    let line = |x: &[f64], every: usize| -> Vec<(f64, f64)> {
        x.iter().enumerate().step_by(every).map(|(ms, q)| (ms as f64 * 1e-3, *q)).collect()
    };
    let emg = |c: &Course| -> Vec<(f64, f64)> {
        c.emg_mv.iter().enumerate().step_by(2).map(|(i, v)| (i as f64 / EMG_HZ, *v)).collect()
    };
    let firing = |c: &Course| -> Vec<(f64, f64)> {
        let at = |i: usize| (i as f64 + 0.5) * WINDOW_MS as f64 * 1e-3;
        c.discharge.iter().enumerate().map(|(i, n)| (at(i), *n)).collect()
    };
    let panel = |title: &str, y: &str| Panel::new(title, "after the load began (s)", y);
    let dorsiflexion = "ankle dorsiflexion (deg)";
    let points = [(1.0, &clonus), (2.0, &double), (0.05, &none)];
    let panels = vec![
        panel("Cord injury, 1 year, and health", dorsiflexion)
            .with("cord injury", Mark::Line, line(&clonus.angle_deg, 4))
            .with("healthy", Mark::Dashed, line(&well.angle_deg, 4)),
        panel("EMG of the calf, cord injury", "mV").with("", Mark::Line, emg(&clonus)),
        panel("Torque of the calf", "plantarflexing (N m)")
            .with("cord injury", Mark::Line, line(&clonus.torque_n_m, 4))
            .with("healthy", Mark::Dashed, line(&well.torque_n_m, 4)),
        panel("Discharge of the calf", "impulses in 20 ms").with("cord injury", Mark::Line, firing(&clonus)).with(
            "healthy",
            Mark::Dashed,
            firing(&well),
        ),
        panel("Delay", dorsiflexion).with("doubled", Mark::Line, line(&double.angle_deg, 4)).with(
            "almost none",
            Mark::Line,
            line(&none.angle_deg, 4),
        ),
        Panel::new("Frequency", "length of the nerves (1: own)", "bursts (Hz)")
            .with("", Mark::Dots, points.iter().filter_map(|(x, c)| Some((*x, c.frequency_hz()?))).collect())
            .published((0.8, 1.2), (5.0, 8.0)),
        Panel::new("Damping, cord injury, sinusoids of 3 degrees", "Hz", "N m s/rad")
            .with("with its reflex", Mark::Line, reflex.clone())
            .with("without Ia", Mark::Dashed, passive.clone()),
    ];
    let values = vec![
        Value::of("frequency", &[clonus.frequency_hz()]),
        Value::single("bursts", clonus.bursts.len() as f64),
        Value::single("bursts_healthy", well.bursts.len() as f64),
        Value::of("frequency_double_delay", &[double.frequency_hz()]),
        Value::single("bursts_no_delay", none.bursts.len() as f64),
        Value::single("first_volley", clonus.fullest),
        Value::of("least_damping", &[least.map(|(with, _)| with.1)]),
        Value::of("passive_damping", &[least.map(|(_, without)| without.1)]),
    ];
    Ok(Observation { values, figure: Figure { panels } })
}
