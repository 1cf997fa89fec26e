//! How single words of a line are read: types, roles, reason codes, days and moments, yes and no.

use std::sync::OnceLock;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::model::state::CompromiseReason;
use crate::model::{KeyType, Role, Timestamp};

pub(super) fn key_type() -> impl TypedValueParser<Value = KeyType> {
    let words = PossibleValuesParser::new(KeyType::ALL.map(KeyType::word));
    words.try_map(|word| KeyType::from_word(&word).ok_or("no such type"))
}

/// The roles of people; that of the recovery kit is nobody's.
pub(super) fn role() -> impl TypedValueParser<Value = Role> {
    const ROLES: [Role; 3] = [Role::Administrator, Role::Custodian, Role::Auditor];
    let words = PossibleValuesParser::new(ROLES.map(Role::word));
    words.try_map(|word| ROLES.into_iter().find(|role| role.word() == word).ok_or("no such role"))
}

pub(super) fn compromise_reason() -> impl TypedValueParser<Value = CompromiseReason> {
    let words = PossibleValuesParser::new(CompromiseReason::ALL.map(CompromiseReason::word));
    words.try_map(|word| CompromiseReason::ALL.into_iter().find(|r| r.word() == word).ok_or("no such reason"))
}

pub(super) fn moment(text: &str) -> Result<Timestamp, &'static str> {
    // The same moment wherever a command line says so.
    static NOW: OnceLock<Timestamp> = OnceLock::new();
    if text == "now" {
        return Ok(*NOW.get_or_init(crate::cli::keys::now));
    }
    Timestamp::parse(text).ok_or("write it as 2026-11-30 or 2026-11-30T14:05:00Z, or now")
}

/// A day, or that there is none.
pub(super) type Expiry = Option<Timestamp>;

pub(super) fn day_or_none(text: &str) -> Result<Expiry, &'static str> {
    if text.trim().is_empty() { Ok(None) } else { day(text).map(Some) }
}

/// A day as people and scripts write it.
pub(super) fn day(text: &str) -> Result<Timestamp, &'static str> {
    Timestamp::parse(text.trim()).ok_or("write a day as 2026-12-31")
}

pub(super) fn yes_or_no(text: &str) -> Result<bool, &'static str> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("write yes or no"),
    }
}
