//! Every published patient of the development set can be read. Needs `TONUS_DATA` (a folder with `cases/dev/*.json`).

use std::collections::BTreeMap;
use std::path::PathBuf;

use tonus_body::Anatomy;
use tonus_pathology::{Patient, PatientOptions, Selection};

#[test]
fn every_published_patient_is_read_and_given_a_body() -> Result<(), Box<dyn std::error::Error>> {
    let Some(folder) = std::env::var_os("TONUS_DATA").map(|d| PathBuf::from(d).join("cases/dev")) else {
        println!("skipped: TONUS_DATA is not set");
        return Ok(());
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)?.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "json"));
    files.sort();
    let anatomy = Anatomy::builtin()?;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut conditions: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &files {
        let patient = Patient::read(&path.display().to_string(), &PatientOptions::default())?;
        let (body, _) = patient.body(&anatomy)?;
        assert!(body.person.age_years >= 0.0);
        assert!(!patient.recorded.is_empty(), "{}", path.display());
        assert_eq!(patient.condition.is_none(), patient.selection == Selection::Nothing);
        *kinds.entry(patient.selection.kind()).or_default() += 1;
        *conditions.entry(patient.condition.map_or("healthy body", |c| c.name.as_str())).or_default() += 1;
    }
    println!("{} packets: {kinds:?}\n{conditions:?}", files.len());
    assert!(files.len() > 1000 && kinds.contains_key("disease") && kinds.contains_key("stand_in"));
    Ok(())
}
