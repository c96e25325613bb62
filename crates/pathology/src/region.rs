//! Names for muscles in `where`: the body's ids and the words for regions, from the most specific to the widest.

/// Muscles of the body with the words that cover each, most specific first, and the motor nerve.
const MUSCLES: &[(&str, &[&str], &str)] = &[
    ("first_dorsal_interosseous", &["thenar_side", "hand", "distal", "arm"], "ulnar"),
    ("palmar_interosseous", &["hand", "distal", "arm"], "ulnar"),
    ("abductor_digiti_minimi", &["hand", "distal", "arm"], "ulnar"),
    ("wrist_flexors", &["forearm", "distal", "arm"], "median"),
    ("wrist_extensors", &["forearm", "distal", "arm"], "radial"),
    ("elbow_flexors", &["upper_arm", "proximal_arm", "proximal", "arm"], "musculocutaneous"),
    ("elbow_extensors", &["upper_arm", "proximal_arm", "proximal", "arm"], "radial"),
    ("trapezius", &["neck", "shoulder", "proximal_arm", "proximal", "arm"], "accessory"),
    ("quadriceps", &["knee_extensors", "thigh", "proximal_leg", "proximal", "leg"], "femoral"),
    ("hamstrings", &["knee_flexors", "thigh", "proximal_leg", "proximal", "leg"], "sciatic"),
    ("tibialis_anterior", &["shin", "lower_leg", "distal", "leg"], "fibular"),
    ("plantarflexors", &["calf", "lower_leg", "distal", "leg"], "tibial"),
    ("soleus", &["calf", "lower_leg", "distal", "leg"], "tibial"),
    ("gastrocnemius_medialis", &["calf", "lower_leg", "distal", "leg"], "tibial"),
    ("abductor_pollicis_brevis", &["thenar_side", "hand", "distal", "arm"], "median"),
    ("flexor_carpi_radialis", &["forearm", "distal", "arm"], "median"),
    ("extensor_digitorum", &["forearm", "distal", "arm"], "radial"),
    ("finger_flexors", &["forearm", "distal", "arm"], "median"),
    ("biceps_brachii", &["upper_arm", "proximal_arm", "proximal", "arm"], "musculocutaneous"),
    ("vastus_lateralis", &["knee_extensors", "thigh", "proximal_leg", "proximal", "leg"], "femoral"),
    ("deltoid", &["shoulder", "proximal_arm", "proximal", "arm"], "axillary"),
    ("shoulder_adductors", &["shoulder", "proximal_arm", "proximal", "arm"], "thoracodorsal"),
    ("hip_flexors", &["hip", "proximal_leg", "proximal", "leg"], "lumbar_plexus"),
    ("hip_extensors", &["hip", "proximal_leg", "proximal", "leg"], "inferior_gluteal"),
    ("masseter", &["jaw", "bulbar"], "trigeminal"),
    ("digastric", &["jaw", "bulbar"], "trigeminal"),
    ("frontalis", &["face"], "facial"),
    ("orbicularis_oculi", &["face"], "facial"),
    ("genioglossus", &["tongue", "bulbar"], "hypoglossal"),
    ("sternocleidomastoid", &["neck_flexors", "neck", "proximal"], "accessory"),
    ("neck_extensors", &["neck", "proximal"], "dorsal_rami"),
    ("rectus_abdominis", &["trunk", "proximal"], "intercostal_nerve"),
    ("abdominal_wall", &["trunk", "proximal"], "intercostal_nerve"),
    ("erector_spinae", &["trunk", "proximal"], "dorsal_rami"),
    ("intercostals", &["intercostal", "trunk"], "intercostal_nerve"),
    ("diaphragm", &[], "phrenic"),
    ("extensor_digitorum_brevis", &["foot", "distal", "leg"], "fibular"),
    ("abductor_hallucis", &["foot", "distal", "leg"], "tibial"),
];

/// Parts that conditions name and the body does not have.
const ELSEWHERE: &[&str] = &["eyelid", "eye", "eyes", "throat", "spine"];

/// Sensory nerves of the body with the words that cover each.
const SENSORY: &[(&str, &[&str])] = &[
    ("median_digit_2", &["median", "hand", "arm"]),
    ("ulnar_digit_5", &["ulnar", "hand", "arm"]),
    ("superficial_radial", &["radial", "hand", "arm"]),
    ("sural", &["tibial", "foot", "leg"]),
    ("superficial_fibular", &["fibular", "foot", "leg"]),
    ("supraorbital", &["trigeminal"]),
];

/// Every word allowed in `muscles`.
pub(crate) fn muscle_words() -> Vec<&'static str> {
    let mut words: Vec<_> = MUSCLES
        .iter()
        .flat_map(|(id, words, _)| std::iter::once(*id).chain(words.iter().copied()))
        .chain(ELSEWHERE.iter().copied())
        .chain(["all", "others"])
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Every word allowed in `nerves`.
pub(crate) fn nerve_words() -> Vec<&'static str> {
    let mut words: Vec<_> = SENSORY
        .iter()
        .flat_map(|(id, words)| std::iter::once(*id).chain(words.iter().copied()))
        .chain(MUSCLES.iter().map(|(_, _, nerve)| *nerve))
        .chain(["all", "others"])
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Words that cover a muscle, most specific first; one the table does not know is of the arm or leg by its segments.
pub(crate) fn of_muscle(id: &str, is_leg: bool) -> Vec<&str> {
    let widest = if is_leg { "leg" } else { "arm" };
    let known = MUSCLES.iter().find(|(name, ..)| *name == id);
    std::iter::once(id)
        .chain(known.map_or_else(|| vec![widest], |(_, words, _)| words.to_vec()))
        .chain(["others", "all"])
        .collect()
}

/// Words that cover the motor nerve of a muscle.
pub(crate) fn of_motor_nerve(id: &str, is_leg: bool) -> Vec<&str> {
    let known = MUSCLES.iter().find(|(name, ..)| *name == id);
    let limb = if is_leg { "leg" } else { "arm" };
    // Head and trunk are of neither limb.
    let widest = known.is_none_or(|(_, words, _)| words.contains(&limb)).then_some(limb);
    known.map(|(_, _, nerve)| *nerve).into_iter().chain(widest).chain(["others", "all"]).collect()
}

/// Words that cover a sensory nerve.
pub(crate) fn of_sensory_nerve(id: &str, is_leg: bool) -> Vec<&str> {
    let widest = if is_leg { "leg" } else { "arm" };
    let known = SENSORY.iter().find(|(name, _)| *name == id);
    std::iter::once(id)
        .chain(known.map_or_else(|| vec![widest], |(_, words)| words.to_vec()))
        .chain(["others", "all"])
        .collect()
}

/// Whether it moves the air.
pub(crate) fn is_of_breathing(id: &str) -> bool {
    matches!(id, "diaphragm" | "intercostals" | "abdominal_wall")
}

/// Whether it is a muscle of the calf.
pub(crate) fn is_calf(id: &str) -> bool {
    of_muscle(id, false).contains(&"calf")
}

/// Whether the reticulospinal tract takes over at this muscle: not in hand and forearm (Zaaimi 2012).
pub(crate) fn is_hand_or_forearm(id: &str) -> bool {
    of_muscle(id, false).iter().any(|word| matches!(*word, "hand" | "forearm"))
}
