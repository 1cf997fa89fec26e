//! Step 4: what there is to come back with: the password, and nothing else.

use egui::{Margin, Ui};

use crate::ui::theme::{TextRole, icons, size, tokens};
use crate::ui::widgets::{Tone, checkbox, text_in};

/// What was confirmed.
#[derive(Default)]
pub(super) struct State {
    stored: bool,
}

impl State {
    pub(super) fn block(&self) -> Option<&'static str> {
        (!self.stored).then_some("Say that you have stored the password.")
    }
}

/// Shows the step.
pub(super) fn show(ui: &mut Ui, arrived: bool, state: &mut State) -> bool {
    let t = tokens(ui.ctx());
    let frame = egui::Frame::new().fill(t.tint_warn).corner_radius(size::RADIUS_CARD).inner_margin(Margin {
        left: 44,
        right: 16,
        top: 14,
        bottom: 16,
    });
    let card = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        text_in(ui, TextRole::Heading, t.text, "There is no reset");
        ui.add_space(4.0);
        let words = "Nobody can recover this vault without the master password. There is no reset.";
        text_in(ui, TextRole::Body, t.text, words);
    });
    let rect = card.response.rect;
    if t.high_contrast {
        ui.painter().rect_stroke(rect, size::RADIUS_CARD, (1.0, t.hairline), egui::StrokeKind::Inside);
    }
    let place = rect.min + egui::vec2(24.0, 25.0);
    crate::ui::shell::draw::icon(ui, place, Tone::Warn.icon(), size::ICON_LARGE, t.warn);
    ui.add_space(20.0);
    let tick = checkbox(ui, &mut state.stored, "I have stored the password safely");
    if arrived {
        tick.request_focus();
    }
    ui.add_space(28.0);
    text_in(ui, TextRole::BodyStrong, t.text, "After it is made");
    ui.add_space(4.0);
    for words in [
        "The vault's genesis fingerprint stands in Settings, under Vault. Write it down and keep it away from this \
         computer: it tells your vault from a forged one.",
        "Make a backup, and keep a copy where a fire does not reach both. A backup opens with the same password.",
    ] {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let (rect, _) = ui.allocate_exact_size(egui::vec2(16.0, 20.0), egui::Sense::hover());
            crate::ui::shell::draw::icon(ui, rect.center(), icons::ARROW_RIGHT, size::ICON_SMALL, t.text_2);
            text_in(ui, TextRole::Body, t.text_2, words);
        });
        ui.add_space(8.0);
    }
    false
}

pub(super) fn aside(ui: &mut Ui) {
    super::advice_head(ui, "Where passwords last");
    super::advice(ui, true, "A password manager of another device");
    super::advice(ui, true, "Paper in a safe");
    super::advice(ui, false, "A file beside the vault");
    super::advice(ui, false, "Only one memory");
}
