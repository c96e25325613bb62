//! Writing a file whole or not at all, and reading one whole.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use super::FormatError;

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A file under a temporary name in the folder of its place; removed when dropped before [`Self::place`].
pub(super) struct WholeFile {
    writer: Option<BufWriter<File>>,
    temporary: PathBuf,
    path: PathBuf,
}

impl WholeFile {
    /// Opens the temporary file for a path.
    pub(super) fn create(path: &Path) -> Result<Self, FormatError> {
        let Some(name) = path.file_name() else {
            let source = io::Error::new(io::ErrorKind::InvalidInput, "the path names no file");
            return Err(FormatError::io(path, "create it")(source));
        };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{}.part", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        let temporary = path.with_file_name(hidden);
        let file = File::create_new(&temporary).map_err(FormatError::io(path, "create it"))?;
        Ok(Self { writer: Some(BufWriter::new(file)), temporary, path: path.to_owned() })
    }

    /// Appends bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), FormatError> {
        match &mut self.writer {
            Some(writer) => writer.write_all(bytes).map_err(FormatError::io(&self.path, "write it")),
            None => Ok(()),
        }
    }

    /// Completes the file and gives it its name.
    pub(super) fn place(mut self) -> Result<(), FormatError> {
        if let Some(writer) = self.writer.take() {
            let file = writer.into_inner().map_err(|e| FormatError::io(&self.path, "write it")(e.into_error()))?;
            file.sync_all().map_err(FormatError::io(&self.path, "write it"))?;
        }
        fs::rename(&self.temporary, &self.path).map_err(FormatError::io(&self.path, "give the finished file its name"))
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        drop(self.writer.take());
        // After `place` the temporary name is gone and this does nothing.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// The bytes of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, FormatError> {
    fs::read(path).map_err(FormatError::io(path, "read it"))
}

/// Up to `most` bytes from the start of a file.
pub(super) fn first_bytes(path: &Path, most: usize) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Vec::with_capacity(most);
    let file = File::open(path).map_err(FormatError::io(path, "read it"))?;
    file.take(most as u64).read_to_end(&mut bytes).map_err(FormatError::io(path, "read it"))?;
    Ok(bytes)
}

/// The text of a file; bytes that are not UTF-8 are named.
pub(super) fn read_text(path: &Path) -> Result<String, FormatError> {
    String::from_utf8(read(path)?).map_err(|e| {
        let at = e.utf8_error().valid_up_to() as u64;
        FormatError::malformed(
            path,
            super::Place::Byte(at),
            "not UTF-8 text",
            "save it as UTF-8, or check that it is this format",
        )
    })
}
