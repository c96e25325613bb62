//! Loss of motor neurons, and how far sprouting has made up for it.

use tonus_body::Muscle;
use tonus_physiology::math;

use super::{Injury, Shown};
use crate::Lesion;

/// Sprouts start at 4-10 days and work from 4-12 weeks (general knowledge, not read in a source): start and time constant, days.
const SPROUTING: (f64, f64) = (7.0, 45.0);
/// Fibrillation appears 10 days to 3 weeks after denervation (textbook: Preston & Shapiro): start and time constant, days.
const FIBRILLATION: (f64, f64) = (10.0, 7.0);
/// Complex repetitive discharges are a sign of long-standing denervation, six months and more (textbook: Preston & Shapiro); time constant assumed, days.
const EPHAPSES: (f64, f64) = (180.0, 365.0);

pub(super) fn neuron_loss(injury: &mut Injury<'_>) -> Shown {
    let denervation = Denervation::of(injury.lesion);
    injury.muscles(|muscle, s| {
        muscle.pool.survival *= 1.0 - s;
        denervation.follow(muscle);
    });
    Ok(())
}

pub(super) fn sprouting_limit(injury: &mut Injury<'_>) -> Shown {
    injury.muscles(|muscle, s| {
        let limit = &mut muscle.fibres.max_innervation_ratio;
        *limit = (*limit * (1.0 - s)).max(1.0_f64.min(*limit));
    });
    Ok(())
}

/// How far the consequences of a loss of units have come.
pub(super) struct Denervation {
    reinnervation: f64,
    fibrillation: f64,
    ephaptic: f64,
}

impl Denervation {
    /// By the age of the lesion's loss: fresh loss has neither sprouts nor fibrillation.
    pub(super) fn of(lesion: &Lesion) -> Self {
        let progress = |(start, tau): (f64, f64)| {
            lesion.mean_over_age(|age_days| {
                if age_days.is_infinite() { 1.0 } else { 1.0 - math::exp(-(age_days - start).max(0.0) / tau) }
            })
        };
        Self { reinnervation: progress(SPROUTING), fibrillation: progress(FIBRILLATION), ephaptic: progress(EPHAPSES) }
    }

    /// A muscle with two losses of units has the older one's sprouts.
    pub(super) fn follow(&self, muscle: &mut Muscle) {
        let fibres = &mut muscle.fibres;
        fibres.reinnervation = fibres.reinnervation.max(self.reinnervation);
        fibres.fibrillation = fibres.fibrillation.max(self.fibrillation);
        fibres.ephaptic = fibres.ephaptic.max(self.ephaptic);
    }
}
