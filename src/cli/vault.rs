//! `vault info`, `check`, `passwd`, `backup`, `accept-restored`, `exposed`: the vault as a whole.

use serde::Serialize;

use super::args::{Open, VaultAccept, VaultBackup, VaultExposed, VaultInfo, VaultPasswd};
use super::audit::hex;
use super::create::{Kdf, RECOVERY, calibrate};
use super::failure::Failure;
use super::open::{self, anchor_words};
use super::output::{Answer, fields};
use crate::model::{Action, KeyState, Timestamp};
use crate::operations::{self, NewPassword};
use crate::store::sqlite::FORMAT;
use crate::store::{StoreError, Walk};
use crate::vault::{VaultError, View};

/// What the file says of itself without a password, and more with one.
#[derive(Serialize)]
struct Info {
    path: String,
    format: i32,
    vault: String,
    /// The program that made the file, as the file says.
    made_with: String,
    operators: usize,
    kdf: Kdf,
    /// Failed unlocks since the last success. A hint: whoever can write the file can change it.
    failed_attempts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inside: Option<Inside>,
}

/// What only an unlocked vault tells.
#[derive(Serialize)]
struct Inside {
    name: String,
    you: String,
    role: &'static str,
    genesis: String,
    keys: usize,
    keys_by_state: std::collections::BTreeMap<&'static str, usize>,
    roster: Vec<OperatorTold>,
    log_entries: u64,
    log_root: String,
    anchor: &'static str,
    #[serde(skip)]
    anchor_words: String,
}

#[derive(Serialize)]
struct OperatorTold {
    id: String,
    name: String,
    role: &'static str,
    added: String,
    removed: Option<String>,
}

impl Inside {
    fn of(view: &View) -> Self {
        let (anchor, anchor_words) = anchor_words(&view.anchor);
        let keys = view.keys.all();
        let count = |state: KeyState| (state.word(), keys.iter().filter(|k| k.state == state).count());
        let told = |o: &crate::model::Operator| OperatorTold {
            id: o.id.to_string(),
            name: o.name.clone(),
            role: o.role.word(),
            added: o.added.iso(),
            removed: o.removed.map(Timestamp::iso),
        };
        Self {
            name: view.settings.vault_name.clone(),
            you: view.me.name.clone(),
            role: view.me.role.word(),
            genesis: hex(&view.roster.genesis()),
            keys: keys.len(),
            keys_by_state: KeyState::ALL.into_iter().map(count).collect(),
            roster: view.roster.current().operators.iter().map(told).collect(),
            log_entries: view.log_size,
            log_root: hex(&view.log_root),
            anchor,
            anchor_words,
        }
    }
}

impl Info {
    fn words(&self) -> String {
        let mut told = vec![
            ("file", self.path.clone()),
            ("format", self.format.to_string()),
            ("vault", self.vault.clone()),
            ("made with", self.made_with.clone()),
            ("operators", self.operators.to_string()),
            ("unlock", self.kdf.words()),
            ("failed unlocks", self.failed_attempts.len().to_string()),
        ];
        if let Some(inside) = &self.inside {
            let roster: Vec<_> = inside.roster.iter().map(|o| format!("{} ({})", o.name, o.role)).collect();
            told.extend([
                ("name", inside.name.clone()),
                ("you are", format!("{} ({})", inside.you, inside.role)),
                ("roster", roster.join(", ")),
                ("keys", inside.keys.to_string()),
                ("log", format!("{} entries", inside.log_entries)),
                ("root", inside.log_root.clone()),
                ("genesis", inside.genesis.clone()),
                ("rollback protection", inside.anchor_words.clone()),
            ]);
        }
        fields(&told)
    }
}

pub(super) fn info(args: &VaultInfo, json: bool) -> Result<Answer, Failure> {
    let mut file = open::file(&args.open)?;
    let mut info = Info {
        path: args.open.vault.display().to_string(),
        format: FORMAT,
        vault: file.vault().to_string(),
        made_with: file.made_with().to_owned(),
        operators: file.operators(),
        kdf: Kdf::of(file.params(), None),
        failed_attempts: file.failed_attempts().into_iter().map(Timestamp::iso).collect(),
        inside: None,
    };
    drop(file);
    let given = &args.open.password;
    if args.unlock || given.password_file.is_some() || given.password_fd.is_some() {
        info.inside = Some(open::with(&args.open, |session| Ok(Inside::of(&session.view())))?);
    }
    Answer::of(json, &info, Info::words)
}

/// What a check found to hold.
#[derive(Serialize)]
struct Checked {
    structure: &'static str,
    entries: u64,
    checkpoints: u64,
    root: String,
    keys: usize,
    /// Values that are stored, and those of them this operator's keys opened.
    values: u64,
    values_opened: u64,
    anchor: &'static str,
    #[serde(skip)]
    anchor_words: String,
}

pub(super) fn check(args: &Open, json: bool) -> Result<Answer, Failure> {
    let checked = open::with(args, |session| {
        let view = session.view();
        let (anchor, anchor_words) = anchor_words(&view.anchor);
        let operations::WholeCheck { log, values } =
            operations::check(session.vault(), &mut |_, _| Walk::Continue(()))?;
        Ok(Checked {
            structure: "ok",
            entries: log.entries,
            checkpoints: log.checkpoints,
            root: hex(&log.root),
            keys: view.keys.all().len(),
            values: values.stored,
            values_opened: values.opened,
            anchor,
            anchor_words,
        })
    })?;
    Answer::of(json, &checked, |c| {
        format!(
            "everything holds: the file's structure, {} log entries, {} checkpoints, {} keys, {} values, of which {} \
             were opened\nrollback protection {}\n",
            c.entries, c.checkpoints, c.keys, c.values, c.values_opened, c.anchor_words
        )
    })
}

/// A password that was replaced.
#[derive(Serialize)]
struct Replaced {
    operator: String,
    kdf: Kdf,
    /// Whether the keys behind the password were replaced too.
    keys_replaced: bool,
}

pub(super) fn passwd(args: &VaultPasswd, json: bool) -> Result<Answer, Failure> {
    let replaced = open::with(&args.open, |session| {
        let new = NewPassword { value: args.new.read()?, weak_because: args.weak.weak_because.clone() };
        let chosen = calibrate(args.unlock.unlock_ms)?;
        let old = session.password().duplicate();
        session.perform(operations::ChangePassword { old, new, params: chosen.params })?;
        let (operator, kdf) = (session.view().me.name.clone(), Kdf::in_force(&session.view(), &chosen));
        Ok(Replaced { operator, kdf, keys_replaced: false })
    })?;
    Answer::of(json, &replaced, |r| {
        format!("the password of {} was changed\nunlock  {}\n\n{RECOVERY}\n", r.operator, r.kdf.words())
    })
}

pub(super) fn exposed(args: &VaultExposed, json: bool) -> Result<Answer, Failure> {
    let replaced = open::with(&args.open, |session| {
        let new = NewPassword { value: args.new.read()?, weak_because: args.weak.weak_because.clone() };
        let chosen = calibrate(args.unlock.unlock_ms)?;
        let old = session.password().duplicate();
        operations::password_exposed(
            session.vault(),
            &old,
            &new,
            chosen.params,
            &args.reason,
            &mut |_, _| Walk::Continue(()),
        )?;
        let (operator, kdf) = (session.view().me.name.clone(), Kdf::in_force(&session.view(), &chosen));
        Ok(Replaced { operator, kdf, keys_replaced: true })
    })?;
    Answer::of(json, &replaced, |r| {
        format!(
            "the password of {} and every key behind it were replaced\nunlock  {}\n\nCopies of the file made before now still open \
             with the old password: rotate every key they hold.\n",
            r.operator,
            r.kdf.words()
        )
    })
}

/// Where a backup went.
#[derive(Serialize)]
struct BackedUp {
    path: String,
    entries: u64,
}

pub(super) fn backup(args: &VaultBackup, json: bool) -> Result<Answer, Failure> {
    open::need_folder(&args.to)?;
    let backed_up = open::with(&args.open, |session| {
        let copied = operations::backup(session.vault(), &args.to, &mut |_, _| Walk::Continue(()));
        copied.map_err(|error| match error {
            VaultError::Store(StoreError::Exists) => Failure::from(error).about(&args.to),
            error => error.into(),
        })?;
        Ok(BackedUp { path: args.to.display().to_string(), entries: session.view().log_size })
    })?;
    Answer::of(json, &backed_up, |b| format!("backed up to {} and checked by opening the copy", b.path))
}

/// A restored file that was accepted.
#[derive(Serialize)]
struct Accepted {
    path: String,
    /// False where the file did not disagree with what this computer remembers: there was nothing to accept.
    accepted: bool,
    entries: u64,
    root: String,
}

pub(super) fn accept_restored(args: &VaultAccept, json: bool) -> Result<Answer, Failure> {
    if args.reason.trim().is_empty() {
        return Err(VaultError::ReasonNeeded.into());
    }
    let accepted = open::with_accepted(&args.open, Some(&args.reason), |session| {
        let view = session.view();
        let mut accepted = false;
        session.vault().events(view.session.log_size_at_start, &mut |event| {
            accepted |= event.action == Action::VaultAcceptRestored;
            Walk::Continue(())
        })?;
        let (entries, root) = (view.log_size, hex(&view.log_root));
        Ok(Accepted { path: args.open.vault.display().to_string(), accepted, entries, root })
    })?;
    Answer::of(json, &accepted, |a| match a.accepted {
        true => format!(
            "{} is accepted as it is: its log goes on from {} entries\nroot  {}\n",
            a.path, a.entries, a.root
        ),
        false => {
            format!("{} is not older than what this computer remembers; there was nothing to accept", a.path)
        }
    })
}
