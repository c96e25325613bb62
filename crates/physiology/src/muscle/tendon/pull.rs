//! What the fibres on a tendon pull with in one step.

use super::VISCOSITY;
use crate::muscle::contraction::{
    ECCENTRIC_LIMIT, MAX_VELOCITY_L0_S, force_length_curve, force_velocity_curve, force_velocity_slope,
};

/// Fibres during a step of `step_s` that begins at length `before_l0`. `attached` gives the tension of the attached cross-bridges,
/// fraction of maximal force at optimal length, after a change of length (l0), and its slope over that.
pub(super) struct Pull<A> {
    pub(super) activation: f64,
    pub(super) attached: A,
    /// Active force-length factor that the joint gives; none: that of the fibres' own length.
    pub(super) reach: Option<f64>,
    pub(super) before_l0: f64,
    pub(super) step_s: f64,
}

/// Force along the fibres, maximal forces.
pub(super) struct Force {
    pub(super) total: f64,
    /// Slope of the total over fibre length at the end of the step, 1/l0.
    pub(super) slope: f64,
    /// The active part of the total.
    pub(super) active: f64,
}

impl<A: Fn(f64) -> (f64, f64)> Pull<A> {
    /// Force where the step ends at `length_l0`.
    pub(super) fn force(&self, length_l0: f64) -> Force {
        let per_l0 = 1.0 / (self.step_s * MAX_VELOCITY_L0_S);
        let change_l0 = length_l0 - self.before_l0;
        let v = change_l0 * per_l0;
        let raw = force_velocity_curve(v.clamp(-1.0, 1.0));
        let reach = self.reach.unwrap_or_else(|| force_length_curve(length_l0));
        let active = self.activation * reach * raw.clamp(0.0, ECCENTRIC_LIMIT);
        let slope = if raw > 0.0 && raw < ECCENTRIC_LIMIT && v.abs() < 1.0 { force_velocity_slope(v) } else { 0.0 };
        let (tension, stiffness) = (self.attached)(change_l0);
        Force {
            total: active + tension * reach + VISCOSITY * v,
            slope: (self.activation * reach * slope + VISCOSITY) * per_l0 + stiffness * reach,
            active,
        }
    }
}
