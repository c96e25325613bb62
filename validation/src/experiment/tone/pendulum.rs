//! Wartenberg's pendulum in health, spasticity and hypotonia, and what base tone does to the first swing.

use tonus_body::Body;
use tonus_exam::Subject;
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::random::Seed;
use tonus_signal::Side;
use tonus_signal::measures::pendulum::{Pendulum, pendulum};

use super::patient::patient;
use crate::experiment::muscle::preparation::man;
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "tone.pendulum";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Pendulum test of the knee: health, spasticity, hypotonia; the spastic knee without its base tone, and without its reflexes",
    source: "Bajd & Vodovnik 1984 J Biomed Eng 6:9; De Groote, Blum, Horslen & Ting 2018 PLoS One 13:e0205763",
    measures: &[
        MeasureInfo { name: "healthy_index", unit: "ratio", what: "relaxation index A1/A0, healthy man" },
        MeasureInfo { name: "spastic_index", unit: "ratio", what: "the same, hereditary spastic paraplegia" },
        MeasureInfo {
            name: "hypotonic_swings",
            unit: "ratio",
            what: "oscillations 3 days after cerebellar stroke over the healthy man's",
        },
        MeasureInfo { name: "index_without_base_tone", unit: "ratio", what: "spastic knee with healthy base tone" },
        MeasureInfo {
            name: "index_without_reflexes",
            unit: "ratio",
            what: "spastic knee with base tone but no Ia or II input",
        },
        MeasureInfo {
            name: "spastic_rest",
            unit: "deg",
            what: "resting angle, spastic less healthy (negative: less flexed)",
        },
    ],
    run,
};

/// Release above the hanging angle, rad; time held and followed, ms: as in the examination.
const RELEASE_RAD: f64 = 1.047;
const HELD_MS: usize = 500;
const FOLLOWED_MS: usize = 9_000;

struct Swing {
    angle_deg: Vec<f64>,
    spikes_per_ms: Vec<f64>,
    measured: Pendulum,
}

fn swing(body: &Body, seed: Seed) -> Result<Swing, ExperimentError> {
    let fail = |problem: String| ExperimentError { experiment: ID, problem };
    let subject = Subject::new(body, seed.stream("subject").bits());
    let model = subject.limb(ID, Side::Right, "knee").map_err(|e| fail(e.to_string()))?;
    let hinge = &body.right.joint("knee").ok_or_else(|| fail("the body has no knee".to_owned()))?.hinge;
    let start = (hinge.hanging_angle_rad - RELEASE_RAD).max(hinge.min_angle_rad);
    let mut limb = Limb::new(&model, seed, start);
    let held = LimbInput { imposed: Some(Imposed { angle_rad: start, velocity_rad_s: 0.0 }), ..LimbInput::default() };
    (0..HELD_MS).for_each(|_| _ = limb.step_ms(&model, &held));
    let (mut angle_deg, mut spikes_per_ms) = (vec![start.to_degrees()], vec![0.0]);
    for _ in 0..FOLLOWED_MS {
        let out = limb.step_ms(&model, &LimbInput::default());
        angle_deg.push(out.angle_rad.to_degrees());
        spikes_per_ms.push(out.muscle_spikes[1].len() as f64);
    }
    let measured = pendulum(&angle_deg, 1e3).ok_or_else(|| fail("the swing cannot be measured".to_owned()))?;
    Ok(Swing { angle_deg, spikes_per_ms, measured })
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let healthy = man(ID, 55.0, 1.75, 75.0)?;
    let spastic = patient(ID, "hsp", None, None)?;
    let hypotonic = patient(ID, "cerebellar-stroke", Some("3d"), None)?;
    let mut without_tone = spastic.clone();
    for (muscle, own) in without_tone.right.muscles.iter_mut().zip(&healthy.right.muscles) {
        muscle.contraction.base_tone = own.contraction.base_tone;
    }
    let mut without_reflexes = spastic.clone();
    for muscle in &mut without_reflexes.right.muscles {
        (muscle.gains.ia, muscle.gains.group_ii) = (0.0, 0.0);
    }
    let of = |body: &Body| swing(body, seed);
    let (well, stiff, loose) = (of(&healthy)?, of(&spastic)?, of(&hypotonic)?);
    let (reflexes_only, tone_only) = (of(&without_tone)?, of(&without_reflexes)?);
    let trace = |s: &Swing| -> Vec<(f64, f64)> {
        s.angle_deg.iter().step_by(5).enumerate().map(|(i, q)| (i as f64 * 5e-3, *q)).collect()
    };
    let first = |s: &Swing| -> Vec<(f64, f64)> { trace(s).into_iter().filter(|p| p.0 < 2.0).collect() };
    let health = Panel::new("Health and hypotonia", "time after release (s)", "knee flexion (deg)")
        .with("healthy", Mark::Line, trace(&well))
        .with("cerebellar, 3 days", Mark::Line, trace(&loose));
    let spasticity = Panel::new("Spasticity", "time after release (s)", "knee flexion (deg)")
        .with("healthy", Mark::Dashed, trace(&well))
        .with("spastic", Mark::Line, trace(&stiff));
    let parts = Panel::new("First swing: what cuts it", "time after release (s)", "knee flexion (deg)")
        .with("spastic", Mark::Line, first(&stiff))
        .with("its reflexes alone", Mark::Line, first(&reflexes_only))
        .with("its base tone alone", Mark::Line, first(&tone_only))
        .with("healthy", Mark::Dashed, first(&well));
    let burst =
        stiff.spikes_per_ms.chunks(20).enumerate().map(|(i, c)| (i as f64 * 0.02, c.iter().sum::<f64>() / 0.02));
    let discharge = Panel::new("Quadriceps, spastic", "time after release (s)", "impulses/s, all units").with(
        "",
        Mark::Line,
        burst.collect(),
    );
    let index = |s: &Swing| s.measured.relaxation_index;
    let ratio = loose.measured.oscillations as f64 / well.measured.oscillations as f64;
    let values = vec![
        Value::of("healthy_index", &[index(&well)]),
        Value::of("spastic_index", &[index(&stiff)]),
        Value::single("hypotonic_swings", ratio),
        Value::of("index_without_base_tone", &[index(&reflexes_only)]),
        Value::of("index_without_reflexes", &[index(&tone_only)]),
        Value::single("spastic_rest", stiff.measured.resting_angle_deg - well.measured.resting_angle_deg),
    ];
    Ok(Observation { values, figure: Figure { panels: vec![health, spasticity, parts, discharge] } })
}
