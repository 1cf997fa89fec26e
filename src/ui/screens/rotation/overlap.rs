//! Versions in overlap: replaced, still accepted, and when that ends. An overlap that has ended waits for somebody to retire
//! the version: Keyroom may be closed at that moment, and cannot know whether everything has changed over.

use super::super::pages::stock::Stock;
use super::super::pages::{place, t, when};
use crate::model::time::calendar_days;
use crate::ui::frame::{Bulk, DialogRequest, Frame, Intent};
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets::{self as w, Button, Column, Due as Look, EmptyState, Table, TableState};
use crate::ui::words::{ago, plural};
use egui::{Align, Layout, Rect, Ui, UiBuilder, pos2, vec2};

/// What the list remembers.
#[derive(Default)]
pub(super) struct Overlap {
    table: TableState,
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
        let chosen = self.table.cursor.and_then(|row| stock.overlaps.get(row));
        let inner = bar.shrink2(vec2(16.0, 0.0));
        let layout = Layout::left_to_right(Align::Center);
        ui.scope_builder(UiBuilder::new().id_salt("bar").max_rect(inner).layout(layout), |ui| {
            let count = stock.overlaps.len() as u64;
            w::text(ui, TextRole::BodyStrong, plural(count, "version", "versions"));
            w::text_in(ui, TextRole::Small, t.text_2, "still accepted, the first to end on top");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let none = chosen.is_none().then_some("Choose a version in the list first.");
                let retire = Button::primary("Retire…").icon(icons::ARCHIVE).disabled(forbidden.or(none));
                if retire.show(ui).clicked()
                    && let Some(held) = chosen
                {
                    out.push(Intent::Open(DialogRequest::RetireVersion(held.key.id, held.version)));
                }
                let ended = stock.overlap_ended.len();
                if ended > 1 {
                    let label = format!("Retire {ended} that ended…");
                    if Button::secondary(&label).disabled(forbidden).show(ui).clicked() {
                        let request = DialogRequest::Bulk(Bulk::RetireEnded, stock.keys_to_settle());
                        out.push(Intent::Open(request));
                    }
                }
                let back = Button::secondary("Make current again…").disabled(forbidden.or(none));
                if back.show(ui).clicked()
                    && let Some(held) = chosen
                {
                    out.push(Intent::Open(DialogRequest::MakeCurrent(held.key.id, held.version)));
                }
            });
        });
        ui.painter().hline(bar.x_range(), bar.bottom().round() - 0.5, (1.0, t.hairline));
        let list = Rect::from_min_max(pos2(body.left(), bar.bottom()), body.max);
        place(ui, "overlaps", list, |ui| self.list(ui, frame, stock, out));
    }

    fn list(&mut self, ui: &mut Ui, frame: &Frame<'_>, stock: &Stock, out: &mut Vec<Intent>) {
        let columns = [
            Column::fixed("Key", 220.0),
            Column::fixed("Version", 80.0).right(),
            Column::fixed("Replaced", 112.0),
            Column::fixed("Overlap ends", 112.0),
            Column::fixed("Left", 148.0),
            Column::fixed("Owner", 104.0),
            Column::rest("Reason"),
        ];
        let table = Table::new("Versions in overlap", &columns, stock.overlaps.len()).single();
        let response = table.show(ui, &mut self.table, |cell| {
            let Some(held) = stock.overlaps.get(cell.row()) else { return };
            let version = held.key.version(held.version);
            match cell.column() {
                0 => cell.name(&held.key.name),
                1 => cell.mono(&format!("v{}", held.version)),
                2 => {
                    let since = version.and_then(|version| version.current_to);
                    cell.text(&since.map(when::date).unwrap_or_default());
                }
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
                // Why it was replaced is the reason of the version that came after it.
                _ => {
                    let after = held.key.versions.iter().find(|next| next.number > held.version);
                    cell.text(after.map_or("", |next| &next.reason));
                }
            }
        });
        if let Some(held) = response.opened.and_then(|row| stock.overlaps.get(row)) {
            out.push(Intent::ShowKey(held.key.id));
        }
    }
}
