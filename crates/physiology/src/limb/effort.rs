//! From effort (fraction of maximal voluntary force wanted) to the pool's command.
//!
//! The pool's command recruits motor neurons evenly, but motor unit forces span a hundredfold, so force is strongly convex in it.
//! The motor cortex codes force about linearly; this map is the inverse of the healthy pool's expected steady force
//!
//! F(u) = sum_i P_i S(s x(u - u_i)),   S(x(d)) = min(0.88, 0.1 + 2.5 d) for d > 0,   s = (T/38.7 ms)^0.8
//!
//! with P_i the healthy twitch forces, u_i the command that recruits unit i (even between 0.02 and 0.7), S the relative force of a unit
//! at x = contraction time over interval, and T the mean contraction time of the muscle's units, weighted by force. x(d) was fitted to
//! the steady force of a simulated pool of 300 whose T is 38.7 ms (90 ms, range 3); slower units fuse at lower rates, and the power 0.8 was
//! fitted to first dorsal interosseous, elbow flexors and tibialis anterior. The map is made from health and never from what a lesion
//! left: what the brain sends, not what the muscle does.

use serde::{Deserialize, Serialize};

use crate::math;
use crate::muscle::unit::{UnitModel, UnitParameters, fusion_of, relative_force};

/// Commands that recruit the first and the last unit (the even recruitment of [`crate::cord::drive::DriveMap`]).
const RECRUITMENT: (f64, f64) = (0.02, 0.7);
/// Relative force of a unit at recruitment, its rise with command and its maximum (fitted: see above).
const UNIT_FORCE: (f64, f64, f64) = (0.1, 2.5, 0.88);
/// Contraction time of the pool they were fitted to, mean weighted by force, ms, and the power by which that of another counts
/// (fitted: see above).
const FITTED_CONTRACTION_MS: f64 = 38.7;
const CONTRACTION_POWER: f64 = 0.8;
/// Points of the table.
const POINTS: usize = 129;
/// Steps of the table of unit forces: linear between them is right to 1e-5.
const FUSION_STEPS: usize = 1000;

/// Effort to command for one healthy pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffortMap {
    /// Expected force at evenly spaced commands, fraction of that at command 1.
    force: Vec<f64>,
}

impl EffortMap {
    /// The map of a healthy pool of `units` with these twitches.
    pub fn new(parameters: &UnitParameters, units: usize) -> Self {
        let model = UnitModel::new(parameters, units, &[]);
        let (first, last) = RECRUITMENT;
        let (base, slope, most) = UNIT_FORCE;
        let whole: f64 = (0..units).map(|i| model.twitch(i)).sum();
        let time_ms = (0..units).map(|i| model.twitch(i) * model.contraction_time_ms(i)).sum::<f64>() / whole;
        let slowness = math::pow(time_ms / FITTED_CONTRACTION_MS, CONTRACTION_POWER);
        // Fusion of a unit driven to `fitted` of its force, from a table: a pool asks for it a hundred thousand times.
        let fused: Vec<f64> = (0..=FUSION_STEPS)
            .map(|k| relative_force(slowness * fusion_of(most * k as f64 / FUSION_STEPS as f64)))
            .collect();
        let at = |fitted: f64| {
            let place = fitted / most * FUSION_STEPS as f64;
            let below = (place as usize).min(FUSION_STEPS - 1);
            fused[below] + (place - below as f64) * (fused[below + 1] - fused[below])
        };
        let recruited = |i: usize| first + (last - first) * (i as f64 + 0.5) / units.max(1) as f64;
        let mut force: Vec<f64> = (0..POINTS)
            .map(|k| {
                let u = k as f64 / (POINTS - 1) as f64;
                (0..units)
                    .filter(|&i| u > recruited(i))
                    .map(|i| {
                        let fitted = (base + slope * (u - recruited(i))).min(most);
                        model.twitch(i) * at(fitted)
                    })
                    .sum()
            })
            .collect();
        let whole = force.last().copied().unwrap_or(0.0);
        if whole > 0.0 {
            force.iter_mut().for_each(|f| *f /= whole);
        }
        Self { force }
    }

    /// Command of the pool for an effort 0..1; 0 for 0 and 1 for 1.
    pub fn command(&self, effort: f64) -> f64 {
        if effort.is_nan() || effort <= 0.0 {
            return 0.0;
        }
        if effort >= 1.0 {
            return 1.0;
        }
        let above = self.force.partition_point(|&f| f < effort).clamp(1, POINTS - 1);
        let (low, high) = (self.force[above - 1], self.force[above]);
        let part = if high > low { (effort - low) / (high - low) } else { 1.0 };
        (above as f64 - 1.0 + part.clamp(0.0, 1.0)) / (POINTS - 1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_from_nothing_to_all_and_small_efforts_recruit_many_small_units() {
        let p =
            UnitParameters { twitch_range: 100.0, contraction_time_ms: 90.0, contraction_time_range: 3.0, poles: 2 };
        let map = EffortMap::new(&p, 300);
        assert_eq!((map.command(0.0), map.command(1.0), map.command(f64::NAN)), (0.0, 1.0, 0.0));
        let c: Vec<f64> = (1..=100).map(|i| map.command(f64::from(i) / 100.0)).collect();
        assert!(c.windows(2).all(|w| w[1] >= w[0]));
        assert!((0.15..0.3).contains(&c[0]), "{}", c[0]);
    }
}
