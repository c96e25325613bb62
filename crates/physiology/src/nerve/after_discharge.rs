//! Impulses that a motor axon or its neuron adds of its own: neuromyotonic bursts and the discharge of a cramp.
//!
//! Both are one fire-or-fall-silent rule. After an impulse the membrane heads for a depolarisation D (in thresholds); where D > 1 it fires again after
//! `refractory + tau ln(D/(D - 1))`, and each impulse takes a share of what drives it. They differ in what drives and how fast.
//!
//! | | drives | tau | refractory | from |
//! |---|---|---|---|---|
//! | burst | depolarising after-potential of an axon without its Kv1 channels | 2 ms | 2.5 ms | fitted to 150-300 Hz, decrementing (textbook) |
//! | cramp | persistent inward current of the motor neuron, a bistable cell (Baldissera et al. 1994) | 12 ms | 5 ms | fitted to 40-75 Hz (textbook) |
//!
//! Fails for myokymia (grouped discharges with a rhythm of their own), and for how a cramp spreads: units join by chance here, not by neighbourhood.

use crate::math;
use crate::random::Stream;

/// Depolarisation after an impulse in an axon with none of its Kv1 channels, in thresholds (fitted: see above; bursts from 0.45 lost on).
const KV1_DRIVE: f64 = 2.2;
/// Share of it that each impulse takes (fitted to bursts of a few tenths of a second).
const KV1_LOSS: f64 = 0.01;
/// Depolarisation of the median motor neuron by the whole persistent current, in thresholds, SD of its logarithm between neurons, and the share that each
/// impulse takes (assumed: with half of the current a unit in fifteen takes part, for some seconds).
const CRAMP_DRIVE: f64 = 1.2;
const CRAMP_LOG_SD: f64 = 0.35;
const CRAMP_LOSS: f64 = 0.0015;
/// Mean time in which units join a cramp, s (recruited over seconds: textbook).
const JOINING_S: f64 = 0.7;

/// One impulse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AddedImpulse {
    /// When, s.
    pub time_s: f64,
    /// Share of the unit's fibres that follow: fewer as a fast burst goes on.
    pub following: f64,
}

struct Membrane {
    tau_ms: f64,
    refractory_ms: f64,
    loss: f64,
    noise: f64,
}

const AXON: Membrane = Membrane { tau_ms: 2.0, refractory_ms: 2.5, loss: KV1_LOSS, noise: 0.02 };
/// Irregular: intervals of a cramp vary by a fifth and more (assumed).
const NEURON: Membrane = Membrane { tau_ms: 12.0, refractory_ms: 5.0, loss: CRAMP_LOSS, noise: 0.12 };

impl Membrane {
    fn fires(&self, drive: f64, start_s: f64, end_s: f64, stream: &mut Stream) -> Vec<AddedImpulse> {
        let (mut time_s, mut left) = (start_s, 1.0);
        let mut impulses = Vec::new();
        loop {
            let pull = drive * left * (1.0 + self.noise * stream.normal());
            if pull <= 1.0 {
                return impulses;
            }
            time_s += 1e-3 * (self.refractory_ms + self.tau_ms * math::ln(pull / (pull - 1.0)));
            if time_s >= end_s {
                return impulses;
            }
            impulses.push(AddedImpulse { time_s, following: left });
            left *= 1.0 - self.loss;
        }
    }
}

/// The burst that follows an impulse at `at_s` in an axon with `kv1` of its Kv1 channels (1 in health: none).
pub fn burst(kv1: f64, at_s: f64, end_s: f64, stream: &mut Stream) -> Vec<AddedImpulse> {
    AXON.fires(KV1_DRIVE * (1.0 - kv1.clamp(0.0, 1.0)), at_s, end_s, stream)
}

/// The discharge of one unit in the cramp that follows a strong contraction of a shortened muscle at 0 s, in a motor neuron whose
/// persistent current is this share of the largest (0 in health: none).
pub fn cramp(persistent: f64, end_s: f64, stream: &mut Stream) -> Vec<AddedImpulse> {
    let drive = CRAMP_DRIVE * persistent.clamp(0.0, 1.0) * math::exp(CRAMP_LOG_SD * stream.normal());
    let joins_s = -JOINING_S * math::ln(stream.uniform());
    let mut impulses = NEURON.fires(drive, joins_s, end_s, stream);
    // At these rates every fibre follows.
    impulses.iter_mut().for_each(|i| i.following = 1.0);
    impulses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    fn rates(impulses: &[AddedImpulse]) -> Vec<f64> {
        impulses.windows(2).map(|w| 1.0 / (w[1].time_s - w[0].time_s)).collect()
    }

    #[test]
    fn an_axon_without_kv1_bursts_fast_and_dwindles() {
        for axon in 0..30 {
            let impulses = burst(0.2, 1.0, 9.0, &mut Seed::new(3).index(axon).stream("burst"));
            let rates = rates(&impulses);
            assert!((150.0..300.0).contains(&rates[0]) && rates.len() > 15, "{rates:?}");
            assert!(rates[rates.len() - 1] < 0.8 * rates[0]);
            assert!(impulses[impulses.len() - 1].following < 0.9);
        }
        assert!(burst(1.0, 1.0, 9.0, &mut Seed::new(3).stream("burst")).is_empty());
    }

    #[test]
    fn a_cramp_is_irregular_joins_late_and_ends() {
        let mut heard = 0;
        for unit in 0..400 {
            let impulses = cramp(0.8, 60.0, &mut Seed::new(3).index(unit).stream("cramp"));
            let rates = rates(&impulses);
            if rates.len() < 20 {
                continue;
            }
            heard += 1;
            let mean = rates.iter().sum::<f64>() / rates.len() as f64;
            assert!((15.0..100.0).contains(&mean), "{mean}");
            assert!(impulses[0].time_s > 0.0 && impulses[impulses.len() - 1].time_s < 30.0);
        }
        assert!((30..200).contains(&heard), "{heard} of 400 units");
        assert!(cramp(0.0, 60.0, &mut Seed::new(3).stream("cramp")).is_empty());
    }
}
