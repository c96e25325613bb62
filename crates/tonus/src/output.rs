//! Output: files that appear whole or not at all, JSON on standard output, progress on a terminal only.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;
use tonus_exam::{Item, Progress};
use tonus_signal::Side;

use crate::error::Error;

/// The neighbour that a file is first written to.
fn temporary_of(path: &Path) -> Result<PathBuf, Error> {
    let name = path.file_name().and_then(|n| n.to_str()).ok_or_else(|| {
        Error::Usage(format!("{}: is not a file name; give one ending in .html or .json", path.display()))
    })?;
    Ok(path.with_file_name(format!(".{name}.{}.part", std::process::id())))
}

/// Finds out before the work whether a file can be written after it.
pub(crate) fn check_writable(path: &Path) -> Result<(), Error> {
    let temporary = temporary_of(path)?;
    fs::write(&temporary, [])
        .and_then(|()| fs::remove_file(&temporary))
        .map_err(|source| Error::Write { path: path.to_owned(), source })
}

/// Writes a file whole: to a neighbour first, then renamed.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    let temporary = temporary_of(path)?;
    let result = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    if result.is_err() {
        // The first error is the one to report; a leftover that cannot be removed adds nothing.
        let _ = fs::remove_file(&temporary);
    }
    result.map_err(failed)
}

/// Prints JSON to standard output, one value, newline at the end.
pub(crate) fn print_json(value: &Value) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value).map_err(std::io::Error::from)?;
    print_text(&text)
}

/// Prints text to standard output; a reader that went away is no error.
pub(crate) fn print_text(text: &str) -> Result<(), Error> {
    match writeln!(std::io::stdout().lock(), "{}", text.trim_end_matches('\n')) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Error::from),
    }
}

/// A note on standard error; where that is full or gone there is nobody to note it for.
pub(crate) fn print_note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A text as a part of a file name that every file system takes.
pub(crate) fn file_name_part(text: &str, longest: usize) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    text.chars().map(plain).take(longest).collect()
}

/// Progress of an examination: a bar on a terminal, nothing elsewhere.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar of `steps`; hidden when quiet or when standard error is no terminal.
    pub(crate) fn new(steps: usize, label: &str, quiet: bool) -> Self {
        let target = if quiet || !std::io::stderr().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(steps as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {msg}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(label.to_owned());
        Self(bar)
    }

    /// One step done.
    pub(crate) fn step(&self, message: &str) {
        self.0.set_message(message.to_owned());
        self.0.inc(1);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn ended(&self, item: &Item, side: Side) {
        self.step(&format!("{}, {}", item.title, side.name()));
    }
}
