//! Three-valued logic of Kleene: what cannot be known from the examination is neither true nor false.
//!
//! `None` is unknown. A conjunction with a false member is false and a disjunction with a true one is true, whatever the
//! unknown members turn out to be; otherwise one unknown member leaves the whole unknown (Kleene 1938 J Symb Log 3:150).

/// True, false, or unknown.
pub(crate) type Truth = Option<bool>;

/// All of them: true of none at all.
pub(crate) fn all(members: impl IntoIterator<Item = Truth>) -> Truth {
    not(any(members.into_iter().map(not)))
}

/// Any of them: false of none at all.
pub(crate) fn any(members: impl IntoIterator<Item = Truth>) -> Truth {
    let mut unknown = false;
    for member in members {
        match member {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(false) }
}

/// `least` of them or more: true if so many are known to be, false if so many cannot be.
pub(crate) fn at_least(least: usize, members: impl IntoIterator<Item = Truth>) -> Truth {
    let (mut holding, mut unknown) = (0, 0);
    for member in members {
        match member {
            Some(true) => holding += 1,
            Some(false) => {}
            None => unknown += 1,
        }
    }
    if holding >= least {
        Some(true)
    } else if holding + unknown < least {
        Some(false)
    } else {
        None
    }
}

/// The contrary; of the unknown, unknown.
pub(crate) fn not(member: Truth) -> Truth {
    member.map(|holds| !holds)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    use super::{Truth, all, any, at_least, not};

    const T: Truth = Some(true);
    const F: Truth = Some(false);
    const U: Truth = None;

    #[test]
    fn two_of_three_are_known_once_the_unknown_cannot_change_it() {
        for (members, two) in
            [([T, T, U], T), ([T, U, F], U), ([F, F, U], F), ([U, U, F], U), ([T, F, F], F), ([T, T, T], T)]
        {
            assert_eq!(at_least(2, members), two, "{members:?}");
        }
        assert_eq!(at_least(0, []), T);
    }

    #[test]
    fn the_truth_tables_are_kleenes() {
        for (a, b, both, either) in [
            (T, T, T, T),
            (T, F, F, T),
            (T, U, U, T),
            (F, T, F, T),
            (F, F, F, F),
            (F, U, F, U),
            (U, T, U, T),
            (U, F, F, U),
            (U, U, U, U),
        ] {
            assert_eq!((all([a, b]), any([a, b])), (both, either), "{a:?}, {b:?}");
        }
        assert_eq!([T, F, U].map(not), [F, T, U]);
        assert_eq!((all([]), any([])), (T, F));
    }

    /// Every way to learn what is unknown.
    fn completions(members: &[Truth]) -> Vec<Vec<bool>> {
        members.iter().fold(vec![vec![]], |ways, member| {
            let values = member.map_or(vec![true, false], |known| vec![known]);
            let longer = |way: &Vec<bool>, value: bool| way.iter().copied().chain([value]).collect();
            ways.iter().flat_map(|way| values.iter().map(move |&value| longer(way, value))).collect()
        })
    }

    proptest! {
        /// A result is known exactly if it is the same whatever the unknown members turn out to be.
        #[test]
        fn a_result_is_known_if_no_answer_could_change_it(members in prop::collection::vec(prop::option::of(prop::bool::ANY), 0..7)) {
            let agreed = |result: &dyn Fn(&[bool]) -> bool| {
                let results: Vec<bool> = completions(&members).iter().map(|way| result(way)).collect();
                results.iter().all(|r| *r == results[0]).then_some(results[0])
            };
            prop_assert_eq!(all(members.iter().copied()), agreed(&|way| way.iter().all(|x| *x)));
            prop_assert_eq!(any(members.iter().copied()), agreed(&|way| way.iter().any(|x| *x)));
        }

        #[test]
        fn de_morgan(members in prop::collection::vec(prop::option::of(prop::bool::ANY), 0..7)) {
            let denied = || members.iter().map(|m| not(*m));
            prop_assert_eq!(any(denied()), not(all(members.iter().copied())));
        }
    }
}
