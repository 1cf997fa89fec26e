//! `vault …`: the vault as a whole and its settings.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::open::{NewPasswordFrom, Open, UnlockTime, WeakBecause};
use super::words::role;
use crate::model::Role;

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum Vault {
    /// Tell what the file says of itself; more with a password
    Info(VaultInfo),
    /// Check the file's structure, the log and the tables
    Check(Open),
    /// Change your password
    Passwd(VaultPasswd),
    /// Add an operator, with a role and a password of their own
    Enrol(VaultEnrol),
    /// Copy the vault to a new file and check the copy
    Backup(VaultBackup),
    /// Accept a file that is older than, or differs from, what this computer has seen
    AcceptRestored(VaultAccept),
    /// Your password or device was exposed: replace every key you held
    Exposed(VaultExposed),
    /// List the settings, or change some
    Settings(VaultSettings),
    /// Change how long an unlock takes, for every password of the vault
    UnlockTime(VaultUnlockTime),
}

#[derive(Args, Debug)]
pub(in crate::cli) struct VaultInfo {
    #[command(flatten)]
    pub open: Open,
    /// Unlock, with a password that is asked for where none is given, and tell more
    #[arg(long)]
    pub unlock: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct VaultPasswd {
    #[command(flatten)]
    pub open: Open,
    #[command(flatten)]
    pub new: NewPasswordFrom,
    #[command(flatten)]
    pub weak: WeakBecause,
    #[command(flatten)]
    pub unlock: UnlockTime,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct VaultEnrol {
    #[command(flatten)]
    pub open: Open,
    /// The new operator's name
    pub name: String,
    /// What they are there for: an administrator does everything, a custodian reads and changes keys, an auditor reads the log
    #[arg(long, value_name = "ROLE", value_parser = role())]
    pub role: Role,
    #[command(flatten)]
    pub new: NewPasswordFrom,
    #[command(flatten)]
    pub weak: WeakBecause,
    #[command(flatten)]
    pub unlock: UnlockTime,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct VaultExposed {
    #[command(flatten)]
    pub open: Open,
    /// What happened; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub new: NewPasswordFrom,
    #[command(flatten)]
    pub weak: WeakBecause,
    #[command(flatten)]
    pub unlock: UnlockTime,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct VaultBackup {
    #[command(flatten)]
    pub open: Open,
    /// The file to make
    pub to: PathBuf,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct VaultAccept {
    #[command(flatten)]
    pub open: Open,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct VaultSettings {
    #[command(flatten)]
    pub open: Open,
    /// A setting to change, such as `idle-lock=10`; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true, requires = "set")]
    pub reason: String,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct VaultUnlockTime {
    #[command(flatten)]
    pub open: Open,
    #[command(flatten)]
    pub unlock: UnlockTime,
}
