//! What can be wrong with a request for an examination.

/// A request that names something that does not exist or is out of range.
#[derive(Debug, thiserror::Error, Clone, PartialEq)]
pub enum ExamError {
    /// No such item.
    #[error("no item `{id}`; {}", nearest(.near))]
    UnknownItem {
        /// What was asked for.
        id: String,
        /// Nearest valid id.
        near: Option<String>,
    },
    /// The item has no such parameter.
    #[error("item `{item}` has no parameter `{name}`; it has: {known}")]
    UnknownParameter {
        /// The item.
        item: String,
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A parameter is outside its range.
    #[error("item `{item}`, parameter `{name}` = {value} {unit}: must lie in {low}..{high} {unit}")]
    ParameterRange {
        /// The item.
        item: String,
        /// The parameter.
        name: String,
        /// What was given.
        value: f64,
        /// Lowest allowed.
        low: f64,
        /// Highest allowed.
        high: f64,
        /// Unit.
        unit: String,
    },
    /// A count that is not a whole number.
    #[error("item `{item}`, parameter `{name}` = {value}: counts something; give a whole number")]
    NotWhole {
        /// The item.
        item: String,
        /// The parameter.
        name: String,
        /// What was given.
        value: f64,
    },
    /// The protocol cannot be carried out on this body.
    #[error("item `{item}`: {problem}")]
    Protocol {
        /// The item.
        item: String,
        /// Why not, with the mend.
        problem: String,
    },
    /// The body lacks a structure the item examines.
    #[error("item `{item}` needs {what} `{id}`, which this body's anatomy tables do not have; add it to data/")]
    MissingAnatomy {
        /// The item.
        item: String,
        /// Kind of structure.
        what: &'static str,
        /// Its id.
        id: String,
    },
}

fn nearest(near: &Option<String>) -> String {
    match near {
        Some(name) => format!("did you mean `{name}`? `tonus items` lists them"),
        None => "`tonus items` lists them".to_owned(),
    }
}
