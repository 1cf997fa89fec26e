//! Step 3: how long an unlock takes, measured on this computer. The dialog that changes it later shows the same.

use egui::{Sense, Ui, vec2};

use crate::app::{Command, Done, Ticket};
use crate::crypto::kdf::{Calibration, KdfParams};
use crate::ui::frame::{Frame, Intent};
use crate::ui::shell::draw::{icon, pieces, put};
use crate::ui::theme::{TextRole, icons, size, tokens};
use crate::ui::widgets::{Button, Tone, key_value, link, text_in};
use crate::ui::words::sentence;
use crate::vault::VaultError;

use super::slider::slider;

/// Seconds an unlock may be asked to take.
const RANGE: std::ops::RangeInclusive<f32> = 0.3..=5.0;

/// What was chosen and found.
pub(in crate::ui) struct State {
    seconds: f32,
    ticket: Option<Ticket>,
    asked: bool,
    found: Option<Calibration>,
    cancelled: bool,
    error: Option<String>,
    details: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            seconds: 1.0,
            ticket: None,
            asked: false,
            found: None,
            cancelled: false,
            error: None,
            details: false,
        }
    }
}

impl State {
    /// What was measured; without it the parameters every new vault starts from are used.
    pub(in crate::ui) fn found(&self) -> Option<Calibration> {
        self.found
    }

    pub(in crate::ui) fn block(&self) -> Option<&'static str> {
        self.ticket.is_some().then_some("This computer is being measured.")
    }

    pub(in crate::ui) fn listen(&mut self, frame: &Frame<'_>) {
        let Some(reply) = frame.reply(self.ticket) else { return };
        self.ticket = None;
        match &reply.result {
            Ok(Done::Calibrated(found)) => self.found = Some(*found),
            Err(VaultError::Cancelled) => self.cancelled = true,
            Err(error) => self.error = Some(error.to_string()),
            Ok(_) => {}
        }
    }

    fn measure(&mut self, frame: &Frame<'_>, intents: &mut Vec<Intent>) {
        if self.ticket.is_some() {
            intents.push(Intent::App(Command::CancelJob));
        }
        let ticket = frame.ticket();
        (self.ticket, self.asked) = (Some(ticket), true);
        (self.found, self.cancelled, self.error) = (None, false, None);
        let target_ms = (self.seconds * 1000.0).round() as u64;
        intents.push(Intent::App(Command::Calibrate { ticket, target_ms }));
    }
}

/// Shows the step. Enter does nothing here: the slider has it.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    frame: &Frame<'_>,
    arrived: bool,
    state: &mut State,
    intents: &mut Vec<Intent>,
) -> bool {
    let t = tokens(ui.ctx());
    if !state.asked {
        state.measure(frame, intents);
    }
    let words = format!("{:.1} s", state.seconds);
    text_in(ui, TextRole::BodyStrong, t.text, format!("An unlock takes about {words}"));
    ui.add_space(4.0);
    let response = slider(ui, "An unlock takes about", &mut state.seconds, RANGE, 0.1, &words);
    if arrived {
        response.request_focus();
    }
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 16.0), Sense::hover());
    for (words, at) in [("0.3 s", 0.0), ("5 s", 1.0)] {
        let galley = pieces(ui, &[(words, TextRole::SmallMono, t.text_3)]);
        let left = rect.left() + at * (rect.width() - galley.size().x);
        put(ui, left, rect.center().y, galley);
    }
    if response.changed() {
        state.found = None;
    }
    let moved = response.drag_stopped() || response.clicked() || (response.changed() && !response.dragged());
    if moved {
        state.measure(frame, intents);
    }
    ui.add_space(20.0);
    result(ui, frame, state, &words, intents);
    false
}

fn result(ui: &mut Ui, frame: &Frame<'_>, state: &mut State, words: &str, intents: &mut Vec<Intent>) {
    let t = tokens(ui.ctx());
    let mut again = false;
    ui.horizontal(|ui| {
        ui.set_min_height(size::CONTROL);
        ui.spacing_mut().item_spacing.x = 8.0;
        let (glyph, colour) = if state.ticket.is_some() {
            (icons::WAITING, t.text_2)
        } else if state.error.is_some() {
            (icons::FAILED, t.critical)
        } else if state.found.is_some() {
            (icons::SUCCESS, t.ok)
        } else {
            (icons::INFO, t.text_2)
        };
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 20.0), Sense::hover());
        icon(ui, rect.center(), glyph, size::ICON, colour);
        if state.ticket.is_some() {
            let tries = frame.snapshot.job.as_ref().map_or(0, |job| job.done);
            let more = if tries > 0 { format!(", {tries} tries so far") } else { String::new() };
            text_in(ui, TextRole::Body, t.text, format!("Measuring this computer for {words}{more}…"));
            let cancel = Button::quiet("Cancel").show(ui);
            // The wizard has a Cancel of its own.
            ui.ctx().accesskit_node_builder(cancel.id, |node| node.set_label("Cancel measuring"));
            if cancel.clicked() {
                intents.push(Intent::App(Command::CancelJob));
            }
        } else if let Some(found) = state.found {
            let mib = found.params.memory_kib / 1024;
            let ms = found.measured.as_millis();
            text_in(
                ui,
                TextRole::BodyStrong,
                t.text,
                format!("On this computer: {:.2} s", ms as f64 / 1000.0),
            );
            text_in(ui, TextRole::Body, t.text_2, format!("to unlock, {mib} MiB of memory."));
        } else if let Some(error) = &state.error {
            text_in(ui, TextRole::Body, t.text, sentence(error));
        } else {
            let mib = KdfParams::DEFAULT.memory_kib / 1024;
            let words =
                format!("Not measured: the usual {mib} MiB and {} passes.", KdfParams::DEFAULT.passes);
            text_in(ui, TextRole::Body, t.text_2, words);
        }
    });
    let slow = state.found.is_some_and(|found| found.measured.as_secs_f32() > state.seconds * 1.3);
    if slow {
        ui.add_space(4.0);
        let words = "This computer is slower than asked for: less memory would make guessing too cheap.";
        text_in(ui, TextRole::Small, t.text_2, words);
    }
    ui.add_space(16.0);
    let label = if state.details { "Hide the parameters" } else { "Show the parameters" };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 24.0;
        if link(ui, label).clicked() {
            state.details = !state.details;
        }
        again = state.ticket.is_none() && link(ui, "Measure again").clicked();
    });
    if state.details {
        let params = state.found.map_or(KdfParams::DEFAULT, |found| found.params);
        ui.add_space(8.0);
        for (name, value) in [
            ("Function", "Argon2id, version 0x13".to_owned()),
            ("Memory (m)", format!("{} KiB", params.memory_kib)),
            ("Passes (t)", params.passes.to_string()),
            ("Lanes (p)", params.lanes.to_string()),
        ] {
            key_value(ui, 112.0, name, |ui| {
                text_in(ui, TextRole::Mono, t.text, value);
            });
            ui.add_space(4.0);
        }
    }
    if again {
        state.measure(frame, intents);
    }
}

pub(super) fn aside(ui: &mut Ui) {
    super::note(
        ui,
        Tone::Info,
        "On a slower computer",
        "If you open this vault on an older machine, unlocking takes longer there and needs as much memory.",
    );
    ui.add_space(24.0);
    super::advice_head(ui, "Good to know");
    super::advice(ui, true, "One second is a good start");
    super::advice(ui, true, "It can be changed later, with the password");
    super::fact(ui, "No time makes up for a weak password");
}
