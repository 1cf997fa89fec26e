//! The keyboard, as far as the window itself listens to it.

use egui::{Context, Event, Key, KeyboardShortcut, Modifiers};

use crate::app::Command;
use crate::ui::frame::{Intent, Page};
use crate::ui::widgets::{Tone, next_pane};

use super::commands::{TABLE, UiCommand, pressed, take};
use super::{Shell, banners, frame};

impl Shell {
    /// Takes the window's keys out of the input and does what they say.
    pub(super) fn keyboard(&mut self, ctx: &Context) -> Vec<Intent> {
        let mut intents = Vec::new();
        if self.stays(ctx) {
            intents.push(Intent::App(Command::StayUnlocked));
        }
        let editing = ctx.text_edit_focused();
        for row in TABLE.iter().filter(|row| !row.by_page) {
            if self.is_covered() && !stays_alive(row.command) {
                continue;
            }
            // A text field undoes its own edits.
            if editing && matches!(row.command, UiCommand::Undo | UiCommand::Redo) {
                continue;
            }
            // The Keys page knows which row its cursor is on.
            let keys_page =
                self.page == Page::Keys && matches!(row.command, UiCommand::Rotate | UiCommand::Edit);
            if keys_page {
                continue;
            }
            if let Some(why) = self.why_not(row.command) {
                // What is asked of a key says which one it lacks; the rest is told by the palette.
                let of_key = matches!(row.command, UiCommand::Rotate | UiCommand::Edit);
                if of_key && self.snapshot.unlocked().is_some() && pressed(ctx, row.command) {
                    intents.push(Intent::Toast(Tone::Neutral, format!("{why}.")));
                }
                continue;
            }
            if pressed(ctx, row.command) {
                intents.extend(self.command(ctx, row.command));
            }
        }
        intents
    }

    /// Space on the warning, where nothing else has the focus that would want it.
    fn stays(&self, ctx: &Context) -> bool {
        let frame = frame(&self.app, &self.snapshot, &self.tickets, &[]);
        banners::warns_of_idle(&frame)
            && ctx.memory(|memory| memory.focused().is_none())
            && take(ctx, &KeyboardShortcut::new(Modifiers::NONE, Key::Space))
    }

    /// Does a command of the table: at once, or by what it returns.
    pub(in crate::ui) fn command(&mut self, ctx: &Context, command: UiCommand) -> Option<Intent> {
        if self.refuses(command) {
            return None;
        }
        match command {
            UiCommand::Back => self.go_back(),
            UiCommand::Forward => self.go_forward(),
            UiCommand::ToggleRail => self.rail_narrow = !self.rail_narrow,
            UiCommand::NextPane => next_pane(ctx, true),
            UiCommand::PreviousPane => next_pane(ctx, false),
            UiCommand::MainMenu => self.main_menu = true,
            UiCommand::CloseTop => self.close_top(ctx),
            UiCommand::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            other => return self.intent_of(ctx, other),
        }
        None
    }
}

impl Shell {
    /// What lies over the page is left as by Esc, with the questions that asks; else the page's drawer closes.
    fn close_top(&mut self, ctx: &Context) {
        if self.is_covered() || ctx.any_popup_open() {
            let key = Key::Escape;
            let event = Event::Key {
                key,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers: Modifiers::NONE,
            };
            ctx.input_mut(|input| input.events.push(event));
        } else {
            self.pages.close_drawer(self.page);
        }
    }

    fn refuses(&self, command: UiCommand) -> bool {
        self.why_not(command).is_some()
    }

    /// Why a command cannot be done now, in words.
    pub(super) fn why_not(&self, command: UiCommand) -> Option<&'static str> {
        let frame = frame(&self.app, &self.snapshot, &self.tickets, &[]);
        let of_key = matches!(command, UiCommand::Rotate | UiCommand::Edit);
        let chosen = of_key && !self.pages.chosen_keys(self.page, &frame).is_empty();
        command.unavailable(&frame, chosen)
    }
}

/// Commands that work even over a dialog or the palette.
fn stays_alive(command: UiCommand) -> bool {
    matches!(
        command,
        UiCommand::Lock
            | UiCommand::Quit
            | UiCommand::CloseTop
            | UiCommand::ZoomIn
            | UiCommand::ZoomOut
            | UiCommand::ZoomReset
    )
}
