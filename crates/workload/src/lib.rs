//! Named workloads whose speed Tonus states.
//!
//! One declaration serves `tonus bench` (simulated seconds per CPU second) and `cargo bench` (divan's statistics), so both time the
//! same work.

mod circuit;
mod double_cable;
mod examination;
mod fibre_layout;
mod intramuscular_muap;
mod knee;
mod multichannel;
mod poisson;
mod pool;
mod rate_pool;
mod recorded;
mod reference_muscle;
mod surface_muap;

use cpu_time::ProcessTime;

/// One workload.
#[derive(Clone, Copy)]
pub struct Workload {
    /// Name, part of the contract.
    pub name: &'static str,
    /// What it runs, in one sentence.
    pub what: &'static str,
    /// Threads it uses.
    pub cores: usize,
    /// Builds it, outside the timed part; each call of the result runs it once and gives the time simulated, s: 0 where
    /// nothing runs in time.
    pub build: fn() -> Box<dyn FnMut() -> f64>,
    /// Neurons that step in it, for the cost of a neuron-step; 0 where that says nothing.
    pub neurons: usize,
}

impl std::fmt::Debug for Workload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workload").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Every workload there is so far.
pub const WORKLOADS: &[Workload] = &[
    pool::POOL_120,
    pool::POOL_10,
    pool::POOL_1000,
    pool::POOL_10000,
    circuit::CIRCUIT_470,
    rate_pool::RATE_POOL_120,
    knee::KNEE_LOOP,
    double_cable::DOUBLE_CABLE_AXON,
    fibre_layout::FIBRE_LAYOUT_58755,
    surface_muap::SURFACE_MUAP_100X64,
    intramuscular_muap::INTRAMUSCULAR_MUAP_100X4,
    multichannel::EMG_64CH_10S,
    multichannel::DECOMPOSE_64CH_60S,
    recorded::READ_EDF_64CH_60S,
    recorded::NEEDLE_60S,
    recorded::UNIT_NUMBER_SCAN,
    examination::EXAMINE_DEFAULT,
];

/// What timing a workload gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// Simulated time of one run, s; 0 where nothing runs in time.
    pub simulated_s: f64,
    /// CPU time of one run of the process, all its threads, median of the runs, s.
    pub cpu_s: f64,
    /// Simulated seconds per CPU second.
    pub rtf: f64,
    /// Cost of one neuron's step of 0.05 ms, ns, where it means something.
    pub ns_per_neuron_step: Option<f64>,
}

impl Workload {
    /// Runs it once to warm up, then `runs` times, and takes the median.
    pub fn time(&self, runs: usize) -> Timing {
        let mut work = (self.build)();
        let mut simulated_s = work();
        let mut cpu: Vec<f64> = (0..runs.max(1))
            .map(|_| {
                let start = ProcessTime::now();
                simulated_s = work();
                start.elapsed().as_secs_f64()
            })
            .collect();
        cpu.sort_by(f64::total_cmp);
        let cpu_s = cpu[cpu.len() / 2];
        let steps = simulated_s * 20_000.0 * self.neurons as f64;
        Timing {
            simulated_s,
            cpu_s,
            rtf: simulated_s / cpu_s,
            ns_per_neuron_step: (self.neurons > 0).then(|| 1e9 * cpu_s / steps),
        }
    }
}
