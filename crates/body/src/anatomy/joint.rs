//! Entries of `data/joints.toml`.

use serde::Deserialize;
use toml::Spanned;

use super::quantity::{Angle, Confidence, NonNegative, Positive, Source};
use crate::person::Sex;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JointTable {
    pub(super) segment: Vec<SegmentEntry>,
    pub(super) joint: Vec<JointEntry>,
    pub(super) reach: ReachEntry,
}

/// A number for men and one for women.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BySex {
    male: Positive,
    female: Positive,
}

impl BySex {
    /// The number for a sex.
    pub fn of(self, sex: Sex) -> f64 {
        match sex {
            Sex::Male => self.male.get(),
            Sex::Female => self.female.get(),
        }
    }
}

/// A limb segment in shares of body mass and height.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentEntry {
    pub(super) id: Spanned<String>,
    /// Height of the people measured, m.
    pub reference_height_m: BySex,
    /// Mass, % of body mass.
    pub mass_percent: BySex,
    /// Centre of mass from the proximal end, % of length.
    pub centre_of_mass_percent: BySex,
    /// Radius of gyration about the transverse axis through the centre of mass, % of length.
    pub gyration_percent: BySex,
    /// Length at the reference height, m.
    pub length_m: BySex,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

impl SegmentEntry {
    /// Id.
    pub fn id(&self) -> &str {
        self.id.get_ref()
    }
}

/// A hinge joint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointEntry {
    pub(super) id: Spanned<String>,
    /// Name to show.
    pub name: String,
    pub(super) flexor: Spanned<String>,
    pub(super) extensor: Spanned<String>,
    /// What turns with it.
    pub moves: Moves,
    /// Passive mechanics.
    pub passive: Passive,
}

impl JointEntry {
    /// Id.
    pub fn id(&self) -> &str {
        self.id.get_ref()
    }

    /// Id of the muscle that raises the angle.
    pub fn flexor(&self) -> &str {
        self.flexor.get_ref()
    }

    /// Id of the muscle that lowers the angle.
    pub fn extensor(&self) -> &str {
        self.extensor.get_ref()
    }
}

/// What turns with a joint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moves {
    /// The segments.
    pub parts: Vec<Part>,
    /// Whether the movement is in a vertical plane.
    pub gravity: bool,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// One segment that turns with a joint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub(super) segment: Spanned<String>,
    /// Centre of mass from the joint in the reference person, m; without it the segment starts at the joint.
    pub centre_of_mass_m: Option<Positive>,
}

/// Passive mechanics of a joint in the reference person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passive {
    /// Linear stiffness, N m/rad.
    pub stiffness_n_m_rad: NonNegative,
    /// Angle without elastic torque, rad.
    pub rest_angle_rad: Angle,
    /// Angle at which the segment hangs, rad.
    pub hanging_angle_rad: Angle,
    /// Viscous damping, N m s/rad.
    pub damping_n_m_s_rad: NonNegative,
    /// Dry friction, N m.
    pub friction_n_m: NonNegative,
    /// End of range in extension, rad.
    pub min_angle_rad: Angle,
    /// End of range in flexion, rad.
    pub max_angle_rad: Angle,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// The segments of the reaching arm.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReachEntry {
    pub(super) upper_arm: Spanned<String>,
    pub(super) forearm: Spanned<String>,
    pub(super) hand: Spanned<String>,
    #[serde(rename = "source")]
    _source: Source,
    #[serde(rename = "confidence")]
    _confidence: Confidence,
}
