//! The `tonus` command.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match tonus::cli::Cli::try_parse() {
        Ok(cli) => tonus::exit::code_of(|| tonus::command::run(&cli)),
        Err(error) => {
            // clap's own message names the flag and the mend; help and version are not errors.
            let code = if error.use_stderr() { 2 } else { 0 };
            // Nothing can be done if the terminal is gone.
            let _ = error.print();
            ExitCode::from(code)
        }
    }
}
