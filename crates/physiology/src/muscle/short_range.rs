//! Short-range stiffness: attached cross-bridges resist the first stretch as a spring, then yield.
//!
//! d(strain)/dt = v,  -compression <= strain <= range;  s = k A strain      (tension s and attached share A in maximal forces)
//!
//! | symbol | meaning | unit | default |
//! |---|---|---|---|
//! | k | stiffness over attached force | 1/l0 | 280 |
//! | range | stretch at which the bridges yield | l0 | 0.0057 |
//! | compression | strain the other way, when fibres shorten | l0 | 0.0057 |
//! | yield_decay | decay of tension while stretched beyond the range | 1/s | 0 |
//! | renewal | renewal of the bridges of a muscle held still | 1/s | 0 |
//! | phi | movement that breaks the bonds of a relaxed muscle; 0: nothing does | l0 | 0 |
//! | tau | rest that forms them anew | s | 1.5 |
//!
//! The defaults are an elastic-plastic spring, whose tension stays once it slips and which never forgets. The bridges of De Groote,
//! Blum, Horslen & Ting 2018 (PLoS One 13:e0205763) are [`ShortRangeParameters::renewing`]: A is active force, tension is never
//! less than none, decays with 50 ms while stretched on, and a hold of about 1 s (or shortening) makes them as new.
//! **Thixotropy.** The bridges of relaxed muscle are loosened by movement and take seconds of rest to form anew (Lakie & Campbell 2019
//! J Appl Physiol 127:1790, abstract read): of those that base tone attaches a share S is formed, dS/dt = (1 - S)/tau - |v| S/phi; those of a
//! contraction cycle in a tenth of a second and are all there, s = k (A_tone S + A_active) strain. Those that form are without strain, which
//! lowers that of all (one strain stands for the mean), so that rest gives no energy back.
//!
//! Where it fails: rate dependence of the short range itself (Campbell & Lakie 1998) is not in it. Bridges that never break (phi = 0) rub as
//! much in a movement that goes on; base tone of knee, elbow and wrist was fitted to their pendulums with such, and breaking needs that fit
//! anew.

use serde::{Deserialize, Serialize};

use crate::math;

/// How attached cross-bridges resist stretch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShortRangeParameters {
    /// Stiffness over attached force, 1/l0.
    pub stiffness_per_l0: f64,
    /// Stretch at which they yield, optimal lengths.
    pub range_l0: f64,
    /// Strain the other way, when the fibres shorten, optimal lengths; 0: they only ever pull.
    pub compression_l0: f64,
    /// Decay of tension while stretched beyond the range, 1/s; 0: it stays.
    pub yield_decay_per_s: f64,
    /// Renewal of the bridges of a muscle held still, 1/s; 0: they never forget.
    pub renewal_per_s: f64,
    /// Movement that breaks the bonds of a relaxed muscle, optimal lengths; 0: they never break.
    #[serde(default)]
    pub breaking_l0: f64,
    /// Rest in which they form anew, s.
    #[serde(default = "forming_s")]
    pub forming_s: f64,
}

/// Rest that forms the bonds of a relaxed muscle, s: memory time of the relaxed wrist, 1-2 s (Lakie, Walsh & Wright 1984, abstract read).
fn forming_s() -> f64 {
    1.5
}

/// Short-range stiffness, 1/l0 per unit of attached cross-bridges; fitted to: the damping of a relaxed healthy knee pendulum
/// (De Groote et al. 2018 use the same number, from memory).
pub const STIFFNESS_PER_L0: f64 = 280.0;
/// Short range, optimal lengths (De Groote et al. 2018).
pub const RANGE_L0: f64 = 0.0057;
/// Decay of tension beyond the range, 1/s: 50 ms (De Groote et al. 2018, from memory).
const YIELD_DECAY_PER_S: f64 = 20.0;
/// Renewal in a muscle held still, 1/s: about 1 s (De Groote et al. 2018, from memory).
const RENEWAL_PER_S: f64 = 1.0;
/// Speed below which a muscle is held still, l0/s; assumed: a tenth of the slowest stretch examined (5 degrees/s at the ankle, 0.08 l0/s).
const STILL_L0_S: f64 = 0.008;

impl Default for ShortRangeParameters {
    fn default() -> Self {
        Self {
            stiffness_per_l0: STIFFNESS_PER_L0,
            range_l0: RANGE_L0,
            compression_l0: RANGE_L0,
            yield_decay_per_s: 0.0,
            renewal_per_s: 0.0,
            breaking_l0: 0.0,
            forming_s: forming_s(),
        }
    }
}

impl ShortRangeParameters {
    /// Bridges that yield, and renew themselves when held (De Groote et al. 2018).
    pub fn renewing() -> Self {
        Self {
            compression_l0: 0.0,
            yield_decay_per_s: YIELD_DECAY_PER_S,
            renewal_per_s: RENEWAL_PER_S,
            ..Self::default()
        }
    }
}

/// Attached cross-bridges of one muscle, fractions of its maximal force.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Attached {
    /// Those of base tone, which movement breaks.
    pub tone: f64,
    /// Those of a contraction, which renew themselves.
    pub active: f64,
}

/// Where the attached cross-bridges of one muscle are now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShortRange {
    strain_l0: f64,
    /// Share of the bonds of base tone that movement has broken.
    #[serde(default)]
    broken: f64,
    #[serde(default)]
    yielded: bool,
    #[serde(default)]
    held_s: f64,
}

impl ShortRange {
    /// Bridges as new.
    pub fn new() -> Self {
        Self::default()
    }

    /// Strain, optimal lengths.
    pub fn strain_l0(&self) -> f64 {
        self.strain_l0
    }

    /// Fibres move at `velocity_l0_s` (lengthening positive) for `step_s`. Returns the tension of what is `attached`, in
    /// maximal forces; negative where the bridges are pushed together (less than the resting pull).
    pub fn stretch(&mut self, p: &ShortRangeParameters, attached: Attached, velocity_l0_s: f64, step_s: f64) -> f64 {
        let tension = self.strain(p, attached, velocity_l0_s, step_s);
        self.loosen(p, attached, velocity_l0_s.abs(), step_s);
        tension
    }

    /// The same without what the movement breaks.
    fn strain(&mut self, p: &ShortRangeParameters, attached: Attached, velocity_l0_s: f64, step_s: f64) -> f64 {
        let still = velocity_l0_s.abs() < STILL_L0_S;
        if p.renewal_per_s > 0.0 && still {
            self.held_s += step_s;
            self.strain_l0 *= math::exp(-p.renewal_per_s * step_s);
            self.yielded = self.yielded && self.held_s * p.renewal_per_s < 1.0;
        } else {
            self.held_s = 0.0;
        }
        if self.yielded && velocity_l0_s >= 0.0 {
            if !still {
                self.strain_l0 *= math::exp(-p.yield_decay_per_s * step_s);
            }
        } else {
            let strain = self.strain_l0 + velocity_l0_s * step_s;
            self.yielded = p.yield_decay_per_s > 0.0 && strain >= p.range_l0;
            self.strain_l0 = strain.max(-p.compression_l0).min(p.range_l0);
        }
        p.stiffness_per_l0 * self.formed(attached) * self.strain_l0
    }

    /// What of the attached is not broken, fraction of maximal force.
    fn formed(&self, attached: Attached) -> f64 {
        attached.tone * (1.0 - self.broken) + attached.active
    }

    /// Movement at `speed_l0_s` breaks bonds of base tone, rest forms them without strain.
    fn loosen(&mut self, p: &ShortRangeParameters, attached: Attached, speed_l0_s: f64, step_s: f64) {
        if p.breaking_l0 <= 0.0 {
            return;
        }
        let forming = 1.0 / p.forming_s.max(1e-3);
        let breaking = speed_l0_s / p.breaking_l0;
        let (formed, rate) = (1.0 - self.broken, forming + breaking);
        let kept = formed * math::exp(-breaking * step_s);
        let balance = forming / rate;
        let next = balance + (formed - balance) * math::exp(-rate * step_s);
        let of = |share: f64| attached.tone * share + attached.active;
        self.strain_l0 *= (of(kept) / of(next).max(f64::MIN_POSITIVE)).min(1.0);
        self.broken = 1.0 - next;
    }

    /// Tension that [`ShortRange::stretch`] by `change_l0` in `step_s` would give, and its slope over that change; nothing moves.
    pub fn after(&self, p: &ShortRangeParameters, attached: Attached, change_l0: f64, step_s: f64) -> (f64, f64) {
        let mut next = *self;
        let tension = next.strain(p, attached, change_l0 / step_s, step_s);
        let slips = next.yielded || next.strain_l0 >= p.range_l0 || next.strain_l0 <= -p.compression_l0;
        (tension, if slips { 0.0 } else { p.stiffness_per_l0 * self.formed(attached) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(share: f64) -> Attached {
        Attached { tone: share, active: 0.0 }
    }

    fn thixotropic() -> ShortRangeParameters {
        ShortRangeParameters { breaking_l0: 0.1, ..ShortRangeParameters::default() }
    }

    /// Tension after each millisecond of a course of velocities.
    fn course(p: &ShortRangeParameters, velocities: impl IntoIterator<Item = f64>) -> Vec<f64> {
        let mut bridges = ShortRange::new();
        velocities.into_iter().map(|v| bridges.stretch(p, tone(0.1), v, 1e-3)).collect()
    }

    #[test]
    fn tension_rises_with_stretch_to_the_range_and_is_proportional_to_what_is_attached() {
        let p = ShortRangeParameters::default();
        let t = course(&p, [0.5; 40]);
        assert!((t[3] / t[1] - 2.0).abs() < 1e-12);
        assert!((t[39] - 280.0 * 0.1 * 0.0057).abs() < 1e-12 && t[39] == t[20]);
        let (mut a, mut b) = (ShortRange::new(), ShortRange::new());
        assert_eq!(2.0 * a.stretch(&p, tone(0.02), 0.3, 1e-3), b.stretch(&p, tone(0.04), 0.3, 1e-3));
        assert_eq!(ShortRange::new().stretch(&p, tone(0.0), 1.0, 1e-3), 0.0);
    }

    #[test]
    fn what_a_stretch_would_give_is_what_it_gives() {
        for p in [ShortRangeParameters::default(), ShortRangeParameters::renewing(), thixotropic()] {
            let mut bridges = ShortRange::new();
            for i in 0..400 {
                let v = (f64::from(i) * 0.05).sin();
                let (foreseen, slope) = bridges.after(&p, tone(0.1), v * 1e-3, 1e-3);
                let further = bridges.after(&p, tone(0.1), v * 1e-3 + 1e-9, 1e-3).0;
                assert!((foreseen - bridges.stretch(&p, tone(0.1), v, 1e-3)).abs() < 1e-12);
                let kink = slope > 0.0 && (foreseen + slope * 1e-9 - further).abs() > 1e-12;
                assert!(!kink, "{i}: {slope}");
            }
        }
    }

    #[test]
    fn renewing_bridges_yield_decay_and_are_as_new_after_a_hold() {
        let p = ShortRangeParameters::renewing();
        let stretch = course(&p, [0.5; 200]);
        let peak = stretch.iter().fold(0.0_f64, |a, &b| a.max(b));
        assert!((peak - 280.0 * 0.1 * 0.0057).abs() < 1e-12);
        assert!((stretch[61] / peak - f64::exp(-1.0)).abs() < 0.05, "{}", stretch[61] / peak);
        let twice = |hold_ms: usize| {
            let still = std::iter::repeat_n(0.0, hold_ms);
            let t = course(&p, std::iter::repeat_n(0.5, 100).chain(still).chain([0.5; 100]));
            t[100 + hold_ms..].iter().fold(0.0_f64, |a, &b| a.max(b))
        };
        assert!((twice(1500) / peak - 1.0).abs() < 1e-9 && twice(300) < 0.5 * peak);
        // Shortening renews them too, and they never push.
        let back = course(&p, [0.5; 50].into_iter().chain([-0.5; 50]).chain([0.5; 50]));
        assert!(back.iter().all(|t| *t >= 0.0));
        assert!((back[100..].iter().fold(0.0_f64, |a, &b| a.max(b)) / peak - 1.0).abs() < 1e-9);
    }

    #[test]
    fn movement_breaks_bonds_and_rest_forms_them_whatever_the_step() {
        let p = thixotropic();
        let friction = |bridges: &ShortRange| bridges.clone().stretch(&p, tone(0.1), 2.0, 1e-2);
        let fresh = friction(&ShortRange::new());
        let (mut fine, mut coarse) = (ShortRange::new(), ShortRange::new());
        (0..300).for_each(|_| _ = fine.stretch(&p, tone(0.1), 1.0, 1e-3));
        _ = coarse.stretch(&p, tone(0.1), 1.0, 0.3);
        // Three times phi: 5 % left, and a fifteenth of a second's forming.
        assert!((0.04..0.12).contains(&(friction(&fine) / fresh)), "{}", friction(&fine) / fresh);
        assert!((friction(&fine) - friction(&coarse)).abs() < 1e-9 * fresh);
        let held = fine.stretch(&p, tone(0.1), 0.0, 1e-3);
        (0..1500).for_each(|_| _ = fine.stretch(&p, tone(0.1), 0.0, 1e-3));
        assert!(fine.stretch(&p, tone(0.1), 0.0, 1e-3) <= held * (1.0 + 1e-9) && held > 0.0);
        assert!((friction(&fine) / fresh - 0.65).abs() < 0.05, "{}", friction(&fine) / fresh);
    }

    #[test]
    fn movement_leaves_the_bridges_of_a_contraction() {
        let p = thixotropic();
        let after_movement = |attached: Attached| {
            let mut bridges = ShortRange::new();
            (0..300).for_each(|_| _ = bridges.stretch(&p, attached, 1.0, 1e-3));
            bridges.stretch(&p, attached, 1.0, 1e-3)
        };
        let (active, relaxed) = (after_movement(Attached { tone: 0.0, active: 0.1 }), after_movement(tone(0.1)));
        let whole = p.stiffness_per_l0 * 0.1 * p.range_l0;
        assert!((active - whole).abs() < 1e-12 && relaxed < 0.12 * whole, "{active} {relaxed} of {whole}");
        let both = after_movement(Attached { tone: 0.1, active: 0.1 });
        assert!((both - active - relaxed).abs() < 0.01 * whole, "{both}");
    }

    #[test]
    fn bridges_only_take_energy() {
        for p in [ShortRangeParameters::default(), ShortRangeParameters::renewing(), thixotropic()] {
            let mut bridges = ShortRange::new();
            let mut work = 0.0;
            for i in 0..5000 {
                let v = (f64::from(i) * 0.01).sin() * 0.6;
                work += bridges.stretch(&p, tone(0.01), v, 1e-3) * v * 1e-3;
                assert!(work > -1e-12);
            }
            assert!(work > 0.0);
        }
    }

    #[test]
    fn a_saved_state_goes_on_alike() {
        let p = ShortRangeParameters::renewing();
        let mut a = ShortRange::new();
        (0..30).for_each(|_| _ = a.stretch(&p, tone(0.1), 0.4, 1e-3));
        let saved = serde_json::to_string(&a).unwrap();
        let mut b: ShortRange = serde_json::from_str(&saved).unwrap();
        for v in [0.3, -0.2, 0.0, 0.0, 0.5] {
            assert_eq!(a.stretch(&p, tone(0.1), v, 1e-3).to_bits(), b.stretch(&p, tone(0.1), v, 1e-3).to_bits());
        }
    }
}
