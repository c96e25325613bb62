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
    let error =
        Rules::from_toml("f.toml", &TABLE.replace("finding = \"HP:1\"", "finding = \"HP:3\"")).expect_err("no such");
    assert!(error.to_string().contains("refers to HP:3"), "{error}");
}

#[test]
fn three_significant_figures_without_noise() {
    assert_eq!(
        [significant(0.012345), significant(12.0), significant(1234.5), significant(0.0)],
        ["0.0123", "12", "1234", "0"]
    );
}
