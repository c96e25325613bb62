//! What ends the command early, and with which exit code.

use std::path::PathBuf;

/// Everything that can go wrong, with the place and the mend in its text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The patient cannot be read or made.
    #[error(transparent)]
    Patient(#[from] tonus_pathology::PathologyError),
    /// An examination was asked for that does not exist.
    #[error(transparent)]
    Exam(#[from] tonus_exam::ExamError),
    /// A recording cannot be read or written.
    #[error(transparent)]
    Format(#[from] tonus_signal::format::FormatError),
    /// Declared targets cannot be read.
    #[error(transparent)]
    Target(#[from] tonus_validation::TargetError),
    /// An option makes no sense.
    #[error("{0}")]
    Usage(String),
    /// A file cannot be written.
    #[error("{path}: cannot be written ({source}); give a path in an existing folder you may write to")]
    Write {
        /// File.
        path: PathBuf,
        /// System's reason.
        source: std::io::Error,
    },
    /// Tonus's own tables are damaged.
    #[error("Tonus failed: {0}")]
    Data(#[from] tonus_diagnosis::DataError),
    /// Tonus's own anatomy tables are damaged.
    #[error("Tonus failed: {0}")]
    Anatomy(#[from] tonus_body::AnatomyError),
    /// The page could not be made.
    #[error("Tonus failed: {0}")]
    Report(#[from] tonus_report::ReportError),
    /// The figure of an experiment could not be drawn.
    #[error("Tonus failed: figure: {0}")]
    Figure(String),
    /// Standard output is gone or full.
    #[error("standard output: {0}")]
    Stdout(#[from] std::io::Error),
}

impl Error {
    /// 2 if the input was wrong, 1 if Tonus failed.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Data(_) | Self::Anatomy(_) | Self::Report(_) | Self::Figure(_) | Self::Stdout(_) => 1,
            _ => 2,
        }
    }
}
