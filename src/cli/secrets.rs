//! `key add`, `key reveal`, `key rotate`: where values go in and come out.

use serde::Serialize;

use super::args::{KeyAdd, KeyReveal, KeyRotate};
use super::failure::Failure;
use super::input;
use super::keys::now;
use super::open::{self, Session};
use super::output::{self, Answer};
use super::tell::KeyFull;
use crate::formats::encode::{self, Writing};
use crate::model::{KeyAround, KeyId, Policy, PolicyChoice};
use crate::operations::{CreateKey, KeyDraft, Reveal, Revealed, Rotate, Suspected};
use crate::vault::{VaultError, View};

pub(super) fn add(args: &KeyAdd, json: bool) -> Result<Answer, Failure> {
    let key = open::with(&args.open, |session| {
        let draft = KeyDraft {
            owner: args.owner.clone(),
            system: args.system.clone(),
            environment: args.environment.clone(),
            purpose: args.purpose.clone(),
            tags: args.tags.clone(),
            note: args.note.clone(),
            contact: args.contact.clone(),
            deployed: args.deployed.clone(),
            expires: args.expires,
            critical: args.critical,
            policy: policy(args, &session.view())?,
            around: args.around.over(KeyAround::default(), &session.view())?,
            ..KeyDraft::new(args.name.clone(), args.key_type)
        };
        let value = input::value(&args.value, args.key_type)?;
        let id = session.perform(CreateKey { draft, value, activate: !args.pre_active })?;
        told(session, id)
    })?;
    Answer::of(json, &key, |key| format!("added {}", key.line_words()))
}

fn policy(args: &KeyAdd, view: &View) -> Result<PolicyChoice, Failure> {
    if let Some(reason) = &args.exempt {
        return Ok(PolicyChoice::Exempt { reason: reason.clone() });
    }
    let Some(name) = &args.policy else { return Ok(PolicyChoice::TypeDefault) };
    policy_named(name, view)
}

/// The policy with this name, in either case; where there is none, the error lists those there are.
pub(super) fn policy_named(name: &str, view: &View) -> Result<PolicyChoice, Failure> {
    let policies = &view.settings.policies;
    let found = policies.iter().find(|p| p.is_named(name));
    found.map(|p| PolicyChoice::Named(p.id)).ok_or_else(|| no_policy(name, policies))
}

/// There is none with this name; there are these.
pub(super) fn no_policy(name: &str, policies: &[Policy]) -> Failure {
    let names: Vec<_> = policies.iter().map(|p| p.name.as_str()).collect();
    let code = Failure::from(VaultError::NoSuchPolicy).code;
    Failure::new(code, format!("there is no policy named {name}; there are: {}", names.join(", ")))
}

pub(super) fn reveal(args: &KeyReveal) -> Result<Answer, Failure> {
    output::need_standard_output()?;
    let revealed = open::with(&args.open, |session| {
        let key = session.view().find(&args.key)?.id;
        session.perform(Reveal { key, version: args.version, reason: args.reason.clone() })
    })?;
    Ok(Answer::Secret(written(&revealed, args.raw)))
}

/// Text as it is, bytes as hex, unless they are wanted raw.
fn written(revealed: &Revealed, raw: bool) -> crate::crypto::memory::SecretBuf {
    let Revealed { value, key_type, .. } = revealed;
    let plain = raw || encode::writing(*key_type, value) == Writing::Plain;
    encode::write(value, if plain { Writing::Plain } else { Writing::Hex })
}

/// A rotation that was done.
#[derive(Serialize)]
struct Rotated {
    /// The number of the new version.
    new_version: u32,
    #[serde(flatten)]
    key: KeyFull,
}

pub(super) fn rotate(args: &KeyRotate, json: bool) -> Result<Answer, Failure> {
    let rotated = open::with(&args.open, |session| {
        let (key, key_type) = {
            let view = session.view();
            let found = view.find(&args.key)?;
            (found.id, found.key_type)
        };
        let value = input::value(&args.value, key_type)?;
        let new_version = session.perform(Rotate {
            key,
            value,
            reason: args.reason.clone(),
            overlap_days: args.overlap_days,
            expires: args.expires,
            keep_schedule: args.keep_schedule,
            compromise: suspected(args),
        })?;
        Ok(Rotated { new_version, key: told(session, key)? })
    })?;
    Answer::of(json, &rotated, |r| format!("rotated {}", r.key.line_words()))
}

/// What is known of the value that is replaced, where it is in the wrong hands.
fn suspected(args: &KeyRotate) -> Option<Suspected> {
    let reason = args.compromised?;
    let noticed = args.noticed.unwrap_or_else(now);
    Some(Suspected { reason, occurred: args.occurred.unwrap_or(noticed), noticed })
}

/// A key as it is now.
pub(super) fn told(session: &Session, id: KeyId) -> Result<KeyFull, Failure> {
    let view = session.view();
    let key = view.keys.get(id).ok_or_else(|| VaultError::NoSuchKey(id.to_string()))?;
    Ok(KeyFull::of(key, &view, now()))
}
