//! Twitch and tetanus of whole muscles, stimulated through their nerves.

use tonus_body::Muscle;
use tonus_physiology::random::Seed;

use super::preparation::{isometric_torque, muscle, reference, stimulate};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "muscle.twitch";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Twitch and tetanus: supramaximal shocks to the nerve, isometric, at the angle of optimum",
    source: "protocol of Bellemare et al. 1983 J Neurophysiol 50:1380; tetanus 50 Hz for 1 s",
    measures: &[
        MeasureInfo {
            name: "soleus_contraction_time",
            unit: "ms",
            what: "onset of torque to the peak of a single twitch, soleus",
        },
        MeasureInfo { name: "soleus_half_relaxation", unit: "ms", what: "peak to half of it, soleus" },
        MeasureInfo {
            name: "biceps_contraction_time",
            unit: "ms",
            what: "onset of torque to the peak of a single twitch, biceps brachii",
        },
        MeasureInfo { name: "biceps_half_relaxation", unit: "ms", what: "peak to half of it, biceps brachii" },
        MeasureInfo {
            name: "tetanus_twitch_ratio",
            unit: "ratio",
            what: "tetanus of 50 Hz over single twitch, mean of the muscles shown",
        },
        MeasureInfo {
            name: "elbow_flexors_contraction_time",
            unit: "ms",
            what: "as biceps, of the group as the limb has it",
        },
        MeasureInfo {
            name: "plantarflexors_contraction_time",
            unit: "ms",
            what: "as soleus, of the group as the limb has it",
        },
    ],
    run,
};

/// Time of the single shock, ms.
const SHOCK_MS: f64 = 200.0;
/// Torque above which the twitch has begun, share of its peak.
const ONSET_SHARE: f64 = 0.02;

struct Twitch {
    torque: Vec<f64>,
    contraction_ms: f64,
    half_relaxation_ms: f64,
    peak_n_m: f64,
}

fn twitch(m: &Muscle, seed: Seed) -> Result<Twitch, ExperimentError> {
    let torque = isometric_torque(ID, m, &stimulate(m, &[SHOCK_MS], 1000, seed))?;
    let peak_n_m = torque.iter().copied().fold(0.0, f64::max);
    let first = |from: usize, is: &dyn Fn(f64) -> bool| {
        torque[from..].iter().position(|t| is(*t)).map_or(f64::NAN, |i| (from + i) as f64)
    };
    let peak = torque.iter().position(|t| *t >= peak_n_m).unwrap_or(0);
    let onset = first(0, &|t| t > ONSET_SHARE * peak_n_m);
    let half = first(peak, &|t| t < 0.5 * peak_n_m);
    Ok(Twitch { contraction_ms: peak as f64 - onset, half_relaxation_ms: half - peak as f64, peak_n_m, torque })
}

/// Torque of a train of `rate_hz` for 1 s, N m.
fn train(m: &Muscle, rate_hz: f64, seed: Seed) -> Result<Vec<f64>, ExperimentError> {
    let shocks: Vec<f64> = (0..rate_hz as usize).map(|i| SHOCK_MS + 1e3 * i as f64 / rate_hz).collect();
    isometric_torque(ID, m, &stimulate(m, &shocks, 1800, seed))
}

/// Muscles whose tetanus is compared with their twitch.
const COMPARED: [&str; 6] = [
    "soleus",
    "gastrocnemius_medialis",
    "biceps_brachii",
    "vastus_lateralis",
    "abductor_pollicis_brevis",
    "tibialis_anterior",
];
/// Published contraction times of whole muscles, ms: muscle, lowest, highest (sources in data/muscles.toml).
const PUBLISHED: [(&str, f64, f64); 8] = [
    ("first_dorsal_interosseous", 55.0, 65.0),
    ("abductor_pollicis_brevis", 45.0, 60.0),
    ("biceps_brachii", 50.0, 80.0),
    ("elbow_flexors", 50.0, 80.0),
    ("vastus_lateralis", 75.0, 85.0),
    ("tibialis_anterior", 75.0, 80.0),
    ("gastrocnemius_medialis", 100.0, 115.0),
    ("soleus", 105.0, 160.0),
];

fn trace(t: &[f64], peak: f64) -> Vec<(f64, f64)> {
    t.iter().enumerate().map(|(ms, t)| (ms as f64 - SHOCK_MS, t / peak)).collect()
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let of = |id: &str| muscle(ID, &body, id);
    let (soleus, biceps) = (twitch(of("soleus")?, seed)?, twitch(of("biceps_brachii")?, seed)?);
    let ratios = COMPARED
        .iter()
        .map(|id| {
            let m = of(id)?;
            let most = train(m, 50.0, seed)?.into_iter().fold(0.0, f64::max);
            Ok(most / twitch(m, seed)?.peak_n_m)
        })
        .collect::<Result<Vec<f64>, ExperimentError>>()?;

    let single = Panel::new("Single twitch", "time after the shock (ms)", "torque (share of peak)")
        .with("soleus", Mark::Line, trace(&soleus.torque[..620], soleus.peak_n_m))
        .with("biceps brachii", Mark::Line, trace(&biceps.torque[..620], biceps.peak_n_m))
        .published((105.0, 160.0), (0.96, 1.04))
        .published((50.0, 80.0), (0.96, 1.04));
    let mut trains = Panel::new("Soleus, trains of 1 s", "time (ms)", "torque (single twitches)");
    for rate_hz in [5.0, 10.0, 20.0, 50.0] {
        let torque = train(of("soleus")?, rate_hz, seed)?;
        trains = trains.with(format!("{rate_hz} Hz"), Mark::Line, trace(&torque, soleus.peak_n_m));
    }
    let mut times = Vec::new();
    for (i, (id, ..)) in PUBLISHED.iter().enumerate() {
        times.push((i as f64 + 1.0, twitch(of(id)?, seed)?.contraction_ms));
    }
    let names = "FDI, APB, biceps, elbow flexors, VL, TA, MG, soleus";
    let mut all = Panel::new("Whole-muscle twitches", names, "contraction time (ms)").with("", Mark::Dots, times);
    for (i, (_, low, high)) in PUBLISHED.iter().enumerate() {
        all = all.published((i as f64 + 0.7, i as f64 + 1.3), (*low, *high));
    }
    let values = vec![
        Value::single("soleus_contraction_time", soleus.contraction_ms),
        Value::single("soleus_half_relaxation", soleus.half_relaxation_ms),
        Value::single("biceps_contraction_time", biceps.contraction_ms),
        Value::single("biceps_half_relaxation", biceps.half_relaxation_ms),
        Value::mean_of("tetanus_twitch_ratio", &ratios),
        Value::single("elbow_flexors_contraction_time", twitch(of("elbow_flexors")?, seed)?.contraction_ms),
        Value::single("plantarflexors_contraction_time", twitch(of("plantarflexors")?, seed)?.contraction_ms),
    ];
    Ok(Observation { values, figure: Figure { panels: vec![single, trains, all] } })
}
