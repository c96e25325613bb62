//! From effort (fraction of maximal voluntary force wanted) to the pool's command.
//!
//! The pool's command recruits motor neurons evenly, but motor unit forces span a hundredfold, so force is strongly convex in it.
//! The motor cortex codes force about linearly; this map is the inverse of the healthy pool's expected steady force
//!
//! F(u) = sum_i P_i phi(u - u_i),   phi(d) = min(0.88, 0.1 + 2.5 d) for d > 0,
//!
//! with P_i the healthy twitch forces and u_i the command that recruits unit i (even between 0.02 and 0.7). phi was fitted to the
//! steady force of a simulated pool of 300. It is made from health and never from what a lesion left: what the brain sends, not what
//! the muscle does.

use serde::{Deserialize, Serialize};

use crate::muscle::unit::{UnitModel, UnitParameters};

/// Commands that recruit the first and the last unit (the even recruitment of [`crate::cord::drive::DriveMap`]).
const RECRUITMENT: (f64, f64) = (0.02, 0.7);
/// Relative force of a unit at recruitment, its rise with command and its maximum (fitted: see above).
const UNIT_FORCE: (f64, f64, f64) = (0.1, 2.5, 0.88);
/// Points of the table.
const POINTS: usize = 129;

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
        let recruited = |i: usize| first + (last - first) * (i as f64 + 0.5) / units.max(1) as f64;
        let mut force: Vec<f64> = (0..POINTS)
            .map(|k| {
                let u = k as f64 / (POINTS - 1) as f64;
                (0..units)
                    .filter(|&i| u > recruited(i))
                    .map(|i| model.twitch(i) * (base + slope * (u - recruited(i))).min(most))
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
        let p = UnitParameters { twitch_range: 100.0, contraction_time_ms: 90.0, contraction_time_range: 3.0 };
        let map = EffortMap::new(&p, 300);
        assert_eq!((map.command(0.0), map.command(1.0), map.command(f64::NAN)), (0.0, 1.0, 0.0));
        let c: Vec<f64> = (1..=100).map(|i| map.command(f64::from(i) / 100.0)).collect();
        assert!(c.windows(2).all(|w| w[1] >= w[0]));
        assert!((0.15..0.3).contains(&c[0]), "{}", c[0]);
    }
}
