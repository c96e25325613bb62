//! Single-fibre EMG: the spikes of sweeps that recur at one place, their latencies sweep by sweep, and how many there are.

use super::jitter::{Jitter, jitter};
use super::turning_point::turning_points;
use super::{measurable, median};

/// What counts as the spike of a fibre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SingleFibreCriteria {
    /// Smallest size, from the positive peak before it to the negative peak, median of the sweeps, uV.
    pub smallest_uv: f64,
    /// Longest rise, 10 to 90 % of the way from the positive to the negative peak, median of the sweeps, us.
    pub longest_rise_us: f64,
    /// Spikes closer together than this are not told apart, us.
    pub apart_us: f64,
}

impl SingleFibreCriteria {
    /// Single-fibre electrode: 200 uV and 300 us (Stalberg & Trontelj).
    pub const fn single_fibre() -> Self {
        Self { smallest_uv: 200.0, longest_rise_us: 300.0, apart_us: 150.0 }
    }

    /// Concentric needle behind a 1 kHz high-pass: separate by 150 us; 50 uV (assumed: over ten times the noise), and a rise that lets in the
    /// slow spikes of thin facial fibres (assumed).
    pub const fn concentric() -> Self {
        Self { smallest_uv: 50.0, longest_rise_us: 400.0, ..Self::single_fibre() }
    }
}

/// A spike that recurs at one place of the sweeps.
#[derive(Clone, Debug, PartialEq)]
pub struct LockedSpike {
    /// Time of its steep edge from the start of the sweep, us; `None` where it is missing. The edge passes half of the negative peak there on
    /// average; in the single sweep its place is where the mean shape of all sweeps fits best, which noise moves by a few us only.
    pub latencies_us: Vec<Option<f64>>,
    /// Median of them, us.
    pub latency_us: f64,
    /// Median size, uV.
    pub size_uv: f64,
    /// Whether its size keeps from sweep to sweep: of one that wavers, because others run into it, the place says nothing of one junction.
    pub steady: bool,
}

impl LockedSpike {
    /// Jitter of this spike against another one of the same sweeps. A sweep that lacks `from` tells nothing.
    pub fn jitter_from(&self, from: &Self) -> Option<Jitter> {
        let intervals: Vec<Option<f64>> = self
            .latencies_us
            .iter()
            .zip(&from.latencies_us)
            .filter_map(|(own, from)| from.map(|f| own.map(|o| o - f)))
            .collect();
        jitter(&intervals, None)
    }

    /// Jitter of its latency: that of one end-plate when the sweeps begin at stimuli of its axon.
    pub fn jitter_from_stimulus(&self) -> Option<Jitter> {
        jitter(&self.latencies_us, None)
    }
}

/// One negative peak of one sweep.
#[derive(Clone, Copy, Debug)]
struct Peak {
    sweep: usize,
    at_us: f64,
    size_uv: f64,
    rise_us: f64,
}

/// A spike is there if it is found in this share of the sweeps: one that blocks more often is not followed (assumed).
const FOUND_SHARE: f64 = 0.3;
/// Longest a spike of a thin fibre takes from its positive to its negative peak, us (assumed).
const SPIKE_US: f64 = 800.0;
/// How far the size of a steady spike may waver, nine tenths of the sweeps to one tenth: of its median, and uV for the noise (assumed).
const WAVERS: (f64, f64) = (0.25, 12.0);
/// Stretch of the mean shape that is fitted, to each side of the edge, ms.
const FITTED_MS: f64 = 0.16;
/// Peaks of this share of the smallest size are looked at: a spike's size wavers where others run into it.
const LOOKED_AT: f64 = 0.4;
/// Share of the sweeps in which spikes that run together must all be there to be told apart by their order.
const TOGETHER_SHARE: f64 = 0.95;

/// The spikes of a set of sweeps (samples in uV, high-pass filtered as single-fibre EMG is), earliest first.
///
/// Peaks of all sweeps are put in order of time and cut where more than `apart_us` lies between them; a heap with one
/// peak a sweep is a spike, one with several in nearly every sweep is as many spikes in their order. A heap that is neither (spikes
/// that run together and block) is left out, as an examiner would leave it.
///
/// # Failure modes
/// Spikes of one time and changing order run together and are left out; a spike locked to another unit by chance is not told.
///
/// # Example
/// ```
/// use tonus_signal::measures::single_fibre::{SingleFibreCriteria, locked_spikes};
/// let rate_hz = 100_000.0;
/// // Five sweeps with two spikes; the second comes 20 us sooner or later from sweep to sweep.
/// let spike = |t_us: f64| -600.0 * libm::exp(-0.5 * (t_us / 60.0) * (t_us / 60.0));
/// let sweeps: Vec<Vec<f64>> = (0..5)
///     .map(|k| {
///         let second = 1_800.0 + if k % 2 == 0 { 20.0 } else { 0.0 };
///         (0..400).map(|i| 10.0 * f64::from(i)).map(|t| spike(t - 1_000.0) + spike(t - second)).collect()
///     })
///     .collect();
/// let sweeps: Vec<&[f64]> = sweeps.iter().map(Vec::as_slice).collect();
/// let found = locked_spikes(&sweeps, rate_hz, &SingleFibreCriteria::single_fibre());
/// assert_eq!(found.len(), 2);
/// let jitter = found[1].jitter_from(&found[0]).unwrap();
/// assert!((jitter.mcd_us - 20.0).abs() < 1.0);
/// ```
pub fn locked_spikes(sweeps: &[&[f64]], rate_hz: f64, criteria: &SingleFibreCriteria) -> Vec<LockedSpike> {
    if sweeps.is_empty() || !sweeps.iter().all(|s| measurable(s, rate_hz)) {
        return Vec::new();
    }
    let mut peaks: Vec<Peak> =
        sweeps.iter().enumerate().flat_map(|(k, samples)| peaks_of(k, samples, rate_hz, criteria)).collect();
    peaks.sort_by(|a, b| a.at_us.total_cmp(&b.at_us));
    let mut spikes = Vec::new();
    let mut heap: Vec<Peak> = Vec::new();
    for (i, peak) in peaks.iter().enumerate() {
        heap.push(*peak);
        if peaks.get(i + 1).is_none_or(|next| next.at_us - peak.at_us > criteria.apart_us) {
            told_apart(&heap, sweeps, rate_hz, criteria, &mut spikes);
            heap.clear();
        }
    }
    spikes
}

/// Steep negative peaks of one sweep.
fn peaks_of(sweep: usize, samples: &[f64], rate_hz: f64, criteria: &SingleFibreCriteria) -> Vec<Peak> {
    let turns = turning_points(samples, LOOKED_AT * criteria.smallest_uv);
    let us = |index: f64| index * 1e6 / rate_hz;
    let back = (1e-6 * SPIKE_US * rate_hz).ceil() as usize;
    let mut found = Vec::new();
    for (i, turn) in turns.iter().enumerate().filter(|(_, t)| !t.maximum) {
        // From the positive peak before it.
        let from = turn.index.saturating_sub(back).max(i.checked_sub(1).map_or(0, |k| turns[k].index));
        let edge = &samples[from..=turn.index];
        let low = turn.value;
        let high = edge.iter().copied().fold(low, f64::max);
        let size_uv = high - low;
        // Last time that the edge is above a level: from there on it falls to the peak.
        let crossing = |level: f64| {
            let k = edge.iter().rposition(|v| *v > level)?;
            let (above, below) = (edge[k], *edge.get(k + 1)?);
            Some(us((from + k) as f64 + (above - level) / (above - below)))
        };
        let (Some(top_us), Some(at_us), Some(bottom_us)) =
            (crossing(high - 0.1 * size_uv), crossing(0.5 * low.min(0.0)), crossing(low + 0.1 * size_uv))
        else {
            continue;
        };
        if size_uv >= LOOKED_AT * criteria.smallest_uv {
            found.push(Peak { sweep, at_us, size_uv, rise_us: bottom_us - top_us });
        }
    }
    found
}

fn told_apart(
    heap: &[Peak],
    sweeps: &[&[f64]],
    rate_hz: f64,
    criteria: &SingleFibreCriteria,
    out: &mut Vec<LockedSpike>,
) {
    let mut of_sweep: Vec<Vec<Peak>> = vec![Vec::new(); sweeps.len()];
    for peak in heap {
        of_sweep[peak.sweep].push(*peak);
    }
    let holding = |count: usize| of_sweep.iter().filter(|s| s.len() == count).count() as f64 / sweeps.len() as f64;
    let Some(count) =
        (1..=heap.len().div_ceil(sweeps.len()).max(1) + 1).max_by(|a, b| holding(*a).total_cmp(&holding(*b)))
    else {
        return;
    };
    let crowded = of_sweep.iter().filter(|s| s.len() > count).count() as f64 / sweeps.len() as f64;
    let together = if count == 1 { holding(1) >= FOUND_SHARE } else { holding(count) >= TOGETHER_SHARE };
    if !together || crowded > 1.0 - TOGETHER_SHARE {
        return;
    }
    for place in 0..count {
        let chosen: Vec<Option<Peak>> = of_sweep.iter().map(|s| (s.len() == count).then(|| s[place])).collect();
        let of = |f: fn(&Peak) -> f64| median(&chosen.iter().flatten().map(f).collect::<Vec<_>>());
        let (Some(latency_us), Some(size_uv), Some(rise_us)) = (of(|p| p.at_us), of(|p| p.size_uv), of(|p| p.rise_us))
        else {
            continue;
        };
        let mut sizes: Vec<f64> = chosen.iter().flatten().map(|p| p.size_uv).collect();
        sizes.sort_by(f64::total_cmp);
        let steady = sizes[sizes.len() * 9 / 10] - sizes[sizes.len() / 10] <= WAVERS.0 * size_uv + WAVERS.1;
        if size_uv >= criteria.smallest_uv && rise_us <= criteria.longest_rise_us {
            let edges: Vec<Option<f64>> = chosen.iter().map(|p| p.map(|p| p.at_us * 1e-6 * rate_hz)).collect();
            let latencies_us = fitted(sweeps, &edges, rate_hz).iter().map(|e| e.map(|e| e * 1e6 / rate_hz)).collect();
            out.push(LockedSpike { latencies_us, latency_us, size_uv, steady });
        }
    }
}

/// Places of a spike, in samples, moved to where the mean shape of all sweeps fits each best (least squares, two steps of Gauss and Newton).
/// A spike too near the end of its sweep stays where its edge was.
fn fitted(sweeps: &[&[f64]], edges: &[Option<f64>], rate_hz: f64) -> Vec<Option<f64>> {
    let half = (FITTED_MS * 1e-3 * rate_hz) as usize;
    let read = |sweep: &[f64], edge: f64| -> Option<Vec<f64>> {
        let first = edge - half as f64 - 1.0;
        let whole = first.floor();
        if whole < 0.0 || whole as usize + 2 * half + 4 > sweep.len() {
            return None;
        }
        let f = first - whole;
        let at = &sweep[whole as usize..][..2 * half + 4];
        Some(at.windows(2).map(|w| w[0] + f * (w[1] - w[0])).collect())
    };
    let mut places = edges.to_vec();
    for _ in 0..2 {
        let cut: Vec<Option<Vec<f64>>> = sweeps.iter().zip(&places).map(|(s, e)| read(s, (*e)?)).collect();
        let count = cut.iter().flatten().count() as f64;
        let Some(length) = cut.iter().flatten().map(Vec::len).next() else { return places };
        let mean: Vec<f64> = (0..length).map(|k| cut.iter().flatten().map(|c| c[k]).sum::<f64>() / count).collect();
        let slopes: Vec<f64> = mean.windows(3).map(|w| 0.5 * (w[2] - w[0])).collect();
        let energy: f64 = slopes.iter().map(|s| s * s).sum();
        for (place, cut) in places.iter_mut().zip(&cut) {
            let (Some(place), Some(cut)) = (place, cut) else { continue };
            let differs = slopes.iter().zip(&cut[1..]).zip(&mean[1..]).map(|((s, x), m)| s * (x - m)).sum::<f64>();
            let later = -differs / energy;
            if later.is_finite() {
                *place += later.clamp(-0.5 * half as f64, 0.5 * half as f64);
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 50_000.0;

    /// A sweep of 8 ms with biphasic spikes: (time of the negative peak in us, its size in uV).
    fn sweep(spikes: &[(f64, f64)]) -> Vec<f64> {
        (0..400)
            .map(|i| {
                let t_us = f64::from(i) * 1e6 / RATE;
                let wave = |at: f64, size: f64| {
                    let x = (t_us - at) / 60.0;
                    -size * libm::exp(-0.5 * x * x) + 0.4 * size * libm::exp(-0.5 * (x + 2.5) * (x + 2.5))
                };
                spikes.iter().map(|(at, size)| wave(*at, *size)).sum()
            })
            .collect()
    }

    fn found(sweeps: &[Vec<f64>], criteria: &SingleFibreCriteria) -> Vec<LockedSpike> {
        locked_spikes(&sweeps.iter().map(Vec::as_slice).collect::<Vec<_>>(), RATE, criteria)
    }

    #[test]
    fn known_latencies_come_back_to_two_microseconds() {
        let shift = |k: usize| 13.0 * ((k * 7) % 11) as f64;
        let sweeps: Vec<Vec<f64>> = (0..60).map(|k| sweep(&[(3000.0, 900.0), (4200.0 + shift(k), 500.0)])).collect();
        let spikes = found(&sweeps, &SingleFibreCriteria::single_fibre());
        assert_eq!(spikes.len(), 2);
        let jitter = spikes[1].jitter_from(&spikes[0]).unwrap();
        let expected = (1..60).map(|k| (shift(k) - shift(k - 1)).abs()).sum::<f64>() / 59.0;
        assert!((jitter.mcd_us - expected).abs() < 2.0, "{} {expected}", jitter.mcd_us);
        assert_eq!((jitter.blocking_percent, jitter.pairs), (0.0, 59));
    }

    #[test]
    fn a_missing_spike_is_a_block_and_a_small_one_is_not_counted() {
        let sweeps: Vec<Vec<f64>> = (0..50)
            .map(|k| {
                let second = if k % 5 == 0 { 0.0 } else { 400.0 };
                sweep(&[(2000.0, 800.0), (3500.0, second), (5500.0, 90.0)])
            })
            .collect();
        let spikes = found(&sweeps, &SingleFibreCriteria::single_fibre());
        assert_eq!(spikes.len(), 2, "the third is below 200 uV");
        assert!((spikes[1].jitter_from(&spikes[0]).unwrap().blocking_percent - 20.0).abs() < 1e-9);
        assert_eq!(found(&sweeps, &SingleFibreCriteria::concentric()).len(), 3);
        assert_eq!(spikes[0].jitter_from_stimulus().unwrap().blocking_percent, 0.0);
    }

    #[test]
    fn noise_moves_a_spike_by_a_few_microseconds() {
        let mut state = 5_u64;
        let mut noise = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5) * 12.0 // 3.5 uV rms
        };
        let sweeps: Vec<Vec<f64>> =
            (0..100).map(|_| sweep(&[(3000.0, 900.0), (4500.0, 80.0)]).iter().map(|v| v + noise()).collect()).collect();
        let spikes = found(&sweeps, &SingleFibreCriteria::concentric());
        let mcd = spikes[1].jitter_from(&spikes[0]).unwrap().mcd_us;
        assert!(spikes.len() == 2 && spikes[1].steady && mcd < 6.0, "{mcd}");
    }

    #[test]
    fn what_rises_slowly_is_no_spike() {
        let slow: Vec<f64> =
            (0..400).map(|i| -600.0 * libm::exp(-0.5 * ((f64::from(i) - 200.0) / 40.0).powi(2))).collect();
        assert!(found(&vec![slow; 20], &SingleFibreCriteria::concentric()).is_empty());
        assert!(found(&[], &SingleFibreCriteria::concentric()).is_empty());
    }
}
