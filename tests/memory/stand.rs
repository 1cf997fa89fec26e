//! A desktop of its own: X server, window manager, the window under test, and hands on keyboard, mouse and clipboard.
//! Nothing secret goes through arguments or the environment: xdotool and xclip are told on standard input.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::pixels::Picture;

/// A program that is ended with the value.
pub struct Program(Child);

impl Program {
    fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_owned();
        Self(command.spawn().unwrap_or_else(|error| panic!("{} did not start: {error}", name.display())))
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The desktop.
pub struct Desktop {
    display: String,
    folder: PathBuf,
    // Ended in this order.
    _manager: Program,
    _server: Program,
}

/// A window on it.
pub struct Window<'a> {
    desktop: &'a Desktop,
    program: Program,
    id: String,
}

impl Desktop {
    /// Starts one that keeps its files in `folder`.
    pub fn start(folder: &Path) -> Self {
        for inside in ["home", "runtime", "screen"] {
            fs::create_dir(folder.join(inside)).unwrap();
        }
        // -noreset: without it the server starts over whenever its last client leaves.
        let mut server = Program::start(
            Command::new("Xvfb")
                .args([
                    "-noreset",
                    "-nolisten",
                    "tcp",
                    "-screen",
                    "0",
                    "1440x900x24",
                    "-displayfd",
                    "1",
                    "-fbdir",
                ])
                .arg(folder.join("screen"))
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let mut number = String::new();
        let mut told = server.0.stdout.take().unwrap();
        let mut byte = [0];
        while told.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
            number.push(char::from(byte[0]));
        }
        let display = format!(":{number}");
        let manager = Command::new("openbox")
            .env("DISPLAY", &display)
            .env("HOME", folder.join("home"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let manager = Program(manager.unwrap());
        Self { display, folder: folder.to_owned(), _manager: manager, _server: server }
    }

    /// A command that sees this desktop and nothing of the person's.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
            .env("DISPLAY", &self.display)
            .env("HOME", self.folder.join("home"))
            .env("XDG_CONFIG_HOME", self.folder.join("home/config"))
            .env("XDG_STATE_HOME", self.folder.join("home/state"))
            .env("XDG_RUNTIME_DIR", self.folder.join("runtime"))
            .env("LIBGL_ALWAYS_SOFTWARE", "1");
        command
    }

    /// Runs a program to its end and returns what it printed.
    fn run(&self, program: &str, arguments: &[&str], input: &str) -> String {
        let mut command = self.command(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Another program copies `text`.
    pub fn copy_elsewhere(&self, text: &str) {
        // xclip goes on in the background to serve it; with its output closed nobody waits for that.
        let mut command = self.command("xclip");
        command.args(["-selection", "clipboard", "-in"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Another program pastes.
    pub fn paste_elsewhere(&self) -> String {
        self.run("xclip", &["-selection", "clipboard", "-out"], "")
    }

    /// What the screen shows.
    pub fn picture(&self) -> Picture {
        let file = fs::read(self.folder.join("screen/Xvfb_screen0")).unwrap();
        let word = |i: usize| u32::from_be_bytes(file[i * 4..i * 4 + 4].try_into().unwrap()) as usize;
        // The header of the XWD format: its size, and after others width, height, bytes a line and colours.
        let (size, width, height, line, colours) = (word(0), word(4), word(5), word(12), word(19));
        let pixels = &file[size + colours * 12..];
        let row = |y: usize| pixels[y * line..y * line + width * 4].as_chunks::<4>().0;
        let pixels =
            (0..height).flat_map(row).map(|pixel| u32::from_le_bytes(*pixel) & 0x00ff_ffff).collect();
        Picture { width, pixels }
    }

    /// Starts `program` with `arguments` and waits for its window.
    pub fn open(&self, program: &Path, arguments: &[&OsStr]) -> Window<'_> {
        let log =
            || fs::OpenOptions::new().create(true).append(true).open(self.folder.join("window.log")).unwrap();
        let mut program = Program::start(
            self.command(program).args(arguments).stdout(log()).stderr(log()).stdin(Stdio::null()),
        );
        let pid = program.id().to_string();
        let mut id = String::new();
        let came = within(60, || {
            let found = self.run("xdotool", &["search", "--onlyvisible", "--pid", &pid], "");
            found.lines().next().unwrap_or_default().clone_into(&mut id);
            !id.is_empty() || !program.is_alive()
        });
        let said = fs::read_to_string(self.folder.join("window.log")).unwrap();
        assert!(came && !id.is_empty(), "no window came up: {said}");
        self.run("xdotool", &["windowactivate", "--sync", &id], "");
        Window { desktop: self, program, id }
    }
}

impl Window<'_> {
    /// The process behind it.
    pub fn pid(&self) -> u32 {
        self.program.id()
    }

    /// Its title.
    pub fn title(&self) -> String {
        self.xdotool(&["getwindowname", &self.id]).trim().to_owned()
    }

    /// Presses keys, such as `ctrl+l`.
    pub fn press(&self, keys: &[&str]) {
        for key in keys {
            self.xdotool(&["key", "--clearmodifiers", key]);
            sleep(Duration::from_millis(150));
        }
    }

    /// Types, one key at a time.
    pub fn type_text(&self, text: &str) {
        self.desktop.run("xdotool", &["type", "--delay", "40", "--file", "-"], text);
        sleep(Duration::from_millis(300));
    }

    /// Clicks at a point of the window.
    pub fn click(&self, x: f32, y: f32) {
        let (x, y) = (format!("{x:.0}"), format!("{y:.0}"));
        self.xdotool(&["mousemove", "--window", &self.id, &x, &y]);
        sleep(Duration::from_millis(100));
        self.xdotool(&["click", "1"]);
        sleep(Duration::from_millis(300));
    }

    /// Puts the pointer where it covers nothing.
    pub fn leave(&self) {
        self.xdotool(&["mousemove", "1439", "899"]);
    }

    /// Moves the pointer to and fro for a while, without waiting, so that frame after frame is drawn.
    pub fn wiggle(&self) {
        let script =
            (0..60).map(|i| format!("mousemove --window {} {} 500\nsleep 0.004\n", self.id, 300 + i % 20));
        let mut command = self.desktop.command("xdotool");
        let mut child = command.arg("-").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(script.collect::<String>().as_bytes()).unwrap();
        sleep(Duration::from_millis(60));
        std::thread::spawn(move || child.wait());
    }

    /// Minimises it.
    pub fn minimise(&self) {
        self.xdotool(&["windowminimize", "--sync", &self.id]);
    }

    /// Gives it this size.
    pub fn resize(&self, width: u32, height: u32) {
        self.xdotool(&["windowsize", "--sync", &self.id, &width.to_string(), &height.to_string()]);
    }

    fn xdotool(&self, arguments: &[&str]) -> String {
        self.desktop.run("xdotool", arguments, "")
    }
}

/// Tries until it is so, for so many seconds.
pub fn within(seconds: u64, mut is: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(seconds);
    loop {
        if is() {
            return true;
        }
        if Instant::now() > end {
            return false;
        }
        sleep(Duration::from_millis(50));
    }
}
