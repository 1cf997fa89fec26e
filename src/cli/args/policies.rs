//! `policy …`: what decides when keys are due.

use clap::{Args, Subcommand};

use super::open::Open;
use super::words::key_type;
use crate::model::KeyType;

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum Policy {
    /// List rotation policies with the keys each decides for
    List(Open),
    /// Make a rotation policy, or change the one with this name
    Set(PolicySet),
    /// Take a policy away that decides for no key
    Remove(PolicyRemove),
}

#[derive(Args, Debug)]
pub(in crate::cli) struct PolicySet {
    #[command(flatten)]
    pub open: Open,
    /// The policy's name
    pub name: String,
    /// Days a value stays in use
    #[arg(long, value_name = "DAYS", conflicts_with = "on_evidence")]
    pub every: Option<u32>,
    /// Rotate when something happens, never by the calendar
    #[arg(long)]
    pub on_evidence: bool,
    /// Days the version before stays accepted
    #[arg(long, value_name = "DAYS")]
    pub overlap_days: Option<u32>,
    /// A type of key it stands for where a key names no policy; may be given several times
    #[arg(long, value_name = "TYPE", value_parser = key_type())]
    pub default_for: Vec<KeyType>,
    /// Another name
    #[arg(long, value_name = "NAME")]
    pub rename: Option<String>,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub reason: String,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct PolicyRemove {
    #[command(flatten)]
    pub open: Open,
    /// The policy's name
    pub name: String,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub reason: String,
}
