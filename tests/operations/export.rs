//! The exported log: it verifies on its own, and nothing in it can be changed, left out or put in unseen.

use std::path::{Path, PathBuf};

use keyroom::app::platform::files::NewFile;
use keyroom::audit::export::*;
use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::sha256;
use keyroom::model::{Action, KeyId, Object, Outcome, Role, Severity};
use keyroom::operations::*;
use keyroom::store::Walk;
use keyroom::vault::{Vault, VaultError};

use crate::bench::*;

/// A vault whose log has a bit of everything: two operators, a refusal, a new roster, keys that were replaced.
fn busy(bench: &Bench) -> Vault {
    let mut vault = bench.create();
    let id = add(&mut vault, "payments-db", "some value");
    vault.perform(Reveal { key: id, version: None, reason: "incident 12".into() }).unwrap();
    vault.perform(Suspend { key: id, reason: String::new(), review_by: None }).unwrap_err();
    let (name, role, params) = ("s.okafor".to_owned(), Role::Auditor, KdfParams::FLOOR);
    let password = strong(PASSWORD);
    vault.perform(EnrolOperator { name, role, password, params, compartments: Vec::new() }).unwrap();
    let mut auditor = bench.unlock("s.okafor", PASSWORD).unwrap();
    auditor.perform(Suspend { key: id, reason: "x".into(), review_by: None }).unwrap_err();
    let new = strong("copper violin thunder sail maple quartz");
    password_exposed(&mut vault, &buf(PASSWORD), &new, KdfParams::FLOOR, "laptop stolen", &mut go_on)
        .unwrap();
    vault
}

fn check_dir(dir: &Path) -> Result<ExportCheck, ExportError> {
    verify_dir(dir, &mut go_on)
}

/// Writes the list of hashes anew, as a forger would.
fn sum_again(dir: &Path) {
    let line = |file: &str| {
        let sum = data_encoding::HEXLOWER.encode(&sha256(&[&std::fs::read(dir.join(file)).unwrap()]));
        format!("{sum}  {file}\n")
    };
    let sums: String = SUMMED_FILES.into_iter().map(line).collect();
    std::fs::write(dir.join(SUMS_FILE), sums).unwrap();
}

struct Exported {
    dir: PathBuf,
    log: Vec<String>,
    _bench: Bench,
}

impl Exported {
    fn new(disclose: bool) -> Self {
        let bench = Bench::new();
        let mut vault = busy(&bench);
        let dir = bench.dir.path().join("export");
        export_log(&mut vault, &dir, disclose).unwrap();
        let log = std::fs::read_to_string(dir.join(LOG_FILE)).unwrap();
        Self { dir, log: log.lines().map(|line| format!("{line}\n")).collect(), _bench: bench }
    }

    /// What verification says to other lines, with the list of hashes written anew.
    fn with_log(&self, lines: &[String]) -> Result<ExportCheck, ExportError> {
        self.with(LOG_FILE, lines.concat().as_bytes())
    }

    fn with(&self, file: &str, bytes: &[u8]) -> Result<ExportCheck, ExportError> {
        let path = self.dir.join(file);
        let original = std::fs::read(&path).unwrap();
        std::fs::write(&path, bytes).unwrap();
        if file != SUMS_FILE {
            sum_again(&self.dir);
        }
        let result = check_dir(&self.dir);
        std::fs::write(&path, original).unwrap();
        sum_again(&self.dir);
        result
    }
}

#[test]
fn an_export_verifies_without_the_vault_and_its_last_entry_is_itself() {
    let bench = Bench::new();
    let mut vault = busy(&bench);
    let dir = bench.dir.path().join("export");
    let report = export_log(&mut vault, &dir, true).unwrap();
    let names: Vec<_> = report.files.iter().map(|f| f.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, [LOG_FILE, CHECKPOINT_FILE, ROSTER_FILE, README_FILE, SUMS_FILE]);
    let (view, event) = (vault.view(), last_event(&mut vault));
    assert_eq!((event.action, event.outcome), (Action::AuditExport, Outcome::Done));
    drop(vault);
    std::fs::remove_file(&bench.path).unwrap();
    let mut reported = (0, 0);
    let found = verify_dir(&dir, &mut |done, all| {
        reported = (done, all);
        Walk::Continue(())
    })
    .unwrap();
    assert_eq!((found.entries, found.root), (view.log_size, view.log_root));
    assert_eq!(reported, (view.log_size, view.log_size));
    assert_eq!((found.vault, found.genesis), (view.vault, view.roster.genesis()));
    assert_eq!((found.disclosed, found.checkpoints), (found.entries, 1));
    assert_eq!(found.operators, ["m.ito", "s.okafor"]);
    assert_eq!((found.first, found.last), (START, START));
    let log = std::fs::read_to_string(dir.join(LOG_FILE)).unwrap();
    let last: ExportedEntry = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!((last.seq + 1, last.action.as_str()), (report.entries, "audit.export"));
    let revealed = log.lines().find(|line| line.contains("secret.reveal")).unwrap();
    let revealed: ExportedEntry = serde_json::from_str(revealed).unwrap();
    let told = revealed.event.unwrap();
    assert_eq!((told.object.as_str(), told.reason.as_str()), ("payments-db v1", "incident 12"));
    let readme = std::fs::read_to_string(dir.join(README_FILE)).unwrap();
    assert!(readme.contains("keyroom-verify") && readme.contains(&view.vault.to_string()));
}

#[test]
fn withheld_details_are_not_in_the_export_and_it_verifies_all_the_same() {
    let exported = Exported::new(false);
    let found = check_dir(&exported.dir).unwrap();
    assert_eq!((found.disclosed, found.entries), (0, exported.log.len() as u64));
    for word in ["payments-db", "incident 12", "laptop stolen", "ws-14", "mito"] {
        for line in &exported.log {
            assert!(!line.contains(word), "{word}: {line}");
        }
    }
    assert!(exported.log.concat().contains("m.ito"));
}

#[test]
fn no_byte_of_any_file_can_change_unseen_even_if_the_hashes_are_written_anew() {
    let exported = Exported::new(true);
    let mut tried = 0;
    for file in [LOG_FILE, CHECKPOINT_FILE, ROSTER_FILE, README_FILE, SUMS_FILE] {
        let bytes = std::fs::read(exported.dir.join(file)).unwrap();
        let step = (bytes.len() / 80).max(1);
        for at in (0..bytes.len()).step_by(step).chain([bytes.len() - 1]) {
            let mut changed = bytes.clone();
            changed[at] ^= if tried % 2 == 0 { 1 } else { 0x20 };
            let result = exported.with(file, &changed);
            assert!(result.is_err(), "{file}, byte {at}: {result:?}");
            tried += 1;
        }
    }
    assert!(tried > 300);
    // A person compares the fingerprint that it names.
    let readme = std::fs::read_to_string(exported.dir.join(README_FILE)).unwrap();
    let genesis = data_encoding::HEXLOWER.encode(&check_dir(&exported.dir).unwrap().genesis);
    assert!(readme.contains(&genesis));
    let forged = readme.replace(&genesis, &"0".repeat(genesis.len()));
    assert_eq!(exported.with(README_FILE, forged.as_bytes()), Err(ExportError::OtherWords));
}

#[test]
fn entries_cannot_be_dropped_moved_repeated_or_cut() {
    let exported = Exported::new(true);
    let log = &exported.log;
    let last = log.len() - 1;
    let without = |n: usize| [&log[..n], &log[n + 1..]].concat();
    let at = |result| match result {
        Err(ExportError::Entry { line, .. }) => line,
        other => panic!("{other:?}"),
    };
    assert_eq!(at(exported.with_log(&without(0))), 1);
    assert_eq!(at(exported.with_log(&without(4))), 5);
    // Without its last entry the log ends with one of another signer's, or is short.
    let short = exported.with_log(&without(last)).unwrap_err();
    assert!(matches!(short, ExportError::OtherSize { .. } | ExportError::Checkpoint(_)), "{short}");
    let mut swapped = log.clone();
    swapped.swap(2, 3);
    assert_eq!(at(exported.with_log(&swapped)), 3);
    let mut doubled = log.clone();
    doubled.insert(3, log[2].clone());
    assert_eq!(at(exported.with_log(&doubled)), 4);
    let mut cut = log.clone();
    cut[last].pop();
    assert_eq!(exported.with_log(&cut), Err(ExportError::CutOff { line: last as u64 + 1 }));
    let mut blank = log.clone();
    blank.push("\n".into());
    assert_eq!(exported.with_log(&blank), Err(ExportError::NotAnEntry { line: last as u64 + 2 }));
    assert_eq!(exported.with_log(&[]), Err(ExportError::Empty));
    assert_eq!(exported.with(LOG_FILE, b"\xFF\n"), Err(ExportError::NotAnEntry { line: 1 }));
}

#[test]
fn readable_words_and_disclosed_details_are_those_that_were_signed() {
    let exported = Exported::new(true);
    let at = exported.log.iter().position(|line| line.contains("incident 12")).unwrap();
    let with = |change: &dyn Fn(&mut ExportedEntry)| {
        let mut entry: ExportedEntry = serde_json::from_str(&exported.log[at]).unwrap();
        change(&mut entry);
        let mut log = exported.log.clone();
        log[at] = entry_to_json(&entry).unwrap() + "\n";
        exported.with_log(&log).unwrap_err()
    };
    let line = at as u64 + 1;
    let words = ExportError::Words { line };
    assert_eq!(with(&|e| e.operator = "s.okafor".into()), words);
    assert_eq!(with(&|e| e.action = "secret.hide".into()), words);
    assert_eq!(with(&|e| e.time = "2026-01-01T00:00:00.000Z".into()), words);
    assert_eq!(with(&|e| e.seq += 1), words);
    assert_eq!(with(&|e| e.event.as_mut().unwrap().reason = "nothing".into()), words);
    assert_eq!(with(&|e| e.event = None), words);
    assert_eq!(with(&|e| e.salt = None), ExportError::OtherDetails { line });
    let other: ExportedEntry = serde_json::from_str(&exported.log[at - 1]).unwrap();
    assert_eq!(with(&|e| e.details.clone_from(&other.details)), ExportError::OtherDetails { line });
    assert_eq!(with(&|e| e.delta.clone_from(&other.delta)), ExportError::OtherDelta { line });
    let moved = with(&|e| *e = other.clone());
    assert!(matches!(moved, ExportError::Entry { .. }), "{moved}");
}

#[test]
fn files_of_another_vault_missing_files_and_later_formats_are_named() {
    let (exported, other) = (Exported::new(true), Exported::new(true));
    for file in [LOG_FILE, CHECKPOINT_FILE, ROSTER_FILE] {
        let foreign = std::fs::read(other.dir.join(file)).unwrap();
        assert!(exported.with(file, &foreign).is_err(), "{file}");
    }
    let roster = std::fs::read_to_string(exported.dir.join(ROSTER_FILE)).unwrap();
    let newer = roster.replace("\"format\": 1", "\"format\": 2");
    assert_eq!(exported.with(ROSTER_FILE, newer.as_bytes()), Err(ExportError::Newer { found: 2 }));
    let promoted = roster.replace("\"auditor\"", "\"administrator\"");
    assert_eq!(exported.with(ROSTER_FILE, promoted.as_bytes()), Err(ExportError::RosterWords));
    assert_eq!(exported.with(ROSTER_FILE, b"{}"), Err(ExportError::RosterUnreadable));
    assert_eq!(exported.with(SUMS_FILE, b""), Err(ExportError::Sums));
    check_dir(&exported.dir).unwrap();
    for file in [README_FILE, CHECKPOINT_FILE, LOG_FILE, ROSTER_FILE, SUMS_FILE] {
        let (path, aside) = (exported.dir.join(file), exported.dir.join("aside"));
        std::fs::rename(&path, &aside).unwrap();
        assert_eq!(check_dir(&exported.dir), Err(ExportError::Missing { file }));
        std::fs::rename(&aside, &path).unwrap();
    }
    let stop = verify_dir(&exported.dir, &mut |_, _| Walk::Break(()));
    assert_eq!(stop, Err(ExportError::Cancelled));
}

#[test]
fn an_export_goes_into_an_empty_folder_only_and_a_failure_is_recorded_and_leaves_nothing() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let dir = bench.dir.path().join("export");
    std::fs::create_dir(&dir).unwrap();
    export_log(&mut vault, &dir, true).unwrap();
    let refused = export_log(&mut vault, &dir, true);
    assert_eq!(refused, Err(VaultError::Export(WriteError::NotEmpty)));
    let event = last_event(&mut vault);
    assert_eq!((event.action, event.outcome), (Action::AuditExport, Outcome::Failed));
    check_dir(&dir).unwrap();
    let nowhere = bench.dir.path().join("no").join("such").join("folder");
    let failed = export_log(&mut vault, &nowhere, true);
    assert!(matches!(failed, Err(VaultError::Export(WriteError::Io { .. }))), "{failed:?}");
    assert!(!nowhere.exists());
}

fn write_list(vault: &mut Vault, keys: &[KeyId], path: &Path) -> Result<PathBuf, VaultError> {
    let list = ExportList { keys, to: "keys.csv" };
    export_list(vault, list, || NewFile::create(path), |file, text| file.write(text.as_bytes()))
}

#[test]
fn a_list_of_keys_is_recorded_with_its_file_and_their_names_before_it_is_written() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let keys = [add(&mut vault, "web-tls", "a value of it"), add(&mut vault, "payments-db", "another value")];
    let path = bench.dir.path().join("keys.csv");
    assert_eq!(write_list(&mut vault, &keys, &path), Ok(path.clone()));
    let text = std::fs::read_to_string(&path).unwrap();
    let names: Vec<_> = text.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(names, ["web-tls", "payments-db"], "the order that was asked for");
    assert!(!text.contains("a value of it"));
    let event = last_event(&mut vault);
    assert_eq!((event.action, event.outcome), (Action::KeyExportList, Outcome::Done));
    assert_eq!((event.object, event.severity), (Object::Keys { count: 2 }, Severity::Notice));
    let changes: Vec<_> = event.changes.iter().map(|c| (c.field.as_str(), c.after.as_str())).collect();
    assert_eq!(changes, [("file", "keys.csv"), ("key", "web-tls"), ("key", "payments-db")]);
    // When the file is filled, the entry is there already.
    let size = vault.view().log_size;
    let list = ExportList { keys: &keys, to: "keys.csv" };
    let mut filled = false;
    export_list(
        &mut vault,
        list,
        || Ok(()),
        |(), text| {
            filled = !text.is_empty();
            Ok(())
        },
    )
    .unwrap();
    assert!(filled && vault.view().log_size == size + 1);
}

#[test]
fn a_list_that_could_not_be_written_is_recorded_as_failed_and_one_of_unknown_keys_as_refused() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let key = add(&mut vault, "payments-db", "a value");
    let path = bench.dir.path().join("keys.csv");
    std::fs::write(&path, "somebody's").unwrap();
    let taken = write_list(&mut vault, &[key], &path).unwrap_err();
    assert!(taken.to_string().contains("exists already"), "{taken}");
    let event = last_event(&mut vault);
    assert_eq!(
        (event.action, event.outcome, event.reason),
        (Action::KeyExportList, Outcome::Failed, taken.to_string())
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "somebody's");
    let full = VaultError::Workstation("the disk is full".into());
    let list = ExportList { keys: &[key], to: "keys.csv" };
    let failed = export_list(&mut vault, list, || Ok(()), |(), _| Err::<(), _>(full.clone()));
    assert_eq!(failed, Err(full));
    let events = vault.last_events(2).unwrap();
    let outcomes: Vec<_> = events.iter().map(|event| (event.action, event.outcome)).collect();
    assert_eq!(outcomes, [(Action::KeyExportList, Outcome::Done), (Action::KeyExportList, Outcome::Failed)]);
    let fresh = bench.dir.path().join("fresh.csv");
    let unknown = write_list(&mut vault, &[key, KeyId([9; 16])], &fresh).unwrap_err();
    assert!(matches!(unknown, VaultError::NoSuchKey(_)), "{unknown}");
    assert_eq!(last_event(&mut vault).outcome, Outcome::Refused);
    assert!(!fresh.exists());
}
