//! What can go wrong with a recording's file: which file, where in it, what, and the mend.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// A byte, counted from 0.
    Byte(u64),
    /// A line, counted from 1.
    Line(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Byte(n) => write!(f, ", byte {n}"),
            Self::Line(n) => write!(f, ", line {n}"),
        }
    }
}

/// A file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// Neither content nor ending names a format that is read.
    #[error("{}: can't tell the format from its content or its name; read are .edf, .bdf, .hea (with .dat), .csv, .tsv, .npy, .npz, .mat, .mem and folders of BIDS-EMG", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{}: can't {action}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// The file is not what its format says.
    #[error("{}{place}: {problem}; {mend}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where in it.
        place: Place,
        /// What is wrong.
        problem: String,
        /// What to do.
        mend: String,
    },
    /// The format cannot hold the recording.
    #[error("{}: can't write this recording: {field} {problem}; {mend}", path.display())]
    Unwritable {
        /// The file that was to be.
        path: PathBuf,
        /// Which part of the recording.
        field: String,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        mend: String,
    },
}

impl FormatError {
    pub(super) fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, action, source }
    }

    pub(super) fn malformed(path: &Path, place: Place, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Malformed { path: path.to_owned(), place, problem: problem.into(), mend: mend.into() }
    }

    pub(super) fn unwritable(
        path: &Path,
        field: impl Into<String>,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self::Unwritable { path: path.to_owned(), field: field.into(), problem: problem.into(), mend: mend.into() }
    }
}
