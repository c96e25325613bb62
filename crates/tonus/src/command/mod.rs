//! The commands, one a file.

mod analyse;
mod bench;
mod conditions;
mod examine;
mod gallery;
mod items;
mod record;
mod table;
mod validate;

use tonus_body::Growth;
use tonus_pathology::{
    Condition, PathologyError, Patient, PatientOptions, TimeSpan, parse_affected_side, parse_age_years, parse_height_m,
    parse_sex,
};

use crate::cli::{Cli, Command, Common, Who};
use crate::error::Error;

/// Does what the command line asks.
///
/// # Errors
/// Wrong input (exit code 2), or Tonus's own failure (1).
pub fn run(cli: &Cli) -> Result<(), Error> {
    let common = &cli.common;
    // The tables that ship with Tonus first: what is wrong with them is not the user's mistake.
    Condition::all().map_err(|e| Error::Tables(e.to_string()))?;
    Growth::builtin()?;
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
        Command::Analyse(arguments) => analyse::run(common, arguments),
        Command::Gallery { out } => gallery::run(common, out.as_deref()),
        Command::Validate(arguments) => validate::run(common, arguments),
        Command::Bench { name } => bench::run(common, name.as_deref()),
    })
}

/// The patients that the command line names, each a person that can be.
fn read_patients(arguments: &[String], who: &Who) -> Result<Vec<Patient>, Error> {
    let options = patient_options(who)?;
    let read = |argument: &String| {
        let patient = Patient::read(argument, &options)?;
        // A person that cannot be (a height far from any of that age) is an error of the input too.
        patient.person()?;
        Ok(patient)
    };
    let patients = arguments.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    // A flag that moves nothing in anyone is a mistake, not a wish.
    let moved = patients.iter().any(|p| !p.lesions.is_empty());
    let given = [("--at", who.at.is_some()), ("--severity", who.severity.is_some()), ("--side", who.side.is_some())];
    if let (false, Some((flag, _))) = (moved, given.iter().find(|(_, given)| *given)) {
        let names: Vec<&str> = patients.iter().map(|p| p.name.as_str()).collect();
        return Err(Error::Usage(format!(
            "{flag}: has no effect, because {} has no lesions; leave it out, or name a condition",
            names.join(", ")
        )));
    }
    Ok(patients)
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
        age_years: who.stature.age.as_deref().map(parse_age_years).transpose()?,
        sex: who.stature.sex.as_deref().map(parse_sex).transpose()?,
        height_m: who.stature.height.as_deref().map(parse_height_m).transpose()?,
    })
}

/// True if notes for people may go to standard error.
fn may_note(common: &Common) -> bool {
    !common.quiet && !common.json
}
