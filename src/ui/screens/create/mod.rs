//! Making a vault: four steps, and nothing on the disk before the last.

mod password;
mod place;
mod recovery;
mod slider;
pub(in crate::ui) mod time;

use std::path::Path;

use egui::{Color32, Event, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::app::platform::host::Host;
use crate::app::platform::paths::Workstation;
use crate::app::{Command, Done, Ticket};
use crate::crypto::kdf::KdfParams;
use crate::ui::frame::{Frame, Intent};
use crate::ui::shell::commands::{UiCommand, pressed};
use crate::ui::shell::draw::{cut, icon, pieces, put};
use crate::ui::shell::{draw, entrance};
use crate::ui::theme::{TextRole, icons, icons::Icon, size, tokens};
use crate::ui::widgets::{Banner, Button, EndRow, Tone, paint_mark, text, text_in};
use crate::ui::words::sentence;
use crate::vault::VaultError;

/// Height of the row of buttons.
const FOOT: f32 = 60.0;
/// Width of the left column of a step.
const FIELDS: f32 = 480.0;
/// Between the columns.
const GAP: f32 = 64.0;
/// How far advice is set in, to stand under the words of a note.
const INSET: f32 = 12.0;
/// Width of the right column.
const ASIDE: f32 = 320.0;

/// The steps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Step {
    Place,
    Password,
    Time,
    Recovery,
}

impl Step {
    const ALL: [Self; 4] = [Self::Place, Self::Password, Self::Time, Self::Recovery];

    fn name(self) -> &'static str {
        match self {
            Self::Place => "Name and place",
            Self::Password => "Master password",
            Self::Time => "Unlock time",
            Self::Recovery => "Recovery",
        }
    }

    fn head(self) -> (&'static str, &'static str) {
        match self {
            Self::Place => ("Name the vault", "One file holds everything in it, encrypted."),
            Self::Password => {
                ("Choose the master password", "It opens this vault. Pasting from a password manager works.")
            }
            Self::Time => (
                "Choose how long an unlock takes",
                "Every guess of the password takes as long. Slower is harder to guess.",
            ),
            Self::Recovery => ("Make sure you can come back", "There is no second way into this vault."),
        }
    }
}

/// What the wizard remembers.
pub struct State {
    step: Step,
    /// The step is new on the screen: its first field takes the focus.
    arrived: bool,
    place: place::State,
    password: password::State,
    time: time::State,
    recovery: recovery::State,
    creating: Option<Ticket>,
    error: Option<VaultError>,
    wants_place: bool,
    given_up: bool,
}

impl State {
    /// The first step, with what is likely filled in.
    #[must_use]
    pub fn new(workstation: &Workstation) -> Self {
        let folder = workstation.recent.first().and_then(|vault| vault.path.parent());
        Self {
            step: Step::Place,
            arrived: true,
            place: place::State::new(folder, Host::here().user),
            password: password::State::default(),
            time: time::State::default(),
            recovery: recovery::State::default(),
            creating: None,
            error: None,
            wants_place: false,
            given_up: false,
        }
    }

    /// The operator chose Cancel.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.given_up
    }

    /// Whether a place is to be chosen with a file dialog; answers once.
    pub fn take_wants_place(&mut self) -> bool {
        std::mem::take(&mut self.wants_place)
    }

    /// The name proposed for the file.
    #[must_use]
    pub fn file_name(&self) -> String {
        self.place.file_name()
    }

    /// A place was chosen.
    pub fn set_path(&mut self, path: &Path) {
        self.place.set_path(path);
    }

    /// There is no file dialog here: the path is typed.
    pub fn say_no_dialog(&mut self) {
        self.place.say_no_dialog();
    }

    /// Why this step cannot be left forwards.
    fn block(&self) -> Option<&'static str> {
        match self.step {
            Step::Place => self.place.block(),
            Step::Password => self.password.block(),
            Step::Time => self.time.block(),
            Step::Recovery => self.recovery.block(),
        }
    }

    fn go(&mut self, step: Step) {
        self.step = step;
        self.arrived = true;
        self.password.hide_generated();
    }

    /// Takes the answers this wizard waits for.
    fn listen(&mut self, frame: &Frame<'_>) {
        self.time.listen(frame);
        let Some(reply) = frame.reply(self.creating) else { return };
        self.creating = None;
        self.error = reply.result.as_ref().err().cloned();
        if let Ok(Done::Nothing) = &reply.result {
            self.given_up = true;
        }
    }

    fn create(&mut self, frame: &Frame<'_>) -> Intent {
        let ticket = frame.ticket();
        self.creating = Some(ticket);
        self.error = None;
        Intent::App(Command::Create {
            ticket,
            path: self.place.path(),
            name: self.place.name.trim().to_owned(),
            operator: self.place.operator.trim().to_owned(),
            password: self.password.new_password(),
            params: self.time.found().map_or(KdfParams::DEFAULT, |found| found.params),
        })
    }
}

/// Shows the wizard.
pub fn show(ui: &mut Ui, frame: &Frame<'_>, state: &mut State) -> Vec<Intent> {
    let mut intents = Vec::new();
    state.listen(frame);
    let keys = Keys::take(ui);
    let arrived = std::mem::take(&mut state.arrived);
    let full = ui.max_rect();
    head(ui, full);
    entrance::head(ui, false, &mut intents);
    let narrow = full.width() < 760.0;
    let rail = if narrow { 0.0 } else { size::RAIL };
    if !narrow {
        steps(ui, Rect::from_min_max(full.min + vec2(0.0, size::TOP_BAR), full.max), state);
    }
    let panel = Rect::from_min_max(full.min + vec2(rail, size::TOP_BAR), full.max);
    let inside = crate::ui::shell::page_panel(ui, panel);
    let body = Rect::from_min_max(inside.min, pos2(inside.right(), inside.bottom() - FOOT));
    draw::place(ui, "step", body, |ui| {
        ui.set_clip_rect(body);
        ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(ui, |ui| step(ui, frame, arrived, state, &mut intents));
    });
    let buttons = Rect::from_min_max(pos2(inside.left(), body.bottom()), inside.max);
    foot(ui, buttons, frame, keys, state, &mut intents);
    intents
}

/// The wizard's keys of this frame.
#[derive(Clone, Copy)]
struct Keys {
    on: bool,
    back: bool,
}

impl Keys {
    /// Takes them before a field sees them, with the letter that some platforms type besides.
    fn take(ui: &Ui) -> Self {
        let [next, back] = [UiCommand::StepOn, UiCommand::StepBack].map(|command| {
            let pressed = pressed(ui.ctx(), command);
            if pressed {
                ui.input_mut(|input| input.events.retain(|event| !matches!(event, Event::Text(_))));
            }
            pressed
        });
        Self { on: next | pressed(ui.ctx(), UiCommand::Confirm), back }
    }
}

fn head(ui: &Ui, full: Rect) {
    let t = tokens(ui.ctx());
    let middle = full.top() + size::TOP_BAR / 2.0;
    let mark = Rect::from_center_size(pos2(full.left() + 26.0, middle), vec2(20.0, 20.0));
    paint_mark(ui.painter(), mark, t.accent, t.bg);
    put(ui, full.left() + 46.0, middle, pieces(ui, &[("Create a vault", TextRole::BodyStrong, t.text)]));
}

/// The steps at the left: done, now, to come. Those done can be gone back to.
fn steps(ui: &mut Ui, area: Rect, state: &mut State) {
    let t = tokens(ui.ctx());
    for (i, step) in (0_u8..).zip(Step::ALL) {
        let rect = Rect::from_min_size(
            area.min + vec2(8.0, 8.0 + 36.0 * f32::from(i)),
            vec2(size::RAIL - 16.0, 36.0),
        );
        let (done, now) = (step < state.step, step == state.step);
        let sense = if done && state.creating.is_none() { Sense::click() } else { Sense::hover() };
        let response = ui.interact(rect, ui.scope_id().with(("step", i)), sense);
        let name = format!("Step {}: {}{}", i + 1, step.name(), if done { ", done" } else { "" });
        response.widget_info(|| WidgetInfo::selected(Role::Link, true, now, &name));
        if now || (done && response.hovered()) {
            ui.painter().rect_filled(rect, size::RADIUS, if now { t.selected } else { t.hover });
        }
        if now {
            let edge =
                Rect::from_min_max(rect.min + vec2(0.0, 8.0), pos2(rect.left() + 3.0, rect.bottom() - 8.0));
            ui.painter().rect_filled(edge, 2, t.accent);
        }
        let centre = pos2(rect.left() + 21.0, rect.center().y);
        if done {
            icon(ui, centre + vec2(0.0, 0.5), icons::SUCCESS, 23.0, t.ok);
        } else {
            let (colour, width) = if now { (t.accent, 2.0) } else { (t.border_strong, 1.0) };
            ui.painter().circle_stroke(centre, if now { 9.0 } else { 9.5 }, (width, colour));
            let colour = if now { t.accent } else { t.text_2 };
            let number = pieces(ui, &[(&(i + 1).to_string(), TextRole::SmallMono, colour)]);
            put(ui, (centre.x - number.size().x / 2.0).round(), centre.y, number);
        }
        let (role, colour) = if now { (TextRole::BodyStrong, t.text) } else { (TextRole::Body, t.text_2) };
        put(ui, rect.left() + 41.0, rect.center().y, cut(ui, step.name(), role, colour, rect.width() - 48.0));
        if response.clicked() {
            state.go(step);
        }
    }
}

fn step(ui: &mut Ui, frame: &Frame<'_>, arrived: bool, state: &mut State, intents: &mut Vec<Intent>) {
    let t = tokens(ui.ctx());
    let area = ui.max_rect();
    let margin = if area.width() < 700.0 { 16.0 } else { 48.0 };
    let fields = FIELDS.min(area.width() - 2.0 * margin);
    let (left, top) = (area.left() + margin, area.top() + 40.0);
    let wide = area.width() >= margin + FIELDS + GAP + ASIDE;
    let end = draw::place(ui, "fields", Rect::from_min_size(pos2(left, top), vec2(fields, 4000.0)), |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let (title, body) = state.step.head();
        let number = Step::ALL.iter().position(|step| *step == state.step).unwrap_or_default() + 1;
        text(ui, TextRole::Small, format!("Step {number} of 4"));
        ui.add_space(4.0);
        text(ui, TextRole::Display, title);
        ui.add_space(4.0);
        text_in(ui, TextRole::Body, t.text_2, body);
        ui.add_space(28.0);
        if let Some(error) = state.error.as_ref() {
            let words = sentence(&error.to_string());
            Banner::new(Tone::Critical, "The vault was not made").body(&words).show(ui);
            ui.add_space(16.0);
        }
        let known = [state.place.name.clone(), state.place.operator.clone()];
        let onward = match state.step {
            Step::Place => place::show(ui, arrived, &mut state.place, &mut state.wants_place),
            Step::Password => password::show(ui, arrived, &mut state.password, &known),
            Step::Time => time::show(ui, frame, arrived, &mut state.time, intents),
            Step::Recovery => recovery::show(ui, arrived, &mut state.recovery),
        };
        if onward && state.block().is_none() && state.step < Step::Recovery {
            state.go(Step::ALL[number]);
        }
        if !wide {
            ui.add_space(32.0);
            // Under the fields the advice stands where they do; what has a note above it stands under its words.
            let inset = if matches!(state.step, Step::Place | Step::Recovery) { INSET } else { 0.0 };
            let at = Rect::from_min_max(ui.cursor().min - vec2(inset, 0.0), ui.max_rect().max);
            ui.scope_builder(UiBuilder::new().id_salt("advice").max_rect(at), |ui| aside(ui, state));
        }
        ui.min_rect().bottom()
    });
    if wide {
        let place = Rect::from_min_size(pos2(left + FIELDS + GAP, top + 96.0), vec2(ASIDE, 2000.0));
        draw::place(ui, "aside", place, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
            aside(ui, state);
        });
    }
    ui.allocate_space(vec2(1.0, end - area.top() + 24.0));
}

/// The right column: what is worth knowing at this step.
fn aside(ui: &mut Ui, state: &State) {
    match state.step {
        Step::Place => place::aside(ui),
        Step::Password => password::aside(ui),
        Step::Time => time::aside(ui),
        Step::Recovery => recovery::aside(ui),
    }
}

/// A line of advice: a glyph and words.
fn advice(ui: &mut Ui, good: bool, words: &str) {
    let t = tokens(ui.ctx());
    let (glyph, colour) = if good { (icons::CHECK, t.ok) } else { (icons::CLOSE, t.text_2) };
    advice_line(ui, glyph, colour, words);
}

/// A line that is neither good nor bad to do, but so.
fn fact(ui: &mut Ui, words: &str) {
    let colour = tokens(ui.ctx()).text_2;
    advice_line(ui, icons::INFO, colour, words);
}

fn advice_line(ui: &mut Ui, glyph: Icon, colour: Color32, words: &str) {
    let t = tokens(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    icon(ui, pos2(rect.left() + 20.0, rect.center().y), glyph, size::ICON, colour);
    put(
        ui,
        rect.left() + 38.0,
        rect.center().y,
        cut(ui, words, TextRole::Body, t.text_2, rect.width() - 38.0),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

/// The head of a list of advice.
fn advice_head(ui: &mut Ui, words: &str) {
    let t = tokens(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    put(ui, rect.left() + INSET, rect.center().y, pieces(ui, &[(words, TextRole::BodyStrong, t.text)]));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    ui.add_space(4.0);
}

/// A note in the right column: a bold line and what it means.
fn note(ui: &mut Ui, tone: Tone, title: &str, words: &str) {
    let t = tokens(ui.ctx());
    let tint = tone.tint(t);
    let frame = egui::Frame::new()
        .fill(tint.fill)
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(egui::Margin { left: 38, right: 12, top: 10, bottom: 12 });
    let response = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        text_in(ui, TextRole::BodyStrong, t.text, title);
        text_in(ui, TextRole::Body, t.text, words);
    });
    let rect = response.response.rect;
    if t.high_contrast {
        ui.painter().rect_stroke(rect, size::RADIUS_CARD, (1.0, t.hairline), egui::StrokeKind::Inside);
    }
    icon(ui, rect.min + vec2(20.0, 20.0), tone.icon(), size::ICON, tint.fg);
}

/// The row of buttons, and beside it what hinders.
fn foot(
    ui: &mut Ui,
    rect: Rect,
    frame: &Frame<'_>,
    keys: Keys,
    state: &mut State,
    intents: &mut Vec<Intent>,
) {
    let t = tokens(ui.ctx());
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, (1.0, t.hairline));
    let block = state.block();
    let busy = state.creating.map(|_| "The vault is being made");
    let inner = Rect::from_min_max(rect.min + vec2(48.0, 1.0), rect.max - vec2(16.0, 0.0));
    let row = EndRow::new(ui, "buttons", inner);
    let buttons = row.left();
    row.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if Button::quiet("Cancel").disabled(busy).show(ui).clicked() {
            if frame.snapshot.job.is_some() {
                intents.push(Intent::App(Command::CancelJob));
            }
            state.given_up = true;
        }
        let first = (state.step == Step::Place).then_some("This is the first step");
        let back = Button::secondary("Back").disabled(first.or(busy)).show(ui).clicked();
        let last = state.step == Step::Recovery;
        let label = match (last, busy) {
            (true, Some(_)) => "Creating…",
            (true, None) => "Create vault",
            _ => "Continue",
        };
        let primary = Button::primary(label).min_width(112.0).disabled(block.or(busy)).show(ui);
        let may = block.is_none() && busy.is_none();
        if primary.clicked() || keys.on && may {
            if last {
                intents.push(state.create(frame));
            } else {
                let next = Step::ALL.iter().position(|step| *step == state.step).unwrap_or_default() + 1;
                state.go(Step::ALL[next]);
            }
        }
        if back || keys.back && first.is_none() && busy.is_none() {
            let at = Step::ALL.iter().position(|step| *step == state.step).unwrap_or_default();
            state.go(Step::ALL[at.saturating_sub(1)]);
        }
    });
    let words = block.unwrap_or("Nothing is written to disk before the last step.");
    let room = Rect::from_min_max(inner.min, pos2(buttons - 16.0, inner.bottom()));
    let galley = cut(ui, words, TextRole::Small, t.text_2, room.width());
    put(ui, room.left(), rect.center().y, galley);
    draw::label(ui, "foot words", room, words);
}
