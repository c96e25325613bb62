//! Names, units and numbers as people read them.

use tonus_diagnosis::Verdict;
use tonus_diagnosis::finding::significant;
use tonus_signal::Value;

/// Words of measure names that are written in capitals.
const CAPITALS: &[&str] = &["cmap", "emg", "mup", "snap", "mep", "tms", "mrc", "f", "h"];

/// `cmap_amplitude` as `CMAP amplitude`, `f_latency` as `F latency`.
pub(crate) fn phrase(name: &str) -> String {
    capitalised(&lower_phrase(name))
}

/// The same within a sentence: `F latency`, `distal latency`.
pub(crate) fn lower_phrase(name: &str) -> String {
    let words: Vec<String> = name
        .split('_')
        .filter(|w| !w.is_empty())
        .map(|w| if CAPITALS.contains(&w) { w.to_uppercase() } else { w.to_owned() })
        .collect();
    words.join(" ")
}

/// First letter in upper case.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A unit as printed: `uV` as `µV`, `m/s2` as `m/s²`, none for a pure number.
pub(crate) fn unit(unit: &str) -> String {
    match unit {
        "1" => String::new(),
        "1/min" => "/min".to_owned(),
        "1/s" => "/s".to_owned(),
        "deg" => "°".to_owned(),
        "deg/s" => "°/s".to_owned(),
        _ => unit.replace('u', "µ").replace("s2", "s²").replace("N m", "N·m").replace("mV ms", "mV·ms"),
    }
}

/// A unit beside an axis.
pub(crate) fn axis_unit(of: &str) -> String {
    match of {
        "deg" | "deg/s" => of.to_owned(),
        _ => unit(of),
    }
}

/// A typographic minus.
pub(crate) fn minus(number: &str) -> String {
    number.replace('-', "−")
}

/// A number with its unit.
pub(crate) fn quantity(x: f64, of: &str) -> String {
    with_unit(&minus(&significant(x)), of)
}

/// A number that is written already, with its unit.
pub(crate) fn with_unit(number: &str, of: &str) -> String {
    let unit = unit(of);
    match unit.as_str() {
        "" => number.to_owned(),
        "°" | "°/s" | "/min" | "/s" => format!("{number}{unit}"),
        _ => format!("{number}\u{a0}{unit}"),
    }
}

/// A measured value with its unit, or the statement that there was none.
pub(crate) fn value(value: Value, unit: &str) -> String {
    match value {
        Value::Number(x) => quantity(x, unit),
        Value::Absent => "absent".to_owned(),
        Value::NotEvocable => "not evocable".to_owned(),
    }
}

/// A norm: `5–14`, `≥ 5`, `≤ 14`, or nothing.
pub(crate) fn norm(low: Option<f64>, high: Option<f64>) -> String {
    let text = |x: f64| minus(&significant(x));
    match (low, high) {
        (Some(l), Some(h)) if text(l) == text(h) => text(l),
        (Some(l), Some(h)) if l < 0.0 => format!("{} to {}", text(l), text(h)),
        (Some(l), Some(h)) => format!("{}–{}", text(l), text(h)),
        (Some(l), None) => format!("≥\u{a0}{}", text(l)),
        (None, Some(h)) => format!("≤\u{a0}{}", text(h)),
        (None, None) => "none known".to_owned(),
    }
}

/// A z score with one decimal and its sign.
pub(crate) fn z(z: Option<f64>) -> String {
    match z {
        Some(z) if z.is_finite() && z.abs() < 0.05 => "0".to_owned(),
        Some(z) if z.is_finite() && z.abs() >= 99.5 => minus(&format!("{z:+.0}")),
        Some(z) if z.is_finite() => minus(&format!("{z:+.1}")),
        _ => "–".to_owned(),
    }
}

/// Symbol and word of a verdict.
pub(crate) fn verdict(verdict: Option<Verdict>) -> (&'static str, &'static str) {
    match verdict {
        Some(Verdict::Normal) => ("", "normal"),
        Some(Verdict::Low) => ("▼", "low"),
        Some(Verdict::High) => ("▲", "high"),
        Some(Verdict::Absent) => ("∅", "absent"),
        Some(Verdict::NotEvocable) => ("✕", "not evocable"),
        None => ("", "not judged"),
    }
}

/// An age: years, or months below two years.
pub(crate) fn age(years: f64) -> String {
    if years < 2.0 {
        let months = (years * 12.0).round();
        return format!("{months} {}", if months == 1.0 { "month" } else { "months" });
    }
    let years = (years * 10.0).round() / 10.0;
    format!("{years} years")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_units_and_norms_read_well() {
        assert_eq!(phrase("cmap_amplitude"), "CMAP amplitude");
        assert_eq!(phrase("f_latency"), "F latency");
        assert_eq!(phrase("reflex_emg_slow"), "Reflex EMG slow");
        assert_eq!(quantity(-661.04, "uV"), "−661\u{a0}µV");
        assert_eq!(quantity(9.0, "1"), "9");
        assert_eq!(quantity(0.012_34, "m/s2"), "0.0123\u{a0}m/s²");
        assert_eq!(norm(Some(5.0), Some(14.2)), "5–14.2");
        assert_eq!(norm(Some(-1.0), Some(2.0)), "−1 to 2");
        assert_eq!(norm(None, Some(10.0)), "≤\u{a0}10");
        assert_eq!(norm(Some(2.0), Some(2.0)), "2");
        assert_eq!(z(Some(-2.34)), "−2.3");
        assert_eq!(z(Some(f64::INFINITY)), "–");
        assert_eq!(age(0.5), "6 months");
        assert_eq!(age(60.0), "60 years");
    }
}
