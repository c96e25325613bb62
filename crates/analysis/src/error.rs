//! What can be wrong with a recording that was read well.

use crate::Kind;

/// A recording that can't be analysed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// Nothing in it says what it is.
    #[error("can't tell what this is from {content}; say it with --as: {}", Kind::names())]
    Untold {
        /// What is in it.
        content: String,
    },
    /// It lacks what its kind needs.
    #[error("as {kind} it {problem}; {mend}")]
    Lacks {
        /// What it was taken for.
        kind: &'static str,
        /// What is missing.
        problem: String,
        /// What to do.
        mend: String,
    },
}

impl AnalysisError {
    pub(crate) fn lacks(kind: Kind, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Lacks { kind: kind.name(), problem: problem.into(), mend: mend.into() }
    }
}
