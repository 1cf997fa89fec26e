//! Locked means gone: the real window, real keys, a real clipboard, and a search of the whole process from outside.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the helpers of a test are part of it; what was found is its result"
)]

mod memory;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use memory::pixels::{Picture, Rows};
use memory::places::Places;
use memory::process::Memory;
use memory::random_text;
use memory::text::{Form, Piece, Search, masked};

/// The searches, on a process of which everything is known.
mod the_search {
    use super::*;

    const WIDTH: usize = 200;
    /// Bytes of a text that what reuses its block would overwrite.
    const LOST: usize = 5;

    /// A picture with a line of random pixels, or without.
    fn picture(line: &[u8]) -> Picture {
        let mut pixels = vec![0x0020_2020; WIDTH * 10];
        for (pixel, byte) in pixels[WIDTH * 5 + 20..].iter_mut().zip(line) {
            *pixel = u32::from(*byte) * 0x0001_0305;
        }
        Picture { width: WIDTH, pixels }
    }

    /// As a renderer would keep `text`: one number for each glyph, and others between them.
    fn vertices(text: &[u8], distance: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for c in text {
            bytes.extend((f32::from(*c) / 200.0).to_le_bytes());
            bytes.resize(bytes.len() + distance - 4, 0x3f);
        }
        bytes
    }

    /// Told the text, masked, on standard input, and says when it holds it in every form.
    #[test]
    #[ignore = "the other test runs it, in a process of its own"]
    fn planted() {
        println!("\nready");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).unwrap();
        let text = masked(&data_encoding::HEXLOWER.decode(line.trim().as_bytes()).unwrap());
        let mut held: Vec<Vec<u8>> = Vec::new();
        for (i, mut written) in Form::ALL.iter().flat_map(|form| form.write(&text)).enumerate() {
            // At every alignment, without the beginning and the end.
            let mut block = vec![b'.'; i % 4];
            block.append(&mut written);
            block[..i % 4 + LOST].fill(b'.');
            held.push(block);
        }
        held.push(vertices(&text, 80));
        held.push(vertices(&text[20..30], 256));
        held.push(
            picture(&text).pixels.iter().flat_map(|pixel| (pixel | 0xff00_0000).to_le_bytes()).collect(),
        );
        println!("planted");
        std::io::stdin().read_line(&mut line).unwrap();
        assert!(held.len() > 3);
    }

    #[test]
    fn finds_every_form_and_nothing_that_is_not_there() {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_search::planted", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut tell = child.stdin.take().unwrap();
        let (text, other) = (random_text(64), random_text(64));
        let needles = [masked(text.as_bytes()), masked(other.as_bytes())];
        let (before, after) = (picture(b""), picture(text.as_bytes()));
        let rows = Rows::appeared(&before, &after);

        assert!(said.any(|line| line == "ready"));
        let memory = Memory::of(child.id()).unwrap();
        assert_eq!(searched(&memory, &needles), []);
        assert!(rows.find(&memory).is_empty());
        assert_eq!(Places::learn(&memory, text.as_bytes()).sets(), 0);

        writeln!(tell, "{}", data_encoding::HEXLOWER.encode(&needles[0])).unwrap();
        assert!(said.any(|line| line == "planted"));
        let memory = Memory::of(child.id()).unwrap();
        let pieces = searched(&memory, &needles);
        for form in Form::ALL {
            let wholes = form.write(text.as_bytes());
            let lengths: Vec<usize> = pieces.iter().filter(|p| p.1 == form).map(|p| p.2).collect();
            for whole in wholes {
                assert!(lengths.contains(&(whole.len() - LOST)), "{form:?}: {lengths:?}");
            }
        }
        assert!(pieces.iter().all(|p| p.0 == 0), "{pieces:?}");
        assert!(rows.pieces() > 0);
        assert!(rows.find(&memory).iter().any(|(length, _)| *length == 64), "{:?}", rows.find(&memory));
        let places = Places::learn(&memory, text.as_bytes());
        let order = places.find(&memory, text.as_bytes());
        assert_eq!(order.longest, 64, "{order:?}");
        assert!(order.distances.contains_key(&80) && order.distances.contains_key(&256), "{order:?}");
        assert_eq!(places.find(&memory, other.as_bytes()).runs, 0);

        writeln!(tell).unwrap();
        drop(tell);
        said.for_each(drop);
        assert!(child.wait().unwrap().success());
    }

    fn searched(memory: &Memory, needles: &[Vec<u8>]) -> Vec<(usize, Form, usize)> {
        let mut search = Search::new(needles);
        for segment in &memory.segments {
            search.look(segment.start, &segment.name, &segment.bytes);
        }
        search.pieces().into_iter().map(|p| (p.needle, p.form, p.length)).collect()
    }
}
/// The real window.
mod the_window {
    use super::*;
    use std::ffi::OsStr;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, PoisonError};
    use std::thread::sleep;
    use std::time::Duration;

    use egui::{Key, Modifiers, vec2};
    use keyroom::crypto::memory::SecretBuf;
    use keyroom::model::Settings;
    use keyroom::operations::{ChangeSettings, open_vault, step_up};
    use keyroom::vault::Unlock;
    use memory::places::Order;
    use memory::stage::{Stage, UNLOCKED, environment};
    use memory::stand::{Desktop, Window, within};

    /// The product: the one named in the environment, or the one built with this test.
    fn keyroom() -> PathBuf {
        std::env::var_os("KEYROOM_UNDER_TEST")
            .map_or_else(|| env!("CARGO_BIN_EXE_keyroom").into(), PathBuf::from)
    }

    /// What is looked for, in the order of [`Needles::all`].
    const SOUGHT: [&str; 5] = ["password", "revealed", "copied", "draft", "search text"];
    const PASSWORD: usize = 0;
    const REVEALED: usize = 1;
    const COPIED: usize = 2;
    const DRAFT: usize = 3;
    const SEARCH: usize = 4;
    /// After which nothing may be left.
    const LOCKED: &str = "locked";
    /// The window's size, in points and pixels.
    const SIZE: [u32; 2] = [1360, 860];

    /// How the password and the draft get into their fields.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Entry {
        Typed,
        Pasted,
    }

    /// How the vault is locked.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Lock {
        /// Ctrl+L.
        ByKey,
        /// One minute without input.
        ByTimer,
        /// The same, with the window minimised.
        Minimised,
    }

    impl Lock {
        /// As the log calls it.
        fn word(self) -> &'static str {
            match self {
                Self::ByKey => "by-hand",
                Self::ByTimer | Self::Minimised => "idle-1min",
            }
        }
    }

    struct Needles {
        all: [String; SOUGHT.len()],
    }

    impl Needles {
        fn random() -> Self {
            // The search text is a key's name; names are short enough to be read.
            Self { all: [40, 64, 64, 64, 24].map(random_text) }
        }

        fn text(&self, needle: usize) -> &str {
            &self.all[needle]
        }
    }

    /// What one look at the process found.
    struct Found {
        moment: &'static str,
        /// The lengths of the pieces of each text.
        texts: Vec<Vec<String>>,
        pixels: Option<Vec<usize>>,
        order: Option<Order>,
    }

    impl Found {
        fn has(&self, needle: usize) -> bool {
            !self.texts[needle].is_empty()
        }

        fn is_clean(&self) -> bool {
            self.texts.iter().all(Vec::is_empty)
                && self.pixels.as_ref().is_none_or(Vec::is_empty)
                && self.order.as_ref().is_none_or(|order| order.runs == 0)
        }

        fn row(&self, flow: &str) -> String {
            let few = |lengths: &Vec<String>| match lengths.len() {
                0 => "0".to_owned(),
                1..=3 => lengths.join(" "),
                more => format!("{} +{}", lengths[..3].join(" "), more - 3),
            };
            let mut cells: Vec<String> = self.texts.iter().map(few).collect();
            cells.push(self.pixels.as_ref().map_or(String::new(), |found| match found.iter().max() {
                Some(longest) => format!("{longest} wide"),
                None => "0".to_owned(),
            }));
            cells.push(self.order.as_ref().map_or(String::new(), |order| match order.runs {
                0 => "0".to_owned(),
                runs => format!("{} of 64, {runs} runs", order.longest),
            }));
            line(flow, self.moment, &cells)
        }
    }

    /// A line of the table.
    fn line(flow: &str, moment: &str, cells: &[String]) -> String {
        let mut line = format!("| {flow:<24} | {moment:<19} |");
        for cell in cells {
            line += &format!(" {cell:<14} |");
        }
        line
    }

    /// A flow: its desktop, its vault, its window, and the same window off-screen, which tells where things are.
    struct Flow<'a> {
        name: &'static str,
        entry: Entry,
        needles: &'a Needles,
        desktop: &'a Desktop,
        window: Window<'a>,
        twin: Stage,
        sought: Vec<Vec<u8>>,
        rows: Option<Rows>,
        places: Option<Places>,
    }

    /// Where a piece stands and what surrounds it, which may tell whose it is.
    fn around(memory: &Memory, piece: &Piece) -> String {
        let segment = memory.segments.iter().rfind(|segment| segment.start <= piece.address).unwrap();
        let at = (piece.address - segment.start) as usize;
        let (from, to) = (at.saturating_sub(96), (at + piece.length + 96).min(segment.bytes.len()));
        let shown = segment.bytes[from..to].escape_ascii();
        format!("{:x} in {:?}: {shown}", piece.address, piece.mapping)
    }

    impl Flow<'_> {
        /// Searches all of the process.
        fn look(&mut self, moment: &'static str) -> Found {
            let memory = Memory::of(self.window.pid()).unwrap();
            self.search(moment, &memory)
        }

        /// Searches what the process may have written: enough to see that something is there.
        fn glance(&mut self, moment: &'static str) -> Found {
            let memory = Memory::writable_of(self.window.pid()).unwrap();
            self.search(moment, &memory)
        }

        fn search(&mut self, moment: &'static str, memory: &Memory) -> Found {
            for (mapping, bytes) in &memory.refused {
                // Nobody can read those pages, whatever they hold.
                assert!(mapping.contains("secretmem"), "{bytes} bytes of {mapping} could not be read");
            }
            let mut search = Search::new(&self.sought);
            for segment in &memory.segments {
                search.look(segment.start, &segment.name, &segment.bytes);
            }
            let mut texts = vec![Vec::new(); SOUGHT.len()];
            for piece in search.pieces() {
                if moment == LOCKED {
                    println!("{}: {} stays: {}", self.name, SOUGHT[piece.needle], around(memory, &piece));
                }
                let form = if piece.form == Form::Utf8 { String::new() } else { format!("{:?}", piece.form) };
                texts[piece.needle].push(format!("{}{form}", piece.length));
            }
            let pixels = self.rows.as_ref().map(|rows| rows.find(memory).into_iter().map(|f| f.0).collect());
            let text = self.needles.text(REVEALED).as_bytes();
            let order = self.places.as_ref().map(|places| places.find(memory, text));
            let found = Found { moment, texts, pixels, order };
            println!("{}", found.row(self.name));
            found
        }

        fn click(&mut self, label: &str) {
            let at = self.twin.place_of(label).center();
            self.window.click(at.x, at.y);
            self.twin.click(label);
            self.window.leave();
        }

        fn press(&mut self, name: &str, key: Key, modifiers: Modifiers) {
            self.window.press(&[name]);
            self.twin.key(key, modifiers);
        }

        /// Puts one of the needles into the field that has the focus.
        fn enter(&mut self, needle: usize) {
            let text = self.needles.text(needle);
            if self.entry == Entry::Pasted && needle != SEARCH {
                self.desktop.copy_elsewhere(text);
                self.window.press(&["ctrl+v"]);
                sleep(Duration::from_millis(500));
                self.desktop.copy_elsewhere("nothing");
            } else {
                self.window.type_text(text);
            }
            // Where something is does not depend on what the draft says.
            let told = if needle == DRAFT { "x" } else { text };
            self.twin.type_characters(told.chars());
        }

        fn unlock(&mut self) {
            assert!(within(30, || self.window.title().starts_with("Locked")), "{}", self.window.title());
            self.twin.wait_for("Master password");
            self.enter(PASSWORD);
            assert!(
                self.glance("password entered").has(PASSWORD),
                "{}: the password is not found",
                self.name
            );
            self.press("Return", Key::Enter, Modifiers::NONE);
            self.twin.wait_for(UNLOCKED);
            assert!(within(60, || !self.window.title().starts_with("Locked")), "{}: not unlocked", self.name);
            sleep(Duration::from_secs(2));
            assert!(!self.look("unlocked").has(PASSWORD), "{}: the password stays", self.name);
        }

        /// Copies one key's value, and reveals another's.
        fn read(&mut self) {
            self.press("ctrl+2", Key::Num2, Modifiers::COMMAND);
            self.click("copied");
            self.click("Copy");
            let copied = within(10, || self.desktop.paste_elsewhere() == self.needles.text(COPIED));
            assert!(copied, "{}: another program does not get what was copied", self.name);
            self.press("ctrl+f", Key::F, Modifiers::COMMAND);
            self.enter(SEARCH);
            let name = self.needles.text(SEARCH).to_owned();
            self.click(&name);
            sleep(Duration::from_secs(1));
            let before = self.desktop.picture();
            self.press("ctrl+h", Key::H, Modifiers::COMMAND);
            let shown = within(10, || self.desktop.picture().distance(&before) > 500);
            assert!(shown, "{}: nothing is revealed", self.name);
            sleep(Duration::from_secs(1));
            self.rows = Some(Rows::appeared(&before, &self.desktop.picture()));
            let memory = self.catch_a_frame();
            let name = self.name;
            let found = self.search("revealed and copied", &memory);
            assert!(found.has(REVEALED), "{name}: the revealed value is not found");
            assert!(found.has(COPIED), "{name}: the copied value is not found");
            assert!(found.has(SEARCH), "{name}: the search text is not found");
            assert!(found.pixels.as_ref().is_some_and(|p| !p.is_empty()), "{name}: no pixels are found");
        }

        /// Learns the places of the revealed glyphs, from a moment at which the renderer is at work: what it gives to the driver
        /// lives for a part of each frame only.
        fn catch_a_frame(&mut self) -> Memory {
            let text = self.needles.text(REVEALED).as_bytes();
            let mut caught = None;
            within(30, || {
                self.window.wiggle();
                let memory = Memory::writable_of(self.window.pid()).unwrap();
                let places = Places::learn(&memory, text);
                caught = (places.find(&memory, text).longest == text.len()).then_some((memory, places));
                caught.is_some()
            });
            self.window.leave();
            let Some((memory, places)) = caught else { panic!("{}: no glyph places are found", self.name) };
            self.places = Some(places);
            memory
        }

        /// Begins to put a new key in.
        fn edit(&mut self) {
            self.press("ctrl+n", Key::N, Modifiers::COMMAND);
            self.click("Paste");
            self.click("Value");
            self.enter(DRAFT);
            let (name, found) = (self.name, self.glance("draft entered"));
            assert!(found.has(DRAFT), "{name}: the draft is not found");
            assert!(found.has(REVEALED), "{name}: the revealed value was hidden before the lock");
            assert!(found.has(COPIED), "{name}: the clipboard was cleared before the lock");
        }

        fn lock(&mut self, lock: Lock) {
            match lock {
                Lock::ByKey => self.window.press(&["ctrl+l"]),
                Lock::ByTimer => {}
                Lock::Minimised => self.window.minimise(),
            }
        }

        /// Waits for the lock, and searches what it left.
        fn wait_until_locked(&mut self) -> Found {
            let locked = within(100, || self.window.title().starts_with("Locked"));
            assert!(locked, "{}: not locked", self.name);
            // The frames that paint over the last ones.
            sleep(Duration::from_secs(3));
            self.look(LOCKED)
        }
    }

    impl Flow<'_> {
        /// How the last session but the one of this very look ended, by the log.
        fn ending_of_the_session(&self, vault: &Path) -> String {
            let mut command = self.desktop.command(keyroom());
            command.args(["session", "list", "--json", "--password-file", "-"]).arg(vault);
            let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(self.needles.text(PASSWORD).as_bytes()).unwrap();
            let sessions: serde_json::Value =
                serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
            sessions[1]["ending"].as_str().unwrap().to_owned()
        }
    }

    /// A vault made by the command line, with two keys and the shortest times to lock. Secrets go by files.
    fn make(desktop: &Desktop, folder: &Path, needles: &Needles) -> PathBuf {
        let (path, file) = (folder.join("vault.keyroom"), folder.join("secret"));
        let (vault, secret) = (path.as_os_str(), file.as_os_str());
        let words = |line: &'static str| line.split(' ').map(OsStr::new);
        let run = |first: &'static str, rest: &[&OsStr]| {
            let mut line: Vec<&OsStr> = words(first).collect();
            line.extend([vault, OsStr::new("--password-file"), OsStr::new("-")]);
            line.extend(rest);
            let mut child = desktop.command(keyroom()).args(&line).stdin(Stdio::piped()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(needles.text(PASSWORD).as_bytes()).unwrap();
            assert!(child.wait().unwrap().success(), "{line:?}");
        };
        run("create", &words("--operator ada --unlock-ms 1").collect::<Vec<_>>());
        for (name, needle) in [("copied", COPIED), (needles.text(SEARCH), REVEALED)] {
            fs::write(&file, needles.text(needle)).unwrap();
            let mut rest: Vec<_> = words("--type api-token --name").collect();
            rest.extend([OsStr::new(name), OsStr::new("--from"), secret]);
            // So that it is in every row: whichever a thread opened last must not stay on its stack.
            rest.extend([OsStr::new("--note"), OsStr::new(needles.text(SEARCH))]);
            run("key add", &rest);
        }
        fs::remove_file(&file).unwrap();

        let password = SecretBuf::from_slice(needles.text(PASSWORD).as_bytes());
        let unlock = Unlock { password: &password, operator: None, accept_restored: None };
        let mut vault =
            open_vault(&path).unwrap().unlock(environment(), &unlock).map_err(|refused| refused.1).unwrap();
        step_up(&mut vault, &password).unwrap();
        let settings =
            Settings { idle_lock_min: 1, reveal_s: 60, clipboard_s: 60, ..(*vault.view().settings).clone() };
        vault.perform(ChangeSettings::of(&vault.view().settings, settings, "a test of locking")).unwrap();
        path
    }

    /// Goes through one flow.
    fn go(name: &'static str, entry: Entry, lock: Lock) {
        let folder = tempfile::tempdir().unwrap();
        let desktop = Desktop::start(folder.path());
        let needles = Needles::random();
        let vault = make(&desktop, folder.path(), &needles);
        let twin = folder.path().join("twin.keyroom");
        fs::copy(&vault, &twin).unwrap();
        let window = desktop.open(&keyroom(), &[vault.as_os_str()]);
        window.resize(SIZE[0], SIZE[1]);
        window.leave();
        let mut flow = Flow {
            name,
            entry,
            needles: &needles,
            desktop: &desktop,
            window,
            twin: Stage::open(&twin, vec2(SIZE[0] as f32, SIZE[1] as f32)),
            sought: needles.all.iter().map(|text| masked(text.as_bytes())).collect(),
            rows: None,
            places: None,
        };
        let titles = SOUGHT.iter().chain(&["pixels", "glyph places"]).map(|title| (*title).to_owned());
        println!("{}", line("flow", "moment", &titles.collect::<Vec<_>>()));
        sleep(Duration::from_secs(2));
        assert!(flow.look("started").is_clean(), "{name}: something is there before it was entered");
        {
            // One at a time from the unlock to the last input, so that nothing hides or locks itself before its time.
            static ONE: Mutex<()> = Mutex::new(());
            let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
            flow.unlock();
            flow.read();
            flow.edit();
            flow.lock(lock);
        }
        let found = flow.wait_until_locked();
        assert_eq!(flow.ending_of_the_session(&vault), lock.word(), "{name}: how the session ended");
        assert!(found.is_clean(), "{name}: not clean after the lock");
    }

    #[test]
    #[ignore = "needs Xvfb, openbox, xdotool, xclip, and the right to read another process: scripts/ci-memory.sh"]
    fn typed_minimised_locked_by_timer() {
        go("typed, minimised, timer", Entry::Typed, Lock::Minimised);
    }

    #[test]
    #[ignore = "as the one above"]
    fn pasted_visible_locked_by_timer() {
        go("pasted, visible, timer", Entry::Pasted, Lock::ByTimer);
    }

    #[test]
    #[ignore = "as the one above"]
    fn typed_visible_locked_by_key() {
        go("typed, visible, Ctrl+L", Entry::Typed, Lock::ByKey);
    }

    #[test]
    #[ignore = "as the one above"]
    fn pasted_visible_locked_by_key() {
        go("pasted, visible, Ctrl+L", Entry::Pasted, Lock::ByKey);
    }
}
