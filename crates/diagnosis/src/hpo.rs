//! The Human Phenotype Ontology, as far as Tonus needs it: names, and which term is a kind of which.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use flate2::read::GzDecoder;

use crate::DataError;

/// The unaltered release file that ships with Tonus (HPO 2025-01-16).
const RELEASE: &[u8] = include_bytes!("../../../data/ontology/hp.obo.gz");
const FILE: &str = "data/ontology/hp.obo.gz";

#[derive(Clone, Debug)]
struct Term {
    name: String,
    parents: Vec<String>,
}

/// Terms of one HPO release.
#[derive(Clone, Debug)]
pub struct Ontology {
    version: String,
    terms: HashMap<String, Term>,
    /// Retired and alternative ids, to the id that replaced them.
    replaced: HashMap<String, String>,
}

impl Ontology {
    /// The release that ships with Tonus.
    ///
    /// # Errors
    /// If the file was damaged.
    pub fn builtin() -> Result<Self, DataError> {
        let bad = |problem: String| DataError::Ontology { file: FILE.to_owned(), problem };
        let mut text = String::new();
        GzDecoder::new(RELEASE).read_to_string(&mut text).map_err(|e| bad(e.to_string()))?;
        let ontology = Self::from_obo(&text);
        if ontology.terms.is_empty() {
            return Err(bad("it holds no term".to_owned()));
        }
        Ok(ontology)
    }

    /// Reads OBO text.
    fn from_obo(text: &str) -> Self {
        let mut ontology = Self { version: String::new(), terms: HashMap::new(), replaced: HashMap::new() };
        let mut blocks = text.split("\n[Term]\n");
        if let Some(header) = blocks.next() {
            ontology.version = header
                .lines()
                .find_map(|l| l.strip_prefix("data-version: "))
                .unwrap_or_default()
                .trim_start_matches("hp/releases/")
                .to_owned();
        }
        for block in blocks {
            let (mut id, mut name, mut parents, mut alternatives, mut obsolete) =
                (String::new(), String::new(), Vec::new(), Vec::new(), false);
            for line in block.lines().take_while(|l| !l.starts_with('[')) {
                if let Some(value) = line.strip_prefix("id: ") {
                    id = value.to_owned();
                } else if let Some(value) = line.strip_prefix("name: ") {
                    name = value.to_owned();
                } else if let Some(value) = line.strip_prefix("is_a: ") {
                    parents.push(value.split_whitespace().next().unwrap_or_default().to_owned());
                } else if let Some(value) = line.strip_prefix("alt_id: ") {
                    alternatives.push(value.to_owned());
                } else if let Some(value) = line.strip_prefix("replaced_by: ") {
                    ontology.replaced.insert(id.clone(), value.to_owned());
                } else if line == "is_obsolete: true" {
                    obsolete = true;
                }
            }
            for alternative in alternatives {
                ontology.replaced.insert(alternative, id.clone());
            }
            if !obsolete {
                ontology.terms.insert(id, Term { name, parents });
            }
        }
        ontology
    }

    /// Release date.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Name of a term.
    pub fn name(&self, id: &str) -> Option<&str> {
        self.terms.get(self.current(id)).map(|t| t.name.as_str())
    }

    /// The id now in use for `id`.
    fn current<'a>(&'a self, id: &'a str) -> &'a str {
        self.replaced.get(id).map_or(id, String::as_str)
    }

    /// True if `id` is `ancestor` or a kind of it.
    pub fn is_a(&self, id: &str, ancestor: &str) -> bool {
        let target = self.current(ancestor);
        let mut seen = HashSet::new();
        let mut open = vec![self.current(id)];
        while let Some(next) = open.pop() {
            if next == target {
                return true;
            }
            if seen.insert(next)
                && let Some(term) = self.terms.get(next)
            {
                open.extend(term.parents.iter().map(String::as_str));
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rules;

    #[test]
    fn the_release_knows_every_term_of_the_rules_by_its_label() {
        let ontology = Ontology::builtin().unwrap();
        assert_eq!(ontology.version(), "2025-01-16");
        for (hpo, label) in Rules::builtin().unwrap().terms() {
            assert_eq!(ontology.name(hpo), Some(label), "{hpo}");
        }
    }

    #[test]
    fn kinds_of_a_term() {
        let ontology = Ontology::builtin().unwrap();
        assert!(ontology.is_a("HP:0002522", "HP:0001284"), "areflexia of lower limbs is areflexia");
        assert!(!ontology.is_a("HP:0001284", "HP:0002522"));
        assert!(ontology.is_a("HP:0001252", "HP:0001252"));
    }
}
