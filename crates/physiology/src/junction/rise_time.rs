//! When an alpha-shaped endplate potential crosses the threshold.

/// Entries of the table.
const ENTRIES: usize = 256;

/// The root below 1 of `x e^(1-x) = threshold/peak`: the time of crossing as a share of the time to peak.
///
/// Tabulated against `sqrt(1 - ratio)`, in which it is smooth up to the peak; error below 1e-5.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RiseTime {
    share: Vec<f64>,
}

impl RiseTime {
    /// Builds the table.
    pub fn new() -> Self {
        let share = (0..=ENTRIES)
            .map(|i| {
                let u = i as f64 / ENTRIES as f64;
                root(1.0 - u * u)
            })
            .collect();
        Self { share }
    }

    /// Share of the time to peak at which the potential passes `ratio` of its peak, 0 < `ratio` < 1.
    pub fn share_of_peak_time(&self, ratio: f64) -> f64 {
        let position = (1.0 - ratio).clamp(0.0, 1.0).sqrt() * ENTRIES as f64;
        let whole = (position as usize).min(ENTRIES - 1);
        let (a, b) = (self.share[whole], self.share[whole + 1]);
        a + (position - whole as f64) * (b - a)
    }
}

/// Bisection; 60 halvings.
fn root(ratio: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let x: f64 = 0.5 * (low + high);
        if x * libm::exp(1.0 - x) < ratio { low = x } else { high = x }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_the_alpha_function() {
        let table = RiseTime::new();
        for i in 1..1000 {
            let ratio = f64::from(i) / 1000.0;
            let x = table.share_of_peak_time(ratio);
            assert!((x - root(ratio)).abs() < 1e-5, "{ratio} {x}");
        }
        assert_eq!(table.share_of_peak_time(1.0), root(1.0));
        assert!(table.share_of_peak_time(0.0) < 1e-9);
    }
}
