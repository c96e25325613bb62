//! What a needle in one place of a muscle picks up: at rest, and while its units discharge.

use std::collections::HashMap;
use std::sync::OnceLock;

use tonus_body::Muscle;
use tonus_physiology::field::add_wave;
use tonus_physiology::field::needle::NeedleModel;
use tonus_physiology::junction::{Junction, JunctionModel};
use tonus_physiology::math::inverse_normal_cdf;
use tonus_physiology::muscle::myotonia::{Provocation, after_discharge};
use tonus_physiology::random::{Seed, Stream};
use tonus_signal::Side;
use tonus_signal::measures::filter::band_pass;

use super::{Discharges, RATE_HZ};
use crate::Subject;

/// Amplifier and electrode noise of a concentric needle, 10 Hz - 10 kHz, uV rms (3-5).
const NOISE_UV: f64 = 3.0;
/// Nerve impulse at the terminal to action potential of the fibre in a healthy junction, ms.
const HEALTHY_JUNCTION_MS: f64 = 0.8;
/// Discharge rate at which the far junctions of a unit transmit on average, Hz (assumed: slight to strong effort).
const FAR_HZ: f64 = 15.0;
/// More junctions than any unit shows apart.
const MOST_JUNCTIONS: usize = 4096;
/// Coefficient of variation of fibrillation intervals (regular: 1-5 %).
const FIBRILLATION_CV: f64 = 0.03;

/// Time from the last movement of the needle to the recording at rest, s: insertional activity of healthy fibres (0.3 s) is over.
const MOVED_S: f64 = 0.5;
/// Mean time for which a circuit of fibres goes round, and for which it is silent, s (assumed: seconds).
const CIRCUIT_S: f64 = 4.0;

/// The muscle at rest: fibrillations and circuits of denervated fibres, runs of fibres that the needle has irritated, fasciculations and
/// bursts of hyperexcitable axons, noise.
pub(super) fn rest(
    subject: &Subject<'_>,
    side: Side,
    muscle: &Muscle,
    needle: &NeedleModel,
    seconds: f64,
    seed: Seed,
) -> Vec<f64> {
    let mut signal = vec![0.0; (seconds * RATE_HZ) as usize];
    add_spontaneous(&mut signal, subject, side, muscle, needle, seed);
    let seconds = signal.len() as f64 / RATE_HZ;
    for (i, fibre) in needle.irritated().iter().enumerate() {
        let mut stream = seed.child("irritated").index(i).stream("impulses");
        let chloride = muscle.fibres.chloride_conductance;
        let run = after_discharge(chloride, Provocation::Needle(-MOVED_S), seconds, &mut stream);
        for impulse in run.iter().filter(|i| i.time_s >= 0.0) {
            add_wave(&mut signal, RATE_HZ, impulse.time_s, &fibre.wave, impulse.size);
        }
    }
    finish(signal, seed)
}

/// The muscle let go after a strong contraction of it, shortened, for `contracted_s`: as at rest, with fibres that go on and units that cramp.
#[allow(clippy::too_many_arguments)]
pub(super) fn after_effort(
    subject: &Subject<'_>,
    side: Side,
    muscle: &Muscle,
    needle: &NeedleModel,
    discharges: &Discharges,
    contracted_s: f64,
    seconds: f64,
    seed: Seed,
) -> Vec<f64> {
    let mut signal = vec![0.0; (seconds * RATE_HZ) as usize];
    add_spontaneous(&mut signal, subject, side, muscle, needle, seed);
    for (i, fibre) in needle.irritated().iter().enumerate() {
        let mut stream = seed.child("used").index(i).stream("impulses");
        let of_unit = discharges.iter().filter(|(_, unit)| Some(*unit) == fibre.unit);
        let nerve: Vec<f64> = of_unit.map(|(time_s, _)| *time_s).collect();
        let chloride = muscle.fibres.chloride_conductance;
        let run = after_discharge(chloride, Provocation::Nerve(&nerve), contracted_s + seconds, &mut stream);
        for impulse in run.iter().filter(|i| i.time_s >= contracted_s) {
            add_wave(&mut signal, RATE_HZ, impulse.time_s - contracted_s, &fibre.wave, impulse.size);
        }
    }
    let axons = subject.axons(side, muscle);
    for unit in 0..axons.units() {
        let Some(wave) = needle.unit_wave(unit) else { continue };
        let mut stream = seed.child("cramp").index(unit).stream("impulses");
        for impulse in axons.cramp(unit, seconds, &mut stream) {
            add_wave(&mut signal, RATE_HZ, impulse.time_s, wave, impulse.following);
        }
    }
    finish(signal, seed)
}

/// What fibres and axons do of themselves at any time.
fn add_spontaneous(
    signal: &mut [f64],
    subject: &Subject<'_>,
    side: Side,
    muscle: &Muscle,
    needle: &NeedleModel,
    seed: Seed,
) {
    let seconds = signal.len() as f64 / RATE_HZ;
    for (i, fibre) in needle.fibrillation_waves().iter().enumerate() {
        let mut stream = seed.child("fibrillation").index(i).stream("intervals");
        let mut time_s = stream.uniform() / fibre.rate_hz;
        while time_s < seconds {
            add_wave(signal, RATE_HZ, time_s, &fibre.wave, 1.0);
            time_s += (1.0 + FIBRILLATION_CV * stream.normal()).max(0.5) / fibre.rate_hz;
        }
    }
    for (i, circuit) in needle.circuits().iter().enumerate() {
        let mut stream = seed.child("circuit").index(i).stream("rounds");
        let mut time_s = (stream.uniform() - 1.0) * 2.0 * CIRCUIT_S;
        while time_s < seconds {
            let end_s = time_s + CIRCUIT_S * stream.exponential();
            while time_s < end_s.min(seconds) {
                if time_s >= 0.0 {
                    add_wave(signal, RATE_HZ, time_s, &circuit.wave, 1.0);
                }
                time_s += circuit.period_s;
            }
            time_s += CIRCUIT_S * stream.exponential();
        }
    }
    let axons = subject.axons(side, muscle);
    for unit in 0..axons.units() {
        let Some(wave) = needle.unit_wave(unit) else { continue };
        let mut stream = seed.child("ectopic").index(unit).stream("intervals");
        let mut bursts = seed.child("ectopic").index(unit).stream("bursts");
        let mut busy_s = 0.0;
        for time_s in axons.ectopic_times(unit, seconds, &mut stream) {
            // An impulse that meets a burst under way is lost in it.
            if time_s < busy_s {
                continue;
            }
            add_wave(signal, RATE_HZ, time_s, wave, 1.0);
            for impulse in axons.burst(unit, time_s, seconds, &mut bursts) {
                add_wave(signal, RATE_HZ, impulse.time_s, wave, impulse.following);
                busy_s = impulse.time_s;
            }
        }
    }
}

/// A voluntary contraction under the needle: each near junction transmits, jitters or blocks on its own.
pub(in crate::laboratory) fn voluntary(
    model: &JunctionModel,
    site: usize,
    needle: &NeedleModel,
    discharges: &Discharges,
    seconds: f64,
    seed: Seed,
) -> Vec<f64> {
    let mut signal = vec![0.0; (seconds * RATE_HZ) as usize];
    let far = model.transmission(FAR_HZ);
    let first_junction = site * needle.units() * MOST_JUNCTIONS;
    let mut near: HashMap<usize, Vec<(Junction, Stream)>> = HashMap::new();
    for &(time_s, unit) in discharges {
        let Some(pooled) = needle.pooled_wave(unit) else { continue };
        add_wave(&mut signal, RATE_HZ, time_s + 1e-3 * HEALTHY_JUNCTION_MS, pooled, far);
        let waves = needle.junction_waves(unit);
        let junctions = near.entry(unit).or_insert_with(|| {
            (0..waves.len())
                .map(|i| {
                    (
                        model.junction(first_junction + unit * MOST_JUNCTIONS + i),
                        seed.child("junction").index(unit).index(i).stream("release"),
                    )
                })
                .collect()
        });
        for (wave, (junction, stream)) in waves.iter().zip(junctions) {
            if let Some(delay_ms) = junction.impulse(model, time_s, stream) {
                add_wave(&mut signal, RATE_HZ, time_s + 1e-3 * delay_ms + wave.start as f64 / RATE_HZ, &wave.wave, 1.0);
            }
        }
    }
    finish(signal, seed)
}

/// Noise and the amplifier's filters.
fn finish(mut signal: Vec<f64>, seed: Seed) -> Vec<f64> {
    add_white_noise(&mut signal, NOISE_UV, seed);
    band_pass(&signal, RATE_HZ, 10.0, 10_000.0)
}

/// Bits of a draw that pick a quantile of the normal distribution; the others place it between two.
const QUANTILE_BITS: u32 = 12;

/// Quantiles of the standard normal distribution at k / 2^12, the two ends left out.
fn quantiles() -> &'static [f64] {
    static QUANTILES: OnceLock<Vec<f64>> = OnceLock::new();
    QUANTILES.get_or_init(|| {
        let cells = 1_u32 << QUANTILE_BITS;
        (0..=cells).map(|k| inverse_normal_cdf((f64::from(k) / f64::from(cells)).clamp(1e-12, 1.0 - 1e-12))).collect()
    })
}

/// Adds white Gaussian noise, two samples from one word of the stream. Between quantiles the distribution is linear
/// (error below 1e-4 of the SD), in the outermost two of 4096 cells it is the exact inverse.
pub(in crate::laboratory) fn add_white_noise(signal: &mut [f64], rms: f64, seed: Seed) {
    let table = quantiles();
    let mut stream = seed.stream("noise");
    let draw = |bits: u32| {
        let cell = (bits >> (32 - QUANTILE_BITS)) as usize;
        if cell == 0 || cell + 2 == table.len() {
            return inverse_normal_cdf((f64::from(bits) + 0.5) * (1.0 / 4_294_967_296.0));
        }
        let within = f64::from(bits << QUANTILE_BITS) * (1.0 / 4_294_967_296.0);
        table[cell] + within * (table[cell + 1] - table[cell])
    };
    for two in signal.chunks_mut(2) {
        let word = stream.bits();
        two[0] += rms * draw((word >> 32) as u32);
        if let Some(second) = two.get_mut(1) {
            *second += rms * draw(word as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_white_and_normal() {
        let draw = |name| {
            let mut x = vec![0.0; 200_001];
            add_white_noise(&mut x, 2.0, Seed::new(3).child(name));
            x
        };
        let x = draw("a");
        let n = x.len() as f64;
        let moment = |k: i32| x.iter().map(|v| (v / 2.0).powi(k)).sum::<f64>() / n;
        assert!(moment(1).abs() < 0.01 && (moment(2) - 1.0).abs() < 0.015, "{} {}", moment(1), moment(2));
        assert!(moment(3).abs() < 0.03 && (moment(4) - 3.0).abs() < 0.1, "{} {}", moment(3), moment(4));
        let next = x.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / (4.0 * n);
        assert!(next.abs() < 0.01, "{next}");
        // Beyond three SD: 0.27 %.
        let far = x.iter().filter(|v| v.abs() > 6.0).count() as f64 / n;
        assert!((0.0022..0.0032).contains(&far), "{far}");
        assert_eq!(x, draw("a"));
        assert_ne!(x, draw("b"));
    }
}
