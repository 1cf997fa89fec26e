//! The dialogs, driven as a person would.

use std::cell::RefCell;
use std::rc::Rc;

use egui::{Key, Modifiers, Ui, vec2};

use super::*;
use crate::app::{Command, Done, Reply};
use crate::ui::fixture::Stage;
use crate::ui::offscreen::Driver;
use crate::ui::theme::{self, Theme};
use crate::vault::VaultError;

struct Scene {
    stage: Stage,
    dialogs: Dialogs,
    intents: Vec<Intent>,
}

type Shared = Rc<RefCell<Scene>>;

thread_local! {
    /// How many operations the last batch had.
    static LAST_BATCH: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

fn scene(request: impl FnOnce(KeyId) -> DialogRequest) -> (Driver<impl FnMut(&mut Ui)>, Shared) {
    let stage = Stage::new(30);
    let key = stage.snapshot.unlocked().unwrap().view.find("payments-db").unwrap().id;
    let mut dialogs = Dialogs::default();
    dialogs.open(request(key), &stage.frame());
    driver(Scene { stage, dialogs, intents: Vec::new() })
}

fn driver(scene: Scene) -> (Driver<impl FnMut(&mut Ui)>, Shared) {
    let shared = Rc::new(RefCell::new(scene));
    let inside = Rc::clone(&shared);
    let mut driver = Driver::new(vec2(1000.0, 900.0), move |ui: &mut Ui| {
        let scene = &mut *inside.borrow_mut();
        let intents = scene.dialogs.show(ui.ctx(), &scene.stage.frame());
        scene.intents.extend(intents);
        scene.stage.replies.clear();
    });
    theme::install(driver.ctx(), Theme::Light);
    crate::ui::widgets::install(driver.ctx(), None);
    driver.settle(8);
    (driver, shared)
}

/// The ticket and the kind of the last command that was asked for.
fn sent(scene: &Shared) -> (u64, &'static str) {
    let intents = std::mem::take(&mut scene.borrow_mut().intents);
    let of = |intent: Intent| match intent {
        Intent::App(Command::Act { ticket, .. }) => Some((ticket, "act")),
        Intent::App(Command::Batch { ticket, acts, .. }) => {
            LAST_BATCH.set(acts.len());
            Some((ticket, "batch"))
        }
        Intent::App(Command::ReadCsv { ticket, .. }) => Some((ticket, "read csv")),
        Intent::App(Command::ImportCsv { ticket }) => Some((ticket, "import csv")),
        Intent::App(Command::StepUp { ticket, .. }) => Some((ticket, "step up")),
        Intent::App(Command::ChangePassword { ticket, .. }) => Some((ticket, "change password")),
        _ => None,
    };
    intents.into_iter().filter_map(of).next_back().unwrap_or((0, "nothing"))
}

fn answer(scene: &Shared, ticket: u64, result: Result<Done, VaultError>) {
    scene.borrow_mut().stage.replies.push(Reply { ticket, result });
}

#[test]
fn a_rotation_waits_asks_for_the_password_and_closes_when_it_is_done() {
    let (mut driver, scene) = scene(DialogRequest::Rotate);
    driver.click("Make v8 current").unwrap();
    let (first, kind) = sent(&scene);
    assert_eq!(kind, "act");
    assert!(driver.find("Make v8 current").unwrap().disabled, "it works");
    answer(&scene, first, Err(VaultError::PasswordNeeded));
    driver.settle(6);
    assert!(driver.find("Your password").unwrap().focused);
    driver.type_text("correct horse");
    driver.click("Make v8 current").unwrap();
    let (second, kind) = sent(&scene);
    assert_eq!(kind, "step up");
    answer(&scene, second, Ok(Done::Nothing));
    driver.settle(6);
    let (third, kind) = sent(&scene);
    assert_eq!(kind, "act");
    answer(&scene, third, Ok(Done::Version(8)));
    driver.settle(6);
    let scene = scene.borrow_mut();
    assert!(!scene.dialogs.is_open());
    let offers = scene.intents.iter().any(|i| {
        let Intent::Offer(words, label, DialogRequest::MakeCurrent(_, 7)) = i else { return false };
        words.starts_with("v8 is current. v7") && label == "Make v7 current…"
    });
    assert!(offers, "what was done, and what would take it back");
}

#[test]
fn an_error_is_said_in_its_own_words_and_nothing_typed_is_lost() {
    let (mut driver, scene) = scene(DialogRequest::Suspend);
    assert!(driver.find("Suspend").unwrap().disabled, "there is no reason yet");
    driver.type_text("Under review");
    driver.click("Suspend").unwrap();
    let (ticket, _) = sent(&scene);
    answer(&scene, ticket, Err(VaultError::NoGrant));
    driver.settle(6);
    assert!(
        driver.find("You hold no grant for this key's compartment; ask an administrator for one.").is_some()
    );
    assert_eq!(driver.find("Reason").unwrap().value.as_deref(), Some("Under review"));
}

#[test]
fn a_destruction_needs_the_name_the_reason_and_the_password_and_enter_keeps_the_key() {
    let (mut driver, scene) = scene(DialogRequest::Destroy);
    assert!(driver.find("Keep it").unwrap().focused);
    for (field, text) in [("Reason", "Gone"), ("Type payments-db to destroy its values", "payments-db")] {
        assert!(driver.find("Destroy all values").unwrap().disabled);
        let rect = driver.find(field).unwrap().rect;
        driver.click_at(rect.center());
        driver.type_text(text);
    }
    assert!(driver.find("Destroy all values").unwrap().disabled);
    let rect = driver.find("Your password").unwrap().rect;
    driver.click_at(rect.center());
    driver.type_text("correct horse");
    assert!(!driver.find("Destroy all values").unwrap().disabled);
    driver.key(Key::Enter, Modifiers::NONE);
    assert_eq!(sent(&scene).1, "nothing", "Enter never destroys");
}

#[test]
fn a_name_that_is_long_or_not_on_every_keyboard_need_not_be_typed_to_destroy_its_values() {
    for name in ["production-payments-".repeat(9), "支付数据库主密钥".to_owned()] {
        let mut stage = Stage::new(3);
        stage.change(|unlocked| {
            let view = Arc::make_mut(&mut unlocked.view);
            let mut keys = view.keys.all().to_vec();
            Arc::make_mut(&mut keys[0]).name.clone_from(&name);
            view.keys = crate::vault::Keys::new(keys.clone());
            unlocked.keys = crate::model::search::KeyIndex::new(Arc::clone(&view.settings), keys);
        });
        let key = stage.snapshot.unlocked().unwrap().view.find(&name).unwrap().id;
        let mut dialogs = Dialogs::default();
        dialogs.open(DialogRequest::Destroy(key), &stage.frame());
        let (mut driver, _) = driver(Scene { stage, dialogs, intents: Vec::new() });
        driver.click("Reason").unwrap();
        driver.type_text("leaked");
        driver.click("Your password").unwrap();
        driver.type_text("anything at all");
        assert!(driver.find("Destroy all values").unwrap().disabled);
        let field = driver.find("Type destroy to destroy its values").unwrap();
        assert!(field.rect.width() < 480.0, "the label must not widen the dialog");
        driver.click("Type destroy to destroy its values").unwrap();
        driver.type_text("destroy");
        assert!(!driver.find("Destroy all values").unwrap().disabled);
    }
}

#[test]
fn what_was_typed_survives_a_lock_with_its_secret_and_is_dropped_once_it_is_given_up() {
    let (mut driver, shared) = scene(|_| DialogRequest::NewKey);
    driver.type_text("billing-db");
    driver.click("Paste").ok();
    let segment = driver.find("Where the value comes from").unwrap().rect;
    driver.click_at(segment.left_center() + vec2(120.0, 0.0));
    let field = driver.find("Value").unwrap().rect;
    driver.click_at(field.center());
    driver.type_text("Zq7Xv9Kw3Jy5Qz1V");
    let drafts: Vec<Draft> = {
        let mut scene = shared.borrow_mut();
        assert!(scene.dialogs.take_changed());
        assert!(!scene.dialogs.take_changed());
        scene.dialogs.drafts().into_iter().map(|(id, content)| Draft { id, content }).collect()
    };
    assert_eq!(drafts.len(), 1);
    let secret = drafts[0].content.as_bytes();
    assert!(secret.windows(16).any(|part| part == b"Zq7Xv9Kw3Jy5Qz1V"));
    shared.borrow_mut().dialogs.close_all();
    assert!(shared.borrow_mut().dialogs.drafts().is_empty());
    let id = drafts[0].id;
    shared.borrow_mut().dialogs.restore(drafts);
    driver.settle(8);
    assert_eq!(driver.find("Name").unwrap().value.as_deref(), Some("billing-db"));
    driver.click("Add key").unwrap();
    assert_eq!(sent(&shared).1, "act", "the secret is there again");

    driver.key(Key::Escape, Modifiers::NONE);
    driver.settle(8);
    assert!(shared.borrow_mut().dialogs.is_open(), "what was typed is not discarded unasked");
    driver.click("Discard it").unwrap();
    let mut scene = shared.borrow_mut();
    assert!(!scene.dialogs.is_open());
    assert_eq!(scene.dialogs.take_dropped(), [id]);
}

#[test]
fn a_draft_of_another_layout_is_left_out() {
    let mut dialogs = Dialogs::default();
    let content = SecretBuf::from_slice(&[9, 0, 0, 1, 2, 3]);
    dialogs.restore(vec![Draft { id: DraftId([1; 16]), content }]);
    assert!(dialogs.drafts().is_empty());
    assert_eq!(dialogs.take_dropped(), [DraftId([1; 16])]);
}

#[test]
fn an_edit_kept_by_a_program_that_did_not_know_what_it_was_opened_with_says_what_it_replaces() {
    let stage = Stage::new(30);
    let view = &stage.snapshot.unlocked().unwrap().view;
    let record = view.find("payments-db").unwrap().clone();
    let mut fields = fields::KeyFields::of(&crate::operations::KeyDraft::from_record(&record), view);
    fields.owner = "somebody.else".into();
    let mut kept = kept::Kept::new(kept::What::Edit, Some(record.id), record.key_type);
    kept.keep_fields(&fields);
    let mut dialogs = Dialogs::default();
    dialogs.restore(vec![Draft { id: DraftId([1; 16]), content: kept.write().unwrap() }]);
    let (mut driver, scene) = driver(Scene { stage, dialogs, intents: Vec::new() });
    let words = format!("Owner is {} in the vault: saving replaces it.", record.owner);
    assert!(driver.find(&words).is_some(), "{:?}", driver.all());
    driver.click("Save changes").unwrap();
    assert_eq!(sent(&scene).1, "act");
}

#[test]
fn every_request_about_a_key_opens_a_dialog_that_says_why_it_cannot_go_on() {
    use DialogRequest as D;
    let requests: Vec<fn(KeyId) -> D> = vec![
        |key| D::MakeCurrent(key, 6),
        |key| D::RetireVersion(key, 6),
        D::Resume,
        D::Deactivate,
        D::Compromised,
        D::ScheduleDestroy,
        D::CancelDestroy,
        |key| D::DestroyVersion(key, 5),
        |key| D::Export(key, None),
        |_| D::Import,
        |_| D::ExportLog,
        |_| D::ChangePassword,
        |_| D::PasswordExposed,
        D::EditKey,
        |_| D::NewKey,
    ];
    for request in requests {
        let (driver, scene) = scene(request);
        let is_blocked = driver.all().into_iter().any(|found| {
            found.role == egui::accesskit::Role::Button && found.disabled && !found.label.is_empty()
        });
        // A suspended key whose period is over has no button that resumes it: the title says so, and what leads on stands below.
        let is_refused = driver.all().into_iter().any(|found| found.label.ends_with(" cannot be resumed"));
        assert!((is_blocked || is_refused) && scene.borrow_mut().dialogs.is_open(), "{:?}", driver.all());
    }
}

/// A dialog about several keys, by their names.
fn several(
    names: &[&str],
    request: impl FnOnce(Vec<KeyId>) -> DialogRequest,
) -> (Driver<impl FnMut(&mut Ui)>, Shared, Vec<KeyId>) {
    let stage = Stage::new(60);
    let view = Arc::clone(&stage.snapshot.unlocked().unwrap().view);
    let ids: Vec<KeyId> = names.iter().map(|name| view.find(name).unwrap().id).collect();
    let mut dialogs = Dialogs::default();
    dialogs.open(request(ids.clone()), &stage.frame());
    let (driver, shared) = driver(Scene { stage, dialogs, intents: Vec::new() });
    (driver, shared, ids)
}

/// The names of keys that are in use, and of one that is not.
fn some_and_one_destroyed() -> (Vec<String>, String) {
    let stage = Stage::new(60);
    let keys = stage.snapshot.unlocked().unwrap().view.keys.all().to_vec();
    let active = keys.iter().filter(|key| key.state == crate::model::KeyState::Active).take(3);
    let gone = keys.iter().find(|key| key.state == crate::model::KeyState::Destroyed).unwrap();
    (active.map(|key| key.name.clone()).collect(), gone.name.clone())
}

#[test]
fn several_keys_are_edited_in_one_go_those_left_out_are_named_and_failures_are_listed() {
    let (names, gone) = some_and_one_destroyed();
    let mut all: Vec<&str> = names.iter().map(String::as_str).collect();
    all.push(&gone);
    let (mut driver, scene, _) = several(&all, |ids| DialogRequest::Bulk(crate::ui::frame::Bulk::Owner, ids));
    assert!(driver.find("Set the owner of 3 keys").is_some());
    assert!(driver.find("1 of the 4 selected keys is left out:").is_some());
    assert!(driver.find("It is destroyed").is_some());
    assert!(driver.find("Owner").unwrap().focused);
    driver.type_text("ops-team");
    driver.click("Set owner").unwrap();
    let (ticket, kind) = sent(&scene);
    assert_eq!((kind, LAST_BATCH.get()), ("batch", 3), "each key is its own operation");
    let results = vec![Ok(()), Err(VaultError::NoGrant)];
    answer(&scene, ticket, Ok(Done::Each(Arc::new(results))));
    driver.settle(6);
    assert!(driver.find("Done with 1 of 3 keys").is_some(), "{:?}", driver.all());
    assert!(driver.find("owner set").is_some());
    assert!(driver.find("not done: it was stopped before").is_some(), "the third was never tried");
    driver.click("Close").unwrap();
    assert!(!scene.borrow_mut().dialogs.is_open());
}

#[test]
fn many_keys_are_deactivated_only_after_their_number_was_typed() {
    let stage = Stage::new(60);
    let keys = stage.snapshot.unlocked().unwrap().view.keys.all().to_vec();
    let active = keys.iter().filter(|key| key.state == crate::model::KeyState::Active).take(12);
    let names: Vec<String> = active.map(|key| key.name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (mut driver, scene, _) =
        several(&names, |ids| DialogRequest::Bulk(crate::ui::frame::Bulk::Deactivate, ids));
    assert!(driver.find("Keep them in use").unwrap().focused, "the safe answer has the focus");
    driver.click("Reason").unwrap();
    driver.type_text("The service was shut down");
    assert!(driver.find("Deactivate").unwrap().disabled);
    driver.click("Type 12 to be sure").unwrap();
    driver.type_text("12");
    driver.click("Deactivate").unwrap();
    assert_eq!((sent(&scene).1, LAST_BATCH.get()), ("batch", 12));
}

#[test]
fn keys_are_rotated_one_after_the_other_skipped_and_summed_up() {
    let (names, gone) = some_and_one_destroyed();
    let mut all: Vec<&str> = names.iter().map(String::as_str).collect();
    all.push(&gone);
    let (mut driver, scene, _) = several(&all, DialogRequest::RotateEach);
    assert!(driver.find("It is destroyed").is_some(), "who is left out is said first");
    driver.click("Start").unwrap();
    driver.settle(6);
    assert!(driver.find(&format!("1 of 3: {}", names[0])).is_some(), "{:?}", driver.all());
    // A lock in the middle: the key at hand and those after it come back.
    let drafts = scene.borrow_mut().dialogs.drafts();
    assert_eq!(drafts.len(), 1);
    let kept = kept::Kept::read(&drafts[0].1).unwrap();
    assert_eq!((kept.others.len(), kept.key.is_some()), (2, true));
    driver.click("Skip this key").unwrap();
    driver.settle(6);
    assert!(driver.find(&format!("2 of 3: {}", names[1])).is_some());
    let make = |driver: &Driver<_>| {
        let all = driver.all().into_iter();
        all.map(|found| found.label).find(|l| l.starts_with("Make v") && l.ends_with(" current")).unwrap()
    };
    for place in [1, 2] {
        // Types that cannot be made here ask for a value.
        if driver.find("Generate").is_none() {
            driver.click("Value").unwrap();
            driver.type_text("a value that was never used");
        }
        let label = make(&driver);
        if driver.find(&label).unwrap().disabled {
            driver.click("Skip this key").unwrap();
            driver.settle(6);
            continue;
        }
        driver.click(&label).unwrap();
        let (ticket, kind) = sent(&scene);
        assert_eq!(kind, "act", "{place}");
        driver.settle(2);
        assert!(driver.find("Skip this key").unwrap().disabled, "the answer is about the key at hand");
        answer(&scene, ticket, Ok(Done::Version(9)));
        driver.settle(6);
    }
    let title = driver.all().into_iter().map(|found| found.label).find(|l| l.ends_with("of 3 keys rotated"));
    assert!(title.is_some_and(|title| title.starts_with(['1', '2'])), "{:?}", driver.all());
    assert!(driver.find("skipped").is_some());
    assert!(scene.borrow_mut().dialogs.drafts().is_empty(), "what is over does not come back after a lock");
}

#[test]
fn rows_are_looked_at_before_they_are_imported_and_dropped_when_they_are_not_wanted() {
    use crate::app::{Preview, PreviewRow};
    let (mut driver, scene) = scene(|_| DialogRequest::Import);
    driver.type_text("/tmp/keys.csv");
    driver.click("Look at the rows").unwrap();
    let (ticket, kind) = sent(&scene);
    assert_eq!(kind, "read csv");
    let row = |line, name: &str, problem: Option<&str>| PreviewRow {
        line,
        name: name.to_owned(),
        key_type: Some(crate::model::KeyType::Password),
        problem: problem.map(str::to_owned),
    };
    let preview = Preview {
        file: "keys.csv".to_owned(),
        rows: vec![row(2, "new-db", None), row(3, "payments-db", Some("a key named payments-db exists"))],
        ignored: vec!["URL".to_owned()],
        mapped: vec![("Title".to_owned(), "name")],
    };
    answer(&scene, ticket, Ok(Done::Preview(Arc::new(preview))));
    driver.settle(6);
    for words in [
        "1 row can be imported, 1 row not. Nothing is written yet.",
        "Columns read under another name: Title as name.",
        "Columns that are not read: URL.",
        "will be imported",
    ] {
        assert!(driver.find(words).is_some(), "{words}: {:?}", driver.all());
    }
    driver.click("Import nothing").unwrap();
    driver.settle(4);
    let mut scene = scene.borrow_mut();
    assert!(!scene.dialogs.is_open());
    assert!(scene.intents.drain(..).any(|i| matches!(i, Intent::App(Command::ForgetCsv))));
}

#[test]
fn rows_that_are_still_being_read_are_dropped_too_when_the_dialog_goes() {
    let forgets = |scene: &Shared| {
        scene.borrow_mut().intents.drain(..).any(|i| matches!(i, Intent::App(Command::ForgetCsv)))
    };
    for other in [false, true] {
        let (mut driver, scene) = scene(|_| DialogRequest::Import);
        driver.type_text("/tmp/keys.csv");
        driver.click("Look at the rows").unwrap();
        assert_eq!(sent(&scene).1, "read csv");
        if other {
            let mut scene = scene.borrow_mut();
            let Scene { stage, dialogs, .. } = &mut *scene;
            dialogs.open(DialogRequest::NewKey, &stage.frame());
        } else {
            driver.click("Cancel").unwrap();
        }
        driver.settle(4);
        assert!(forgets(&scene), "another dialog: {other}");
    }
}

#[test]
fn a_value_shown_in_one_dialog_is_hidden_in_the_next() {
    let (mut driver, scene) = scene(|_| DialogRequest::NewKey);
    driver.click("Paste").unwrap();
    driver.settle(2);
    driver.click("Show value").unwrap();
    driver.settle(2);
    assert!(driver.find("Hide value").is_some());
    {
        let mut scene = scene.borrow_mut();
        let Scene { stage, dialogs, .. } = &mut *scene;
        dialogs.open(DialogRequest::NewKey, &stage.frame());
    }
    driver.settle(4);
    driver.click("Paste").unwrap();
    driver.settle(2);
    assert!(driver.find("Show value").is_some() && driver.find("Hide value").is_none(), "{:?}", driver.all());
}

#[test]
fn every_text_of_a_form_survives_a_lock_in_its_place() {
    let mut fields = fields::KeyFields { left_name: true, critical: true, ..fields::KeyFields::default() };
    for (n, text) in fields.texts_mut().into_iter().enumerate() {
        *text = format!("text {n}");
    }
    let mut kept = kept::Kept::new(kept::What::New, None, crate::model::KeyType::Password);
    kept.keep_fields(&fields);
    let written = kept.write().unwrap();
    assert!(kept::Kept::read(&written).unwrap().fields() == fields);
}
