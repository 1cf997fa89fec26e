//! Catches what is typed and pasted into a secret field before egui makes copies of it.

use super::glyphs;
use crate::crypto::memory::SecretBuf;
use egui::accesskit::{Action, ActionData};
use egui::{Context, Event, FullOutput, Id, ImeEvent, Key, Modifiers, OutputCommand, Plugin, RawInput, Ui};
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroize;

/// Room for what arrives in one frame: the largest paste.
const ROOM: usize = 64 * 1024;

/// Where Ctrl+V takes text from. The window gives the real clipboard, tests give theirs.
pub trait PasteSource: Send {
    /// Puts the clipboard's text into `buf`, or leaves it empty.
    fn read_into(&mut self, buf: &mut SecretBuf);
}

/// One step of editing, in the order it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The next so many bytes of the queue.
    Insert(usize),
    /// An editing key.
    Key(Key, Modifiers),
}

/// The plugin between the window and egui. See the module.
///
/// It also stands in for egui-winit's clipboard, which is compiled out: Ctrl+C, Ctrl+X and Ctrl+V become the events
/// that egui's own text fields understand.
pub struct SecretSink {
    /// Every secret field of the last pass.
    fields: Vec<Id>,
    /// The field the queue belongs to.
    target: Option<Id>,
    queue: SecretBuf,
    steps: Vec<Step>,
    /// Whether a secret is on the screen in this pass.
    revealed: bool,
    /// Whether Shift was down when the last key was pressed whose character has not come yet.
    shift: Option<bool>,
    /// Whether the last letter had the case that Caps Lock gives it.
    caps_lock: bool,
    /// A key of the window was pressed whose letter, where one comes, is not typed.
    mnemonic: bool,
    paste: Option<Mutex<Box<dyn PasteSource>>>,
    /// The scale the atlas was filled for.
    warmed: f32,
}

impl Default for SecretSink {
    fn default() -> Self {
        Self {
            fields: Vec::new(),
            target: None,
            queue: SecretBuf::with_capacity(ROOM),
            steps: Vec::new(),
            revealed: false,
            shift: None,
            caps_lock: false,
            mnemonic: false,
            paste: None,
            warmed: 0.0,
        }
    }
}

impl SecretSink {
    /// Registers the sink; Ctrl+V reads from `paste`. Once per context, before the first pass.
    pub fn install(ctx: &Context, paste: Option<Box<dyn PasteSource>>) {
        ctx.plugin_or_default::<Self>().lock().paste = paste.map(Mutex::new);
    }

    /// Wipes what was caught and not yet collected. Part of a lock.
    pub fn clear(ctx: &Context) {
        ctx.with_plugin(Self::forget);
    }

    /// Says that a secret is on the screen in this pass.
    pub(super) fn reveal(ctx: &Context) {
        ctx.plugin_or_default::<Self>().lock().revealed = true;
    }

    /// Whether Caps Lock seems to be on. No platform tells it through egui, so the last letter does: typed without Shift and
    /// large, or with Shift and small.
    pub(super) fn caps_lock(ctx: &Context) -> bool {
        ctx.plugin_or_default::<Self>().lock().caps_lock
    }

    /// Announces the secret field `id`, and hands over what was caught for it.
    pub(super) fn collect(ctx: &Context, id: Id, focused: bool, mut apply: impl FnMut(Step, &[u8])) {
        let handle = ctx.plugin_or_default::<Self>();
        let mut sink = handle.lock();
        let sink = &mut *sink;
        let known = sink.fields.contains(&id);
        if !known {
            sink.fields.push(id);
        }
        if focused && sink.target != Some(id) {
            // The focus came in this very pass: egui has the events already. Take them, and wipe egui's copies.
            sink.forget();
            sink.target = Some(id);
            ctx.input_mut(|input| {
                sink.steal(&mut input.events);
                for event in &mut input.raw.events {
                    wipe(event);
                }
            });
        }
        if sink.target != Some(id) {
            return;
        }
        let mut at = 0;
        for step in sink.steps.drain(..) {
            let length = if let Step::Insert(length) = step { length } else { 0 };
            apply(step, &sink.queue.as_bytes()[at..at + length]);
            at += length;
        }
        sink.queue.clear();
    }

    fn forget(&mut self) {
        self.queue.clear();
        self.steps.clear();
        self.target = None;
        (self.shift, self.caps_lock, self.mnemonic) = (None, false, false);
    }

    /// Judges a typed letter by the key press it came from. Pasted text and input methods press none.
    fn judge_case(&mut self, text: &str) {
        let mut letters = text.chars();
        if let (Some(shift), Some(letter), None) = (self.shift.take(), letters.next(), letters.next())
            && letter.is_uppercase() != letter.is_lowercase()
        {
            self.caps_lock = letter.is_uppercase() != shift;
        }
    }

    /// Moves text and editing keys out of `events`. What remains: shortcuts of the window, Tab, Enter, Escape, the pointer.
    fn steal(&mut self, events: &mut Vec<Event>) {
        let target = self.target;
        events.retain_mut(|event| match event {
            Event::Text(text) | Event::Paste(text) | Event::Ime(ImeEvent::Commit(text)) => {
                if std::mem::take(&mut self.mnemonic) && text.len() == 1 {
                    return false;
                }
                self.judge_case(text);
                let length = text.len();
                if self.queue.push(text.as_bytes()).is_ok() {
                    self.steps.push(Step::Insert(length));
                }
                text.zeroize();
                false
            }
            Event::AccessKitActionRequest(request) => {
                let ours = target.is_some_and(|id| id.accesskit_id() == request.target_node);
                let sets = matches!(request.action, Action::SetValue | Action::ReplaceSelectedText);
                if !(ours && sets) {
                    return true;
                }
                if let Some(ActionData::Value(text)) = &mut request.data {
                    if request.action == Action::SetValue {
                        self.steps.push(Step::Key(Key::A, Modifiers::COMMAND));
                    }
                    if self.queue.push(text.as_bytes()).is_ok() {
                        self.steps.push(Step::Insert(text.len()));
                    }
                    text.zeroize();
                }
                false
            }
            Event::Key { key, pressed, modifiers, .. } => {
                if is_mnemonic(*key, *modifiers) {
                    // Some platforms send its letter besides.
                    self.mnemonic = *pressed;
                    return true;
                }
                if !is_editing(*key, *modifiers) {
                    return true;
                }
                self.mnemonic = false;
                if *pressed {
                    self.shift = (!modifiers.command && is_character(*key)).then_some(modifiers.shift);
                    // It may have been on before: the next letter tells.
                    self.caps_lock &= *key != Key::CapsLock;
                }
                if *pressed && modifiers.command && *key == Key::V {
                    self.read_clipboard();
                } else if *pressed {
                    self.steps.push(Step::Key(*key, *modifiers));
                }
                false
            }
            other => {
                let text = matches!(
                    other,
                    Event::Copy | Event::Cut | Event::MiddleClickPaste { .. } | Event::Ime(_)
                );
                wipe(other);
                !text
            }
        });
    }

    fn read_clipboard(&mut self) {
        let mut buf = SecretBuf::with_capacity(ROOM);
        self.paste_into(&mut buf);
        if buf.as_str().is_some() && self.queue.push(buf.as_bytes()).is_ok() {
            self.steps.push(Step::Insert(buf.len()));
        }
    }

    fn paste_into(&mut self, buf: &mut SecretBuf) {
        if let Some(source) = &mut self.paste {
            source.get_mut().unwrap_or_else(PoisonError::into_inner).read_into(buf);
        }
    }

    /// For ordinary fields: the events that egui-winit would have sent.
    fn translate(&mut self, ctx: &Context, events: &mut Vec<Event>) {
        let mut at = 0;
        while at < events.len() {
            let sent = match &events[at] {
                Event::Key { key, pressed: true, modifiers, .. } if modifiers.command && !modifiers.alt => {
                    match key {
                        Key::C if !modifiers.shift => Some(Event::Copy),
                        Key::X => Some(Event::Cut),
                        Key::V if ctx.text_edit_focused() => {
                            let mut buf = SecretBuf::with_capacity(ROOM);
                            self.paste_into(&mut buf);
                            buf.as_str()
                                .filter(|text| !text.is_empty())
                                .map(|text| Event::Paste(text.to_owned()))
                        }
                        _ => None,
                    }
                }
                _ => None,
            };
            at += 1;
            if let Some(sent) = sent {
                events.insert(at, sent);
                at += 1;
            }
        }
    }
}

/// Alt N and Alt B, on and back in a wizard. On macOS the Option key types characters with them.
fn is_mnemonic(key: Key, modifiers: Modifiers) -> bool {
    cfg!(not(target_os = "macos")) && modifiers == Modifiers::ALT && matches!(key, Key::N | Key::B)
}

/// Keys that edit a secret, or whose order would spell it.
fn is_editing(key: Key, modifiers: Modifiers) -> bool {
    if modifiers.command && !modifiers.alt {
        let edits = [Key::A, Key::C, Key::V, Key::X, Key::Y, Key::Z];
        return edits.contains(&key) || is_motion(key);
    }
    is_motion(key) || is_character(key)
}

fn is_motion(key: Key) -> bool {
    matches!(
        key,
        Key::ArrowLeft | Key::ArrowRight | Key::Home | Key::End | Key::Backspace | Key::Delete | Key::Insert
    )
}

/// Whether the key by itself types a character: everything but keys with a name of their own.
fn is_character(key: Key) -> bool {
    let named = matches!(
        key,
        Key::ArrowDown | Key::ArrowUp | Key::Escape | Key::Tab | Key::Enter | Key::PageUp | Key::PageDown
    );
    !named && !(Key::F1..=Key::F35).contains(&key)
}

fn wipe(event: &mut Event) {
    match event {
        Event::Text(text)
        | Event::Paste(text)
        | Event::MiddleClickPaste { text, .. }
        | Event::Ime(ImeEvent::Commit(text) | ImeEvent::Preedit { text, .. }) => text.zeroize(),
        _ => {}
    }
}

impl Plugin for SecretSink {
    fn debug_name(&self) -> &'static str {
        "keyroom secret sink"
    }

    fn on_begin_pass(&mut self, ui: &mut Ui) {
        self.fields.clear();
        self.revealed = false;
        let scale = ui.ctx().pixels_per_point();
        if self.warmed != scale {
            self.warmed = scale;
            glyphs::warm_atlas(ui.ctx());
        }
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let focused = ctx.memory(|m| m.focused());
        match focused.filter(|id| self.fields.contains(id)) {
            Some(id) => {
                if self.target != Some(id) {
                    self.forget();
                    self.target = Some(id);
                }
                self.steal(&mut input.events);
            }
            None => {
                if self.target.is_some() && focused != self.target {
                    self.forget();
                }
                self.translate(ctx, &mut input.events);
            }
        }
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        if self.revealed {
            output.platform_output.commands.retain_mut(|command| match command {
                OutputCommand::TextSelectionSettled(text) => {
                    text.zeroize();
                    false
                }
                _ => true,
            });
        }
    }
}
