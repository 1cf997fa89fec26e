//! What was rotated, made current again or retired: told by the log, newest first.

use super::super::pages::rows::{self, Order, Typed};
use super::super::pages::{is_narrow, place, t, when};
use crate::app::UnlockedView;
use crate::audit::index::Row;
use crate::audit::query;
use crate::model::due::policy_of;
use crate::model::time::calendar_days;
use crate::model::{Action, Outcome};
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons, icons::Icon};
use crate::ui::widgets::{self as w, Button, Column, EmptyState, Table, TableState};
use crate::ui::words::plural;
use egui::{Align, Layout, Rect, Ui, UiBuilder, vec2};
use serde_json::json;

/// The query behind the list.
const QUERY: &str = "category:rotation";

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Time,
    Key,
    Version,
    Done,
    Late,
    By,
    Reason,
}

const COLUMNS: [What; 7] =
    [What::Time, What::Key, What::Version, What::Done, What::Late, What::By, What::Reason];

/// What of an event is copied.
const COPIED: [&str; 8] = ["time", "key", "version", "action", "outcome", "days_late", "operator", "reason"];

/// What the list remembers.
pub(super) struct History {
    /// How long the log was when it was made, and in which order.
    read: Option<(usize, Order<What>)>,
    /// Rows of the log, in the order of the table.
    rows: Vec<u32>,
    table: TableState,
    typed: Typed,
    order: Order<What>,
}

impl Default for History {
    fn default() -> Self {
        let order = Order { by: What::Time, ascending: false };
        Self { read: None, rows: Vec::new(), table: TableState::default(), typed: Typed::default(), order }
    }
}

impl History {
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        body: Rect,
        frame: &Frame<'_>,
        view: &UnlockedView,
        out: &mut Vec<Intent>,
    ) {
        if self.read != Some((view.log.len(), self.order)) {
            self.read = Some((view.log.len(), self.order));
            let found = query::parse(QUERY, frame.now).map(|q| q.select(&view.log)).unwrap_or_default();
            self.rows = found.rows().iter().rev().copied().collect();
            self.sort(view);
        }
        if self.rows.is_empty() {
            place(ui, "empty", body.shrink(16.0), |ui| {
                let words =
                    "Every rotation, every version made current again and every version retired shows here.";
                EmptyState::new(icons::HISTORY, "No rotation yet", words).show(ui);
            });
            return;
        }
        let t = t(ui);
        let bar = Rect::from_min_size(body.min, vec2(body.width(), 44.0));
        let layout = Layout::left_to_right(Align::Center);
        let inner = bar.shrink2(vec2(16.0, 0.0));
        ui.scope_builder(UiBuilder::new().id_salt("bar").max_rect(inner).layout(layout), |ui| {
            w::text(ui, TextRole::BodyStrong, plural(self.rows.len(), "change", "changes"));
            w::text_in(ui, TextRole::Small, t.text_2, "of versions, as the log has them");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if Button::secondary("Open in Audit").icon(icons::AUDIT).show(ui).clicked() {
                    out.push(Intent::ShowAudit(QUERY.to_owned()));
                }
            });
        });
        ui.painter().hline(bar.x_range(), bar.bottom().round() - 0.5, (1.0, t.hairline));
        let list = Rect::from_min_max(egui::pos2(body.left(), bar.bottom()), body.max);
        place(ui, "history", list, |ui| self.list(ui, view, out));
    }

    /// Puts the rows in the order of a column.
    fn sort(&mut self, view: &UnlockedView) {
        let Self { order, rows, .. } = self;
        let text = |row: &u32, of: fn(&Row<'_>) -> String| view.log.event_row(*row).map(|event| of(&event));
        match order.by {
            What::Time => order.sort(rows, |row| *row),
            What::Key => order.sort(rows, |row| text(row, |event| event.object_name().to_lowercase())),
            What::Version => order.sort(rows, |row| view.log.event_row(*row).and_then(|e| e.version())),
            What::Done => order.sort(rows, |row| text(row, |event| words(event).1.to_owned())),
            What::Late => order.sort(rows, |row| view.log.event_row(*row).and_then(|e| late(view, &e))),
            What::By => order.sort(rows, |row| text(row, |event| event.operator().to_lowercase())),
            What::Reason => order.sort(rows, |row| text(row, |event| event.reason().to_lowercase())),
        }
    }

    fn list(&mut self, ui: &mut Ui, view: &UnlockedView, out: &mut Vec<Intent>) {
        let narrow = is_narrow(ui);
        let columns = [
            Column::fixed("Time", when::stamp_width(144.0)),
            Column::fixed("Key", if narrow { 148.0 } else { 196.0 }),
            Column::fixed("Version", 64.0).right(),
            Column::fixed("What", 168.0),
            Column::fixed("By the policy", 112.0),
            Column::fixed("By", 104.0),
            Column::rest("Reason"),
        ]
        .map(Column::sortable);
        let rows = &self.rows;
        let at = |row: usize| rows.get(row).copied();
        let key = |row: usize| at(row).map_or(u64::MAX, u64::from);
        let sorted = COLUMNS.iter().position(|what| *what == self.order.by);
        let table = Table::new("Rotations", &columns, rows.len()).single().key(&key);
        let table = table.sort(sorted.map(|at| (at, self.order.ascending)));
        let response = table.show(ui, &mut self.table, |cell| {
            let Some(event) = at(cell.row()).and_then(|row| view.log.event_row(row)) else { return };
            let t = cell.tokens();
            match cell.column() {
                0 => cell.styled(TextRole::Mono, t.text, &when::stamp(event.time())),
                1 => cell.name(event.object_name()),
                2 => cell.mono(&event.version().map(|v| format!("v{v}")).unwrap_or_default()),
                3 => {
                    let (glyph, words) = words(&event);
                    match event.outcome() {
                        crate::model::Outcome::Done => cell.icon_text(glyph, words, t.text_2),
                        other => cell.icon_text(icons::FAILED, &format!("{words}: {}", other.word()), t.warn),
                    }
                }
                4 => match late(view, &event) {
                    Some(0) => cell.text("on time"),
                    Some(days) if days > 0 => cell.styled(TextRole::Body, t.warn, &format!("{days} d late")),
                    Some(days) => cell.text(&format!("{} d early", -days)),
                    None => {}
                },
                5 => cell.text(event.operator()),
                6 => cell.text(event.reason()),
                _ => {}
            }
        });
        if let Some(row) = response.opened.and_then(at).and_then(|row| view.log.event_row(row)) {
            out.push(Intent::ShowEvent(row.seq()));
        }
        if response.response.has_focus() {
            let event = |row: usize| at(row).and_then(|row| view.log.event_row(row));
            let name = |row| event(row).map(|event| event.object_name().to_owned());
            self.typed.follow(ui, &mut self.table, rows.len(), name, key);
            if let (Some(form), Some(event)) = (rows::copied(ui), self.table.cursor.and_then(event)) {
                let row = vec![
                    json!(event.time().iso()),
                    json!(event.object_name()),
                    json!(event.version()),
                    json!(event.action().name()),
                    json!(event.outcome().word()),
                    json!(late(view, &event)),
                    json!(event.operator()),
                    json!(event.reason()),
                ];
                rows::copy(&COPIED, &[row], form, "1 entry", out);
            }
        }
        if let Some(what) = response.sort.and_then(|at| COLUMNS.get(at)) {
            self.order.turn(*what);
            // What was chosen may stand elsewhere now.
            self.table = TableState::default();
        }
    }
}

/// What was done, in words and as a glyph.
fn words(event: &Row<'_>) -> (Icon, &'static str) {
    match event.action() {
        Action::RotationComplete => (icons::ROTATE, "rotated"),
        Action::RotationRevert => (icons::UNDO, "made current again"),
        Action::RotationRetire => (icons::ARCHIVE, "retired"),
        other => (icons::INFO, other.name()),
    }
}

/// How many days after its date a rotation came, by the policy of today; negative where it came before. `None` where no policy
/// sets a date, and for anything but a rotation.
fn late(view: &UnlockedView, event: &Row<'_>) -> Option<i64> {
    if event.action() != Action::RotationComplete || event.outcome() != Outcome::Done {
        return None;
    }
    let key = view.keys.get(event.key_id()?)?;
    let interval = policy_of(key, &view.view.settings)?.interval_days?;
    let version = event.version()?;
    let before = key.versions.iter().filter(|v| v.number < version).max_by_key(|v| v.number)?;
    Some(calendar_days(key.period_start(before).plus_days(i64::from(interval)), event.time()))
}
