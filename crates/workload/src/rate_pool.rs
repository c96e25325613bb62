//! A rate-coded pool of motor units with force and fatigue, by its impulses.

use tonus_physiology::muscle::rate_coded_pool::{RateCodedPool, RateCodedPoolModel, RateCodedPoolParameters};
use tonus_physiology::random::Seed;

use crate::Workload;

pub(crate) const RATE_POOL_120: Workload = Workload {
    name: "rate_pool_120",
    what: "120 rate-coded motor units with interval noise, fatigue and recovery (Potvin & Fuglevand 2017), dt 1 ms: 10 s up to maximal excitation and back, again and again",
    cores: 1,
    build,
    neurons: 0,
};

/// Simulated time of one run, ms.
const RUN_MS: u32 = 60_000;

/// A slow triangle of excitation, so that recruitment, every rate and the maximum are all in it.
fn build() -> Box<dyn FnMut() -> f64> {
    let mut parameters = RateCodedPoolParameters::potvin_fuglevand_2017();
    parameters.fatigue = Some(Default::default());
    let built = RateCodedPoolModel::new(&parameters).map(|model| (RateCodedPool::new(&model, Seed::new(1)), model));
    // The published parameters are a pool; were they not, there would be nothing to time.
    let Ok((mut pool, model)) = built else { return Box::new(|| 0.0) };
    let most = model.maximal_excitation();
    Box::new(move || {
        for ms in 0..RUN_MS {
            let phase = f64::from(ms % 10_000) / 5_000.0;
            let excitation = most * if phase < 1.0 { phase } else { 2.0 - phase };
            pool.step_ms(&model, excitation);
            std::hint::black_box(pool.force());
        }
        f64::from(RUN_MS) * 1e-3
    })
}
