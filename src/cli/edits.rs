//! `key edit`, `key tag` and `policy list`: what is known about keys, and what decides when they are due.

use serde::Serialize;

use super::args::{KeyEdit, KeyTag, Open};
use super::failure::Failure;
use super::open;
use super::output::{Answer, table};
use super::secrets::{policy_named, told};
use super::tell::KeyFull;
use crate::model::due::{Due, due, policy_of, too_long_for};
use crate::model::policy::too_long_words;
use crate::model::{KeyState, PolicyChoice, PolicyId};
use crate::operations::{EditKey, KeyDraft, TagKey};
use crate::vault::View;

/// Changes what was named and leaves the rest.
pub(super) fn edit(args: &KeyEdit, json: bool) -> Result<Answer, Failure> {
    if args.is_empty() {
        return Err(Failure::usage(
            "name what is to be changed, such as --owner; see keyroom key edit --help",
        ));
    }
    let key = open::with(&args.open, |session| {
        let view = session.view();
        let record = view.find(&args.key)?;
        let (key, now) = (record.id, KeyDraft::from_record(record));
        let policy = match (&args.policy, &args.exempt) {
            (Some(name), _) => policy_named(name, &view)?,
            (None, Some(reason)) => PolicyChoice::Exempt { reason: reason.clone() },
            (None, None) if args.default_policy => PolicyChoice::TypeDefault,
            (None, None) => now.policy.clone(),
        };
        let text = |wish: &Option<String>, now: String| wish.clone().unwrap_or(now);
        let draft = KeyDraft {
            name: text(&args.name, now.name),
            owner: text(&args.owner, now.owner),
            system: text(&args.system, now.system),
            environment: text(&args.environment, now.environment),
            purpose: text(&args.purpose, now.purpose),
            note: text(&args.note, now.note),
            contact: text(&args.contact, now.contact),
            deployed: text(&args.deployed, now.deployed),
            expires: args.expires.unwrap_or(now.expires),
            critical: args.critical.unwrap_or(now.critical),
            policy,
            key_type: now.key_type,
            tags: now.tags,
            around: args.around.over(now.around, &view)?,
        };
        session.perform(EditKey::of(record, draft))?;
        told(session, key)
    })?;
    Answer::of(json, &key, |key| format!("edited {}", key.line_words()))
}

pub(super) fn tag(args: &KeyTag, json: bool) -> Result<Answer, Failure> {
    let key = open::with(&args.open, |session| {
        let key = session.view().find(&args.key)?.id;
        session.perform(TagKey { key, add: args.add.clone(), remove: args.remove.clone() })?;
        told(session, key)
    })?;
    Answer::of(json, &key, KeyFull::tags_words)
}

/// A rotation policy.
#[derive(Serialize)]
pub(super) struct PolicyTold {
    #[serde(skip)]
    pub id: PolicyId,
    name: String,
    /// Null: only when something happens.
    interval_days: Option<u32>,
    overlap_days: u32,
    default_for: Vec<&'static str>,
    /// Keys it decides for that are not destroyed.
    keys: usize,
    /// Those of them that are late.
    overdue: usize,
    /// That it is longer than is advised for keys it decides for.
    warning: Option<String>,
}

pub(super) fn policies(args: &Open, json: bool) -> Result<Answer, Failure> {
    let told = open::with(args, |session| Ok(policies_told(&session.view())))?;
    Answer::of(json, &told, |told| PolicyTold::table(told))
}

/// Every policy, with the keys it decides for.
pub(super) fn policies_told(view: &View) -> Vec<PolicyTold> {
    let (settings, now) = (&view.settings, super::keys::now());
    let policy = |policy: &crate::model::Policy| {
        let decides = |key: &&std::sync::Arc<crate::model::KeyRecord>| {
            key.state != KeyState::Destroyed && policy_of(key, settings).is_some_and(|p| p.id == policy.id)
        };
        let keys: Vec<_> = view.keys.all().iter().filter(decides).collect();
        let overdue = keys.iter().filter(|key| matches!(due(key, settings, now), Due::Late(_))).count();
        PolicyTold {
            id: policy.id,
            name: policy.name.clone(),
            interval_days: policy.interval_days,
            overlap_days: policy.overlap_days,
            default_for: policy.default_for.iter().map(|key_type| key_type.word()).collect(),
            keys: keys.len(),
            overdue,
            warning: too_long_words(&too_long_for(
                policy,
                settings,
                view.keys.all().iter().map(AsRef::as_ref),
            )),
        }
    };
    settings.policies.iter().map(policy).collect()
}

impl PolicyTold {
    pub(super) fn table(told: &[Self]) -> String {
        let row = |p: &Self| {
            let every = p.interval_days.map_or("on evidence".to_owned(), |days| format!("{days} d"));
            let overlap = format!("{} d", p.overlap_days);
            let counts = [p.keys.to_string(), p.overdue.to_string()];
            [p.name.clone(), every, overlap]
                .into_iter()
                .chain(counts)
                .chain([p.default_for.join(" ")])
                .collect()
        };
        let rows: Vec<Vec<String>> = told.iter().map(row).collect();
        let mut words = table(&["POLICY", "EVERY", "OVERLAP", "KEYS", "OVERDUE", "DEFAULT FOR"], &rows);
        for policy in told {
            if let Some(warning) = &policy.warning {
                words.push_str(&format!("{}: {warning}\n", policy.name));
            }
        }
        words
    }
}
