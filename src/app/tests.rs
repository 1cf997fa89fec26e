//! The application as the window sees it: commands in, snapshots out, on a real file, with clocks that tests move.

mod clipboard;
mod jobs;
mod trouble;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::platform::clipboard::MemoryClipboard;
use super::*;
use crate::crypto::kdf::KdfParams;
use crate::formats::GenerateOptions;
use crate::model::{Action, KeyType, LockReason, Timestamp};
use crate::operations::{CreateKey, KeyDraft, NewPassword, NewValue, Rotate};
use crate::vault::VaultError;
use crate::vault::anchor::MemoryAnchor;
use crate::vault::clock::ManualClock;

struct Bench {
    _dir: tempfile::TempDir,
    path: PathBuf,
    clock: ManualClock,
    clipboard: MemoryClipboard,
    app: App,
}

const PASSWORD: &[u8] = b"correct horse battery staple orbit lantern";

impl Bench {
    /// A vault with one key, unlocked.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("test.keyroom");
        let bench = Self::start(dir, path, ManualClock::at(Timestamp(1_775_000_000_000)));
        bench.app.send(Command::Create {
            ticket: 1,
            path: bench.path.clone(),
            name: "prod".into(),
            operator: "m.ito".into(),
            password: NewPassword::strong(SecretBuf::from_slice(PASSWORD)),
            params: KdfParams::FLOOR,
        });
        bench.answer(1).unwrap();
        bench.add("payments-db", b"s3cret-of-payments-db");
        bench
    }

    /// The program, just started.
    fn start(dir: tempfile::TempDir, path: PathBuf, clock: ManualClock) -> Self {
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
        Self { _dir: dir, path, clock, clipboard, app }
    }

    fn add(&self, name: &str, value: &[u8]) -> KeyId {
        let draft = KeyDraft::new(name, KeyType::Password);
        let value = NewValue::Entered(SecretBuf::from_slice(value));
        self.app.send(Command::act(2, CreateKey { draft, value, activate: true }));
        match self.answer(2).unwrap() {
            Done::Key(key) => key,
            other => panic!("{other:?}"),
        }
    }

    fn key(&self) -> KeyId {
        self.until(|s| s.unlocked().map(|u| u.view.keys.all()[0].id))
    }

    fn answer(&self, ticket: Ticket) -> Result<Done, VaultError> {
        let started = Instant::now();
        loop {
            if let Some(reply) = self.app.take_replies().into_iter().find(|r| r.ticket == ticket) {
                return reply.result;
            }
            assert!(started.elapsed() < Duration::from_secs(30), "no answer under ticket {ticket}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn until<T>(&self, look: impl Fn(&Snapshot) -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = look(&self.app.snapshot()) {
                return found;
            }
            assert!(started.elapsed() < Duration::from_secs(30), "the expected state never came");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
        self.app.send(Command::Wake);
    }

    fn until_locked(&self) -> Arc<LockedView> {
        self.until(|s| match &s.phase {
            Phase::Locked(view) => Some(Arc::clone(view)),
            _ => None,
        })
    }

    fn unlock(&self) {
        let password = SecretBuf::from_slice(PASSWORD);
        self.app.send(Command::Unlock { password, operator: None, accept_restored: None });
        self.until(|s| s.unlocked().map(|_| ()));
    }

    fn session(&self) -> SessionTag {
        self.until(|s| s.unlocked().map(|u| u.view.session.tag))
    }

    /// Types something that is not saved.
    fn keep(&self, words: &[u8]) {
        self.app.keep_draft(self.session(), DraftId([7; 16]), SecretBuf::from_slice(words));
    }

    /// What came back after an unlock.
    fn returned(&self) -> Vec<Vec<u8>> {
        self.app.take_drafts().drafts.iter().map(|draft| draft.content.as_bytes().to_vec()).collect()
    }

    fn lock_by_hand(&self) {
        self.app.send(Command::Lock(LockReason::ByHand));
        self.until_locked();
    }

    fn read(&self) -> Read {
        Read { key: self.key(), version: None, reason: String::new() }
    }
}

#[test]
fn a_key_is_added_rotated_and_every_act_is_in_the_log_the_window_sees() {
    let bench = Bench::new();
    let value = NewValue::Generate(GenerateOptions::default());
    let rotate = Rotate {
        key: bench.key(),
        value,
        reason: "scheduled".into(),
        overlap_days: None,
        expires: None,
        keep_schedule: false,
        compromise: None,
    };
    bench.app.send(Command::act(3, rotate));
    assert!(matches!(bench.answer(3), Ok(Done::Version(2))));
    let actions = bench.until(|s| {
        let open = s.unlocked()?;
        let read = open.log.len() as u64 == open.view.log_size
            && matches!(open.integrity, Integrity::Verified { .. });
        read.then(|| open.log.iter().map(|row| row.action()).collect::<Vec<_>>())
    });
    let expected = [Action::VaultCreate, Action::SessionUnlock, Action::KeyCreate, Action::RotationComplete];
    assert_eq!(actions, expected);
}

#[test]
fn a_revealed_value_is_hidden_in_time_and_both_are_recorded() {
    let bench = Bench::new();
    bench.app.send(Command::Reveal { ticket: 4, read: bench.read() });
    bench.answer(4).unwrap();
    let shown = bench.app.with_revealed(|r| r.map(|r| r.display.as_bytes().to_vec()));
    assert_eq!(shown.as_deref(), Some(&b"s3cret-of-payments-db"[..]));
    bench.pass(21);
    bench.until(|s| (s.unlocked()?.log.iter().next_back()?.action() == Action::SecretHide).then_some(()));
    assert!(bench.app.with_revealed(|r| r.is_none()));
}

#[test]
fn the_idle_lock_wins_over_an_open_edit_and_gives_it_back_after_the_unlock() {
    let bench = Bench::new();
    bench.keep(b"half an edit");
    bench.app.send(Command::Reveal { ticket: 7, read: bench.read() });
    bench.answer(7).unwrap();
    bench.pass(299);
    assert!(bench.app.snapshot().unlocked().is_some());
    bench.pass(2);
    let locked = bench.until_locked();
    assert_eq!(locked.reason, Some(LockReason::Idle { minutes: 5 }));
    assert_eq!(locked.name, "prod");
    assert!(bench.app.with_revealed(|r| r.is_none()));
    bench.unlock();
    let drafts = bench.app.take_drafts().drafts;
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].content.as_bytes(), b"half an edit");
}

#[test]
fn what_is_typed_while_a_lock_is_carried_out_is_kept_nowhere_and_in_no_later_session() {
    let bench = Bench::new();
    let over = bench.session();
    let late = DraftId([8; 16]);
    let type_late = || bench.app.keep_draft(over, late, SecretBuf::from_slice(b"typed too late"));
    bench.keep(b"half an edit");
    bench.lock_by_hand();
    // The window draws the session that is over for as long as it has not heard of the lock.
    type_late();
    assert!(lock(&bench.app.shared.drafts).is_empty(), "it is in memory while the vault is locked");
    bench.unlock();
    type_late();
    bench.app.drop_draft(over, DraftId([7; 16]));
    bench.lock_by_hand();
    bench.unlock();
    assert_eq!(bench.returned(), [b"half an edit"]);
    // In the session that is open it is kept, and dropped, as ever.
    bench.app.keep_draft(bench.session(), late, SecretBuf::from_slice(b"typed in time"));
    bench.app.drop_draft(bench.session(), DraftId([7; 16]));
    bench.lock_by_hand();
    bench.unlock();
    assert_eq!(bench.returned(), [b"typed in time"]);
}

#[test]
fn an_edit_that_came_back_survives_a_lock_before_the_window_said_anything_of_it() {
    let bench = Bench::new();
    bench.keep(b"half an edit");
    for _ in 0..2 {
        bench.lock_by_hand();
        bench.unlock();
        assert_eq!(bench.returned(), [b"half an edit"]);
    }
}

#[test]
fn input_keeps_a_session_alive_until_its_hard_limit() {
    let bench = Bench::new();
    for _ in 0..130 {
        bench.clock.advance(Duration::from_secs(240));
        bench.app.send(Command::Activity);
        let idle_deadline = bench.app.monotonic() + Duration::from_secs(300);
        bench.until(|s| s.unlocked().is_none_or(|u| u.idle_deadline == idle_deadline).then_some(()));
    }
    let locked = bench.until_locked();
    assert_eq!(locked.reason, Some(LockReason::Limit { hours: 8 }));
}

#[test]
fn a_wrong_password_says_so_and_the_right_one_still_works_after_the_wait() {
    let bench = Bench::new();
    bench.app.send(Command::Lock(LockReason::ByHand));
    bench.until_locked();
    let password = SecretBuf::from_slice(b"wrong");
    bench.app.send(Command::Unlock { password, operator: None, accept_restored: None });
    let wait = bench.until(|s| match &s.phase {
        Phase::Locked(view) if view.error == Some(VaultError::WrongPassword) => view.wait_until,
        _ => None,
    });
    assert!(wait > bench.app.monotonic());
    bench.pass(2);
    bench.unlock();
}

#[test]
fn a_replaced_file_locks_the_vault_and_says_why() {
    let bench = Bench::new();
    let other = bench.path.with_extension("other");
    std::fs::copy(&bench.path, &other).unwrap();
    std::fs::rename(&other, &bench.path).unwrap();
    bench.pass(3);
    let locked = bench.until_locked();
    assert_eq!(locked.reason, Some(LockReason::FileReplaced));
    assert!(locked.lock_error.is_some());
}

#[test]
fn a_file_that_something_else_wrote_into_locks_the_vault_and_says_why() {
    let bench = Bench::new();
    let length = std::fs::metadata(&bench.path).unwrap().len();
    let file = std::fs::OpenOptions::new().write(true).open(&bench.path).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, &vec![0xa5; usize::try_from(length).unwrap()], 0)
        .unwrap();
    bench.pass(3);
    let locked = bench.until_locked();
    assert_eq!(locked.reason, Some(LockReason::FileDamaged));
    assert!(locked.lock_error.is_some());
}

#[test]
fn a_password_asked_for_again_and_wrong_too_often_locks_and_the_edit_is_kept() {
    use crate::guard::attempts::LOCK_AFTER;
    let bench = Bench::new();
    let try_with = |ticket, password: &[u8]| {
        bench.app.send(Command::StepUp { ticket, password: SecretBuf::from_slice(password) });
        bench.answer(ticket).map(|_| ())
    };
    bench.keep(b"half an edit");
    for ticket in 1..LOCK_AFTER as Ticket {
        assert_eq!(try_with(ticket, b"wrong"), Err(VaultError::WrongPassword));
    }
    // The right one starts the count anew, whatever it is given for.
    try_with(50, PASSWORD).unwrap();
    for ticket in 1..LOCK_AFTER as Ticket {
        assert_eq!(try_with(ticket, b"wrong"), Err(VaultError::WrongPassword));
    }
    bench.app.send(Command::ChangePassword {
        ticket: 51,
        old: SecretBuf::from_slice(b"wrong"),
        new: NewPassword::strong(SecretBuf::from_slice(b"amber canyon whistle drift lantern sage")),
    });
    assert_eq!(bench.answer(51).map(|_| ()), Err(VaultError::WrongPassword));
    assert_eq!(bench.until_locked().reason, Some(LockReason::WrongPasswords));
    bench.unlock();
    assert_eq!(bench.app.take_drafts().drafts.len(), 1);
}

#[test]
fn closing_the_program_locks_with_that_reason() {
    let bench = Bench::new();
    let path = bench.path.clone();
    let dir = bench._dir;
    drop(bench.app);
    let again = Bench::start(dir, path.clone(), bench.clock);
    again.app.send(Command::Open(path));
    again.until_locked();
    again.unlock();
    let reason = again.until(|s| {
        let open = s.unlocked()?;
        (open.log.len() as u64 == open.view.log_size).then_some(())?;
        open.log.iter().rev().find(|r| r.action() == Action::SessionLock).map(|r| r.reason().to_owned())
    });
    assert_eq!(reason, "exit");
}

#[test]
fn an_unlock_that_was_cancelled_ends_locked_shows_nothing_and_keeps_what_was_not_saved() {
    let bench = Bench::new();
    bench.keep(b"half an edit");
    bench.app.send(Command::Lock(LockReason::ByHand));
    bench.until_locked();
    let password = SecretBuf::from_slice(PASSWORD);
    bench.app.send(Command::Unlock { password, operator: None, accept_restored: None });
    bench.until(|s| matches!(&s.phase, Phase::Locked(v) if v.opening_since.is_some()).then_some(()));
    bench.app.send(Command::CancelJob);
    bench.until(|s| match &s.phase {
        Phase::Locked(v) if v.opening_since.is_none() => Some(()),
        Phase::Unlocked(_) => panic!("a cancelled unlock was shown"),
        _ => None,
    });
    assert!(bench.app.take_drafts().drafts.is_empty());
    bench.unlock();
    let drafts = bench.app.take_drafts().drafts;
    assert_eq!(drafts.iter().map(|d| d.content.as_bytes()).collect::<Vec<_>>(), [b"half an edit"]);
}

#[test]
fn another_unlock_time_is_asked_of_the_vault_and_of_the_password_at_once() {
    let bench = Bench::new();
    let params = KdfParams { memory_kib: 80 << 10, ..KdfParams::FLOOR };
    let change = |ticket, password: &[u8]| {
        let password = SecretBuf::from_slice(password);
        bench.app.send(Command::ChangeUnlockTime { ticket, password, params });
        bench.answer(ticket)
    };
    assert!(matches!(change(8, b"not the password"), Err(VaultError::WrongPassword)));
    assert_eq!(bench.until(|s| Some(s.unlocked()?.view.session.params)), KdfParams::FLOOR);
    change(9, PASSWORD).unwrap();
    let in_force = |s: &Snapshot| {
        let view = &s.unlocked()?.view;
        Some((view.settings.later.unlock_cost.params(), view.session.params))
    };
    assert_eq!(bench.until(in_force), (params, params));
    bench.app.send(Command::Lock(LockReason::ByHand));
    assert_eq!(bench.until_locked().params, params);
    bench.unlock();
    assert_eq!(bench.until(in_force), (params, params));
}

#[test]
fn changed_rules_find_in_the_whole_log_and_an_answer_stays_with_its_finding() {
    use crate::operations::{AnswerFinding, ChangeSettings};
    let bench = Bench::new();
    bench.app.send(Command::Lock(LockReason::ByHand));
    bench.until_locked();
    let password = SecretBuf::from_slice(b"wrong");
    bench.app.send(Command::Unlock { password, operator: None, accept_restored: None });
    bench.until(|s| matches!(&s.phase, Phase::Locked(v) if v.wait_until.is_some()).then_some(()));
    bench.pass(2);
    bench.unlock();
    let settings = bench.until(|s| {
        let open = s.unlocked()?;
        (open.log.len() as u64 == open.view.log_size).then(|| {
            assert!(open.findings.is_empty(), "one failure is nothing unusual by default");
            (*open.view.settings).clone()
        })
    });
    bench.app.send(Command::StepUp { ticket: 10, password: SecretBuf::from_slice(PASSWORD) });
    bench.answer(10).unwrap();
    let mut strict = settings.clone();
    strict.later.unusual.failures = 1;
    bench.app.send(Command::act(11, ChangeSettings::of(&settings, strict, "")));
    bench.answer(11).unwrap();
    let found = bench.until(|s| s.unlocked()?.findings.first().cloned());
    assert_eq!(found.rule, crate::guard::unusual::Rule::UnlockAfterFailures);
    assert!(found.is_open());

    let seq = *found.events.last().unwrap();
    let answer = AnswerFinding { rule: found.rule, seq, expected: true, note: "typed in a hurry".into() };
    bench.app.send(Command::act(12, answer));
    bench.answer(12).unwrap();
    let answered = |s: &Snapshot| s.unlocked()?.findings.first().filter(|f| !f.is_open()).cloned();
    assert_eq!(bench.until(answered).answer.map(|a| (a.expected, a.by)), Some((true, "m.ito".into())));
    bench.app.send(Command::Lock(LockReason::ByHand));
    bench.until_locked();
    bench.unlock();
    bench.until(answered);
}

#[test]
fn a_batch_is_one_entry_for_each_operation_and_one_failure_stops_no_other() {
    use crate::operations::EditKey;
    let bench = Bench::new();
    let (first, second) = (bench.key(), bench.add("billing-db", b"another"));
    let size = bench.until(|s| s.unlocked().map(|u| u.view.log_size));
    let view = bench.until(|s| s.unlocked().map(|u| Arc::clone(&u.view)));
    let edit = |key, name: &str| -> Box<dyn Act> {
        let record = view.keys.get(key).unwrap();
        Box::new(EditKey::of(record, KeyDraft { name: name.to_owned(), ..KeyDraft::from_record(record) }))
    };
    // The second would take the first one's name.
    let acts = vec![edit(second, "payments-db"), edit(first, "payments"), edit(second, "billing")];
    bench.app.send(Command::Batch { ticket: 9, title: "Editing keys", acts });
    let Done::Each(results) = bench.answer(9).unwrap() else { panic!("no results") };
    assert!(matches!(results[0], Err(VaultError::NameTaken(_))), "{results:?}");
    assert!(results[1].is_ok() && results[2].is_ok());
    let names = bench.until(|s| {
        let unlocked = s.unlocked().filter(|u| u.view.log_size == size + 3)?;
        assert_eq!(unlocked.log.len() as u64, unlocked.view.log_size, "the log is read to its end");
        Some(unlocked.view.keys.all().iter().map(|key| key.name.clone()).collect::<Vec<_>>())
    });
    assert!(names.contains(&"payments".to_owned()) && names.contains(&"billing".to_owned()));
}

#[test]
fn rows_are_previewed_without_a_trace_and_a_lock_forgets_them() {
    let bench = Bench::new();
    let csv = b"name,type,secret\npayments-db,password,Aa1!\nnew-db,password,Aa1!xyz\nbad,rsa,x\n";
    let read = || {
        let from = CsvFrom::Pasted(SecretBuf::from_slice(csv));
        bench.app.send(Command::ReadCsv { ticket: 5, from });
        match bench.answer(5).unwrap() {
            Done::Preview(preview) => preview,
            other => panic!("{other:?}"),
        }
    };
    let size = bench.until(|s| s.unlocked().map(|u| u.view.log_size));
    let preview = read();
    let problems: Vec<bool> = preview.rows.iter().map(|row| row.problem.is_some()).collect();
    assert_eq!(problems, [true, false, true], "{preview:?}");
    assert_eq!(bench.until(|s| s.unlocked().map(|u| u.view.log_size)), size, "nothing was written");
    bench.app.send(Command::ForgetCsv);
    bench.app.send(Command::ImportCsv { ticket: 6 });
    assert!(matches!(bench.answer(6), Err(VaultError::Cancelled)), "they are gone");
    read();
    bench.app.send(Command::ImportCsv { ticket: 7 });
    let Done::Imported(rows) = bench.answer(7).unwrap() else { panic!("no rows") };
    let lines: Vec<(u64, bool)> = rows.iter().map(|row| (row.line, row.result.is_ok())).collect();
    assert_eq!(lines, [(2, false), (3, true), (4, false)]);
}
