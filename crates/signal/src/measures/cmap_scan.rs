//! CMAP scan: the response of a muscle to a nerve stimulus that falls in several hundred small steps from above the strongest axon's
//! threshold to below the weakest's.
//!
//! | measure | definition | source |
//! |---|---|---|
//! | S5, S50, S95 | stimulus for that share of the maximal response, on the smoothed curve | usual in CMAP scans (QtracP prints them as `MScS5` ...) |
//! | D50 | least number of the largest differences between neighbouring sizes that make up half of the response | definition of QtracP's `MScD50`, reproduced within 12 % on 27 recorded scans |
//! | largest step | largest such difference, % of the maximum | same |
//! | STEPIX | number of steps that 80 % of the response would take at the mean size read from `difference = A ln(rank) + B` | read in the public code of K. E. Jones' laboratory |
//!
//! Fails where the scan does not reach its two plateaus: the sizes are then those of the part that was scanned.

use super::{LARGEST, median};
use crate::Recording;

/// Differences between neighbouring sizes below this are noise, mV (STEPIX's own limit: 2.5 times 8 uV).
const NOISE_STEP_MV: f64 = 0.02;
/// Share of the response that STEPIX's steps are to cover, %.
const COVERED_PERCENT: f64 = 80.0;
/// Stimuli within this factor of the strongest, or weakest, belong to its plateau.
const PLATEAU: f64 = 1.01;
/// Fewest stimuli that are a scan.
const FEWEST: usize = 50;

/// The stimuli of a scan and the sizes of their responses, in the order given.
#[derive(Clone, Debug, PartialEq)]
pub struct CmapScan {
    stimulus_ma: Vec<f64>,
    response_mv: Vec<f64>,
}

/// What is read off a scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CmapScanMeasures {
    /// Size of the response at the plateau of the strongest stimuli, mV.
    pub maximum_mv: f64,
    /// Stimulus for 5 % of it, mA.
    pub s5_ma: f64,
    /// For 50 %, mA.
    pub s50_ma: f64,
    /// For 95 %, mA.
    pub s95_ma: f64,
    /// Largest differences that make up half of the response.
    pub d50: usize,
    /// Largest difference, % of the maximum.
    pub largest_step_percent: f64,
    /// STEPIX; `None` if fewer than three differences rise out of the noise.
    pub stepix: Option<f64>,
}

impl CmapScan {
    /// A scan of as many stimuli (mA) as sizes (mV, positive).
    ///
    /// `None` if there are fewer than 50, if they are not as many as each other, if a stimulus is not above 0, or a number not finite.
    pub fn new(stimulus_ma: Vec<f64>, response_mv: Vec<f64>) -> Option<Self> {
        let fine = stimulus_ma.len() == response_mv.len()
            && stimulus_ma.len() >= FEWEST
            && stimulus_ma.iter().all(|i| *i > 1e-9 && *i < 1e9)
            && response_mv.iter().all(|y| y.abs() <= LARGEST);
        fine.then_some(Self { stimulus_ma, response_mv })
    }

    /// The scan in a recording of two channels of equal length: a stimulus in mA and a size in mV, one sample a stimulus.
    pub fn from_recording(recording: &Recording) -> Option<Self> {
        let of = |unit: &str| recording.channels.iter().find(|c| c.unit == unit).map(|c| c.samples.clone());
        Self::new(of("mA")?, of("mV")?)
    }

    /// Stimuli, mA.
    pub fn stimulus_ma(&self) -> &[f64] {
        &self.stimulus_ma
    }

    /// Sizes, mV.
    pub fn response_mv(&self) -> &[f64] {
        &self.response_mv
    }

    /// Responses at the plateau of the strongest stimuli, in the order given.
    pub fn top_mv(&self) -> Vec<f64> {
        let strongest = self.stimulus_ma.iter().copied().fold(0.0, f64::max);
        self.responses(|i| i * PLATEAU >= strongest)
    }

    /// Responses at the plateau of the weakest stimuli, in the order given.
    pub fn bottom_mv(&self) -> Vec<f64> {
        let weakest = self.stimulus_ma.iter().copied().fold(f64::INFINITY, f64::min);
        self.responses(|i| i <= weakest * PLATEAU)
    }

    fn responses(&self, at: impl Fn(f64) -> bool) -> Vec<f64> {
        self.stimulus_ma.iter().zip(&self.response_mv).filter(|(i, _)| at(**i)).map(|(_, y)| *y).collect()
    }

    /// Its measures; `None` if the strongest stimuli evoke no more than the noise.
    ///
    /// # Failure modes
    /// Fewer than some hundred stimuli leave steps between units unseen: a step is the difference of neighbouring currents. Fatigue or a moving
    /// electrode during the scan reads as steps of the plateau.
    ///
    /// # Example
    /// ```
    /// use tonus_signal::measures::cmap_scan::CmapScan;
    /// // Ten units of 0.8 mV, one more each 0.5 mA from 5 mA on, five stimuli at each current.
    /// let ma: Vec<f64> = (0..100).map(|k| 4.0 + 0.1 * f64::from(k)).collect();
    /// let mv: Vec<f64> = ma.iter().map(|i| 0.8 * ((i - 4.9) / 0.5).ceil().clamp(0.0, 10.0)).collect();
    /// let scan = CmapScan::new(ma, mv).unwrap().measures().unwrap();
    /// assert!((scan.maximum_mv - 8.0).abs() < 1e-9 && (scan.largest_step_percent - 10.0).abs() < 0.1);
    /// ```
    pub fn measures(&self) -> Option<CmapScanMeasures> {
        let maximum_mv = median(&self.top_mv())?;
        let differences = self.differences_mv();
        let total: f64 = differences.iter().sum();
        if maximum_mv <= NOISE_STEP_MV || total <= 0.0 {
            return None;
        }
        let bottom_mv = median(&self.bottom_mv())?;
        let at = |share: f64| self.stimulus_at(bottom_mv + share * (maximum_mv - bottom_mv));
        let mut covered = 0.0;
        let d50 = 1 + differences
            .iter()
            .take_while(|d| {
                covered += **d;
                covered <= 0.5 * total
            })
            .count();
        Some(CmapScanMeasures {
            maximum_mv,
            s5_ma: at(0.05),
            s50_ma: at(0.50),
            s95_ma: at(0.95),
            d50,
            largest_step_percent: 100.0 * differences[0] / maximum_mv,
            stepix: stepix(&differences, total),
        })
    }

    /// Differences between neighbours in the order of size, largest first, mV.
    fn differences_mv(&self) -> Vec<f64> {
        let mut sizes = self.response_mv.clone();
        sizes.sort_by(|a, b| b.total_cmp(a));
        let mut differences: Vec<f64> = sizes.windows(2).map(|pair| pair[0] - pair[1]).collect();
        differences.sort_by(|a, b| b.total_cmp(a));
        differences
    }

    /// Weakest stimulus above which the median of the next ten responses stays at or above `mv`.
    fn stimulus_at(&self, mv: f64) -> f64 {
        let mut points: Vec<(f64, f64)> =
            self.stimulus_ma.iter().copied().zip(self.response_mv.iter().copied()).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let smooth: Vec<(f64, f64)> = points
            .windows(SMOOTHED)
            .filter_map(|w| Some((w[SMOOTHED / 2].0, median(&w.iter().map(|p| p.1).collect::<Vec<_>>())?)))
            .collect();
        let below = smooth.iter().rposition(|p| p.1 < mv);
        match below {
            Some(k) if k + 1 < smooth.len() => {
                let (a, b) = (smooth[k], smooth[k + 1]);
                a.0 + (b.0 - a.0) * (mv - a.1) / (b.1 - a.1).max(f64::MIN_POSITIVE)
            }
            Some(_) => points[points.len() - 1].0,
            None => points[0].0,
        }
    }
}

/// Neighbouring stimuli whose responses' median is the smoothed curve.
const SMOOTHED: usize = 11;

/// STEPIX from the differences, largest first, and their sum, mV.
fn stepix(differences_mv: &[f64], total_mv: f64) -> Option<f64> {
    let large: Vec<f64> = differences_mv.iter().copied().take_while(|d| *d >= NOISE_STEP_MV).collect();
    if large.len() < 3 {
        return None;
    }
    // Least squares of difference on ln(rank).
    let n = large.len() as f64;
    let ranks: Vec<f64> = (1..=large.len()).map(|j| libm::log(j as f64)).collect();
    let (mean_x, mean_y) = (ranks.iter().sum::<f64>() / n, large.iter().sum::<f64>() / n);
    let cross: f64 = ranks.iter().zip(&large).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let square: f64 = ranks.iter().map(|x| (x - mean_x) * (x - mean_x)).sum();
    let slope = cross / square;
    if slope >= 0.0 {
        // All differences alike: each is a step.
        return Some(n);
    }
    let zero_at = libm::exp(-(mean_y - slope * mean_x) / slope).round();
    let count = zero_at.clamp(1.0, differences_mv.len() as f64);
    let sum: f64 = differences_mv[..count as usize].iter().sum();
    let mean_percent = 100.0 * sum / (total_mv * count);
    Some((COVERED_PERCENT / mean_percent).round().min(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A noiseless scan of equal units with thresholds evenly spread.
    pub(crate) fn staircase(units: usize, unit_mv: f64) -> CmapScan {
        let stimulus_ma: Vec<f64> = (0..600).map(|k| 20.0 - 0.02 * f64::from(k)).collect();
        let response_mv = stimulus_ma
            .iter()
            .map(|i| unit_mv * (0..units).filter(|u| *i > 10.0 + 8.0 * (*u as f64 + 0.5) / units as f64).count() as f64)
            .collect();
        CmapScan::new(stimulus_ma, response_mv).expect("a scan")
    }

    #[test]
    fn a_staircase_is_counted() {
        let m = staircase(40, 0.2).measures().expect("a response");
        assert!((m.maximum_mv - 8.0).abs() < 1e-9);
        assert_eq!(m.d50, 20);
        assert!((m.largest_step_percent - 2.5).abs() < 1e-6);
        assert!((m.s50_ma - 14.0).abs() < 0.15 && m.s5_ma < m.s50_ma && m.s50_ma < m.s95_ma, "{m:?}");
        assert_eq!(m.stepix, Some(40.0));
    }

    #[test]
    fn what_is_no_scan_is_refused_and_silence_has_no_measures() {
        assert_eq!(CmapScan::new(vec![1.0; 49], vec![1.0; 49]), None);
        assert_eq!(CmapScan::new(vec![1.0; 60], vec![1.0; 59]), None);
        assert_eq!(CmapScan::new(vec![0.0; 60], vec![1.0; 60]), None);
        assert_eq!(CmapScan::new(vec![1.0; 60], vec![f64::NAN; 60]), None);
        assert_eq!(CmapScan::new(vec![1.0; 60], vec![0.0; 60]).and_then(|s| s.measures()), None);
    }
}
