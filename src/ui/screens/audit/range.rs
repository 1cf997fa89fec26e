//! From and to: the range of time without a drag.

use super::super::pages::{place, t};
use super::State;
use crate::audit::query::replace_time_range;
use crate::model::Timestamp;
use crate::model::query_text::moment;
use crate::ui::theme::{icons, size};
use crate::ui::widgets::{Button, IconButton, TextField, entered};
use egui::{Frame, Margin, Popup, PopupCloseBehavior, Rect, Ui};

/// What is typed.
#[derive(Default)]
pub(super) struct Typed {
    from: String,
    to: String,
    wrong: (Option<String>, Option<String>),
    /// For how many frames the popover has been open.
    frames: u8,
}

/// The button and its popover.
pub(super) fn show(ui: &mut Ui, at: Rect, now: Timestamp, state: &mut State) {
    let t = t(ui);
    let button = place(ui, "from and to", at, |ui| {
        IconButton::new(icons::CALENDAR, "From and to: choose a range of time").show(ui)
    });
    let frame = Frame::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(Margin::same(16))
        .shadow(ui.visuals().popup_shadow);
    let id = Popup::default_response_id(&button);
    let popup = Popup::from_toggle_button_response(&button)
        .frame(frame)
        .gap(4.0)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let shown = popup.show(|ui| fields(ui, now, state));
    match shown {
        Some(shown) if shown.inner => Popup::close_id(ui.ctx(), id),
        Some(_) => {}
        None => state.typed.frames = 0,
    }
}

/// The two fields; tells whether the range was taken.
fn fields(ui: &mut Ui, now: Timestamp, state: &mut State) -> bool {
    let frames = state.typed.frames;
    if frames == 0 {
        let (from, to) = state.found.span;
        let minute = |at: Timestamp| moment::write(Timestamp(at.0.div_euclid(60_000) * 60_000));
        state.typed = Typed { from: minute(from), to: minute(to), ..Typed::default() };
    }
    state.typed.frames = frames.saturating_add(1);
    ui.set_width(264.0);
    ui.spacing_mut().item_spacing.y = 8.0;
    let help = "2026-04-01, 2026-04-01T09:30, today, -7d";
    let Typed { from, to, wrong, .. } = &mut state.typed;
    let upper = TextField::new("From", from).help(help).error(wrong.0.as_deref()).mono().limit(40).show(ui);
    let lower = TextField::new("To", to)
        .help("A day is taken whole.")
        .error(wrong.1.as_deref())
        .mono()
        .limit(40)
        .show(ui);
    // A popover is first laid out unseen: what is focused then is forgotten.
    if frames < 2 {
        upper.request_focus();
    }
    let entered = entered(ui.ctx()).is_some_and(|id| [upper.id, lower.id].contains(&id));
    if Button::secondary("Show this range").show(ui).clicked() || entered {
        return take(now, state);
    }
    false
}

/// Makes what is typed the query's range, or says what is wrong with it.
fn take(now: Timestamp, state: &mut State) -> bool {
    let read = |text: &str| moment::read(text.trim(), now);
    let wrong = |text: &str| {
        let words = "Write a day, a day and a time, today, or how far back, as in -7d.";
        Some(if text.trim().is_empty() { "Write a moment.".to_owned() } else { words.to_owned() })
    };
    state.typed.wrong = (None, None);
    let (from, to) = (read(&state.typed.from), read(&state.typed.to));
    match (from, to) {
        (Some(from), Some(to)) => {
            let end = if to.whole_days { to.to } else { to.from };
            if end <= from.from {
                state.typed.wrong.1 = Some("This is before the beginning of the range.".to_owned());
                return false;
            }
            let text = replace_time_range(&state.good, from.from, end);
            state.set(&text);
            true
        }
        (from, to) => {
            if from.is_none() {
                state.typed.wrong.0 = wrong(&state.typed.from);
            }
            if to.is_none() {
                state.typed.wrong.1 = wrong(&state.typed.to);
            }
            false
        }
    }
}
