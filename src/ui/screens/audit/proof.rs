//! What proves one event, and what that does not prove.

use super::super::pages::{pair, t};
use crate::app::{EventDetail, Integrity, UnlockedView};
use crate::crypto::Hash;
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets::{self as w, thousands};
use egui::Ui;

const LABEL: f32 = 108.0;

pub(super) fn show(ui: &mut Ui, view: &UnlockedView, detail: Option<&EventDetail>, seq: u64) {
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
    for (table, rows) in &detail.rows {
        pair(ui, LABEL, "Changed rows", |ui| {
            w::text(ui, TextRole::Body, format!("{rows} of {table}"));
        });
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
