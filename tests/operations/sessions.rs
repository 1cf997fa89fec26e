//! The two ends of a session where they cannot be recorded: one that cannot be begun, an acceptance that is not made, and a
//! lock that happens all the same and loses no draft.

use keyroom::model::{Action, DraftId};
use keyroom::operations::open_vault;
use keyroom::store::StoreError;
use keyroom::store::sqlite::SqliteStore;
use keyroom::vault::{Draft, Returned, Vault, VaultError, VaultFile};

use crate::bench::*;
use crate::faulty::{Fault, FaultyStore, Wrong};

const TYPED: &str = "half a sentence that was typed";

fn draft(n: u8, content: &str) -> Draft {
    Draft { id: DraftId([n; 16]), content: buf(content) }
}

fn contents(vault: &mut Vault, unsaved: &[keyroom::store::Row]) -> Vec<(u8, String)> {
    let drafts = vault.drafts(unsaved).drafts;
    let told = |d: Draft| (d.id.0[0], String::from_utf8(d.content.as_bytes().to_vec()).unwrap());
    drafts.into_iter().map(told).collect()
}

#[test]
fn a_draft_that_could_not_be_stored_is_there_at_the_next_unlock_and_what_was_given_up_since_is_not() {
    let bench = Bench::new();
    let (vault, fault) = bench.create_faulty();
    // Stored by an earlier lock, and given up in the session after it.
    let (recorded, unsaved) = vault.lock("by-hand", &[draft(1, "given up")]);
    assert_eq!((recorded, unsaved.len()), (Ok(()), 0));
    let mut vault = bench.unlock_faulty("m.ito", PASSWORD, &fault).unwrap();
    assert_eq!(contents(&mut vault, &[]), [(1, "given up".to_owned())]);
    for wrong in Wrong::ALL {
        let file = std::fs::read(&bench.path).unwrap();
        fault.set(Some(wrong));
        let (recorded, unsaved) = vault.lock("idle-5min", &[draft(2, TYPED)]);
        fault.set(None);
        let expected = VaultError::NotRecorded { action: Action::SessionLock, cause: wrong.error() };
        assert_eq!((recorded, unsaved.len()), (Err(expected), 1));
        assert!(std::fs::read(&bench.path).unwrap() == file, "the file changed");
        assert!(!holds(&unsaved[0].data, TYPED.as_bytes()), "it is not sealed");
        vault = bench.unlock_faulty("m.ito", PASSWORD, &fault).unwrap();
        assert_eq!(contents(&mut vault, &unsaved), [(2, TYPED.to_owned())], "{wrong:?}");
    }
    // The next lock stores it, and the one given up is gone for good.
    let (recorded, _) = vault.lock("by-hand", &[draft(2, TYPED)]);
    assert_eq!(recorded, Ok(()));
    let mut vault = bench.unlock("m.ito", PASSWORD).unwrap();
    assert_eq!(contents(&mut vault, &[]), [(2, TYPED.to_owned())]);
}

#[test]
fn drafts_that_cannot_be_read_are_told_and_stay_and_what_the_program_kept_comes_back_all_the_same() {
    let bench = Bench::new();
    let (vault, fault) = bench.create_faulty();
    vault.lock("by-hand", &[draft(1, "stored before")]).0.unwrap();
    let vault = bench.unlock_faulty("m.ito", PASSWORD, &fault).unwrap();
    fault.set(Some(Wrong::Full));
    let (recorded, unsaved) = vault.lock("by-hand", &[draft(2, TYPED)]);
    assert!(recorded.is_err());
    fault.set(None);
    let mut vault = bench.unlock_faulty("m.ito", PASSWORD, &fault).unwrap();
    fault.set(Some(Wrong::Away));
    let Returned { drafts, lost, unread } = vault.drafts(&unsaved);
    fault.set(None);
    assert_eq!(drafts.iter().map(|d| d.content.as_bytes()).collect::<Vec<_>>(), [TYPED.as_bytes()]);
    assert_eq!((lost, unread), (vec![], Some(VaultError::Store(Wrong::Away.error()))));
    vault.lock("by-hand", &[draft(2, TYPED)]).0.unwrap();
    let mut vault = bench.unlock("m.ito", PASSWORD).unwrap();
    let both = [(1, "stored before".to_owned()), (2, TYPED.to_owned())];
    assert_eq!(contents(&mut vault, &[]), both);
}

#[test]
fn a_copy_is_not_accepted_where_that_cannot_be_recorded_and_what_this_computer_remembers_stays() {
    let bench = Bench::new();
    let vault = bench.create();
    let id = vault.view().vault;
    drop(vault);
    let older = std::fs::read(&bench.path).unwrap();
    let mut vault = bench.unlock("m.ito", PASSWORD).unwrap();
    add(&mut vault, "db", "the first value");
    drop(vault);
    let remembered = bench.anchor.peek(id);
    std::fs::write(&bench.path, &older).unwrap();

    let fault = Fault::default();
    let (password, reason) = (buf(PASSWORD), "the disk failed on Monday");
    let accept = |reason: Option<&str>| {
        let store = FaultyStore { inner: SqliteStore::open(&bench.path).unwrap(), fault: fault.clone() };
        let file = VaultFile::read(Box::new(store)).unwrap();
        let unlocked = match reason {
            Some(reason) => keyroom::operations::accept_restored(file, bench.env(), &password, None, reason),
            None => keyroom::operations::unlock(file, bench.env(), &password, None),
        };
        unlocked.map_err(|(_, error)| error)
    };
    assert_eq!(
        accept(Some(" \n")).map(|_| ()),
        Err(VaultError::ReasonNeeded),
        "the password was not even tried"
    );
    assert!(matches!(accept(None), Err(VaultError::RolledBack { .. })));
    for wrong in Wrong::ALL {
        fault.set(Some(wrong));
        let expected = VaultError::NotRecorded { action: Action::VaultAcceptRestored, cause: wrong.error() };
        assert_eq!(accept(Some(reason)).map(|_| ()), Err(expected));
    }
    fault.set(None);
    assert!(std::fs::read(&bench.path).unwrap() == older, "the file changed");
    assert_eq!(bench.anchor.peek(id), remembered);

    let mut vault = accept(Some(reason)).unwrap();
    let events = vault.last_events(2).unwrap();
    assert_eq!([events[0].action, events[1].action], [Action::VaultAcceptRestored, Action::SessionUnlock]);
    assert!(events[0].reason.starts_with(reason), "{}", events[0].reason);
    assert_ne!(bench.anchor.peek(id), remembered);
}

#[test]
fn a_file_another_program_holds_is_busy_when_it_is_opened_and_whole_when_it_is_let_go() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let other = rusqlite::Connection::open(&bench.path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(open_vault(&bench.path).map(|_| ()), Err(VaultError::Store(StoreError::Busy)));
    let draft = keyroom::operations::KeyDraft::new("db", keyroom::model::KeyType::Password);
    let value = keyroom::operations::NewValue::Entered(buf("the first value"));
    let create = keyroom::operations::CreateKey { draft, value, activate: true };
    let busy = VaultError::NotRecorded { action: Action::KeyCreate, cause: StoreError::Busy };
    assert_eq!(vault.perform(create).map(|_| ()), Err(busy));
    assert!(vault.view().keys.all().is_empty());
    drop(other);
    add(&mut vault, "db", "the first value");
    drop(vault);
    assert_eq!(bench.unlock("m.ito", PASSWORD).unwrap().view().keys.all().len(), 1);
}

#[test]
fn a_suite_nobody_knows_is_named_and_not_taken_for_damage_of_something_else() {
    let bench = Bench::new();
    drop(bench.create());
    let connection = rusqlite::Connection::open(&bench.path).unwrap();
    let mut data: Vec<u8> = connection.query_row("SELECT data FROM header", [], |row| row.get(0)).unwrap();
    assert_eq!(data[..12], [0, 0, 0, 2, 0, 1, 0, 0, 0, 2, 0, 1], "format 1, suite 1");
    data[10..12].copy_from_slice(&0x0203_u16.to_be_bytes());
    connection.execute("UPDATE header SET data = ?1", [&data]).unwrap();
    assert_eq!(open_vault(&bench.path).map(|_| ()), Err(VaultError::UnknownSuite(0x0203)));
    // The suite's number decides first: what a later format means by the rest is not ours to judge.
    data[4..6].copy_from_slice(&9_u16.to_be_bytes());
    connection.execute("UPDATE header SET data = ?1", [&data]).unwrap();
    assert_eq!(open_vault(&bench.path).map(|_| ()), Err(VaultError::UnknownSuite(0x0203)));
    data[10..12].copy_from_slice(&1_u16.to_be_bytes());
    connection.execute("UPDATE header SET data = ?1", [&data]).unwrap();
    let other_format = open_vault(&bench.path).map(|_| ()).unwrap_err();
    assert!(other_format.to_string().contains("names another format than its file"), "{other_format}");
}
