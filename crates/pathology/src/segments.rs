//! Segments of the cord and nuclei of the cranial nerves, rostral first, and ranges of them with weights.

use std::fmt;

use crate::PathologyError;
use crate::nearest::did_you_mean;

/// Rostral to caudal: motor nuclei of the head, then the cord.
const ORDER: [&str; 39] = [
    "III", "IV", "V", "VI", "VII", "IX", "X", "XI", "XII", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "T1", "T2",
    "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5", "S1", "S2", "S3",
    "S4", "S5",
];

/// Words that stand for a range.
const WORDS: &[(&str, &str, &str)] = &[
    ("bulbar", "V", "XII"),
    ("cervical", "C1", "C8"),
    ("thoracic", "T1", "T12"),
    ("lumbar", "L1", "L5"),
    ("sacral", "S1", "S5"),
    ("all", "III", "S5"),
];

/// Ranges of segments, each with the weight a lesion has there; no range is everywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segments {
    ranges: Vec<(usize, usize, f64)>,
}

impl Segments {
    /// Reads `C5..T1`, `C6`, `bulbar..S2`, lists of them, each with a weight in parentheses if it is not 1: `C5..T1 (1.0), L2..S2 (0.5)`.
    ///
    /// # Errors
    /// An unknown segment (with the nearest), a range upside down, a weight outside 0..1.
    pub fn parse(text: &str) -> Result<Self, PathologyError> {
        let mut segments = Self::default();
        for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let (range, weight) = match item.split_once('(') {
                Some((range, weight)) => {
                    let number = weight.trim_end().trim_end_matches(')').trim().parse::<f64>().ok();
                    let Some(number) = number.filter(|n| (0.0..=1.0).contains(n)) else {
                        return Err(error(
                            format!("`{item}` has no weight 0 to 1 in its parentheses"),
                            "write `C5..T1 (0.5)`",
                        ));
                    };
                    (range.trim(), number)
                }
                None => (item, 1.0),
            };
            segments.add(range, weight)?;
        }
        Ok(segments)
    }

    /// Adds a range (`C5..T1`) with its weight.
    pub(crate) fn add(&mut self, range: &str, weight: f64) -> Result<(), PathologyError> {
        let (first, last) = match range.split_once("..") {
            Some((first, last)) => (ends(first.trim())?.0, ends(last.trim())?.1),
            None => ends(range.trim())?,
        };
        if first > last {
            return Err(error(format!("`{range}` runs from caudal to rostral"), "write the rostral end first"));
        }
        self.ranges.push((first, last, weight));
        Ok(())
    }

    /// Adds every range of another list.
    pub(crate) fn extend(&mut self, other: Self) {
        self.ranges.extend(other.ranges);
    }

    /// True if no segment is named: the lesion is everywhere.
    pub fn is_everywhere(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Share of a pool with these segments that the lesion reaches: the mean over its segments of the largest weight there.
    pub fn share(&self, of: &[String]) -> f64 {
        if self.ranges.is_empty() || of.is_empty() {
            return 1.0;
        }
        let sum: f64 = of
            .iter()
            .filter_map(|name| ORDER.iter().position(|s| s == name))
            .map(|at| {
                let weights = self.ranges.iter().filter(|(first, last, _)| (*first..=*last).contains(&at));
                weights.map(|(_, _, weight)| *weight).fold(0.0, f64::max)
            })
            .sum();
        sum / of.len() as f64
    }
}

fn ends(name: &str) -> Result<(usize, usize), PathologyError> {
    let at = |segment: &str| ORDER.iter().position(|s| s.eq_ignore_ascii_case(segment));
    if let Some(index) = at(name) {
        return Ok((index, index));
    }
    let word = WORDS.iter().find(|(word, ..)| word.eq_ignore_ascii_case(name));
    word.and_then(|(_, first, last)| Some((at(first)?, at(last)?))).ok_or_else(|| {
        error(
            format!("no segment `{name}`"),
            &did_you_mean(
                name,
                ORDER.iter().copied().chain(WORDS.iter().map(|(word, ..)| *word)),
                "segments: C1..C8, T1..T12, L1..L5, S1..S5, cranial III..XII, bulbar, all",
            ),
        )
    })
}

fn error(problem: String, mend: &str) -> PathologyError {
    PathologyError::new("segments", problem, mend)
}

impl fmt::Display for Segments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (first, last, weight)) in self.ranges.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            f.write_str(ORDER[*first])?;
            if last != first {
                write!(f, "..{}", ORDER[*last])?;
            }
            if *weight != 1.0 {
                write!(f, " ({weight})")?;
            }
        }
        Ok(())
    }
}

/// Whether these segments are of the head: most of them motor nuclei.
pub(crate) fn are_of_head(segments: &[String]) -> bool {
    let nuclei = segments.iter().filter(|s| s.starts_with(['I', 'V', 'X'])).count();
    2 * nuclei > segments.len()
}

/// Whether these segments are of the leg: most of them lumbar or sacral.
pub(crate) fn are_of_leg(segments: &[String]) -> bool {
    let leg = segments.iter().filter(|s| s.starts_with('L') || s.starts_with('S')).count();
    2 * leg > segments.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|&s| s.to_owned()).collect()
    }

    #[test]
    fn share_of_a_pool_is_the_part_within() -> Result<(), PathologyError> {
        let segments = Segments::parse("C6..C7")?;
        assert_eq!(segments.share(&names(&["C5", "C6"])), 0.5);
        assert_eq!(segments.share(&names(&["C8", "T1"])), 0.0);
        let weighted = Segments::parse("VII,XII,C5..T1 (1.0), L2..S2 (0.5)")?;
        assert_eq!(weighted.share(&names(&["L3", "L4"])), 0.5);
        assert_eq!(weighted.to_string(), "VII, XII, C5..T1, L2..S2 (0.5)");
        assert_eq!(Segments::parse("bulbar..S2")?.share(&names(&["XI", "C3", "C4"])), 1.0);
        assert_eq!(Segments::parse("")?.share(&names(&["C8"])), 1.0);
        Ok(())
    }

    #[test]
    fn wrong_segments_are_named_with_the_mend() {
        for (text, wanted) in [
            ("C9", "no segment `C9`"),
            ("T1..C5", "rostral end first"),
            ("C5 (2)", "weight"),
            ("cervcal", "`cervical`"),
        ] {
            assert!(Segments::parse(text).is_err_and(|e| e.to_string().contains(wanted)), "{text}");
        }
    }
}
