//! Findings: what a neurologist would write down, in HPO terms, by declared rules over verdicts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tonus_signal::Side;

use crate::kleene::{self, Truth};
use crate::rule::{Decided, Examined, Held, When};
use crate::{DataError, JudgedStudy};

/// Whether a finding is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// Looked for and found.
    Present,
    /// Looked for and not found.
    Absent,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// HPO id.
    pub hpo: String,
    /// HPO label.
    pub label: String,
    /// Present or absent.
    pub state: FindingState,
    /// Where on the body, in words (`lower limb, right`).
    #[serde(rename = "where")]
    pub place: String,
    /// The measures that decided it, with their norms.
    pub because: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    hpo: String,
    label: String,
    /// Where it is said to be; without it, where the tests that held were made.
    region: Option<String>,
    when: When,
    /// Why these measures make this finding.
    source: String,
}

/// The rules of `data/findings.toml`.
#[derive(Clone, Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    places: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    /// Where on the body each item examines.
    places: BTreeMap<String, String>,
    finding: Vec<Rule>,
}

const BUILTIN: &str = include_str!("../../../data/findings.toml");

impl Rules {
    /// The rules that ship with Tonus.
    ///
    /// # Errors
    /// If the table was edited into something that cannot be read.
    pub fn builtin() -> Result<Self, DataError> {
        Self::from_toml("data/findings.toml", BUILTIN)
    }

    /// Reads a table of rules.
    ///
    /// # Errors
    /// With file, line and field, or the entry that refers to a finding not defined above it.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, DataError> {
        let RuleFile { places, finding } = toml::from_str(text)
            .map_err(|source| DataError::Toml { file: file.to_owned(), source: Box::new(source) })?;
        for (i, rule) in finding.iter().enumerate() {
            let bad = |problem: String| DataError::Entry {
                file: file.to_owned(),
                entry: format!("finding {} ({})", i + 1, rule.hpo),
                problem,
            };
            if rule.source.trim().is_empty() {
                return Err(bad("has no source".to_owned()));
            }
            let mut problems = Vec::new();
            rule.when.problems(&places, &mut problems);
            if let Some(problem) = problems.into_iter().next() {
                return Err(bad(problem));
            }
            let mut referred = Vec::new();
            rule.when.referred(&mut referred);
            if let Some(missing) = referred.iter().find(|id| !finding[..i].iter().any(|r| r.hpo == **id)) {
                return Err(bad(format!(
                    "refers to {missing}, which is not defined above it; move it up or mend the id"
                )));
            }
        }
        Ok(Self { rules: finding, places })
    }

    /// Every `(item, measure)` that a rule asks a verdict on, or how it stands to a limit of its norm.
    pub fn judged(&self) -> Vec<(&str, &str)> {
        let mut tests = Vec::new();
        self.rules.iter().for_each(|rule| rule.when.tests(&mut tests));
        tests.iter().filter(|t| t.needs_norm()).map(|t| (t.item.as_str(), t.measure.as_str())).collect()
    }

    /// `(hpo, label)` of every rule.
    pub fn terms(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rules.iter().map(|r| (r.hpo.as_str(), r.label.as_str()))
    }

    /// Applies every rule to the sides that were examined. A rule that the examination cannot decide, of any side, gives nothing:
    /// neither a finding nor its absence.
    pub fn findings(&self, studies: &[JudgedStudy]) -> Vec<Finding> {
        let examined: Vec<Side> =
            Side::BOTH.into_iter().filter(|side| studies.iter().any(|s| s.side == *side)).collect();
        let mut known = BTreeMap::new();
        let mut out = Vec::new();
        for rule in &self.rules {
            let mut because: Vec<String> = Vec::new();
            let mut found: Vec<(Side, Vec<String>)> = Vec::new();
            let mut results: Vec<Truth> = Vec::new();
            for &side in &examined {
                let mut held = Held::default();
                let asked = Examined { side, studies, places: &self.places, known: &known };
                let result = rule.when.evaluate(&asked, &mut held);
                results.push(result);
                let Some(holds) = result else { continue };
                if let Some(region) = &rule.region {
                    held.regions = vec![region.clone()];
                }
                if holds {
                    found.push((side, held.regions.clone()));
                    because.extend(held.reasons.iter().filter(|r| !because.contains(r)).cloned().collect::<Vec<_>>());
                }
                known.insert((side, rule.hpo.clone()), Decided { holds, held });
            }
            // Examined on no side: the disjunction of nothing is false, but nothing is known.
            let Some(present) = kleene::any(results).filter(|_| !examined.is_empty()) else { continue };
            let (state, place) = if present {
                (FindingState::Present, where_found(&found))
            } else {
                (FindingState::Absent, self.where_looked(rule, &examined))
            };
            out.push(Finding { hpo: rule.hpo.clone(), label: rule.label.clone(), state, place, because });
        }
        out
    }

    /// Where a finding was looked for and not found: `hand and leg`, with the side if only one was examined.
    fn where_looked(&self, rule: &Rule, examined: &[Side]) -> String {
        let mut regions = Vec::new();
        self.regions(rule, &mut regions);
        let regions = regions.join(" and ");
        if let [one] = examined { format!("{regions}, {}", one.name()) } else { regions }
    }

    /// Every region that a rule may name, in the order of its tests.
    fn regions(&self, rule: &Rule, out: &mut Vec<String>) {
        let mut found = Vec::new();
        if let Some(region) = &rule.region {
            found.push(region.clone());
        } else {
            let (mut tests, mut referred) = (Vec::new(), Vec::new());
            rule.when.tests(&mut tests);
            rule.when.referred(&mut referred);
            found.extend(tests.iter().filter_map(|test| self.places.get(&test.item).cloned()));
            for other in self.rules.iter().filter(|r| referred.contains(&r.hpo.as_str())) {
                self.regions(other, &mut found);
            }
        }
        for region in found {
            if !out.contains(&region) {
                out.push(region);
            }
        }
    }
}

/// Regions with their sides: `hand, both sides; leg, right`.
fn where_found(found: &[(Side, Vec<String>)]) -> String {
    let mut places: Vec<(&str, Vec<Side>)> = Vec::new();
    for (side, regions) in found {
        for region in regions {
            match places.iter_mut().find(|(known, _)| known == region) {
                Some((_, sides)) => sides.push(*side),
                None => places.push((region, vec![*side])),
            }
        }
    }
    let in_words = |(region, sides): &(&str, Vec<Side>)| match sides.as_slice() {
        [one] => format!("{region}, {}", one.name()),
        _ => format!("{region}, both sides"),
    };
    places.iter().map(in_words).collect::<Vec<_>>().join("; ")
}

/// A number with three significant figures, without exponent.
pub fn significant(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return "0".to_owned();
    }
    let digits = (2 - x.abs().log10().floor() as i32).clamp(0, 6) as usize;
    let text = format!("{x:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests;
