//! What every fibre of a population does in every segment of its path: slowness, scatter, block.

use super::segment::NerveSegment;
use super::velocity::velocity_m_s;
use crate::math;
use crate::random::Seed;

/// Velocity of the terminal branches relative to the stem (0.5-0.6: residual latency of human motor nerve, textbook value).
pub const TERMINAL_TAPER: f64 = 0.55;

/// Length over which motor axons run as terminal branches where no distal latency tells more, m (2-3 cm: same source as [`TERMINAL_TAPER`]).
pub const TERMINAL_LENGTH_M: f64 = 0.03;

/// Slowness of every fibre in every segment; the draws of a fibre in a segment depend on neither the others nor the lesion.
#[derive(Clone, Debug, PartialEq)]
pub struct FibrePaths {
    lengths_m: Vec<f64>,
    /// Fibre by fibre, segment by segment, ms/m; infinite where the impulse fails.
    slowness_ms_m: Vec<f64>,
}

impl FibrePaths {
    /// Paths of fibres of these diameters (um) through `segments`.
    ///
    /// The velocity factor of a fibre is `velocity_factor * exp(velocity_scatter * z)`, never above 1 (a lesion
    /// does not speed a fibre up); its impulse fails where its uniform draw is below `block`, so that the fibres
    /// blocked by a mild lesion are a subset of those blocked by a severe one. A velocity factor of 0 fails too.
    pub fn new(diameters_um: &[f64], segments: &[NerveSegment], seed: Seed) -> Self {
        let seeds: Vec<Seed> = segments
            .iter()
            .enumerate()
            .map(|(s, segment)| {
                let namesakes = segments[..s].iter().filter(|other| other.name == segment.name).count();
                seed.child("segment").child(&segment.name).index(namesakes)
            })
            .collect();
        let mut slowness_ms_m = Vec::with_capacity(diameters_um.len() * segments.len());
        for (fibre, &diameter_um) in diameters_um.iter().enumerate() {
            for (segment, seed) in segments.iter().zip(&seeds) {
                slowness_ms_m.push(slowness(diameter_um, segment, seed.index(fibre)));
            }
        }
        Self { lengths_m: segments.iter().map(|s| s.length_m.max(0.0)).collect(), slowness_ms_m }
    }

    /// Number of segments.
    pub fn segments(&self) -> usize {
        self.lengths_m.len()
    }

    /// Length of a segment, m.
    pub fn length_m(&self, segment: usize) -> f64 {
        self.lengths_m[segment]
    }

    /// Velocity of a fibre in a segment, m/s; `None` if its impulse fails there.
    pub fn velocity_m_s(&self, fibre: usize, segment: usize) -> Option<f64> {
        let slowness = self.row(fibre)[segment];
        slowness.is_finite().then_some(1000.0 / slowness)
    }

    /// Time through one whole segment, ms; infinite if the impulse fails there.
    pub fn delay_ms(&self, fibre: usize, segment: usize) -> f64 {
        self.row(fibre)[segment] * self.lengths_m[segment]
    }

    /// Time over the first `distance_m` of the path, ms; infinite if the impulse fails in a segment that is entered.
    ///
    /// Past the end of the path the last segment goes on.
    pub fn delay_over_ms(&self, fibre: usize, distance_m: f64) -> f64 {
        let row = self.row(fibre);
        let mut left_m = distance_m;
        let mut time_ms = 0.0;
        for (segment, (&slowness, &length_m)) in row.iter().zip(&self.lengths_m).enumerate() {
            if left_m <= 0.0 {
                break;
            }
            let here_m = if segment + 1 == row.len() { left_m } else { left_m.min(length_m) };
            if here_m > 0.0 {
                time_ms += slowness * here_m;
            }
            left_m -= here_m;
        }
        time_ms
    }

    fn row(&self, fibre: usize) -> &[f64] {
        let n = self.lengths_m.len();
        &self.slowness_ms_m[fibre * n..(fibre + 1) * n]
    }

    /// Slows the terminal branches: the last `terminal_m` of the last segment run at [`TERMINAL_TAPER`].
    pub(super) fn with_terminal_branches(mut self, terminal_m: f64) -> Self {
        let n = self.lengths_m.len();
        let Some(&last_m) = self.lengths_m.last() else {
            return self;
        };
        if last_m > 0.0 {
            let share = (terminal_m / last_m).min(1.0);
            let factor = 1.0 - share + share / TERMINAL_TAPER;
            self.slowness_ms_m.iter_mut().skip(n - 1).step_by(n).for_each(|slowness| *slowness *= factor);
        }
        self
    }
}

fn slowness(diameter_um: f64, segment: &NerveSegment, seed: Seed) -> f64 {
    let healthy = velocity_m_s(diameter_um, segment.temperature_c);
    let blocked = segment.block > 0.0 && seed.stream("block").uniform() < segment.block;
    let mut factor = segment.velocity_factor;
    if segment.velocity_scatter > 0.0 {
        let scattered = factor * math::exp(segment.velocity_scatter * seed.stream("velocity").normal());
        factor = scattered.min(factor.max(1.0));
    }
    let velocity = healthy * factor;
    if blocked || velocity.is_nan() || velocity <= 0.0 { f64::INFINITY } else { 1000.0 / velocity }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment() -> NerveSegment {
        NerveSegment::healthy("forearm", 0.2, 34.5)
    }

    #[test]
    fn blocks_are_nested_between_severities() {
        let diameters = vec![10.0; 400];
        let blocked = |block: f64| -> Vec<bool> {
            let paths = FibrePaths::new(&diameters, &[NerveSegment { block, ..segment() }], Seed::new(3));
            (0..400).map(|f| paths.velocity_m_s(f, 0).is_none()).collect()
        };
        let mut milder = blocked(0.0);
        assert!(milder.iter().all(|b| !b));
        for severity in [0.1, 0.3, 0.6, 0.9, 1.0] {
            let now = blocked(severity);
            assert!(milder.iter().zip(&now).all(|(m, n)| !m || *n));
            let share = now.iter().filter(|b| **b).count() as f64 / 400.0;
            assert!((share - severity).abs() < 0.08, "{severity} {share}");
            milder = now;
        }
    }

    #[test]
    fn no_scatter_leaves_the_bits_and_scatter_keeps_the_median() {
        let diameters = vec![10.0; 1001];
        let slow = |velocity_scatter: f64| {
            let s = NerveSegment { velocity_factor: 0.4, velocity_scatter, ..segment() };
            FibrePaths::new(&diameters, &[s], Seed::new(3))
        };
        let uniform = slow(0.0);
        let expected = 1000.0 / (velocity_m_s(10.0, 34.5) * 0.4);
        assert!((0..1001).all(|f| uniform.row(f)[0].to_bits() == expected.to_bits()));
        let scattered = slow(0.3);
        let mut v: Vec<f64> = (0..1001).filter_map(|f| scattered.velocity_m_s(f, 0)).collect();
        v.sort_by(f64::total_cmp);
        assert!((v[500] * expected / 1000.0 - 1.0).abs() < 0.04, "{}", v[500]);
        let spread = math::ln(v[841] / v[159]) / 2.0;
        assert!((spread - 0.3).abs() < 0.04, "{spread}");
    }

    #[test]
    fn partial_distances_add_up() {
        let mut hand = NerveSegment::healthy("hand", 0.1, 32.0);
        hand.velocity_factor = 0.5;
        let paths = FibrePaths::new(&[9.0], &[hand, segment()], Seed::new(1));
        let whole = paths.delay_ms(0, 0) + paths.delay_ms(0, 1);
        assert!((paths.delay_over_ms(0, 0.3) - whole).abs() < 1e-12);
        assert!((paths.delay_over_ms(0, 0.2) - paths.delay_ms(0, 0) - 0.5 * paths.delay_ms(0, 1)).abs() < 1e-12);
        assert_eq!(paths.delay_over_ms(0, 0.0), 0.0);
    }
}
