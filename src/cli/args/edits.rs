//! `key edit`, `key tag`, `key export` and what is about one version: what is known of keys, and their versions.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::open::Open;
use super::words::{Expiry, day_or_none, yes_or_no};
use crate::model::KeyAround;
use crate::vault::{VaultError, View};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("policy_choice").multiple(false))]
pub(in crate::cli) struct KeyEdit {
    #[command(flatten)]
    pub open: Open,
    /// The key's name, id, or the beginning of its id
    pub key: String,
    /// Another name
    #[arg(long)]
    pub name: Option<String>,
    /// The person who answers for it; "" for nobody
    #[arg(long)]
    pub owner: Option<String>,
    /// The application or system it belongs to
    #[arg(long)]
    pub system: Option<String>,
    /// Where that runs
    #[arg(long)]
    pub environment: Option<String>,
    /// What it is for
    #[arg(long)]
    pub purpose: Option<String>,
    /// Anything else worth knowing
    #[arg(long)]
    pub note: Option<String>,
    /// Whom to ask about it or to tell when it changes
    #[arg(long)]
    pub contact: Option<String>,
    /// Where its value is in use
    #[arg(long)]
    pub deployed: Option<String>,
    /// The day its value ends by itself; "" for none
    #[arg(long, value_name = "DATE", value_parser = day_or_none)]
    pub expires: Option<Expiry>,
    #[command(flatten)]
    pub around: Around,
    /// Whether every reading of it is worth a look
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    pub critical: Option<bool>,
    /// The rotation policy by its name
    #[arg(long, value_name = "NAME", group = "policy_choice")]
    pub policy: Option<String>,
    /// Never due by the calendar, for this reason
    #[arg(long, value_name = "REASON", group = "policy_choice")]
    pub exempt: Option<String>,
    /// The policy that stands for its type
    #[arg(long, group = "policy_choice")]
    pub default_policy: bool,
}

impl KeyEdit {
    /// Whether nothing was named that is to be changed.
    pub fn is_empty(&self) -> bool {
        let texts = [
            (&self.name, &self.owner, &self.system, &self.environment),
            (&self.purpose, &self.note, &self.contact, &self.deployed),
        ];
        let texts = texts.iter().flat_map(|(a, b, c, d)| [a, b, c, d]);
        let policy = self.policy.is_some() || self.exempt.is_some() || self.default_policy;
        texts.into_iter().all(|text| text.is_none())
            && self.critical.is_none()
            && self.expires.is_none()
            && self.around.is_empty()
            && !policy
    }
}

/// Who else answers for a key, who has it besides, and the key it takes the place of.
#[derive(Args, Debug)]
pub(in crate::cli) struct Around {
    /// The person who answers for it where its owner is a team or a system
    #[arg(long, value_name = "NAME")]
    pub sponsor: Option<String>,
    /// Who looks after it from day to day
    #[arg(long, value_name = "NAMES")]
    pub custodians: Option<String>,
    /// Where it is kept or used: a site, a data centre
    #[arg(long, value_name = "WHERE")]
    pub location: Option<String>,
    /// Who else was given its value
    #[arg(long, value_name = "NAMES")]
    pub shared_with: Option<String>,
    /// Where to read what to do when it changes or fails
    #[arg(long, value_name = "WHERE")]
    pub runbook: Option<String>,
    /// The day until which what it protected may be decrypted or verified; "" for what follows from its type
    #[arg(long, value_name = "DATE", value_parser = day_or_none)]
    pub process_until: Option<Expiry>,
    /// The key it takes the place of; "" for none
    #[arg(long, value_name = "KEY")]
    pub replaces: Option<String>,
}

impl Around {
    fn is_empty(&self) -> bool {
        let texts = [&self.sponsor, &self.custodians, &self.location, &self.shared_with, &self.runbook];
        texts.into_iter().all(Option::is_none) && self.process_until.is_none() && self.replaces.is_none()
    }

    /// What is known then, where `now` was known before.
    pub fn over(&self, now: KeyAround, view: &View) -> Result<KeyAround, VaultError> {
        let text = |wish: &Option<String>, now: String| wish.clone().unwrap_or(now);
        let replaces = match self.replaces.as_deref().map(str::trim) {
            None => now.replaces,
            Some("") => None,
            Some(key) => Some(view.find(key)?.id),
        };
        Ok(KeyAround {
            sponsor: text(&self.sponsor, now.sponsor),
            custodians: text(&self.custodians, now.custodians),
            location: text(&self.location, now.location),
            shared_with: text(&self.shared_with, now.shared_with),
            runbook: text(&self.runbook, now.runbook),
            process_until: self.process_until.unwrap_or(now.process_until),
            replaces,
        })
    }
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyTag {
    #[command(flatten)]
    pub open: Open,
    /// The key's name, id, or the beginning of its id
    pub key: String,
    /// A tag to put on; may be given several times
    #[arg(long, value_name = "TAG", required_unless_present = "remove")]
    pub add: Vec<String>,
    /// A tag to take off; may be given several times
    #[arg(long, value_name = "TAG")]
    pub remove: Vec<String>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyExport {
    #[command(flatten)]
    pub open: Open,
    /// The key's name, id, or the beginning of its id
    pub key: String,
    /// The file to make; an existing one is not overwritten
    pub to: PathBuf,
    /// Which version; the current one where nothing is said
    #[arg(long, value_name = "N")]
    pub version: Option<u32>,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyExportList {
    #[command(flatten)]
    pub open: Open,
    /// The file to make; an existing one is not overwritten
    pub to: PathBuf,
    /// A search as in the window; every key where nothing is said
    pub query: Vec<String>,
}

/// An act on one version of a key.
#[derive(Args, Debug)]
pub(in crate::cli) struct KeyVersion {
    #[command(flatten)]
    pub open: Open,
    /// The key's name, id, or the beginning of its id
    pub key: String,
    /// Which version
    #[arg(long, value_name = "N")]
    pub version: u32,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}
