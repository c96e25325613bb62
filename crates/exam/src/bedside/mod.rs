//! The bedside: tone, reflexes, strength, tremor, coordination.

pub mod elbow_stretch;
pub mod knee_pendulum;
pub mod reach;
pub mod rest_tremor;
pub mod strength;
pub mod tendon_reflex;

use crate::Item;

/// Items of the bedside, in the order of an examination.
pub fn items() -> Vec<Item> {
    vec![
        knee_pendulum::ITEM,
        elbow_stretch::ITEM,
        tendon_reflex::KNEE,
        tendon_reflex::BICEPS,
        tendon_reflex::ANKLE,
        strength::ELBOW_FLEXION,
        strength::FINGER_ABDUCTION,
        strength::KNEE_EXTENSION,
        strength::ANKLE_DORSIFLEXION,
        rest_tremor::ITEM,
        reach::ITEM,
    ]
}

/// Index of the flexors in everything a limb gives.
pub(crate) const FLEXOR: usize = 0;
/// Index of the extensors.
pub(crate) const EXTENSOR: usize = 1;
/// Rate of mechanical traces, Hz (the limb's own step).
pub(crate) const TRACE_HZ: f64 = 1000.0;
