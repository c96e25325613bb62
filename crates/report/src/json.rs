//! The examination as JSON: the contract that programs rely on.

use serde_json::{Map, Value, json};
use tonus_diagnosis::{Judged, Verdict};
use tonus_signal::Value as Measured;

use crate::Examination;

/// The JSON object of one examination. Arrays may be empty, never absent; a missing response has the verdict
/// `absent` and the value `null`.
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

fn measure(judged: &Judged) -> Value {
    let mut out = Map::new();
    out.insert("name".into(), json!(judged.measure.name));
    let (value, verdict) = match judged.measure.value {
        Measured::Number(x) => (json!(round(x, 6)), judged.verdict),
        Measured::Absent if judged.verdict == Verdict::Normal => (Value::Null, Verdict::Absent),
        Measured::NotEvocable => (Value::Null, Verdict::NotEvocable),
        Measured::Absent => (Value::Null, judged.verdict),
    };
    out.insert("value".into(), value);
    out.insert("unit".into(), json!(judged.measure.unit));
    out.insert("low".into(), json!(judged.low.map(|x| round(x, 6))));
    out.insert("high".into(), json!(judged.high.map(|x| round(x, 6))));
    out.insert("z".into(), json!(judged.z.map(|x| round(x, 3))));
    out.insert("verdict".into(), json!(verdict.name()));
    // Health shows no response here, so its absence is no abnormality.
    out.insert("abnormal".into(), json!(judged.verdict != Verdict::Normal));
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
