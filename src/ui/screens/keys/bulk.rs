//! The bar that appears while several keys are selected: what can be done to all of them.

use crate::app::UnlockedView;
use crate::model::KeyId;
use crate::ui::frame::{Bulk, DialogRequest, Frame, Intent};
use crate::ui::shell::commands::{UiCommand, shown};
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets::{Button, TableState, menu, menu_item, text, text_in, thousands};
use egui::Ui;

use super::actions::May;
use super::list::List;
use super::paint::tokens;
use super::table;

/// Below this width of the bar, what is asked for less often goes into the menu.
const WIDE: f32 = 700.0;

/// The edits, in the order of the bar.
const EDITS: [(&str, Bulk); 3] =
    [("Set policy…", Bulk::Policy), ("Set owner…", Bulk::Owner), ("Tag…", Bulk::Tags)];

/// Shows the bar over the width there is.
pub(super) fn show(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    list: &List,
    state: &mut TableState,
) -> Vec<Intent> {
    let t = tokens(ui);
    let mut intents = Vec::new();
    let may = May::of(view);
    let wide = ui.available_width() >= WIDE;
    ui.spacing_mut().item_spacing.x = 8.0;
    let count = state.selected.len();
    let shown = (0..list.hits.len())
        .filter_map(|row| table::record(view, &list.hits, row))
        .filter(|key| state.is_selected(table::number(key.id)))
        .count();
    text(ui, TextRole::BodyStrong, format!("{} selected", thousands(count as u64)));
    if shown < count {
        let hidden = thousands((count - shown) as u64);
        text_in(ui, TextRole::Small, t.text_2, format!("{hidden} not shown"));
    }
    ui.add_space(8.0);
    let reason = may.why_not_manage();
    let reason = reason.as_deref();
    let ids = || selected(view, list, state);
    if Button::secondary("Rotate…").icon(icons::ROTATE).disabled(reason).show(ui).clicked() {
        intents.push(Intent::Open(DialogRequest::RotateEach(ids())));
    }
    if wide {
        for (label, what) in EDITS {
            if Button::secondary(label).disabled(reason).show(ui).clicked() {
                intents.push(Intent::Open(DialogRequest::Bulk(what, ids())));
            }
        }
    }
    let more = Button::secondary("More").opens_menu().show(ui);
    let edits: &[(&str, Bulk)] = if wide { &[] } else { &EDITS };
    menu(&more, |ui| items(ui, frame, view, list, state, edits, &mut intents));
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if Button::quiet("Clear").show(ui).clicked() {
            state.clear();
        }
    });
    intents
}

/// What can be done to all selected keys, as a menu: `edits`, then the acts.
pub(super) fn items(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    list: &List,
    state: &TableState,
    edits: &[(&'static str, Bulk)],
    intents: &mut Vec<Intent>,
) {
    ui.set_min_width(220.0);
    let ids = || selected(view, list, state);
    if May::of(view).manage {
        let acts = [
            ("Suspend…", icons::SUSPENDED, Bulk::Suspend),
            ("Resume…", icons::ACTIVE, Bulk::Resume),
            ("Deactivate…", icons::ARCHIVE, Bulk::Deactivate),
            ("Schedule destruction…", icons::DESTROY, Bulk::Destroy),
        ];
        let edits = edits.iter().map(|(label, what)| (*label, icons::EDIT, *what));
        for (label, glyph, what) in edits.chain(acts) {
            let delete = (what == Bulk::Destroy).then(|| shown(ui.ctx(), UiCommand::Delete));
            if menu_item(ui, Some(glyph), label, &delete.unwrap_or_default()).clicked() {
                intents.push(Intent::Open(DialogRequest::Bulk(what, ids())));
            }
        }
        super::actions::line(ui);
    }
    super::actions::copy_items(ui, frame, view, &ids, intents);
    if menu_item(ui, Some(icons::EXPORT), "Export metadata…", "").clicked() {
        intents.push(Intent::Open(DialogRequest::ExportMetadata(ids())));
    }
}

/// The context menu of a row while several are selected.
pub(super) fn context_items(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    list: &List,
    state: &TableState,
    intents: &mut Vec<Intent>,
) {
    ui.set_min_width(220.0);
    if May::of(view).manage
        && menu_item(ui, Some(icons::ROTATE), "Rotate…", &shown(ui.ctx(), UiCommand::Rotate)).clicked()
    {
        intents.push(Intent::Open(DialogRequest::RotateEach(selected(view, list, state))));
    }
    items(ui, frame, view, list, state, &EDITS, intents);
}

/// The selected keys: those that are shown in their order, then the others by name.
pub(super) fn selected(view: &UnlockedView, list: &List, state: &TableState) -> Vec<KeyId> {
    let is = |id: &KeyId| state.is_selected(table::number(*id));
    let shown = (0..list.hits.len()).filter_map(|row| table::record(view, &list.hits, row)).map(|key| key.id);
    let mut ids: Vec<KeyId> = shown.filter(is).collect();
    if ids.len() < state.selected.len() {
        let known: std::collections::HashSet<KeyId> = ids.iter().copied().collect();
        ids.extend(view.keys.iter().map(|key| key.id).filter(|id| is(id) && !known.contains(id)));
    }
    ids
}
