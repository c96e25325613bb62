//! The examination as JSON: the contract that programs rely on.

use serde_json::{Map, Value, json};
use tonus_diagnosis::{Judged, Verdict};
use tonus_signal::Value as Measured;

use crate::Examination;

/// The JSON object of one examination. Arrays may be empty, never absent; a missing response has the verdict
/// `absent` and the value `null`. The verdicts are those of the contract, so a value that no norm of this age judges reads `normal`, with
/// `judged: false` beside it.
pub fn examination(e: &Examination) -> Value {
    let lesions: Vec<Value> = e
        .patient
        .lesions
        .iter()
        .map(|l| {
            json!({"site": l.site, "mechanism": l.mechanism, "severity": l.severity, "where": l.place, "side": l.side, "source": l.source})
        })
        .collect();
    let person = &e.patient.person;
    let items: Vec<Value> = e
        .judged
        .iter()
        .map(|study| {
            let measures: Vec<Value> = study.measures.iter().map(measure).collect();
            json!({"id": study.item, "side": study.side.name(), "wall_ms": round(study.wall_ms, 3), "measures": measures})
        })
        .collect();
    json!({
        "tonus": e.tonus,
        "seed": e.seed,
        "patient": {
            "name": e.patient.name,
            "age_years": person.age_years,
            "sex": person.sex,
            "height_m": person.height_m,
            "mass_kg": person.mass_kg,
            "condition": e.patient.condition,
            "chosen_by": e.patient.chosen_by,
            "time": e.patient.time,
            "lesions": lesions,
            "left_out": e.patient.left_out,
        },
        "items": items,
        "findings": e.findings,
        "recorded": e.recorded,
        "agreement": agreement(e),
    })
}

/// One judged measure, with the names of the contract.
pub fn measure(judged: &Judged) -> Value {
    let mut out = Map::new();
    out.insert("name".into(), json!(judged.measure.name));
    // That a response is missing needs no norm to be said.
    let (value, verdict) = match judged.measure.value {
        Measured::Number(x) => (json!(round(x, 6)), judged.verdict),
        Measured::Absent => (Value::Null, Some(Verdict::Absent)),
        Measured::NotEvocable => (Value::Null, Some(Verdict::NotEvocable)),
    };
    out.insert("value".into(), value);
    out.insert("unit".into(), json!(judged.measure.unit));
    out.insert("low".into(), json!(judged.low.map(|x| round(x, 6))));
    out.insert("high".into(), json!(judged.high.map(|x| round(x, 6))));
    out.insert("z".into(), json!(judged.z.map(|x| round(x, 3))));
    out.insert("verdict".into(), json!(verdict.unwrap_or(Verdict::Normal).name()));
    out.insert("judged".into(), json!(verdict.is_some()));
    // Where health shows no response either, its absence is no abnormality.
    out.insert("abnormal".into(), json!(judged.is_abnormal()));
    out.insert("norm_source".into(), json!(judged.norm_source));
    Value::Object(out)
}

fn agreement(e: &Examination) -> Value {
    let judged: Vec<bool> = e.recorded.iter().filter_map(tonus_diagnosis::Compared::agrees).collect();
    json!({
        "recorded": e.recorded.len(),
        "examined": judged.len(),
        "agree": judged.iter().filter(|a| **a).count(),
    })
}

/// Decimal rounding, so that the text is short; the bits before it are the same on every platform.
fn round(x: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    let scaled = x * scale;
    if scaled.is_finite() { scaled.round() / scale } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LesionLine, PatientLine};
    use tonus_body::Person;
    use tonus_body::person::Sex;
    use tonus_diagnosis::{Compared, FindingState, JudgedStudy, ModelState};
    use tonus_signal::{Measure, Side};

    fn judged(name: &str, value: Measured, verdict: Option<Verdict>) -> Judged {
        Judged {
            measure: Measure::new(name, value, "mV"),
            low: Some(5.0),
            high: None,
            z: Some(-2.123_456),
            verdict,
            has_norm: true,
            norm_source: "s".to_owned(),
        }
    }

    fn example() -> Examination {
        Examination {
            tonus: "0.1.0".to_owned(),
            seed: 7,
            patient: PatientLine {
                name: "a \"name\"".to_owned(),
                person: Person { age_years: 60.0, sex: Sex::Female, height_m: 1.65, mass_kg: 66.0 },
                condition: None,
                chosen_by: "named".to_owned(),
                time: None,
                lesions: vec![LesionLine {
                    site: "anterior_horn".to_owned(),
                    mechanism: "neuron_loss".to_owned(),
                    severity: 0.6,
                    place: "both sides; C5..T1".to_owned(),
                    side: "both".to_owned(),
                    meaning: "fraction lost".to_owned(),
                    source: "s".to_owned(),
                }],
                left_out: vec![],
            },
            studies: vec![],
            healthy: vec![],
            judged: vec![JudgedStudy {
                item: "lab.motor_conduction.ulnar".to_owned(),
                side: Side::Right,
                wall_ms: 41.0,
                measures: vec![
                    judged("low", Measured::Number(1.234_567_89), Some(Verdict::Low)),
                    judged("missing", Measured::Absent, Some(Verdict::Absent)),
                    judged("missing in health too", Measured::Absent, None),
                    judged("not evocable", Measured::NotEvocable, Some(Verdict::NotEvocable)),
                    judged("of no norm", Measured::Number(2.0), None),
                ],
            }],
            findings: vec![],
            recorded: vec![Compared {
                hpo: "HP:0001324".to_owned(),
                label: "Muscle weakness".to_owned(),
                state: FindingState::Present,
                model: ModelState::NotExamined,
            }],
            titles: vec![],
        }
    }

    #[test]
    fn the_contract_of_names_holds() {
        let value = examination(&example());
        for key in ["tonus", "seed", "patient", "items", "findings", "recorded"] {
            assert!(value.get(key).is_some(), "{key}");
        }
        for key in ["name", "age_years", "sex", "height_m", "lesions"] {
            assert!(value["patient"].get(key).is_some(), "{key}");
        }
        for key in ["site", "mechanism", "severity", "where"] {
            assert!(value["patient"]["lesions"][0].get(key).is_some(), "{key}");
        }
        assert_eq!(value["patient"]["sex"], "female");
        let item = &value["items"][0];
        assert_eq!(
            (&item["id"], &item["side"], &item["wall_ms"]),
            (&json!("lab.motor_conduction.ulnar"), &json!("right"), &json!(41.0))
        );
        for key in ["name", "value", "unit", "low", "high", "z", "verdict", "norm_source"] {
            assert!(item["measures"][0].get(key).is_some(), "{key}");
        }
        assert_eq!(value["findings"], json!([]));
        assert_eq!(value["recorded"][0]["model"], "not examined");
        assert_eq!(value["agreement"], json!({"recorded": 1, "examined": 0, "agree": 0}));
    }

    #[test]
    fn a_missing_response_is_null_and_absent_and_what_was_not_judged_says_so() {
        let value = examination(&example());
        let measures = value["items"][0]["measures"].as_array().cloned().unwrap_or_default();
        let of =
            |i: usize| (measures[i]["value"].clone(), measures[i]["verdict"].clone(), measures[i]["abnormal"].clone());
        assert_eq!(of(0), (json!(1.234_568), json!("low"), json!(true)));
        assert_eq!(of(1), (Value::Null, json!("absent"), json!(true)));
        assert_eq!(of(2), (Value::Null, json!("absent"), json!(false)));
        assert_eq!(of(3), (Value::Null, json!("not_evocable"), json!(true)));
        assert_eq!(of(4), (json!(2.0), json!("normal"), json!(false)));
        let judged: Vec<&Value> = measures.iter().map(|m| &m["judged"]).collect();
        assert_eq!(judged, [true, true, true, true, false]);
        assert_eq!(
            (&measures[0]["low"], &measures[0]["high"], &measures[0]["z"]),
            (&json!(5.0), &Value::Null, &json!(-2.123))
        );
    }

    #[test]
    fn arrays_may_be_empty_never_absent() {
        let mut e = example();
        (e.judged, e.recorded, e.patient.lesions) = (vec![], vec![], vec![]);
        let value = examination(&e);
        for list in [
            &value["items"],
            &value["findings"],
            &value["recorded"],
            &value["patient"]["lesions"],
            &value["patient"]["left_out"],
        ] {
            assert_eq!(*list, json!([]));
        }
    }

    #[test]
    fn numbers_survive_rounding() {
        assert_eq!(round(0.123_456_789, 6), 0.123_457);
        assert_eq!(round(1e300, 6), 1e300);
        assert_eq!(round(-2.0, 3), -2.0);
    }
}
