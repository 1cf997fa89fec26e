//! Answers nobody else listens for: what the window, the palette and the Keys page asked for. Dialogs and the other pages
//! tell their own.

use crate::app::{Command, Done, Reply, Ticket};
use crate::ui::frame::Intent;
use crate::ui::screens::settings::check;
use crate::ui::widgets::{Tone, thousands};
use crate::ui::words::sentence;
use crate::vault::VaultError;

/// The tickets whose answers are told by a toast.
#[derive(Default)]
pub(in crate::ui) struct Told {
    /// With the words for a success, where there are any.
    waiting: Vec<(Ticket, Option<String>)>,
}

impl Told {
    /// Tells the answers to all of these.
    pub(super) fn listen_to(&mut self, intents: &[Intent]) {
        for intent in intents {
            if let Intent::App(command) = intent
                && let Some(ticket) = ticket_of(command)
            {
                self.waiting.push((ticket, None));
            }
        }
    }

    /// Tells the answer under `ticket`, a success in these words.
    pub(in crate::ui) fn listen(&mut self, ticket: Ticket, words: Option<String>) {
        self.waiting.push((ticket, words));
    }

    /// Turns answers into toasts.
    pub(super) fn hear(&mut self, replies: &[Reply], intents: &mut Vec<Intent>) {
        for reply in replies {
            let Some(at) = self.waiting.iter().position(|(ticket, _)| *ticket == reply.ticket) else {
                continue;
            };
            let (_, words) = self.waiting.swap_remove(at);
            intents.extend(toast(reply, words).map(|(tone, words)| Intent::Toast(tone, words)));
        }
    }
}

fn toast(reply: &Reply, words: Option<String>) -> Option<(Tone, String)> {
    match &reply.result {
        Ok(Done::Checked(checked)) => {
            Some((Tone::Ok, format!("The log holds: {} entries.", thousands(checked.entries))))
        }
        Ok(Done::WholeChecked(found)) => Some((Tone::Ok, check::holds(found))),
        Ok(_) => words.map(|words| (Tone::Ok, words)),
        // The page asks for the password or the reason itself.
        Err(VaultError::PasswordNeeded | VaultError::ReasonNeeded) => None,
        Err(VaultError::Cancelled) => Some((Tone::Neutral, "Stopped. Nothing was changed.".to_owned())),
        Err(error) => Some((Tone::Critical, sentence(&error.to_string()))),
    }
}

fn ticket_of(command: &Command) -> Option<Ticket> {
    match command {
        Command::StepUp { ticket, .. }
        | Command::Act { ticket, .. }
        | Command::Batch { ticket, .. }
        | Command::Reveal { ticket, .. }
        | Command::Copy { ticket, .. }
        | Command::Export { ticket, .. }
        | Command::ExportList { ticket, .. }
        | Command::VerifyLog { ticket }
        | Command::CheckVault { ticket }
        | Command::ExportLog { ticket, .. }
        | Command::Backup { ticket, .. }
        | Command::ReadCsv { ticket, .. }
        | Command::ImportCsv { ticket } => Some(*ticket),
        _ => None,
    }
}
