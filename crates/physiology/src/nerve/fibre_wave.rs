//! The potential that one nerve fibre's impulse makes at a surface electrode over the nerve.
//!
//! The impulse is a travelling line source in an infinite homogeneous medium. With the transmembrane potential
//! `V(s)` made of two half-Gaussians, `V = V0 exp(-(s/rise)^2)` before the peak and `V0 exp(-(s/fall)^2)` after it,
//!
//! ```text
//! phi(t) = (g D)^2 sigma_i / (16 sigma_e v^2) * integral V''(s) / sqrt((t - s)^2 + (y/v)^2) ds
//! ```
//!
//! for a fibre of diameter `D` and velocity `v` passing `y` under the electrode at `t = 0`. Apart from the factor in front
//! the wave depends on `y/v` alone, so a few waves spaced in `ln v` serve all fibres.
//! It holds for depths well above the internode (nodes are smeared out) and below the depth of the far field.

use crate::math;

/// Peak of the transmembrane potential over rest, mV (assumed: 100 mV, as in mammalian nodes).
const ACTION_POTENTIAL_MV: f64 = 100.0;
/// Rise of the transmembrane potential, ms (with the fall: fitted to SNAP amplitude and duration of healthy sural nerve).
const RISE_MS: f64 = 0.09;
/// Fall of the transmembrane potential, ms.
const FALL_MS: f64 = 0.22;
/// Axoplasmic conductivity, S/m: 70 ohm cm (McIntyre, Richardson & Grill 2002).
const SIGMA_I_S_M: f64 = 1.0 / 0.7;
/// Extracellular conductivity, S/m (assumed: soft tissue along the limb).
const SIGMA_E_S_M: f64 = 0.2;
/// Axon over fibre diameter (assumed: usual g ratio of large fibres).
const AXON_RATIO: f64 = 0.75;
/// Finest step of the stored wave, ms.
const STEP_MS: f64 = 0.01;
/// Step of the stored wave as a share of `y/v`, where that is coarser: slow waves are smooth.
const STEP_SHARE: f64 = 0.1;
/// Step of the integral over the source, ms.
const SOURCE_STEP_MS: f64 = 0.01;
/// The wave is carried out to this many `y/v` on both sides of its source; beyond, it is below 0.5 % of its peak.
const REACH: f64 = 8.0;
/// Share of each end over which the wave is led to zero.
const TAPER_SHARE: f64 = 0.25;

/// The wave of fibres of one velocity at one depth, stored finely enough to be laid anywhere between samples.
#[derive(Clone, Debug, PartialEq)]
pub struct FibreWave {
    /// uV of a fibre of 1 um, from `start_ms` in steps of `step_ms`.
    samples: Vec<f64>,
    start_ms: f64,
    step_ms: f64,
}

impl FibreWave {
    /// The wave at `depth_mm` under the electrode for fibres of this velocity.
    pub fn new(depth_mm: f64, velocity_m_s: f64) -> Self {
        let passing_ms = depth_mm.max(0.1) / velocity_m_s;
        let step_ms = (STEP_SHARE * passing_ms).max(STEP_MS);
        let source = source_second_derivative();
        let first_ms = -3.0 * RISE_MS - REACH * passing_ms;
        let last_ms = 3.0 * FALL_MS + REACH * passing_ms;
        let before = (-first_ms / step_ms) as usize + 1;
        let n = before + (last_ms / step_ms) as usize + 2;
        let start_ms = -(before as f64) * step_ms;
        // 1e-6 mm2 per um2, 1000 uV per mV; velocity in m/s is mm/ms.
        let scale = AXON_RATIO * AXON_RATIO * SIGMA_I_S_M / (16.0 * SIGMA_E_S_M * velocity_m_s * velocity_m_s)
            * SOURCE_STEP_MS
            * 1e-3;
        let square = passing_ms * passing_ms;
        let mut samples: Vec<f64> = (0..n)
            .map(|i| {
                let t = start_ms + i as f64 * step_ms;
                let sum: f64 = source.iter().map(|&(s, second)| second / ((t - s) * (t - s) + square).sqrt()).sum();
                scale * sum
            })
            .collect();
        let taper = ((n as f64 * 0.5 * TAPER_SHARE) as usize).max(1);
        for i in 0..taper {
            let w = 0.5 - 0.5 * math::cos(std::f64::consts::PI * i as f64 / taper as f64);
            samples[i] *= w;
            samples[n - 1 - i] *= w;
        }
        Self { samples, start_ms, step_ms }
    }

    /// Adds `weight * D^2` times the wave, centred at `time_ms`, to a signal whose first sample is at 0.
    pub fn add_to(&self, signal: &mut [f64], rate_hz: f64, time_ms: f64, diameter_um: f64, weight: f64) {
        let sample_ms = 1000.0 / rate_hz;
        let start_ms = time_ms + self.start_ms;
        let end_ms = start_ms + (self.samples.len() - 1) as f64 * self.step_ms;
        let first = (start_ms / sample_ms).ceil().max(0.0) as usize;
        let end = ((end_ms / sample_ms).ceil().max(0.0) as usize).min(signal.len());
        if first >= end {
            return;
        }
        let gain = weight * diameter_um * diameter_um;
        let step = sample_ms / self.step_ms;
        let mut position = (first as f64 * sample_ms - start_ms) / self.step_ms;
        for out in &mut signal[first..end] {
            let whole = position as usize;
            let part = position - whole as f64;
            let a = self.samples.get(whole).copied().unwrap_or(0.0);
            let b = self.samples.get(whole + 1).copied().unwrap_or(0.0);
            *out += gain * (a + part * (b - a));
            position += step;
        }
    }
}

/// Second time derivative of the transmembrane potential, mV/ms2, at the middle of each step; its sum is zero.
fn source_second_derivative() -> Vec<(f64, f64)> {
    let count = |length: f64| (4.0 * length / SOURCE_STEP_MS) as usize;
    let value = |s: f64, width: f64| {
        let x = s / width;
        ACTION_POTENTIAL_MV * (4.0 * x * x - 2.0) / (width * width) * math::exp(-x * x)
    };
    let half = |width: f64, sign: f64| {
        (0..count(width)).map(move |i| {
            let s = sign * (i as f64 + 0.5) * SOURCE_STEP_MS;
            (s, value(s, width))
        })
    };
    let mut source: Vec<(f64, f64)> = half(RISE_MS, -1.0).chain(half(FALL_MS, 1.0)).collect();
    let mean = source.iter().map(|(_, v)| v).sum::<f64>() / source.len() as f64;
    source.iter_mut().for_each(|(_, v)| *v -= mean);
    source
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peak_to_peak_uv(depth_mm: f64, diameter_um: f64, velocity_m_s: f64) -> f64 {
        let mut signal = vec![0.0; 4000];
        FibreWave::new(depth_mm, velocity_m_s).add_to(&mut signal, 200_000.0, 10.0, diameter_um, 1.0);
        signal.iter().fold(0.0, |a: f64, &b| a.max(b)) - signal.iter().fold(0.0, |a: f64, &b| a.min(b))
    }

    #[test]
    fn amplitude_by_depth_and_diameter() {
        // Peak to peak, uV, of an independent numerical integration of the same source.
        let table = [
            (3.0, [0.059, 0.128, 0.177, 0.225]),
            (5.0, [0.021, 0.054, 0.081, 0.108]),
            (10.0, [0.0037, 0.0125, 0.0207, 0.0307]),
        ];
        for (depth, row) in table {
            for ((d, v), expected) in [(5.0, 22.0), (8.0, 37.0), (10.0, 46.0), (12.0, 56.0)].into_iter().zip(row) {
                let uv = peak_to_peak_uv(depth, d, v);
                assert!((uv / expected - 1.0).abs() < 0.03, "{depth} {d}: {uv} {expected}");
            }
        }
    }

    #[test]
    fn is_triphasic_with_a_large_negative_peak_near_its_passing() {
        let mut signal = vec![0.0; 4000];
        FibreWave::new(4.0, 45.0).add_to(&mut signal, 200_000.0, 10.0, 10.0, 1.0);
        let (at, low) = signal.iter().enumerate().fold((0, 0.0), |a, (i, &v)| if v < a.1 { (i, v) } else { a });
        assert!((at as f64 * 0.005 - 10.0).abs() < 0.1, "{at}");
        let high = |range: &[f64]| range.iter().fold(0.0, |a: f64, &b| a.max(b));
        assert!(high(&signal[..at]) > 0.15 * -low && high(&signal[at..]) > 0.05 * -low);
        // A closed line source carries no net current.
        let net: f64 = signal.iter().sum::<f64>() / signal.iter().map(|v| v.abs()).sum::<f64>();
        assert!(net.abs() < 0.1, "{net}");
    }

    #[test]
    fn keeps_its_place_between_samples() {
        let wave = FibreWave::new(4.0, 45.0);
        let centroid = |time_ms: f64| {
            let mut signal = vec![0.0; 400];
            wave.add_to(&mut signal, 20_000.0, time_ms, 10.0, 1.0);
            let power: f64 = signal.iter().map(|v| v * v).sum();
            signal.iter().enumerate().map(|(i, v)| i as f64 * 0.05 * v * v).sum::<f64>() / power
        };
        for part in [0.01, 0.02, 0.03, 0.04] {
            assert!((centroid(8.0 + part) - centroid(8.0) - part).abs() < 0.002, "{part}");
        }
    }

    #[test]
    fn signals_too_short_or_before_the_stimulus_are_safe() {
        let wave = FibreWave::new(4.0, 45.0);
        wave.add_to(&mut [], 20_000.0, 1.0, 10.0, 1.0);
        let mut signal = [0.0; 10];
        wave.add_to(&mut signal, 20_000.0, 50.0, 10.0, 1.0);
        wave.add_to(&mut signal, 20_000.0, -50.0, 10.0, 1.0);
        assert_eq!(signal, [0.0; 10]);
    }
}
