//! `tonus examine`: the main job.

use serde_json::Value;

use crate::contract::{check_examination, list, measure, text, without_time};
use crate::run::Desk;

/// Two quick items; see `main.rs`.
const QUICK: &str = "--item lab.sensory --item lab.repetitive";

#[test]
fn a_condition_by_name_gives_a_page_in_the_current_folder_and_a_summary() {
    let desk = Desk::new();
    let ran = desk.tonus(&format!("examine als --at 18mo {QUICK}"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(desk.names(), ["tonus-als.html"]);
    for part in ["Amyotrophic lateral sclerosis", "18mo after onset", "Findings", "Abnormal measures"] {
        assert!(ran.stdout.contains(part), "{part} is not in {}", ran.stdout);
    }
    assert!(ran.stderr.contains("tonus-als.html"), "{}", ran.stderr);
    let page = desk.text("tonus-als.html");
    assert!(page.trim_start().to_lowercase().starts_with("<!doctype html>"));
    assert!(page.contains("<svg") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("not a medical device"), "the page says what it is not");
    assert!(!page.contains("src=\"http") && !page.contains("<link"), "the page needs nothing but itself");
}

#[test]
fn out_says_where_and_in_which_form() {
    let desk = Desk::new();
    desk.text_of(&format!("examine als {QUICK} --out report.html --quiet"));
    desk.text_of(&format!("examine als {QUICK} --out report.json --quiet"));
    assert_eq!(desk.names(), ["report.html", "report.json"]);
    let file: Value = serde_json::from_str(&desk.text("report.json")).expect("JSON");
    check_examination(&file);
    let said = desk.json(&format!("examine als {QUICK} --json"));
    assert_eq!(without_time(file), without_time(said), "file and standard output say the same");
    // An existing report is replaced.
    desk.text_of(&format!("examine healthy {QUICK} --out report.json"));
    assert!(desk.text("report.json").contains("Healthy person"));
    assert_eq!(desk.names(), ["report.html", "report.json"]);
}

#[test]
fn json_on_standard_output_keeps_the_contract_and_writes_no_file() {
    let desk = Desk::new();
    for condition in ["healthy", "als", "myasthenia", "cmt1a"] {
        let examination = desk.json(&format!("examine {condition} {QUICK} --json"));
        check_examination(&examination);
        assert_eq!(text(&examination["patient"], "name"), condition);
        assert_eq!(list(&examination["patient"], "lesions").is_empty(), condition == "healthy");
        assert_eq!(list(&examination, "recorded").len(), 0);
        assert_eq!(list(&examination, "items").len(), 16, "eight items on two sides");
    }
    assert_eq!(desk.names(), Vec::<String>::new());
}

#[test]
fn a_missing_response_is_a_result() {
    let palsy = "name = \"palsy\"\n[[lesion]]\nsite = \"anterior_horn\"\nmechanism = \"neuron_loss\"\nseverity = 1.0\n\
                 source = \"assumed: every motor neuron lost, so that there is no response\"\n";
    let desk = Desk::with(&[("palsy.toml", palsy)]);
    let line = "examine palsy.toml --item lab.motor --item lab.repetitive_stimulation.ulnar";
    let examination = desk.json(&format!("{line} --json"));
    check_examination(&examination);
    for (item, name) in [
        ("lab.motor_conduction.ulnar", "cmap_amplitude"),
        ("lab.motor_conduction.ulnar", "distal_latency"),
        ("lab.repetitive_stimulation.ulnar", "decrement"),
    ] {
        let measure = measure(&examination, item, name);
        assert_eq!((&measure["value"], text(measure, "verdict")), (&Value::Null, "absent"), "{item}.{name}");
    }
    let said = desk.text_of(&format!("{line} --out palsy.html"));
    assert!(said.contains("absent") && !said.contains("NaN"), "{said}");
    assert!(!desk.text("palsy.html").contains("NaN"));
}

#[test]
fn several_patients_give_an_array_and_a_folder_of_pages() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("ward")).expect("a folder");
    let several = desk.json(&format!("examine als healthy als {QUICK} --json --out ward"));
    let names: Vec<&str> = several.as_array().expect("an array").iter().map(|e| text(&e["patient"], "name")).collect();
    assert_eq!(names, ["als", "healthy", "als"]);
    several.as_array().expect("an array").iter().for_each(check_examination);
    assert_eq!(desk.names(), ["ward/", "ward/3-tonus-als.html", "ward/tonus-als.html", "ward/tonus-healthy.html"]);

    let here = Desk::new();
    here.text_of(&format!("examine als als {QUICK}"));
    assert_eq!(here.names(), ["2-tonus-als.html", "tonus-als.html"], "no report overwrites another's");
}

#[test]
fn the_same_seed_gives_the_same_numbers_on_any_number_of_jobs() {
    let desk = Desk::new();
    let line = format!("examine als --at 18mo {QUICK} --item lab.motor --item bedside.strength.finger --json");
    let run = |more: &str| without_time(desk.json(&format!("{line} {more}"))).to_string();
    let one = run("--jobs 1 --seed 7");
    assert_eq!(one, run("--jobs 2 --seed 7"));
    assert_ne!(one.replace("\"seed\":7", ""), run("--jobs 2 --seed 8").replace("\"seed\":8", ""));
}

#[test]
fn the_same_page_comes_of_any_number_of_jobs() {
    let desk = Desk::new();
    desk.text_of(&format!("examine cmt1a {QUICK} --jobs 1 --out one.html"));
    desk.text_of(&format!("examine cmt1a {QUICK} --jobs 2 --out two.html"));
    assert!(desk.text("one.html") == desk.text("two.html"), "the pages differ");
}

#[test]
fn severity_zero_is_health() {
    let desk = Desk::new();
    let line =
        format!("--age 50y --sex male --height 1.80m {QUICK} --item lab.motor --item bedside.strength.finger --json");
    let healthy = desk.json(&format!("examine healthy {line}"));
    for condition in ["als", "myasthenia", "gbs-aidp", "stroke-mca"] {
        let none = desk.json(&format!("examine {condition} --severity 0 {line}"));
        assert_eq!(list(&none["patient"], "lesions").len(), 0);
        assert_eq!(without_time(none)["items"], without_time(healthy.clone())["items"], "{condition}");
    }
}

#[test]
fn flags_say_who_is_examined() {
    let desk = Desk::new();
    let line = "--severity 1 --side left --age 30y --sex male --height 180cm --item lab.sensory --json";
    let patient = desk.json(&format!("examine stroke-mca {line}"))["patient"].clone();
    assert_eq!(
        (&patient["age_years"], &patient["sex"], &patient["height_m"]),
        (&30.0.into(), &"male".into(), &1.8.into())
    );
    assert!(list(&patient, "lesions").iter().any(|l| l["side"] == "left"), "{patient}");
    // Lesions follow their course.
    let severity = |at: &str| {
        let e = desk.json(&format!("examine als --at {at} --item lab.sensory --json"));
        crate::contract::number(&list(&e["patient"], "lesions")[0], "severity")
    };
    assert!(severity("3mo") < severity("18mo"));
}

#[test]
fn quiet_and_json_say_nothing_beside_the_result() {
    let desk = Desk::new();
    let ran = desk.tonus(&format!("examine als {QUICK} --quiet"));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    // `json` itself checks that standard error is empty.
    desk.json(&format!("examine als {QUICK} --json --out als.html"));
}

#[test]
fn help_and_version_are_no_errors() {
    let desk = Desk::new();
    for line in ["--help", "--version", "examine --help", "help record"] {
        assert!(!desk.text_of(line).is_empty(), "{line}");
    }
    assert_eq!(desk.text_of("--version").trim(), format!("tonus {}", env!("CARGO_PKG_VERSION")));
    assert!(desk.text_of("--help").contains("not a medical device"));
}

/// HPO ids of the findings in a state.
fn findings<'v>(examination: &'v Value, state: &str) -> Vec<&'v str> {
    list(examination, "findings").iter().filter(|f| f["state"] == state).map(|f| text(f, "hpo")).collect()
}

#[test]
fn a_healthy_adult_examined_in_full_has_no_finding() {
    let desk = Desk::new();
    let examination = desk.json("examine healthy --json");
    check_examination(&examination);
    let routine = list(&desk.json("items --json"), "items").iter().filter(|item| item["routine"] == true).count();
    assert_eq!(list(&examination, "items").len(), 2 * routine, "every routine item on both sides");
    let present: Vec<&Value> = list(&examination, "findings").iter().filter(|f| f["state"] == "present").collect();
    assert!(present.is_empty(), "{present:#?}");
    assert!(findings(&examination, "absent").len() > 30, "the rules were asked");
}

#[test]
fn motor_neuron_disease_examined_in_full_shows_its_signs_and_no_others() {
    let desk = Desk::new();
    let examination = desk.json("examine als --at 18mo --json");
    check_examination(&examination);
    let (present, absent) = (findings(&examination, "present"), findings(&examination, "absent"));
    for (hpo, label) in [
        ("HP:0001324", "muscle weakness"),
        ("HP:0001257", "spasticity"),
        ("HP:0002380", "fasciculations"),
        ("HP:0010546", "fibrillation"),
        ("HP:0003445", "neuropathic changes of the EMG"),
    ] {
        assert!(present.contains(&hpo), "{label} is missing: {present:?}");
    }
    for (hpo, label) in [
        // Its jerks are twice this person's own healthy ones: kept in weak limbs, but among people still in the upper half of normal.
        ("HP:0001265", "hyporeflexia"),
        ("HP:0007078", "low sensory amplitude"),
        ("HP:0007108", "demyelination"),
        ("HP:0012078", "conduction block"),
        ("HP:0002063", "rigidity"),
        ("HP:0002322", "rest tremor"),
        ("HP:0002070", "limb ataxia"),
    ] {
        assert!(absent.contains(&hpo), "{label} is there: {present:?}");
    }
}
