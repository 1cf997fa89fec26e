//! Verifying an export with nothing but its own files.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};

use crate::audit::checkpoint::{Checkpoint, NoteError};
use crate::audit::leaf::{Delta, Details, Record, SignedLeaf};
use crate::audit::roster::{Roster, RosterError, SignedRoster};
use crate::audit::verify::{Damage, Depth, Verifier};
use crate::crypto::sign::VerifyingKey;
use crate::crypto::{Hash, Hasher};
use crate::model::{OperatorId, Timestamp, VaultId};
use crate::store::Walk;

use super::entry::{ExportedEntry, ExportedRoster, entry_to_json, roster_to_json};
use super::{
    CHECKPOINT_FILE, EXPORT_FORMAT, LOG_FILE, README_FILE, ROSTER_FILE, SUMMED_FILES, SUMS_FILE, readme,
};

/// The longest line of the log: the record of the largest exposure, in Base64, with room.
const LINE_MAX: u64 = 288 << 20;
/// The longest roster file.
const ROSTER_MAX: u64 = 64 << 20;
/// The longest checkpoint and the longest list of hashes.
const SMALL_MAX: u64 = 64 << 10;
/// Entries between two reports of progress.
const STEP: u64 = 256;

/// What an export was found to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportCheck {
    /// The vault it is of.
    pub vault: VaultId,
    /// The hash of the first roster: to be compared with what was written down when the vault was made.
    pub genesis: Hash,
    /// How many entries hold: all of them.
    pub entries: u64,
    /// How many of them disclose their details.
    pub disclosed: u64,
    /// The root of the tree over them: to be compared with checkpoints seen before.
    pub root: Hash,
    /// Checkpoints that hold.
    pub checkpoints: u64,
    /// Everyone the roster names, in its order.
    pub operators: Vec<String>,
    /// When the first entry was made.
    pub first: Timestamp,
    /// When the last entry was made.
    pub last: Timestamp,
}

/// Why an export is not believed. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A version of the roster that no entry brought.
    #[error("{ROSTER_FILE}: version {version} of the roster was brought by no entry of the log")]
    RosterNotInLog {
        /// The first such version.
        version: u32,
    },
    /// A file is not there.
    #[error("{file} is missing: this is no complete export")]
    Missing {
        /// Which file.
        file: &'static str,
    },
    /// A file cannot be read.
    #[error("{file} cannot be read ({cause})")]
    Io {
        /// Which file.
        file: &'static str,
        /// What the system said.
        cause: io::ErrorKind,
    },
    /// A file is longer than any export's.
    #[error("{file} is longer than any export writes it")]
    TooLong {
        /// Which file.
        file: &'static str,
    },
    /// A line is longer than any export's.
    #[error("{LOG_FILE}, line {line}: longer than any entry")]
    LineTooLong {
        /// Which line.
        line: u64,
    },
    /// A file is not text.
    #[error("{file} is not text in UTF-8")]
    NotText {
        /// Which file.
        file: &'static str,
    },
    /// A later version wrote it.
    #[error("this export has format {found}; this version of keyroom-verify reads format {EXPORT_FORMAT}")]
    Newer {
        /// The export's format.
        found: u32,
    },
    /// The roster is no roster.
    #[error("{ROSTER_FILE} is not a roster as an export writes it")]
    RosterUnreadable,
    /// A version of the roster cannot be read.
    #[error("{ROSTER_FILE}: version {version} is damaged")]
    RosterVersion {
        /// Which version, from 1.
        version: usize,
    },
    /// The chain of rosters does not hold.
    #[error("{ROSTER_FILE}: {0}")]
    Roster(RosterError),
    /// The roster's words are not what its signed versions say.
    #[error("{ROSTER_FILE}: its readable part is not what its signed versions say")]
    RosterWords,
    /// The log has no entries.
    #[error("{LOG_FILE} is empty: entries were removed")]
    Empty,
    /// A line is no entry.
    #[error("{LOG_FILE}, line {line}: not an entry as an export writes it")]
    NotAnEntry {
        /// Which line.
        line: u64,
    },
    /// What is signed cannot be read.
    #[error("{LOG_FILE}, line {line}: {field} is damaged")]
    Field {
        /// Which line.
        line: u64,
        /// Which field.
        field: &'static str,
    },
    /// The rows are not those the leaf names.
    #[error("{LOG_FILE}, line {line}: the changed rows are not those the entry was signed for")]
    OtherDelta {
        /// Which line.
        line: u64,
    },
    /// The details are not those the leaf commits to.
    #[error("{LOG_FILE}, line {line}: the details are not those the entry was signed for")]
    OtherDetails {
        /// Which line.
        line: u64,
    },
    /// An entry does not hold.
    #[error("{LOG_FILE}, line {line}: {damage}")]
    Entry {
        /// Which line.
        line: u64,
        /// What does not hold.
        damage: Damage,
    },
    /// The words are not what was signed.
    #[error("{LOG_FILE}, line {line}: its readable part is not what was signed")]
    Words {
        /// Which line.
        line: u64,
    },
    /// The last line does not end.
    #[error("{LOG_FILE}, line {line}: the file ends in the middle of a line")]
    CutOff {
        /// Which line.
        line: u64,
    },
    /// The checkpoint does not hold.
    #[error("{CHECKPOINT_FILE}: {0}")]
    Checkpoint(NoteError),
    /// The checkpoint is over another number of entries.
    #[error("{CHECKPOINT_FILE} is over {checkpoint} entries, but {LOG_FILE} has {entries}")]
    OtherSize {
        /// Entries under the checkpoint.
        checkpoint: u64,
        /// Entries in the log.
        entries: u64,
    },
    /// The checkpoint has another root.
    #[error("{CHECKPOINT_FILE} has another root than the entries lead to")]
    OtherRoot,
    /// The list of hashes is none.
    #[error("{SUMS_FILE} is not the list of hashes an export writes")]
    Sums,
    /// A file's hash is another.
    #[error("{file} is not the file whose hash is in {SUMS_FILE}")]
    OtherFile {
        /// Which file.
        file: &'static str,
    },
    /// What the export says to people was changed.
    #[error(
        "{README_FILE} does not say what an export of this log says: believe neither its fingerprints nor its advice"
    )]
    OtherWords,
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// Verifies the export in `dir`: the roster's chain, every entry's signature, right, place and state, the checkpoint over
/// all of them, every readable word, and the files' hashes. `progress` is told entries done and, as far as the checkpoint
/// can be believed, entries in all.
///
/// # Errors
/// [`ExportError`] names the file and the line of the first thing that does not hold.
pub fn verify_dir(
    dir: &Path,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<ExportCheck, ExportError> {
    let roster = read_roster(dir)?;
    let note = read_text(dir, CHECKPOINT_FILE, SMALL_MAX)?;
    let expected = note.lines().nth(1).and_then(|line| line.parse().ok()).unwrap_or(0);
    let log = read_log(dir, &roster, &mut |done| progress(done, expected.max(done)))?;
    let vault = roster.current().vault;
    let signer =
        roster.signer(log.roster_version, log.signer).map(|o| VerifyingKey::from_bytes(&o.verify_key));
    let Some(Ok(key)) = signer else { return Err(ExportError::Checkpoint(NoteError::BadSignature)) };
    let checkpoint = Checkpoint::verify(&note, vault, &key).map_err(ExportError::Checkpoint)?;
    if checkpoint.size != log.entries {
        return Err(ExportError::OtherSize { checkpoint: checkpoint.size, entries: log.entries });
    }
    if checkpoint.root != log.root {
        return Err(ExportError::OtherRoot);
    }
    check_sums(dir)?;
    if read_text(dir, README_FILE, SMALL_MAX)? != readme(&ExportedRoster::of(&roster)) {
        return Err(ExportError::OtherWords);
    }
    Ok(ExportCheck {
        vault,
        genesis: roster.genesis(),
        entries: log.entries,
        disclosed: log.disclosed,
        root: log.root,
        checkpoints: 1,
        operators: roster.current().operators.iter().map(|o| o.name.clone()).collect(),
        first: log.first,
        last: log.last,
    })
}

fn read_roster(dir: &Path) -> Result<Roster, ExportError> {
    let text = read_text(dir, ROSTER_FILE, ROSTER_MAX)?;
    let exported: ExportedRoster = serde_json::from_str(&text).map_err(|_| ExportError::RosterUnreadable)?;
    if exported.format != EXPORT_FORMAT {
        return Err(ExportError::Newer { found: exported.format });
    }
    let vault = exported.vault.parse().map_err(|_| ExportError::RosterWords)?;
    let read = |(i, text): (usize, &String)| {
        let bytes = BASE64.decode(text.as_bytes()).ok();
        let version = bytes.and_then(|bytes| SignedRoster::from_bytes(&bytes).ok());
        version.ok_or(ExportError::RosterVersion { version: i + 1 })
    };
    let versions = exported.versions.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    let roster = Roster::verify(vault, versions, None).map_err(ExportError::Roster)?;
    let same = roster_to_json(&ExportedRoster::of(&roster)).is_ok_and(|again| again == text);
    if same { Ok(roster) } else { Err(ExportError::RosterWords) }
}

/// What a walk through the log leaves behind.
struct LogCheck {
    entries: u64,
    disclosed: u64,
    root: Hash,
    first: Timestamp,
    last: Timestamp,
    signer: OperatorId,
    roster_version: u32,
}

fn read_log(
    dir: &Path,
    roster: &Roster,
    progress: &mut dyn FnMut(u64) -> Walk,
) -> Result<LogCheck, ExportError> {
    let mut verifier = Verifier::from_start(roster.current().vault, roster, Depth::Everything);
    let mut reader = BufReader::new(open(dir, LOG_FILE)?);
    let (mut entries, mut disclosed, mut first, mut end) = (0_u64, 0, None, None);
    let mut bytes = Vec::new();
    if progress(0).is_break() {
        return Err(ExportError::Cancelled);
    }
    while read_line(&mut reader, &mut bytes, entries + 1)? {
        let line = entries + 1;
        let record = read_entry(&bytes, line, roster, &mut disclosed, &mut verifier)?;
        let leaf = &record.signed.leaf;
        first.get_or_insert(leaf.time);
        end = Some((leaf.time, leaf.operator, leaf.roster_version));
        entries = line;
        if entries.is_multiple_of(STEP) && progress(entries).is_break() {
            return Err(ExportError::Cancelled);
        }
    }
    let (Some(first), Some((last, signer, roster_version))) = (first, end) else {
        return Err(ExportError::Empty);
    };
    let _ = progress(entries);
    if verifier.roster_version() != roster.current().version {
        return Err(ExportError::RosterNotInLog { version: verifier.roster_version() + 1 });
    }
    let root = verifier.frontier().root();
    Ok(LogCheck { entries, disclosed, root, first, last, signer, roster_version })
}

/// Reads the next line without its line break; `false` at the end of the file.
fn read_line(reader: &mut impl BufRead, bytes: &mut Vec<u8>, line: u64) -> Result<bool, ExportError> {
    bytes.clear();
    let read = reader.by_ref().take(LINE_MAX + 1).read_until(b'\n', bytes);
    let read = read.map_err(|e| ExportError::Io { file: LOG_FILE, cause: e.kind() })?;
    match bytes.pop() {
        None => Ok(false),
        Some(b'\n') => Ok(true),
        Some(_) if read as u64 > LINE_MAX => Err(ExportError::LineTooLong { line }),
        Some(_) => Err(ExportError::CutOff { line }),
    }
}

fn read_entry(
    bytes: &[u8],
    line: u64,
    roster: &Roster,
    disclosed: &mut u64,
    verifier: &mut Verifier<'_>,
) -> Result<Record, ExportError> {
    let entry: ExportedEntry = serde_json::from_slice(bytes).map_err(|_| ExportError::NotAnEntry { line })?;
    let damaged = |field| ExportError::Field { line, field };
    let decode = |field, text: &str| BASE64.decode(text.as_bytes()).map_err(|_| damaged(field));
    let signed = SignedLeaf::from_bytes(&decode("leaf", &entry.leaf)?).map_err(|_| damaged("leaf"))?;
    let delta = Delta::decode(&decode("delta", &entry.delta)?).map_err(|_| damaged("delta"))?;
    let hash = HEXLOWER.decode(entry.hash.as_bytes()).ok().and_then(|hash| Hash::try_from(hash).ok());
    let hash = hash.ok_or_else(|| damaged("hash"))?;
    if delta.hash() != signed.leaf.delta {
        return Err(ExportError::OtherDelta { line });
    }
    let (salt, details, shown) = match (&entry.salt, &entry.details) {
        (Some(salt), Some(details)) => {
            let salt = decode("salt", salt)?.try_into().map_err(|_| damaged("salt"))?;
            let details = decode("details", details)?;
            if Details::commitment(&salt, &details) != signed.leaf.details {
                return Err(ExportError::OtherDetails { line });
            }
            (salt, details, true)
        }
        (None, None) => ([0; 32], Vec::new(), false),
        _ => return Err(ExportError::OtherDetails { line }),
    };
    let record = Record { signed, salt, details, delta };
    verifier.next(&record, &hash).map_err(|damage| ExportError::Entry { line, damage })?;
    let again = ExportedEntry::of(&record, roster, shown).and_then(|entry| entry_to_json(&entry).ok());
    if again.is_none_or(|again| again.as_bytes() != bytes) {
        return Err(ExportError::Words { line });
    }
    *disclosed += u64::from(shown);
    Ok(record)
}

fn check_sums(dir: &Path) -> Result<(), ExportError> {
    let sums = read_text(dir, SUMS_FILE, SMALL_MAX)?;
    if !sums.ends_with('\n') || sums.lines().count() != SUMMED_FILES.len() {
        return Err(ExportError::Sums);
    }
    for (line, file) in sums.lines().zip(SUMMED_FILES) {
        let sum = line.strip_suffix(file).and_then(|sum| sum.strip_suffix("  ")).ok_or(ExportError::Sums)?;
        if sum != HEXLOWER.encode(&hash_of(dir, file)?) {
            return Err(ExportError::OtherFile { file });
        }
    }
    Ok(())
}

fn hash_of(dir: &Path, file: &'static str) -> Result<Hash, ExportError> {
    let (mut source, mut hasher) = (open(dir, file)?, Hasher::new());
    let mut buffer = vec![0; 1 << 16];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(n) => hasher.update(&buffer[..n]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ExportError::Io { file, cause: error.kind() }),
        }
    }
}

fn open(dir: &Path, file: &'static str) -> Result<File, ExportError> {
    File::open(dir.join(file)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ExportError::Missing { file },
        cause => ExportError::Io { file, cause },
    })
}

fn read_text(dir: &Path, file: &'static str, max: u64) -> Result<String, ExportError> {
    let mut bytes = Vec::new();
    let read = open(dir, file)?.take(max + 1).read_to_end(&mut bytes);
    read.map_err(|error| ExportError::Io { file, cause: error.kind() })?;
    if bytes.len() as u64 > max {
        return Err(ExportError::TooLong { file });
    }
    String::from_utf8(bytes).map_err(|_| ExportError::NotText { file })
}
