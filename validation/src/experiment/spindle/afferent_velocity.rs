//! Conduction velocity of the muscle afferents of the leg, from the latency of single impulses.

use tonus_physiology::cord::circuit::AfferentSpike;
use tonus_physiology::random::Seed;
use tonus_physiology::receptor::conduction::{AfferentPath, IA, IB, II, UnderWay, VelocityRange};

use super::super::muscle::preparation::{muscle, reference};
use crate::experiment::{Experiment, ExperimentError, MeasureInfo, Observation, Value};
use crate::figure::{Figure, Mark, Panel};

const ID: &str = "spindle.afferent_velocity";

pub(super) const EXPERIMENT: Experiment = Experiment {
    id: ID,
    title: "Conduction velocity of muscle afferents of the leg",
    source: "Elias, Watanabe & Kohn 2014 PLoS Comput Biol 10:e1003944",
    measures: &[
        MeasureInfo { name: "ia", unit: "m/s", what: "way over latency of Ia impulses, muscle to cord, mean of axons" },
        MeasureInfo { name: "ib", unit: "m/s", what: "the same of Ib impulses" },
        MeasureInfo { name: "ii", unit: "m/s", what: "the same of II impulses" },
    ],
    run,
};

/// Muscles of the stance model.
const MUSCLES: [&str; 3] = ["soleus", "gastrocnemius_medialis", "tibialis_anterior"];
/// Time waited for arrivals, ms.
const WAITED_MS: usize = 100;

/// Latency of one impulse in every axon, ms.
fn latencies(path: &AfferentPath, count: usize) -> Vec<f64> {
    let mut way = UnderWay::new(path);
    let start: Vec<AfferentSpike> =
        (0..count).map(|axon| AfferentSpike { axon: axon as u32, offset_ms: 0.0 }).collect();
    way.start(path, &start);
    let mut arrived = Vec::new();
    for ms in 0..WAITED_MS {
        arrived.extend(way.arriving().iter().map(|spike| ms as f64 + f64::from(spike.offset_ms)));
        way.advance();
    }
    arrived
}

fn run(seed: Seed) -> Result<Observation, ExperimentError> {
    let body = reference(ID)?;
    let classes: [(&'static str, VelocityRange); 3] = [("ia", IA), ("ib", IB), ("ii", II)];
    let mut values = Vec::new();
    let mut panel = Panel::new("axons that have arrived, all three muscles", "velocity (m/s)", "share of axons")
        .published((60.0, 72.0), (0.0, 1.0));
    for (name, range) in classes {
        let mut velocities = Vec::new();
        for id in MUSCLES {
            let muscle = muscle(ID, &body, id)?;
            let count = match name {
                "ia" => muscle.ia_afferents,
                "ib" => muscle.ib_afferents,
                _ => muscle.ii_afferents,
            };
            let (axons, length_m) = (&muscle.axons, muscle.afferent_length_m);
            let path = AfferentPath::new(count, range, axons.spectrum.scale, length_m, &axons.segments, seed.child(id));
            velocities.extend(latencies(&path, count).iter().map(|ms| 1e3 * length_m / ms));
        }
        velocities.sort_by(f64::total_cmp);
        let n = velocities.len() as f64;
        let cumulative = velocities.iter().enumerate().map(|(i, v)| (*v, (i + 1) as f64 / n)).collect();
        panel = panel.with(name, Mark::Line, cumulative);
        values.push(Value::mean_of(name, &velocities));
    }
    Ok(Observation { values, figure: Figure { panels: vec![panel] } })
}
