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
    let toast = scene
        .intents
        .iter()
        .any(|i| matches!(i, Intent::Toast(_, words) if words.starts_with("v8 is current. v7")));
    assert!(toast);
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
        assert!(is_blocked && scene.borrow_mut().dialogs.is_open(), "{:?}", driver.all());
    }
}
