//! One event as the index knows it: borrowed names, for tables and tests of conditions.

use std::borrow::Cow;

use super::intern::NO_VERSION;
use super::{Block, Names};
use crate::model::{Action, Event, KeyId, Object, OperatorId, Outcome, SessionTag, Severity, Timestamp};

/// An event of the index.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub(super) names: &'a Names,
    pub(super) block: &'a Block,
    pub(super) at: usize,
    pub(super) row: u32,
}

impl<'a> Row<'a> {
    /// Its row, counted from 0.
    #[must_use]
    pub fn row(&self) -> u32 {
        self.row
    }

    /// Its place in the log.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.block.seq(self.at)
    }

    /// When it happened.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        Timestamp(self.block.time[self.at])
    }

    /// The operator's name at that time.
    #[must_use]
    pub fn operator(&self) -> &'a str {
        self.names.operators.list().get(self.block.operator[self.at].into()).map_or("", |o| &o.name)
    }

    /// Who it was.
    #[must_use]
    pub fn operator_id(&self) -> OperatorId {
        let known = self.names.operators.list().get(self.block.operator[self.at].into());
        known.map_or(OperatorId([0; 16]), |o| o.id)
    }

    /// What was done.
    #[must_use]
    pub fn action(&self) -> Action {
        Action::ALL[usize::from(self.block.action[self.at])]
    }

    /// How much it matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        Severity::ALL[usize::from(self.block.severity[self.at])]
    }

    /// How it ended.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome::ALL[usize::from(self.block.outcome[self.at])]
    }

    /// What it is about, by name and without a version: `payments-db`, `the vault`, `24 keys`.
    #[must_use]
    pub fn object_name(&self) -> &'a str {
        self.names.objects.list().get(self.block.object[self.at]).map_or("", |o| o.name())
    }

    /// The version it is about.
    #[must_use]
    pub fn version(&self) -> Option<u32> {
        Some(self.block.version[self.at]).filter(|v| *v != NO_VERSION)
    }

    /// What it is about, in words: `payments-db v7`.
    #[must_use]
    pub fn object_words(&self) -> Cow<'a, str> {
        let name = self.object_name();
        self.version().map_or(Cow::Borrowed(name), |version| Cow::Owned(format!("{name} v{version}")))
    }

    /// What it is about.
    #[must_use]
    pub fn object(&self) -> Object {
        let known = self.names.objects.list().get(self.block.object[self.at]);
        let mut object = known.map_or(Object::Vault, |o| o.object.clone());
        if let Object::Key { version, .. } = &mut object {
            *version = self.version();
        }
        object
    }

    /// The key it is about.
    #[must_use]
    pub fn key_id(&self) -> Option<KeyId> {
        self.names.objects.list().get(self.block.object[self.at])?.object.key_id()
    }

    /// The session it happened in.
    #[must_use]
    pub fn session(&self) -> SessionTag {
        let known = self.names.sessions.list().get(self.block.session[self.at]);
        known.copied().unwrap_or(SessionTag([0; 16]))
    }

    /// The workstation.
    #[must_use]
    pub fn host(&self) -> &'a str {
        self.names.hosts.list().get(self.block.host[self.at].into()).map_or("", |s| s)
    }

    /// The account on the workstation.
    #[must_use]
    pub fn os_user(&self) -> &'a str {
        self.names.accounts.list().get(self.block.account[self.at].into()).map_or("", |s| s)
    }

    /// The reason given, or what went wrong.
    #[must_use]
    pub fn reason(&self) -> &'a str {
        self.names.reasons.list().get(self.block.reason[self.at]).map_or("", |s| s)
    }

    /// The event, without its list of changes.
    #[must_use]
    pub fn event(&self) -> Event {
        Event {
            seq: self.seq(),
            time: self.time(),
            session: self.session(),
            operator_id: self.operator_id(),
            operator: self.operator().to_owned(),
            action: self.action(),
            object: self.object(),
            outcome: self.outcome(),
            severity: self.severity(),
            reason: self.reason().to_owned(),
            changes: Vec::new(),
            host: self.host().to_owned(),
            os_user: self.os_user().to_owned(),
        }
    }

    /// The event as one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.event().sentence()
    }
}

impl std::fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Row(#{} {})", self.seq(), self.action().name())
    }
}
