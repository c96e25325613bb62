use super::*;

/// Reads the builtin tables with one text changed in one of them.
fn edited(table: &str, from: &str, to: &str) -> Result<Anatomy, AnatomyError> {
    let mut tables = Tables::builtin();
    let file = match table {
        "muscles" => &mut tables.muscles,
        "nerves" => &mut tables.nerves,
        "joints" => &mut tables.joints,
        _ => &mut tables.growth,
    };
    assert!(file.text.contains(from), "nothing to edit: {from}");
    let text = file.text.replacen(from, to, 1);
    file.text = &text;
    Anatomy::from_toml(&tables)
}

fn error(table: &str, from: &str, to: &str) -> AnatomyError {
    match edited(table, from, to) {
        Err(error) => error,
        Ok(_) => panic!("{to} was accepted"),
    }
}

#[test]
fn the_builtin_tables_load_with_every_name_of_the_examination() -> Result<(), AnatomyError> {
    let anatomy = Anatomy::builtin()?;
    let muscles: Vec<&str> = anatomy.muscles().iter().map(|m| m.entry.id()).collect();
    for id in [
        "first_dorsal_interosseous",
        "palmar_interosseous",
        "abductor_digiti_minimi",
        "elbow_flexors",
        "elbow_extensors",
        "wrist_flexors",
        "wrist_extensors",
        "quadriceps",
        "hamstrings",
        "tibialis_anterior",
        "plantarflexors",
        "trapezius",
        "soleus",
        "gastrocnemius_medialis",
        "abductor_pollicis_brevis",
        "flexor_carpi_radialis",
        "extensor_digitorum",
        "extensor_digitorum_brevis",
        "abductor_hallucis",
        "vastus_lateralis",
        "masseter",
        "genioglossus",
        "deltoid",
        "diaphragm",
    ] {
        assert!(muscles.contains(&id), "{id}");
    }
    let nerves: Vec<&str> = anatomy.sensory_nerves().iter().map(SensoryNerveEntry::id).collect();
    assert_eq!(
        nerves,
        ["median_digit_2", "ulnar_digit_5", "superficial_radial", "sural", "superficial_fibular", "supraorbital"]
    );
    let joints: Vec<&str> = anatomy.joints().iter().map(|j| j.entry.id()).collect();
    assert_eq!(
        joints,
        ["index", "elbow", "wrist", "knee", "ankle", "fingers", "shoulder", "hip", "jaw", "neck", "trunk"]
    );
    Ok(())
}

/// Calls `visit` on every table that holds numbers itself, with its path and whether it or a table round it has a source.
fn tables_with_numbers(
    path: &str,
    table: &toml::Table,
    sourced: bool,
    visit: &mut impl FnMut(&str, bool, &toml::Table),
) {
    let sourced = sourced || table.contains_key("source");
    let numeric = |v: &toml::Value| {
        v.is_float() || v.is_integer() || v.as_array().is_some_and(|a| a.iter().any(|x| x.is_float() || x.is_integer()))
    };
    if table.values().any(numeric) {
        visit(path, sourced, table);
    }
    for (key, value) in table {
        let here = format!("{path}.{key}");
        match value {
            toml::Value::Table(inner) => tables_with_numbers(&here, inner, sourced, visit),
            toml::Value::Array(items) => {
                for inner in items.iter().filter_map(toml::Value::as_table) {
                    tables_with_numbers(&here, inner, sourced, visit);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn every_number_has_a_source_and_a_confidence_beside_it() {
    let tables = Tables::builtin();
    let mut seen = 0;
    for file in [tables.muscles, tables.nerves, tables.joints, tables.growth] {
        let table: toml::Table = file.text.parse().unwrap_or_default();
        tables_with_numbers(file.name, &table, false, &mut |path, sourced, table| {
            seen += 1;
            assert!(sourced, "{path} has no source");
            assert!(!table.contains_key("source") || table.contains_key("confidence"), "{path} has no confidence");
        });
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn a_missing_or_empty_source_is_refused() {
    let source = "source = \"as the ulnar nerve (alpha motor axons of the arm)\"\n";
    let missing = error("nerves", source, "");
    assert_eq!((&*missing.field, missing.entry.as_deref()), ("source", Some("musculocutaneous")));
    let empty = error("nerves", source, "source = \"  \"\n");
    assert_eq!(&*empty.field, "source");
    assert!(empty.message.contains("where the numbers come from"));
}

#[test]
fn bad_tables_name_file_line_field_and_the_nearest_name() {
    let line = |table: &str, needle: &str| {
        let tables = Tables::builtin();
        let text = match table {
            "muscles" => tables.muscles.text,
            "nerves" => tables.nerves.text,
            "joints" => tables.joints.text,
            _ => tables.growth.text,
        };
        text.lines().position(|l| l.starts_with(needle)).map_or(0, |i| i + 1)
    };
    // (table, edited from, to, line starts with, field, entry, part of the message, nearest)
    #[rustfmt::skip]
    let cases = [
        ("muscles", "motor_units = 120", "motor_unit = 120", "motor_units = 120", "motor_unit", Some("first_dorsal_interosseous"), "unknown field", Some("motor_units")),
        ("muscles", "motor_units = 445", "motor_units = 0", "motor_units = 445", "motor_units", Some("tibialis_anterior"), "1..10000000", None),
        ("muscles", "poles = 3", "poles = 1", "poles = 3", "poles", Some("plantarflexors"), "a whole number of poles, 2..4", None),
        ("muscles", "poles = 3", "poles = 5", "poles = 3", "poles", Some("plantarflexors"), "a whole number of poles, 2..4", None),
        ("muscles", "slow_share = 0.45", "slow_share = 1.45", "slow_share = 0.45", "slow_share", Some("quadriceps"), "a share, 0..1", None),
        ("muscles", "max_force_n = 6000.0", "max_force_n = -1", "max_force_n = 6000.0", "max_force_n", Some("quadriceps"), "greater than 0", None),
        ("muscles", "max_force_n = 6000.0", "max_force_n = nan", "max_force_n = 6000.0", "max_force_n", Some("quadriceps"), "greater than 0", None),
        ("muscles", "max_force_n = 6000.0", "max_force_n = \"strong\"", "max_force_n = 6000.0", "max_force_n", Some("quadriceps"), "invalid type", None),
        ("muscles", "max_force_n = 6000.0", "max_force_n = ", "max_force_n = 6000.0", "max_force_n", Some("quadriceps"), "", None),
        ("muscles", "segments = [\"L4\", \"L5\"]", "segments = [\"L4\", \"L6\"]", "segments = [\"L4\", \"L5\"]", "segments", Some("tibialis_anterior"), "`L6` is no segment", None),
        ("muscles", "nerve = \"femoral\"", "nerve = \"femorel\"", "nerve = \"femoral\"", "nerve", Some("quadriceps"), "no motor nerve `femorel` in data/nerves.toml", Some("femoral")),
        ("muscles", "id = \"palmar_interosseous\"", "id = \"first_dorsal_interosseous\"", "id = \"palmar_interosseous\"", "id", Some("first_dorsal_interosseous"), "used twice", None),
        ("muscles", "region = \"leg\"", "region = \"lag\"", "region = \"leg\"", "region", Some("quadriceps"), "unknown variant", Some("leg")),
        ("joints", "flexor = \"hamstrings\"", "flexor = \"hamstring\"", "flexor = \"hamstrings\"", "flexor", Some("knee"), "no muscle `hamstring` in data/muscles.toml", Some("hamstrings")),
        ("joints", "{ segment = \"shank\" }", "{ segment = \"shenk\" }", "parts = [{ segment = \"shank\" }", "parts", Some("knee"), "no segment `shenk`", Some("shank")),
        ("joints", "min_angle_rad = -0.13", "min_angle_rad = 2.9", "id = \"knee\"", "id", Some("knee"), "must be below", None),
        ("nerves", "0.26, temperature_c = 34.0", "0.26, temperature_c = 92.3", "    { name = \"distal\", length_m = 0.26", "{ name", Some("sural"), "15..42", None),
        ("growth", "[course.strength]", "[course.strenght]", "[course.strength]", "strenght", None, "unknown field", Some("strength")),
        ("growth", "factor = [1, 1, 1.15, 1.2, 1.2]", "factor = [1, 1, 1.15]", "[course.contraction_time]", "course.contraction_time", None, "as long as each other", None),
        ("growth", "mass_kg = 75.0", "", "[reference]", "mass_kg", None, "missing field", None),
    ];
    for (table, from, to, at, field, entry, message, near) in cases {
        let error = error(table, from, to);
        let shown = error.to_string();
        assert_eq!(&*error.file, format!("data/{table}.toml"));
        assert_eq!(error.line, line(table, at), "{shown}");
        assert_eq!((&*error.field, error.entry.as_deref()), (field, entry), "{shown}");
        assert!(error.message.contains(message), "{shown}");
        assert_eq!(error.near.as_deref(), near, "{shown}");
        assert!(shown.contains(&format!("data/{table}.toml, line {}", error.line)) && shown.contains('^'), "{shown}");
    }
}

#[test]
fn shares_of_types_add_up_to_no_more_than_one() {
    let error = error("muscles", "fatigue_resistant_share = 0.22", "fatigue_resistant_share = 0.5");
    assert!(error.message.contains("must not exceed 1") && error.entry.as_deref() == Some("first_dorsal_interosseous"));
}

#[test]
fn a_new_muscle_with_a_cranial_nucleus_needs_only_a_table() -> Result<(), AnatomyError> {
    let text = Tables::builtin().muscles.text;
    let start = text.find("\n[[muscle]]\n").unwrap_or(0);
    let end = text[start + 1..].find("# -----").map_or(text.len(), |i| start + 1 + i);
    let tongue = text[start..end]
        .replace("first_dorsal_interosseous", "styloglossus")
        .replace("segments = [\"C8\", \"T1\"]", "segments = [\"XII\"]")
        .replace("region = \"arm\"", "region = \"head\"");
    let grown = format!("{text}\n{tongue}");
    let mut tables = Tables::builtin();
    tables.muscles.text = &grown;
    let anatomy = Anatomy::from_toml(&tables)?;
    assert_eq!(anatomy.muscles().len(), Anatomy::builtin()?.muscles().len() + 1);
    let last = &anatomy.muscles()[anatomy.muscles().len() - 1];
    assert_eq!((last.entry.id(), last.entry.segments[0].as_str()), ("styloglossus", "XII"));
    Ok(())
}
