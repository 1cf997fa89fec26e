//! The vault itself: its name and place, its password, its backups, what it can be recognised by; and what watches its
//! log.

use super::super::pages::paint::Words;
use super::super::pages::save::{Saving, forbidden};
use super::super::pages::{t, when};
use super::form::Form;
use super::security::{self, Limit};
use crate::app::{Command, Integrity, UnlockedView};
use crate::model::Settings;
use crate::operations::SettingsEdit;
use crate::ui::frame::{DialogRequest, Frame, Intent, Page};
use crate::ui::shell::commands::UiCommand;
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, Button, TextField};
use crate::ui::words::ago;
use crate::vault::AnchorStatus;
use egui::Ui;

const BACKUP: Limit = Limit {
    title: "Point out a missing backup after",
    help: "Days since the last one.",
    unit: "d",
    values: &[1, 7, 14, 30, 90],
    of: |s| &mut s.backup_every_days,
};

/// A name that is typed and not saved.
pub(super) struct Typed {
    /// The name it is to take the place of.
    over: String,
    text: String,
}

pub(super) fn show(
    ui: &mut Ui,
    form: &mut Form,
    frame: &Frame<'_>,
    view: &UnlockedView,
    saving: &mut Saving,
    name: &mut Option<Typed>,
    out: &mut Vec<Intent>,
) {
    naming(ui, form, frame, view, saving, name, out);
    let path = view.path.display().to_string();
    form.row(ui, "File", &path, 90.0, |ui| {
        if Button::secondary("Copy").icon(icons::COPY).show(ui).clicked() {
            out.push(Intent::App(Command::CopyPlain(path.clone())));
        }
    });
    let last = match view.last_backup {
        Some(at) => format!("Last: {} {}, {}.", when::date(at), when::clock(at), ago(at, frame.now)),
        None => "This vault has no backup.".to_owned(),
    };
    form.row(ui, "Backup", &last, 140.0, |ui| {
        if Button::secondary("Back up…").show(ui).clicked() {
            out.push(Intent::Open(DialogRequest::Backup));
        }
    });
    security::row(ui, form, frame, view, saving, &BACKUP, out);
    super::check::row(ui, form, frame, view, out);
    form.row(ui, "Password", "Only the slot of the password is written anew; the keys stay.", 180.0, |ui| {
        if Button::secondary("Change password…").show(ui).clicked() {
            out.push(Intent::Open(DialogRequest::ChangePassword));
        }
    });
    let exposed =
        "Somebody may know your password or had this computer: every key that was open to you is replaced.";
    form.row(ui, "Password exposed", exposed, 180.0, |ui| {
        let forbidden = UiCommand::PasswordExposed.unavailable(frame, false);
        if Button::danger_outline("Password exposed…").disabled(forbidden).show(ui).clicked() {
            out.push(Intent::Open(DialogRequest::PasswordExposed));
        }
    });
    let params = view.view.session.params;
    let policy = view.view.settings.later.unlock_cost;
    let cost = format!(
        "Argon2id. This vault asks for at least {}; your password costs {} MiB, {} passes. A slot that costs less is raised \
         at its next unlock.",
        policy.words(),
        params.memory_kib / 1024,
        params.passes
    );
    let no = forbidden(frame);
    form.row(ui, "Unlock time", &cost, 180.0, |ui| {
        if Button::secondary("Change unlock time…").disabled(no).show(ui).clicked() {
            out.push(Intent::Open(DialogRequest::UnlockTime));
        }
    });
    recognised(ui, form, frame, view);
}

fn naming(
    ui: &mut Ui,
    form: &mut Form,
    frame: &Frame<'_>,
    view: &UnlockedView,
    saving: &mut Saving,
    name: &mut Option<Typed>,
    out: &mut Vec<Intent>,
) {
    let now = &view.view.settings.vault_name;
    let no = forbidden(frame);
    form.row(ui, "Name", "Shown in the window and on the unlock screen.", 340.0, |ui| {
        // What was typed over a name that somebody else changed meanwhile would undo that unseen.
        *name = name.take().filter(|typed| typed.over == *now);
        let mut text = name.as_ref().map_or_else(|| now.clone(), |typed| typed.text.clone());
        let problem = crate::model::text::name("the vault's name", &text).is_err();
        let same = (text == *now).then_some("The name is not changed.");
        let bad = problem.then_some("A name must not be empty.");
        let field =
            TextField::new("Vault name", &mut text).label_hidden().width(240.0).limit(80).disabled(no);
        let response = field.show(ui);
        let reason = no.or(bad).or(same);
        let renamed = Button::secondary("Rename").disabled(reason).show(ui).clicked();
        if renamed || reason.is_none() && w::entered(ui.ctx()) == Some(response.id) {
            let before = (*view.view.settings).clone();
            let after = Settings { vault_name: text.trim().to_owned(), ..before.clone() };
            saving.ask(frame, ("Name", text.trim()), SettingsEdit { before, after }, out);
        }
        if response.changed() {
            *name = Some(Typed { over: now.clone(), text });
        }
    });
}

/// What the vault is recognised by, and what would be noticed.
fn recognised(ui: &mut Ui, form: &mut Form, frame: &Frame<'_>, view: &UnlockedView) {
    let place = &frame.snapshot.status.anchor;
    let (state, tone) = match &view.view.anchor {
        AnchorStatus::On => ("On", true),
        AnchorStatus::First => ("On from now", true),
        AnchorStatus::Again(_) => ("On again", false),
        AnchorStatus::Off(_) => ("Off", false),
    };
    let help = match &view.view.anchor {
        AnchorStatus::Off(why) => format!("An older copy of the file would not be noticed: {why}."),
        AnchorStatus::Again(why) => {
            format!(
                "At this unlock an older copy would not have been noticed: {why}. The next unlock is checked again."
            )
        }
        _ => format!("Where the log ended is remembered outside the file. Place: {place}."),
    };
    form.row(ui, "Rollback protection", &help, 140.0, |ui| {
        let t = t(ui);
        let (glyph, colour) = if tone { (icons::VERIFIED, t.ok) } else { (icons::DOUBTFUL, t.warn) };
        w::icon_text(ui, glyph, state, colour);
    });
    let accepted = matches!(view.integrity, Integrity::Restored { .. });
    let words = if accepted {
        "This session began with a copy that was accepted on purpose. The log says by whom and why."
    } else {
        "A file older than, or different from, what this computer had seen is refused at the unlock. It is accepted there, \
         on purpose and with a reason."
    };
    form.row(ui, "Restored copies", words, 0.0, |_| {});
    form.block(ui, &["genesis fingerprint recognise compare"], |ui| {
        let t = t(ui);
        w::text(ui, TextRole::Body, "Genesis fingerprint");
        w::text_in(
            ui,
            TextRole::Small,
            t.text_2,
            "The vault's own mark from its first day. Compare it with the one you wrote down when the vault was made.",
        );
        let hex = data_encoding::HEXLOWER.encode(&view.view.roster.genesis());
        let groups: Vec<&str> = (0..hex.len()).step_by(4).filter_map(|at| hex.get(at..at + 4)).collect();
        for line in groups.chunks(8) {
            Words::new().add(TextRole::Mono, t.text, line.join(" ")).show(ui);
        }
    });
}

/// The log: where to check and export it, and the rules that watch it.
pub(super) fn audit(
    ui: &mut Ui,
    form: &mut Form,
    frame: &Frame<'_>,
    view: &UnlockedView,
    saving: &mut Saving,
    out: &mut Vec<Intent>,
) {
    let size = w::thousands(view.view.log_size);
    let help = format!("{size} events. Nothing is ever removed from it.");
    form.row(ui, "Log", &help, 240.0, |ui| {
        ui.spacing_mut().item_spacing.x = size::GAP;
        if Button::secondary("Export…").icon(icons::EXPORT).show(ui).clicked() {
            out.push(Intent::Open(DialogRequest::ExportLog));
        }
        if Button::secondary("Open Audit").show(ui).clicked() {
            out.push(Intent::Go(Page::Audit));
        }
    });
    super::unusual::show(ui, form, frame, view, saving, out);
}
