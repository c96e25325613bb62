//! What a target says it was fitted by exists: the file, and in it each parameter that is named.
//!
//! `fitted` reads `crate path/of/file.rs: \`PARAMETER\` and \`other\`, to what`, or `data/file.toml: ...`; several files follow one
//! another, each with its own parameters.

use std::path::{Path, PathBuf};

use tonus_validation::Targets;

/// A file that is named, and the parameters named after it.
#[derive(Debug, PartialEq)]
struct Named {
    file: String,
    parameters: Vec<String>,
}

/// Files and parameters of a text, in its order. A parameter before any file belongs to none and is lost: `check` asks for a file first.
fn named(text: &str) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let mut before = "";
    for (i, piece) in text.split('`').enumerate() {
        if i % 2 == 1 {
            if let Some(last) = found.last_mut() {
                last.parameters.push(piece.to_owned());
            }
            continue;
        }
        for word in piece.split([' ', ',', ';']) {
            if let Some(path) = word.strip_suffix(':').filter(|p| p.ends_with(".rs") || p.ends_with(".toml")) {
                let file =
                    if path.starts_with("data/") { path.to_owned() } else { format!("crates/{before}/src/{path}") };
                found.push(Named { file, parameters: vec![] });
            }
            before = word;
        }
    }
    found
}

/// Whether a name stands in a text as a whole word.
fn has_word(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

/// What is wrong with a `fitted` text.
fn check(root: &Path, text: &str) -> Vec<String> {
    let found = named(text);
    if found.is_empty() {
        return vec!["names no file, as `physiology muscle/unit.rs:` or `data/muscles.toml:`".to_owned()];
    }
    let mut wrong = Vec::new();
    for Named { file, parameters } in found {
        let Ok(source) = std::fs::read_to_string(root.join(&file)) else {
            wrong.push(format!("there is no {file}"));
            continue;
        };
        if parameters.is_empty() {
            wrong.push(format!("names no parameter of {file} in backticks"));
        }
        let missing = parameters.iter().filter(|name| !has_word(&source, name));
        wrong.extend(missing.map(|name| format!("{file} has no `{name}`")));
    }
    wrong
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_parameter_that_was_fitted_is_where_its_target_says() {
    let targets = Targets::builtin().expect("the targets that ship are right").targets;
    let fitted: Vec<_> = targets.iter().filter(|t| !t.is_predicted()).collect();
    assert!(!fitted.is_empty(), "no target says that it was fitted: nothing was tested");
    let wrong: Vec<String> = fitted
        .iter()
        .flat_map(|t| check(&root(), &t.fitted).into_iter().map(|problem| format!("{}: {problem}", t.id)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_has_moved_away_is_found() {
    let right = "data/joints.toml: `friction_n_m` of the knee, physiology muscle/unit.rs: `DOUBLET_GAIN`, to a ratio";
    assert_eq!(check(&root(), right), Vec::<String>::new());
    for (text, wanted) in [
        ("the knee", "names no file"),
        ("data/joints.toml: damping, data/muscles.toml: `base_tone`", "no parameter of data/joints.toml"),
        ("physiology muscle/no_such.rs: `DOUBLET_GAIN`", "no crates/physiology/src/muscle/no_such.rs"),
        ("physiology muscle/unit.rs: `DOUBLET`", "has no `DOUBLET`"),
    ] {
        let wrong = check(&root(), text);
        assert!(wrong.len() == 1 && wrong[0].contains(wanted), "{text}: {wrong:?}");
    }
}
