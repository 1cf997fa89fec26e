//! The limits of the vault. Every change asks for the password and is in the log with what it was before.

use super::super::pages::number::Number;
use super::super::pages::save::{Saving, forbidden};
use super::form::Form;
use crate::app::UnlockedView;
use crate::model::Settings;
use crate::operations::SettingsEdit;
use crate::ui::frame::{Frame, Intent, RotationTab};
use crate::ui::theme::{TextRole, tokens};
use crate::ui::widgets::{self as w, Button};
use crate::ui::words::plural;
use egui::Ui;

/// A limit that is one of a few numbers.
pub(super) struct Limit {
    pub(super) title: &'static str,
    pub(super) help: &'static str,
    pub(super) unit: &'static str,
    pub(super) values: &'static [u32],
    pub(super) of: fn(&mut Settings) -> &mut u32,
}

const LIMITS: [Limit; 6] = [
    Limit {
        title: "Lock when idle",
        help: "Without input to this window. At most 15 minutes.",
        unit: "min",
        values: &[1, 2, 5, 10, 15],
        of: |s| &mut s.idle_lock_min,
    },
    Limit {
        title: "End the session after",
        help: "Whatever happens; unsaved edits are kept, sealed. At most 12 hours.",
        unit: "h",
        values: &[2, 4, 8, 12],
        of: |s| &mut s.session_limit_h,
    },
    Limit {
        title: "Clear the clipboard after",
        help: "A copied secret is taken off it. Another program may have read it by then.",
        unit: "s",
        values: &[10, 15, 30, 60],
        of: |s| &mut s.clipboard_s,
    },
    Limit {
        title: "Hide a revealed secret after",
        help: "It is hidden at a lock in any case.",
        unit: "s",
        values: &[10, 20, 30, 60],
        of: |s| &mut s.reveal_s,
    },
    Limit {
        title: "The password counts for",
        help: "After it was given, an export or a change of settings does not ask again for this long.",
        unit: "min",
        values: &[1, 5, 10, 15],
        of: |s| &mut s.step_up_min,
    },
    Limit {
        title: "Destroy values after",
        help: "From the decision to the destruction; until then it can be cancelled.",
        unit: "d",
        values: &[7, 14, 30, 60, 120],
        of: |s| &mut s.destroy_after_days,
    },
];

pub(super) fn show(
    ui: &mut Ui,
    form: &mut Form,
    frame: &Frame<'_>,
    view: &UnlockedView,
    saving: &mut Saving,
    out: &mut Vec<Intent>,
) {
    for limit in &LIMITS {
        row(ui, form, frame, view, saving, limit, out);
    }
    let no = forbidden(frame);
    let now = wanted(saving, view);
    let mut asked = None;
    let mut switch = |ui: &mut Ui, title: &str, help: &str, on: bool, set: fn(&mut Settings, bool)| {
        form.row(ui, title, help, 60.0, |ui| {
            let mut on = on;
            // The name stands at the left already: only the switch here, with the name for who cannot see it.
            let response = ui.add_enabled_ui(no.is_none(), |ui| w::switch(ui, &mut on, "")).inner;
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(title));
            if response.changed() {
                let mut next = now.clone();
                set(&mut next, on);
                asked = Some((title.to_owned(), if on { "on" } else { "off" }, next));
            }
        });
    };
    switch(
        ui,
        "Lock when the window is minimised",
        "Where the desktop tells a program of it; on Wayland it does not.",
        now.locks.minimised,
        |s, on| s.locks.minimised = on,
    );
    switch(
        ui,
        "Password before a secret is revealed or copied",
        "An export and a change of settings ask for it in any case.",
        now.reveal_needs_password,
        |s, on| s.reveal_needs_password = on,
    );
    switch(
        ui,
        "Reason before a secret is revealed, copied or exported",
        "The reason is in the log.",
        now.reveal_needs_reason,
        |s, on| s.reveal_needs_reason = on,
    );
    if let Some((what, to, after)) = asked {
        saving.ask(frame, (&what, to), SettingsEdit { before: now, after }, out);
    }
    form.block(ui, &["weaker warning log administrator"], |ui| {
        let t = tokens(ui.ctx());
        let words = no.unwrap_or(
            "A change is logged with the value before and after. One that makes the vault weaker is logged as a warning.",
        );
        w::text_in(ui, TextRole::Small, t.text_2, words);
    });
}

/// What the controls show: what was asked for, else what is in force.
fn wanted(saving: &Saving, view: &UnlockedView) -> Settings {
    saving.wanted().cloned().unwrap_or_else(|| (*view.view.settings).clone())
}

/// A limit as a row.
pub(super) fn row(
    ui: &mut Ui,
    form: &mut Form,
    frame: &Frame<'_>,
    view: &UnlockedView,
    saving: &mut Saving,
    limit: &Limit,
    out: &mut Vec<Intent>,
) {
    let no = forbidden(frame);
    let before = wanted(saving, view);
    let mut after = before.clone();
    let at = *(limit.of)(&mut after);
    let mut chosen = None;
    form.row(ui, limit.title, limit.help, 260.0, |ui| {
        let number = Number { name: limit.title, unit: limit.unit, values: limit.values, small: false };
        chosen = number.show(ui, at, no);
    });
    if let Some(value) = chosen {
        *(limit.of)(&mut after) = value;
        let to = format!("{value} {}", limit.unit);
        saving.ask(frame, (limit.title, &to), SettingsEdit { before, after }, out);
    }
}

/// Where the policies are.
pub(super) fn policies(ui: &mut Ui, form: &mut Form, view: &UnlockedView, out: &mut Vec<Intent>) {
    let count = plural(view.view.settings.policies.len(), "policy", "policies");
    let help =
        format!("{count}: how often keys are rotated, and how long the version before stays accepted.");
    form.row(ui, "Rotation policies", &help, 180.0, |ui| {
        if Button::secondary("Open policies").show(ui).clicked() {
            out.push(Intent::ShowRotation(RotationTab::Policies(None)));
        }
    });
}
