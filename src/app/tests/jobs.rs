//! Long work beside everything else: what is asked meanwhile is answered at once, a lock wins, and nothing is recorded twice.
//!
//! Commands that belong together are sent while the worker is held up, so that they wait in its inbox one after the other:
//! what comes of them does not depend on how fast the computer is.

use super::*;
use crate::app::demo::{self, DemoOptions};
use crate::model::Action;
use crate::store::Walk;

/// A demo vault whose log is some slices long, made once for all tests.
fn file() -> &'static [u8] {
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
fn long() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.keyroom");
    std::fs::write(&path, file()).unwrap();
    let clock = ManualClock::at(NOW);
    let clipboard = MemoryClipboard::new();
    let services = Services {
        clock: Arc::new(clock.clone()),
        anchor: Arc::new(MemoryAnchor::new()),
        clipboard: Box::new(clipboard.clone()),
        host: "ws-14".into(),
        os_user: "mito".into(),
        status: Status::default(),
        watch_system: false,
    };
    let app = App::start(services, || {}).unwrap();
    app.send(Command::Open(path.clone()));
    let bench = Bench { _dir: dir, path, clock, clipboard, app };
    bench.until_locked();
    bench
}

/// Sends these with nothing done in between: the worker waits for the value that is looked at.
fn at_once<const N: usize>(bench: &Bench, commands: [Command; N]) {
    bench.app.with_revealed(|_| commands.into_iter().for_each(|command| bench.app.send(command)));
}

fn until_verified(bench: &Bench) {
    bench.until(|s| matches!(s.unlocked()?.integrity, Integrity::Verified { .. }).then_some(()));
}

fn unlock() -> Command {
    let password = SecretBuf::from_slice(demo::PASSWORD.as_bytes());
    Command::Unlock { password, operator: Some(demo::OPERATOR.into()), accept_restored: None }
}

fn add(ticket: Ticket, name: &str) -> Command {
    let value = NewValue::Entered(SecretBuf::from_slice(b"s3cret"));
    Command::act(ticket, CreateKey { draft: KeyDraft::new(name, KeyType::Password), value, activate: true })
}

/// The answers to these tickets, in the order in which they came.
fn answers(bench: &Bench, tickets: &[Ticket]) -> Vec<(Ticket, Result<Done, VaultError>)> {
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
