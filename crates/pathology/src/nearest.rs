//! The nearest valid name to a misspelt one.

/// The mend for an unknown name: the nearest valid one, or where the list of valid ones is.
pub(crate) fn did_you_mean<'a>(name: &str, valid: impl IntoIterator<Item = &'a str>, list: &str) -> String {
    match nearest(name, valid) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list.to_owned(),
    }
}

/// The valid name with the fewest edits from `name`, if it is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(name);
    valid
        .into_iter()
        .map(|candidate| (edits(&wanted, &fold(candidate)), candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance * 3 <= wanted.chars().count().max(6))
        .map(|(_, candidate)| candidate)
}

/// Lower case, with `-`, `_` and space alike: how names are compared.
pub(crate) fn fold(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', ' '], "_")
}

/// Edits (insertion, deletion, substitution, exchange of neighbours) between two names.
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for (i, row) in table.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in table[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let substitution = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut fewest = substitution.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                fewest = fewest.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = fewest;
        }
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised_and_nonsense_is_not() {
        let names = ["anterior_horn", "striatum", "junction"];
        assert_eq!(nearest("anterior-hron", names), Some("anterior_horn"));
        assert_eq!(nearest("striatm", names), Some("striatum"));
        assert_eq!(nearest("elephant_house", names), None);
    }
}
