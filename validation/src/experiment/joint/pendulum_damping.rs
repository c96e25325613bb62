//! Viscous damping of the relaxed knee from the decay of its swing.

use tonus_body::Body;
use tonus_exam::Subject;
use tonus_physiology::limb::{Imposed, Limb, LimbInput};
use tonus_physiology::math;
use tonus_physiology::random::Seed;
use tonus_signal::Side;

use super::super::muscle::preparation::{man, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "joint.pendulum_damping";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Damping of the relaxed knee from the decay of the pendulum",
    source: "B = 2 zeta omega I as Oatis 1993; Lin & Rymer 1991",
    measures: &[
        MeasureInfo {
            name: "damping",
            unit: "N m s/rad",
            what: "2 zeta omega I from the first three swings, mean of three men",
        },
        MeasureInfo {
            name: "damping_ratio",
            unit: "ratio",
            what: "zeta from the logarithmic decrement of the same swings",
        },
        MeasureInfo { name: "period", unit: "s", what: "time between the first two flexion peaks" },
    ],
    run,
};

/// Release above the hanging angle, rad: as in the examination.
const RELEASE_RAD: f64 = 1.047;
/// Time followed, ms.
const FOLLOWED_MS: usize = 11_000;
/// Swings whose decay is measured.
const SWINGS: usize = 3;

struct Swing {
    angle: Vec<f64>,
    damping: f64,
    ratio: f64,
    period: f64,
}

fn swing(body: &Body, seed: Seed) -> Result<Swing, ExperimentError> {
    let fail = |problem: String| ExperimentError { experiment: ID, problem };
    let subject = Subject::new(body, seed.stream("subject").bits());
    let model = subject.limb(ID, Side::Right, "knee").map_err(|e| fail(e.to_string()))?;
    let hinge = &body.right.joint("knee").ok_or_else(|| fail("the body has no knee".to_owned()))?.hinge;
    let start = (hinge.hanging_angle_rad - RELEASE_RAD).max(hinge.min_angle_rad);
    let mut limb = Limb::new(&model, seed, start);
    let held = LimbInput { imposed: Some(Imposed { angle_rad: start, velocity_rad_s: 0.0 }), ..LimbInput::default() };
    (0..500).for_each(|_| _ = limb.step_ms(&model, &held));
    let angle: Vec<f64> = (0..FOLLOWED_MS).map(|_| limb.step_ms(&model, &LimbInput::default()).angle_rad).collect();
    let tail = &angle[FOLLOWED_MS - 1000..];
    let rest = tail.iter().sum::<f64>() / tail.len() as f64;
    let peaks: Vec<(usize, f64)> = (1..angle.len() - 1)
        .filter(|&i| angle[i] > angle[i - 1] && angle[i] >= angle[i + 1] && angle[i] - rest > 0.05)
        .map(|i| (i, angle[i] - rest))
        .collect();
    let (Some(first), Some(second), Some(last)) = (peaks.first(), peaks.get(1), peaks.get(SWINGS)) else {
        return Err(fail(format!("the knee swung {} times, fewer than {}", peaks.len(), SWINGS + 1)));
    };
    let decrement = math::ln(first.1 / last.1) / SWINGS as f64;
    let ratio = decrement / math::sqrt(4.0 * std::f64::consts::PI * std::f64::consts::PI + decrement * decrement);
    let period = (second.0 - first.0) as f64 * 1e-3;
    let omega = std::f64::consts::TAU / ((last.0 - first.0) as f64 * 1e-3 / SWINGS as f64);
    Ok(Swing { damping: 2.0 * ratio * omega * hinge.inertia_kg_m2, ratio, period, angle })
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let bodies = [reference(ID)?, man(ID, 24.0, 1.68, 66.0)?, man(ID, 50.0, 1.82, 84.0)?];
    let swings =
        bodies.iter().enumerate().map(|(i, body)| swing(body, seed.index(i))).collect::<Result<Vec<_>, _>>()?;
    let mut panel = Panel::new("Shank released, relaxed, three men", "time (s)", "knee flexion (deg)");
    for swing in &swings {
        let trace = swing.angle.iter().enumerate().map(|(ms, q)| (ms as f64 * 1e-3, q.to_degrees())).collect();
        panel = panel.with("", Mark::Line, trace);
    }
    let dots = swings.iter().enumerate().map(|(i, s)| (i as f64 + 1.0, s.damping)).collect();
    let damping =
        Panel::new("Damping", "man", "B (N m s/rad)").with("", Mark::Dots, dots).published((0.5, 3.5), (0.05, 0.4));
    let all = |f: fn(&Swing) -> f64| swings.iter().map(f).collect::<Vec<_>>();
    let values = vec![
        Value::mean_of("damping", &all(|s| s.damping)),
        Value::mean_of("damping_ratio", &all(|s| s.ratio)),
        Value::mean_of("period", &all(|s| s.period)),
    ];
    Ok(Observation { values, figure: Figure { panels: vec![panel, damping] } })
}
