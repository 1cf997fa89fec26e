//! `audit …` and `session …`: what was done, and by whom.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::open::Open;

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum Audit {
    /// List events
    List(AuditList),
    /// Verify the whole log: order, hashes, signatures, rights, states, checkpoints
    Verify(Open),
    /// Write the log to a folder that `keyroom-verify` checks without a password
    Export(AuditExport),
    /// List what the rules of unusual activity found
    Findings(AuditFindings),
    /// Answer a finding: it was you, or it was not
    Answer(AuditAnswer),
}

#[derive(Args, Debug)]
pub(in crate::cli) struct AuditFindings {
    #[command(flatten)]
    pub open_with: Open,
    /// Only those that somebody must still say something about
    #[arg(long)]
    pub open: bool,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("whose").required(true).multiple(false))]
pub(in crate::cli) struct AuditAnswer {
    #[command(flatten)]
    pub open: Open,
    /// The finding, as `audit findings` lists it: such as `off-hours#12`
    pub finding: String,
    /// It was you; about somebody else: it was expected
    #[arg(long, group = "whose")]
    pub mine: bool,
    /// It was not you, or was not expected: recorded as critical
    #[arg(long, group = "whose")]
    pub not_mine: bool,
    /// What is known about it; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct AuditList {
    #[command(flatten)]
    pub open: Open,
    /// A query as in the window, such as `action:secret.*`; write `--` before one that begins with a hyphen
    pub query: Vec<String>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct AuditExport {
    #[command(flatten)]
    pub open: Open,
    /// The folder to make
    pub dir: PathBuf,
    /// Leave out what each entry tells in words; the signatures still verify
    #[arg(long)]
    pub withhold: bool,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum Session {
    /// List sessions, newest first, with how each ended
    List(Open),
}
