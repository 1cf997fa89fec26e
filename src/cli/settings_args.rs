//! The part of the grammar that is about the vault's own settings.

use clap::Args;

use super::args::{Open, UnlockTime};

#[derive(Args, Debug)]
pub(super) struct VaultSettings {
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
pub(super) struct VaultUnlockTime {
    #[command(flatten)]
    pub open: Open,
    #[command(flatten)]
    pub unlock: UnlockTime,
}
