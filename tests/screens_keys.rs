//! The Keys page and its dialogs, held still as pictures and driven by the keyboard.

mod common;

use std::sync::{Arc, Mutex};

use egui::{Rect, Ui, UiBuilder, Vec2, pos2, vec2};
use keyroom::ui::fixture::Stage;
use keyroom::ui::frame::Intent;
use keyroom::ui::offscreen::Driver;
use keyroom::ui::screens::keys;
use keyroom::ui::theme::{self, Theme};
use keyroom::ui::widgets;

/// What stands on the screen, and what it asked for.
struct Scene {
    stage: Stage,
    keys: keys::State,
    intents: Vec<Intent>,
}

impl Scene {
    fn new(keys: usize) -> Self {
        Self { stage: Stage::new(keys), keys: keys::State::default(), intents: Vec::new() }
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
        self.stage.replies.clear();
    }
}

fn drive(size: Vec2, theme: Theme, scene: Scene) -> (Driver<impl FnMut(&mut Ui)>, Arc<Mutex<Scene>>) {
    let scene = Arc::new(Mutex::new(scene));
    let inside = Arc::clone(&scene);
    let mut driver = Driver::new(size, move |ui: &mut Ui| inside.lock().unwrap().show(ui));
    theme::install(driver.ctx(), theme);
    widgets::install(driver.ctx(), None);
    driver.settle(6);
    (driver, scene)
}

fn id(scene: &Scene, name: &str) -> keyroom::model::KeyId {
    scene.stage.snapshot.unlocked().unwrap().view.find(name).unwrap().id
}

const LARGE: Vec2 = vec2(1360.0, 860.0);
const SMALL: Vec2 = vec2(1024.0, 700.0);

/// Draws everything into the folder named by `KEYROOM_SHOTS`, to be looked at.
#[test]
#[ignore = "draws pictures to be looked at"]
fn pictures() {
    let Some(folder) = std::env::var_os("KEYROOM_SHOTS").map(std::path::PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    let save = |name: &str, driver: &mut Driver<_>| {
        let mut png = Vec::new();
        driver.screenshot().write_png(&mut png).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
    };
    for (look, theme) in
        [("light", Theme::Light), ("dark", Theme::Dark), ("hc-dark", Theme::HighContrastDark)]
    {
        for (label, size) in [("1360", LARGE), ("1024", SMALL)] {
            let mut scene = Scene::new(1204);
            scene.keys.set_query("state:active due<=30d");
            let key = id(&scene, "payments-db");
            scene.keys.open_key(key);
            let (mut driver, _) = drive(size, theme, scene);
            save(&format!("keys-{label}-{look}"), &mut driver);
        }
    }
    for (count, size) in [(0, LARGE), (1, LARGE), (23, LARGE), (10_000, LARGE), (10_000, SMALL)] {
        let (mut driver, _) = drive(size, Theme::Light, Scene::new(count));
        save(&format!("plain-{count}-{}", size.x), &mut driver);
    }
    for (tab, name) in ["Versions", "Activity", "Policy", "Notes"].into_iter().enumerate() {
        let mut scene = Scene::new(60);
        let key = id(&scene, if tab == 0 { "hsm-transport-kek" } else { "payments-db" });
        scene.keys.open_key(key);
        let (mut driver, _) = drive(LARGE, Theme::Light, scene);
        driver.click(name).unwrap();
        save(&format!("tab-{name}"), &mut driver);
    }
}
