//! The exported log: a folder that carries the log to somebody who has neither the vault nor a password, in files that any
//! tool can read and `keyroom-verify` can check.
//!
//! | file | what it holds |
//! |---|---|
//! | [`LOG_FILE`] | one JSON object per entry, oldest first ([`ExportedEntry`]) |
//! | [`CHECKPOINT_FILE`] | the newest checkpoint, a C2SP signed note over all entries |
//! | [`ROSTER_FILE`] | the signed chain of who the operators are ([`ExportedRoster`]) |
//! | [`README_FILE`] | how to verify it |
//! | [`SUMS_FILE`] | the SHA-256 of each of the others, as `sha256sum` writes it |
//!
//! What is believed is what is signed: the leaf's bytes, the roster's bytes and the checkpoint. Everything readable beside
//! them is made from those bytes, and [`verify_dir`] makes it again and refuses what differs, so that no reader can be shown
//! words that were not signed. This is the only module of this floor that touches files.

mod entry;
mod read;
mod write;

pub use entry::{ExportedEntry, ExportedOperator, ExportedRoster, entry_to_json, roster_to_json};
pub use read::{ExportCheck, ExportError, verify_dir};
pub use write::{ExportWriter, WriteError};

/// The version of the export's format, in [`ExportedRoster::format`].
pub const EXPORT_FORMAT: u32 = 1;
/// One JSON object per line and entry.
pub const LOG_FILE: &str = "log.jsonl";
/// The newest checkpoint.
pub const CHECKPOINT_FILE: &str = "checkpoint.note";
/// The operators.
pub const ROSTER_FILE: &str = "roster.json";
/// How to verify it.
pub const README_FILE: &str = "README.txt";
/// The hashes of the other files.
pub const SUMS_FILE: &str = "SHA256SUMS";
/// The files whose hashes stand in [`SUMS_FILE`], in its order.
pub const SUMMED_FILES: [&str; 4] = [README_FILE, CHECKPOINT_FILE, LOG_FILE, ROSTER_FILE];

/// What [`README_FILE`] says, with the vault and its genesis in hex in their places. A person compares the genesis with what
/// they noted, so it is verified like the rest; whoever changes the text keeps the one before for the exports that have it.
const README: &str = include_str!("README.txt");

fn readme(roster: &ExportedRoster) -> String {
    README.replace("{vault}", &roster.vault).replace("{genesis}", &roster.genesis)
}
