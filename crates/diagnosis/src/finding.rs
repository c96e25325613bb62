//! Findings: what a neurologist would write down, in HPO terms, by declared rules over verdicts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tonus_signal::{Side, Value};

use crate::{DataError, JudgedStudy, Verdict};

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

/// A rule's condition; three-valued, because an item may not have been examined.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum When {
    All { all: Vec<When> },
    Any { any: Vec<When> },
    Not { not: Box<When> },
    Finding { finding: String },
    Test(Test),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Test {
    item: String,
    measure: String,
    /// True if the verdict is one of these.
    is: Option<Vec<Verdict>>,
    /// True if the value is above this and, where the person's own norm has an upper limit, above that too.
    above: Option<f64>,
    /// True if the value is below this and, where the person's own norm has a lower limit, below that too.
    below: Option<f64>,
    /// True if the value lies between the two: a class of values (a tremor's frequency), not an abnormal amount.
    between: Option<[f64; 2]>,
    /// True if the value lies so many SD or more below the mean of the person's own norm (a negative number): less than normal, though
    /// it need not be abnormal.
    z_below: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    hpo: String,
    label: String,
    region: String,
    when: When,
    /// Why these measures make this finding.
    source: String,
}

/// The rules of `data/findings.toml`.
#[derive(Clone, Debug)]
pub struct Rules(Vec<Rule>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
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
        let RuleFile { finding } = toml::from_str(text)
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
            let mut referred = Vec::new();
            rule.when.referred(&mut referred);
            if let Some(missing) = referred.iter().find(|id| !finding[..i].iter().any(|r| r.hpo == ***id)) {
                return Err(bad(format!(
                    "refers to {missing}, which is not defined above it; move it up or mend the id"
                )));
            }
        }
        Ok(Self(finding))
    }

    /// Every `(item, measure)` a rule looks at.
    pub fn looked_at(&self) -> Vec<(&str, &str)> {
        let mut out = Vec::new();
        for rule in &self.0 {
            rule.when.tests(&mut out);
        }
        out
    }

    /// `(hpo, label)` of every rule.
    pub fn terms(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|r| (r.hpo.as_str(), r.label.as_str()))
    }

    /// Applies every rule to both sides. A rule whose items were not examined gives nothing.
    pub fn findings(&self, studies: &[JudgedStudy]) -> Vec<Finding> {
        let mut known: BTreeMap<(Side, &str), bool> = BTreeMap::new();
        let mut out = Vec::new();
        for rule in &self.0 {
            let mut sides = Vec::new();
            let mut because = Vec::new();
            let mut examined = false;
            for side in Side::BOTH {
                let mut reasons = Vec::new();
                let result = rule.when.evaluate(side, studies, &known, &mut reasons);
                if let Some(holds) = result {
                    examined = true;
                    known.insert((side, rule.hpo.as_str()), holds);
                    if holds {
                        sides.push(side);
                        for reason in reasons {
                            if !because.contains(&reason) {
                                because.push(reason);
                            }
                        }
                    }
                }
            }
            if !examined {
                continue;
            }
            let place = match sides.as_slice() {
                [] => rule.region.clone(),
                [one] => format!("{}, {}", rule.region, one.name()),
                _ => format!("{}, both sides", rule.region),
            };
            let state = if sides.is_empty() { FindingState::Absent } else { FindingState::Present };
            out.push(Finding { hpo: rule.hpo.clone(), label: rule.label.clone(), state, place, because });
        }
        out
    }
}

impl When {
    fn referred<'a>(&'a self, out: &mut Vec<&'a String>) {
        match self {
            Self::All { all: list } | Self::Any { any: list } => list.iter().for_each(|w| w.referred(out)),
            Self::Not { not } => not.referred(out),
            Self::Finding { finding } => out.push(finding),
            Self::Test(_) => {}
        }
    }

    fn tests<'a>(&'a self, out: &mut Vec<(&'a str, &'a str)>) {
        match self {
            Self::All { all: list } | Self::Any { any: list } => list.iter().for_each(|w| w.tests(out)),
            Self::Not { not } => not.tests(out),
            Self::Finding { .. } => {}
            Self::Test(test) => out.push((&test.item, &test.measure)),
        }
    }

    /// `None` = not examined. Reasons are the tests that held.
    fn evaluate<'a>(
        &'a self,
        side: Side,
        studies: &[JudgedStudy],
        known: &BTreeMap<(Side, &'a str), bool>,
        reasons: &mut Vec<String>,
    ) -> Option<bool> {
        match self {
            Self::All { all } => {
                let mut held = Vec::new();
                let mut result = Some(true);
                for when in all {
                    match when.evaluate(side, studies, known, &mut held) {
                        Some(false) => return Some(false),
                        None => result = None,
                        Some(true) => {}
                    }
                }
                if result == Some(true) {
                    reasons.append(&mut held);
                }
                result
            }
            Self::Any { any } => {
                let mut result = None;
                for when in any {
                    match when.evaluate(side, studies, known, reasons) {
                        Some(true) => result = Some(true),
                        Some(false) if result.is_none() => result = Some(false),
                        _ => {}
                    }
                }
                result
            }
            Self::Not { not } => not.evaluate(side, studies, known, &mut Vec::new()).map(|holds| !holds),
            Self::Finding { finding } => known.get(&(side, finding.as_str())).copied(),
            Self::Test(test) => test.evaluate(side, studies, reasons),
        }
    }
}

impl Test {
    fn evaluate(&self, side: Side, studies: &[JudgedStudy], reasons: &mut Vec<String>) -> Option<bool> {
        let study = studies.iter().find(|s| s.item == self.item && s.side == side)?;
        let judged = study.measure(&self.measure)?;
        let by_verdict = self.is.as_ref().is_none_or(|list| list.contains(&judged.verdict));
        let number = judged.measure.value.number();
        // Cut-offs are those of adults: what is normal in this person is no finding, whatever side of them it lies.
        let by_value = match (self.above, self.below, self.between) {
            (None, None, None) => true,
            (above, below, between) => number.is_some_and(|x| {
                above.is_none_or(|a| x > a && judged.high.is_none_or(|limit| x > limit))
                    && below.is_none_or(|b| x < b && judged.low.is_none_or(|limit| x < limit))
                    && between.is_none_or(|[low, high]| low < x && x < high)
            }),
        };
        let by_distance = self.z_below.is_none_or(|limit| judged.z.is_some_and(|z| z <= limit));
        let holds = by_verdict && by_value && by_distance;
        // A reason is what is abnormal: by the person's norm, or by the rule's own cut-off where there is no norm.
        let abnormal = judged.verdict != Verdict::Normal
            || (judged.low.is_none() && judged.high.is_none() && (self.above.is_some() || self.below.is_some()));
        if holds && abnormal {
            let value = match judged.measure.value {
                Value::Number(x) => {
                    let unit = if judged.measure.unit == "1" { "" } else { judged.measure.unit.as_str() };
                    format!("{} {unit}", significant(x)).trim_end().to_owned()
                }
                Value::Absent => "absent".to_owned(),
                Value::NotEvocable => "not evocable".to_owned(),
            };
            let range = match (judged.low, judged.high) {
                (None, None) => String::new(),
                (low, high) => format!(
                    " ({}..{})",
                    low.map(significant).unwrap_or_default(),
                    high.map(significant).unwrap_or_default()
                ),
            };
            reasons.push(format!("{}.{}, {} = {value}{range}", self.item, self.measure, side.name()));
        }
        Some(holds)
    }
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
mod tests {
    use tonus_signal::Measure;

    use super::*;
    use crate::Judged;

    const TABLE: &str = r#"
        [[finding]]
        hpo = "HP:1"
        label = "weak"
        region = "arm"
        when = { item = "i", measure = "torque", is = ["low"] }
        source = "test"

        [[finding]]
        hpo = "HP:2"
        label = "slow, not weak"
        region = "arm"
        when = { all = [{ not = { finding = "HP:1" } }, { item = "i", measure = "speed", below = 1.0 }] }
        source = "test"
    "#;

    fn study(side: Side, torque: Verdict, speed: f64) -> JudgedStudy {
        let judged = |name: &str, value: f64, verdict| Judged {
            measure: Measure::new(name, value, "1"),
            low: Some(1.0),
            high: None,
            z: None,
            verdict,
            norm_source: String::new(),
        };
        let measures = vec![judged("torque", 5.0, torque), judged("speed", speed, Verdict::Normal)];
        JudgedStudy { item: "i".to_owned(), side, wall_ms: 0.0, measures }
    }

    #[test]
    fn findings_name_their_side_and_their_reason() {
        let rules = Rules::from_toml("test", TABLE).expect("the table is right");
        let found = rules.findings(&[study(Side::Left, Verdict::Low, 0.5), study(Side::Right, Verdict::Normal, 0.5)]);
        assert_eq!(found[0].place, "arm, left");
        assert_eq!(found[0].because, ["i.torque, left = 5 (1..)"]);
        assert_eq!((found[1].place.as_str(), found[1].state), ("arm, right", FindingState::Present));
    }

    /// The second rule's cut-off is 1.0, for adults.
    #[test]
    fn a_cut_off_holds_only_beyond_the_persons_own_norm() {
        let rules = Rules::from_toml("test", TABLE).expect("the table is right");
        let state = |speed: f64, low: Option<f64>| {
            let mut child = study(Side::Left, Verdict::Normal, speed);
            let judged = &mut child.measures[1];
            judged.low = low;
            judged.verdict = if low.is_some_and(|l| speed < l) { Verdict::Low } else { Verdict::Normal };
            let found = rules.findings(&[child]);
            (found[1].state, found[1].because.len())
        };
        assert_eq!(state(0.5, Some(0.4)), (FindingState::Absent, 0), "normal in this person");
        assert_eq!(state(0.3, Some(0.4)), (FindingState::Present, 1));
        assert_eq!(state(0.5, None), (FindingState::Present, 1), "no norm but the rule's own");
        assert_eq!(state(1.1, Some(2.0)), (FindingState::Absent, 0), "low, but not beyond the cut-off");
    }

    #[test]
    fn what_is_normal_is_no_reason() {
        let table = r#"
            [[finding]]
            hpo = "HP:1"
            label = "slow but strong"
            region = "arm"
            when = { all = [
                { item = "i", measure = "torque", is = ["normal"] },
                { item = "i", measure = "speed", is = ["low"], between = [0.1, 1.0] },
            ] }
            source = "test"
        "#;
        let rules = Rules::from_toml("test", table).expect("the table is right");
        let mut slow = study(Side::Right, Verdict::Normal, 0.5);
        slow.measures[1].verdict = Verdict::Low;
        let found = rules.findings(&[slow]);
        assert_eq!(
            (found[0].state, found[0].because.as_slice()),
            (FindingState::Present, &["i.speed, right = 0.5 (1..)".to_owned()][..])
        );
    }

    #[test]
    fn what_was_not_examined_is_neither_present_nor_absent() {
        let rules = Rules::from_toml("test", TABLE).expect("the table is right");
        assert!(rules.findings(&[]).is_empty());
    }

    #[test]
    fn a_rule_may_only_refer_upwards() {
        let error = Rules::from_toml("f.toml", &TABLE.replace("finding = \"HP:1\"", "finding = \"HP:3\""))
            .expect_err("no such");
        assert!(error.to_string().contains("refers to HP:3"), "{error}");
    }

    #[test]
    fn three_significant_figures_without_noise() {
        assert_eq!(
            [significant(0.012345), significant(12.0), significant(1234.5), significant(0.0)],
            ["0.0123", "12", "1234", "0"]
        );
    }
}
