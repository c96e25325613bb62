use tonus_body::Sex;

use super::*;

const TABLE: &str = r#"
    [[norm]]
    item = "i"
    measure = "published"
    mean = 10.0
    sd = 1.0
    tail = "low"
    per_year = -0.1
    source = "a paper"
    confidence = "read"

    [[norm]]
    item = "i"
    measure = "relative"
    relative_sd = 0.1
    source = "assumed: test"
    confidence = "assumed"

    [[norm]]
    item = "i"
    measure = "limited"
    high = 10
    age_high = 60
    source = "a paper on adults"
    confidence = "read"
"#;

fn study(name: &str, value: impl Into<Value>) -> Study {
    let measures = vec![Measure::new(name, value, "1")];
    Study { item: "i".to_owned(), side: Side::Right, measures, recordings: Vec::new(), wall_ms: 0.0 }
}

fn judged(age_years: f64, name: &str, value: impl Into<Value>, healthy: f64) -> Judged {
    let norms = Norms::from_toml("test", TABLE).expect("the table is right");
    let person = Person::new(age_years, Sex::Male, None, None).expect("a person");
    let twin = [study(name, healthy)];
    Judge::new(&norms, &person, &twin).study(&study(name, value)).measures.remove(0)
}

#[test]
fn a_published_norm_moves_with_age_and_only_its_tail_is_abnormal() {
    assert_eq!(judged(40.0, "published", 8.0, 1.0).verdict, Some(Verdict::Low));
    assert_eq!(judged(60.0, "published", 8.0, 1.0).verdict, Some(Verdict::Normal));
    assert_eq!(judged(40.0, "published", 100.0, 1.0).verdict, Some(Verdict::Normal));
    assert_eq!(judged(40.0, "published", Value::Absent, 1.0).verdict, Some(Verdict::Absent));
    assert_eq!(judged(40.0, "published", 9.0, 1.0).z, Some(-1.0));
}

#[test]
fn a_child_is_judged_beside_the_healthy_model_with_the_published_spread() {
    let child = judged(6.0, "published", 4.0, 5.0);
    assert_eq!(child.verdict, Some(Verdict::Low));
    assert!(child.norm_source.contains("healthy model"));
    assert_eq!(judged(6.0, "published", 4.5, 5.0).verdict, Some(Verdict::Normal));
}

#[test]
fn a_relative_norm_has_two_tails() {
    assert_eq!(judged(40.0, "relative", 121.0, 100.0).verdict, Some(Verdict::High));
    assert_eq!(judged(40.0, "relative", 79.0, 100.0).verdict, Some(Verdict::Low));
    assert_eq!(judged(40.0, "relative", 100.0, 100.0).verdict, Some(Verdict::Normal));
}

#[test]
fn what_has_no_norm_of_this_age_is_not_judged() {
    for age_years in [6.0, 70.0] {
        let other_age = judged(age_years, "limited", 12.0, 5.0);
        assert_eq!((other_age.verdict, other_age.high, other_age.has_norm), (None, None, true), "{age_years} y");
        assert_eq!(other_age.norm_source, "no norm of this age (a paper on adults)");
        assert!(!other_age.is_abnormal());
        // Whatever the size ought to be, the healthy model of the same person has one.
        assert_eq!(judged(age_years, "limited", Value::Absent, 5.0).verdict, Some(Verdict::Absent));
    }
    assert_eq!(judged(40.0, "limited", 12.0, 5.0).verdict, Some(Verdict::High));
    for value in [Value::Number(12.0), Value::Absent] {
        let unknown = judged(40.0, "of no table", value, 5.0);
        assert_eq!((unknown.verdict, unknown.has_norm), (None, false));
        assert_eq!(unknown.norm_source, "no norm");
    }
}

#[test]
fn a_table_without_a_source_is_refused_with_its_place() {
    let error = Norms::from_toml("norms.toml", &TABLE.replace("a paper", " ")).expect_err("no source");
    assert!(error.to_string().starts_with("norms.toml: norm 1 (i published): has no source"), "{error}");
    let error = Norms::from_toml("norms.toml", "[[norm]]\nitem = 3").expect_err("wrong type");
    assert!(error.to_string().contains("line 2"), "{error}");
}

#[test]
fn the_shipped_tables_fit_each_other() {
    let norms = Norms::builtin().expect("norms");
    let rules = crate::Rules::builtin().expect("rules");
    for (item, measure) in rules.judged() {
        assert!(
            norms.find(item, measure).is_some(),
            "a finding asks for a verdict on {item} {measure}, which has no norm"
        );
    }
}
