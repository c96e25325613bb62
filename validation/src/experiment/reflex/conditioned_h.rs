//! The soleus H reflex conditioned by the common fibular nerve: reciprocal and presynaptic (D1) inhibition.

use tonus_physiology::limb::stimulated::{Shock, Stimulated, StimulatedModel};
use tonus_physiology::nerve::mixed_nerve::Pulse;
use tonus_physiology::random::Seed;

use super::soleus::{PULSE_MS, Preparation, SOLEUS, TIBIALIS};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "reflex.conditioned_h";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Soleus H after a shock to the common fibular nerve: disynaptic reciprocal and presynaptic (D1) inhibition",
    source: "Crone, Hultborn, Jespersen & Nielsen 1987 J Physiol 389:163; Mizuno, Tanaka & Yanagisawa 1971 J Neurophysiol 34:1010",
    measures: &[
        MeasureInfo {
            name: "reciprocal",
            unit: "%",
            what: "largest fall of H at 2 to 3 ms, conditioning 1.05 times motor threshold",
        },
        MeasureInfo { name: "reciprocal_end", unit: "ms", what: "interval at which half of it is gone" },
        MeasureInfo { name: "d1", unit: "%", what: "fall of H at 21 ms, same conditioning" },
        MeasureInfo { name: "d1_at_200_ms", unit: "%", what: "fall of H at 200 ms" },
        MeasureInfo {
            name: "reciprocal_without",
            unit: "%",
            what: "fall at the same interval with reciprocal inhibition taken away",
        },
    ],
    run,
};

/// Conditioning strength, motor thresholds of tibialis anterior.
const CONDITIONING: f64 = 1.05;
/// Way of the conditioning volley beyond that of the test volley, m: the neck of the fibula, where the common fibular nerve is
/// stimulated, lies that much farther from the cord than the tibial cathode in the popliteal fossa (anatomy of an adult, assumed).
const FIBULAR_NECK_M: f64 = 0.05;
/// Velocity on that way, m/s: Ia afferents of the leg (Elias, Watanabe & Kohn 2014).
const IA_VELOCITY_M_S: f64 = 64.5;
/// Test reflex, share of the largest M.
const TEST: f64 = 0.2;
const SHORT_MS: [f64; 13] = [-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0];
const LONG_MS: [f64; 10] = [12.0, 16.0, 21.0, 30.0, 45.0, 70.0, 100.0, 150.0, 200.0, 350.0];

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let mut preparation = Preparation::new(ID)?;
    let model = preparation.model(seed);
    let (current, _) = preparation.current_of(&model, seed, TEST).ok_or_else(|| ExperimentError {
        experiment: ID,
        problem: "no current gives an H of a fifth of the largest M".to_owned(),
    })?;
    let conditioning = Shock {
        group: TIBIALIS,
        at_ms: 0.0,
        pulse: Pulse { current: CONDITIONING * model.motor_threshold(TIBIALIS, PULSE_MS), duration_ms: PULSE_MS },
    };
    // Every stimulus on equally rested terminals: depression by the one before would pass for inhibition.
    let fall = |preparation: &Preparation, model: &StimulatedModel, leads: &[f64]| -> Vec<(f64, f64)> {
        let rested = Stimulated::new(model, seed);
        let plain = preparation.h(model, &mut rested.clone(), current, None);
        let after = |lead: f64| {
            let at_fossa = lead - 1e3 * FIBULAR_NECK_M / IA_VELOCITY_M_S;
            preparation.h(model, &mut rested.clone(), current, Some((conditioning, at_fossa)))
        };
        leads.iter().map(|&lead| (lead, 100.0 * (1.0 - after(lead) / plain))).collect()
    };
    let short = fall(&preparation, &model, &SHORT_MS);
    let long = fall(&preparation, &model, &LONG_MS);
    preparation.groups[SOLEUS].group.gains.reciprocal = 0.0;
    let without = fall(&preparation, &preparation.model(seed), &SHORT_MS);
    let largest = |points: &[(f64, f64)]| {
        let within = points.iter().filter(|p| (2.0..=3.0).contains(&p.0));
        within.copied().fold((0.0, f64::NEG_INFINITY), |best, p| if p.1 > best.1 { p } else { best })
    };
    let (at, most) = largest(&short);
    let end = short.iter().find(|p| p.0 > at && p.1 < 0.5 * most).map(|p| p.0);
    let long_at = |ms: f64| long.iter().find(|p| p.0 == ms).map(|p| p.1);
    let left = |points: &[(f64, f64)]| points.iter().map(|p| (p.0, 100.0 - p.1)).collect::<Vec<_>>();
    let near = Panel::new("Reciprocal inhibition", "conditioning-test interval (ms)", "H, % of unconditioned")
        .published((2.0, 3.0), (65.0, 95.0))
        .with("healthy", Mark::Line, left(&short))
        .with("reciprocal inhibition 0", Mark::Dashed, left(&without));
    let far = Panel::new("Presynaptic inhibition (D1)", "conditioning-test interval (ms)", "H, % of unconditioned")
        .published((15.0, 25.0), (60.0, 80.0))
        .with("healthy", Mark::Line, left(&[&short[8..], &long[..]].concat()))
        .log_x();
    Ok(Observation {
        values: vec![
            Value::single("reciprocal", most),
            Value::of("reciprocal_end", &[end]),
            Value::of("d1", &[long_at(21.0)]),
            Value::of("d1_at_200_ms", &[long_at(200.0)]),
            Value::single("reciprocal_without", largest(&without).1),
        ],
        figure: Figure { panels: vec![near, far] },
    })
}
