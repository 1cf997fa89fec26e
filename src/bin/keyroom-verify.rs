//! Verifies an exported audit log: `keyroom-verify DIR [--json]`. Needs no vault, no password and no other file.
//!
//! Exit codes: 0 everything holds and was said, 1 not a folder, or what holds could not be said, 2 not a command line, 4 something
//! does not hold.

#![expect(clippy::print_stderr, reason = "this program says what does not hold")]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use data_encoding::HEXLOWER;
use keyroom::audit::export::{ExportCheck, verify_dir};
use serde::Serialize;

/// Verifies the exported audit log in DIR: signatures, rights, order, states, checkpoint and every readable word.
#[derive(Parser)]
#[command(name = "keyroom-verify", version)]
struct Line {
    /// The folder that `keyroom audit export` wrote
    dir: PathBuf,
    /// Print JSON with stable field names
    #[arg(long)]
    json: bool,
}

/// What was found to hold, for programs.
#[derive(Serialize)]
struct Holds<'a> {
    vault: String,
    genesis: String,
    entries: u64,
    disclosed: u64,
    root: String,
    checkpoints: u64,
    operators: &'a [String],
    from: String,
    to: String,
}

/// What does not hold, for programs: as `keyroom` tells its failures.
#[derive(Serialize)]
struct Failure<'a> {
    code: &'static str,
    message: &'a str,
}

fn main() -> ExitCode {
    let Line { dir, json } = Line::parse();
    if !dir.is_dir() {
        complain("not_found", &format!("{} is not a folder", dir.display()), json);
        return ExitCode::FAILURE;
    }
    match verify_dir(&dir, &mut |_, _| ControlFlow::Continue(())) {
        Ok(check) => match print(&if json { in_json(&check) } else { report(&check) }) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let message = format!("everything holds, but that could not be written ({error})");
                complain("io", &message, json);
                ExitCode::FAILURE
            }
        },
        Err(error) => {
            if !json {
                // The line on standard error and the exit code say it as well.
                let _ = print("DOES NOT HOLD\n");
            }
            complain("tampered", &error.to_string(), json);
            ExitCode::from(4)
        }
    }
}

/// Says on standard error what is wrong.
fn complain(code: &'static str, message: &str, json: bool) {
    let in_json = json.then(|| serde_json::to_string(&Failure { code, message }).ok()).flatten();
    eprintln!("{}", in_json.unwrap_or_else(|| format!("keyroom-verify: {}", printable(message))));
}

fn in_json(check: &ExportCheck) -> String {
    let holds = Holds {
        vault: check.vault.to_string(),
        genesis: HEXLOWER.encode(&check.genesis),
        entries: check.entries,
        disclosed: check.disclosed,
        root: HEXLOWER.encode(&check.root),
        checkpoints: check.checkpoints,
        operators: &check.operators,
        from: check.first.iso(),
        to: check.last.iso(),
    };
    // Text and numbers only: there is nothing in it that JSON cannot hold.
    serde_json::to_string_pretty(&holds).unwrap_or_default() + "\n"
}

/// The report. Names come from the export, so nothing in them reaches the terminal as more than text.
fn report(check: &ExportCheck) -> String {
    let withheld = check.entries - check.disclosed;
    let details = match withheld {
        0 => "all disclosed".to_owned(),
        _ => format!("{} disclosed, {withheld} withheld", check.disclosed),
    };
    let operators: Vec<_> = check.operators.iter().map(|name| printable(name)).collect();
    format!(
        "EVERYTHING HOLDS\n\
         vault        {}\n\
         genesis      {}\n\
         entries      {} ({details})\n\
         root         {}\n\
         checkpoints  {}\n\
         operators    {}\n\
         from         {}\n\
         to           {}\n\
         \n\
         Proved: every entry was signed by an operator of that moment whose role allowed it; none is missing, repeated or\n\
         out of order up to the last; each leads to the state it claims; the checkpoint covers exactly these entries; every\n\
         readable word is the one that was signed.\n\
         \n\
         Not proved: whose vault this is (compare the genesis with the one noted when it was made); that no entry is missing\n\
         at the end (compare entries and root with a checkpoint seen before); that the workstations' clocks were right.\n",
        check.vault,
        HEXLOWER.encode(&check.genesis),
        check.entries,
        HEXLOWER.encode(&check.root),
        check.checkpoints,
        operators.join(", "),
        check.first.iso(),
        check.last.iso(),
    )
}

fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// A reader that went away is no reason for another verdict; a disk that is full is one to say so.
fn print(text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}
