//! What ends the command early, and with which exit code.

use std::path::PathBuf;

use tonus_exam::ExamError;
use tonus_validation::TargetError;

/// Everything that can go wrong, with the place and the mend in its text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The patient cannot be read or made.
    #[error(transparent)]
    Patient(#[from] tonus_pathology::PathologyError),
    /// An examination was asked for that does not exist.
    #[error(transparent)]
    Exam(#[from] ExamError),
    /// A recording cannot be read or written.
    #[error(transparent)]
    Format(#[from] tonus_signal::format::FormatError),
    /// Declared targets cannot be read.
    #[error(transparent)]
    Target(#[from] TargetError),
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
    /// Verdicts of a validation are not those of the file they were held against.
    #[error("validate: {} verdict(s) differ from {}: {}", .differing.len(), .path.display(), .differing.join("; "))]
    Baseline {
        /// The file.
        path: PathBuf,
        /// Targets with their verdicts, before and now.
        differing: Vec<String>,
    },
    /// Tonus's own conditions or growth tables are damaged.
    #[error("Tonus failed: {0}")]
    Tables(String),
    /// Standard output is gone or full.
    #[error("standard output: {0}")]
    Stdout(#[from] std::io::Error),
}

impl Error {
    /// 2 if the input was wrong, 1 if Tonus failed (or, with a baseline, its verdicts changed).
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Data(_)
            | Self::Anatomy(_)
            | Self::Report(_)
            | Self::Figure(_)
            | Self::Baseline { .. }
            | Self::Tables(_)
            | Self::Stdout(_)
            | Self::Exam(ExamError::MissingAnatomy { .. })
            | Self::Target(TargetError::Run { .. } | TargetError::Tables(_)) => 1,
            _ => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What ships with Tonus is never the user's mistake; what the user wrote is never Tonus's failure.
    #[test]
    fn damaged_tables_are_a_failure_and_wrong_input_is_not() {
        let table = tonus_diagnosis::Norms::from_toml("norms.toml", "[[norm]]").expect_err("no norm");
        let growth = tonus_body::Growth::from_toml(tonus_body::anatomy::TableFile { name: "growth.toml", text: "" })
            .expect_err("empty");
        let missing = ExamError::MissingAnatomy { item: "i".to_owned(), what: "muscle", id: "m".to_owned() };
        for failure in [
            Error::from(table),
            Error::from(growth),
            Error::from(missing),
            Error::Tables("data/conditions/als.toml line 3".to_owned()),
            Error::from(TargetError::Tables("validation/targets".to_owned())),
            Error::from(TargetError::Run { id: "t".to_owned(), problem: "p".to_owned() }),
        ] {
            assert_eq!(failure.exit_code(), 1, "{failure}");
        }
        let unknown = tonus_exam::Item::find("nothing").expect_err("no such item");
        let lesion = tonus_pathology::Condition::find("nothing").expect_err("no such condition");
        for mistake in [Error::from(unknown), Error::from(lesion), Error::Usage("--only".to_owned())] {
            assert_eq!(mistake.exit_code(), 2, "{mistake}");
        }
    }
}
