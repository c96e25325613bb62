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
    All { all: Vec<When> },
    Any { any: Vec<When> },
    Not { not: Box<When> },
    Finding { finding: String },
    Test(Test),
}

/// A question about one measure. A response that is missing answers it only if `is` names that; otherwise nothing is known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Test {
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

/// What is known of one side.
pub(crate) struct Examined<'a> {
    pub(crate) side: Side,
    pub(crate) studies: &'a [JudgedStudy],
    /// Findings decided by earlier rules.
    pub(crate) known: &'a BTreeMap<(Side, String), bool>,
}

impl When {
    /// Findings it refers to.
    pub(crate) fn referred<'a>(&'a self, out: &mut Vec<&'a str>) {
        match self {
            Self::All { all: list } | Self::Any { any: list } => list.iter().for_each(|w| w.referred(out)),
            Self::Not { not } => not.referred(out),
            Self::Finding { finding } => out.push(finding),
            Self::Test(_) => {}
        }
    }

    /// `(item, measure)` of its tests.
    pub(crate) fn tests<'a>(&'a self, out: &mut Vec<(&'a str, &'a str)>) {
        match self {
            Self::All { all: list } | Self::Any { any: list } => list.iter().for_each(|w| w.tests(out)),
            Self::Not { not } => not.tests(out),
            Self::Finding { .. } => {}
            Self::Test(test) => out.push((&test.item, &test.measure)),
        }
    }

    /// Whether it holds; to `reasons` are added those of what held, if the whole holds.
    pub(crate) fn evaluate(&self, examined: &Examined<'_>, reasons: &mut Vec<String>) -> Truth {
        match self {
            Self::All { all } => {
                let mut held = Vec::new();
                let members: Vec<Truth> = all.iter().map(|when| when.evaluate(examined, &mut held)).collect();
                let result = kleene::all(members);
                if result == Some(true) {
                    reasons.append(&mut held);
                }
                result
            }
            Self::Any { any } => {
                let members: Vec<Truth> = any.iter().map(|when| when.evaluate(examined, reasons)).collect();
                kleene::any(members)
            }
            Self::Not { not } => kleene::not(not.evaluate(examined, &mut Vec::new())),
            Self::Finding { finding } => examined.known.get(&(examined.side, finding.clone())).copied(),
            Self::Test(test) => test.evaluate(examined, reasons),
        }
    }
}

impl Test {
    fn evaluate(&self, examined: &Examined<'_>, reasons: &mut Vec<String>) -> Truth {
        let study = examined.studies.iter().find(|s| s.item == self.item && s.side == examined.side)?;
        let judged = study.measure(&self.measure)?;
        let holds = self.holds(judged)?;
        // A reason is what is abnormal: by the person's norm, or by the rule's own cut-off where there is no norm.
        let abnormal = judged.verdict != Verdict::Normal
            || (judged.low.is_none() && judged.high.is_none() && (self.above.is_some() || self.below.is_some()));
        if holds && abnormal {
            reasons.push(self.reason(judged, examined.side));
        }
        Some(holds)
    }

    fn holds(&self, judged: &Judged) -> Truth {
        let listed = self.is.as_ref().map(|list| list.contains(&judged.verdict));
        let Some(x) = judged.measure.value.number() else {
            // A missing response counts where the rule says so; else it is no number that could be asked about.
            return (listed == Some(true)).then_some(true);
        };
        // Cut-offs are those of adults: what is normal in this person is no finding, whatever side of them it lies.
        let above = self.above.map(|a| x > a && judged.high.is_none_or(|limit| x > limit));
        let below = self.below.map(|b| x < b && judged.low.is_none_or(|limit| x < limit));
        let between = self.between.map(|[low, high]| low < x && x < high);
        let distant = self.z_below.map(|limit| judged.z.map(|z| z <= limit));
        kleene::all([listed, above, below, between].into_iter().flatten().map(Some).chain(distant))
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
