//! Every version with its state, its dates and its marks; a menu for each.

use egui::{Layout, Ui, vec2};

use crate::model::{Origin, VersionRecord, VersionState};
use crate::ui::frame::Intent;
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets::{EndRow, IconButton, menu, rule, tag, text, text_cut, text_in};
use crate::ui::words::{ago, plural};

use super::super::actions;
use super::super::paint::{place_with, tokens};
use super::super::words;
use super::{Look, bars, secret};

/// The most versions shown; older ones are counted.
const MOST: usize = 60;

/// Shows it; a value to read, where that was asked for.
pub(super) fn show(ui: &mut Ui, look: &Look<'_>, intents: &mut Vec<Intent>) -> Option<(Option<u32>, bool)> {
    bars::show(ui, look);
    let mut wish = None;
    if look.frame.revealed.is_some_and(|shown| shown.key == look.key.id) {
        ui.add_space(8.0);
        wish = secret::show(ui, look, intents);
    }
    ui.add_space(8.0);
    for version in look.key.versions.iter().rev().take(MOST) {
        rule(ui);
        if let Some(copy) = one(ui, look, version, intents) {
            wish = Some((Some(version.number), copy));
        }
    }
    rule(ui);
    ui.add_space(4.0);
    let t = tokens(ui);
    let words = "A fingerprint is keyed (HMAC-SHA-256): it tells that two values of this vault are equal, and nothing else. A check \
                 value names its method.";
    text_in(ui, TextRole::Small, t.text_3, words);
    let older = look.key.versions.len().saturating_sub(MOST);
    if older > 0 {
        text_in(ui, TextRole::Small, t.text_2, plural(older, "older version", "older versions"));
    }
    wish
}

fn one(ui: &mut Ui, look: &Look<'_>, version: &VersionRecord, intents: &mut Vec<Intent>) -> Option<bool> {
    let t = tokens(ui);
    let mut wish = None;
    ui.add_space(4.0);
    let size = vec2(ui.available_width(), 24.0);
    let (line, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let name = format!("Actions on version {}", version.number);
    let end = EndRow::new(ui, &name, line);
    let words = line.with_max_x(end.left() - 8.0);
    let salt = format!("version {}", version.number);
    place_with(ui, &salt, words, Layout::left_to_right(egui::Align::Center), |ui| {
        let strong = version.state == VersionState::Current;
        let colour = if strong { t.text } else { t.text_2 };
        text_in(ui, TextRole::Mono, colour, format!("v{}", version.number));
        let (tone, glyph, word) = words::version_look(version.state);
        tag(ui, tone, glyph, word);
        text_cut(ui, TextRole::Small, t.text_2, period(version, look));
    });
    end.show(ui, |ui| {
        let more = IconButton::new(icons::MORE, &name).small().show(ui);
        menu(&more, |ui| {
            let asked = actions::version_menu(ui, look.key, version, look.may, intents);
            wish = asked.or(wish);
        });
    });
    let origin = match &version.origin {
        Origin::Generated => "Generated".to_owned(),
        Origin::Entered => "Entered".to_owned(),
        Origin::Imported { file } => format!("From {file}"),
    };
    let who = format!("{origin} by {}, {}", version.by, words::date_time(version.created));
    text_cut(ui, TextRole::Small, t.text_2, who);
    if !version.reason.is_empty() {
        text_cut(ui, TextRole::Small, t.text_2, format!("Reason: {}", version.reason));
    }
    if let Some(end) = version.overlap_ends {
        let words = if end <= look.frame.now {
            format!("Its overlap ended {}. Retire it once nothing uses it.", ago(end, look.frame.now))
        } else {
            format!("Still accepted until {}", words::date_time(end))
        };
        text_in(ui, TextRole::Small, t.warn, words);
    }
    text_cut(ui, TextRole::Small, t.text_2, &version.description);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        text_in(ui, TextRole::Small, t.text_3, "Fingerprint");
        text(ui, TextRole::SmallMono, version.fingerprint_short());
        if let Some(check) = &version.check_value {
            ui.add_space(6.0);
            text_in(ui, TextRole::Small, t.text_3, "Check value");
            text(ui, TextRole::SmallMono, check.as_str());
        }
    });
    ui.add_space(4.0);
    wish
}

/// "4 Jan 2026 to now, 102 d".
fn period(version: &VersionRecord, look: &Look<'_>) -> String {
    let to = version.current_to.unwrap_or(look.frame.now);
    let days = crate::model::time::calendar_days(version.current_from, to).max(0);
    let end = version.current_to.map_or_else(|| "now".to_owned(), words::date);
    format!("{} to {end}, {days} d", words::date(version.current_from))
}
