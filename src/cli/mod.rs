//! The command line: the same operations as the window, for scripts. What may be typed and what is answered is described in
//! `docs/CLI.md` and is stable.
//!
//! [`parse`] says whether the window or a command is wanted, [`run`] carries a command out. A command that opens a vault is
//! a session of its own: it unlocks, does one thing, and locks, and the log holds all three. A command computes an answer;
//! only `output` prints, and a secret is printed only after the entry that says so is durable.

mod args;
mod audit;
mod create;
mod demo;
mod edits;
mod failure;
mod findings;
mod import;
mod input;
mod keys;
mod open;
mod output;
mod people;
mod secrets;
mod session;
mod settings;
mod states;
mod tell;
mod terminal;
mod vault;
mod versions;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

pub use failure::{Failure, code};

use output::Answer;

/// What was typed.
#[derive(Debug)]
pub enum Parsed {
    /// The window.
    Window {
        /// On this vault.
        vault: Option<PathBuf>,
        /// On demo data.
        demo: bool,
    },
    /// A command.
    Command(Command),
}

/// A command to [`run`].
#[derive(Debug)]
pub struct Command {
    verb: Box<args::Verb>,
    json: bool,
}

/// Renders every screen to pictures in a folder and tells their files.
pub type ScreensFn = fn(&Path) -> Result<Vec<PathBuf>, String>;

/// Reads this process's command line. Help, the version and lines that make no sense are answered here, and end the process.
#[must_use]
pub fn parse() -> Parsed {
    let line = match args::Line::try_parse() {
        Ok(line) => line,
        Err(error) if !error.use_stderr() => {
            output::help(&error.render().to_string());
            std::process::exit(0);
        }
        Err(error) => refuse(&usage(&error)),
    };
    match line.command {
        None => Parsed::Window { vault: line.vault, demo: line.demo },
        Some(_) if line.vault.is_some() || line.demo => refuse(&Failure::usage(
            "a vault for the window and a command cannot stand together; see keyroom --help",
        )),
        Some(verb) => Parsed::Command(Command { verb: Box::new(verb), json: line.json }),
    }
}

/// Carries a command out and prints its answer, or why there is none.
#[must_use]
pub fn run(command: Command, screens: ScreensFn) -> ExitCode {
    let json = command.json;
    let done = carry_out(command, screens).and_then(|answer| output::answer(&answer));
    match done {
        Ok(()) => ExitCode::from(code::DONE),
        Err(failure) => {
            output::failure(&failure, json);
            ExitCode::from(failure.exit())
        }
    }
}

/// Says something beside the command's answer, on standard error; for `main`, where it has something to say without a window.
pub fn complain(text: &str) {
    output::failure(&Failure::new("failed", text), false);
}

/// Says what was done; for `main`, where no command did it.
pub fn tell(text: &str) {
    output::help(&format!("{text}\n"));
}

fn carry_out(command: Command, screens: ScreensFn) -> Result<Answer, Failure> {
    use args::{Audit, Key, Policy, Session, Vault, Verb};
    let json = command.json;
    match *command.verb {
        Verb::Create(args) => create::create(&args, json),
        Verb::Key(Key::Add(args)) => secrets::add(&args, json),
        Verb::Key(Key::Import(args)) => import::import(&args, json),
        Verb::Key(Key::List(args)) => keys::list(&args, json),
        Verb::Key(Key::ExportList(args)) => keys::export_list(&args, json),
        Verb::Key(Key::Show(args)) => keys::show(&args, json),
        Verb::Key(Key::History(args)) => keys::history(&args, json),
        Verb::Key(Key::Edit(args)) => edits::edit(&args, json),
        Verb::Key(Key::Tag(args)) => edits::tag(&args, json),
        Verb::Key(Key::Reveal(args)) => secrets::reveal(&args),
        Verb::Key(Key::Export(args)) => versions::export(&args, json),
        Verb::Key(Key::Rotate(args)) => secrets::rotate(&args, json),
        Verb::Key(Key::MakeCurrent(args)) => versions::make_current(&args, json),
        Verb::Key(Key::Retire(args)) => versions::retire(&args, json),
        Verb::Key(Key::State(args)) => states::state(&args, json),
        Verb::Key(Key::Destroy(args)) => states::destroy(&args, json),
        Verb::Policy(Policy::List(args)) => edits::policies(&args, json),
        Verb::Audit(Audit::List(args)) => audit::list(&args, json),
        Verb::Audit(Audit::Verify(args)) => audit::verify(&args, json),
        Verb::Audit(Audit::Export(args)) => audit::export(&args, json),
        Verb::Audit(Audit::Findings(args)) => findings::findings(&args, json),
        Verb::Audit(Audit::Answer(args)) => findings::answer(&args, json),
        Verb::Session(Session::List(args)) => session::list(&args, json),
        Verb::Vault(Vault::Info(args)) => vault::info(&args, json),
        Verb::Vault(Vault::Check(args)) => vault::check(&args, json),
        Verb::Vault(Vault::Passwd(args)) => vault::passwd(&args, json),
        Verb::Vault(Vault::Enrol(args)) => people::enrol(&args, json),
        Verb::Vault(Vault::Backup(args)) => vault::backup(&args, json),
        Verb::Vault(Vault::AcceptRestored(args)) => vault::accept_restored(&args, json),
        Verb::Vault(Vault::Exposed(args)) => vault::exposed(&args, json),
        Verb::Vault(Vault::Settings(args)) => settings::settings(&args, json),
        Verb::Vault(Vault::UnlockTime(args)) => settings::unlock_time(&args, json),
        Verb::Policy(Policy::Set(args)) => settings::set_policy(&args, json),
        Verb::Policy(Policy::Remove(args)) => settings::remove_policy(&args, json),
        Verb::Demo(args) => demo::demo(&args, json),
        Verb::Screens { dir } => demo::screens(&dir, screens, json),
    }
}

/// Whether JSON was asked for on a line that was not understood.
fn wants_json() -> bool {
    std::env::args_os().any(|arg| arg == "--json")
}

fn refuse(failure: &Failure) -> ! {
    output::failure(failure, wants_json());
    std::process::exit(i32::from(failure.exit()))
}

/// clap's error in one line, with where to read on.
fn usage(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let message = text.split("\n\n").next().unwrap_or_default();
    let message = output::one_line(message.strip_prefix("error: ").unwrap_or(message));
    let name = args::Line::command().get_name().to_owned();
    Failure::usage(format!("{message}; see {name} --help"))
}
