//! The bar that appears while several keys are selected.

use crate::app::{Command, UnlockedView};
use crate::model::{KeyRecord, Timestamp, text as rules};
use crate::operations::TagKey;
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets::{Button, FilterChip, TableState, TextField, Tone, text, text_in};
use egui::{Popup, PopupCloseBehavior, Ui};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::actions::May;
use super::paint::tokens;
use super::{table, words};

/// Shows the bar over the width there is.
pub(super) fn show(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut TableState,
    tag: &mut String,
) -> Vec<Intent> {
    let t = tokens(ui);
    let mut intents = Vec::new();
    let may = May::of(view);
    ui.spacing_mut().item_spacing.x = 8.0;
    let count = state.selected.len();
    text(ui, TextRole::BodyStrong, words::plural(count, "key selected", "keys selected"));
    ui.add_space(8.0);
    let reason = may.why_not_manage();
    let button = Button::secondary("Tag…").disabled(reason.as_deref()).show(ui);
    let popup = Popup::menu(&button).gap(4.0).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let frame_look = egui::Frame::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(crate::ui::theme::size::RADIUS_CARD)
        .inner_margin(egui::Margin::same(12))
        .shadow(ui.visuals().popup_shadow);
    popup.frame(frame_look).show(|ui| {
        ui.set_width(260.0);
        tags(ui, frame, &selected(view, state), tag, &mut intents);
    });
    if Button::secondary("Copy metadata").icon(icons::COPY).show(ui).clicked() {
        let keys = selected(view, state);
        intents.push(Intent::App(Command::CopyPlain(tsv(&keys, view, frame.now))));
        let said = format!("Copied what is known about {}. No values.", words::plural(count, "key", "keys"));
        intents.push(Intent::Toast(Tone::Ok, said));
    }
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if Button::quiet("Clear selection").show(ui).clicked() {
            state.clear();
        }
    });
    intents
}

fn selected(view: &UnlockedView, state: &TableState) -> Vec<Arc<KeyRecord>> {
    view.keys.iter().filter(|key| state.is_selected(table::number(key.id))).cloned().collect()
}

/// A field for a tag to add, and the tags there are, to be taken off.
fn tags(
    ui: &mut Ui,
    frame: &Frame<'_>,
    keys: &[Arc<KeyRecord>],
    tag: &mut String,
    intents: &mut Vec<Intent>,
) {
    let t = tokens(ui);
    let act = |key: &KeyRecord, add: Vec<String>, remove: Vec<String>| {
        Intent::App(Command::act(frame.ticket(), TagKey { key: key.id, add, remove }))
    };
    let wrong = rules::name("the tag", tag).err().map(|error| words::sentence(&error.to_string()));
    let shown = wrong.as_deref().filter(|_| !tag.is_empty());
    let field = TextField::new("Add a tag", tag).error(shown).limit(64).show(ui);
    let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
    ui.add_space(8.0);
    let label = format!("Add to {}", words::plural(keys.len(), "key", "keys"));
    let blocked = wrong.is_some().then_some("Type a tag first");
    if Button::primary(&label).disabled(blocked).show(ui).clicked() || entered && wrong.is_none() {
        let added = std::mem::take(tag);
        intents.extend(keys.iter().map(|key| act(key, vec![added.trim().to_owned()], Vec::new())));
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in keys.iter().flat_map(|key| &key.tags) {
        *counts.entry(name).or_default() += 1;
    }
    if counts.is_empty() {
        return;
    }
    ui.add_space(8.0);
    text_in(ui, TextRole::Small, t.text_2, "Tags of the selected keys");
    ui.horizontal_wrapped(|ui| {
        for (name, count) in counts {
            let words = if count == keys.len() { name.to_owned() } else { format!("{name}, {count}") };
            if FilterChip::new(&words).show(ui) == Some(crate::ui::widgets::ChipAction::Remove) {
                let having = keys.iter().filter(|key| key.tags.iter().any(|tag| tag == name));
                intents.extend(having.map(|key| act(key, Vec::new(), vec![name.to_owned()])));
            }
        }
    });
}

/// What is known about keys, one a line, for a spreadsheet. Never a value.
pub(super) fn tsv(keys: &[Arc<KeyRecord>], view: &UnlockedView, now: Timestamp) -> String {
    // A cell that begins like a formula would be run by the spreadsheet it is pasted into.
    let clean = |cell: &str| {
        let formula = cell.starts_with(['=', '+', '-', '@']);
        format!("{}{}", if formula { "'" } else { "" }, cell.replace(['\t', '\n', '\r'], " "))
    };
    let mut lines =
        vec!["name\ttype\tstate\towner\tsystem\tenvironment\tversion\tnext rotation\ttags".to_owned()];
    for key in keys {
        let cells = [
            clean(&key.name),
            key.key_type.word().to_owned(),
            key.state.word().to_owned(),
            clean(&key.owner),
            clean(&key.system),
            clean(&key.environment),
            key.current_number().to_string(),
            table::due_words(key, view, now),
            clean(&key.tags.join(" ")),
        ];
        lines.push(cells.join("\t"));
    }
    lines.join("\n")
}
