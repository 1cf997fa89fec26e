//! What is due: seven buckets that open and close groups of one table, and what to do with the selected keys.

use super::super::keys::due_look;
use super::super::pages::paint::{Words, icon, put_left};
use super::super::pages::rows::{self, Typed};
use super::super::pages::stock::{Item, Stock, last_time};
use super::super::pages::{is_narrow, is_small, place, t, when};
use super::side;
use crate::app::UnlockedView;
use crate::model::due::{Due as Stands, DueBucket, policy_of};
use crate::model::{PolicyChoice, Settings};
use crate::ui::frame::{Bulk, DialogRequest, Frame, Intent};
use crate::ui::theme::{TextRole, Tokens, icons, icons::Icon, size};
use crate::ui::widgets::{
    self as w, Button, Cell, Column, Due as Look, EmptyState, EndRow, Table, TableState,
};
use crate::ui::words::plural;
use egui::{
    Align, Color32, Key, Layout, Modifiers, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use std::collections::HashSet;

/// Height of a tile, and what is between two.
const TILE: f32 = 64.0;
const TILE_GAP: f32 = 8.0;
/// Width of the right column.
const SIDE: f32 = 304.0;

/// A row of the table.
enum Line {
    Head(DueBucket),
    Key(usize),
}

/// A column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Check,
    Name,
    Type,
    Owner,
    Date,
    Left,
    Policy,
    Last,
}

/// What the list remembers.
pub(super) struct Due {
    pub(super) open: [bool; 7],
    sort: (What, bool),
    pub(super) table: TableState,
    typed: Typed,
    lines: Vec<Line>,
    stale: bool,
}

impl Default for Due {
    fn default() -> Self {
        let open = [true, true, true, true, false, false, false];
        let (sort, table, typed) = ((What::Left, true), TableState::default(), Typed::default());
        Self { open, sort, table, typed, lines: Vec::new(), stale: true }
    }
}

impl Due {
    #[allow(clippy::too_many_arguments, reason = "the parts of one picture, passed once")]
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        body: Rect,
        frame: &Frame<'_>,
        view: &UnlockedView,
        stock: &Stock,
        fresh: bool,
        overlaps: &mut bool,
        out: &mut Vec<Intent>,
    ) {
        let t = t(ui);
        if stock.items.is_empty() {
            place(ui, "empty", body.shrink(16.0), |ui| empty(ui, out));
            return;
        }
        let small = is_small(ui);
        let tall = if small { 2.0 * TILE + TILE_GAP } else { TILE };
        let tiles = Rect::from_min_size(body.min + vec2(16.0, 12.0), vec2(body.width() - 32.0, tall));
        place(ui, "tiles", tiles, |ui| self.tiles(ui, stock));
        let mut top = tiles.bottom();
        if super::notices::any(stock) {
            let room = Rect::from_min_max(pos2(tiles.left(), top + 8.0), pos2(tiles.right(), body.bottom()));
            place(ui, "notices", room, |ui| {
                super::notices::show(ui, frame, stock, overlaps, out);
                top = ui.min_rect().bottom();
            });
        }
        let line = top.round() + 12.5;
        ui.painter().hline(body.x_range(), line, (1.0, t.hairline));
        if fresh || self.stale {
            self.arrange(stock);
        }
        let split = if small { body.right() } else { body.right() - SIDE };
        let left = Rect::from_min_max(pos2(body.left(), line + 0.5), pos2(split, body.bottom()));
        let right = Rect::from_min_max(pos2(split, line + 0.5), body.max);
        if !small {
            ui.painter().vline(split.round() - 0.5, right.y_range(), (1.0, t.hairline));
            w::pane(ui, w::Pane::Chart);
            place(ui, "side", right, |ui| side::show(ui, stock, out));
        }
        let bar = Rect::from_min_size(left.min, vec2(left.width() - 1.0, 44.0));
        place(ui, "selection", bar, |ui| self.bar(ui, view, stock, out));
        ui.painter().hline(bar.x_range(), bar.bottom().round() - 0.5, (1.0, t.hairline));
        let list = Rect::from_min_max(pos2(left.left(), bar.bottom()), pos2(bar.right(), left.bottom()));
        w::pane(ui, w::Pane::Table);
        place(ui, "list", list, |ui| self.list(ui, frame, view, stock, out));
    }

    fn tiles(&mut self, ui: &mut Ui, stock: &Stock) {
        let t = t(ui);
        let rows: &[&[usize]] =
            if is_small(ui) { &[&[0, 1, 2, 3], &[4, 5, 6]] } else { &[&[0, 1, 2, 3, 4, 5, 6]] };
        ui.spacing_mut().item_spacing = vec2(TILE_GAP, TILE_GAP);
        for row in rows {
            let gaps = (row.len() - 1) as f32;
            let room = ui.available_width() - gaps * TILE_GAP;
            let width = (room / row.len() as f32).floor();
            ui.horizontal(|ui| {
                for i in row.iter().copied() {
                    let bucket = DueBucket::ALL[i];
                    let (glyph, colour) = look(bucket, t);
                    let count = w::thousands(stock.bucket(bucket).into());
                    // The last one has what rounding left over.
                    let width = if Some(&i) == row.last() { room - gaps * width } else { width };
                    if w::bucket(ui, width, glyph, colour, bucket.title(), &count, self.open[i]).clicked() {
                        self.open[i] = !self.open[i];
                        self.stale = true;
                    }
                }
            });
        }
    }

    /// The rows: heads of all buckets that hold keys, and the keys of those that are open.
    fn arrange(&mut self, stock: &Stock) {
        self.stale = false;
        self.lines.clear();
        for (i, bucket) in DueBucket::ALL.into_iter().enumerate() {
            let mut keys: Vec<usize> =
                (0..stock.items.len()).filter(|at| stock.items[*at].due.bucket() == bucket).collect();
            if keys.is_empty() {
                continue;
            }
            self.lines.push(Line::Head(bucket));
            if self.open[i] {
                self.order(stock, &mut keys);
                self.lines.extend(keys.into_iter().map(Line::Key));
            }
        }
        let keys: HashSet<u64> = stock.items.iter().map(row_key).collect();
        self.table.selected.retain(|key| keys.contains(key));
    }

    /// The group a row is in.
    fn bucket_of(&self, row: usize) -> Option<DueBucket> {
        let above = self.lines.get(..=row)?;
        above.iter().rev().find_map(|line| if let Line::Head(bucket) = line { Some(*bucket) } else { None })
    }

    fn order(&self, stock: &Stock, keys: &mut [usize]) {
        let item = |at: &usize| &stock.items[*at];
        match self.sort.0 {
            What::Name => keys.sort_by_cached_key(|at| item(at).key.name.to_lowercase()),
            What::Type => keys.sort_by_cached_key(|at| item(at).key.key_type.title()),
            What::Owner => keys.sort_by_cached_key(|at| item(at).key.owner.to_lowercase()),
            _ => {}
        }
        if !self.sort.1 {
            keys.reverse();
        }
    }

    /// The selected keys, most urgent first.
    pub(super) fn chosen<'a>(&self, stock: &'a Stock) -> Vec<&'a Item> {
        if self.table.selected.is_empty() {
            return Vec::new();
        }
        stock.items.iter().filter(|item| self.table.is_selected(row_key(item))).collect()
    }

    fn bar(&mut self, ui: &mut Ui, view: &UnlockedView, stock: &Stock, out: &mut Vec<Intent>) {
        let t = t(ui);
        let chosen = self.chosen(stock);
        let shown = self.lines.iter().filter(|line| matches!(line, Line::Key(_))).count();
        let rect = ui.max_rect().shrink2(vec2(16.0, 0.0));
        let narrow = is_narrow(ui);
        let ids = || chosen.iter().map(|item| item.key.id).collect::<Vec<_>>();
        let layout = Layout::left_to_right(Align::Center);
        ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            if chosen.is_empty() {
                match super::notices::nothing_due(stock) {
                    Some(words) => {
                        w::text(ui, TextRole::Body, words);
                    }
                    None => {
                        Words::new()
                            .add(TextRole::BodyStrong, t.text, plural(shown, "key", "keys"))
                            .add(TextRole::Body, t.text_2, " shown")
                            .show(ui);
                    }
                }
            } else {
                let owners: HashSet<&str> = chosen.iter().map(|item| item.key.owner.as_str()).collect();
                w::text(ui, TextRole::BodyStrong, format!("{} selected", w::thousands(chosen.len() as u64)));
                let seen = |line: &&Line| {
                    matches!(line, Line::Key(at) if stock.items.get(*at).is_some_and(|item| self.table.is_selected(row_key(item))))
                };
                let hidden = chosen.len().saturating_sub(self.lines.iter().filter(seen).count());
                if hidden > 0 {
                    let words = format!("{} not shown", w::thousands(hidden as u64));
                    w::text_in(ui, TextRole::Small, t.text_2, words);
                } else if !narrow {
                    w::text_in(ui, TextRole::Small, t.text_2, plural(owners.len(), "owner", "owners"));
                }
            }
            let usable = chosen.iter().filter(|item| item.key.state.is_in_use()).count();
            let none = chosen.is_empty().then_some("Select keys in the list first.");
            let role = super::may_not(view);
            let room = ui.available_rect_before_wrap();
            EndRow::new(ui, "selection", room).show(ui, |ui| {
                if !chosen.is_empty() {
                    if Button::quiet("Clear").show(ui).clicked() {
                        self.table.clear();
                    }
                    for (label, what) in [("Set policy…", Bulk::Policy), ("Exempt…", Bulk::Exempt)] {
                        if Button::secondary(label).disabled(role).show(ui).clicked() {
                            out.push(Intent::Open(DialogRequest::Bulk(what, ids())));
                        }
                    }
                } else if let Some(words) = role.or(none).filter(|_| !is_small(ui)) {
                    w::text_in(ui, TextRole::Small, t.text_2, words);
                }
                let unused = (usable == 0).then_some("None of the selected keys is in use.");
                let label = match usable {
                    0 | 1 => "Rotate…".to_owned(),
                    n => format!("Rotate {} keys…", w::thousands(n as u64)),
                };
                let reason = role.or(none).or(unused);
                if Button::primary(&label).icon(icons::ROTATE).disabled(reason).show(ui).clicked() {
                    out.push(Intent::Open(DialogRequest::RotateEach(ids())));
                }
            });
        });
    }

    /// The page's own action: what is shown, for a spreadsheet.
    pub(super) fn head(&mut self, ui: &mut Ui, stock: &Stock, out: &mut Vec<Intent>) {
        let shown = |line: &Line| match line {
            Line::Key(at) => stock.items.get(*at).map(|item| item.key.id),
            Line::Head(_) => None,
        };
        let none =
            (!self.lines.iter().any(|line| matches!(line, Line::Key(_)))).then_some("No key is shown.");
        let button = Button::secondary("Export worklist…").icon(icons::EXPORT).disabled(none);
        if button.show(ui).clicked() {
            out.push(Intent::Open(DialogRequest::ExportMetadata(
                self.lines.iter().filter_map(shown).collect(),
            )));
        }
    }

    fn list(
        &mut self,
        ui: &mut Ui,
        frame: &Frame<'_>,
        view: &UnlockedView,
        stock: &Stock,
        out: &mut Vec<Intent>,
    ) {
        let narrow = is_narrow(ui);
        let columns: Vec<(What, Column<'_>)> = [
            (What::Check, Column::check()),
            (What::Name, Column::rest("Key").sortable()),
            (What::Type, Column::fixed("Type", 114.0).sortable()),
            (What::Owner, Column::fixed("Owner", 82.0).sortable()),
            (What::Date, Column::fixed("Due", 98.0).right()),
            (What::Left, Column::fixed("Late or left", 136.0).sortable()),
            (What::Policy, Column::fixed("Policy", 124.0)),
            (What::Last, Column::fixed("Last time", 92.0)),
        ]
        .into_iter()
        .filter(|(what, _)| !narrow || !matches!(what, What::Type | What::Last))
        .collect();
        let shown: Vec<Column<'_>> = columns.iter().map(|(_, column)| *column).collect();
        let sorted = columns.iter().position(|(what, _)| *what == self.sort.0).map(|at| (at, self.sort.1));
        let settings: &Settings = &view.view.settings;
        let lines = &self.lines;
        let open = &mut self.open;
        let mut toggled = false;
        let key = |row: usize| match lines.get(row) {
            Some(Line::Key(at)) => row_key(&stock.items[*at]),
            Some(Line::Head(bucket)) => *bucket as u64,
            None => u64::MAX,
        };
        let group = |row: usize| matches!(lines.get(row), Some(Line::Head(_)));
        let table = Table::new("Keys by due date", &shown, lines.len()).sort(sorted);
        let response =
            table.key(&key).group(&group).show(ui, &mut self.table, |cell| match lines.get(cell.row()) {
                Some(Line::Head(bucket)) => {
                    let count = stock.bucket(*bucket);
                    let at = *bucket as usize;
                    let words = format!("{}, {}", heading(*bucket), plural(count, "key", "keys"));
                    cell.ui(&words, |ui| {
                        if head(ui, *bucket, count, open[at]) {
                            open[at] = !open[at];
                            toggled = true;
                        }
                    });
                }
                Some(Line::Key(at)) => {
                    let what = columns.get(cell.column()).map_or(What::Check, |(what, _)| *what);
                    fill(cell, what, &stock.items[*at], settings, frame);
                }
                None => {}
            });
        if let Some((column, _)) = response.sort.and_then(|at| columns.get(at)) {
            let column = *column;
            self.sort = if self.sort.0 == column { (column, !self.sort.1) } else { (column, true) };
            self.stale = true;
        }
        // Left in a row folds its group.
        if response.response.has_focus()
            && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowLeft))
            && let Some(bucket) = self.table.cursor.and_then(|row| self.bucket_of(row))
        {
            self.open[bucket as usize] = false;
            self.stale = true;
        }
        self.stale |= toggled;
        if response.response.has_focus() {
            let item = |row: usize| match lines.get(row) {
                Some(Line::Key(at)) => Some(&stock.items[*at]),
                _ => None,
            };
            let name = |row| item(row).map(|item| item.key.name.clone());
            self.typed.follow(ui, &mut self.table, lines.len(), name, key);
            if let Some(form) = rows::copied(ui) {
                let mut ids: Vec<_> = self.chosen(stock).iter().map(|item| item.key.id).collect();
                if ids.is_empty() {
                    ids.extend(self.table.cursor.and_then(item).map(|item| item.key.id));
                }
                if !ids.is_empty() {
                    rows::copy_keys(frame, view, &ids, form, out);
                }
            }
        }
        if let Some(Line::Key(at)) = response.opened.and_then(|row| self.lines.get(row)) {
            out.push(Intent::ShowKey(stock.items[*at].key.id));
        }
    }
}

/// What the table knows a key by.
fn row_key(item: &Item) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&item.key.id.0[..8]);
    // Not one of the heads.
    u64::from_le_bytes(bytes) | 1 << 63
}

/// The head of a group: a whole row that opens and closes.
fn head(ui: &mut Ui, bucket: DueBucket, count: u32, open: bool) -> bool {
    let t = t(ui);
    let rect = ui.max_rect();
    let response = ui.interact(rect, ui.unique_id().with("fold"), Sense::click());
    let name = if open { "Fold" } else { "Unfold" };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name} {}", heading(bucket))));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_expanded(open));
    let glyph = if open { icons::DOWN } else { icons::RIGHT };
    icon(ui.painter(), pos2(rect.left() + 7.0, rect.center().y), glyph, size::ICON_SMALL, t.text);
    let words = Words::new()
        .add(TextRole::SmallStrong, t.text, heading(bucket))
        .add(TextRole::Small, t.text, "  ")
        .add(TextRole::SmallMono, t.text_2, w::thousands(count.into()));
    let words = words.line(ui.painter(), rect.width() - 24.0);
    put_left(ui.painter(), rect.left() + 22.0, rect.center().y, words);
    response.clicked() || w::folds(ui, &response, open)
}

/// The title of a group.
fn heading(bucket: DueBucket) -> &'static str {
    match bucket {
        DueBucket::Days7 => "Next 7 days",
        DueBucket::Days14 => "Next 14 days",
        DueBucket::Days30 => "Next 30 days",
        DueBucket::None => "No date: on evidence only, exempt, without a policy or not in use",
        _ => bucket.title(),
    }
}

fn look(bucket: DueBucket, t: &Tokens) -> (Icon, Color32) {
    match bucket {
        DueBucket::Overdue => Look::Late.look(t),
        DueBucket::Today | DueBucket::Days7 => Look::Soon.look(t),
        DueBucket::Days14 | DueBucket::Days30 => Look::Later.look(t),
        DueBucket::Later => (icons::CHECK, t.text_2),
        DueBucket::None => Look::NoDate.look(t),
    }
}

fn fill(cell: &mut Cell<'_>, what: What, item: &Item, settings: &Settings, frame: &Frame<'_>) {
    let key = &item.key;
    let t = cell.tokens();
    match what {
        What::Name => cell.name(&key.name),
        What::Type => cell.text(key.key_type.title()),
        What::Owner => cell.text(&key.owner),
        What::Date => {
            let date = item.date.filter(|_| !matches!(item.due, Stands::NotInUse));
            let year = |at: crate::model::Timestamp| chrono::Datelike::year(&at.local());
            match date {
                Some(at) if year(at) != year(frame.now) => cell.mono(&when::date(at)),
                Some(at) => cell.mono(&when::day(at)),
                None => {}
            }
        }
        What::Left => match item.due {
            Stands::NotInUse => cell.due(Look::NoDate, key.state.word()),
            due => cell.due(due_look(due, policy_of(key, settings)), &due.words()),
        },
        What::Policy => match (&key.policy, policy_of(key, settings)) {
            (PolicyChoice::Exempt { .. }, _) => cell.text("exempt"),
            (_, Some(policy)) => cell.text(&policy.name),
            (_, None) => cell.styled(TextRole::Body, t.text_3, "none"),
        },
        What::Last => match last_time(key, settings) {
            None if key.versions.len() < 2 => cell.text("first"),
            None => {}
            Some(0) => cell.text("on time"),
            Some(days) => cell.styled(TextRole::Body, t.warn, &format!("{days} d late")),
        },
        What::Check => {}
    }
}

fn empty(ui: &mut Ui, out: &mut Vec<Intent>) {
    let words = "Keys show here with the day they must be rotated by, once there are some.";
    if EmptyState::new(icons::ROTATE, "Nothing to rotate yet", words).primary("New key…").show(ui).is_some()
    {
        out.push(Intent::Open(DialogRequest::NewKey));
    }
}
