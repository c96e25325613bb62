//! The table of the README and the accepted verdicts are about the targets there are: no target is missing, none is left over.

use std::collections::{BTreeMap, BTreeSet};

use tonus_validation::{TargetVerdict, Targets};

const README: &str = include_str!("../README.md");
const VERDICTS: &str = include_str!("../verdicts.toml");
/// How both are made anew.
const MEND: &str = "make it anew as validation/README.md says";

fn ids() -> BTreeSet<String> {
    Targets::builtin().expect("the targets that ship are right").targets.into_iter().map(|t| t.id).collect()
}

/// Ids that stand in one of the two only.
fn differences(found: &BTreeSet<String>) -> Vec<String> {
    found.symmetric_difference(&ids()).cloned().collect()
}

#[test]
fn the_readme_has_a_row_for_every_target_and_no_other() {
    let rows = README.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let found: BTreeSet<String> = rows.map(|(id, _)| id.to_owned()).collect();
    assert!(differences(&found).is_empty(), "README.md: {:?}; {MEND}", differences(&found));
}

#[test]
fn every_target_has_an_accepted_verdict_and_nothing_else_has() {
    let verdicts: BTreeMap<String, String> = toml::from_str(VERDICTS).expect("lines of `id = \"pass\"`");
    let found: BTreeSet<String> = verdicts.keys().cloned().collect();
    assert!(differences(&found).is_empty(), "verdicts.toml: {:?}; {MEND}", differences(&found));
    let known = [TargetVerdict::Pass, TargetVerdict::Fail, TargetVerdict::Unmeasured].map(TargetVerdict::name);
    assert!(verdicts.values().all(|verdict| known.contains(&verdict.as_str())), "{verdicts:?}");
}

/// A verdict in the README is the accepted one.
#[test]
fn the_readme_and_the_accepted_verdicts_agree() {
    let verdicts: BTreeMap<String, String> = toml::from_str(VERDICTS).expect("lines of `id = \"pass\"`");
    for line in README.lines() {
        let Some((id, _)) = line.strip_prefix("| `").and_then(|rest| rest.split_once('`')) else { continue };
        let said = line.trim_end_matches(['|', ' ']).rsplit("| ").next().unwrap_or_default().replace("**", "");
        assert_eq!(verdicts.get(id), Some(&said), "{id}; {MEND}");
    }
}
