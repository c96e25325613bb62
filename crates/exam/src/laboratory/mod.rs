//! The nerve-and-muscle laboratory: conduction, repetitive stimulation, needle.

pub mod cmap_scan;
pub mod h_reflex;
pub mod motor_conduction;
pub mod needle;
pub mod repetitive_stimulation;
pub mod sensory_conduction;

use crate::Item;

/// Items of the laboratory, in the order of an examination.
pub fn items() -> Vec<Item> {
    vec![
        motor_conduction::ULNAR,
        sensory_conduction::ULNAR,
        sensory_conduction::SURAL,
        h_reflex::SOLEUS,
        h_reflex::FLEXOR_CARPI_RADIALIS,
        repetitive_stimulation::ULNAR,
        repetitive_stimulation::ACCESSORY,
        cmap_scan::MEDIAN,
        cmap_scan::ULNAR,
        cmap_scan::FIBULAR,
        needle::FIRST_DORSAL_INTEROSSEOUS,
        needle::TIBIALIS_ANTERIOR,
    ]
}
