//! The policies: a table, and beside it the one that is looked at or changed.

use super::super::pages::rows::{self, Order, Typed};
use super::super::pages::save::{Saving, forbidden};
use super::super::pages::{place, t};
use super::policy_form::{Asked, Form};
use crate::app::UnlockedView;
use crate::model::due::policy_of;
use crate::model::{KeyState, Policy, PolicyId, Settings};
use crate::operations::SettingsEdit;
use crate::ui::dialogs::discard;
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, Button, Column, Table, TableState};
use egui::{Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use serde_json::json;

/// Width of the form.
const FORM: f32 = 360.0;
/// Between the line over its foot and what stands there.
const FOOT_GAP: f32 = 12.0;

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Name,
    Rotate,
    Overlap,
    Keys,
    Types,
}

const COLUMNS: [What; 5] = [What::Name, What::Rotate, What::Overlap, What::Keys, What::Types];

/// What of a policy is copied.
const COPIED: [&str; 5] = ["policy", "interval_days", "overlap_days", "keys", "default_for"];

/// What the page remembers.
#[derive(Default)]
pub(super) struct Policies {
    table: TableState,
    typed: Typed,
    /// `None`: as the settings have them.
    order: Option<Order<What>>,
    form: Option<Form>,
    /// What is to take the place of a form that was changed: it is asked whether that may go.
    leaving: Option<Next>,
    /// That question is on the screen.
    asked: bool,
    /// A policy that is to be opened as soon as the page is shown.
    wanted: Option<PolicyId>,
    counted: Option<u64>,
    /// Keys that each policy decides for, in the order of the settings.
    keys: Vec<u64>,
}

/// What takes the place of a form.
#[derive(Clone, Copy)]
enum Next {
    Nothing,
    New,
    Policy(PolicyId),
}

impl Policies {
    /// Opens a policy, unless one is being changed.
    pub(super) fn open(&mut self, policy: Option<PolicyId>) {
        self.wanted = policy.filter(|_| self.changed().is_none());
    }

    /// The form, where something was typed into it that is not saved.
    pub(super) fn changed(&self) -> Option<&Form> {
        self.form.as_ref().filter(|form| form.is_dirty())
    }

    /// A form that was changed before a lock.
    pub(super) fn take_up(&mut self, form: Form) {
        self.form = Some(form);
    }

    /// Whether it is being asked if what was typed may go.
    pub(super) fn asks(&self) -> bool {
        self.leaving.is_some()
    }

    /// Puts something in the place of the form: at once, or after the question whether what was typed may go.
    fn replace(&mut self, next: Next, settings: &Settings) {
        match (self.changed(), next) {
            (Some(form), Next::Policy(id)) if form.is_of(id) => {}
            (Some(_), next) => self.leaving = Some(next),
            (None, next) => self.go_to(next, settings),
        }
    }

    fn go_to(&mut self, next: Next, settings: &Settings) {
        match next {
            Next::Nothing => self.saved(),
            Next::New => {
                self.form = Form::new();
                self.table.clear();
            }
            Next::Policy(id) => self.form = settings.policies.iter().find(|p| p.id == id).map(Form::of),
        }
    }

    /// Asks whether what was typed may go. The row of what stays is chosen again.
    fn ask(&mut self, ui: &Ui, settings: &Settings) {
        let Some(next) = self.leaving else { return };
        if !self.asked && ui.input(|input| input.pointer.any_click()) {
            // In the pass of the click that asks, nothing can be given the focus.
            return ui.ctx().request_repaint();
        }
        self.asked = true;
        let Some(goes) = discard(ui.ctx()) else { return };
        (self.leaving, self.asked) = (None, false);
        if goes {
            return self.go_to(next, settings);
        }
        self.table.clear();
        let at =
            settings.policies.iter().position(|p| self.form.as_ref().is_some_and(|form| form.is_of(p.id)));
        if let Some(at) = at {
            let row = self.arranged(settings).iter().position(|place| *place == at);
            self.table.go_to(row.unwrap_or(at), at as u64);
        }
    }

    /// The settings were saved: what was typed is in force.
    pub(super) fn saved(&mut self) {
        self.form = None;
        self.table.clear();
    }

    pub(super) fn head(&mut self, ui: &mut Ui, frame: &Frame<'_>) {
        let button = Button::primary("New policy").icon(icons::ADD).disabled(forbidden(frame));
        if button.show(ui).clicked()
            && let Some(view) = frame.unlocked()
        {
            self.replace(Next::New, &view.view.settings);
        }
    }

    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        body: Rect,
        frame: &Frame<'_>,
        view: &UnlockedView,
        saving: &mut Saving,
        out: &mut Vec<Intent>,
    ) {
        let t = t(ui);
        let settings: &Settings = &view.view.settings;
        if self.counted != Some(frame.snapshot.serial) {
            self.counted = Some(frame.snapshot.serial);
            self.keys = count(view, settings);
        }
        if let Some(id) = self.wanted.take()
            && let Some(at) = settings.policies.iter().position(|policy| policy.id == id)
        {
            let row = self.arranged(settings).iter().position(|place| *place == at);
            self.table.go_to(row.unwrap_or(at), at as u64);
            self.form = settings.policies.get(at).map(Form::of);
        }
        let split = if self.form.is_some() { body.right() - FORM } else { body.right() };
        let left = Rect::from_min_max(body.min, pos2(split - 1.0, body.bottom()));
        place(ui, "policies", left, |ui| {
            if saving.is_open() {
                let inner = ui.max_rect().shrink(16.0);
                let shown =
                    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| saving.show(ui, frame, out));
                let top = shown.response.rect.bottom() + 4.0;
                let rest = Rect::from_min_max(pos2(left.left(), top), left.max);
                place(ui, "rest", rest, |ui| self.list(ui, settings, out));
            } else {
                self.list(ui, settings, out);
            }
        });
        self.ask(ui, settings);
        if self.form.is_some() && split >= body.right() {
            // It was opened just now: the list stands where it belongs.
            ui.ctx().request_discard("a policy was opened beside the list");
            return;
        }
        let Some(form) = &mut self.form else { return };
        form.follow(settings);
        ui.painter().vline(split.round() - 0.5, body.y_range(), (1.0, t.hairline));
        let right = Rect::from_min_max(pos2(split, body.top()), body.max);
        let inside = right.shrink(size::PAGE_PADDING);
        let split = inside.bottom() - form.foot_height();
        // To the edge of the page, so that the bar stands there and not on the fields.
        let area = inside.with_max_x(right.right() - 2.0).with_max_y(split - FOOT_GAP);
        place(ui, "policy", area, |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                ui.set_max_width(inside.width());
                form.fields(ui, settings, &self.keys);
            });
        });
        ui.painter().hline(right.x_range(), (split - FOOT_GAP).round() - 0.5, (1.0, t.hairline));
        let foot = inside.with_min_y(split);
        let asked =
            place(ui, "policy foot", foot, |ui| form.foot(ui, frame, view, &self.keys, forbidden(frame)));
        match asked {
            Some(Asked::Save(words, after)) => {
                let before = settings.clone();
                saving.ask(frame, (&words, ""), SettingsEdit { before, after }, out);
            }
            Some(Asked::Close) => self.replace(Next::Nothing, settings),
            None => {}
        }
    }

    /// The places of the policies in the settings, in the order of a column.
    fn arranged(&self, settings: &Settings) -> Vec<usize> {
        let policies = &settings.policies;
        let mut places: Vec<usize> = (0..policies.len()).collect();
        let Some(order) = self.order else { return places };
        match order.by {
            What::Name => order.sort(&mut places, |at| policies[*at].name.to_lowercase()),
            What::Rotate => order.sort(&mut places, |at| policies[*at].interval_days.unwrap_or(u32::MAX)),
            What::Overlap => order.sort(&mut places, |at| policies[*at].overlap_days),
            What::Keys => order.sort(&mut places, |at| self.keys.get(*at).copied()),
            What::Types => order.sort(&mut places, |at| defaults(&policies[*at])),
        }
        places
    }

    fn list(&mut self, ui: &mut Ui, settings: &Settings, out: &mut Vec<Intent>) {
        let columns = [
            Column::fixed("Policy", 200.0),
            Column::fixed("Rotate", 148.0),
            Column::fixed("Overlap", 80.0).right(),
            Column::fixed("Keys", 72.0).right(),
            Column::rest("Default for"),
        ]
        .map(Column::sortable);
        let places = self.arranged(settings);
        let keys = &self.keys;
        let policy = |row: usize| settings.policies.get(*places.get(row)?);
        let count = |row: usize| places.get(row).and_then(|at| keys.get(*at)).copied().unwrap_or(0);
        let key = |row: usize| places.get(row).map_or(u64::MAX, |at| *at as u64);
        let sorted = self
            .order
            .and_then(|order| Some((COLUMNS.iter().position(|what| *what == order.by)?, order.ascending)));
        let table = Table::new("Rotation policies", &columns, places.len()).single().key(&key).sort(sorted);
        let response = table.show(ui, &mut self.table, |cell| {
            let Some(policy) = policy(cell.row()) else { return };
            let t = cell.tokens();
            match cell.column() {
                0 => cell.name(&policy.name),
                1 => match policy.interval_days {
                    Some(days) => cell.text(&format!("every {days} d")),
                    None => cell.text("on evidence only"),
                },
                2 if policy.interval_days.is_some() => cell.mono(&format!("{} d", policy.overlap_days)),
                3 => cell.styled(TextRole::Mono, t.text, &w::thousands(count(cell.row()))),
                4 => cell.text(&defaults(policy)),
                _ => {}
            }
        });
        if response.response.has_focus() {
            let name = |row: usize| policy(row).map(|policy| policy.name.clone());
            self.typed.follow(ui, &mut self.table, places.len(), name, key);
            let cursor = self.table.cursor;
            if let (Some(form), Some((row, policy))) =
                (rows::copied(ui), cursor.and_then(|row| Some((row, policy(row)?))))
            {
                let row = vec![
                    json!(policy.name),
                    json!(policy.interval_days),
                    json!(policy.overlap_days),
                    json!(count(row)),
                    json!(defaults(policy)),
                ];
                rows::copy(&COPIED, &[row], form, "1 policy", out);
            }
        }
        let chosen = response.moved.or(response.opened);
        let again = response.selection_changed.then_some(self.table.cursor).flatten();
        if let Some(policy) = chosen.or(again).and_then(policy) {
            self.replace(Next::Policy(policy.id), settings);
        }
        if let Some(what) = response.sort.and_then(|at| COLUMNS.get(at)) {
            match &mut self.order {
                Some(order) => order.turn(*what),
                None => self.order = Some(Order { by: *what, ascending: true }),
            }
            // What was chosen may stand elsewhere now.
            self.table = TableState::default();
        }
    }
}

/// The types a policy stands for, as words.
fn defaults(policy: &Policy) -> String {
    let titles: Vec<&str> = policy.default_for.iter().map(|key_type| key_type.title()).collect();
    titles.join(", ")
}

fn count(view: &UnlockedView, settings: &Settings) -> Vec<u64> {
    let mut counts = vec![0; settings.policies.len()];
    for key in view.view.keys.all().iter().filter(|key| key.state != KeyState::Destroyed) {
        let Some(policy) = policy_of(key, settings) else { continue };
        if let Some(at) = settings.policies.iter().position(|p| p.id == policy.id) {
            counts[at] += 1;
        }
    }
    counts
}

/// A heading with the words below it, in the form.
pub(super) fn title(ui: &mut Ui, title: &str, note: &str) {
    let t = t(ui);
    w::text(ui, TextRole::Heading, title);
    if !note.is_empty() {
        w::text_in(ui, TextRole::Small, t.text_2, note);
    }
    ui.allocate_space(vec2(0.0, 4.0));
}
