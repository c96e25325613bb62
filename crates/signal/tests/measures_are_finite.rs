//! No measure is ever NaN or infinite, whatever finite signal it is given.

use proptest::prelude::*;
use tonus_signal::measures::{
    LARGEST,
    conduction_velocity::propagation,
    decrement::{decrement_percent, increment_percent, lowest_response},
    evoked::{EvokedCriteria, evoked_response},
    f_wave::{FWaveCriteria, f_waves},
    filter,
    interference::fullness_percent,
    jitter::jitter,
    mean_unit::{Sample, number_by_mean_unit},
    motor_unit_potential::motor_unit_potential,
    munix::{content, munix},
    pendulum::pendulum,
    reach::reach,
    repetitive::runs,
    single_fibre::{SingleFibreCriteria, locked_spikes},
    spectrum::welch,
    spike::{SpikeCriteria, sort_by_shape},
    spike_triggered::spike_triggered,
    spontaneous::{spontaneous_activity, spontaneous_trains},
    surface_emg::{median_frequency, rms},
    tremor::tremor,
    turns::turns_amplitude,
    unit_train::{recruitment_ratio_hz, unit_trains},
};

/// Every number in a measure's debug text: NaN and inf are printed as such.
fn finite(what: &impl std::fmt::Debug) {
    let text = format!("{what:?}");
    let words = text.split(|c: char| !c.is_alphanumeric());
    assert!(words.clone().all(|w| w != "NaN" && w != "inf"), "{text}");
}

fn measure_everything(x: &[f64], rate_hz: f64) {
    for criteria in [EvokedCriteria::cmap_mv(), EvokedCriteria::snap_uv()] {
        finite(&evoked_response(x, rate_hz, &criteria));
    }
    let waves = f_waves(&[x, x], rate_hz, &FWaveCriteria::hand_mv());
    finite(&(waves.persistence_percent(), waves.minimal_latency_ms(), waves.chronodispersion_ms()));
    finite(&waves);
    finite(&(decrement_percent(x), lowest_response(x, 5.0)));
    finite(&x.windows(2).map(|w| increment_percent(w[0], w[1])).collect::<Vec<_>>());
    finite(&fullness_percent(x, rate_hz));
    finite(&motor_unit_potential(x, rate_hz));
    let turns = turns_amplitude(x, rate_hz, 100.0);
    finite(&turns);
    finite(&turns.and_then(|t| t.ratio()));
    for criteria in [SpikeCriteria::motor_units_uv(), SpikeCriteria::spontaneous_uv()] {
        finite(&sort_by_shape(x, rate_hz, &criteria));
        finite(&spontaneous_trains(x, rate_hz, &criteria));
        finite(&spontaneous_activity(x, rate_hz, &criteria, &runs(x, rate_hz)));
        let units = unit_trains(x, rate_hz, &criteria);
        finite(&units);
        finite(&recruitment_ratio_hz(&units));
    }
    let sample = [Sample { wave_mv: x.to_vec(), units: 1 }, Sample { wave_mv: x.to_vec(), units: 3 }];
    finite(&number_by_mean_unit(8.0, &sample, rate_hz, &EvokedCriteria::cmap_mv()));
    let parts: Vec<_> = x.chunks(x.len() / 4 + 1).filter_map(|part| content(part, 0.0, rate_hz)).collect();
    finite(&parts);
    finite(&parts.first().map(|cmap| munix(*cmap, 8.0, &parts)));
    finite(&spike_triggered(x, rate_hz, &[0.0, 0.01, 0.02], (1.0, 5.0)));
    finite(&pendulum(x, rate_hz));
    let reversed: Vec<f64> = x.iter().rev().copied().collect();
    finite(&reach(x, &reversed, rate_hz, (0.1, -0.2)));
    finite(&(propagation(&[x, &reversed], rate_hz, 10.0, (2.0, 8.0)), rms(x), median_frequency(x, rate_hz)));
    finite(&tremor(&[x, x], rate_hz));
    if let Some(s) = welch(x, rate_hz, 1.0) {
        finite(&s);
        finite(&(s.peak_hz(0.0, 1e4), s.median_hz(0.0, 1e4), s.mean_hz(0.0, 1e4), s.share((1.0, 2.0), (0.0, 1e4))));
    }
    for spike in locked_spikes(&[x, &reversed, x], rate_hz, &SingleFibreCriteria::concentric()) {
        finite(&(spike.jitter_from(&spike), spike.jitter_from_stimulus(), &spike));
    }
    finite(&jitter(&x.iter().map(|&v| (v > 0.0).then_some(v)).collect::<Vec<_>>(), Some(x)));
}

#[test]
fn empty_single_and_constant_signals() {
    for rate_hz in [1.0, 100.0, 50_000.0] {
        for x in [
            vec![],
            vec![0.0],
            vec![-3.0],
            vec![0.0; 2_000],
            vec![5.0; 2_000],
            vec![f64::MAX; 50],
            vec![f64::MIN_POSITIVE; 300],
        ] {
            measure_everything(&x, rate_hz);
        }
    }
}

#[test]
fn signals_that_are_not_measurable_have_no_measures() {
    for bad in [f64::NAN, f64::INFINITY, 1e200] {
        let mut x = vec![0.0; 1_000];
        x[500] = bad;
        measure_everything(&x, 10_000.0);
        assert!(turns_amplitude(&x, 10_000.0, 100.0).is_none() && pendulum(&x, 10_000.0).is_none());
    }
    for rate_hz in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        measure_everything(&[1.0, -2_000.0, 3_000.0], rate_hz);
    }
}

fn sample() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1_000.0..1_000.0,
        2 => -1.0..1.0,
        1 => Just(0.0),
        1 => any::<f64>().prop_filter("measurable", |x| x.abs() <= LARGEST),
        1 => prop::sample::select(vec![1e99, -1e99, 1e-300, -0.0, 5e-324]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_finite_signal(x in prop::collection::vec(sample(), 0..400), rate_hz in prop::sample::select(vec![10.0, 100.0, 1_000.0, 10_000.0])) {
        measure_everything(&x, rate_hz);
    }

    #[test]
    fn signals_of_a_usual_size(x in prop::collection::vec(-2_000.0..2_000.0_f64, 0..3_000), rate_hz in prop::sample::select(vec![100.0, 1_000.0, 10_000.0])) {
        measure_everything(&x, rate_hz);
    }

    #[test]
    fn filters_keep_length_and_stay_finite(x in prop::collection::vec(-1e9..1e9_f64, 0..500), corner in -10.0..1e5_f64, width in -1.0..10.0_f64) {
        for y in [filter::high_pass(&x, 1_000.0, corner), filter::low_pass(&x, 1_000.0, corner), filter::moving_average(&x, 1_000.0, width)] {
            prop_assert_eq!(y.len(), x.len());
            prop_assert!(y.iter().all(|v| v.is_finite()));
        }
        prop_assert!(filter::resample(&x, 1_000.0, 700.0).iter().all(|v| v.is_finite()));
    }
}
