//! What can be wrong with the data tables of this crate.

/// A table that does not say what it must.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// Not TOML, or not the expected fields; keeps the parser's line and caret.
    #[error("{file}: {source}")]
    Toml {
        /// File.
        file: String,
        /// Parser's message.
        source: Box<toml::de::Error>,
    },
    /// An entry that contradicts itself.
    #[error("{file}: {entry}: {problem}")]
    Entry {
        /// File.
        file: String,
        /// Which entry.
        entry: String,
        /// What is wrong and the mend.
        problem: String,
    },
    /// The ontology file cannot be read.
    #[error("{file}: not a readable HPO release ({problem})")]
    Ontology {
        /// File.
        file: String,
        /// What is wrong.
        problem: String,
    },
}
