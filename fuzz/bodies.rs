//! What every reader of bytes from outside must hold to, whatever the bytes. Each body reads `data` as its reader does and
//! checks what came out; it panics where that is not as it must be. Shared by the fuzzer's targets and by `tests/fuzz.rs`.

use std::fs;
use std::path::Path;

use keyroom::audit::checkpoint::Checkpoint;
use keyroom::audit::export::{ExportCheck, SUMMED_FILES, SUMS_FILE, verify_dir};
use keyroom::audit::leaf::{Delta, Details, Record, SignedLeaf};
use keyroom::audit::query;
use keyroom::audit::roster::{Roster, SignedRoster};
use keyroom::crypto::memory::{SecretBuf, SecretKey};
use keyroom::crypto::sign::SigningKey;
use keyroom::formats::{self, csv_import};
use keyroom::model::key::SECRET_MAX;
use keyroom::model::query_text::{self, QueryError};
use keyroom::model::{KeyType, Timestamp, VaultId, search, text};
use keyroom::operations;
use keyroom::store::Walk;

/// The moment queries are read at.
const NOW: Timestamp = Timestamp(1_775_000_000_000);

/// A whole vault file, up to the password.
pub fn vault_file(data: &[u8]) {
    let dir = folder();
    let path = dir.path().join("fuzzed.keyroom");
    fs::write(&path, data).unwrap();
    if let Ok(mut file) = operations::open_vault(&path) {
        assert!(file.operators() > 0, "a vault that nobody can open was taken for one");
        let _ = (file.vault(), file.params(), file.needs_name(), file.failed_attempts());
        drop(file);
    }
    // Only SQLite may write before the password, and only to bring back what a journal beside the file holds: there is none.
    assert!(fs::read(&path).unwrap() == data, "reading it changed the file");
}

/// An opened entry of the log, and each of its parts.
pub fn log_record(data: &[u8]) {
    if let Ok(record) = Record::decode(data) {
        assert_eq!(record.encode(), data);
        let _ = record.event();
    }
    if let Ok(leaf) = SignedLeaf::from_bytes(data) {
        assert_eq!(leaf.bytes(), data);
    }
    if let Ok(delta) = Delta::decode(data) {
        assert_eq!(delta.encode(), data);
    }
    if let Ok(details) = Details::decode(data) {
        assert_eq!(Details::decode(&details.encode().unwrap()).unwrap(), details);
    }
}

/// A roster as it is signed.
pub fn roster(data: &[u8]) {
    let Ok(signed) = SignedRoster::from_bytes(data) else { return };
    assert_eq!(signed.bytes(), data);
    let (vault, hash) = (signed.vault, signed.hash());
    if let Ok(chain) = Roster::verify(vault, vec![signed.clone()], Some(&hash)) {
        assert_eq!((chain.genesis(), chain.current().version), (hash, 1));
        assert!(chain.signer(1, signed.signed_by).is_some());
    }
    assert!(
        Roster::verify(vault, vec![signed], Some(&[0; 32])).is_err(),
        "a chain from another genesis was believed"
    );
}

/// The one checkpoint that `checkpoint` believes.
#[must_use]
pub fn genuine() -> (Checkpoint, SigningKey) {
    let checkpoint = Checkpoint { vault: VaultId([7; 16]), size: 1_004_331, root: [0x9f; 32] };
    (checkpoint, SigningKey::from_seed(&SecretKey::from_bytes(&[5; 32])))
}

/// A signed note.
pub fn checkpoint(data: &[u8]) {
    let Ok(note) = std::str::from_utf8(data) else { return };
    let (genuine, key) = genuine();
    if let Ok(read) = Checkpoint::verify(note, genuine.vault, &key.public()) {
        assert_eq!(read, genuine, "a note that was not signed was believed");
    }
}

/// A filter of the Keys and the Audit page.
pub fn query(data: &[u8]) {
    let Ok(words) = std::str::from_utf8(data) else { return };
    let problem = |error: QueryError| {
        assert!(words.is_char_boundary(error.position) && error.position <= words.len());
        assert!(error.character <= words.chars().count() + 1);
        assert!(!error.sentence().is_empty());
        assert!(error.suggestion.is_none() || error.corrected(words).is_some(), "{error:?}");
    };
    match search::parse(words, NOW) {
        Ok(query) => chips(words, query.chips().len(), |left| search::parse(left, NOW).is_ok()),
        Err(error) => problem(error),
    }
    match query::parse(words, NOW) {
        Ok(query) => chips(words, query.chips().len(), |left| query::parse(left, NOW).is_ok()),
        Err(error) => problem(error),
    }
    let mut end = 0;
    for token in query_text::highlight(words) {
        assert!(end <= token.range.start && token.range.start < token.range.end);
        assert!(words.get(end..token.range.start).is_some_and(|between| between.trim().is_empty()));
        end = token.range.end;
    }
    assert!(words.get(end..).is_some_and(|rest| rest.trim().is_empty()));
    for at in 0..=words.len() {
        let _ = query_text::caret(words, at);
    }
}

/// Any one of a query's chips can be taken away, and what is left is a query.
fn chips(words: &str, count: usize, is_query: impl Fn(&str) -> bool) {
    for index in 0..count {
        let left = query_text::without_clause(words, index);
        assert!(is_query(&left), "without clause {index}, {words:?} is {left:?}, which is no query");
    }
}

/// A CSV file of keys.
pub fn import(data: &[u8]) {
    let read = match csv_import::parse(&SecretBuf::from_slice(data)) {
        Ok(read) => read,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert!(
        read.rows.is_sorted_by(|a, b| a.line < b.line),
        "two rows begin on one line, or they are out of order"
    );
    for row in read.rows {
        match row.result {
            Ok(key) => {
                assert_eq!(text::name("name", &key.name).as_deref(), Ok(key.name.as_str()));
                assert!((1..=SECRET_MAX).contains(&key.secret.len()));
                assert!(formats::of(key.key_type).check(&key.secret).is_ok());
            }
            Err(problem) => assert!(!problem.to_string().is_empty()),
        }
    }
}

/// A value of any type.
pub fn value(data: &[u8]) {
    let entered = SecretBuf::from_slice(data);
    let _ = formats::recognise(&entered);
    for key_type in KeyType::ALL {
        let format = formats::of(key_type);
        let Ok(normalised) = format.normalise(&entered) else { continue };
        let value = normalised.value;
        let words = format.describe(&value).text;
        assert!(!words.is_empty());
        if format.check(&value).is_err() {
            continue;
        }
        let again = format.normalise(&value).map(|n| n.value);
        // Key bytes are stored raw, and raw bytes may happen to read as the hex of others.
        if !key_type.is_binary() {
            assert!(
                again.is_ok_and(|again| again.as_bytes() == value.as_bytes()),
                "{key_type:?} normalises twice"
            );
        }
        let shown = value.as_str().filter(|secret| secret.len() >= 12 && words.contains(*secret));
        assert!(shown.is_none(), "the description of a {key_type:?} holds its value");
    }
}

/// An exported log: its files, each ended by a zero byte. What `keyroom-verify` says of it, `None` where it refuses.
pub fn export(data: &[u8]) -> Option<ExportCheck> {
    let dir = folder();
    let mut files = data.split(|byte| *byte == 0);
    for name in SUMMED_FILES.into_iter().chain([SUMS_FILE]) {
        fs::write(dir.path().join(name), files.next().unwrap_or_default()).unwrap();
    }
    verify_dir(dir.path(), &mut |_, _| Walk::Continue(())).ok()
}

/// A folder in memory where the system has a place for files there.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}
