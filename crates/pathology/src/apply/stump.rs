//! The distal stump of axons cut off from their neurons: it conducts for days, then fails.
//!
//! A fresh loss of axons is a cut: nothing passes it, but below it the axons still conduct at their old velocity, until first their
//! junctions and then the axons themselves fail, each all or none. So an acute loss is at first a conduction block at the cut, and turns
//! into a loss of axons as the stump fails. A nerve that dies back from its end leaves no stump.

use tonus_physiology::math;
use tonus_physiology::nerve::segment::NerveSegment;

use crate::place::Pattern;
use crate::{Lesion, Site};

/// Day after the cut on which an axon's last response is lost, mean and SD: the muscle's response falls from day 3 and is gone at
/// day 6-9, the sensory one's falls by half by day 7 and is gone at day 10-11 (Chaudhry & Cornblath 1992 Muscle Nerve 15:687, from
/// memory; means and SD fitted to that). In the baboon the muscle's goes at day 4-5, the nerve's 2-3 days later (Gilliatt & Hjorth 1972
/// J Neurol Neurosurg Psychiatry 35:335).
const MOTOR_FAILS_D: (f64, f64) = (5.0, 1.0);
const SENSORY_FAILS_D: (f64, f64) = (8.0, 1.2);

/// How much of an axon loss has reached the nerve below it.
pub(super) struct Stump {
    motor_failed: f64,
    sensory_failed: f64,
}

impl Stump {
    pub(super) fn of(lesion: &Lesion) -> Self {
        if lesion.place.has(Pattern::Distal) || lesion.place.has(Pattern::LengthDependent) {
            return Self { motor_failed: 1.0, sensory_failed: 1.0 };
        }
        let failed =
            |(mean, sd): (f64, f64)| {
                lesion.mean_over_age(|age_days| {
                    if age_days.is_infinite() { 1.0 } else { math::normal_cdf((age_days - mean) / sd) }
                })
            };
        Self { motor_failed: failed(MOTOR_FAILS_D), sensory_failed: failed(SENSORY_FAILS_D) }
    }

    /// A loss of `severity` of motor axons, cut at the first stretch (cord first) with a weight.
    pub(super) fn motor(&self, severity: f64, survival: &mut f64, segments: &mut [NerveSegment], weights: &[f64]) {
        let at = weights.iter().position(|w| *w > 0.0);
        lose(severity, self.motor_failed, survival, at.and_then(|at| segments.get_mut(at)));
    }

    /// A loss of sensory axons; the path is listed from the skin.
    pub(super) fn sensory(&self, severity: f64, survival: &mut f64, segments: &mut [NerveSegment], weights: &[f64]) {
        let at = weights.iter().rposition(|w| *w > 0.0);
        lose(severity, self.sensory_failed, survival, at.and_then(|at| segments.get_mut(at)));
    }
}

/// Stretch of a cut of which no place is named: the root of a root, the plexus below it, else the most proximal stretch (assumed).
pub(super) fn usual_cut(site: Site, stretches: usize) -> usize {
    if site == Site::Plexus { 1.min(stretches.saturating_sub(1)) } else { 0 }
}

/// `failed` of the lost axons no longer conduct anywhere, the others fail at the cut: `severity` in all.
fn lose(severity: f64, failed: f64, survival: &mut f64, cut: Option<&mut NerveSegment>) {
    let through = 1.0 - severity * failed;
    *survival *= through;
    if let Some(cut) = cut.filter(|_| failed < 1.0 && through > 0.0) {
        cut.block = 1.0 - (1.0 - cut.block) * (1.0 - severity) / through;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mechanism, TimeSpan};

    /// Survival and block at the cut, days after a loss of 0.8.
    fn after(days: f64) -> (f64, f64) {
        let lesion = Lesion::new(Site::PeripheralNerve, Mechanism::AxonLoss, 0.8).aged(TimeSpan::from_days(days));
        let mut segments = [NerveSegment::healthy("arm", 0.3, 35.0), NerveSegment::healthy("hand", 0.1, 34.0)];
        let mut survival = 1.0;
        Stump::of(&lesion).motor(0.8, &mut survival, &mut segments, &[1.0, 1.0]);
        assert_eq!(segments[1].block, 0.0);
        (survival, segments[0].block)
    }

    #[test]
    fn a_cut_blocks_at_once_and_its_stump_fails_within_days() {
        let (fresh, old) = (after(0.5), after(20.0));
        assert!(fresh.0 > 0.99 && (fresh.1 - 0.8).abs() < 0.01, "{fresh:?}");
        assert!((old.0 - 0.2).abs() < 1e-9 && old.1.abs() < 1e-9, "{old:?}");
        for days in [0.0, 2.0, 4.0, 5.0, 7.0] {
            let (survival, block) = after(days);
            assert!((survival * (1.0 - block) - 0.2).abs() < 1e-9, "{days}: {survival} {block}");
        }
    }

    #[test]
    fn dying_back_leaves_no_stump_and_sensory_fibres_outlast_motor_ones() {
        let mut lesion = Lesion::new(Site::PeripheralNerve, Mechanism::AxonLoss, 0.8).aged(TimeSpan::from_days(6.0));
        let stump = Stump::of(&lesion);
        assert!(stump.motor_failed > stump.sensory_failed + 0.5);
        lesion.place.patterns = vec![Pattern::Distal];
        assert_eq!(Stump::of(&lesion).sensory_failed, 1.0);
    }
}
