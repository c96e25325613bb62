//! Descending drive: one shared population of axons to a pool, with partial convergence.
//!
//! 400 axons, each reaching 30 % of the motor neurons (configuration of the ReMoto simulator), so two neurons share 30 % of their
//! input. Each axon is a renewal process of gamma order 10; its rate is common and carries slow noise:
//! `rate = rate0 (1 + a n(t))`, n of unit variance below 5 Hz. Intervals are drawn exactly in integrated rate; impulses lie at
//! their own time within a millisecond.
//!
//! [`DriveMap`] turns a voluntary command into a rate. It is made from the healthy pool's composition by the steady state of
//! its neurons, never from what a lesion left: the command is what the brain sends, not what the muscle does.

use serde::{Deserialize, Serialize};

use super::circuit::{DESCENDING, TONIC_FACILITATION_MV, descending_weight};
use super::gains::SegmentalGains;
use super::membrane::{EXCITATION_MV, bias_na};
use super::neuron::{Cell, PERSISTENT_REVERSAL_MV, PERSISTENT_STEEPNESS_MV, motor_neurons};
use super::pool::PoolParameters;
use super::synapse::{MOTOR_EXCITATION, gamma_interval};
use crate::math;
use crate::random::{Seed, Stream};

/// Descending axons to a pool (ReMoto configuration).
pub const AXONS: usize = 400;
/// Gamma order of each axon (ReMoto configuration).
const ORDER: f64 = 10.0;
/// Standard deviation of the common noise, fraction of the rate; fitted to: least force CV of 1.0-2.6 % in steady abduction of the index
/// finger (Taylor, Christou & Enoka 2003). The price: rates of concurrent units hardly move together (`common_drive_xcorr`).
const COMMON_NOISE: f64 = 0.01;
/// Cut-off of the common noise, Hz (below 5 Hz most shared input lies: Negro, Yavuz & Farina 2016).
const COMMON_NOISE_HZ: f64 = 5.0;
/// Command that recruits the first unit: assumed, first units come at 1-3 % of maximal force.
const FIRST_UNIT_COMMAND: f64 = 0.02;
/// Command that recruits the last unit: assumed between hand (about 0.5) and limb muscles (0.85-0.9).
const LAST_UNIT_COMMAND: f64 = 0.7;
/// Rate at command 1 over the rate that recruits the last unit. Fitted to: mean maximal discharge of 25-35 impulses/s.
const MAXIMAL_OVER_LAST: f64 = 1.5;
/// Recruiting rate in the noise of the descending axons over that of their mean conductance. Fitted to: recruited fraction linear in
/// the command in a mixed pool of 120 (with half the noise of an axon's impulses, 0.82).
const RECRUITMENT_IN_NOISE: f64 = 0.78;
/// Points of the map between first and last unit.
const POINTS: usize = 65;

/// Command to descending rate for one pool composition.
#[derive(Clone, Debug, PartialEq)]
pub struct DriveMap {
    /// Rate that recruits the unit at each evenly spaced rank, impulses/s.
    recruitment_hz: Vec<f64>,
}

impl DriveMap {
    /// The map of a healthy pool of this composition (survival is ignored).
    pub fn new(parameters: &PoolParameters) -> Self {
        let composition = PoolParameters { units: POINTS, survival: 1.0, ..parameters.clone() };
        let mut highest = 0.0_f64;
        let recruitment_hz = motor_neurons(&composition)
            .iter()
            .map(|(_, cell)| {
                highest =
                    highest.max(RECRUITMENT_IN_NOISE * recruitment_rate_hz(cell, parameters.descending_size_power));
                highest
            })
            .collect();
        Self { recruitment_hz }
    }

    /// Rate of each descending axon for a command 0..1: 0 at 0, recruited fraction linear in the command up to
    /// 0.7, mean maximal discharge at 1.
    pub fn drive_hz(&self, command: f64) -> f64 {
        let (Some(&first), Some(&last)) = (self.recruitment_hz.first(), self.recruitment_hz.last()) else {
            return 0.0;
        };
        let command = if command > 0.0 { command.min(1.0) } else { 0.0 };
        if command <= FIRST_UNIT_COMMAND {
            return first * command / FIRST_UNIT_COMMAND;
        }
        if command >= LAST_UNIT_COMMAND {
            let above = (command - LAST_UNIT_COMMAND) / (1.0 - LAST_UNIT_COMMAND);
            return last * (1.0 + (MAXIMAL_OVER_LAST - 1.0) * above);
        }
        let rank = (command - FIRST_UNIT_COMMAND) / (LAST_UNIT_COMMAND - FIRST_UNIT_COMMAND)
            * (self.recruitment_hz.len() - 1) as f64;
        let below = (rank as usize).min(self.recruitment_hz.len() - 2);
        let (a, b) = (self.recruitment_hz[below], self.recruitment_hz[below + 1]);
        a + (b - a) * (rank - below as f64)
    }
}

/// [`DriveMap::drive_hz`] for a mixed pool (half S, a quarter each FR and FF). A pool of known composition has its own:
/// [`super::circuit::CircuitModel::command_to_drive_hz`].
pub fn command_to_drive_hz(command: f64) -> f64 {
    use std::sync::OnceLock;
    static MIXED: OnceLock<DriveMap> = OnceLock::new();
    let mixed = || {
        DriveMap::new(&PoolParameters {
            units: POINTS,
            slow_share: 0.5,
            fatigue_resistant_share: 0.25,
            ..PoolParameters::default()
        })
    };
    MIXED.get_or_init(mixed).drive_hz(command)
}

/// Mean rate of the descending axons whose steady conductance takes a healthy neuron just to its threshold, impulses/s:
/// the largest excitation that some dendritic potential below threshold can balance.
fn recruitment_rate_hz(cell: &Cell, size_power: f64) -> f64 {
    let gains = SegmentalGains::default();
    let bias_na = bias_na(cell, TONIC_FACILITATION_MV + gains.bias_mv);
    let (gs, gd, gc) = (cell.soma_leak_us, cell.dendrite_leak_us, cell.coupling_us);
    let persistent_us = gains.persistent_inward_current * cell.persistent_us;
    let soma = |dendrite: f64| (gc * dendrite + bias_na) / (gs + gc);
    let at_threshold = cell.threshold_mv + (gs * cell.threshold_mv - bias_na) / gc;
    let mut needed_us = 0.0_f64;
    for i in 0..=200 {
        let dendrite = at_threshold * f64::from(i) / 200.0;
        let gate = 1.0 / (1.0 + math::exp((cell.persistent_half_mv - dendrite) / PERSISTENT_STEEPNESS_MV));
        let outward = gd * dendrite + gc * (dendrite - soma(dendrite))
            - persistent_us * gate * (PERSISTENT_REVERSAL_MV - dendrite);
        needed_us = needed_us.max(outward / (EXCITATION_MV - dendrite));
    }
    let inputs = AXONS as f64 * DESCENDING.probability * descending_weight(cell, size_power);
    1000.0 * needed_us / (inputs * DESCENDING.conductance_us * MOTOR_EXCITATION.area_ms())
}

/// The descending axons of one pool in motion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescendingDrive {
    /// Integral of rate until each axon's next impulse.
    remaining: Vec<f64>,
    streams: Vec<Stream>,
    noise: CommonNoise,
}

impl DescendingDrive {
    /// Axons in equilibrium; each axon has its own stream.
    pub fn new(seed: Seed) -> Self {
        let mut streams: Vec<Stream> = (0..AXONS).map(|axon| seed.index(axon).stream("descending axon")).collect();
        // Forward recurrence time of a gamma renewal process: a uniform share of a length-biased interval.
        let remaining =
            streams.iter_mut().map(|s| s.uniform() * gamma_interval(ORDER + 1.0, s) * (ORDER + 1.0) / ORDER).collect();
        Self { remaining, streams, noise: CommonNoise::new(seed) }
    }

    /// One millisecond at `rate_hz` an axon; `emit(axon, offset_ms)` for each impulse.
    pub fn step_ms(&mut self, rate_hz: f64, mut emit: impl FnMut(usize, f64)) {
        let modulation = 1.0 + COMMON_NOISE * self.noise.next();
        let per_ms = 1e-3 * rate_hz * modulation;
        if per_ms.is_nan() || per_ms <= 0.0 {
            return;
        }
        for (axon, remaining) in self.remaining.iter_mut().enumerate() {
            *remaining -= per_ms;
            while *remaining <= 0.0 {
                emit(axon, 1.0 + *remaining / per_ms);
                *remaining += gamma_interval(ORDER, &mut self.streams[axon]).max(1e-3);
            }
        }
    }
}

/// White noise through a second-order Butterworth low pass, unit variance, at 1 kHz.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct CommonNoise {
    stream: Stream,
    input: [f64; 2],
    output: [f64; 2],
}

impl CommonNoise {
    fn new(seed: Seed) -> Self {
        let mut noise = Self { stream: seed.stream("common noise"), input: [0.0; 2], output: [0.0; 2] };
        for _ in 0..400 {
            noise.next(); // settle: 400 ms is 8 time constants of the filter
        }
        noise
    }

    fn next(&mut self) -> f64 {
        let angle = std::f64::consts::PI * COMMON_NOISE_HZ * 1e-3;
        let k = math::sin(angle) / math::cos(angle);
        let norm = 1.0 / (1.0 + std::f64::consts::SQRT_2 * k + k * k);
        // Noise bandwidth of the filter is 1.1107 cut-offs of the 500 Hz the input fills.
        let gain = 1.0 / math::sqrt(1.1107 * COMMON_NOISE_HZ / 500.0);
        let input = gain * self.stream.normal();
        let output = k * k * norm * (input + 2.0 * self.input[0] + self.input[1])
            - 2.0 * (k * k - 1.0) * norm * self.output[0]
            - (1.0 - std::f64::consts::SQRT_2 * k + k * k) * norm * self.output[1];
        self.input = [input, self.input[0]];
        self.output = [output, self.output[0]];
        output
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_regularity_of_each_axon() {
        let mut drive = DescendingDrive::new(Seed::new(4));
        let mut times = vec![Vec::new(); AXONS];
        for ms in 0..20_000 {
            drive.step_ms(50.0, |axon, offset| times[axon].push(f64::from(ms) + offset));
        }
        let total: usize = times.iter().map(Vec::len).sum();
        assert!((total as f64 / (AXONS as f64 * 20.0) - 50.0).abs() < 1.0, "{total}");
        let intervals: Vec<f64> = times.iter().flat_map(|t| t.windows(2).map(|w| w[1] - w[0])).collect();
        let mean = intervals.iter().sum::<f64>() / intervals.len() as f64;
        let var = intervals.iter().map(|i| (i - mean) * (i - mean)).sum::<f64>() / intervals.len() as f64;
        let cv = var.sqrt() / mean;
        assert!((cv - 0.316).abs() < 0.015, "CV {cv}");
        assert!(times.iter().all(|t| t.windows(2).all(|w| w[1] > w[0])));
    }

    #[test]
    fn no_command_no_impulse() {
        let mut drive = DescendingDrive::new(Seed::new(4));
        (0..1000).for_each(|_| drive.step_ms(command_to_drive_hz(0.0), |_, _| panic!("silent")));
        assert_eq!(command_to_drive_hz(0.0), 0.0);
        assert_eq!(command_to_drive_hz(f64::NAN), 0.0);
    }

    #[test]
    fn the_map_rises_and_ignores_survival() {
        let whole =
            PoolParameters { units: 300, slow_share: 0.7, fatigue_resistant_share: 0.15, ..PoolParameters::default() };
        let map = DriveMap::new(&whole);
        assert_eq!(map, DriveMap::new(&PoolParameters { survival: 0.3, ..whole }));
        let rates: Vec<f64> = (0..=100).map(|i| map.drive_hz(f64::from(i) / 100.0)).collect();
        println!("{rates:.0?}");
        assert!(rates.windows(2).all(|w| w[1] >= w[0]) && rates[0] == 0.0);
    }

    #[test]
    fn common_noise_has_unit_variance() {
        let mut noise = CommonNoise::new(Seed::new(9));
        let n = 400_000;
        let var = (0..n).map(|_| noise.next()).map(|x| x * x).sum::<f64>() / f64::from(n);
        assert!((var - 1.0).abs() < 0.1, "{var}");
    }
}
