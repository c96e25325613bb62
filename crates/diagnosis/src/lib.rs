//! From measures to findings: norms, verdicts, and what a neurologist would write down, in HPO terms.
//!
//! A [`Judge`] sets each measure beside its norm ([`norm`]); [`finding`] turns the verdicts into findings
//! by the rules of `data/findings.toml`; [`hpo`] knows which term is a kind of which;
//! [`agreement`] sets a published patient's recorded findings beside the model's.
//! Nothing here sees a lesion or a condition: only measures.

pub mod agreement;
pub mod error;
pub mod finding;
pub mod hpo;
mod kleene;
pub mod norm;
mod rule;

pub use agreement::{Compared, ModelState, compare};
pub use error::DataError;
pub use finding::{Finding, FindingState, Rules};
pub use hpo::Ontology;
pub use norm::{Judge, Judged, JudgedStudy, Norms, Verdict};
