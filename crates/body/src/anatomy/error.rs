//! What is wrong with a table: which file, line and field, and the nearest valid name.

use std::fmt::Write as _;
use std::ops::Range;

/// A table that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}, {}: {message}\n{excerpt}{}", self.subject(), near.as_ref().map(|n| format!("\ndid you mean `{n}`?")).unwrap_or_default())]
pub struct AnatomyError {
    /// File name.
    pub file: Box<str>,
    /// Line, from 1.
    pub line: usize,
    /// The field (or table) that is wrong.
    pub field: Box<str>,
    /// Id of the entry it belongs to (`quadriceps`), if it has one.
    pub entry: Option<Box<str>>,
    /// What is wrong and what is allowed.
    pub message: Box<str>,
    /// The line with a caret under the place.
    pub excerpt: Box<str>,
    /// Nearest valid name.
    pub near: Option<Box<str>>,
}

impl AnatomyError {
    /// An error at bytes `span` of `text`.
    pub(super) fn at(file: &str, text: &str, span: Range<usize>, message: impl Into<Box<str>>) -> Self {
        let message = message.into();
        let start = span.start.min(text.len());
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let number = text[..start].matches('\n').count() + 1;
        let source = &text[line_start..line_end];
        let mut excerpt = String::new();
        let margin = number.to_string().len();
        let before = text[line_start..start].chars().count();
        let carets = text[start..span.end.clamp(start, line_end)].chars().count().max(1);
        // Writing to a string cannot fail.
        let _ = write!(
            excerpt,
            "{:margin$} |\n{number} | {source}\n{:margin$} | {:before$}{}",
            "",
            "",
            "",
            "^".repeat(carets)
        );
        let entry = entry_of(text, line_end).map(Box::from);
        let field = field_of(source, &message).into();
        Self { file: file.into(), line: number, field, entry, message, excerpt: excerpt.into(), near: None }
    }

    /// The error of the TOML reader, with the nearest valid name where it lists the valid ones.
    pub(super) fn of_toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let mut it = Self::at(file, text, error.span().unwrap_or(0..0), error.message());
        if let Some((wrong, expected)) = it.message.split_once("expected")
            && let Some(wrong) = quoted(wrong).next()
        {
            it.near = nearest(wrong, quoted(expected)).map(Box::from);
        }
        it
    }

    pub(super) fn near<'a>(mut self, wrong: &str, valid: impl Iterator<Item = &'a str>) -> Self {
        self.near = nearest(wrong, valid).map(Box::from);
        self
    }

    fn subject(&self) -> String {
        match &self.entry {
            Some(entry) => format!("field `{}` of `{entry}`", self.field),
            None => format!("field `{}`", self.field),
        }
    }
}

/// The id of the `[[...]]` entry that the line ending at `line_end` belongs to.
fn entry_of(text: &str, line_end: usize) -> Option<&str> {
    let head = &text[..line_end];
    let start = head.rfind("\n[[").map(|i| i + 1).or_else(|| head.starts_with("[[").then_some(0))?;
    let end = text[line_end..].find("\n[[").map_or(text.len(), |i| line_end + i);
    text[start..end].lines().find_map(|line| line.strip_prefix("id = \"")?.split('"').next())
}

/// The field a message or line is about: a missing or unknown field's name, else the key of the line, else its header.
fn field_of<'t>(line: &'t str, message: &'t str) -> &'t str {
    if message.contains(" field `")
        && let Some(name) = quoted(message).next()
    {
        return name;
    }
    let key = line.split('=').next().unwrap_or(line).trim();
    key.trim_matches(['[', ']'])
}

/// Names in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The valid name fewest edits away, if that is at most a third of its length (and at least one edit is allowed).
fn nearest<'a>(wrong: &str, valid: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = |name: &str| (name.chars().count() / 3).max(1);
    valid
        .map(|name| (edits(wrong, name), name))
        .filter(|(n, name)| *n <= allowed(name))
        .min_by_key(|(n, _)| *n)
        .map(|(_, name)| name)
}

/// Levenshtein distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_distance_and_nearest_name() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        let names = ["quadriceps", "hamstrings"];
        assert_eq!(nearest("quadricep", names.into_iter()), Some("quadriceps"));
        assert_eq!(nearest("soleus", names.into_iter()), None);
    }

    #[test]
    fn place_in_a_file() {
        let text = "[[muscle]]\nid = \"first\"\nsize = 1\n\n[[muscle]]\nid = \"second\"\nsize = 22\n";
        let start = text.find("22").unwrap_or(0);
        let error = AnatomyError::at("m.toml", text, start..start + 2, "too large");
        assert_eq!((error.line, &*error.field, error.entry.as_deref()), (7, "size", Some("second")));
        let shown = error.to_string();
        assert!(shown.contains("m.toml, line 7, field `size` of `second`: too large"), "{shown}");
        assert!(shown.contains("7 | size = 22\n  |        ^^"), "{shown}");
        let header = AnatomyError::at("m.toml", text, 0..10, "missing field `name`");
        assert_eq!((&*header.field, header.entry.as_deref()), ("name", Some("first")));
    }
}
