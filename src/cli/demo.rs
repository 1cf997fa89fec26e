//! `demo` and `screens`: what can be shown without a vault of one's own.

use std::path::Path;

use serde::Serialize;

use super::ScreensFn;
use super::args::Demo;
use super::failure::Failure;
use super::input;
use super::open::need_folder;
use super::output::Answer;
use crate::app::demo::{self, DemoOptions, PASSWORD};
use crate::crypto::memory::SecretBuf;
use crate::store::Walk;

/// A demo vault that was made.
#[derive(Serialize)]
struct Made {
    path: String,
    operator: &'static str,
    /// The password, where none was given: it protects nothing.
    password: Option<&'static str>,
    keys: usize,
    events: u64,
}

pub(super) fn demo(args: &Demo, json: bool) -> Result<Answer, Failure> {
    need_folder(&args.file)?;
    let given = args.password.password_file.is_some() || args.password.password_fd.is_some();
    let password = match given {
        true => input::password(&args.password)?,
        false => SecretBuf::from_slice(PASSWORD.as_bytes()),
    };
    let options = DemoOptions {
        keys: usize::try_from(args.keys).unwrap_or(usize::MAX),
        events: usize::try_from(args.events).unwrap_or(usize::MAX),
        seed: args.seed,
        now: None,
    };
    let built = demo::build(&args.file, &password, &options, &mut |_, _| Walk::Continue(()));
    let built = built.map_err(|error| Failure::from(error).about(&args.file))?;
    let made = Made {
        path: args.file.display().to_string(),
        operator: demo::OPERATOR,
        password: (!given).then_some(PASSWORD),
        keys: built.keys,
        events: built.events,
    };
    Answer::of(json, &made, |m| {
        let password = m.password.map_or_else(String::new, |p| format!(", password \"{p}\""));
        format!(
            "made {}: {} keys, {} log entries; operator {}{password}\nDemo data: the secrets in it protect nothing.\n",
            m.path, m.keys, m.events, m.operator
        )
    })
}

/// The pictures that were made.
#[derive(Serialize)]
struct Pictures {
    dir: String,
    files: Vec<String>,
}

pub(super) fn screens(dir: &Path, render: ScreensFn, json: bool) -> Result<Answer, Failure> {
    let files = render(dir).map_err(|error| Failure::new("failed", error))?;
    let files = files.iter().map(|f| f.display().to_string()).collect();
    let pictures = Pictures { dir: dir.display().to_string(), files };
    Answer::of(json, &pictures, |p| format!("{} pictures in {}", p.files.len(), p.dir))
}
