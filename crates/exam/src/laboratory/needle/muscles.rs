//! Needle EMG of every muscle of the body, each an item of its own that is done only if it is asked for.

use super::{AFTER_S, ALL_MEASURES, PARAMETERS, PROTOCOL_AFTER, SOURCE, run};
use crate::Item;

macro_rules! items {
    ($($muscle:literal $name:literal)*) => {
        /// One item a muscle of `data/muscles.toml`, in its order.
        pub(in crate::laboratory) const ANY_MUSCLE: &[Item] = &[$(Item {
            id: concat!("lab.needle_emg.", $muscle),
            title: concat!("Needle EMG, ", $name),
            protocol: PROTOCOL_AFTER,
            source: SOURCE,
            parameters: PARAMETERS,
            measures: ALL_MEASURES,
            run: |subject, side, p| run(concat!("lab.needle_emg.", $muscle), $muscle, Some(AFTER_S), subject, side, p),
        },)*];
    };
}

items! {
    "first_dorsal_interosseous" "first dorsal interosseous"
    "palmar_interosseous" "first palmar interosseous (adductor of the index)"
    "abductor_digiti_minimi" "abductor digiti minimi"
    "elbow_flexors" "elbow flexors (biceps brachii, brachialis, brachioradialis)"
    "elbow_extensors" "elbow extensors (triceps brachii)"
    "wrist_flexors" "wrist flexors (flexor carpi radialis and ulnaris, finger flexors)"
    "wrist_extensors" "wrist extensors (extensores carpi, extensor digitorum)"
    "quadriceps" "quadriceps femoris"
    "hamstrings" "hamstrings (biceps femoris, semimembranosus, semitendinosus)"
    "tibialis_anterior" "ankle dorsiflexors (tibialis anterior, extensors of the toes)"
    "plantarflexors" "ankle plantarflexors (soleus, gastrocnemius)"
    "trapezius" "trapezius, upper part"
    "soleus" "soleus"
    "gastrocnemius_medialis" "gastrocnemius, medial head"
    "abductor_pollicis_brevis" "abductor pollicis brevis (thenar)"
    "flexor_carpi_radialis" "flexor carpi radialis"
    "extensor_digitorum" "extensor digitorum (extensors of the fingers)"
    "vastus_lateralis" "vastus lateralis"
    "masseter" "jaw closers (masseter, temporalis, medial pterygoid)"
    "digastric" "jaw openers (anterior digastric, mylohyoid)"
    "frontalis" "frontalis"
    "orbicularis_oculi" "orbicularis oculi"
    "genioglossus" "genioglossus (tongue)"
    "sternocleidomastoid" "neck flexors (sternocleidomastoid, longus, scalenes)"
    "neck_extensors" "neck extensors (splenius, semispinalis)"
    "deltoid" "shoulder abductors (deltoid, supraspinatus)"
    "shoulder_adductors" "shoulder adductors (pectoralis major, latissimus dorsi, teres major)"
    "finger_flexors" "finger flexors (flexor digitorum superficialis and profundus)"
    "hip_flexors" "hip flexors (iliopsoas, rectus femoris)"
    "hip_extensors" "hip extensors (gluteus maximus, hamstrings)"
    "rectus_abdominis" "trunk flexors (rectus abdominis, obliques)"
    "abdominal_wall" "abdominal wall (obliques, transversus)"
    "erector_spinae" "trunk extensors (erector spinae, multifidus)"
    "intercostals" "intercostal muscles (inspiratory: external, parasternal)"
    "diaphragm" "diaphragm, one half"
    "biceps_brachii" "biceps brachii"
    "extensor_digitorum_brevis" "extensor digitorum brevis"
    "abductor_hallucis" "abductor hallucis"
}

#[cfg(test)]
mod tests {
    use tonus_body::{Anatomy, Body, Person, Sex};

    use super::*;

    #[test]
    fn every_muscle_of_the_body_has_its_item() {
        let anatomy = Anatomy::builtin().expect("the anatomy tables are right");
        let person = Person::new(40.0, Sex::Female, None, None).expect("a person");
        let body = Body::healthy(&person, &anatomy);
        let muscles: Vec<String> =
            body.half(tonus_signal::Side::Left).muscles.iter().map(|m| format!("lab.needle_emg.{}", m.id)).collect();
        let items: Vec<&str> = ANY_MUSCLE.iter().map(|item| item.id).collect();
        assert_eq!(items, muscles);
    }
}
