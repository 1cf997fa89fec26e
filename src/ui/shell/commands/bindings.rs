//! Which keys a command listens to: those of the table, or what this workstation has put in their place.
//!
//! The one place that says so: the window and the pages ask here whether a command's keys were pressed, and menus, palette,
//! list and settings what they are. Two commands never share a key, what text fields and lists need is not to be had, and
//! "Lock now" is never without one. Nothing here is a secret: it is kept in the workstation's settings file.

use std::collections::BTreeMap;

use egui::{Context, Event, Key, KeyboardShortcut, Modifiers, Plugin};

use super::{Row, TABLE, UiCommand};

/// The keys of commands that have others than the table says, by the words of the table.
pub type Kept = BTreeMap<String, Vec<String>>;

/// The keys in force.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Bindings {
    own: BTreeMap<&'static str, Vec<KeyboardShortcut>>,
    /// What the settings file says that makes no sense.
    ignored: Vec<String>,
    /// The frame in which new keys were last waited for: nothing else listens meanwhile.
    recorded: Option<u64>,
}

impl Plugin for Bindings {
    fn debug_name(&self) -> &'static str {
        "keyroom bindings"
    }
}

impl Bindings {
    /// What the settings file says, as far as it makes sense.
    #[must_use]
    pub fn read(kept: &Kept) -> Self {
        let mut bindings = Self::default();
        for (word, chords) in kept {
            let row = TABLE.iter().find(|row| row.title == word);
            let read: Option<Vec<_>> = chords.iter().map(|words| parse(words)).collect();
            match (row, read) {
                (Some(row), Some(chords))
                    if chords.iter().all(|chord| taken_by_others(*chord, row).is_none())
                        && !(chords.is_empty() && row.command == UiCommand::Lock) =>
                {
                    bindings.own.insert(row.title, chords);
                }
                _ => bindings.ignored.push(word.clone()),
            }
        }
        // Where two want the same, none of those that were put there has it.
        while let Some(row) = bindings.clash() {
            bindings.own.remove(row.title);
            bindings.ignored.push(row.title.to_owned());
        }
        bindings
    }

    /// A command with keys of its own that another has too.
    fn clash(&self) -> Option<&'static Row> {
        let shared = |row: &&Row| self.of(row).iter().any(|chord| self.holder(*chord, row).is_some());
        TABLE.iter().filter(|row| self.own.contains_key(row.title)).find(shared)
    }

    /// What goes into the settings file.
    #[must_use]
    pub fn kept(&self) -> Kept {
        let words = |chords: &Vec<KeyboardShortcut>| chords.iter().copied().map(words).collect();
        self.own.iter().map(|(title, chords)| ((*title).to_owned(), words(chords))).collect()
    }

    /// What the settings file says that makes no sense, by its words.
    #[must_use]
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The keys of a command.
    #[must_use]
    pub fn of(&self, row: &Row) -> &[KeyboardShortcut] {
        self.own.get(row.title).map_or(row.keys, Vec::as_slice)
    }

    /// Whether it has others than the table says.
    #[must_use]
    pub fn is_changed(&self, row: &Row) -> bool {
        self.own.contains_key(row.title)
    }

    /// Whether any command has.
    #[must_use]
    pub fn are_changed(&self) -> bool {
        !self.own.is_empty()
    }

    /// Its keys as they are shown; empty where there are none.
    #[must_use]
    pub fn shown(&self, row: &Row) -> String {
        match self.own.get(row.title) {
            Some(chords) => chords.first().map_or_else(String::new, |chord| words(*chord)),
            None => row.shown.to_owned(),
        }
    }

    /// The other command that listens to these keys.
    fn holder(&self, chord: KeyboardShortcut, but: &Row) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.command != but.command && self.of(row).contains(&chord))
    }

    /// Gives a command these keys, in place of those it has.
    ///
    /// # Errors
    /// Why they cannot be had, as a sentence; nothing has changed then.
    pub fn set(&mut self, row: &'static Row, chord: KeyboardShortcut) -> Result<(), String> {
        if let Some(why) = taken_by_others(chord, row) {
            return Err(format!("{}: {why}", words(chord)));
        }
        if let Some(holder) = self.holder(chord, row) {
            return Err(format!(
                "{} is the key of \u{201C}{}\u{201D}. Nothing was changed.",
                words(chord),
                holder.title
            ));
        }
        if row.keys == [chord] {
            self.own.remove(row.title);
        } else {
            self.own.insert(row.title, vec![chord]);
        }
        Ok(())
    }

    /// Takes the keys of a command away. "Lock now" keeps its.
    pub fn clear(&mut self, row: &'static Row) {
        if row.command != UiCommand::Lock {
            self.own.insert(row.title, Vec::new());
        }
    }

    /// Gives a command the keys of the table back.
    ///
    /// # Errors
    /// Another command has one of them; nothing has changed then.
    pub fn restore(&mut self, row: &'static Row) -> Result<(), String> {
        let holder = row.keys.iter().find_map(|chord| Some((chord, self.holder(*chord, row)?)));
        if let Some((chord, holder)) = holder {
            return Err(format!(
                "{} is the key of \u{201C}{}\u{201D}. Nothing was changed.",
                words(*chord),
                holder.title
            ));
        }
        self.own.remove(row.title);
        Ok(())
    }

    /// Gives every command the keys of the table back.
    pub fn restore_all(&mut self) {
        self.own.clear();
        self.ignored.clear();
    }
}

/// Puts the keys of this workstation in force.
pub fn install(ctx: &Context, bindings: Bindings) {
    ctx.plugin_or_default::<Bindings>();
    ctx.with_plugin(|held: &mut Bindings| *held = bindings);
}

/// The keys in force.
#[must_use]
pub fn bindings(ctx: &Context) -> Bindings {
    ctx.with_plugin(|held: &mut Bindings| held.clone()).unwrap_or_default()
}

/// The keys of a command as they are shown; empty where there are none.
#[must_use]
pub fn shown(ctx: &Context, command: UiCommand) -> String {
    let words = |row: &Row| {
        ctx.with_plugin(|held: &mut Bindings| held.shown(row)).unwrap_or_else(|| row.shown.to_owned())
    };
    command.row().map_or_else(String::new, words)
}

/// Takes the keys of a command out of the input, if they were pressed.
#[must_use]
pub fn pressed(ctx: &Context, command: UiCommand) -> bool {
    let Some(row) = command.row() else { return false };
    let keys = ctx.with_plugin(|held: &mut Bindings| (held.of(row).to_vec(), held.recorded));
    let (keys, recorded) = keys.unwrap_or_else(|| (row.keys.to_vec(), None));
    // Locking waits for nothing.
    let records = recorded.is_some_and(|frame| ctx.cumulative_frame_nr() <= frame + 1);
    (!records || command == UiCommand::Lock) && keys.iter().any(|keys| take(ctx, keys))
}

/// Waits for new keys in this frame: gives what was pressed, and nothing else hears of it.
#[must_use]
pub fn record(ctx: &Context) -> Option<KeyboardShortcut> {
    let frame = ctx.cumulative_frame_nr();
    ctx.with_plugin(|held: &mut Bindings| held.recorded = Some(frame));
    ctx.input_mut(|input| {
        let now = input.modifiers;
        let mut found = None;
        input.events.retain(|event| {
            let (modifiers, key) = match event {
                Event::Key { key, pressed: true, modifiers, .. } => (*modifiers, *key),
                Event::Copy => (now | Modifiers::COMMAND, Key::C),
                Event::Cut => (now | Modifiers::COMMAND, Key::X),
                Event::Paste(_) => (now | Modifiers::COMMAND, Key::V),
                Event::Text(_) | Event::Key { .. } => return false,
                _ => return true,
            };
            found = Some(KeyboardShortcut::new(plain(modifiers), key));
            false
        });
        found
    })
}

/// Takes the keys out of the input, if they were pressed. Exact, unlike egui's own: Ctrl+Shift+E is not Ctrl+E. Shift is
/// allowed where some keyboards need it to type the character at all.
pub(in crate::ui) fn take(ctx: &Context, keys: &KeyboardShortcut) -> bool {
    let shifted = matches!(keys.logical_key, Key::Plus | Key::Slash);
    let wanted = plain(keys.modifiers);
    ctx.input_mut(|input| {
        let (before, now) = (input.events.len(), input.modifiers);
        input.events.retain(|event| {
            let (modifiers, key) = match event {
                Event::Key { key, pressed: true, modifiers, .. } => (plain(*modifiers), *key),
                // The desktop says so where Ctrl C was pressed.
                Event::Copy => (plain(now | Modifiers::COMMAND), Key::C),
                _ => return true,
            };
            let shift = modifiers.shift == wanted.shift || shifted;
            let others = (modifiers.command, modifiers.alt) == (wanted.command, wanted.alt);
            key != keys.logical_key || !others || !shift
        });
        input.events.len() != before
    })
}

/// Modifiers as they are compared: Ctrl is `command` everywhere but on a Mac, where it is no modifier of ours.
fn plain(modifiers: Modifiers) -> Modifiers {
    Modifiers { alt: modifiers.alt, shift: modifiers.shift, command: modifiers.command, ..Modifiers::NONE }
}

/// What has these keys beside the commands, as a sentence: `row` may always have its own of the table.
fn taken_by_others(chord: KeyboardShortcut, row: &Row) -> Option<&'static str> {
    use Key::*;
    let KeyboardShortcut { modifiers, logical_key: key } = chord;
    if row.keys.iter().any(|own| plain(own.modifiers) == plain(modifiers) && own.logical_key == key) {
        return None;
    }
    let (with, function) = (modifiers.command || modifiers.alt, key.name().starts_with('F') && key != F);
    match key {
        Escape | Tab => Some("Esc and Tab always close and move on."),
        Enter | Space | Backspace | Delete | Insert | ArrowUp | ArrowDown | ArrowLeft | ArrowRight | Home
        | End | PageUp | PageDown
            if !modifiers.alt =>
        {
            Some("Lists and fields listen to it.")
        }
        Copy | Cut | Paste => Some("Text fields listen to it."),
        A | C | V | X | Y | Z if modifiers.command && !modifiers.alt => Some("Text fields listen to it."),
        F10 if modifiers.shift => Some("It opens the menu of a row."),
        _ if !with && !function => Some("A letter, digit or sign needs Ctrl or Alt with it."),
        _ => None,
    }
}

/// Keys as they are shown and kept: "Ctrl Shift C".
fn words(chord: KeyboardShortcut) -> String {
    let KeyboardShortcut { modifiers, logical_key } = chord;
    let held = [(modifiers.command, "Ctrl"), (modifiers.alt, "Alt"), (modifiers.shift, "Shift")];
    let held = held.into_iter().filter(|(held, _)| *held).map(|(_, word)| word);
    held.chain([logical_key.name()]).collect::<Vec<_>>().join(" ")
}

/// Reads what [`words`] wrote.
fn parse(text: &str) -> Option<KeyboardShortcut> {
    let (held, key) = text.rsplit_once(' ').unwrap_or(("", text));
    let mut modifiers = Modifiers::NONE;
    for word in held.split_whitespace() {
        modifiers |= match word {
            "Ctrl" => Modifiers::COMMAND,
            "Alt" => Modifiers::ALT,
            "Shift" => Modifiers::SHIFT,
            _ => return None,
        };
    }
    Some(KeyboardShortcut::new(modifiers, Key::from_name(key)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(command: UiCommand) -> &'static Row {
        command.row().unwrap()
    }

    fn ctrl(key: Key) -> KeyboardShortcut {
        KeyboardShortcut::new(Modifiers::COMMAND, key)
    }

    #[test]
    fn keys_are_read_back_from_their_words() {
        for row in TABLE {
            for chord in row.keys {
                assert_eq!(parse(&words(*chord)), Some(*chord), "{}", row.title);
                assert_eq!(taken_by_others(*chord, row), None, "{}", row.title);
            }
        }
        for nonsense in ["", "Ctrl", "Hyper J", "Ctrl  ", "Ctrl Nothing"] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_key_of_another_command_or_of_lists_and_fields_is_refused_and_says_why() {
        let mut bindings = Bindings::default();
        let rotate = row(UiCommand::Rotate);
        let said = bindings.set(rotate, ctrl(Key::E)).unwrap_err();
        assert!(said.contains("Ctrl E is the key of \u{201C}Edit…\u{201D}"), "{said}");
        let plain = |key| KeyboardShortcut::new(Modifiers::NONE, key);
        let taken =
            [plain(Key::Escape), plain(Key::J), plain(Key::Space), plain(Key::ArrowUp), plain(Key::Num1)];
        for chord in taken.into_iter().chain([ctrl(Key::A), ctrl(Key::Tab), ctrl(Key::C), ctrl(Key::ArrowUp)])
        {
            assert!(bindings.set(rotate, chord).is_err(), "{chord:?}");
        }
        assert_eq!(bindings, Bindings::default());
        bindings.set(rotate, ctrl(Key::J)).unwrap();
        bindings.set(row(UiCommand::Edit), ctrl(Key::R)).unwrap();
        assert_eq!(
            (bindings.shown(rotate), bindings.shown(row(UiCommand::Edit))),
            ("Ctrl J".into(), "Ctrl R".into())
        );
        assert!(bindings.restore(rotate).unwrap_err().contains("Edit…"));
        bindings.clear(row(UiCommand::Edit));
        bindings.restore(rotate).unwrap();
        bindings.clear(row(UiCommand::Lock));
        assert_eq!(bindings.of(row(UiCommand::Lock)), row(UiCommand::Lock).keys);
        assert_eq!(Bindings::read(&bindings.kept()), bindings);
        bindings.restore_all();
        assert_eq!(bindings, Bindings::default());
    }

    #[test]
    fn what_makes_no_sense_in_the_file_is_left_out_and_named() {
        let kept = |entries: &[(&str, &[&str])]| -> Kept {
            let own = |words: &&[&str]| words.iter().map(|word| (*word).to_owned()).collect();
            entries.iter().map(|(title, chords)| ((*title).to_owned(), own(chords))).collect()
        };
        let nonsense: [(&str, &[&str]); 6] = [
            ("Open the pod bay doors", &["Ctrl J"]),
            ("Rotate…", &["Ctrl Hyper"]),
            ("Lock now", &[]),
            ("Edit…", &["J"]),
            ("New key…", &["Ctrl L"]),
            ("Quit", &["Ctrl U"]),
        ];
        let read = Bindings::read(&kept(&nonsense));
        assert_eq!(read.ignored().len(), 5, "{:?}", read.ignored());
        assert_eq!(read.kept().len(), 1);
        assert_eq!(read.shown(row(UiCommand::Quit)), "Ctrl U");
        // Two that take each other's place make sense together.
        let swapped = Bindings::read(&kept(&[("Rotate…", &["Ctrl E"]), ("Edit…", &["Ctrl R"])]));
        assert!(swapped.ignored().is_empty(), "{:?}", swapped.ignored());
        let both = Bindings::read(&kept(&[("Rotate…", &["Ctrl J"]), ("Edit…", &["Ctrl J"])]));
        assert_eq!(both.ignored().len(), 1);
    }
}
