//! A twitch of an unloaded human muscle: what its primary endings do while it shortens.

use tonus_body::Body;
use tonus_physiology::joint::hinge::{Hinge, STEP_S};
use tonus_physiology::muscle::contraction::{ContractionModel, Direction};
use tonus_physiology::muscle::unit::{UnitModel, Units};
use tonus_physiology::random::Seed;
use tonus_physiology::receptor::fusimotor::Fusimotor;
use tonus_physiology::receptor::spindle::{Spindle, SpindleModel};

use super::super::muscle::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "spindle.unloading";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Primary endings during an unloaded twitch of the finger extensors",
    source: "the twitch test of microneurography (Vallbo, Hagbarth, Torebjork & Wallin 1979 Physiol Rev 59:919)",
    measures: &[
        MeasureInfo {
            name: "silence",
            unit: "imp/s",
            what: "mean Ia rate while the fibres shorten, no fusimotor drive",
        },
        MeasureInfo { name: "before", unit: "imp/s", what: "Ia rate before the twitch, no fusimotor drive" },
        MeasureInfo {
            name: "static",
            unit: "imp/s",
            what: "mean Ia rate while the fibres shorten, static fusimotor drive 100 pps",
        },
    ],
    run,
};

/// Volley in all motor axons, and end, ms.
const VOLLEY_MS: usize = 200;
const END_MS: usize = 900;
/// Shortening faster than this counts, L0/s.
const SHORTENING_L0_S: f64 = 0.02;
/// Static drive of the comparison, pps: that of a strong contraction.
const STATIC: Fusimotor = Fusimotor::new(100.0, 0.0);

struct Twitch {
    /// Fibre length, L0, and Ia rate, impulses/s, every millisecond.
    length: Vec<(f64, f64)>,
    ia: Vec<(f64, f64)>,
    before_hz: f64,
    shortening_hz: f64,
}

fn twitch(body: &Body, gamma: Fusimotor) -> Result<Twitch, ExperimentError> {
    let fail = |problem: String| ExperimentError { experiment: ID, problem };
    let extensor = muscle(ID, body, "extensor_digitorum")?;
    let joint = body.right.joint("fingers").ok_or_else(|| fail("the body has no fingers".to_owned()))?;
    let contraction = ContractionModel::new(&extensor.contraction, Direction::Extension);
    let units = UnitModel::new(&extensor.units, extensor.pool.units, &[]);
    let (mut pull, mut hinge) = (Units::new(&units), Hinge::new(joint.hinge.rest_angle_rad));
    let (model, start) = (SpindleModel::human(), contraction.fibre(joint.hinge.rest_angle_rad, 0.0));
    let mut spindle = Spindle::new(start.length_l0, gamma.static_hz, gamma.dynamic_hz);
    let (mut length, mut ia) = (Vec::new(), Vec::new());
    let (mut before_hz, mut shortening) = (0.0, Vec::new());
    let mut last = start.length_l0;
    for ms in 0..END_MS {
        pull.advance();
        if ms == VOLLEY_MS {
            (0..units.units()).for_each(|unit| pull.impulse(&units, unit, 0.0, 1.0));
        }
        for _ in 0..2 {
            let fibre = contraction.fibre(hinge.angle_rad, hinge.velocity_rad_s);
            let torque = contraction.torque(&fibre, pull.activation(), 0.0);
            hinge.step(&joint.hinge, torque.torque_n_m, torque.damping_n_m_s_rad);
        }
        debug_assert!((2.0 * STEP_S - 1e-3).abs() < 1e-12);
        let now = contraction.fibre(hinge.angle_rad, hinge.velocity_rad_s).length_l0;
        let velocity = 1e3 * (now - last);
        last = now;
        let rate = spindle.step_ms(&model, now, velocity, gamma.static_hz, gamma.dynamic_hz).ia_hz;
        if ms + 1 == VOLLEY_MS {
            before_hz = rate;
        }
        if velocity < -SHORTENING_L0_S && ms >= VOLLEY_MS {
            shortening.push(rate);
        }
        let t = 1e-3 * (ms as f64 - VOLLEY_MS as f64);
        length.push((t, now));
        ia.push((t, rate));
    }
    let shortening_hz = shortening.iter().sum::<f64>() / shortening.len() as f64;
    Ok(Twitch { length, ia, before_hz, shortening_hz })
}

fn run(_seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let (bare, driven) = (twitch(&body, Fusimotor::NONE)?, twitch(&body, STATIC)?);
    let figure = Figure {
        panels: vec![
            Panel::new("fibre length", "time from the volley (s)", "length (L0)").with("", Mark::Line, bare.length),
            Panel::new("primary endings", "time from the volley (s)", "Ia (imp/s)")
                .with("no fusimotor drive", Mark::Line, bare.ia)
                .with("static 100 pps", Mark::Line, driven.ia),
        ],
    };
    Ok(Observation {
        values: vec![
            Value::single("silence", bare.shortening_hz),
            Value::single("before", bare.before_hz),
            Value::single("static", driven.shortening_hz),
        ],
        figure,
    })
}
