//! A person's motor system as physiological parameters.
//!
//! [`Person`] plus the anatomy tables give a healthy [`Body`]; nothing here knows a lesion or a condition.
//!
//! ```
//! use tonus_body::{Anatomy, Body, Person, Sex};
//!
//! let anatomy = Anatomy::builtin()?;
//! let man = Body::healthy(&Person::new(35.0, Sex::Male, Some(1.75), Some(75.0))?, &anatomy);
//! let quadriceps = man.right.muscle("quadriceps").ok_or("no quadriceps")?;
//! let per_kg = quadriceps.max_torque_n_m() / man.person.mass_kg;
//! assert!((2.9..3.45).contains(&per_kg)); // N m/kg, Sarabon, Kozinc & Perman 2021
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod anatomy;
pub mod body;
mod healthy;
pub mod person;
pub mod scaling;

pub use anatomy::{Anatomy, AnatomyError, Growth};
pub use body::{ArmSize, Body, Group, Half, JointBody, Muscle, SensoryNerve};
pub use person::{Person, PersonError, Sex};
pub use scaling::Scaling;
pub use tonus_physiology as physiology;
