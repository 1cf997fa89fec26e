//! One exported entry and the exported roster: what is signed in Base64, and beside it the same in words.

use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};

use crate::audit::leaf::{Details, Record};
use crate::audit::roster::{Roster, SignedRoster};
use crate::model::{Action, Change, Timestamp};

use super::EXPORT_FORMAT;

/// One entry of the log as one line of JSON. The fields up to `os_user` are for people; the rest is the proof.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedEntry {
    /// Its place in the log, from 0.
    pub seq: u64,
    /// When, in UTC by the workstation's clock (RFC 3339, milliseconds).
    pub time: String,
    /// Who signed it: the name in the roster of that moment.
    pub operator: String,
    /// The signer's id in hex.
    pub operator_id: String,
    /// The session's tag in hex.
    pub session: String,
    /// What was done: the dotted name.
    pub action: String,
    /// The details in words; absent where they were withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<ExportedDetails>,
    /// The signed leaf, body and signature, in Base64.
    pub leaf: String,
    /// The leaf's hash in the tree, in hex.
    pub hash: String,
    /// The rows it changed, in Base64.
    pub delta: String,
    /// The salt of the details' commitment in Base64; absent where they were withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The details as they were committed to, in Base64; absent where they were withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
}

/// The disclosed details of an entry in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedDetails {
    /// To what it was done.
    pub object: String,
    /// The id of the key in hex, where it was done to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// How much it matters.
    pub severity: String,
    /// The reason given, or what went wrong.
    pub reason: String,
    /// What changed.
    pub changes: Vec<Change>,
    /// The workstation.
    pub host: String,
    /// The account on the workstation.
    pub os_user: String,
}

/// The roster as JSON.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedRoster {
    /// [`EXPORT_FORMAT`].
    pub format: u32,
    /// The vault's id in hex.
    pub vault: String,
    /// The hash of the first version in hex: what was written down when the vault was made.
    pub genesis: String,
    /// Everyone named by the newest version, in words.
    pub operators: Vec<ExportedOperator>,
    /// The signed bytes of each version in Base64, oldest first.
    pub versions: Vec<String>,
}

/// One operator in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedOperator {
    /// Their id in hex.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: String,
    /// The Ed25519 public key their signatures verify with, in hex.
    pub verify_key: String,
    /// When they were added.
    pub added: String,
    /// When they were removed, where they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<String>,
}

impl ExportedEntry {
    /// The entry for a record, or `None` where its details or its action cannot be read or its signer is not in `roster`.
    #[must_use]
    pub fn of(record: &Record, roster: &Roster, disclose_details: bool) -> Option<Self> {
        let leaf = &record.signed.leaf;
        let signer = roster.version(leaf.roster_version)?.operator(leaf.operator)?;
        let details = if disclose_details { Some(Details::decode(&record.details).ok()?) } else { None };
        Some(Self {
            seq: leaf.seq,
            time: moment(leaf.time),
            operator: signer.name.clone(),
            operator_id: leaf.operator.to_string(),
            session: leaf.session.to_string(),
            action: Action::from_number(leaf.action)?.name().to_owned(),
            event: details.map(ExportedDetails::of),
            leaf: BASE64.encode(record.signed.bytes()),
            hash: HEXLOWER.encode(&record.signed.hash()),
            delta: BASE64.encode(&record.delta.encode()),
            salt: disclose_details.then(|| BASE64.encode(&record.salt)),
            details: disclose_details.then(|| BASE64.encode(&record.details)),
        })
    }
}

impl ExportedDetails {
    fn of(details: Details) -> Self {
        Self {
            object: details.object.words(),
            key_id: details.object.key_id().map(|id| id.to_string()),
            outcome: details.outcome.word().to_owned(),
            severity: details.severity.word().to_owned(),
            reason: details.reason,
            changes: details.changes,
            host: details.host,
            os_user: details.os_user,
        }
    }
}

impl ExportedRoster {
    /// A verified roster.
    #[must_use]
    pub fn of(roster: &Roster) -> Self {
        let last = roster.current();
        let operators = last.operators.iter().map(|o| ExportedOperator {
            id: o.id.to_string(),
            name: o.name.clone(),
            role: o.role.word().to_owned(),
            verify_key: HEXLOWER.encode(&o.verify_key),
            added: moment(o.added),
            removed: o.removed.map(moment),
        });
        let encode = |version: &SignedRoster| BASE64.encode(version.bytes());
        Self {
            format: EXPORT_FORMAT,
            vault: last.vault.to_string(),
            genesis: HEXLOWER.encode(&roster.genesis()),
            operators: operators.collect(),
            versions: roster.versions().iter().map(encode).collect(),
        }
    }
}

/// The entry as the one line it is in the file, without the line break.
///
/// # Errors
/// Only where JSON cannot be written at all.
pub fn entry_to_json(entry: &ExportedEntry) -> Result<String, serde_json::Error> {
    serde_json::to_string(entry)
}

/// The roster as it is in the file.
///
/// # Errors
/// Only where JSON cannot be written at all.
pub fn roster_to_json(roster: &ExportedRoster) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(roster).map(|text| text + "\n")
}

/// RFC 3339 in UTC with milliseconds: the whole of what was signed.
fn moment(time: Timestamp) -> String {
    time.utc().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
