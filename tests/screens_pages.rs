//! Overview, Rotation, Audit, Session and Settings: held still as pictures, and used by mouse and keyboard.

mod common;

use egui::{Rect, Ui, UiBuilder, pos2, vec2};
use keyroom::ui::fixture::Stage;
use keyroom::ui::frame::Intent;
use keyroom::ui::offscreen::Driver;
use keyroom::ui::screens::{audit, overview, rotation, session, settings};
use keyroom::ui::theme::{self, Theme};
use keyroom::ui::widgets;
use std::cell::RefCell;
use std::rc::Rc;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Which {
    Overview,
    Rotation,
    Audit,
    Session,
    Settings,
}

/// All five pages with what they remember.
struct Pages {
    stage: Stage,
    which: Which,
    overview: overview::State,
    rotation: rotation::State,
    audit: audit::State,
    session: session::State,
    settings: settings::State,
    intents: Vec<Intent>,
}

impl Pages {
    fn new(keys: usize, which: Which) -> Self {
        Self {
            stage: Stage::new(keys),
            which,
            overview: Default::default(),
            rotation: Default::default(),
            audit: Default::default(),
            session: Default::default(),
            settings: Default::default(),
            intents: Vec::new(),
        }
    }

    /// The page where the window puts it: right of the rail, between top bar and status bar.
    fn show(&mut self, ui: &mut Ui) {
        let t = theme::tokens(ui.ctx());
        let screen = ui.ctx().content_rect();
        ui.painter().rect_filled(screen, 0, t.bg);
        let rail = if screen.width() < 1180.0 { 56.0 } else { 200.0 };
        let panel = Rect::from_min_max(pos2(rail, 44.0), pos2(screen.right() + 1.0, screen.bottom() - 24.0));
        ui.painter().rect(panel, 8, t.surface, (1.0, t.hairline), egui::StrokeKind::Inside);
        let inner =
            Rect::from_min_max(panel.min + vec2(1.0, 1.0), pos2(screen.right(), panel.bottom() - 1.0));
        let mut page = ui.new_child(UiBuilder::new().max_rect(inner));
        page.set_clip_rect(inner);
        let frame = self.stage.frame();
        let out = match self.which {
            Which::Overview => overview::show(&mut page, &frame, &mut self.overview),
            Which::Rotation => rotation::show(&mut page, &frame, &mut self.rotation),
            Which::Audit => audit::show(&mut page, &frame, &mut self.audit),
            Which::Session => session::show(&mut page, &frame, &mut self.session),
            Which::Settings => settings::show(&mut page, &frame, &mut self.settings),
        };
        self.intents.extend(out);
    }
}

fn driver(pages: Pages, theme: Theme, size: egui::Vec2) -> (Driver<impl FnMut(&mut Ui)>, Rc<RefCell<Pages>>) {
    let pages = Rc::new(RefCell::new(pages));
    let inside = Rc::clone(&pages);
    let mut driver = Driver::new(size, move |ui: &mut Ui| inside.borrow_mut().show(ui));
    theme::install(driver.ctx(), theme);
    widgets::install(driver.ctx(), None);
    driver.settle(4);
    (driver, pages)
}

/// Writes pictures of every page into the folder that `KEYROOM_SHOTS` names, to be looked at.
#[test]
#[ignore = "only writes pictures"]
fn shots() {
    let Ok(folder) = std::env::var("KEYROOM_SHOTS") else { return };
    let only = std::env::var("KEYROOM_ONLY").unwrap_or_default();
    let themes = [("light", Theme::Light), ("dark", Theme::Dark), ("hc-dark", Theme::HighContrastDark)];
    let sizes = [("", vec2(1360.0, 860.0)), ("-1024", vec2(1024.0, 700.0))];
    for which in [Which::Overview, Which::Rotation, Which::Audit, Which::Session, Which::Settings] {
        for keys in [0, 1, 40, 10_000] {
            for (size_name, size) in sizes {
                for (name, theme) in themes {
                    let file = format!("{which:?}{size_name}-{keys}-{name}.png").to_lowercase();
                    if !only.split(',').any(|part| file.contains(part)) {
                        continue;
                    }
                    let (mut driver, _) = driver(Pages::new(keys, which), theme, size);
                    driver.settle(8);
                    let out = std::fs::File::create(format!("{folder}/{file}")).unwrap();
                    driver.screenshot().write_png(out).unwrap();
                }
            }
        }
    }
}
