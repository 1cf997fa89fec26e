//! Verifies an exported audit log: `keyroom-verify DIR`. Needs no vault, no password and no other file.
//!
//! Exit codes: 0 everything holds, 2 not a folder or not a command line, 4 something does not hold.

#![expect(clippy::print_stderr, reason = "this program says what does not hold")]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use data_encoding::HEXLOWER;
use keyroom::audit::export::{ExportCheck, verify_dir};

/// Verifies the exported audit log in DIR: signatures, rights, order, states, checkpoint and every readable word.
#[derive(Parser)]
#[command(name = "keyroom-verify", version)]
struct Line {
    /// The folder that `keyroom audit export` wrote
    dir: PathBuf,
}

fn main() -> ExitCode {
    let Line { dir } = Line::parse();
    if !dir.is_dir() {
        eprintln!("keyroom-verify: {} is not a folder", dir.display());
        return ExitCode::from(2);
    }
    match verify_dir(&dir, &mut |_, _| ControlFlow::Continue(())) {
        Ok(check) => {
            print(&report(&check));
            ExitCode::SUCCESS
        }
        Err(error) => {
            print("DOES NOT HOLD\n");
            eprintln!("keyroom-verify: {}", printable(&error.to_string()));
            ExitCode::from(4)
        }
    }
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

/// A reader that went away is no reason for another verdict.
fn print(text: &str) {
    use std::io::Write;
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
