//! What proves one event, and what that does not prove.

use super::super::pages::paint::glyph;
use super::super::pages::{pair, t};
use crate::app::{Command, Done, EventDetail, Integrity, Ticket, UnlockedView};
use crate::crypto::Hash;
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, thousands};
use crate::ui::words::sentence;
use egui::Ui;

const LABEL: f32 = 108.0;

/// A verification of one event: the one that was asked for, and what came of the last.
#[derive(Default)]
pub(super) struct Around {
    asked: Option<(Ticket, u64)>,
    found: Option<(u64, Result<crate::vault::Around, String>)>,
}

impl Around {
    /// Hears the answer.
    pub(super) fn hear(&mut self, frame: &Frame<'_>) {
        let Some((ticket, seq)) = self.asked else { return };
        let Some(reply) = frame.reply(Some(ticket)) else { return };
        self.asked = None;
        self.found = match &reply.result {
            Ok(Done::Around(around)) => Some((seq, Ok(*around))),
            Ok(_) => None,
            Err(error) => Some((seq, Err(sentence(&error.to_string())))),
        };
    }
}

pub(super) fn show(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    detail: Option<&EventDetail>,
    seq: u64,
    around: &mut Around,
    out: &mut Vec<Intent>,
) {
    let t = t(ui);
    let Some(detail) = detail else {
        w::text_in(ui, TextRole::Body, t.text_2, "Opening the entry…");
        return;
    };
    let signer = view.view.roster.version(detail.roster_version);
    let signer = signer.and_then(|roster| roster.operator(detail.event.operator_id));
    pair(ui, LABEL, "Signed by", |ui| {
        let name = signer.map_or("nobody the roster knows", |o| o.name.as_str());
        let role = signer.map_or_else(String::new, |o| format!(", {}", o.role.word()));
        if detail.signed {
            w::icon_text(ui, icons::VERIFIED, &format!("{name}{role}"), t.ok);
        } else {
            w::icon_text(ui, icons::BROKEN, &format!("{name}: the signature does not match"), t.critical);
        }
    });
    pair(ui, LABEL, "Roster", |ui| {
        w::text(ui, TextRole::Body, format!("version {}", detail.roster_version));
    });
    pair(ui, LABEL, "Place", |ui| {
        let size = thousands(view.view.log_size);
        w::text(ui, TextRole::Body, format!("leaf {} of {size}", thousands(seq + 1)));
    });
    pair(ui, LABEL, "Checked", |ui| match &view.integrity {
        Integrity::Verified { entries, .. } if *entries > seq => {
            w::icon_text(ui, icons::VERIFIED, "with the whole log", t.ok);
        }
        _ => {
            w::text_in(ui, TextRole::Body, t.text_2, "by itself only, since the unlock");
        }
    });
    pair(ui, LABEL, "Checkpoint", |ui| match detail.checkpoint {
        Some(size) => {
            w::text(ui, TextRole::Body, format!("in the one over {} events", thousands(size)));
        }
        None => {
            w::text_in(ui, TextRole::Body, t.text_2, "in none yet");
        }
    });
    for (table, rows) in &detail.rows {
        pair(ui, LABEL, "Changed rows", |ui| {
            w::text(ui, TextRole::Body, format!("{rows} of {table}"));
        });
    }
    ui.add_space(4.0);
    let waits = around.asked.is_some().then_some("It is being verified.");
    let button = w::Button::secondary("Verify this event and its neighbours").icon(icons::VERIFIED);
    if button.disabled(waits).show(ui).clicked() {
        let ticket = frame.ticket();
        around.asked = Some((ticket, seq));
        out.push(Intent::App(Command::VerifyEvent { ticket, seq }));
    }
    if let Some((_, found)) = around.found.as_ref().filter(|(of, _)| *of == seq) {
        verdict(ui, found);
    }
    ui.add_space(4.0);
    hash(ui, "Hash of this leaf", &detail.leaf_hash);
    hash(ui, "Root before it", &detail.prev_root);
    hash(ui, "State after it", &detail.state_root);
    ui.add_space(6.0);
    w::section(ui, "What this does not prove");
    w::text_in(
        ui,
        TextRole::Small,
        t.text_2,
        "That the clock of the workstation was right, that the person at it was the operator, or that nothing was done \
         outside Keyroom. Who holds the operator's password and this computer can sign in that operator's name.",
    );
}

/// What the verification of one event found.
fn verdict(ui: &mut Ui, found: &Result<crate::vault::Around, String>) {
    let t = t(ui);
    let (icon, colour, words) = match found {
        Ok(around) => {
            let before = match around.from {
                0 => "the beginning of the log".to_owned(),
                size => format!("the checkpoint over {} events", thousands(size)),
            };
            let words = format!(
                "Events #{} to #{} are signed and follow from one another. Built on from {before}, the tree ends with \
                 the root that is signed over {} events.",
                thousands(around.first),
                thousands(around.last),
                thousands(around.checkpoint)
            );
            (icons::VERIFIED, t.ok, words)
        }
        Err(words) => (icons::BROKEN, t.critical, words.clone()),
    };
    let said = ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        glyph(ui, icon, size::ICON, colour);
        w::text_in(ui, TextRole::Small, t.text, words)
    });
    ui.ctx().accesskit_node_builder(said.inner.id, |node| node.set_live(egui::accesskit::Live::Polite));
}

/// A hash in groups, in full.
pub(super) fn hash(ui: &mut Ui, label: &str, hash: &Hash) {
    let t = t(ui);
    w::text_in(ui, TextRole::Small, t.text_3, label);
    let hex = data_encoding::HEXLOWER.encode(hash);
    let mut words = String::new();
    for (i, c) in hex.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            words.push(' ');
        }
        words.push(c);
    }
    w::text_in(ui, TextRole::SmallMono, t.text, words);
    ui.add_space(2.0);
}
