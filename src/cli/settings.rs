//! `vault settings`, `vault unlock-time`, `policy set` and `policy remove`: the limits of a vault and what decides when keys are
//! due. A change asks for the password again, which is the one that unlocked, and is in the log with what was before.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::args::{PolicyRemove, PolicySet, VaultSettings, VaultUnlockTime};
use super::create::{Kdf, calibrate};
use super::edits::{PolicyTold, policies_told};
use super::failure::Failure;
use super::open;
use super::output::{Answer, table};
use crate::guard::unusual::Rule;
use crate::model::{KeyType, Policy, PolicyId, Settings, UnusualLimits};
use crate::operations::{self, ChangeSettings};
use crate::vault::VaultError;

/// Lists the settings; changes those that were named first.
pub(super) fn settings(args: &VaultSettings, json: bool) -> Result<Answer, Failure> {
    let told = open::with(&args.open, |session| {
        if !args.set.is_empty() {
            let before = Arc::clone(&session.view().settings);
            let mut settings = (*before).clone();
            for wish in &args.set {
                set(&mut settings, wish)?;
            }
            session.perform(ChangeSettings::of(&before, settings, args.reason.as_str()))?;
        }
        Ok(lines(&session.view().settings))
    })?;
    let data: Map<String, Value> = told.iter().map(|line| (line.name.clone(), line.value.clone())).collect();
    Answer::of(json, &data, |_| {
        let rows: Vec<_> = told.iter().map(|l| vec![l.name.clone(), l.words(), l.bounds.clone()]).collect();
        table(&["SETTING", "VALUE", "MAY BE"], &rows)
    })
}

/// One setting as it is told.
struct Line {
    name: String,
    value: Value,
    unit: &'static str,
    bounds: String,
}

impl Line {
    fn words(&self) -> String {
        match &self.value {
            Value::Bool(is) => yes_no(*is).to_owned(),
            Value::String(text) => text.clone(),
            other => format!("{other} {}", self.unit),
        }
    }
}

fn lines(settings: &Settings) -> Vec<Line> {
    let number = |name, value: u32, (min, max): (u32, u32), unit| Line {
        name: word(name),
        value: json!(value),
        unit,
        bounds: format!("{min} to {max}"),
    };
    let switch = |name: String, is: bool| Line { name, value: json!(is), unit: "", bounds: "yes, no".into() };
    let name =
        Line { name: NAME.into(), value: json!(settings.vault_name), unit: "", bounds: "a name".into() };
    let unusual = &settings.later.unusual;
    [name]
        .into_iter()
        .chain(Settings::NUMBERS.iter().map(|n| number(n.name, (n.of)(settings), (n.min, n.max), n.unit)))
        .chain(Settings::SWITCHES.iter().map(|s| switch(word(s.name), (s.of)(settings))))
        .chain(UnusualLimits::NUMBERS.iter().map(|n| number(n.name, (n.of)(unusual), (n.min, n.max), n.unit)))
        .chain(Rule::ALL.into_iter().map(|rule| switch(rule_word(rule), !is_off(unusual, rule))))
        .collect()
}

const NAME: &str = "vault-name";

/// Follows one `NAME=VALUE`. Bounds are checked where the change is made.
fn set(settings: &mut Settings, wish: &str) -> Result<(), Failure> {
    let Some((name, value)) = wish.split_once('=') else {
        return Err(Failure::usage(format!("{wish} is no NAME=VALUE; see keyroom vault settings --help")));
    };
    if name == NAME {
        value.clone_into(&mut settings.vault_name);
        return Ok(());
    }
    if let Some(number) = Settings::NUMBERS.iter().find(|n| word(n.name) == name) {
        *(number.at)(settings) = whole(name, value)?;
        return Ok(());
    }
    if let Some(switch) = Settings::SWITCHES.iter().find(|s| word(s.name) == name) {
        *(switch.at)(settings) = yes(name, value)?;
        return Ok(());
    }
    let unusual = &mut settings.later.unusual;
    if let Some(number) = UnusualLimits::NUMBERS.iter().find(|n| word(n.name) == name) {
        *(number.at)(unusual) = whole(name, value)?;
        return Ok(());
    }
    if let Some(rule) = Rule::ALL.into_iter().find(|rule| rule_word(*rule) == name) {
        unusual.off.retain(|off| off != rule.word());
        if !yes(name, value)? {
            unusual.off.push(rule.word().to_owned());
        }
        return Ok(());
    }
    let names: Vec<_> = lines(settings).into_iter().map(|line| line.name).collect();
    Err(Failure::usage(format!("there is no setting named {name}; there are: {}", names.join(", "))))
}

fn word(name: &str) -> String {
    name.replace(' ', "-")
}

fn rule_word(rule: Rule) -> String {
    format!("rule-{}", rule.word())
}

fn is_off(unusual: &UnusualLimits, rule: Rule) -> bool {
    unusual.off.iter().any(|off| off == rule.word())
}

fn whole(name: &str, value: &str) -> Result<u32, Failure> {
    value.parse().map_err(|_| Failure::usage(format!("{name} takes a whole number, not {value}")))
}

fn yes(name: &str, value: &str) -> Result<bool, Failure> {
    match value {
        // As it is told in words, and in JSON.
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err(Failure::usage(format!("{name} takes yes or no, not {value}"))),
    }
}

fn yes_no(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

/// Asks for another unlock time, of the vault and of the operator's own password at once.
pub(super) fn unlock_time(args: &VaultUnlockTime, json: bool) -> Result<Answer, Failure> {
    let kdf = open::with(&args.open, |session| {
        let chosen = calibrate(args.unlock.unlock_ms)?;
        let password = session.password().duplicate();
        operations::change_unlock_time(session.vault(), &password, chosen.params)?;
        Ok(Kdf::in_force(&session.view(), &chosen))
    })?;
    Answer::of(json, &kdf, |kdf| format!("unlock  {}", kdf.words()))
}

/// Makes a policy, or changes the one that has this name.
pub(super) fn set_policy(args: &PolicySet, json: bool) -> Result<Answer, Failure> {
    let told = open::with(&args.open, |session| {
        let before = Arc::clone(&session.view().settings);
        let mut settings = (*before).clone();
        let at = match find(&settings, &args.name) {
            Some(at) => at,
            None if args.every.is_none() && !args.on_evidence => {
                let words = format!(
                    "there is no policy named {} to change; a new one needs --every or --on-evidence",
                    args.name
                );
                return Err(Failure::usage(words));
            }
            None => {
                settings.policies.push(Policy {
                    id: PolicyId(crate::crypto::random_bytes().map_err(VaultError::from)?),
                    name: args.name.clone(),
                    interval_days: None,
                    overlap_days: 0,
                    default_for: Vec::new(),
                });
                settings.policies.len() - 1
            }
        };
        // A type has one default policy: the newest choice wins, as in the window.
        for policy in &mut settings.policies {
            policy.default_for.retain(|key_type| !args.default_for.contains(key_type));
        }
        let policy = &mut settings.policies[at];
        if args.every.is_some() || args.on_evidence {
            policy.interval_days = args.every;
        }
        policy.overlap_days = args.overlap_days.unwrap_or(policy.overlap_days);
        let new = KeyType::ALL.into_iter().filter(|key_type| args.default_for.contains(key_type));
        policy.default_for.extend(new);
        if let Some(name) = &args.rename {
            policy.name.clone_from(name);
        }
        let id = policy.id;
        session.perform(ChangeSettings::of(&before, settings, args.reason.as_str()))?;
        let told = policies_told(&session.view());
        Ok(told.into_iter().find(|policy| policy.id == id))
    })?;
    Answer::of(json, &told, |told| PolicyTold::table(told.as_slice()))
}

/// Takes a policy away that decides for no key by name.
pub(super) fn remove_policy(args: &PolicyRemove, json: bool) -> Result<Answer, Failure> {
    let told = open::with(&args.open, |session| {
        let before = Arc::clone(&session.view().settings);
        let mut settings = (*before).clone();
        let Some(at) = find(&settings, &args.name) else {
            return Err(super::secrets::no_policy(&args.name, &settings.policies));
        };
        settings.policies.remove(at);
        session.perform(ChangeSettings::of(&before, settings, args.reason.as_str()))?;
        Ok(policies_told(&session.view()))
    })?;
    Answer::of(json, &told, |told| PolicyTold::table(told))
}

fn find(settings: &Settings, name: &str) -> Option<usize> {
    settings.policies.iter().position(|policy| policy.is_named(name))
}
