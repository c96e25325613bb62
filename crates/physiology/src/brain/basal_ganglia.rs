//! The basal ganglia: dopamine, STN-GPe beta, vigour, rigidity, chorea.
//!
//! [`read_out`] turns the state of one side into what the motor system feels of it. Dopamine is compensated until
//! much of it is lost: d_eff = 1 / (1 + ((1 - d) / 0.45)^4), scaled to 0 at d = 0, and K = 1 - d_eff sets the weights of
//! the [subthalamo-pallidal network](crate::brain::stn_gpe), which is run. Striatal cells of the indirect pathway
//! are its striatal input; of both pathways follows what is released to the cortex.
//!
//! | quantity | rule | source |
//! |---|---|---|
//! | compensation of dopamine | 0.45, power 4 | fitted: signs appear below about 40 % dopamine |
//! | beta | power of S, 13-30 Hz | Nevado-Holgado, Terry & Bogacz 2010 network |
//! | vigour | 1 - 0.55 b, b the growth of beta amplitude; falls by half with all direct cells | Mazzoni, Hristova & Krakauer 2007; Berardelli et al. 2001 (order); 0.55 and half fitted |
//! | long-latency stretch response | x (1 + 2 K), x 1/2 with all indirect cells | Berardelli, Sabra & Hallett 1983; Noth et al. 1985 (direction); numbers fitted |
//! | background activity | 5 % of maximal at K = 1 | fitted: 2-5 % in rigidity |
//! | chorea | 0.2 + 1.8 R events/s, R = indirect loss x direct left | fitted |
//! | decrement | 0.1 % a repeat in health, 1.6 % at K = 1, recovering in 10 s | fitted to tapping in Parkinson's disease |
//! | reaction time | + 65 ms K | Evarts, Teräväinen & Calne 1981 (50-80 ms) |

use serde::{Deserialize, Serialize};

use crate::brain::stn_gpe::{CorticalInput, STRIATUM_HZ, StnGpe, StnGpeWeights};
use crate::math;
use crate::random::Seed;

/// State of one side's basal ganglia; all 1 in health ([`Default`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BasalGangliaParameters {
    /// Striatal dopamine, 0..1.
    pub dopamine: f64,
    /// Indirect-pathway (D2) striatal neurons left.
    pub indirect: f64,
    /// Direct-pathway (D1) striatal neurons left.
    pub direct: f64,
    /// Surround inhibition: suppression of antagonist and neighbours.
    pub surround_inhibition: f64,
    /// Steadiness: fraction of time that sustained drive does not lapse.
    pub persistence: f64,
}

impl Default for BasalGangliaParameters {
    fn default() -> Self {
        Self { dopamine: 1.0, indirect: 1.0, direct: 1.0, surround_inhibition: 1.0, persistence: 1.0 }
    }
}

/// What the motor system feels of the basal ganglia.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BasalGangliaReadOut {
    /// State between healthy (0) and parkinsonian (1) after compensation.
    pub parkinsonism: f64,
    /// Mean rate of the subthalamic nucleus, spikes/s.
    pub stn_hz: f64,
    /// Mean rate of the external pallidum, spikes/s.
    pub gpe_hz: f64,
    /// Power of the subthalamic rate at 13-30 Hz over that in health; 1 in health.
    pub beta_power_ratio: f64,
    /// Frequency of the largest subthalamic power at 13-30 Hz, Hz.
    pub beta_frequency_hz: f64,
    /// Gain of movement: speed and command, 1 in health.
    pub vigour: f64,
    /// Gain of the long-latency stretch response, 1 in health.
    pub long_latency_gain: f64,
    /// Activity of muscles that should rest, fraction of maximal; 0 in health.
    pub resting_command: f64,
    /// Involuntary commands, events per second and limb; 0 in health.
    pub chorea_rate_hz: f64,
    /// Share of an agonist's command that its antagonist receives; 0 in health.
    pub antagonist_leak: f64,
    /// Delay added to the reaction time, ms; 0 in health.
    pub reaction_delay_ms: f64,
    /// Share of the command lost at each repetition; 0.001 in health.
    pub decrement_per_repeat: f64,
    /// Fraction of time that sustained drive does not lapse.
    pub persistence: f64,
}

/// Loss of dopamine compensated by half; fitted: signs appear below about 40 % dopamine.
const COMPENSATED_LOSS: f64 = 0.45;
/// Vigour lost at the full parkinsonian beta amplitude; fitted: peak velocity down 30-50 % (Berardelli et al. 2001).
const VIGOUR_LOSS: f64 = 0.55;
/// Vigour lost with all direct-pathway cells; fitted: bradykinesia coexists with chorea.
const VIGOUR_LOSS_DIRECT: f64 = 0.5;
/// Rise of the long-latency response at K = 1; fitted to direction of Berardelli, Sabra & Hallett 1983.
const LONG_LATENCY_RISE: f64 = 2.0;
/// Fall of the long-latency response with all indirect cells; fitted to direction of Noth et al. 1985.
const LONG_LATENCY_FALL: f64 = 0.5;
/// Background activity at K = 1, fraction of maximal force; fitted: elbow torque raised some threefold at slow stretch
/// (2-5 % of maximal EMG in rigidity; low-threshold units give less force than EMG).
const RESTING_COMMAND: f64 = 0.015;
/// Chorea when release begins, and its rise to full release, events/s; fitted.
const CHOREA_HZ: (f64, f64) = (0.2, 1.8);
/// Release at which chorea has fully begun; assumed, so that the rate is continuous from 0.
const CHOREA_ONSET: f64 = 0.1;
/// Leak to the antagonist without surround inhibition; fitted: co-contraction index 2 l / (1 + l) of 0.67 (dystonia 0.4-0.7).
const ANTAGONIST_LEAK: f64 = 0.5;
/// Reaction time added at K = 1, ms; Evarts, Teräväinen & Calne 1981 (50-80).
const REACTION_DELAY_MS: f64 = 65.0;
/// Decrement per repeat in health and its rise at K = 1; fitted to tapping in Parkinson's disease (1-2 % a cycle).
const DECREMENT: (f64, f64) = (0.001, 0.015);
/// Recovery time of the sequence effect, s; fitted.
const RECOVERY_S: f64 = 10.0;

/// What this state of the basal ganglia does; runs the subthalamo-pallidal network for some seconds.
///
/// Deterministic: the cortical noise is the same draw for every state, so that differences are of the state.
pub fn read_out(parameters: &BasalGangliaParameters) -> BasalGangliaReadOut {
    let k = parkinsonism(parameters.dopamine);
    let indirect_loss = 1.0 - parameters.indirect;
    let direct_loss = 1.0 - parameters.direct;

    let now = activity(&StnGpeWeights::between(k), STRIATUM_HZ * parameters.indirect);
    let healthy = activity(&StnGpeWeights::HEALTHY, STRIATUM_HZ);
    let parkinsonian = activity(&StnGpeWeights::PARKINSONIAN, STRIATUM_HZ);
    let amplitude = math::sqrt;
    let beta_growth = ((amplitude(now.beta_power) - amplitude(healthy.beta_power))
        / (amplitude(parkinsonian.beta_power) - amplitude(healthy.beta_power)))
    .max(0.0);

    // Without direct-pathway drive movement is as little released as without dopamine.
    let rigidity = 1.0 - (1.0 - k) * (1.0 - direct_loss);
    let release = indirect_loss * (1.0 - direct_loss) * (1.0 - k);
    BasalGangliaReadOut {
        parkinsonism: k,
        stn_hz: now.stn_hz,
        gpe_hz: now.gpe_hz,
        beta_power_ratio: now.beta_power / healthy.beta_power,
        beta_frequency_hz: now.beta_frequency_hz,
        vigour: (1.0 - VIGOUR_LOSS * beta_growth.min(1.0)) * (1.0 - VIGOUR_LOSS_DIRECT * direct_loss),
        long_latency_gain: (1.0 + LONG_LATENCY_RISE * rigidity) * (1.0 - LONG_LATENCY_FALL * indirect_loss),
        resting_command: RESTING_COMMAND * rigidity,
        chorea_rate_hz: (CHOREA_HZ.0 + CHOREA_HZ.1 * release) * (release / CHOREA_ONSET).min(1.0),
        antagonist_leak: ANTAGONIST_LEAK * (1.0 - parameters.surround_inhibition),
        reaction_delay_ms: REACTION_DELAY_MS * k,
        decrement_per_repeat: DECREMENT.0 + DECREMENT.1 * k,
        persistence: parameters.persistence,
    }
}

/// K of a dopamine level: 0 at 1, 1 at 0, late because losses are compensated.
pub fn parkinsonism(dopamine: f64) -> f64 {
    let compensated = |dopamine: f64| {
        let loss = (1.0 - dopamine).max(0.0) / COMPENSATED_LOSS;
        let square = loss * loss;
        1.0 / (1.0 + square * square)
    };
    let least = compensated(0.0);
    1.0 - (compensated(dopamine) - least) / (1.0 - least)
}

/// Mean rates and beta of the network.
struct Activity {
    stn_hz: f64,
    gpe_hz: f64,
    beta_power: f64,
    beta_frequency_hz: f64,
}

/// Runs the network for 1 s to settle and 4 s to be read.
fn activity(weights: &StnGpeWeights, striatum_hz: f64) -> Activity {
    const STEPS_PER_MS: usize = 10;
    const SETTLE_MS: usize = 1000;
    const READ_MS: usize = 4000;
    let mut cortex = CorticalInput::new(Seed::new(0).stream("cortical input to the subthalamic nucleus"));
    let mut network = StnGpe::new();
    let mut stn = Vec::with_capacity(READ_MS);
    let mut gpe_sum = 0.0;
    for ms in 0..SETTLE_MS + READ_MS {
        for _ in 0..STEPS_PER_MS {
            network.step(weights, cortex.next_hz(), striatum_hz);
        }
        if ms >= SETTLE_MS {
            stn.push(network.stn_hz());
            gpe_sum += network.gpe_hz();
        }
    }
    let stn_hz = stn.iter().sum::<f64>() / READ_MS as f64;
    let (beta_power, beta_frequency_hz) = beta(&stn, stn_hz);
    Activity { stn_hz, gpe_hz: gpe_sum / READ_MS as f64, beta_power, beta_frequency_hz }
}

/// Power at 13-30 Hz (unit of `x`, squared) and the frequency of most power, Hz; `x` at 1 kHz, Hann window, one sum a bin.
fn beta(x: &[f64], mean: f64) -> (f64, f64) {
    let n = x.len() as f64;
    let bin_hz = 1000.0 / n;
    let turn = 2.0 * std::f64::consts::PI / n;
    let windowed: Vec<f64> =
        x.iter().enumerate().map(|(i, v)| (v - mean) * (0.5 - 0.5 * math::cos(turn * i as f64))).collect();
    let (mut total, mut peak, mut peak_hz) = (0.0, -1.0, 0.0);
    let (first, last) = ((13.0 / bin_hz) as usize, (30.0 / bin_hz) as usize);
    for bin in first..=last {
        // Goertzel's recurrence.
        let coefficient = 2.0 * math::cos(turn * bin as f64);
        let (mut s1, mut s2) = (0.0, 0.0);
        for v in &windowed {
            let s0 = v + coefficient * s1 - s2;
            (s2, s1) = (s1, s0);
        }
        let power = (s1 * s1 + s2 * s2 - coefficient * s1 * s2) * (2.0 / (n * n)) * (8.0 / 3.0);
        total += power;
        if power > peak {
            (peak, peak_hz) = (power, bin as f64 * bin_hz);
        }
    }
    (total, peak_hz)
}

/// The sequence effect: commands shrink as a movement is repeated without rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SequenceEffect {
    gain: f64,
}

impl Default for SequenceEffect {
    fn default() -> Self {
        Self { gain: 1.0 }
    }
}

impl SequenceEffect {
    /// Gain of the command of the next repetition, after a pause of `pause_s` since the one before.
    pub fn repeat(&mut self, decrement_per_repeat: f64, pause_s: f64) -> f64 {
        self.gain = 1.0 - (1.0 - self.gain) * math::exp(-pause_s / RECOVERY_S);
        let gain = self.gain;
        self.gain *= 1.0 - decrement_per_repeat;
        gain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(dopamine: f64) -> BasalGangliaReadOut {
        read_out(&BasalGangliaParameters { dopamine, ..BasalGangliaParameters::default() })
    }

    #[test]
    fn health_changes_nothing_to_the_bit() {
        let r = at(1.0);
        for one in [r.beta_power_ratio, r.vigour, r.long_latency_gain, r.persistence] {
            assert_eq!(one.to_bits(), 1.0_f64.to_bits());
        }
        for zero in [r.parkinsonism, r.resting_command, r.chorea_rate_hz, r.antagonist_leak, r.reaction_delay_ms] {
            assert_eq!(zero.to_bits(), 0.0_f64.to_bits());
        }
        assert!((r.stn_hz - 18.1).abs() < 0.5 && (r.gpe_hz - 53.7).abs() < 1.0, "{} {}", r.stn_hz, r.gpe_hz);
    }

    #[test]
    fn every_sign_is_monotone_in_dopamine() {
        let levels: Vec<BasalGangliaReadOut> = (0..=20).map(|i| at(1.0 - 0.05 * f64::from(i))).collect();
        for w in levels.windows(2) {
            assert!(
                w[1].beta_power_ratio > w[0].beta_power_ratio,
                "{} {}",
                w[0].beta_power_ratio,
                w[1].beta_power_ratio
            );
            assert!(w[1].vigour <= w[0].vigour && w[1].long_latency_gain > w[0].long_latency_gain);
            assert!(w[1].resting_command > w[0].resting_command && w[1].reaction_delay_ms > w[0].reaction_delay_ms);
        }
        let last = &levels[20];
        assert!(last.beta_power_ratio > 10.0, "{}", last.beta_power_ratio);
        assert!((last.beta_frequency_hz - 20.7).abs() < 1.0, "{}", last.beta_frequency_hz);
        assert!((last.vigour - 0.45).abs() < 1e-9 && (last.long_latency_gain - 3.0).abs() < 1e-9);
        assert!(last.resting_command > 0.01 && last.resting_command < 0.08);
        assert!(at(0.8).vigour > 0.95, "a fifth of the dopamine is compensated: {}", at(0.8).vigour);
    }

    #[test]
    fn chorea_needs_the_direct_pathway() {
        let striatum = |indirect: f64, direct: f64| {
            read_out(&BasalGangliaParameters { indirect, direct, ..BasalGangliaParameters::default() })
        };
        let adult = striatum(0.4, 0.9);
        let juvenile = striatum(0.4, 0.4);
        assert!(adult.chorea_rate_hz > 1.5 * juvenile.chorea_rate_hz && adult.chorea_rate_hz > 1.0);
        assert!(adult.long_latency_gain < 1.0 && juvenile.long_latency_gain > 1.2);
        assert!(juvenile.vigour < adult.vigour && adult.vigour < 1.0);
        let rates: Vec<f64> = (0..=10).map(|i| striatum(1.0 - 0.1 * f64::from(i), 1.0).chorea_rate_hz).collect();
        assert!(rates[0] == 0.0 && rates.windows(2).all(|w| w[1] > w[0]), "{rates:?}");
    }

    #[test]
    fn repeated_movements_shrink_and_recover() {
        let fall = |decrement: f64| {
            let mut effect = SequenceEffect::default();
            let gains: Vec<f64> = (0..20).map(|_| effect.repeat(decrement, 0.25)).collect();
            (gains[0], gains[19], effect.repeat(decrement, 60.0))
        };
        let (first, last, rested) = fall(at(0.1).decrement_per_repeat);
        assert!(first == 1.0 && last < 0.9 && rested > 0.99, "{last} {rested}");
        assert!(fall(at(1.0).decrement_per_repeat).1 > 0.98);
    }
}
