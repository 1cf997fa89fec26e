//! The Keys page and its dialogs, driven by mouse and keyboard.

#![allow(clippy::unwrap_used, reason = "a test ends where the ground it stands on is missing")]

use std::cell::RefCell;
use std::rc::Rc;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, Ui, UiBuilder, Vec2, pos2, vec2};
use keyroom::app::Command;
use keyroom::model::KeyId;
use keyroom::ui::dialogs::Dialogs;
use keyroom::ui::fixture::Stage;
use keyroom::ui::frame::{DialogRequest, Intent};
use keyroom::ui::offscreen::Driver;
use keyroom::ui::screens::keys;
use keyroom::ui::theme::{self, Theme};
use keyroom::ui::widgets;

const LARGE: Vec2 = vec2(1360.0, 860.0);

/// What stands on the screen, and what it asked for.
struct Scene {
    stage: Stage,
    keys: keys::State,
    dialogs: Dialogs,
    intents: Vec<Intent>,
}

impl Scene {
    fn new(count: usize) -> Self {
        let (keys, dialogs) = (keys::State::default(), Dialogs::default());
        Self { stage: Stage::new(count), keys, dialogs, intents: Vec::new() }
    }

    /// The page where the window's frame leaves room for it.
    fn show(&mut self, ui: &mut Ui) {
        let t = theme::tokens(ui.ctx());
        let full = ui.ctx().content_rect();
        let rail = if full.width() < 1180.0 { 56.0 } else { 200.0 };
        ui.painter().rect_filled(full, 0, t.bg);
        let page = Rect::from_min_max(pos2(rail + 1.0, 44.0), full.max - vec2(0.0, 24.0));
        ui.painter().rect_filled(page, 0, t.surface);
        ui.painter().rect_stroke(page, 0, (1.0, t.hairline), egui::StrokeKind::Outside);
        let mut child = ui.new_child(UiBuilder::new().max_rect(page));
        let intents = keys::show(&mut child, &self.stage.frame(), &mut self.keys);
        self.intents.extend(intents);
        let intents = self.dialogs.show(ui.ctx(), &self.stage.frame());
        self.intents.extend(intents);
        self.stage.replies.clear();
    }
}

/// A scene with a dialog open.
fn asking(request: impl FnOnce(KeyId) -> DialogRequest, name: &str) -> Scene {
    let mut scene = Scene::new(60);
    let key = id(&scene, name);
    scene.keys.open_key(key);
    scene.dialogs.open(request(key), &scene.stage.frame());
    scene
}

fn drive(size: Vec2, theme: Theme, scene: Scene) -> (Driver<impl FnMut(&mut Ui)>, Rc<RefCell<Scene>>) {
    let scene = Rc::new(RefCell::new(scene));
    let inside = Rc::clone(&scene);
    let mut driver = Driver::new(size, move |ui: &mut Ui| inside.borrow_mut().show(ui));
    theme::install(driver.ctx(), theme);
    widgets::install(driver.ctx(), None);
    driver.settle(6);
    // Dialogs fade in.
    for _ in 0..3 {
        driver.pass_time(1.0);
        driver.settle(4);
    }
    (driver, scene)
}

fn id(scene: &Scene, name: &str) -> KeyId {
    scene.stage.snapshot.unlocked().unwrap().view.find(name).unwrap().id
}

/// What the page asked for since the last call, in words.
fn asked(scene: &Rc<RefCell<Scene>>) -> Vec<String> {
    let mut scene = scene.borrow_mut();
    let words = |intent: &Intent| match intent {
        Intent::App(Command::CopyPlain(text)) => format!("copy {text}"),
        Intent::App(Command::Reveal { .. }) => "reveal".to_owned(),
        Intent::App(Command::Hide) => "hide".to_owned(),
        Intent::Open(request) => format!("open {request:?}").split('(').next().unwrap_or_default().to_owned(),
        Intent::Toast(..) => "toast".to_owned(),
        Intent::ShowAudit(query) => format!("audit {query}"),
        _ => "other".to_owned(),
    };
    scene.intents.drain(..).map(|intent| words(&intent)).collect()
}

#[test]
fn the_table_is_worked_with_the_keyboard_alone() {
    let (mut driver, scene) = drive(LARGE, Theme::Light, Scene::new(60));
    let opened = || scene.borrow_mut().keys.opened();
    let named = |name: &str| Some(id(&scene.borrow_mut(), name));
    for _ in 0..60 {
        if driver.find_role(Role::Table, "Keys").unwrap().focused {
            break;
        }
        driver.key(Key::Tab, Modifiers::NONE);
    }
    assert!(driver.find_role(Role::Table, "Keys").unwrap().focused, "Tab reaches the table");
    driver.key(Key::ArrowDown, Modifiers::NONE);
    driver.key(Key::ArrowDown, Modifiers::NONE);
    assert_eq!(opened(), None, "moving alone opens nothing");
    driver.key(Key::Enter, Modifiers::NONE);
    assert_eq!(opened(), named("hsm-transport-kek"));
    driver.key(Key::ArrowUp, Modifiers::NONE);
    assert_eq!(opened(), named("payments-db"), "what is open follows the cursor");
    asked(&scene);
    driver.event(egui::Event::Copy);
    driver.settle(4);
    assert_eq!(asked(&scene), ["copy payments-db", "toast"]);
    driver.key(Key::R, Modifiers::COMMAND);
    driver.key(Key::E, Modifiers::COMMAND);
    driver.key(Key::H, Modifiers::COMMAND);
    driver.key(Key::N, Modifiers::COMMAND);
    assert_eq!(asked(&scene), ["open Rotate", "open EditKey", "reveal", "open NewKey"]);
    driver.key(Key::Delete, Modifiers::NONE);
    assert_eq!(
        asked(&scene),
        ["open ScheduleDestroy"],
        "Delete destroys nothing: it asks for a day in the future"
    );
    driver.key(Key::F2, Modifiers::NONE);
    assert_eq!(asked(&scene), ["open EditKey"]);
    driver.key(Key::Escape, Modifiers::NONE);
    assert_eq!(opened(), None);
    driver.key(Key::F, Modifiers::COMMAND);
    assert!(driver.find_role(Role::SearchInput, "Filter keys").unwrap().focused);
    driver.type_text("stripe");
    let (shown, _) = scene.borrow_mut().keys.counts();
    assert_eq!(shown, 1);
}

#[test]
fn several_selected_keys_are_worked_together_and_letters_go_to_a_name() {
    let (mut driver, scene) = drive(LARGE, Theme::Light, Scene::new(60));
    let table = driver.find_role(Role::Table, "Keys").unwrap().rect;
    driver.click_at(table.left_top() + vec2(16.0, 46.0));
    driver.key(Key::A, Modifiers::COMMAND);
    assert!(driver.find("60 selected").is_some(), "{:?}", driver.all());
    driver.key(Key::R, Modifiers::COMMAND);
    driver.key(Key::Delete, Modifiers::NONE);
    driver.event(egui::Event::Copy);
    driver.settle(4);
    let said = asked(&scene);
    assert_eq!(&said[..2], ["open RotateEach", "open Bulk"], "{said:?}");
    assert!(said[2].starts_with("copy name\ttype\tstate"), "{said:?}");
    assert_eq!(said[2].lines().count(), 61);
    for name in ["Set policy…", "Set owner…", "Tag…"] {
        driver.click(name).unwrap();
        assert_eq!(asked(&scene), ["open Bulk"], "{name}");
    }
    scene.borrow_mut().keys.set_query("stripe");
    driver.settle(4);
    driver.key(Key::Escape, Modifiers::NONE);
    scene.borrow_mut().keys.set_query("");
    driver.settle(4);
    driver.click_at(table.left_top() + vec2(80.0, 46.0));
    driver.settle(4);
    driver.type_text("ldap");
    driver.settle(4);
    let opened = scene.borrow_mut().keys.opened();
    assert_eq!(
        opened,
        Some(id(&scene.borrow_mut(), "ldap-bind")),
        "letters go to the name, and the drawer follows"
    );
    driver.key(Key::F10, Modifiers::SHIFT);
    driver.settle(4);
    assert!(driver.find("Schedule destruction…").is_some(), "the context menu opens from the keyboard");
}

#[test]
fn columns_come_go_and_get_wider_and_the_workstation_is_told_once() {
    let (mut driver, scene) = drive(LARGE, Theme::Light, Scene::new(60));
    let header = |driver: &Driver<_>, name: &str| driver.find_role(Role::ColumnHeader, name);
    assert!(header(&driver, "Last used").is_some() && header(&driver, "Environment").is_none());
    driver.click("Columns").unwrap();
    driver.settle(4);
    driver.click("Environment").unwrap();
    driver.settle(4);
    assert!(header(&driver, "Environment").is_some());
    let told = |scene: &Rc<RefCell<Scene>>| {
        let mut scene = scene.borrow_mut();
        let columns = scene.intents.drain(..).filter_map(|intent| match intent {
            Intent::SetColumns(columns) => Some(columns),
            _ => None,
        });
        columns.collect::<Vec<_>>()
    };
    let columns = told(&scene);
    assert_eq!(columns.len(), 1);
    assert!(columns[0].shown.as_ref().unwrap().contains(&"environment".to_owned()));
    driver.click("Reset columns").unwrap();
    driver.settle(4);
    assert!(header(&driver, "Environment").is_none());
    driver.key(Key::Escape, Modifiers::NONE);
    driver.settle(4);
    told(&scene);
    let before = header(&driver, "Owner").unwrap().rect;
    let edge = before.left_center();
    driver.drag(edge, edge - vec2(40.0, 0.0));
    driver.settle(4);
    let after = header(&driver, "Owner").unwrap().rect;
    assert!((after.width() - before.width() - 40.0).abs() < 2.0, "{before} {after}");
    let columns = told(&scene);
    assert_eq!(columns.len(), 1, "a drag is remembered when the hand lets go");
    assert!((columns[0].widths["owner"] - after.width()).abs() < 1.0);
}

#[test]
fn a_wrong_query_is_explained_and_the_last_result_stays() {
    let (mut driver, scene) = drive(LARGE, Theme::Light, Scene::new(60));
    scene.borrow_mut().keys.set_query("owner:m.ito");
    driver.settle(4);
    let (shown, _) = scene.borrow_mut().keys.counts();
    assert!(shown > 0 && shown < 60);
    scene.borrow_mut().keys.set_query("owner:m.ito due:");
    driver.settle(4);
    assert_eq!(scene.borrow_mut().keys.counts().0, shown);
    let said = driver.all().into_iter().any(|found| {
        found.value.unwrap_or_default().contains("The filter has a problem at character")
            || found.label.contains("The filter has a problem at character")
    });
    assert!(said);
}

#[test]
fn a_facet_edits_the_query_and_a_click_opens_a_key() {
    let (mut driver, scene) = drive(LARGE, Theme::Light, Scene::new(60));
    driver.click("overdue, 3").unwrap();
    assert_eq!(scene.borrow_mut().keys.counts().0, 3);
    driver
        .click("Remove filter due overdue")
        .or_else(|_| driver.click("Remove filter due is overdue"))
        .unwrap();
    assert_eq!(scene.borrow_mut().keys.counts().0, 60);
    let row = driver.find_role(Role::Cell, "ldap-bind").unwrap();
    driver.click_at(row.rect.left_center() + vec2(20.0, 0.0));
    let scene = scene.borrow_mut();
    assert_eq!(scene.keys.opened(), Some(id(&scene, "ldap-bind")));
}

#[test]
fn of_ten_thousand_keys_only_the_visible_rows_are_built_and_the_list_is_made_once() {
    let (mut driver, scene) = drive(LARGE, Theme::Light, Scene::new(10_000));
    let rows = driver.all().into_iter().filter(|found| found.role == Role::Row).count();
    assert!((10..40).contains(&rows), "{rows} rows");
    let made = scene.borrow_mut().keys.times_made();
    driver.settle(8);
    for _ in 0..10 {
        driver.step();
    }
    assert_eq!(scene.borrow_mut().keys.times_made(), made);
}

#[test]
fn a_secret_typed_in_a_dialog_is_in_no_node_and_in_no_shape() {
    const SECRET: &str = "Zq7Xv9Kw3Jy5Qz1V";
    let (mut driver, _) =
        drive(LARGE, Theme::Light, asking(|_| DialogRequest::PasswordExposed, "payments-db"));
    driver.type_text(SECRET);
    assert!(driver.find("Password in use").unwrap().focused);
    let nodes = format!("{:?}", driver.all());
    assert!(!nodes.contains(SECRET) && nodes.contains("••••"));

    let mut harness = egui_kittest::Harness::builder()
        .with_size(LARGE)
        .with_context_setup(|ctx| {
            theme::install(ctx, Theme::Light);
            widgets::install(ctx, None);
        })
        .build_ui_state(
            |ui, scene: &mut Scene| scene.show(ui),
            asking(|_| DialogRequest::PasswordExposed, "payments-db"),
        );
    harness.run();
    harness.event(egui::Event::Text(SECRET.to_owned()));
    harness.run();
    let shapes = format!("{:?}", harness.output().shapes);
    assert!(!shapes.contains(&SECRET[..4]) && shapes.contains("Password in use"));
}
