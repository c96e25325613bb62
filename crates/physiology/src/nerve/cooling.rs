//! A cooled limb: what the temperature of its skin does to its nerves and junctions.
//!
//! The tables give every stretch of nerve its temperature at a skin of 33 degrees C. A limb that is cooled or warmed through
//! follows its skin where it was near it anyway: a stretch at 34.5 degrees or less changes degree for degree, one at 36 or more
//! (root, plexus) not at all, those between in proportion (assumed). Holds for a limb kept long enough to be cool in its depth.

use super::segment::NerveSegment;
use crate::math;

/// Skin temperature for which the tables state the temperatures of nerves, degrees C.
pub const TABLE_SKIN_C: f64 = 33.0;
/// Nerve temperatures from which downwards a stretch follows the skin altogether, and from which upwards not at all, degrees C (assumed).
const FOLLOWS_C: (f64, f64) = (34.5, 36.0);
/// Factor on the delay of the neuromuscular junction for 10 degrees of cooling (3, synaptic delay of the frog's junction: from memory,
/// Katz & Miledi 1965 J Physiol 181:656).
const JUNCTION_Q10: f64 = 3.0;

/// Temperature of a stretch of nerve with the skin at `skin_c`, degrees C.
pub fn nerve_c(table_c: f64, skin_c: f64) -> f64 {
    let share = ((FOLLOWS_C.1 - table_c) / (FOLLOWS_C.1 - FOLLOWS_C.0)).clamp(0.0, 1.0);
    table_c + share * (skin_c - TABLE_SKIN_C)
}

/// The stretches of a nerve with the skin at `skin_c`.
pub fn cooled(segments: &[NerveSegment], skin_c: f64) -> Vec<NerveSegment> {
    let at_skin = |s: &NerveSegment| NerveSegment { temperature_c: nerve_c(s.temperature_c, skin_c), ..s.clone() };
    segments.iter().map(at_skin).collect()
}

/// Factor on the delay of junctions in a muscle whose nerve the tables give `table_c`, with the skin at `skin_c`.
pub fn junction_delay_factor(table_c: f64, skin_c: f64) -> f64 {
    math::pow(JUNCTION_Q10, (table_c - nerve_c(table_c, skin_c)) / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hand_follows_its_skin_and_the_root_does_not() {
        assert_eq!(nerve_c(34.0, TABLE_SKIN_C), 34.0);
        assert_eq!(nerve_c(34.0, 26.0), 27.0);
        assert_eq!(nerve_c(36.5, 26.0), 36.5);
        let arm = nerve_c(35.5, 27.0);
        assert!(arm < 35.5 && arm > 32.0, "{arm}");
    }

    #[test]
    fn cold_slows_the_junction_and_changes_nothing_else_of_a_stretch() {
        assert_eq!(junction_delay_factor(34.0, TABLE_SKIN_C), 1.0);
        assert!((junction_delay_factor(34.0, 23.0) - 3.0).abs() < 1e-9);
        let mut hand = NerveSegment::healthy("hand", 0.08, 34.0);
        hand.block = 0.3;
        let cold = cooled(&[hand.clone()], 30.0);
        assert_eq!(cold, [NerveSegment { temperature_c: 31.0, ..hand }]);
    }
}
