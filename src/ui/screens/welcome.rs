//! The welcome screen: make a vault, open one, or look at a demonstration. And a path to type where no dialog is.

use std::path::PathBuf;

use egui::{Align, Context, Layout, Rect, ScrollArea, Sense, Ui, pos2, vec2};

use crate::app::platform::paths::RecentVault;
use crate::app::{Command, Phase};
use crate::ui::frame::{Frame, Intent};
use crate::ui::shell::draw::{cut, icon, pieces, place, placed, put};
use crate::ui::shell::entrance;
use crate::ui::shell::words::{elide_path, short_path};
use crate::ui::theme::{TextRole, icons, icons::Icon, size, tokens};
use crate::ui::widgets::{
    Banner, Button, Dialog, IconButton, Outcome, TextField, Tone, entered, paint_mark, progress, section,
};
use crate::ui::words::sentence;

/// Width of the column.
const COLUMN: f32 = 480.0;
/// Height of a choice.
const CHOICE: f32 = 64.0;
/// Height of a recent vault.
const RECENT: f32 = 52.0;

/// What the screen remembers: nothing yet.
#[derive(Default)]
pub struct State {
    focused: bool,
}

/// A path that is being typed.
#[derive(Default)]
pub struct TypedPath {
    path: String,
    error: Option<&'static str>,
}

/// Shows the screen.
pub fn show(ui: &mut Ui, frame: &Frame<'_>, recent: &[RecentVault], state: &mut State) -> Vec<Intent> {
    let mut intents = Vec::new();
    entrance::head(ui, true, &mut intents);
    let full = ui.max_rect();
    let body = Rect::from_min_max(full.min, pos2(full.right(), full.bottom() - entrance::FOOT));
    let error = match &frame.snapshot.phase {
        Phase::NoVault(error) => error.as_ref(),
        _ => None,
    };
    let list = if recent.is_empty() { 0.0 } else { 66.0 + RECENT * recent.len().min(5) as f32 };
    let trouble = if error.is_some() { 84.0 } else { 0.0 };
    let usual = 148.0 + 3.0 * (CHOICE + 8.0) + list + trouble;
    let top = ((body.height() - usual) / 2.0).floor().max(size::TOP_BAR);
    let width = COLUMN.min(full.width() - 32.0);
    let left = (full.center().x - width / 2.0).floor();
    let column =
        Rect::from_min_max(pos2(left - 8.0, body.top() + top), pos2(left + width + 8.0, body.bottom()));
    place(ui, "welcome", column, |ui| {
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
            let inner = ui.max_rect().shrink2(vec2(8.0, 0.0));
            let bottom = place(ui, "column", Rect::from_min_size(inner.min, vec2(width, 4000.0)), |ui| {
                head(ui);
                if let Some((path, error)) = error {
                    let title = format!("{} could not be opened", short_path(path));
                    let words = sentence(&error.to_string());
                    Banner::new(Tone::Critical, &title).body(&words).show(ui);
                    ui.add_space(16.0);
                }
                // Who was here before most likely wants one of those vaults.
                self::recent(ui, recent, state, &mut intents);
                choices(ui, frame, !recent.is_empty(), state, &mut intents);
                ui.min_rect().bottom()
            });
            ui.allocate_space(vec2(width, bottom - inner.top() + 16.0));
        });
    });
    entrance::foot(ui, frame, None);
    intents
}

fn head(ui: &mut Ui) {
    let t = tokens(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), Sense::hover());
    paint_mark(ui.painter(), Rect::from_center_size(rect.center(), vec2(48.0, 48.0)), t.accent, t.bg);
    ui.add_space(16.0);
    for (words, role, colour, height, gap) in [
        ("Keyroom", TextRole::Display, t.text, 32.0, 4.0),
        ("A key vault for security administrators", TextRole::Body, t.text_2, 20.0, 28.0),
    ] {
        let galley = pieces(ui, &[(words, role, colour)]);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        put(ui, (rect.center().x - galley.size().x / 2.0).floor(), rect.center().y, galley);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
        ui.add_space(gap);
    }
}

fn choices(ui: &mut Ui, frame: &Frame<'_>, known: bool, state: &mut State, intents: &mut Vec<Intent>) {
    if let Some(job) = &frame.snapshot.job {
        let t = tokens(ui.ctx());
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), CHOICE), Sense::hover());
        ui.painter().rect(rect, size::RADIUS_CARD, t.surface, (1.0, t.hairline), egui::StrokeKind::Inside);
        let inner = rect.shrink2(vec2(16.0, 18.0));
        placed(ui, "job", inner, Layout::left_to_right(Align::Center), |ui| {
            let (done, total) = (job.done, job.total.max(job.done));
            if progress(ui, 120.0, job.title, done, total, job.cancellable) {
                intents.push(Intent::App(Command::CancelJob));
            }
        });
        ui.add_space(8.0);
        return;
    }
    let create = choice(
        ui,
        icons::ADD,
        "A new vault",
        "One encrypted file, one password.",
        if known { Button::secondary("Create a vault") } else { Button::primary("Create a vault") },
    );
    if !std::mem::replace(&mut state.focused, true) {
        create.request_focus();
    }
    if create.clicked() {
        intents.push(Intent::CreateVault);
    }
    let words = "Yours, or one a colleague gave you.";
    if choice(ui, icons::FOLDER, "A vault that is there", words, Button::secondary("Open existing…"))
        .clicked()
    {
        intents.push(Intent::ChooseVault);
    }
    let words = "A small team, all invented.";
    let demo = Button::secondary("Explore with demo data");
    if choice(ui, icons::OVERVIEW, "See how it works", words, demo).clicked() {
        intents.push(Intent::OpenDemo);
    }
}

/// A card with what can be chosen: words left, its button right.
fn choice(ui: &mut Ui, glyph: Icon, title: &str, words: &str, button: Button<'_>) -> egui::Response {
    let t = tokens(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), CHOICE), Sense::hover());
    ui.painter().rect(rect, size::RADIUS_CARD, t.surface, (1.0, t.hairline), egui::StrokeKind::Inside);
    icon(ui, pos2(rect.left() + 28.0, rect.center().y), glyph, size::ICON_LARGE, t.text_2);
    let buttons = Rect::from_min_max(rect.min, pos2(rect.right() - 16.0, rect.bottom()));
    let response = placed(ui, title, buttons, Layout::right_to_left(Align::Center), |ui| button.show(ui));
    let room = response.rect.left() - 16.0 - (rect.left() + 52.0);
    put(ui, rect.left() + 52.0, rect.center().y - 10.0, cut(ui, title, TextRole::BodyStrong, t.text, room));
    put(ui, rect.left() + 52.0, rect.center().y + 10.0, cut(ui, words, TextRole::Small, t.text_2, room));
    ui.add_space(8.0);
    response.on_hover_text(words)
}

fn recent(ui: &mut Ui, recent: &[RecentVault], state: &mut State, intents: &mut Vec<Intent>) {
    if recent.is_empty() {
        return;
    }
    let t = tokens(ui.ctx());
    section(ui, "Opened lately on this computer");
    for vault in recent {
        let path = short_path(&vault.path);
        let name = vault.path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), RECENT), Sense::click());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Open {name}, {path}"))
        });
        if !std::mem::replace(&mut state.focused, true) {
            response.request_focus();
        }
        if response.hovered() {
            ui.painter().rect_filled(rect, size::RADIUS, t.hover);
        }
        icon(ui, pos2(rect.left() + 28.0, rect.center().y), icons::LOCK, size::ICON, t.text_2);
        let room = rect.width() - 52.0 - 48.0;
        put(ui, rect.left() + 52.0, rect.center().y - 9.0, cut(ui, &name, TextRole::Body, t.text, room));
        let short = elide_path(&path, 50);
        put(
            ui,
            rect.left() + 52.0,
            rect.center().y + 9.0,
            cut(ui, &short, TextRole::SmallMono, t.text_3, room),
        );
        let forget = Rect::from_min_max(pos2(rect.right() - 36.0, rect.top()), rect.max);
        let words = format!("Forget {name}");
        let forgotten = placed(ui, &path, forget, Layout::right_to_left(Align::Center), |ui| {
            IconButton::new(icons::CLOSE, &words).show(ui).clicked()
        });
        if forgotten {
            intents.push(Intent::ForgetRecent(vault.path.clone()));
        } else if response.clicked() {
            intents.push(Intent::App(Command::Open(vault.path.clone())));
        }
    }
    ui.add_space(24.0);
}

/// Asks for the path of a vault to open, where the desktop has no file dialog. `Some(None)`: given up.
pub fn ask_path(ctx: &Context, state: &mut TypedPath) -> Option<Option<PathBuf>> {
    let mut submitted = false;
    let reason = state.path.trim().is_empty().then_some("Type the path first");
    let dialog = Dialog::new("Open a vault", "Open")
        .body("This desktop offers no file dialog. Type where the vault's file is.")
        .blocked(reason)
        .has_fields();
    let outcome = dialog.show(ctx, |ui, first| {
        let field = TextField::new("Path of the vault", &mut state.path)
            .mono()
            .hint("~/vaults/team.keyroom")
            .error(state.error);
        let response = field.show(ui);
        if first {
            response.request_focus();
        }
        if response.changed() {
            state.error = None;
        }
        submitted = entered(ui.ctx()) == Some(response.id);
    });
    if outcome == Some(Outcome::Cancelled) {
        return Some(None);
    }
    if (submitted || outcome == Some(Outcome::Confirmed)) && reason.is_none() {
        let path = expand(&state.path);
        if path.is_file() {
            return Some(Some(path));
        }
        state.error = Some("There is no file at this path.");
    }
    None
}

/// A typed path: `~` is the home folder, and what is not absolute is meant from there too.
#[must_use]
pub fn expand(typed: &str) -> PathBuf {
    let typed = typed.trim();
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    match typed.strip_prefix("~/") {
        Some(rest) => home.join(rest),
        None if typed == "~" => home,
        None => home.join(typed),
    }
}
