//! The table of keys: which columns there is room for, and what stands in their cells.

use crate::app::UnlockedView;
use crate::model::due::due;
use crate::model::search::{Hits, Sort, SortBy};
use crate::model::{KeyId, KeyRecord, KeyState, Timestamp};
use crate::ui::widgets::{Cell, Column, Table, TableResponse, TableState, Tone};
use egui::Ui;

use super::words;

/// What a column shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Check,
    Name,
    Type,
    Owner,
    System,
    Version,
    Age,
    Used,
    Due,
}

/// How much room there is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// The whole page, nothing open.
    Wide,
    /// Beside the drawer.
    Beside,
    /// Beside the drawer in a small window.
    Narrow,
}

impl Room {
    fn columns(self) -> Vec<(What, Column<'static>)> {
        let fixed = |what, title, width| (what, Column::fixed(title, width).sortable());
        let rest = |what, title| (what, Column::rest(title).sortable());
        let version = |width| (What::Version, Column::fixed("Ver", width).right().sortable());
        let check = (What::Check, Column::check());
        match self {
            Self::Wide => vec![
                check,
                rest(What::Name, "Name"),
                fixed(What::Type, "Type", 120.0),
                fixed(What::Owner, "Owner", 92.0),
                (What::System, Column::fixed("System", 104.0)),
                version(48.0),
                (What::Age, Column::fixed("Age", 64.0).right().sortable()),
                fixed(What::Used, "Last used", 92.0),
                fixed(What::Due, "Next rotation", 132.0),
            ],
            Self::Beside => vec![
                check,
                fixed(What::Name, "Name", 172.0),
                rest(What::Type, "Type"),
                fixed(What::Owner, "Owner", 88.0),
                version(48.0),
                fixed(What::Due, "Next rotation", 132.0),
            ],
            Self::Narrow => vec![
                check,
                rest(What::Name, "Name"),
                fixed(What::Owner, "Owner", 92.0),
                version(44.0),
                fixed(What::Due, "Next rotation", 124.0),
            ],
        }
    }
}

/// The number by which a row is selected.
pub(super) fn number(id: KeyId) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&id.0[..8]);
    u64::from_le_bytes(first)
}

/// The key a row shows.
pub(super) fn record<'a>(
    view: &'a UnlockedView,
    hits: &Hits,
    row: usize,
) -> Option<&'a std::sync::Arc<KeyRecord>> {
    view.keys.record(*hits.refs().get(row)?)
}

/// Shows the table; the order may become another one.
pub(super) fn show(
    ui: &mut Ui,
    view: &UnlockedView,
    hits: &Hits,
    now: Timestamp,
    room: Room,
    sort: &mut Sort,
    state: &mut TableState,
) -> TableResponse {
    let columns = room.columns();
    let (whats, shown): (Vec<What>, Vec<Column<'_>>) = columns.into_iter().unzip();
    let sorted = whats.iter().position(|what| order(*what) == Some(sort.by));
    let key = |row: usize| record(view, hits, row).map_or(0, |key| number(key.id));
    let settings = &view.view.settings;
    let table = Table::new("Keys", &shown, hits.len());
    let response = table.sort(sorted.map(|at| (at, !sort.descending))).key(&key).show(ui, state, |cell| {
        let Some(key) = record(view, hits, cell.row()) else { return };
        let Some(what) = whats.get(cell.column()).copied() else { return };
        match what {
            What::Due if key.state.is_in_use() => {
                let due = due(key, settings, now);
                cell.due(words::due_look(due), &due.words());
            }
            What::Due => not_in_use(cell, key.state),
            _ => fill(cell, what, key, now),
        }
    });
    if let Some(by) = response.sort.and_then(|at| whats.get(at)).and_then(|what| order(*what)) {
        let descending = sort.by == by && !sort.descending;
        *sort = Sort { by, descending };
    }
    response
}

fn fill(cell: &mut Cell<'_>, what: What, key: &KeyRecord, now: Timestamp) {
    let t = cell.tokens();
    match what {
        What::Check => {
            cell.icon(words::type_icon(key.key_type), t.text_2, key.key_type.title());
        }
        What::Name => cell.name(&key.name),
        What::Type => cell.text(key.key_type.title()),
        What::Owner => cell.text(&key.owner),
        What::System => cell.text(&key.system),
        What::Version => {
            let role = crate::ui::theme::TextRole::Mono;
            cell.styled(role, t.text, &key.current_number().to_string());
        }
        What::Age => cell.mono(&words::age(key, now)),
        What::Used => match key.last_used {
            Some(used) => cell.text(&words::ago(used, now)),
            None => cell.styled(crate::ui::theme::TextRole::Body, t.text_3, "never"),
        },
        What::Due => {}
    }
}

/// In the place of a date that does not count: why it does not.
fn not_in_use(cell: &mut Cell<'_>, state: KeyState) {
    let (tone, glyph, _) = words::state_look(state);
    let t = cell.tokens();
    let colour = if tone == Tone::Neutral { t.text_3 } else { tone.tint(t).fg };
    cell.icon_text(glyph, state.word(), colour);
}

fn order(what: What) -> Option<SortBy> {
    match what {
        What::Check | What::System => None,
        What::Name => Some(SortBy::Name),
        What::Type => Some(SortBy::Type),
        What::Owner => Some(SortBy::Owner),
        What::Version => Some(SortBy::Version),
        What::Age => Some(SortBy::Age),
        What::Used => Some(SortBy::LastUsed),
        What::Due => Some(SortBy::Due),
    }
}
