//! Real published patients: every Phenopacket that is read is examined to the end.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::contract::{check_examination, list, text};
use crate::run::Desk;

/// Patients taken of each site, and in all.
const PER_SITE: usize = 3;
const IN_ALL: usize = 30;

/// Phenopackets spread over the sites of the lesion: the first, the middle and the last of each by name, then the first of the rest.
fn chosen(truth: &str) -> Vec<String> {
    let mut lines = truth.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let heading = lines.next().expect("a heading");
    let column = |name: &str| heading.iter().position(|h| *h == name).unwrap_or_else(|| panic!("no column {name}"));
    let (file, site) = (column("file"), column("primary_site"));
    let mut sites: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines.filter(|line| line.len() > file.max(site)) {
        sites.entry(line[site].to_owned()).or_default().push(line[file].to_owned());
    }
    let mut chosen = Vec::new();
    for files in sites.values_mut() {
        files.sort();
        let take = files.len().min(PER_SITE);
        let mut places: Vec<usize> = (0..take).map(|i| i * (files.len() - 1) / (PER_SITE - 1)).collect();
        places.dedup();
        places.iter().rev().for_each(|&place| chosen.push(files.remove(place)));
    }
    let rest = sites.values().flatten().cloned();
    let missing = IN_ALL.saturating_sub(chosen.len());
    chosen.extend(rest.take(missing));
    chosen
}

#[test]
fn published_patients_of_every_site_are_examined() {
    let Some(data) = std::env::var_os("TONUS_DATA").map(PathBuf::from) else {
        // Seen with `cargo test -- --nocapture`, as the README says.
        eprintln!("SKIPPED: TONUS_DATA is not set: no published patient was examined (README.md: where they are from)");
        return;
    };
    let folder = data.join("cases/dev");
    let truth = std::fs::read_to_string(folder.join("truth.tsv"))
        .unwrap_or_else(|e| panic!("{}: {e}; TONUS_DATA must hold cases/dev/truth.tsv", folder.display()));
    let chosen = chosen(&truth);
    assert_eq!(chosen.len(), IN_ALL);
    let desk = Desk::new();
    for name in &chosen {
        let path = folder.join(name);
        let packet: Value =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}")))
                .expect("JSON");
        let path = path.to_str().expect("a path in UTF-8");
        let ran = desk.run(&[
            "examine",
            path,
            "--item",
            "lab.sensory",
            "--item",
            "lab.repetitive_stimulation.ulnar",
            "--json",
        ]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}");
        let e: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        check_examination(&e);
        assert!(!text(&e["patient"], "chosen_by").is_empty(), "{name}");
        let features = packet["phenotypicFeatures"].as_array().map_or(0, Vec::len);
        assert_eq!(list(&e, "recorded").len(), features, "{name}: every recorded finding stands in the report");
    }
}
