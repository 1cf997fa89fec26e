//! What goes wrong beside the vault: a file that is held, a copy that was put in its place, a lock that cannot be stored. The
//! window says so, nothing is lost, and what comes after it works.

use super::jobs::{answers, at_once, file, long, rows_waiting, unlock, until_verified};
use super::*;
use crate::model::search::{Sort, parse};

/// The file of the bench, held by another program until this is dropped.
fn held(bench: &Bench, how: &str) -> rusqlite::Connection {
    let other = rusqlite::Connection::open(&bench.path).unwrap();
    other.execute_batch(how).unwrap();
    other
}

#[test]
fn a_vault_whose_lock_was_not_stored_stays_until_that_is_said_and_its_edit_comes_back_when_it_is_opened_again()
 {
    let bench = Bench::new();
    let elsewhere = bench.path.with_file_name("elsewhere.keyroom");
    std::fs::write(&elsewhere, file()).unwrap();
    bench.keep(b"half an edit");
    let file = held(&bench, "BEGIN IMMEDIATE");
    bench.app.send(Command::Open(elsewhere.clone()));
    let locked = bench.until_locked();
    assert!(locked.lock_error.is_some() && locked.unsaved, "{:?}", locked.lock_error);
    assert_eq!(locked.path, bench.path, "what has to be said is said first");
    drop(file);
    bench.app.send(Command::Open(elsewhere.clone()));
    let there = |path: PathBuf| {
        bench.until(move |s| match &s.phase {
            Phase::Locked(view) if view.path == path => Some(view.unsaved),
            _ => None,
        })
    };
    assert!(!there(elsewhere), "that is another vault");
    bench.app.send(Command::Open(bench.path.clone()));
    assert!(there(bench.path.clone()));
    bench.unlock();
    assert_eq!(bench.returned(), [b"half an edit"]);
}

#[test]
fn a_cancel_ends_what_it_was_meant_for_and_not_the_verification_beside_it() {
    let bench = long();
    bench.app.send(unlock());
    until_verified(&bench);
    rows_waiting(&bench, 40);
    let (verify, import) = (Command::VerifyLog { ticket: 3 }, Command::ImportCsv { ticket: 71 });
    at_once(&bench, [verify, import, Command::Activity, Command::CancelJob]);
    let came = answers(&bench, &[71, 3]);
    assert!(matches!(came[0], (71, Err(VaultError::Cancelled))), "{came:?}");
    assert!(matches!(came[1], (3, Ok(Done::Checked(_)))), "{came:?}");
}

#[test]
fn many_keys_at_once_are_in_the_search_index_as_one_by_one_they_would_be() {
    let bench = Bench::new();
    let hits = |query: &str| {
        let query = parse(query, bench.app.now()).unwrap();
        bench.app.snapshot().unlocked().unwrap().keys.search(&query, Sort::default()).len()
    };
    rows_waiting(&bench, 200);
    bench.app.send(Command::ImportCsv { ticket: 71 });
    bench.answer(71).unwrap();
    assert_eq!((hits(""), hits("imported-1"), hits("name:imported-199"), hits("payments")), (201, 111, 1, 1));
}

#[test]
fn an_accepted_copy_is_verified_by_itself_and_stays_an_accepted_copy() {
    let bench = Bench::new();
    bench.lock_by_hand();
    let older = std::fs::read(&bench.path).unwrap();
    bench.unlock();
    bench.add("db", b"s3cret");
    bench.app.send(Command::Close);
    bench.until(|s| matches!(s.phase, Phase::NoVault(_)).then_some(()));
    std::fs::write(&bench.path, older).unwrap();
    bench.app.send(Command::Open(bench.path.clone()));
    bench.until_locked();
    let reason = Some("the disk failed on Monday".to_owned());
    let password = SecretBuf::from_slice(PASSWORD);
    bench.app.send(Command::Unlock { password, operator: None, accept_restored: reason });
    let (size, found) = bench.until(|s| {
        let open = s.unlocked()?;
        match open.integrity {
            Integrity::Restored { holds: Some(entries) } => Some((open.view.log_size, entries)),
            _ => None,
        }
    });
    assert_eq!(found, size);
}

#[test]
fn a_file_that_is_held_while_its_log_is_read_is_read_on_when_it_is_free_again() {
    let bench = long();
    let at_rest = |s: &Snapshot| s.unlocked().map(|open| (open.log.len() as u64, open.integrity.clone()));
    let entries = || {
        let other = rusqlite::Connection::open(&bench.path).unwrap();
        other.query_row("SELECT count(*) FROM log", [], |row| row.get::<_, i64>(0))
    };
    let before = entries().unwrap();
    // Held before the worker reads: it waits for the value that is looked at, after the unlock, which writes.
    let file = bench.app.with_revealed(|_| {
        bench.app.send(unlock());
        let began = Instant::now();
        while !entries().is_ok_and(|entries| entries > before) {
            assert!(began.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(5));
        }
        held(&bench, "BEGIN EXCLUSIVE")
    });
    // SQLite waits for five seconds.
    std::thread::sleep(Duration::from_secs(6));
    let (read, integrity) = bench.until(at_rest);
    assert_eq!((read, integrity), (0, Integrity::NotChecked), "nothing is broken");
    drop(file);
    bench.pass(3);
    until_verified(&bench);
    let open = bench.app.snapshot();
    let open = open.unlocked().unwrap();
    assert_eq!(open.log.len() as u64, open.view.log_size);
}
