//! New files that only their owner may read. An existing file is never overwritten, and one that could not be written whole
//! does not stay.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::vault::VaultError;

/// A file that was made and is still empty. Dropped without [`NewFile::write`] it goes again.
pub struct NewFile {
    path: PathBuf,
    file: File,
    kept: bool,
}

impl NewFile {
    /// Makes it, with mode 0600 where the system knows modes.
    ///
    /// # Errors
    /// [`VaultError::Workstation`] where something stands there already or the folder cannot be written.
    pub fn create(path: &Path) -> Result<Self, VaultError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                format!("{} exists already; name a new file", path.display())
            }
            _ => format!("{}: {error}", path.display()),
        };
        let file = options.open(path).map_err(|error| VaultError::Workstation(failed(error)))?;
        Ok(Self { path: path.to_owned(), file, kept: false })
    }

    /// Writes all of it, down to the disk, and keeps the file.
    ///
    /// # Errors
    /// [`VaultError::Workstation`] where that failed; the file is gone then.
    pub fn write(mut self, bytes: &[u8]) -> Result<PathBuf, VaultError> {
        let written = self.file.write_all(bytes).and_then(|()| self.file.sync_all());
        written.map_err(|error| {
            VaultError::Workstation(format!("{} could not be written: {error}", self.path.display()))
        })?;
        self.kept = true;
        Ok(self.path.clone())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing more can be done where even that fails; it is empty or cut off.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten_and_an_empty_file_does_not_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("value");
        drop(NewFile::create(&path).unwrap());
        assert!(!path.exists());
        NewFile::create(&path).unwrap().write(b"one").unwrap();
        let again = NewFile::create(&path).err().unwrap().to_string();
        assert!(again.contains("exists already"), "{again}");
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
    }
}
