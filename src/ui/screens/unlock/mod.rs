//! The unlock screen: whose vault, the password, and everything that went wrong with it, in full.
//!
//! Nothing from inside the vault is shown here: no counts, no names of keys.

mod trouble;

use std::time::Duration;

use egui::{Rect, ScrollArea, Sense, Ui, pos2, vec2};

use crate::app::platform::paths::Workstation;
use crate::app::{Command, LockedView, Phase, demo};
use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::SecretBuf;
use crate::model::LockReason;
use crate::ui::frame::{Frame, Intent};
use crate::ui::shell::draw::{pieces, place, put};
use crate::ui::shell::words::{countdown, elide_path, short_path};
use crate::ui::shell::{draw, entrance};
use crate::ui::theme::{TextRole, size, tokens};
use crate::ui::widgets::{Button, SecretEdit, TextField, entered, link_small, paint_mark, text_in};
use crate::ui::words::sentence;
use crate::vault::VaultError;

/// Width of the column.
const COLUMN: f32 = 400.0;
/// Height of the column as it usually is: what stands in the middle of the window.
const USUAL: f32 = 356.0;
/// The longest password, in bytes.
const PASSWORD_MAX: usize = 1024;

/// What the screen remembers.
pub struct State {
    password: SecretBuf,
    operator: String,
    /// Whose file `operator` belongs to.
    path: Option<std::path::PathBuf>,
    ask_operator: bool,
    /// Accepting another copy: the reason.
    accept: bool,
    reason: String,
    /// The field is to be given the focus.
    focus: bool,
    /// All that was typed is to be selected.
    select: bool,
    was_opening: bool,
    opening_since: Option<Duration>,
    /// How long the last password took here, and with what.
    measured: Option<(KdfParams, Duration)>,
    /// It is the demonstration vault, whose password is no secret.
    demo: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            password: SecretBuf::with_capacity(PASSWORD_MAX),
            operator: String::new(),
            path: None,
            ask_operator: false,
            accept: false,
            reason: String::new(),
            focus: true,
            select: false,
            was_opening: false,
            opening_since: None,
            measured: None,
            demo: false,
        }
    }
}

impl State {
    /// An empty one, for a lock: nothing typed is kept, how long an unlock takes here is.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self { measured: self.measured, demo: self.demo, ..Self::default() }
    }

    /// Drops the password that was tried: it opened the vault, or another file is wanted. While it is tried it stays, to be
    /// corrected.
    pub fn drop_password(&mut self) {
        if !self.password.is_empty() {
            self.password = SecretBuf::with_capacity(PASSWORD_MAX);
        }
    }

    /// Says whether the file is the demonstration vault.
    pub fn set_demo(&mut self, demo: bool) {
        self.demo = demo;
    }

    /// The operator somebody tried to unlock for stays in the field.
    pub fn tried(&mut self, operator: &str) {
        operator.clone_into(&mut self.operator);
    }

    /// Looks up who unlocked this file here before, once for each file.
    fn meet(&mut self, locked: &LockedView, workstation: &Workstation) {
        if self.path.as_ref() == Some(&locked.path) {
            return;
        }
        *self = self.fresh();
        self.path = Some(locked.path.clone());
        let known = workstation.recent.iter().find(|vault| vault.path == locked.path);
        let operators = known.map(|vault| vault.operators.as_slice()).unwrap_or_default();
        self.operator = operators.first().cloned().unwrap_or_default();
        if self.demo {
            demo::OPERATOR.clone_into(&mut self.operator);
        }
        self.ask_operator = locked.needs_operator && operators.len() != 1 && !self.demo;
    }

    /// Notices the end of a try: the field is ready for the next one.
    fn follow(&mut self, frame: &Frame<'_>, locked: &LockedView) {
        match (self.was_opening, locked.opening_since) {
            (_, Some(since)) => self.opening_since = Some(since),
            (true, None) => {
                self.focus = true;
                self.select = true;
                if let (Some(since), Some(VaultError::WrongPassword)) = (self.opening_since, &locked.error) {
                    self.measured = Some((locked.params, frame.mono.saturating_sub(since)));
                }
            }
            (false, None) => {}
        }
        self.was_opening = locked.opening_since.is_some();
    }
}

/// Shows the screen.
pub fn show(ui: &mut Ui, frame: &Frame<'_>, workstation: &Workstation, state: &mut State) -> Vec<Intent> {
    let mut intents = Vec::new();
    let Phase::Locked(locked) = &frame.snapshot.phase else { return intents };
    state.meet(locked, workstation);
    state.follow(frame, locked);
    entrance::head(ui, true, &mut intents);
    let full = ui.max_rect();
    let body = Rect::from_min_max(full.min, pos2(full.right(), full.bottom() - entrance::FOOT));
    let extra = extra_height(locked, state);
    let top = ((body.height() - USUAL - extra) / 2.0).floor().max(size::TOP_BAR);
    let width = COLUMN.min(full.width() - 32.0);
    let left = (full.center().x - width / 2.0).floor();
    let column =
        Rect::from_min_max(pos2(left - 8.0, body.top() + top), pos2(left + width + 8.0, body.bottom()));
    place(ui, "unlock", column, |ui| {
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
            let inner = ui.max_rect().shrink2(vec2(8.0, 0.0));
            let bottom = place(ui, "column", Rect::from_min_size(inner.min, vec2(width, 2000.0)), |ui| {
                who(ui, locked);
                form(ui, frame, locked, workstation, state, &mut intents);
                ui.min_rect().bottom()
            });
            ui.allocate_space(vec2(width, bottom - inner.top() + 16.0));
        });
    });
    if entrance::foot(ui, frame, Some("Open another vault…")) {
        intents.push(Intent::ChooseVault);
    }
    intents
}

/// Room that is needed besides the usual, so that the column stays in the middle.
fn extra_height(locked: &LockedView, state: &State) -> f32 {
    let operator = if locked.needs_operator { 64.0 } else { 0.0 };
    let accept = if state.accept { 64.0 } else { 0.0 };
    let trouble = match &locked.error {
        Some(VaultError::WrongPassword | VaultError::Wait { .. }) | None => 0.0,
        Some(_) => 100.0,
    };
    let reason = if locked.reason.is_some() { 20.0 } else { 0.0 };
    operator + accept + trouble + reason
}

/// The mark, the vault's name, its path, and why it was locked.
fn who(ui: &mut Ui, locked: &LockedView) {
    let t = tokens(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), Sense::hover());
    let mark = Rect::from_center_size(rect.center(), vec2(48.0, 48.0));
    paint_mark(ui.painter(), mark, t.accent, t.bg);
    ui.add_space(16.0);
    let name = draw::cut(ui, &locked.name, TextRole::Display, t.text, ui.available_width());
    centred(ui, 32.0, name, &locked.name);
    ui.add_space(4.0);
    let path = short_path(&locked.path);
    let short = elide_path(&path, 52);
    let galley = pieces(ui, &[(&short, TextRole::SmallMono, t.text_3)]);
    centred(ui, 16.0, galley, &path).on_hover_text(locked.path.display().to_string());
    if let Some(reason) = locked.reason {
        ui.add_space(12.0);
        let words = why(reason);
        let galley = pieces(ui, &[(&words, TextRole::Small, t.text_2)]);
        centred(ui, 16.0, galley, &words);
        ui.add_space(24.0);
    } else {
        ui.add_space(32.0);
    }
}

/// Why the vault was locked, as a sentence.
fn why(reason: LockReason) -> String {
    match reason {
        LockReason::ByHand => "Locked by you.".to_owned(),
        LockReason::Idle { minutes } => format!("Locked after {minutes} min without input. Drafts are kept."),
        LockReason::Limit { hours } => {
            format!("The session reached its limit of {hours} h. Drafts are kept.")
        }
        LockReason::Suspend => "Locked because the computer slept. Drafts are kept.".to_owned(),
        LockReason::ScreenLock => "Locked with the screen. Drafts are kept.".to_owned(),
        LockReason::Minimised => "Locked because the window was minimised. Drafts are kept.".to_owned(),
        LockReason::FileReplaced => "Locked because another file took the place of this vault's.".to_owned(),
        LockReason::FileDamaged => "Locked because something else wrote into this vault's file.".to_owned(),
        LockReason::KeysReplaced => "Locked because another program replaced this vault's keys.".to_owned(),
        LockReason::WrongPasswords => {
            "Locked because the password was wrong too often. Drafts are kept.".to_owned()
        }
        LockReason::Exit => "Locked when the program was closed.".to_owned(),
    }
}

fn centred(ui: &mut Ui, height: f32, galley: std::sync::Arc<egui::Galley>, words: &str) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let left = (rect.center().x - galley.size().x / 2.0).floor();
    put(ui, left, rect.center().y, galley);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
    response
}

/// Gives a field the focus and says whether it has it. A dialog that was open at the lock keeps it from what lies below for
/// one pass more: until it is there, it is asked for again.
fn takes_focus(response: &egui::Response) -> bool {
    // Of the memory, not of the response: that has no focus in a window that has none, and would be asked for without end.
    if response.ctx.memory(|memory| memory.has_focus(response.id)) {
        return true;
    }
    draw::give_focus(response);
    response.ctx.request_repaint();
    false
}

/// Fields, button, and what is to be said about the last try.
fn form(
    ui: &mut Ui,
    frame: &Frame<'_>,
    locked: &LockedView,
    workstation: &Workstation,
    state: &mut State,
    intents: &mut Vec<Intent>,
) {
    let t = tokens(ui.ctx());
    let wait = locked.wait_until.map(|until| frame.left(until)).filter(|left| !left.is_zero());
    let opening = locked.opening_since.map(|since| frame.mono.saturating_sub(since));
    let blocked = opening.map(|_| "The password is being tried");
    trouble::clipboard(ui, frame.snapshot.clipboard.as_ref());
    trouble::show(ui, locked, state, intents);
    if trouble::is_damaged(locked) {
        return;
    }
    let named = locked.needs_operator && operator(ui, locked, workstation, state, blocked);

    let message = message(locked, wait);
    let help = state.demo.then(|| format!("Demo data. The password is: {}", demo::PASSWORD));
    let mut field = SecretEdit::new("Master password", &mut state.password)
        .large()
        .show_toggle()
        .error(message.as_deref())
        .select_all(std::mem::take(&mut state.select))
        .disabled(blocked);
    if let Some(help) = help.as_deref().filter(|_| message.is_none()) {
        field = field.help(help);
    }
    let field = field.show(ui);
    // What is wrong stands in the help's place; the demo's password is wanted then all the more.
    if let Some(help) = help.filter(|_| message.is_some()) {
        text_in(ui, TextRole::Small, t.text_3, help);
    }
    if state.focus && blocked.is_none() && !state.ask_operator_first() {
        state.focus = !takes_focus(&field.response);
    }
    if state.accept {
        ui.add_space(12.0);
        let reason = TextField::new("Why is this copy the right one?", &mut state.reason)
            .help("Recorded in the log: \u{201C}Restored Monday's backup after the disk failed.\u{201D}")
            .limit(200)
            .large();
        let _ = reason.show(ui);
    }
    ui.add_space(20.0);

    let reason = block(state, locked, wait);
    let label = match opening {
        Some(time) => format!("Unlocking… {:.1} s", time.as_secs_f32()),
        None if state.accept => "Accept this copy and unlock".to_owned(),
        None => "Unlock".to_owned(),
    };
    let width = ui.available_width();
    let button = Button::primary(&label).large().min_width(width).disabled(reason.as_deref().or(blocked));
    let pressed = button.show(ui).clicked();
    ui.add_space(12.0);
    if opening.is_some() {
        // The password function itself cannot be stopped half-way; what it opens is locked again at once.
        let stopped = ui.vertical_centered(|ui| Button::quiet("Cancel").show(ui).clicked());
        if stopped.inner {
            intents.push(Intent::App(Command::CancelJob));
        }
    } else {
        // Why the button is grey, where that is not plain: an empty password is.
        let unnamed = !state.password.is_empty() && nobody(state, locked);
        let words = reason.filter(|_| wait.is_some() || unnamed).unwrap_or_else(|| how_long(locked, state));
        let galley = pieces(ui, &[(&words, TextRole::Small, t.text_3)]);
        centred(ui, 16.0, galley, &words);
    }

    if (pressed || field.submitted || named) && blocked.is_none() && block(state, locked, wait).is_none() {
        // A try may be over before a frame shows it: a file that cannot even be opened is not tried at all.
        (state.was_opening, state.opening_since) = (true, None);
        intents.push(Intent::App(Command::Unlock {
            password: SecretBuf::from_slice(state.password.as_bytes()),
            operator: locked.needs_operator.then(|| state.operator.trim().to_owned()),
            accept_restored: state.accept.then(|| state.reason.trim().to_owned()),
        }));
    }
}

impl State {
    fn ask_operator_first(&self) -> bool {
        self.ask_operator && self.operator.is_empty()
    }
}

/// Why the button refuses.
fn block(state: &State, locked: &LockedView, wait: Option<Duration>) -> Option<String> {
    if let Some(left) = wait {
        return Some(format!("The next attempt is possible in {}.", countdown(left)));
    }
    if state.password.is_empty() {
        return Some("Type the password first".to_owned());
    }
    if nobody(state, locked) {
        return Some("Type the operator's name.".to_owned());
    }
    (state.accept && state.reason.trim().is_empty()).then(|| "Say why this copy is the right one".to_owned())
}

/// Whether it is not said who unlocks.
fn nobody(state: &State, locked: &LockedView) -> bool {
    locked.needs_operator && state.operator.trim().is_empty()
}

/// What stands under the password field.
fn message(locked: &LockedView, wait: Option<Duration>) -> Option<String> {
    if locked.opening_since.is_some() {
        return None;
    }
    match &locked.error {
        Some(VaultError::Wait { .. }) if wait.is_none() => None,
        Some(VaultError::Wait { .. }) => {
            Some("Not tried: it was too soon after a failed attempt.".to_owned())
        }
        Some(error @ VaultError::WrongPassword) => {
            let words = sentence(&error.to_string());
            Some(if locked.failed > 1 {
                format!("{words} {} attempts failed.", locked.failed)
            } else {
                words
            })
        }
        _ => None,
    }
}

fn how_long(locked: &LockedView, state: &State) -> String {
    let mib = locked.params.memory_kib / 1024;
    match state.measured.filter(|(params, _)| *params == locked.params) {
        Some((_, time)) => format!("Takes about {} on this computer", seconds(time)),
        None => format!("Takes about a second and {mib} MiB of memory"),
    }
}

/// `0.7 s`, `3 s`.
fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f32();
    if seconds < 0.95 { format!("{seconds:.1} s") } else { format!("{seconds:.0} s") }
}

/// Who unlocks, where the file has several operators; says whether Enter was pressed in the field.
fn operator(
    ui: &mut Ui,
    locked: &LockedView,
    workstation: &Workstation,
    state: &mut State,
    blocked: Option<&str>,
) -> bool {
    let t = tokens(ui.ctx());
    if !state.ask_operator {
        // The workstation knows one: that one, unless somebody says otherwise.
        ui.horizontal(|ui| {
            text_in(ui, TextRole::Body, t.text_2, "Operator");
            text_in(ui, TextRole::BodyStrong, t.text, state.operator.as_str());
            if link_small(ui, "Somebody else").clicked() {
                state.ask_operator = true;
                state.operator.clear();
                state.focus = true;
            }
        });
        ui.add_space(12.0);
        return false;
    }
    let error = matches!(locked.error, Some(VaultError::NoSuchOperator))
        .then_some("The vault knows nobody of that name. Ask an administrator how it is spelt.");
    let field =
        TextField::new("Operator", &mut state.operator).large().limit(64).error(error).disabled(blocked);
    let response = field.show(ui);
    let named = entered(ui.ctx()) == Some(response.id);
    if state.focus && state.operator.is_empty() {
        state.focus = !takes_focus(&response);
    }
    let known = workstation.recent.iter().find(|vault| vault.path == locked.path);
    let others = known.map(|vault| vault.operators.as_slice()).unwrap_or_default();
    if others.len() > 1 {
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            let mut chosen = None;
            for name in others.iter().filter(|name| **name != state.operator).take(4) {
                if link_small(ui, name).clicked() {
                    chosen = Some(name.clone());
                }
            }
            if let Some(name) = chosen {
                state.operator = name;
                state.focus = true;
            }
        });
    }
    ui.add_space(12.0);
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixture::Stage;
    use crate::ui::offscreen::Driver;
    use crate::ui::theme::{self, Theme};
    use crate::ui::widgets;
    use std::sync::Arc;

    #[test]
    fn the_password_of_the_demo_is_told_after_a_wrong_one_too() {
        for error in [None, Some(VaultError::WrongPassword)] {
            let mut stage = Stage::new(1);
            let failed = usize::from(error.is_some());
            stage.snapshot.phase = Phase::Locked(Arc::new(LockedView {
                path: "/tmp/demo.keyroom".into(),
                name: "demo".into(),
                needs_operator: false,
                params: KdfParams::DEFAULT,
                failed,
                wait_until: None,
                reason: None,
                opening_since: None,
                error,
                lock_error: None,
                unsaved: false,
            }));
            let (mut state, workstation) = (State::default(), Workstation::default());
            state.set_demo(true);
            let mut driver = Driver::new(vec2(800.0, 600.0), move |ui: &mut Ui| {
                show(ui, &stage.frame(), &workstation, &mut state);
            });
            theme::install(driver.ctx(), Theme::Light);
            widgets::install(driver.ctx(), None);
            driver.settle(4);
            let told = driver.all().iter().any(|found| found.label.contains(demo::PASSWORD));
            assert!(told, "after {failed} wrong passwords");
        }
    }
}
