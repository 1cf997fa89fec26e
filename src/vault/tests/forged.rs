//! Entries written past the one door, by who holds real keys: by an operator who was replaced, with the file's older copy and
//! their older password, and by one whose role does not allow it. Honest programs must not believe them.

use super::*;
use crate::audit::export::{ExportError, ExportWriter, verify_dir};
use crate::audit::roster::{Roster, SignedRoster};
use crate::audit::verify::{Damage, Defect};
use crate::model::OperatorId;
use crate::store::Table;
use crate::vault::anchor::NoAnchor;
use crate::vault::anchored::Anchor;
use crate::vault::commit::Staged;

/// A vault whose password was exposed, and what the thief makes of an older copy of it.
struct Exposed {
    bench: Bench,
    honest: Vault,
    thief: Vault,
    new: SecretBuf,
    /// What the workstation remembers when the forgery begins.
    remembered: Option<Vec<u8>>,
}

impl Exposed {
    fn new() -> Self {
        let bench = Bench::new();
        let mut honest = bench.create();
        let stolen = bench.dir.path().join("stolen.keyroom");
        std::fs::copy(&bench.path, &stolen).unwrap();
        let new = SecretBuf::from_slice(b"another long password");
        expose(&mut honest, &new);
        let remembered = bench.anchor.peek(honest.id);
        let unlock = Unlock { password: &password(), operator: None, accept_restored: None };
        let thief = bench.file(&stolen).unwrap().unlock(unanchored(&bench), &unlock);
        let mut thief = thief.map_err(|(_, error)| error).unwrap();
        go_to(&mut thief, &honest, &bench);
        Self { bench, honest, thief, new, remembered }
    }

    fn unlock(&self, env: Environment) -> Result<Vault, VaultError> {
        let unlock = Unlock { password: &self.new, operator: None, accept_restored: None };
        self.bench.file(&self.bench.path)?.unlock(env, &unlock).map_err(|(_, error)| error)
    }
}

fn unanchored(bench: &Bench) -> Environment {
    Environment { anchor: Arc::new(NoAnchor), ..bench.env() }
}

/// Puts a vault, keys, roster and all, at the end of another one's log in the bench's file.
fn go_to(vault: &mut Vault, other: &Vault, bench: &Bench) {
    vault.store = Box::new(SqliteStore::open(&bench.path).unwrap());
    (vault.frontier, vault.state) = (other.frontier.clone(), other.state.clone());
    vault.last_leaf = other.last_leaf;
}

/// Deletes the settings and says so in a signed entry, without asking anybody; tells its number.
fn forge(vault: &mut Vault, action: Action) -> u64 {
    let seq = vault.frontier.size();
    let mut staged = Staged::new();
    let mut delete = |row: crate::store::RowRef<'_>| {
        staged.insert((row.table, row.id.to_vec()), None);
        std::ops::ControlFlow::Continue(())
    };
    vault.store.rows(Table::Settings, &mut delete).unwrap();
    assert!(!staged.is_empty());
    add(vault, action, staged);
    seq
}

fn add(vault: &mut Vault, action: Action, staged: Staged) {
    vault.store.begin().unwrap();
    let details = vault.details(Entry::new(action, Object::Vault));
    vault.commit(action, &details, staged).unwrap();
}

fn damage<T>(seq: u64, what: Defect) -> Result<T, VaultError> {
    Err(VaultError::Log(Damage { seq, what }))
}

#[test]
fn who_was_replaced_cannot_go_on_with_the_log() {
    let mut exposed = Exposed::new();
    let seq = forge(&mut exposed.thief, Action::VaultSettings);
    assert_eq!(exposed.honest.refresh(), damage(seq, Defect::OldRoster), "a session that is open");
    assert_eq!(exposed.unlock(exposed.bench.env()).err(), damage::<Vault>(seq, Defect::OldRoster).err());
    let no_keyring = exposed.unlock(unanchored(&exposed.bench)).err();
    assert_eq!(
        no_keyring,
        damage::<Vault>(seq, Defect::OldRoster).err(),
        "a workstation that remembers nothing"
    );
}

#[test]
fn what_they_wrote_stays_unbelieved_below_an_honest_entry() {
    let mut exposed = Exposed::new();
    let before = exposed.thief.state.clone();
    let seq = exposed.thief.frontier.size();
    add(&mut exposed.thief, Action::SessionLock, Staged::new());
    assert_eq!(exposed.thief.state.root(), before.root());
    // As a program would that does not look.
    go_to(&mut exposed.honest, &exposed.thief, &exposed.bench);
    add(&mut exposed.honest, Action::SessionLock, Staged::new());
    assert_eq!(
        verify(&mut exposed.honest).err(),
        damage::<Checked>(seq, Defect::OldRoster).err(),
        "verified whole"
    );
    exposed.bench.anchor.plant(exposed.honest.id, exposed.remembered.clone());
    let unlocked = exposed.unlock(exposed.bench.env()).err();
    assert_eq!(
        unlocked,
        damage::<Vault>(seq, Defect::OldRoster).err(),
        "since what the workstation remembers"
    );
}

#[test]
fn the_keyring_hears_of_a_new_roster_and_of_the_entry_that_brought_it_at_once() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let saves = bench.anchor.saves();
    vault.perform(Enrol("s.okafor", Role::Auditor)).unwrap();
    // Twice would be once with the roster of before: cut off between the two, who was replaced could go on from there.
    assert_eq!(bench.anchor.saves(), saves + 1);
    let anchor = Anchor::decode(&bench.anchor.peek(vault.id).unwrap()).unwrap();
    assert_eq!((anchor.roster, &anchor.frontier), (vault.roster.current().hash(), &vault.frontier));
}

/// A roster in the place of the newest: with one administrator more, signed by who signed the real one.
fn with_another_administrator(vault: &Vault, version: u32) -> SignedRoster {
    let before = vault.roster.version(version - 1).unwrap();
    let mut operators = vault.roster.current().operators.clone();
    let added = crate::model::Operator {
        id: OperatorId([77; 16]),
        name: "m.ito".into(),
        verify_key: *vault.keys.sign.public().as_bytes(),
        ..operators[0].clone()
    };
    operators.push(added);
    SignedRoster::sign(vault.id, version, before.hash(), operators, vault.keys.operator, &vault.keys.sign)
}

#[test]
fn a_roster_that_was_written_anew_is_not_the_one_its_entry_brought() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let seq = vault.view().log_size;
    vault.perform(Enrol("s.okafor", Role::Auditor)).unwrap();
    vault.perform(Rename("after")).unwrap();
    verify(&mut vault).unwrap();
    assert_eq!(exported(&mut vault), Ok(vault.view().log_size));
    let real = vault.roster.clone();
    let first = real.version(1).unwrap().clone();
    let forged = with_another_administrator(&vault, 2);
    vault.roster = Roster::verify(vault.id, vec![first, forged], None).unwrap();
    assert_eq!(verify(&mut vault).err(), damage::<Checked>(seq, Defect::OtherRoster).err());
    // One that no entry brought counts for none.
    vault.roster = real;
    vault.roster.extend(with_another_administrator(&vault, 3)).unwrap();
    assert_eq!(exported(&mut vault).err(), Some(ExportError::RosterNotInLog { version: 3 }));
    let seq = vault.view().log_size;
    add(&mut vault, Action::SessionLock, Staged::new());
    assert_eq!(verify(&mut vault).err(), damage::<Checked>(seq, Defect::OtherRoster).err());
}

/// What a third party finds in an export of this vault.
fn exported(vault: &mut Vault) -> Result<u64, ExportError> {
    let folder = tempfile::tempdir().unwrap();
    let (dir, roster, size) = (folder.path().join("export"), vault.roster.clone(), vault.view().log_size);
    let mut writer = ExportWriter::create(&dir, true).unwrap();
    let mut write = |entry: log::Export| {
        writer.entry(&entry.record, &roster).unwrap();
        std::ops::ControlFlow::Continue(())
    };
    vault.export_log(0, size, &mut write).unwrap();
    writer.finish(&vault.checkpoint_note().unwrap(), &roster).unwrap();
    verify_dir(&dir, &mut |_, _| std::ops::ControlFlow::Continue(())).map(|check| check.entries)
}

#[test]
fn an_auditor_s_entry_over_a_row_is_refused_where_nothing_is_remembered() {
    let bench = Bench::new();
    let mut vault = bench.create();
    vault.perform(Enrol("s.okafor", Role::Auditor)).unwrap();
    let password = password();
    let as_operator = |name| Unlock { password: &password, operator: Some(name), accept_restored: None };
    let unlock = |name| {
        let file = bench.file(&bench.path).unwrap();
        file.unlock(unanchored(&bench), &as_operator(name)).map_err(|(_, error)| error)
    };
    let mut auditor = unlock("s.okafor").unwrap();
    let seq = forge(&mut auditor, Action::VaultSettings);
    assert_eq!(unlock("m.ito").err(), damage::<Vault>(seq, Defect::NotAllowed).err());
}
