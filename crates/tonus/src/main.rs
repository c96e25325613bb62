//! The `tonus` command.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match tonus::cli::Cli::try_parse() {
        Ok(cli) => tonus::exit::code_of(|| tonus::command::run(&cli)),
        Err(error) => {
            // clap's own message names the flag and the mend; help and version are not errors.
            if !error.use_stderr() {
                // Nothing can be done if the terminal is gone.
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            let text = error.render().to_string();
            let _ = match text.strip_prefix("error: ") {
                // As every other error of the command starts.
                Some(said) => write!(std::io::stderr().lock(), "tonus: {said}"),
                None => error.print(),
            };
            ExitCode::from(2)
        }
    }
}
