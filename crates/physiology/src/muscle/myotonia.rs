//! Runs of a muscle fibre that has lost chloride conductance: myotonia.
//!
//! Each action potential leaves potassium in the transverse tubules. In health chloride carries most of the resting current and holds the
//! membrane; without it the potassium depolarises the fibre, and the fibre fires again (Adrian & Bryant 1974; Cannon 1993). Between impulses:
//!
//! ```text
//! tau dV/dt = E - V,    E = g_K/(g_K + g_Cl) * 26.7 mV ln((K0 + K)/K0) + injury,    tau = tau_0/(g_K + g_Cl)
//! dK/dt = -K/tau_K,     da/dt = (1 - a)/tau_a
//! V > theta/a: an impulse; V <- 0, K <- K + k a, a <- a (1 - l)
//! ```
//!
//! V: depolarisation from rest, K: potassium above rest, a: sodium channels available (slow inactivation), also the size of the impulse.
//! K builds up and the run quickens, sodium channels go and it slows and shrinks, until E no longer reaches the threshold: it waxes and
//! wanes and ends by itself. Nothing of this is put in as a rate.
//!
//! Fails for the paralysis that follows (a depolarised fibre that stays silent) and for warming up over minutes.

use crate::math;
use crate::random::Stream;

/// Share of the resting conductance that is potassium's; the rest is chloride's (chloride 70-85 % in mammals: from memory).
const POTASSIUM_SHARE: f64 = 0.2;
/// Membrane time constant in health, ms (assumed: 1.7 kohm cm2 in goats, Bryant & Morales-Aguilera 1971 from memory, with 3 uF/cm2).
const TAU_MS: f64 = 5.0;
/// Resting potassium in the tubules, mM.
const REST_MM: f64 = 4.0;
/// Potassium that one impulse leaves in them, mM (0.3-0.4: Adrian & Marshall 1976, from memory), and its time constant, s (0.3-0.6: memory).
const IMPULSE_MM: f64 = 0.4;
const CLEARANCE_S: f64 = 0.5;
/// RT/F at 37 C, mV.
const THERMAL_MV: f64 = 26.7;
/// Median depolarisation that fires the fibre, mV, and SD of its logarithm between fibres (median fitted to: no run outlasts the needle's movement
/// by half a second with a fifth of the conductance lost, runs of seconds with three fifths; spread assumed).
const THRESHOLD_MV: f64 = 7.0;
const THRESHOLD_LOG_SD: f64 = 0.06;
/// Relative SD of the threshold from impulse to impulse (assumed: channel noise; a run is smooth to the ear).
const THRESHOLD_NOISE: f64 = 0.01;
/// Sodium channels that one impulse inactivates slowly, share, and the time constant of their recovery, s (fitted to runs of some seconds).
const INACTIVATED: f64 = 0.004;
const RECOVERY_S: f64 = 5.0;
/// Depolarisation by a moving needle at its start, mV, and how long it takes to wane, s (fitted to: insertional activity of a healthy fibre
/// ends within 0.3 s).
const INJURY_MV: f64 = 10.0;
const INJURY_S: f64 = 0.25;
/// Refractory time, ms (2.2-4.6: Farmer, Buchthal & Rosenfalck from memory).
const REFRACTORY_MS: f64 = 2.2;
/// Step, ms.
const STEP_MS: f64 = 0.1;

/// One impulse of a fibre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FibreImpulse {
    /// When, s.
    pub time_s: f64,
    /// Size of the action potential over that of a rested fibre.
    pub size: f64,
}

/// What sets a fibre off.
#[derive(Clone, Copy, Debug)]
pub enum Provocation<'a> {
    /// A needle moves by it at this time, s.
    Needle(f64),
    /// Its nerve fires it at these times, s, in order.
    Nerve(&'a [f64]),
}

/// Impulses that a fibre of relative `chloride` conductance adds of its own up to `end_s`; `stream` draws its threshold and its noise.
pub fn after_discharge(
    chloride: f64,
    provocation: Provocation<'_>,
    end_s: f64,
    stream: &mut Stream,
) -> Vec<FibreImpulse> {
    let (potassium, chloride) = (POTASSIUM_SHARE, (1.0 - POTASSIUM_SHARE) * chloride.max(0.0));
    let share = potassium / (potassium + chloride);
    let pull = 1.0 - math::exp(-STEP_MS * (potassium + chloride) / TAU_MS);
    let (cleared, recovered) = (math::exp(-1e-3 * STEP_MS / CLEARANCE_S), math::exp(-1e-3 * STEP_MS / RECOVERY_S));
    let own = THRESHOLD_MV * math::exp(THRESHOLD_LOG_SD * stream.normal());
    let (start_s, driven, moved_s) = match provocation {
        Provocation::Needle(at_s) => (at_s, &[][..], Some(at_s)),
        Provocation::Nerve(times_s) => (times_s.first().copied().unwrap_or(end_s), times_s, None),
    };
    let mut driven = driven.iter().copied().peekable();
    let mut impulses = Vec::new();
    let (mut voltage, mut excess, mut inactive, mut refractory_ms) = (0.0, 0.0, 0.0, 0.0);
    let mut threshold = own;
    let steps = (((end_s - start_s) * 1e3 / STEP_MS).max(0.0)) as usize;
    for step in 0..steps {
        let time_s = start_s + 1e-3 * STEP_MS * step as f64;
        excess *= cleared;
        inactive *= recovered;
        refractory_ms -= STEP_MS;
        if refractory_ms > 0.0 {
            continue;
        }
        let injury = moved_s.map_or(0.0, |at| INJURY_MV * (1.0 - (time_s - at) / INJURY_S).max(0.0));
        let aim = share * THERMAL_MV * math::ln((REST_MM + excess) / REST_MM) + injury;
        voltage += pull * (aim - voltage);
        let called = driven.next_if(|&at| at <= time_s).is_some();
        let available = 1.0 - inactive;
        let own_impulse = voltage * available > threshold;
        if own_impulse || called {
            if own_impulse {
                impulses.push(FibreImpulse { time_s, size: available });
            }
            excess += IMPULSE_MM * available;
            inactive = 1.0 - available * (1.0 - INACTIVATED);
            voltage = 0.0;
            refractory_ms = REFRACTORY_MS;
            threshold = own * (1.0 + THRESHOLD_NOISE * stream.normal());
        }
    }
    impulses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    fn run(chloride: f64, fibre: usize) -> Vec<FibreImpulse> {
        let mut stream = Seed::new(4).index(fibre).stream("fibre");
        after_discharge(chloride, Provocation::Needle(0.0), 20.0, &mut stream)
    }

    #[test]
    fn a_healthy_fibre_fires_only_while_the_needle_moves() {
        for fibre in 0..40 {
            for chloride in [1.0, 0.8] {
                assert!(run(chloride, fibre).last().is_none_or(|i| i.time_s < 0.45), "{fibre}");
            }
        }
    }

    #[test]
    fn without_chloride_conductance_a_run_waxes_wanes_and_ends() {
        let mut outlasted = 0;
        for fibre in 0..40 {
            let impulses = run(0.2, fibre);
            let Some(last) = impulses.last() else { continue };
            if last.time_s < 1.0 {
                continue;
            }
            outlasted += 1;
            assert!(last.time_s < 12.0, "fibre {fibre} fires until {}", last.time_s);
            let rates: Vec<f64> = impulses.windows(2).map(|w| 1.0 / (w[1].time_s - w[0].time_s)).collect();
            let fastest = rates.iter().copied().fold(0.0, f64::max);
            let (first, end) = (rates[1], rates[rates.len() - 2]);
            assert!((50.0..160.0).contains(&fastest), "{fastest}");
            assert!(fastest > 1.1 * first && fastest > 2.0 * end, "{first} {fastest} {end}");
            assert!(last.size < 0.8, "the impulses shrink: {}", last.size);
        }
        assert!(outlasted > 30, "{outlasted} of 40 runs outlast the movement");
    }

    #[test]
    fn use_sets_off_a_run_too() {
        let nerve: Vec<f64> = (0..40).map(|k| f64::from(k) / 40.0).collect();
        let after = |chloride: f64| {
            let mut stream = Seed::new(4).stream("fibre");
            let impulses = after_discharge(chloride, Provocation::Nerve(&nerve), 10.0, &mut stream);
            impulses.iter().filter(|i| i.time_s > 1.0).count()
        };
        assert_eq!(after(1.0), 0);
        assert!(after(0.2) > 30, "{}", after(0.2));
    }

    #[test]
    fn the_more_is_lost_the_longer_it_fires() {
        let count = |chloride: f64| (0..20).map(|fibre| run(chloride, fibre).len()).sum::<usize>();
        let counts = [0.8, 0.4, 0.3, 0.1].map(count);
        assert!(counts.windows(2).all(|w| w[1] > w[0]), "{counts:?}");
    }
}
