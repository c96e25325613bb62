//! `tonus items` and `tonus conditions`: what there is, for people and for programs.

use crate::contract::{list, number, text};
use crate::run::Desk;

#[test]
fn items_name_their_protocol_measures_units_norms_and_sources() {
    let desk = Desk::new();
    let all = desk.json("items --json");
    let table = desk.text_of("items");
    let items = list(&all, "items");
    assert!(items.len() >= 16, "{}", items.len());
    for item in items {
        let id = text(item, "id");
        assert!(id.starts_with("bedside.") || id.starts_with("lab."), "{id}");
        assert!(!text(item, "title").is_empty() && !text(item, "protocol").is_empty());
        assert!(!text(item, "source").is_empty(), "{id} has no source");
        assert!(table.contains(text(item, "title").split(' ').next().expect("a word")), "{id} is not in the table");
        for parameter in list(item, "parameters") {
            let (low, default, high) =
                (number(parameter, "low"), number(parameter, "default"), number(parameter, "high"));
            assert!(low <= default && default <= high, "{id}: {parameter}");
        }
        for measure in list(item, "measures") {
            assert!(!text(measure, "unit").is_empty() && !text(measure, "meaning").is_empty(), "{id}: {measure}");
            assert!(measure.get("norm_source").is_some());
        }
    }
}

#[test]
fn one_item_in_full() {
    let desk = Desk::new();
    let one = desk.json("items lab.sensory_conduction.ulnar --json");
    let [item] = list(&one, "items") else { panic!("one item in {one}") };
    assert_eq!(text(item, "id"), "lab.sensory_conduction.ulnar");
    let full = desk.text_of("items lab.sensory_conduction.ulnar");
    for part in ["lab.sensory_conduction.ulnar", "Source:", "Parameters", "distance_m", "amplitude (uV)", "norm:"] {
        assert!(full.contains(part), "{part} is not in {full}");
    }
}

#[test]
fn conditions_name_their_lesions_courses_and_sources() {
    let desk = Desk::new();
    let all = desk.json("conditions --json");
    let conditions = list(&all, "conditions");
    let names: Vec<&str> = conditions.iter().map(|c| text(c, "name")).collect();
    for name in ["healthy", "als", "sma2", "stroke-mca", "myasthenia", "duchenne", "parkinson"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    let mechanisms: Vec<&str> = list(&all, "mechanisms").iter().map(|m| text(m, "name")).collect();
    for condition in conditions {
        let name = text(condition, "name");
        assert_eq!(list(condition, "lesions").is_empty(), name == "healthy", "{name}");
        for lesion in list(condition, "lesions") {
            assert!(mechanisms.contains(&text(lesion, "mechanism")), "{name}: {lesion}");
            assert!(!text(lesion, "source").is_empty(), "{name}: a lesion without a source: {lesion}");
            let severity = &lesion["severity"];
            let (low, typical, high) = (number(severity, "low"), number(severity, "typical"), number(severity, "high"));
            assert!(low <= typical && typical <= high, "{name}: {lesion}");
        }
    }
    let table = desk.text_of("conditions");
    assert!(names.iter().all(|name| table.contains(name)));
}

#[test]
fn one_condition_in_full_under_any_of_its_names() {
    let desk = Desk::new();
    let one = desk.json("conditions als --json");
    let [als] = list(&one, "conditions") else { panic!("one condition in {one}") };
    assert!(list(als, "xrefs").iter().any(|x| x == "OMIM:105400"), "{als}");
    let full = desk.text_of("conditions als");
    for part in ["Amyotrophic lateral sclerosis", "neuron_loss at anterior_horn", "course:", "source:", "severity"] {
        assert!(full.contains(part), "{part} is not in {full}");
    }
}
