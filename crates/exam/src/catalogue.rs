//! The catalogue of all items, and looking one up in it.

use crate::{ExamError, Item, bedside, laboratory};

/// Every item, in the order of an examination: bedside first, those done only if they are asked for last.
pub fn items() -> Vec<Item> {
    routine_items().into_iter().chain(laboratory::special_items()).collect()
}

/// The items that everybody is given.
pub fn routine_items() -> Vec<Item> {
    bedside::items().into_iter().chain(laboratory::items()).collect()
}

impl Item {
    /// The item of that id.
    ///
    /// # Errors
    /// [`ExamError::UnknownItem`] with the nearest valid id.
    pub fn find(id: &str) -> Result<Self, ExamError> {
        let all = items();
        all.iter().find(|item| item.id == id).copied().ok_or_else(|| ExamError::UnknownItem {
            id: id.to_owned(),
            near: all
                .iter()
                .map(|item| (edit_distance(id, item.id), item.id))
                .min()
                .filter(|(distance, _)| *distance * 3 <= id.len().max(6))
                .map(|(_, near)| near.to_owned()),
        })
    }
}

/// Levenshtein distance, to suggest the nearest valid name.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let substitution = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substitution.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn ids_are_unique_and_every_declaration_is_complete() {
        let all = items();
        let ids: BTreeSet<_> = all.iter().map(|item| item.id).collect();
        assert_eq!(ids.len(), all.len());
        for item in &all {
            assert!(!item.protocol.is_empty() && !item.source.is_empty() && !item.measures.is_empty(), "{}", item.id);
            let names: BTreeSet<_> = item.measures.iter().map(|m| m.name).collect();
            assert_eq!(names.len(), item.measures.len(), "{}", item.id);
            for p in item.parameters {
                assert!((p.low..=p.high).contains(&p.default), "{} {}", item.id, p.name);
            }
        }
    }

    #[test]
    fn a_misspelt_item_is_answered_with_the_nearest() {
        let Err(ExamError::UnknownItem { near, .. }) = Item::find("lab.motor_conduction.ulna") else {
            panic!("found an item that does not exist");
        };
        assert_eq!(near.as_deref(), Some("lab.motor_conduction.ulnar"));
        assert!(matches!(Item::find("zzz"), Err(ExamError::UnknownItem { near: None, .. })));
    }

    #[test]
    fn parameters_are_checked_by_name_and_range() {
        let item = Item::find("lab.repetitive_stimulation.ulnar").expect("it exists");
        let of = |name: &str, value: f64| item.check(&BTreeMap::from([(name.to_owned(), value)]));
        assert_eq!(of("rate_hz", 5.0), Ok(()));
        assert!(matches!(of("rate_hz", 1e6), Err(ExamError::ParameterRange { .. })));
        assert!(matches!(of("rate_hz", f64::NAN), Err(ExamError::ParameterRange { .. })));
        assert!(matches!(of("rate", 5.0), Err(ExamError::UnknownParameter { .. })));
    }
}
