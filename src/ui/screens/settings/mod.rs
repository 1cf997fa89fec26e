//! Settings: the limits and the look, the vault itself, the keyboard, and what this program can and cannot protect.
//! Limits are the vault's and change by a signed operation; the look is this workstation's.

mod about;
pub(in crate::ui) mod check;
mod form;
mod security;
mod unusual;
mod vault;
mod window;

use super::pages::save::Saving;
use super::pages::{is_small, place, t};
use crate::app::UnlockedView;
use crate::ui::frame::{Frame, Intent, SettingsSection};
use crate::ui::shell::commands::{UiCommand, pressed};
use crate::ui::theme::{TextRole, icons, icons::Icon, size};
use crate::ui::widgets::{self as w, EmptyState, TextField};
use egui::{Key, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use form::Form;

/// Width of the list of sections.
const LIST: f32 = 208.0;
/// The same in a small window: icons only.
const LIST_SMALL: f32 = 56.0;
/// The widest the settings get.
const WIDEST: f32 = 760.0;

/// A section of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Section {
    #[default]
    Security,
    Policies,
    Vault,
    Audit,
    Appearance,
    Keyboard,
    About,
}

impl Section {
    const ALL: [Self; 7] = [
        Self::Security,
        Self::Policies,
        Self::Vault,
        Self::Audit,
        Self::Appearance,
        Self::Keyboard,
        Self::About,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Security => "Security",
            Self::Policies => "Policies",
            Self::Vault => "Vault",
            Self::Audit => "Audit",
            Self::Appearance => "Appearance",
            Self::Keyboard => "Keyboard",
            Self::About => "About",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Security => icons::LOCK,
            Self::Policies => icons::ROTATE,
            Self::Vault => icons::DATABASE,
            Self::Audit => icons::AUDIT,
            Self::Appearance => icons::SCREEN,
            Self::Keyboard => icons::KEYBOARD,
            Self::About => icons::INFO,
        }
    }
}

/// What the page remembers between frames.
#[derive(Default)]
pub struct State {
    section: Section,
    search: String,
    saving: Saving,
    /// The vault's name as typed, once it was changed.
    name: Option<vault::Typed>,
    /// Single letters are no shortcuts on this workstation.
    letters_off: bool,
    changing: window::Changing,
}

impl State {
    /// Whether single letters are shortcuts on this workstation.
    pub fn set_letters(&mut self, on: bool) {
        self.letters_off = !on;
    }

    /// Opens a section.
    pub fn go_to(&mut self, section: SettingsSection) {
        self.search.clear();
        self.section = match section {
            SettingsSection::Security => Section::Security,
            SettingsSection::Vault => Section::Vault,
            SettingsSection::Audit => Section::Audit,
            SettingsSection::Appearance => Section::Appearance,
            SettingsSection::Keyboard => Section::Keyboard,
            SettingsSection::About => Section::About,
        };
    }
}

/// Shows the page.
pub fn show(ui: &mut Ui, frame: &Frame<'_>, state: &mut State) -> Vec<Intent> {
    let mut out = Vec::new();
    let Some(view) = frame.unlocked() else { return out };
    if state.saving.hear(frame, &mut out) {
        state.name = None;
    }
    let page = ui.max_rect();
    let t = t(ui);
    let head = Rect::from_min_size(page.min, vec2(page.width(), size::PAGE_HEAD));
    let mut child = ui.new_child(UiBuilder::new().id_salt("head").max_rect(head.shrink2(vec2(16.0, 0.0))));
    w::page_head(&mut child, "Settings", |_| {}, |_| {});
    let at = Rect::from_min_size(pos2(head.right() - 296.0, head.top() + 10.0), vec2(280.0, size::CONTROL));
    place(ui, "search", at, |ui| search(ui, state));
    ui.painter().hline(page.x_range(), head.bottom().round() - 0.5, (1.0, t.hairline));
    let small = is_small(ui);
    let split = page.left() + if small { LIST_SMALL } else { LIST };
    let list = Rect::from_min_max(pos2(page.left(), head.bottom()), pos2(split, page.bottom()));
    ui.painter().vline(split.round() - 0.5, list.y_range(), (1.0, t.hairline));
    place(ui, "sections", list.shrink(8.0), |ui| sections(ui, state, small));
    let body = Rect::from_min_max(pos2(split, head.bottom()), page.max);
    place(ui, "settings", body, |ui| {
        let inner =
            Rect::from_min_max(pos2(body.left() + 24.0, body.top()), pos2(body.right() - 2.0, body.bottom()));
        ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
            let salt = ("settings", state.section as u8, state.search.is_empty());
            let width = WIDEST.min(inner.width() - 20.0);
            let above = state.saving.above(inner);
            place(ui, "rows", above, |ui| {
                ScrollArea::vertical().id_salt(salt).auto_shrink(false).show(ui, |ui| {
                    ui.set_max_width(width);
                    ui.add_space(16.0);
                    contents(ui, frame, view, state, &mut out);
                    ui.add_space(16.0);
                });
            });
            state.saving.dock(ui, inner.with_max_x(inner.left() + width), frame, &mut out);
        });
    });
    ui.advance_cursor_after_rect(page);
    out
}

fn search(ui: &mut Ui, state: &mut State) {
    let field = TextField::new("Search settings", &mut state.search).label_hidden();
    let response = field.hint("Search settings").icon(icons::SEARCH).width(280.0).limit(60).show(ui);
    if pressed(ui.ctx(), UiCommand::Find) {
        response.request_focus();
    }
    if response.lost_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
        state.search.clear();
    }
}

fn sections(ui: &mut Ui, state: &mut State, small: bool) {
    ui.spacing_mut().item_spacing.y = 2.0;
    // The rail has an Audit too: this one is that of the settings.
    ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
        node.set_role(egui::accesskit::Role::Navigation);
        node.set_label("Sections of the settings");
    });
    for section in Section::ALL {
        let active = state.search.is_empty() && state.section == section;
        if w::nav_item(ui, section.icon(), section.title(), None, active, small).clicked() {
            state.section = section;
            state.search.clear();
        }
    }
}

fn contents(ui: &mut Ui, frame: &Frame<'_>, view: &UnlockedView, state: &mut State, out: &mut Vec<Intent>) {
    let filter = state.search.trim().to_lowercase();
    let mut form = Form::new(filter.clone());
    if filter.is_empty() {
        section(ui, state.section, &mut form, frame, view, state, out);
        return;
    }
    for one in Section::ALL {
        section(ui, one, &mut form, frame, view, state, out);
    }
    if form.hits == 0 {
        let words = format!("No setting says \u{201C}{}\u{201D}.", state.search.trim());
        if EmptyState::new(icons::SEARCH, "Nothing found", &words)
            .secondary("Clear the search")
            .show(ui)
            .is_some()
        {
            state.search.clear();
        }
    }
}

fn section(
    ui: &mut Ui,
    section: Section,
    form: &mut Form,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    out: &mut Vec<Intent>,
) {
    form.section(section.title());
    match section {
        Section::Security => security::show(ui, form, frame, view, &mut state.saving, out),
        Section::Policies => security::policies(ui, form, view, out),
        Section::Vault => vault::show(ui, form, frame, view, &mut state.saving, &mut state.name, out),
        Section::Audit => vault::audit(ui, form, frame, view, &mut state.saving, out),
        Section::Appearance => window::appearance(ui, form, out),
        Section::Keyboard => window::keyboard(ui, form, !state.letters_off, &mut state.changing, out),
        Section::About => about::show(ui, form, frame),
    }
    if !form.searches() && form.hits == 0 {
        w::text(ui, TextRole::Body, "Nothing can be set here.");
    }
}
