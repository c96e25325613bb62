//! A maximal voluntary effort held for a minute, then tested after rest, through cord, axons, junctions and units.

use tonus_physiology::limb::Limb;
use tonus_physiology::random::Seed;

use super::emg_force::Index;
use crate::experiment::ExperimentError;
use crate::experiment::muscle::preparation::reference;

/// Length of the effort, s.
const EFFORT_S: usize = 60;
/// Seconds in which a brief maximal effort tests the recovery, and its length.
const TESTS_S: [usize; 3] = [80, 100, 120];
const BRIEF_S: usize = 2;
const TOTAL_S: usize = 122;

/// What the index abductor did.
pub(super) struct SustainedEffort {
    /// Time, s, and mean force of each second of effort over that of the second second.
    pub(super) force: Vec<(f64, f64)>,
    /// Force of the last second of the long effort, likewise.
    pub(super) last: f64,
}

/// Force of the abductor of the reference man's index finger.
pub(super) fn sustained_effort(experiment: &'static str, seed: Seed) -> Result<SustainedEffort, ExperimentError> {
    let body = reference(experiment)?;
    let index = Index::of(experiment, &body, seed)?;
    let mut limb = Limb::new(&index.model, seed, index.angle_rad());
    let testing = |second: usize| TESTS_S.iter().any(|test| (*test..test + BRIEF_S).contains(&second));
    let mut seconds = Vec::with_capacity(TOTAL_S);
    for second in 0..TOTAL_S {
        let input = index.input(if second < EFFORT_S || testing(second) { 1.0 } else { 0.0 });
        let mean = (0..1000).fold(0.0, |sum, _| sum + 1e-3 * limb.step_ms(&index.model, &input).activation[0]);
        seconds.push(mean);
    }
    let first = seconds[1];
    // The first second of every effort has the rise of force.
    let counted = |second: &usize| (1..EFFORT_S).contains(second) || (testing(*second) && testing(second - 1));
    let force = (0..TOTAL_S).filter(counted).map(|s| (s as f64 + 0.5, seconds[s] / first)).collect();
    Ok(SustainedEffort { force, last: seconds[EFFORT_S - 1] / first })
}
