//! The query: its field with the fields' names in colour, its chips, what is wrong with it, and the ranges.

use super::super::pages::paint::{Words, icon};
use super::super::pages::{place, t};
use super::State;
use super::found::RANGES;
use crate::audit::query::{QueryError, TokenKind, highlight, without_clause};
use crate::ui::theme::{TextRole, font, icons, size};
use crate::ui::widgets::{self as w, ChipAction, FilterChip, IconButton, Segmented};
use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align, Frame, Key, Layout, Margin, Modifiers, Rect, StrokeKind, TextEdit, Ui, UiBuilder, pos2, vec2,
};

/// How long typing must pause before it is read, in seconds.
const PAUSE: f64 = 0.25;
/// The accessible name of the field.
pub(super) const NAME: &str = "Filter events";

/// The field in `rect`; what is typed is read at once.
pub(super) fn field(ui: &mut Ui, rect: Rect, state: &mut State) {
    let t = t(ui);
    let wrong = state.error.is_some();
    let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, _: f32| {
        let text = text.as_str();
        let mut job = LayoutJob::default();
        let mut end = 0;
        let plain = |colour| TextFormat::simple(font(TextRole::Mono), colour);
        for token in highlight(text) {
            job.append(text.get(end..token.range.start).unwrap_or(""), 0.0, plain(t.text));
            let colour = match token.kind {
                TokenKind::Field => t.accent,
                TokenKind::Keyword | TokenKind::Mark => t.text_2,
                TokenKind::Value | TokenKind::Text => t.text,
            };
            job.append(text.get(token.range.clone()).unwrap_or(""), 0.0, plain(colour));
            end = token.range.end;
        }
        job.append(text.get(end..).unwrap_or(""), 0.0, plain(t.text));
        job.wrap.max_width = f32::INFINITY;
        ui.painter().layout_job(job)
    };
    let back = ui.painter().add(egui::Shape::Noop);
    let margin = Margin { left: 32, right: 32, top: 5, bottom: 7 };
    let hint = "severity>=warn  operator:name  -7d  or words";
    let edit = TextEdit::singleline(&mut state.text)
        .id_salt(NAME)
        .hint_text(egui::RichText::new(hint).color(t.text_3))
        .font(font(TextRole::Mono))
        .char_limit(2000)
        .desired_width(rect.width() - 64.0)
        .align(egui::Align2::LEFT_CENTER)
        .frame(Frame::NONE.inner_margin(margin))
        .text_color(t.text)
        .layouter(&mut layouter);
    let response = place(ui, "query", rect, |ui| ui.add_sized(rect.size(), edit));
    let edge = match (wrong, response.has_focus(), response.hovered()) {
        (true, ..) => (2.0, t.critical),
        (_, true, _) => (2.0, t.focus),
        (.., true) => (1.0, t.text_2),
        _ => (1.0, t.border_strong),
    };
    let shape = egui::epaint::RectShape::new(rect, size::RADIUS, t.field, edge, StrokeKind::Inside);
    ui.painter().set(back, shape);
    icon(ui.painter(), pos2(rect.left() + 17.0, rect.center().y), icons::SEARCH, size::ICON, t.text_2);
    let problem = state.error.as_ref().map(QueryError::sentence);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(NAME);
        if let Some(words) = &problem {
            node.set_description(words.as_str());
            node.set_invalid(egui::accesskit::Invalid::True);
        }
    });
    typed(ui, &response, state);
    let wanted = ui
        .input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::F) || i.consume_key(Modifiers::NONE, Key::F3));
    if wanted || std::mem::take(&mut state.focus) {
        response.request_focus();
    }
    if !state.text.is_empty() {
        let at = Rect::from_center_size(pos2(rect.right() - 16.0, rect.center().y), vec2(24.0, 24.0));
        let clear =
            place(ui, "clear", at, |ui| IconButton::new(icons::CLOSE, "Clear the filter").small().show(ui));
        if clear.clicked() {
            state.set("");
        }
    }
}

/// Reads what is typed once the typing pauses: a word half typed finds nothing and would empty the list.
fn typed(ui: &Ui, response: &egui::Response, state: &mut State) {
    let now = ui.input(|i| i.time);
    if response.changed() {
        state.typed_at = Some(now);
    }
    let Some(at) = state.typed_at else { return };
    if now - at >= PAUSE || response.lost_focus() {
        state.typed_at = None;
        state.read();
    } else {
        ui.ctx().request_repaint_after_secs((PAUSE - (now - at)) as f32);
    }
}

/// The help of the language.
pub(super) fn help(ui: &mut Ui, at: Rect) {
    let t = t(ui);
    let button = place(ui, "help", at, |ui| IconButton::new(icons::HELP, "How to write a filter").show(ui));
    w::menu(&button, |ui| {
        ui.set_width(430.0);
        ui.spacing_mut().item_spacing.y = 2.0;
        let rows = [
            ("severity>=warn", "warn or critical"),
            ("operator:a.novak", "one operator; -operator:a.novak all others"),
            ("action:(secret.reveal, secret.copy)", "one of several"),
            ("object:payments-*", "a name that begins so"),
            ("-7d  today  time:2026-04-01..2026-04-03", "a time"),
            ("session:current", "this session"),
            ("outcome:refused OR outcome:failed", "either"),
            ("\"ticket 12\"", "words in reasons and names"),
        ];
        for (example, words) in rows {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                w::text_in(ui, TextRole::SmallMono, t.accent, example);
                w::text_in(ui, TextRole::Small, t.text_2, words);
            });
        }
    });
}

/// The chips, or what is wrong, in `rect`.
pub(super) fn chips(ui: &mut Ui, rect: Rect, state: &mut State) {
    let t = t(ui);
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().id_salt("chips").max_rect(rect).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if let Some(error) = state.error.clone() {
            let (spot, _) = ui.allocate_exact_size(vec2(16.0, 20.0), egui::Sense::hover());
            icon(ui.painter(), spot.center(), icons::LATE, size::ICON_SMALL, t.critical);
            let words = Words::new().add(TextRole::Small, t.critical, quoted(&error.sentence())).add(
                TextRole::Small,
                t.text_2,
                " The list below is that of the filter before.",
            );
            let response = words.show(ui);
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
            if let Some(better) = error.corrected(&state.text)
                && let Some(suggestion) = &error.suggestion
                && w::link_small(ui, &format!("Use {suggestion}")).clicked()
            {
                state.set(&better);
            }
            return;
        }
        let chips = state.found.chips.clone();
        for (i, chip) in chips.iter().enumerate() {
            if ui.available_width() < 160.0 && i + 1 < chips.len() {
                w::text_in(ui, TextRole::Small, t.text_2, format!("{} more", chips.len() - i));
                break;
            }
            let mut shown = FilterChip::new(&chip.words);
            if chip.is_time {
                shown = shown.icon(icons::CLOCK).accent();
            }
            match shown.show(ui) {
                Some(ChipAction::Remove) => state.set(&without_clause(&state.good.clone(), i)),
                Some(ChipAction::Edit) => state.focus = true,
                None => {}
            }
        }
        if !chips.is_empty() && w::link_small(ui, "Clear all").clicked() {
            state.set("");
        }
    });
}

/// `words` with curly quotation marks for grave accents, which stand over the next letter in running text.
fn quoted(words: &str) -> String {
    let mut open = false;
    let mut curl = |c| match c {
        '`' => {
            open = !open;
            if open { '\u{201C}' } else { '\u{201D}' }
        }
        c => c,
    };
    words.chars().map(&mut curl).collect()
}

/// The presets at the right end of `rect`.
pub(super) fn ranges(ui: &mut Ui, rect: Rect, small: bool, state: &mut State) {
    let layout = Layout::right_to_left(Align::Center);
    let names: Vec<&str> = RANGES.iter().map(|(name, _)| *name).collect();
    ui.scope_builder(UiBuilder::new().id_salt("ranges").max_rect(rect).layout(layout), |ui| {
        let control = Segmented::new("Range", &names);
        let control = if small { control.small() } else { control };
        if control.show(ui, &mut state.range).changed() {
            state.set_range();
        }
    });
}
