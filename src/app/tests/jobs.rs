//! Long work beside everything else: what is asked meanwhile is answered at once, a lock wins, and nothing is recorded twice.
//!
//! Commands that belong together are sent while the worker is held up, so that they wait in its inbox one after the other:
//! what comes of them does not depend on how fast the computer is.

use super::*;
use crate::app::demo::{self, DemoOptions};
use crate::model::Action;
use crate::store::Walk;

/// A demo vault whose log is some slices long, made once for all tests.
pub(super) fn file() -> &'static [u8] {
    static FILE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    FILE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("long.keyroom");
        let password = SecretBuf::from_slice(demo::PASSWORD.as_bytes());
        let options = DemoOptions { keys: 24, events: 600, seed: 1, now: Some(NOW) };
        demo::build(&path, &password, &options, &mut |_, _| Walk::Continue(())).unwrap();
        std::fs::read(&path).unwrap()
    })
}

const NOW: Timestamp = Timestamp(1_775_563_200_000);

/// A demo vault, locked.
pub(super) fn long() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.keyroom");
    std::fs::write(&path, file()).unwrap();
    let clock = ManualClock::at(NOW);
    let bench = Bench::start(dir, path.clone(), clock);
    bench.app.send(Command::Open(path));
    bench.until_locked();
    bench
}

/// Sends these with nothing done in between: the worker waits for the value that is looked at.
pub(super) fn at_once<const N: usize>(bench: &Bench, commands: [Command; N]) {
    bench.app.with_revealed(|_| commands.into_iter().for_each(|command| bench.app.send(command)));
}

pub(super) fn until_verified(bench: &Bench) {
    bench.until(|s| matches!(s.unlocked()?.integrity, Integrity::Verified { .. }).then_some(()));
}

pub(super) fn unlock() -> Command {
    let password = SecretBuf::from_slice(demo::PASSWORD.as_bytes());
    Command::Unlock { password, operator: Some(demo::OPERATOR.into()), accept_restored: None }
}

fn add(ticket: Ticket, name: &str) -> Command {
    let value = NewValue::Entered(SecretBuf::from_slice(b"s3cret"));
    Command::act(ticket, CreateKey { draft: KeyDraft::new(name, KeyType::Password), value, activate: true })
}

/// The answers to these tickets, in the order in which they came.
pub(super) fn answers(bench: &Bench, tickets: &[Ticket]) -> Vec<(Ticket, Result<Done, VaultError>)> {
    let started = Instant::now();
    let mut came = Vec::new();
    while came.len() < tickets.len() {
        came.extend(bench.app.take_replies().into_iter().map(|reply| (reply.ticket, reply.result)));
        assert!(started.elapsed() < Duration::from_secs(120), "only these answers came: {came:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
    came
}

/// What this session did, as the log tells once it is read.
fn done_in_this_session(bench: &Bench) -> Vec<Action> {
    bench.until(|s| {
        let open = s.unlocked()?;
        let tag = open.view.session.tag;
        (open.log.len() as u64 == open.view.log_size && s.job.is_none()).then_some(())?;
        Some(open.log.iter().filter(|row| row.session() == tag).map(|row| row.action()).collect())
    })
}

fn integrity(bench: &Bench) -> Integrity {
    bench.app.snapshot().unlocked().unwrap().integrity.clone()
}

#[test]
fn what_is_asked_while_a_long_log_is_verified_is_answered_first_and_the_result_is_recorded_once() {
    let bench = long();
    let verify = |ticket| Command::VerifyLog { ticket };
    at_once(&bench, [unlock(), verify(3), verify(4), add(5, "meanwhile")]);
    let came = answers(&bench, &[3, 4, 5]);
    let order: Vec<_> = came.iter().map(|(ticket, _)| *ticket).collect();
    assert_eq!(order, [5, 3, 4], "the key was made before the verification was over");
    let [(_, Ok(Done::Key(_))), (_, Ok(Done::Checked(a))), (_, Ok(Done::Checked(b)))] = came.as_slice()
    else {
        panic!("{came:?}")
    };
    assert_eq!(a, b);
    let actions = done_in_this_session(&bench);
    assert_eq!(actions, [Action::SessionUnlock, Action::KeyCreate, Action::AuditVerify]);
    let size = bench.app.snapshot().unlocked().unwrap().view.log_size;
    assert_eq!(a.entries, size - 1, "what was added meanwhile was verified too");
    assert!(matches!(integrity(&bench), Integrity::Verified { entries, .. } if entries == a.entries));
}

/// Changes one byte of a sealed value, as a failing disk would.
fn damage_a_value(bench: &Bench) {
    let file = rusqlite::Connection::open(&bench.path).unwrap();
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let (id, mut data): (Vec<u8>, Vec<u8>) =
        file.query_row("SELECT id, data FROM version LIMIT 1", [], read).unwrap();
    data[40] ^= 1;
    file.execute("UPDATE version SET data = ?2 WHERE id = ?1", rusqlite::params![id, data]).unwrap();
}

#[test]
fn what_is_asked_while_the_whole_vault_is_checked_is_answered_first_and_it_is_checked_too() {
    let bench = long();
    bench.app.send(unlock());
    until_verified(&bench);
    let check = |ticket| Command::CheckVault { ticket };
    at_once(&bench, [check(3), check(4), add(5, "meanwhile")]);
    let came = answers(&bench, &[3, 4, 5]);
    let order: Vec<_> = came.iter().map(|(ticket, _)| *ticket).collect();
    assert_eq!(order, [5, 3, 4]);
    let [_, (_, Ok(Done::WholeChecked(a))), (_, Ok(Done::WholeChecked(b)))] = came.as_slice() else {
        panic!("{came:?}")
    };
    assert_eq!(a, b);
    assert_eq!(a.values.stored, a.values.opened, "the administrator holds every compartment");
    assert_eq!(done_in_this_session(&bench), [Action::SessionUnlock, Action::KeyCreate, Action::VaultCheck]);
    let snapshot = bench.app.snapshot();
    let open = snapshot.unlocked().unwrap();
    assert_eq!(a.log.entries, open.view.log_size - 1);
    let stored = open.view.keys.all().iter().flat_map(|key| &key.versions);
    assert_eq!(
        a.values.stored,
        stored.filter(|v| v.state != crate::model::VersionState::Destroyed).count() as u64
    );
    assert_eq!(open.last_check.as_ref().unwrap().found.as_ref(), Ok(a));
}

#[test]
fn a_check_of_the_whole_vault_is_cancelled_or_locked_away_without_a_trace() {
    let bench = long();
    bench.app.send(unlock());
    until_verified(&bench);
    at_once(&bench, [Command::CheckVault { ticket: 3 }, Command::CancelJob, add(5, "afterwards")]);
    let came = answers(&bench, &[3, 5]);
    assert_eq!((came[0].0, came[0].1.as_ref().err()), (3, Some(&VaultError::Cancelled)));
    assert_eq!(done_in_this_session(&bench), [Action::SessionUnlock, Action::KeyCreate]);
    assert!(bench.app.snapshot().unlocked().unwrap().last_check.is_none());
    at_once(&bench, [Command::CheckVault { ticket: 6 }, Command::Lock(LockReason::ByHand)]);
    assert_eq!(answers(&bench, &[6])[0].1.as_ref().err(), Some(&VaultError::Cancelled));
    bench.until_locked();
}

#[test]
fn a_damaged_value_is_found_recorded_and_told_and_the_log_still_holds() {
    let bench = long();
    bench.app.send(unlock());
    until_verified(&bench);
    damage_a_value(&bench);
    bench.app.send(Command::CheckVault { ticket: 3 });
    let found = answers(&bench, &[3]).remove(0).1.unwrap_err();
    assert!(found.is_damage() && found.to_string().contains("the value of version"), "{found}");
    assert_eq!(done_in_this_session(&bench), [Action::SessionUnlock, Action::AuditDamage]);
    let snapshot = bench.app.snapshot();
    let open = snapshot.unlocked().unwrap();
    assert_eq!(open.last_check.as_ref().unwrap().found.as_ref(), Err(&found.to_string()));
    assert!(matches!(open.integrity, Integrity::Verified { .. }), "{:?}", open.integrity);
}

#[test]
fn a_verification_is_cancelled_without_a_trace() {
    let bench = long();
    bench.app.send(unlock());
    until_verified(&bench);
    let known = integrity(&bench);
    at_once(&bench, [Command::VerifyLog { ticket: 3 }, Command::CancelJob, add(5, "afterwards")]);
    let came = answers(&bench, &[3, 5]);
    assert_eq!((came[0].0, came[0].1.as_ref().err()), (3, Some(&VaultError::Cancelled)));
    assert_eq!(done_in_this_session(&bench), [Action::SessionUnlock, Action::KeyCreate]);
    assert_eq!(integrity(&bench), known, "what was known before is still known");
}

#[test]
fn a_lock_ends_a_verification_and_the_next_session_verifies_by_itself() {
    let bench = long();
    bench.app.send(unlock());
    until_verified(&bench);
    at_once(&bench, [Command::VerifyLog { ticket: 3 }, Command::Lock(LockReason::ByHand)]);
    assert_eq!(answers(&bench, &[3])[0].1.as_ref().err(), Some(&VaultError::Cancelled));
    bench.until_locked();
    bench.app.send(unlock());
    until_verified(&bench);
    assert_eq!(done_in_this_session(&bench), [Action::SessionUnlock], "nobody asked, so nothing is recorded");
}

#[test]
fn an_export_goes_on_beside_other_work_ends_where_it_began_and_leaves_nothing_when_cancelled() {
    let bench = long();
    let dir = |name: &str| bench._dir.path().join(name);
    let export = |ticket, name: &str| Command::ExportLog { ticket, dir: dir(name), disclose: true };
    at_once(&bench, [unlock(), export(3, "export"), add(5, "meanwhile")]);
    let came = answers(&bench, &[3, 5]);
    assert_eq!(came.iter().map(|(ticket, _)| *ticket).collect::<Vec<_>>(), [5, 3]);
    let Ok(Done::Written(files)) = &came[1].1 else { panic!("{came:?}") };
    assert!(files.iter().all(|file| file.exists()));
    let checked = crate::audit::export::verify_dir(&dir("export"), &mut |_, _| Walk::Continue(())).unwrap();
    let size = bench.app.snapshot().unlocked().unwrap().view.log_size;
    assert_eq!(checked.entries, size - 1, "the key that was made meanwhile is not in it");

    at_once(&bench, [export(6, "given up"), Command::CancelJob]);
    assert_eq!(answers(&bench, &[6])[0].1.as_ref().err(), Some(&VaultError::Cancelled));
    assert!(!dir("given up").exists());
}

/// Rows enough for some steps, read and waiting.
pub(super) fn rows_waiting(bench: &Bench, count: usize) {
    let rows: String = (0..count).map(|i| format!("imported-{i},password,Aa1!value-{i}\n")).collect();
    let csv = format!("name,type,secret\n{rows}");
    let from = CsvFrom::Pasted(SecretBuf::from_slice(csv.as_bytes()));
    bench.app.send(Command::ReadCsv { ticket: 70, from });
    assert!(matches!(bench.answer(70), Ok(Done::Preview(_))));
}

fn keys(bench: &Bench) -> usize {
    bench.until(|s| s.unlocked().map(|open| open.view.keys.all().len()))
}

fn newest(bench: &Bench) -> (Action, crate::model::Outcome, String) {
    bench.until(|s| {
        let open = s.unlocked()?;
        (open.log.len() as u64 == open.view.log_size).then_some(())?;
        open.log.iter().next_back().map(|row| (row.action(), row.outcome(), row.reason().to_owned()))
    })
}

#[test]
fn an_import_that_is_cancelled_puts_nothing_in_and_says_so_in_the_log() {
    let bench = Bench::new();
    rows_waiting(&bench, 40);
    at_once(&bench, [Command::Wake, Command::ImportCsv { ticket: 71 }, Command::CancelJob]);
    assert_eq!(bench.answer(71).err(), Some(VaultError::Cancelled));
    assert_eq!(keys(&bench), 1);
    let (action, outcome, reason) = newest(&bench);
    assert_eq!((action, outcome), (Action::KeyImport, crate::model::Outcome::Failed), "{reason}");
    assert!(bench.app.snapshot().job.is_none());
}

#[test]
fn a_lock_does_not_wait_for_an_import_nor_for_keys_that_are_replaced() {
    let bench = Bench::new();
    rows_waiting(&bench, 40);
    let lock = || Command::Lock(LockReason::ByHand);
    at_once(&bench, [Command::Wake, Command::ImportCsv { ticket: 71 }, lock()]);
    assert_eq!(bench.answer(71).err(), Some(VaultError::Cancelled));
    bench.until_locked();
    bench.unlock();
    assert_eq!(keys(&bench), 1);
    let replace = Command::PasswordExposed {
        ticket: 72,
        old: SecretBuf::from_slice(PASSWORD),
        new: NewPassword::strong(SecretBuf::from_slice(b"amber canyon whistle drift lantern sage")),
        reason: "laptop stolen".into(),
    };
    at_once(&bench, [Command::Wake, replace, lock()]);
    assert_eq!(bench.answer(72).err(), Some(VaultError::Cancelled));
    bench.until_locked();
    // The old password still is the password: nothing was replaced.
    bench.unlock();
}

#[test]
fn a_backup_tells_how_far_it_is() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.keyroom");
    std::fs::write(&path, file()).unwrap();
    let bench = Bench::start(dir, path.clone(), ManualClock::at(NOW));
    bench.app.send(Command::Open(path));
    bench.until_locked();
    bench.app.send(unlock());
    until_verified(&bench);
    let app = &bench.app;
    std::thread::scope(|scope| {
        let (seen, done) = (Arc::clone(&seen), Arc::new(AtomicBool::new(false)));
        let over = Arc::clone(&done);
        scope.spawn(move || {
            while !over.load(Ordering::Acquire) {
                let job = app.snapshot().job.clone();
                seen.lock().unwrap().extend(job.filter(|job| job.title == "Backing up"));
            }
        });
        bench.app.send(Command::Backup { ticket: 9, path: bench._dir.path().join("copy.keyroom") });
        let answered = bench.answer(9);
        done.store(true, Ordering::Release);
        assert!(matches!(answered, Ok(Done::Written(_))), "{answered:?}");
    });
    let seen = seen.lock().unwrap();
    assert!(seen.iter().any(|job| job.total > 0 && job.done <= job.total && job.cancellable), "{seen:?}");
}
