//! The commands, one a file.

mod bench;
mod conditions;
mod examine;
mod items;
mod record;
mod table;
mod validate;

use tonus_pathology::{
    PathologyError, PatientOptions, TimeSpan, parse_affected_side, parse_age_years, parse_height_m, parse_sex,
};

use crate::cli::{Cli, Command, Common, Who};
use crate::error::Error;

/// Does what the command line asks.
///
/// # Errors
/// Wrong input (exit code 2), or Tonus's own failure (1).
pub fn run(cli: &Cli) -> Result<(), Error> {
    let common = &cli.common;
    let mut threads = rayon::ThreadPoolBuilder::new();
    if let Some(jobs) = common.jobs {
        threads = threads.num_threads(usize::from(jobs));
    }
    let pool = threads
        .build()
        .map_err(|e| Error::Usage(format!("--jobs: threads cannot be started ({e}); give a smaller number")))?;
    pool.install(|| match &cli.command {
        Command::Examine(arguments) => examine::run(common, arguments),
        Command::Items { id } => items::run(common, id.as_deref()),
        Command::Conditions { name } => conditions::run(common, name.as_deref()),
        Command::Record(arguments) => record::run(common, arguments),
        Command::Validate { targets, only, figures } => {
            validate::run(common, targets.as_deref(), only.as_deref(), figures.as_deref())
        }
        Command::Bench { name } => bench::run(common, name.as_deref()),
    })
}

/// The patient options that the flags ask for.
fn patient_options(who: &Who) -> Result<PatientOptions, PathologyError> {
    let at = who
        .at
        .as_deref()
        .map(|text| TimeSpan::parse(text).map_err(|e| PathologyError { place: "--at".to_owned(), ..e }));
    Ok(PatientOptions {
        at: at.transpose()?,
        severity: who.severity,
        side: who.side.as_deref().map(parse_affected_side).transpose()?,
        age_years: who.age.as_deref().map(parse_age_years).transpose()?,
        sex: who.sex.as_deref().map(parse_sex).transpose()?,
        height_m: who.height.as_deref().map(parse_height_m).transpose()?,
    })
}

/// True if notes for people may go to standard error.
fn may_note(common: &Common) -> bool {
    !common.quiet && !common.json
}
