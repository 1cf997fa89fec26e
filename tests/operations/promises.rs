//! The promises every operation keeps, each checked for all of them: one row per operation.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use keyroom::app::platform::files::NewFile;
use keyroom::crypto::kdf::KdfParams;
use keyroom::formats::GenerateOptions;
use keyroom::formats::csv_import::ImportedKey;
use keyroom::guard::unusual::Rule;
use keyroom::model::state::CompromiseReason;
use keyroom::model::{Action, KeyId, KeyType, LockReason, Object, Outcome, Role, Settings, Severity};
use keyroom::operations::*;
use keyroom::vault::{Vault, VaultError};

use crate::bench::*;
use crate::faulty::{Fault, Wrong};

/// What an entry must be about.
enum About {
    Vault,
    Key(Option<u32>),
    NewKey,
    Keys(u32),
    Me,
    NewOperator,
}

struct Case {
    /// As its file under `src/operations` is called.
    name: &'static str,
    /// What the log says of it: one entry, or several where it is done in steps.
    actions: Vec<Action>,
    /// Which of them an auditor is refused.
    refused_at: usize,
    about: About,
    /// Makes the key it is done to, in the state it needs.
    prepare: fn(&Context<'_>, &mut Vault, &str) -> KeyId,
    run: fn(&Context<'_>, &mut Vault, KeyId) -> Result<(), VaultError>,
    auditor_may: bool,
    new_password: Option<&'static str>,
}

struct Context<'b> {
    bench: &'b Bench,
    operator: &'static str,
    password: &'static str,
    /// What is wrong with the disk of every program here.
    fault: Fault,
    /// A session of another program, to be locked.
    other: RefCell<Option<Vault>>,
}

impl<'b> Context<'b> {
    fn new(bench: &'b Bench, fault: Fault) -> Self {
        Self { bench, operator: "m.ito", password: PASSWORD, fault, other: RefCell::default() }
    }

    /// Another program unlocks the file.
    fn unlock(&self) -> Result<Vault, VaultError> {
        self.bench.unlock_faulty(self.operator, self.password, &self.fault)
    }
}

const REASON: &str = "because";
/// The file of a list of keys.
const LIST: &str = "keys.csv";

fn active(_: &Context<'_>, vault: &mut Vault, name: &str) -> KeyId {
    add(vault, name, &format!("value of {name}, long enough"))
}

fn pre_active(_: &Context<'_>, vault: &mut Vault, name: &str) -> KeyId {
    let value = NewValue::Generate(GenerateOptions::default());
    vault.perform(CreateKey { draft: KeyDraft::new(name, KeyType::Aes256), value, activate: false }).unwrap()
}

fn suspended(c: &Context<'_>, vault: &mut Vault, name: &str) -> KeyId {
    let key = active(c, vault, name);
    vault.perform(Suspend { key, reason: REASON.into(), review_by: None }).unwrap();
    key
}

fn scheduled(c: &Context<'_>, vault: &mut Vault, name: &str) -> KeyId {
    let key = active(c, vault, name);
    vault.perform(ScheduleDestroy { key, days: Some(7), reason: REASON.into() }).unwrap();
    key
}

fn rotated(c: &Context<'_>, vault: &mut Vault, name: &str) -> KeyId {
    let key = active(c, vault, name);
    rotate(vault, key).unwrap();
    key
}

/// Whose owner was written by an edit.
fn edited(c: &Context<'_>, vault: &mut Vault, name: &str) -> KeyId {
    let key = active(c, vault, name);
    let draft = KeyDraft { owner: "a.novak".into(), ..KeyDraft::from_record(&crate::bench::key(vault, key)) };
    vault.perform(EditKey::of(&crate::bench::key(vault, key), draft)).unwrap();
    key
}

/// With a session of another program.
fn with_another(c: &Context<'_>, vault: &mut Vault, name: &str) -> KeyId {
    *c.other.borrow_mut() = Some(c.unlock().unwrap());
    vault.refresh().unwrap();
    active(c, vault, name)
}

fn rotate(vault: &mut Vault, key: KeyId) -> Result<(), VaultError> {
    let value = NewValue::Generate(GenerateOptions::default());
    vault
        .perform(Rotate {
            key,
            value,
            reason: REASON.into(),
            overlap_days: Some(3),
            expires: None,
            keep_schedule: false,
            compromise: None,
        })
        .map(|_| ())
}

fn row(name: &str) -> ImportedKey {
    ImportedKey {
        name: name.into(),
        key_type: KeyType::Text,
        secret: buf("imported text"),
        owner: String::new(),
        system: String::new(),
        tags: Vec::new(),
        further: Default::default(),
    }
}

macro_rules! case {
    ($name:literal, $action:ident, $about:expr, $prepare:ident, $run:expr) => {
        Case {
            name: $name,
            actions: vec![Action::$action],
            refused_at: 0,
            about: $about,
            prepare: $prepare,
            run: $run,
            auditor_may: false,
            new_password: None,
        }
    };
}

/// What an auditor may do as well.
const FOR_AUDITORS: [&str; 10] = [
    "export list",
    "answer finding",
    "unlock",
    "lock",
    "step up",
    "verify log",
    "check",
    "export log",
    "backup",
    "change password",
];

fn cases() -> Vec<Case> {
    let mut cases = vec![
        case!("create key", KeyCreate, About::NewKey, active, |_, v, _| {
            let draft = KeyDraft::new("created", KeyType::Password);
            let value = NewValue::Generate(GenerateOptions::default());
            v.perform(CreateKey { draft, value, activate: true }).map(|_| ())
        }),
        case!("import keys", KeyImport, About::Keys(2), active, |_, v, _| {
            let rows = [row("one"), row("two")];
            v.perform(ImportKeys::new(&rows, "keys.csv")).map(|_| ())
        }),
        case!("edit key", KeyEdit, About::Key(None), active, |_, v, key| {
            let draft =
                KeyDraft { owner: "a.novak".into(), ..KeyDraft::from_record(&crate::bench::key(v, key)) };
            v.perform(EditKey::of(&crate::bench::key(v, key), draft))
        }),
        case!("tag key", KeyTag, About::Key(None), active, |_, v, key| {
            v.perform(TagKey { key, add: vec!["pci".into()], remove: Vec::new() })
        }),
        case!("activate", KeyActivate, About::Key(None), pre_active, |_, v, key| {
            v.perform(Activate { key, reason: String::new() })
        }),
        case!("suspend", KeySuspend, About::Key(None), active, |_, v, key| {
            v.perform(Suspend { key, reason: REASON.into(), review_by: None })
        }),
        case!("resume", KeyResume, About::Key(None), suspended, |_, v, key| {
            v.perform(Resume { key, reason: REASON.into() })
        }),
        case!("deactivate", KeyDeactivate, About::Key(None), active, |_, v, key| {
            v.perform(Deactivate { key, reason: REASON.into() })
        }),
        case!("reveal", SecretReveal, About::Key(Some(1)), active, |_, v, key| {
            v.perform(Reveal { key, version: None, reason: REASON.into() }).map(|_| ())
        }),
        case!("hide", SecretHide, About::Key(Some(1)), active, |_, v, key| v
            .perform(Hide { key, version: 1 })),
        case!("copy", SecretCopy, About::Key(Some(1)), active, |_, v, key| {
            v.perform(Copy { key, version: None, reason: REASON.into() }).map(|_| ())
        }),
        case!("export one", SecretExport, About::Key(Some(1)), active, |_, v, key| {
            v.perform(ExportOne { key, version: None, reason: REASON.into() }).map(|_| ())
        }),
        case!("export list", KeyExportList, About::Keys(1), active, |c, v, key| {
            let (list, to) = (ExportList { keys: &[key], to: LIST }, c.bench.dir.path().join(LIST));
            let write = |file: NewFile, text: &str| file.write(text.as_bytes()).map(|_| ());
            export_list(v, list, || NewFile::create(&to), write)
        }),
        case!("rotate", RotationComplete, About::Key(Some(2)), active, |_, v, key| rotate(v, key)),
        case!("make current", RotationRevert, About::Key(Some(1)), rotated, |_, v, key| {
            v.perform(MakeCurrent { key, version: 1, reason: REASON.into() })
        }),
        case!("retire version", RotationRetire, About::Key(Some(1)), rotated, |_, v, key| {
            v.perform(RetireVersion { key, version: 1, reason: REASON.into() })
        }),
        case!("mark compromised", KeyCompromised, About::Key(None), active, |_, v, key| {
            let (reason, noticed) = (CompromiseReason::KeyCompromise, START);
            let (occurred, note) = (START.plus_days(-1), "found in a paste".to_owned());
            v.perform(MarkCompromised { key, reason, occurred, noticed, note })
        }),
        case!("schedule destroy", KeyScheduleDestroy, About::Key(None), active, |_, v, key| {
            v.perform(ScheduleDestroy { key, days: None, reason: REASON.into() })
        }),
        case!("cancel destroy", KeyCancelDestroy, About::Key(None), scheduled, |_, v, key| {
            v.perform(CancelDestroy { key, reason: REASON.into() })
        }),
        case!("destroy", KeyDestroy, About::Key(None), pre_active, |_, v, key| {
            v.perform(Destroy { key, reason: REASON.into() })
        }),
        case!("destroy version", KeyDestroy, About::Key(Some(1)), rotated, |_, v, key| {
            v.perform(DestroyVersion { key, version: 1, reason: REASON.into() })
        }),
        case!("put back", KeyEdit, About::Key(None), edited, |_, v, key| {
            let after = crate::bench::key(v, key);
            let before = keyroom::model::KeyRecord { owner: String::new(), ..after.clone() };
            v.perform(PutBack(FieldEdit::between(&before, &after).unwrap())).map(|_| ())
        }),
        case!("change settings", VaultSettings, About::Vault, active, |_, v, _| {
            let settings = Settings { idle_lock_min: 2, ..Settings::clone(&v.view().settings) };
            v.perform(ChangeSettings::of(&v.view().settings, settings, REASON))
        }),
        case!("enrol operator", OperatorEnrol, About::NewOperator, active, |_, v, _| {
            let compartments = v.view().compartments.iter().map(|c| c.id).collect();
            let (name, role, password) =
                ("b.chen".to_owned(), Role::Custodian, strong("maple orbit lantern quartz canyon drift"));
            v.perform(EnrolOperator { name, role, password, params: KdfParams::FLOOR, compartments })
                .map(|_| ())
        }),
        case!("answer finding", AuditAnswer, About::Vault, active, |_, v, _| {
            let (rule, note) = (Rule::OffHours, REASON.to_owned());
            v.perform(AnswerFinding { rule, seq: 0, expected: true, note })
        }),
        case!("unlock", SessionUnlock, About::Vault, active, |c, v, _| {
            drop(c.unlock()?);
            v.refresh().map(|_| ())
        }),
        case!("lock", SessionLock, About::Vault, with_another, |c, v, _| {
            let other = c.other.borrow_mut().take().unwrap();
            lock(other, LockReason::ByHand, &[]).0?;
            v.refresh().map(|_| ())
        }),
        case!("step up", SessionStepUp, About::Vault, active, |c, v, _| step_up(v, &buf(c.password))),
        case!("verify log", AuditVerify, About::Vault, active, |_, v, _| verify_log(v, &mut go_on)
            .map(|_| ())),
        case!("check", VaultCheck, About::Vault, active, |_, v, _| check(v, &mut go_on).map(|_| ())),
        case!("export log", AuditExport, About::Vault, active, |c, v, _| {
            export_log(v, &c.bench.dir.path().join("export"), true).map(|_| ())
        }),
        case!("backup", VaultBackup, About::Vault, active, |c, v, _| {
            backup(v, &c.bench.dir.path().join("backup.keyroom"), &mut go_on)
        }),
        case!("change unlock time", OperatorPassword, About::Me, active, |c, v, _| {
            let params = KdfParams { passes: KdfParams::FLOOR.passes + 1, ..KdfParams::FLOOR };
            change_unlock_time(v, &buf(c.password), params)
        }),
        case!("password exposed", OperatorExposed, About::Me, active, |c, v, _| {
            password_exposed(
                v,
                &buf(c.password),
                &strong("copper violin thunder sail maple quartz"),
                KdfParams::FLOOR,
                REASON,
                &mut go_on,
            )
        }),
        case!("change password", OperatorPassword, About::Me, active, |c, v, _| {
            let (old, new) = (buf(c.password), strong("amber canyon whistle drift lantern sage"));
            v.perform(ChangePassword { old, new, params: KdfParams::FLOOR })
        }),
    ];
    for case in &mut cases {
        case.auditor_may = FOR_AUDITORS.contains(&case.name);
        if case.name == "change unlock time" {
            // The password, the policy for all, the operator's own slot.
            case.actions = vec![Action::SessionStepUp, Action::VaultSettings, Action::OperatorSlotUpgrade];
            case.refused_at = 1;
        }
        case.new_password = match case.name {
            "password exposed" => Some("copper violin thunder sail maple quartz"),
            "change password" => Some("amber canyon whistle drift lantern sage"),
            _ => None,
        };
    }
    cases
}

fn assert_about(vault: &mut Vault, case: &Case, key: KeyId) {
    let object = last_event(vault).object;
    let fits = match (&case.about, &object) {
        (About::Vault, Object::Vault) => true,
        (About::Key(expected), Object::Key { id, name, version }) => {
            *id == key && name == case.name && version == expected
        }
        (About::NewKey, Object::Key { id, version: Some(1), .. }) => *id != key,
        (About::Keys(expected), Object::Keys { count }) => expected == count,
        (About::Me, Object::Operator { name, .. }) => name == "m.ito",
        (About::NewOperator, Object::Operator { name, .. }) => name == "b.chen",
        _ => false,
    };
    assert!(fits, "{}: recorded about {object:?}", case.name);
}

/// The last `count` entries of the log.
fn last_actions(vault: &mut Vault, count: usize) -> Vec<Action> {
    vault.last_events(count as u64).unwrap().iter().map(|event| event.action).collect()
}

#[test]
fn every_file_of_the_folder_of_operations_is_one_of_the_cases() {
    // What they share, what is done before there is a vault that could record it, what begins with another file, and what
    // only reads the log: those have tests of their own.
    let others = [
        "mod",
        "common",
        "field_edit",
        "settings_edit",
        "new_value",
        "new_password",
        "create_vault",
        "open_vault",
        "accept_restored",
        "findings",
        "undelivered",
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/operations");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: BTreeSet<String> =
        names.map(|path| path.file_stem().unwrap().to_str().unwrap().into()).collect();
    let cases: BTreeSet<String> = cases().iter().map(|case| case.name.replace(' ', "_")).collect();
    let without: Vec<_> = files.iter().filter(|name| !cases.contains(*name)).collect();
    assert_eq!(without.len(), others.len(), "without a case: {without:?}");
    assert!(without.iter().all(|name| others.contains(&name.as_str())), "without a case: {without:?}");
    let alone: Vec<_> = cases.iter().filter(|name| !files.contains(*name)).collect();
    assert!(alone.is_empty(), "cases that are no operation any more: {alone:?}");
}

#[test]
fn every_operation_is_done_and_recorded_exactly_once() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let mut context = Context::new(&bench, Fault::default());
    for case in cases() {
        let key = (case.prepare)(&context, &mut vault, case.name);
        let before = vault.view().log_size;
        (case.run)(&context, &mut vault, key).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(vault.view().log_size, before + case.actions.len() as u64, "{}", case.name);
        assert_eq!(last_actions(&mut vault, case.actions.len()), case.actions, "{}", case.name);
        assert_eq!(last_event(&mut vault).outcome, Outcome::Done, "{}", case.name);
        assert_about(&mut vault, &case, key);
        context.password = case.new_password.unwrap_or(context.password);
    }
    verify_log(&mut vault, &mut go_on).unwrap();
    // What was published is what is in the file.
    let published = vault.view();
    drop(vault);
    let vault = bench.unlock("m.ito", context.password).unwrap();
    assert!(vault.view().keys.all() == published.keys.all());
    assert_eq!(vault.view().settings, published.settings);
}

/// A key for each case, and an auditor who may see them all.
fn with_an_auditor(context: &Context<'_>, vault: &mut Vault, cases: &[Case]) -> Vec<KeyId> {
    let keys = cases.iter().map(|case| (case.prepare)(context, vault, case.name)).collect();
    let (name, password, params) = ("s.okafor".to_owned(), strong(PASSWORD), KdfParams::FLOOR);
    let compartments: Vec<_> = vault.view().compartments.iter().map(|c| c.id).collect();
    vault.perform(EnrolOperator { name, role: Role::Auditor, password, params, compartments }).unwrap();
    keys
}

#[test]
fn every_operation_that_changes_or_reads_keys_is_refused_to_an_auditor_and_recorded_as_refused() {
    let bench = Bench::new();
    let mut context = Context::new(&bench, Fault::default());
    let mut vault = bench.create();
    let cases = cases();
    let keys = with_an_auditor(&context, &mut vault, &cases);
    drop(vault);
    context.operator = "s.okafor";
    let mut auditor = context.unlock().unwrap();
    for (case, key) in cases.iter().zip(keys) {
        let before = auditor.view();
        let result = (case.run)(&context, &mut auditor, key);
        let entries = case.refused_at + 1;
        assert_eq!(auditor.view().log_size, before.log_size + entries as u64, "{}", case.name);
        assert_eq!(last_actions(&mut auditor, entries), case.actions[..entries], "{}", case.name);
        let event = last_event(&mut auditor);
        if case.auditor_may {
            assert_eq!((result, event.outcome), (Ok(()), Outcome::Done), "{}", case.name);
        } else {
            let error = result.unwrap_err();
            use VaultError::{ExposedNeedsAdministrator, NotPermitted};
            let is_right = matches!(error, NotPermitted { .. } | ExposedNeedsAdministrator { .. });
            assert!(is_right, "{}: {error}", case.name);
            assert_eq!((event.outcome, event.reason), (Outcome::Refused, error.to_string()), "{}", case.name);
            assert!(event.severity >= Severity::Notice, "{}", case.name);
            assert!(
                event.changes.iter().all(|c| c.field == "reason given"),
                "{}: {:?}",
                case.name,
                event.changes
            );
            assert!(auditor.view().keys.all() == before.keys.all(), "{}", case.name);
        }
    }
    verify_log(&mut auditor, &mut go_on).unwrap();
}

/// Runs a case with something wrong: it must fail for that reason, and leave everything as it was.
fn must_not_be_recorded(context: &Context<'_>, vault: &mut Vault, case: &Case, key: KeyId, wrong: Wrong) {
    let name = format!("{}, {wrong:?}", case.name);
    let (view, file) = (vault.view(), std::fs::read(&context.bench.path).unwrap());
    context.fault.set(Some(wrong));
    let result = (case.run)(context, vault, key);
    context.fault.set(None);
    let expected = VaultError::NotRecorded { action: case.actions[0], cause: wrong.error() };
    assert_eq!(result, Err(expected), "{name}");
    let now = vault.view();
    assert!(now.keys.all() == view.keys.all(), "{name}");
    assert!(now.settings == view.settings && now.roster == view.roster && now.me == view.me, "{name}");
    assert_eq!((now.log_size, now.log_root), (view.log_size, view.log_root), "{name}");
    assert_eq!(now.session, view.session, "{name}");
    assert!(std::fs::read(&context.bench.path).unwrap() == file, "{name}: the file changed");
    for left in ["export", "backup.keyroom", LIST] {
        assert!(!context.bench.dir.path().join(left).exists(), "{name}: {left} is there");
    }
}

#[test]
fn no_operation_is_done_that_cannot_be_recorded() {
    let bench = Bench::new();
    let (vault, fault) = bench.create_faulty();
    let mut vault = stepped_up(vault);
    let context = Context::new(&bench, fault);
    for case in cases() {
        for wrong in Wrong::ALL {
            let key = (case.prepare)(&context, &mut vault, &format!("{}, {wrong:?}", case.name));
            if case.name == "step up" {
                bench.clock.advance(Duration::from_secs(3600));
                assert!(!vault.is_stepped_up());
            }
            must_not_be_recorded(&context, &mut vault, &case, key, wrong);
            if case.name == "step up" {
                assert!(!vault.is_stepped_up());
                vault = stepped_up(vault);
            }
        }
    }
    verify_log(&mut vault, &mut go_on).unwrap();
    drop(vault);
    bench.unlock("m.ito", PASSWORD).unwrap();
}

#[test]
fn a_refusal_that_cannot_be_recorded_is_told_as_that_and_nothing_is_done_either() {
    let bench = Bench::new();
    let mut context = Context::new(&bench, Fault::default());
    let mut vault = bench.create();
    let mut cases = cases();
    cases.retain(|case| !case.auditor_may);
    let keys = with_an_auditor(&context, &mut vault, &cases);
    drop(vault);
    context.operator = "s.okafor";
    let mut auditor = context.unlock().unwrap();
    for (case, key) in cases.iter().zip(keys) {
        for wrong in Wrong::ALL {
            must_not_be_recorded(&context, &mut auditor, case, key, wrong);
        }
    }
    verify_log(&mut auditor, &mut go_on).unwrap();
}

#[test]
fn what_asks_for_the_password_again_is_refused_without_it_and_when_it_is_too_long_ago() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let context = Context::new(&bench, Fault::default());
    let asking = ["export one", "destroy", "destroy version", "change settings"];
    let cases: Vec<_> = cases().into_iter().filter(|case| asking.contains(&case.name)).collect();
    let keys: Vec<_> = cases.iter().map(|case| (case.prepare)(&context, &mut vault, case.name)).collect();
    let refused = |vault: &mut Vault| {
        for (case, key) in cases.iter().zip(&keys) {
            let result = (case.run)(&context, vault, *key);
            assert_eq!(result, Err(VaultError::PasswordNeeded), "{}", case.name);
            assert_eq!(last_event(vault).outcome, Outcome::Refused);
        }
    };
    refused(&mut vault);
    step_up(&mut vault, &buf(PASSWORD)).unwrap();
    bench.clock.advance(Duration::from_secs(5 * 60 + 1));
    refused(&mut vault);
    assert_eq!(step_up(&mut vault, &buf("wrong")), Err(VaultError::WrongPassword));
    assert_eq!(last_event(&mut vault).outcome, Outcome::Failed);
    refused(&mut vault);
}

#[test]
fn a_second_program_sees_what_the_first_one_did_and_adds_to_it() {
    let bench = Bench::new();
    let mut first = bench.create();
    let id = add(&mut first, "db", "the first value");
    let mut second = bench.unlock("m.ito", PASSWORD).unwrap();
    rotate(&mut first, id).unwrap();
    assert_eq!(key(&second, id).current_number(), 1);
    // It does not look by itself: its next operation notices what it must follow first.
    rotate(&mut second, id).unwrap();
    assert_eq!(key(&second, id).current_number(), 3);
    assert!(first.refresh().unwrap());
    assert!(key(&first, id) == key(&second, id));
    // Each verifies while the other goes on writing.
    for _ in 0..3 {
        verify_log(&mut first, &mut go_on).unwrap();
        rotate(&mut second, id).unwrap();
        check(&mut first, &mut go_on).unwrap();
        check(&mut second, &mut go_on).unwrap();
    }
}
