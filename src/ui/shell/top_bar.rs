//! The top bar: which vault, the search field that opens the palette, integrity, the countdown, Lock. Always there.

use std::time::Duration;

use egui::{Align, Color32, Layout, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::app::{Command, Integrity, UnlockedView};
use crate::guard::session::HARD_SOON;
use crate::model::LockReason;
use crate::ui::frame::{Frame, Intent, Page};
use crate::ui::theme::{TextRole, icons, icons::Icon, size, tokens};
use crate::ui::widgets::{Button, EndRow, menu, menu_item, paint_mark, text_in};
use crate::ui::words::{plural, sentence};

use super::commands::{UiCommand, shown};
use super::draw::{cut, icon, pieces, put};
use super::layout::Chrome;
use super::words::{countdown, short_path};

/// Width of the menu that says what is known of the log.
const MENU: f32 = 320.0;

/// From here on the countdown to the idle lock is a warning.
const SOON: Duration = Duration::from_secs(60);

pub(super) fn show(ui: &mut Ui, frame: &Frame<'_>, chrome: &Chrome<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let Some(unlocked) = frame.unlocked() else { return intents };
    let bar = ui.max_rect();
    let middle = bar.center().y;
    let vault_end = vault(ui, bar, unlocked, chrome, &mut intents);

    let right = Rect::from_min_max(pos2(vault_end, bar.top()), pos2(bar.right() - 16.0, bar.bottom()));
    let chips = EndRow::new(ui, "chips", right);
    let (left, width) = if chrome.narrow { (vault_end + 22.0, 296.0) } else { (bar.left() + 224.0, 400.0) };
    let width = f32::min(width, chips.left() - 16.0 - left);
    if width > 60.0 {
        let field = Rect::from_min_size(pos2(left, middle - 14.0), vec2(width, 28.0));
        if search(ui, field).clicked() {
            intents.push(Intent::OpenPalette);
        }
    }
    chips.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        integrity_chip(ui, unlocked, &mut intents);
        countdown_chip(ui, frame, unlocked, &mut intents);
        if Button::secondary("Lock").icon(icons::LOCK).show(ui).on_hover_text("Lock now (Ctrl L)").clicked() {
            intents.push(Intent::App(Command::Lock(LockReason::ByHand)));
        }
    });
    intents
}

/// The vault's name, with a menu of others. Returns where it ends.
fn vault(
    ui: &mut Ui,
    bar: Rect,
    unlocked: &UnlockedView,
    chrome: &Chrome<'_>,
    intents: &mut Vec<Intent>,
) -> f32 {
    let t = tokens(ui.ctx());
    let middle = bar.center().y;
    let (mark, text_left) = if chrome.narrow { (18.0, 48.0) } else { (16.0, 46.0) };
    let name = &unlocked.view.settings.vault_name;
    let text = cut(ui, name, TextRole::BodyStrong, t.text, 126.0);
    let end = if chrome.narrow { bar.left() + text_left + text.size().x + 30.0 } else { bar.left() + 200.0 };
    let hit = Rect::from_min_max(pos2(bar.left() + 8.0, middle - 16.0), pos2(end - 8.0, middle + 16.0));
    let response = ui.interact(hit, ui.scope_id().with("vault"), Sense::click());
    let label = format!("Vault {name}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    if response.hovered() {
        ui.painter().rect_filled(hit, size::RADIUS, t.hover);
    }
    let hole = if response.hovered() { t.hover } else { t.bg };
    let place = Rect::from_min_size(pos2(bar.left() + mark, middle - 10.0), vec2(20.0, 20.0));
    paint_mark(ui.painter(), place, t.accent, hole);
    put(ui, bar.left() + text_left, middle, text);
    icon(ui, pos2(end - 19.0, middle), icons::SWITCH, size::ICON_SMALL, t.text_2);

    if chrome.main_menu {
        // As with the mouse: the arrows then walk the menu.
        response.request_focus();
        egui::Popup::open_id(ui.ctx(), egui::Popup::default_response_id(&response));
    }
    menu(&response, |ui| {
        for vault in chrome.recent.iter().filter(|vault| vault.path != unlocked.path).take(6) {
            let path = short_path(&vault.path);
            if menu_item(ui, Some(icons::LOCK), &path, "").clicked() {
                intents.push(Intent::App(Command::Open(vault.path.clone())));
            }
        }
        if menu_item(ui, Some(icons::FOLDER), "Open another vault…", &shown(ui.ctx(), UiCommand::OpenVault))
            .clicked()
        {
            intents.push(Intent::ChooseVault);
        }
        if menu_item(ui, Some(icons::ADD), "Create a vault…", "").clicked() {
            intents.push(Intent::CreateVault);
        }
        if menu_item(ui, Some(icons::SIGN_OUT), "Close this vault", "").clicked() {
            intents.push(Intent::App(Command::Close));
        }
    });
    let path = short_path(&unlocked.path);
    response.on_hover_text(path);
    end
}

/// Looks like a field and opens the palette.
fn search(ui: &mut Ui, rect: Rect) -> Response {
    let t = tokens(ui.ctx());
    let words = "Search keys, events, commands";
    let response = ui.interact(rect, ui.scope_id().with("search"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
    let edge = if response.hovered() { t.text_2 } else { t.border_strong };
    ui.painter().rect(rect, size::RADIUS, t.field, (1.0, edge), StrokeKind::Inside);
    icon(ui, pos2(rect.left() + 17.0, rect.center().y), icons::SEARCH, size::ICON, t.text_2);
    let keys = shown(ui.ctx(), UiCommand::Palette);
    let cap = pieces(ui, &[(&keys, TextRole::SmallMono, t.text_2)]);
    let cap_width = cap.size().x + 10.0;
    let room = rect.width() - 33.0 - cap_width - 16.0;
    let text = cut(ui, words, TextRole::Body, t.text_3, room);
    put(ui, rect.left() + 33.0, rect.center().y, text);
    let place = Rect::from_min_size(
        pos2(rect.right() - 7.0 - cap_width, rect.center().y - 9.0),
        vec2(cap_width, 18.0),
    );
    ui.painter().rect(place, 3, t.sunken, (1.0, t.hairline), StrokeKind::Inside);
    put(ui, place.left() + 5.0, place.center().y, cap);
    response
}

/// What a log that holds does not prove.
const NOT_PROVED: &str = "This does not show that every action was recorded. Who controls this computer and holds an \
                          administrator's password could rewrite what no other place remembers.";

/// What is known of the log's integrity. A click says what that proves and what not, and leads on.
fn integrity_chip(ui: &mut Ui, unlocked: &UnlockedView, intents: &mut Vec<Intent>) {
    let t = tokens(ui.ctx());
    let (glyph, colour, words, more) = match &unlocked.integrity {
        Integrity::NotChecked => (
            icons::OPEN,
            t.text_2,
            "Log not checked".to_owned(),
            "The whole log has not been verified since the unlock. What was added since this computer last saw it was."
                .to_owned(),
        ),
        Integrity::Checking { done, total } => {
            let share = if *total == 0 { 0 } else { done * 100 / total };
            (icons::WAITING, t.text_2, format!("Verifying {share} %"), "Every entry and every signature is being checked.".to_owned())
        }
        Integrity::Verified { entries, checkpoints, .. } => (
            icons::VERIFIED,
            t.ok,
            "Log verified".to_owned(),
            format!(
                "{} and {} hold: no recorded event was changed, removed or put in another order.",
                plural(*entries, "event", "events"),
                plural(*checkpoints, "checkpoint", "checkpoints")
            ),
        ),
        Integrity::Broken { what, .. } => (icons::BROKEN, t.critical, "Log broken".to_owned(), what.clone()),
        Integrity::Restored { .. } => (
            icons::DOUBTFUL,
            t.warn,
            "Restored copy".to_owned(),
            "This file was accepted although it differs from what this computer had seen.".to_owned(),
        ),
    };
    let text = [(words.as_str(), TextRole::Body, if colour == t.ok { t.text_2 } else { colour })];
    let chip = chip(ui, "integrity", glyph, colour, t.hairline, &text, &words);
    let said = format!("{} {NOT_PROVED}", sentence(&more));
    ui.ctx().accesskit_node_builder(chip.id, |node| node.set_description(said.as_str()));
    menu(&chip, |ui| {
        ui.set_width(MENU);
        // A menu stretches its lines; these are read.
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            egui::Frame::new().inner_margin(egui::Margin::same(8)).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 6.0;
                text_in(ui, TextRole::Body, t.text, sentence(&more));
                text_in(ui, TextRole::Small, t.text_2, NOT_PROVED);
            });
        });
        match &unlocked.integrity {
            Integrity::Checking { .. } => {}
            Integrity::Broken { seq: Some(seq), .. } => {
                if menu_item(ui, Some(icons::BROKEN), "Show the event", "").clicked() {
                    intents.push(Intent::ShowEvent(*seq));
                }
            }
            _ => {
                if menu_item(ui, Some(icons::VERIFIED), "Verify now", "").clicked() {
                    intents.push(Intent::VerifyLog);
                }
            }
        }
        if menu_item(ui, Some(icons::INFO), "Details", "").clicked() {
            intents.push(Intent::ShowIntegrity);
        }
    });
    chip.on_hover_text(said);
}

/// When the vault locks. A click has the three things one may want then.
fn countdown_chip(ui: &mut Ui, frame: &Frame<'_>, unlocked: &UnlockedView, intents: &mut Vec<Intent>) {
    let t = tokens(ui.ctx());
    let (idle, hard) = (frame.left(unlocked.idle_deadline), frame.left(unlocked.hard_deadline));
    let (verb, left, near) =
        if hard < idle { ("Ends in ", hard, HARD_SOON) } else { ("Locks in ", idle, SOON) };
    let time = countdown(left);
    let soon = left <= near;
    // There is no bold Hack: a warning's digits stand in the text's own bold.
    let (role, digits, colour, edge) = if soon {
        (TextRole::BodyStrong, TextRole::BodyStrong, t.warn, t.warn)
    } else {
        (TextRole::Body, TextRole::Mono, t.text_2, t.hairline)
    };
    let text = [(verb, role, colour), (time.as_str(), digits, colour)];
    let chip = chip(ui, "countdown", icons::CLOCK, colour, edge, &text, &format!("{verb}{time}"));
    menu(&chip, |ui| {
        if menu_item(ui, Some(icons::LOCK), "Lock now", &shown(ui.ctx(), UiCommand::Lock)).clicked() {
            intents.push(Intent::App(Command::Lock(LockReason::ByHand)));
        }
        if menu_item(ui, Some(icons::SESSION), "Stay unlocked", "").clicked() {
            intents.push(Intent::App(Command::StayUnlocked));
        }
        if menu_item(
            ui,
            Some(icons::SETTINGS),
            "Open Session",
            &shown(ui.ctx(), UiCommand::Go(Page::Session)),
        )
        .clicked()
        {
            intents.push(Intent::Go(Page::Session));
        }
    });
    let settings = &unlocked.view.settings;
    chip.on_hover_text(format!(
        "Locks after {} min without input, and after {} h whatever happens (in {}).",
        settings.idle_lock_min,
        settings.session_limit_h,
        countdown(hard)
    ));
}

fn chip(
    ui: &mut Ui,
    id: &str,
    glyph: Icon,
    colour: Color32,
    edge: Color32,
    text: &[(&str, TextRole, Color32)],
    name: &str,
) -> Response {
    let t = tokens(ui.ctx());
    let galley = pieces(ui, text);
    let width = (11.0 + size::ICON + 6.0 + galley.size().x + 11.0).ceil();
    let (rect, _) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::hover());
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let fill = if response.hovered() { t.hover } else { t.bg };
    ui.painter().rect(rect, size::RADIUS, fill, (1.0, edge), StrokeKind::Inside);
    let middle = rect.center().y;
    icon(ui, pos2(rect.left() + 19.0, middle), glyph, size::ICON, colour);
    put(ui, rect.left() + 33.0, middle, galley);
    response
}
