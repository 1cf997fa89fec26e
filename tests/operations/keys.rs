//! Putting keys in, changing what is known about them, and reading their values.

use keyroom::formats::csv_import::{self, ImportedKey};
use keyroom::formats::{FormatError, GenerateOptions};
use keyroom::model::text::TextError;
use keyroom::model::{
    Change, KeyAround, KeyState, KeyType, Object, Origin, Outcome, PolicyChoice, PolicyId, Settings, Severity,
};
use keyroom::operations::*;
use keyroom::vault::{Vault, VaultError};

use crate::bench::*;

fn create(vault: &mut Vault, draft: KeyDraft, value: NewValue) -> Result<keyroom::model::KeyId, VaultError> {
    vault.perform(CreateKey { draft, value, activate: true })
}

#[test]
fn a_key_is_stored_with_everything_that_is_known_about_it() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let draft = KeyDraft {
        name: "  payments-db ".into(),
        owner: "a.novak".into(),
        tags: vec!["prod".into(), "pci".into(), "prod".into()],
        critical: true,
        ..KeyDraft::new("", KeyType::Aes256)
    };
    let hex = "00112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978";
    let file = "/home/somebody/keys/db.hex".to_owned();
    let id = create(&mut vault, draft, NewValue::Imported { bytes: buf(&format!("{hex}\n")), file }).unwrap();
    let now = key(&vault, id);
    assert_eq!((now.name.as_str(), now.owner.as_str(), now.critical), ("payments-db", "a.novak", true));
    assert_eq!(now.tags, ["pci", "prod"]);
    assert_eq!((now.state, now.activated, now.created), (KeyState::Active, Some(START), START));
    let version = &now.versions[0];
    assert_eq!((version.number, version.length, version.by.as_str()), (1, 32, "m.ito"));
    assert_eq!(version.origin, Origin::Imported { file: "db.hex".into() });
    assert_eq!(version.description, "AES, 256 bits");
    assert!(version.check_value.as_ref().unwrap().starts_with("cmac-aes:"));
    assert_eq!(KeyDraft::from_record(&now).check().unwrap(), KeyDraft::from_record(&now));
}

#[test]
fn every_type_that_can_be_made_here_is_made_and_described_by_its_exact_strength() {
    let bench = Bench::new();
    let mut vault = bench.create();
    for key_type in KeyType::ALL {
        let value = NewValue::Generate(GenerateOptions::default());
        let made = create(&mut vault, KeyDraft::new(key_type.word(), key_type), value);
        if key_type.can_generate() {
            let id = made.unwrap();
            assert_eq!(key(&vault, id).versions[0].origin, Origin::Generated);
        } else {
            assert!(matches!(made, Err(VaultError::Format(FormatError::CannotGenerate { .. }))));
        }
    }
}

#[test]
fn a_draft_that_cannot_be_stored_is_refused_by_name_and_nothing_of_it_goes_into_the_log() {
    let bench = Bench::new();
    let mut vault = bench.create();
    add(&mut vault, "taken", "some value");
    let named = |name: &str| KeyDraft::new(name, KeyType::Password);
    let unknown = PolicyChoice::Named(PolicyId([99; 16]));
    let unexplained = PolicyChoice::Exempt { reason: " ".into() };
    let drafts = [
        (named(""), VaultError::Text(TextError::Empty { field: "the name" })),
        (named("taken"), VaultError::NameTaken("taken".into())),
        (
            named("a\u{202E}b"),
            VaultError::Text(TextError::Invisible { field: "the name", code: 0x202E, position: 2 }),
        ),
        (
            named(&"x".repeat(1 << 20)),
            VaultError::Text(TextError::TooLong { field: "the name", len: 1 << 20, max: 256 }),
        ),
        (KeyDraft { policy: unknown, ..named("a") }, VaultError::NoSuchPolicy),
        (KeyDraft { policy: unexplained, ..named("a") }, VaultError::ReasonNeeded),
    ];
    for (draft, expected) in drafts {
        let result = create(&mut vault, draft, NewValue::Entered(buf("another value")));
        assert_eq!(result, Err(expected.clone()));
        let event = last_event(&mut vault);
        assert_eq!((event.outcome, event.reason), (Outcome::Refused, expected.to_string()));
        assert_eq!(event.object, Object::Keys { count: 1 });
    }
    assert_eq!(vault.view().keys.all().len(), 1);
}

#[test]
fn rows_of_a_file_go_in_at_once_and_each_is_reported() {
    let bench = Bench::new();
    let mut vault = bench.create();
    add(&mut vault, "taken", "some value");
    let csv = "name,type,secret,owner,system,tags\nnew,password,first secret,a.novak,payments,pci prod\n\
               taken,text,second secret,,,\nfile,file,AP8=,,,\n";
    let rows: Vec<ImportedKey> =
        csv_import::parse(&buf(csv)).unwrap().rows.into_iter().map(|row| row.result.unwrap()).collect();
    let before = vault.view().log_size;
    let outcomes = vault.perform(ImportKeys::new(&rows, "folder/keys.csv")).unwrap();
    assert_eq!(vault.view().log_size, before + 1);
    let done: Vec<_> = outcomes.iter().map(|o| (o.name.as_str(), o.result.is_ok())).collect();
    assert_eq!(done, [("new", true), ("taken", false), ("file", true)]);
    assert_eq!(outcomes[1].result, Err("a key named taken already exists".into()));
    let now = key(&vault, *outcomes[0].result.as_ref().unwrap());
    assert_eq!(
        (now.owner.as_str(), now.system.as_str(), now.state),
        ("a.novak", "payments", KeyState::Active)
    );
    assert_eq!(now.versions[0].origin, Origin::Imported { file: "keys.csv".into() });
    let event = last_event(&mut vault);
    assert_eq!(event.object, Object::Keys { count: 2 });
    let changes: Vec<_> = event.changes.iter().map(|c| (c.field.as_str(), c.after.as_str())).collect();
    assert_eq!(changes, [("file", "keys.csv"), ("key", "new"), ("key", "file")]);
}

#[test]
fn the_same_name_twice_in_one_import_goes_in_once() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let row = |n: usize| ImportedKey {
        name: format!("key {}", n % 10),
        key_type: KeyType::Text,
        secret: buf(&format!("secret {n}")),
        owner: String::new(),
        system: String::new(),
        tags: Vec::new(),
        further: Default::default(),
    };
    let rows: Vec<_> = (0..30).map(row).collect();
    let outcomes = vault.perform(ImportKeys::new(&rows, "keys.csv")).unwrap();
    assert!(outcomes.iter().enumerate().all(|(n, o)| o.result.is_ok() == (n < 10)));
    check(&mut vault, &mut go_on).unwrap();
}

#[test]
fn an_edit_says_what_each_field_was_and_so_can_be_taken_back() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "some value");
    let older = add(&mut vault, "older", "older value");
    let before = KeyDraft::from_record(&key(&vault, id));
    let policy = PolicyChoice::Named(Settings::default().policies[6].id);
    let draft = KeyDraft {
        name: "payments-db".into(),
        note: "two\nlines".into(),
        critical: true,
        policy,
        around: KeyAround { sponsor: "k.lind".into(), replaces: Some(older), ..KeyAround::default() },
        ..before.clone()
    };
    vault.perform(EditKey::of(&key(&vault, id), draft.clone())).unwrap();
    let event = last_event(&mut vault);
    let changes: Vec<_> =
        event.changes.iter().map(|c| (c.field.as_str(), c.before.as_str(), c.after.as_str())).collect();
    let expected = [
        ("name", "db", "payments-db"),
        ("note", "", "two\nlines"),
        ("critical", "no", "yes"),
        ("policy", "the type's default", "Yearly"),
        ("sponsor", "", "k.lind"),
        ("replaces", "", "older"),
    ];
    assert_eq!(changes, expected);
    assert_eq!((KeyDraft::from_record(&key(&vault, id)), event.severity), (draft, Severity::Info));
    for (edited, replaces, name) in [(older, id, "older"), (id, id, "payments-db")] {
        let now = KeyDraft::from_record(&key(&vault, edited));
        let around = KeyAround { replaces: Some(replaces), ..KeyAround::default() };
        let refused = vault.perform(EditKey::of(&key(&vault, edited), KeyDraft { around, ..now }));
        assert_eq!(refused, Err(VaultError::ReplacesItself(name.into())));
    }
    vault.perform(EditKey::of(&key(&vault, id), before.clone())).unwrap();
    assert_eq!(KeyDraft::from_record(&key(&vault, id)), before);
    assert_eq!(last_event(&mut vault).severity, Severity::Warn, "it is not watched any more");
    vault.perform(EditKey::of(&key(&vault, id), before.clone())).unwrap();
    assert_eq!(last_event(&mut vault).changes, []);
    let other = KeyDraft { key_type: KeyType::Text, ..before.clone() };
    assert_eq!(vault.perform(EditKey::of(&key(&vault, id), other)), Err(VaultError::TypeFixed("db".into())));
    add(&mut vault, "taken", "another value");
    let taken = KeyDraft { name: "taken".into(), ..before };
    assert_eq!(
        vault.perform(EditKey::of(&key(&vault, id), taken)),
        Err(VaultError::NameTaken("taken".into()))
    );
}

#[test]
fn an_edit_writes_only_the_fields_it_changes_and_none_that_was_changed_meanwhile() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "some value");
    let opened = key(&vault, id);
    let draft = |change: fn(&mut KeyDraft)| {
        let mut draft = KeyDraft::from_record(&opened);
        change(&mut draft);
        EditKey::of(&opened, draft)
    };
    vault.perform(draft(|d| (d.owner, d.system) = ("b.chen".into(), "billing".into()))).unwrap();
    vault.perform(draft(|d| d.purpose = "Login".into())).unwrap();
    // The same wish twice is no clash.
    vault.perform(draft(|d| (d.owner, d.contact) = ("b.chen".into(), "oncall".into()))).unwrap();
    let clash = vault.perform(draft(|d| {
        (d.owner, d.note, d.system) = ("a.novak".into(), "lost".into(), "payments".into());
    }));
    let fields = vec!["owner".to_owned(), "system".to_owned()];
    assert_eq!(clash, Err(VaultError::ChangedMeanwhile { key: "db".into(), fields }));
    assert_eq!(last_event(&mut vault).outcome, Outcome::Refused);
    let now = key(&vault, id);
    assert_eq!([&now.owner, &now.system, &now.purpose, &now.note], ["b.chen", "billing", "Login", ""]);
    assert_eq!(now.later.contact, "oncall");
    // When a value ends is said of that value: of another one it is a clash, whatever was said of it.
    let (value, reason) = (NewValue::Entered(buf("another value")), "due".to_owned());
    let (overlap_days, expires, keep_schedule, compromise) = (None, None, false, None);
    vault
        .perform(Rotate { key: id, value, reason, overlap_days, expires, keep_schedule, compromise })
        .unwrap();
    let ends = vault.perform(draft(|d| d.expires = Some(START.plus_days(9))));
    assert!(matches!(ends, Err(VaultError::ChangedMeanwhile { .. })), "{ends:?}");
}

#[test]
fn tags_are_added_and_removed() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "some value");
    let words = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    vault.perform(TagKey { key: id, add: words(&["prod", "pci"]), remove: Vec::new() }).unwrap();
    vault.perform(TagKey { key: id, add: words(&[" eu "]), remove: words(&["prod", "none"]) }).unwrap();
    assert_eq!(key(&vault, id).tags, ["eu", "pci"]);
    assert_eq!(last_event(&mut vault).changes, [Change::of("tags", "pci prod", "eu pci").unwrap()]);
    let many = (0..33).map(|n| format!("t{n}")).collect();
    let refused = vault.perform(TagKey { key: id, add: many, remove: Vec::new() });
    assert!(matches!(refused, Err(VaultError::Text(TextError::TooManyTags { count: 35 }))));
    let bad = vault.perform(TagKey { key: id, add: words(&["a\u{200B}"]), remove: Vec::new() });
    assert!(matches!(bad, Err(VaultError::Text(TextError::Invisible { .. }))));
}

#[test]
fn reading_a_value_is_marked_on_the_key_and_weighs_more_where_it_should() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let id = add(&mut vault, "db", "some value");
    let never = key(&vault, id);
    assert!(!never.ever_revealed && !never.ever_copied && !never.ever_exported && never.last_used.is_none());
    bench.days_later(1);
    let revealed = vault.perform(Reveal { key: id, version: None, reason: String::new() }).unwrap();
    assert_eq!((revealed.value.as_str(), revealed.version), (Some("some value"), 1));
    assert_eq!(last_event(&mut vault).severity, Severity::Notice);
    let copied = vault.perform(Copy { key: id, version: None, reason: String::new() }).unwrap();
    assert_eq!((copied.text.as_str(), copied.clear_after_s), (Some("some value"), 15));
    vault.perform(ExportOne { key: id, version: None, reason: "migration".into() }).unwrap();
    let now = key(&vault, id);
    assert!(now.ever_revealed && now.ever_copied && now.ever_exported);
    assert_eq!(now.last_used, Some(START.plus_days(1)));
    assert_eq!((now.later.uses, now.later.last_revealed), (3, Some(START.plus_days(1))));
    let reveal = |vault: &mut Vault| {
        vault.perform(Reveal { key: id, version: None, reason: String::new() }).unwrap();
        last_event(vault).severity
    };
    vault.perform(ScheduleDestroy { key: id, days: None, reason: "old".into() }).unwrap();
    assert_eq!(reveal(&mut vault), Severity::Warn, "somebody still needs what is to be destroyed");
    vault.perform(CancelDestroy { key: id, reason: "needed".into() }).unwrap();
    vault.perform(Suspend { key: id, reason: "looked into".into(), review_by: None }).unwrap();
    assert_eq!(reveal(&mut vault), Severity::Warn);
    vault.perform(Resume { key: id, reason: "fine".into() }).unwrap();
    assert_eq!(reveal(&mut vault), Severity::Notice);
    let draft = KeyDraft { critical: true, ..KeyDraft::from_record(&key(&vault, id)) };
    vault.perform(EditKey::of(&key(&vault, id), draft)).unwrap();
    assert_eq!(reveal(&mut vault), Severity::Warn);
}

#[test]
fn the_settings_decide_whether_reading_asks_for_the_password_and_a_reason() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let id = add(&mut vault, "db", "some value");
    let strict = Settings {
        reveal_needs_password: true,
        reveal_needs_reason: true,
        ..Settings::clone(&vault.view().settings)
    };
    vault.perform(ChangeSettings::of(&vault.view().settings, strict, "")).unwrap();
    let read = |vault: &mut Vault, reason: &str| {
        let (one, two): (String, String) = (reason.into(), reason.into());
        let revealed = vault.perform(Reveal { key: id, version: None, reason: one }).err();
        let copied = vault.perform(Copy { key: id, version: None, reason: two }).err();
        assert_eq!(revealed, copied);
        revealed
    };
    assert_eq!(read(&mut vault, ""), Some(VaultError::ReasonNeeded));
    assert_eq!(read(&mut vault, "incident 12"), None);
    drop(vault);
    let mut vault = bench.unlock("m.ito", PASSWORD).unwrap();
    assert_eq!(read(&mut vault, "incident 12"), Some(VaultError::PasswordNeeded));
    step_up(&mut vault, &buf(PASSWORD)).unwrap();
    assert_eq!(read(&mut vault, "incident 12"), None);
    let export = vault.perform(ExportOne { key: id, version: None, reason: " ".into() });
    assert_eq!(export.err(), Some(VaultError::ReasonNeeded));
}

#[test]
fn an_act_on_a_key_that_is_not_there_is_refused_and_recorded() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let missing = keyroom::model::KeyId([9; 16]);
    let result = vault.perform(Suspend { key: missing, reason: "x".into(), review_by: None });
    assert_eq!(result, Err(VaultError::NoSuchKey(missing.to_string())));
    assert_eq!(last_event(&mut vault).object.key_id(), Some(missing));
}
