//! Single units at slight effort: their potentials, firing rates, and the recruitment ratio.

use super::{
    median,
    motor_unit_potential::{MotorUnitPotential, motor_unit_potential},
    spike::{SpikeCriteria, SpikeTrain, intervals_s, irregularity, median_of, sort_by_shape},
};

/// Intervals beyond this are pauses, s: a unit that fires steadily does so at 4/s or more.
const PAUSE_S: f64 = 0.25;

/// Fewest discharges that make a train. Assumed: the mean of fewer sweeps still carries the other units.
const FEWEST: usize = 8;

/// Fewest discharges per second between a train's first and last, Hz: a unit that fires steadily does so at
/// 4 to 5/s or more, so a train with fewer is a fragment of one (its spikes were lost to superposition).
const FRAGMENT_HZ: f64 = 3.0;

/// One motor unit that was followed through the recording.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitTrain {
    /// Times of discharge, s.
    pub times_s: Vec<f64>,
    /// Average sweep around the discharges, in the signal's unit: 20 ms before to 30 ms after.
    pub sweep: Vec<f64>,
    /// The potential measured on that average, if it is one.
    pub potential: Option<MotorUnitPotential>,
    /// Firing rate while active: 1 / median of the intervals below 0.25 s, Hz.
    pub rate_hz: f64,
    /// Coefficient of variation of the intervals.
    pub irregularity: Option<f64>,
}

/// Finds the units of a needle recording in uV at slight effort, largest first.
///
/// Spikes are sorted by shape; a shape with at least eight discharges that do not follow each other within
/// 20 ms more than once in ten, and that average at least three a second from first to last, is a unit.
///
/// # Failure modes
/// Beyond about four active units superpositions hide
/// the smaller ones, and the count is too low.
///
/// # Example
/// ```
/// use tonus_signal::measures::spike::SpikeCriteria;
/// use tonus_signal::measures::unit_train::{recruitment_ratio_hz, unit_trains};
/// // One unit of 800 uV that fires ten times a second.
/// let rate_hz = 20_000.0;
/// let mut x = vec![0.0; 200_000];
/// for k in 0..98 {
///     for (i, v) in x[1_000 + 2_000 * k..][..40].iter_mut().enumerate() {
///         *v = -400.0 * libm::sin(std::f64::consts::TAU * i as f64 / 40.0);
///     }
/// }
/// let units = unit_trains(&x, rate_hz, &SpikeCriteria::motor_units_uv());
/// assert_eq!(units.len(), 1);
/// assert!((units[0].rate_hz - 10.0).abs() < 0.05);
/// assert!((recruitment_ratio_hz(&units).unwrap() - 10.0).abs() < 0.05);
/// ```
pub fn unit_trains(samples_uv: &[f64], rate_hz: f64, criteria: &SpikeCriteria) -> Vec<UnitTrain> {
    sort_by_shape(samples_uv, rate_hz, criteria)
        .into_iter()
        .filter_map(|train| unit(samples_uv, rate_hz, &train))
        .collect()
}

fn unit(samples: &[f64], rate_hz: f64, train: &SpikeTrain) -> Option<UnitTrain> {
    if train.at.len() < FEWEST {
        return None;
    }
    let intervals = intervals_s(&train.at, rate_hz);
    let doubled = intervals.iter().filter(|&&i| i < 0.020).count();
    let running: Vec<f64> = intervals.iter().copied().filter(|&i| (0.020..PAUSE_S).contains(&i)).collect();
    let span_s: f64 = intervals.iter().sum();
    if 10 * doubled > intervals.len() || running.len() < FEWEST / 2 || (intervals.len() as f64) < FRAGMENT_HZ * span_s {
        return None;
    }
    let sweep = average_sweep(samples, &train.at, (0.020 * rate_hz) as usize, (0.030 * rate_hz) as usize)?;
    Some(UnitTrain {
        times_s: train.at.iter().map(|&i| i as f64 / rate_hz).collect(),
        potential: motor_unit_potential(&sweep, rate_hz),
        sweep,
        rate_hz: 1.0 / median(&running)?,
        irregularity: irregularity(&running),
    })
}

/// Sample-wise median of the sweeps around the given places: it leaves out other units that happen to
/// fire nearby, which a mean would keep. `None` if no sweep lies wholly within the signal.
pub fn average_sweep(samples: &[f64], at: &[usize], before: usize, after: usize) -> Option<Vec<f64>> {
    let whole: Vec<usize> =
        at.iter().copied().filter(|&i| i >= before && i.saturating_add(after) < samples.len()).collect();
    if whole.is_empty() {
        return None;
    }
    let mut column = Vec::with_capacity(whole.len());
    let sweep = (0..=before + after)
        .map(|k| {
            column.clear();
            column.extend(whole.iter().map(|&i| samples[i - before + k]));
            median_of(&mut column)
        })
        .collect();
    Some(sweep)
}

/// Fastest firing rate over the number of units seen at the site, Hz per unit: up to 5 in health, more when
/// units are missing. Units count if their potential is at least 50 uV. `None` without units.
pub fn recruitment_ratio_hz(units: &[UnitTrain]) -> Option<f64> {
    let seen: Vec<&UnitTrain> = units.iter().filter(|u| u.potential.is_some_and(|p| p.amplitude_uv >= 50.0)).collect();
    let fastest = seen.iter().map(|u| u.rate_hz).max_by(f64::total_cmp)?;
    Some(fastest / seen.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 20_000.0;

    #[test]
    fn two_units_with_their_rates() {
        let mut x = vec![0.0; 200_000];
        for (from, step, size, length_ms) in [(0.1, 0.1, 800.0, 2.0), (0.13, 0.137, 250.0, 3.0)] {
            let mut at: f64 = from;
            while at < 9.9 {
                let start = (at * RATE) as usize;
                let n = (length_ms * RATE * 1e-3) as usize;
                for i in 0..n {
                    x[start + i] -= size * libm::sin(2.0 * std::f64::consts::PI * i as f64 / n as f64);
                }
                at += step;
            }
        }
        let units = unit_trains(&x, RATE, &SpikeCriteria::motor_units_uv());
        assert_eq!(units.len(), 2);
        assert!(
            (units[0].rate_hz - 10.0).abs() < 0.05 && (units[1].rate_hz - 7.3).abs() < 0.05,
            "{} {}",
            units[0].rate_hz,
            units[1].rate_hz
        );
        assert!((units[0].potential.unwrap().amplitude_uv - 1_600.0).abs() < 5.0);
        assert!((units[1].potential.unwrap().amplitude_uv - 500.0).abs() < 5.0);
        assert!((recruitment_ratio_hz(&units).unwrap() - 5.0).abs() < 0.03);
    }

    #[test]
    fn no_units() {
        assert!(unit_trains(&[0.0; 1_000], RATE, &SpikeCriteria::motor_units_uv()).is_empty());
        assert_eq!(recruitment_ratio_hz(&[]), None);
        assert_eq!(average_sweep(&[1.0, 2.0], &[5], 1, 1), None);
    }
}
