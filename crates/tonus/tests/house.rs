//! The house is one-directional: who may depend on whom, read from `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Workspace dependencies of every workspace crate, build and dev dependencies included.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let name = package["name"].as_str().expect("name").to_owned();
            let dependencies = package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                .filter_map(|d| d["name"].as_str())
                .filter(|d| d.starts_with("tonus"))
                .map(str::to_owned)
                .collect();
            (name, dependencies)
        })
        .collect()
}

/// Everything a crate can reach, and so name.
fn reach(all: &BTreeMap<String, BTreeSet<String>>, start: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start.to_owned()];
    while let Some(next) = open.pop() {
        for dependency in &all[&next] {
            if reached.insert(dependency.clone()) {
                open.push(dependency.clone());
            }
        }
    }
    reached
}

#[test]
fn nothing_downstream_of_the_body_can_name_a_condition() {
    let all = dependencies();
    assert!(all.contains_key("tonus-pathology"), "the crate that knows conditions has moved: mend this test");
    for part in ["tonus-physiology", "tonus-body", "tonus-signal", "tonus-exam", "tonus-diagnosis"] {
        let reached = reach(&all, part);
        assert!(!reached.contains("tonus-pathology"), "{part} can name a condition");
    }
}

#[test]
fn each_stage_uses_only_the_stages_before_it() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("tonus-physiology", &[][..]),
        ("tonus-signal", &[]),
        ("tonus-analysis", &["tonus-signal"]),
        ("tonus-body", &["tonus-physiology", "tonus-signal"]),
        ("tonus-pathology", &["tonus-physiology", "tonus-signal", "tonus-body"]),
        ("tonus-exam", &["tonus-physiology", "tonus-signal", "tonus-body"]),
        ("tonus-diagnosis", &["tonus-signal", "tonus-body"]),
        ("tonus-report", &["tonus-signal", "tonus-body", "tonus-diagnosis"]),
        (
            "tonus-validation",
            &["tonus-physiology", "tonus-signal", "tonus-body", "tonus-pathology", "tonus-exam", "tonus-diagnosis"],
        ),
        ("tonus-workload", &["tonus-physiology", "tonus-signal", "tonus-body", "tonus-exam"]),
        (
            "tonus",
            &[
                "tonus-physiology",
                "tonus-signal",
                "tonus-body",
                "tonus-pathology",
                "tonus-exam",
                "tonus-diagnosis",
                "tonus-report",
                "tonus-analysis",
                "tonus-validation",
                "tonus-workload",
            ],
        ),
    ]);
    let all = dependencies();
    let crates: Vec<&str> = all.keys().map(String::as_str).collect();
    assert_eq!(crates, allowed.keys().copied().collect::<Vec<_>>(), "a crate has come or gone: say what it may use");
    for (name, dependencies) in &all {
        for dependency in dependencies {
            assert!(allowed[name.as_str()].contains(&dependency.as_str()), "{name} must not use {dependency}");
        }
    }
}

/// The table of ARCHITECTURE.md names every crate.
#[test]
fn the_architecture_names_every_crate() {
    let page = include_str!("../../../ARCHITECTURE.md");
    for name in dependencies().keys() {
        let row = format!("| `{}` |", name.strip_prefix("tonus-").unwrap_or(name));
        assert!(page.contains(&row), "ARCHITECTURE.md has no row for {name}");
    }
}
