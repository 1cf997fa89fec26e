//! The table of keys: which columns there is room for, and what stands in their cells.

use crate::app::UnlockedView;
use crate::app::platform::paths::Columns;
use crate::model::due::{due, policy_of};
use crate::model::search::{Hits, Sort, SortBy};
use crate::model::{KeyId, KeyRecord, Timestamp};
use crate::ui::widgets::{Cell, Column, Table, TableResponse, TableState, Tone};
use crate::ui::words::ago;
use egui::Ui;

use super::words;

/// What a column shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    Check,
    Name,
    Type,
    Owner,
    System,
    Environment,
    State,
    Version,
    Age,
    Used,
    Due,
}

impl What {
    /// The columns that may be there or not, in the order of the table.
    pub(super) const OPTIONAL: [Self; 9] = [
        Self::Type,
        Self::Owner,
        Self::System,
        Self::Environment,
        Self::State,
        Self::Version,
        Self::Age,
        Self::Used,
        Self::Due,
    ];
    /// Those that are there where nothing else was asked for.
    const USUAL: [Self; 7] =
        [Self::Type, Self::Owner, Self::System, Self::Version, Self::Age, Self::Used, Self::Due];
    /// Those that go first where the room is short.
    const FIRST_TO_GO: [Self; 8] = [
        Self::Used,
        Self::Age,
        Self::Environment,
        Self::System,
        Self::State,
        Self::Type,
        Self::Version,
        Self::Owner,
    ];

    /// Its word in the file of the workstation.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Check => "select",
            Self::Name => "name",
            Self::Type => "type",
            Self::Owner => "owner",
            Self::System => "system",
            Self::Environment => "environment",
            Self::State => "state",
            Self::Version => "version",
            Self::Age => "age",
            Self::Used => "last-used",
            Self::Due => "next-rotation",
        }
    }

    /// Its title.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Check => "Select",
            Self::Name => "Name",
            Self::Type => "Type",
            Self::Owner => "Owner",
            Self::System => "System",
            Self::Environment => "Environment",
            Self::State => "State",
            Self::Version => "Ver",
            Self::Age => "Age",
            Self::Used => "Last used",
            Self::Due => "Next rotation",
        }
    }

    /// How wide it is where nobody made it wider, in points.
    fn width(self) -> f32 {
        match self {
            Self::Check => 32.0,
            Self::Version => 48.0,
            Self::Age => 64.0,
            Self::Owner => 88.0,
            Self::Used => 108.0,
            Self::System | Self::Environment => 104.0,
            Self::State => 116.0,
            Self::Name | Self::Type => 118.0,
            Self::Due => 132.0,
        }
    }

    fn column(self, columns: &Columns) -> Column<'static> {
        let width = columns.widths.get(self.word()).copied().unwrap_or_else(|| self.width());
        match self {
            Self::Check => Column::check(),
            Self::Name => Column::rest(self.title()).sortable(),
            Self::Version | Self::Age => Column::fixed(self.title(), width).right().sortable().resizable(),
            Self::Environment => Column::fixed(self.title(), width).resizable(),
            _ => Column::fixed(self.title(), width).sortable().resizable(),
        }
    }
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
    /// What the name needs at least, in points.
    fn name(self) -> f32 {
        match self {
            Self::Wide => 180.0,
            Self::Beside => 150.0,
            Self::Narrow => 240.0,
        }
    }
}

/// Whether a column is wanted.
pub(super) fn is_shown(columns: &Columns, what: What) -> bool {
    match &columns.shown {
        Some(shown) => shown.iter().any(|word| word == what.word()),
        None => What::USUAL.contains(&what),
    }
}

/// The columns that are wanted and fit beside a name that can be read.
fn fitting(columns: &Columns, room: Room, width: f32) -> Vec<(What, Column<'static>)> {
    let mut whats = vec![What::Check, What::Name];
    whats.extend(What::OPTIONAL.into_iter().filter(|what| is_shown(columns, *what)));
    let taken = |whats: &[What]| -> f32 {
        let fixed = whats.iter().filter(|what| **what != What::Name);
        fixed.map(|what| columns.widths.get(what.word()).copied().unwrap_or_else(|| what.width())).sum()
    };
    for what in What::FIRST_TO_GO {
        if taken(&whats) + room.name() <= width {
            break;
        }
        whats.retain(|kept| *kept != what);
    }
    whats.into_iter().map(|what| (what, what.column(columns))).collect()
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
#[allow(clippy::too_many_arguments, reason = "the parts of one picture, passed once")]
pub(super) fn show(
    ui: &mut Ui,
    view: &UnlockedView,
    hits: &Hits,
    now: Timestamp,
    room: Room,
    columns: &mut Columns,
    sort: &mut Sort,
    state: &mut TableState,
) -> (TableResponse, bool) {
    let width = ui.available_width() - crate::ui::theme::size::SCROLL_BAR;
    let (whats, shown): (Vec<What>, Vec<Column<'_>>) = fitting(columns, room, width).into_iter().unzip();
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
                cell.due(words::due_look(due, policy_of(key, settings)), &due.words());
            }
            What::Due => not_in_use(cell, key),
            _ => fill(cell, what, key, now),
        }
    });
    if let Some(by) = response.sort.and_then(|at| whats.get(at)).and_then(|what| order(*what)) {
        let descending = sort.by == by && !sort.descending;
        *sort = Sort { by, descending };
    }
    let mut settled = false;
    if let Some(resized) = &response.resized
        && let Some(what) = whats.get(resized.column)
    {
        match resized.width {
            Some(width) => drop(columns.widths.insert(what.word().to_owned(), width)),
            None => drop(columns.widths.remove(what.word())),
        }
        settled = resized.finished;
    }
    (response, settled)
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
        What::Environment => cell.text(&key.environment),
        What::State => not_in_use(cell, key),
        What::Version => {
            let role = crate::ui::theme::TextRole::Mono;
            cell.styled(role, t.text, &key.current_number().to_string());
        }
        What::Age => cell.mono(&words::age(key, now)),
        What::Used => match key.last_used {
            Some(used) => cell.text(&ago(used, now)),
            None => cell.styled(crate::ui::theme::TextRole::Body, t.text_3, "never"),
        },
        What::Due => {}
    }
}

/// A state; in the place of a date that does not count: why it does not.
fn not_in_use(cell: &mut Cell<'_>, key: &KeyRecord) {
    let (tone, glyph, _) = words::key_look(key);
    let t = cell.tokens();
    let colour = if tone == Tone::Neutral { t.text_3 } else { tone.tint(t).fg };
    cell.icon_text(glyph, key.state_words(), colour);
}

fn order(what: What) -> Option<SortBy> {
    match what {
        What::Check | What::Environment => None,
        What::State => Some(SortBy::State),
        What::Name => Some(SortBy::Name),
        What::Type => Some(SortBy::Type),
        What::Owner => Some(SortBy::Owner),
        What::System => Some(SortBy::System),
        What::Version => Some(SortBy::Version),
        What::Age => Some(SortBy::Age),
        What::Used => Some(SortBy::LastUsed),
        What::Due => Some(SortBy::Due),
    }
}
