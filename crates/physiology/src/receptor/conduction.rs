//! Conduction of afferent impulses to the cord.
//!
//! Each axon has its own velocity, linear over the population; where the nerve conducts slowly, so do its afferents, each
//! by its own factor when the slowing is patchy. An impulse arrives a fixed delay after it starts.

use serde::{Deserialize, Serialize};

use crate::cord::circuit::AfferentSpike;
use crate::math;
use crate::nerve::segment::NerveSegment;
use crate::random::Seed;

/// Velocities of a class of afferents, m/s, first and last axon of the population.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct VelocityRange {
    /// First axon.
    pub first_m_s: f64,
    /// Last axon.
    pub last_m_s: f64,
}

/// Group Ia (62-67 m/s in the stance model of the ReMoto line, Elias, Watanabe & Kohn 2014).
pub const IA: VelocityRange = VelocityRange { first_m_s: 62.0, last_m_s: 67.0 };
/// Group Ib (58-65 m/s; assumed within the group I range).
pub const IB: VelocityRange = VelocityRange { first_m_s: 58.0, last_m_s: 65.0 };
/// Group II (0.5-0.6 of Ia; assumed linear).
pub const II: VelocityRange = VelocityRange { first_m_s: 30.0, last_m_s: 45.0 };

/// Longest delay held, ms; slower impulses are treated as arriving then (assumed: 1 m at 3 m/s).
const LONGEST_MS: f64 = 330.0;

/// Delay of every axon of a population to the cord.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AfferentPath {
    delay_ms: Vec<f64>,
}

impl AfferentPath {
    /// `count` axons over `length_m`, slowed as the motor nerve's `segments` are (weighted by their length). `scale` is the
    /// person's factor on fibre diameters (1 in the reference adult, less in a child).
    pub fn new(
        count: usize,
        velocity: VelocityRange,
        scale: f64,
        length_m: f64,
        segments: &[NerveSegment],
        seed: Seed,
    ) -> Self {
        let whole: f64 = segments.iter().map(|s| s.length_m).sum();
        let delay_ms = (0..count)
            .map(|i| {
                let rank = if count > 1 { i as f64 / (count - 1) as f64 } else { 0.0 };
                let v = scale * (velocity.first_m_s + (velocity.last_m_s - velocity.first_m_s) * rank);
                let mut slowness = 1.0;
                if whole > 0.0 {
                    let own = seed.index(i);
                    slowness = segments
                        .iter()
                        .enumerate()
                        .map(|(k, s)| {
                            let mut factor = s.velocity_factor.max(0.02);
                            if s.velocity_scatter > 0.0 {
                                let z = own.index(k).stream("velocity_scatter").normal();
                                factor = (factor * math::exp(s.velocity_scatter * z)).clamp(0.02, 1.0);
                            }
                            s.length_m / whole / factor
                        })
                        .sum();
                }
                (1e3 * length_m / v * slowness).min(LONGEST_MS)
            })
            .collect();
        Self { delay_ms }
    }

    /// Delay of one axon, ms.
    pub fn delay_ms(&self, axon: usize) -> f64 {
        self.delay_ms[axon]
    }

    /// Mean delay, ms; 0 for an empty population.
    pub fn mean_delay_ms(&self) -> f64 {
        if self.delay_ms.is_empty() {
            return 0.0;
        }
        self.delay_ms.iter().sum::<f64>() / self.delay_ms.len() as f64
    }

    /// Slots of one millisecond that hold every delay.
    fn slots(&self) -> usize {
        self.delay_ms.iter().fold(0.0_f64, |a, &b| a.max(b)) as usize + 3
    }
}

/// AfferentSpikes under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnderWay {
    slots: Vec<Vec<AfferentSpike>>,
    now: usize,
}

impl UnderWay {
    /// Nothing under way on `path`.
    pub fn new(path: &AfferentPath) -> Self {
        Self { slots: vec![Vec::new(); path.slots()], now: 0 }
    }

    /// Impulses start at their receptors in this millisecond.
    pub fn start(&mut self, path: &AfferentPath, impulses: &[AfferentSpike]) {
        for impulse in impulses {
            let at = path.delay_ms[impulse.axon as usize] + f64::from(impulse.offset_ms);
            let whole = at as usize;
            let slot = (self.now + whole) % self.slots.len();
            let offset_ms = ((at - whole as f64) as f32).min(0.999_999);
            self.slots[slot].push(AfferentSpike { axon: impulse.axon, offset_ms });
        }
    }

    /// AfferentSpikes that arrive at the cord in this millisecond.
    pub fn arriving(&self) -> &[AfferentSpike] {
        &self.slots[self.now]
    }

    /// To the next millisecond; what has arrived is forgotten.
    pub fn advance(&mut self) {
        self.slots[self.now].clear();
        self.now = (self.now + 1) % self.slots.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impulses_arrive_once_after_their_delay() {
        let segments = [NerveSegment::healthy("root", 0.4, 34.0)];
        let path = AfferentPath::new(10, IA, 1.0, 0.5, &segments, Seed::new(1));
        assert!((path.delay_ms(0) - 500.0 / 62.0).abs() < 1e-9 && (path.delay_ms(9) - 500.0 / 67.0).abs() < 1e-9);
        let mut way = UnderWay::new(&path);
        let mut arrivals = Vec::new();
        for ms in 0..30 {
            if ms == 3 {
                let all: Vec<AfferentSpike> = (0..10).map(|axon| AfferentSpike { axon, offset_ms: 0.5 }).collect();
                way.start(&path, &all);
            }
            arrivals.extend(way.arriving().iter().map(|i| (i.axon, f64::from(ms) + f64::from(i.offset_ms))));
            way.advance();
        }
        assert_eq!(arrivals.len(), 10);
        for (axon, t) in arrivals {
            assert!((t - 3.5 - path.delay_ms(axon as usize)).abs() < 1e-5);
        }
    }

    #[test]
    fn demyelination_slows_and_scatter_disperses() {
        let mut segments = [NerveSegment::healthy("root", 0.4, 34.0)];
        let healthy = AfferentPath::new(100, IA, 1.0, 0.5, &segments, Seed::new(1));
        segments[0].velocity_factor = 0.5;
        let slow = AfferentPath::new(100, IA, 1.0, 0.5, &segments, Seed::new(1));
        assert!((slow.mean_delay_ms() / healthy.mean_delay_ms() - 2.0).abs() < 1e-9);
        segments[0].velocity_scatter = 0.4;
        let patchy = AfferentPath::new(100, IA, 1.0, 0.5, &segments, Seed::new(1));
        let spread = |p: &AfferentPath| {
            (0..100).map(|i| p.delay_ms(i)).fold(0.0_f64, f64::max)
                - (0..100).map(|i| p.delay_ms(i)).fold(1e9, f64::min)
        };
        assert!(spread(&patchy) > 3.0 * spread(&slow));
    }
}
