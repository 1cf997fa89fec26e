//! New files that only their owner may read. An existing file is never overwritten, and one that could not be written whole
//! does not stay: until it is whole it has a name of its own beside its place, so that a program that is stopped leaves nothing
//! in the way.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::store::StoreError;
use crate::vault::VaultError;

/// A file that is to be made and has another name as yet. Dropped without [`NewFile::write`] it goes again.
pub struct NewFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl NewFile {
    /// Makes it beside its place, with mode 0600 where the system knows modes.
    ///
    /// # Errors
    /// [`VaultError::NewFile`] where something stands there already or the folder cannot be written.
    pub fn create(path: &Path) -> Result<Self, VaultError> {
        if path.symlink_metadata().is_ok() {
            return Err(failed(path, &std::io::ErrorKind::AlreadyExists.into()));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".");
        let mut options = tempfile::Builder::new();
        let file = options.prefix(&name).suffix(".part").tempfile_in(folder.unwrap_or(Path::new(".")));
        let file = file.map_err(|error| failed(path, &error))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Writes all of it, down to the disk, and gives it its name.
    ///
    /// # Errors
    /// [`VaultError::NewFile`] where that failed; the file is gone then.
    pub fn write(self, bytes: &[u8]) -> Result<PathBuf, VaultError> {
        let Self { path, mut file } = self;
        let written = file.write_all(bytes).and_then(|()| file.as_file().sync_all());
        written.map_err(|error| failed(&path, &error))?;
        file.persist_noclobber(&path).map_err(|refused| failed(&path, &refused.error))?;
        Ok(path)
    }
}

/// What the system said, as a person and as a script tell it apart.
fn failed(path: &Path, error: &std::io::Error) -> VaultError {
    let words = match error.kind() {
        std::io::ErrorKind::AlreadyExists => format!("{} exists already; name a new file", path.display()),
        _ => format!("{} could not be written: {}", path.display(), said(error)),
    };
    VaultError::NewFile { words, cause: StoreError::from(std::io::Error::from(error.kind())) }
}

/// The system's words; where `tempfile` has put the path of another name before them, what they mean.
fn said(error: &std::io::Error) -> String {
    match (error.raw_os_error(), error.kind()) {
        (Some(_), _) => error.to_string(),
        (None, std::io::ErrorKind::NotFound) => "its folder does not exist".to_owned(),
        (None, kind) => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten_and_what_is_not_whole_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("value");
        let unfinished = NewFile::create(&path).unwrap();
        assert!(!path.exists(), "it has no name before it is whole");
        NewFile::create(&path).unwrap().write(b"one").unwrap();
        let late = unfinished.write(b"two").err().unwrap();
        for error in [late, NewFile::create(&path).err().unwrap()] {
            assert!(matches!(error, VaultError::NewFile { cause: StoreError::Exists, .. }), "{error:?}");
            assert!(error.to_string().contains("exists already"), "{error}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else stays");
        let nowhere = NewFile::create(&folder.path().join("none/value")).err().unwrap();
        assert!(matches!(nowhere, VaultError::NewFile { cause: StoreError::NotFound, .. }), "{nowhere:?}");
        let words = nowhere.to_string();
        assert!(
            words.contains("none/value could not be written: its folder") && !words.contains(".part"),
            "{words}"
        );
    }
}
