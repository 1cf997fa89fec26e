//! Which vault, who unlocks it, and where passwords come from.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

/// Where the password comes from. A terminal is asked where nothing is said.
#[derive(Args, Debug, Default)]
#[command(group = ArgGroup::new("password").multiple(false))]
pub(in crate::cli) struct PasswordFrom {
    /// Read the password from the first line of FILE; `-` is standard input
    #[arg(long, value_name = "FILE", group = "password")]
    pub password_file: Option<PathBuf>,
    /// Read the password from the first line of file descriptor N
    #[arg(long, value_name = "N", group = "password")]
    pub password_fd: Option<u32>,
}

/// Where a new password comes from. A terminal is asked twice where nothing is said.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("new_password").multiple(false))]
pub(in crate::cli) struct NewPasswordFrom {
    /// Read the new password from the first line of FILE; `-` is standard input
    #[arg(long, value_name = "FILE", group = "new_password")]
    pub new_password_file: Option<PathBuf>,
    /// Read the new password from the first line of file descriptor N
    #[arg(long, value_name = "N", group = "new_password")]
    pub new_password_fd: Option<u32>,
}

/// A vault and who unlocks it.
#[derive(Args, Debug)]
pub(in crate::cli) struct Open {
    /// The vault's file
    pub vault: PathBuf,
    /// Who unlocks, where the vault has several operators
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    #[command(flatten)]
    pub password: PasswordFrom,
}

/// What is said about a new password.
#[derive(Args, Debug)]
pub(in crate::cli) struct WeakBecause {
    /// Why the new password is used although it is weak; it is recorded with the strength
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub weak_because: String,
}

/// How long an unlock is meant to take.
#[derive(Args, Debug)]
pub(in crate::cli) struct UnlockTime {
    /// Measure this machine so that an unlock takes about N milliseconds
    #[arg(long, value_name = "N", default_value_t = 750, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub unlock_ms: u64,
}
