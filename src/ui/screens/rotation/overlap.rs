//! Versions in overlap: replaced, still accepted, and when that ends. An overlap that has ended waits for somebody to retire
//! the version: Keyroom may be closed at that moment, and cannot know whether everything has changed over.

use super::super::pages::rows::{self, Order, Typed};
use super::super::pages::stock::{Held, Stock};
use super::super::pages::{is_small, place, t, when};
use crate::model::time::calendar_days;
use crate::model::{KeyId, Timestamp};
use crate::ui::frame::{Bulk, DialogRequest, Frame, Intent};
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets::{self as w, Button, Column, Due as Look, EmptyState, EndRow, Table, TableState};
use crate::ui::words::{ago, plural};
use egui::{Align, Layout, Rect, Ui, UiBuilder, pos2, vec2};
use serde_json::json;

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Key,
    Version,
    Replaced,
    Ends,
    Owner,
    Reason,
}

/// The columns from left to right; what is left is in the order of when it ends.
const COLUMNS: [What; 7] =
    [What::Key, What::Version, What::Replaced, What::Ends, What::Ends, What::Owner, What::Reason];

/// What of a version is copied.
const COPIED: [&str; 6] = ["key", "version", "replaced", "overlap_ends", "owner", "reason"];

/// What the list remembers.
pub(super) struct Overlap {
    table: TableState,
    typed: Typed,
    order: Order<What>,
}

impl Default for Overlap {
    fn default() -> Self {
        let order = Order { by: What::Ends, ascending: true };
        Self { table: TableState::default(), typed: Typed::default(), order }
    }
}

impl Overlap {
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        body: Rect,
        frame: &Frame<'_>,
        stock: &Stock,
        forbidden: Option<&'static str>,
        out: &mut Vec<Intent>,
    ) {
        if stock.overlaps.is_empty() {
            place(ui, "empty", body.shrink(16.0), |ui| {
                let words = "A version that was replaced shows here as long as it is still accepted.";
                EmptyState::new(icons::WAITING, "No version is in overlap", words).show(ui);
            });
            return;
        }
        let t = t(ui);
        let bar = Rect::from_min_size(body.min, vec2(body.width(), 44.0));
        let held = self.arranged(stock);
        let chosen = self.table.cursor.and_then(|row| held.get(row)).copied();
        let inner = bar.shrink2(vec2(16.0, 0.0));
        let layout = Layout::left_to_right(Align::Center);
        ui.scope_builder(UiBuilder::new().id_salt("bar").max_rect(inner).layout(layout), |ui| {
            let count = stock.overlaps.len() as u64;
            w::text(ui, TextRole::BodyStrong, plural(count, "version", "versions"));
            w::text_in(ui, TextRole::Small, t.text_2, "replaced and still accepted");
            let room = ui.available_rect_before_wrap();
            EndRow::new(ui, "acts", room).show(ui, |ui| {
                let none = chosen.is_none().then_some("Choose a version in the list first.");
                if let Some(words) = forbidden.or(none).filter(|_| !is_small(ui)) {
                    w::text_in(ui, TextRole::Small, t.text_2, words);
                }
                let back = Button::secondary("Make current again…").disabled(forbidden.or(none));
                if back.show(ui).clicked()
                    && let Some(held) = chosen
                {
                    out.push(Intent::Open(DialogRequest::MakeCurrent(held.key.id, held.version)));
                }
                let ended = stock.overlap_ended.len();
                if ended > 1 {
                    let label = format!("Retire {ended} that ended…");
                    if Button::secondary(&label).disabled(forbidden).show(ui).clicked() {
                        let request = DialogRequest::Bulk(Bulk::RetireEnded, stock.keys_to_settle());
                        out.push(Intent::Open(request));
                    }
                }
                let retire = Button::primary("Retire…").icon(icons::ARCHIVE).disabled(forbidden.or(none));
                if retire.show(ui).clicked()
                    && let Some(held) = chosen
                {
                    out.push(Intent::Open(DialogRequest::RetireVersion(held.key.id, held.version)));
                }
            });
        });
        ui.painter().hline(bar.x_range(), bar.bottom().round() - 0.5, (1.0, t.hairline));
        let list = Rect::from_min_max(pos2(body.left(), bar.bottom()), body.max);
        place(ui, "overlaps", list, |ui| self.list(ui, frame, &held, out));
    }

    /// The key of the version the cursor is on.
    pub(super) fn chosen(&self, stock: &Stock) -> Option<KeyId> {
        let row = self.table.cursor?;
        self.arranged(stock).get(row).map(|held| held.key.id)
    }

    /// The versions in the order of a column; among the same, the first to end on top.
    fn arranged<'a>(&self, stock: &'a Stock) -> Vec<&'a Held> {
        let mut held: Vec<&Held> = stock.overlaps.iter().collect();
        match self.order.by {
            What::Key => self.order.sort(&mut held, |held| held.key.name.to_lowercase()),
            What::Version => self.order.sort(&mut held, |held| held.version),
            What::Replaced => self.order.sort(&mut held, |held| replaced(held)),
            What::Ends => self.order.sort(&mut held, |held| held.ends.unwrap_or(Timestamp(i64::MAX))),
            What::Owner => self.order.sort(&mut held, |held| held.key.owner.to_lowercase()),
            What::Reason => self.order.sort(&mut held, |held| reason(held).to_lowercase()),
        }
        held
    }

    fn list(&mut self, ui: &mut Ui, frame: &Frame<'_>, overlaps: &[&Held], out: &mut Vec<Intent>) {
        let columns = [
            Column::fixed("Key", 220.0),
            Column::fixed("Version", 80.0).right(),
            Column::fixed("Replaced", 112.0),
            Column::fixed("Overlap ends", 112.0),
            Column::fixed("Left", 176.0),
            Column::fixed("Owner", 104.0),
            Column::rest("Reason"),
        ]
        .map(Column::sortable);
        // The date stands before what is left of it.
        let sorted = COLUMNS.iter().position(|what| *what == self.order.by);
        let id = |row: usize| overlaps.get(row).map_or(u64::MAX, |held| number(held));
        let table = Table::new("Versions in overlap", &columns, overlaps.len()).single().key(&id);
        let table = table.sort(sorted.map(|at| (at, self.order.ascending)));
        let response = table.show(ui, &mut self.table, |cell| {
            let Some(held) = overlaps.get(cell.row()) else { return };
            match cell.column() {
                0 => cell.name(&held.key.name),
                1 => cell.mono(&format!("v{}", held.version)),
                2 => cell.text(&replaced(held).map(when::date).unwrap_or_default()),
                3 => cell.text(&held.ends.map(when::date).unwrap_or_default()),
                4 => match held.ends {
                    Some(end) if end <= frame.now => {
                        cell.due(Look::Late, &format!("ended {}", ago(end, frame.now)));
                    }
                    Some(end) => match calendar_days(frame.now, end) {
                        0 => cell.due(Look::Soon, "ends today"),
                        1 => cell.due(Look::Soon, "1 day left"),
                        days @ 2..=7 => cell.due(Look::Soon, &format!("{days} days left")),
                        days => cell.due(Look::Later, &format!("{days} days left")),
                    },
                    None => cell.due(Look::NoDate, "no end"),
                },
                5 => cell.text(&held.key.owner),
                _ => cell.text(reason(held)),
            }
        });
        if let Some(held) = response.opened.and_then(|row| overlaps.get(row)) {
            out.push(Intent::ShowKey(held.key.id));
        }
        if response.response.has_focus() {
            let name = |row: usize| overlaps.get(row).map(|held| held.key.name.clone());
            self.typed.follow(ui, &mut self.table, overlaps.len(), name, id);
            if let (Some(form), Some(held)) =
                (rows::copied(ui), self.table.cursor.and_then(|row| overlaps.get(row)))
            {
                let row = vec![
                    json!(held.key.name),
                    json!(held.version),
                    json!(replaced(held).map(Timestamp::iso)),
                    json!(held.ends.map(Timestamp::iso)),
                    json!(held.key.owner),
                    json!(reason(held)),
                ];
                rows::copy(&COPIED, &[row], form, "1 version", out);
            }
        }
        if let Some(what) = response.sort.and_then(|at| COLUMNS.get(at)) {
            self.order.turn(*what);
            // What was chosen may stand elsewhere now.
            self.table = TableState::default();
        }
    }
}

/// What the table knows a version by.
fn number(held: &Held) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&held.key.id.0[..8]);
    u64::from_le_bytes(bytes).wrapping_add(u64::from(held.version))
}

/// Since when another version stands in its place.
fn replaced(held: &Held) -> Option<Timestamp> {
    held.key.version(held.version).and_then(|version| version.current_to)
}

/// Why it was replaced: the reason of the version that came after it.
fn reason(held: &Held) -> &str {
    let after = held.key.versions.iter().find(|next| next.number > held.version);
    after.map_or("", |next| &next.reason)
}
