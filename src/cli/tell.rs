//! Keys, versions, events and sessions as the command line tells them: the JSON of the manual, and the same in words.
//!
//! Moments are RFC 3339 in UTC in JSON, and the workstation's time in words. Field names never change; new ones may come.

use serde::Serialize;

use super::output::{fields, table};
use crate::audit::sessions::SessionSummary;
use crate::model::due::{due, due_date};
use crate::model::usage::Usage;
use crate::model::{
    Change, Event, KeyId, KeyRecord, Object, Origin, PolicyChoice, Settings, Timestamp, VersionRecord,
};
use crate::vault::View;

/// A key in a list.
#[derive(Serialize)]
pub(super) struct KeyLine {
    id: String,
    name: String,
    #[serde(rename = "type")]
    key_type: &'static str,
    owner: String,
    system: String,
    tags: Vec<String>,
    version: u32,
    state: &'static str,
    #[serde(skip)]
    state_words: &'static str,
    /// Whether it was ever marked as compromised, whatever became of it.
    compromised: bool,
    /// Null where there is no date: on evidence only, exempt, without a policy, or not in use.
    due: Option<String>,
    /// Days to the date, negative where late; null as above.
    due_in_days: Option<i64>,
    #[serde(skip)]
    due_words: String,
}

impl KeyLine {
    pub(super) fn of(key: &KeyRecord, settings: &Settings, now: Timestamp) -> Self {
        let stands = due(key, settings, now);
        let days = stands.days();
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            key_type: key.key_type.word(),
            owner: key.owner.clone(),
            system: key.system.clone(),
            tags: key.tags.clone(),
            version: key.current_number(),
            state: key.state.word(),
            state_words: key.state_words(),
            compromised: key.compromise.is_some(),
            due: days.and(due_date(key, settings)).map(Timestamp::iso),
            due_in_days: days,
            due_words: stands.words(),
        }
    }

    pub(super) fn table(keys: &[Self]) -> String {
        let row = |k: &Self| {
            let (name, owner, due) = (k.name.clone(), k.owner.clone(), k.due_words.clone());
            let state = k.state_words.to_owned();
            vec![name, k.key_type.to_owned(), owner, format!("v{}", k.version), state, due]
        };
        let rows: Vec<_> = keys.iter().map(row).collect();
        table(&["NAME", "TYPE", "OWNER", "VERSION", "STATE", "DUE"], &rows)
    }
}

/// Everything known about a key but its values.
#[derive(Serialize)]
pub(super) struct KeyFull {
    #[serde(flatten)]
    line: KeyLine,
    compartment: String,
    environment: String,
    purpose: String,
    note: String,
    contact: String,
    deployed: String,
    critical: bool,
    /// The policy's name; null where the key is exempt or none stands for its type.
    policy: Option<String>,
    exempt: Option<String>,
    created: String,
    activated: Option<String>,
    /// What the rotation period of the version in use counts from.
    counts_from: String,
    /// When its value ends by itself; null where that is not known.
    expires: Option<String>,
    deactivated: Option<String>,
    suspended: Option<String>,
    suspended_at: Option<String>,
    /// By when its suspension is to be looked at again; null where it is not suspended, or no day was set.
    review_by: Option<String>,
    compromise: Option<CompromiseTold>,
    /// Whether that was recorded once its values were destroyed.
    compromised_after_destruction: bool,
    destroy_at: Option<String>,
    destroyed: Option<String>,
    ever_revealed: bool,
    ever_copied: bool,
    ever_exported: bool,
    last_used: Option<String>,
    last_revealed: Option<String>,
    uses: u64,
    sponsor: String,
    custodians: String,
    location: String,
    shared_with: String,
    runbook: String,
    /// Until when what it protected may be processed: set, or by its type; null where it protects nothing.
    process_until: Option<String>,
    process_until_set: bool,
    replaces: Option<OtherKey>,
    /// The keys that took its place.
    replaced_by: Vec<OtherKey>,
    /// What NIST SP 800-57 calls its type; null where that depends on what it is.
    nist_type: Option<&'static str>,
    algorithm: Option<&'static str>,
    strength_bits: Option<u32>,
    /// What a key of its type may be used for, and what it may be in its state.
    usage: Vec<&'static str>,
    usage_now: Vec<&'static str>,
    /// The operators whose role may read its value.
    may_read: Vec<String>,
    pub(super) versions: Vec<VersionTold>,
}

/// A key that another one names.
#[derive(Serialize)]
struct OtherKey {
    id: String,
    name: String,
}

impl OtherKey {
    fn of(id: KeyId, view: &View) -> Self {
        let name = view.keys.get(id).map_or_else(String::new, |key| key.name.clone());
        Self { id: id.to_string(), name }
    }

    fn words(&self) -> String {
        if self.name.is_empty() { self.id.clone() } else { self.name.clone() }
    }
}

#[derive(Serialize)]
struct CompromiseTold {
    code: &'static str,
    occurred: String,
    noticed: String,
    note: String,
}

/// One version of a key.
#[derive(Serialize)]
pub(super) struct VersionTold {
    number: u32,
    state: &'static str,
    origin: &'static str,
    file: Option<String>,
    created: String,
    current_from: String,
    current_to: Option<String>,
    overlap_ends: Option<String>,
    length: u32,
    description: String,
    check_value: Option<String>,
    /// All of it, for programs; people are shown its beginning.
    fingerprint: String,
    #[serde(skip)]
    fingerprint_words: String,
    by: String,
    reason: String,
    #[serde(skip)]
    from_words: String,
}

impl VersionTold {
    fn of(version: &VersionRecord) -> Self {
        let (origin, file) = match &version.origin {
            Origin::Generated => ("generated", None),
            Origin::Entered => ("entered", None),
            Origin::Imported { file } => ("imported", Some(file.clone())),
        };
        Self {
            number: version.number,
            // An overlap that has ended waits for somebody to retire the version, here as in the window.
            state: version.state.word(),
            origin,
            file,
            created: version.created.iso(),
            current_from: version.current_from.iso(),
            current_to: version.current_to.map(Timestamp::iso),
            overlap_ends: version.overlap_ends.map(Timestamp::iso),
            length: version.length,
            description: version.description.clone(),
            check_value: version.check_value.clone(),
            fingerprint: data_encoding::HEXLOWER.encode(&version.fingerprint),
            fingerprint_words: version.fingerprint_short(),
            by: version.by.clone(),
            reason: version.reason.clone(),
            from_words: moment(version.current_from),
        }
    }

    pub(super) fn table(versions: &[Self]) -> String {
        let row = |v: &Self| {
            let words =
                [v.state, &v.from_words, &v.by, v.origin, &v.description, &v.fingerprint_words, &v.reason];
            [format!("v{}", v.number)].into_iter().chain(words.map(str::to_owned)).collect()
        };
        let rows: Vec<Vec<String>> = versions.iter().rev().map(row).collect();
        table(&["VERSION", "STATE", "CURRENT FROM", "BY", "ORIGIN", "WHAT", "FINGERPRINT", "REASON"], &rows)
    }
}

impl KeyFull {
    pub(super) fn of(key: &KeyRecord, view: &View, now: Timestamp) -> Self {
        let settings = &view.settings;
        let until = key.process_until(settings);
        let words = |usage: &[Usage]| usage.iter().map(|usage| usage.word()).collect();
        let exempt = match &key.policy {
            PolicyChoice::Exempt { reason } => Some(reason.clone()),
            _ => None,
        };
        Self {
            line: KeyLine::of(key, settings, now),
            compartment: view.compartment_name(key.compartment).to_owned(),
            environment: key.environment.clone(),
            purpose: key.purpose.clone(),
            note: key.note.clone(),
            contact: key.later.contact.clone(),
            deployed: key.later.deployed.clone(),
            critical: key.critical,
            policy: crate::model::due::policy_of(key, settings).map(|p| p.name.clone()),
            exempt,
            created: key.created.iso(),
            activated: key.activated.map(Timestamp::iso),
            counts_from: key.counts_from().iso(),
            expires: key.later.expires.map(Timestamp::iso),
            deactivated: key.later.deactivated.map(Timestamp::iso),
            suspended: key.suspended.clone(),
            suspended_at: key.life.suspended_at.map(Timestamp::iso),
            review_by: key.life.review_by.map(Timestamp::iso),
            compromise: key.compromise.as_ref().map(|c| CompromiseTold {
                code: c.reason.word(),
                occurred: c.occurred.iso(),
                noticed: c.noticed.iso(),
                note: c.note.clone(),
            }),
            compromised_after_destruction: key.life.compromised_after_destruction,
            destroy_at: key.destroy_at.map(Timestamp::iso),
            destroyed: key.destroyed.map(Timestamp::iso),
            ever_revealed: key.ever_revealed,
            ever_copied: key.ever_copied,
            ever_exported: key.ever_exported,
            last_used: key.last_used.map(Timestamp::iso),
            last_revealed: key.later.last_revealed.map(Timestamp::iso),
            uses: key.later.uses,
            sponsor: key.around.sponsor.clone(),
            custodians: key.around.custodians.clone(),
            location: key.around.location.clone(),
            shared_with: key.around.shared_with.clone(),
            runbook: key.around.runbook.clone(),
            process_until: until.map(|until| until.date.iso()),
            process_until_set: until.is_some_and(|until| until.is_set),
            replaces: key.around.replaces.map(|id| OtherKey::of(id, view)),
            replaced_by: view.replaced_by(key.id).map(|other| OtherKey::of(other.id, view)).collect(),
            nist_type: key.key_type.nist_type(),
            algorithm: key.key_type.algorithm(),
            strength_bits: key.key_type.strength_bits(),
            usage: words(key.key_type.usage()),
            usage_now: words(&key.usage_now()),
            may_read: view.may_read().map(|operator| operator.name.clone()).collect(),
            versions: key.versions.iter().map(VersionTold::of).collect(),
        }
    }

    /// In one line: "payments-db v2 (api-token), active, in 90 days".
    pub(super) fn line_words(&self) -> String {
        let KeyLine { name, version, key_type, state_words: state, due_words, .. } = &self.line;
        let destruction =
            self.destroy_at.as_ref().map_or_else(String::new, |at| format!(", destroyed from {at}"));
        format!("{name} v{version} ({key_type}), {state}, {due_words}{destruction}")
    }

    /// "payments-db: pci prod".
    pub(super) fn tags_words(&self) -> String {
        let tags = if self.line.tags.is_empty() { "no tags".to_owned() } else { self.line.tags.join(" ") };
        format!("{}: {tags}", self.line.name)
    }

    pub(super) fn words(&self) -> String {
        let left = [
            (self.ever_revealed, "revealed"),
            (self.ever_copied, "copied"),
            (self.ever_exported, "exported"),
        ];
        let left: Vec<_> = left.iter().filter(|(did, _)| *did).map(|(_, word)| *word).collect();
        let current = self.versions.iter().find(|v| v.number == self.line.version);
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let compromise = self.compromise.as_ref();
        let replaced_by: Vec<_> = self.replaced_by.iter().map(OtherKey::words).collect();
        fields(&[
            ("name", self.line.name.clone()),
            ("id", self.line.id.clone()),
            ("type", self.line.key_type.to_owned()),
            ("state", self.line.state_words.to_owned()),
            ("version", format!("v{}", self.line.version)),
            ("what", current.map_or_else(String::new, |v| v.description.clone())),
            ("check value", current.and_then(|v| v.check_value.clone()).unwrap_or_default()),
            ("fingerprint", current.map_or_else(String::new, |v| v.fingerprint_words.clone())),
            ("algorithm", self.algorithm.unwrap_or_default().to_owned()),
            ("strength", self.strength_bits.map_or_else(String::new, |bits| format!("{bits} bits"))),
            ("nist type", self.nist_type.unwrap_or_default().to_owned()),
            ("usage", self.usage.join(", ")),
            ("usage now", self.usage_now.join(", ")),
            ("owner", self.line.owner.clone()),
            ("sponsor", self.sponsor.clone()),
            ("custodians", self.custodians.clone()),
            ("system", self.line.system.clone()),
            ("environment", self.environment.clone()),
            ("location", self.location.clone()),
            ("purpose", self.purpose.clone()),
            ("tags", self.line.tags.join(", ")),
            ("note", self.note.clone()),
            ("contact", self.contact.clone()),
            ("deployed", self.deployed.clone()),
            ("shared with", self.shared_with.clone()),
            ("runbook", self.runbook.clone()),
            ("replaces", self.replaces.as_ref().map_or_else(String::new, OtherKey::words)),
            ("replaced by", replaced_by.join(", ")),
            ("critical", if self.critical { "yes".to_owned() } else { String::new() }),
            ("compartment", self.compartment.clone()),
            ("may read", self.may_read.join(", ")),
            ("policy", optional(&self.policy)),
            ("exempt", optional(&self.exempt)),
            ("due", self.line.due_words.clone()),
            ("created", self.created.clone()),
            ("activated", optional(&self.activated)),
            ("counts from", self.counts_from.clone()),
            ("expires", optional(&self.expires)),
            ("deactivated", optional(&self.deactivated)),
            ("process until", optional(&self.process_until)),
            ("suspended", optional(&self.suspended)),
            ("suspended at", optional(&self.suspended_at)),
            ("review by", optional(&self.review_by)),
            ("compromised", compromise.map_or_else(String::new, |c| format!("{}: {}", c.code, c.note))),
            ("occurred", compromise.map_or_else(String::new, |c| c.occurred.clone())),
            ("noticed", compromise.map_or_else(String::new, |c| c.noticed.clone())),
            (
                "found",
                if self.compromised_after_destruction {
                    "after its destruction".to_owned()
                } else {
                    String::new()
                },
            ),
            ("destroyed at", optional(&self.destroy_at)),
            ("destroyed", optional(&self.destroyed)),
            ("ever", left.join(", ")),
            ("last used", optional(&self.last_used)),
            ("last revealed", optional(&self.last_revealed)),
            ("uses", if self.uses > 0 { self.uses.to_string() } else { String::new() }),
        ])
    }
}

/// One entry of the log.
#[derive(Serialize)]
pub(super) struct EventTold {
    seq: u64,
    time: String,
    operator: String,
    operator_id: String,
    session: String,
    action: &'static str,
    category: &'static str,
    severity: &'static str,
    outcome: &'static str,
    object: String,
    key_id: Option<String>,
    version: Option<u32>,
    reason: String,
    changes: Vec<Change>,
    host: String,
    os_user: String,
    sentence: String,
    #[serde(skip)]
    when: String,
}

impl EventTold {
    pub(super) fn of(event: &Event) -> Self {
        let version = match &event.object {
            Object::Key { version, .. } => *version,
            _ => None,
        };
        Self {
            seq: event.seq,
            time: event.time.iso(),
            operator: event.operator.clone(),
            operator_id: event.operator_id.to_string(),
            session: event.session.to_string(),
            action: event.action.name(),
            category: event.action.category().word(),
            severity: event.severity.word(),
            outcome: event.outcome.word(),
            object: event.object.words(),
            key_id: event.object.key_id().map(|id| id.to_string()),
            version,
            reason: event.reason.clone(),
            changes: event.changes.clone(),
            host: event.host.clone(),
            os_user: event.os_user.clone(),
            sentence: event.sentence(),
            when: moment(event.time),
        }
    }

    pub(super) fn table(events: &[Self]) -> String {
        let row = |e: &Self| {
            let words =
                [&*e.when, e.severity, &e.operator, e.action, e.outcome, &e.object, &e.host, &e.reason];
            [e.seq.to_string()].into_iter().chain(words.map(str::to_owned)).collect()
        };
        let rows: Vec<Vec<String>> = events.iter().map(row).collect();
        table(&["#", "TIME", "SEVERITY", "OPERATOR", "ACTION", "OUTCOME", "OBJECT", "HOST", "REASON"], &rows)
    }
}

/// One session.
#[derive(Serialize)]
pub(super) struct SessionTold {
    session: String,
    operator: String,
    operator_id: String,
    host: String,
    os_user: String,
    started: String,
    ended: Option<String>,
    /// `open`, `crashed`, or the lock's reason as the log writes it.
    ending: String,
    seconds: i64,
    events: u32,
    reveals: u32,
    copies: u32,
    exports: u32,
    changes: u32,
    rotations: u32,
    refused: u32,
    failed_unlocks_before: u32,
    #[serde(skip)]
    when: String,
    #[serde(skip)]
    ending_words: String,
}

impl SessionTold {
    pub(super) fn of(session: &SessionSummary, now: Timestamp) -> Self {
        use crate::audit::sessions::Ending;
        let ending = match session.how {
            Ending::Locked(reason) => reason.word(),
            Ending::OtherLock => "other".to_owned(),
            Ending::Crashed => "crashed".to_owned(),
            Ending::Open => "open".to_owned(),
        };
        Self {
            session: session.tag.to_string(),
            operator: session.operator.clone(),
            operator_id: session.operator_id.to_string(),
            host: session.host.clone(),
            os_user: session.os_user.clone(),
            started: session.started.iso(),
            ended: session.ended.map(Timestamp::iso),
            ending,
            seconds: session.duration_ms(now) / 1000,
            events: session.events,
            reveals: session.reveals,
            copies: session.copies,
            exports: session.exports,
            changes: session.changes,
            rotations: session.rotations,
            refused: session.refused,
            failed_unlocks_before: session.failed_unlocks_before,
            when: moment(session.started),
            ending_words: session.how.words(),
        }
    }

    pub(super) fn table(sessions: &[Self]) -> String {
        let row = |s: &Self| {
            let length = format!("{}:{:02}:{:02}", s.seconds / 3600, s.seconds / 60 % 60, s.seconds % 60);
            let read = s.reveals + s.copies + s.exports;
            let counts =
                [s.events, read, s.changes + s.rotations, s.failed_unlocks_before].map(|n| n.to_string());
            let words = [s.when.clone(), s.operator.clone(), s.host.clone(), length, s.ending_words.clone()];
            words.into_iter().chain(counts).collect()
        };
        let rows: Vec<Vec<String>> = sessions.iter().map(row).collect();
        table(
            &["STARTED", "OPERATOR", "HOST", "LENGTH", "ENDED", "EVENTS", "READ", "CHANGED", "FAILED BEFORE"],
            &rows,
        )
    }
}

/// A moment in the workstation's time zone, as a person reads it.
fn moment(time: Timestamp) -> String {
    time.local().format("%Y-%m-%d %H:%M:%S").to_string()
}
