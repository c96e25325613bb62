//! A TOML text read field by field, so that every error names file, line and field.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::PathologyError;
use crate::nearest::did_you_mean;
use crate::time::{TIME_FORMS, TimeSpan};

/// File name and text, for places.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

impl<'a> Source<'a> {
    /// Parses the whole text.
    pub(crate) fn parse(self) -> Result<Spanned<DeTable<'a>>, PathologyError> {
        DeTable::parse(self.text).map_err(|error| {
            let place = error.span().map_or_else(|| self.file.to_owned(), |span| self.place(span.start, ""));
            PathologyError::new(place, error.message(), "mend the TOML there")
        })
    }

    fn place(self, offset: usize, path: &str) -> String {
        let line = 1 + self.text.bytes().take(offset).filter(|b| *b == b'\n').count();
        if path.is_empty() {
            format!("{} line {line}", self.file)
        } else {
            format!("{} line {line}, {path}", self.file)
        }
    }
}

/// A value with its path.
#[derive(Clone)]
pub(crate) struct Field<'a> {
    source: Source<'a>,
    path: String,
    value: &'a Spanned<DeValue<'a>>,
}

/// A table with its path.
pub(crate) struct Section<'a> {
    source: Source<'a>,
    path: String,
    offset: usize,
    table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    /// The whole document; only keys in `known` may stand in it.
    pub(crate) fn root(source: Source<'a>, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self { source, path: String::new(), offset: 0, table: table.get_ref() }
    }

    /// Refuses keys that are not in `known`.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), PathologyError> {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                return Err(PathologyError::new(
                    self.source.place(key.span().start, &self.path_of(name)),
                    "no such field",
                    did_you_mean(name, known.iter().copied(), &format!("fields here: {}", known.join(", "))),
                ));
            }
        }
        Ok(())
    }

    pub(crate) fn get(&self, key: &str) -> Option<Field<'a>> {
        self.table.get(key).map(|value| Field { source: self.source, path: self.path_of(key), value })
    }

    pub(crate) fn require(&self, key: &str, mend: &str) -> Result<Field<'a>, PathologyError> {
        self.get(key).ok_or_else(|| self.error(&format!("`{key}` is missing"), mend))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.table.keys().map(|key| -> &'a str { key.get_ref() })
    }

    pub(crate) fn error(&self, problem: &str, mend: &str) -> PathologyError {
        PathologyError::new(self.source.place(self.offset, &self.path), problem, mend)
    }

    /// Text of a key that may be absent.
    pub(crate) fn text_or(&self, key: &str, absent: &str) -> Result<String, PathologyError> {
        self.get(key).map_or_else(|| Ok(absent.to_owned()), |field| field.text().map(str::to_owned))
    }

    /// Texts of a list that may be absent.
    pub(crate) fn texts(&self, key: &str) -> Result<Vec<String>, PathologyError> {
        self.get(key)
            .map_or_else(|| Ok(Vec::new()), |field| field.list()?.iter().map(|f| Ok(f.text()?.to_owned())).collect())
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl<'a> Field<'a> {
    pub(crate) fn error(&self, problem: &str, mend: &str) -> PathologyError {
        PathologyError::new(self.place(), problem, mend)
    }

    pub(crate) fn place(&self) -> String {
        self.source.place(self.value.span().start, &self.path)
    }

    /// The same error, at this place.
    pub(crate) fn here(&self, error: PathologyError) -> PathologyError {
        PathologyError::new(self.place(), error.problem, error.mend)
    }

    pub(crate) fn text(&self) -> Result<&'a str, PathologyError> {
        self.as_text().ok_or_else(|| self.wrong_type("a text in quotes"))
    }

    pub(crate) fn as_text(&self) -> Option<&'a str> {
        self.value.get_ref().as_str()
    }

    pub(crate) fn as_number(&self) -> Option<f64> {
        match self.value.get_ref() {
            DeValue::Integer(i) => i64::from_str_radix(&i.as_str().replace('_', ""), i.radix()).ok().map(|i| i as f64),
            DeValue::Float(x) => x.as_str().replace('_', "").parse().ok(),
            _ => None,
        }
    }

    /// A number between two limits, given with their unit.
    pub(crate) fn number(&self, low: f64, high: f64, unit: &str) -> Result<f64, PathologyError> {
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let allowed = format!("a number {low} to {high}{unit}");
        let number = self.as_number().ok_or_else(|| self.wrong_type(&allowed))?;
        if (low..=high).contains(&number) {
            Ok(number)
        } else {
            Err(self.error(&format!("{number} is out of range"), &format!("give {allowed}")))
        }
    }

    pub(crate) fn time(&self) -> Result<TimeSpan, PathologyError> {
        let text = self.as_text().ok_or_else(|| self.error("not a span of time", TIME_FORMS))?;
        TimeSpan::read(text).ok_or_else(|| self.error(&format!("`{text}` is not a span of time"), TIME_FORMS))
    }

    pub(crate) fn section(&self) -> Result<Section<'a>, PathologyError> {
        self.as_section().ok_or_else(|| self.wrong_type("a table"))
    }

    pub(crate) fn as_section(&self) -> Option<Section<'a>> {
        match self.value.get_ref() {
            DeValue::Table(table) => {
                Some(Section { source: self.source, path: self.path.clone(), offset: self.value.span().start, table })
            }
            _ => None,
        }
    }

    pub(crate) fn list(&self) -> Result<Vec<Self>, PathologyError> {
        let DeValue::Array(items) = self.value.get_ref() else { return Err(self.wrong_type("a list in [ ]")) };
        Ok(items
            .iter()
            .enumerate()
            .map(|(i, value)| Self { source: self.source, path: format!("{}[{i}]", self.path), value })
            .collect())
    }

    fn wrong_type(&self, wanted: &str) -> PathologyError {
        self.error(&format!("{} found", self.value.get_ref().type_str()), &format!("give {wanted}"))
    }
}
