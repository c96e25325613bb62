//! The condition of a rule: tests of measures, joined by three-valued logic.

use std::collections::BTreeMap;

use serde::Deserialize;
use tonus_signal::{Side, Value};

use crate::finding::significant;
use crate::kleene::{self, Truth};
use crate::{Judged, JudgedStudy, Verdict};

/// A rule's condition; three-valued, because an item may not have been examined, or may have had nothing to measure.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum When {
    All {
        all: Vec<When>,
    },
    Any {
        any: Vec<When>,
    },
    /// So many of them or more.
    AtLeast {
        at_least: usize,
        of: Vec<When>,
    },
    Not {
        not: Box<When>,
    },
    Finding {
        finding: String,
    },
    Test(Test),
}

/// A question about one measure. A response that is missing answers it only if `is` names that; otherwise nothing is known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Test {
    pub(crate) item: String,
    pub(crate) measure: String,
    /// True if the verdict is one of these.
    is: Option<Vec<Verdict>>,
    /// What `above` and `below` are multiples of; without it they are in the measure's unit.
    per: Option<Limit>,
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

/// A limit of the measure's norm for this person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Limit {
    UpperLimit,
    LowerLimit,
}

/// What is known of one side.
pub(crate) struct Examined<'a> {
    pub(crate) side: Side,
    pub(crate) studies: &'a [JudgedStudy],
    /// Where on the body each item examines.
    pub(crate) places: &'a BTreeMap<String, String>,
    /// Findings decided by earlier rules.
    pub(crate) known: &'a BTreeMap<(Side, String), Decided>,
}

/// A finding that an earlier rule decided.
pub(crate) struct Decided {
    pub(crate) holds: bool,
    pub(crate) held: Held,
}

/// What made a condition hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    /// The abnormal measures.
    pub(crate) reasons: Vec<String>,
    /// Where they were measured.
    pub(crate) regions: Vec<String>,
}

impl Held {
    /// Adds what it does not have yet.
    fn add(&mut self, other: &Self) {
        for (own, others) in [(&mut self.reasons, &other.reasons), (&mut self.regions, &other.regions)] {
            own.extend(others.iter().filter(|new| !own.contains(new)).cloned().collect::<Vec<_>>());
        }
    }
}

impl When {
    /// Findings it refers to.
    pub(crate) fn referred<'a>(&'a self, out: &mut Vec<&'a str>) {
        match self {
            Self::All { all: list } | Self::Any { any: list } | Self::AtLeast { of: list, .. } => {
                list.iter().for_each(|w| w.referred(out))
            }
            Self::Not { not } => not.referred(out),
            Self::Finding { finding } => out.push(finding),
            Self::Test(_) => {}
        }
    }

    /// What its tests lack to be asked, in words.
    pub(crate) fn problems(&self, places: &BTreeMap<String, String>, out: &mut Vec<String>) {
        match self {
            Self::All { all: list } | Self::Any { any: list } | Self::AtLeast { of: list, .. } => {
                list.iter().for_each(|w| w.problems(places, out))
            }
            Self::Not { not } => not.problems(places, out),
            Self::Finding { .. } => {}
            Self::Test(test) => {
                if !places.contains_key(&test.item) {
                    out.push(format!("asks {}, which has no place; add it to `[places]`", test.item));
                }
                let others = test.is.is_some() || test.between.is_some() || test.z_below.is_some();
                if test.per.is_some() && (others || (test.above.is_none() && test.below.is_none())) {
                    out.push(format!("`per` of {} goes with `above` or `below` alone", test.measure));
                }
            }
        }
    }

    /// Its tests.
    pub(crate) fn tests<'a>(&'a self, out: &mut Vec<&'a Test>) {
        match self {
            Self::All { all: list } | Self::Any { any: list } | Self::AtLeast { of: list, .. } => {
                list.iter().for_each(|w| w.tests(out))
            }
            Self::Not { not } => not.tests(out),
            Self::Finding { .. } => {}
            Self::Test(test) => out.push(test),
        }
    }

    /// Whether it holds; to `held` is added what made it hold, if it does.
    pub(crate) fn evaluate(&self, examined: &Examined<'_>, held: &mut Held) -> Truth {
        match self {
            Self::All { all } => {
                let mut of_all = Held::default();
                let members: Vec<Truth> = all.iter().map(|when| when.evaluate(examined, &mut of_all)).collect();
                let result = kleene::all(members);
                if result == Some(true) {
                    held.add(&of_all);
                }
                result
            }
            Self::Any { any } => {
                let members: Vec<Truth> = any.iter().map(|when| when.evaluate(examined, held)).collect();
                kleene::any(members)
            }
            Self::AtLeast { at_least, of } => {
                let mut of_these = Held::default();
                let members: Vec<Truth> = of.iter().map(|when| when.evaluate(examined, &mut of_these)).collect();
                let result = kleene::at_least(*at_least, members);
                if result == Some(true) {
                    held.add(&of_these);
                }
                result
            }
            Self::Not { not } => kleene::not(not.evaluate(examined, &mut Held::default())),
            Self::Finding { finding } => {
                let decided = examined.known.get(&(examined.side, finding.clone()))?;
                if decided.holds {
                    held.add(&decided.held);
                }
                Some(decided.holds)
            }
            Self::Test(test) => test.evaluate(examined, held),
        }
    }
}

impl Test {
    fn evaluate(&self, examined: &Examined<'_>, held: &mut Held) -> Truth {
        let study = examined.studies.iter().find(|s| s.item == self.item && s.side == examined.side)?;
        let judged = study.measure(&self.measure)?;
        let holds = self.holds(judged)?;
        if holds {
            // A reason is what is abnormal: by the person's norm, or by the rule's own cut-off where there is no norm.
            let abnormal = judged.is_abnormal() || (!judged.has_norm && (self.above.is_some() || self.below.is_some()));
            let reasons = if abnormal { vec![self.reason(judged, examined.side)] } else { Vec::new() };
            let regions = examined.places.get(&self.item).cloned().into_iter().collect();
            held.add(&Held { reasons, regions });
        }
        Some(holds)
    }

    /// Whether it asks how the measure stands to its norm.
    pub(crate) fn needs_norm(&self) -> bool {
        self.is.is_some() || self.z_below.is_some() || self.per.is_some()
    }

    fn holds(&self, judged: &Judged) -> Truth {
        let listed = self.is.as_ref().map(|list| judged.verdict.map(|verdict| list.contains(&verdict)));
        let Some(x) = judged.measure.value.number() else {
            // A missing response counts where the rule says so; else it is no number that could be asked about.
            return (listed == Some(Some(true))).then_some(true);
        };
        if let Some(per) = self.per {
            let limit = if per == Limit::UpperLimit { judged.high } else { judged.low };
            // A limit of nought has no multiples.
            let share = x / limit.filter(|limit| *limit > 0.0)?;
            return kleene::all(
                [self.above.map(|a| share > a), self.below.map(|b| share < b)].into_iter().flatten().map(Some),
            );
        }
        // Nor does a cut-off hold for a person whose norm is not known, though that of others is.
        let beyond = |cut_off: bool| (judged.verdict.is_some() || !judged.has_norm).then_some(cut_off);
        // Cut-offs are those of adults: what is normal in this person is no finding, whatever side of them it lies.
        let above = self.above.map(|a| beyond(x > a && judged.high.is_none_or(|limit| x > limit)));
        let below = self.below.map(|b| beyond(x < b && judged.low.is_none_or(|limit| x < limit)));
        let between = self.between.map(|[low, high]| Some(low < x && x < high));
        let distant = self.z_below.map(|limit| judged.z.map(|z| z <= limit));
        kleene::all([listed, above, below, between, distant].into_iter().flatten())
    }

    fn reason(&self, judged: &Judged, side: Side) -> String {
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
            (low, high) => {
                format!(
                    " ({}..{})",
                    low.map(significant).unwrap_or_default(),
                    high.map(significant).unwrap_or_default()
                )
            }
        };
        format!("{}.{}, {} = {value}{range}", self.item, self.measure, side.name())
    }
}
