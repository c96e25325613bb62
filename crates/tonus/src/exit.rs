//! From the end of a command to its exit code: one line on standard error, whatever ended it.

use std::any::Any;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;

/// Exit code of a failure of Tonus itself.
const FAILED: u8 = 1;

/// Runs the command and says on one line what went wrong, if anything did; a fault in Tonus is a line too, not a crash.
pub fn code_of(command: impl FnOnce() -> Result<(), Error>) -> ExitCode {
    ExitCode::from(run(command))
}

fn run(command: impl FnOnce() -> Result<(), Error>) -> u8 {
    let said = std::sync::Arc::new(AtomicBool::new(false));
    let hook = std::sync::Arc::clone(&said);
    panic::set_hook(Box::new(move |info| {
        // Several threads may meet the same fault: one line is enough.
        if !hook.swap(true, Ordering::Relaxed) {
            let place = info.location().map(|l| format!(" ({}:{})", l.file(), l.line())).unwrap_or_default();
            say(&format!("Tonus failed: {}{place}; please report it with the command", message(info.payload())));
        }
    }));
    let ended = panic::catch_unwind(AssertUnwindSafe(command));
    // The default hook again, for whoever runs a command inside another program.
    drop(panic::take_hook());
    match ended {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => {
            say(&error.to_string());
            error.exit_code()
        }
        Err(_) => FAILED,
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "an unknown fault".to_owned()).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line on standard error; where that is full or gone nothing more can be done.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "tonus: {text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_an_exit_code_and_not_a_crash() {
        let fault = || -> Result<(), Error> { panic!("a fault made for this test") };
        assert_eq!(run(fault), FAILED);
        let in_threads = || -> Result<(), Error> {
            let ((), ()) = rayon::join(|| panic!("a fault made for this test"), || panic!("and another"));
            Ok(())
        };
        assert_eq!(run(in_threads), FAILED);
        assert_eq!(run(|| Err(Error::Usage("a mistake made for this test".to_owned()))), 2);
        assert_eq!(run(|| Ok(())), 0);
    }
}
