//! The nerve-and-muscle laboratory: conduction, repetitive stimulation, needle, surface EMG.

pub mod blink_reflex;
pub mod cmap_scan;
pub mod fatigue_spectrum;
pub mod h_reflex;
pub mod interference;
pub mod jitter;
pub mod macro_emg;
pub mod motor_conduction;
pub mod mune_multipoint;
pub mod mune_spike_triggered;
pub mod munix;
pub mod needle;
pub mod repetitive_stimulation;
pub mod sensory_conduction;
mod steady_effort;
pub mod surface_emg;
mod surface_pair;

use tonus_physiology::nerve::cooling::TABLE_SKIN_C;

use crate::Item;
use crate::item::ParameterInfo;

/// Temperature of the limb studied.
const SKIN_TEMPERATURE: ParameterInfo = ParameterInfo {
    name: "temperature_c",
    unit: "C",
    default: TABLE_SKIN_C,
    low: 20.0,
    high: 38.0,
    whole: false,
    meaning: "skin of a limb cooled or warmed through",
};

/// Items of the laboratory that everybody is given, in the order of an examination.
pub fn items() -> Vec<Item> {
    vec![
        motor_conduction::MEDIAN,
        motor_conduction::ULNAR,
        motor_conduction::RADIAL,
        motor_conduction::FIBULAR,
        motor_conduction::TIBIAL,
        sensory_conduction::MEDIAN,
        sensory_conduction::ULNAR,
        sensory_conduction::RADIAL,
        sensory_conduction::SURAL,
        sensory_conduction::SUPERFICIAL_FIBULAR,
        h_reflex::SOLEUS,
        repetitive_stimulation::ULNAR,
        repetitive_stimulation::ACCESSORY,
        needle::FIRST_DORSAL_INTEROSSEOUS,
        needle::TIBIALIS_ANTERIOR,
    ]
}

/// Items done for a question of their own, and only if they are asked for: long, or of many signals.
pub fn special_items() -> Vec<Item> {
    let one_by_one = [
        motor_conduction::ULNAR_FIRST_DORSAL_INTEROSSEOUS,
        motor_conduction::FACIAL,
        h_reflex::FLEXOR_CARPI_RADIALIS,
        blink_reflex::SUPRAORBITAL,
        repetitive_stimulation::FACIAL,
        jitter::EXTENSOR_DIGITORUM,
        cmap_scan::MEDIAN,
        cmap_scan::ULNAR,
        cmap_scan::FIBULAR,
        munix::ABDUCTOR_POLLICIS_BREVIS,
        munix::ABDUCTOR_DIGITI_MINIMI,
        munix::TIBIALIS_ANTERIOR,
        mune_multipoint::ABDUCTOR_POLLICIS_BREVIS,
        mune_multipoint::ABDUCTOR_DIGITI_MINIMI,
        mune_spike_triggered::TIBIALIS_ANTERIOR,
        jitter::SINGLE_FIBRE_EXTENSOR_DIGITORUM,
        jitter::FRONTALIS_CONCENTRIC,
        jitter::ORBICULARIS_OCULI,
        jitter::STIMULATED_EXTENSOR_DIGITORUM,
        interference::BICEPS_BRACHII,
        interference::TIBIALIS_ANTERIOR,
        interference::FIRST_DORSAL_INTEROSSEOUS,
        macro_emg::BICEPS_BRACHII,
        macro_emg::VASTUS_LATERALIS,
        macro_emg::TIBIALIS_ANTERIOR,
        surface_emg::BICEPS_BRACHII,
        fatigue_spectrum::BICEPS_BRACHII,
    ];
    one_by_one.into_iter().chain(needle::ANY_MUSCLE.iter().copied()).collect()
}
