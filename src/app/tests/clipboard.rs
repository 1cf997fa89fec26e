//! A copied value and the clipboard: taken back in time and at a lock, never anybody else's, and not said to be gone while it
//! is there.

use super::*;

fn copied() -> Bench {
    let bench = Bench::new();
    bench.app.send(Command::Copy { ticket: 5, read: bench.read() });
    bench.answer(5).unwrap();
    assert_eq!(bench.clipboard.content().as_deref(), Some(VALUE));
    bench
}

const VALUE: &str = "s3cret-of-payments-db";

#[test]
fn a_copied_value_leaves_the_clipboard_in_time_and_at_a_lock_but_not_if_it_is_no_longer_ours() {
    let bench = Bench::new();
    bench.app.send(Command::Copy { ticket: 5, read: bench.read() });
    bench.answer(5).unwrap();
    assert_eq!(bench.clipboard.content().as_deref(), Some("s3cret-of-payments-db"));
    bench.pass(16);
    bench.until(|s| s.clipboard.is_none().then_some(()));
    assert_eq!(bench.clipboard.content(), None);

    bench.app.send(Command::Copy { ticket: 6, read: bench.read() });
    bench.answer(6).unwrap();
    bench.clipboard.replace_from_outside(Some("somebody else's"));
    bench.app.send(Command::Lock(LockReason::ByHand));
    bench.until_locked();
    assert_eq!(bench.clipboard.content().as_deref(), Some("somebody else's"));
}

#[test]
fn a_clipboard_that_does_not_let_go_is_asked_again_until_it_does_and_that_is_said() {
    let bench = copied();
    bench.clipboard.set_broken(true);
    bench.pass(16);
    let held = bench.until(|s| s.clipboard.clone().filter(|held| held.stuck));
    assert_eq!(held.what, "payments-db v1");
    assert_eq!(bench.clipboard.content().as_deref(), Some(VALUE));
    bench.app.send(Command::Lock(LockReason::ByHand));
    bench.until_locked();
    let held = bench.until(|s| s.clipboard.clone());
    assert!(held.stuck && !held.what.contains("payments"), "{held:?}");
    bench.clipboard.set_broken(false);
    bench.pass(3);
    bench.until(|s| s.clipboard.is_none().then_some(()));
    assert_eq!(bench.clipboard.content(), None);
}

#[test]
fn what_is_stuck_and_then_copied_over_by_somebody_else_is_theirs() {
    let bench = copied();
    bench.clipboard.set_broken(true);
    bench.pass(16);
    bench.until(|s| s.clipboard.as_ref().filter(|held| held.stuck).map(|_| ()));
    bench.clipboard.replace_from_outside(Some("somebody else's"));
    bench.clipboard.set_broken(false);
    bench.pass(3);
    bench.until(|s| s.clipboard.is_none().then_some(()));
    assert_eq!(bench.clipboard.content().as_deref(), Some("somebody else's"));
}

#[test]
fn a_name_copied_over_a_value_ends_its_countdown() {
    let bench = copied();
    bench.app.send(Command::CopyPlain("payments-db".into()));
    bench.until(|s| s.clipboard.is_none().then_some(()));
    bench.pass(16);
    assert_eq!(bench.clipboard.content().as_deref(), Some("payments-db"));
}
