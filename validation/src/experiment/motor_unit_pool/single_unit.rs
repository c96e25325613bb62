//! Single motor units of the hand, each stimulated alone: twitch, doublet, force against rate, staircase.

use tonus_physiology::math;
use tonus_physiology::muscle::unit::{UnitModel, Units};
use tonus_physiology::random::Seed;

use crate::experiment::muscle::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "pool.single_unit";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Single units of the hand stimulated alone: thenar units by rate and doublet, twitches of the first dorsal interosseous",
    source: "Thomas, Bigland-Ritchie & Johansson 1991 J Neurophysiol 65:1509; Thomas, Johansson & Bigland-Ritchie 1999 J Neurophysiol 82:3188; Milner-Brown, Stein & Yemm 1973 J Physiol",
    measures: &[
        MeasureInfo {
            name: "half_max_frequency",
            unit: "Hz",
            what: "rate of half the largest force, by interpolation on log rate, mean of the thenar units",
        },
        MeasureInfo {
            name: "doublet_twitch_ratio",
            unit: "ratio",
            what: "peak force of two impulses 10 ms apart over that of one, mean of the thenar units",
        },
        MeasureInfo {
            name: "twitch_tetanus_ratio",
            unit: "ratio",
            what: "twitch over largest force, mean of the thenar units",
        },
        MeasureInfo {
            name: "twitch_force_fold",
            unit: "fold",
            what: "98th over 2nd centile of twitch force, units of the first dorsal interosseous",
        },
        MeasureInfo {
            name: "post_tetanic_twitch",
            unit: "ratio",
            what: "twitch 5 s after 10 s at 25/s over the rested one, the fastest thenar unit",
        },
    ],
    run,
};

/// Rates of the trains, impulses/s, and their length, s.
const RATES_HZ: [f64; 9] = [2.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0];
const TRAIN_S: f64 = 2.0;
/// One unit in this many is studied.
const EVERY: usize = 7;
/// Intervals of the doublets shown, ms.
const INTERVALS_MS: [f64; 8] = [5.0, 7.0, 10.0, 15.0, 19.0, 30.0, 50.0, 100.0];

/// Force of `unit` every millisecond of `total_ms` of `units`, impulses at `at_ms`.
fn force(model: &UnitModel, units: &mut Units, unit: usize, at_ms: &[f64], total_ms: usize) -> Vec<f64> {
    let mut due = at_ms.iter().peekable();
    (0..total_ms)
        .map(|ms| {
            units.advance();
            while let Some(at) = due.next_if(|at| **at < (ms + 1) as f64) {
                units.impulse(model, unit, at - ms as f64, 1.0);
            }
            units.unit_force(unit)
        })
        .collect()
}

fn peak(model: &UnitModel, unit: usize, at_ms: &[f64]) -> f64 {
    let total_ms = at_ms.last().map_or(0, |last| *last as usize) + 400;
    force(model, &mut Units::new(model), unit, at_ms, total_ms).into_iter().fold(0.0, f64::max)
}

fn train(rate_hz: f64, seconds: f64) -> Vec<f64> {
    (0..(rate_hz * seconds) as usize).map(|k| k as f64 * 1e3 / rate_hz).collect()
}

/// Rate at which a curve of (rate, force) first reaches half its largest force, on log rate.
fn half_rate(curve: &[(f64, f64)]) -> f64 {
    let half = 0.5 * curve.iter().fold(0.0_f64, |most, p| most.max(p.1));
    curve.windows(2).find(|w| w[0].1 < half && w[1].1 >= half).map_or(f64::NAN, |w| {
        let part = (half - w[0].1) / (w[1].1 - w[0].1);
        math::exp(math::ln(w[0].0) + part * math::ln(w[1].0 / w[0].0))
    })
}

fn run(_: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let thenar = muscle(ID, &body, "abductor_pollicis_brevis")?;
    let model = UnitModel::new(&thenar.units, thenar.pool.units, &[]);
    let studied: Vec<usize> = (0..model.units()).step_by(EVERY).collect();
    let (mut half, mut doublets, mut twitches) = (vec![], vec![], vec![]);
    let mut curves = Panel::new("Thenar units, trains of 2 s", "rate (impulses/s)", "peak force (share of largest)")
        .published((8.0, 16.0), (0.45, 0.55))
        .log_x();
    for (k, &unit) in studied.iter().enumerate() {
        let curve: Vec<(f64, f64)> =
            RATES_HZ.iter().map(|rate| (*rate, peak(&model, unit, &train(*rate, TRAIN_S)))).collect();
        let largest = curve.iter().fold(0.0_f64, |most, p| most.max(p.1));
        let single = peak(&model, unit, &[0.0]);
        half.push(half_rate(&curve));
        doublets.push(peak(&model, unit, &[0.0, 10.0]) / single);
        twitches.push(single / largest);
        if k % 7 == 0 || unit + EVERY >= model.units() {
            let name = format!("unit {} ({:.0} ms)", unit + 1, model.contraction_time_ms(unit));
            curves = curves.with(name, Mark::Line, curve.iter().map(|p| (p.0, p.1 / largest)).collect());
        }
    }
    let rank = |values: &[f64]| studied.iter().zip(values).map(|(u, v)| (*u as f64 + 1.0, *v)).collect::<Vec<_>>();
    let halves = Panel::new("Rate of half-maximal force", "unit, smallest first", "rate (impulses/s)")
        .with("", Mark::Dots, rank(&half))
        .published((1.0, model.units() as f64), (8.0, 16.0));
    let middle = model.units() / 2;
    let single = peak(&model, middle, &[0.0]);
    let before_ms = 150.0;
    let trace = |at_ms: &[f64]| -> Vec<(f64, f64)> {
        let at_ms: Vec<f64> = at_ms.iter().map(|at| at + before_ms).collect();
        let trace = force(&model, &mut Units::new(&model), middle, &at_ms, 500);
        trace.into_iter().enumerate().map(|(ms, f)| (ms as f64 - before_ms, f / single)).collect()
    };
    let traces = Panel::new("Middle unit", "time (ms)", "force (single twitches)")
        .with("twitch", Mark::Line, trace(&[0.0]))
        .with("doublet, 10 ms", Mark::Line, trace(&[0.0, 10.0]))
        .with("doublet, 50 ms", Mark::Line, trace(&[0.0, 50.0]));
    let by_interval: Vec<(f64, f64)> =
        INTERVALS_MS.iter().map(|i| (*i, peak(&model, middle, &[0.0, *i]) / single)).collect();
    let intervals = Panel::new("Two impulses", "interval (ms)", "peak force (single twitches)")
        .with("", Mark::Line, by_interval.clone())
        .with("", Mark::Dots, by_interval)
        .log_x()
        .published((5.0, 15.0), (2.5, 4.5));

    // Twitches before and after ten seconds at 25/s, each from the same saved state.
    let after = |unit: usize, rest_s: f64| {
        let mut units = Units::new(&model);
        force(&model, &mut units, unit, &train(25.0, 10.0), 10_000);
        (0..(rest_s * 1e3) as usize).for_each(|_| units.advance());
        let twitch = force(&model, &mut units, unit, &[0.0], 300).into_iter().fold(0.0, f64::max);
        twitch / peak(&model, unit, &[0.0])
    };
    let mut potentiated = Panel::new("Twitch after 10 s at 25/s", "unit, smallest first", "twitch (rested twitches)");
    for rest_s in [5.0, 60.0, 240.0] {
        let points = studied.iter().map(|unit| (*unit as f64 + 1.0, after(*unit, rest_s))).collect();
        potentiated = potentiated.with(format!("{rest_s} s later"), Mark::Line, points);
    }
    let first_dorsal = muscle(ID, &body, "first_dorsal_interosseous")?;
    let hand = UnitModel::new(&first_dorsal.units, first_dorsal.pool.units, &[]);
    let mut forces: Vec<f64> = (0..hand.units()).map(|unit| peak(&hand, unit, &[0.0])).collect();
    forces.sort_by(f64::total_cmp);
    let centile = |share: f64| forces[(share * (forces.len() - 1) as f64).round() as usize];
    let newton = first_dorsal.contraction.max_force_n;
    let spread = Panel::new("First dorsal interosseous", "twitch force (mN)", "units with less (share)")
        .with(
            "",
            Mark::Line,
            forces.iter().enumerate().map(|(i, f)| (1e3 * newton * f, (i + 1) as f64 / forces.len() as f64)).collect(),
        )
        .log_x();
    let values = vec![
        Value::mean_of("half_max_frequency", &half),
        Value::mean_of("doublet_twitch_ratio", &doublets),
        Value::mean_of("twitch_tetanus_ratio", &twitches),
        Value::single("twitch_force_fold", centile(0.98) / centile(0.02)),
        Value::single("post_tetanic_twitch", after(model.units().saturating_sub(1), 5.0)),
    ];
    let panels = vec![curves, halves, traces, intervals, potentiated, spread];
    Ok(Observation { values, figure: Figure { panels } })
}
