//! What a secret field leaves behind in egui: nothing.

use super::*;
use crate::crypto::memory::SecretBuf;
use crate::ui::offscreen::Driver;
use crate::ui::theme::{self, Theme};
use egui::accesskit::Role;
use egui::{Event, FullOutput, Key, Modifiers, Plugin, Shape, TextEdit, Ui, vec2};
use std::sync::{Arc, Mutex};

const NEEDLE: &str = "Zq7#mVault!9xK-pw";

/// Every text egui was about to draw or to say, pass by pass.
#[derive(Clone, Default)]
struct Ears(Arc<Mutex<Vec<String>>>);

impl Plugin for Ears {
    fn debug_name(&self) -> &'static str {
        "test ears"
    }

    fn output_hook(&mut self, _ctx: &egui::Context, output: &mut FullOutput) {
        let mut heard = self.0.lock().unwrap();
        for clipped in &output.shapes {
            texts(&clipped.shape, &mut heard);
        }
        heard.push(format!("{:?}", output.platform_output.commands));
        if let Some(update) = &output.platform_output.accesskit_update {
            heard.push(format!("{update:?}"));
        }
    }
}

fn texts(shape: &Shape, heard: &mut Vec<String>) {
    match shape {
        Shape::Text(text) => heard.push(text.galley.text().to_owned()),
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| texts(shape, heard)),
        _ => {}
    }
}

/// Whether any three neighbours of the needle stand together in anything heard.
fn heard_any(ears: &Ears) -> Option<String> {
    let needle: Vec<char> = NEEDLE.chars().collect();
    let heard = ears.0.lock().unwrap();
    needle.windows(3).find_map(|part| {
        let part: String = part.iter().collect();
        heard.iter().find(|text| text.contains(&part)).cloned()
    })
}

struct Clip(&'static str);

impl PasteSource for Clip {
    fn read_into(&mut self, buf: &mut SecretBuf) {
        buf.push(self.0.as_bytes()).unwrap();
    }
}

struct Page {
    secret: SecretBuf,
    plain: String,
    focus: bool,
    label: bool,
    submitted: bool,
}

type Shared = Arc<Mutex<Page>>;

fn page(focus: bool) -> (Driver<impl FnMut(&mut Ui)>, Shared, Ears) {
    let page = Page {
        secret: SecretBuf::with_capacity(4096),
        plain: String::new(),
        focus,
        label: false,
        submitted: false,
    };
    let shared = Arc::new(Mutex::new(page));
    let inside = shared.clone();
    let driver = Driver::new(vec2(400.0, 300.0), move |ui: &mut Ui| {
        let page = &mut *inside.lock().unwrap();
        ui.add(TextEdit::singleline(&mut page.plain).id_salt("plain")).accessible_name("Plain");
        let shown = SecretEdit::new("Password", &mut page.secret).show_toggle().show(ui);
        page.submitted |= shown.submitted;
        if std::mem::take(&mut page.focus) {
            shown.response.request_focus();
        }
        if page.label {
            secret_label(ui, "payments-db", &page.secret);
        }
    });
    theme::install(driver.ctx(), Theme::Light);
    SecretSink::install(driver.ctx(), Some(Box::new(Clip(NEEDLE))));
    let ears = Ears::default();
    driver.ctx().add_plugin(ears.clone());
    (driver, shared, ears)
}

fn content(shared: &Shared) -> String {
    shared.lock().unwrap().secret.as_str().unwrap().to_owned()
}

fn press(driver: &mut Driver<impl FnMut(&mut Ui)>, key: Key) {
    driver.key(key, Modifiers::NONE);
}

#[test]
fn typed_text_ends_in_the_buffer_and_nowhere_else() {
    let (mut driver, shared, ears) = page(true);
    driver.settle(4);
    driver.type_text(NEEDLE);
    assert_eq!(content(&shared), NEEDLE);
    assert_eq!(heard_any(&ears), None);
    let events = driver.ctx().input(|i| format!("{:?} {:?}", i.events, i.raw.events));
    assert!(!events.contains("Text"), "{events}");
}

#[test]
fn pasted_text_ends_in_the_buffer_and_nowhere_else() {
    let (mut driver, shared, ears) = page(true);
    driver.settle(4);
    driver.key(Key::V, Modifiers::COMMAND);
    assert_eq!(content(&shared), NEEDLE);
    driver.event(Event::Paste("\nline two".into()));
    driver.step();
    assert_eq!(content(&shared), format!("{NEEDLE}\nline two"), "newlines are kept");
    assert_eq!(heard_any(&ears), None);
}

#[test]
fn characters_that_arrive_with_the_focus_do_not_stay_in_egui() {
    let (mut driver, shared, ears) = page(false);
    driver.settle(4);
    let field = driver.find_role(Role::PasswordInput, "Password").unwrap();
    driver.hover(field.rect.center());
    for pressed in [true, false] {
        driver.event(Event::PointerButton {
            pos: field.rect.center(),
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    driver.event(Event::Text(NEEDLE.into()));
    driver.step();
    let left = driver.ctx().input(|i| format!("{:?} {:?}", i.events, i.raw.events));
    assert!(!left.contains("Vault"), "{left}");
    driver.settle(4);
    assert_eq!(content(&shared), NEEDLE);
    assert_eq!(heard_any(&ears), None);
}

#[test]
fn undo_brings_nothing_back() {
    let (mut driver, shared, _) = page(true);
    driver.settle(4);
    driver.type_text(NEEDLE);
    driver.key(Key::A, Modifiers::COMMAND);
    press(&mut driver, Key::Backspace);
    assert_eq!(content(&shared), "");
    driver.key(Key::Z, Modifiers::COMMAND);
    driver.key(Key::Y, Modifiers::COMMAND);
    assert_eq!(content(&shared), "");
}

#[test]
fn the_caret_moves_and_deletes_by_whole_characters() {
    let (mut driver, shared, _) = page(true);
    driver.settle(4);
    driver.type_text("aéz");
    press(&mut driver, Key::ArrowLeft);
    press(&mut driver, Key::Backspace);
    assert_eq!(content(&shared), "az");
    press(&mut driver, Key::Home);
    press(&mut driver, Key::Delete);
    driver.type_text("ü");
    assert_eq!(content(&shared), "üz");
    press(&mut driver, Key::End);
    driver.key(Key::Backspace, Modifiers::COMMAND);
    assert_eq!(content(&shared), "");
}

#[test]
fn keys_and_text_of_one_frame_keep_their_order() {
    let (mut driver, shared, _) = page(true);
    driver.settle(4);
    let key = |key| Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    for event in [Event::Text("ab".into()), key(Key::Backspace), Event::Text("c".into())] {
        driver.event(event);
    }
    driver.step();
    assert_eq!(content(&shared), "ac");
}

#[test]
fn a_revealed_secret_is_painted_but_never_said() {
    let (mut driver, shared, ears) = page(true);
    driver.settle(4);
    driver.type_text(NEEDLE);
    shared.lock().unwrap().label = true;
    driver.click("Show password").unwrap();
    driver.settle(4);
    assert_eq!(heard_any(&ears), None);
    let heard = ears.0.lock().unwrap().clone();
    for c in NEEDLE.chars() {
        assert!(heard.contains(&c.to_string()), "{c} was not painted");
    }
    let label = driver.all().into_iter().find(|f| f.label.contains("revealed")).unwrap();
    assert_eq!(label.label, "Secret of payments-db, revealed on the screen only");
}

#[test]
fn the_accessible_value_does_not_tell_the_length() {
    let (mut driver, _, _) = page(true);
    driver.settle(4);
    driver.type_text("abc");
    let field = driver.find_role(Role::PasswordInput, "Password").unwrap();
    assert_eq!(field.value.as_deref(), Some("••••••••••••"));
}

#[test]
fn enter_submits_and_shortcuts_of_the_window_pass() {
    let (mut driver, shared, _) = page(true);
    driver.settle(4);
    press(&mut driver, Key::Enter);
    assert!(shared.lock().unwrap().submitted);
    driver.event(Event::Key {
        key: Key::L,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::COMMAND,
    });
    driver.step();
    assert!(driver.ctx().input(|i| i.key_pressed(Key::L)), "Ctrl+L must still lock");
}

#[cfg(not(target_os = "macos"))]
#[test]
fn on_and_back_of_a_wizard_pass_and_their_letters_are_not_typed() {
    let (mut driver, shared, _) = page(true);
    driver.settle(4);
    let alone =
        |key, modifiers| Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    driver.event(alone(Key::N, Modifiers::ALT));
    driver.event(Event::Text("n".to_owned()));
    driver.step();
    assert!(driver.ctx().input(|i| i.key_pressed(Key::N)), "Alt+N must reach the wizard");
    assert_eq!(content(&shared), "");
    driver.event(alone(Key::N, Modifiers::NONE));
    driver.event(Event::Text("n".to_owned()));
    driver.step();
    assert_eq!(content(&shared), "n");
}

#[test]
fn ordinary_fields_still_paste_with_the_keyboard() {
    let (mut driver, shared, _) = page(false);
    driver.settle(4);
    driver.click("Plain").unwrap();
    driver.key(Key::V, Modifiers::COMMAND);
    assert_eq!(shared.lock().unwrap().plain, NEEDLE);
    assert_eq!(content(&shared), "");
}

#[test]
fn clearing_the_sink_forgets_what_was_caught() {
    let (mut driver, shared, _) = page(true);
    driver.settle(4);
    driver.type_text("abc");
    SecretSink::clear(driver.ctx());
    shared.lock().unwrap().secret.clear();
    driver.settle(4);
    assert_eq!(content(&shared), "");
}

#[test]
fn the_curtain_has_more_glyphs_than_a_revealed_secret() {
    let mut driver = Driver::new(vec2(800.0, 400.0), |ui: &mut Ui| curtain(ui));
    theme::install(driver.ctx(), Theme::Dark);
    let ears = Ears::default();
    driver.ctx().add_plugin(ears.clone());
    driver.step();
    driver.step();
    let glyphs = ears.0.lock().unwrap().iter().filter(|text| *text == "#").count();
    assert!(glyphs >= 2048);
    let image = driver.screenshot();
    let first = image.pixel(0, 0);
    assert!(image.rgba.chunks(4).all(|px| px == first), "the curtain is not to be seen");
}

#[test]
fn caps_lock_is_said_in_words_once_a_letter_shows_it_and_not_for_what_was_pasted() {
    let (mut driver, _, _) = page(true);
    driver.settle(4);
    let mut press = |key: Option<Key>, modifiers: Modifiers, text: &str| {
        if let Some(key) = key {
            driver.event(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
        }
        if !text.is_empty() {
            driver.event(Event::Text(text.to_owned()));
        }
        driver.step();
        driver.step();
        driver.find("Caps Lock seems to be on.").is_some()
    };
    assert!(!press(Some(Key::A), Modifiers::NONE, "a"));
    assert!(!press(Some(Key::A), Modifiers::SHIFT, "A"));
    assert!(!press(None, Modifiers::NONE, "PASTED OR COMPOSED"));
    assert!(!press(Some(Key::Num1), Modifiers::NONE, "1"));
    assert!(press(Some(Key::A), Modifiers::NONE, "A"));
    assert!(press(Some(Key::Num1), Modifiers::NONE, "1"), "a digit says nothing");
    assert!(!press(Some(Key::A), Modifiers::NONE, "a"));
    assert!(press(Some(Key::A), Modifiers::SHIFT, "a"), "with Shift it makes small letters");
    assert!(!press(Some(Key::CapsLock), Modifiers::NONE, ""));
}
