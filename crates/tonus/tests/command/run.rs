//! Running the command in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A folder that the command runs in, removed afterwards.
pub struct Desk {
    folder: TempDir,
}

/// What a run left behind.
pub struct Ran {
    /// Exit code; -1 if a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Desk {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder") }
    }

    /// A folder with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let desk = Self::new();
        for (name, text) in files {
            fs::write(desk.path(name), text).expect("a file in the temporary folder");
        }
        desk
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Text of a file in the folder.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}; there is {:?}", self.files()))
    }

    /// Every file and folder below, hidden ones too, with its length, sorted.
    pub fn files(&self) -> Vec<(String, u64)> {
        fn below(folder: &Path, root: &Path, found: &mut Vec<(String, u64)>) {
            for entry in fs::read_dir(folder).expect("the temporary folder") {
                let path = entry.expect("an entry").path();
                let name = path.strip_prefix(root).expect("below the root").display().to_string();
                if path.is_dir() {
                    found.push((format!("{name}/"), 0));
                    below(&path, root, found);
                } else {
                    found.push((name, fs::metadata(&path).expect("its length").len()));
                }
            }
        }
        let mut found = Vec::new();
        below(self.folder.path(), self.folder.path(), &mut found);
        found.sort();
        found
    }

    /// Names of every file and folder below.
    pub fn names(&self) -> Vec<String> {
        self.files().into_iter().map(|(name, _)| name).collect()
    }

    /// Runs `tonus` with arguments as written on a command line (no spaces within one).
    pub fn tonus(&self, line: &str) -> Ran {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs `tonus` with these arguments.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_tonus"))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("the command starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ran { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Standard output of a run that must succeed.
    pub fn text_of(&self, line: &str) -> String {
        let ran = self.tonus(line);
        assert_eq!(ran.code, 0, "tonus {line}: {}", ran.stderr);
        ran.stdout
    }

    /// The one JSON value on standard output of a run that must succeed and say nothing else anywhere.
    pub fn json(&self, line: &str) -> Value {
        let ran = self.tonus(line);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "tonus {line}");
        serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("tonus {line}: {e}: {}", ran.stdout))
    }
}
