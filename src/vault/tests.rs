//! The vault as a whole, on a real file: what is written is read back, and what was changed is named.

mod forged;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::anchor::{AnchorStore, MemoryAnchor};
use super::clock::ManualClock;
use super::*;
use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::SecretBuf;
use crate::model::operator::Permission;
use crate::model::{Action, Object, Role, Settings};
use crate::store::StoreError;
use crate::store::sqlite::SqliteStore;

/// A vault in a temporary folder with clocks and an anchor that tests own.
pub(crate) struct Bench {
    pub dir: tempfile::TempDir,
    pub path: PathBuf,
    pub clock: ManualClock,
    pub anchor: Arc<MemoryAnchor>,
}

pub(crate) fn password() -> SecretBuf {
    SecretBuf::from_slice(b"correct horse battery staple")
}

impl Bench {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("test.keyroom");
        let clock = ManualClock::at(Timestamp(1_775_000_000_000));
        Self { dir, path, clock, anchor: Arc::new(MemoryAnchor::new()) }
    }

    pub fn env(&self) -> Environment {
        let anchor: Arc<dyn AnchorStore> = self.anchor.clone();
        Environment {
            clock: Arc::new(self.clock.clone()),
            anchor,
            host: "ws-14".into(),
            os_user: "mito".into(),
        }
    }

    pub fn create(&self) -> Vault {
        self.create_in(SqliteStore::create(&self.path).unwrap())
    }

    pub fn create_in(&self, store: SqliteStore) -> Vault {
        let password = password();
        let new = NewVault { name: "test", operator: "m.ito", password: &password, params: KdfParams::FLOOR };
        Vault::create(Box::new(store), self.env(), &new, Vec::new()).unwrap()
    }

    pub fn file(&self, path: &Path) -> Result<VaultFile, VaultError> {
        VaultFile::read(Box::new(SqliteStore::open(path)?))
    }

    pub fn unlock(&self) -> Result<Vault, VaultError> {
        self.unlock_with(&password(), None)
    }

    pub fn unlock_with(&self, password: &SecretBuf, accept: Option<&str>) -> Result<Vault, VaultError> {
        let unlock = Unlock { password, operator: None, accept_restored: accept };
        self.file(&self.path)?.unlock(self.env(), &unlock).map_err(|(_, error)| error)
    }
}

/// The smallest operation that writes: renames the vault.
struct Rename(&'static str);

impl Operation for Rename {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::VaultSettings
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::permission(Permission::ChangeSettings)
    }

    fn entry(&self, _: &View) -> Entry {
        Entry::new(Action::VaultSettings, Object::Vault)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        let settings = Settings { vault_name: self.0.to_owned(), ..tx.settings().clone() };
        tx.put_settings(settings)
    }
}

/// Enrols an operator.
struct Enrol(&'static str, Role);

impl Operation for Enrol {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::OperatorEnrol
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::permission(Permission::ManageOperators)
    }

    fn entry(&self, _: &View) -> Entry {
        Entry::new(Action::OperatorEnrol, Object::Vault)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        let compartments: Vec<_> = tx.view().compartments.iter().map(|c| c.id).collect();
        tx.enrol(self.0, self.1, &password(), KdfParams::FLOOR, &compartments).map(|_| ())
    }
}

fn verify(vault: &mut Vault) -> Result<Checked, VaultError> {
    vault.verify_log(&mut |_, _| std::ops::ControlFlow::Continue(()))
}

#[test]
fn a_vault_is_created_unlocked_changed_and_every_act_is_in_the_verified_log() {
    let bench = Bench::new();
    let mut vault = bench.create();
    vault.perform(Rename("prod")).unwrap();
    let (recorded, unsaved) = vault.lock("manual", &[]);
    recorded.unwrap();
    assert!(unsaved.is_empty());
    let mut vault = bench.unlock().unwrap();
    assert_eq!(vault.view().settings.vault_name, "prod");
    let names: Vec<_> = vault.last_events(10).unwrap().iter().map(|e| e.action.name()).collect();
    assert_eq!(names, ["vault.create", "session.unlock", "vault.settings", "session.lock", "session.unlock"]);
    let checked = verify(&mut vault).unwrap();
    assert_eq!(checked.entries, 5);
    assert_eq!(vault.view().anchor, AnchorStatus::On);
}

#[test]
fn a_wrong_password_is_counted_delayed_and_told_after_the_next_success() {
    let bench = Bench::new();
    drop(bench.create());
    let wrong = SecretBuf::from_slice(b"wrong");
    assert_eq!(bench.unlock_with(&wrong, None).err(), Some(VaultError::WrongPassword));
    assert_eq!(bench.unlock_with(&wrong, None).err(), Some(VaultError::Wait { seconds: 1 }));
    bench.clock.advance(Duration::from_secs(2));
    let mut vault = bench.unlock().unwrap();
    assert_eq!(vault.view().session.failed_before.len(), 1);
    let events = vault.last_events(2).unwrap();
    assert_eq!(events[0].action, Action::SessionUnlockFailed);
    drop(vault);
    assert!(bench.unlock().unwrap().view().session.failed_before.is_empty());
}

#[test]
fn an_older_copy_and_another_history_are_told_apart_and_accepted_only_on_purpose() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let old = bench.dir.path().join("old");
    std::fs::copy(&bench.path, &old).unwrap();
    vault.perform(Rename("newer")).unwrap();
    vault.perform(Rename("newest")).unwrap();
    let seen = vault.view().log_size;
    drop(vault);
    std::fs::copy(&old, &bench.path).unwrap();
    assert_eq!(bench.unlock().err(), Some(VaultError::RolledBack { file: 2, seen }));
    let mut vault = bench.unlock_with(&password(), Some("restored after a disk failure")).unwrap();
    assert_eq!(vault.last_events(2).unwrap()[0].action, Action::VaultAcceptRestored);
    vault.perform(Rename("other")).unwrap();
    verify(&mut vault).unwrap();
    drop(vault);
    // The anchor now follows the accepted history; another copy with as many entries is a fork.
    let accepted = bench.dir.path().join("accepted");
    std::fs::rename(&bench.path, &accepted).unwrap();
    std::fs::copy(&old, &bench.path).unwrap();
    let elsewhere = Bench {
        dir: tempfile::tempdir().unwrap(),
        path: bench.path.clone(),
        clock: bench.clock.clone(),
        anchor: Arc::new(MemoryAnchor::new()),
    };
    let mut fork = elsewhere.unlock().unwrap();
    for name in ["a", "b", "c", "d"] {
        fork.perform(Rename(name)).unwrap();
    }
    drop(fork);
    assert!(matches!(bench.unlock().err(), Some(VaultError::Forked { .. })));
}

#[test]
fn two_programs_on_one_file_see_each_other_and_never_overwrite() {
    let bench = Bench::new();
    let mut first = bench.create();
    let mut second = bench.unlock().unwrap();
    first.perform(Rename("by the first")).unwrap();
    assert!(second.refresh().unwrap());
    assert_eq!(second.view().settings.vault_name, "by the first");
    second.perform(Rename("by the second")).unwrap();
    // The first does not refresh: its next operation notices by itself.
    first.perform(Enrol("auditor", Role::Auditor)).unwrap();
    assert_eq!(first.view().settings.vault_name, "by the second");
    second.perform(Rename("again")).unwrap();
    verify(&mut first).unwrap_err();
    assert!(first.refresh().unwrap());
    verify(&mut first).unwrap();
    verify(&mut second).unwrap();
}

#[test]
fn an_auditor_unlocks_reads_the_log_and_is_refused_and_the_refusal_is_recorded() {
    let bench = Bench::new();
    let mut vault = bench.create();
    vault.perform(Enrol("s.okafor", Role::Auditor)).unwrap();
    drop(vault);
    assert_eq!(bench.unlock().err(), Some(VaultError::WhichOperator));
    let password = password();
    let unlock = Unlock { password: &password, operator: Some("S.Okafor"), accept_restored: None };
    let mut auditor =
        bench.file(&bench.path).unwrap().unlock(bench.env(), &unlock).map_err(|(_, e)| e).unwrap();
    assert_eq!(auditor.scopes.compartments().count(), 0);
    assert!(matches!(auditor.perform(Rename("mine")), Err(VaultError::NotPermitted { .. })));
    let last = auditor.last_events(1).unwrap().remove(0);
    assert_eq!((last.action, last.outcome), (Action::VaultSettings, crate::model::Outcome::Refused));
    verify(&mut auditor).unwrap();
}

#[test]
fn after_an_exposure_the_old_password_and_the_old_copy_open_nothing_of_the_new_file() {
    let bench = Bench::new();
    let mut vault = bench.create();
    vault.perform(Rename("before")).unwrap();
    let new = SecretBuf::from_slice(b"another long password");
    let mut told = Vec::new();
    let mut step = |done, total| {
        told.push((done, total));
        std::ops::ControlFlow::Continue(())
    };
    let entry = Entry::new(Action::OperatorExposed, vault.my_object()).because("laptop stolen");
    vault.replace_all_keys((&password(), &new), KdfParams::FLOOR, entry, &mut step).unwrap();
    vault.perform(Rename("after")).unwrap();
    verify(&mut vault).unwrap();
    drop(vault);
    assert_eq!(bench.unlock().err(), Some(VaultError::WrongPassword));
    bench.clock.advance(Duration::from_secs(60));
    let mut vault = bench.unlock_with(&new, None).unwrap();
    assert_eq!(vault.view().settings.vault_name, "after");
    verify(&mut vault).unwrap();
}

#[test]
fn drafts_survive_a_lock_and_are_gone_once_the_next_lock_keeps_none() {
    let bench = Bench::new();
    let vault = bench.create();
    let draft = Draft { id: crate::model::DraftId([9; 16]), content: SecretBuf::from_slice(b"half a name") };
    vault.lock("idle", &[draft]).0.unwrap();
    let mut vault = bench.unlock().unwrap();
    let drafts = vault.drafts(&[]).drafts;
    assert_eq!(drafts[0].content.as_bytes(), b"half a name");
    vault.lock("manual", &[]).0.unwrap();
    assert!(bench.unlock().unwrap().drafts(&[]).drafts.is_empty());
}

fn draft(id: u8, content: &[u8]) -> Draft {
    Draft { id: crate::model::DraftId([id; 16]), content: SecretBuf::from_slice(content) }
}

/// Everything this operator holds is replaced; `new` opens from then on.
fn expose(vault: &mut Vault, new: &SecretBuf) {
    let entry = Entry::new(Action::OperatorExposed, vault.my_object()).because("laptop stolen");
    let mut step = |_, _| std::ops::ControlFlow::Continue(());
    vault.replace_all_keys((&password(), new), KdfParams::FLOOR, entry, &mut step).unwrap();
}

#[test]
fn drafts_are_sealed_anew_with_everything_else_and_the_old_keys_open_none() {
    let bench = Bench::new();
    bench.create().lock("idle", &[draft(1, b"typed before")]).0.unwrap();
    let old = bench.unlock().unwrap();
    let new = SecretBuf::from_slice(b"another long password");
    // A script that took no drafts over.
    let mut script = bench.unlock().unwrap();
    expose(&mut script, &new);
    let rows = script.own_drafts().unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows::open_draft(old.id, &rows[0], &old.keys.draft).is_err());
    script.lock("exit", &[]).0.unwrap();
    // What a lock under the old keys could not store does not open any more, and does not push away what does.
    let under_old =
        rows::seal_draft(old.id, old.keys.operator, &[7; 16], &old.keys.draft, &draft(7, b"lost").content);
    let mut vault = bench.unlock_with(&new, None).unwrap();
    let Returned { drafts: back, lost, unread } = vault.drafts(&[under_old.unwrap()]);
    assert_eq!((lost, unread), (vec![crate::model::DraftId([7; 16])], None), "and that is told");
    assert_eq!(back.iter().map(|d| d.content.as_bytes()).collect::<Vec<_>>(), [b"typed before"]);
    vault.lock("exit", &[]).0.unwrap();
    // The session that took it over and replaced the keys has finished with it.
    let mut vault = bench.unlock_with(&new, None).unwrap();
    assert!(vault.drafts(&[]).drafts.is_empty());
}

#[test]
fn an_unlock_in_whose_middle_the_keys_were_replaced_has_the_wrong_password_and_no_damage() {
    let bench = Bench::new();
    drop(bench.create());
    let mut file = bench.file(&bench.path).unwrap();
    let (operator, params, slot, root) = {
        let slot = file.slot(None).unwrap();
        (slot.operator, slot.params, slot.to_row(), slot.open(file.vault(), &password()).unwrap())
    };
    expose(&mut bench.unlock().unwrap(), &SecretBuf::from_slice(b"another long password"));
    let (old, anchor) = (password(), bench.env().anchor.load(file.vault()));
    let unlock = Unlock { password: &old, operator: None, accept_restored: None };
    let opened = file.open_with(&root, (operator, params, &slot), anchor, &unlock);
    assert_eq!(opened.err(), Some(VaultError::WrongPassword));
}

#[test]
fn a_wrong_password_under_a_clock_that_ran_ahead_locks_nobody_out() {
    let bench = Bench::new();
    drop(bench.create());
    let now = bench.env().clock.wall();
    bench.clock.set_wall(now.plus_days(400));
    for _ in 0..2 {
        let wrong = bench.unlock_with(&SecretBuf::from_slice(b"wrong"), None);
        assert!(matches!(wrong, Err(VaultError::WrongPassword)));
        bench.clock.advance(Duration::from_secs(5));
    }
    bench.clock.set_wall(now);
    // It is waited for as long as after any: from when it was seen.
    assert_eq!(bench.unlock().err(), Some(VaultError::Wait { seconds: 2 }));
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(bench.unlock().err(), Some(VaultError::Wait { seconds: 1 }));
    bench.clock.advance(Duration::from_secs(1));
    let vault = bench.unlock().unwrap();
    assert_eq!(vault.view().session.failed_before.len(), 2);
}

#[test]
fn the_session_that_replaced_the_keys_still_has_the_drafts_it_took_over() {
    let bench = Bench::new();
    bench.create().lock("idle", &[draft(1, b"typed")]).0.unwrap();
    let mut vault = bench.unlock().unwrap();
    assert_eq!(vault.drafts(&[]).drafts.len(), 1);
    let new = SecretBuf::from_slice(b"another long password");
    expose(&mut vault, &new);
    vault.lock("exit", &[]).0.unwrap();
    assert!(bench.unlock_with(&new, None).unwrap().drafts(&[]).drafts.is_empty());
}

#[test]
fn an_entry_over_every_row_of_a_hundred_thousand_keys_with_their_past_values_can_be_sealed() {
    use crate::audit::leaf::{Delta, RowChange};
    use crate::crypto::envelope::MAX_PLAINTEXT;
    use crate::store::Table;
    // As `replace_all_keys` leaves them: a row for the key, one for each value: five years of quarters, less two.
    let change = |table, id: Vec<u8>| RowChange { table, id, before: Some([1; 32]), after: Some([2; 32]) };
    let id = [7; 16];
    let version = |n: u32| change(Table::Version, [id.as_slice(), &n.to_be_bytes()].concat());
    let rows: Vec<_> = [change(Table::Key, id.to_vec())].into_iter().chain((1..=18).map(version)).collect();
    let one = Delta(rows).encode().len();
    // The leaf, its details and the rows of operators and grants are some thousand bytes.
    assert!(one * 100_000 + (1 << 20) <= MAX_PLAINTEXT, "{one} bytes a key");
}

#[test]
fn a_lock_does_not_wait_long_for_another_program_and_gives_back_what_it_could_not_store() {
    let bench = Bench::new();
    let vault = bench.create();
    let other = rusqlite::Connection::open(&bench.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let began = std::time::Instant::now();
    let (recorded, unsaved) = vault.lock("suspend", &[draft(1, b"typed")]);
    // Sleep waits three seconds for it.
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert!(matches!(recorded, Err(VaultError::NotRecorded { cause: StoreError::Busy, .. })));
    assert_eq!(unsaved.len(), 1);
}

#[test]
fn a_lock_replaces_the_drafts_its_session_took_over_and_no_others() {
    let bench = Bench::new();
    bench.create().lock("idle", &[draft(1, b"from before")]).0.unwrap();
    let (mut first, mut second, script) =
        (bench.unlock().unwrap(), bench.unlock().unwrap(), bench.unlock().unwrap());
    assert_eq!(first.drafts(&[]).drafts.len(), 1);
    assert_eq!(second.drafts(&[]).drafts.len(), 1);
    // The first window goes on with its draft and leaves another; the second finished it and leaves nothing; a script never
    // knew of any.
    first.lock("idle", &[draft(1, b"written further"), draft(2, b"another")]).0.unwrap();
    second.lock("manual", &[]).0.unwrap();
    script.lock("exit", &[]).0.unwrap();
    let left = bench.unlock().unwrap().drafts(&[]).drafts;
    let left: Vec<&[u8]> = left.iter().map(|draft| draft.content.as_bytes()).collect();
    assert_eq!(left, [b"written further".as_slice(), b"another"]);
}

#[test]
fn a_keyring_that_is_absent_or_answers_nonsense_turns_the_protection_off_and_says_so() {
    use super::anchor::Mood;
    let bench = Bench::new();
    drop(bench.create());
    bench.anchor.set_mood(Mood::Unavailable);
    let vault = bench.unlock().unwrap();
    assert!(matches!(&vault.view().anchor, AnchorStatus::Off(why) if why.contains("cannot be used")));
    drop(vault);
    bench.anchor.set_mood(Mood::Works);
    bench.anchor.plant(bench.file(&bench.path).unwrap().vault(), Some(b"nonsense".to_vec()));
    let vault = bench.unlock().unwrap();
    // It is remembered from now on; that it could not be compared is said for the rest of the session.
    assert!(matches!(&vault.view().anchor, AnchorStatus::Again(why) if why.contains("did not write")));
    drop(vault);
    assert_eq!(bench.unlock().unwrap().view().anchor, AnchorStatus::On);
}

#[test]
fn a_workstation_that_sees_a_vault_for_the_first_time_says_so_for_that_session() {
    let bench = Bench::new();
    let mut vault = bench.create();
    assert_eq!(vault.view().anchor, AnchorStatus::On, "it was made here");
    let id = bench.file(&bench.path).unwrap().vault();
    vault.lock("manual", &[]).0.unwrap();
    bench.anchor.plant(id, None);
    vault = bench.unlock().unwrap();
    assert_eq!(vault.view().anchor, AnchorStatus::First);
    vault.step_up(&password()).unwrap();
    assert_eq!(vault.view().anchor, AnchorStatus::First, "still, after more was recorded");
    drop(vault);
    assert_eq!(bench.unlock().unwrap().view().anchor, AnchorStatus::On);
}

#[test]
fn a_backup_of_a_file_with_a_hole_in_its_log_names_the_hole_and_a_cut_log_is_told_as_cut() {
    let bench = Bench::new();
    let mut vault = bench.create();
    for name in ["one", "two", "three"] {
        vault.perform(Rename(name)).unwrap();
    }
    let size = vault.view().log_size;
    let change = |sql: &str| rusqlite::Connection::open(&bench.path).unwrap().execute_batch(sql).unwrap();
    change("DELETE FROM log WHERE seq = 2");
    let open = |path: &Path| -> Result<Box<dyn Store>, StoreError> { Ok(Box::new(SqliteStore::open(path)?)) };
    let copy = bench.dir.path().join("copy.keyroom");
    let hole = crate::audit::verify::Damage { seq: 2, what: crate::audit::verify::Defect::OutOfOrder };
    let copied = vault.copy_to(&copy, &open, &mut |_, _| std::ops::ControlFlow::Continue(()));
    assert_eq!(copied, Err(VaultError::Log(hole)));
    assert!(!copy.exists());
    drop(vault);
    change(&format!("DELETE FROM log WHERE seq = {}", size - 1));
    let told = bench.unlock().err().unwrap().to_string();
    assert!(told.contains(&format!("ends at {} entries, and {size} were signed", size - 1)), "{told}");
}

#[test]
fn a_backup_opens_and_is_the_same_vault() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let target = bench.dir.path().join("backup.keyroom");
    let open = |path: &Path| -> Result<Box<dyn Store>, StoreError> { Ok(Box::new(SqliteStore::open(path)?)) };
    vault.copy_to(&target, &open, &mut |_, _| std::ops::ControlFlow::Continue(())).unwrap();
    assert!(bench.file(&target).is_ok());
}
