//! Whether two units written by different hands are the same.

/// Words for a number without a unit.
const NONE: &[&str] = &[
    "",
    "1",
    "-",
    "ratio",
    "count",
    "fold",
    "index",
    "dimensionless",
    "exponent",
    "ordinal",
    "score",
    "side",
    "r",
    "R2",
    "units",
    "fibres",
    "quanta",
    "repeats",
    "spikes",
];
/// Units that mean the same: as people write it, as it is compared.
const SAME: &[(&str, &str)] = &[
    ("pulses/s", "Hz"),
    ("impulses/s", "Hz"),
    ("spikes/s", "Hz"),
    ("imp/s", "Hz"),
    ("/unit", ""),
    ("percent", "%"),
    ("ohm", "Ohm"),
    ("\u{3a9}", "Ohm"),
    ("\u{b5}", "u"),
    ("\u{3bc}", "u"),
    ("\u{b0}", "deg"),
    ("\u{b7}", ""),
    ("*", ""),
    ("^", ""),
    (" ", ""),
];

/// Whether `a` and `b` are the same unit.
pub(crate) fn same(a: &str, b: &str) -> bool {
    plain(a) == plain(b)
}

/// Whether it is a share of a hundred of something.
pub(crate) fn is_percent(unit: &str) -> bool {
    plain(unit).starts_with('%')
}

/// Whether it is a number without a unit, a percentage among them.
pub(crate) fn is_pure(unit: &str) -> bool {
    plain(unit).is_empty() || plain(unit).starts_with("fraction") || is_percent(unit)
}

fn plain(unit: &str) -> String {
    let unit = unit.trim();
    if NONE.contains(&unit) {
        return String::new();
    }
    // What the hundred is of is said in words: `percent of ULN`, `%MVC`.
    if unit.starts_with('%') || unit.starts_with("percent") {
        return "%".to_owned();
    }
    if unit == "1/s" {
        return "Hz".to_owned();
    }
    SAME.iter().fold(unit.to_owned(), |text, (written, meant)| text.replace(written, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_compared_by_what_they_mean() {
        for (a, b) in [
            ("Nm", "N m"),
            ("percent", "%"),
            ("percent of ULN", "%"),
            ("imp/s/nA", "Hz/nA"),
            ("ratio", "1"),
            ("Hz/unit", "Hz"),
            ("N/cm2", "N/cm^2"),
            ("MOhm", "Mohm"),
            ("Nm s/rad", "N m s/rad"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [("ms", "s"), ("mV", "uV"), ("%", "1"), ("Nm", "N"), ("Hz", "ratio")] {
            assert!(!same(a, b), "{a} {b}");
        }
        assert!(is_percent("percent reduction") && is_pure("count") && !is_pure("mV"));
    }
}
