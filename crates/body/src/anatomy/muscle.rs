//! Entries of `data/muscles.toml`.

use serde::Deserialize;
use toml::Spanned;

use super::quantity::{
    Angle, Confidence, Count, CountOrNone, NonNegative, Poles, Positive, Segment, Share, Source, Temperature,
};

/// Part of the body a muscle belongs to, for the sex difference of strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// Face, jaw, tongue, eye.
    Head,
    /// Neck, trunk, diaphragm, girdle.
    Trunk,
    /// Arm and hand.
    Arm,
    /// Leg and foot.
    Leg,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MuscleTable {
    pub(super) muscle: Vec<MuscleEntry>,
}

/// One muscle (or group acting as one) of the reference person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MuscleEntry {
    pub(super) id: Spanned<String>,
    /// Name to show.
    pub name: String,
    /// Segments or cranial nuclei of its motor neurons, rostral first.
    pub segments: Vec<Segment>,
    /// Part of the body.
    pub region: Region,
    pub(super) nerve: Spanned<String>,
    /// Its own branch.
    pub branch: Branch,
    /// Descending command.
    pub command: Command,
    /// Motor neurons.
    pub pool: Pool,
    /// Twitches.
    pub twitch: Twitch,
    /// Fibres.
    pub fibres: Fibres,
    /// Mechanics.
    pub mechanics: Mechanics,
    /// Afferents.
    pub afferents: Afferents,
}

impl MuscleEntry {
    /// Id.
    pub fn id(&self) -> &str {
        self.id.get_ref()
    }

    /// Id of its motor nerve.
    pub fn nerve(&self) -> &str {
        self.nerve.get_ref()
    }
}

/// The last stretch of nerve, to the endplates.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Name of the stretch.
    pub name: String,
    /// Length, m.
    pub length_m: Positive,
    /// Temperature of the nerve, degrees C.
    pub temperature_c: Temperature,
    /// Length over which the axons run as terminal branches, m. Left out where no distal latency is published.
    pub terminal_length_m: Option<Positive>,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// How command reaches the muscle.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// 0 hand and foot .. 1 girdle and trunk.
    pub proximality: Share,
    /// Share of maximal drive that does not come by the corticospinal tract.
    pub reticulospinal_share: Share,
    /// Fastest corticospinal fibres, m/s.
    pub corticospinal_velocity_m_s: Positive,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// The motor neurons.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Motor units.
    pub motor_units: Count,
    /// Share of type S.
    pub slow_share: Share,
    /// Share of type FR.
    pub fatigue_resistant_share: Share,
    /// Power of a motor neuron's dendritic membrane that its descending conductance goes with: the spread of recruitment. Left out
    /// where nothing is published on the muscle.
    pub descending_size_power: Option<Positive>,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// The motor units' twitches.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Twitch {
    /// Largest over smallest twitch force.
    pub force_range: Positive,
    /// Longest contraction time, ms.
    pub contraction_time_ms: Positive,
    /// Longest over shortest.
    pub contraction_time_range: Positive,
    /// Poles of a twitch, 2 to 4: the more, the sooner it relaxes. Left out: 2.
    pub poles: Option<Poles>,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// The fibres.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fibres {
    /// Mean fibres in a motor unit.
    pub per_unit: Positive,
    /// Largest over smallest unit.
    pub unit_size_range: Positive,
    /// Mean diameter, um.
    pub diameter_um: Positive,
    /// Coefficient of variation of the diameter.
    pub diameter_cv: Share,
    /// Length, mm.
    pub length_mm: Positive,
    /// SD of endplate positions along the fibres, mm.
    pub endplate_sd_mm: Positive,
    /// Fibres of one unit per mm2 of its territory.
    pub unit_density_per_mm2: Positive,
    /// Most fibres a unit can hold relative to its own.
    pub max_innervation_ratio: Positive,
    /// Depth under the skin, mm.
    pub depth_mm: Positive,
    /// Length of the belly along which the fibres lie staggered, mm. Left out where they lie side by side, or nothing recorded asks for it.
    pub belly_mm: Option<Positive>,
    /// Breadth of a flat muscle, mm. Left out where it is taken to be round.
    pub breadth_mm: Option<Positive>,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// The mechanics.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mechanics {
    /// Maximal isometric force along the fibres, N.
    pub max_force_n: Positive,
    /// Optimal fibre length, m.
    pub optimal_length_m: Positive,
    /// Moment arm, m.
    pub moment_arm_m: Positive,
    /// Pennation, rad.
    pub pennation_rad: Angle,
    /// Joint angle of optimal length, rad.
    pub optimal_angle_rad: Angle,
    /// Attached cross-bridges at rest, share.
    pub base_tone: NonNegative,
    /// Length of the unloaded tendon with its aponeurosis, m; without it the tendon is rigid.
    pub tendon_slack_length_m: Option<Positive>,
    /// Movement of the fibres that breaks the bonds of base tone, optimal lengths. Left out where they never break.
    pub bond_breaking_l0: Option<Positive>,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}

/// The large afferents.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Afferents {
    /// Group Ia axons.
    pub ia: CountOrNone,
    /// Group II axons.
    pub ii: CountOrNone,
    /// Group Ib axons.
    pub ib: CountOrNone,
    /// Where the numbers come from.
    pub source: Source,
    /// How well they are known.
    pub confidence: Confidence,
}
