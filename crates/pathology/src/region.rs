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
];

/// Parts that conditions name and the body does not have.
const ELSEWHERE: &[&str] = &[
    "eyelid",
    "eye",
    "eyes",
    "face",
    "bulbar",
    "jaw",
    "tongue",
    "throat",
    "neck_flexors",
    "trunk",
    "spine",
    "hip",
    "diaphragm",
    "intercostal",
    "foot",
];

/// Sensory nerves of the body with the words that cover each.
const SENSORY: &[(&str, &[&str])] =
    &[("ulnar_digit_5", &["ulnar", "hand", "arm"]), ("sural", &["tibial", "foot", "leg"])];

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
    let widest = if is_leg { "leg" } else { "arm" };
    let nerve = MUSCLES.iter().find(|(name, ..)| *name == id).map(|(_, _, nerve)| *nerve);
    nerve.into_iter().chain([widest, "others", "all"]).collect()
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

/// Whether the reticulospinal tract takes over at this muscle: not in hand and forearm (Zaaimi 2012).
pub(crate) fn is_hand_or_forearm(id: &str) -> bool {
    of_muscle(id, false).iter().any(|word| matches!(*word, "hand" | "forearm"))
}
