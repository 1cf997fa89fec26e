//! `create`: a vault and its first operator, with the password's cost measured on this machine.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::args::Create;
use super::audit::hex;
use super::failure::Failure;
use super::open::{anchor_words, environment, lock, need_folder};
use super::output::Answer;
use super::{input, output};
use crate::app::platform::places;
use crate::crypto::kdf::{self, Calibration, KdfParams};
use crate::operations;
use crate::store::StoreError;
use crate::vault::{NewVault, VaultError, View};

/// A vault that was made.
#[derive(Serialize)]
struct Created {
    path: String,
    vault: String,
    name: String,
    operator: String,
    /// What a person keeps outside the file to know the vault again.
    genesis: String,
    kdf: Kdf,
    /// `on`, `first` or `off`: whether a rollback would be noticed.
    anchor: &'static str,
    #[serde(skip)]
    anchor_words: String,
}

/// How a password becomes a key.
#[derive(Serialize)]
pub(super) struct Kdf {
    pub algorithm: &'static str,
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
    /// What one password takes on this machine, in milliseconds, where it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_ms: Option<u64>,
}

impl Kdf {
    pub(super) fn of(params: KdfParams, measured: Option<Duration>) -> Self {
        let measured_ms = measured.map(|m| u64::try_from(m.as_millis()).unwrap_or(u64::MAX));
        let KdfParams { memory_kib, passes, lanes } = params;
        Self { algorithm: "argon2id", memory_kib, passes, lanes, measured_ms }
    }

    /// What the session's password costs: what was measured, or more where the vault asks for more.
    pub(super) fn in_force(view: &View, measured: &Calibration) -> Self {
        let params = view.session.params;
        Self::of(params, (params == measured.params).then_some(measured.measured))
    }

    pub(super) fn words(&self) -> String {
        let Self { memory_kib, passes, lanes, .. } = self;
        let cost = format!("Argon2id, {} MiB, {passes} passes, {lanes} lanes", memory_kib / 1024);
        self.measured_ms.map_or(cost.clone(), |ms| format!("{cost}; {ms} ms on this machine"))
    }
}

/// What is said once, when a password is set: nobody can be told later.
pub(super) const RECOVERY: &str = "There is no way in without this password: nobody can reset it, and Keyroom keeps no copy. Note the \
     vault's genesis fingerprint (`keyroom vault info --unlock` tells it) and keep a backup of the file somewhere else.";

pub(super) fn create(args: &Create, json: bool) -> Result<Answer, Failure> {
    if args.vault.exists() {
        return Err(Failure::from(StoreError::Exists).about(&args.vault));
    }
    need_folder(&args.vault)?;
    let name = args.name.clone().unwrap_or_else(|| stem(&args.vault));
    if let Some(warning) = places::place_warning(&args.vault) {
        output::note(&warning);
    }
    let from = &args.password;
    let password = input::new_password(from.password_file.as_deref(), from.password_fd)?;
    let Calibration { params, measured } = calibrate(args.unlock.unlock_ms)?;
    let new = NewVault { name: &name, operator: &args.operator, password: &password, params };
    let vault = operations::create_vault(&args.vault, environment(), &new, &args.weak.weak_because)?;
    let view = vault.view();
    let (anchor, anchor_words) = anchor_words(&view.anchor);
    let created = Created {
        path: args.vault.display().to_string(),
        vault: view.vault.to_string(),
        name: view.settings.vault_name.clone(),
        operator: view.me.name.clone(),
        genesis: hex(&view.roster.genesis()),
        kdf: Kdf::of(params, Some(measured)),
        anchor,
        anchor_words,
    };
    lock(vault);
    Answer::of(json, &created, |c| {
        format!(
            "made {} ({}), operator {}\nunlock   {}\ngenesis  {}\nrollback protection {}\n\n{RECOVERY}\n",
            c.path,
            c.name,
            c.operator,
            c.kdf.words(),
            c.genesis,
            c.anchor_words
        )
    })
}

/// Chooses how a password is stretched so that it takes about so long on this machine.
pub(super) fn calibrate(unlock_ms: u64) -> Result<Calibration, Failure> {
    let target = Duration::from_millis(unlock_ms);
    let chosen = kdf::calibrate(target, &mut |_| ControlFlow::Continue(()));
    chosen.map_err(|error| VaultError::from(error).into())
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    if stem.trim().is_empty() { "vault".to_owned() } else { stem }
}
