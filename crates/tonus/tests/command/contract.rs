//! What `examine --json` promises to programs.

use serde_json::Value;

/// Verdicts of measures.
const VERDICTS: [&str; 5] = ["normal", "low", "high", "absent", "not_evocable"];

/// The list at `key`, which may be empty but never absent.
pub fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("`{key}` is no array in {value}"))
}

/// The text at `key`.
pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("`{key}` is no text in {value}"))
}

/// The number at `key`.
pub fn number(value: &Value, key: &str) -> f64 {
    let number = value[key].as_f64().unwrap_or_else(|| panic!("`{key}` is no number in {value}"));
    assert!(number.is_finite(), "`{key}` = {number}");
    number
}

/// A number, or null where there is none.
fn number_or_null(value: &Value, key: &str) -> Option<f64> {
    match value.get(key) {
        Some(Value::Null) => None,
        Some(_) => Some(number(value, key)),
        None => panic!("`{key}` is absent in {value}"),
    }
}

/// Checks one examination, key by key.
pub fn check_examination(examination: &Value) {
    assert_eq!(text(examination, "tonus"), env!("CARGO_PKG_VERSION"));
    assert!(examination["seed"].is_u64(), "{}", examination["seed"]);
    let patient = &examination["patient"];
    text(patient, "name");
    assert!((0.0..=130.0).contains(&number(patient, "age_years")));
    assert!(["female", "male"].contains(&text(patient, "sex")));
    assert!((0.2..=2.6).contains(&number(patient, "height_m")));
    for lesion in list(patient, "lesions") {
        text(lesion, "site");
        text(lesion, "mechanism");
        text(lesion, "where");
        let severity = number(lesion, "severity");
        assert!(0.0 < severity && severity <= 1.0, "{lesion}");
    }
    let items = list(examination, "items");
    assert!(!items.is_empty());
    for item in items {
        text(item, "id");
        assert!(["left", "right"].contains(&text(item, "side")));
        assert!(number(item, "wall_ms") >= 0.0);
        let measures = list(item, "measures");
        assert!(!measures.is_empty(), "{item}");
        measures.iter().for_each(check_measure);
    }
    for finding in list(examination, "findings") {
        assert!(text(finding, "hpo").starts_with("HP:"));
        text(finding, "label");
        assert!(["present", "absent"].contains(&text(finding, "state")));
        text(finding, "where");
        list(finding, "because");
    }
    for recorded in list(examination, "recorded") {
        text(recorded, "hpo");
        text(recorded, "label");
        assert!(["present", "absent"].contains(&text(recorded, "state")));
        assert!(["present", "absent", "not examined"].contains(&text(recorded, "model")));
    }
}

fn check_measure(measure: &Value) {
    for key in ["name", "unit", "norm_source"] {
        text(measure, key);
    }
    for key in ["low", "high", "z"] {
        number_or_null(measure, key);
    }
    // Not judged: no norm, or none of this age.
    let verdict = text(measure, "verdict");
    assert!(VERDICTS.contains(&verdict), "{measure}");
    let judged = measure["judged"].as_bool().expect("judged");
    let norm = number_or_null(measure, "low").or(number_or_null(measure, "high"));
    assert!(judged || (norm.is_none() && verdict == "normal" && measure["abnormal"] == false), "{measure}");
    // A missing response is a result, never a number.
    let missing = ["absent", "not_evocable"].contains(&verdict);
    assert_eq!(number_or_null(measure, "value").is_none(), missing, "{measure}");
}

/// The same examination without how long it took, which is no result.
pub fn without_time(mut examination: Value) -> Value {
    if let Some(items) = examination["items"].as_array_mut() {
        for item in items {
            item.as_object_mut().expect("an item").remove("wall_ms").expect("wall_ms");
        }
    }
    examination
}

/// The named measure of an item on the right.
pub fn measure<'v>(examination: &'v Value, item: &str, name: &str) -> &'v Value {
    list(examination, "items")
        .iter()
        .find(|i| i["id"] == item && i["side"] == "right")
        .and_then(|i| list(i, "measures").iter().find(|m| m["name"] == name))
        .unwrap_or_else(|| panic!("no {item}.{name}"))
}
