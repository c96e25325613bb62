//! `tonus validate`: targets are declared, so a file of one's own runs without a new line of code.

use crate::contract::{list, number, text};
use crate::run::Desk;

/// Three targets with invented bounds, one that is met, one that is not, one that nobody said how to measure.
pub const TARGETS: &str = r#"
[[target]]
id = "sural_velocity"
area = "nerve"
quantity = "sural conduction velocity"
unit = "m/s"
condition = "healthy"
kind = "range"
low = 20.0
high = 90.0
source = "invented for the test: any living nerve"
fitted = "a parameter invented for the test"
measurement = { patients = { condition = "healthy", n = 1 }, item = "lab.sensory_conduction.sural", measure = "velocity" }

[[target]]
id = "sural_velocity_of_light"
area = "nerve"
quantity = "sural conduction velocity"
unit = "m/s"
kind = "lower_limit"
low = 300000000.0
source = "invented for the test: no nerve reaches it"
deviation = "nothing carries the charge"
decisive = true
measurement = { patients = { condition = "healthy", n = 2, age_years = [30, 50] }, item = "lab.sensory_conduction.sural", measure = "velocity", statistic = "median" }

[[target]]
id = "of_the_soul"
area = "mind"
quantity = "weight"
unit = "g"
kind = "upper_limit"
high = 21.0
source = "invented for the test: nothing measures it"
"#;

#[test]
fn a_file_of_targets_is_run_and_judged() {
    let desk = Desk::with(&[("mine.toml", TARGETS)]);
    let said = desk.json("validate --targets mine.toml --json");
    let [met, missed, unmeasured] = list(&said, "targets") else { panic!("three targets in {said}") };
    for target in [met, missed, unmeasured] {
        for key in ["id", "area", "unit", "kind", "verdict", "source", "fitted_to", "deviation"] {
            text(target, key);
        }
        for key in ["low", "high", "value", "spread"] {
            assert!(target.get(key).is_some_and(|v| v.is_null() || v.as_f64().is_some_and(f64::is_finite)), "{key}");
        }
        assert!(number(target, "seconds") >= 0.0);
        assert!(number(target, "n_measured") <= number(target, "n"));
    }
    assert_eq!((&met["fitted"], text(met, "fitted_to")), (&true.into(), "a parameter invented for the test"));
    assert_eq!((&missed["fitted"], text(missed, "deviation")), (&false.into(), "nothing carries the charge"));
    assert_eq!((text(met, "verdict"), number(met, "n")), ("pass", 1.0));
    assert!((20.0..=90.0).contains(&number(met, "value")));
    assert_eq!((text(missed, "verdict"), number(missed, "n")), ("fail", 2.0));
    assert!(number(missed, "spread") >= 0.0);
    assert_eq!((text(unmeasured, "verdict"), number(unmeasured, "n")), ("unmeasured", 0.0));
    assert!(unmeasured["value"].is_null());

    // A target that is not met is a result, not an error.
    let table = desk.text_of("validate --targets mine.toml");
    assert!(
        table.contains("0 of 1 predicted met, 1 of 1 fitted met: 1 of 2 measured targets met (50 %), 1 not measured"),
        "{table}"
    );
    assert!(table.contains("sural_velocity_of_light: nothing carries the charge"), "{table}");
    let only = desk.json("validate --targets mine.toml --only mind --json");
    assert_eq!(list(&only, "targets").len(), 1);
    assert_eq!(desk.names(), ["mine.toml"]);
}

#[test]
fn the_same_seed_gives_the_same_values_on_any_number_of_jobs() {
    let desk = Desk::with(&[("mine.toml", TARGETS)]);
    let values = |more: &str| -> Vec<String> {
        let said = desk.json(&format!("validate --targets mine.toml --json {more}"));
        list(&said, "targets").iter().map(|t| format!("{} {}", t["value"], t["spread"])).collect()
    };
    assert_eq!(values("--jobs 1"), values("--jobs 2"));
    assert_ne!(values("--seed 1"), values("--seed 2"));
}

#[test]
fn the_table_of_the_readme_is_printed() {
    let desk = Desk::with(&[("mine.toml", TARGETS)]);
    let markdown = desk.text_of("validate --targets mine.toml --markdown");
    let rows: Vec<&str> = markdown.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(rows.len(), 3, "{markdown}");
    assert!(rows[0].starts_with("| `sural_velocity` | sural conduction velocity | healthy, 1 |"), "{markdown}");
    assert!(rows[1].contains("| at least 300000000 | m/s | predicted | **fail** |"), "{markdown}");
    assert!(markdown.contains("- `sural_velocity_of_light`: nothing carries the charge"), "{markdown}");
}

#[test]
fn verdicts_are_held_against_a_baseline() {
    let right = "sural_velocity = \"pass\"\nsural_velocity_of_light = \"fail\"\nof_the_soul = \"unmeasured\"\n";
    let wrong = "sural_velocity = \"fail\"\nsural_velocity_of_light = \"fail\"\ngone = \"pass\"\n";
    let desk = Desk::with(&[("mine.toml", TARGETS), ("right.toml", right), ("wrong.toml", wrong)]);
    desk.text_of("validate --targets mine.toml --baseline right.toml");
    let ran = desk.tonus("validate --targets mine.toml --baseline wrong.toml");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("sural_velocity"), "the table is printed all the same: {}", ran.stdout);
    for part in [
        "3 verdict(s) differ from wrong.toml",
        "sural_velocity: fail in the file, pass now",
        "of_the_soul: not in the file, unmeasured now",
        "gone: in the file, no target now",
    ] {
        assert!(ran.stderr.contains(part), "`{part}` is not in {}", ran.stderr);
    }
    // Of some targets only those are compared.
    desk.text_of("validate --targets mine.toml --only velocity_of --baseline wrong.toml");
}
