//! What can go wrong between the vault and its file.

/// A failure of the place the rows live in. The vault adds what was being done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No such file.
    #[error("there is no file at this place")]
    NotFound,
    /// A file stands where a new one was to be made.
    #[error("a file already exists at this place; choose another name")]
    Exists,
    /// The file is not a vault.
    #[error("this file is not a Keyroom vault")]
    NotAVault,
    /// The file was written by a later version.
    #[error(
        "this vault has format {found}; this version of Keyroom reads format {known}. Update Keyroom to open it"
    )]
    Newer {
        /// The file's format.
        found: i32,
        /// The newest format known here.
        known: i32,
    },
    /// The file does not hold together.
    #[error("the vault file is damaged ({0}). Restore a backup")]
    Damaged(String),
    /// The file or its folder cannot be written.
    #[error("the vault file cannot be written: it or its folder is read-only")]
    ReadOnly,
    /// The file may not be opened.
    #[error("the vault file may not be opened: permission denied")]
    Permission,
    /// No room left.
    #[error("the disk is full")]
    Full,
    /// Another program holds the file.
    #[error("the vault file is in use by another program; try again")]
    Busy,
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// Anything else the operating system or SQLite reports.
    #[error("the vault file could not be read or written ({0})")]
    Io(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match &error {
            rusqlite::Error::SqliteFailure(e, message) => match e.code {
                Code::DatabaseCorrupt => {
                    Self::Damaged(message.clone().unwrap_or_else(|| "its pages do not fit together".into()))
                }
                // Far above all that is written: the length that was read is not one.
                Code::TooBig => Self::Damaged("a row claims to be larger than any can be".into()),
                Code::NotADatabase => Self::NotAVault,
                Code::ReadOnly => Self::ReadOnly,
                Code::PermissionDenied => Self::Permission,
                Code::DiskFull => Self::Full,
                Code::DatabaseBusy | Code::DatabaseLocked => Self::Busy,
                Code::CannotOpen => Self::Permission,
                // SQLite has no code of its own for a schema format in the header that no version ever wrote.
                Code::Unknown if message.as_deref() == Some("unsupported file format") => {
                    Self::Damaged("its header names no format SQLite knows".into())
                }
                _ => Self::Io(message.clone().unwrap_or_else(|| e.to_string())),
            },
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => Self::Damaged("a column does not hold what it must".into()),
            other => Self::Io(other.to_string()),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        match error.kind() {
            Kind::NotFound => Self::NotFound,
            Kind::AlreadyExists => Self::Exists,
            Kind::PermissionDenied => Self::Permission,
            Kind::StorageFull | Kind::QuotaExceeded => Self::Full,
            Kind::ReadOnlyFilesystem => Self::ReadOnly,
            other => Self::Io(other.to_string()),
        }
    }
}
