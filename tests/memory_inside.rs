//! Locked means gone, in one process and without a window: quick enough for every `cargo test`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where the ground it stands on is missing")]
#![allow(
    clippy::panic,
    clippy::type_complexity,
    clippy::arc_with_non_send_sync,
    reason = "a test that cannot go on has failed; one thread draws and plays"
)]

mod memory;

use std::sync::Arc;
use std::time::{Duration, Instant};

use keyroom::app::platform::clipboard::MemoryClipboard;
use keyroom::app::{App, Command, Read, Services, Snapshot, Status};
use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::process;
use keyroom::model::{DraftId, KeyType, LockReason, Timestamp};
use keyroom::operations::{CreateKey, KeyDraft, NewValue};
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::clock::ManualClock;

use memory::Needles;

#[global_allocator]
static ALLOC: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

const NAMES: [&str; 4] = ["password", "revealed", "copied", "draft"];

#[test]
fn after_a_lock_the_process_holds_nothing_that_was_typed_shown_or_copied() {
    process::fill_freed_heap();
    let needles = Needles::random(&NAMES);
    let Some(before) = needles.count_here() else {
        println!("SKIPPED: this system does not let a process read /proc/self/mem");
        return;
    };
    assert_eq!(before, [0; 4]);
    let dir = tempfile::tempdir().unwrap();
    let clipboard = MemoryClipboard::new();
    let services = Services {
        clock: Arc::new(ManualClock::at(Timestamp(1_775_000_000_000))),
        anchor: Arc::new(MemoryAnchor::new()),
        clipboard: Box::new(clipboard.clone()),
        host: "ws".into(),
        os_user: "user".into(),
        status: Status::default(),
        watch_system: false,
    };
    let app = App::start(services, || {}).unwrap();
    app.send(Command::Create {
        ticket: 1,
        path: dir.path().join("test.keyroom"),
        name: "test".into(),
        operator: "ada".into(),
        password: needles.secret(0),
        params: KdfParams::FLOOR,
    });
    answer(&app, 1);
    for (ticket, needle) in [(2, 1), (3, 2)] {
        let draft = KeyDraft::new(NAMES[needle], KeyType::ApiToken);
        let value = NewValue::Entered(needles.secret(needle));
        app.send(Command::act(ticket, CreateKey { draft, value, activate: true }));
        answer(&app, ticket);
    }
    app.send(Command::Lock(LockReason::ByHand));
    until(&app, |s| s.unlocked().is_none().then_some(()));
    println!("made and locked: {:?}", needles.count_here().unwrap());

    app.send(Command::Unlock { password: needles.secret(0), operator: None, accept_restored: None });
    let key = |name: &str| {
        until(&app, |s| {
            s.unlocked().and_then(|u| u.view.keys.all().iter().find(|k| k.name == name).map(|k| k.id))
        })
    };
    let (revealed, copied) = (key("revealed"), key("copied"));
    let reading = |key| Read { key, version: None, reason: String::new() };
    app.send(Command::Reveal { ticket: 4, read: reading(revealed) });
    answer(&app, 4);
    app.send(Command::Copy { ticket: 5, read: reading(copied) });
    answer(&app, 5);
    app.keep_draft(DraftId([7; 16]), needles.secret(3));
    let unlocked = needles.count_here().unwrap();
    println!("unlocked: {unlocked:?}");

    app.send(Command::Lock(LockReason::ByHand));
    until(&app, |s| s.unlocked().is_none().then_some(()));
    let after = needles.find_here().unwrap();
    println!("locked: {after:?}");
    assert!(unlocked[1..].iter().all(|count| *count > 0), "the search is broken: {unlocked:?}");
    assert!(after.is_empty(), "{after:?}");
}

fn until<R>(app: &App, look: impl Fn(&Snapshot) -> Option<R>) -> R {
    let started = Instant::now();
    loop {
        if let Some(found) = look(&app.snapshot()) {
            return found;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "it did not happen");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn answer(app: &App, ticket: u64) {
    let started = Instant::now();
    loop {
        if let Some(reply) = app.take_replies().into_iter().find(|r| r.ticket == ticket) {
            reply.result.unwrap();
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "no answer under ticket {ticket}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
