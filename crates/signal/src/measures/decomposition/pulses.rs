//! The discharges in a source: its high peaks, parted from the low ones.

/// Discharges of a source and how well they stand out.
pub(super) struct Pulses {
    /// Samples of the discharges, in order.
    pub at: Vec<usize>,
    /// Silhouette: how much nearer the discharges' peaks lie to their own mean than to that of the rest, in squared distances, 0 to 1.
    pub silhouette: f64,
}

/// Least time between two peaks, s: no motor neuron of a steady contraction fires again within it (doublets apart, of which one is kept).
const REFRACTORY_S: f64 = 0.010;
/// Rounds of two-class k-means; it settles in a few.
const ROUNDS: usize = 50;

/// Parts the peaks of the squared source, on the side it is lopsided to, into two classes by k-means; `None` where there are not two.
pub(super) fn pulses(source: &[f32], rate_hz: f64) -> Option<Pulses> {
    let cubes: f64 = source.iter().map(|s| f64::from(*s).powi(3)).sum();
    let square: Vec<f64> = source.iter().map(|s| (f64::from(*s) * cubes.signum()).max(0.0).powi(2)).collect();
    let peaks = peaks(&square, ((REFRACTORY_S * rate_hz).round() as usize).max(1));
    let heights: Vec<f64> = peaks.iter().map(|k| square[*k]).collect();
    let (high, centres) = two_classes(&heights)?;
    let (mut within, mut between) = (0.0, 0.0);
    for (h, _) in heights.iter().zip(&high).filter(|(_, high)| **high) {
        within += (h - centres.1).powi(2);
        between += (h - centres.0).powi(2);
    }
    let silhouette = if between > 0.0 { (between - within) / between.max(within) } else { 0.0 };
    let at = peaks.into_iter().zip(high).filter_map(|(k, high)| high.then_some(k)).collect();
    Some(Pulses { at, silhouette })
}

/// Whether each value belongs to the higher of two classes, and the means of the two; `None` if one stays empty.
fn two_classes(values: &[f64]) -> Option<(Vec<bool>, (f64, f64))> {
    let (mut low, mut high) = (0.0, values.iter().copied().fold(0.0, f64::max));
    let mut classes = Vec::new();
    for _ in 0..ROUNDS {
        classes = values.iter().map(|x| x - low > high - x).collect();
        let count = classes.iter().filter(|c| **c).count();
        if count == 0 || count == values.len() {
            return None;
        }
        let sum = |of: bool| values.iter().zip(&classes).filter(|(_, c)| **c == of).map(|(x, _)| x).sum::<f64>();
        let next = (sum(false) / (values.len() - count) as f64, sum(true) / count as f64);
        if next == (low, high) {
            break;
        }
        (low, high) = next;
    }
    Some((classes, (low, high)))
}

/// Local maxima, the higher ones first taken, none nearer to another than `apart`.
fn peaks(x: &[f64], apart: usize) -> Vec<usize> {
    let mut maxima: Vec<usize> =
        (1..x.len().saturating_sub(1)).filter(|&i| x[i] > x[i - 1] && x[i] >= x[i + 1]).collect();
    maxima.sort_by(|a, b| x[*b].total_cmp(&x[*a]).then(a.cmp(b)));
    let mut taken = vec![false; x.len()];
    let mut kept: Vec<usize> = maxima
        .into_iter()
        .filter(|&i| {
            let free = !taken[i.saturating_sub(apart - 1)..(i + apart).min(x.len())].contains(&true);
            taken[i] |= free;
            free
        })
        .collect();
    kept.sort_unstable();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tall_peaks_are_parted_from_the_noise() {
        let mut source = vec![0.0_f32; 4_000];
        for (i, s) in source.iter_mut().enumerate() {
            *s = 0.1 * libm::sin(0.9 * i as f64) as f32;
        }
        let at: Vec<usize> = (1..20).map(|k| 200 * k).collect();
        at.iter().for_each(|k| source[*k] = -5.0);
        let found = pulses(&source, 2_000.0).expect("two classes");
        assert_eq!(found.at, at);
        assert!(found.silhouette > 0.99, "{}", found.silhouette);
        assert!(pulses(&[0.0; 100], 2_000.0).is_none());
        assert!(pulses(&[1.0], 2_000.0).is_none());
    }
}
