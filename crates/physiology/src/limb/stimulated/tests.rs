use super::*;
use crate::cord::circuit::AfferentCounts;
use crate::cord::gains::SegmentalGains;
use crate::cord::pool::PoolParameters;
use crate::junction::JunctionParameters;
use crate::muscle::contraction::ContractionParameters;
use crate::muscle::fibre::FibreParameters;
use crate::muscle::unit::UnitParameters;
use crate::nerve::motor_axon::MotorAxonParameters;
use crate::nerve::segment::{FibreSpectrum, NerveSegment};

fn muscle(units: usize) -> StimulatedGroup {
    let group = LimbGroup {
        pool: PoolParameters { units, slow_share: 0.85, fatigue_resistant_share: 0.08, ..PoolParameters::default() },
        gains: SegmentalGains::default(),
        axons: MotorAxonParameters {
            spectrum: FibreSpectrum::motor_leg(),
            segments: vec![
                NerveSegment::healthy("root", 0.2, 36.0),
                NerveSegment::healthy("proximal", 0.3, 36.0),
                NerveSegment::healthy("distal", 0.3, 34.0),
            ],
            terminal_length_m: 0.03,
            threshold_log_sd: 0.19,
            survival: 1.0,
            ectopic_rate_hz: 0.0,
            kv1: 1.0,
            persistent_current: 0.0,
        },
        junction: JunctionParameters::default(),
        units: UnitParameters {
            twitch_range: 100.0,
            contraction_time_ms: 100.0,
            contraction_time_range: 3.0,
            poles: 2,
        },
        fibres: FibreParameters::default(),
        contraction: ContractionParameters {
            max_force_n: 3800.0,
            optimal_length_m: 0.047,
            moment_arm_m: 0.044,
            pennation_rad: 0.33,
            optimal_angle_rad: 0.17,
            base_tone: 0.001,
            tendon_slack_l0: 0.0,
            short_range: Default::default(),
        },
        corticospinal: Default::default(),
        afferents: AfferentCounts { ia: 200, ii: 100, ib: 100 },
        afferent_length_m: 0.8,
    };
    StimulatedGroup { group, site: 2, angle_rad: -0.26 }
}

fn model() -> StimulatedModel {
    StimulatedModel::new(&[muscle(100), muscle(300)], Seed::new(1))
}

fn shock(current: f64) -> Shock {
    Shock { group: 1, at_ms: 0.0, pulse: Pulse { current, duration_ms: 1.0 } }
}

/// Impulses of each origin after one shock on rested terminals.
fn counts(current: f64) -> [usize; 3] {
    let model = model();
    let sweep = Stimulated::new(&model, Seed::new(2)).sweep(&model, &[shock(current)], [0.0; 2], 0, 60);
    [Origin::Direct, Origin::Reflex, Origin::Backfire]
        .map(|origin| sweep.arrivals[1].iter().filter(|a| a.origin == origin).count())
}

#[test]
fn a_weak_shock_gives_a_reflex_and_a_strong_one_a_direct_response_alone() {
    let weak = (1..40).map(|i| counts(0.025 * f64::from(i))).find(|c| c[1] > 0).unwrap_or_default();
    assert!(weak[1] > 0 && weak[0] <= 1, "reflex first, but for a stray axon: {weak:?}");
    let strong = counts(4.0);
    assert_eq!(strong[0], 300);
    assert_eq!(strong[1], 0, "every reflex impulse is annihilated or finds its neuron invaded");
    assert!((1..40).contains(&strong[2]), "backfiring: {strong:?}");
    assert_eq!(counts(0.0), [0, 0, 0]);
}

#[test]
fn the_reflex_takes_the_time_of_its_path() {
    let model = model();
    let sweep = Stimulated::new(&model, Seed::new(2)).sweep(&model, &[shock(0.55)], [0.0; 2], 0, 60);
    let first = sweep.arrivals[1].iter().filter(|a| a.origin == Origin::Reflex).map(|a| a.at_ms).fold(1e9, f64::min);
    // 0.5 m at 67 m/s, 0.8 m at about 50 m/s, 1-2 ms in the cord.
    assert!((23.0..28.0).contains(&first), "{first}");
    assert!(sweep.arrivals[0].is_empty(), "nothing in the antagonist");
}

#[test]
fn repeats_to_the_bit_and_is_saved_and_restored() {
    let model = model();
    let mut a = Stimulated::new(&model, Seed::new(2));
    a.rest_ms(&model, 500);
    let saved = serde_json::to_string(&a).unwrap();
    let first = a.sweep(&model, &[shock(0.6)], [0.0; 2], 0, 60);
    let mut b: Stimulated = serde_json::from_str(&saved).unwrap();
    assert_eq!(first, b.sweep(&model, &[shock(0.6)], [0.0; 2], 0, 60));
    assert!(!first.arrivals[1].is_empty());
}
