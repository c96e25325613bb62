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
mod tests {
    use tonus_signal::{Measure, Value};

    use super::*;
    use crate::{Judged, Verdict};

    const TABLE: &str = r#"
        [places]
        i = "arm"
        j = "leg"

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
            verdict: Some(verdict),
            has_norm: true,
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
            judged.has_norm = low.is_some();
            let verdict = |l: f64| if speed < l { Verdict::Low } else { Verdict::Normal };
            judged.verdict = low.map(verdict);
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
            [places]
            i = "arm"

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
        slow.measures[1].verdict = Some(Verdict::Low);
        let found = rules.findings(&[slow]);
        assert_eq!(
            (found[0].state, found[0].because.as_slice()),
            (FindingState::Present, &["i.speed, right = 0.5 (1..)".to_owned()][..])
        );
    }

    /// A table of one rule.
    fn rule(when: &str) -> Rules {
        let table = format!(
            "[places]\ni = \"arm\"\nj = \"leg\"\n[[finding]]\nhpo = \"HP:1\"\nlabel = \"x\"\nwhen = {when}\nsource = \"test\""
        );
        Rules::from_toml("test", &table).expect("the table is right")
    }

    /// State of the only rule's finding, if there is one.
    fn state(rules: &Rules, studies: &[JudgedStudy]) -> Option<FindingState> {
        rules.findings(studies).first().map(|f| f.state)
    }

    #[test]
    fn a_missing_value_answers_only_a_rule_that_names_it() {
        let missing = |value: Value, verdict| {
            let mut study = study(Side::Left, Verdict::Normal, 0.5);
            study.measures[1].measure.value = value;
            study.measures[1].verdict = Some(verdict);
            [study]
        };
        for (value, verdict) in [(Value::Absent, Verdict::Absent), (Value::NotEvocable, Verdict::NotEvocable)] {
            for test in ["below = 1.0", "above = 1.0", "between = [0.1, 1.0]", "z_below = -1.0", "is = [\"low\"]"] {
                for when in [
                    format!("{{ item = \"i\", measure = \"speed\", {test} }}"),
                    format!("{{ not = {{ item = \"i\", measure = \"speed\", {test} }} }}"),
                ] {
                    assert_eq!(state(&rule(&when), &missing(value, verdict)), None, "{when}");
                }
            }
        }
        let absent = rule("{ item = \"i\", measure = \"speed\", is = [\"low\", \"absent\"] }");
        assert_eq!(state(&absent, &missing(Value::Absent, Verdict::Absent)), Some(FindingState::Present));
        assert_eq!(state(&absent, &missing(Value::NotEvocable, Verdict::NotEvocable)), None);
        let no_sd = rule("{ item = \"i\", measure = \"speed\", z_below = -1.0 }");
        assert_eq!(state(&no_sd, &[study(Side::Left, Verdict::Normal, 0.5)]), None, "its norm has no SD");
    }

    /// A newborn's nerve conducts at half the adult velocity in health.
    #[test]
    fn a_norm_of_other_ages_leaves_a_cut_off_unanswered() {
        let mut newborn = study(Side::Left, Verdict::Normal, 0.5);
        newborn.measures[1] = Judged { low: None, verdict: None, ..newborn.measures[1].clone() };
        for test in ["below = 1.0", "is = [\"low\"]"] {
            let when = format!("{{ item = \"i\", measure = \"speed\", {test} }}");
            assert_eq!(state(&rule(&when), &[newborn.clone()]), None, "{test}");
        }
    }

    #[test]
    fn a_side_that_is_unknown_leaves_the_finding_open_unless_the_other_has_it() {
        let rules = rule("{ item = \"i\", measure = \"torque\", is = [\"low\"] }");
        let mut unknown = study(Side::Right, Verdict::NotEvocable, 0.5);
        unknown.measures[0].measure.value = Value::NotEvocable;
        assert_eq!(state(&rules, &[study(Side::Left, Verdict::Normal, 0.5), unknown.clone()]), None);
        assert_eq!(state(&rules, &[study(Side::Left, Verdict::Low, 0.5), unknown]), Some(FindingState::Present));
        let one_side = rules.findings(&[study(Side::Left, Verdict::Normal, 0.5)]);
        assert_eq!((one_side[0].state, one_side[0].place.as_str()), (FindingState::Absent, "arm, left"));
    }

    #[test]
    fn a_finding_is_where_its_tests_held_and_so_is_what_rests_on_it() {
        let table = r#"
            [places]
            i = "arm"
            j = "leg"

            [[finding]]
            hpo = "HP:1"
            label = "weak"
            when = { any = [{ item = "i", measure = "torque", is = ["low"] }, { item = "j", measure = "torque", is = ["low"] }] }
            source = "test"

            [[finding]]
            hpo = "HP:2"
            label = "ill"
            when = { finding = "HP:1" }
            source = "test"
        "#;
        let rules = Rules::from_toml("test", table).expect("the table is right");
        let of = |item: &str, side, verdict| JudgedStudy { item: item.to_owned(), ..study(side, verdict, 0.5) };
        let found = rules.findings(&[
            of("i", Side::Right, Verdict::Low),
            of("j", Side::Right, Verdict::Low),
            of("i", Side::Left, Verdict::Normal),
            of("j", Side::Left, Verdict::Low),
        ]);
        for finding in &found {
            assert_eq!(finding.place, "arm, right; leg, both sides");
            let because = ["i.torque, right = 5 (1..)", "j.torque, right = 5 (1..)", "j.torque, left = 5 (1..)"];
            assert_eq!(finding.because, because, "{}", finding.label);
        }
        let well = rules.findings(&[of("i", Side::Right, Verdict::Normal), of("j", Side::Right, Verdict::Normal)]);
        for finding in &well {
            assert_eq!((finding.state, finding.place.as_str()), (FindingState::Absent, "arm and leg, right"));
        }
    }

    #[test]
    fn a_cut_off_may_be_a_multiple_of_the_persons_own_limit() {
        let rules = rule(r#"{ item = "i", measure = "speed", per = "lower_limit", below = 0.7 }"#);
        let with_limit = |speed: f64, low: Option<f64>| {
            let mut study = study(Side::Left, Verdict::Normal, speed);
            study.measures[1].low = low;
            study.measures[1].verdict = Some(Verdict::Low);
            [study]
        };
        assert_eq!(state(&rules, &with_limit(0.69, Some(1.0))), Some(FindingState::Present));
        assert_eq!(state(&rules, &with_limit(0.71, Some(1.0))), Some(FindingState::Absent));
        assert_eq!(state(&rules, &with_limit(0.71, Some(2.0))), Some(FindingState::Present));
        assert_eq!(state(&rules, &with_limit(0.71, None)), None, "no limit to be a multiple of");
    }

    #[test]
    fn a_rule_that_cannot_be_asked_is_refused() {
        let refused = |from: &str, to: &str| {
            Rules::from_toml("f.toml", &TABLE.replace(from, to)).expect_err("it cannot be asked").to_string()
        };
        assert!(refused("i = \"arm\"", "k = \"arm\"").contains("asks i, which has no place"));
        assert!(refused("is = [\"low\"]", "per = \"upper_limit\"").contains("`per` of torque goes with"));
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
