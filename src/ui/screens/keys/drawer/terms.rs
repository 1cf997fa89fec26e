//! What a key is in the terms of NIST SP 800-57 and KMIP: what follows from its type, its state and the vault's people.

use egui::Ui;

use crate::model::usage::Usage;
use crate::ui::frame::Intent;
use crate::ui::widgets::link;

use super::super::paint::key_value;
use super::super::words;
use super::{LABEL, Look, part, row};

/// Who else answers for it and has it, as far as somebody said so.
pub(super) fn around(ui: &mut Ui, look: &Look<'_>, intents: &mut Vec<Intent>) {
    let around = &look.key.around;
    let told = [
        ("Sponsor", &around.sponsor),
        ("Custodians", &around.custodians),
        ("Shared with", &around.shared_with),
        ("Runbook", &around.runbook),
    ];
    for (label, told) in told.into_iter().filter(|(_, told)| !told.is_empty()) {
        row(ui, label, told);
    }
    let others = around.replaces.iter().map(|id| ("Replaces", id));
    let others = others.chain(look.past.replaced_by.iter().map(|id| ("Replaced by", id)));
    for (label, id) in others {
        match look.view.keys.get(*id) {
            Some(other) => key_value(ui, LABEL, label, |ui| {
                if link(ui, &other.name).clicked() {
                    intents.push(Intent::ShowKey(*id));
                }
            }),
            None => row(ui, label, &id.to_string()[..8]),
        }
    }
}

/// What it may be used for, until when, and by whom.
pub(super) fn usage(ui: &mut Ui, look: &Look<'_>) {
    let (key, view) = (look.key, &look.view.view);
    part(ui, "Use", None, None);
    row(ui, "Key type", key.key_type.nist_type().unwrap_or("not one of the standard's"));
    if let (Some(algorithm), Some(bits)) = (key.key_type.algorithm(), key.key_type.strength_bits()) {
        row(ui, "Strength", &format!("{bits} bits, {algorithm}"));
    }
    let (all, now) = (key.key_type.usage(), key.usage_now());
    if !all.is_empty() {
        let may = match now.as_slice() {
            [] => format!("nothing while {}", key.state.word()),
            some if some.len() < all.len() => format!("{} only, {}", list(some), key.state.word()),
            some => list(some),
        };
        row(ui, "May be used to", &may);
    }
    if let Some(until) = key.process_until(&view.settings) {
        let from = if until.is_set { "" } else { ", by its type" };
        row(ui, "Process until", &format!("{}{from}", words::date(until.date)));
    }
    let readers: Vec<&str> = view.may_read().map(|operator| operator.name.as_str()).collect();
    row(ui, "May read it", &readers.join(", "));
    row(ui, "Backup", "with the vault, sealed");
}

fn list(usage: &[Usage]) -> String {
    usage.iter().map(|usage| usage.words()).collect::<Vec<_>>().join(", ")
}
