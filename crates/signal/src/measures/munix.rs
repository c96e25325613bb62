//! Motor unit number index: one compound potential and the surface interference pattern at graded efforts (Nandedkar et al. 2004, 2010).
//!
//! If all units had one potential and never overlapped in voluntary effort, the CMAP would be N of them at once and the pattern some
//! of them one after another. With `area` the integral of |x| and `power` that of x^2,
//!
//! ```text
//! ICMUC = (CMAP power x SIP area)/(CMAP area x SIP power)     "ideal case motor unit count" of one epoch
//! ICMUC = A (SIP area)^alpha                                  least squares of the logarithms over the epochs
//! MUNIX = A 20^alpha,    MUSIX = CMAP amplitude/MUNIX
//! ```
//!
//! Epochs count whose area is above 20 mV ms, whose ICMUC is below 100, and whose area is above that of the CMAP. The area of an epoch
//! grows with its length, so epochs of one length (300-500 ms) belong to one index.
//!
//! A dense pattern is Gaussian noise, whose area over a time T is `sqrt(2/pi) T rms`. Then `ICMUC = (2/pi) T (CMAP power/CMAP area)/(SIP area)`:
//! the exponent is -1 and the index is that of the CMAP alone, whatever the number of units. Only epochs in which potentials still stand apart
//! carry anything of the number.
//!
//! Where it fails: it is no count. Smaller potentials lower it at the same number of units, since 20 mV ms then hold more of them
//! (a modified index puts a share of the CMAP in its place: Li, Nandedkar & Zhou 2016); in health it follows the CMAP more than the number.
//! Where even full effort does not fill 20 mV ms there is no index.
//!
//! ```
//! use tonus_signal::measures::munix::{Content, munix};
//! let cmap = Content { area: 60.0, power: 300.0 };
//! // Potentials that overlap ever more: the power grows with the square of the area.
//! let epochs = [100.0, 200.0, 300.0].map(|area| Content { area, power: area * area / 1000.0 });
//! let found = munix(cmap, 10.0, &epochs).expect("three epochs");
//! assert!((found.exponent + 1.0).abs() < 1e-9 && (found.index - 250.0).abs() < 1e-6);
//! assert!((found.size_uv - 40.0).abs() < 1e-6);
//! ```

use super::measurable;

/// Area of an epoch at which the index is read and below which an epoch does not count, mV ms (Nandedkar et al. 2010).
pub const REFERENCE_AREA_MV_MS: f64 = 20.0;
/// ICMUC from which an epoch does not count (same).
const LARGEST_COUNT: f64 = 100.0;
/// Fewest epochs that a line is drawn through (assumed: two points make a line without a residual).
const FEWEST: usize = 3;

/// Area and power of a signal about its baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Content {
    /// Integral of |x|, mV ms.
    pub area: f64,
    /// Integral of x^2, mV2 ms.
    pub power: f64,
}

/// A motor unit number index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Munix {
    /// MUNIX.
    pub index: f64,
    /// MUSIX: CMAP amplitude over the index, uV.
    pub size_uv: f64,
    /// alpha.
    pub exponent: f64,
    /// Epochs that counted.
    pub epochs: usize,
}

/// Area and power of samples in mV about a baseline; `None` if there are none or they cannot be measured.
pub fn content(samples_mv: &[f64], baseline_mv: f64, rate_hz: f64) -> Option<Content> {
    if samples_mv.is_empty() || !measurable(samples_mv, rate_hz) || !measurable(&[baseline_mv], rate_hz) {
        return None;
    }
    let step_ms = 1e3 / rate_hz;
    let sums = samples_mv.iter().map(|x| x - baseline_mv).fold((0.0, 0.0), |(a, p), x| (a + x.abs(), p + x * x));
    Some(Content { area: sums.0 * step_ms, power: sums.1 * step_ms })
}

/// The index of a CMAP (amplitude baseline to negative peak, mV) and epochs of interference pattern; `None` where fewer than three
/// epochs count or all of them have the same area.
///
/// # Failure modes
/// An index, not a count: phase cancellation at higher effort is taken into account by the exponent only as far as it follows a power law.
///
/// # Example
/// ```
/// use tonus_signal::measures::munix::{Content, munix};
/// // Epochs of rising effort whose power grows with their area.
/// let epochs: Vec<Content> = (1..=10).map(|k| Content { area: 10.0 * f64::from(k), power: 0.5 * f64::from(k) }).collect();
/// let found = munix(Content { area: 15.0, power: 60.0 }, 10.0, &epochs).unwrap();
/// assert!((found.index - 80.0).abs() < 1.0);
/// ```
pub fn munix(cmap: Content, cmap_amplitude_mv: f64, epochs: &[Content]) -> Option<Munix> {
    let positive = |x: f64| x.is_finite() && x > 0.0;
    if !positive(cmap.area) || !positive(cmap.power) || !positive(cmap_amplitude_mv) {
        return None;
    }
    let points: Vec<(f64, f64)> = epochs
        .iter()
        .filter(|e| positive(e.power) && e.area > REFERENCE_AREA_MV_MS && e.area > cmap.area)
        .map(|e| (e.area, cmap.power * e.area / (cmap.area * e.power)))
        .filter(|(_, count)| *count < LARGEST_COUNT)
        .map(|(area, count)| (libm::log(area / REFERENCE_AREA_MV_MS), libm::log(count)))
        .collect();
    if points.len() < FEWEST {
        return None;
    }
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
    let square: f64 = points.iter().map(|p| (p.0 - x) * (p.0 - x)).sum();
    let cross: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    if square < 1e-12 {
        return None;
    }
    let exponent = cross / square;
    // At the reference area its logarithm over itself is nought.
    let index = libm::exp(y - exponent * x);
    let size_uv = 1e3 * cmap_amplitude_mv / index;
    (positive(index) && positive(size_uv)).then_some(Munix { index, size_uv, exponent, epochs: points.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CMAP: Content = Content { area: 60.0, power: 300.0 };

    /// An epoch of that area whose count is `coefficient` times the area to the power `exponent`.
    fn epoch(area: f64, coefficient: f64, exponent: f64) -> Content {
        Content { area, power: CMAP.power * area / (CMAP.area * coefficient * area.powf(exponent)) }
    }

    #[test]
    fn the_line_is_read_at_the_reference_area() {
        let epochs: Vec<Content> = (0..8).map(|k| epoch(70.0 + 40.0 * f64::from(k), 900.0, -0.6)).collect();
        let found = munix(CMAP, 9.0, &epochs).unwrap();
        assert!((found.exponent + 0.6).abs() < 1e-9 && found.epochs == 8, "{found:?}");
        assert!((found.index - 900.0 * 20.0_f64.powf(-0.6)).abs() < 1e-6, "{found:?}");
        assert!((found.size_uv * found.index - 9000.0).abs() < 1e-6);
    }

    #[test]
    fn epochs_outside_the_limits_do_not_count() {
        let good: Vec<Content> = (0..5).map(|k| epoch(80.0 + 50.0 * f64::from(k), 900.0, -0.6)).collect();
        let mut all = good.clone();
        all.push(epoch(19.0, 50.0, 0.0)); // too little activity
        all.push(epoch(59.0, 50.0, 0.0)); // less than the CMAP
        all.push(epoch(200.0, 101.0, 0.0)); // too many
        assert_eq!(munix(CMAP, 9.0, &all), munix(CMAP, 9.0, &good));
        assert_eq!(munix(CMAP, 9.0, &good[..2]), None);
        assert_eq!(munix(CMAP, 9.0, &[good[0]; 4]), None, "epochs of one area have no slope");
        assert_eq!(munix(Content { area: 0.0, power: 0.0 }, 9.0, &good), None);
    }

    #[test]
    fn of_a_dense_pattern_the_index_is_the_cmaps_alone() {
        // Normal numbers as sums of twelve uniform ones (SplitMix64's finaliser).
        let uniform = |k: u64| {
            let mut z = k.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        };
        let normal = |k: u64| (0..12).map(|j| uniform(12 * k + j)).sum::<f64>() - 6.0;
        let epochs: Vec<Content> = (0..8_u64)
            .map(|e| {
                let rms_mv = 0.3 + 0.1 * e as f64;
                let epoch: Vec<f64> = (0..4000).map(|k| rms_mv * normal(4000 * e + k)).collect();
                content(&epoch, 0.0, 8000.0).unwrap()
            })
            .collect();
        let found = munix(CMAP, 9.0, &epochs).unwrap();
        let expected = std::f64::consts::FRAC_2_PI * 500.0 * CMAP.power / CMAP.area / REFERENCE_AREA_MV_MS;
        assert!((found.exponent + 1.0).abs() < 0.03 && (found.index / expected - 1.0).abs() < 0.08, "{found:?}");
    }

    #[test]
    fn one_potential_alone_is_counted_ten_times_in_a_cmap_of_ten() {
        let unit: Vec<f64> = (0..100).map(|k| -libm::sin(f64::from(k) * 0.0628)).collect();
        let rate_hz = 10_000.0;
        let one = content(&unit, 0.0, rate_hz).unwrap();
        let ten = content(&unit.iter().map(|x| 10.0 * x).collect::<Vec<_>>(), 0.0, rate_hz).unwrap();
        assert!((ten.power / ten.area / (one.power / one.area) - 10.0).abs() < 1e-9);
        assert_eq!(content(&[f64::NAN], 0.0, rate_hz), None);
        assert_eq!(content(&[], 0.0, rate_hz), None);
    }
}
