//! The report page as a whole: well-formed, self-contained, safe, complete.

mod synthetic;

use roxmltree::{Document, Node, ParsingOptions};
use tonus_body::Person;
use tonus_body::person::Sex;
use tonus_report::{Examination, PatientLine, page};
use tonus_signal::{Recording, Side};

fn parsed(html: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(html, options).expect("well-formed XML")
}

fn text(node: Node<'_, '_>) -> String {
    node.descendants().filter(|n| n.is_text()).filter_map(|n| n.text()).collect()
}

fn empty() -> Examination {
    Examination {
        tonus: String::new(),
        seed: 0,
        patient: PatientLine {
            name: String::new(),
            person: Person { age_years: 0.0, sex: Sex::Male, height_m: 0.5, mass_kg: 3.5 },
            condition: None,
            chosen_by: String::new(),
            time: None,
            lesions: vec![],
            left_out: vec![],
        },
        studies: vec![],
        healthy: vec![],
        judged: vec![],
        findings: vec![],
        recorded: vec![],
        titles: vec![],
    }
}

#[test]
fn the_page_is_well_formed_self_contained_and_has_unique_ids() {
    let html = page(&synthetic::examination(0.6, &Side::BOTH)).unwrap();
    let document = parsed(&html);
    let mut ids = std::collections::BTreeSet::new();
    for node in document.descendants().filter(Node::is_element) {
        if let Some(id) = node.attribute("id") {
            assert!(ids.insert(id.to_owned()), "{id} stands twice");
        }
        assert!(
            !matches!(node.tag_name().name(), "script" | "link" | "img" | "iframe" | "object"),
            "{:?}",
            node.tag_name()
        );
        assert!(node.attribute("src").is_none());
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on"), "{}", attribute.name());
        }
    }
    let links: Vec<&str> = document.descendants().filter_map(|n| n.attribute("href")).collect();
    for link in &links {
        match link.strip_prefix('#') {
            Some(id) => assert!(ids.contains(id), "{link} leads nowhere"),
            None => assert_eq!(*link, "http://www.human-phenotype-ontology.org"),
        }
    }
    for node in document.descendants().filter(|n| n.tag_name().name() == "svg") {
        for id in node.attribute("aria-labelledby").unwrap().split(' ') {
            assert!(ids.contains(id));
        }
    }
    let style = document.descendants().find(|n| n.tag_name().name() == "style").map(text).unwrap();
    assert!(!style.contains("@import") && !style.contains("http") && !style.contains("&"));
    assert!(style.matches("url(").count() == style.matches("url(#").count());
    assert!(!html.contains("NaN"));
}

#[test]
fn a_page_with_every_item_abnormal_stays_small() {
    let html = page(&synthetic::examination(0.7, &Side::BOTH)).unwrap();
    assert!(html.len() < 1_500_000, "{} bytes", html.len());
}

#[test]
fn every_abnormal_item_has_its_table_and_traces_and_the_others_are_listed() {
    let e = synthetic::examination(0.6, &[Side::Right]);
    let html = page(&e).unwrap();
    let document = parsed(&html);
    let studies = document.descendants().filter(|n| n.attribute("class") == Some("study")).collect::<Vec<_>>();
    let abnormal: Vec<_> = e.judged.iter().filter(|j| j.is_abnormal()).collect();
    assert!(!abnormal.is_empty() && abnormal.len() < e.judged.len());
    assert_eq!(studies.len(), abnormal.len());
    for (node, judged) in studies.iter().zip(&abnormal) {
        assert!(text(*node).contains(e.title(&judged.item)));
        let rows = node.descendants().filter(|n| n.tag_name().name() == "tr").count();
        assert_eq!(rows, judged.measures.len() + 1);
        assert!(node.descendants().any(|n| n.tag_name().name() == "svg"), "{}", judged.item);
    }
    let normal = document.descendants().find(|n| n.attribute("aria-labelledby") == Some("normal")).unwrap();
    let lines = normal.descendants().filter(|n| n.tag_name().name() == "tr").count() - 1;
    assert_eq!(lines, e.judged.len() - abnormal.len());
    assert!(html.contains("agree 2 of 3 examined, 4 recorded"));
    assert!(html.contains("Tonus teaches and computes; it is not a medical device."));
    assert!(html.contains("This page uses the Human Phenotype Ontology (release 2025-01-16)."));
}

#[test]
fn an_empty_examination_is_a_page() {
    let html = page(&empty()).unwrap();
    let document = parsed(&html);
    assert!(text(document.root()).contains("nothing was examined"));
    assert!(document.descendants().any(|n| n.tag_name().name() == "svg"));
}

#[test]
fn hostile_names_stay_text() {
    let hostile = "</style></title><script>alert(1)</script><img src=x onerror='a' \u{0}\u{1b}\"{{ 7*7 }}{% raw %}";
    let mut e = synthetic::examination(0.6, &[Side::Right]);
    e.patient.name = hostile.to_owned();
    e.patient.condition = Some(hostile.to_owned());
    e.patient.chosen_by = hostile.to_owned();
    e.patient.time = Some(hostile.to_owned());
    e.patient.left_out = vec![hostile.to_owned()];
    e.tonus = hostile.to_owned();
    for lesion in &mut e.patient.lesions {
        for field in [
            &mut lesion.site,
            &mut lesion.mechanism,
            &mut lesion.place,
            &mut lesion.side,
            &mut lesion.meaning,
            &mut lesion.source,
        ] {
            *field = hostile.to_owned();
        }
    }
    for finding in &mut e.findings {
        finding.label = hostile.to_owned();
        finding.hpo = hostile.to_owned();
        finding.place = hostile.to_owned();
        finding.because.push(hostile.to_owned());
    }
    for compared in &mut e.recorded {
        compared.label = hostile.to_owned();
        compared.hpo = hostile.to_owned();
    }
    for study in &mut e.judged {
        for judged in &mut study.measures {
            judged.measure.name = hostile.to_owned();
            judged.measure.unit = hostile.to_owned();
            judged.norm_source = hostile.to_owned();
        }
    }
    for (_, title) in &mut e.titles {
        *title = hostile.to_owned();
    }
    for study in e.studies.iter_mut().chain(&mut e.healthy) {
        for recording in &mut study.recordings {
            let titled = Recording::titled(hostile);
            recording.title = titled.title;
            for channel in &mut recording.channels {
                channel.label = hostile.to_owned();
                channel.unit = hostile.to_owned();
            }
            for annotation in &mut recording.annotations {
                annotation.text = hostile.to_owned();
            }
        }
    }
    let html = page(&e).unwrap();
    let document = parsed(&html);
    assert!(!document.descendants().any(|n| matches!(n.tag_name().name(), "script" | "img")));
    assert!(!html.contains("<script") && !html.contains('\u{0}') && !html.contains('\u{1b}'));
    assert!(text(document.root()).contains("{{ 7*7 }}"));
}

#[test]
fn the_same_examination_gives_the_same_page() {
    assert_eq!(
        page(&synthetic::examination(0.5, &[Side::Left])).unwrap(),
        page(&synthetic::examination(0.5, &[Side::Left])).unwrap()
    );
}

/// Writes the example where `TONUS_REPORT_EXAMPLE` says, to be looked at.
#[test]
fn example_for_the_eye() {
    if let Ok(path) = std::env::var("TONUS_REPORT_EXAMPLE") {
        let html = page(&synthetic::examination(0.6, &[Side::Right])).unwrap();
        std::fs::write(path, html).unwrap();
    }
}
