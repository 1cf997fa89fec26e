//! The rail: six destinations with what waits there, and who is here.

use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2};

use crate::app::Snapshot;
use crate::model::Timestamp;
use crate::model::due::{DueBucket, due};
use crate::ui::frame::{Frame, Intent, Page};
use crate::ui::theme::{TextRole, icons, icons::Icon, size, tokens};
use crate::ui::widgets::nav_item;

use super::draw::{cut, icon, place, put};
use super::layout::Chrome;

/// What waits on the pages.
#[derive(Clone, Copy, Default)]
pub(super) struct Waiting {
    /// Keys past their date.
    overdue: u64,
    /// Findings without an answer, as Overview and Session tell them.
    findings: u64,
    /// Keys that are not destroyed, as Overview counts them.
    pub(super) keys: u64,
    /// Keys that are.
    pub(super) destroyed: u64,
}

/// Counts once for each snapshot, not for each frame.
#[derive(Default)]
pub(super) struct Counts {
    serial: Option<u64>,
    waiting: Waiting,
}

impl Counts {
    pub(super) fn of(&mut self, snapshot: &Snapshot, now: Timestamp) -> Waiting {
        if self.serial != Some(snapshot.serial) {
            self.serial = Some(snapshot.serial);
            self.waiting = snapshot.unlocked().map_or_else(Waiting::default, |unlocked| {
                let settings = &unlocked.view.settings;
                let late = |key: &&std::sync::Arc<crate::model::KeyRecord>| {
                    due(key, settings, now).bucket() == DueBucket::Overdue
                };
                let overdue = unlocked.view.keys.all().iter().filter(late).count();
                let open = unlocked.findings.iter().filter(|finding| finding.is_open());
                let all = unlocked.view.keys.all();
                let gone = all.iter().filter(|key| key.state == crate::model::KeyState::Destroyed).count();
                Waiting {
                    overdue: overdue as u64,
                    findings: open.count() as u64,
                    keys: (all.len() - gone) as u64,
                    destroyed: gone as u64,
                }
            });
        }
        self.waiting
    }
}

/// The icon of a page.
fn glyph(page: Page) -> Icon {
    match page {
        Page::Overview => icons::OVERVIEW,
        Page::Keys => icons::KEY,
        Page::Rotation => icons::ROTATE,
        Page::Audit => icons::AUDIT,
        Page::Session => icons::SESSION,
        Page::Settings => icons::SETTINGS,
    }
}

pub(super) fn show(ui: &mut Ui, frame: &Frame<'_>, chrome: &Chrome<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let rail = ui.max_rect();
    place(ui, "destinations", rail.shrink(8.0), |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for page in Page::ALL {
            let count = match page {
                Page::Rotation => chrome.counts.overdue,
                Page::Session => chrome.counts.findings,
                _ => 0,
            };
            let count = (count > 0).then_some(count);
            let active = page == chrome.page;
            let item = nav_item(ui, glyph(page), page.title(), count, active, chrome.narrow);
            if item.clicked() {
                intents.push(Intent::Go(page));
            }
        }
    });
    if let Some(unlocked) = frame.unlocked() {
        let me = &unlocked.view.me;
        operator(ui, rail, chrome, &me.name, me.role.word(), &mut intents);
    }
    intents
}

/// Who unlocked, and as what.
fn operator(ui: &mut Ui, rail: Rect, chrome: &Chrome<'_>, name: &str, role: &str, intents: &mut Vec<Intent>) {
    let t = tokens(ui.ctx());
    let block = Rect::from_min_max(
        pos2(rail.left() + 8.0, rail.bottom() - 52.0),
        pos2(rail.right() - 8.0, rail.bottom() - 8.0),
    );
    let response = ui.interact(block, ui.scope_id().with("operator"), Sense::click());
    let words = format!("{name}, {role}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
    if response.hovered() {
        ui.painter().rect_filled(block, size::RADIUS, t.hover);
    }
    let middle = block.center().y;
    icon(ui, pos2(block.left() + 20.0, middle), icons::OPERATOR, size::ICON_LARGE, t.text_2);
    if !chrome.narrow {
        let (left, room) = (block.left() + 40.0, block.width() - 48.0);
        put(ui, left, middle - 8.0, cut(ui, name, TextRole::BodyStrong, t.text, room));
        put(ui, left, middle + 8.0, cut(ui, role, TextRole::Small, t.text_2, room));
    }
    if response.clicked() {
        intents.push(Intent::Go(Page::Session));
    }
    response.on_hover_text(words);
}
