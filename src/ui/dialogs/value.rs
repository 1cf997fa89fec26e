//! A new value: made here, pasted, or read from a file.

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use egui::Ui;

use crate::crypto::memory::SecretBuf;
use crate::formats::{self, encode, strength};
use crate::model::KeyType;
use crate::model::key::SECRET_MAX;
use crate::operations::NewValue;
use crate::ui::theme::{TextRole, tokens};
use crate::ui::widgets::{Button, SecretEdit, Segmented, strength_meter, text_in};
use crate::ui::words::sentence;

use super::Files;
use super::form::MARKED;
use super::generate::{Generator, meter};
use super::path::PathField;

/// Room for what is typed or pasted.
const ENTERED_MAX: usize = 64 * 1024;
/// Where a value comes from, in the order of the choices.
const GENERATE: usize = 0;
const PASTE: usize = 1;
const FILE: usize = 2;

/// What a file gave.
type Read = Result<SecretBuf, String>;

/// A value that is being entered.
pub(super) struct ValueForm {
    source: usize,
    generator: Generator,
    entered: SecretBuf,
    path: PathField,
    reading: Option<Receiver<Read>>,
    loaded: Option<(PathBuf, SecretBuf)>,
    /// What is said about the value that is there, and whether it may be stored.
    said: Option<Said>,
    changed: bool,
    /// The file was chosen by dropping it: no button need be pressed.
    read_at_once: bool,
}

struct Said {
    key_type: KeyType,
    words: Vec<String>,
    wrong: Option<String>,
    bits: Option<f64>,
    advice: &'static str,
}

impl ValueForm {
    /// Begins by making one.
    pub fn new(files: &Files) -> Self {
        Self {
            source: GENERATE,
            generator: Generator::default(),
            entered: SecretBuf::with_capacity(ENTERED_MAX),
            path: PathField::existing("Choose the file that holds the value", files),
            reading: None,
            loaded: None,
            said: None,
            changed: false,
            read_at_once: false,
        }
    }

    /// For a file, which is read as soon as it is shown.
    pub fn of_file(path: &std::path::Path, files: &Files) -> Self {
        let mut form = Self::new(files);
        form.source = FILE;
        form.path.text = path.display().to_string();
        form.read_at_once = true;
        form
    }

    /// As it was before a lock. A file has to be read again.
    pub fn revived(kept: &super::kept::Kept<'_>, files: &Files) -> Self {
        let mut form = Self::new(files);
        form.source = usize::from(kept.source).min(FILE);
        form.generator = Generator::of(kept.options.clone());
        let _ = form.entered.push(kept.secret);
        kept.path.clone_into(&mut form.path.text);
        form
    }

    /// What must survive a lock.
    pub fn keep<'a>(&'a self, kept: &mut super::kept::Kept<'a>) {
        kept.source = self.source as u8;
        kept.options = self.generator.options.clone();
        kept.secret = self.entered.as_bytes();
        kept.path = &self.path.text;
    }

    /// Whether something was typed that cannot be made again.
    pub fn is_dirty(&self) -> bool {
        !self.entered.is_empty() || self.loaded.is_some()
    }

    /// Whether what must survive a lock is another since the last call.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Shows it. `known` are words an attacker would try first.
    pub fn show(&mut self, ui: &mut Ui, key_type: KeyType, known: &[&str]) {
        if !key_type.can_generate() && self.source == GENERATE {
            self.source = if key_type == KeyType::File { FILE } else { PASTE };
        }
        let before = self.source;
        if key_type.can_generate() {
            let choices = ["Generate", "Paste", "From a file"];
            self.changed |=
                Segmented::new("Where the value comes from", &choices).show(ui, &mut self.source).changed();
        } else {
            let mut at = self.source.saturating_sub(1);
            let choices = ["Paste", "From a file"];
            self.changed |=
                Segmented::new("Where the value comes from", &choices).show(ui, &mut at).changed();
            self.source = at + 1;
        }
        if self.source != before {
            // What was said, was said of the other value.
            self.said = None;
        }
        match self.source {
            GENERATE => {
                self.changed |= self.generator.show(ui, key_type);
            }
            PASTE => self.paste(ui, key_type, known),
            _ => self.file(ui, key_type),
        }
    }

    fn paste(&mut self, ui: &mut Ui, key_type: KeyType, known: &[&str]) {
        self.judge(key_type, known);
        let wrong = self.said.as_ref().and_then(|said| said.wrong.clone());
        let field =
            SecretEdit::new("Value", &mut self.entered).show_toggle().error(wrong.as_deref()).show(ui);
        if field.changed {
            self.changed = true;
            self.said = None;
            self.judge(key_type, known);
        }
        self.say(ui);
    }

    fn file(&mut self, ui: &mut Ui, key_type: KeyType) {
        self.receive();
        self.judge(key_type, &[]);
        let wrong = self.said.as_ref().and_then(|said| said.wrong.clone());
        let help = "At most 1 MiB. The file stays where it is: delete it once the value is here.";
        if self.path.show(ui, "File", help, wrong.as_deref(), false) {
            self.changed = true;
            self.loaded = None;
            self.said = None;
        }
        let path = self.path.path();
        let fresh = path.is_some() && self.loaded.as_ref().map(|(path, _)| path) != path.as_ref();
        let reading = self.reading.is_some();
        if fresh {
            let why = if reading { Some("Reading…") } else { None };
            if Button::secondary("Read the file").disabled(why).show(ui).clicked()
                || std::mem::take(&mut self.read_at_once)
            {
                self.start(ui.ctx(), path);
            }
        }
        self.say(ui);
    }

    /// Reads the file on a thread of its own: it may lie on a share that answers late.
    fn start(&mut self, ctx: &egui::Context, path: Option<PathBuf>) {
        let Some(path) = path else { return };
        let (answer, reading) = channel();
        let (ctx, from) = (ctx.clone(), path.clone());
        let work = move || {
            let _ = answer.send(read(&from));
            ctx.request_repaint();
        };
        self.said = None;
        self.loaded = Some((path, SecretBuf::with_capacity(0)));
        let started = std::thread::Builder::new().name("read file".to_owned()).spawn(work);
        self.reading = started.is_ok().then_some(reading);
    }

    fn receive(&mut self) {
        let Some(reading) = &self.reading else { return };
        let read = match reading.try_recv() {
            Ok(read) => read,
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => Err("The file could not be read.".to_owned()),
        };
        self.reading = None;
        match (read, &mut self.loaded) {
            (Ok(bytes), Some((_, buf))) => *buf = bytes,
            (Err(wrong), _) => {
                self.loaded = None;
                let said = Said {
                    key_type: KeyType::File,
                    words: Vec::new(),
                    wrong: Some(wrong),
                    bits: None,
                    advice: "",
                };
                self.said = Some(said);
            }
            (Ok(_), None) => {}
        }
    }

    /// Says what the value is, once for each value and type.
    fn judge(&mut self, key_type: KeyType, known: &[&str]) {
        let failed = self.source == FILE && self.loaded.is_none();
        if failed
            || self.reading.is_some()
            || self.said.as_ref().is_some_and(|said| said.key_type == key_type)
        {
            return;
        }
        let value = match (self.source, &self.loaded) {
            (FILE, Some((_, bytes))) => bytes,
            _ => &self.entered,
        };
        if value.is_empty() && self.source == PASTE {
            self.said = None;
            return;
        }
        self.said = Some(judge(key_type, value, known));
    }

    fn say(&self, ui: &mut Ui) {
        let Some(said) = self.said.as_ref().filter(|said| said.wrong.is_none()) else { return };
        let t = tokens(ui.ctx());
        if let Some(bits) = said.bits {
            let band = strength::Band::of(bits);
            let width = ui.available_width().min(440.0);
            strength_meter(ui, width, meter(bits), band.word(), bits.floor() as u32, said.advice);
        }
        for words in &said.words {
            text_in(ui, TextRole::Small, t.text_2, words);
        }
    }

    /// Why there is no value yet. What is wrong with one stands at its field.
    pub fn problem(&self, key_type: KeyType) -> Option<String> {
        let wrong = || self.said.as_ref().filter(|said| said.wrong.is_some()).map(|_| MARKED.to_owned());
        match self.source {
            GENERATE => self.generator.problem(key_type),
            PASTE if self.entered.is_empty() => Some("Paste or type the value.".to_owned()),
            PASTE => wrong(),
            _ => match (&self.loaded, &self.reading) {
                (_, Some(_)) => Some("Reading the file…".to_owned()),
                (None, None) => self.path.problem().or_else(|| Some("Read the file first.".to_owned())),
                (Some(_), None) => wrong(),
            },
        }
    }

    /// The value. What was typed stays here too, until it is stored.
    pub fn value(&self) -> NewValue {
        match (self.source, &self.loaded) {
            (GENERATE, _) => NewValue::Generate(self.generator.options.clone()),
            (FILE, Some((path, bytes))) => {
                let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
                NewValue::Imported {
                    bytes: SecretBuf::from_slice(bytes.as_bytes()),
                    file: file.unwrap_or_default(),
                }
            }
            _ => NewValue::Entered(SecretBuf::from_slice(self.entered.as_bytes())),
        }
    }
}

fn judge(key_type: KeyType, value: &SecretBuf, known: &[&str]) -> Said {
    let nothing = Said { key_type, words: Vec::new(), wrong: None, bits: None, advice: "" };
    let parsed = match encode::parse(key_type, value) {
        Ok(parsed) => parsed,
        Err(error) => return Said { wrong: Some(sentence(&error.to_string())), ..nothing },
    };
    let description = formats::of(key_type).describe(&parsed.value);
    let mut said = vec![sentence(&description.text)];
    said.extend(description.check_value.iter().map(|check| format!("Check value {check}.")));
    said.extend(parsed.notes.iter().map(|note| (*note).to_owned()));
    let guess = formats::recognise(value);
    if guess != key_type && key_type == KeyType::Password && guess == KeyType::ApiToken {
        said.push("It looks like an API token.".to_owned());
    }
    let estimated = matches!(key_type, KeyType::Password | KeyType::Passphrase);
    if estimated {
        let found = strength::estimate(&parsed.value, known);
        return Said { words: said, bits: Some(found.bits), advice: found.advice, ..nothing };
    }
    said.extend(description.warnings);
    Said { words: said, ..nothing }
}

/// Reads a file straight into a buffer that is wiped.
fn read(path: &std::path::Path) -> Read {
    let failed = |error: std::io::Error| format!("The file could not be read: {error}.");
    let kind = std::fs::metadata(path).map_err(failed)?;
    if !kind.is_file() {
        return Err("That is not a file.".to_owned());
    }
    if kind.len() > SECRET_MAX as u64 {
        return Err("The file is larger than 1 MiB.".to_owned());
    }
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut buf = SecretBuf::with_capacity(SECRET_MAX + 1);
    let mut filled = 0;
    loop {
        let room = &mut buf.room_mut()[filled..];
        let count = file.read(room).map_err(failed)?;
        filled += count;
        if count == 0 || filled > SECRET_MAX {
            break;
        }
    }
    if filled > SECRET_MAX {
        return Err("The file is larger than 1 MiB.".to_owned());
    }
    buf.set_len(filled);
    Ok(SecretBuf::from_slice(buf.as_bytes()))
}
