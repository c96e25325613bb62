//! One error: the place, what is wrong there, and how to mend it.

/// A mistake in what a user wrote, on one line: `place: problem; mend`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}; {mend}")]
pub struct PathologyError {
    /// File with line and field, or the flag.
    pub place: String,
    /// The value found and why it cannot be used.
    pub problem: String,
    /// What to write instead.
    pub mend: String,
}

impl PathologyError {
    /// An error with its three parts.
    pub fn new(place: impl Into<String>, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { place: one_line(place.into()), problem: one_line(problem.into()), mend: one_line(mend.into()) }
    }
}

/// On one line, and without what would steer a terminal.
fn one_line(text: String) -> String {
    if text.contains(['\n', '\r']) {
        return printable(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    printable(&text)
}

/// A text of somebody else's without control characters (which may steer the terminal it is printed on).
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
