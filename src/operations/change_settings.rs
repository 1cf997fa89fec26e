//! Changing the vault's limits and rotation policies. What makes any of them weaker, or a policy longer than is advised for the
//! keys it decides for, is a warning in the log.
//!
//! Only what was asked for is changed, in what the file holds now: what another program changed meanwhile stays. Where both changed
//! the same, nothing is written, and the error says what.

use std::sync::Arc;

use crate::guard::unusual::Rule;
use crate::model::operator::Permission;
use crate::model::settings::{Later, Number, Switch};
use crate::model::unusual_limits;
use crate::model::{
    Action, Change, KeyRecord, Object, Policy, PolicyChoice, Settings, Severity, UnusualLimits, due, text,
};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{optional_reason, yes_no};
use super::settings_edit::SettingsEdit;

/// Changes the vault's settings.
pub struct ChangeSettings {
    /// What of them.
    pub edit: SettingsEdit,
    /// Why; may be empty.
    pub reason: String,
}

impl ChangeSettings {
    /// What differs in `after` from the settings as they are known here.
    #[must_use]
    pub fn of(before: &Settings, after: Settings, reason: impl Into<String>) -> Self {
        Self { edit: SettingsEdit { before: before.clone(), after }, reason: reason.into() }
    }
}

impl Operation for ChangeSettings {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::VaultSettings
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::password_again(Permission::ChangeSettings)
    }

    fn entry(&self, view: &View) -> Entry {
        let mut entry = Entry::new(Action::VaultSettings, Object::Vault).because(self.reason.trim());
        let SettingsEdit { before, after } = &self.edit;
        let merged = self.edit.on(&view.settings);
        // What is refused is told as it was asked for.
        let (now, next) = merged.as_ref().map_or((before, after), |next| (&*view.settings, next));
        if now.is_weakened_by(next) || becomes_too_long(view, now, next) {
            entry.severity = entry.severity.max(Severity::Warn);
        }
        entry
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        optional_reason(&self.reason)?;
        let mut edit = self.edit;
        let after = &mut edit.after;
        after.vault_name = text::name("the vault's name", &after.vault_name)?;
        for policy in &mut after.policies {
            policy.name = text::name("the policy's name", &policy.name)?;
            // It stands for a type once.
            for key_type in std::mem::take(&mut policy.default_for) {
                if !policy.default_for.contains(&key_type) {
                    policy.default_for.push(key_type);
                }
            }
        }
        after.later.unusual.off.retain(|word| Rule::from_word(word).is_some());
        let now = tx.settings().clone();
        let next = edit.on(&now)?;
        next.check()?;
        check_policy_names(&now, &next)?;
        check_removed_policies(tx.view(), &now, &next)?;
        note_changes(tx, &now, &next);
        note_later(tx, &now.later, &next.later);
        note_policies(tx, &now.policies, &next.policies);
        tx.put_settings(next)
    }
}

/// Whether a policy is longer than a type it decides for should be in use, and was not so before.
fn becomes_too_long(view: &View, now: &Settings, next: &Settings) -> bool {
    let types = |settings: &Settings, policy: &Policy| {
        due::too_long_for(policy, settings, view.keys.all().iter().map(AsRef::as_ref))
    };
    next.policies.iter().any(|policy| {
        let before = now.policies.iter().find(|old| old.id == policy.id);
        let before = before.map_or_else(Vec::new, |old| types(now, old));
        types(next, policy).iter().any(|key_type| !before.contains(key_type))
    })
}

/// A key whose policy is gone would never be due again, and nobody would notice: whether it names it or has it by its type.
fn check_removed_policies(view: &View, now: &Settings, next: &Settings) -> Result<(), VaultError> {
    for policy in &now.policies {
        if next.policies.iter().any(|p| p.id == policy.id) {
            continue;
        }
        let has_it = |key: &&Arc<KeyRecord>| due::policy_of(key, now).is_some_and(|p| p.id == policy.id);
        let living = view.keys.all().iter().filter(|key| key.state.may_be_read());
        let without = living.filter(has_it).filter(|key| due::policy_of(key, next).is_none());
        let (mut keys, mut named) = (0, 0);
        for key in without {
            keys += 1;
            named += usize::from(key.policy == PolicyChoice::Named(policy.id));
        }
        if keys > 0 {
            return Err(VaultError::PolicyInUse { policy: policy.name.clone(), keys, named });
        }
    }
    Ok(())
}

/// Whoever names a policy must mean one. Two that have one name already keep it until one of them is named anew.
fn check_policy_names(now: &Settings, next: &Settings) -> Result<(), VaultError> {
    for policy in &next.policies {
        let known = now.policies.iter().find(|old| old.id == policy.id);
        let is_named_anew = known.is_none_or(|old| !old.is_named(&policy.name));
        let taken =
            || next.policies.iter().any(|other| other.id != policy.id && other.is_named(&policy.name));
        if is_named_anew && taken() {
            return Err(VaultError::PolicyNameTaken(policy.name.clone()));
        }
    }
    Ok(())
}

fn note_changes(tx: &mut Transaction<'_>, now: &Settings, next: &Settings) {
    tx.note_change(Change::of("vault name", now.vault_name.as_str(), next.vault_name.as_str()));
    for Number { name, short, of, .. } in Settings::NUMBERS {
        let words = |settings| format!("{} {short}", of(settings));
        tx.note_change(Change::of(name, words(now), words(next)));
    }
    for Switch { name, of, .. } in Settings::SWITCHES {
        tx.note_change(Change::of(name, yes_no(of(now)), yes_no(of(next))));
    }
}

fn note_later(tx: &mut Transaction<'_>, now: &Later, next: &Later) {
    tx.note_change(Change::of("unlock cost", now.unlock_cost.words(), next.unlock_cost.words()));
    for unusual_limits::Number { name, unit, of, .. } in UnusualLimits::NUMBERS {
        let words = |limits| format!("{} {unit}", of(limits));
        tx.note_change(Change::of(name, words(&now.unusual), words(&next.unusual)));
    }
    for rule in Rule::ALL {
        let is_on = |later: &Later| yes_no(!later.unusual.off.iter().any(|off| off == rule.word()));
        tx.note_change(Change::of(&format!("rule {}", rule.word()), is_on(now), is_on(next)));
    }
}

fn note_policies(tx: &mut Transaction<'_>, now: &[Policy], next: &[Policy]) {
    let find = |list: &[Policy], policy: &Policy| list.iter().find(|p| p.id == policy.id).cloned();
    for old in now {
        let after = find(next, old).as_ref().map(policy_words).unwrap_or_default();
        tx.note_change(Change::of(&format!("policy {}", old.name), policy_words(old), after));
    }
    for new in next.iter().filter(|new| find(now, new).is_none()) {
        tx.note_change(Change::of(&format!("policy {}", new.name), "", policy_words(new)));
    }
}

/// A policy in one line: "Token 90 d: every 90 d, overlap 1 d, for api-token".
fn policy_words(policy: &Policy) -> String {
    let every = policy.interval_days.map_or("on evidence only".to_owned(), |days| format!("every {days} d"));
    let types: Vec<_> = policy.default_for.iter().map(|t| t.word()).collect();
    let types = if types.is_empty() { String::new() } else { format!(", for {}", types.join(" ")) };
    format!("{}: {every}, overlap {} d{types}", policy.name, policy.overlap_days)
}
