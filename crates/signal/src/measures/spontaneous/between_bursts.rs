//! Fasciculation potentials between the bursts of hyperexcitable axons: the same units as in the bursts, of the same size, so that silence tells them
//! apart and height does not.

use super::{Extent, SHORT_MS};
use crate::measures::spike::{SpikeCriteria, noise, spikes};

/// Silence on both sides of one, s (assumed: five intervals of the slow end of a burst and more).
const SILENCE_S: f64 = 0.05;
/// Longest from its first to its last discharge, s: three at 150 a second take 13 ms. What goes on is a burst.
const TRIPLET_S: f64 = 0.02;

/// Amplitudes, uV, peak to peak, of the potentials of units, alone or as doublets and triplets, that come out of silence and leave silence.
pub(super) fn amplitudes_uv(samples_uv: &[f64], rate_hz: f64, criteria: &SpikeCriteria) -> Vec<f64> {
    let silence = (SILENCE_S * rate_hz) as usize;
    let floor = 3.0 * noise(samples_uv);
    let at = spikes(samples_uv, rate_hz, criteria);
    let groups = at.chunk_by(|a, b| b - a < silence).filter_map(|group| Some((*group.first()?, *group.last()?)));
    groups
        .filter(|(first, last)| *first >= silence && last + silence < samples_uv.len())
        .filter(|(first, last)| (last - first) as f64 <= TRIPLET_S * rate_hz)
        .filter_map(|(first, last)| {
            let sweep = &samples_uv[first - silence..last + silence];
            let extent = Extent::around(sweep, silence, rate_hz, floor)?;
            let amplitude_uv = crate::measures::spike::height(sweep);
            (extent.samples() as f64 * 1e3 / rate_hz >= SHORT_MS).then_some(amplitude_uv)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 20_000.0;

    /// Discharges of one unit, 8 ms long and 600 uV, at these times, s.
    fn unit(times_s: &[f64]) -> Vec<f64> {
        let mut x = vec![0.0; 80_000];
        for at in times_s {
            let start = (at * RATE) as usize;
            for (k, v) in x[start..start + 160].iter_mut().enumerate() {
                let u = k as f64 / 160.0;
                *v += 600.0 * libm::sin(6.0 * std::f64::consts::PI * u) * libm::sin(std::f64::consts::PI * u);
            }
        }
        x
    }

    fn count(times_s: &[f64]) -> usize {
        amplitudes_uv(&unit(times_s), RATE, &SpikeCriteria::spontaneous_uv()).len()
    }

    #[test]
    fn single_double_and_triple_discharges_count_once_and_bursts_never() {
        assert_eq!(count(&[0.5, 1.5, 1.505, 2.5, 2.505, 2.51]), 3);
        let burst: Vec<f64> = (0..50).map(|k| 1.0 + 0.0045 * f64::from(k)).collect();
        assert_eq!(count(&burst), 0);
        // What a burst leaves at its end, 30 ms on, belongs to it.
        assert_eq!(count(&[burst, vec![1.255]].concat()), 0);
        assert_eq!(count(&[]), 0);
    }
}
