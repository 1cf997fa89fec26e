//! What people wrote about the key, and what ever happened to its values.

use egui::Ui;

use crate::model::{KeyRecord, KeyState};
use crate::ui::frame::{DialogRequest, Intent};
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets::{Button, Tone, icon_text, tag, text, text_in};

use super::super::paint::{key_value, tokens};
use super::super::words;
use super::{LABEL, Look, part, row, terms};

/// Shows the tab.
pub(super) fn show(ui: &mut Ui, look: &Look<'_>, intents: &mut Vec<Intent>) -> Option<(Option<u32>, bool)> {
    let t = tokens(ui);
    let key = look.key;
    let or_none = |words: &str| if words.is_empty() { "none".to_owned() } else { words.to_owned() };
    row(ui, "Purpose", &or_none(&key.purpose));
    row(ui, "System", &or_none(&key.system));
    row(ui, "Environment", &or_none(&key.environment));
    if !key.around.location.is_empty() {
        row(ui, "Location", &key.around.location);
    }
    row(ui, "Compartment", look.view.view.compartment_name(key.compartment));
    key_value(ui, LABEL, "Tags", |ui| {
        if key.tags.is_empty() {
            text(ui, TextRole::Body, "none");
        }
        for name in &key.tags {
            tag(ui, Tone::Neutral, icons::BOOKMARK, name);
        }
    });
    row(ui, "Critical", if key.critical { "yes, every reading is pointed out" } else { "no" });
    terms::around(ui, look, intents);
    row(ui, "Id", &key.id.to_string()[..8]);
    ui.add_space(12.0);
    states(ui, key);
    ui.add_space(12.0);
    terms::usage(ui, look);
    ui.add_space(12.0);
    part(ui, "Note", None, None);
    if key.note.is_empty() {
        text_in(ui, TextRole::Body, t.text_2, "No note.");
    } else {
        text(ui, TextRole::Body, &key.note);
    }
    ui.add_space(12.0);
    part(ui, "Where its values have been", None, None);
    let latches = [
        (key.ever_revealed, "Shown on a screen", "Never shown on a screen"),
        (key.ever_copied, "Copied to a clipboard", "Never copied to a clipboard"),
        (key.ever_exported, "Written to a file", "Never written to a file"),
    ];
    for (ever, yes, no) in latches {
        if ever {
            icon_text(ui, icons::CHECK, yes, t.text);
        } else {
            icon_text(ui, icons::NONE, no, t.text_2);
        }
    }
    ui.add_space(12.0);
    let reason = look.may.why_not_manage();
    if key.state != KeyState::Destroyed
        && Button::secondary("Edit…").icon(icons::EDIT).disabled(reason.as_deref()).show(ui).clicked()
    {
        intents.push(Intent::Open(DialogRequest::EditKey(key.id)));
    }
    None
}

/// The states it went through, as far as the record tells them; the log has every change.
fn states(ui: &mut Ui, key: &KeyRecord) {
    part(ui, "States", None, None);
    row(ui, "Put in", &words::date_time(key.created));
    row(ui, "Activated", &key.activated.map_or_else(|| "not yet".to_owned(), words::date_time));
    if let Some(reason) = &key.suspended {
        if let Some(at) = key.life.suspended_at {
            row(ui, "Suspended", &words::date_time(at));
        }
        row(ui, "Why", reason);
        row(ui, "Review by", &key.life.review_by.map_or_else(|| "no day set".to_owned(), words::date));
    }
    if let Some(known) = &key.compromise {
        row(ui, "Compromised", known.reason.words());
        row(ui, "Happened", &words::date_time(known.occurred));
        row(ui, "Noticed", &words::date_time(known.noticed));
        row(ui, "What happened", &known.note);
    }
    if let Some(at) = key.destroy_at {
        row(ui, "Can be destroyed", &format!("from {} on", words::date(at)));
    }
    if let Some(at) = key.destroyed {
        row(ui, "Destroyed", &words::date_time(at));
        if key.life.compromised_after_destruction {
            row(ui, "Compromise", "found after its destruction");
        }
    }
    row(ui, "Now", key.state_words());
}
