//! Discharge of human primary endings in finger extensors while the knuckle is held at two angles: relaxed, and by the subject himself.

use tonus_body::Muscle;
use tonus_exam::Subject;
use tonus_physiology::cord::circuit::AfferentSpike;
use tonus_physiology::limb::{Limb, LimbInput, LimbModel};
use tonus_physiology::muscle::contraction::{ContractionModel, Direction};
use tonus_physiology::random::Seed;
use tonus_physiology::receptor::afferent::Encoder;
use tonus_physiology::receptor::fusimotor::{Fusimotor, FusimotorModel};
use tonus_physiology::receptor::spindle::{HUMAN_SCALE, Spindle, SpindleModel};
use tonus_signal::Side;

use super::super::muscle::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "spindle.position";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Primary endings of finger extensors with the knuckle at two angles, relaxed and in active holding",
    source: "Hulliger, Nordh & Vallbo 1982 J Physiol 322:167; rest: Cordo et al. 2002 J Neurophysiol 87:1186",
    measures: &[
        MeasureInfo {
            name: "relaxed",
            unit: "imp/s/deg",
            what: "difference of the mean rates at two passive positions 20 deg apart, over the angle, mean of the endings that fired",
        },
        MeasureInfo {
            name: "active",
            unit: "imp/s/deg",
            what: "the same while the subject holds the angles against constant torque, small and intermediate load",
        },
        MeasureInfo {
            name: "active_early",
            unit: "imp/s/deg",
            what: "the same if fusimotor drive rose early in a contraction instead of in proportion to effort",
        },
        MeasureInfo { name: "rest", unit: "imp/s", what: "mean rate over 10 s, relaxed, optimal length, all endings" },
        MeasureInfo { name: "effort_change", unit: "ratio", what: "effort extended over effort flexed, small load" },
    ],
    run,
};

/// Angles either side of the middle, rad (20 degrees apart).
const AWAY_RAD: f64 = std::f64::consts::PI / 18.0;
/// Loads opposing extension, share of maximal torque: small and intermediate (under 0.3, as al-Falahe, Nagaoka & Vallbo's).
const LOADS: [f64; 2] = [0.1, 0.2];
/// Before counting, and counted, ms.
const SETTLE_MS: usize = 2500;
const COUNTED_MS: usize = 3500;
/// Relaxed rest, ms.
const REST_MS: usize = 10_000;
/// The subject's tracking: effort per rad of error, and per rad s; assumed: slow and visual, settling within some seconds.
const PROPORTIONAL: f64 = 0.05;
const INTEGRAL: f64 = 0.6;

/// Endings of the muscle, recorded one by one.
struct Endings {
    encoder: Encoder,
    spikes: Vec<AfferentSpike>,
    counts: Vec<u32>,
    counted_ms: usize,
}

impl Endings {
    fn new(number: usize, seed: Seed) -> Self {
        let encoder = Encoder::new(number, 1.0, HUMAN_SCALE, seed.child("ia"));
        Self { encoder, spikes: Vec::new(), counts: vec![0; number], counted_ms: 0 }
    }

    /// One millisecond at a mean rate; impulses of all endings in it.
    fn step_ms(&mut self, ia_hz: f64, counted: bool) -> usize {
        self.encoder.step_ms(ia_hz, &mut self.spikes);
        if counted {
            self.counted_ms += 1;
            self.spikes.iter().for_each(|s| self.counts[s.axon as usize] += 1);
        }
        self.spikes.len()
    }

    /// Rate of every ending, impulses/s.
    fn rates(&self) -> Vec<f64> {
        self.counts.iter().map(|c| f64::from(*c) * 1e3 / self.counted_ms.max(1) as f64).collect()
    }
}

/// What was recorded in a hold.
struct Held {
    /// Rate of every ending, impulses/s.
    rates: Vec<f64>,
    /// The same if fusimotor drive rose early in a contraction.
    early: Vec<f64>,
    /// Mean angle, rad.
    angle_rad: f64,
    /// Mean effort of the extensor.
    effort: f64,
    /// Mean rate of the endings in each quarter second.
    course: Vec<(f64, f64)>,
}

struct Preparation<'b> {
    extensor: &'b Muscle,
    contraction: ContractionModel,
    spindle: SpindleModel,
    rest: Fusimotor,
    limb: std::sync::Arc<LimbModel>,
    seed: Seed,
}

impl Preparation<'_> {
    fn endings(&self) -> Endings {
        Endings::new(self.extensor.ia_afferents, self.seed)
    }

    /// Rate of every ending with the relaxed muscle held at an angle: no command, so fusimotor drive is that of rest.
    fn relaxed(&self, angle_rad: f64, counted_ms: usize) -> Held {
        let length_l0 = self.contraction.fibre(angle_rad, 0.0).length_l0;
        let mut spindle = Spindle::new(length_l0, self.rest.static_hz, self.rest.dynamic_hz);
        let mut endings = self.endings();
        for ms in 0..SETTLE_MS + counted_ms {
            let gamma = self.rest;
            let rates = spindle.step_ms(&self.spindle, length_l0, 0.0, gamma.static_hz, gamma.dynamic_hz);
            endings.step_ms(rates.ia_hz, ms >= SETTLE_MS);
        }
        let rates = endings.rates();
        Held { early: rates.clone(), rates, angle_rad, effort: 0.0, course: Vec::new() }
    }

    /// The subject holds `target_rad` against a flexing torque, beginning with the effort `begin`.
    fn active(&self, target_rad: f64, torque_n_m: f64, begin: f64) -> Held {
        let mut limb = Limb::new(&self.limb, self.seed.child("limb"), target_rad);
        let start = self.contraction.fibre(target_rad, 0.0).length_l0;
        let mut spindle = Spindle::new(start, self.rest.static_hz, self.rest.dynamic_hz);
        let linkage = FusimotorModel::early(self.rest);
        let (mut endings, mut early) = (self.endings(), self.endings());
        let (mut angle_sum, mut effort_sum, mut error_sum) = (0.0, 0.0, 0.0);
        let (mut course, mut quarter) = (Vec::new(), 0_usize);
        for ms in 0..SETTLE_MS + COUNTED_MS {
            let error = limb.angle_rad() - target_rad;
            error_sum += 1e-3 * error;
            let effort = (begin + PROPORTIONAL * error + INTEGRAL * error_sum).clamp(0.0, 1.0);
            let input = LimbInput { command: [0.0, effort], external_torque_n_m: torque_n_m, ..LimbInput::default() };
            let output = limb.step_ms(&self.limb, &input);
            let (angle, ia_hz) = (output.angle_rad, output.ia_hz[1]);
            let fibre = self.contraction.fibre(angle, output.velocity_rad_s);
            let gamma = linkage.drive(output.drive[1]);
            let (length, velocity) = (fibre.length_l0, fibre.velocity_l0_s);
            let rates = spindle.step_ms(&self.spindle, length, velocity, gamma.static_hz, gamma.dynamic_hz);
            let counted = ms >= SETTLE_MS;
            quarter += endings.step_ms(ia_hz, counted);
            early.step_ms(rates.ia_hz, counted);
            if ms % 250 == 249 {
                let mean = quarter as f64 / 0.25 / self.extensor.ia_afferents as f64;
                course.push((1e-3 * (ms as f64 - 125.0), mean));
                quarter = 0;
            }
            if counted {
                angle_sum += angle;
                effort_sum += effort;
            }
        }
        let n = COUNTED_MS as f64;
        Held { rates: endings.rates(), early: early.rates(), angle_rad: angle_sum / n, effort: effort_sum / n, course }
    }
}

/// Position response of each ending that fired at either angle, impulses/s/deg.
fn responses([extended, flexed]: &[Held; 2], of: impl Fn(&Held) -> &[f64]) -> Vec<f64> {
    let apart_deg = (flexed.angle_rad - extended.angle_rad).to_degrees();
    let pairs = of(extended).iter().zip(of(flexed));
    pairs.filter(|(e, f)| **e > 0.0 || **f > 0.0).map(|(e, f)| (f - e) / apart_deg).collect()
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let extensor = muscle(ID, &body, "extensor_digitorum")?;
    let subject = Subject::new(&body, seed.stream("subject").bits());
    let limb = subject
        .limb(ID, Side::Right, "fingers")
        .map_err(|e| ExperimentError { experiment: ID, problem: e.to_string() })?;
    let prepared = Preparation {
        extensor,
        contraction: ContractionModel::new(&extensor.contraction, Direction::Extension),
        spindle: SpindleModel::human(),
        rest: Fusimotor::new(extensor.gains.gamma_static_hz, extensor.gains.gamma_dynamic_hz),
        limb,
        seed,
    };
    let middle = extensor.contraction.optimal_angle_rad;
    let angles = [middle - AWAY_RAD, middle + AWAY_RAD];
    let relaxed = angles.map(|angle| prepared.relaxed(angle, COUNTED_MS));
    let active = LOADS.map(|load| angles.map(|angle| prepared.active(angle, load * extensor.max_torque_n_m(), load)));
    let rest = prepared.relaxed(middle, REST_MS);

    let relaxed_response = responses(&relaxed, |h| &h.rates);
    let of_all = |of: fn(&Held) -> &[f64]| active.iter().flat_map(|pair| responses(pair, of)).collect::<Vec<f64>>();
    let active_response = of_all(|h| &h.rates);
    let early_response = of_all(|h| &h.early);
    let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len().max(1) as f64;
    let line = |pair: &[Held; 2]| pair.iter().map(|h| (h.angle_rad.to_degrees(), mean(&h.rates))).collect::<Vec<_>>();
    let mut over_angle = Panel::new("mean rate over angle", "flexion of the knuckle (deg)", "Ia (imp/s)")
        .with("relaxed", Mark::Line, line(&relaxed))
        .with("load 10 %", Mark::Line, line(&active[0]))
        .with("load 20 %", Mark::Line, line(&active[1]));
    for pair in [&relaxed, &active[0], &active[1]] {
        over_angle = over_angle.with("", Mark::Dots, line(pair));
    }
    // Endings side by side, in the order of their responses.
    let swarm = |at: f64, of: &[f64]| -> Vec<(f64, f64)> {
        let mut of = of.to_vec();
        of.sort_by(f64::total_cmp);
        let n = of.len() as f64;
        of.into_iter().enumerate().map(|(i, r)| (at - 0.3 + 0.6 * (i as f64 + 0.5) / n, r)).collect()
    };
    let figure = Figure {
        panels: vec![
            over_angle,
            Panel::new(
                "position responses of single endings",
                "1 relaxed, 2 active, 3 active with early fusimotor rise",
                "imp/s/deg",
            )
            .published((0.65, 1.35), (0.1, 0.6))
            .published((1.65, 3.35), (-0.1, 0.1))
            .with("", Mark::Dots, swarm(1.0, &relaxed_response))
            .with("", Mark::Dots, swarm(2.0, &active_response))
            .with("", Mark::Dots, swarm(3.0, &early_response)),
            Panel::new("load 10 %, mean of all endings", "time (s)", "Ia (imp/s)")
                .with("extended", Mark::Line, active[0][0].course.clone())
                .with("flexed", Mark::Line, active[0][1].course.clone()),
        ],
    };
    Ok(Observation {
        values: vec![
            Value::mean_of("relaxed", &relaxed_response),
            Value::mean_of("active", &active_response),
            Value::mean_of("active_early", &early_response),
            Value::mean_of("rest", &rest.rates),
            Value::single("effort_change", active[0][0].effort / active[0][1].effort),
        ],
        figure,
    })
}
