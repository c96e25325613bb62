//! The anatomy tables: muscles, nerves and joints as a domain expert would edit them (`data/*.toml`).
//!
//! Every number has its unit in its key (or in the table's head) and its source beside it. A table with an unknown or missing field,
//! a number out of range or a name that does not exist is refused with file, line, field and the nearest valid name.
//!
//! ```
//! use tonus_body::anatomy::{Anatomy, Tables};
//!
//! let mut tables = Tables::builtin();
//! let edited = tables.muscles.text.replace("nerve = \"femoral\"", "nerve = \"femural\"");
//! tables.muscles.text = &edited;
//! let error = Anatomy::from_toml(&tables).expect_err("no such nerve");
//! assert!(error.to_string().contains("did you mean `femoral`?"));
//! ```

mod error;
pub mod growth;
pub mod joint;
pub mod muscle;
pub mod nerve;
pub mod quantity;

use std::ops::Range;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use toml::Spanned;

pub use error::AnatomyError;
pub use growth::Growth;
pub use joint::{JointEntry, SegmentEntry};
pub use muscle::MuscleEntry;
pub use nerve::{MotorNerveEntry, SensoryNerveEntry};

use joint::JointTable;
use muscle::MuscleTable;
use nerve::NerveTable;

/// One table: the name errors give it, and its text.
#[derive(Clone, Copy, Debug)]
pub struct TableFile<'a> {
    /// File name.
    pub name: &'a str,
    /// TOML.
    pub text: &'a str,
}

impl TableFile<'static> {
    /// The growth table that comes with the crate.
    pub const GROWTH: Self = Self { name: "data/growth.toml", text: include_str!("../../../data/growth.toml") };
}

impl TableFile<'_> {
    fn read<T: DeserializeOwned>(self) -> Result<T, AnatomyError> {
        toml::from_str(self.text).map_err(|e| AnatomyError::of_toml(self.name, self.text, &e))
    }

    fn error(self, span: Range<usize>, message: String) -> AnatomyError {
        AnatomyError::at(self.name, self.text, span, message)
    }
}

/// The four tables an anatomy is read from.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// `muscles.toml`.
    pub muscles: TableFile<'a>,
    /// `nerves.toml`.
    pub nerves: TableFile<'a>,
    /// `joints.toml`.
    pub joints: TableFile<'a>,
    /// `growth.toml`.
    pub growth: TableFile<'a>,
}

impl Tables<'static> {
    /// The tables that come with the crate.
    pub const fn builtin() -> Self {
        Self {
            muscles: TableFile { name: "data/muscles.toml", text: include_str!("../../../data/muscles.toml") },
            nerves: TableFile { name: "data/nerves.toml", text: include_str!("../../../data/nerves.toml") },
            joints: TableFile { name: "data/joints.toml", text: include_str!("../../../data/joints.toml") },
            growth: TableFile::GROWTH,
        }
    }
}

/// The anatomy of the reference person and how it goes with age, sex and size.
#[derive(Clone, Debug)]
pub struct Anatomy {
    muscles: Vec<MuscleAnatomy>,
    sensory_nerves: Vec<SensoryNerveEntry>,
    joints: Vec<JointAnatomy>,
    reach: ReachAnatomy,
    growth: Growth,
}

/// A muscle with the nerve it names.
#[derive(Clone, Debug)]
pub struct MuscleAnatomy {
    /// The muscle.
    pub entry: MuscleEntry,
    /// Its nerve.
    pub nerve: MotorNerveEntry,
}

/// A joint with the segments it names.
#[derive(Clone, Debug)]
pub struct JointAnatomy {
    /// The joint.
    pub entry: JointEntry,
    /// What turns with it: segment, and its centre of mass from the joint in the reference person (m) where given.
    pub parts: Vec<(SegmentEntry, Option<f64>)>,
}

#[derive(Clone, Debug)]
pub(crate) struct ReachAnatomy {
    pub(crate) upper_arm: SegmentEntry,
    pub(crate) forearm: SegmentEntry,
    pub(crate) hand: SegmentEntry,
}

impl Anatomy {
    /// The tables that come with the crate, read once.
    pub fn builtin() -> Result<Self, AnatomyError> {
        static BUILTIN: OnceLock<Result<Anatomy, AnatomyError>> = OnceLock::new();
        BUILTIN.get_or_init(|| Self::from_toml(&Tables::builtin())).clone()
    }

    /// Reads and checks tables.
    pub fn from_toml(tables: &Tables<'_>) -> Result<Self, AnatomyError> {
        let MuscleTable { muscle } = tables.muscles.read()?;
        let NerveTable { motor_nerve, sensory_nerve } = tables.nerves.read()?;
        let JointTable { segment, joint, reach } = tables.joints.read()?;
        let growth = Growth::from_toml(tables.growth)?;

        distinct(tables.muscles, muscle.iter().map(|m| &m.id))?;
        distinct(tables.nerves, motor_nerve.iter().map(|n| &n.id))?;
        distinct(tables.nerves, sensory_nerve.iter().map(|n| &n.id))?;
        distinct(tables.joints, segment.iter().map(|s| &s.id))?;
        distinct(tables.joints, joint.iter().map(|j| &j.id))?;

        let segment_named = |name: &Spanned<String>| {
            find(tables.joints, "segment", name, &segment, SegmentEntry::id, "data/joints.toml").cloned()
        };
        let joints = joint
            .into_iter()
            .map(|entry| {
                for name in [&entry.flexor, &entry.extensor] {
                    find(tables.joints, "muscle", name, &muscle, MuscleEntry::id, tables.muscles.name)?;
                }
                let (low, high) = (entry.passive.min_angle_rad, entry.passive.max_angle_rad);
                if low >= high {
                    let message = format!(
                        "joint `{}`: min_angle_rad {} must be below max_angle_rad {}",
                        entry.id(),
                        low.get(),
                        high.get()
                    );
                    return Err(tables.joints.error(entry.id.span(), message));
                }
                let parts = entry.moves.parts.iter();
                let parts = parts.map(|p| Ok((segment_named(&p.segment)?, p.centre_of_mass_m.map(|x| x.get()))));
                Ok(JointAnatomy { parts: parts.collect::<Result<_, AnatomyError>>()?, entry })
            })
            .collect::<Result<Vec<_>, AnatomyError>>()?;
        if let Some(bare) = joints.iter().find(|j| j.parts.is_empty()) {
            return Err(tables
                .joints
                .error(bare.entry.id.span(), format!("joint `{}` moves no segment", bare.entry.id())));
        }
        let reach = ReachAnatomy {
            upper_arm: segment_named(&reach.upper_arm)?,
            forearm: segment_named(&reach.forearm)?,
            hand: segment_named(&reach.hand)?,
        };
        let muscles = muscle
            .into_iter()
            .map(|entry| {
                if entry.segments.is_empty() {
                    return Err(tables.muscles.error(entry.id.span(), format!("muscle `{}` has no `segments`", entry.id())));
                }
                let (slow, resistant) = (entry.pool.slow_share.get(), entry.pool.fatigue_resistant_share.get());
                if slow + resistant > 1.0 {
                    let message = format!(
                        "muscle `{}`: slow_share {slow} and fatigue_resistant_share {resistant} must not exceed 1 together",
                        entry.id()
                    );
                    return Err(tables.muscles.error(entry.id.span(), message));
                }
                let nerve = find(tables.muscles, "motor nerve", &entry.nerve, &motor_nerve, MotorNerveEntry::id, tables.nerves.name)?;
                Ok(MuscleAnatomy { nerve: nerve.clone(), entry })
            })
            .collect::<Result<Vec<_>, AnatomyError>>()?;
        if let Some(bare) = sensory_nerve.iter().find(|n| n.path.stretch.is_empty()) {
            return Err(tables.nerves.error(bare.id.span(), format!("sensory nerve `{}` has no stretch", bare.id())));
        }
        Ok(Self { muscles, sensory_nerves: sensory_nerve, joints, reach, growth })
    }

    /// The muscles, in the order of the table.
    pub fn muscles(&self) -> &[MuscleAnatomy] {
        &self.muscles
    }

    /// The sensory nerves.
    pub fn sensory_nerves(&self) -> &[SensoryNerveEntry] {
        &self.sensory_nerves
    }

    /// The joints.
    pub fn joints(&self) -> &[JointAnatomy] {
        &self.joints
    }

    /// Size and age.
    pub fn growth(&self) -> &Growth {
        &self.growth
    }

    pub(crate) fn reach(&self) -> &ReachAnatomy {
        &self.reach
    }
}

/// No two entries of one name.
fn distinct<'a>(file: TableFile<'_>, ids: impl Iterator<Item = &'a Spanned<String>>) -> Result<(), AnatomyError> {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id.get_ref()) {
            return Err(file.error(id.span(), format!("id `{}` is used twice", id.get_ref())));
        }
    }
    Ok(())
}

/// The entry that `name`, which stands in `file`, means.
fn find<'e, E>(
    file: TableFile<'_>,
    what: &str,
    name: &Spanned<String>,
    entries: &'e [E],
    id: fn(&E) -> &str,
    listed_in: &str,
) -> Result<&'e E, AnatomyError> {
    entries.iter().find(|e| id(e) == name.get_ref()).ok_or_else(|| {
        file.error(name.span(), format!("no {what} `{}` in {listed_in}", name.get_ref()))
            .near(name.get_ref(), entries.iter().map(id))
    })
}

#[cfg(test)]
mod tests;
