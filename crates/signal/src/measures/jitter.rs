//! Jitter of a single-fibre or concentric-needle recording: variation of the interval between two spikes.

use super::{mean, measurable};

/// Jitter of one pair of potentials, us.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jitter {
    /// Mean difference of consecutive intervals, us.
    pub mcd_us: f64,
    /// The same after sorting by the preceding interval between discharges, us: it removes the slow change
    /// of conduction velocity with the firing rate. `None` when no discharge intervals were given.
    pub msd_us: Option<f64>,
    /// Discharges whose second potential is missing, %.
    pub blocking_percent: f64,
    /// Pairs of consecutive discharges that the difference was taken over.
    pub pairs: usize,
}

impl Jitter {
    /// The one to report: MCD, unless it exceeds MSD by over 25 %, then MSD.
    pub fn reported_us(&self) -> f64 {
        match self.msd_us {
            Some(msd) if msd > 0.0 && self.mcd_us / msd > 1.25 => msd,
            _ => self.mcd_us,
        }
    }
}

/// Jitter from the interval (us) between the two potentials at each discharge, `None` where the second is
/// blocked, and optionally the interval (ms) to the discharge before. A block breaks the pair.
/// For stimulated recordings give the latency from the pulse instead; its MCD is that of one junction.
///
/// `None` without two consecutive discharges that both have both potentials. 50 to 100 discharges give the
/// MCD to about 7.5 %.
///
/// # Failure modes
/// A trigger on a spike that is itself two superposed ones, or a falsely matched spike, gives differences of hundreds of microseconds.
///
/// # Example
/// ```
/// use tonus_signal::measures::jitter::jitter;
/// // Differences of successive intervals of 20 us, and one block in six.
/// let intervals = [Some(500.0), Some(520.0), Some(500.0), None, Some(510.0), Some(530.0)];
/// let found = jitter(&intervals, None).unwrap();
/// assert_eq!(found.mcd_us, 20.0);
/// assert!((found.blocking_percent - 100.0 / 6.0).abs() < 1e-9);
/// ```
pub fn jitter(intervals_us: &[Option<f64>], preceding_ms: Option<&[f64]>) -> Option<Jitter> {
    let present: Vec<f64> = intervals_us.iter().flatten().copied().collect();
    if !measurable(&present, 1.0) {
        return None;
    }
    let differences: Vec<f64> = intervals_us.windows(2).filter_map(|w| Some((w[1]? - w[0]?).abs())).collect();
    let msd_us = preceding_ms.and_then(|before| {
        let mut order: Vec<(f64, f64)> = before
            .iter()
            .zip(intervals_us)
            .filter_map(|(&p, i)| Some((p, (*i)?)))
            .filter(|p| p.0.is_finite())
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        mean(&order.windows(2).map(|w| (w[1].1 - w[0].1).abs()).collect::<Vec<_>>())
    });
    Some(Jitter {
        mcd_us: mean(&differences)?,
        msd_us,
        blocking_percent: 100.0 * (intervals_us.len() - present.len()) as f64 / intervals_us.len() as f64,
        pairs: differences.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternating_interval() {
        let intervals: Vec<_> = (0..100).map(|i| Some(if i % 2 == 0 { 500.0 } else { 530.0 })).collect();
        let found = jitter(&intervals, None).unwrap();
        assert_eq!((found.mcd_us, found.blocking_percent, found.pairs), (30.0, 0.0, 99));
    }

    #[test]
    fn gaussian_jitter_is_1_128_times_root_two() {
        // Two independent spikes of SD s each, by sums of twelve uniforms from a fixed generator.
        let mut state = 1_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut gauss = || (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
        let intervals: Vec<_> = (0..20_000).map(|_| Some(500.0 + 20.0 * gauss() - 20.0 * gauss())).collect();
        let expected = 1.128 * std::f64::consts::SQRT_2 * 20.0;
        let found = jitter(&intervals, None).unwrap().mcd_us;
        assert!((found / expected - 1.0).abs() < 0.02, "{found} {expected}");
    }

    #[test]
    fn a_block_breaks_the_pair() {
        let found = jitter(&[Some(500.0), None, Some(900.0), Some(910.0)], None).unwrap();
        assert_eq!((found.mcd_us, found.blocking_percent, found.pairs), (10.0, 25.0, 1));
        assert_eq!(jitter(&[None, None], None), None);
    }

    #[test]
    fn sorting_removes_the_effect_of_rate() {
        let before: Vec<f64> =
            (0..50).map(|i| if i % 2 == 0 { 80.0 + f64::from(i) } else { 140.0 + f64::from(i) }).collect();
        let intervals: Vec<_> = before.iter().map(|p| Some(500.0 + p)).collect();
        let found = jitter(&intervals, Some(&before)).unwrap();
        assert!(found.mcd_us > 50.0 && found.msd_us.unwrap() < 5.0);
        assert_eq!(found.reported_us(), found.msd_us.unwrap());
    }
}
