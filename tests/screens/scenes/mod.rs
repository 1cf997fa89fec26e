//! The list of screens, and how a person comes to each: an area of the product a file.

mod audit;
mod dialogs;
mod entrance;
mod frame;
mod keys;
mod names;
mod rotation;
mod settings;
mod zoomed;

use std::sync::Arc;

use egui::Vec2;
use keyroom::app::platform::paths::Workstation;
use keyroom::app::{Integrity, Phase, Snapshot};
use keyroom::audit::index::LogIndex;
use keyroom::ui::fixture;
use keyroom::ui::frame::{Intent, SettingsSection};
use keyroom::ui::theme::Theme;

use crate::stand::{HALF, LARGE, SMALL, Stand};

/// How much of the window a picture shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shot {
    /// All of it in the large window, and in the small one in high contrast too: a main page.
    Main,
    /// All of the small window.
    Whole,
    /// The upper part of it, this many points high.
    Top(u16),
    /// A part of it: left, top, right, bottom.
    Part(u16, u16, u16, u16),
    /// The dialog and a margin.
    Dialog,
    /// All of a window of 1440 x 900 at 200 %: as many points as half of that. In light only.
    Zoomed,
    /// What stands at the right of the large window, this many points wide.
    Right(u16),
}

pub struct Scene {
    pub name: &'static str,
    pub shot: Shot,
    start: fn() -> Snapshot,
    play: fn(&mut Stand),
}

impl Scene {
    /// The window the scene is played in.
    pub fn size(&self) -> Vec2 {
        match self.shot {
            Shot::Main | Shot::Right(_) => LARGE,
            Shot::Zoomed => HALF,
            _ => SMALL,
        }
    }

    pub fn stand(&self, size: Vec2, theme: Theme) -> Stand {
        let workstation = match self.name {
            "welcome-recent" => entrance::lately(),
            _ => Workstation::default(),
        };
        let mut stand = Stand::new(size, theme, (self.start)(), workstation);
        (self.play)(&mut stand);
        stand.settle();
        stand
    }
}

const fn scene(name: &'static str, shot: Shot, start: fn() -> Snapshot, play: fn(&mut Stand)) -> Scene {
    Scene { name, shot, start, play }
}

/// Of these those that were asked for: all, or with `KEYROOM_ONLY=dialog,unlock` those with such a part in their name.
pub fn wanted(scenes: impl Iterator<Item = &'static Scene>) -> impl Iterator<Item = &'static Scene> {
    let only = std::env::var("KEYROOM_ONLY").unwrap_or_default();
    scenes.filter(move |scene| only.split(',').any(|part| scene.name.contains(part)))
}

/// Every screen, in the order a person meets them.
pub fn scenes() -> impl Iterator<Item = &'static Scene> {
    let areas = [
        entrance::SCENES,
        frame::SCENES,
        keys::SCENES,
        rotation::SCENES,
        audit::SCENES,
        settings::SCENES,
        names::SCENES,
        dialogs::SCENES,
        zoomed::SCENES,
    ];
    areas.into_iter().flatten()
}

/// A vault in which nothing was done yet.
fn empty() -> Snapshot {
    let (mut snapshot, _) = fixture::unlocked(0);
    if let Phase::Unlocked(view) = &mut snapshot.phase {
        let view = Arc::make_mut(view);
        view.log = Arc::new(LogIndex::from_events(&[]));
        view.sessions = Arc::new(Vec::new());
        view.findings = Arc::new(Vec::new());
        view.last_backup = None;
        Arc::make_mut(&mut view.view).log_size = 0;
        view.integrity = Integrity::Verified { entries: 0, at: fixture::now(), checkpoints: 0 };
    }
    snapshot
}

fn break_log(view: &mut keyroom::app::UnlockedView) {
    let what = "event #212: the entry does not follow from the entries before it".to_owned();
    view.integrity = Integrity::Broken { what, seq: Some(212) };
}

fn section(stand: &mut Stand, section: SettingsSection) {
    stand.ask(Intent::ShowSettings(section));
}
